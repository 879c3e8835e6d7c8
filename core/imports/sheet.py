"""What every kind of file becomes: a sheet of text cells, with a note of how it was read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from core.errors import TableFileError
from core.i18n import _
from core.imports import limits
from core.imports.findings import Findings

Progress = Callable[[float], None]
IsCancelled = Callable[[], bool]
Cells = tuple[str, ...]


class Number(str):
    """A cell that a workbook holds as a number: digits with a point, whatever the user's decimal mark is."""

    __slots__ = ()


class FileKind(StrEnum):
    """What kind of file the table came from."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True)
class Wish:
    """How the user wants the file read; what is empty Parley finds out."""

    encoding: str = ""
    separator: str = ""
    sheet: str = ""


@dataclass(frozen=True)
class Manner:
    """How a file was read, and why so. encoding and separator: of CSV; sheet, sheets: of a workbook."""

    kind: FileKind
    encoding: str = ""
    encoding_why: str = ""
    separator: str = ""
    separator_why: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """The rows that hold anything, each as wide as it is filled. places: their numbers in the file, from 1."""

    rows: tuple[Cells, ...]
    places: tuple[int, ...]
    width: int

    def cell(self, row: int, column: int) -> str:
        """Empty beyond the end of a row."""
        cells = self.rows[row]
        return cells[column] if 0 <= column < len(cells) else ""


@dataclass(frozen=True)
class Reading:
    """One file read in one manner."""

    name: str
    sheet: Sheet
    manner: Manner
    findings: Findings


class SheetMaker:
    """Takes rows one by one, leaves empty ones out, and stops at the limits. where: name of the file."""

    def __init__(self, where: str, most_cells: int = limits.MAX_CELLS) -> None:
        self._where, self._most_cells = where, most_cells
        self._rows: list[Cells] = []
        self._places: list[int] = []
        self._width = self._cells = 0

    @property
    def count(self) -> int:
        return len(self._rows)

    def add(self, place: int, cells: list[str]) -> None:
        """One row; the empty cells at its end are cut off."""
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            return
        if len(cells) > limits.MAX_COLUMNS:
            raise too_much(self._where, _("It may have {limit} columns.").format(limit=limits.MAX_COLUMNS))
        self._cells += len(cells)
        if len(self._rows) >= limits.MAX_ROWS or self._cells > self._most_cells:
            raise too_much(
                self._where,
                _("It may have {rows:,} rows and {cells:,} cells.").format(
                    rows=limits.MAX_ROWS, cells=self._most_cells
                ),
            )
        self._rows.append(tuple(cells))
        self._places.append(place)
        self._width = max(self._width, len(cells))

    def sheet(self) -> Sheet:
        """All rows so far; TableFileError when there is none."""
        if not self._rows:
            raise TableFileError(
                _("The table is empty."), where=self._where, remedy=_("Choose another file or another sheet.")
            )
        return Sheet(tuple(self._rows), tuple(self._places), self._width)


def too_much(where: str, why: str) -> TableFileError:
    """Beyond a limit."""
    return TableFileError(
        _("The table is too large to be imported."),
        where=where,
        why=why,
        remedy=_("Keep only the rows and columns that matter, or split the file."),
    )
