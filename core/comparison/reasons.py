"""Why a rate differs between two moments: duty by duty the measure before, the measure after, and who changed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from core.case import Cap, SetTotal
from core.comparison.makers import Makers
from core.comparison.sides import TINY, Pair, Side
from core.results import Ints
from core.tariff.duty import LIMIT_PREFIX
from core.tariff.measures import RateKind
from core.text import LocalText

CHANGE_PREFIX = "change-"
_SIX_DECIMALS = Decimal("0.000001")


@dataclass(frozen=True)
class MeasureThen:
    """What charged goods at a moment. id: of the measure, or `change-N` for change N of the scenario.

    rate: fraction, as in law or as typed; None for a quota, whose two rates are in the scenario.
    """

    id: str
    title: LocalText
    heading: str
    rate: Decimal | None
    kind: RateKind

    @property
    def change(self) -> int | None:
        """The number of the scenario's change that sets the rate."""
        return int(self.id.removeprefix(CHANGE_PREFIX)) if self.id.startswith(CHANGE_PREFIX) else None


@dataclass(frozen=True)
class Reason:
    """A part of a row's change. before, after: None where the duty charges nothing.

    change: US$ a year, the reasons of a row add up to its change. instruments: ids of those that made the
    difference; none where the duty falls on another share of the value because another duty changed.
    """

    duty: str
    before: MeasureThen | None
    after: MeasureThen | None
    lines: int
    value: float
    change: float
    instruments: tuple[str, ...]


@dataclass(frozen=True)
class LineReason:
    """Why one duty adds another rate to one statistical line. change: US$ a year."""

    line: int
    duty: str
    before: MeasureThen | None
    after: MeasureThen | None
    change: float
    instruments: tuple[str, ...]


@dataclass
class _Tally:
    """What is added up for one pair of measures in one row."""

    lines: int = 0
    value: float = 0.0
    change: float = 0.0
    instruments: dict[str, float] = field(default_factory=dict)


def line_reasons(pair: Pair) -> tuple[LineReason, ...]:
    """Every duty that adds another rate to a compared line, line by line."""
    return tuple(reason for duty in pair.names for reason in _of_duty(pair, duty))


def _of_duty(pair: Pair, duty: str) -> Iterator[LineReason]:
    points = pair.part_change(duty)
    before, after, makers = _Charged(pair.before, duty), _Charged(pair.after, duty), Makers(pair, duty)
    for line in np.flatnonzero(np.abs(points) > TINY).tolist():
        old, new = before.on(line), after.on(line)
        if new is not None and new.change is not None:
            instruments: tuple[str, ...] = ()
        else:
            instruments = makers.of(line, old.id if old else "", new.id if new else "")
        yield LineReason(line, duty, old, new, float(points[line] * pair.value[line]), instruments)


def reasons(pair: Pair, found: Sequence[LineReason], row_of: Ints) -> dict[int, tuple[Reason, ...]]:
    """By row the reasons of its change, the weightiest first. row_of: the row of each statistical line."""
    rows = row_of.tolist()
    tallies: dict[tuple[int, str, MeasureThen | None, MeasureThen | None], _Tally] = {}
    for each in found:
        tally = tallies.setdefault((rows[each.line], each.duty, each.before, each.after), _Tally())
        tally.lines += 1
        tally.value += float(pair.value[each.line])
        tally.change += each.change
        for name in each.instruments:
            tally.instruments[name] = tally.instruments.get(name, 0.0) + abs(each.change)
    by_row: dict[int, list[Reason]] = {}
    for (row, duty, before, after), tally in tallies.items():
        reason = Reason(duty, before, after, tally.lines, tally.value, tally.change, _weightiest(tally.instruments))
        by_row.setdefault(row, []).append(reason)
    return {row: tuple(sorted(each, key=lambda reason: -abs(reason.change))) for row, each in by_row.items()}


def _weightiest(weights: Mapping[str, float]) -> tuple[str, ...]:
    return tuple(sorted(weights, key=lambda name: -weights[name]))


class _Charged:
    """Which measure of a duty charges each line at one moment: the same object for the same measure and rate."""

    def __init__(self, side: Side, duty: str) -> None:
        self._side, self._duty, self._charge = side, duty, side.charge(duty)
        self._made: dict[tuple[int, float], MeasureThen] = {}

    def on(self, line: int) -> MeasureThen | None:
        """None where the duty charges nothing, and for column 1."""
        if self._duty.startswith(LIMIT_PREFIX):
            return self._limit(line)
        charge = self._charge
        if charge is None or charge.share[line] <= TINY:
            return None
        typed, which = int(charge.charge.change[line]), int(charge.reached.which[line])
        rate = -1.0 if charge.charge.quota_share[line] > TINY else float(charge.charge.rate[line])
        key = (len(charge.reached.states) + typed if typed >= 0 else which), rate
        if key not in self._made:
            self._made[key] = self._make(line, typed, None if rate < 0 else _decimal(rate))
        return self._made[key]

    def _make(self, line: int, typed: int, rate: Decimal | None) -> MeasureThen:
        charge = self._charge
        assert charge is not None
        state = charge.reached.state(line)
        if typed >= 0 or state is None:
            kind = RateKind.TOTAL if charge.charge.is_total[line] else RateKind.ADDED
            return MeasureThen(f"{CHANGE_PREFIX}{typed + 1}", charge.duty.title, "", rate, kind)
        return MeasureThen(state.measure.id, state.measure.title, state.measure.headings.charged, rate, state.kind)

    def _limit(self, line: int) -> MeasureThen | None:
        """A cap or a total that the scenario sets on all duties together."""
        number = int(self._duty.removeprefix(LIMIT_PREFIX))
        for place, change, mask in self._side.day.limits:
            if place == number and mask[line] and isinstance(change, Cap | SetTotal):
                return MeasureThen(f"{CHANGE_PREFIX}{place + 1}", LocalText(), "", change.rate, RateKind.TOTAL)
        return None


def _decimal(rate: float) -> Decimal:
    """A rate back from the array as it was written."""
    return Decimal(repr(rate)).quantize(_SIX_DECIMALS).normalize()
