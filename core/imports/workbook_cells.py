"""The rows of a workbook's sheet, as expat tells them. A sheet has a million cells: the inner functions are lean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from core.bounded_xml import Attributes, Stop, XmlError, feed
from core.errors import Cancelled
from core.i18n import _, ngettext
from core.imports import limits
from core.imports.cleaning import cleaned
from core.imports.findings import Findings, Severity
from core.imports.sheet import IsCancelled, Progress, SheetMaker, too_much
from core.imports.workbook_strings import unescaped
from core.imports.workbook_values import Formats
from core.imports.workbook_xml import names_of

_LETTERS: Final = re.compile(r"[A-Z]{1,3}")
_DIGITS: Final = "0123456789"
_LAST_ROW: Final = 1_048_576
_TRUE: Final = ("1", "true")
_ROW, _CELL, _FORMULA, _READING = (frozenset(names_of(name)) for name in ("row", "c", "f", "rPh"))
_CONTENT: Final = frozenset((*names_of("v"), *names_of("t")))
_DATA: Final = frozenset(names_of("sheetData"))


def watched(pieces: Iterable[bytes], size: int, progress: Progress, cancelled: IsCancelled) -> Iterator[bytes]:
    """The pieces, with progress and a look at Cancel between them."""
    done = 0
    for piece in pieces:
        if cancelled():
            raise Cancelled
        yield piece
        done += len(piece)
        progress(min(1.0, done / max(1, size)))


class SheetReader:
    """Reads one sheet into `maker`. where: name of the file."""

    def __init__(self, where: str, strings: list[str], formats: Formats, findings: Findings) -> None:
        self.maker = SheetMaker(where, limits.MAX_WORKBOOK_CELLS)
        self._where, self._strings, self._formats, self._findings = where, strings, formats, findings
        self._row = 0
        self._columns: dict[str, int] = {}
        self._formulas = self._hidden = 0

    def read(self, pieces: Iterable[bytes]) -> None:
        """All rows. Raises XmlError, TableFileError."""
        depth = seen = readings = style = 0
        column, kind = -1, "n"
        listens = has_formula = False
        runs: list[str] = []
        cells: list[str] = []
        columns = self._columns

        def start(name: str, attributes: Attributes) -> None:
            nonlocal depth, seen, readings, style, column, kind, listens, has_formula, runs, cells
            depth += 1
            if name in _CELL:
                seen += 1
                address = attributes.get("r")
                if address is None:
                    column += 1
                else:
                    letters = address.rstrip(_DIGITS)
                    column = columns[letters] if letters in columns else self._column(letters)
                kind, style = attributes.get("t", "n"), int(attributes.get("s", "0")[:7])
                has_formula, runs = False, []
            elif name in _CONTENT:
                listens = not readings
            elif name in _ROW:
                cells, column = [], -1
                self._begin_row(attributes)
            elif name in _FORMULA:
                has_formula = True
            elif name in _READING:
                readings += 1
            if depth > limits.MAX_DEPTH or seen > 2 * limits.MAX_WORKBOOK_CELLS:
                raise XmlError

        def end(name: str) -> None:
            nonlocal depth, readings, listens
            depth -= 1
            if name in _CONTENT:
                listens = False
            elif name in _CELL:
                if runs or has_formula:
                    self._take(cells, column, "".join(runs), kind, style, has_formula)
            elif name in _ROW:
                self.maker.add(self._row, cells)
            elif name in _READING:
                readings -= 1
            elif name in _DATA:
                raise Stop

        def text(piece: str) -> None:
            if listens:
                runs.append(piece)
                if len(runs) > limits.MAX_CELL:
                    raise XmlError

        feed(pieces, start, end, text)
        self._say_what_was_met()

    def _begin_row(self, attributes: Attributes) -> None:
        place = attributes.get("r")
        self._row = self._row + 1 if place is None else int(place[:9])
        if not 0 < self._row <= _LAST_ROW:
            raise XmlError
        self._hidden += attributes.get("hidden", "0") in _TRUE

    def _column(self, letters: str) -> int:
        if not _LETTERS.fullmatch(letters):
            raise XmlError
        self._columns[letters] = column_number(letters)
        return self._columns[letters]

    def _take(self, cells: list[str], column: int, raw: str, kind: str, style: int, is_formula: bool) -> None:
        """Put a cell into its row; blank ones between are filled in."""
        text = self._text(raw, kind, style, column)
        if is_formula:
            self._formulas += 1
            if not text:
                self._say_no_value(column)
        if not text:
            return
        if column >= limits.MAX_COLUMNS:
            raise too_much(self._where, _("It may have {limit} columns.").format(limit=limits.MAX_COLUMNS))
        missing = column - len(cells)
        if missing < 0:
            cells[column] = text
            return
        if missing:
            cells.extend([""] * missing)
        cells.append(text)

    def _text(self, raw: str, kind: str, style: int, column: int) -> str:
        """What the cell shows."""
        if kind == "s":
            place = int(raw[:9]) if raw else 0
            if not 0 <= place < len(self._strings):
                raise XmlError
            return self._strings[place]
        if kind == "n":
            return self._formats.text(raw.strip(), style) if raw else ""
        if kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if kind == "e":
            self._say_error(raw, column)
        if kind == "d":
            raw = raw.removesuffix("T00:00:00")
        if len(raw) > 7 * limits.MAX_CELL:  # a character may be written with seven
            raise XmlError
        return cleaned(unescaped(raw))

    def _say_no_value(self, column: int) -> None:
        self._findings.add(
            Severity.WARNING,
            _("The formula in this cell has no stored value: the cell counts as empty."),
            row=self._row,
            column=column_letters(column),
            remedy=_("Open the file in a spreadsheet and save it there, or paste values over formulas."),
        )

    def _say_error(self, raw: str, column: int) -> None:
        self._findings.add(
            Severity.WARNING,
            _("The cell shows an error of the spreadsheet, {text}.").format(text=cleaned(raw)[:20]),
            row=self._row,
            column=column_letters(column),
        )

    def _say_what_was_met(self) -> None:
        """Formulas and hidden rows, once for the whole sheet."""
        if self._formulas:
            text = ngettext(
                "{count} cell holds a formula: its stored value is taken, nothing is worked out.",
                "{count} cells hold formulas: their stored values are taken, nothing is worked out.",
                self._formulas,
            )
            self._findings.add(Severity.NOTE, text.format(count=self._formulas))
        if self._hidden:
            text = ngettext(
                "{count} hidden row is read like the others.",
                "{count} hidden rows are read like the others.",
                self._hidden,
            )
            self._findings.add(Severity.NOTE, text.format(count=self._hidden))


def column_number(letters: str) -> int:
    """0 for A, 25 for Z, 26 for AA."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def column_letters(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters
