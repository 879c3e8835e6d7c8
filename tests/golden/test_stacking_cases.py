"""Stacked sums against rows published by others (tests/golden/README.md)."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from core.tariff.goods import Bools, Floats
from core.tariff.rates import added
from core.tariff.stacking import Free, take_content, take_rest

CASES = list(csv.DictReader((Path(__file__).parent / "stacking_cases.csv").read_text("utf-8").splitlines()))


def _rate(value: float) -> Floats:
    return np.array([value])


def _flag(value: bool) -> Bools:
    return np.array([value])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_stacked_total(case: dict[str, str]) -> None:
    """A content duty takes its share, general duties fall on the rest, a floor tops column 1 up."""

    def number(name: str) -> float:
        return float(case[name] or 0)

    base = number("util") * number("pref") + (1 - number("util")) * number("mfn")
    counted = base if case["floor_on"] == "effective" else number("mfn")
    content, free = take_content(Free.all_of(1), _rate(number("content") if number("s232") else 0.0))
    rest, _free = take_rest(free, _rate(1.0))
    total = (
        base + content * number("s232") + rest * (number("recip") + number("s122") + number("fent")) + number("s301")
    )
    if case["floor"]:
        total = total + rest * added(_rate(number("floor")), _flag(True), _rate(counted))
    if case["s232_floor"]:
        total = total + added(_rate(number("s232_floor")), _flag(True), _rate(counted))
    tolerance = float(case["tolerance"])
    assert float(total[0]) == pytest.approx(number("expected_total"), abs=tolerance)
    assert float(total[0]) - base == pytest.approx(number("expected_additional"), abs=tolerance)
