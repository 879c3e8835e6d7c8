"""What changed when, and who did it: the course of a rate over time, and the difference between two known days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.reference.law import ALL_GOODS, Bools, Codes, Instrument, Law, ScopeList
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


def course(
    base: LawAsKnown,
    rate_on: Callable[[date], float | None],
    first: date,
    last: date,
    codes: Sequence[str] = (),
    other_days: Iterable[date] = (),
) -> tuple[RateStep, ...]:
    """Every day in [first, last] on which the rate differs from the day before, with what did it.

    codes: the lines that the rate is of, so that only what concerns them is named. other_days: days on which something
    else than the law on additional duties changes.
    """
    found = []
    for day in sorted(day for day in {*base.days(), *other_days} if first < day <= last):
        before, after = rate_on(day - ONE_DAY), rate_on(day)
        if not _same(before, after):
            found.append(RateStep(day, before, after, causes(base, day, codes)))
    return tuple(found)


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= _SAME


def causes(base: LawAsKnown, day: date, codes: Sequence[str] = ()) -> tuple[Cause, ...]:
    """The measures that start, end, sleep or wake on a day, and the lists of goods that change.

    codes: only what concerns these lines (ten digits); everything without.
    """
    numbers = np.array([int(code) for code in codes], dtype=np.int64)
    states = (s for s in base.states.values() if not len(numbers) or _concerns(base, s, numbers))
    found = [cause for state in states for cause in _measure_causes(state, day)]
    return (*found, *_list_causes(base, day, numbers))


def _concerns(base: LawAsKnown, state: MeasureState, codes: Codes) -> bool:
    """Whether a measure covers all goods, or a list of it ever held one of these lines."""
    lists = (base.law.lists[name] for name in state.measure.lists if name != ALL_GOODS)
    return ALL_GOODS in state.measure.lists or any((scope.match(codes, _ever(scope)) >= 0).any() for scope in lists)


def _ever(scope: ScopeList) -> Bools:
    return np.ones(len(scope.codes), dtype=np.bool_)


_SETTERS = {
    "starts": ("from", "rate", "kind"),
    "ends": ("to",),
    "suspended": ("suspended_from",),
    "resumes": ("suspended_to",),
}


def _measure_causes(state: MeasureState, day: date) -> list[Cause]:
    when = {"starts": state.start, "ends": state.end}
    if state.suspended is not None:
        when |= {"suspended": state.suspended[0], "resumes": state.suspended[1]}
    ending = state.end == day
    return [
        Cause(state.measure.id, verb, state.setters(*_SETTERS[verb]))
        for verb, on in when.items()
        if on == day and not (ending and verb == "resumes")
    ]


def _list_causes(base: LawAsKnown, day: date, codes: Codes) -> list[Cause]:
    found = []
    for name in sorted(base.list_names()):
        scope, ordinal, known = base.law.lists[name], day.toordinal(), base.known.toordinal()
        joins = (scope.valid_from == ordinal) & (scope.known_from <= known)
        leaves = (scope.valid_to == ordinal) & (scope.end_known_from <= known) & (scope.known_from <= known)
        if len(codes):
            rows = scope.match(codes, joins | leaves)
            held = np.zeros(len(scope.codes), dtype=np.bool_)
            held[rows[rows >= 0]] = True
            joins, leaves = joins & held, leaves & held
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
