"""The live model's middle: the state of each duty under each scenario on each day shown, and the chart's points."""

from __future__ import annotations

from datetime import date
from typing import Final

from core.briefing import look
from core.briefing.formulas import NO_CAP, NO_TOTAL, LawCells, StateFormulas, state_formulas
from core.briefing.model import RateClass, State, View
from core.briefing.plan import RATES, Brief, limit_name
from core.briefing.words import form_word
from core.briefing.writer import absolute, literal
from core.case import Cap, SetTotal
from core.i18n import _
from core.scenario import holds

TITLE, LETTER, DAY, FIRST = range(4)
_PARTS: Final = ("on", "rate", "total", "share", "in_rate", "in_total")


def write_states(brief: Brief, row: int, laws: dict[str, LawCells]) -> int:
    """The table from this row on; gives the first row below it."""
    sheet, model = brief.sheet(RATES), brief.model
    sheet.put(row, TITLE, _("Working: each duty under each scenario on the days shown"), "heading")
    heads = [
        _("Duty"), _("Scenario"), _("Day"), _("Charged\n1 = yes"), _("Rate\n%"), _("Total\n1 = yes"),
        _("In quota\n% of value"), _("Rate in quota\n%"), _("Total in quota\n1 = yes"),
    ]  # fmt: skip
    sheet.raw.set_row(row + 1, 42)
    for column, text in enumerate(heads):
        sheet.put(row + 1, column, text, "head" if column < DAY else "head_right")
    row += 2
    for view in model.views:
        for place in range(len(model.scenarios)):
            for kind in model.classes:
                _write_state(brief, row, kind, place, view, laws[kind.slug])
                row += 1
            row = _write_limits(brief, row, place, view)
    return row


def _write_state(brief: Brief, row: int, kind: RateClass, place: int, view: View, law: LawCells) -> None:
    sheet, model = brief.sheet(RATES), brief.model
    letter = model.scenarios[place].letter
    day = _day_cell(brief, row, letter, kind.title, view)
    formulas = state_formulas(model, kind, place, view, day, law, brief.places.changes, literal(form_word(True)))
    state = model.state(kind, view, place)
    for column, (part, formula, value) in enumerate(zip(_PARTS, _texts(formulas), _values(state), strict=True), FIRST):
        if formula is None:
            sheet.put(row, column, None, "muted")
            continue
        number = look.RATE if part in ("rate", "share", "in_rate") else "0"
        sheet.formula(row, column, formula, value, "cell", number)
        brief.book.name(kind.name(letter, view, part), sheet.at(row, column))


def _day_cell(brief: Brief, row: int, letter: str, title: str, view: View) -> str:
    sheet = brief.sheet(RATES)
    sheet.put(row, TITLE, title)
    sheet.put(row, LETTER, letter, "cell", bold=True, font_color=look.scenario_colour(letter))
    sheet.formula(row, DAY, brief.places.days[view.number].split("!")[1], view.on, "cell", shrink=True)
    return absolute(row, DAY)


def _texts(formulas: StateFormulas) -> tuple[str | None, ...]:
    return (
        formulas.charged,
        formulas.rate,
        formulas.is_total,
        formulas.quota_share,
        formulas.quota_rate,
        formulas.quota_is_total,
    )


def _values(state: State) -> tuple[float, ...]:
    return (
        int(state.charged),
        state.rate,
        int(state.is_total),
        state.quota_share,
        state.quota_rate,
        int(state.quota_is_total),
    )


def _write_limits(brief: Brief, row: int, place: int, view: View) -> int:
    """Caps and totals on goods: the bound where it is in effect, else a number that binds nothing."""
    sheet, model = brief.sheet(RATES), brief.model
    letter = model.scenarios[place].letter
    for number, change, _mask in model.limits(place):
        title = _("All duties, change {number}").format(number=number + 1)
        _day_cell(brief, row, letter, title, view)
        where = brief.places.changes[place, number]
        active, off = where.active[view.number - 1], _off(change)
        value = float(change.rate) if holds(change, view.on) else off
        sheet.put(row, FIRST, None, "muted")
        sheet.formula(row, FIRST + 1, f"IF({active},{where.rate},{off})", value, "cell", look.RATE)
        brief.book.name(limit_name(letter, number, view), sheet.at(row, FIRST + 1))
        row += 1
    return row


def _off(change: Cap | SetTotal) -> float:
    return NO_CAP if isinstance(change, Cap) else NO_TOTAL


# The chart's points


def write_points(brief: Brief, row: int, last: date) -> tuple[int, int]:
    """Two points for each step of an average: the rows of the first and the last point."""
    sheet, model = brief.sheet(RATES), brief.model
    sheet.put(row, TITLE, _("Working: the averages as steps over time, for the chart"), "heading")
    sheet.put(row + 1, TITLE, _("Day"), "head")
    for place, scenario in enumerate(model.scenarios):
        sheet.put(row + 1, LETTER + place, scenario.letter, "head_right", **look.chip(scenario.letter))
    first = row = row + 2
    for number, view in enumerate(model.views):
        until = model.views[number + 1] if number + 1 < len(model.views) else None
        for end in (view, until):
            _point(brief, row, view, end.on if end else last, brief.places.days[end.number] if end else "")
            row += 1
    return first, row - 1


def _point(brief: Brief, row: int, view: View, on: date, day: str) -> None:
    sheet, model = brief.sheet(RATES), brief.model
    if day:
        sheet.formula(row, TITLE, day.split("!")[1], on, "cell", align="left")
    else:
        sheet.put(row, TITLE, on, "cell")
    for place in range(len(model.scenarios)):
        cell = brief.places.averages[view.number, place].split("!")[1]
        sheet.formula(row, LETTER + place, cell, model.average(view, place), "cell", look.RATE_TWO)
