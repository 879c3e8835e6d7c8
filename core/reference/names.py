"""What a tariff code means in words, English and Korean, for screens and for the workbook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.codes import LINE_DIGITS
from core.reference import tables
from core.reference.schedule import Schedule
from core.text import LocalText

ENGLISH_FILE: Final = "names.csv.gz"
KOREAN_FILE: Final = "names_ko.csv.gz"
PATH_SEPARATOR: Final = " > "
_SUBHEADING_DIGITS: Final = 6
# A last step of the schedule's path that says nothing without the one before it.
_EMPTY_WORDS: Final = frozenset({"other", "nesoi", "other:", "others"})


def description_tail(description: str) -> str:
    """The last telling part of a schedule path: 'Horses: Other' rather than 'Other'."""
    steps = description.split(PATH_SEPARATOR)
    tail = [steps.pop()]
    while steps and tail[0].strip().casefold() in _EMPTY_WORDS:
        tail.insert(0, steps.pop())
    return ": ".join(step.rstrip(":") for step in tail)


@dataclass(frozen=True, eq=False)
class Names:
    """Names by code. English: ten digits. Korean: six digits, from the Korean nomenclature's own lines."""

    english: dict[str, str] = field(repr=False)
    korean: dict[str, str] = field(repr=False)
    _schedule: Schedule = field(repr=False)

    def name(self, code: str) -> LocalText:
        """The name of a code of six to ten digits; the Korean one is that of its first six digits."""
        return LocalText(en=self._english(code), ko=self.korean.get(code[:_SUBHEADING_DIGITS], ""))

    def _english(self, code: str) -> str:
        return self.english.get(code) or self._line_name(code)

    def _line_name(self, code: str) -> str:
        index = int(self._schedule.position([code])[0]) if len(code) >= LINE_DIGITS else -1
        return description_tail(str(self._schedule.description[index])) if index >= 0 else ""


def load_names(path: Callable[[str], Path], schedule: Schedule) -> Names:
    """Read the names; `path` gives a file of the pack by its name."""
    return Names(
        english=_mapping(path(ENGLISH_FILE), "hts10", "short_desc"),
        korean=_mapping(path(KOREAN_FILE), "hs6", "name_ko"),
        _schedule=schedule,
    )


def _mapping(path: Path, key: str, value: str) -> dict[str, str]:
    columns = tables.read_columns(path)
    keys, values = tables.column(columns, key, path.name), tables.column(columns, value, path.name)
    return dict(zip(keys, values, strict=True))
