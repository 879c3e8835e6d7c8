"""Rows and cells of the Rate scenarios table, prepared once per result: no Qt, no arithmetic beyond formatting."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING

from core.case import LAW_SCENARIO, Case, RateForm, Scenario
from core.i18n import _
from core.quantities import NOT_APPLICABLE, format_date, format_number, format_percent, format_rate
from gui.change_words import goods_name
from gui.number_edit import total_word

if TYPE_CHECKING:
    from core.results import RateCell, RateRow, Results

BILLION = 1e9


class RowKind(IntEnum):
    """What a row of the table stands for."""

    DUTY = 0
    AVERAGE = 1
    DUTY_TOTAL = 2
    CHANGE = 3


@dataclass(frozen=True)
class CellView:
    """A number with what stands before it. `sign` colours a change: above, below or at zero."""

    text: str
    caption: str = ""
    is_typed: bool = False
    is_muted: bool = False
    is_bold: bool = False
    is_hatched: bool = False
    sign: float = 0.0
    edit_text: str = ""
    form: RateForm = RateForm.ADDED
    tip: str = ""


@dataclass(frozen=True)
class RowView:
    """One row. `caption` follows the name, muted."""

    kind: RowKind
    name: str
    caption: str
    covers: str
    cells: tuple[CellView, ...]
    duty: str = ""


@dataclass(frozen=True)
class HeadView:
    """The head of a scenario's column."""

    letter: str
    name: str
    summary: str
    tip: str


def exact_rate(rate: Decimal) -> str:
    """A rate of law in per cent: one decimal, or as many as it was given."""
    places = -int((rate * 100).normalize().as_tuple().exponent)
    return format_rate(rate, min(max(1, places), 4))


def head_view(scenario: Scenario) -> HeadView:
    """The first part of the summary stands in the head, all of it in the tip."""
    summary = str(scenario.summary)
    first = summary.replace("。", ".").split(";")[0].split(". ")[0].strip(" .")
    return HeadView(scenario.letter, str(scenario.name), first, f"{scenario.name}\n{summary}".strip())


def rows_of(results: Results) -> list[RowView]:
    """The duties, then what they come to."""
    case = results.case
    rows = [_duty_row(case, row) for row in results.rate_rows]
    rows.append(_average_row(results))
    rows.append(_duty_total_row(results))
    rows.append(_change_row(results))
    return rows


def _duty_row(case: Case, row: RateRow) -> RowView:
    parts = [str(row.authority), row.heading]
    if all(cell.force.value == "inquiry" for cell in row.cells):
        parts = [_("{authority} inquiry, no duty").format(authority=row.authority)]
    cells = zip(row.cells, case.scenarios, strict=True)
    return RowView(
        kind=RowKind.DUTY,
        name=str(row.title),
        caption=" · ".join(part for part in parts if part),
        covers=format_number(row.covers / BILLION, 1),
        cells=tuple(_cell(case, cell, scenario) for cell, scenario in cells),
        duty=row.duty,
    )


def _cell(case: Case, cell: RateCell, scenario: Scenario) -> CellView:
    is_law = scenario.letter == LAW_SCENARIO or not cell.is_typed
    form = RateForm.TOTAL if cell.is_total else RateForm.ADDED
    text = _cell_text(cell)
    return CellView(
        text=text,
        caption=_cell_caption(cell),
        is_typed=cell.is_typed,
        is_muted=is_law,
        is_bold=cell.is_typed,
        is_hatched=cell.suspended_rate is not None,
        edit_text=_edit_text(cell),
        form=form,
        tip=_cell_tip(case, cell),
    )


def _cell_text(cell: RateCell) -> str:
    from core.effect import effective_rate

    rate = effective_rate(cell)
    if rate is not None:
        return exact_rate(rate)
    if cell.is_typed:
        return exact_rate(Decimal(0))
    if cell.suspended_rate is not None:
        return exact_rate(Decimal(0))
    return _("none")


