"""The second example: goods from Korea under the law of 23 November 2026."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from core import edits
from core.casefile import load
from core.engine import evaluate
from core.locations import resource_path
from core.reference.pack import Pack
from core.results import Results

ROOT = Path(__file__).resolve().parents[2]
FILE = "korea_us_2026_11.parley"


@pytest.fixture(scope="module")
def results(pack: Pack) -> Results:
    return evaluate(load(resource_path("examples", FILE)), pack)


def test_the_file_is_what_its_script_makes(pack: Pack) -> None:
    script = runpy.run_path(str(ROOT / "packaging" / "examples" / "korea_us_2026_11.py"))
    assert load(resource_path("examples", FILE)) == script["build_case"](pack.groups.item_groups())


# Notice 90 FR 55964 (cars), memorandum of 23 July 2026 (12.5 %), Proclamations 11021 and 11032 (metals).
@pytest.mark.parametrize(
    ("prefix", "total"),
    [("87032301", 0.15), ("19023000", 0.125), ("72083900", 0.50), ("84272080", 0.15), ("9401616011", 0.15)],
)
def test_rates_in_force(results: Results, prefix: str, total: float) -> None:
    lines = np.char.startswith(results.portfolio.codes, prefix)
    assert lines.any()
    np.testing.assert_allclose(results.evaluation("A").total[lines], total, atol=0.01)


def test_the_rows_are_those_of_the_day(results: Results) -> None:
    duties = {row.duty for row in results.rate_rows}
    assert {"forced_labour_301", "autos", "metals"} <= duties
    assert not duties & {"reciprocal", "surcharge_122", "steel"}


def test_scenarios_part_on_their_day(results: Results, pack: Pack) -> None:
    later = evaluate(edits.set_as_of(results.case, date(2026, 12, 15)), pack)
    law, no_duty, metals = (later.evaluation(letter).average for letter in "ABC")
    assert no_duty < law
    assert metals < law
