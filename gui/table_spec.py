"""What a table shows, prepared once: columns, lines, and the groups under which the lines add up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from core.quantities import format_number

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Value = float | str


class RowKind(IntEnum):
    """What a visible row stands for."""

    GROUP = 0
    LINE = 1
    REST = 2  # the smaller lines of a group, added up
    PART = 3  # a part of a line


class Look(Enum):
    """How a cell of the column is drawn."""

    TEXT = "text"
    MUTED = "muted"
    CODE = "code"
    NUMBER = "number"
    BAR = "bar"
    DEVIATION = "deviation"
    STATE = "state"


_NUMERIC = frozenset({Look.NUMBER, Look.BAR, Look.DEVIATION})


@dataclass(frozen=True)
class Column:
    """One column. `head` and `unit` are the lines of its head; `factor` turns a stored value into that unit.

    A head may have a line break, where the table has room for three lines (TwoLineHead.set_lines).

    chip: letter of the scenario that the column belongs to. wording: the words for a stored text.
    """

    id: str
    head: str
    unit: str = ""
    look: Look = Look.TEXT
    decimals: int = 0
    factor: float = 1.0
    plus: bool = False
    chip: str = ""
    width: int = 0  # logical pixels; 0: from the content
    stretch: bool = False
    keeps_end: bool = False  # texts that differ at their end are shortened in the middle
    most_head: int = 0  # logical pixels beyond which the head is shortened; 0: never. tip then has all of it
    tip: str = ""
    wording: Callable[[str], str] | None = None
    in_sentence: str = ""  # the column's name inside a sentence; "": its head

    @property
    def name(self) -> str:
        """What a sentence calls the column."""
        return self.in_sentence or " ".join(self.head.split())

    @property
    def is_numeric(self) -> bool:
        return self.look in _NUMERIC

    @property
    def title(self) -> str:
        """Both lines of the head as one, for the clipboard and for screen readers."""
        head = " ".join([*filter(None, [self.chip]), *self.head.split()])
        return ", ".join(part for part in (head, self.unit) if part)

    def text(self, value: Value) -> str:
        """What the cell shows; a missing number is never blank."""
        if isinstance(value, str):
            return self.wording(value) if self.wording is not None and value else value
        return format_number(value * self.factor, self.decimals, plus=self.plus)


@dataclass(frozen=True)
class Group:
    """A parent of lines. `caption` says how many lines it has, of how many when some are filtered out."""

    key: str
    name: str


@dataclass(frozen=True, eq=False)
class Parts:
    """Finer rows below lines: `line_of[i]` is the line that part i belongs to. Sorted by line."""

    line_of: Ints
    keys: Sequence[str]
    cells: Mapping[str, Sequence[str] | Floats]
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)


class LazyTexts(Sequence[str]):
    """Texts that are made when they are first looked at: most parts of lines never are."""

    def __init__(self, count: int, make: Callable[[int], str]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        return self._make(place)


def no_sums(lines: Ints) -> Mapping[str, Value]:
    """For tables whose groups add up to nothing."""
    return {}


def _count_lines(shown: int, all_lines: int) -> str:
    return str(shown) if shown == all_lines else f"{shown} / {all_lines}"


def _count_rest(count: int) -> str:
    return str(count)


@dataclass(frozen=True, eq=False)
class Content:
    """All that a table shows, one entry a line in keys, cells, words and notes.

    cells: by column id. gather: sums of some lines by column id. size: what makes a line one of the smaller
    ones (None: groups are never cut). match: lines that fit a search. notes: by column id, why a value is
    inferred, "" where it is not. pinned: so many lines at the beginning stay first whatever the order and the search.
    inapplicable: by column id, the lines on which the column says nothing.
    """

    columns: tuple[Column, ...]
    keys: Sequence[str]
    cells: Mapping[str, Sequence[str] | Floats]
    match: Callable[[str], Bools]
    groups: tuple[Group, ...] = ()
    group_of: Ints | None = None
    gather: Callable[[Ints], Mapping[str, Value]] = no_sums
    size: Floats | None = None
    shown: int = 6
    parts: Parts | None = None
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    order: Mapping[str, Floats] = field(default_factory=dict)  # for columns that do not sort by what they hold
    pinned: int = 0
    inapplicable: Mapping[str, frozenset[int]] = field(default_factory=dict)
    named_by: str = ""  # the column whose text names a line to a screen reader; "": the first
    group_caption: Callable[[int, int], str] = _count_lines
    rest_label: Callable[[int], str] = _count_rest
    # Lines shown, of all, groups; None: no total row.
    total_label: Callable[[int, int, int], str] | None = None
    apart: tuple[tuple[str, Mapping[str, Value]], ...] = ()  # rows below the total that are in no sum

    @property
    def count(self) -> int:
        return len(self.keys)


def matcher(words: Sequence[str], codes: Sequence[str] | None = None) -> Callable[[str], Bools]:
    """A search over case-folded words: every word typed must occur; digits alone are the start of a code.

    codes: digits of each line. A code longer than the line's own finds the line it belongs to.
    """

    def match(query: str) -> Bools:
        terms = query.casefold().split()
        digits = query.replace(".", "").replace(" ", "")
        if codes is not None and digits.isascii() and digits.isdigit():
            found = (code.startswith(digits[: len(code)]) for code in codes)
        else:
            found = (all(term in text for term in terms) for text in words)
        return np.fromiter(found, dtype=np.bool_, count=len(words))

    return match
