"""Two moments side by side: what changed, for whom, and why; and which instruments were released in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.case import LAW_SCENARIO, Case
from core.codes import LINE_DIGITS
from core.comparison.effects import Release
from core.comparison.reasons import LineReason, line_reasons
from core.comparison.releases import releases
from core.comparison.rows import Rows, rows
from core.comparison.sides import Moment, Pair, Side, work_out
from core.errors import InputError
from core.i18n import _
from core.law_history import Cause, causes
from core.quantities import format_date
from core.reference.law import Gap
from core.reference.pack import Pack
from core.results import Floats

__all__ = ["Comparison", "DayOfChange", "Moment", "PartChange", "compare_moments", "spokesmen"]


@dataclass(frozen=True)
class PartChange:
    """Column 1, one duty, or their total. Duty in US$ a year on the goods compared, rates as fractions of them."""

    name: str  # core.exposure.COLUMN_1, id of the duty, "" for the total
    compared: float
    duty_before: float
    duty_after: float

    @property
    def before(self) -> float | None:
        return self.duty_before / self.compared if self.compared > 0 else None

    @property
    def after(self) -> float | None:
        return self.duty_after / self.compared if self.compared > 0 else None

    @property
    def points(self) -> float | None:
        return self.change / self.compared if self.compared > 0 else None

    @property
    def change(self) -> float:
        return self.duty_after - self.duty_before


@dataclass(frozen=True)
class DayOfChange:
    """What happens on one day between the two days of entry, under the law as known at the later moment."""

    on: date
    causes: tuple[Cause, ...]


@dataclass(frozen=True, eq=False)
class Comparison:
    """The difference between two moments. Goods without a number on one side are in no sum: see `only_one_side`.

    group_lines: tariff lines by item group, keys `group:code`, for a table of groups that open.
    """

    letter: str
    pair: Pair
    parts: tuple[PartChange, ...]  # column 1 first, duties in stacking order; add up to the total
    total: PartChange
    groups: Rows
    lines: Rows
    group_lines: Rows
    releases: tuple[Release, ...]
    events: tuple[DayOfChange, ...]

    @property
    def before(self) -> Side:
        return self.pair.before

    @property
    def after(self) -> Side:
        return self.pair.after

    @property
    def value(self) -> float:
        """All trade, US$."""
        return float(self.pair.value.sum())

    @property
    def only_one_side(self) -> float:
        """US$ of goods that have a number at one moment only."""
        return float(self.pair.value[self.pair.has_before ^ self.pair.has_after].sum())

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The measures that leave goods without a number at one of the moments."""
        return tuple({gap.id: gap for side in (self.before, self.after) for gap in side.gaps()}.values())

    @property
    def is_same(self) -> bool:
        """Whether no rate differs."""
        return not self.groups.changed


def compare_moments(
    case: Case,
    pack: Pack,
    before: Moment,
    after: Moment,
    scenario_letter: str = LAW_SCENARIO,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Comparison:
    """Compare one scenario of a case at two moments; the case's own days are left aside.

    The two days of entry may be in any order. InputError when the first moment knows more law than the second:
    the signs of all changes would be read the wrong way round. NoLawError for a day that the pack does not cover.
    """
    check_order(before, after)
    pair = work_out(case, pack, (before, after), scenario_letter, cancelled)
    partner, found = pack.partners.get(case.partner), line_reasons(pair)
    return Comparison(
        letter=scenario_letter,
        pair=pair,
        parts=tuple(_part(pair, name) for name in pair.names),
        total=_total(pair),
        groups=rows(pair, found, pair.before.portfolio.group_ids, pair.before.portfolio.group_of),
        lines=_by_line(pair, found),
        group_lines=_by_group_and_line(pair, found),
        releases=releases(pair.after.base, pair.after.portfolio, partner.union, before.known, after.known),
        events=_events(pair),
    )


def spokesmen(comparison: Comparison) -> dict[str, str]:
    """By key of a row (group, tariff line, group:line, duty) the statistical line whose change weighs most in it."""
    pair, portfolio = comparison.pair, comparison.before.portfolio
    differs = pair.moved | (pair.has_before ^ pair.has_after)
    weight = np.where(differs, np.abs(pair.change * pair.value), -1.0)
    found: dict[str, str] = {}
    for line in np.lexsort((portfolio.value, weight)).tolist():  # the last to be written weighs most
        code, group = str(portfolio.codes[line]), portfolio.group_ids[int(portfolio.group_of[line])]
        for key in (group, code[:LINE_DIGITS], f"{group}:{code[:LINE_DIGITS]}"):
            found[key] = code
    return found | {name: str(portfolio.codes[_heaviest(pair, name)]) for name in pair.names}


def _heaviest(pair: Pair, name: str) -> int:
    """The line on which a duty changes most, or which pays most of it where it changes on none."""
    change = np.abs(pair.part_change(name) * pair.value)
    return int(np.argmax(change if change.any() else np.nan_to_num(pair.after.part(name)) * pair.value))


def check_order(before: Moment, after: Moment) -> None:
    """InputError when the first moment knows more law than the second."""
    if after.known < before.known:
        raise InputError(
            _("The first moment knows more law than the second."),
            why=_("It knows the law to {first}, the second only to {second}.").format(
                first=format_date(before.known), second=format_date(after.known)
            ),
            remedy=_("Exchange the two."),
        )


def _part(pair: Pair, name: str) -> PartChange:
    return _sums(pair, name, pair.before.part(name), pair.after.part(name))


def _total(pair: Pair) -> PartChange:
    return _sums(pair, "", pair.before.evaluation.total, pair.after.evaluation.total)


def _sums(pair: Pair, name: str, before: Floats, after: Floats) -> PartChange:
    value = pair.value[pair.both]
    return PartChange(
        name,
        float(value.sum()),
        float((before[pair.both] * value).sum()),
        float((after[pair.both] * value).sum()),
    )


def _by_line(pair: Pair, found: Sequence[LineReason]) -> Rows:
    codes = pair.before.portfolio.codes.astype(f"U{LINE_DIGITS}")
    keys, row_of = np.unique(codes, return_inverse=True)
    return rows(pair, found, keys.tolist(), row_of.astype(np.intp))


def _by_group_and_line(pair: Pair, found: Sequence[LineReason]) -> Rows:
    portfolio = pair.before.portfolio
    names = np.array(portfolio.group_ids)[portfolio.group_of]
    codes = np.char.add(np.char.add(names, ":"), portfolio.codes.astype(f"U{LINE_DIGITS}"))
    keys, row_of = np.unique(codes, return_inverse=True)
    return rows(pair, found, keys.tolist(), row_of.astype(np.intp))


def _events(pair: Pair) -> tuple[DayOfChange, ...]:
    base = pair.after.base
    first, last = sorted((pair.before.moment.on, pair.after.moment.on))
    days = sorted(day for day in base.days() if first < day <= last)
    found = (DayOfChange(day, causes(base, day)) for day in days)
    return tuple(day for day in found if day.causes)
