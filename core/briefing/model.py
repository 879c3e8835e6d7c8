"""What the live workbook is made of: the days shown, the classes of lines, and the state of each duty on each day.

Every number here comes from the engine; the formulas that must give the same are in core.briefing.formulas.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from core.case import Cap, Case, Scenario, SetTotal
from core.errors import NoLawError
from core.i18n import _
from core.quantities import format_date
from core.reference.law import Duty, Takes
from core.results import Floats, Ints, Portfolio, Results
from core.scenario import Plan
from core.tariff.duty import DayCharges, DutyCharge, charges, totals
from core.tariff.goods import Bools
from core.tariff.measures import Terms
from core.tariff.survey import Claim, LawTerm, LineClass, Survey, Window, survey

_LATER_DAYS: Final = 3
_ROUNDING: Final = 1e-12


@dataclass(frozen=True)
class State:
    """One class of lines under one scenario on one day. Rates are fractions, all zero where nothing is charged."""

    charged: bool = False
    rate: float = 0.0
    is_total: bool = False
    quota_share: float = 0.0
    quota_rate: float = 0.0
    quota_is_total: bool = False

    @property
    def shown(self) -> float | None:
        """The rate as a table shows it, the blend where a quota splits the value; None where nothing is charged."""
        if not self.charged:
            return None
        return self.quota_share * self.quota_rate + (1 - self.quota_share) * self.rate


@dataclass(frozen=True, eq=False)
class View:
    """A day for which the workbook shows rates. number: from 1. totals: the rate of each line, by scenario."""

    number: int
    on: date
    days: tuple[DayCharges, ...]
    totals: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class RateClass:
    """Lines of one duty that fare alike: a row of the Rate scenarios sheet and a column of the Line detail.

    lines, claim: of what does not claim the preference, where the law asks; claiming, claimed: of what does. The
    same elsewhere.
    """

    place: int
    duty: Duty
    slug: str
    title: str
    lines: Bools
    claiming: Bools
    typical: int  # the largest line
    terms: tuple[LawTerm, ...]
    asleep: tuple[Terms | None, ...]  # by term, where a higher rate is suspended
    reached_by: frozenset[str]
    claim: Claim
    claimed: Claim
    claimed_place: int  # position among the classes that need a column for the part that claims; -1: as the rest

    @cached_property
    def every(self) -> Bools:
        """The lines of which any part is of the class."""
        return self.lines | self.claiming

    @property
    def charged(self) -> float:
        """The part of what the class takes that it charges; one measure says so for all of it."""
        claim = self.claim if self.lines[self.typical] else self.claimed
        return float(claim.charged[self.typical])

    def differs(self) -> Bools:
        """The lines of which the part that claims the preference fares otherwise than the rest."""
        result: Bools = self.every & ((self.lines != self.claiming) | _unequal(self.claim, self.claimed))
        return result

    def name(self, letter: str, view: View, part: str) -> str:
        """The defined name of a figure of its state."""
        return f"{self.slug}_{letter}{view.number}.{part}"


@dataclass(frozen=True, eq=False)
class Model:
    """Everything the sheets need, worked out once."""

    case: Case
    results: Results
    window: Window
    eve: date  # the first day of the law's terms, on or before the one before the window
    views: tuple[View, ...]
    classes: tuple[RateClass, ...]

    @property
    def portfolio(self) -> Portfolio:
        return self.results.portfolio

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        return self.case.scenarios

    @cached_property
    def compared(self) -> int:
        """Position of the scenario against which changes are shown."""
        return [scenario.letter for scenario in self.scenarios].index(self.case.compare_with)

    @cached_property
    def plans(self) -> tuple[Plan, ...]:
        return tuple(Plan(self.results.basis.base, scenario.changes) for scenario in self.scenarios)

    @cached_property
    def rated(self) -> Bools:
        """The lines that have a rate: under every scenario and on every day shown (see _even)."""
        result: Bools = ~np.isnan(self.views[0].totals[0])
        return result

    @cached_property
    def rated_value(self) -> float:
        return float(self.portfolio.value[self.rated].sum())

    @cached_property
    def crowded(self) -> Bools:
        """Lines whose shares by content can add up to more than all of the value: there the order decides."""
        total, claimed = np.zeros((2, len(self.portfolio.codes)))
        for kind in self.classes:
            if kind.duty.takes is Takes.CONTENT:
                total += np.where(kind.lines, kind.claim.largest, 0.0)
                claimed += np.where(kind.claiming, kind.claimed.largest, 0.0)
        result: Bools = np.maximum(total, claimed) > 1 + _ROUNDING
        return result

    @cached_property
    def told_apart(self) -> Bools:
        """Lines of which the part that claims the preference fares otherwise than the rest, column 1 aside."""
        found = np.zeros(len(self.portfolio.codes), dtype=np.bool_)
        for kind in self.classes:
            if kind.claimed_place >= 0:
                found |= kind.differs()
        return found

    def duty(self, view: View, scenario: int) -> float:
        """Duty a year on a day, US$."""
        return float(np.nansum(view.totals[scenario] * self.portfolio.value))

    def average(self, view: View, scenario: int) -> float:
        """Value-weighted rate on a day, fraction."""
        return self.duty(view, scenario) / self.rated_value

    def group_duties(self, view: View, scenario: int) -> Floats:
        """Duty a year by item group, US$."""
        weights = np.nan_to_num(view.totals[scenario] * self.portfolio.value)
        return self.by_group(weights)

    def by_group(self, weights: Floats) -> Floats:
        """Sums of a figure over the lines of each item group."""
        groups: Ints = self.portfolio.group_of
        return np.bincount(groups, weights=weights, minlength=len(self.portfolio.group_ids)).astype(np.float64)

    def state(self, kind: RateClass, view: View, scenario: int) -> State:
        """What the engine says about a class of lines."""
        day = view.days[scenario]
        charge = charge_of(day if kind.lines[kind.typical] else day.where_claimed, kind.duty)
        if charge is None:
            return State()
        line, found = kind.typical, charge.charge
        if not (found.in_force[line] and charge.listed[line] > 0):
            return State()
        quota = float(found.quota_share[line])
        return State(
            charged=True,
            rate=float(found.rate[line]),
            is_total=bool(found.is_total[line]),
            quota_share=quota,
            quota_rate=float(found.quota_rate[line]),
            quota_is_total=bool(found.quota_is_total[line]),
        )

    def limits(self, scenario: int) -> list[tuple[int, Cap | SetTotal, Bools]]:
        """The caps and totals on goods of a scenario, with their place in its list and the lines they reach."""
        basis, first = self.results.basis, self.window.first
        return [
            (place, change, basis.goods.mask(basis.base.law, change.lines, first, basis.known))
            for place, change in enumerate(self.scenarios[scenario].changes)
            if isinstance(change, Cap | SetTotal)
        ]


def _unequal(one: Claim, other: Claim) -> Bools:
    result: Bools = (one.condition != other.condition) | (one.without != other.without) | (one.within != other.within)
    return result


def charge_of(day: DayCharges, duty: Duty) -> DutyCharge | None:
    """A duty's charge on a day, if it has one."""
    return next((charge for charge in day.duties if charge.duty.id == duty.id), None)


