"""The live workbook: LibreOffice works out every formula anew, and typing into an input does what the engine does.

The engine is the independent source here: the same edit is made to the case, and both must agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from msgspec.structs import replace

from core.audience import Audience
from core.briefing import write_briefing
from core.case import (
    AddDuty,
    AnyChange,
    Assumptions,
    Cap,
    Case,
    Column1Use,
    Exempt,
    Place,
    Postpone,
    Quota,
    RateForm,
    Scenario,
    SetRate,
    SetTotal,
    SwitchOff,
    SwitchOn,
)
from core.casefile import default_case
from core.engine import evaluate
from core.exposure import By, exposure_table
from core.reference.pack import Pack
from core.results import Results
from core.text import LocalText
from tests.office import LibreOffice
from tests.workbook_inputs import Typed, type_in

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

RATES, ITEMS, ASSUMPTIONS = 3, 4, 8  # number of the sheet in the file
START, UNTIL, RATE, FORM, SHARE, IN_RATE = "DEFGHI"  # columns of the changes
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Written:
    """A workbook and where its inputs stand."""

    path: Path
    case: Case
    changes: Mapping[str, int]  # row of "C 2"
    assumptions: Mapping[str, int]  # row by the first words

    def cell(self, change: str, column: str) -> tuple[int, str]:
        return RATES, f"{column}{self.changes[change]}"

    def assumed(self, words: str) -> tuple[int, str]:
        row = next(row for text, row in self.assumptions.items() if words in text)
        return ASSUMPTIONS, f"B{row}"


def write(case: Case, pack: Pack, path: Path) -> Written:
    write_briefing(case, evaluate(case, pack), pack, path, audience=Audience.DELEGATION)
    book = openpyxl.load_workbook(path, read_only=True)
    texts = {row[0].row: str(row[0].value) for row in book["Rate scenarios"].iter_rows(max_col=1) if row[0].value}
    changes = {text.split(" · ")[0]: row for row, text in texts.items() if " · " in text}
    rows = book["Assumptions"].iter_rows(min_row=5, max_col=1)
    assumptions = {str(row[0].value): row[0].row for row in rows if row[0].value}
    return Written(path, case, changes, assumptions)


def recalculated(office: LibreOffice, written: Written, typed: Mapping[tuple[int, str], Typed], folder: Path) -> Any:
    """The workbook with other inputs, as LibreOffice works it out."""
    copy = type_in(written.path, folder / "typed.xlsx", typed)
    return openpyxl.load_workbook(office.recalculate(copy), data_only=True, read_only=True)


def assert_equals_engine(book: Any, case: Case, pack: Pack, later: tuple[date, ...] = ()) -> Results:
    """Averages and duties on the first day and on later ones, and the groups' duties, are the engine's."""
    results = evaluate(case, pack)
    averages = averages_of(book)
    count = len(case.scenarios)
    for place, on in enumerate((case.as_of, *later)):
        found = evaluate(replace(case, as_of=on), pack) if place else results
        expected = [evaluation.average for evaluation in found.evaluations]
        assert averages[place * count : (place + 1) * count] == pytest.approx(expected, rel=TOLERANCE), on
    groups_equal(book, results)
    return results


def averages_of(book: Any) -> list[float]:
    for row in book["Rate scenarios"].iter_rows(values_only=True):
        if row[0] == "Average rate on all goods, %":
            return [value for value in row[3:] if value is not None]
    raise AssertionError("no averages")


def groups_equal(book: Any, results: Results) -> None:
    table = exposure_table(results, By.GROUP)
    names = [str(name) for name in results.portfolio.group_names]
    count = len(results.evaluations)
    seen: list[int] = []
    for row in book["Item exposure"].iter_rows(min_row=6, max_row=5 + len(names), values_only=True):
        twins = [place for place, name in enumerate(names) if name == row[0] and place not in seen]
        group = max(twins, key=lambda place: table.value[place])  # sorted by value: the larger comes first
        assert row[2] == pytest.approx(table.value[group], rel=TOLERANCE)
        assert row[5 + count : 5 + 2 * count] == pytest.approx(table.duties[:, group], rel=TOLERANCE, abs=1e-6)
        rates = [0.0 if rate == "n/a" else rate for rate in row[5 : 5 + count]]
        assert rates == pytest.approx(np.nan_to_num(table.rates[:, group]), rel=TOLERANCE, abs=1e-12)
        seen.append(group)
    assert len(seen) == len(names)


def with_change(case: Case, letter: str, place: int, **fields: Any) -> Case:
    """The case with other fields of one change of a scenario (place from 1)."""
    scenarios = []
    for scenario in case.scenarios:
        if scenario.letter == letter:
            changes = list(scenario.changes)
            changes[place - 1] = replace(changes[place - 1], **fields)
            scenario = replace(scenario, changes=tuple(changes))
        scenarios.append(scenario)
    return replace(case, scenarios=tuple(scenarios))


class TestDefaultCase:
    """All lines of the partner, with the four scenarios of the talks."""

    @pytest.fixture(scope="module")
    @staticmethod
    def written(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Written:
        return write(default_case(), pack, tmp_path_factory.mktemp("live") / "default.xlsx")

    def test_every_formula_recalculates_to_its_stored_value(
        self, written: Written, libreoffice: LibreOffice, tmp_path: Path
    ) -> None:
        assert assert_recalculates(libreoffice, written.path) > 250_000

    def test_typing_changes_what_the_engine_changes(
        self, written: Written, libreoffice: LibreOffice, pack: Pack, tmp_path: Path
    ) -> None:
        """As of 15 August; B's pause from 1 July, C's 15 as 12.5 added and half the quota, D's steel in September."""
        on = date(2025, 8, 15)
        typed = {
            (RATES, "D5"): on,
            written.cell("B 1", START): date(2025, 7, 1),
            written.cell("C 2", RATE): 0.125,
            written.cell("C 2", FORM): "added",
            written.cell("C 3", RATE): 0.2,
            written.cell("C 5", SHARE): 0.5,
            written.cell("C 5", IN_RATE): 0.05,
            written.cell("D 4", START): date(2025, 9, 1),
            written.assumed("Use of the preference where"): 0.6,
            written.assumed("Car parts"): 0.25,
        }
        case = replace(
            written.case,
            as_of=on,
            assumptions=Assumptions(
                default_utilisation=Decimal("0.6"), listed_use={"s232_auto_parts": Decimal("0.25")}
            ),
        )
        case = with_change(case, "B", 1, start=date(2025, 7, 1))
        case = with_change(case, "C", 2, rate=Decimal("0.125"), form=RateForm.ADDED)
        case = with_change(case, "C", 3, rate=Decimal("0.2"))
        case = with_change(case, "C", 5, share_in_quota=Decimal("0.5"), in_rate=Decimal("0.05"))
        case = with_change(case, "D", 4, start=date(2025, 9, 1))
        book = recalculated(libreoffice, written, typed, tmp_path)
        results = assert_equals_engine(book, case, pack, (date(2025, 7, 9), date(2025, 8, 1)))
        assert len({round(found.average, 6) for found in results.evaluations}) == 4


