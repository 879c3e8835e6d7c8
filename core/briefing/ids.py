"""The ids that a workbook carries so that its inputs can be read back, and what was in them when it was written.

Each sheet with inputs names its rows in a hidden column and its fields in a hidden row, so that ids move with
what they name when rows are inserted, deleted or sorted. The hidden sheet holds a fingerprint of each value and
nothing else: who may not see a cell must not find its content there either.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.briefing.inputs import LABEL, canonical, canonical_text, fingerprint, value_in
from core.case import Case

if TYPE_CHECKING:
    from core.briefing.writer import Sheet

MARK: Final = "parley:"
COLUMNS: Final = "parley:columns:"
SIGN: Final = "parley-briefing"  # in the first cell of the hidden sheet
FORMAT: Final = "1"


@dataclass(frozen=True)
class Entry:
    """One input as written. check: fingerprint of its value. scenario: id, where the row is one of its changes."""

    row: str
    scenario: str
    field: str
    check: str


class Ledger:
    """Collects the inputs while the sheets are written. A case without an id can get nothing back: no marks."""

    def __init__(self, case: Case, language: str) -> None:
        self._case, self._language = case, language
        self.entries: list[Entry] = []

    def heads(self, sheet: Sheet, row: int, column: int, sort: str, fields: Mapping[int, str]) -> None:
        """Name the columns of a table in a hidden row. column: the one that names the rows; fields: by column."""
        sheet.hide_row(row)
        sheet.hide_column(column)
        if not self._case.id:
            return
        sheet.put(row, column, COLUMNS + sort, "plain")
        for place, field in fields.items():
            sheet.put(row, place, field, "plain")

    def row(
        self,
        sheet: Sheet,
        place: tuple[int, int],
        name: str,
        fields: Iterable[str],
        *,
        label: str = "",
        scenario: str = "",
        others: Mapping[str, str] | None = None,
    ) -> None:
        """Name a row and note what its inputs hold. place: row and the column of the names; others: not of the case."""
        if not self._case.id or name.endswith(":"):
            return
        sheet.put(*place, MARK + name, "plain")
        values = {field: canonical(value_in(self._case, name, field), self._language) for field in fields}
        values |= {LABEL: canonical_text(label)} if label else {}
        for field, text in {**values, **(others or {})}.items():
            self.entries.append(Entry(name, scenario, field, fingerprint(self._case.id, name, field, text)))

    def write(self, sheet: Sheet, audience: str) -> None:
        """The hidden sheet."""
        facts = (
            (SIGN, FORMAT),
            ("case", self._case.id),
            ("language", self._language),
            ("audience", audience),
            ("check", digest(self._case.id, self._language, audience, self.entries)),
        )
        for place, (name, text) in enumerate(facts):
            sheet.texts(place, 0, (name, text), "plain")
        for place, entry in enumerate(self.entries, start=len(facts)):
            sheet.texts(place, 0, (entry.row, entry.scenario, entry.field, entry.check), "plain")
        sheet.finish()
        sheet.raw.very_hidden()


def digest(case_id: str, language: str, audience: str, entries: Iterable[Entry]) -> str:
    """Tells whether the hidden sheet is still the one that was written."""
    lines = sorted("\0".join((entry.row, entry.scenario, entry.field, entry.check)) for entry in entries)
    return hashlib.sha256("\n".join((FORMAT, case_id, language, audience, *lines)).encode()).hexdigest()[:32]
