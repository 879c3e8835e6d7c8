"""The history of a case as a table: what each entry concerned in words, and the table as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from core.case import Case, HistoryEntry
from core.casefile.merging.fields import field_words
from core.casefile.merging.wording import STEP, Names, Wording
from core.i18n import N_, _

_BOOKKEEPING: Final = "next_letter"  # comes with every new scenario
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GONE: Final[Mapping[str, str]] = {
    "scenario": N_("a scenario that was removed"),
    "change": N_("a change that was removed"),
    "group": N_("an item group that was removed"),
}


@dataclass(frozen=True)
class HistoryRow:
    """One entry. at: UTC, None where the file does not say. parts: as in the entry; concerns: in words."""

    at: datetime | None
    who: str
    what: str
    parts: tuple[str, ...]
    concerns: str


def history_rows(case: Case, names: Names) -> tuple[HistoryRow, ...]:
    """The newest first."""
    words = part_words(case, names)
    return tuple(_row(entry, words) for entry in reversed(case.history))


def _row(entry: HistoryEntry, words: Callable[[str], str]) -> HistoryRow:
    at = entry.at if entry.at is None or entry.at.tzinfo else entry.at.replace(tzinfo=UTC)
    told = [part for part in entry.concerns if part != _BOOKKEEPING] or entry.concerns
    return HistoryRow(at, entry.who, entry.what, entry.concerns, "; ".join(map(words, told)))


def part_words(case: Case, names: Names) -> Callable[[str], str]:
    """Says what a part is called now; a part that is gone, what kind of part it was."""
    known = dict(_parts(case, names))

    def words(part: str) -> str:
        if part not in known:
            known[part] = _other(part, names)
        return known[part]

    return words


def _parts(case: Case, names: Names) -> Iterator[tuple[str, str]]:
    wording = Wording(case, names)
    for scenario in case.scenarios:
        place = wording.part(scenario)
        yield f"scenario:{scenario.id}", place
        parts = (*scenario.changes, *scenario.rivals)
        yield from ((f"change:{each.id}", f"{place}{STEP}{wording.part(each)}") for each in parts)
    yield from ((f"group:{group.id}", wording.part(group)) for group in case.groups)
    yield from ((f"barrier:{record.barrier}", wording.part(record)) for record in case.barriers)


def _other(part: str, names: Names) -> str:
    kind, separator, name = part.partition(":")
    if not separator:
        return field_words(Case, part)
    if kind == "barrier":  # without a record it is not raised, but it is there
        return _("Barrier {name}").format(name=names.barriers.get(name, name))
    return _(_GONE[kind]) if kind in _GONE else part


def within(case: Case, part: str) -> frozenset[str]:
    """The part and what is in it: an edit of a scenario's change is one of the scenario too."""
    scenario = next((each for each in case.scenarios if f"scenario:{each.id}" == part), None)
    parts = (*scenario.changes, *scenario.rivals) if scenario is not None else ()
    return frozenset({part, *(f"change:{each.id}" for each in parts)})


# The file


def csv_bytes(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """A table that every spreadsheet opens with its letters right and takes for text alone."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow([neutral(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig", errors="replace")


def neutral(text: str) -> str:
    """What a spreadsheet would work out is marked as text; reading a table takes the mark off again."""
    plain = text.replace("\0", "")
    return "'" + plain if plain.lstrip(" \u00a0\u3000").startswith(_FORMULA_STARTS) else plain
