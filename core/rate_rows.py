"""The Rate scenarios table: one row a duty, one cell a scenario, on the as-of date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from core.case import Case, Exempt, Scenario
from core.portfolio import Basis
from core.reference.law import Duty, Takes
from core.results import RateCell, RateForce, RateRow
from core.scenario import LawAsKnown, Plan
from core.tariff.duty import DayCharges, DutyCharge
from core.tariff.measures import Terms
from core.text import LocalText

_NOTHING = RateCell(RateForce.NOT_IN_FORCE, None, False, False, None, "", "")
_MICRO = Decimal("0.000001")


def rate_rows(case: Case, basis: Basis, days: Sequence[DayCharges]) -> tuple[RateRow, ...]:
    """The duties that matter on the as-of date or after it, as known, in stacking order with the general duty first.

    days: each scenario's charges on the as-of date, in case order.
    """
    rows = [_row(case, basis, duty, days) for duty in _duties(case, basis) if _matters(case, basis.base, duty)]
    return tuple(sorted(rows, key=lambda row: _order(basis, row)))


def _order(basis: Basis, row: RateRow) -> int:
    """The general duty first, as it concerns most goods; open inquiries last."""
    duty = basis.base.law.duties.get(row.duty)
    if duty is not None and duty.takes is Takes.REST:
        return 0
    return 2 if all(cell.force is RateForce.INQUIRY for cell in row.cells) else 1


def _duties(case: Case, basis: Basis) -> list[Duty]:
    """The law's duties and those that any scenario adds, each once."""
    found: dict[str, Duty] = {duty.id: duty for duty in basis.base.law.file.duties}
    for scenario in case.scenarios:
        found.update({d.id: d for d in Plan(basis.base, scenario.changes).duties if d.id not in found})
    return list(found.values())


def _matters(case: Case, base: LawAsKnown, duty: Duty) -> bool:
    if any(change.duty == duty.id for scenario in case.scenarios for change in scenario.changes):
        return True
    if duty.inquiry is not None and duty.inquiry.known_from <= case.known_to and not base.lines_of(duty.id):
        return True
    lasting = (state for state in base.states.values() if state.measure.duty == duty.id)
    return any(state.end > case.as_of for state in lasting)


def _row(case: Case, basis: Basis, duty: Duty, days: Sequence[DayCharges]) -> RateRow:
    authority = basis.base.law.file.authorities.get(duty.authority, LocalText())
    cells = tuple(_cell(case, basis, duty, scenario, day) for scenario, day in zip(case.scenarios, days, strict=True))
    return RateRow(
        duty=duty.id,
        title=duty.title,
        authority=authority,
        heading=_heading(basis, duty, case.as_of),
        covers=_covers(basis, duty, days[0]),
        cells=cells,
    )


def _charge(day: DayCharges, duty: Duty) -> DutyCharge | None:
    return next((charge for charge in day.duties if charge.duty.id == duty.id), None)


def _heading(basis: Basis, duty: Duty, on: date) -> str:
    """The heading of the measure in force, or of the next one that will be."""
    states = [state for state in basis.base.states.values() if state.measure.duty == duty.id]
    charged = [state for state in states if state.charged(on)]
    coming = sorted((state for state in states if state.start > on), key=lambda state: state.start)
    best = max(charged, key=lambda state: state.measure.rank, default=coming[0] if coming else None)
    return best.measure.headings.charged if best is not None else ""


def _covers(basis: Basis, duty: Duty, day: DayCharges) -> float:
    """US$ of trade that the duty charges under the law; for an inquiry the goods it looks at."""
    share = day.share(duty.id, basis.portfolio.utilisation)
    if share.any():
        return float((share * basis.portfolio.value).sum())
    if duty.inquiry is not None:
        masks = [basis.goods.groups[name] for name in duty.inquiry.groups if name in basis.goods.groups]
        return float(sum(basis.portfolio.value[mask].sum() for mask in masks))
    return 0.0


def _cell(case: Case, basis: Basis, duty: Duty, scenario: Scenario, day: DayCharges) -> RateCell:
    charge = _charge(day, duty)
    plan = Plan(basis.base, scenario.changes)
    if charge is None:
        inquiry = duty.inquiry is not None and not basis.base.lines_of(duty.id)
        return RateCell(RateForce.INQUIRY, None, False, False, None, "", "") if inquiry else _NOTHING
    line = _typical_line(basis, charge)
    place = int(charge.charge.change[line])
    change = _governing(plan, duty, case.as_of) if place < 0 else place
    state = charge.reached.state(line)
    in_force = bool(charge.charge.in_force[line] and charge.listed[line] > 0)
    asleep = _asleep(plan, duty, charge, line, case.as_of)
    return RateCell(
        force=RateForce.IN_FORCE if in_force else _not_charged(asleep),
        rate=_decimal(charge.charge.rate[line]) if in_force else None,
        is_total=bool(charge.charge.is_total[line]) and in_force,
        is_typed=change is not None,
        change=change,
        measure=state.measure.id if state else "",
        heading=state.measure.headings.charged if state else "",
        suspended_rate=asleep.suspended.rate if asleep and asleep.suspended else None,
        suspended_until=_until(asleep),
        in_quota_rate=_decimal(charge.charge.quota_rate[line]) if charge.charge.quota_share[line] > 0 else None,
        quota_share=_decimal(charge.charge.quota_share[line]) if charge.charge.quota_share[line] > 0 else None,
        lines_only=scenario.changes[change].lines if change is not None else "",
    )


def _typical_line(basis: Basis, charge: DutyCharge) -> int:
    """The line that speaks for the duty: the largest of those that a change reaches, else of those listed."""
    value = basis.portfolio.value
    changed = np.where((charge.charge.change >= 0) & (charge.listed > 0), value, -1.0)
    listed = np.where(charge.listed > 0, value, 0.0)
    return int(np.argmax(changed if changed.max() >= 0 else listed))


def _governing(plan: Plan, duty: Duty, on: date) -> int | None:
    """The change that takes goods out of the duty without setting a rate."""
    exempt = [place for place, change in plan.active(on, duty.id) if isinstance(change, Exempt) and change.duty]
    return exempt[-1] if exempt else None


def _asleep(plan: Plan, duty: Duty, charge: DutyCharge, line: int, on: date) -> Terms | None:
    """The terms with a suspended rate that will take over, unless the scenario changes what happens then."""
    place = int(charge.reached.in_list[line])
    name = charge.reached.list_names[place] if place >= 0 else ""
    terms = dict(plan.base.terms(duty.id, on)).get(name)
    until = _until(terms)
    if terms is None or until is None or plan.active(until, duty.id):
        return None
    return terms


def _until(terms: Terms | None) -> date | None:
    if terms is None or terms.suspended is None or terms.suspended.suspended is None:
        return None
    return terms.suspended.suspended[1]


def _not_charged(asleep: Terms | None) -> RateForce:
    return RateForce.SUSPENDED if asleep is not None else RateForce.NOT_IN_FORCE


def _decimal(rate: float) -> Decimal:
    """A rate back from the array as it was written (six decimals are finer than any law)."""
    return Decimal(repr(float(rate))).quantize(_MICRO).normalize()
