"""Exposure: value times rate, by line, item group, chapter, tariff line and duty. Adds up exactly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from core.results import Floats, Ints, Portfolio, Results


class By(StrEnum):
    """What a row of an exposure table stands for."""

    GROUP = "group"
    CHAPTER = "chapter"
    TARIFF_LINE = "hts8"
    STATISTICAL_LINE = "hts10"


@dataclass(frozen=True)
class ExposureTable:
    """Rows of one kind. Arrays of length r; rates and duties have one row a scenario, in case order: (s, r)."""

    by: By
    keys: tuple[str, ...]  # group id, chapter, HTS-8 or HTS-10 digits
    group_of: Ints  # item group of the row (of its largest line where lines differ), position in portfolio.group_ids
    line_counts: Ints
    value: Floats  # US$
    share: Floats  # of all value
    column1: Floats  # value-weighted, NaN only where no line of the row has a rate
    rates: Floats  # (s, r) value-weighted totals
    duties: Floats  # (s, r) US$ a year

    def change(self, scenario: int, against: int) -> Floats:
        """Duty under one scenario less duty under another, US$, per row."""
        result: Floats = self.duties[scenario] - self.duties[against]
        return result


def _keys(portfolio: Portfolio, by: By) -> tuple[tuple[str, ...], Ints]:
    """Row keys and, per line, the position of its row."""
    if by is By.GROUP:
        return portfolio.group_ids, portfolio.group_of
    width = {By.CHAPTER: 2, By.TARIFF_LINE: 8, By.STATISTICAL_LINE: 10}[by]
    prefixes = portfolio.codes.astype(f"U{width}")
    unique, inverse = np.unique(prefixes, return_inverse=True)
    return tuple(str(key) for key in unique), inverse.astype(np.intp)


def _weighted(total: Floats, weight: Floats) -> Floats:
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0)


def exposure_table(results: Results, by: By) -> ExposureTable:
    """Aggregate the evaluations of all scenarios to rows. Rows without trade are left out (groups keep theirs)."""
    portfolio = results.portfolio
    keys, row_of = _keys(portfolio, by)
    rows = len(keys)

    def total(weights: Floats) -> Floats:
        return np.bincount(row_of, weights=np.nan_to_num(weights), minlength=rows)

    value = total(portfolio.value)
    duties = np.stack([total(evaluation.duties) for evaluation in results.evaluations])
    rated = total(np.where(np.isnan(portfolio.column1), 0.0, portfolio.value))
    return ExposureTable(
        by=by,
        keys=keys,
        group_of=_group_of_rows(portfolio, row_of, rows),
        line_counts=np.bincount(row_of, minlength=rows).astype(np.intp),
        value=value,
        share=value / value.sum(),
        column1=_weighted(total(portfolio.column1 * portfolio.value), rated),
        rates=np.stack([_weighted(duty, rated) for duty in duties]),
        duties=duties,
    )


def _group_of_rows(portfolio: Portfolio, row_of: Ints, rows: int) -> Ints:
    """The item group of each row's largest line."""
    order = np.argsort(portfolio.value, kind="stable")
    result = np.zeros(rows, dtype=np.intp)
    result[row_of[order]] = portfolio.group_of[order]  # the last write is the largest line
    return result


@dataclass(frozen=True)
class Concentration:
    """How far the duty hangs on few rows. Herfindahl index of duty shares (0..1) and the share of the largest rows."""

    herfindahl: float
    top_five_share: float
    rows_for_80_percent: int


def concentration(table: ExposureTable, scenario: int) -> Concentration:
    """Concentration of one scenario's duty over the table's rows; all zero when there is no duty."""
    duties = np.sort(table.duties[scenario])[::-1]
    whole = duties.sum()
    if whole <= 0:
        return Concentration(0.0, 0.0, 0)
    shares = duties / whole
    reach = int(np.searchsorted(np.cumsum(shares), 0.8 - 1e-12)) + 1
    return Concentration(float((shares**2).sum()), float(shares[:5].sum()), reach)


def by_duty(results: Results, scenario: int) -> dict[str, float]:
    """Duty by measure family, US$ a year: column 1 under "column1" and each duty's net contribution; adds up."""
    evaluation, portfolio = results.evaluations[scenario], results.portfolio
    parts = {"column1": float(np.nansum(portfolio.column1 * portfolio.value))}
    for duty, contribution in evaluation.contributions.items():
        parts[duty] = float(np.nansum(contribution * portfolio.value))
    return parts
