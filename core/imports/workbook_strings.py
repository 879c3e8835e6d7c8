"""The table of texts that the cells of a workbook refer to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from core.bounded_xml import Attributes, XmlError
from core.imports import limits
from core.imports.cleaning import cleaned
from core.imports.workbook_xml import visit

_CODED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_strings(pieces: Iterable[bytes]) -> list[str]:
    """All texts in order. Raises XmlError."""
    reader = _Reader()
    starts = {"si": reader.begin, "t": reader.listen, "rPh": reader.begin_reading}
    ends = {"si": reader.finish, "t": reader.stop, "rPh": reader.end_reading}
    visit(pieces, starts, ends, reader.on_text)
    return reader.strings


class _Reader:
    """Joins the runs of a text; readings above characters are left out."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._runs: list[str] = []
        self._total = self._readings = 0
        self._listens = False

    def begin(self, _attributes: Attributes) -> None:
        self._runs = []

    def listen(self, _attributes: Attributes) -> None:
        self._listens = not self._readings

    def stop(self) -> None:
        self._listens = False

    def begin_reading(self, _attributes: Attributes) -> None:
        self._readings += 1

    def end_reading(self) -> None:
        self._readings -= 1

    def on_text(self, text: str) -> None:
        if self._listens:
            self._total += len(text)
            if self._total > limits.MAX_TEXT:
                raise XmlError
            self._runs.append(text)

    def finish(self) -> None:
        text = "".join(self._runs)
        if len(self.strings) >= limits.MAX_WORKBOOK_CELLS or len(text) > 7 * limits.MAX_CELL:
            raise XmlError
        self.strings.append(cleaned(unescaped(text)))


def unescaped(text: str) -> str:
    """`_x000D_` is how a cell holds a control character; half a surrogate pair stays as it is written."""
    return _CODED.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return found[0] if 0xD800 <= number <= 0xDFFF else chr(number)