def build_model(case: Case, results: Results) -> Model:
    """Prepare the workbook of a case; results are those of the same case."""
    basis = results.basis
    found = survey(
        basis.base, basis.goods, [scenario.changes for scenario in case.scenarios], case.as_of, results.horizon
    )
    days = [case.as_of, *_later_days(case, results, found.window)]
    views = _even(tuple(_view(number, on, case, results) for number, on in enumerate(days, start=1)))
    model = Model(case, results, found.window, found.eve, views, _rate_classes(case, results, found))
    if not model.rated_value:
        gaps = basis.base.gaps(case.as_of)
        raise NoLawError(
            _("No line of this case has a number on {date}.").format(date=format_date(case.as_of)),
            why="; ".join(str(gap.reason) for gap in gaps),
        )
    return model


def _later_days(case: Case, results: Results, window: Window) -> list[date]:
    """The next days on which an average moves; of many the first and the last ones."""
    moves = {day for series in results.series for day in series.dates if case.as_of < day <= window.last}
    days = sorted(moves)
    return days if len(days) <= _LATER_DAYS else [days[0], *days[-_LATER_DAYS + 1 :]]


def _view(number: int, on: date, case: Case, results: Results) -> View:
    basis = results.basis
    days = tuple(charges(Plan(basis.base, scenario.changes), basis.goods, on) for scenario in case.scenarios)
    use, shares = case.assumptions.column_1_for_totals, basis.portfolio.utilisation
    unknown = basis.goods.in_gap(basis.base.gaps(on))
    rates = (totals(day, basis.goods, shares, use).total for day in days)
    return View(number, on, days, tuple(np.where(unknown, np.nan, rate) for rate in rates))


