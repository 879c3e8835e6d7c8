"""How a scenario's changes alter what a duty charges on a day, line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from core.case import (
    AddDuty,
    AnyChange,
    Exempt,
    Postpone,
    Quota,
    RateForm,
    SetRate,
    SwitchOff,
    SwitchOn,
)
from core.reference.law import Duty
from core.scenario import Plan
from core.tariff.goods import Bools, Floats, Goods
from core.tariff.law_claims import law_charge
from core.tariff.measures import ONE_DAY, RateKind
from core.tariff.rates import Charge
from core.tariff.reach import Reach, reach


def changed_charge(
    plan: Plan, goods: Goods, duty: Duty, on: date, reached: Reach, charge: Charge
) -> tuple[Charge, Floats]:
    """The charge and the listed share after the scenario's changes to this duty, in the order of its list."""
    listed = reached.listed
    for place, change in plan.active(on, duty.id):
        mask = goods.mask(plan.base.law, affected_lines(duty, change), on, plan.base.known)
        charge, listed = _apply(plan, goods, duty, on, change, mask, charge, listed, float(place))
    return charge, listed


def affected_lines(duty: Duty, change: AnyChange) -> str:
    """The goods that a change to a duty names.

    An inquiry has no list of goods yet: a rate typed for it falls on the inquiry's groups.
    """
    if change.lines or duty.inquiry is None or not duty.inquiry.groups:
        return change.lines
    return f"group:{duty.inquiry.groups[0]}"


def _apply(
    plan: Plan,
    goods: Goods,
    duty: Duty,
    on: date,
    change: AnyChange,
    mask: Bools,
    charge: Charge,
    listed: Floats,
    place: float,
) -> tuple[Charge, Floats]:
    reached = mask & (listed > 0)
    match change:
        case SwitchOff():
            return _marked(replace(charge, in_force=charge.in_force & ~mask), reached, place), listed
        case Exempt():
            return charge, np.where(mask, 0.0, listed)
        case SwitchOn():
            return _switched_on(plan, charge, change, reached, place), listed
        case Postpone():
            return _postponed(plan, goods, duty, on, change, mask, charge, listed, place)
        case Quota():
            return _with_quota(charge, change, reached, place), listed
        case SetRate() | AddDuty():
            wider = mask if change.lines or duty.inquiry or isinstance(change, AddDuty) else reached
            charge = _set(charge, wider, float(change.rate), change.form is RateForm.TOTAL, place)
            return charge, np.where(wider & (listed == 0), 1.0, listed)
    raise TypeError(type(change))


def _marked(charge: Charge, mask: Bools, place: float) -> Charge:
    return replace(charge, change=np.where(mask, place, charge.change))


def _set(charge: Charge, mask: Bools, rate: float, is_total: bool, place: float) -> Charge:
    return replace(
        charge,
        rate=np.where(mask, rate, charge.rate),
        is_total=np.where(mask, is_total, charge.is_total),
        in_force=charge.in_force | mask,
        quota_share=np.where(mask, 0.0, charge.quota_share),
        change=np.where(mask, place, charge.change),
    )


def _switched_on(plan: Plan, charge: Charge, change: SwitchOn, mask: Bools, place: float) -> Charge:
    state = plan.base.states.get(change.measure)
    if state is None:
        return charge
    return _set(charge, mask, float(state.rate), state.kind is RateKind.TOTAL, place)


def _with_quota(charge: Charge, change: Quota, mask: Bools, place: float) -> Charge:
    if change.out_rate is not None:
        charge = _set(charge, mask, float(change.out_rate), change.form is RateForm.TOTAL, place)
    return replace(
        charge,
        in_force=charge.in_force | mask,
        quota_share=np.where(mask, float(change.share_in_quota), charge.quota_share),
        quota_rate=np.where(mask, float(change.in_rate), charge.quota_rate),
        quota_is_total=np.where(mask, change.form is RateForm.TOTAL, charge.quota_is_total),
        change=np.where(mask, place, charge.change),
    )


def _postponed(
    plan: Plan,
    goods: Goods,
    duty: Duty,
    on: date,
    change: Postpone,
    mask: Bools,
    charge: Charge,
    listed: Floats,
    place: float,
) -> tuple[Charge, Floats]:
    """What the law charged the day before goes on, on today's lists of goods."""
    before = reach(plan.base, goods, duty.id, on, terms_on=change.start - ONE_DAY)
    old = law_charge(goods, before)
    merged = replace(
        charge,
        rate=np.where(mask, old.rate, charge.rate),
        is_total=np.where(mask, old.is_total, charge.is_total),
        in_force=np.where(mask, old.in_force, charge.in_force),
        change=np.where(mask & (listed > 0), place, charge.change),
    )
    return merged, np.where(mask, before.listed, listed)
