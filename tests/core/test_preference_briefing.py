"""The workbook of partners with several programmes: formulas, and a share typed for all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from msgspec.structs import replace

from core.case import Assumptions, Case
from core.casefile import default_case
from core.reference.pack import Pack
from tests.core.test_briefing_live import assert_equals_engine, assert_recalculates, recalculated, write
from tests.office import LibreOffice

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")


def case_of(partner: str, on: date = date(2025, 5, 22), known: date = date(2025, 5, 22)) -> Case:
    return replace(default_case(), partner=partner, as_of=on, known_to=known, scenarios=default_case().scenarios[:2])


class TestSeveralProgrammes:
    def test_formulas_recalculate_and_a_typed_share_does_what_the_engine_does(
        self, pack: Pack, libreoffice: LibreOffice, tmp_path: Path
    ) -> None:
        """Japan: its agreement, medicines, dyes and aircraft, each with its own share until one is typed for all."""
        case = case_of("JP")
        written = write(case, pack, tmp_path / "japan.xlsx")
        assert [text for text in written.assumptions if text.startswith("Use of ")][1:4] == [
            f"Use of {name} where duty collected does not show it"
            for name in ("US-Japan Trade Agreement", "Agreement on Trade in Civil Aircraft", "Agreement on "
            "pharmaceutical products")
        ]  # fmt: skip
        assert assert_recalculates(libreoffice, written.path) > 100_000
        book = recalculated(libreoffice, written, {written.assumed("Use of the preference where"): 0.3}, tmp_path)
        assert_equals_engine(book, replace(case, assumptions=Assumptions(default_utilisation=Decimal("0.3"))), pack)

    @pytest.mark.parametrize(("partner", "says"), [("KR", False), ("ZA", True)])
    def test_preferences_that_end_later_are_named(self, partner: str, says: bool, pack: Pack, tmp_path: Path) -> None:
        """As known in May 2025 AGOA ended on 30 September 2025 (Pub. L. 114-27); KORUS has no end."""
        written = write(case_of(partner), pack, tmp_path / "later.xlsx")
        sheet = openpyxl.load_workbook(written.path, read_only=True)["Assumptions"]
        texts = [str(value) for row in sheet.iter_rows(values_only=True) for value in row if value]
        assert any("1 Oct 2025" in text and "column 1 of the workbook" in text for text in texts) is says
