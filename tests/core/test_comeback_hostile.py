"""A workbook that nobody vouches for: whatever is in it, it is read within limits or refused by name."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest

from core import bounded_xml as comeback_xml
from core.briefing.lock import locked
from core.case import Case
from core.comeback import Comeback, apply, read_back, read_file
from core.comeback import package as comeback_package
from core.errors import WorkbookError
from tests.comeback import BEEF, Delegate, sample_case, written

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

Change = Callable[[bytes], bytes]
STRINGS, BOOK, CHECKLIST = "xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet7.xml"
IDS = "xl/worksheets/sheet10.xml"


@pytest.fixture(scope="module")
def case() -> Case:
    return sample_case()


@pytest.fixture(scope="module")
def workbook(case: Case) -> bytes:
    return written(case)


def with_parts(data: bytes, changed: Mapping[str, Change | None], more: Mapping[str, bytes] | None = None) -> bytes:
    """The workbook with other parts; None takes one out."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = changed.get(name, bytes)
            if change is not None:
                new.writestr(name, change(old.read(name)))
        for name, content in (more or {}).items():
            new.writestr(name, content)
    return buffer.getvalue()


def behind(mark: bytes, text: bytes) -> Change:
    """Put a text behind the first such mark."""

    def change(content: bytes) -> bytes:
        assert mark in content
        return content.replace(mark, mark + text, 1)

    return change


def instead(mark: bytes, text: bytes) -> Change:
    def change(content: bytes) -> bytes:
        assert mark in content
        return content.replace(mark, text, 1)

    return change


HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
LAUGHS = b'<!DOCTYPE a [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
ROW = b'<row r="9"'


