"""The rows of a comparison: item groups or tariff lines that differ, what they come to, and what stays the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.comparison.reasons import LineReason, Reason, reasons
from core.comparison.sides import Pair
from core.results import Floats, Ints
from core.tariff.goods import Bools


@dataclass(frozen=True)
class RowChange:
    """One group or line that differs. Money in US$, rates as fractions of the value compared.

    before, after: None where there is no number. points, change: None where one side has no number at all.
    compared: value with a number on both sides; only_before, only_after: value with a number on that side alone.
    """

    key: str
    lines: int  # statistical lines
    moved: int  # of which differ
    value: float
    compared: float
    duty_before: float
    duty_after: float
    only_before: float
    only_after: float
    before: float | None
    after: float | None
    is_compared: bool  # some line has a number on both sides
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> float | None:
        """The change of the rate."""
        if not self.is_compared or self.before is None or self.after is None:
            return None
        return self.after - self.before

    @property
    def change(self) -> float | None:
        """The change of the duty, US$ a year."""
        return self.duty_after - self.duty_before if self.is_compared else None


def added_up(rows: Sequence[RowChange]) -> RowChange:
    """Several rows as one, without their reasons."""
    if len(rows) == 1:
        return rows[0]
    compared = float(sum(row.compared for row in rows))
    before, after = float(sum(row.duty_before for row in rows)), float(sum(row.duty_after for row in rows))
    return RowChange(
        key="",
        lines=sum(row.lines for row in rows),
        moved=sum(row.moved for row in rows),
        value=float(sum(row.value for row in rows)),
        compared=compared,
        duty_before=before,
        duty_after=after,
        only_before=float(sum(row.only_before for row in rows)),
        only_after=float(sum(row.only_after for row in rows)),
        before=before / compared if compared > 0 else None,
        after=after / compared if compared > 0 else None,
        is_compared=any(row.is_compared for row in rows),
        reasons=(),
    )


@dataclass(frozen=True)
class Count:
    """Rows that are not listed, their statistical lines and their trade in US$."""

    rows: int
    lines: int
    value: float


@dataclass(frozen=True)
class Rows:
    """The rows that differ, the weightiest first; those that stay the same; those without a number on either side."""

    changed: tuple[RowChange, ...]
    same: Count
    unknown: Count


def rows(pair: Pair, found: Sequence[LineReason], keys: Sequence[str], row_of: Ints) -> Rows:
    """found: why each statistical line differs; row_of: its row, a place in keys. Rows without trade are left out."""
    one_sided = pair.has_before ^ pair.has_after
    differs = _any(pair.moved | one_sided, row_of, len(keys))
    known = _any(pair.has_before | pair.has_after, row_of, len(keys))
    trade = np.bincount(row_of, minlength=len(keys)) > 0
    listed = _changed(pair, reasons(pair, found, row_of), keys, row_of, np.flatnonzero(differs))
    return Rows(
        tuple(sorted(listed, key=_weight)),
        _count(pair, row_of, ~differs & known & trade),
        _count(pair, row_of, ~known & trade),
    )


def _weight(row: RowChange) -> tuple[bool, float, str]:
    return row.change is None, -abs(row.change or 0.0), row.key


def _any(lines: Bools, row_of: Ints, count: int) -> Bools:
    found: Bools = np.bincount(row_of, weights=lines.astype(np.float64), minlength=count) > 0
    return found


def _count(pair: Pair, row_of: Ints, picked: Bools) -> Count:
    lines = picked[row_of]
    return Count(int(picked.sum()), int(lines.sum()), float(pair.value[lines].sum()))


def _changed(
    pair: Pair, why: Mapping[int, tuple[Reason, ...]], keys: Sequence[str], row_of: Ints, picked: Ints
) -> list[RowChange]:
    def total(amount: Floats, lines: Bools) -> Floats:
        weights = np.where(lines, amount, 0.0)
        return np.bincount(row_of, weights=weights, minlength=len(keys)).astype(np.float64)

    value, both, ones = pair.value, pair.both, np.ones_like(pair.value)
    compared = _any(both, row_of, len(keys))
    before, after = pair.before.evaluation, pair.after.evaluation
    # Lines that had no trade in the base year still have rates: they count alike.
    weight = np.where(total(value, np.ones_like(both))[row_of] > 0, value, 1.0)

    def rate(of: Floats, known: Bools) -> Floats:
        lines = np.where(compared[row_of], both, known)
        return _ratio(total(of * weight, lines), total(weight, lines))

    columns = {
        "lines": total(ones, np.ones_like(both)),
        "moved": total(ones, pair.moved),
        "value": total(value, np.ones_like(both)),
        "compared": total(value, both),
        "duty_before": total(before.duties, both),
        "duty_after": total(after.duties, both),
        "only_before": total(value, pair.has_before & ~both),
        "only_after": total(value, pair.has_after & ~both),
        "before": rate(before.total, pair.has_before),
        "after": rate(after.total, pair.has_after),
    }
    return [
        RowChange(
            key=keys[row],
            lines=int(columns["lines"][row]),
            moved=int(columns["moved"][row]),
            value=float(columns["value"][row]),
            compared=float(columns["compared"][row]),
            duty_before=float(columns["duty_before"][row]),
            duty_after=float(columns["duty_after"][row]),
            only_before=float(columns["only_before"][row]),
            only_after=float(columns["only_after"][row]),
            before=_known(columns["before"][row]),
            after=_known(columns["after"][row]),
            is_compared=bool(compared[row]),
            reasons=why.get(row, ()),
        )
        for row in picked.tolist()
    ]


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _known(rate: float) -> float | None:
    return None if math.isnan(rate) else float(rate)
