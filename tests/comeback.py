"""A workbook on its way out and back: written, changed as a delegate would with openpyxl, read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
from msgspec.structs import replace

from core.audience import Audience
from core.briefing import briefing_bytes
from core.case import AddDuty, Assumptions, BarrierRecord, BarrierState, Cap, Case, Quota, RateForm, Scenario, SetRate
from core.casefile import default_case
from core.comeback import Comeback, Proposal, read_back
from core.engine import evaluate
from core.history import numbered, with_ids
from core.i18n import in_language
from core.reference.pack import Pack, load_pack
from core.text import LocalText

FEW_LINES = "GQ"  # a partner with hardly any trade, where the goods do not matter
BEEF, RICE = "barrier:beef-30m", "barrier:rice"


def sample_case() -> Case:
    """Every kind of input at least once. Ids count up: s-1 is the law, s-2 scenario B, s-3 its first change."""
    day = date(2025, 7, 9)
    b = (
        SetRate(start=day, until=date(2025, 9, 1), duty="reciprocal", rate=Decimal("0.125"), form=RateForm.TOTAL),
        Quota(
            start=day, duty="steel", volume=Decimal(2_630_000), unit="t", share_in_quota=Decimal("0.6"),
            in_rate=Decimal("0.02"), out_rate=Decimal("0.5"),
        ),
        Quota(start=day, duty="aluminium", share_in_quota=Decimal("0.3333333333333333333")),
        Cap(start=day, lines="group:food", rate=Decimal("0.15")),
        AddDuty(start=day, duty="new_one", title=LocalText("New", "새 관세"), rate=Decimal("0.05")),
    )  # fmt: skip
    beef = BarrierRecord(
        barrier="beef-30m", state=BarrierState.EXPLAINED, owner="MAFRA", due=date(2025, 6, 30),
        position=LocalText("Explain.\nThen wait.", "설명"), fall_back=LocalText("A joint group"),
        red_line=LocalText("No change", "변경 불가"), illustrative=True,
    )  # fmt: skip
    law = default_case().scenarios[0]
    case = replace(
        default_case(),
        partner=FEW_LINES,
        scenarios=(replace(law, id=""), Scenario(letter="B", name=LocalText("B"), changes=b)),
        barriers=(beef,),
        assumptions=Assumptions(utilisation={"39": Decimal("0.4")}),
        id="sample",
    )
    return with_ids(case, numbered("s"))


def change_row(number: int) -> str:
    """The name of a change of scenario B, counted from 1."""
    return f"change:s-{number + 2}"


def written(case: Case, audience: Audience = Audience.DELEGATION, language: str = "en") -> bytes:
    """The workbook of a case."""
    pack = load_pack()
    with in_language(language):
        return briefing_bytes(case, evaluate(case, pack), pack, audience=audience)


@dataclass
class Delegate:
    """Someone with the workbook open. Cells are found by what Parley calls them."""

    book: Any

    @classmethod
    def opens(cls, data: bytes) -> Delegate:
        return cls(openpyxl.load_workbook(BytesIO(data)))

    def cell(self, row: str, field: str) -> Any:
        """The input itself: by the marks that the workbook carries."""
        for sheet in self.book.worksheets:
            for head in sheet.iter_rows():
                mark = next((cell for cell in head if str(cell.value).startswith("parley:columns:")), None)
                column = next((cell.column for cell in head if mark is not None and cell.value == field), None)
                if mark is None or column is None:
                    continue
                for names in sheet.iter_rows(min_col=mark.column, max_col=mark.column):
                    if names[0].value == f"parley:{row}":
                        return sheet.cell(names[0].row, column)
        raise AssertionError((row, field))

    def types(self, row: str, field: str, value: object) -> Delegate:
        self.cell(row, field).value = value
        return self

    def does(self, act: Callable[[Any], object]) -> Delegate:
        act(self.book)
        return self

    def saves(self) -> bytes:
        buffer = BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def returns(self, case: Case, pack: Pack | None = None) -> Comeback:
        """What the case of now gets back."""
        return read_back(self.saves(), case, pack=pack, where="back.xlsx")


def only(found: Comeback) -> Proposal:
    """The one change that there is, and nothing else to say."""
    assert [finding.message() for finding in found.findings] == []
    assert len(found.changes) == 1
    return found.changes[0]
