"""Rate scenarios: the days, the rates, the averages; below them the changes, the law's terms and the live model."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import numpy as np

from core.briefing import look
from core.briefing.changes_table import write_changes
from core.briefing.chart import insert_steps
from core.briefing.formulas import LawCells, Part, quota_possible, shares, total_possible
from core.briefing.inputs import CASE, LATER_DAY, canonical
from core.briefing.law_table import rate_of, write_law
from core.briefing.model import Model, RateClass, View, charge_of
from core.briefing.plan import RATES, Brief, Sleeping
from core.briefing.states_table import write_points, write_states
from core.briefing.words import form_word
from core.briefing.writer import Sheet, absolute, literal
from core.i18n import _
from core.quantities import NOT_APPLICABLE, format_date
from core.results import RateForce

TITLE, LEGAL, COVERS, FIRST = range(4)
MARK_ROW: Final = 3
DAY_ROW: Final = 4
HEAD_ROW: Final = 5
FIRST_ROW: Final = 6


def write_rates(brief: Brief) -> None:
    """The sheet. Changes, law and states come first: the table above them refers to them."""
    sheet, model = brief.sheet(RATES), brief.model
    case = model.case
    sheet.title(
        _("Rate scenarios"),
        _(
            "Yellow cells are inputs: change a date, a rate, a form or a share and everything follows. "
            "Law known to {known}."
        ).format(known=format_date(case.known_to)),
    )
    sheet.put(
        2,
        0,
        _("The lists of goods stay the same from {first} to {last}; the sheet holds for days within these.").format(
            first=format_date(model.window.first), last=format_date(model.window.last)
        ),
        "note",
    )
    _days(brief)
    inquiries = _inquiries(brief)
    end = FIRST_ROW + len(model.classes) + len(inquiries)
    row = _sleeping_row(brief, end + 4)
    chart_row = row + 1
    row = write_changes(brief, row + 18, _columns(brief))
    law_row = row + 2
    laws, row = write_law(brief, row + 2)
    sheet.raw.set_h_pagebreaks([law_row])
    row = write_states(brief, row + 2, laws)
    _heads(brief)
    for place, kind in enumerate(model.classes):
        _rate_row(brief, FIRST_ROW + place, kind)
    for place, (title, legal) in enumerate(inquiries):
        _inquiry_row(brief, FIRST_ROW + len(model.classes) + place, title, legal)
    _sums(brief, end)
    sheet.quiet_zero(end + 2, FIRST, end + 2, _columns(brief) - 1, 499_999)
    points = write_points(brief, row + 1, model.window.last)
    brief.places.chart = (sheet.name, *points)
    insert_steps(brief, sheet, chart_row, 0, width=1000, height=290)
    _sleeping(brief, end + 4, laws)
    sheet.widths(36, 27, 12, *[11.3] * (_columns(brief) - FIRST))
    _name_days(brief)
    sheet.finish(freeze=(FIRST_ROW, 1))


def _columns(brief: Brief) -> int:
    return max(FIRST + len(brief.model.views) * len(brief.model.scenarios), 16)


def column_of(brief: Brief, view: View, scenario: int) -> int:
    """The column of a scenario on a day."""
    return FIRST + (view.number - 1) * len(brief.model.scenarios) + scenario


def _days(brief: Brief) -> None:
    """The days shown are inputs."""
    sheet, model = brief.sheet(RATES), brief.model
    sheet.put(DAY_ROW, TITLE, _("Entry on"), "heading")
    for view in model.views:
        column = column_of(brief, view, 0)
        sheet.put(DAY_ROW, column, view.on, "input", shrink=True)
        brief.places.days[view.number] = sheet.at(DAY_ROW, column)
        sheet.day_between(
            DAY_ROW,
            column,
            model.window.first,
            model.window.last,
            _("Type a day from {first} to {last}: the lists of goods differ on others. Parley takes any day.").format(
                first=format_date(model.window.first), last=format_date(model.window.last)
            ),
        )


def _name_days(brief: Brief) -> None:
    """The first day shown is one of the case; the others are worked out from it."""
    sheet, views = brief.sheet(RATES), brief.model.views
    names = {view.number: "as_of" if view.number == 1 else f"{LATER_DAY}{view.number}" for view in views}
    columns = {column_of(brief, view, 0): names[view.number] for view in views}
    brief.ledger.heads(sheet, MARK_ROW, _columns(brief), CASE, columns)
    later = {names[view.number]: canonical(view.on, "") for view in views[1:]}
    brief.ledger.row(sheet, (DAY_ROW, _columns(brief)), CASE, ("as_of",), others=later)


def _heads(brief: Brief) -> None:
    sheet, model = brief.sheet(RATES), brief.model
    sheet.raw.set_row(HEAD_ROW, 42)
    sheet.put(HEAD_ROW, TITLE, _("Duty") + "\n" + _("rate added to column 1, or a total with it, %"), "head")
    sheet.put(HEAD_ROW, LEGAL, _("Legal basis") + "\n" + _("chapter 99"), "head")
    sheet.put(HEAD_ROW, COVERS, _("Charged on") + "\n" + _("US$ m"), "head_right")
    for view in model.views:
        for place, scenario in enumerate(model.scenarios):
            text = f"{scenario.letter}\n{scenario.name}"
            chip = look.chip(scenario.letter)
            sheet.put(HEAD_ROW, column_of(brief, view, place), text, "head_right", **chip, font_size=9)


def _edge(brief: Brief, scenario: int) -> dict[str, Any]:
    """A line to the left of each day's first column."""
    return {"left": 1, "left_color": look.LINE} if scenario == 0 else {}


