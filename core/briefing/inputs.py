"""The inputs of the workbook by name: which field of the case each one is, and in what form two values are compared.

A row is `barrier:ID`, `change:ID`, `assumption:NAME` or `case`; with a field it names one input cell. The writer
and the reader of the workbook both speak of inputs in these words only.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from typing import Final

from core.audience import Audience, field_audiences
from core.briefing.writer import clean
from core.case import AnyChange, BarrierRecord, Case, Quota
from core.text import LocalText

CASE, CHANGE, ASSUMPTION, BARRIER = "case", "change", "assumption", "barrier"
LABEL, DUTY, VALUE, LATER_DAY = "label", "duty", "value", "day_"
USE_OF_COLUMN_1, DEFAULT_USE = "column_1_for_totals", "default_utilisation"
UTILISATION, LISTED_USE = "utilisation", "listed_use"
LONGEST_TEXT: Final = 30_000  # Excel holds 32,767 characters in a cell and cuts off the rest without a word
LONGEST_WORD: Final = 200


class Kind(Enum):
    """What may stand in an input."""

    DAY = auto()
    OPEN_DAY = auto()  # or nothing
    RATE = auto()
    SHARE = auto()
    OPEN_SHARE = auto()  # or nothing
    AMOUNT = auto()  # above 0, or nothing
    FORM = auto()
    USE = auto()
    STATE = auto()
    WORD = auto()
    TEXT = auto()


KINDS: Final[Mapping[str, Mapping[str, Kind]]] = {
    CASE: {"as_of": Kind.DAY},
    CHANGE: {
        "start": Kind.DAY,
        "until": Kind.OPEN_DAY,
        "rate": Kind.RATE,
        "form": Kind.FORM,
        "share_in_quota": Kind.SHARE,
        "in_rate": Kind.RATE,
        "volume": Kind.AMOUNT,
        "unit": Kind.WORD,
    },
    BARRIER: {
        "state": Kind.STATE,
        "owner": Kind.WORD,
        "due": Kind.OPEN_DAY,
        "position": Kind.TEXT,
        "fall_back": Kind.TEXT,
        "red_line": Kind.TEXT,
    },
}

_ASSUMPTION_KINDS: Final = {USE_OF_COLUMN_1: Kind.USE, DEFAULT_USE: Kind.OPEN_SHARE}


def sort_of(row: str) -> str:
    """`barrier` of `barrier:beef-30m`."""
    return row.partition(":")[0]


def name_of(row: str) -> str:
    """`beef-30m` of `barrier:beef-30m`."""
    return row.partition(":")[2]


def kind_of(row: str, field: str) -> Kind | None:
    """What may stand in an input; None for what the case has no place for."""
    if sort_of(row) == ASSUMPTION and field == VALUE:
        return _ASSUMPTION_KINDS.get(name_of(row), Kind.SHARE)
    return KINDS.get(sort_of(row), {}).get(field)


def circle_of(row: str, field: str) -> Audience:
    """The widest circle that may see an input."""
    return (
        field_audiences(BarrierRecord).get(field, Audience.DELEGATION)
        if sort_of(row) == BARRIER
        else (Audience.SHAREABLE)
    )


# Values in the form in which they are compared


def canonical(value: object, language: str) -> str:
    """A value of the case as text: the same for what a workbook and the case hold alike.

    Numbers have 14 digits, since programs differ in the last ones they keep.
    """
    if value is None:
        return ""
    if isinstance(value, LocalText):
        return canonical_text(value.in_language(language))
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal | float | int):
        return canonical_number(value)
    return value.isoformat() if isinstance(value, date) else canonical_text(str(value))


def canonical_number(value: Decimal | float) -> str:
    """Digits and a point; without a minus before zero."""
    return format(Decimal(f"{float(value) + 0.0:.14g}"), "f")


def canonical_text(text: str) -> str:
    """As a cell holds it, however a program wrote its line ends and its syllables."""
    plain = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", plain).strip()


def fingerprint(case_id: str, row: str, field: str, text: str) -> str:
    """Tells whether a value is still the same without saying what it is."""
    return hashlib.sha256("\0".join((case_id, row, field, text)).encode()).hexdigest()[:20]


# What the case has for an input


def value_in(case: Case, row: str, field: str) -> object:
    """The case's own value; KeyError when the case has no such row (any more), or the row no such field."""
    if kind_of(row, field) is None:
        raise KeyError(field)
    match sort_of(row):
        case "case":
            return getattr(case, field)
        case "barrier":
            return getattr(case.barrier(name_of(row)), field)
        case "change":
            return _value_in_change(find_change(case, name_of(row))[2], field)
        case _:
            return _assumption_in(case, name_of(row))


def find_change(case: Case, change_id: str) -> tuple[str, int, AnyChange]:
    """Letter of its scenario, place in its list, and the change; KeyError when it is gone."""
    for scenario in case.scenarios:
        for place, change in enumerate(scenario.changes):
            if change_id and change.id == change_id:
                return scenario.letter, place, change
    raise KeyError(change_id)


def field_in_change(change: AnyChange, field: str) -> str:
    """The change's own name for a field of the table: a quota's rate is the one outside it."""
    own = "out_rate" if field == "rate" and isinstance(change, Quota) else field
    if own not in change.__struct_fields__:
        raise KeyError(field)
    return own


def _value_in_change(change: AnyChange, field: str) -> object:
    return getattr(change, field_in_change(change, field))


def _assumption_in(case: Case, name: str) -> object:
    table, _separator, key = name.partition(":")
    if table in (USE_OF_COLUMN_1, DEFAULT_USE):
        return getattr(case.assumptions, table)
    if table == LISTED_USE:
        return case.assumptions.listed_use.get(key, Decimal(1))
    if table == UTILISATION:
        return case.assumptions.utilisation[key]
    raise KeyError(name)
