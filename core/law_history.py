"""What changed when, and who did it: the course of a rate over time, and the difference between two known days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.reference.law import Instrument, Law
from core.scenario import LawAsKnown
from core.tariff.measures import ONE_DAY, MeasureState

_SAME = 1e-12


@dataclass(frozen=True)
class Cause:
    """One thing that happened on a day. measure: its id, or the name of a list of goods; verb: what it did."""

    measure: str
    verb: str  # starts, ends, suspended, resumes, list
    instruments: tuple[str, ...]


@dataclass(frozen=True)
class RateStep:
    """A day on which a rate or an average changes. before, after: fractions, None where there is no number."""

    on: date
    before: float | None
    after: float | None
    causes: tuple[Cause, ...]


def course(base: LawAsKnown, rate_on: Callable[[date], float | None], first: date, last: date) -> tuple[RateStep, ...]:
    """Every day in [first, last] on which the rate differs from the day before, with what did it."""
    found = []
    for day in sorted(day for day in base.days() if first < day <= last):
        before, after = rate_on(day - ONE_DAY), rate_on(day)
        if not _same(before, after):
            found.append(RateStep(day, before, after, causes(base, day)))
    return tuple(found)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME


def causes(base: LawAsKnown, day: date) -> tuple[Cause, ...]:
    """The measures that start, end, sleep or wake on a day, and the lists of goods that change."""
    found = [cause for state in base.states.values() for cause in _measure_causes(state, day)]
    return (*found, *_list_causes(base, day))


def _measure_causes(state: MeasureState, day: date) -> list[Cause]:
    verbs = {"starts": state.start, "ends": state.end}
    if state.suspended is not None:
        verbs |= {"suspended": state.suspended[0], "resumes": state.suspended[1]}
    ending = state.end == day
    return [
        Cause(state.measure.id, verb, _behind(state, verb, day))
        for verb, when in verbs.items()
        if when == day and not (ending and verb == "resumes")
    ]


def _behind(state: MeasureState, verb: str, day: date) -> tuple[str, ...]:
    """The instruments to name: the one that ended it for an end, those that made it otherwise."""
    return (state.ended_by,) if verb == "ends" and state.ended_by else state.instruments(day)


def _list_causes(base: LawAsKnown, day: date) -> list[Cause]:
    found = []
    for name in sorted(base.list_names()):
        scope, ordinal, known = base.law.lists[name], day.toordinal(), base.known.toordinal()
        joins = (scope.valid_from == ordinal) & (scope.known_from <= known)
        leaves = (scope.valid_to == ordinal) & (scope.end_known_from <= known) & (scope.known_from <= known)
        if not (joins | leaves).any():
            continue
        by = {scope.instrument[row] for row in joins.nonzero()[0]}
        by |= {scope.end_instrument[row] for row in leaves.nonzero()[0]}
        found.append(Cause(name, "list", tuple(sorted(by - {""}))))
    return found


def released_between(law: Law, after: date, until: date) -> tuple[Instrument, ...]:
    """The instruments released after one day and up to another, in the order of release."""
    found = [i for i in law.instruments.values() if after < i.released <= until]
    return tuple(sorted(found, key=lambda instrument: (instrument.released, instrument.id)))
