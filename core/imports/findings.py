"""What was noticed in a table, row by row: what it is, where, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from core.i18n import N_, _
from core.imports.limits import MAX_FINDINGS


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"  # the row is left out
    WARNING = "warning"  # the row is taken: look at it
    NOTE = "note"

    @property
    def label(self) -> str:
        """The words shown to the user."""
        return _(_LABELS[self])


_LABELS = {Severity.ERROR: N_("Left out"), Severity.WARNING: N_("Check"), Severity.NOTE: N_("Information")}
_ORDER = tuple(Severity)


@dataclass(frozen=True)
class Finding:
    """row: its number in the file, 0 where it concerns no single row. column: its heading, "" likewise."""

    severity: Severity
    what: str
    row: int = 0
    column: str = ""
    remedy: str = ""


class Findings:
    """Findings in the order in which they were made. Beyond a limit they are counted, not kept."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._counts: Counter[Severity] = Counter()

    def add(self, severity: Severity, what: str, *, row: int = 0, column: str = "", remedy: str = "") -> None:
        """One more."""
        self.take(Finding(severity, what, row, column, remedy))

    def take(self, finding: Finding) -> None:
        self._counts[finding.severity] += 1
        if len(self._kept) < MAX_FINDINGS:
            self._kept.append(finding)

    def join(self, others: Findings) -> None:
        """Those of another reader after these."""
        for finding in others._kept:
            if len(self._kept) < MAX_FINDINGS:
                self._kept.append(finding)
        self._counts.update(others._counts)

    def count(self, severity: Severity) -> int:
        """How many there are, kept or not."""
        return self._counts[severity]

    @property
    def dropped(self) -> int:
        """How many are only counted."""
        return sum(self._counts.values()) - len(self._kept)

    def __iter__(self) -> Iterator[Finding]:
        """The gravest first, then by row."""
        return iter(sorted(self._kept, key=lambda each: (_ORDER.index(each.severity), each.row)))

    def __len__(self) -> int:
        return len(self._kept)
