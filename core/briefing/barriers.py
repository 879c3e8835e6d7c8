"""Barrier checklist: the catalogue as known, and where the delegation stands on each barrier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.audience import Audience
from core.briefing.inputs import BARRIER, LABEL, LONGEST_TEXT, LONGEST_WORD
from core.briefing.plan import BARRIERS, Brief
from core.briefing.words import barrier_state
from core.briefing.writer import Value, column_name
from core.case import BarrierRecord, BarrierState
from core.case_rules import LAST_DAY
from core.i18n import _
from core.quantities import NOT_APPLICABLE, format_date
from core.reference.barriers import Barrier

_MARK_ROW: Final = 2
HEAD_ROW: Final = 3
FIRST_ROW: Final = 4
_FIRST_DUE: Final = date(2000, 1, 1)
_INPUT: Final = "input_wrap"


@dataclass(frozen=True)
class Column:
    """One column: what it shows of a barrier and of our record on it, for which circle at the widest."""

    title: str
    width: float
    show: Callable[[Barrier, BarrierRecord], Value]
    audience: Audience = Audience.SHAREABLE
    role: str = "wrap"
    field: str = ""  # of the record, where the column is an input


def write_barriers(brief: Brief) -> None:
    """The sheet."""
    sheet, case = brief.sheet(BARRIERS), brief.case
    if not has_barriers(brief):
        _write_none(brief)
        return
    catalogue = brief.pack.barriers
    known = _in_order(brief)
    note = _("{count} barriers known on {date}; report: {report}.").format(
        count=len(known), date=format_date(case.known_to), report=catalogue.report
    )
    sheet.title(_("Barrier checklist"), note)
    sheet.raw.set_row(1, 24)  # the row below it is hidden
    columns = [column for column in _columns(brief) if column.audience <= brief.audience]
    fields = {place: column.field for place, column in enumerate(columns) if column.field}
    if brief.audience >= Audience.INTERNAL:
        titles = [column.title for column in columns]
        brief.ledger.heads(sheet, _MARK_ROW, len(columns), BARRIER, {titles.index(_("Barrier")): LABEL, **fields})
    for place, column in enumerate(columns):
        sheet.put(HEAD_ROW, place, column.title, "head")
    for row, barrier in enumerate(known, start=FIRST_ROW):
        record = case.barrier(barrier.id)
        for place, column in enumerate(columns):
            _put(brief, row, place, column, column.show(barrier, record))
        sheet.fit(row, *((str(column.show(barrier, record)), column.width) for column in columns))
        if fields:
            name = f"{BARRIER}:{barrier.id}"
            brief.ledger.row(sheet, (row, len(columns)), name, fields.values(), label=str(barrier.title))
    last = max(FIRST_ROW, FIRST_ROW + len(known) - 1)
    _rules(brief, columns, last)
    sheet.raw.autofilter(HEAD_ROW, 0, last, len(columns) - (not fields))  # ids are sorted along
    sheet.widths(*(column.width for column in columns))
    sheet.finish(freeze=(FIRST_ROW, 2), repeat=(HEAD_ROW, HEAD_ROW))


def has_barriers(brief: Brief) -> bool:
    """Whether the catalogue is about talks with the case's partner, or the delegation made it its own."""
    return bool(brief.case.barriers) or brief.case.partner in _talks_with(brief)


def _talks_with(brief: Brief) -> list[str]:
    """Whom the agenda of the pack, and with it the catalogue, is about."""
    sides = dict.fromkeys(position.side for area in brief.pack.agenda.areas for position in area.positions)
    return [side for side in sides if side != brief.case.importer]


def _write_none(brief: Brief) -> None:
    sheet, partners = brief.sheet(BARRIERS), brief.pack.partners
    about = ", ".join(str(partners.get(code).name) for code in _talks_with(brief)) or NOT_APPLICABLE
    note = _("The barriers in the pack are those of talks with {about}; it has none of {partner}.")
    sheet.title(_("Barrier checklist"), note.format(about=about, partner=partners.get(brief.case.partner).name))
    sheet.widths(120)
    sheet.finish()


