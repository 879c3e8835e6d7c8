"""What is due on a day: every duty's share of value and rate, line by line, and the totals that follow.

The same code answers for 8,000 lines and for one; the trace of one line (core.tariff.explain) reads off these
arrays, so that words and numbers cannot differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from core.case import AnyChange, Cap, Column1Use, SetTotal
from core.reference.law import Duty, Exemption, Precedence, Takes, Transit
from core.scenario import Plan
from core.tariff.changes import changed_charge
from core.tariff.goods import Bools, Floats, Goods, Rows
from core.tariff.law_claims import claim_of, law_claim
from core.tariff.measures import MeasureState
from core.tariff.rates import Charge, on_the_rest
from core.tariff.reach import Reach
from core.tariff.stacking import Free, take


@dataclass(frozen=True, eq=False)
class DutyCharge:
    """One duty on one day. Arrays over lines; shares are fractions of customs value.

    claim: what the duty would take were nothing before it. share: what it takes and charges; charged_part: of what it
    takes, the part that is charged. whole: what vehicles and the like left; on_the_rest: whether it is a general duty
    on what a metal left. freed: exemptions with the share of each line that they free. transit: the transit rule that
    replaced the measure. rule: how it stacks on the day.
    """

    duty: Duty
    rule: Precedence
    reached: Reach
    charge: Charge
    listed: Floats
    claim: Floats
    available: Floats
    share: Floats
    whole: Floats
    on_the_rest: Bools
    charged_part: Floats
    freed: tuple[tuple[Exemption, Rows, Floats], ...] = ()
    us_content_freed: float = 0.0
    transit: tuple[Transit, MeasureState | None] | None = None

    def at(self, lines: Rows) -> DutyCharge:
        """What it adds on these lines, in their order; only what `contribution` asks for."""
        return replace(
            self,
            charge=self.charge.at(lines),
            share=self.share[lines],
            whole=self.whole[lines],
            on_the_rest=self.on_the_rest[lines],
        )

    def contribution(self, column1: Floats, metals: Floats, reading: str) -> Floats:
        """What the duty adds to the rate of each line. metals: what the metal duties before it add.

        reading: how a total on the rest of an article is read (core.tariff.rates.on_the_rest).
        """
        net = self.share * self.charge.top_up(column1)
        if reading == FIRST_READING or not self.on_the_rest.any():
            return net
        full = self.share * self.charge.full(column1)
        room = self.whole * (self.charge.rate - column1) - metals
        return np.where(self.on_the_rest & self.charge.is_total, on_the_rest(reading, net, full, room), net)


@dataclass(frozen=True, eq=False)
class DayCharges:
    """All duties on one day, in stacking order, with the caps and totals of a scenario on top.

    reading: how a total on the rest of an article is read. claimed: the same day for goods that claim the preference,
    where the law tells them apart; `duties` then speaks of goods that do not claim it.
    """

    on: date
    duties: tuple[DutyCharge, ...]
    limits: tuple[tuple[int, AnyChange, Bools], ...] = ()
    reading: str = ""
    claimed: DayCharges | None = None

    @property
    def where_claimed(self) -> DayCharges:
        """The day for goods that claim the preference; this one where the law does not tell them apart."""
        return self.claimed or self

    def at(self, lines: Rows) -> DayCharges:
        """The day for these lines, in their order, for working out rates; a line may come more than once."""
        return replace(
            self,
            duties=tuple(duty.at(lines) for duty in self.duties if duty.share.any()),
            limits=tuple((place, change, mask[lines]) for place, change, mask in self.limits),
            claimed=self.claimed.at(lines) if self.claimed is not None else None,
        )

    def charge(self, duty: str) -> DutyCharge | None:
        """What a duty does, None where it is charged on nothing."""
        return next((charge for charge in self.duties if charge.duty.id == duty), None)

    def share(self, duty: str, utilisation: Floats) -> Floats:
        """The part of each line's value that a duty charges. utilisation: the part that claims the preference."""
        shares = [found.share if (found := day.charge(duty)) else np.zeros_like(utilisation) for day in self._parts]
        return shares[0] if len(shares) == 1 else _mix(utilisation, shares[0], shares[1])

    @property
    def _parts(self) -> tuple[DayCharges, ...]:
        return (self,) if self.claimed is None else (self.claimed, self)

    def rates(self, column1: Floats) -> tuple[Floats, dict[str, Floats]]:
        """The total rate given column 1, and each duty's contribution; column 1 and they add up to the total."""
        parts: dict[str, Floats] = {}
        total, metals = column1, np.zeros_like(column1)
        for duty in self.duties:
            if duty.share.any():
                part = parts[duty.duty.id] = duty.contribution(column1, metals, self.reading)
                total = total + part
                metals = metals + part if duty.rule.takes is Takes.CONTENT else metals
        for place, change, mask in self.limits:
            limited = np.where(mask, _limited(change, column1, total), total)
            parts[f"{LIMIT_PREFIX}{place}"] = limited - total
            total = limited
        return total, parts


