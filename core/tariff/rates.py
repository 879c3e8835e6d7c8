"""What a rate adds to column 1: the arithmetic of every rate kind, over arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.tariff.goods import Bools, Floats


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

    def top_up(self, column1: Floats) -> Floats:
        """What is added to this column 1, as a fraction of the value charged."""
        outside = added(self.rate, self.is_total, column1)
        if self.quota_share.any():
            inside = added(self.quota_rate, self.quota_is_total, column1)
            outside = self.quota_share * inside + (1 - self.quota_share) * outside
        return outside * self.in_force


def added(rate: Floats, is_total: Bools, column1: Floats) -> Floats:
    """An added rate adds itself; a total tops column 1 up and never lowers it: max(0, total - column 1)."""
    if not is_total.any():
        return rate
    result: Floats = np.where(is_total, np.maximum(0.0, rate - column1), rate)
    return result
