"""What Parley proposes for a sheet: headings, columns, decimal mark, unit, zeros. The user decides on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from core.imports.codes import lacks_zero
from core.imports.columns import (
    Fields,
    Holds,
    Memory,
    Remembered,
    column_cells,
    guess_columns,
    guess_header,
    headings,
    signature,
)
from core.imports.numbers import Mark, Survey, survey
from core.imports.sheet import Sheet

_SAMPLES: Final = 3
_LOOKED_AT: Final = 500
_THOUSANDS: Final = ("thousand", "천달러", "천불", "천 달러", "천 불", "1,000", "us$ k", "천$", "천us$")
_MILLIONS: Final = ("million", "mn", "백만", "us$ m", "m us$")


@dataclass(frozen=True)
class Suggestion:
    """columns: by field. remembered: as the user had it for the same headings; None: guessed."""

    header: int
    headings: tuple[str, ...]
    columns: Mapping[str, int]
    remembered: Remembered | None


@dataclass(frozen=True)
class NumberView:
    """What the columns chosen say about decimal marks, units and lost zeros.

    samples: some cells with numbers. lacking: codes with a leading zero too few; lacking_example: the first of them.
    """

    survey: Survey
    samples: tuple[str, ...]
    unit: int
    lacking: int
    lacking_example: str


def suggest(target: str, fields: Fields, sheet: Sheet, memory: Memory | None = None, header: int = -1) -> Suggestion:
    """Headings and columns. header: the row that the user says holds the headings, -1 to look for it."""
    row = header if 0 <= header < len(sheet.rows) else guess_header(sheet, fields)
    known = memory.recall(signature(target, sheet.rows[row])) if memory is not None else None
    columns = guess_columns(sheet.rows[row], fields)
    if known is not None:
        names = {field.id for field in fields}
        columns = {name: place for name, place in known.columns.items() if name in names and place < sheet.width}
    return Suggestion(row, headings(sheet, row), columns, known)


def look_at_numbers(fields: Fields, sheet: Sheet, header: int, columns: Mapping[str, int]) -> NumberView:
    """Every cell of the columns with numbers and codes."""
    numeric = [columns[field.id] for field in fields if field.holds in _NUMERIC and field.id in columns]
    cells = [text for column in numeric for text in column_cells(sheet, header, column) if text]
    lacking = list(_lacking(fields, sheet, header, columns))
    heading = sheet.cell(header, columns["value"]) if "value" in columns else ""
    return NumberView(survey(cells), _samples(cells), guess_unit(heading), len(lacking), lacking[0] if lacking else "")


def _samples(cells: list[str]) -> tuple[str, ...]:
    """The longest of the first ones: they show marks and groups best."""
    first = list(dict.fromkeys(cells[:_LOOKED_AT]))
    return tuple(sorted(first, key=len, reverse=True)[:_SAMPLES])


_NUMERIC: Final = (Holds.NUMBER, Holds.RATE)


def _lacking(fields: Fields, sheet: Sheet, header: int, columns: Mapping[str, int]) -> Iterator[str]:
    for field in fields:
        if field.holds is Holds.CODE and field.id in columns:
            yield from (text for text in column_cells(sheet, header, columns[field.id]) if lacks_zero(text))


def guess_unit(heading: str) -> int:
    """US$ in one unit of a column, from its heading; 1 where it says nothing."""
    text = heading.casefold()
    if any(word in text for word in _THOUSANDS):
        return 1_000
    return 1_000_000 if any(word in text for word in _MILLIONS) else 1


def to_remember(columns: Mapping[str, int], mark: Mark, *, restore_zeros: bool, unit: int) -> Remembered:
    """What is worth keeping of the user's decisions."""
    return Remembered(dict(columns), mark.value, restore_zeros, unit)
