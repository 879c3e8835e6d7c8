"""Terms of the talks in English and Korean, with a definition that does not run ahead of the known date."""

from __future__ import annotations

from datetime import date
from typing import Final

from msgspec.structs import replace

from core.reference.dated import Confidence, Development, FileHeader, Record, decode, known
from core.text import LocalText

FILE: Final = "glossary.json"


class Term(Record, frozen=True):
    """One term. `korean_confidence`: how settled the Korean wording is in official use."""

    id: str
    term: LocalText
    definition: LocalText
    korean_confidence: Confidence
    source: LocalText
    known_from: date
    developments: tuple[Development, ...] = ()

    def as_known(self, on: date) -> Term:
        """A copy with only the developments that were public on this day."""
        return replace(self, developments=known(self.developments, on))


class Glossary(Record, frozen=True):
    """All terms, by English name."""

    header: FileHeader
    terms: tuple[Term, ...]

    def known(self, on: date) -> tuple[Term, ...]:
        """The terms in use on this day, each with what was known of it."""
        return tuple(term.as_known(on) for term in known(self.terms, on))


def load_glossary(data: bytes, where: str = FILE) -> Glossary:
    """Read glossary.json; PackError when it does not fit."""
    return decode(data, Glossary, where)
