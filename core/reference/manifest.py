"""What a reference pack says about itself: one entry for each file, with its hash, source and meaning."""

from __future__ import annotations

import datetime
from typing import Final

import msgspec

SCHEMA: Final = 1
MANIFEST_NAME: Final = "manifest.json"


class FileInfo(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of the pack.

    date: the period or edition that the facts belong to. concept: what is counted. unit: of the figures.
    known_from: ISO date since when this vintage was public, where that matters for cases set earlier.
    rows: data rows, over all members in a zip file.
    """

    title: str
    source: str
    date: str
    licence: str
    concept: str
    unit: str
    known_from: str = ""
    sha256: str = ""
    bytes: int = 0
    rows: int = 0

    def is_known(self, on: datetime.date) -> bool:
        """Whether this vintage was public on that day: a case set earlier must not show the file."""
        return not self.known_from or datetime.date.fromisoformat(self.known_from) <= on

    def described(self) -> list[tuple[str, str]]:
        """The descriptive entries in the order in which every file states them."""
        names = ("title", "source", "date", "licence", "concept", "unit", "known_from")
        return [(name, value) for name in names if (value := getattr(self, name))]


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All files of one edition of the pack, by name."""

    schema: int
    edition: str
    files: dict[str, FileInfo]