def assert_recalculates(office: LibreOffice, path: Path) -> int:
    """Every cell is what it was once LibreOffice has worked out all formulas; how many cells."""
    count = 0
    stored = openpyxl.load_workbook(path, data_only=True, read_only=True)
    fresh = openpyxl.load_workbook(office.recalculate(path), data_only=True, read_only=True)
    for name in stored.sheetnames:
        for one, other in paired(stored[name], fresh[name]):
            assert same(one, other), (name, count, one, other)
            assert not str(other).startswith("#"), (name, count, other)
            count += 1
    return count


def test_later_law(libreoffice: LibreOffice, pack: Pack, tmp_path: Path) -> None:
    """November 2025: totals of 15 %, metals at 50 %, lines of several metals; steel's 50 % of June put off in B."""
    law = default_case().scenarios[0]
    put_off = Scenario(letter="B", name=LocalText("B"), changes=(Postpone(start=date(2025, 6, 4), duty="steel"),))
    case = replace(
        default_case(), as_of=date(2025, 11, 20), known_to=date(2025, 12, 31), scenarios=(law, put_off),
    )  # fmt: skip
    written = write(case, pack, tmp_path / "later.xlsx")
    assert assert_recalculates(libreoffice, written.path) > 150_000


@pytest.mark.parametrize("reading", ["full", "article"])
def test_other_readings_of_a_total(reading: str, libreoffice: LibreOffice, pack: Pack, tmp_path: Path) -> None:
    """December 2025, totals of 15 % on what the metals leave, read otherwise; in B with a quota within the total."""
    law, day = default_case().scenarios[0], date(2025, 12, 1)
    changes: tuple[AnyChange, ...] = (
        Quota(
            start=day, duty="reciprocal", share_in_quota=Decimal("0.4"), in_rate=Decimal("0.05"),
            out_rate=Decimal("0.2"), form=RateForm.TOTAL,
        ),
        SetRate(start=day, duty="steel", rate=Decimal("0.1")),
    )  # fmt: skip
    case = replace(
        default_case(), as_of=date(2025, 12, 20), known_to=date(2025, 12, 31),
        scenarios=(law, Scenario(letter="B", name=LocalText("B"), changes=changes)),
        assumptions=Assumptions(readings={"floor_on_rest": reading}, listed_use={"s232_auto_parts": Decimal("0.5")}),
    )  # fmt: skip
    written = write(case, pack, tmp_path / "readings.xlsx")
    assert assert_recalculates(libreoffice, written.path) > 150_000
    book = recalculated(libreoffice, written, {written.cell("B 2", RATE): 0.3}, tmp_path)
    assert_equals_engine(book, with_change(case, "B", 2, rate=Decimal("0.3")), pack, ())


