"""The law's terms on each class of lines, by date: what the formulas look up."""

from __future__ import annotations

from datetime import date

from core.briefing import look
from core.briefing.formulas import LawCells
from core.briefing.model import RateClass
from core.briefing.plan import RATES, Brief
from core.briefing.writer import column_name
from core.i18n import _
from core.quantities import format_date
from core.tariff.explain import citation
from core.tariff.measures import MeasureState, RateKind

TITLE, HEADING, START, CHARGED, RATE, IS_TOTAL, SUSPENDED, UNTIL, MEASURE = range(9)


def write_law(brief: Brief, row: int) -> tuple[dict[str, LawCells], int]:
    """The table from this row on: the ranges by class, and the first row below it."""
    sheet = brief.sheet(RATES)
    sheet.put(
        row,
        TITLE,
        _("The law as known on {date}, on the days for which this workbook holds").format(
            date=format_date(brief.case.known_to)
        ),
        "heading",
    )
    heads = [
        _("Duty"), _("Heading"), _("From\nday"), _("Charged\n1 = yes"), _("Rate\n%"), _("Total\n1 = yes"),
        _("Suspended\n%"), _("Takes over\non"), _("Measure and instruments"),
    ]  # fmt: skip
    sheet.raw.set_row(row + 1, 42)
    for column, text in enumerate(heads):
        role = "head" if column in (TITLE, HEADING, MEASURE) else "head_right"
        sheet.put(row + 1, column, text, role, text_wrap=column != MEASURE)
    sheet.blank(row + 1, MEASURE + 1, 15, "head")
    row += 2
    found = {}
    for kind in brief.model.classes:
        told = _told(kind)
        count = len(told)
        columns = (START, RATE, IS_TOTAL, CHARGED, SUSPENDED, UNTIL)
        found[kind.slug] = LawCells(*(_range(row, count, column) for column in columns))
        for step, place in enumerate(told):
            _write_term(brief, row + step, kind, place)
        row += count
    return found, row


def _told(kind: RateClass) -> list[int]:
    """The terms that differ from the ones before them."""

    def key(place: int) -> tuple[MeasureState | None, MeasureState | None]:
        asleep = kind.asleep[place]
        return kind.terms[place].state, asleep.suspended if asleep is not None else None

    return [place for place in range(len(kind.terms)) if place == 0 or key(place) != key(place - 1)]


def _range(row: int, count: int, column: int) -> str:
    name = column_name(column)
    return f"${name}${row + 1}:${name}${row + count}"


def _write_term(brief: Brief, row: int, kind: RateClass, place: int) -> None:
    sheet, term, asleep = brief.sheet(RATES), kind.terms[place], kind.asleep[place]
    state = term.state
    sheet.put(row, TITLE, kind.title if place == 0 else "", "cell")
    sheet.put(row, HEADING, state.measure.headings.charged if state else None, "muted", align="left")
    sheet.put(row, START, term.start, "cell", shrink=True, align="right")
    sheet.put(row, CHARGED, int(state is not None), "muted", "0")
    sheet.put(row, RATE, rate_of(state), "cell", look.RATE)
    sheet.put(row, IS_TOTAL, int(state is not None and state.kind is RateKind.TOTAL), "muted", "0")
    sleeper = asleep.suspended if asleep is not None else None
    sheet.put(row, SUSPENDED, float(sleeper.rate) if sleeper else None, "cell", look.RATE)
    until = sleeper.suspended[1] if sleeper is not None and sleeper.suspended is not None else None
    sheet.put(row, UNTIL, until, "cell", brief.book.day_format, shrink=True, align="right")
    sheet.put(
        row,
        MEASURE,
        _measure(brief, state, term.start) if state else _("nothing charged"),
        "plain",
        font_size=9,
        indent=1,
    )


def rate_of(state: MeasureState | None) -> float:
    """What is charged, a fraction; NaN where that takes a unit value, 0 where nothing is charged."""
    if state is None:
        return 0.0
    return float("nan") if state.kind is RateKind.MINIMUM_PRICE else float(state.rate)


def _measure(brief: Brief, state: MeasureState, on: date) -> str:
    law = brief.model.results.basis.base.law
    cited = citation(law, state.instruments(on))
    return f"{state.measure.title} · {cited}"
