"""The sheet of partners: the engine's figures, differences that are formulas, and what is said where there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from msgspec.structs import replace

from core import cli
from core.audience import Audience
from core.briefing import briefing_bytes, write_briefing
from core.case import Case, ItemGroup
from core.casefile import default_case, load
from core.cli.law_case import law_case
from core.comeback import read_back
from core.engine import evaluate
from core.law_coverage import level_words
from core.locations import resource_path
from core.reference.pack import Pack
from core.rivals.rate_book import RateBook
from core.rivals.side_by_side import group_goods, side_by_side
from core.text import LocalText
from tests.comeback import Delegate
from tests.core.test_briefing_live import assert_recalculates
from tests.office import LibreOffice
from tests.workbook_inputs import type_in

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

PARTNERS = 6  # number of the sheet in the file
NAME, VALUE, TOTAL, DIFFERENCE, BECAUSE, LEVEL, FIRST = range(7)
JAPAN = resource_path("examples", "japan_us_2025_09.parley")


@dataclass(frozen=True)
class Row:
    """One partner of a group, as the workbook has it."""

    day: str
    group: str
    name: str
    cells: tuple[Any, ...]

    def total(self, scenario: int) -> Any:
        return self.cells[FIRST + scenario]

    def difference(self, scenario: int, count: int) -> Any:
        return self.cells[FIRST + count + scenario]

    def because(self, scenario: int, count: int) -> Any:
        return self.cells[FIRST + 3 * count + scenario]


def rows_of(book: Any) -> Iterator[Row]:
    """The rows of both tables; groups are filled, partners indented."""
    day = group = ""
    for row in book["Partners"].iter_rows(min_row=9):
        name = row[NAME]
        if str(name.value).startswith("Entry on"):
            day = name.value
        elif str(name.value).startswith("How far"):
            return
        elif name.fill.fgColor.rgb == "FFEAEDF1":
            group = name.value
        elif name.value:
            yield Row(day, group, name.value, tuple(cell.value for cell in row))


def texts_of(book: Any, *names: str) -> list[str]:
    rows = (row for name in names or book.sheetnames for row in book[name].iter_rows(values_only=True))
    return [value for row in rows for value in row if isinstance(value, str)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("partners")


@pytest.fixture(scope="module")
def japan() -> Case:
    return load(JAPAN)


@pytest.fixture(scope="module")
def japanese(japan: Case, pack: Pack, folder: Path) -> Path:
    return write_briefing(japan, evaluate(japan, pack), pack, folder / "japan.xlsx")


@pytest.fixture(scope="module")
def book(japanese: Path) -> Any:
    return openpyxl.load_workbook(japanese, data_only=True)


@pytest.fixture(scope="module")
def rows(book: Any) -> list[Row]:
    return list(rows_of(book))


class TestFigures:
    @pytest.mark.parametrize("group", ["passenger-cars", "steel", "computers-phones", "food"])
    def test_those_of_the_engine(self, group: str, rows: list[Row], japan: Case, pack: Pack) -> None:
        """Side by side looks at one group and one scenario at a time; the sheet adds up all of them at once."""
        rates, name = RateBook(japan, pack), next(str(each.name) for each in japan.groups if each.id == group)
        for on, day in ((japan.as_of, "Entry on 10 Sep 2025"), (date(2025, 10, 1), "Entry on 1 Oct 2025")):
            shown = [row for row in rows if (row.day, row.group) == (day, name)]
            codes = {str(partner.name): partner.iso2 for partner in pack.partners}
            for place, scenario in enumerate(japan.scenarios):
                found = side_by_side(
                    rates, group_goods(rates, group), "", scenario, on, [codes[row.name] for row in shown[1:]]
                )
                assert [row.name for row in shown] == [str(terms.partner.name) for terms in found.rows]
                for row, terms in zip(shown, found.rows, strict=True):
                    assert row.cells[VALUE] == pytest.approx(terms.value, rel=1e-9)
                    assert row.total(place) == pytest.approx(terms.same_mix, abs=1e-12)
                    if terms is not found.home:
                        assert row.difference(place, 4) == pytest.approx(found.gap(terms), abs=1e-12)

    def test_ours_are_those_of_the_item_exposure(self, rows: list[Row], book: Any) -> None:
        """The same goods at the same rates on two sheets: 26 groups on the first day."""
        exposure = {row[0]: row for row in book["Item exposure"].iter_rows(min_row=6, max_row=31, values_only=True)}
        ours = [row for row in rows if row.name == "Japan" and row.day == "Entry on 10 Sep 2025"]
        assert len(ours) == 26
        for row in ours:
            assert row.cells[VALUE] == pytest.approx(exposure[row.group][2], rel=1e-9)
            rate = exposure[row.group][5]
            assert rate == row.total(0) == "n/a" or row.total(0) == pytest.approx(rate, abs=1e-9)

    def test_cars_by_the_texts(self, pack: Pack, folder: Path) -> None:
        """25 % on cars since 3 April 2025 (Proc. 10908) beside column 1: free under KORUS, else 2.5 %."""
        case = replace(default_case(), scenarios=default_case().scenarios[:1])
        path = write_briefing(case, evaluate(case, pack), pack, folder / "korea.xlsx")
        written = rows_of(openpyxl.load_workbook(path, data_only=True))
        cars = {row.name: row for row in written if row.group == "Passenger cars"}
        assert cars["South Korea"].total(0) == pytest.approx(0.25, abs=0.001)
        for name in ("Japan", "European Union"):
            assert cars[name].total(0) == pytest.approx(0.275, abs=0.001)
            assert cars[name].difference(0, 1) == pytest.approx(-0.025, abs=0.001)
            because = cars[name].because(0, 1).replace("\N{NO-BREAK SPACE}", " ")
            assert re.fullmatch("Column 1 \N{MINUS SIGN}2.4\\d: 0.01 % against 2.50 %", because)

    def test_terms_of_others_count(self, rows: list[Row]) -> None:
        """C gives Korea and Mexico 15 % all-in on cars from 1 October, D everyone 15 % on everything."""
        cars = {(row.day, row.name): row for row in rows if row.group == "Passenger cars"}
        before, after = (cars[f"Entry on {day} 2025", "South Korea"] for day in ("10 Sep", "1 Oct"))
        assert before.total(2) == before.total(0)
        assert after.total(0) == pytest.approx(0.25, abs=0.001)
        assert after.total(2) == pytest.approx(0.15, abs=0.001)
        for row in rows:
            if row.day == "Entry on 1 Oct 2025" and row.group == "Passenger cars":
                assert row.total(3) == pytest.approx(0.15, abs=1e-3)

    def test_partners_that_are_named_are_everywhere(self, rows: list[Row]) -> None:
        for group in {row.group for row in rows}:
            shown = [row.name for row in rows if row.group == group and row.day == "Entry on 10 Sep 2025"]
            assert shown[0] == "Japan"
            assert {"South Korea", "Mexico"} <= set(shown)
            assert 6 <= len(shown) - 1 <= 8

    def test_days_known_and_source_stand_on_it(self, book: Any) -> None:
        text = "\n".join(texts_of(book, "Partners"))
        for words in ("law known to 10 Sep 2025", "Entry on 10 Sep 2025", "Entry on 1 Oct 2025", "US Census Bureau"):
            assert words in text


class TestForms:
    def test_totals_are_model_values_and_differences_formulas(self, japanese: Path) -> None:
        sheet = openpyxl.load_workbook(japanese)["Partners"]
        partners = [
            row for row in sheet.iter_rows(min_row=10) if row[LEVEL].value in ("complete", "checked", "partial")
        ]
        assert len(partners) > 300
        for row in partners:
            for cell in row[FIRST : FIRST + 4]:
                assert cell.fill.fgColor.rgb == "FFF3F4F6"
                assert cell.protection.locked
                assert cell.data_type == "n" or cell.value == "n/a"
            for cell in (row[TOTAL], row[DIFFERENCE], row[BECAUSE]):
                assert cell.data_type == "f"
            if row[NAME].value != "Japan":
                assert all(cell.data_type == "f" for cell in row[FIRST + 4 : FIRST + 8])

    def test_recalculates(self, japanese: Path, libreoffice: LibreOffice) -> None:
        assert assert_recalculates(libreoffice, japanese) > 250_000

    def test_shows_the_scenario_chosen(self, japan: Case, pack: Pack, libreoffice: LibreOffice, tmp_path: Path) -> None:
        """Bahrain ships few goods; those of others, and what D gives everyone, are there all the same."""
        case = replace(japan, partner="BH")
        path = write_briefing(case, evaluate(case, pack), pack, tmp_path / "few.xlsx")
        copy = type_in(path, tmp_path / "d.xlsx", {(PARTNERS, "B5"): "D"})
        chosen = openpyxl.load_workbook(libreoffice.recalculate(copy), data_only=True)
        pairs = list(zip(rows_of(chosen), rows_of(openpyxl.load_workbook(path, data_only=True)), strict=True))
        assert len(pairs) > 300
        for now, before in pairs:
            assert now.cells[TOTAL] == pytest.approx(before.total(3), abs=1e-12)
            shown, of_d = now.cells[DIFFERENCE], before.difference(3, 4)
            assert shown == of_d or shown == pytest.approx(of_d, abs=1e-12)
            assert now.cells[BECAUSE] == before.because(3, 4)
        assert any(now.cells[TOTAL] != pytest.approx(before.cells[TOTAL]) for now, before in pairs)

    def test_choosing_a_scenario_is_nothing_to_read_back(self, pack: Pack) -> None:
        case = replace(default_case(), partner="BH", id="c")
        data = briefing_bytes(case, evaluate(case, pack), pack, audience=Audience.INTERNAL)
        changed = Delegate.opens(data).does(lambda book: book["Partners"].__setitem__("B5", "C")).saves()
        found = read_back(changed, case, pack=pack)
        assert found.changes == ()


class TestNoNumber:
    def test_says_why(self, pack: Pack, folder: Path) -> None:
        """Nobody ships goods of 9999; and the pack lacks the polysilicon annexes that hold from 4 December 2026."""
        rest = ItemGroup(id="rest", name=LocalText("Rest"))
        none = ItemGroup(id="none", name=LocalText("Nothing"), prefixes=("9999",))
        cells = ItemGroup(id="cells", name=LocalText("Solar cells"), prefixes=("854142", "854143"))
        case = replace(law_case(pack, "KR", date(2026, 12, 15), date(2026, 12, 31)), groups=(rest, none, cells))
        path = write_briefing(case, evaluate(case, pack), pack, folder / "gap.xlsx")
        found = {(row.group, row.name): row for row in rows_of(openpyxl.load_workbook(path, data_only=True))}
        nothing = found["Nothing", "South Korea"]
        assert (nothing.total(0), nothing.because(0, 1)) == ("n/a", "n/a: no imports of these goods")
        reasons = {str(gap.reason) for gap in pack.law.file.gaps}
        rows = [row for (group, _name), row in found.items() if group == "Solar cells"]
        assert len(rows) == 7
        for row in rows:
            assert row.total(0) == "n/a"
            assert row.cells[TOTAL] == "n/a"
            assert any(reason in row.because(0, 1) for reason in reasons)
            assert row.difference(0, 1) == ("–" if row.name == "South Korea" else "n/a")

    def test_goods_that_the_partner_does_not_ship(self, pack: Pack, folder: Path) -> None:
        case = replace(default_case(), partner="BH", scenarios=default_case().scenarios[:1])
        book = openpyxl.load_workbook(
            write_briefing(case, evaluate(case, pack), pack, folder / "few.xlsx"), data_only=True
        )
        text = "weighed by the imports from all partners: Bahrain ships none"
        groups = {row[NAME].value for row in book["Partners"].iter_rows() if row[BECAUSE].value == text}
        empty = {row.group for row in rows_of(book) if row.name == "Bahrain" and not row.cells[VALUE]}
        assert groups == empty != set()


class TestCoverage:
    def test_cover_and_sources_say_how_far_the_law_is_there(self, book: Any, japan: Case, pack: Pack) -> None:
        level = level_words(pack.law.coverage_level("JP"))
        missing = pack.law.missing("JP", "", japan.known_to, japan.as_of)
        facts = {row[1]: row[2] for row in book["Cover"].iter_rows(values_only=True)}
        assert facts["Law in the pack"].startswith(f"{level}. ")
        assert all(what in facts["Law in the pack"] for what in missing)
        texts = texts_of(book, "Sources")
        assert facts["Law in the pack"] == texts[texts.index("Law in the pack on goods of Japan") + 1]

    def test_a_row_for_every_partner_shown(self, book: Any, rows: list[Row], pack: Pack) -> None:
        every = list(book["Partners"].iter_rows(values_only=True))
        first = next(place for place, row in enumerate(every) if str(row[0]).startswith("How far"))
        told = {row[0]: row[1] for row in every[first + 1 :] if row[0]}
        partners = {str(partner.name): partner for partner in pack.partners}
        for name in {row.name for row in rows}:
            level = pack.law.coverage_level(partners[name].iso2, partners[name].union)
            assert told[name].startswith(level_words(level))

    def test_sources_name_the_instruments_behind_others(self, book: Any, rows: list[Row], pack: Pack) -> None:
        shown = {row[0] for row in book["Sources"].iter_rows(min_row=5, values_only=True)}
        titles = {str(measure.title): measure for measure in pack.law.measures.values()}
        theirs = {row.because(0, 4).rpartition(" against ")[2] for row in rows}
        named = [titles[title] for title in theirs if title in titles]
        assert named
        for measure in named:
            changes = [change for change in pack.law.changes if change.measure == measure.id]
            instruments = {pack.law.instruments[change.instrument] for change in changes if change.instrument}
            known = {str(item.short) for item in instruments if item.released <= date(2025, 9, 10)}
            assert known & shown


class TestWords:
    def test_terms_of_others_stand_below_the_changes(self, book: Any) -> None:
        column = [cell.value for cell in book["Rate scenarios"]["A"] if cell.value]
        place = column.index("C 2 · rate set")
        expected = (
            "C · terms of others, South Korea, Mexico: {duty}: total 15\N{NO-BREAK SPACE}% · from 1 Oct 2025 · "
            "column 1 counts towards it"
        )
        assert column[place + 1 : place + 3] == [
            expected.format(duty=duty) for duty in ("Cars and light trucks", "Car parts")
        ]
        assert column[place + 4].startswith("D · terms of others, all others: All goods: total 15")


class TestAnyPartner:
    def test_from_the_command_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["brief", str(JAPAN), "-o", str(tmp_path / "j.xlsx"), "--lang", "ko"]) == 0
        assert openpyxl.load_workbook(tmp_path / "j.xlsx", read_only=True).sheetnames[5] == "상대국 비교"

    def test_mexico_recalculates(self, pack: Pack, libreoffice: LibreOffice, tmp_path: Path) -> None:
        """USMCA: goods that claim it fare otherwise than the rest, as the law is known in autumn 2025."""
        case = law_case(pack, "MX", date(2025, 9, 10), date(2025, 9, 10))
        path = write_briefing(case, evaluate(case, pack), pack, tmp_path / "mexico.xlsx")
        assert assert_recalculates(libreoffice, path) > 100_000
        assert not [text for text in texts_of(openpyxl.load_workbook(path)) if "KORUS" in text]

    def test_nothing_is_about_korea_in_a_case_of_another(self, japan: Case, pack: Pack, tmp_path: Path) -> None:
        """Sheets without partners' names; barriers and agenda of the pack are those of the talks with Korea."""
        case = replace(japan, scenarios=japan.scenarios[:1])
        for language, word in (("en", "Korea"), ("ko", "한국")):
            path = tmp_path / f"{language}.xlsx"
            write_briefing(case, evaluate(case, pack), pack, path, language=language)
            book = openpyxl.load_workbook(path)
            texts = texts_of(book, *book.sheetnames[:5])
            assert not [text for text in texts if word in text or "KORUS" in text or "한미" in text]
            checklist = texts_of(book, book.sheetnames[6])
            assert len(checklist) == 2
            assert word in checklist[1]