LIMIT_PREFIX = "limit-"
ON_THE_REST = "floor_on_rest"  # the open question of a total on what a metal duty leaves
FIRST_READING = "net"


def _limited(change: AnyChange, column1: Floats, total: Floats) -> Floats:
    """A cap lowers, a total sets; neither goes below column 1."""
    assert isinstance(change, Cap | SetTotal)
    rate = float(change.rate)
    bound = np.minimum(total, rate) if isinstance(change, Cap) else np.full_like(total, rate)
    result: Floats = np.maximum(column1, bound)
    return result


def charges(plan: Plan, goods: Goods, on: date) -> DayCharges:
    """Work out every duty on a day, in stacking order; twice where the law asks whether the preference is claimed."""
    if goods.is_claiming is not None or not plan.base.asks_for_claim:
        return _charges(plan, goods, on)
    claimed = _charges(plan, goods.claiming(True), on)
    return replace(_charges(plan, goods.claiming(False), on), claimed=claimed)


def _charges(plan: Plan, goods: Goods, on: date) -> DayCharges:
    free = Free.all_of(len(goods))
    found = []
    for duty in plan.duties:
        charge, free = _duty_charge(plan, goods, duty, on, free)
        if charge is not None:
            found.append(charge)
    known = plan.base.known
    limits = tuple((n, c, goods.mask(plan.base.law, c.lines, on, known)) for n, c in plan.on_totals(on))
    return DayCharges(on, tuple(found), limits, plan.base.reading(ON_THE_REST))


def _duty_charge(plan: Plan, goods: Goods, duty: Duty, on: date, free: Free) -> tuple[DutyCharge | None, Free]:
    changed = bool(plan.active(on, duty.id))
    if not changed and not plan.base.is_charged(duty.id, on):
        return None, free
    law = law_claim(plan.base, goods, duty, on)
    transit = _in_transit(plan, goods, duty, on, law.reached)
    if transit is not None:
        law = claim_of(plan.base, goods, duty, on, _replaced(law.reached, transit[1]))
    charge, listed = law.charge, law.reached.listed
    if changed:
        charge, listed = changed_charge(plan, goods, duty, on, law.reached, charge)
    content_free = _us_content(goods, duty, law.reached)
    claim = charge.in_force * listed * law.taken * (1 - content_free)
    rule = plan.base.precedence(duty, on)
    share, left = take(rule.takes, free, claim)
    return DutyCharge(
        duty=duty,
        rule=rule,
        reached=law.reached,
        charge=charge,
        listed=listed,
        claim=claim,
        available=free.rest * free.general if rule.takes is Takes.REST else free.rest,
        share=share * law.charged,
        charged_part=law.charged,
        whole=free.whole,
        on_the_rest=(free.rest < free.whole) & (share > 0) & (rule.takes is Takes.REST),
        freed=law.freed,
        us_content_freed=content_free,
        transit=transit,
    ), left


