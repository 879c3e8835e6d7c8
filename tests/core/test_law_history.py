"""The course of a rate: the days, the measures and the instruments behind each step."""

from __future__ import annotations

import itertools
import json
from datetime import date
from typing import Any

import pytest

from core.cli import main
from core.law_history import causes, released_between
from core.reference.pack import Pack
from core.scenario import law_as_known


def _steps(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(["timeline", "--partner", "KR", *arguments, "--json"]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_noodles_as_known_on_8_july(capsys: pytest.CaptureFixture[str]) -> None:
    """EO 14257, 14266 and 14316: 10, 25 for a day, 10, and 25 again from 1 August."""
    steps = _steps(capsys, "--line", "1902300060", "--known", "2025-07-08")
    assert [(step["date"], step["to"]) for step in steps] == [
        ("2025-04-05", 0.10),
        ("2025-04-09", 0.25),
        ("2025-04-10", 0.10),
        ("2025-08-01", 0.25),
    ]
    last = {cause["what"]: cause for cause in steps[-1]["causes"]}
    assert last["resumes"]["measure"] == "ieepa_country_apr2025"
    assert last["ends"]["instruments"] == ["EO-14316"]


def test_steel_without_preference(capsys: pytest.CaptureFixture[str]) -> None:
    """Proclamations 10896 and 10947; annex I-A of Proclamation 11021 keeps 50 %."""
    steps = _steps(capsys, "--line", "7208390030", "--not-originating")
    assert [(step["date"], step["from"], step["to"]) for step in steps] == [
        ("2025-03-12", 0.0, 0.25),
        ("2025-06-04", 0.25, 0.50),
    ]


def test_the_average_moves_on_known_days_only(capsys: pytest.CaptureFixture[str]) -> None:
    steps = _steps(capsys, "--known", "2025-05-22")
    # The pause ends; and the solar safeguard, prolonged in 2022 to 6 February 2026.
    assert [step["date"] for step in steps[-2:]] == ["2025-07-09", "2026-02-07"]
    for step, following in itertools.pairwise(steps):
        assert step["to"] == pytest.approx(following["from"], abs=1e-12)
    assert all(step["causes"] for step in steps)


def test_a_list_of_goods_can_be_the_cause(pack: Pack) -> None:
    """EO 14346 re-cut the exempt list on 8 September 2025."""
    base = law_as_known(pack.law, "KR", date(2026, 11, 23))
    (cause,) = causes(base, date(2025, 9, 8))
    assert (cause.verb, cause.instruments) == ("list", ("EO-14346",))


def test_instruments_between_two_known_days(pack: Pack) -> None:
    found = [i.id for i in released_between(pack.law, date(2025, 5, 22), date(2025, 6, 16))]
    assert found == ["USTR-EXCL-2025-05", "Proc-10947", "BIS-2025-11067", "EO-14309"]
