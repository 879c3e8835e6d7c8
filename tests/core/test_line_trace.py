"""Why this rate? on lines of the default case."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from core import edits
from core.casefile import default_case
from core.engine import evaluate
from core.errors import InputError
from core.i18n import set_language
from core.reference.pack import Pack
from core.results import Results
from core.tariff.explain import trace_text
from core.tariff.line_trace import explain_line


@pytest.fixture(scope="module")
def august(pack: Pack) -> Results:
    return evaluate(edits.set_as_of(default_case(), date(2025, 8, 1)), pack)


def test_steps_add_up_to_the_total_on_many_lines(august: Results, pack: Pack) -> None:
    largest = np.argsort(august.portfolio.value)[::-1]
    sample = [*largest[:40], *largest[100:8000:160]]
    for line in sample:
        for letter in "AC":
            if np.isnan(august.evaluation(letter).total[line]):
                continue
            trace = explain_line(august, pack, str(august.portfolio.codes[line]), letter)
            assert sum(step.rate or 0 for step in trace.steps) == pytest.approx(trace.total, abs=1e-12)
            assert trace.duty == pytest.approx(trace.total * trace.value)


def test_a_car_names_what_it_pays_and_what_not(august: Results, pack: Pack) -> None:
    trace = explain_line(august, pack, "8703230170", "A")
    charged = [step for step in trace.steps if step.charged and step.heading]
    aside = [step for step in trace.steps if not step.charged]
    assert [step.heading for step in charged] == ["9903.94.01"]
    assert "9903.01.33" in [step.heading for step in aside]
    assert {letter for letter, _total, _duty in trace.others} == {"B", "C", "D"}


def test_a_suspended_rate_is_told(pack: Pack) -> None:
    results = evaluate(default_case(), pack)
    trace = explain_line(results, pack, "1902300060", "A")
    (asleep,) = (step for step in trace.steps if "suspended" in step.title)
    assert asleep.detail.startswith("15 points more from 9 July 2025")
    assert asleep.rate == 0


def test_light_trucks_keep_column_1_under_a_total_of_15(august: Results, pack: Pack) -> None:
    """KORUS keeps 25 % on 8704.21 (2018 amendment): max(0, 15 - 25) = 0."""
    trace = explain_line(august, pack, "8704210100", "C")
    assert trace.total == pytest.approx(0.25)
    assert any("max(0, 15" in step.detail for step in trace.steps)


def test_doubt_is_said(august: Results, pack: Pack) -> None:
    warnings = " ".join(explain_line(august, pack, "8507600020", "A").warnings)
    assert "inferred" in warnings
    assert "car or light truck" in warnings


def test_both_languages(august: Results, pack: Pack) -> None:
    trace = trace_text(explain_line(august, pack, "8703230170", "A"))
    set_language("ko")
    korean = trace_text(explain_line(august, pack, "8703230170", "A"))
    assert "Proclamation 10908" in trace
    assert "포고문 10908호" in korean
    assert "25.00%" in korean


def test_a_code_without_trade_is_refused(august: Results, pack: Pack) -> None:
    with pytest.raises(InputError, match="no trade"):
        explain_line(august, pack, "0101210010", "A")