def _even(views: tuple[View, ...]) -> tuple[View, ...]:
    """A line without a number somewhere has none anywhere: a formula of the sheet is the same on all days."""
    unknown = np.logical_or.reduce([np.isnan(total) for view in views for total in view.totals])
    if not unknown.any():
        return views
    return tuple(
        replace(view, totals=tuple(np.where(unknown, np.nan, total) for total in view.totals)) for view in views
    )


def _rate_classes(case: Case, results: Results, found: Survey) -> tuple[RateClass, ...]:
    order = {row.duty: place for place, row in enumerate(results.rate_rows)}
    ranked = sorted(found.classes, key=lambda kind: order.get(kind.duty.id, len(order)))
    classes = [
        _rate_class(place, kind, [other for other in ranked if other.duty is kind.duty], case, results, found)
        for place, kind in enumerate(ranked)
    ]
    apart = {kind.place: number for number, kind in enumerate(one for one in classes if one.differs().any())}
    return tuple(replace(kind, claimed_place=apart.get(kind.place, -1)) for kind in classes)


def _rate_class(
    place: int, kind: LineClass, family: Sequence[LineClass], case: Case, results: Results, found: Survey
) -> RateClass:
    number = next(i for i, other in enumerate(family, start=1) if other is kind)
    slug = re.sub(r"[^A-Za-z0-9_]", "_", kind.duty.id)
    value = results.portfolio.value
    typical = int(np.argmax(np.where(kind.lines if kind.lines.any() else kind.claiming, value, -1.0)))
    return RateClass(
        place=place,
        duty=kind.duty,
        slug=slug if len(family) == 1 else f"{slug}_{number}",
        title=_title(kind, family, case),
        lines=kind.lines,
        claiming=kind.claiming,
        typical=typical,
        terms=kind.terms,
        asleep=tuple(_asleep(results, kind, typical, term) for term in kind.terms),
        reached_by=kind.reached_by,
        claim=found.claims[kind.duty.id],
        claimed=found.claimed[kind.duty.id],
        claimed_place=-1,
    )


def _title(kind: LineClass, family: Sequence[LineClass], case: Case) -> str:
    if len(family) == 1:
        return str(kind.duty.title)
    common = frozenset.intersection(*(other.reached_by for other in family))
    own = sorted(kind.reached_by - common)
    goods = ", ".join(goods_title(name, case) for name in own) or _("other goods")
    if not kind.lines.any():
        goods = _("{goods}, preference claimed").format(goods=goods) if own else _("preference claimed")
    return f"{kind.duty.title}: {goods}"


def goods_title(lines: str, case: Case) -> str:
    """The goods that a change names, in words."""
    sort, _separator, name = lines.partition(":")
    if sort == "group":
        return next((str(group.name) for group in case.groups if group.id == name), name)
    if sort == "list":
        return _list_title(name)
    return _("all goods of the duty")


def _list_title(name: str) -> str:
    if name.endswith("_article"):
        return _("mill articles")
    if name.endswith("_derivative"):
        return _("derivative articles")
    return name.replace("_", " ")


def _asleep(results: Results, kind: LineClass, line: int, term: LawTerm) -> Terms | None:
    """The terms of the day with a suspended measure behind them."""
    base = results.basis.base
    charged = term.state.measure.lists if term.state is not None else ()
    for name, terms in base.terms(kind.duty.id, term.start):
        if terms.suspended is not None and terms.suspended.suspended is not None and (not charged or name in charged):
            return terms
    return None