REFUSED: dict[str, dict[str, Change | None]] = {
    "entities in the strings": {STRINGS: behind(HEAD, LAUGHS)},
    "entities in the list of sheets": {BOOK: behind(HEAD, LAUGHS)},
    "entities in a sheet": {CHECKLIST: behind(HEAD, LAUGHS)},
    "entities in UTF-16": {STRINGS: lambda xml: (xml.replace(HEAD, LAUGHS)).decode().encode("utf-16")},
    "entities from outside": {CHECKLIST: behind(HEAD, OUTSIDE)},
    "a reference without a meaning": {CHECKLIST: instead(b"<v>", b"<v>&nothing;")},
    "no list of sheets": {BOOK: None},
    "a broken sheet": {CHECKLIST: lambda xml: xml[: len(xml) // 2]},
    "broken strings": {STRINGS: lambda xml: xml.replace(b"</si>", b"", 1)},
    "a string that is not there": {CHECKLIST: instead(b't="s"><v>', b't="s"><v>9999')},
    "a negative string": {CHECKLIST: instead(b't="s"><v>', b't="s"><v>-')},
    "an address beyond the sheet": {CHECKLIST: instead(b'<c r="A1"', b'<c r="ZZZ1"')},
    "an address that is none": {CHECKLIST: instead(b'<c r="A1"', b'<c r="1A"')},
    "a row beyond the sheet": {CHECKLIST: instead(ROW, b'<row r="99999999999"')},
    "a number that is none": {CHECKLIST: behind(ROW, b'><c r="C9"><v>1.2.3</v></c></row><row r="9"')},
    "elements without end": {CHECKLIST: behind(b"<sheetData>", b"<a>" * 200 + b"</a>" * 200)},
    "bytes that are no UTF-8": {STRINGS: instead(b"<t>", b"<t>\xff\xfe\xff")},
    "an encoding that nobody knows": {STRINGS: instead(b'encoding="UTF-8"', b'encoding="klingon"')},
    "a comment without end": {CHECKLIST: behind(b"<sheetData>", b"<!--" + b" " * 3_000_000 + b"-->")},
}


class TestRefusedByName:
    @pytest.mark.parametrize("what", REFUSED)
    def test_parts(self, what: str, case: Case, workbook: bytes) -> None:
        with pytest.raises(WorkbookError) as caught:
            read_back(with_parts(workbook, REFUSED[what]), case, where="evil.xlsx")
        assert "evil.xlsx" in caught.value.message()
        assert caught.value.remedy

    @pytest.mark.parametrize(
        "data",
        [b"", b"PK", b"PK\x03\x04", b"hello", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x05\x06" + b"\0" * 18,
         b"<?xml version='1.0'?><Workbook/>", b"\0" * 100_000],
    )  # fmt: skip
    def test_no_workbook_at_all(self, data: bytes, case: Case) -> None:
        with pytest.raises(WorkbookError):
            read_back(data, case, where="x")

    def test_strings_missing(self, case: Case, workbook: bytes) -> None:
        with pytest.raises(WorkbookError):
            read_back(with_parts(workbook, {STRINGS: None}), case)

    def test_the_same_part_twice(self, case: Case, workbook: bytes) -> None:
        """Programs differ in which of the two they show; a person would see one and get the other."""
        with pytest.warns(UserWarning, match="Duplicate name"):
            data = with_parts(workbook, {}, {CHECKLIST: b"<worksheet/>"})
        with pytest.raises(WorkbookError):
            read_back(data, case)

    def test_a_folder_or_no_file(self, tmp_path: Path) -> None:
        for path in (tmp_path, tmp_path / "none.xlsx"):
            with pytest.raises(WorkbookError):
                read_file(path)


class TestLimits:
    def test_more_parts_than_any_workbook(self, case: Case, workbook: bytes) -> None:
        more = {f"xl/x{number}.xml": b"" for number in range(comeback_package.MAX_PARTS)}
        with pytest.raises(WorkbookError):
            read_back(with_parts(workbook, {}, more), case)

    def test_swelling_beyond_what_the_file_may_have(self, case: Case, workbook: bytes) -> None:
        """A part of 17 MB in 17 kB: more than is read of one."""
        bomb = behind(b"<sheetData>", b" " * (comeback_package.MAX_READ + 1_000_000))
        data = with_parts(workbook, {CHECKLIST: bomb})
        assert len(data) < 300_000
        with pytest.raises(WorkbookError):
            read_back(data, case)

    def test_a_size_that_is_a_lie(self, case: Case, workbook: bytes) -> None:
        """The table of contents says 2 GB."""
        at = workbook.index(CHECKLIST.encode(), workbook.index(b"PK\x01\x02")) - 46
        lie = workbook[: at + 24] + (2**31).to_bytes(4, "little") + workbook[at + 28 :]
        with pytest.raises(WorkbookError, match="too large"):
            read_back(lie, case)

    def test_more_elements_than_all_parts_may_have(
        self, case: Case, workbook: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(comeback_xml.Budget.__init__, "__defaults__", (5_000, 10**9))
        with pytest.raises(WorkbookError):
            read_back(workbook, case)

    def test_more_content_than_all_parts_may_have(self, case: Case, workbook: bytes) -> None:
        """One part of 15 MB is let through; named as a sheet five times it is not."""
        long = {CHECKLIST: behind(b"<sheetData>", b" " * 15_000_000)}
        assert read_back(with_parts(workbook, long), case).findings == ()
        again = behind(b"<sheets>", b'<sheet name="x" sheetId="99" r:id="rId7"/>' * 5)
        with pytest.raises(WorkbookError):
            read_back(with_parts(workbook, {**long, BOOK: again}), case)

    def test_a_file_too_large(self, case: Case, monkeypatch: pytest.MonkeyPatch, workbook: bytes) -> None:
        monkeypatch.setattr(comeback_package, "MAX_BYTES", len(workbook) - 1)
        with pytest.raises(WorkbookError, match="too large"):
            read_back(workbook, case)

    def test_a_large_file_is_not_even_read_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "large.xlsx"
        with path.open("wb") as file:
            file.truncate(comeback_package.MAX_BYTES + 5_000_000)
        assert len(read_file(path)) == comeback_package.MAX_BYTES + 1


class TestNothingOutsideIsOpened:
    def test_references_out_of_the_file_are_passed_over(self, case: Case, workbook: bytes, tmp_path: Path) -> None:
        """A sheet that lies elsewhere is not there; its rows are gone, in words."""
        relations = "xl/_rels/workbook.xml.rels"
        away = instead(b'Target="worksheets/sheet7.xml"', b'Target="file:///etc/passwd" TargetMode="External"')
        found = read_back(with_parts(workbook, {relations: away}), case)
        assert any("is gone" in finding.text for finding in found.findings)
        named_alike = instead(
            b'Target="worksheets/sheet7.xml"', b'Target="worksheets/sheet7.xml" TargetMode="External"'
        )
        assert read_back(with_parts(workbook, {relations: named_alike}), case).findings == found.findings
        up = instead(b'Target="worksheets/sheet7.xml"', b'Target="../../../../etc/passwd"')
        assert read_back(with_parts(workbook, {relations: up}), case).changes == ()

    def test_links_to_other_workbooks_change_nothing(self, case: Case, workbook: bytes) -> None:
        link = instead(
            b"</workbook>", b'<externalReferences><externalReference r:id="rId99"/></externalReferences></workbook>'
        )
        assert read_back(with_parts(workbook, {BOOK: link}), case).findings == ()


class TestTexts:
    def test_what_looks_like_a_formula_is_a_text_in_the_case_and_out_again(self, case: Case, workbook: bytes) -> None:
        delegate = Delegate.opens(workbook)
        cell = delegate.cell(BEEF, "owner")
        cell.value, cell.data_type = "=cmd|' /C calc'!A1", "s"
        (change,) = delegate.returns(case).changes
        assert change.text == "=cmd|' /C calc'!A1"
        again = Delegate.opens(written(apply(case, [change]))).cell(BEEF, "owner")
        assert (again.value, again.data_type, again.quotePrefix) == (change.text, "s", True)

    def test_halves_of_characters_do_not_get_in(self, case: Case, workbook: bytes) -> None:
        half = instead(b"<t>MAFRA</t>", b"<t>_xD800_MAFRA_x0000_x</t>")
        (change,) = read_back(with_parts(workbook, {STRINGS: half}), case).changes
        assert change.text == "MAFRAx"

    def test_numbers_beyond_reason(self, case: Case, workbook: bytes) -> None:
        for number in (b"1e999", b"-1e999", b"nan", b"1e308", b"-0"):
            change = instead(b"<v>2630000</v>", b"<v>" + number + b"</v>")
            found = read_back(with_parts(workbook, {"xl/worksheets/sheet3.xml": change}), case)
            assert found.changes == ()
            assert found.findings[0].is_refusal


def attempt(data: bytes, case: Case, password: str | None = None) -> Comeback | None:
    """Read, or refused by name; anything else is the test's failure."""
    try:
        return read_back(data, case, password=password, where="x")
    except WorkbookError:
        return None


class TestMutated:
    """Bytes changed at random, seeded. More of it, with other files, in `dev.py torture`."""

    SEED, RUNS = 20250522, 150

    def test_the_file(self, case: Case, workbook: bytes) -> None:
        rng = random.Random(self.SEED)
        for _run in range(self.RUNS):
            data = bytearray(workbook)
            for _change in range(rng.choice((1, 1, 3, 30))):
                data[rng.randrange(len(data))] = rng.randrange(256)
            attempt(bytes(data[: rng.choice((len(data), rng.randrange(len(data))))]), case)

    def test_its_parts(self, case: Case, workbook: bytes) -> None:
        """The same within the XML, where the sums of the archive do not catch it."""
        rng = random.Random(self.SEED)
        parts = [STRINGS, BOOK, CHECKLIST, IDS, "xl/worksheets/sheet3.xml", "xl/_rels/workbook.xml.rels"]
        survived = 0
        for _run in range(self.RUNS):

            def mutate(xml: bytes) -> bytes:
                data = bytearray(xml)
                for _change in range(rng.choice((1, 2, 10))):
                    at = rng.randrange(len(data))
                    data[at : at + rng.choice((0, 1, 5))] = rng.choice(
                        (b"<", b">", b"&", b'"', b"9", b"\0", b"<c>", b"</c>", b"<v>", b"-", b"e", b" ", b"%", b"\xff")
                    )
                return bytes(data)

            found = attempt(with_parts(workbook, {rng.choice(parts): mutate}), case)
            survived += found is not None
        assert survived > 5, "else only the first line of defence was tried"

    def test_an_encrypted_one(self, case: Case, workbook: bytes) -> None:
        sealed = locked(workbook, "x")
        rng = random.Random(self.SEED)
        for _run in range(15):
            data = bytearray(sealed)
            for _change in range(rng.choice((1, 40))):
                data[rng.randrange(min(len(data), rng.choice((600, 20_000, len(data)))))] = rng.randrange(256)
            attempt(bytes(data), case, password="x")
