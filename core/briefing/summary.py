"""Summary: one page for someone with two minutes."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.audience import Audience
from core.briefing import look
from core.briefing.barriers import has_barriers
from core.briefing.chart import insert_steps
from core.briefing.plan import SUMMARY, Brief
from core.briefing.words import barrier_state
from core.briefing.writer import Sheet, absolute, clean, literal
from core.case import BarrierState
from core.i18n import _
from core.quantities import NOT_APPLICABLE, format_date

WHAT, FIRST = 0, 1
_TOP: Final = 8


def write_summary(brief: Brief) -> None:
    """The sheet, top to bottom: figures, the suspended rate, next dates, chart, groups, barriers."""
    sheet, case = brief.sheet(SUMMARY), brief.model.case
    sheet.title(
        str(case.title) or _("Summary"),
        _(
            "Entry into the United States from {partner}, law known to {known}. Figures are live: inputs are on the "
            "sheets of rates and assumptions."
        ).format(partner=brief.pack.partners.get(case.partner).name, known=format_date(case.known_to)),
    )
    row = _figures(brief, sheet, 3)
    count = len(brief.model.scenarios)
    beside = FIRST + count
    insert_steps(brief, sheet, 3, beside, width=96 * max(4, 9 - count) - 10, height=20 * max(12, row - 2))
    row = _sleeping(brief, sheet, row + 1)
    row = _next_dates(brief, sheet, row + 1)
    row = _groups(brief, sheet, row + 1)
    _barriers(brief, sheet, row + 1)
    sheet.widths(40, *[13] * max(9, count))
    sheet.finish(pages=1)


def _figures(brief: Brief, sheet: Sheet, row: int) -> int:
    """For each day shown: average, duty, change, by scenario."""
    model, places = brief.model, brief.places
    against = model.scenarios[model.compared].letter
    sheet.raw.set_row(row, 44)
    sheet.put(row, WHAT, _("By day of entry"), "head")
    for place, scenario in enumerate(model.scenarios):
        chip = look.chip(scenario.letter)
        sheet.put(row, FIRST + place, f"{scenario.letter}\n{scenario.name}", "head_right", **chip, font_size=9)
    row += 1
    for view in model.views:
        sheet.formula(row, WHAT, places.days[view.number], view.on, "group", align="left")
        sheet.blank(row, FIRST, FIRST + len(model.scenarios) - 1, "group")
        for step, text in enumerate(
            (_("Average rate, %"), _("Duty a year at {year} trade, US$ bn").format(year=model.portfolio.year),
             _("Change against {letter}, US$ bn").format(letter=against)), start=1,
        ):  # fmt: skip
            sheet.put(row + step, WHAT, text, "cell", indent=1)
        for place in range(len(model.scenarios)):
            duty = places.duties[view.number, place]
            sheet.formula(
                row + 1, FIRST + place, places.averages[view.number, place], model.average(view, place),
                "cell", look.RATE_TWO, bold=True, font_size=12,
            )  # fmt: skip
            sheet.formula(row + 2, FIRST + place, duty, model.duty(view, place), "cell", look.BILLIONS)
            if place == model.compared:
                sheet.put(row + 3, FIRST + place, None)
                continue
            change = model.duty(view, place) - model.duty(view, model.compared)
            text = f"{duty}-{places.duties[view.number, model.compared]}"
            sheet.formula(row + 3, FIRST + place, text, change, "cell", look.CHANGE_BILLIONS)
        row += 4
    return row


def _sleeping(brief: Brief, sheet: Sheet, row: int) -> int:
    """25 = 10 + 15, with the day on which the suspension ends."""
    for item in brief.places.sleeping:
        whole, now, rest = (f"100*{cell}" for cell in (item.whole_cell, item.in_force_cell, item.rest_cell))
        text = (
            f'IF(ISNUMBER({item.whole_cell}),{_number(whole)}&" = "&{_number(now)}&" + "&{_number(rest)},'
            f"{literal(NOT_APPLICABLE)})"
        )
        sheet.put(row, WHAT, _("{duty} under the law, %").format(duty=item.title), "plain", bold=True)
        sheet.formula(
            row, FIRST, text, _statement(item.whole, item.in_force), "plain", bold=True, font_size=12, align="left"
        )
        note = _("whole rate = in force now + suspended; the whole rate takes over on")
        sheet.put(row, FIRST + 2, note, "note", valign="vcenter")
        day = brief.book.day_format
        sheet.formula(row, FIRST + 6, item.until_cell, item.until, "plain", day, bold=True, align="left")
        row += 1
    return row


def _number(cell: str) -> str:
    """A per cent figure as text, without a decimal where it has none; the same in every language of Excel."""
    return f"ROUND({cell},2)"


def _statement(whole: float, now: float) -> str:
    parts = (100 * whole, 100 * now, 100 * (whole - now))
    whole_text, now_text, rest_text = (f"{round(part, 2):.12g}" for part in parts)
    return f"{whole_text} = {now_text} + {rest_text}"


def _next_dates(brief: Brief, sheet: Sheet, row: int) -> int:
    """What the law and the scenarios have in store after the first day."""
    coming = [change for change in brief.model.results.change_dates if change.on > brief.case.as_of][:4]
    if not coming:
        return row
    sheet.put(row, WHAT, _("Next dates"), "heading")
    for step, change in enumerate(coming, start=1):
        sheet.put(row + step, WHAT, change.on, "cell")
        who = _("law") if change.is_law else _("scenario")
        letters = ", ".join(change.letters)
        sheet.put(row + step, FIRST, who if change.is_law or not letters else f"{who} {letters}", "muted")
        text = f"{change.title}. {change.detail}" if change.detail != change.title else str(change.title)
        sheet.put(row + step, FIRST + 1, text, "plain")
    return row + len(coming) + 1


def _groups(brief: Brief, sheet: Sheet, row: int) -> int:
    """The groups that pay most under the scenario compared with, on the last day shown."""
    model, places = brief.model, brief.places
    view = model.views[-1]
    letter = model.scenarios[model.compared].letter
    heading = _("Most at stake: duty a year on entry, US$ m, largest under {letter}").format(letter=letter)
    sheet.put(row, WHAT, heading, "heading")
    sheet.raw.set_row(row + 1, 30)
    sheet.formula(row + 1, WHAT, places.days[view.number], view.on, "head", align="left")
    for place, scenario in enumerate(model.scenarios):
        sheet.put(row + 1, FIRST + place, scenario.letter, "head_right", **look.chip(scenario.letter))
    value = model.by_group(model.portfolio.value)
    shown = np.argsort(-value, kind="stable")
    amounts = model.group_duties(view, model.compared)[shown]
    # As MATCH finds them: of groups with the same duty the first one.
    ranked = [shown[int(np.argmax(amounts == amount))] for amount in sorted(amounts, reverse=True)[:_TOP]]
    ranges, names = places.groups[view.number, model.compared], places.group_names[view.number]
    for rank, group in enumerate(ranked, start=1):
        line = row + 1 + rank
        largest = f"MATCH(LARGE({ranges},{rank}),{ranges},0)"
        title = str(model.portfolio.group_names[group])
        sheet.formula(line, WHAT, f"INDEX({names},{largest})", clean(title), "cell", align="left")
        for place in range(len(model.scenarios)):
            duty = float(model.group_duties(view, place)[group])
            text = f"INDEX({places.groups[view.number, place]},{largest})"
            sheet.formula(line, FIRST + place, text, duty, "cell", look.MILLIONS)
    return row + 2 + len(ranked)


def _barriers(brief: Brief, sheet: Sheet, row: int) -> int:
    """How many barriers of each area stand where; live over the checklist."""
    if brief.audience < Audience.INTERNAL or not has_barriers(brief):
        return row
    case, places = brief.case, brief.places
    areas = brief.pack.agenda.known_areas(case.known_to)
    barriers = brief.pack.barriers.known(case.known_to)
    states = list(BarrierState)
    sheet.put(row, WHAT, _("Barriers by area and state, number"), "heading")
    sheet.raw.set_row(row + 1, 30)
    sheet.put(row + 1, WHAT, _("Area"), "head")
    for column, state in enumerate(states, start=FIRST):
        sheet.put(row + 1, column, barrier_state(state), "head_right")
    for line, area in enumerate(areas, start=row + 2):
        sheet.put(line, WHAT, str(area.name))
        for column, state in enumerate(states, start=FIRST):
            count = sum(b.agenda_area == area.id and case.barrier(b.id).state is state for b in barriers)
            text = (
                f"COUNTIFS({places.barrier_areas},{absolute(line, WHAT)},"
                f"{places.barrier_states},{absolute(row + 1, column)})"
            )
            sheet.formula(line, column, text, count, "cell", look.INTEGER)
    return row + 2 + len(areas)
