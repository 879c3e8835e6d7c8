"""The duty on one line of partners other than the first case's, against cases worked out from the law texts by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from core.cli.duty import question_of_row
from core.reference.law import CoverageLevel
from core.reference.pack import Pack
from core.tariff.query import answer

CASES = list(csv.DictReader((Path(__file__).parent / "partner_duties.csv").read_text("utf-8").splitlines()))
# Of each of these the law was read: a number of cases stands for every one.
CHECKED = ("JP", "EU", "GB", "CH", "TW", "VN", "IN", "TH", "ID", "MY", "MX", "CA")


def _name(case: dict[str, str]) -> str:
    doubt = "" if case["confidence"] == "high" else f"-{case['confidence']}-confidence"
    return f"{case['case_id']}-{case['partner']}-{case['hts']}-{case['entry_on']}{doubt}"


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_duty(case: dict[str, str], pack: Pack) -> None:
    reply = answer(pack, question_of_row(case))
    found = reply.originating if case["claimed"] == "yes" else reply.non_originating
    assert found is not None
    assert found.total is not None
    assert found.total * 100 == pytest.approx(float(case["total_pct"]), abs=1e-6)
    assert (found.column1.rate or 0) + sum(part.contribution for part in found.components) == pytest.approx(found.total)
    for part in found.components:
        assert part.heading.startswith("9903.") or part.duty.startswith("polysilicon")  # its headings are not out
        assert part.citation


@pytest.mark.parametrize("partner", CHECKED)
def test_what_is_called_checked_has_cases(partner: str, pack: Pack) -> None:
    members = {partner, *(each.iso2 for each in pack.partners if each.union == partner)}
    assert pack.law.coverage_level(partner) is CoverageLevel.CHECKED
    assert sum(case["partner"] in members for case in CASES) >= 12
    assert {case["entry_on"][:4] for case in CASES if case["partner"] in members} == {"2025", "2026"}


@pytest.mark.parametrize("partner", ["CN", "BR"])
def test_what_lacks_a_measure_is_partial_and_says_which(partner: str, pack: Pack) -> None:
    assert pack.law.coverage_level(partner) is CoverageLevel.PARTIAL
    assert any("exclusion" in what or "aircraft" in what for what in pack.law.missing(partner))


@pytest.mark.parametrize("partner", ["RU", "BY", "CU", "KP"])
def test_where_the_law_is_not_in_the_pack_there_is_no_number(partner: str, pack: Pack) -> None:
    """Goods of these pay the rates of column 2 (General Note 3(b)), which the pack does not hold."""
    if partner not in pack.partners:
        pytest.skip("no trade in the base year")
    row = {"hts": "7208.39.00", "partner": partner, "entry_on": "2025-06-10"}
    found = answer(pack, question_of_row(row)).non_originating
    assert found is not None
    assert found.total is None
    assert found.needs