def test_drones_of_2026(libreoffice: LibreOffice, pack: Pack, tmp_path: Path) -> None:
    """A duty beside all others, and one read as setting Section 301 aside."""
    law = default_case().scenarios[0]
    for reading in ("adds", "set_aside"):
        case = replace(
            default_case(), as_of=date(2026, 10, 1), known_to=date(2026, 11, 23), scenarios=(law,),
            assumptions=Assumptions(readings={"note_52f": reading}, listed_use={"s301_exempt_aircraft": Decimal(0)}),
        )  # fmt: skip
        written = write(case, pack, tmp_path / f"{reading}.xlsx")
        assert assert_recalculates(libreoffice, written.path) > 60_000


def test_a_duty_by_the_unit(libreoffice: LibreOffice, pack: Pack, tmp_path: Path) -> None:
    """December 2026: a minimum price on wafers takes a unit value; the cells held `nan`, which Excel calls damaged."""
    law, day = default_case().scenarios[0], date(2026, 12, 20)
    priced = SetRate(start=day, duty="polysilicon_price", rate=Decimal("0.1"))
    case = replace(
        default_case(), as_of=date(2026, 12, 15), known_to=date(2026, 12, 31),
        scenarios=(law, Scenario(letter="B", name=LocalText("B"), changes=(priced,))),
    )  # fmt: skip
    written = write(case, pack, tmp_path / "unit.xlsx")
    sheet = openpyxl.load_workbook(written.path, data_only=True, read_only=True)["Line detail"]
    wafers = next(row for row in sheet.iter_rows(min_row=6, values_only=True) if row[0] == "3818.00.0090")
    assert wafers[4:6] == ("n/a", "n/a")
    assert assert_recalculates(libreoffice, written.path) > 100_000


def paired(one: Any, other: Any) -> Iterator[tuple[object, object]]:
    for row, fresh in zip(one.iter_rows(values_only=True), other.iter_rows(values_only=True), strict=False):
        for place, value in enumerate(row):
            yield value, fresh[place] if place < len(fresh) else None


def same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=1e-9)
    return one == other or {one, other} == {None, ""}


def every_kind() -> Case:
    """Every kind of change, in combinations that act on the same goods; groups named to mislead a formula."""
    day, later = date(2025, 7, 9), date(2025, 9, 1)
    steel = "list:s232_steel_article"
    b: tuple[AnyChange, ...] = (
        SetRate(start=day, duty="reciprocal", rate=Decimal("0.2")),
        SetRate(start=day, duty="reciprocal", lines="group:machinery", rate=Decimal("0.15"), form=RateForm.TOTAL),
        SetRate(start=day, duty="semiconductors", rate=Decimal("0.1")),
        Exempt(start=day, duty="reciprocal", lines="group:textiles"),
        Quota(
            start=day, duty="aluminium", share_in_quota=Decimal("0.3"), in_rate=Decimal("0.02"),
            out_rate=Decimal("0.4"), form=RateForm.TOTAL, until=later,
        ),
    )  # fmt: skip
    c: tuple[AnyChange, ...] = (
        AddDuty(
            start=day, duty="new_one", title=LocalText("New duty"), rate=Decimal("0.05"),
            lines="group:chemicals", place=Place.INSTEAD_OF_GENERAL,
        ),
        AddDuty(
            start=day, duty="on_top", title=LocalText("On top"), rate=Decimal("0.03"), lines="group:steel",
            place=Place.ON_TOP,
        ),
        Cap(start=day, lines="group:plastics-rubber", rate=Decimal("0.12")),
        SetTotal(start=day, lines="group:food", rate=Decimal("0.08")),
        Cap(start=later, lines="group:food", rate=Decimal("0.05")),
    )  # fmt: skip
    d: tuple[AnyChange, ...] = (
        SwitchOff(start=day, duty="steel", lines=steel),
        SwitchOn(start=later, duty="steel", lines=steel, measure="steel_25"),
        Postpone(start=day, duty="reciprocal", until=later),
        Exempt(start=day, lines="group:aluminium"),
        SwitchOff(start=later, duty="auto_parts"),
    )
    law = default_case().scenarios[0]
    named = [
        Scenario(letter=letter, name=LocalText(f"Scenario {letter}"), changes=changes)
        for letter, changes in (("B", b), ("C", c), ("D", d))
    ]
    names = {"chemicals": "=5", "food": ">0", "textiles": "*", "ships": "Same name", "aircraft": "Same name"}
    groups = tuple(
        replace(group, name=LocalText(names.get(group.id, str(group.name)))) for group in default_case().groups
    )
    return replace(
        default_case(), groups=groups, as_of=date(2025, 7, 9), scenarios=(law, *named), next_letter="E",
        assumptions=Assumptions(utilisation={"39": Decimal("0.4")}),
    )  # fmt: skip


