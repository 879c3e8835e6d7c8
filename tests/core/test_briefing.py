"""The briefing workbook as a file: what is in it, for whom, in which language, and what happens when it cannot be."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from core import i18n
from core.audience import Audience
from core.briefing import write_briefing
from core.casefile import default_case
from core.engine import evaluate
from core.errors import Cancelled, OutputError
from core.exposure import By, exposure_table
from core.quantities import parse_date
from core.reference.pack import Pack
from core.results import Results
from core.text import LocalText
from tests.workbook_reach import Reach

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

FEW_LINES = "BH"  # a partner with little trade, where the goods do not matter

SHEETS = [
    "Cover",
    "Summary",
    "Rate scenarios",
    "Item exposure",
    "Line detail",
    "Partners",
    "Barrier checklist",
    "Assumptions",
    "Sources",
    "Ids",
]
HIDDEN = "Ids"


@pytest.fixture(scope="module")
def results(pack: Pack) -> Results:
    return evaluate(default_case(), pack)


@pytest.fixture(scope="module")
def few_lines(pack: Pack) -> Results:
    return evaluate(replace(default_case(), partner=FEW_LINES), pack)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("briefing")


@pytest.fixture(scope="module")
def english(results: Results, pack: Pack, folder: Path) -> Path:
    """The default case for the own side. (Also the language of every other test.)"""
    return write_briefing(results.case, results, pack, folder / "internal.xlsx")


@pytest.fixture(scope="module")
def formulas(english: Path) -> Any:
    return openpyxl.load_workbook(english)


@pytest.fixture(scope="module")
def values(english: Path) -> Any:
    return openpyxl.load_workbook(english, data_only=True)


def cells(book: Any) -> Iterator[Any]:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from (cell for cell in row if cell.value is not None)


def column(sheet: Any, head: str, head_row: int) -> int:
    """The column whose head starts with these words."""
    return next(cell.column for cell in sheet[head_row] if str(cell.value or "").startswith(head))


class TestFile:
    def test_sheets(self, formulas: Any) -> None:
        assert formulas.sheetnames == SHEETS
        assert [sheet.title for sheet in formulas.worksheets if sheet.sheet_state != "visible"] == [HIDDEN]

    def test_same_inputs_same_bytes(self, few_lines: Results, pack: Pack, folder: Path) -> None:
        once = write_briefing(few_lines.case, few_lines, pack, folder / "once.xlsx")
        again = write_briefing(few_lines.case, evaluate(few_lines.case, pack), pack, folder / "again.xlsx")
        assert again.read_bytes() == once.read_bytes()

    def test_created_on_the_as_of_date(self, formulas: Any) -> None:
        assert formulas.properties.created == datetime.combine(date(2025, 5, 22), time(12))

    def test_protected_without_password_but_usable(self, formulas: Any) -> None:
        for sheet in formulas.worksheets:
            assert sheet.protection.sheet
            assert sheet.protection.password is None
            assert not sheet.protection.autoFilter
            assert not sheet.protection.formatColumns

    def test_classification_on_every_page(self, formulas: Any) -> None:
        for sheet in formulas.worksheets:
            assert sheet.oddHeader.center.text == "Internal"
            assert sheet.oddFooter.center.text == "Internal"

    def test_pages_are_a4_landscape_and_one_wide(self, formulas: Any) -> None:
        for sheet in formulas.worksheets:
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what a file without the entry means
            assert not sheet.sheet_view.showGridLines

    def test_line_codes_are_text_without_warning_marks(self, formulas: Any, english: Path) -> None:
        sheet = formulas["Line detail"]
        codes = [sheet.cell(row, 1) for row in range(6, sheet.max_row + 1)]
        assert len(codes) == 8283
        assert all(re.fullmatch(r"\d{4}\.\d{2}\.\d{4}", cell.value) and cell.data_type == "s" for cell in codes)
        xml = zipfile.ZipFile(english).read("xl/worksheets/sheet5.xml").decode()
        assert '<ignoredError sqref="A6:A8288" numberStoredAsText="1"/>' in xml

    def test_inputs_are_yellow_and_unlocked_and_nothing_else_is(self, formulas: Any) -> None:
        for cell in cells(formulas):
            is_yellow = cell.fill.fgColor.rgb == "FFFFF8DF"
            assert is_yellow == (not cell.protection.locked) or cell.parent.title == "Cover", cell.coordinate

    def test_every_rate_scenario_input_is_checked(self, formulas: Any) -> None:
        sheet = formulas["Rate scenarios"]
        covered = {str(area) for rule in sheet.data_validations.dataValidation for area in rule.sqref.ranges}
        inputs = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
        quota = next(cell for row in sheet.iter_rows() for cell in row if str(cell.value).endswith("tariff-rate quota"))
        described = {sheet.cell(quota.row, place).coordinate for place in (10, 11)}  # volume and unit: any text
        assert inputs - covered == described


class TestNumbers:
    def test_averages_are_the_engines(self, values: Any, results: Results) -> None:
        sheet = values["Rate scenarios"]
        row = next(cell.row for cell in sheet["A"] if cell.value == "Average rate on all goods, %")
        shown = [sheet.cell(row, 4 + place).value for place in range(4)]
        assert shown == pytest.approx([found.average for found in results.evaluations], rel=1e-12)

    def test_later_days_are_those_of_the_series(self, values: Any, results: Results) -> None:
        """22 May, 9 July and 1 August: on the last, every scenario's average is the last of its series."""
        sheet = values["Rate scenarios"]
        row = next(cell.row for cell in sheet["A"] if cell.value == "Average rate on all goods, %")
        shown = [sheet.cell(row, 12 + place).value for place in range(4)]
        assert shown == pytest.approx([series.averages[-1] for series in results.series], rel=1e-12)

    def test_groups_are_the_exposure_table(self, values: Any, results: Results) -> None:
        table = exposure_table(results, By.GROUP)
        sheet = values["Item exposure"]
        shown = {sheet.cell(row, 1).value: [sheet.cell(row, 10 + k).value for k in range(4)] for row in range(6, 32)}
        for place, name in enumerate(results.portfolio.group_names):
            assert shown[str(name)] == pytest.approx(table.duties[:, place], rel=1e-12)

    def test_item_exposure_adds_up_exactly(self, values: Any) -> None:
        sheet = values["Item exposure"]
        total = next(cell.row for cell in sheet["A"] if cell.value == "All goods")
        for place in (2, 3, 10, 11, 12, 13):
            added = sum(sheet.cell(row, place).value for row in range(6, total))
            assert sheet.cell(total, place).value == pytest.approx(added, rel=1e-14)

    def test_reference_totals(self, values: Any) -> None:
        """US Census Bureau, 2024: 128.43 bn in chapters 1 to 97 on 8,283 lines, 2.03 bn in chapters 98 and 99."""
        sheet = values["Item exposure"]
        total = next(cell.row for cell in sheet["A"] if cell.value == "All goods")
        assert (sheet.cell(total, 2).value, round(sheet.cell(total, 3).value / 1e7)) == (8283, 12843)
        assert round(sheet.cell(total + 1, 3).value / 1e7) == 203

    def test_25_is_10_and_15(self, values: Any) -> None:
        """EO 14257 annex I and EO 14266: 25 % for Korea, of which 10 % in force until 9 July 2025."""
        texts = {cell.value for cell in cells(values) if cell.parent.title == "Summary"}
        assert "25 = 10 + 15" in texts
        assert datetime.combine(date(2025, 7, 9), time()) in texts

    def test_a_missing_rate_says_so(self, values: Any, results: Results) -> None:
        sheet = values["Line detail"]
        missing = [row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 5).value == "n/a"]
        assert len(missing) == 14  # specific rates without a quantity or a duty collected anywhere
        assert all(sheet.cell(row, place).value == "n/a" for row in missing for place in range(5, 5 + 1 + 8 + 8 + 5))

    def test_no_cell_of_the_line_table_is_blank(self, values: Any) -> None:
        sheet = values["Line detail"]
        for row in sheet.iter_rows(min_row=6, values_only=True):
            assert None not in row


