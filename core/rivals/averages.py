"""The average rate of every partner on a day: all flows of the pack at once.

Partners on whom the law says the same are worked out together, each flow with its own partner's column 1.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from core.case import Scenario
from core.reference.partners import Partner
from core.results import Floats
from core.rivals.rate_book import RateBook, changes_for, same_law
from core.tariff.duty import total_rate


@dataclass(frozen=True)
class Average:
    """Import-weighted rate over a partner's own trade (fraction, NaN without a number), and that trade in US$.

    rated: the part of it that has a number.
    """

    rate: float
    value: float
    rated: float


def flow_rates(book: RateBook, on: date, scenario: Scenario | None = None) -> Floats:
    """The total rate of every flow of the pack on a day, NaN where the pack has no number."""
    flows, places = book.pack.trade.flows, book.flow_places
    found = np.full(len(flows.value), np.nan)
    for members in alike(book, on, scenario):
        rows = np.concatenate([book.flow_rows(partner) for partner in members])
        used, preferential = (
            np.concatenate(parts) for parts in zip(*(_claims(book, each, on) for each in members), strict=True)
        )
        lines = places[rows]
        changes = changes_for(book.case, scenario, members[0], book.pack) if scenario is not None else ()
        day = book.day(members[0], changes, on).at(lines)
        goods = replace(book.goods, mfn_rate=book.goods.mfn_rate[lines], preferential_rate=preferential)
        rate = total_rate(day, goods, used, book.case.assumptions.column_1_for_totals)
        unknown = book.goods.in_gap(book.law(members[0]).gaps(on))[lines]
        found[rows] = np.where(unknown, np.nan, rate)
    return found


def averages(book: RateBook, on: date, scenario: Scenario | None = None) -> dict[str, Average]:
    """By partner, every country with trade."""
    flows = book.pack.trade.flows
    rate, count = flow_rates(book, on, scenario), len(flows.partners)
    rated = ~np.isnan(rate)
    value = np.bincount(flows.partner_index, flows.value, count)
    known = np.bincount(flows.partner_index, flows.value * rated, count)
    duty = np.bincount(flows.partner_index, np.where(rated, rate, 0.0) * flows.value, count)
    mean = np.divide(duty, known, out=np.full(count, np.nan), where=known > 0)
    return {
        code: Average(float(mean[place]), float(value[place]), float(known[place]))
        for place, code in enumerate(flows.partners)
    }


def alike(book: RateBook, on: date, scenario: Scenario | None) -> Iterable[list[Partner]]:
    """The partners with flows, those on whom law and scenario say the same together."""
    found: dict[Hashable, list[Partner]] = {}
    for code in book.pack.trade.flows.partners:
        partner = book.pack.partners.get(code)
        law = book.law(partner)
        changes = changes_for(book.case, scenario, partner, book.pack) if scenario is not None else ()
        found.setdefault((changes, law.gaps(on), *same_law(law, book.goods, on)), []).append(partner)
    return found.values()


def _claims(book: RateBook, partner: Partner, on: date) -> tuple[Floats, Floats]:
    """The part of each of a partner's flows that claims a preference, and the preferential rate."""
    column1 = book.own_column1(partner, on)
    return column1.use.share, column1.line1.preferential
