"""The cells of a workbook's sheets: what each holds, and whether a formula stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from core.bounded_xml import Handler, Stop, XmlError
from core.briefing.writer import column_name
from core.comeback.package import Package, damaged

MAX_SHEETS: Final = 100
_ROWS_WITHOUT_MARK: Final = 300  # a sheet that names nothing of ours in its first rows holds no inputs
_LAST_ROW: Final = 1 << 20
_LAST_COLUMN: Final = 1 << 14
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_CODED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")  # how a control character stands in a cell

Value = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell holds; of a formula the value it had when it was last worked out."""

    value: Value
    is_formula: bool = False
    is_error: bool = False

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""


Cells = dict[tuple[int, int], Cell]  # by row and column, from 0
EMPTY: Final = Cell(None)


@dataclass(frozen=True)
class SheetCells:
    """One sheet by its name of now."""

    name: str
    cells: Cells

    def at(self, row: int, column: int) -> Cell:
        return self.cells.get((row, column), EMPTY)

    def where(self, row: int, column: int) -> str:
        """The cell as a person finds it."""
        return f"{self.name}!{column_name(column)}{row + 1}"


@dataclass(frozen=True)
class Workbook:
    """The sheets that may hold inputs. from_1904: days are counted from there."""

    sheets: tuple[SheetCells, ...]
    from_1904: bool


def read_workbook(package: Package, marks: tuple[str, ...]) -> Workbook:
    """The sheets in order in whose first rows some text begins with one of the marks."""
    parts = package.targets("")
    main = next((part for kind, part in parts.values() if kind == "officeDocument"), "xl/workbook.xml")
    if main not in package:
        raise damaged(package.where)
    listing, parts = _Listing(), package.targets(main)
    package.read(main, listing)
    strings = _strings(package, parts)
    sheets = []
    for name, key in listing.sheets[:MAX_SHEETS]:
        kind, part = parts.get(key, ("", ""))
        if kind == "worksheet":
            reader = _Reader(strings, marks)
            package.read(part, reader)
            if reader.has_mark:
                sheets.append(SheetCells(name, reader.cells))
    return Workbook(tuple(sheets), listing.from_1904)


def _strings(package: Package, parts: Mapping[str, tuple[str, str]]) -> list[str]:
    reader = _Strings()
    for kind, part in parts.values():
        if kind == "sharedStrings":
            package.read(part, reader)
            break
    return reader.strings


@dataclass
class _Listing(Handler):
    """Names of the sheets with the ids of their parts."""

    sheets: list[tuple[str, str]] = field(default_factory=list)
    from_1904: bool = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "sheet":
            self.sheets.append((attributes.get("name", ""), attributes.get("id", "")))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")


@dataclass
class _Strings(Handler):
    """The table of texts; runs of one text are joined, readings above characters left out."""

    strings: list[str] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _is_text: bool = False
    _reading: int = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._parts = []
        self._reading += name == "rPh"
        self._is_text = name == "t" and not self._reading

    def end(self, name: str) -> None:
        self._is_text = False
        self._reading -= name == "rPh"
        if name == "si":
            self.strings.append(decoded("".join(self._parts)))

    def text(self, text: str) -> None:
        if self._is_text:
            self._parts.append(text)


class _Reader(Handler):
    """The cells of one sheet, by address; a cell without one follows the cell before."""

    def __init__(self, strings: list[str], marks: tuple[str, ...]) -> None:
        self.cells: Cells = {}
        self._strings, self._marks, self.has_mark = strings, marks, False
        self._row, self._column = -1, -1
        self._kind, self._is_formula, self._reading = "n", False, 0
        self._into: list[str] | None = None
        self._value: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._row, self._column = _number(attributes.get("r"), self._row + 1), -1
        elif name == "c":
            self._begin(attributes)
        elif name == "f":
            self._is_formula = True
        elif name == "rPh":
            self._reading += 1
        elif name in ("v", "t") and not self._reading:
            self._into = self._value

    def end(self, name: str) -> None:
        self._into = None
        if name == "rPh":
            self._reading -= 1
        elif name == "c":
            self._finish()
        elif name == "sheetData":
            raise Stop

    def text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _begin(self, attributes: Mapping[str, str]) -> None:
        self._row, self._column = _place(attributes.get("r"), self._row, self._column + 1)
        self._kind, self._is_formula, self._value = attributes.get("t", "n"), False, []
        if self._row >= _LAST_ROW or self._column >= _LAST_COLUMN:
            raise XmlError
        if self._row > _ROWS_WITHOUT_MARK and not self.has_mark:
            raise Stop

    def _finish(self) -> None:
        value = self._decoded("".join(self._value))
        if value is not None or self._is_formula:
            self.cells[self._row, self._column] = Cell(value, self._is_formula, self._kind == "e")
            self.has_mark = self.has_mark or (isinstance(value, str) and value.startswith(self._marks))

    def _decoded(self, raw: str) -> Value:
        if self._kind == "s":
            place = _number(raw, -1, base=0)
            if not 0 <= place < len(self._strings):
                raise XmlError
            return self._strings[place]
        if self._kind in ("str", "inlineStr", "e", "d"):
            return decoded(raw)
        if not raw:
            return None
        number = float(raw)
        return bool(number) if self._kind == "b" else number


def decoded(text: str) -> str:
    """A text as people see it: `_x000D_` is how a cell holds a control character."""
    return _CODED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _number(text: str | None, otherwise: int, *, base: int = 1) -> int:
    """A count of the file as one from 0; ValueError for anything but up to seven digits."""
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise ValueError(text)
    return int(text) - base


def _place(address: str | None, row: int, column: int) -> tuple[int, int]:
    if address is None:
        return row, column
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(address)
    return int(found[2]) - 1, column_number(found[1])


def column_number(name: str) -> int:
    """0 for A, 25 for Z, 26 for AA."""
    number = 0
    for letter in name:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def texts_in(sheet: SheetCells) -> Iterator[tuple[int, int, str]]:
    """Every text of a sheet with its place."""
    for (row, column), cell in sheet.cells.items():
        if isinstance(cell.value, str):
            yield row, column, cell.value