class TestFormulas:
    CALCULATED = ("Summary", "Rate scenarios", "Item exposure")

    def test_calculated_numbers_are_formulas(self, formulas: Any) -> None:
        """On the three sheets a number that is no formula is an input, or what the law and the pack say."""
        for name in ("Summary", "Item exposure"):
            for row in formulas[name].iter_rows():
                for cell in row:
                    if isinstance(cell.value, int | float):
                        label = formulas[name].cell(cell.row, 1).value
                        assert str(label).startswith("Chapters 98 and 99"), (name, cell.coordinate)

    def test_every_formula_reaches_an_input(self, formulas: Any) -> None:
        reach = Reach(formulas)
        for name in self.CALCULATED:
            for row in formulas[name].iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        counts_only = cell.value.startswith(("=COUNTIF(", "=SUM(B")) or is_fact(cell)
                        assert counts_only or reach.is_live(name, cell.coordinate), (name, cell.coordinate, cell.value)

    def test_stored_with_values(self, formulas: Any, values: Any) -> None:
        for sheet in formulas.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        assert values[sheet.title][cell.coordinate].value is not None


def is_fact(cell: Any) -> bool:
    """Trade of the base year added up: no assumption enters it."""
    return cell.parent.title == "Item exposure" and cell.column in (3, 4)


HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "a\x00b\x0bc\ud800d", "x" * 40_000)


@pytest.fixture(scope="module")
def hostile_book(pack: Pack, folder: Path) -> Any:
    case = default_case()
    hostile = [LocalText(text) for text in HOSTILE]
    barriers = [
        replace(record, position=text, owner=text.en, fall_back=text)
        for record, text in zip(case.barriers, hostile, strict=False)
    ]
    groups = [replace(group, name=LocalText(f"=cmd|{group.id}")) for group in case.groups]
    scenarios = (case.scenarios[0], replace(case.scenarios[2], name=hostile[0], summary=hostile[4]))
    case = replace(
        case,
        partner=FEW_LINES,
        title=hostile[4],
        barriers=tuple(barriers),
        groups=tuple(groups),
        scenarios=scenarios,
    )
    path = write_briefing(case, evaluate(case, pack), pack, folder / "hostile.xlsx", audience=Audience.DELEGATION)
    return openpyxl.load_workbook(path)


class TestUserText:
    def test_never_becomes_a_formula(self, hostile_book: Any) -> None:
        for cell in cells(hostile_book):
            if cell.data_type == "f":
                assert not any(text in str(cell.value) for text in ("cmd|", "HYPERLINK", "1+1", "@SUM"))
        texts = {cell.value for cell in cells(hostile_book) if cell.data_type == "s"}
        assert set(HOSTILE[:4]) <= texts

    def test_has_no_links_of_its_own(self, hostile_book: Any) -> None:
        assert all(not cell.hyperlink or cell.hyperlink.target is None for cell in cells(hostile_book))


class TestAudience:
    def written(self, pack: Pack, folder: Path, audience: Audience) -> Any:
        case = default_case()
        records = [
            replace(
                record,
                position=LocalText("our-own-words"),
                fall_back=LocalText("our-fall-back"),
                red_line=LocalText("our-red-line"),
            )
            for record in case.barriers
        ]
        scenarios = tuple(replace(s, note="note-to-self") for s in case.scenarios)
        case = replace(case, partner=FEW_LINES, barriers=tuple(records), scenarios=scenarios, note="note-to-self")
        path = write_briefing(case, evaluate(case, pack), pack, folder / f"{audience.value}.xlsx", audience=audience)
        with zipfile.ZipFile(path) as archive:
            return path, "".join(archive.read(name).decode() for name in archive.namelist())

    def test_shareable_holds_only_what_is_shareable(self, pack: Pack, folder: Path) -> None:
        path, text = self.written(pack, folder, Audience.SHAREABLE)
        for word in (
            "our-own-words",
            "our-fall-back",
            "our-red-line",
            "note-to-self",
            "Korea's request",
            "Korea&apos;s",
        ):
            assert word not in text
        book = openpyxl.load_workbook(path)
        heads = {cell.value for cell in book["Barrier checklist"][4]}
        assert heads.isdisjoint({"State", "Owner", "Position", "Fall-back", "Red line", "Due"})
        assert book["Summary"].oddHeader.center.text == "Shareable"

    def test_internal_holds_no_red_lines(self, pack: Pack, folder: Path) -> None:
        _path, text = self.written(pack, folder, Audience.INTERNAL)
        assert "our-own-words" in text
        for word in ("our-fall-back", "our-red-line", "Red line", "Fall-back"):
            assert word not in text

    def test_delegation_holds_them(self, pack: Pack, folder: Path) -> None:
        _path, text = self.written(pack, folder, Audience.DELEGATION)
        assert "our-fall-back" in text
        assert "our-red-line" in text


