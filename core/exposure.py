"""Exposure: value times rate, by line, item group, chapter, tariff line and duty. Adds up exactly."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date
from enum import IntFlag, StrEnum
from typing import Final

import numpy as np

from core.results import Floats, Ints, Portfolio, Results, StepSeries

COLUMN_1: Final = "column1"
_SAME_RATE: Final = 1e-9


class By(StrEnum):
    """What a row of an exposure table stands for."""

    GROUP = "group"
    CHAPTER = "chapter"
    TARIFF_LINE = "hts8"
    STATISTICAL_LINE = "hts10"


@dataclass(frozen=True)
class ExposureTable:
    """Rows of one kind. Arrays of length r; rates and duties (s, r): one row a scenario, in case order."""

    by: By
    keys: tuple[str, ...]  # group id, chapter, HTS-8 or HTS-10 digits
    group_of: Ints  # position in portfolio.group_ids, of the row's largest line where lines differ
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


def _added_up(row_of: Ints, weights: Floats, rows: int) -> Floats:
    """Sum of the weights of each row; what is not known counts nothing."""
    return np.bincount(row_of, weights=np.nan_to_num(weights), minlength=rows).astype(np.float64)


def rated_value(results: Results) -> Floats:
    """The value of each line that has a rate, US$; 0 where column 1 cannot be had or the pack lacks a measure."""
    return np.where(np.isnan(results.evaluations[0].total), 0.0, results.portfolio.value)


def exposure_table(results: Results, by: By) -> ExposureTable:
    """Aggregate the evaluations of all scenarios to rows; of those without trade only groups are kept."""
    portfolio = results.portfolio
    keys, row_of = _keys(portfolio, by)
    rows = len(keys)

    def total(weights: Floats) -> Floats:
        return _added_up(row_of, weights, rows)

    value = total(portfolio.value)
    duties = np.stack([total(evaluation.duties) for evaluation in results.evaluations])
    rated = total(rated_value(results))
    dutiable = total(np.where(np.isnan(portfolio.column1), 0.0, portfolio.value))
    return ExposureTable(
        by=by,
        keys=keys,
        group_of=_group_of_rows(portfolio, row_of, rows),
        line_counts=np.bincount(row_of, minlength=rows).astype(np.intp),
        value=value,
        share=value / value.sum(),
        column1=_weighted(total(portfolio.column1 * portfolio.value), dutiable),
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
    """How far the duty hangs on few rows: Herfindahl index of duty shares (0..1), share of the largest."""

    herfindahl: float
    top_five_share: float
    rows_for_80_percent: int


def concentration(table: ExposureTable, scenario: int) -> Concentration:
    """Concentration of one scenario's duty over the table's rows; all zero when there is no duty."""
    return concentration_of(table.duties[scenario])


def by_duty(results: Results, scenario: int) -> dict[str, float]:
    """Duty by measure family, US$ a year: column 1 under COLUMN_1 and each duty's net part; adds up."""
    evaluation, portfolio = results.evaluations[scenario], results.portfolio
    parts = {COLUMN_1: float(np.nansum(portfolio.column1 * rated_value(results)))}
    for duty, contribution in evaluation.contributions.items():
        parts[duty] = float(np.nansum(contribution * portfolio.value))
    return parts


class Gathering(StrEnum):
    """What the rows of an exposure list are gathered under."""

    GROUP = "group"
    CHAPTER = "chapter"
    DUTY = "duty"
    NOTHING = "nothing"


class Doubt(IntFlag):
    """Why the column 1 rate of a row is an inference; several may hold for the lines of one row."""

    NONE = 0
    EQUIVALENT = 1  # ad valorem equivalent of a specific or compound rate
    INFERRED_USE = 2  # use of the preference implied by the duty collected
    DEFAULT_USE = 4  # the assumed share of use
    NO_RATE = 8  # no rate can be had for some of the value
    OWN_VALUE = 16  # some of the value is the delegation's own figure: no doubt about column 1