def _rate_row(brief: Brief, row: int, kind: RateClass) -> None:
    sheet, model = brief.sheet(RATES), brief.model
    sheet.put(row, TITLE, kind.title)
    sheet.put(row, LEGAL, _legal(brief, kind), "muted")
    _covers(brief, row, kind)
    for view in model.views:
        for place, scenario in enumerate(model.scenarios):
            on, rate, share, inside = (
                kind.name(scenario.letter, view, part) for part in ("on", "rate", "share", "in_rate")
            )
            state = model.state(kind, view, place)
            shown = rate
            if quota_possible(model, kind, place):
                shown = f"{share}*{inside}+(1-{share})*{rate}"
            column = column_of(brief, view, place)
            sheet.formula(
                row,
                column,
                f"IF({on}=1,{shown},{literal(NOT_APPLICABLE)})",
                state.shown,
                "cell",
                look.RATE,
                **_edge(brief, place),
            )
            _mark(brief, row, column, kind, scenario.letter, view, place)


def _mark(brief: Brief, row: int, column: int, kind: RateClass, letter: str, view: View, place: int) -> None:
    """A total says so, and so does a quota: in words, as the number format of a condition."""
    sheet = brief.sheet(RATES)
    if quota_possible(brief.model, kind, place):
        form = brief.book.conditional(num_format=f"{literal(_('quota') + ' ')}{look.RATE}")
        sheet.raw.conditional_format(
            row,
            column,
            row,
            column,
            {
                "type": "formula",
                "criteria": f"={kind.name(letter, view, 'share')}>0",
                "format": form,
                "stop_if_true": True,
            },
        )
    if total_possible(brief.model, kind, place):
        form = brief.book.conditional(num_format=f"{literal(form_word(True) + ' ')}{look.RATE}")
        sheet.raw.conditional_format(
            row,
            column,
            row,
            column,
            {"type": "formula", "criteria": f"={kind.name(letter, view, 'total')}=1", "format": form},
        )


def _legal(brief: Brief, kind: RateClass) -> str:
    law = brief.model.results.basis.base.law.file
    authority = str(law.authorities.get(kind.duty.authority, ""))
    row = next((row for row in brief.model.results.rate_rows if row.duty == kind.duty.id), None)
    return " · ".join(part for part in (authority, row.heading if row else "") if part) or NOT_APPLICABLE


