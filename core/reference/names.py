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
LINE_FILE: Final = "line_names.csv.gz"
CHAPTER_FILE: Final = "chapter_names.csv"
PATH_SEPARATOR: Final = " > "
_SUBHEADING_DIGITS: Final = 6
_CHAPTER_DIGITS: Final = 2
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
    """Names by code.

    english: by ten digits, the Census's words. korean: by six digits, from the Korean nomenclature.
    lines, chapters: short names in plain words, by eight digits for the lines with the most trade, by two for
    every chapter.
    """

    english: dict[str, str] = field(repr=False)
    korean: dict[str, str] = field(repr=False)
    lines: dict[str, LocalText] = field(repr=False)
    chapters: dict[str, LocalText] = field(repr=False)
    _schedule: Schedule = field(repr=False)

    def name(self, code: str) -> LocalText:
        """The name of a chapter (two digits) or of a code of six to ten digits; empty for an unknown one.

        Eight digits: the short name where there is one. Otherwise English is the Census's text or the end of the
        schedule's, Korean that of the first six digits.
        """
        short = self.chapters.get(code) if len(code) == _CHAPTER_DIGITS else self.lines.get(code)
        return short or LocalText(en=self._english(code), ko=self.korean.get(code[:_SUBHEADING_DIGITS], ""))

    def of_line(self, code: str) -> LocalText:
        """What a list shows for the tariff line of a ten-digit code: its short name, else the name of the code."""
        return self.lines.get(code[:LINE_DIGITS]) or self.name(code)

    def _english(self, code: str) -> str:
        return self.english.get(code) or self._line_name(code)

    def _line_name(self, code: str) -> str:
        index = int(self._schedule.position([code])[0]) if len(code) >= LINE_DIGITS else -1
        return description_tail(str(self._schedule.description[index])) if index >= 0 else ""


@tables.refusing(ENGLISH_FILE)
def load_names(path: Callable[[str], Path], schedule: Schedule) -> Names:
    """Read the names; `path` gives a file of the pack by its name."""
    return Names(
        english=_mapping(path(ENGLISH_FILE), "hts10", "short_desc"),
        korean=_mapping(path(KOREAN_FILE), "hs6", "name_ko"),
        lines=_short_names(path(LINE_FILE), "hts8"),
        chapters=_short_names(path(CHAPTER_FILE), "hs2"),
        _schedule=schedule,
    )


def _mapping(path: Path, key: str, value: str) -> dict[str, str]:
    columns = tables.read_columns(path)
    keys, values = tables.column(columns, key, path.name), tables.column(columns, value, path.name)
    return dict(zip(keys, values, strict=True))


def _short_names(path: Path, key: str) -> dict[str, LocalText]:
    columns = tables.read_columns(path)
    keys, english, korean = (tables.column(columns, name, path.name) for name in (key, "name_en", "name_ko"))
    return {code: LocalText(en=en, ko=ko) for code, en, ko in zip(keys, english, korean, strict=True)}
