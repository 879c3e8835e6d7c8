"""Files as they come: encodings, separators, workbooks, and what is refused before it is read."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import to_excel

from core.errors import Cancelled, TableFileError
from core.imports import limits
from core.imports.findings import Severity
from core.imports.reading import file_bytes, read
from core.imports.sheet import FileKind, Number, Reading, Wish

KOREAN = "품목번호;금액\n8703.23.01;1,5\n0101.21.00;2\n"


def rows(data: bytes, wish: Wish | None = None) -> tuple[tuple[str, ...], ...]:
    return read(data, "table", wish or Wish()).sheet.rows


def workbook(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        fill(book)
    return data.getvalue()


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same package with one part changed."""
    archive, changed = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as book:
        for part in archive.namelist():
            content = archive.read(part)
            book.writestr(part, change(content) if part == name else content)
    return changed.getvalue()


def simple(*lines: list[object]) -> bytes:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for number, cells in enumerate(lines):
            sheet.write_row(number, 0, cells)

    return workbook(fill)


class TestEncodings:
    @pytest.mark.parametrize(
        ("encoding", "said"),
        [
            ("utf-8", "utf-8"),
            ("utf-8-sig", "utf-8"),
            ("cp949", "cp949"),
            ("euc-kr", "cp949"),
            ("utf-16", "utf-16"),
            ("utf-16-le", "utf-16-le"),
            ("utf-16-be", "utf-16-be"),
        ],
    )
    def test_korean_text_is_read_whatever_it_is_written_in(self, encoding: str, said: str) -> None:
        reading = read(KOREAN.encode(encoding), "t.csv")
        assert reading.sheet.rows == (("품목번호", "금액"), ("8703.23.01", "1,5"), ("0101.21.00", "2"))
        assert reading.manner.encoding == said
        assert reading.manner.encoding_why

    def test_letters_that_only_cp949_has_and_euc_kr_has_not(self) -> None:
        """`뷁` and `똠` are outside KS X 1001: old tables of ministries hold such syllables."""
        assert rows("뷁,똠\n1,2\n".encode("cp949"))[0] == ("뷁", "똠")

    def test_western_text(self) -> None:
        text = "Café,Größe,Señor,Zölle\n" + "Fälle für die Prüfung,Überschuß,déjà,naïve\n" * 20
        assert rows(text.encode("cp1252"))[0] == ("Café", "Größe", "Señor", "Zölle")

    def test_the_users_choice_stands_over_the_guess(self) -> None:
        reading = read(KOREAN.encode("utf-8"), "t.csv", Wish(encoding="latin-1"))
        assert reading.sheet.cell(0, 0) != "품목번호"
        assert reading.manner.encoding == "latin-1"

    def test_a_choice_that_cannot_be_says_on_which_line(self) -> None:
        data = b"a,b\n1,2\n" + "쌀,1\n".encode("cp949")
        with pytest.raises(TableFileError) as failure:
            read(data, "t.csv", Wish(encoding="utf-8"))
        assert "Line 3" in failure.value.why

    def test_decomposed_hangul_is_composed(self) -> None:
        """One system stores Hangul in parts; titles would not be found by it."""
        assert rows("\u110a\u1161\u11af,1\n2,3\n".encode())[0][0] == "쌀"

    @pytest.mark.parametrize("data", [b"\x00\x01\x02" * 500, bytes(range(256)) * 20])
    def test_what_is_no_text_is_refused(self, data: bytes) -> None:
        with pytest.raises(TableFileError):
            read(data, "t.csv")


class TestSeparators:
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    def test_found_by_the_columns_it_makes(self, separator: str) -> None:
        text = io.StringIO()
        csv.writer(text, delimiter=separator).writerows([["code", "value, US$", "x; y"], ["0101", "1,5", "a;b"]] * 5)
        reading = read(text.getvalue().encode(), "t.csv")
        assert reading.manner.separator == separator
        assert reading.sheet.rows[1] == ("0101", "1,5", "a;b")
        assert "10 of the first 10 rows have 3 columns" in reading.manner.separator_why

    def test_decimal_commas_do_not_make_columns(self) -> None:
        assert rows(b"code;value\n0101;1,5\n0102;2,5\n0103;3,5\n")[1] == ("0101", "1,5")

    def test_a_title_above_the_headings(self) -> None:
        """Statistics offices put a title and the unit above the table."""
        assert rows(b"Exports, first half\ncode;value\n" + b"0101;1\n" * 8)[1] == ("code", "value")

    def test_the_line_by_which_a_spreadsheet_names_it(self) -> None:
        reading = read(b"sep=|\na|b,c\n1|2\n", "t.csv")
        assert reading.sheet.rows == (("a", "b,c"), ("1", "2"))
        assert reading.sheet.places == (1, 2)

    def test_rows_are_numbered_as_in_a_spreadsheet(self) -> None:
        """By records: a cell of two lines is one row, an empty row counts."""
        reading = read(b'a,b\n"two\nlines",1\n\nx,2\n', "t.csv")
        assert reading.sheet.places == (1, 2, 4)
        assert reading.sheet.rows[1][0] == "two\nlines"

    def test_a_quotation_mark_that_is_not_closed(self) -> None:
        with pytest.raises(TableFileError) as failure:
            read(b'a,b\n"1,2\n' + b"x,y\n" * 60_000, "t.csv")
        assert "quotation mark" in failure.value.why


