"""Barrier checklist: the catalogue as known, and where the delegation stands on each barrier."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from core.audience import Audience
from core.briefing.plan import BARRIERS, Brief
from core.briefing.words import barrier_state
from core.briefing.writer import Value, column_name
from core.case import BarrierRecord, BarrierState
from core.i18n import _
from core.quantities import format_date
from core.reference.barriers import Barrier

HEAD_ROW: Final = 3
FIRST_ROW: Final = 4


@dataclass(frozen=True)
class Column:
    """One column: what it shows of a barrier and of our record on it, for which circle at the widest."""

    title: str
    width: float
    show: Callable[[Barrier, BarrierRecord], Value]
    audience: Audience = Audience.SHAREABLE
    role: str = "wrap"


def write_barriers(brief: Brief) -> None:
    """The sheet."""
    sheet, case = brief.sheet(BARRIERS), brief.case
    catalogue = brief.pack.barriers
    known = _in_order(brief)
    note = _("{count} barriers known on {date}; report: {report}.").format(
        count=len(known), date=format_date(case.known_to), report=catalogue.report
    )
    sheet.title(_("Barrier checklist"), note)
    columns = [column for column in _columns(brief) if column.audience <= brief.audience]
    for place, column in enumerate(columns):
        sheet.put(HEAD_ROW, place, column.title, "head")
    for row, barrier in enumerate(known, start=FIRST_ROW):
        record = case.barrier(barrier.id)
        for place, column in enumerate(columns):
            _put(brief, row, place, column, column.show(barrier, record))
        sheet.fit(row, *((str(column.show(barrier, record)), column.width) for column in columns))
    last = max(FIRST_ROW, FIRST_ROW + len(known) - 1)
    _states(brief, columns, last)
    sheet.raw.autofilter(HEAD_ROW, 0, last, len(columns) - 1)
    sheet.widths(*(column.width for column in columns))
    sheet.finish(freeze=(FIRST_ROW, 2), repeat=(HEAD_ROW, HEAD_ROW))


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
    return [
        Column(_("Area"), 15, lambda b, _r: areas.get(b.agenda_area, b.agenda_area)),
        Column(_("Barrier"), 24, lambda b, _r: str(b.title)),
        Column(_("What is asked"), 30, lambda b, _r: str(b.us_ask)),
        Column(_("Rule"), 28, lambda b, _r: str(b.rule)),
        Column(_("Lead"), 9, lambda b, _r: str(b.lead.short)),
        Column(_("In the report"), 13, lambda b, _r: str(words(b.standing).short)),
        Column(_("Kind"), 12, lambda b, _r: b.kind.label),
        Column(_("State"), 14, lambda _b, r: barrier_state(r.state), ours, "input_wrap"),
        Column(_("Owner"), 10, lambda b, r: r.owner or "", ours, "input_wrap"),
        Column(_("Due"), 11, lambda _b, r: r.due or "", ours, "input_wrap"),
        Column(_("Position"), 36, lambda _b, r: _own(r, str(r.position)), ours, "input_wrap"),
        Column(_("Fall-back"), 30, lambda _b, r: _own(r, str(r.fall_back)), closest, "input_wrap"),
        Column(_("Red line"), 30, lambda _b, r: _own(r, str(r.red_line)), closest, "input_wrap"),
        Column(_("Evidence"), 10, lambda b, _r: b.confidence.label, Audience.SHAREABLE, "muted_wrap"),
    ]


def _own(record: BarrierRecord, text: str) -> str:
    """Our words; an example says that it is one."""
    return f"{text} " + _("(illustrative)") if text and record.illustrative else text


def _put(brief: Brief, row: int, place: int, column: Column, value: Value) -> None:
    sheet = brief.sheet(BARRIERS)
    if value == "" and column.role == "input_wrap":
        sheet.blank(row, place, place, column.role)
    elif value == "":
        sheet.put(row, place, None, column.role)
    else:
        sheet.put(row, place, value, column.role)


def _states(brief: Brief, columns: list[Column], last: int) -> None:
    """The states to choose from, and the ranges that the summary counts."""
    sheet = brief.sheet(BARRIERS)
    titles = [column.title for column in columns]
    if _("State") not in titles:
        return
    place = titles.index(_("State"))
    sheet.choice(FIRST_ROW, place, [barrier_state(state) for state in BarrierState], rows=last - FIRST_ROW + 1)
    areas, states = column_name(0), column_name(place)
    brief.places.barrier_areas = f"{sheet.quoted}!${areas}${FIRST_ROW + 1}:${areas}${last + 1}"
    brief.places.barrier_states = f"{sheet.quoted}!${states}${FIRST_ROW + 1}:${states}${last + 1}"
