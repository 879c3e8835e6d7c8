"""Tariff codes as people write them and as Parley keeps them: digits only, always text."""

from __future__ import annotations

import re
from typing import Final

from core.errors import InputError
from core.i18n import _

LENGTHS: Final = (2, 4, 6, 8, 10)
LINE_DIGITS: Final = 8
STATISTICAL_DIGITS: Final = 10
LAST_CHAPTER: Final = 97
# Chapter 77 is kept free by the Harmonized System; 98 and 99 hold special provisions, not goods.
RESERVED_CHAPTER: Final = 77

_FROM_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９．", "0123456789.")
_WRITTEN: Final = re.compile(r"[0-9]{2}(?:[0-9]{2}(?:\.?[0-9]{2}(?:\.?[0-9]{2}(?:\.?[0-9]{2})?)?)?)?")


def code_problem(digits: str) -> str:
    """Why this is no code of the goods chapters 1-97, or an empty text when it is one."""
    if not (digits.isascii() and digits.isdigit()):
        return _("A tariff code has digits only.")
    if len(digits) not in LENGTHS:
        return _("A tariff code has 2, 4, 6, 8 or 10 digits; this one has {count}.").format(count=len(digits))
    chapter = int(digits[:2])
    if chapter == RESERVED_CHAPTER or not 1 <= chapter <= LAST_CHAPTER:
        return _("Chapter {chapter} holds no goods.").format(chapter=digits[:2])
    return ""


def parse_code(text: str) -> str:
    """The digits of a code as typed: '8703.23.01', '7326.90.8688', '8703.23.01.70' or digits alone.

    Full-width digits, as a Korean keyboard may give, count as digits. Raises InputError for anything else.
    """
    typed = text.translate(_FROM_FULL_WIDTH).strip()
    digits = typed.replace(".", "")
    problem = code_problem(digits)
    if not problem and not _WRITTEN.fullmatch(typed):
        problem = _("The dots stand after the fourth, sixth and eighth digit.")
    if problem:
        raise InputError(
            _("'{text}' is not a tariff code.").format(text=text.strip()),
            why=problem,
            remedy=_("Write it as 8703.23.01, 8703.23.0170 or in digits."),
        )
    return digits


def format_code(digits: str) -> str:
    """As printed in the US schedule: 8703, 8703.23, 8703.23.01, 8703.23.0170."""
    parts = (digits[:4], digits[4:6], digits[6:])
    return ".".join(part for part in parts if part)


def resolve_statistical(code: str, statistical_codes: frozenset[str]) -> str:
    """The eight-digit line for a ten-digit code that ends in 00 and is no statistical line of its own.

    Lists in legal texts are padded that way; joined as ten digits they would miss most of the trade.
    """
    padded = len(code) == STATISTICAL_DIGITS and code.endswith("00")
    return code[:LINE_DIGITS] if padded and code not in statistical_codes else code
