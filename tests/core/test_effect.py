"""What a scenario does, part by part: it adds up to the whole, whatever the scenario is."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest

from core.case import Case
from core.casefile import default_case
from core.edits import set_as_of
from core.effect import REST, effect_by_part, inferred_value, quota_average
from core.engine import evaluate
from core.quantities import parse_date
from core.reference.pack import load_pack
from core.results import Results


@pytest.fixture(scope="module")
def results() -> Results:
    case: Case = set_as_of(default_case(), parse_date("2025-08-01"))
    return evaluate(case, load_pack())


@pytest.mark.parametrize("letter", ["A", "B", "C", "D"])
def test_parts_add_up_to_the_whole_change(results: Results, letter: str) -> None:
    parts = effect_by_part(results, letter, "A")
    whole = results.evaluation(letter).duty_total - results.evaluation("A").duty_total
    assert math.fsum(part.duty_change for part in parts) == pytest.approx(whole, abs=1.0)
    assert math.fsum(part.value for part in parts) == pytest.approx(results.portfolio.value.sum())


def test_a_part_is_named_after_the_duty_that_weighs_most(results: Results) -> None:
    names = [part.duty for part in effect_by_part(results, "C", "A")]
    assert names[0] == "reciprocal"
    assert {"autos", "steel"} <= set(names)
    assert names[-1] == REST


def test_the_rate_changes_by_what_the_duty_changes(results: Results) -> None:
    """Cars go from 25 added to a total of 15 on goods that are free under the preference: ten points."""
    cars = next(part for part in effect_by_part(results, "C", "A") if part.duty == "autos")
    assert cars.rate_change == pytest.approx(cars.duty_change / cars.value)
    assert cars.rate_change == pytest.approx(-0.10, abs=0.005)


def test_inferred_value_is_part_of_the_whole(results: Results) -> None:
    found = inferred_value(results.portfolio)
    assert found.total == pytest.approx(results.portfolio.value.sum())
    assert 0 < found.default_use < found.total
    assert 0 < found.inferred_use < found.total


def test_quota_average_weighs_by_share_of_value() -> None:
    """60 % of the value free and the rest at 25 % is 10 %."""
    assert quota_average(Decimal(0), Decimal("0.25"), Decimal("0.6")) == Decimal("0.10")
