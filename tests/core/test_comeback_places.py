"""Rows, columns and sheets that were moved, copied, renamed or deleted: still right, or explained."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from core.briefing.ids import Entry, digest
from core.case import Case
from core.comeback import Comeback, read_back
from core.errors import WorkbookError
from tests.comeback import BEEF, RICE, Delegate, change_row, sample_case, written

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

CHECKLIST, RATES, ASSUMPTIONS = "Barrier checklist", "Rate scenarios", "Assumptions"
FIRST, TITLE, STATE, NAMES = 5, 2, 8, 16  # of the checklist: first row, columns
CAP = change_row(4)


@pytest.fixture(scope="module")
def case() -> Case:
    return sample_case()


@pytest.fixture(scope="module")
def workbook(case: Case) -> bytes:
    return written(case)


def typed(workbook: bytes) -> Delegate:
    """Four changes on three sheets, to be followed wherever they go."""
    delegate = Delegate.opens(workbook).types(BEEF, "state", "Raised").types(RICE, "owner", "Y")
    return delegate.types(CAP, "rate", 0.1).types("assumption:default_utilisation", "value", 0.5)


WANTED = {(BEEF, "state", "raised"), (RICE, "owner", "Y"), (CAP, "rate", "0.1")}
WANTED |= {("assumption:default_utilisation", "value", "0.5")}


def brought(found: Comeback) -> set[tuple[str, str, str]]:
    return {(change.row, change.field, change.text) for change in found.changes}


def move_rows(sheet: Any, order: Callable[[list[list[Any]]], list[list[Any]]], columns: int) -> None:
    """Put the rows of the checklist in another order, the first so many columns of them."""
    last = sheet.max_row
    rows = [[sheet.cell(row, column).value for column in range(1, columns + 1)] for row in range(FIRST, last + 1)]
    for row, values in enumerate(order(rows), start=FIRST):
        for column, value in enumerate(values, start=1):
            sheet.cell(row, column).value = value


STILL_RIGHT: dict[str, Callable[[Any], object]] = {
    "rows inserted": lambda book: [book[name].insert_rows(2, 3) for name in (CHECKLIST, RATES, ASSUMPTIONS)],
    "a row inserted within": lambda book: book[CHECKLIST].insert_rows(7),
    "columns inserted": lambda book: [book[name].insert_cols(2, 2) for name in (CHECKLIST, RATES, ASSUMPTIONS)],
    "sorted": lambda book: move_rows(book[CHECKLIST], lambda rows: sorted(rows, key=lambda row: row[1]), NAMES),
    "turned round": lambda book: move_rows(book[CHECKLIST], lambda rows: rows[::-1], NAMES),
    "sheets renamed": lambda book: [setattr(book[name], "title", f"My {n}") for n, name in enumerate(book.sheetnames)],
    "sheets in another order": lambda book: book.move_sheet(CHECKLIST, -5),
    "everything shown": lambda book: [setattr(sheet, "sheet_state", "visible") for sheet in book.worksheets],
    "other sheets deleted": lambda book: [book.remove(book[name]) for name in ("Summary", "Line detail", "Sources")],
    "notes beside it": lambda book: book[CHECKLIST].cell(60, 30, "as agreed by telephone"),
}


class TestStillRight:
    @pytest.mark.parametrize("what", STILL_RIGHT)
    def test_every_answer_arrives(self, what: str, case: Case, workbook: bytes) -> None:
        found = typed(workbook).does(STILL_RIGHT[what]).returns(case)
        assert brought(found) == WANTED
        assert found.findings == ()


def delete_row_of(book: Any, title: str) -> None:
    sheet = book[CHECKLIST]
    row = next(row for row in range(FIRST, sheet.max_row + 1) if sheet.cell(row, TITLE).value == title)
    sheet.delete_rows(row)


def copy_row(book: Any, source: int, target: int) -> None:
    sheet = book[CHECKLIST]
    for column in range(1, NAMES + 1):
        sheet.cell(target, column).value = sheet.cell(source, column).value


def column_copied(book: Any, source: int, target: int) -> None:
    sheet = book[CHECKLIST]
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, target).value = sheet.cell(row, source).value


def sheet_copied(book: Any, name: str) -> None:
    """Excel copies hidden rows and columns along."""
    book.copy_worksheet(book[name])


RICE_ROW = 6
EXPLAINED: dict[str, tuple[Callable[[Any], object], set[tuple[str, str, str]], str]] = {
    "a row deleted": (
        lambda book: delete_row_of(book, "Rice"), {(RICE, "owner", "Y")}, "The row of 'rice' is gone",
    ),
    "a row twice": (
        lambda book: copy_row(book, RICE_ROW, 80), {(RICE, "owner", "Y")}, "The row of 'rice' is there more than once",
    ),
    "a column deleted": (
        lambda book: book[CHECKLIST].delete_cols(STATE), {(BEEF, "state", "raised")}, "The column 'State' is gone",
    ),
    "a column twice": (
        lambda book: column_copied(book, STATE, 40), {(BEEF, "state", "raised")},
        "The column 'State' is there more than once",
    ),
    "a sheet deleted": (
        lambda book: book.remove(book[CHECKLIST]), {(BEEF, "state", "raised"), (RICE, "owner", "Y")},
        "The sheet 'Barrier checklist' is gone",
    ),
    "the sheet with days and changes deleted": (
        lambda book: book.remove(book[RATES]), {(CAP, "rate", "0.1")}, "The sheet 'Rate scenarios' is gone",
    ),
    "ids deleted": (
        lambda book: book[CHECKLIST].delete_cols(NAMES), {(BEEF, "state", "raised"), (RICE, "owner", "Y")},
        "or its hidden ids are",
    ),
    "a sheet copied": (
        lambda book: sheet_copied(book, CHECKLIST), set(), "A copy of a sheet was not read: 'Barrier checklist Copy'",
    ),
    "two copies, both renamed": (
        lambda book: [sheet_copied(book, CHECKLIST), setattr(book[CHECKLIST], "title", "Mine")],
        {(BEEF, "state", "raised"), (RICE, "owner", "Y")}, "There are copies of one sheet",
    ),
    "a title changed": (
        lambda book: book[CHECKLIST].cell(RICE_ROW, TITLE, "Rice and more"), {(RICE, "owner", "Y")},
        "does not say any more what it was written for",
    ),
}  # fmt: skip


class TestExplained:
    @pytest.mark.parametrize("what", EXPLAINED)
    def test_says_what_was_not_read_and_brings_the_rest(self, what: str, case: Case, workbook: bytes) -> None:
        act, lost, words = EXPLAINED[what]
        found = typed(workbook).does(act).returns(case)
        assert brought(found) == WANTED - lost
        assert len(found.findings) == 1
        assert words in found.findings[0].message()
        assert found.findings[0].is_refusal == bool(lost)

    def test_sorted_without_its_ids(self, case: Case, workbook: bytes) -> None:
        """Answers under another barrier's id are worse than none: no row of the checklist is read."""

        def sort(book: Any) -> None:
            move_rows(book[CHECKLIST], lambda rows: rows[1:] + rows[:1], NAMES - 1)

        found = typed(workbook).does(sort).returns(case)
        assert brought(found) == {wanted for wanted in WANTED if not wanted[0].startswith("barrier")}
        assert {finding.where.partition("!")[0] for finding in found.findings} == {CHECKLIST}

    def test_a_deleted_row_is_named_in_the_words_of_the_catalogue(self, case: Case, workbook: bytes, pack: Any) -> None:
        found = Delegate.opens(workbook).does(lambda book: delete_row_of(book, "Rice")).returns(case, pack)
        assert "'Rice'" in found.findings[0].text

    def test_only_what_moved_apart_is_lost(self, case: Case, workbook: bytes) -> None:
        """Two titles changed places, nothing else: two rows are not read."""

        def swap(book: Any) -> None:
            sheet = book[CHECKLIST]
            one, other = sheet.cell(20, TITLE), sheet.cell(21, TITLE)
            one.value, other.value = other.value, one.value

        found = typed(workbook).does(swap).returns(case)
        assert brought(found) == WANTED
        assert len(found.findings) == 2