@dataclass(frozen=True)
class Sums:
    """A row, or rows added up. Money in US$, rates value-weighted fractions, NaN where no line has a rate."""

    value: float
    column1: float
    rates: tuple[float, ...]  # one a scenario, in case order
    duties: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class ExposureList:
    """Rows that add up under parents: tariff lines (HTS-8) or their statistical lines (HTS-10).

    Arrays of length r, (s, r) for scenarios. A tariff line whose statistical lines lie in two groups has a
    row in each, so that every parent is the exact sum of its rows. Gathered by duty, a line stands under each
    duty that it pays, with that duty's part only: duties add up, values do not.
    """

    portfolio: Portfolio
    parents: tuple[str, ...]
    parent_of: Ints
    codes: tuple[str, ...]
    value: Floats
    rated: Floats  # the part of value that has a rate
    dutiable: Floats  # the part of value of which column 1 is known
    column1_duty: Floats
    duties: Floats
    doubt: Ints  # Doubt flags
    line_counts: Ints
    row_of: Ints  # the row of each statistical line under each parent

    @property
    def column1(self) -> Floats:
        """Column 1 of each row, value-weighted."""
        return _weighted(self.column1_duty, self.dutiable)

    @property
    def rates(self) -> Floats:
        """(s, r) the rates of each row, value-weighted."""
        return np.stack([_weighted(duty, self.rated) for duty in self.duties])

    def sums(self, rows: Ints | None = None) -> Sums:
        """These rows (all without) added up."""
        picked = slice(None) if rows is None else rows
        rated, dutiable = float(self.rated[picked].sum()), float(self.dutiable[picked].sum())
        duties = tuple(float(total) for total in self.duties[:, picked].sum(axis=1))
        column1 = float(self.column1_duty[picked].sum())
        return Sums(
            value=float(self.value[picked].sum()),
            column1=column1 / dutiable if dutiable > 0 else math.nan,
            rates=tuple(duty / rated if rated > 0 else math.nan for duty in duties),
            duties=duties,
        )


@dataclass(frozen=True)
class _Entries:
    """Statistical lines, each under a parent; under several when gathered by duty."""

    parents: tuple[str, ...]
    parent_of: Ints
    line: Ints
    duties: Floats  # (s, entries)


