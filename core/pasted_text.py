"""Text on its way into other programs: no cell of it, pasted into a spreadsheet, is worked out as a formula."""

from __future__ import annotations

import re
from typing import Final

_CELL: Final = re.compile(r"[^\t\n\r]+")
_STARTS: Final = tuple("=+-@＝＋－＠")
_BLANKS: Final = " \u00a0\u3000"
_NUMBER: Final = re.compile(r"[+-]?\d[\d.,\u00a0\u202f ]*%?")


def pasteable(text: str) -> str:
    """The text with a blank before whatever a spreadsheet would take for a formula; signed numbers stay numbers."""
    return _CELL.sub(_plain, text)


def _plain(found: re.Match[str]) -> str:
    cell = found[0]
    is_formula = cell.lstrip(_BLANKS).startswith(_STARTS) and not _NUMBER.fullmatch(cell.strip(_BLANKS))
    return f" {cell}" if is_formula and cell[0] not in _BLANKS else cell
