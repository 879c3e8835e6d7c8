"""Build step: the notice of sources and licences that travels with the pack."""

from __future__ import annotations

from typing import Final

from core.reference.build.workshop import Workshop
from core.reference.manifest import FileInfo
from core.reference.tables import read_bytes

NOTICES_FILE: Final = "SOURCES.md"
_INFO: Final = FileInfo(
    title="Sources and licences of the reference pack",
    source="Parley",
    date="2025",
    licence="Apache-2.0",
    concept="who made the facts, under which terms, and which parts to take out before passing them on",
    unit="none",
)


def write_notices(workshop: Workshop) -> None:
    """Copy the notice as it stands."""
    workshop.write_bytes(NOTICES_FILE, _INFO, read_bytes(workshop.source / NOTICES_FILE), 0)