def exposure_list(
    results: Results,
    gathering: Gathering,
    by: By = By.TARIFF_LINE,
    previous: ExposureList | None = None,
) -> ExposureList:
    """The rows of one level, sorted by parent and code; `by` is TARIFF_LINE or STATISTICAL_LINE.

    previous: the same list of earlier results; over the same portfolio only its duties are worked out anew.
    """
    entries = _entries(results, gathering)
    portfolio, rated = results.portfolio, rated_value(results)
    if previous is not None and previous.portfolio is portfolio and gathering is not Gathering.DUTY:
        size = len(previous.codes)
        return replace(
            previous,
            duties=_duties(entries, previous.row_of, size),
            rated=_added_up(previous.row_of, rated[entries.line], size),
            doubt=_doubt_of_rows(results, entries, previous.row_of, size),
        )
    digits = {By.TARIFF_LINE: 8, By.STATISTICAL_LINE: 10}[by]
    number = portfolio.codes.astype(np.int64)[entries.line] // 10 ** (10 - digits)
    place = entries.parent_of.astype(np.int64) * 10**digits + number
    rows, inverse = np.unique(place, return_inverse=True)
    row_of: Ints = inverse.astype(np.intp)

    def gather(weights: Floats) -> Floats:
        return _added_up(row_of, weights[entries.line], len(rows))

    return ExposureList(
        portfolio=portfolio,
        parents=entries.parents,
        parent_of=(rows // 10**digits).astype(np.intp),
        codes=tuple(f"{code:0{digits}d}" for code in (rows % 10**digits).tolist()),
        value=gather(portfolio.value),
        rated=gather(rated),
        dutiable=gather(np.where(np.isnan(portfolio.column1), 0.0, portfolio.value)),
        column1_duty=gather(portfolio.column1 * portfolio.value),
        duties=_duties(entries, row_of, len(rows)),
        doubt=_doubt_of_rows(results, entries, row_of, len(rows)),
        line_counts=np.bincount(row_of, minlength=len(rows)).astype(np.intp),
        row_of=row_of,
    )


def _doubt_of_rows(results: Results, entries: _Entries, row_of: Ints, rows: int) -> Ints:
    doubt = np.zeros(rows, dtype=np.intp)
    np.bitwise_or.at(doubt, row_of, _doubts(results)[entries.line])
    return doubt


def _duties(entries: _Entries, row_of: Ints, rows: int) -> Floats:
    return np.stack([_added_up(row_of, duty, rows) for duty in entries.duties])


def _entries(results: Results, gathering: Gathering) -> _Entries:
    if gathering is Gathering.DUTY:
        return _entries_by_duty(results)
    portfolio = results.portfolio
    every = np.arange(len(portfolio.codes), dtype=np.intp)
    duties = np.stack([evaluation.duties for evaluation in results.evaluations])
    if gathering is Gathering.GROUP:
        return _Entries(portfolio.group_ids, portfolio.group_of, every, duties)
    if gathering is Gathering.NOTHING:
        return _Entries(("",), np.zeros(len(every), dtype=np.intp), every, duties)
    chapters, chapter_of = np.unique(portfolio.codes.astype("U2"), return_inverse=True)
    return _Entries(tuple(chapters.tolist()), chapter_of.astype(np.intp), every, duties)


def _entries_by_duty(results: Results) -> _Entries:
    """Each line once under every duty that charges it in some scenario, and under "column1" if dutiable."""
    portfolio, evaluations = results.portfolio, results.evaluations
    names = [COLUMN_1, *dict.fromkeys(name for found in evaluations for name in found.contributions)]
    parents, lines, duties = [], [], []
    nothing = np.zeros(len(portfolio.codes))
    for parent, name in enumerate(names):
        own = portfolio.column1 if name == COLUMN_1 else None
        rates = [own if own is not None else found.contributions.get(name, nothing) for found in evaluations]
        due = np.nan_to_num(np.stack(rates)) * portfolio.value
        charged = np.flatnonzero((due != 0).any(axis=0))
        parents.append(np.full(len(charged), parent, dtype=np.intp))
        lines.append(charged.astype(np.intp))
        duties.append(due[:, charged])
    return _Entries(tuple(names), np.concatenate(parents), np.concatenate(lines), np.concatenate(duties, axis=1))


def _doubts(results: Results) -> Ints:
    """Doubt flags of each statistical line. Where the preference changes nothing its use is of no concern."""
    portfolio, unrated = results.portfolio, np.isnan(results.evaluations[0].total)
    matters = portfolio.mfn_rate != portfolio.preferential_rate
    flags = np.where(portfolio.is_equivalent, int(Doubt.EQUIVALENT), 0)
    used = np.where(portfolio.utilisation_inferred, int(Doubt.INFERRED_USE), int(Doubt.DEFAULT_USE))
    flags = flags | np.where(matters, used, 0) | np.where(unrated, int(Doubt.NO_RATE), 0)
    flags = flags | np.where(portfolio.own.mask(len(portfolio.codes)), int(Doubt.OWN_VALUE), 0)
    result: Ints = flags.astype(np.intp)
    return result


def concentration_of(duties: Floats) -> Concentration:
    """Concentration of any set of duties (US$), one a row."""
    ordered = np.sort(duties)[::-1]
    whole = float(ordered.sum())
    if whole <= 0:
        return Concentration(0.0, 0.0, 0)
    shares = ordered / whole
    reach = int(np.searchsorted(np.cumsum(shares), 0.8 - 1e-12)) + 1
    return Concentration(float((shares**2).sum()), float(shares[:5].sum()), reach)


def parting_day(results: Results, letter: str) -> date | None:
    """The first day after the as-of date on which a scenario's average rate differs from that of `letter`."""
    days = sorted({day for series in results.series for day in series.dates if day > results.case.as_of})
    for day in days:
        averages = {series.letter: _average_on(series, day) for series in results.series}
        if any(abs(average - averages[letter]) > _SAME_RATE for average in averages.values()):
            return day
    return None


def _average_on(series: StepSeries, day: date) -> float:
    return series.averages[max(0, bisect_right(series.dates, day) - 1)]