def _covers(brief: Brief, row: int, kind: RateClass) -> None:
    """The value that the duty takes under the first scenario on the first day, after the duties before it."""
    model, view = brief.model, brief.model.views[0]
    letter = model.scenarios[0].letter
    most = 1.0 if model.crowded.any() else 0.0
    lines = brief.lines

    def share(column: Callable[[RateClass], int]) -> str:
        parts = [Part(k, lines.range(column(k)), most) for k in model.classes]
        taken = shares(model.plans[0], parts, letter, view, over_ranges=True)
        return next((item.share for item in taken if item.kind is kind), "0")

    value, rest = lines.range(lines.VALUE), share(lines.claim)
    taken = f"SUMPRODUCT({value}*{rest})"
    if model.told_apart.any():  # factors apart: a line without column 1 has words for its use, which count as nothing
        used, claimed = lines.range(lines.used), share(lines.claim_claimed)
        taken = f"({taken}+SUMPRODUCT({value},{used},{claimed})-SUMPRODUCT({value},{used},{rest}))"
    text = f"{kind.name(letter, view, 'on')}*{taken}"
    brief.sheet(RATES).formula(row, COVERS, text, _covered(model, kind), "cell", look.MILLIONS)


def _covered(model: Model, kind: RateClass) -> float:
    """The same from the engine, US$."""
    view = model.views[0]
    if not model.state(kind, view, 0).charged:
        return 0.0
    day, used = view.days[0], np.where(model.rated, model.portfolio.utilisation, 0.0)
    rest = (charge_of(day, kind.duty), kind.lines, 1 - used)
    claimed = (charge_of(day.where_claimed, kind.duty), kind.claiming, used)
    found = ((c.share * model.portfolio.value * part)[lines] for c, lines, part in (rest, claimed) if c is not None)
    return float(sum(part.sum() for part in found))


def _inquiries(brief: Brief) -> list[tuple[str, str]]:
    """Open investigations that have no duty yet and for which no scenario sets one."""
    have = {kind.duty.id for kind in brief.model.classes}
    return [
        (str(row.title), str(row.authority))
        for row in brief.model.results.rate_rows
        if row.duty not in have and any(cell.force is RateForce.INQUIRY for cell in row.cells)
    ]


def _inquiry_row(brief: Brief, row: int, title: str, legal: str) -> None:
    sheet, model = brief.sheet(RATES), brief.model
    sheet.put(row, TITLE, title)
    sheet.put(row, LEGAL, f"{legal} · " + _("inquiry, no duty"), "muted")
    sheet.put(row, COVERS, None)
    for view in model.views:
        for place in range(len(model.scenarios)):
            sheet.put(row, column_of(brief, view, place), _("none"), "muted", align="right", **_edge(brief, place))


def _sums(brief: Brief, row: int) -> None:
    """Average, duty a year, and the change against the scenario that the case compares with."""
    sheet, model, lines = brief.sheet(RATES), brief.model, brief.lines
    against = model.scenarios[model.compared].letter
    year = model.portfolio.year
    sheet.put(row, TITLE, _("Average rate on all goods, %"), "total")
    sheet.put(row + 1, TITLE, _("Duty a year at {year} trade, static, US$ m").format(year=year))
    sheet.put(row + 2, TITLE, _("Change against {letter}, US$ m").format(letter=against))
    points = _("Change against {letter}, % points of value").format(letter=against)
    sheet.put(row + 3, TITLE, points, "total", bold=False)
    sheet.blank(row, LEGAL, LEGAL, "total")
    sheet.blank(row + 1, LEGAL, COVERS, "cell")
    sheet.blank(row + 2, LEGAL, COVERS, "cell")
    sheet.blank(row + 3, LEGAL, COVERS, "total")
    value = lines.range(lines.VALUE)
    rated = f'SUMIFS({value},{lines.range(lines.COLUMN1)},">=0")'
    sheet.formula(row, COVERS, rated, model.rated_value, "total", look.MILLIONS)
    base = absolute(row, COVERS)
    for view in model.views:
        for place in range(len(model.scenarios)):
            column = column_of(brief, view, place)
            rates = lines.range(lines.rate(view, place))
            total = f"SUMPRODUCT({value},{rates})" if view.number > 1 else f"SUM({lines.range(lines.duty(place))})"
            duty, average = model.duty(view, place), model.average(view, place)
            edge = _edge(brief, place)
            sheet.formula(row + 1, column, total, duty, "cell", look.MILLIONS, **edge)
            sheet.formula(row, column, f"{absolute(row + 1, column)}/{base}", average, "total", look.RATE_TWO, **edge)
            other = column_of(brief, view, model.compared)
            more, points_more = duty - model.duty(view, model.compared), average - model.average(view, model.compared)
            _against(sheet, row + 2, column, other, row + 1, more, look.CHANGE_MILLIONS, "cell", edge)
            plain = {**edge, "bold": False}
            _against(sheet, row + 3, column, other, row, points_more, look.RATE_CHANGE_TWO, "total", plain)
            brief.places.duties[view.number, place] = sheet.at(row + 1, column)
            brief.places.averages[view.number, place] = sheet.at(row, column)


