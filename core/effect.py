"""What a scenario does against another, part by part, and how much of the value rests on an inference."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from core.results import Evaluation, Floats, Ints, Portfolio, RateCell, Results

REST = ""


@dataclass(frozen=True)
class PartEffect:
    """Goods that one duty weighs on most under the scenario compared with. duty: its id, REST for the others.

    value and duty_change in US$, rate_change a fraction of the part's own value, NaN where the part has none.
    """

    duty: str
    value: float
    rate_change: float
    duty_change: float


@dataclass(frozen=True)
class Inferred:
    """US$ whose column 1 rate rests on something other than the schedule and the data."""

    default_use: float  # the assumed share of use of the preference
    default_share: float  # that share, value-weighted where there are several; NaN where nothing is assumed
    inferred_use: float  # use of the preference implied by duty collected
    equivalent: float  # ad valorem equivalent of a specific or compound rate
    total: float


def effect_by_part(results: Results, letter: str, against: str) -> tuple[PartEffect, ...]:
    """Parts in the order of the rate rows, the rest last; duty changes add up to the whole change."""
    here, there = results.evaluation(letter), results.evaluation(against)
    names = [row.duty for row in results.rate_rows]
    part_of = _parts(there, names, len(results.portfolio.codes))
    value = _sums(results.portfolio.value, part_of, len(names))
    change = _sums(here.duties - there.duties, part_of, len(names))
    found = (
        PartEffect(
            duty=name,
            value=float(value[place]),
            rate_change=float(change[place] / value[place]) if value[place] > 0 else float("nan"),
            duty_change=float(change[place]),
        )
        for place, name in enumerate([*names, REST])
    )
    return tuple(part for part in found if part.value > 0)


def _parts(evaluation: Evaluation, names: list[str], lines: int) -> Ints:
    """For each line the position of the duty that weighs most on it; the last position where none does."""
    nothing = np.zeros(lines)
    weights = np.stack([np.nan_to_num(evaluation.contributions.get(name, nothing)) for name in names])
    heaviest: Ints = np.where(weights.max(axis=0) > 0, weights.argmax(axis=0), len(names)).astype(np.intp)
    return heaviest


def _sums(amounts: Floats, part_of: Ints, parts: int) -> Floats:
    return np.bincount(part_of, weights=np.nan_to_num(amounts), minlength=parts + 1).astype(np.float64)


def inferred_value(portfolio: Portfolio) -> Inferred:
    """How much value stands on which inference. Where the preference changes nothing its use is of no concern."""
    matters = portfolio.mfn_rate != portfolio.preferential_rate
    value = portfolio.value
    return Inferred(
        default_use=float(value[matters & ~portfolio.utilisation_inferred].sum()),
        default_share=_default_share(portfolio, matters & ~portfolio.utilisation_inferred),
        inferred_use=float(value[matters & portfolio.utilisation_inferred].sum()),
        equivalent=float(value[portfolio.is_equivalent].sum()),
        total=float(value.sum()),
    )


def _default_share(portfolio: Portfolio, assumed: npt.NDArray[np.bool_]) -> float:
    shares = np.unique(portfolio.utilisation[assumed])
    if len(shares) == 1:
        return float(shares[0])
    weight = portfolio.value[assumed]
    return float((portfolio.utilisation[assumed] * weight).sum() / weight.sum()) if weight.any() else float("nan")


def quota_average(in_rate: Decimal, out_rate: Decimal, share_in_quota: Decimal) -> Decimal:
    """What a tariff-rate quota comes to on all the goods, as a fraction."""
    return in_rate * share_in_quota + out_rate * (1 - share_in_quota)


def effective_rate(cell: RateCell) -> Decimal | None:
    """The rate of a cell on all its goods, a quota taken into account; None when nothing is charged."""
    if cell.rate is None or cell.in_quota_rate is None or cell.quota_share is None:
        return cell.rate
    return quota_average(cell.in_quota_rate, cell.rate, cell.quota_share)
