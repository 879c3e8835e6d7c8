"""The duty on one line on one day, against cases derived from the law (tests/golden/README.md)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from core.cli.duty import question_of_row
from core.reference.pack import Pack
from core.tariff.query import Answer, answer

CASES = list(csv.DictReader((Path(__file__).parent / "duty_cases.csv").read_text("utf-8").splitlines()))
_PART = re.compile(r"=([\d.]+)%(?: x [\d.]+ share = ([\d.]+)%)?$")


def _name(case: dict[str, str]) -> str:
    """A case whose law is not certain says so."""
    doubt = "" if case["confidence"] == "high" else f"-{case['confidence']}-confidence"
    return f"{case['case_id']}-{case['hts']}-{case['entry_on']}{doubt}"


def _parts(text: str) -> list[float]:
    """The contribution of each part in per cent, column 1 first."""
    found = [_PART.search(part.strip()) for part in text.split(";")]
    return [float(part[2] or part[1]) for part in found if part is not None]


def _check(found: Answer | None, total: str, parts: str) -> None:
    assert found is not None
    assert found.total is not None
    assert found.total * 100 == pytest.approx(float(total), abs=1e-9)
    column1, *duties = _parts(parts)
    assert (found.column1.rate or 0) * 100 == pytest.approx(column1, abs=1e-9)
    ours = [component.contribution * 100 for component in found.components]
    assert ours == pytest.approx(duties, abs=1e-9)
    assert (found.column1.rate or 0) + sum(c.contribution for c in found.components) == pytest.approx(found.total)


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_duty_with_the_preference_claimed(case: dict[str, str], pack: Pack) -> None:
    found = answer(pack, question_of_row(case))
    if case["total_korus_pct"]:
        _check(found.originating, case["total_korus_pct"], case["components_korus"])
    else:
        assert found.originating is None


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_duty_without_the_preference(case: dict[str, str], pack: Pack) -> None:
    found = answer(pack, question_of_row(case))
    _check(found.non_originating, case["total_non_originating_pct"], case["components_non_originating"])


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_every_component_names_heading_and_citation(case: dict[str, str], pack: Pack) -> None:
    found = answer(pack, question_of_row(case)).non_originating
    assert found is not None
    for component in found.components:
        assert component.heading.startswith("9903.")
        assert component.citation