def _in_order(brief: Brief) -> list[Barrier]:
    """By agenda area, in catalogue order within."""
    areas = [area.id for area in brief.pack.agenda.known_areas(brief.case.known_to)]
    known = brief.pack.barriers.known(brief.case.known_to)
    return sorted(known, key=lambda barrier: areas.index(barrier.agenda_area) if barrier.agenda_area in areas else 99)


def _columns(brief: Brief) -> list[Column]:
    areas = {area.id: str(area.name) for area in brief.pack.agenda.areas}
    words = brief.pack.barriers.words
    ours = Audience.INTERNAL
    closest = Audience.DELEGATION
    mark = _("illustrative")
    example = [Column(_("Example"), 11, lambda _b, r: mark if r.illustrative else "", ours, "muted_wrap")]
    if not any(record.illustrative for record in brief.case.barriers):
        example = []
    return [
        Column(_("Area"), 15, lambda b, _r: areas.get(b.agenda_area, b.agenda_area)),
        Column(_("Barrier"), 24, lambda b, _r: str(b.title)),
        Column(_("What is asked"), 30, lambda b, _r: str(b.us_ask)),
        Column(_("Rule"), 28, lambda b, _r: str(b.rule)),
        Column(_("Lead"), 9, lambda b, _r: str(b.lead.short)),
        Column(_("In the report"), 13, lambda b, _r: str(words(b.standing).short)),
        Column(_("Kind"), 12, lambda b, _r: b.kind.label),
        Column(_("State"), 14, lambda _b, r: barrier_state(r.state), ours, _INPUT, "state"),
        Column(_("Owner"), 10, lambda _b, r: r.owner, ours, _INPUT, "owner"),
        Column(_("Due"), 11, lambda _b, r: r.due or "", ours, _INPUT, "due"),
        Column(_("Position"), 36, lambda _b, r: str(r.position), ours, _INPUT, "position"),
        Column(_("Fall-back"), 30, lambda _b, r: str(r.fall_back), closest, _INPUT, "fall_back"),
        Column(_("Red line"), 30, lambda _b, r: str(r.red_line), closest, _INPUT, "red_line"),
        *example,
        Column(_("Evidence"), 10, lambda b, _r: b.confidence.label, Audience.SHAREABLE, "muted_wrap"),
    ]


def _put(brief: Brief, row: int, place: int, column: Column, value: Value) -> None:
    sheet = brief.sheet(BARRIERS)
    if value != "":
        sheet.put(row, place, value, column.role)
    elif column.field:
        number = {"num_format": brief.book.day_format, "align": "left"} if column.field == "due" else {}
        sheet.blank(row, place, place, column.role, **number)
    else:
        sheet.put(row, place, None, column.role, align="left")


def _rules(brief: Brief, columns: list[Column], last: int) -> None:
    """What may be typed, and the ranges that the summary counts."""
    sheet, rows = brief.sheet(BARRIERS), last - FIRST_ROW + 1
    for place, column in enumerate(columns):
        if column.field == "state":
            sheet.choice(FIRST_ROW, place, [barrier_state(state) for state in BarrierState], rows=rows)
            areas, states = column_name(0), column_name(place)
            brief.places.barrier_areas = f"{sheet.quoted}!${areas}${FIRST_ROW + 1}:${areas}${last + 1}"
            brief.places.barrier_states = f"{sheet.quoted}!${states}${FIRST_ROW + 1}:${states}${last + 1}"
        elif column.field == "due":
            message = _("Type a day, for example 2025-07-09, or leave it empty.")
            sheet.day_between(FIRST_ROW, place, _FIRST_DUE, LAST_DAY, message, rows=rows)
        elif column.field:
            longest = LONGEST_WORD if column.field == "owner" else LONGEST_TEXT
            message = _("Not more than {count} characters.").format(count=f"{longest:,}")
            sheet.shorter_than(FIRST_ROW, place, longest, message, rows=rows)
