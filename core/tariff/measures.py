"""Which measures a lawyer knew on one day, and what they say about any other day.

A measure's state is the fold of all binding changes released up to the known day, the last value of each field
winning. Announcements without an instrument change nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from core.reference.law import Law, LawChange, Measure

Period = tuple[date, date]
ONE_DAY = timedelta(days=1)


class RateKind(StrEnum):
    """How a measure's rate acts on the goods."""

    ADDED = "added"  # added to column 1
    TOTAL = "total"  # tops column 1 up to the rate, never below column 1
    CONTENT = "content"  # added, on the value of the metal content only
    MINIMUM_PRICE = "minimum-price"  # a specific duty up to a price in US$ a unit


@dataclass(frozen=True)
class MeasureState:
    """One measure for one partner as known on a day. start and end half-open; suspended: not charged meanwhile.

    rate: fraction; US$ a unit for a minimum price.
    """

    measure: Measure
    rate: Decimal
    kind: RateKind
    start: date
    end: date
    suspended: Period | None
    made_by: tuple[tuple[str, date], ...]  # instruments in the order of release, each with the first day it matters
    set_by: Mapping[str, str]  # field -> the instrument that set what it is

    def holds(self, on: date) -> bool:
        """Whether it is law on this day, charged or suspended."""
        return self.start <= on < self.end

    def is_suspended(self, on: date) -> bool:
        """Whether it is law but not charged on this day."""
        return self.suspended is not None and self.suspended[0] <= on < self.suspended[1]

    def charged(self, on: date) -> bool:
        """Whether it is charged on this day."""
        return self.holds(on) and not self.is_suspended(on)

    def instruments(self, on: date) -> tuple[str, ...]:
        """The instruments behind the measure on a day, in the order of release."""
        return tuple(dict.fromkeys(name for name, first in self.made_by if first <= on))

    def setters(self, *fields: str) -> tuple[str, ...]:
        """The instruments that set these fields to what they are, each once."""
        return tuple(dict.fromkeys(self.set_by[name] for name in fields if name in self.set_by))

    @property
    def ended_by(self) -> str:
        """The instrument that set the end, "" where none did."""
        return self.set_by.get("to", "")

    def boundaries(self) -> tuple[date, ...]:
        """The days on which its state changes."""
        return (self.start, self.end, *(self.suspended or ()))


def reaches(law: Law, partners: Iterable[str], partner: str, member_of: str = "") -> bool:
    """Whether a partner expression covers this partner; see Law.reaches."""
    return law.reaches(partners, partner, member_of)


def known_measures(law: Law, partner: str, known: date, member_of: str = "") -> dict[str, MeasureState]:
    """Every measure on this partner's goods that a lawyer knew on the known day, by id."""
    histories: dict[str, list[LawChange]] = {}
    for change in law.changes:
        if change.released > known or not change.binding or change.measure not in law.measures:
            continue
        if reaches(law, change.partners, partner, member_of):
            histories.setdefault(change.measure, []).append(change)
    states = (_state(law.measures[name], history) for name, history in histories.items())
    return {state.measure.id: state for state in states if state is not None}


def _state(measure: Measure, history: list[LawChange]) -> MeasureState | None:
    """The last value of each field; None while the instruments have not set start, rate and kind."""
    values = {change.field: change.value for change in history}
    if not {"from", "rate", "kind"} <= values.keys():
        return None
    kind = RateKind(values["kind"])
    return MeasureState(
        measure=measure,
        rate=_rate(values["rate"], kind),
        kind=kind,
        start=date.fromisoformat(values["from"]),
        end=_day(values.get("to", ""), date.max),
        suspended=_suspension(values),
        made_by=tuple(_made_by(history)),
        set_by={change.field: change.instrument for change in history if change.value},
    )


def _rate(text: str, kind: RateKind) -> Decimal:
    """Per cent as a fraction; a minimum price as it stands, in US$ a unit."""
    return Decimal(text) if kind is RateKind.MINIMUM_PRICE else Decimal(text) / 100


def _made_by(history: list[LawChange]) -> Iterator[tuple[str, date]]:
    """What set or suspended the rate matters from the start; what prolonged the measure, from the old end on."""
    end = ""
    for change in history:
        if change.field != "to":
            yield change.instrument, date.min
            continue
        if end and (not change.value or change.value > end):
            yield change.instrument, date.fromisoformat(end)
        end = change.value


def _suspension(values: Mapping[str, str]) -> Period | None:
    if not values.get("suspended_from"):
        return None
    return date.fromisoformat(values["suspended_from"]), _day(values.get("suspended_to", ""), date.max)


def _day(text: str, blank: date) -> date:
    return date.fromisoformat(text) if text else blank


@dataclass(frozen=True)
class Terms:
    """What one duty charges on one list of goods between two days, and what sleeps behind it."""

    start: date
    end: date
    charged: MeasureState | None
    suspended: MeasureState | None

    def __post_init__(self) -> None:
        assert self.start < self.end


@dataclass(frozen=True)
class TermsLine:
    """The terms of one duty on one list over time, without gaps from the first day that matters."""

    duty: str
    list_name: str
    terms: tuple[Terms, ...]

    def at(self, on: date) -> Terms | None:
        """The terms on a day; None before the first measure exists."""
        place = bisect_right(self.terms, on, key=lambda terms: terms.start) - 1
        return self.terms[place] if place >= 0 and on < self.terms[place].end else None

    def starts(self) -> set[date]:
        """The days on which the terms change."""
        return {terms.start for terms in self.terms}


def terms_lines(law: Law, states: Mapping[str, MeasureState]) -> tuple[TermsLine, ...]:
    """For each duty and each of its lists the sequence of terms, in stacking order.

    Measures that answer only where a fact is stated are left out: they step in by LawAsKnown.answering.
    """
    lines = (
        _terms_line(duty.id, name, [s for s in states.values() if _answers(s.measure, duty.id, name)])
        for duty in law.file.duties
        for name in law.lists_of(duty.id)
    )
    return tuple(line for line in lines if line.terms)


def _answers(measure: Measure, duty: str, list_name: str) -> bool:
    return measure.duty == duty and list_name in measure.lists and not measure.requires


def _terms_line(duty: str, list_name: str, states: list[MeasureState]) -> TermsLine:
    """Sweep over all boundaries; on each stretch the charged measure of the highest rank answers."""
    days = sorted({day for state in states for day in state.boundaries()} - {date.max})
    stretches = zip(days, [*days[1:], date.max][: len(days)], strict=True)
    return TermsLine(duty, list_name, tuple(_terms(states, start, end) for start, end in stretches))


def _terms(states: list[MeasureState], start: date, end: date) -> Terms:
    by_rank = sorted(states, key=lambda state: state.measure.rank, reverse=True)
    charged = next((state for state in by_rank if state.charged(start)), None)
    asleep = (s for s in by_rank if s.holds(start) and s.is_suspended(start))
    above = -1 if charged is None else charged.measure.rank
    return Terms(start, end, charged, next((s for s in asleep if s.measure.rank > above), None))
