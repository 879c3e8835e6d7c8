"""Days as people type them, and what an hour in the importer's capital is elsewhere."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime, QTimeZone

from core.errors import InputError
from core.i18n import _
from core.quantities import format_date, parse_date

# Days of law are days in this zone; an instrument takes effect at one minute past midnight.
LAW_ZONE: Final = b"America/New_York"
_EFFECTIVE: Final = QTime(0, 1)

_ENGLISH = re.compile(r"(\d{1,2})\s+([A-Za-z]{3,9})\.?\s+(\d{4})")
_DOTTED = re.compile(r"(\d{4})\s*\.\s*(\d{1,2})\s*\.\s*(\d{1,2})\s*\.?")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip


def parse_day(text: str) -> date:
    """A day as Parley shows it in either language, or as 2025-07-09; InputError for anything else."""
    stripped = text.strip()
    if found := _ENGLISH.fullmatch(stripped):
        months = [n for n, name in enumerate(_MONTHS, start=1) if name.startswith(found[2].lower())]
        if months:
            return _day(int(found[3]), months[0], int(found[1]), stripped)
    if found := _DOTTED.fullmatch(stripped):
        return _day(int(found[1]), int(found[2]), int(found[3]), stripped)
    return parse_date(stripped)


def _day(year: int, month: int, day: int, typed: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise InputError(
            _("Not taken: {text} is not a day of the calendar.").format(text=typed),
            remedy=_("Type the day as year-month-day, for example 2025-07-09."),
        ) from None


def _zone_of(country: str) -> QTimeZone | None:
    """The time zone of a country (ISO-2) that has a single one."""
    territory = QLocale.codeToTerritory(country)
    if territory == QLocale.Country.AnyCountry:
        return None
    names = [bytes(name.data()) for name in QTimeZone.availableTimeZoneIds(territory)]
    named = [name for name in names if b"/" in name] or names
    return QTimeZone(named[0]) if len(named) == 1 else None


def deadline_text(on: date, partner: str, partner_name: str = "") -> str:
    """`9 July 2025, 12:01 a.m. US Eastern`, with the same moment in the partner's own time."""
    shown = _("{day}, 12:01 a.m. US Eastern").format(day=format_date(on))
    zone = _zone_of(partner)
    if zone is None or not zone.isValid():
        return shown
    moment = QDateTime(QDate(on.year, on.month, on.day), _EFFECTIVE, QTimeZone(LAW_ZONE))
    there = moment.toTimeZone(zone)
    day = date(there.date().year(), there.date().month(), there.date().day())
    local = _("{day}, {time} in {place}").format(
        day=format_date(day), time=there.time().toString("HH:mm"), place=partner_name or partner
    )
    return f"{shown}\n{local}"