class TestWorkbooks:
    def test_cells_read_as_they_are_shown(self) -> None:
        """Against what the writing library and the spreadsheet's rules say each cell shows."""

        def fill(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet("자료")
            day, korean = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": 31})
            percent, zeros = book.add_format({"num_format": "0.0%"}), book.add_format({"num_format": "0000000000"})
            sheet.write_row(0, 0, ["text", "number", "day", "day, Korean format", "per cent", "code", "yes"])
            sheet.write_string(1, 0, "0101.21")
            sheet.write_number(1, 1, 0.3)
            sheet.write_datetime(1, 2, date(2025, 7, 9), day)
            sheet.write_number(1, 3, to_excel(date(2025, 7, 9)), korean)
            sheet.write_number(1, 4, 0.125, percent)
            sheet.write_number(1, 5, 101210010, zeros)
            sheet.write_boolean(1, 6, True)

        reading = read(workbook(fill), "t.xlsx")
        assert reading.manner.kind is FileKind.XLSX
        assert reading.manner.sheets == ("자료",)
        assert reading.sheet.rows[1] == (
            "0101.21", "0.3", "2025-07-09", "2025-07-09", "12.5%", "0101210010", "TRUE",
        )  # fmt: skip

    def test_numbers_are_told_from_texts(self) -> None:
        """A number of a workbook is never read with a decimal comma."""
        cells = rows(simple(["a", "b"], [1.234, "1.234"]))[1]
        assert [type(cell) for cell in cells] == [Number, str]

    def test_agrees_with_another_reader(self) -> None:
        """openpyxl is the reference for positions, blanks and shared texts."""
        lines: list[list[object]] = [[f"r{row}c{column}" if (row * column) % 3 else None for column in range(30)]
                                     for row in range(40)]  # fmt: skip
        book = openpyxl.Workbook()
        for cells in lines:
            book.active.append(cells)
        data = io.BytesIO()
        book.save(data)
        sheet = read(data.getvalue(), "t.xlsx").sheet
        expected = {(r + 1, c): text for r, cells in enumerate(lines) for c, text in enumerate(cells) if text}
        found = {
            (place, column): text
            for place, cells in zip(sheet.places, sheet.rows, strict=True)
            for column, text in enumerate(cells)
            if text
        }
        assert found == expected

    def test_stored_values_of_formulas_are_taken_and_nothing_is_worked_out(self) -> None:
        def fill(book: xlsxwriter.Workbook) -> None:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["a", "b"])
            sheet.write_formula(1, 0, "=1+1", value=7)  # the file says 7
            sheet.write_formula(1, 1, '=HYPERLINK("file:///etc/passwd")', value="")

        reading = read(workbook(fill), "t.xlsx")
        assert reading.sheet.rows[1] == ("7",)
        said = {finding.severity: finding for finding in reading.findings}
        assert "2 cells hold formulas" in said[Severity.NOTE].what
        assert (said[Severity.WARNING].row, said[Severity.WARNING].column) == (2, "B")

    def test_another_sheet_and_hidden_rows(self) -> None:
        def fill(book: xlsxwriter.Workbook) -> None:
            hidden, first, second = (book.add_worksheet(name) for name in ("H", "One", "Two"))
            first.activate()
            hidden.hide()
            for sheet, text in ((hidden, "h"), (first, "1"), (second, "2")):
                sheet.write_string(0, 0, text)
            second.set_row(0, None, None, {"hidden": True})

        data = workbook(fill)
        assert rows(data) == (("1",),)
        reading = read(data, "t.xlsx", Wish(sheet="Two"))
        assert reading.sheet.rows == (("2",),)
        assert "1 hidden row" in next(iter(reading.findings)).what
        with pytest.raises(TableFileError):
            read(data, "t.xlsx", Wish(sheet="Three"))

    def test_a_workbook_by_another_name_is_known_by_its_content(self) -> None:
        assert read(simple(["a"], ["b"]), "really.csv").manner.kind is FileKind.XLSX


