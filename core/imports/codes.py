"""Tariff codes from tables: always text; zeros that a spreadsheet took away come back when the user asks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.codes import code_problem
from core.errors import InputError
from core.i18n import _
from core.imports.sheet import Number

_AS_FORMULA: Final = re.compile(r'="?([0-9.\s-]{2,16})"?')  # ="0101210010", how some programs keep zeros
_SEPARATORS: Final = re.compile(r"[.\s\u00a0-]")
_EXPONENT: Final = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_WIDE: Final = str.maketrans("０１２３４５６７８９．－", "0123456789.-")


@dataclass(frozen=True)
class ReadCode:
    """restored: a leading zero was put back."""

    digits: str
    restored: bool = False


def read_code(text: str, *, restore: bool) -> ReadCode:
    """A code of 2 to 10 digits, with dots, blanks or hyphens between or without.

    restore: put a leading zero before an odd number of digits. Raises InputError for what is none.
    """
    typed = text.translate(_WIDE).strip().removeprefix("'").strip()
    if found := _AS_FORMULA.fullmatch(typed):
        typed = found[1].strip()
    if _EXPONENT.fullmatch(typed):
        raise InputError(
            _("'{text}' is a code that a spreadsheet has turned into a number and cut short.").format(text=typed),
            remedy=_("Format the column as text in the file it came from, and export it again."),
        )
    whole, point, decimals = typed.partition(".")
    if isinstance(text, Number) and point:
        typed = _whole(whole, decimals, typed)
    digits = _SEPARATORS.sub("", typed)
    if lacks_zero(typed):
        if not restore:
            raise InputError(
                _("'{text}' has {count} digits: a leading zero may be missing.").format(text=typed, count=len(digits)),
                remedy=_("Let leading zeros be restored, or mend the code."),
            )
        return ReadCode(_checked("0" + digits, typed), restored=True)
    return ReadCode(_checked(digits, typed))


def _whole(whole: str, decimals: str, typed: str) -> str:
    """A code kept as a number: 8703230110.0 is whole, 8703.2 may have lost the end of 8703.20."""
    if decimals.strip("0"):
        raise InputError(
            _("'{text}' is kept as a number, so that zeros at its end may be gone.").format(text=typed),
            remedy=_("Format the column as text in the file it came from, and export it again."),
        )
    return whole


def lacks_zero(typed: str) -> bool:
    """Whether a leading zero is gone: an odd number of digits, and where there are dots they stand one too early."""
    digits = _SEPARATORS.sub("", typed)
    if not digits.isdecimal() or not digits.isascii() or len(digits) % 2 == 0 or len(digits) > 9:
        return False
    head = typed.split(".")[0].strip()
    return len(head) in (1, 3) or head == typed


def _checked(digits: str, typed: str) -> str:
    problem = code_problem(digits)
    if problem:
        raise InputError(
            _("'{text}' is not a tariff code.").format(text=typed[:40]),
            why=problem,
            remedy=_("Write it as 8703.23.01, 8703.23.0170 or in digits."),
        )
    return digits