def _cell_caption(cell: RateCell) -> str:
    if cell.in_quota_rate is not None:
        return _("quota")
    if cell.suspended_rate is not None and cell.suspended_until is not None:
        return _("{rate} from {day}").format(
            rate=format_number(cell.suspended_rate * 100),
            day=format_date(cell.suspended_until, short=True),
        )
    return total_word() if cell.is_total and cell.rate is not None else ""


def _edit_text(cell: RateCell) -> str:
    rate = cell.rate if cell.rate is not None else Decimal(0)
    text = f"{(rate * 100).normalize():f}"
    return f"{total_word()} {text}" if cell.is_total else text


def _cell_tip(case: Case, cell: RateCell) -> str:
    lines = []
    if cell.is_typed:
        lines.append(_("Set by this scenario. Del returns to the law."))
    else:
        lines.append(_("As in law."))
    if cell.heading:
        lines.append(_("Heading {heading}").format(heading=cell.heading))
    if cell.suspended_rate is not None and cell.suspended_until is not None:
        lines.append(suspension_words(cell))
    if cell.in_quota_rate is not None and cell.quota_share is not None:
        lines.append(
            _("Quota: {share} of value at {rate}, the rest at {out}").format(
                share=format_percent(cell.quota_share),
                rate=format_percent(cell.in_quota_rate),
                out=format_percent(cell.rate),
            )
        )
    if goods := goods_name(case, cell.lines_only):
        lines.append(_("Only {goods}").format(goods=goods))
    return "\n".join(lines)


def suspension_words(cell: RateCell) -> str:
    """`25 = 10 in force + 15 suspended until 9 July`: the arithmetic for people."""
    if cell.suspended_rate is None or cell.suspended_until is None:
        return ""
    now = cell.rate if cell.rate is not None else Decimal(0)
    return _("{whole} = {now} in force + {rest} suspended until {day}").format(
        whole=format_number(cell.suspended_rate * 100),
        now=format_number(now * 100),
        rest=format_number((cell.suspended_rate - now) * 100),
        day=format_date(cell.suspended_until, short=True),
    )


def suspended_cell(results: Results, letter: str) -> tuple[RateRow, RateCell] | None:
    """The first duty that a scenario leaves partly suspended on the as-of date."""
    place = next((n for n, s in enumerate(results.case.scenarios) if s.letter == letter), None)
    if place is None:
        return None
    pairs = ((row, row.cells[place]) for row in results.rate_rows)
    return next((pair for pair in pairs if pair[1].suspended_rate is not None), None)


def _average_row(results: Results) -> RowView:
    value = float(results.portfolio.value.sum()) / BILLION
    return RowView(
        kind=RowKind.AVERAGE,
        name=_("Effective average rate, %"),
        caption="",
        covers=format_number(value, 1),
        cells=tuple(CellView(format_rate(e.average, 2), is_bold=True) for e in results.evaluations),
    )


def _duty_total_row(results: Results) -> RowView:
    return RowView(
        kind=RowKind.DUTY_TOTAL,
        name=_("Duty a year at {year} trade, static, US$ bn").format(year=results.portfolio.year),
        caption="",
        covers="",
        cells=tuple(CellView(format_number(e.duty_total / BILLION, 2)) for e in results.evaluations),
    )


def _change_row(results: Results) -> RowView:
    against = results.case.compare_with
    base = results.evaluation(against).duty_total
    cells = []
    for evaluation in results.evaluations:
        if evaluation.scenario.letter == against:
            cells.append(CellView(NOT_APPLICABLE, is_muted=True))
            continue
        change = (evaluation.duty_total - base) / BILLION
        text = format_number(change, 2, plus=True)
        cells.append(CellView(text, sign=change if text.strip("0.") else 0.0))
    return RowView(
        kind=RowKind.CHANGE,
        name=_("Change against {letter}, US$ bn").format(letter=against),
        caption="",
        covers="",
        cells=tuple(cells),
    )