class TestRefusals:
    """Each is refused with words, before it can do harm."""

    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
            (b"%PDF-1.7 ...", "not a table"),
            (b"", "empty"),
            (b"\n\n , ,\n", "empty"),
            (b"PK\x03\x04 broken", "damaged"),
        ],
    )
    def test_what_is_no_table(self, data: bytes, words: str) -> None:
        with pytest.raises(TableFileError) as failure:
            read(data, "t.csv")
        assert words in failure.value.message()
        assert "(t.csv)" in failure.value.message()

    def test_too_large_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "big.csv"
        with path.open("wb") as file:
            file.truncate(limits.MAX_BYTES + 10)
        with pytest.raises(TableFileError, match="too large"):
            read(file_bytes(path), path.name)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(TableFileError, match="No such file"):
            file_bytes(tmp_path / "none.csv")

    def test_rows_columns_and_cells(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_ROWS", 5)
        assert len(rows(b"a\n" * 5)) == 5
        with pytest.raises(TableFileError, match="5 rows"):
            rows(b"a\n" * 6)
        assert len(rows(b"a," * 199 + b"a\n")[0]) == 200
        with pytest.raises(TableFileError, match="200 columns"):
            rows(b"a," * 200 + b"a\n")
        with pytest.raises(TableFileError, match="200 columns"):
            rows(simple(["a"] * 201))

    def test_formatted_cells_without_content_are_no_columns(self) -> None:
        """Sheets are often formatted to the last column XFD."""

        def fill(book: xlsxwriter.Workbook) -> None:
            sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
            sheet.write_string(0, 0, "a")
            sheet.write_blank(0, 16_383, None, bold)

        assert rows(workbook(fill)) == (("a",),)

    def test_a_bomb_is_seen_in_the_table_of_contents(self) -> None:
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/workbook.xml", b"0" * 30_000_000)
        with pytest.raises(TableFileError, match="100 times"):
            read(data.getvalue(), "t.xlsx")

    def test_more_parts_than_a_workbook_has(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MAX_PARTS", 3)
        with pytest.raises(TableFileError, match="3 parts"):
            read(simple(["a"]), "t.xlsx")

    def test_entities_are_not_even_looked_at(self) -> None:
        """A document type is refused, so that nothing can swell and no file can be named."""
        bomb = b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
        for part in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml", "xl/workbook.xml"):
            data = with_part(simple(["a"], ["b"]), part, lambda text: text.replace(b"?>", b"?>" + bomb, 1))
            with pytest.raises(TableFileError, match="damaged"):
                read(data, "t.xlsx")

    @pytest.mark.parametrize(
        "inside",
        [
            b"<a>" * 200,  # deeper than any sheet
            b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>',  # a text that is not in the table of texts
            b'<row r="0"><c><v>1</v></c></row>',
            b'<row r="1"><c r="7"><v>1</v></c></row>',
            b'<row r="1"><c r="A1" s="x"><v>1</v></c></row>',
            b"<!-- " + b"x" * 3_000_000 + b" -->",
        ],
    )
    def test_a_sheet_that_no_program_writes(self, inside: bytes) -> None:
        data = with_part(
            simple(["a"]),
            "xl/worksheets/sheet1.xml",
            lambda text: text.replace(b"<sheetData>", b"<sheetData>" + inside),
        )
        with pytest.raises(TableFileError):
            read(data, "t.xlsx")

    def test_a_target_outside_the_file_is_not_followed(self) -> None:
        """The sheet's part is said to be a file of the computer: the workbook then has no such sheet."""
        data = with_part(
            simple(["a"]),
            "xl/_rels/workbook.xml.rels",
            lambda text: text.replace(
                b'Target="worksheets/sheet1.xml"', b'Target="file:///etc/passwd" TargetMode="External"'
            ),
        )
        with pytest.raises(TableFileError):
            read(data, "t.xlsx")

    def test_stopped_when_asked(self) -> None:
        for data in (b"a,b\n" * 10_000, simple(*[["a"]] * 50)):
            with pytest.raises(Cancelled):
                read(data, "t", cancelled=lambda: True)


def test_progress_grows_to_the_end() -> None:
    seen: list[float] = []
    read(b"a,b\n" * 20_000, "t.csv", progress=seen.append)
    assert seen == sorted(seen)
    assert 0 < seen[0] < seen[-1] <= 1


def test_marks_against_formulas_are_taken_off_and_nothing_else() -> None:
    """An apostrophe before = + - @ is a spreadsheet's sign for text; one before a word belongs to it."""
    assert rows(b"'=1+1,'-5,'tis,'@x\n1,2,3,4\n")[0] == ("=1+1", "-5", "'tis", "@x")


def test_a_reading_names_the_file() -> None:
    reading: Reading = read(b"a,b\n1,2\n", "offer.csv")
    assert reading.name == "offer.csv"