class TestWhole:
    def test_another_case(self, case: Case, workbook: bytes) -> None:
        found = typed(workbook).returns(replace(case, id="another"))
        assert found.changes == ()
        (finding,) = found.findings
        assert "another case" in finding.text

    def test_a_case_without_an_id(self) -> None:
        """Nothing could tell its workbook from that of another case."""
        case = replace(sample_case(), id="")
        with pytest.raises(WorkbookError, match="no id"):
            read_back(written(case), case)

    def test_the_hidden_sheet_is_gone(self, case: Case, workbook: bytes) -> None:
        with pytest.raises(WorkbookError, match="lost its hidden sheet"):
            Delegate.opens(workbook).does(lambda book: book.remove(book["Ids"])).returns(case)

    @pytest.mark.parametrize("place", ["B2", "B3", "B4", "B5", "A7", "C8", "D9"])
    def test_the_hidden_sheet_was_changed(self, place: str, case: Case, workbook: bytes) -> None:
        def edit(book: Any) -> None:
            book["Ids"][place] = "x"

        with pytest.raises(WorkbookError, match="was changed"):
            Delegate.opens(workbook).does(edit).returns(case)

    def test_a_newer_parley(self, case: Case, workbook: bytes) -> None:
        def edit(book: Any) -> None:
            book["Ids"]["B1"] = "2"

        with pytest.raises(WorkbookError, match="another version"):
            Delegate.opens(workbook).does(edit).returns(case)

    def test_some_other_workbook(self, case: Case) -> None:
        with pytest.raises(WorkbookError, match="no briefing"):
            Delegate(openpyxl.Workbook()).returns(case)

    def test_a_workbook_cannot_name_what_its_circle_has_not(self, case: Case, workbook: bytes) -> None:
        """Someone wrote "shareable" over "delegation" and mended the sum: the fields of the inner circles stay shut."""

        def edit(book: Any) -> None:
            sheet = book["Ids"]
            rows = [[str(cell or "") for cell in row[:4]] for row in sheet.iter_rows(min_row=6, values_only=True)]
            sheet["B4"] = "shareable"
            sheet["B5"] = digest("sample", "en", "shareable", [Entry(*row) for row in rows])

        found = typed(workbook).does(edit).returns(case)
        assert {row for row, _field, _text in brought(found)} == {CAP, "assumption:default_utilisation"}
        assert all(re.search("circle|moved on|changed after", finding.text) for finding in found.findings)