def _against(
    sheet: Sheet,
    row: int,
    column: int,
    other: int,
    source: int,
    value: float,
    number: str,
    role: str,
    edge: dict[str, Any],
) -> None:
    if column == other:
        sheet.put(row, column, None, role, **edge)
        return
    sheet.formula(row, column, f"{absolute(source, column)}-{absolute(source, other)}", value, role, number, **edge)


# What the law has in store


def _suspended(brief: Brief) -> list[tuple[RateClass, float, date]]:
    """Classes with a suspended rate on the first day shown, its whole rate and the day it takes over."""
    first, found = brief.model.views[0].on, []
    for kind in brief.model.classes:
        place = max(place for place, term in enumerate(kind.terms) if term.start <= first)
        terms = kind.asleep[place]
        if terms is not None and terms.suspended is not None and terms.suspended.suspended is not None:
            found.append((kind, float(terms.suspended.rate), terms.suspended.suspended[1]))
    return found


def _sleeping_row(brief: Brief, row: int) -> int:
    """The first row below the block of suspended rates."""
    count = len(_suspended(brief))
    return row + (count + 2 if count else 0)


def _sleeping(brief: Brief, row: int, laws: dict[str, LawCells]) -> None:
    """25 = 10 + 15: what is in force, what is suspended, and both together."""
    sheet, model = brief.sheet(RATES), brief.model
    found = _suspended(brief)
    if not found:
        return
    sheet.put(row + 1, TITLE, _("Under the law on the first day shown"), "head")
    for place, text in enumerate((_("whole rate"), "", _("in force"), "", _("suspended"), "", _("takes over on"))):
        sheet.put(row + 1, LEGAL + place, text, "head_right")
    day = brief.places.days[1].split("!")[1]
    first = model.views[0].on
    for place, (kind, whole, until) in enumerate(found, start=row + 2):
        law = laws[kind.slug]
        cells = [absolute(place, LEGAL + step) for step in (0, 2, 4, 6)]
        rest = f"IF(ISNUMBER({cells[0]}),{cells[0]}-{cells[1]},{literal(NOT_APPLICABLE)})"
        sheet.put(place, TITLE, kind.title)
        sheet.put(place, LEGAL + 1, "=", "cell_right")
        sheet.put(place, LEGAL + 3, "+", "cell_right")
        sheet.blank(place, LEGAL + 5, LEGAL + 5, "cell")
        sheet.formula(place, LEGAL, law.at(law.suspended, day), whole, "cell", look.RATE, bold=True)
        sheet.formula(place, LEGAL + 2, law.at(law.rate, day), _law_rate(kind, first), "cell", look.RATE)
        sheet.formula(place, LEGAL + 4, rest, whole - _law_rate(kind, first), "cell", look.RATE)
        sheet.formula(place, LEGAL + 6, law.at(law.until, day), until, "cell", brief.book.day_format)
        here = [f"{sheet.quoted}!{cell}" for cell in cells]
        brief.places.sleeping.append(Sleeping(kind.title, whole, _law_rate(kind, first), until, *here))


def _law_rate(kind: RateClass, on: date) -> float:
    """What the law charges on these lines on a day."""
    return rate_of(next((term.state for term in reversed(kind.terms) if term.start <= on), None))