class TestEveryKindOfChange:
    """Scenarios made to hold every kind of change; each kind of input is typed into the same workbook."""

    @pytest.fixture(scope="module")
    @staticmethod
    def written(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Written:
        return write(every_kind(), pack, tmp_path_factory.mktemp("kinds") / "kinds.xlsx")

    def test_as_written(self, written: Written, libreoffice: LibreOffice, pack: Pack, tmp_path: Path) -> None:
        book = recalculated(libreoffice, written, {}, tmp_path)
        assert_equals_engine(book, written.case, pack, (date(2025, 9, 1),))

    def test_rates_and_forms(self, written: Written, libreoffice: LibreOffice, pack: Pack, tmp_path: Path) -> None:
        typed: dict[tuple[int, str], Typed] = {
            written.cell("B 1", RATE): 0.33,
            written.cell("B 1", FORM): "total",
            written.cell("B 3", RATE): 0.5,
            written.cell("C 1", RATE): 0.07,
            written.cell("C 2", FORM): "total",
            written.cell("C 3", RATE): 0.06,
            written.cell("C 4", RATE): 0.11,
        }
        case = with_change(written.case, "B", 1, rate=Decimal("0.33"), form=RateForm.TOTAL)
        case = with_change(case, "B", 3, rate=Decimal("0.5"))
        case = with_change(case, "C", 1, rate=Decimal("0.07"))
        case = with_change(case, "C", 2, form=RateForm.TOTAL)
        case = with_change(case, "C", 3, rate=Decimal("0.06"))
        case = with_change(case, "C", 4, rate=Decimal("0.11"))
        book = recalculated(libreoffice, written, typed, tmp_path)
        assert_equals_engine(book, case, pack, (date(2025, 9, 1),))

    def test_dates(self, written: Written, libreoffice: LibreOffice, pack: Pack, tmp_path: Path) -> None:
        on, new = date(2025, 8, 10), date(2025, 8, 11)
        typed: dict[tuple[int, str], Typed] = {
            (RATES, "D5"): on,
            written.cell("B 2", START): new,
            written.cell("B 5", UNTIL): date(2025, 8, 1),
            written.cell("C 3", START): new,
            written.cell("C 5", START): date(2025, 8, 2),
            written.cell("D 1", UNTIL): on,
            written.cell("D 3", UNTIL): date(2025, 8, 10),
            written.cell("D 5", START): date(2025, 8, 10),
        }
        case = replace(written.case, as_of=on)
        case = with_change(case, "B", 2, start=new)
        case = with_change(case, "B", 5, until=date(2025, 8, 1))
        case = with_change(case, "C", 3, start=new)
        case = with_change(case, "C", 5, start=date(2025, 8, 2))
        case = with_change(case, "D", 1, until=on)
        case = with_change(case, "D", 3, until=date(2025, 8, 10))
        case = with_change(case, "D", 5, start=date(2025, 8, 10))
        book = recalculated(libreoffice, written, typed, tmp_path)
        assert_equals_engine(book, case, pack, (date(2025, 9, 1),))

    def test_shares_and_quota(self, written: Written, libreoffice: LibreOffice, pack: Pack, tmp_path: Path) -> None:
        typed: dict[tuple[int, str], Typed] = {
            written.cell("B 5", SHARE): 0.75,
            written.cell("B 5", IN_RATE): 0.01,
            written.cell("B 5", FORM): "added",
            written.assumed("Use of the preference where"): 0.1,
            written.assumed("Use of the preference, 39"): 0.9,
            written.assumed("Column 1 that counts"): "weighted by use",
            written.assumed("Car parts"): 0.4,
        }
        case = with_change(
            written.case, "B", 5, share_in_quota=Decimal("0.75"), in_rate=Decimal("0.01"), form=RateForm.ADDED
        )
        assumptions = Assumptions(
            column_1_for_totals=Column1Use.WEIGHTED,
            default_utilisation=Decimal("0.1"),
            utilisation={"39": Decimal("0.9")},
            listed_use={"s232_auto_parts": Decimal("0.4")},
        )
        book = recalculated(libreoffice, written, typed, tmp_path)
        assert_equals_engine(book, replace(case, assumptions=assumptions), pack, (date(2025, 9, 1),))
