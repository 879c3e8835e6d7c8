"""Which column means what: guessed from the headings in Korean and English, remembered for the next file alike."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from core.i18n import _
from core.imports.cleaning import squeezed
from core.imports.sheet import Sheet
from core.imports.workbook_cells import column_letters

_HEAD_ROWS: Final = 20  # so many rows may stand above the headings
_UNIT: Final = re.compile(r"[(（\[][^)）\]]*[)）\]]")


class Holds(Enum):
    """What the cells of a field are."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    RATE = "rate"
    DAY = "day"


@dataclass(frozen=True)
class Field:
    """Something that a table may say. title: marked for translation; words: headings it goes by."""

    id: str
    title: str
    words: tuple[str, ...]
    holds: Holds = Holds.TEXT
    is_required: bool = False

    @property
    def label(self) -> str:
        """The words shown to the user."""
        return _(self.title)


Fields = tuple[Field, ...]
Mapped = Mapping[str, int]  # field id -> position of the column


@dataclass(frozen=True)
class Remembered:
    """How a table with certain headings was read the last time. mark: decimal mark, "" when it did not matter."""

    columns: Mapping[str, int]
    mark: str = ""
    restore_zeros: bool = False
    unit: int = 1


class Memory(Protocol):
    """Where mappings are kept between files; the keys tell nothing of what was in them."""

    def recall(self, key: str) -> Remembered | None: ...

    def remember(self, key: str, what: Remembered) -> None: ...


@dataclass(frozen=True)
class Row:
    """One row of the table by its fields. place: its number in the file."""

    place: int
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        """Empty for a field that no column holds."""
        return self.cells.get(field, "")

    def text(self, field: str) -> str:
        """The same as plain text, for the case: a cell of a workbook may be a Number."""
        return str(self[field])


def signature(target: str, headings: tuple[str, ...]) -> str:
    """The key under which a mapping is remembered: the same headings for the same purpose."""
    text = "\x1f".join((target, *(squeezed(heading) for heading in headings)))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def guess_header(sheet: Sheet, fields: Fields) -> int:
    """Position of the row of headings: of the first rows the one that names most fields, the first of equals."""
    scores = [len(guess_columns(sheet.rows[place], fields)) for place in range(min(_HEAD_ROWS, len(sheet.rows)))]
    return scores.index(max(scores))


def guess_columns(headings: tuple[str, ...], fields: Fields) -> dict[str, int]:
    """A column for each field whose words a heading fits, the best fit first; no column serves two fields."""
    fits = sorted(
        (-score, order, column, field.id)
        for order, field in enumerate(fields)
        for column, heading in enumerate(headings)
        if (score := _score(heading, field))
    )
    found: dict[str, int] = {}
    for _rank, _order, column, name in fits:
        if name not in found and column not in found.values():
            found[name] = column
    return {field.id: found[field.id] for field in fields if field.id in found}


def _score(heading: str, field: Field) -> int:
    """3: a word of the field itself; 2: the same but for a unit in brackets; 1: it begins or ends with one."""
    if not heading or len(heading) > 80:
        return 0
    whole, bare = squeezed(heading), squeezed(_UNIT.sub("", heading))
    words = {squeezed(word) for word in (field.id, *field.words)}
    if whole in words:
        return 3
    if bare in words:
        return 2
    return int(any(len(word) > 2 and (bare.startswith(word) or bare.endswith(word)) for word in words))


def headings(sheet: Sheet, header: int) -> tuple[str, ...]:
    """What each column is called: its heading, or its letter where it has none."""
    return tuple(
        " ".join(sheet.cell(header, column).split()) or _("Column {letter}").format(letter=column_letters(column))
        for column in range(sheet.width)
    )


def rows(sheet: Sheet, header: int, columns: Mapped) -> Iterator[Row]:
    """The rows below the headings that hold anything in a column that matters."""
    used = [(name, column) for name, column in columns.items() if 0 <= column < sheet.width]
    for place in range(header + 1, len(sheet.rows)):
        cells = sheet.rows[place]
        found = {name: cells[column] for name, column in used if column < len(cells) and cells[column]}
        if found:
            yield Row(sheet.places[place], found)


def column_cells(sheet: Sheet, header: int, column: int) -> Iterator[str]:
    """The cells of one column below the headings."""
    return (sheet.cell(place, column) for place in range(header + 1, len(sheet.rows)))
