"""What a preview says: which input it is, what it holds, and where it stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from core import i18n
from core.briefing.assumptions import dotted, use_word
from core.briefing.inputs import (
    ASSUMPTION,
    BARRIER,
    CASE,
    CHANGE,
    DEFAULT_USE,
    USE_OF_COLUMN_1,
    UTILISATION,
    Kind,
    find_change,
    name_of,
    sort_of,
)
from core.briefing.plan import ASSUMPTIONS, BARRIERS, RATES
from core.briefing.words import barrier_state, form_word, kind_of_change
from core.case import BarrierState, Case, Column1Use, RateForm
from core.i18n import _
from core.quantities import NO_BREAK_SPACE, NOT_APPLICABLE, format_date
from core.text import LocalText

_LONGEST_LABEL: Final = 80
SHEETS: Final = {CASE: RATES, CHANGE: RATES, ASSUMPTION: ASSUMPTIONS, BARRIER: BARRIERS}


def sheet_of(sort: str) -> LocalText:
    """The sheet on which rows of this sort were written."""
    return SHEETS.get(sort, LocalText(sort, sort))


def row_words(case: Case, row: str, label: str = "", duty: str = "") -> str:
    """What a row is about. label, duty: what the workbook says beside it."""
    sort, name = sort_of(row), name_of(row)
    if sort == CASE:
        return _("Case")
    if sort == BARRIER:
        return label[:_LONGEST_LABEL] or name
    if sort == ASSUMPTION:
        return _assumption_words(name, label)
    try:
        letter, place, change = find_change(case, name)
    except KeyError:
        return label[:_LONGEST_LABEL] or name
    parts = (f"{letter} {place + 1}", kind_of_change(change), duty[:_LONGEST_LABEL])
    return " · ".join(part for part in parts if part and part != NOT_APPLICABLE)


def _assumption_words(name: str, label: str) -> str:
    table, _separator, key = name.partition(":")
    if table == USE_OF_COLUMN_1:
        return _("Column 1 that counts towards a total")
    if table == DEFAULT_USE:
        return _("Use of the preference where duty collected does not show it")
    if table == UTILISATION:
        return _("Use of the preference, {code}").format(code=dotted(key))
    return label[:_LONGEST_LABEL] or key


def field_words(row: str, field: str) -> str:
    """The field of a row; "" where the row is one value."""
    if sort_of(row) == ASSUMPTION:
        return ""
    words = {
        "as_of": _("Rates as of"),
        "start": _("From"),
        "until": _("Until"),
        "rate": _("Rate"),
        "form": _("Form"),
        "share_in_quota": _("Share in quota"),
        "in_rate": _("Rate in quota"),
        "volume": _("Volume"),
        "unit": _("Unit"),
        "state": _("State"),
        "owner": _("Owner"),
        "due": _("Due"),
        "position": _("Position"),
        "fall_back": _("Fall-back"),
        "red_line": _("Red line"),
    }
    return words.get(field, _("Day shown"))


def what_words(case: Case, row: str, field: str, label: str = "", duty: str = "") -> str:
    """Row and field in one line."""
    return ": ".join(part for part in (row_words(case, row, label, duty), field_words(row, field)) if part)


def value_words(kind: Kind, text: str) -> str:
    """A canonical value as people read it."""
    if not text:
        return NOT_APPLICABLE if kind in (Kind.OPEN_DAY, Kind.OPEN_SHARE, Kind.AMOUNT, Kind.WORD) else _("(empty)")
    match kind:
        case Kind.DAY | Kind.OPEN_DAY:
            return format_date(date.fromisoformat(text))
        case Kind.RATE | Kind.SHARE | Kind.OPEN_SHARE:
            return _exact_percent(Decimal(text))
        case Kind.AMOUNT:
            return f"{Decimal(text):,f}"
        case Kind.FORM:
            return form_word(RateForm(text) is RateForm.TOTAL)
        case Kind.USE:
            return use_word(Column1Use(text))
        case Kind.STATE:
            return barrier_state(BarrierState(text))
    return text


def _exact_percent(fraction: Decimal) -> str:
    """With all its digits: 12.345 % and 12.346 % are two values."""
    number = f"{(fraction * 100).normalize():f}"
    return number + ("%" if i18n.language() == "ko" else NO_BREAK_SPACE + "%")
