"""Where the inputs stand in a workbook that came back: by the ids in its hidden rows and columns, whatever moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from core.audience import Audience
from core.briefing.ids import COLUMNS, FORMAT, MARK, SIGN, Entry, digest
from core.briefing.inputs import sort_of
from core.comeback.cells import SheetCells, Workbook, texts_in
from core.errors import WorkbookError
from core.i18n import LANGUAGES, _

_MOST_TABLES: Final = 4  # of a sheet; as written there are at most two
_FACTS: Final = ("case", "language", "audience", "check")


@dataclass(frozen=True)
class Ids:
    """The hidden sheet: whose inputs these are, as they were when the workbook was written."""

    case_id: str
    language: str
    audience: Audience
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Table:
    """One table with inputs. fields: columns by field; rows: by name. Each a list, since people copy things."""

    sheet: SheetCells
    sort: str
    fields: Mapping[str, list[int]]
    rows: Mapping[str, list[int]]


def find_ids(book: Workbook, where: str) -> Ids:
    """The hidden sheet; WorkbookError when this is no briefing, one that lost it, or one of a newer Parley."""
    sheets = [sheet for sheet in book.sheets if sheet.at(0, 0).value == SIGN]
    if not sheets:
        raise _not_ours(book, where)
    sheet = sheets[0]
    if sheet.at(0, 1).text != FORMAT:
        raise WorkbookError(
            _("This workbook was written by another version of Parley."),
            where=where,
            remedy=_("Open it with that version, or enter its changes by hand."),
        )
    facts = {name: sheet.at(place, 1).text for place, name in enumerate(_FACTS, start=1)}
    if not facts["case"]:
        raise WorkbookError(
            _("This workbook cannot be read back: its case had no id when it was written."),
            where=where,
            remedy=_("Save the case, write the workbook once more, and enter the changes there."),
        )
    entries = tuple(_entries(sheet))
    if facts["check"] != digest(facts["case"], facts["language"], facts["audience"], entries):
        raise _tampered(where)
    return Ids(facts["case"], _known_language(facts, where), _known_audience(facts, where), entries)


def _entries(sheet: SheetCells) -> Iterator[Entry]:
    last = max((row for row, _column in sheet.cells), default=0)
    for row in range(len(_FACTS) + 1, min(last, 100_000) + 1):
        name, scenario, field, check = (sheet.at(row, column).text for column in range(4))
        if name:
            yield Entry(name, scenario, field, check)


def _known_language(facts: Mapping[str, str], where: str) -> str:
    if facts["language"] not in LANGUAGES:
        raise _tampered(where)
    return facts["language"]


def _known_audience(facts: Mapping[str, str], where: str) -> Audience:
    try:
        return Audience(facts["audience"])
    except ValueError:
        raise _tampered(where) from None


def _tampered(where: str) -> WorkbookError:
    return WorkbookError(
        _("The hidden sheet with the ids was changed: what belongs where is not certain any more."),
        where=where,
        remedy=_("Enter the changes in a workbook as Parley wrote it."),
    )


def _not_ours(book: Workbook, where: str) -> WorkbookError:
    if any(text.startswith(MARK) for sheet in book.sheets for _row, _column, text in texts_in(sheet)):
        return WorkbookError(
            _("The workbook has lost its hidden sheet with the ids."),
            where=where,
            remedy=_("Enter the changes in a workbook as Parley wrote it."),
        )
    return WorkbookError(
        _("This workbook is no briefing that can be read back."),
        where=where,
        why=_("It carries no ids of a case."),
        remedy=_("Choose a briefing workbook that this version of Parley wrote."),
    )


def find_tables(book: Workbook) -> dict[str, list[Table]]:
    """The tables by what they hold, in the order of the sheets; the first few of each sheet."""
    found = defaultdict(list)
    for sheet in book.sheets:
        heads = ((row, column, text) for row, column, text in texts_in(sheet) if text.startswith(COLUMNS))
        for row, column, text in islice(heads, _MOST_TABLES):
            table = _table(sheet, row, column, text.removeprefix(COLUMNS))
            found[table.sort].append(table)
    return found


def _table(sheet: SheetCells, head: int, names: int, sort: str) -> Table:
    fields, rows = defaultdict(list), defaultdict(list)
    for row, column, text in texts_in(sheet):
        if row == head and column != names:
            fields[text].append(column)
        elif column == names and text.startswith(MARK) and sort_of(name := text.removeprefix(MARK)) == sort:
            rows[name].append(row)
    return Table(sheet, sort, fields, rows)
