"""Law that asks whether the preference is claimed, on a law made up for it: look-up, averages, trace, live workbook.

The additions to Korea's law are ours, so that every figure can be worked out by hand; how such law reads follows
the heading for goods of the agreement with Canada and Mexico (9903.01.04, 9903.01.14) and note 33(d) for cars.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
import numpy as np
import pytest

from core.case import Assumptions, Case, Column1Use, RateForm, Scenario, SetRate
from core.casefile import default_case
from core.engine import evaluate
from core.portfolio import build_basis
from core.quantities import format_percent
from core.reference.law import ALL_GOODS, PREFERENCE_CLAIMED, Exemption, Gap, Law, LawChange, Measure
from core.reference.pack import Pack
from core.results import Results
from core.scenario import Plan
from core.tariff.duty import charges
from core.tariff.line_trace import explain_line
from core.tariff.query import Answer, Question, answer
from core.text import LocalText
from tests.core.test_briefing_live import (
    RATE,
    assert_equals_engine,
    assert_recalculates,
    recalculated,
    with_change,
    write,
)
from tests.office import LibreOffice
from tests.workbook_inputs import Typed

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

ON = date(2025, 9, 15)  # 15 % added as the reciprocal duty, cars 25 % added
CAR, TYRE = "8703230140", "4011101010"
FREED = Exemption(list=ALL_GOODS, heading="9903.01.14", requires=PREFERENCE_CLAIMED)
SOURCE = LocalText("an estimate", "추정")


def with_law(pack: Pack, change: Callable[[Measure], Measure], *more: Measure, gaps: tuple[Gap, ...] = ()) -> Pack:
    """The pack with its measures changed, and more of them at 30 % added from 1 September 2025 on."""
    file = msgspec.structs.replace(
        pack.law.file,
        measures=(*map(change, pack.law.file.measures), *more),
        gaps=(*pack.law.file.gaps, *gaps),
    )
    terms = {"from": "2025-09-01", "rate": "30", "kind": "added"}
    released = pack.law.instruments["EO-14257"].released
    made = tuple(
        LawChange("EO-14257", released, measure.id, ("KR",), field, value, binding=True)
        for measure in more
        for field, value in terms.items()
    )
    changes = tuple(sorted((*pack.law.changes, *made), key=lambda each: each.released))
    found = copy.copy(pack)
    vars(found)["law"] = Law(file, pack.law.instruments, changes, pack.law.lists)
    return found


def freed(measure: Measure) -> Measure:
    """Goods that claim the preference are outside the reciprocal duty of August 2025."""
    if measure.id != "ieepa_korea_15_additive":
        return measure
    return msgspec.structs.replace(measure, exempt=(*measure.exempt, FREED))


def on_the_rest(measure: Measure) -> Measure:
    """Cars on the non-US content only, two fifths of the value assumed to be of US content."""
    if measure.id != "autos_25":
        return measure
    return msgspec.structs.replace(measure, on_non_us_content=True, us_content_assumed=0.4, us_content_source=SOURCE)


def claimed_cars(pack: Pack) -> Measure:
    """Cars that claim the preference: 30 % on the non-US content instead of 25 % on the whole."""
    like = pack.law.measures["autos_25"]
    return msgspec.structs.replace(
        on_the_rest(like), id="autos_claimed", rank=2, requires=PREFERENCE_CLAIMED, title=LocalText("Cars that claim")
    )


@pytest.fixture(scope="module")
def freeing(pack: Pack) -> Pack:
    return with_law(pack, freed)


@pytest.fixture(scope="module")
def both(pack: Pack) -> Pack:
    return with_law(pack, freed, claimed_cars(pack))


def law_case(on: date = ON, **assumptions: object) -> Case:
    case = default_case()
    return msgspec.structs.replace(
        case,
        as_of=on,
        known_to=date(2025, 12, 31),
        scenarios=case.scenarios[:1],
        assumptions=Assumptions(**assumptions),  # type: ignore[arg-type]
    )


def asked(pack: Pack, code: str, *, claimed: bool, **more: object) -> Answer:
    found = answer(pack, Question(code, "KR", ON, originating=claimed, **more))  # type: ignore[arg-type]
    result = found.originating if claimed else found.non_originating
    assert result is not None
    return result


class TestLookUp:
    # 15 % added, MFN 4 % (4011.10.10) and free under KORUS: 19 % without a claim, nothing at all with one.
    def test_the_claim_frees_of_the_duty(self, freeing: Pack) -> None:
        assert asked(freeing, TYRE, claimed=False, facts=frozenset({"not_vehicle_part"})).total == pytest.approx(0.19)
        found = asked(freeing, TYRE, claimed=True, facts=frozenset({"not_vehicle_part"}))
        assert found.total == pytest.approx(0.0)
        assert any("9903.01.14" in step.detail and "preference is claimed" in step.detail for step in found.steps)

    # Cars: MFN 2.5 %, KORUS free. Claiming: 30 % on what is not of US content; without: 25 % on all of it.
    @pytest.mark.parametrize(("content", "claimed", "unclaimed"), [(0.0, 0.3, 0.275), (0.4, 0.18, 0.275)])
    def test_a_measure_of_the_claimed_part_on_non_us_content(
        self, both: Pack, content: float, claimed: float, unclaimed: float
    ) -> None:
        assert asked(both, CAR, claimed=True, us_content=content).total == pytest.approx(claimed)
        assert asked(both, CAR, claimed=False, us_content=content).total == pytest.approx(unclaimed)

    def test_us_content_counts_up_to_its_cap(self, pack: Pack) -> None:
        """Note 16(j): never below 15 % of 25, whatever the content."""
        capped = with_law(pack, lambda measure: msgspec.structs.replace(on_the_rest(measure), us_content_cap=0.4))
        assert asked(capped, CAR, claimed=True, us_content=0.9).total == pytest.approx(0.15)

    def test_us_content_that_pays_no_car_duty_pays_no_general_duty_either(self, pack: Pack) -> None:
        found = asked(with_law(pack, on_the_rest), CAR, claimed=True, us_content=0.4)
        assert [each.duty for each in found.components] == ["autos"]
        assert found.total == pytest.approx(0.15)
        assert any(f"US content of {format_percent(0.4)}, as stated, is not charged" in s.detail for s in found.steps)

    def test_the_higher_rank_answers_of_two_that_could(self, pack: Pack) -> None:
        low = msgspec.structs.replace(claimed_cars(pack), rank=0, on_non_us_content=False)
        assert asked(with_law(pack, freed, low), CAR, claimed=True).total == pytest.approx(0.25)

    def test_a_duty_that_only_claimed_goods_pay(self, pack: Pack) -> None:
        """On medicines, on which nothing else is charged; softwood has no duty of its own before October 2025."""
        only = msgspec.structs.replace(
            claimed_cars(pack),
            id="claimed_softwood",
            duty="softwood",
            lists=("ieepa_exempt_annexII",),
            on_non_us_content=False,
        )
        found = with_law(pack, freed, only)
        medicine = "3004909290"
        assert [each.duty for each in asked(found, medicine, claimed=True).components] == ["softwood"]
        assert asked(found, medicine, claimed=True).total == pytest.approx(0.3)
        assert "softwood" not in [each.duty for each in asked(found, medicine, claimed=False).components]


class TestPortfolio:
    def test_partners_whose_law_does_not_ask_are_worked_out_once(self, pack: Pack, freeing: Pack) -> None:
        for one, asks in ((pack, False), (freeing, True)):
            basis = build_basis(law_case(), one)
            day = charges(Plan(basis.base), basis.goods, ON)
            assert basis.base.asks_for_claim is asks
            assert (day.claimed is not None) is asks

    def test_each_part_pays_its_own(self, freeing: Pack) -> None:
        """Line by line: use x what a claim pays + the rest x what goods without one pay, from two separate laws."""
        case = law_case()
        found = evaluate(case, freeing)
        basis = found.basis
        used = basis.portfolio.utilisation
        parts = [
            charges(Plan(basis.base), basis.goods.claiming(claimed), ON).rates(column1)[0]
            for claimed, column1 in ((True, basis.goods.preferential_rate), (False, basis.goods.mfn_rate))
        ]
        expected = used * parts[0] + (1 - used) * parts[1]
        assert found.evaluation("A").total == pytest.approx(expected, nan_ok=True)
        assert np.nanmax(np.abs(parts[0] - parts[1])) >= 0.15

    def test_goods_free_for_all_claim_too_where_the_claim_decides(self, pack: Pack, freeing: Pack) -> None:
        """Free of column 1, a claim still frees them of the duty: the default share claims, and saves 15 points."""
        plain, asked_for = (build_basis(law_case(), one).portfolio for one in (pack, freeing))
        free = (plain.mfn_rate == 0) & (plain.preferential_rate == 0)
        assert not plain.utilisation[free].any()
        assert (asked_for.utilisation[free] == 0.795).all()
        assert np.array_equal(plain.utilisation[~free], asked_for.utilisation[~free])

    def test_the_trace_adds_up_and_says_what_happens_where_it_is_claimed(self, both: Pack) -> None:
        results = evaluate(law_case(), both)
        for code in ("33049950", "8703"):
            trace = explain_line(results, both, code, "A")
            assert sum(step.rate or 0.0 for step in trace.steps) == pytest.approx(trace.total)
            assert any("of value that claims the preference" in step.detail for step in trace.steps)

    def test_covered_value_is_that_of_both_parts(self, both: Pack) -> None:
        results = evaluate(law_case(), both)
        row = next(row for row in results.rate_rows if row.duty == "reciprocal")
        day = charges(Plan(results.basis.base), results.basis.goods, ON)
        shares = [next(c for c in one.duties if c.duty.id == "reciprocal").share for one in (day.where_claimed, day)]
        used, value = results.portfolio.utilisation, results.portfolio.value
        assert row.covers == pytest.approx(float(((used * shares[0] + (1 - used) * shares[1]) * value).sum()))


def scenario_case(**assumptions: object) -> Case:
    """Besides the law, a scenario that turns the reciprocal duty into a total: then nothing is linear."""
    case = law_case(ON, **assumptions)
    change = SetRate(start=date(2025, 9, 1), duty="reciprocal", rate=Decimal("0.1"), form=RateForm.TOTAL)
    other = Scenario(letter="B", name=LocalText("B"), changes=(change,))
    return msgspec.structs.replace(case, scenarios=(*case.scenarios, other), next_letter="C")


class TestLiveWorkbook:
    def test_every_formula_recalculates_to_its_stored_value(
        self, both: Pack, libreoffice: LibreOffice, tmp_path: Path
    ) -> None:
        assert assert_recalculates(libreoffice, write(scenario_case(), both, tmp_path / "claim.xlsx").path) > 100_000

    def test_typing_changes_what_the_engine_changes(self, both: Pack, libreoffice: LibreOffice, tmp_path: Path) -> None:
        written = write(scenario_case(), both, tmp_path / "claim.xlsx")
        typed: dict[tuple[int, str], Typed] = {
            written.cell("B 1", RATE): 0.2,
            written.assumed("Use of the preference where"): 0.3,
            written.assumed("Column 1 that counts"): "weighted by use",
        }
        case = scenario_case(default_utilisation=Decimal("0.3"), column_1_for_totals=Column1Use.WEIGHTED)
        case = with_change(case, "B", 1, rate=Decimal("0.2"))
        assert_equals_engine(recalculated(libreoffice, written, typed, tmp_path), case, both)


class TestGaps:
    def gap(self, **fields: object) -> Gap:
        gap = Gap(id="ours", prefixes=("4011",), start=ON, instrument="EO-14257", reason=LocalText("not read yet"))
        return msgspec.structs.replace(gap, **fields)

    def tyres(self, pack: Pack, partner: str, on: date = ON) -> Results:
        return evaluate(msgspec.structs.replace(law_case(on), partner=partner), pack)

    def test_no_number_for_the_partners_named_only(self, pack: Pack) -> None:
        found = with_law(pack, lambda measure: measure, gaps=(self.gap(partners=("EU",)),))
        for partner, is_missing in (("EU", True), ("DE", True), ("KR", False)):
            results = self.tyres(found, partner)
            lines = np.char.startswith(results.portfolio.codes, "4011")
            assert np.isnan(results.evaluation("A").total[lines]).all() == is_missing
            reply = answer(found, Question("40111010", partner, ON))
            assert reply.non_originating is not None
            assert (reply.non_originating.total is None) == is_missing

    def test_numbers_come_back_on_the_end_day(self, pack: Pack) -> None:
        found = with_law(pack, lambda measure: measure, gaps=(self.gap(end=date(2025, 9, 20)),))
        for on, is_missing in ((ON, True), (date(2025, 9, 19), True), (date(2025, 9, 20), False)):
            results = self.tyres(found, "KR", on)
            lines = np.char.startswith(results.portfolio.codes, "4011")
            assert np.isnan(results.evaluation("A").total[lines]).all() == is_missing
        assert {ON, date(2025, 9, 20)} <= set(build_basis(law_case(), found).base.days())

    def test_a_gap_over_all_goods_leaves_no_average(self, pack: Pack) -> None:
        gap = msgspec.structs.replace(self.gap(partners=("KR",)), prefixes=("",))
        results = self.tyres(with_law(pack, lambda measure: measure, gaps=(gap,)), "KR")
        assert np.isnan(results.evaluation("A").average)
        assert results.series[0].dates[-1] == ON, "the day on which the numbers end is a step"

    def test_the_workbook_leaves_them_out_as_the_engine_does(
        self, pack: Pack, libreoffice: LibreOffice, tmp_path: Path
    ) -> None:
        found = with_law(pack, lambda measure: measure, gaps=(self.gap(partners=("KR",)),))
        written = write(law_case(), found, tmp_path / "gap.xlsx")
        assert_equals_engine(recalculated(libreoffice, written, {}, tmp_path), law_case(), found)
