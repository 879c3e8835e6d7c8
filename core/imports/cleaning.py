"""Cells as they come out of files: control characters, decomposed Hangul, marks against formulas."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_EDGES: Final = " \t\r\n\u00a0\u3000\u200b"
# What a spreadsheet would take for a formula; an apostrophe before it says that it is text.
_FORMULA_STARTS: Final = frozenset("=+-@\t\r")
_FORMULA: Final = re.compile(r"[=@]|[+-][A-Za-z(]")


def cleaned(text: str) -> str:
    """The text of a cell, without blanks around it and without characters that no one can see.

    Decomposed Hangul, as file names of one system come, is composed again, so that titles can be compared.
    """
    text = text.strip(_EDGES)
    if text.isascii():
        if text.isalnum():
            return text
    elif not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if _CONTROLS.search(text):
        text = _CONTROLS.sub(" ", text).strip(_EDGES)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text[1:] if text.startswith("'") and text[1:2] in _FORMULA_STARTS else text


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would work this out; Parley never does. A signed number or a dash is none."""
    return bool(_FORMULA.match(text))


def squeezed(text: str) -> str:
    """For comparing titles and headings: folded, without blanks and punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def has_hangul(text: str) -> bool:
    return any("\uac00" <= letter <= "\ud7a3" for letter in text)
