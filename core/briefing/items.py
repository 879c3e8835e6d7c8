"""Item exposure: value, rates and duty by item group on the first and on the last day shown."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.briefing import look
from core.briefing.model import View
from core.briefing.plan import ITEMS, Brief
from core.briefing.writer import absolute, column_name, literal
from core.exposure import concentration_of
from core.i18n import _
from core.quantities import format_date
from core.results import Floats

NAME, COUNT, VALUE, SHARE, COLUMN1, FIRST = range(6)
HEAD_ROW: Final = 4


def write_items(brief: Brief) -> None:
    """The sheet: one table for the first day, one for the last."""
    sheet, model = brief.sheet(ITEMS), brief.model
    year = model.portfolio.year
    sheet.title(
        _("Item exposure"),
        _(
            "Imports for consumption {year}, customs value, chapters 1 to 97. Duty = value × rate, static: trade does "
            "not react."
        ).format(year=year),
    )
    row = _table(brief, 3, model.views[0])
    if len(model.views) > 1:
        sheet.raw.set_h_pagebreaks([row + 1])
        _table(brief, row + 1, model.views[-1])
    count = len(model.scenarios)
    sheet.widths(30, 8, 11, 9, 9.5, *[9] * count, *[11] * count, *[11] * max(1, count - 1))
    sheet.finish(freeze=(3, 1))


def _columns(brief: Brief) -> tuple[int, int, dict[int, int]]:
    """First column of the rates, of the duties, and by scenario the column of its change."""
    model, count = brief.model, len(brief.model.scenarios)
    others = [place for place in range(count) if place != model.compared]
    return FIRST, FIRST + count, {place: FIRST + 2 * count + step for step, place in enumerate(others)}


def _table(brief: Brief, row: int, view: View) -> int:
    """A table from this row on; gives the first row below it."""
    sheet, model = brief.sheet(ITEMS), brief.model
    day = f"{literal(_('Entry on') + ' ')}{brief.book.day_format}"
    sheet.formula(row, NAME, brief.places.days[view.number], view.on, "heading", day, align="left")
    _heads(brief, row + 1)
    order = np.argsort(-model.by_group(model.portfolio.value), kind="stable").tolist()
    first = row + 2
    total = first + len(order)
    for place, group in enumerate(order):
        _group_row(brief, first + place, view, group, total)
    _total_row(brief, total, first, view)
    _unrated_row(brief, total + 1)
    last = total - 1
    for scenario in range(len(model.scenarios)):
        column = column_name(FIRST + len(model.scenarios) + scenario)
        brief.places.groups[view.number, scenario] = f"{sheet.quoted}!${column}${first + 1}:${column}${last + 1}"
    brief.places.group_names[view.number] = f"{sheet.quoted}!$A${first + 1}:$A${last + 1}"
    _bars(brief, first, last)
    changes = _columns(brief)[2]
    if changes:
        sheet.quiet_zero(first, min(changes.values()), total, max(changes.values()), 499_999)
    return _concentration(brief, total + 3, first, last, view)


def _heads(brief: Brief, row: int) -> None:
    sheet, model = brief.sheet(ITEMS), brief.model
    rates, duties, changes = _columns(brief)
    sheet.raw.set_row(row, 44)
    sheet.put(row, NAME, _("Item group"), "head")
    for column, text in (
        (COUNT, _("Lines\nnumber")), (VALUE, _("Value\nUS$ m")), (SHARE, _("Share\n% of value")),
        (COLUMN1, _("Column 1\n%")),
    ):  # fmt: skip
        sheet.put(row, column, text, "head_right")
    against = model.scenarios[model.compared].letter
    for place, scenario in enumerate(model.scenarios):
        chip = look.chip(scenario.letter)
        sheet.put(row, rates + place, f"{scenario.letter}\n" + _("rate, %"), "head_right", **chip)
        sheet.put(row, duties + place, f"{scenario.letter}\n" + _("duty\nUS$ m"), "head_right", **chip)
        if place in changes:
            text = f"{scenario.letter} − {against}\n" + _("US$ m")
            sheet.put(row, changes[place], text, "head_right", **chip)


def _group_row(brief: Brief, row: int, view: View, group: int, total: int) -> None:
    sheet, model, lines = brief.sheet(ITEMS), brief.model, brief.lines
    portfolio = model.portfolio
    groups, value, name = lines.range(lines.group_number), lines.range(lines.VALUE), str(group + 1)
    mine = portfolio.group_of == group
    amount = float(portfolio.value[mine].sum())
    sheet.put(row, NAME, str(portfolio.group_names[group]))
    cell = absolute(row, VALUE)
    sheet.formula(row, COUNT, f"COUNTIF({groups},{name})", int(mine.sum()), "muted", look.INTEGER)
    sheet.formula(row, VALUE, f"SUMIFS({value},{groups},{name})", amount, "cell", look.MILLIONS)
    share = amount / float(portfolio.value.sum())
    sheet.formula(row, SHARE, f"{cell}/{absolute(total, VALUE)}", share, "cell", look.SHARE)
    rated = float(portfolio.value[mine & model.rated].sum())
    column1 = lines.range(lines.COLUMN1)
    known = f'SUMIFS({value},{groups},{name},{column1},">=0")'
    own = float(np.nansum((portfolio.column1 * portfolio.value)[mine]))
    weighted = f"SUMPRODUCT(({groups}={name})*{value},{column1})"
    _ratio(brief, row, COLUMN1, weighted, known, own, rated, "cell")
    for place in range(len(model.scenarios)):
        duty = float(model.group_duties(view, place)[group])
        if view.number == 1:
            text = f"SUMIFS({lines.range(lines.duty(place))},{groups},{name})"
        else:
            text = f"SUMPRODUCT(({groups}={name})*{value},{lines.range(lines.rate(view, place))})"
        compared = float(model.group_duties(view, model.compared)[group])
        _figures(brief, row, place, view, text, duty, known, rated, "cell", compared)


def _ratio(brief: Brief, row: int, column: int, top: str, bottom: str, over: float, under: float, role: str) -> None:
    value = over / under if under > 0 else float("nan")
    brief.sheet(ITEMS).formula(
        row, column, f"IF({bottom}>0,{top}/{bottom},{literal(_('n/a'))})", value, role, look.RATE
    )


def _figures(
    brief: Brief, row: int, place: int, view: View, duty: str, amount: float, known: str, rated: float, role: str,
    compared: float,
) -> None:  # fmt: skip
    """Rate, duty and change of one scenario."""
    sheet = brief.sheet(ITEMS)
    rates, duties, changes = _columns(brief)
    sheet.formula(row, duties + place, duty, amount, role, look.MILLIONS)
    _ratio(brief, row, rates + place, absolute(row, duties + place), known, amount, rated, role)
    if place in changes:
        other = absolute(row, duties + brief.model.compared)
        text = f"{absolute(row, duties + place)}-{other}"
        sheet.formula(row, changes[place], text, amount - compared, role, look.CHANGE_MILLIONS)


def _total_row(brief: Brief, row: int, first: int, view: View) -> None:
    """The sum of the rows above, so that the table adds up as it stands."""
    sheet, model, lines = brief.sheet(ITEMS), brief.model, brief.lines
    portfolio = model.portfolio

    def added(column: int) -> str:
        name = column_name(column)
        return f"SUM({name}{first + 1}:{name}{row})"

    sheet.put(row, NAME, _("All goods"), "total")
    sheet.formula(row, COUNT, added(COUNT), len(portfolio.codes), "total", look.INTEGER)
    sheet.formula(row, VALUE, added(VALUE), float(portfolio.value.sum()), "total", look.MILLIONS)
    sheet.formula(row, SHARE, added(SHARE), 1.0, "total", look.SHARE)
    value, column1 = lines.range(lines.VALUE), lines.range(lines.COLUMN1)
    known = f'SUMIFS({value},{column1},">=0")'
    own = float(np.nansum(portfolio.column1 * portfolio.value))
    _ratio(brief, row, COLUMN1, f"SUMPRODUCT({value},{column1})", known, own, model.rated_value, "total")
    duties = _columns(brief)[1]
    compared = float(model.group_duties(view, model.compared).sum())
    for place in range(len(model.scenarios)):
        amount = float(model.group_duties(view, place).sum())
        _figures(brief, row, place, view, added(duties + place), amount, known, model.rated_value, "total", compared)


def _unrated_row(brief: Brief, row: int) -> None:
    """What stands outside all rates."""
    sheet, model = brief.sheet(ITEMS), brief.model
    rates, duties, changes = _columns(brief)
    sheet.put(row, NAME, _("Chapters 98 and 99, no rate, not in the total"), "muted_wrap")
    sheet.put(row, VALUE, model.portfolio.unrated_value, "muted", look.MILLIONS)
    for column in (COUNT, SHARE, COLUMN1, *range(rates, duties + len(model.scenarios)), *changes.values()):
        sheet.put(row, column, None, "muted")
    sheet.raw.set_row(row, 26)


def _bars(brief: Brief, first: int, last: int) -> None:
    brief.sheet(ITEMS).raw.conditional_format(
        first, SHARE, last, SHARE,
        {"type": "data_bar", "bar_color": look.BAR, "bar_solid": True, "bar_border_color": look.BAR, "min_type": "num",
         "min_value": 0},
    )  # fmt: skip


def _concentration(brief: Brief, row: int, first: int, last: int, view: View) -> int:
    sheet, model = brief.sheet(ITEMS), brief.model
    duties = _columns(brief)[1]
    sheet.put(row, NAME, _("Concentration of the duty over the groups"), "heading")
    texts = (_("Herfindahl index, 0 to 1"), _("Share of the five largest, %"))
    for step, text in enumerate(texts, start=1):
        sheet.put(row + step, NAME, text)
        sheet.blank(row + step, COUNT, duties - 1, "cell")
    for place in range(len(model.scenarios)):
        column = duties + place
        amounts: Floats = model.group_duties(view, place)
        found = concentration_of(amounts)
        name = column_name(column)
        cells = f"{name}{first + 1}:{name}{last + 1}"
        index = f"IF(SUM({cells})>0,SUMSQ({cells})/SUM({cells})^2,0)"
        five = "+".join(f"LARGE({cells},{rank})" for rank in range(1, min(5, len(amounts)) + 1))
        sheet.formula(row + 1, column, index, found.herfindahl, "cell", "0.00")
        text = f"IF(SUM({cells})>0,({five})/SUM({cells}),0)"
        sheet.formula(row + 2, column, text, found.top_five_share, "cell", look.SHARE)
    note = _("Groups are sorted by value; the day is set on the sheet of rates ({date} as exported).")
    sheet.put(row + 3, NAME, note.format(date=format_date(view.on)), "note")
    return row + 5
