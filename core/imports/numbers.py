"""Decimal comma or decimal point: what fits all cells of a column, and which cells fit both.

`1,234` is 1234 to one reader and 1.234 to another. Where the cells do not settle it, the user does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from core.errors import InputError
from core.i18n import N_, _
from core.imports.cleaning import looks_like_formula
from core.imports.sheet import Number

_EXAMPLES: Final = 5
_LONGEST: Final = 40
_BLANKS: Final = re.compile(r"[\s\u00a0\u2009\u202f]+")
_WIDE: Final = str.maketrans("０１２３４５６７８９．，－＋％", "0123456789.,-+%")
_MINUS: Final = str.maketrans("\u2212\u2013", "--")
_MONEY: Final = re.compile(r"^(US\$|USD|\$)\s*|\s*(USD|US\$|\$)$", re.IGNORECASE)
_POINT: Final = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d{1,3}( \d{3})+|\d{1,3}('\d{3})+|\d+)?(\.\d*)?")
_COMMA: Final = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d{1,3}( \d{3})+|\d{1,3}('\d{3})+|\d+)?(,\d*)?")
_GROUPED_ZERO: Final = re.compile(r"[+-]?0[.,' ]\d{3}")


class Mark(StrEnum):
    """What stands before the decimals."""

    POINT = "point"
    COMMA = "comma"

    @property
    def label(self) -> str:
        """The words shown to the user."""
        return _(_LABELS[self])


_LABELS: Final = {Mark.POINT: N_("Decimal point (1,234.5)"), Mark.COMMA: N_("Decimal comma (1.234,5)")}


@dataclass(frozen=True)
class Both:
    """A cell that can be read both ways."""

    text: str
    as_point: Decimal
    as_comma: Decimal


@dataclass(frozen=True)
class Survey:
    """What the numbers of some columns say. mark: the one that fits more cells; examples: cells that fit both.

    is_settled: no cell can be read two ways, or another cell shows which way is meant.
    """

    mark: Mark
    is_settled: bool
    examples: tuple[Both, ...]
    misfits: int  # cells that the mark does not fit

    @property
    def why(self) -> str:
        """The reason in words."""
        if not self.is_settled:
            return _("Some numbers can be read two ways, and no other cell shows which is meant.")
        if self.examples:
            return _("Other cells of the table can be read this way only.")
        return _("No number can be read two ways.")


def survey(cells: Iterable[str]) -> Survey:
    """Look at all cells of the columns that hold numbers."""
    only = {Mark.POINT: 0, Mark.COMMA: 0}
    both: dict[str, Both] = {}
    ambiguous = 0
    for text in cells:
        if not text or isinstance(text, Number):
            continue
        bare = text.removesuffix("%")
        point, comma = _read(bare, Mark.POINT), _read(bare, Mark.COMMA)
        if point is None and comma is None:
            continue
        if point is None or comma is None:
            only[Mark.COMMA if point is None else Mark.POINT] += 1
        elif point != comma:
            ambiguous += 1
            if len(both) < _EXAMPLES:
                both.setdefault(text, Both(text, point, comma))
    mark = Mark.COMMA if only[Mark.COMMA] > only[Mark.POINT] else Mark.POINT
    other = Mark.POINT if mark is Mark.COMMA else Mark.COMMA
    return Survey(mark, not ambiguous or only[mark] > 0, tuple(both.values()), only[other])


def parse(text: str, mark: Mark) -> Decimal:
    """A number of a table; InputError says what is wrong. A per cent sign is not taken here."""
    if isinstance(text, Number):
        return Decimal(text)
    found = _read(text, mark)
    if found is not None:
        return found
    if looks_like_formula(text):
        raise InputError(
            _("{text} looks like a formula, which is never worked out.").format(text=_short(text)),
            remedy=_("Put the value in its place."),
        )
    other = Mark.POINT if mark is Mark.COMMA else Mark.COMMA
    if _read(text, other) is not None:
        raise InputError(
            _("{text} does not fit the decimal mark chosen.").format(text=_short(text)),
            remedy=_("Choose the other mark, or mend the cell."),
        )
    raise InputError(_("{text} is not a number.").format(text=_short(text)), remedy=_("Give digits only."))


def parse_percent(text: str, mark: Mark) -> Decimal:
    """A rate in per cent, with or without the sign, as a fraction."""
    bare = text.translate(_WIDE).strip()
    if bare.endswith("%"):
        digits = bare[:-1].strip()
        return parse(Number(digits) if isinstance(text, Number) else digits, mark) / 100
    return parse(text, mark) / 100


def _read(text: str, mark: Mark) -> Decimal | None:
    """The number under this mark, None where it is none. Figures in brackets are negative, as in accounts."""
    bare = _BLANKS.sub(" ", text.translate(_WIDE).translate(_MINUS).replace("’", "'")).strip()
    bare = _MONEY.sub("", bare).strip()
    if len(bare) > _LONGEST:
        return None
    if bare.startswith("(") and bare.endswith(")"):
        bare = "-" + bare[1:-1].strip()
    pattern = _POINT if mark is Mark.POINT else _COMMA
    if not pattern.fullmatch(bare) or not any(letter.isdecimal() for letter in bare):
        return None
    decimal, group = (".", ",") if mark is Mark.POINT else (",", ".")
    if _GROUPED_ZERO.match(bare) and bare.lstrip("+-")[1] in (group, " ", "'"):
        return None  # no one groups a leading zero
    plain = bare.replace(group, "").replace(" ", "").replace("'", "").replace(decimal, ".")
    return Decimal(plain) if plain.isascii() else None


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return f"'{shown[:_LONGEST]}…'" if len(shown) > _LONGEST else f"'{shown}'"
