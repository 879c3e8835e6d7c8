"""What the step chart shows: one series a scenario, the days that matter, and the texts beside them."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum


class Owner(Enum):
    """Whose rate a line is: of a scenario, or of the case's partner or another one under one scenario."""

    SCENARIO = "scenario"
    HOME = "home"
    RIVAL = "rival"


@dataclass(frozen=True)
class Line:
    """A rate over time, in per cent: value i holds from days[i] to the next. NaN: no number then.

    letter: of the scenario, or the code of the partner.
    """

    letter: str
    name: str
    days: tuple[date, ...]
    values: tuple[float, ...]
    owner: Owner = Owner.SCENARIO

    def at(self, on: date) -> float:
        """The value of a day; the first one for days before."""
        return self.values[max(0, bisect_right(self.days, on) - 1)]


@dataclass(frozen=True)
class Tick:
    """A day below the axis."""

    on: date
    day_text: str
    title: str
    is_law: bool


@dataclass(frozen=True)
class StepData:
    """The first line is the law; the others fan out from it where they differ."""

    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    known: date
    as_of: date
    first: date
    last: date

    def stops(self) -> list[date]:
        """The days that the arrow keys go to."""
        inside = {tick.on for tick in self.ticks} | {self.known, self.as_of}
        return sorted(day for day in inside if self.first <= day <= self.last)

    def top(self) -> float:
        """The highest value of all lines."""
        return max((value for line in self.lines for value in line.values if math.isfinite(value)), default=0.0)

    def departure(self, line: Line) -> date | None:
        """The first day on which a line is not where the law is; None when it never leaves it."""
        if line is self.lines[0]:
            return self.first
        days = sorted({*line.days, *self.lines[0].days})
        law = self.lines[0]
        return next((day for day in days if abs(line.at(day) - law.at(day)) > 1e-9), None)


def window(days: list[date], horizon: tuple[date, date], always: tuple[date, ...]) -> tuple[date, date]:
    """From some time before the first change to well after the last, within the horizon."""
    shown = sorted([*days, *always]) or list(horizon)
    span = max(30, (shown[-1] - shown[0]).days)
    first = max(horizon[0], shown[0] - timedelta(days=round(span * 0.27)))
    last = min(horizon[1], shown[-1] + timedelta(days=round(span * 0.22)))
    return first, max(last, first + timedelta(days=30))
