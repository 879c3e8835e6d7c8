"""Two moments of the law, each worked out by the engine, and the lines on which they can be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
from msgspec.structs import replace

from core.case import Case
from core.engine import by_itself, check_day, evaluate_on
from core.errors import Cancelled
from core.exposure import COLUMN_1
from core.portfolio import build_basis
from core.reference.law import Gap, Law
from core.reference.pack import Pack
from core.results import Evaluation, Floats, Portfolio, Results
from core.scenario import LawAsKnown, Plan
from core.tariff.duty import DayCharges, DutyCharge, charges
from core.tariff.goods import Bools

TINY = 1e-12  # of a rate: below the noise of adding shares


@dataclass(frozen=True)
class Moment:
    """Goods entered on one day, under the law as known on another."""

    on: date
    known: date


@dataclass(frozen=True, eq=False)
class Side:
    """One moment with its numbers. results: of the one scenario that is compared."""

    moment: Moment
    results: Results
    plan: Plan
    day: DayCharges

    @property
    def evaluation(self) -> Evaluation:
        return self.results.evaluations[0]

    @property
    def portfolio(self) -> Portfolio:
        return self.results.portfolio

    @property
    def base(self) -> LawAsKnown:
        return self.plan.base

    @property
    def law(self) -> Law:
        return self.base.law

    @cached_property
    def _charges(self) -> dict[str, DutyCharge]:
        return {charge.duty.id: charge for charge in self.day.duties}

    def charge(self, duty: str) -> DutyCharge | None:
        """What a duty does on the day, None where the law and the scenario charge it on nothing."""
        return self._charges.get(duty)

    def part(self, name: str) -> Floats:
        """What a duty, or column 1, adds to the rate of each line; NaN where the line has no number."""
        if name == COLUMN_1:
            return np.where(np.isnan(self.evaluation.total), np.nan, self.portfolio.column1)
        nothing = np.zeros_like(self.evaluation.total)
        found: Floats = self.evaluation.contributions.get(name, nothing)
        return found

    def gaps(self) -> tuple[Gap, ...]:
        """The measures that the pack lacks on the day."""
        return self.base.gaps(self.moment.on)


def make_side(case: Case, pack: Pack, moment: Moment, letter: str) -> Side:
    """Work out one scenario of a case at a moment. NoLawError for a day that the pack does not cover."""
    for day in (moment.on, moment.known):
        check_day(day, pack)
    then = replace(case, as_of=moment.on, known_to=moment.known)
    scenario, basis = then.scenario(letter), build_basis(then, pack)
    plan = Plan(basis.base, scenario.changes)
    found = by_itself(then, basis, evaluate_on(then, basis, scenario))
    return Side(moment, found, plan, charges(plan, basis.goods, moment.on))


@dataclass(frozen=True, eq=False)
class Pair:
    """Both sides. A line is compared where it has a number on both; arrays run over the statistical lines."""

    before: Side
    after: Side

    @property
    def value(self) -> Floats:
        return self.before.portfolio.value

    @cached_property
    def has_before(self) -> Bools:
        found: Bools = ~np.isnan(self.before.evaluation.total)
        return found

    @cached_property
    def has_after(self) -> Bools:
        found: Bools = ~np.isnan(self.after.evaluation.total)
        return found

    @cached_property
    def both(self) -> Bools:
        return self.has_before & self.has_after

    @cached_property
    def change(self) -> Floats:
        """Points of the rate of each compared line, 0 elsewhere."""
        return np.where(self.both, self.after.evaluation.total - self.before.evaluation.total, 0.0)

    @cached_property
    def moved(self) -> Bools:
        """The compared lines whose rate or whose parts differ."""
        found = np.abs(self.change) > TINY
        for name in self.names:
            found |= self.both & (np.abs(self.part_change(name)) > TINY)
        return found

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Column 1 and every duty that either side charges, in stacking order; limits of the scenario last."""
        charged = {**self.before.evaluation.contributions, **self.after.evaluation.contributions}
        ordered = dict.fromkeys(duty.id for side in (self.after, self.before) for duty in side.plan.duties)
        return (COLUMN_1, *(name for name in ordered if name in charged), *(n for n in charged if n not in ordered))

    def part_change(self, name: str) -> Floats:
        """Points that one part adds to the change of each compared line, 0 elsewhere."""
        return np.where(self.both, self.after.part(name) - self.before.part(name), 0.0)


def work_out(
    case: Case,
    pack: Pack,
    moments: tuple[Moment, Moment],
    letter: str,
    cancelled: Callable[[], bool] | None = None,
) -> Pair:
    """Both sides; Cancelled when asked to stop between them."""

    def sides() -> Iterator[Side]:
        for moment in moments:
            if cancelled is not None and cancelled():
                raise Cancelled
            yield make_side(case, pack, moment, letter)

    before, after = sides()
    return Pair(before, after)
