"""What a cell of a workbook shows: a number with its format as text that reads the same."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Final

from core.imports.sheet import Number

_DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENT_FORMATS: Final = frozenset((9, 10))
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DAY_LETTERS: Final = re.compile(r"[dymhs]", re.IGNORECASE)
_ZEROS: Final = re.compile(r"0{2,10}")
# Short enough to be what was typed: longer ones are 0.1 as 0.10000000000000001.
_PLAIN: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,5})?|[1-9][0-9]{0,14}").fullmatch
_LAST_DAY: Final = 2_958_465  # 9999-12-31 as spreadsheets count


class Shown(Enum):
    """How a number is shown."""

    NUMBER = "number"
    PERCENT = "percent"
    DAY = "day"
    ZEROS = "zeros"  # filled up with leading zeros


@dataclass(frozen=True)
class Format:
    """zeros: how many digits at least."""

    shown: Shown = Shown.NUMBER
    zeros: int = 0


@dataclass
class Formats:
    """The formats of a workbook by the number that a cell names. from_1904: days are counted from there."""

    from_1904: bool = False
    own: dict[int, str] = field(default_factory=dict)
    cells: list[int] = field(default_factory=list)  # for each cell style the id of its number format
    _known: dict[int, Format] = field(default_factory=dict)

    def of(self, style: int) -> Format:
        """The format of a cell style; plain for one that the workbook does not have."""
        if style not in self._known:
            number = self.cells[style] if 0 <= style < len(self.cells) else 0
            self._known[style] = _format(number, self.own.get(number, ""))
        return self._known[style]

    def text(self, raw: str, style: int) -> str:
        """A stored number as its cell shows it; the raw text where it is none."""
        form = self.of(style)
        if form.shown is Shown.NUMBER and _PLAIN(raw):
            return Number(raw)
        number = _number(raw)
        if number is None:
            return raw
        if form.shown is Shown.DAY:
            return _day(number, self.from_1904)
        if form.shown is Shown.PERCENT:
            return Number(_plain(number * 100) + "%")
        if form.shown is Shown.ZEROS and number == number.to_integral_value() and number >= 0:
            return Number(_plain(number).zfill(form.zeros))
        return Number(_plain(number))


def _format(number: int, code: str) -> Format:
    """By the built-in number, or by the first section of a code of the workbook's own."""
    if not code:
        if number in _DATE_FORMATS:
            return Format(Shown.DAY)
        return Format(Shown.PERCENT if number in _PERCENT_FORMATS else Shown.NUMBER)
    first = _QUOTED.sub("", code.split(";", 1)[0]).strip()
    if _ZEROS.fullmatch(first):
        return Format(Shown.ZEROS, len(first))
    if "%" in first:
        return Format(Shown.PERCENT)
    is_day = _DAY_LETTERS.search(first) is not None and "general" not in first.casefold()
    return Format(Shown.DAY) if is_day else Format()


def _number(raw: str) -> Decimal | None:
    """The number as it was typed: a file stores 0.1 as 0.10000000000000001."""
    try:
        stored = float(raw)
        return Decimal(repr(stored)) if math.isfinite(stored) else None
    except (ValueError, InvalidOperation):
        return None


def _plain(number: Decimal) -> str:
    """Digits without an exponent and without zeros at the end."""
    text = f"{number:f}" if abs(number.adjusted()) < 40 else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(number: Decimal, from_1904: bool) -> str:
    """A day as year-month-day; a number that is none stays one."""
    whole = int(number) if abs(number) < 10_000_000 else -1
    whole += 1462 if from_1904 else 0
    if not 60 < whole <= _LAST_DAY or number != int(number):
        return Number(_plain(number))
    return (date(1899, 12, 30) + timedelta(days=whole)).isoformat()