def _us_content(goods: Goods, duty: Duty, reached: Reach) -> float:
    """The part of the value that US content frees: all of it once it reaches the measure's threshold."""
    if not reached.states or not goods.us_content:
        return 0.0
    threshold = reached.states[-1].measure.us_content_threshold
    return goods.us_content if threshold is not None and goods.us_content >= threshold else 0.0


def _in_transit(
    plan: Plan, goods: Goods, duty: Duty, on: date, reached: Reach
) -> tuple[Transit, MeasureState | None] | None:
    """The transit rule that takes the goods out of the measure, and the measure that applies instead, if any."""
    if goods.loaded is None or not reached.states:
        return None
    state: MeasureState | None = reached.states[-1]
    used: Transit | None = None
    while state is not None and (rule := state.measure.transit) is not None and _is_on_the_way(rule, goods, on):
        used, state = rule, plan.base.states.get(rule.then)
    return None if used is None else (used, state)


def _is_on_the_way(rule: Transit, goods: Goods, on: date) -> bool:
    loaded_before = goods.loaded is not None and goods.loaded < rule.loaded_before
    return loaded_before and (rule.entered_before is None or on < rule.entered_before)


def _replaced(reached: Reach, state: MeasureState | None) -> Reach:
    """The same lines with another measure answering, or none."""
    if state is None:
        return replace(reached, states=(), which=np.full_like(reached.which, -1))
    return replace(reached, states=(state,), which=np.where(reached.which >= 0, 0, -1))


@dataclass(frozen=True, eq=False)
class Totals:
    """Rates of each line over its claimed and unclaimed part, and the contribution of each duty. Fractions."""

    total: Floats
    parts: dict[str, Floats]


def total_rate(day: DayCharges, goods: Goods, utilisation: Floats, use: Column1Use) -> Floats:
    """The value-weighted total rate of each line alone; see `totals`."""
    preferential, mfn = _column1(goods, utilisation, use)
    if use is Column1Use.WEIGHTED and day.claimed is None:
        return day.rates(mfn)[0]
    if not utilisation.any():
        return day.rates(mfn)[0]
    return _mix(utilisation, day.where_claimed.rates(preferential)[0], day.rates(mfn)[0])


def _column1(goods: Goods, utilisation: Floats, use: Column1Use) -> tuple[Floats, Floats]:
    """Column 1 that counts towards a total, of goods that claim the preference and of those that do not."""
    if use is Column1Use.WEIGHTED:
        weighted = _mix(utilisation, goods.preferential_rate, goods.mfn_rate)
        return weighted, weighted
    return goods.preferential_rate, goods.mfn_rate


def totals(day: DayCharges, goods: Goods, utilisation: Floats, use: Column1Use) -> Totals:
    """The value-weighted total rate of each line.

    Line by line, a total counts the claimed rate for the part that claims the preference and the MFN rate for the
    rest; weighted, it counts the average of both (METHODS: the two readings differ, the law reads line by line).
    """
    preferential, mfn = _column1(goods, utilisation, use)
    if use is Column1Use.WEIGHTED and day.claimed is None:
        return Totals(*day.rates(mfn))
    claimed, unclaimed = day.where_claimed.rates(preferential), day.rates(mfn)
    nothing = np.zeros_like(utilisation)
    return Totals(
        _mix(utilisation, claimed[0], unclaimed[0]),
        {
            name: _mix(utilisation, claimed[1].get(name, nothing), unclaimed[1].get(name, nothing))
            for name in dict.fromkeys((*claimed[1], *unclaimed[1]))
        },
    )


def _mix(share: Floats, first: Floats, second: Floats) -> Floats:
    return share * first + (1 - share) * second
