"""What a rate adds to column 1: the arithmetic of every rate kind, over arrays.

A rate kind is one function here; core.tariff.law_claims says which one a measure's kind asks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from core.tariff.goods import Bools, Floats, Rows


@dataclass(frozen=True, eq=False)
class Charge:
    """A rate per line. rate: fraction; is_total: column 1 counts towards it; in_force: it is charged at all.

    A quota splits the value: `quota_share` of it pays `quota_rate` instead.
    """

    rate: Floats
    is_total: Bools
    in_force: Bools
    quota_share: Floats
    quota_rate: Floats
    quota_is_total: Bools
    change: Floats  # place of the scenario's change that set it, -1 for the law

    @classmethod
    def of_law(cls, rate: Floats, is_total: Bools, in_force: Bools) -> Charge:
        """A rate as the law has it, without a quota."""
        zeros, no = np.zeros(len(rate)), np.zeros(len(rate), dtype=np.bool_)
        return cls(rate, is_total, in_force, zeros, zeros, no, np.full(len(rate), -1.0))

    def at(self, lines: Rows) -> Charge:
        """The charge on these lines, in their order; a line may come more than once. What set it is left out."""
        found = Charge.of_law(self.rate[lines], self.is_total[lines], self.in_force[lines])
        if not self.quota_share.any():
            return found
        return replace(
            found,
            quota_share=self.quota_share[lines],
            quota_rate=self.quota_rate[lines],
            quota_is_total=self.quota_is_total[lines],
        )

    def top_up(self, column1: Floats) -> Floats:
        """What is added to this column 1, as a fraction of the value charged."""
        return self._over_quota(added, column1)

    def full(self, column1: Floats) -> Floats:
        """The same were column 1 not set off against a total."""
        return self._over_quota(in_full, column1)

    def _over_quota(self, kind: Callable[[Floats, Bools, Floats], Floats], column1: Floats) -> Floats:
        outside = kind(self.rate, self.is_total, column1)
        if self.quota_share.any():
            inside = kind(self.quota_rate, self.quota_is_total, column1)
            outside = self.quota_share * inside + (1 - self.quota_share) * outside
        return outside * self.in_force


def in_full(rate: Floats, is_total: Bools, column1: Floats) -> Floats:
    """The whole rate, where column 1 is below it, without setting column 1 off; an added rate as it is."""
    result: Floats = np.where(is_total & (column1 >= rate), 0.0, rate)
    return result


def added(rate: Floats, is_total: Bools, column1: Floats) -> Floats:
    """An added rate adds itself; a total tops column 1 up and never lowers it: max(0, total - column 1)."""
    if not is_total.any():
        return rate
    result: Floats = np.where(is_total, np.maximum(0.0, rate - column1), rate)
    return result


def minimum_price(price: float, unit_value: float | None, *, documented: bool) -> float:
    """A specific duty up to a minimum import price, as a fraction of customs value. price, unit_value: US$ a unit.

    With documents of a first sale at or above the price: what is missing to it, nothing if nothing is. Without: the
    whole price (proclamation of 6 August 2026 on polysilicon, cl. 2(b) and (c)). NaN without a unit value.
    """
    if unit_value is None or unit_value <= 0:
        return float("nan")
    return max(0.0, price - unit_value) / unit_value if documented else price / unit_value


def on_the_rest(reading: str, net: Floats, full: Floats, room: Floats) -> Floats:
    """A total on the part of an article that a metal duty leaves, as the ambiguous text is read.

    net: the top-up over column 1 on that part; full: the whole total on it, where column 1 is below; room: what the
    whole article lacks to the total after column 1 and the metal duties. All as fractions of the line's value.
    90 FR 55964 does not settle it (docs/law.md).
    """
    if reading == "full":
        return full
    if reading == "article":
        result: Floats = np.minimum(net, np.maximum(0.0, room))
        return result
    return net