class TestKnownDate:
    MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]*"
    # 6 February 2026: the last day of the solar safeguard, as Proclamation 10339 set it in 2022.
    ALLOWED = frozenset(
        {date(2025, 7, 9), date(2025, 8, 1), date(2025, 12, 31), date(2025, 7, 8), date(2025, 7, 31), date(2026, 2, 6)}
    )
    LATE_KOREAN = re.compile(r"(20\d\d)\. ?(\d{1,2})\. ?(\d{1,2})\.")

    def test_nothing_was_known_later_than_22_may_2025(self, values: Any) -> None:
        """The default case knows the law to 22 May 2025; its own days and the day the pause ends are later."""
        for cell in cells(values):
            for day in self.days(cell.value):
                assert day <= date(2025, 5, 22) or day in self.ALLOWED, (cell.parent.title, cell.coordinate, day)
            if isinstance(cell.value, str) and cell.parent.title not in ("Line detail", HIDDEN):
                assert not re.search(r"\b(?:202[6-9]|20[3-9]\d)\b", cell.value), (
                    cell.parent.title,
                    cell.coordinate,
                    cell.value,
                )

    def days(self, value: object) -> Iterator[date]:
        if isinstance(value, datetime):
            yield value.date()
        elif isinstance(value, str):
            for found in re.finditer(rf"(\d{{1,2}}) ({self.MONTH}) (20\d\d)", value):
                yield parse_date(f"{found[1]} {found[2][:3]} {found[3]}")
            for found in re.finditer(rf"(?<!\d )({self.MONTH}) (20\d\d)", value):
                yield parse_date(f"1 {found[1][:3]} {found[2]}")
            for found in re.finditer(r"(20\d\d)-(\d\d)-(\d\d)", value):
                yield date(int(found[1]), int(found[2]), int(found[3]))

    def test_sources_hold_no_later_instrument(self, values: Any, pack: Pack) -> None:
        shown = {row[0].value for row in values["Sources"].iter_rows(min_row=5)}
        later = {str(item.short) for item in pack.law.instruments.values() if item.released > date(2025, 5, 22)}
        earlier = {str(item.short) for item in pack.law.instruments.values() if item.released <= date(2025, 5, 22)}
        assert len(shown & earlier) > 5
        assert shown.isdisjoint(later - earlier)

    def test_barriers_are_those_known(self, values: Any, pack: Pack) -> None:
        sheet = values["Barrier checklist"]
        assert sheet.max_row - 4 == len(pack.barriers.known(date(2025, 5, 22))) < len(pack.barriers.barriers)


@pytest.fixture(scope="module")
def korean_book(few_lines: Results, pack: Pack, folder: Path) -> Any:
    return openpyxl.load_workbook(
        write_briefing(few_lines.case, few_lines, pack, folder / "한국어 브리핑.xlsx", language="ko")
    )


class TestKorean:
    def test_sheets_have_korean_names(self, korean_book: Any) -> None:
        assert all(re.search("[가-힣]", name) for name in korean_book.sheetnames)

    def test_names_and_font_are_korean(self, korean_book: Any) -> None:
        texts = {cell.value for cell in cells(korean_book) if isinstance(cell.value, str)}
        assert {"승용차", "현행법"} <= {part for text in texts for part in text.split("\n")}
        assert {cell.font.name for cell in cells(korean_book)} == {"Malgun Gothic"}

    def test_the_window_keeps_its_language(self, korean_book: Any) -> None:
        assert i18n.language() == "en"


class TestCannot:
    def attempt(self, few_lines: Results, pack: Pack, path: Path) -> OutputError:
        with pytest.raises(OutputError) as caught:
            write_briefing(few_lines.case, few_lines, pack, path)
        error = caught.value
        assert error.what
        assert error.why
        assert error.remedy
        assert error.where == str(path)
        return error

    def test_no_folder(self, few_lines: Results, pack: Pack, tmp_path: Path) -> None:
        self.attempt(few_lines, pack, tmp_path / "nowhere" / "b.xlsx")
        assert list(tmp_path.iterdir()) == []

    def test_not_a_workbook_name(self, few_lines: Results, pack: Pack, tmp_path: Path) -> None:
        self.attempt(few_lines, pack, tmp_path / "b.parley")

    def test_read_only_file(self, few_lines: Results, pack: Pack, tmp_path: Path) -> None:
        path = tmp_path / "b.xlsx"
        path.write_bytes(b"old")
        path.chmod(0o400)
        self.attempt(few_lines, pack, path)
        assert path.read_bytes() == b"old"

    def test_open_elsewhere(
        self, few_lines: Results, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Excel on Windows keeps the file to itself: the rename is refused."""
        path = tmp_path / "b.xlsx"
        path.write_bytes(b"old")

        def refused(self: Path, target: Path) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "replace", refused)
        error = self.attempt(few_lines, pack, path)
        assert "open" in error.why
        assert [item.name for item in tmp_path.iterdir()] == ["b.xlsx"]
        assert path.read_bytes() == b"old"

    @pytest.mark.parametrize("steps", [0, 2, 8])
    def test_cancelled_leaves_nothing(self, few_lines: Results, pack: Pack, tmp_path: Path, steps: int) -> None:
        asked = iter(range(1_000_000))
        with pytest.raises(Cancelled):
            write_briefing(few_lines.case, few_lines, pack, tmp_path / "b.xlsx", cancelled=lambda: next(asked) >= steps)
        assert list(tmp_path.iterdir()) == []

    def test_progress_rises_to_one(self, few_lines: Results, pack: Pack, tmp_path: Path) -> None:
        seen: list[float] = []
        write_briefing(few_lines.case, few_lines, pack, tmp_path / "b.xlsx", progress=seen.append)
        assert seen == sorted(seen)
        assert (seen[0], seen[-1]) == (0.0, 1.0)
