"""What each duty claims under the law on a day, before stacking and before a scenario changes anything.

The law rarely changes from one day to the next, and never from one scenario to another: a claim is worked out once
for each state of its measures and lists, and kept with the goods.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.reference.law import Duty, Exemption, Takes
from core.scenario import LawAsKnown
from core.tariff.goods import Floats, Goods, Rows
from core.tariff.measures import MeasureState, RateKind
from core.tariff.rates import Charge, minimum_price
from core.tariff.reach import Reach, content_share, exempt_shares, reach

FIRST_SALE = "first_sale_documented"
Freed = tuple[tuple[Exemption, Rows, Floats], ...]


@dataclass(frozen=True, eq=False)
class LawClaim:
    """One duty under the law on one day. freed: exemptions with the share of each line that they free.

    taken: the share of value that the duty would take of a line wholly on its list, were nothing before it. charged:
    the part of what it takes on which it is charged; US content can be outside and still pay no other duty.
    """

    reached: Reach
    charge: Charge
    freed: Freed
    taken: Floats
    charged: Floats


def law_claim(known: LawAsKnown, goods: Goods, duty: Duty, on: date) -> LawClaim:
    """The claim of a duty on a day."""
    key = _key(known, goods, duty, on)
    if key not in goods.kept:
        goods.kept[key] = claim_of(known, goods, duty, on, reach(known, goods, duty.id, on))
    found: LawClaim = goods.kept[key]
    return found


def claim_of(known: LawAsKnown, goods: Goods, duty: Duty, on: date, reached: Reach) -> LawClaim:
    """The claim that follows from a reach."""
    freed = _freed(known, goods, reached, on)
    taken = np.ones(len(goods))
    for _exemption, _rows, share in freed:
        taken = taken * (1 - share)
    if duty.takes is Takes.CONTENT:
        taken = taken * content_share(known.law, goods, reached, duty.metal)
    return LawClaim(reached, law_charge(goods, reached), freed, taken, _charged_part(goods, reached))


def _charged_part(goods: Goods, reached: Reach) -> Floats:
    """All of the value, less the US content of lines whose measure is charged on the rest only."""
    contents = np.array([goods.us_content_of(state.measure) for state in reached.states] or [0.0])
    return np.where(reached.which >= 0, 1.0 - contents[reached.which], 1.0)


def _key(known: LawAsKnown, goods: Goods, duty: Duty, on: date) -> Hashable:
    """What decides the claim: the measures that answer, and the rows of their lists that hold on the day."""
    charged = known.answering(duty.id, on, goods.meets)
    lists = {name for name, _state in charged}
    for _name, state in charged:
        lists.update(state.measure.excluded, (exemption.list for exemption in known.exemptions(state.measure)))
    active = tuple(known.law.lists[name].active(on, known.known).tobytes() for name in sorted(lists) if name)
    return duty.id, tuple((name, state.measure.id, state.rate, state.kind) for name, state in charged), active


def _freed(known: LawAsKnown, goods: Goods, reached: Reach, on: date) -> Freed:
    """The exemptions of the measures that answer, each only on the lines for which its measure answers."""
    found: dict[tuple[str, str], tuple[Exemption, Rows, Floats]] = {}
    for place, state in enumerate(reached.states):
        for exemption, rows, share in exempt_shares(known, goods, state, on):
            mine = np.where(reached.which == place, share, 0.0)
            key = exemption.list, exemption.heading
            before = found.get(key)
            found[key] = (exemption, rows, mine if before is None else np.maximum(before[2], mine))
    return tuple(found.values())


def law_charge(goods: Goods, reached: Reach) -> Charge:
    """What the law charges on each line that a duty reaches."""
    in_force = reached.which >= 0
    rates = np.array([ad_valorem(goods, state) for state in reached.states] or [0.0])
    totals = np.array([state.kind is RateKind.TOTAL for state in reached.states] or [False])
    return Charge.of_law(np.where(in_force, rates[reached.which], 0.0), in_force & totals[reached.which], in_force)


def ad_valorem(goods: Goods, state: MeasureState) -> float:
    """A measure's rate as a fraction of customs value; NaN where that takes a unit value that nobody gave."""
    if state.kind is RateKind.MINIMUM_PRICE:
        return minimum_price(float(state.rate), goods.unit_value, documented=FIRST_SALE in goods.facts)
    return float(state.rate)
