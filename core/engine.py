"""From a case and a pack to results: the order of calculation and nothing else.

Results that cannot have changed are taken over from the previous ones: scenarios are compared by identity.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np

from core.case import Case, Scenario
from core.errors import Cancelled, NoLawError
from core.i18n import _
from core.portfolio import Basis, build_basis
from core.quantities import format_date
from core.rate_rows import rate_rows
from core.reference.pack import Pack
from core.results import Evaluation, Floats, Results, StepSeries
from core.scenario import Plan, holds
from core.tariff.duty import DayCharges, Totals, charges, totals
from core.tariff.goods import Goods
from core.timeline import change_dates

Progress = Callable[[float], None]
IsCancelled = Callable[[], bool]


def evaluate(
    case: Case,
    pack: Pack,
    *,
    previous: Results | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Results:
    """All scenarios of a case on its as-of date and over time. progress: 0 to 1.

    Raises Cancelled when asked to stop, NoLawError for a day outside the pack, InputError for what the case asks
    wrongly of the pack.
    """
    check_day(case.as_of, pack)
    basis = previous.basis if previous is not None and previous.basis.serves(case) else build_basis(case, pack)
    horizon = horizon_of(case, pack)
    old = previous if previous is not None and _comparable(previous, case, basis, horizon) else None
    evaluations, series, days = [], [], []
    for number, scenario in enumerate(case.scenarios):
        plan = Plan(basis.base, scenario.changes)
        day = charges(plan, basis.goods, case.as_of)
        days.append(day)
        evaluations.append(_reused(old, scenario) or _evaluation(case, basis, plan, day, scenario))
        series.append(_reused_series(old, scenario) or _series(case, basis, plan, scenario, horizon, cancelled))
        if progress is not None:
            progress((number + 1) / len(case.scenarios))
    return Results(
        case=case,
        basis=basis,
        portfolio=basis.portfolio,
        evaluations=tuple(evaluations),
        rate_rows=rate_rows(case, basis, days),
        series=tuple(series),
        change_dates=change_dates(case, pack, basis.base, tuple(series), horizon),
        horizon=horizon,
    )


def check_day(on: date, pack: Pack) -> None:
    """NoLawError when the pack does not hold the law of this day."""
    if not pack.law.covers(on):
        coverage = pack.law.file.coverage
        raise NoLawError(
            _("No law in the pack for {date}.").format(date=format_date(on)),
            remedy=_("Choose a day from {first} to {last}.").format(
                first=format_date(coverage.first), last=format_date(coverage.last)
            ),
        )


def horizon_of(case: Case, pack: Pack) -> tuple[date, date]:
    """From the first day of the pack's law to the end of the as-of year."""
    coverage = pack.law.file.coverage
    return coverage.first, min(coverage.last, date(case.as_of.year, 12, 31))


def _comparable(previous: Results, case: Case, basis: Basis, horizon: tuple[date, date]) -> bool:
    return previous.basis is basis and previous.case.as_of == case.as_of and previous.horizon == horizon


def _reused(old: Results | None, scenario: Scenario) -> Evaluation | None:
    if old is None:
        return None
    return next((e for e in old.evaluations if e.scenario is scenario), None)


def _reused_series(old: Results | None, scenario: Scenario) -> StepSeries | None:
    if old is None:
        return None
    pairs = zip(old.evaluations, old.series, strict=True)
    return next((series for evaluation, series in pairs if evaluation.scenario is scenario), None)


def evaluate_on(case: Case, basis: Basis, scenario: Scenario) -> Evaluation:
    """One scenario on the as-of date, without its course over time."""
    plan = Plan(basis.base, scenario.changes)
    return _evaluation(case, basis, plan, charges(plan, basis.goods, case.as_of), scenario)


def by_itself(case: Case, basis: Basis, evaluation: Evaluation) -> Results:
    """Results of one scenario on one day, without its course over time."""
    return Results(
        case=case,
        basis=basis,
        portfolio=basis.portfolio,
        evaluations=(evaluation,),
        rate_rows=(),
        series=(),
        change_dates=(),
        horizon=(evaluation.on, evaluation.on),
    )


def _evaluation(case: Case, basis: Basis, plan: Plan, day: DayCharges, scenario: Scenario) -> Evaluation:
    portfolio = basis.portfolio
    found = _totals(case, basis, day)
    duties = found.total * portfolio.value
    ends = (_average_of(case, basis, plan, day.on, goods) for goods in _extremes(basis))
    averages = (average(found.total, portfolio.value), *ends)
    return Evaluation(
        scenario=scenario,
        on=day.on,
        total=found.total,
        contributions={duty: np.where(np.isnan(found.total), np.nan, part) for duty, part in found.parts.items()},
        duties=duties,
        average=average(found.total, portfolio.value),
        duty_total=float(np.nansum(duties)) if np.isfinite(duties).any() else float("nan"),
        average_range=(min(averages), max(averages)),
    )


def _extremes(basis: Basis) -> tuple[Goods, ...]:
    """None and all of the conditionally listed goods within their lists, where that is not what was taken."""
    every = basis.goods_with_conditional
    return (basis.goods_without_conditional, *((every,) if every is not basis.goods else ()))


def _average_of(case: Case, basis: Basis, plan: Plan, on: date, goods: Goods) -> float:
    found = _totals(case, basis, charges(plan, goods, on))
    return average(found.total, basis.portfolio.value)


def _totals(case: Case, basis: Basis, day: DayCharges) -> Totals:
    """The totals of a day; no number where a measure that the pack lacks may fall on the goods."""
    goods, used = basis.on(day.on)
    found = totals(day, goods, used, case.assumptions.column_1_for_totals)
    unknown = basis.goods.in_gap(basis.base.gaps(day.on))
    return replace(found, total=np.where(unknown, np.nan, found.total)) if unknown.any() else found


def average(rate: Floats, value: Floats) -> float:
    """Import-weighted mean over the lines that have a rate, as a fraction; NaN where none has."""
    rated = ~np.isnan(rate)
    whole = value[rated].sum()
    return float((rate[rated] * value[rated]).sum() / whole) if whole else float("nan")


def _series(
    case: Case,
    basis: Basis,
    plan: Plan,
    scenario: Scenario,
    horizon: tuple[date, date],
    cancelled: IsCancelled | None,
) -> StepSeries:
    """The average on every day on which the law or the scenario changes something."""
    first, last = horizon
    changes = {*plan.days(), *basis.column1.days()}
    days = [first, *sorted(day for day in changes if first < day <= last)]
    averages = []
    for on in days:
        if cancelled is not None and cancelled():
            raise Cancelled
        averages.append(average_on(case, basis, plan, on))
    return StepSeries(scenario.letter, *_steps(days, averages))


def average_on(case: Case, basis: Basis, plan: Plan, on: date) -> float:
    """The average on a day, worked out once for each set of changes that hold on it."""
    key = on, tuple(change for change in plan.changes if holds(change, on))
    if key not in basis.averages:
        found = _totals(case, basis, charges(plan, basis.goods, on))
        basis.averages[key] = average(found.total, basis.portfolio.value)
    return basis.averages[key]


def _steps(days: list[date], averages: list[float]) -> tuple[tuple[date, ...], tuple[float, ...]]:
    """Only the days on which the average really moves."""
    moves = ~np.isclose(averages[1:], averages[:-1], rtol=0, atol=1e-12, equal_nan=True)
    kept = [0, *(np.flatnonzero(moves) + 1).tolist()]
    return tuple(days[i] for i in kept), tuple(averages[i] for i in kept)
