"""The command line: answers, JSON, and exit code 2 with one clear message for bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_both_answers_without_a_claim(capsys: pytest.CaptureFixture[str]) -> None:
    """2.5 % MFN, free under KORUS, 25 % Section 232 (HTS 8703.23.01; Proclamation 10908)."""
    data = _json(capsys, "duty", "8703.23.01", "--partner", "KR", "--on", "2025-07-09")
    assert data["originating"]["total"] == 0.25
    assert data["non_originating"]["total"] == 0.275
    (component,) = data["non_originating"]["components"]
    assert component["measure"] == "autos_25"
    assert component["heading"] == "9903.94.01"
    assert (component["rate"], component["share"], component["contribution"]) == (0.25, 1.0, 0.25)
    assert "10908" in component["citation"]


def test_one_answer_stands_on_top(capsys: pytest.CaptureFixture[str]) -> None:
    data = _json(
        capsys,
        "duty",
        "7326.90.8688",
        "--partner",
        "kr",
        "--on",
        "2025-06-05",
        "--metal",
        "steel=0.8",
        "--not-originating",
    )
    assert data["total"] == pytest.approx(0.449)
    assert data["column1"] == pytest.approx(0.029)
    assert [round(part["contribution"], 9) for part in data["components"]] == [0.4, 0.02]
    assert data["trace"]
    assert data["originating"] is None


def test_known_law_only(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("duty", "1902300060", "--partner", "KR", "--on", "2025-07-20", "--originating")
    assert _json(capsys, *arguments)["total"] == 0.10
    assert _json(capsys, *arguments, "--known", "2025-05-22")["total"] == 0.25


def test_a_range_is_never_one_number(capsys: pytest.CaptureFixture[str]) -> None:
    data = _json(capsys, "duty", "8708.99", "--partner", "KR", "--on", "2025-05-10", "--originating")
    assert data["total"] is None
    assert data["range"] == [0.10, 0.25]
    assert data["needs"]


def test_words_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["duty", "8703.23.01", "--partner", "KR", "--on", "2025-05-22"]
    assert main(arguments) == 0
    english = capsys.readouterr().out
    assert main([*arguments, "--lang", "ko"]) == 0
    korean = capsys.readouterr().out
    assert "25\N{NO-BREAK SPACE}%" in english
    assert "Proclamation 10908" in english
    assert "25%" in korean
    assert "포고문 10908호" in korean


def test_average(capsys: pytest.CaptureFixture[str]) -> None:
    data = _json(capsys, "average", "--partner", "KR", "--on", "2025-05-22", "--known", "2025-05-22")
    assert data["base_value_usd"] == 128_432_847_766
    assert data["total"] == pytest.approx(data["column1"] + data["additional"], abs=1e-15)
    assert data["total_range"][0] <= data["total"] <= data["total_range"][1]
    assert main(["average", "--partner", "KR", "--on", "2025-05-22"]) == 0
    assert "128.43" in capsys.readouterr().out


def test_reference(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reference"]) == 0
    text = capsys.readouterr().out
    assert "128.43" in text
    assert "2.03" in text
    assert "131.55" in text
    assert "8,283" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["duty", "8703.99.99", "--partner", "KR", "--on", "2025-05-22"], "8703.99.99"),
        (["duty", "8703.23.01", "--partner", "ZZ", "--on", "2025-05-22"], "ZZ"),
        (["duty", "8703.23.01", "--partner", "KR", "--on", "1999-05-22"], "1999"),
        (["duty", "8703.23.01", "--partner", "KR"], "--partner KR --on"),
        (["duty", "8703.23.01", "--partner", "KR", "--on", "2025-05-22", "--fact", "blue"], "blue"),
        (["average", "--partner", "QQ", "--on", "2025-05-22"], "QQ"),
        (["brief", "missing.parley", "-o", "out.xlsx"], "missing.parley"),
        (["duty", "--batch", "missing.csv"], "missing.csv"),
    ],
)
def test_bad_input_exits_with_2_and_says_what_to_do(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    found = capsys.readouterr()
    assert message in found.err
    assert found.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--on", "22/05/2025x"),
        ("--metal", "steel=1.4"),
        ("--metal", "steel=12,5"),
        ("--metal-weight", "2"),
        ("--unit-value", "-3"),
        ("--us-content", "none"),
    ],
)
def test_options_that_cannot_be_read(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["duty", "8703.23.01", "--partner", "KR", "--on", "2025-05-22", f"{option}={value}"]
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "Type" in capsys.readouterr().err


def test_a_batch_answers_each_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text(
        "case_id,hts,partner,entry_on,loaded_on,metal_value_share,facts\n"
        "a,8507.60.00,KR,2025-06-01,,,not_vehicle_part\n"
        "b,8708.99.81,KR,2025-08-18,,steel=0.6,not_vehicle_part\n",
        "utf-8",
    )
    rows = _json(capsys, "duty", "--batch", str(cases))
    assert [row["case_id"] for row in rows] == ["a", "b"]
    assert [row["originating"]["total"] for row in rows] == [pytest.approx(0.10), pytest.approx(0.36)]
    assert len(rows[1]["non_originating"]["components"]) == 2


def test_a_bad_row_of_a_batch_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases.csv"
    cases.write_text("case_id,hts,partner,entry_on\na,8507.60.00,KR,2025-06-01\nb,85,KR,someday\n", "utf-8")
    assert main(["duty", "--batch", str(cases)]) == 2
    assert f"{cases}:3" in capsys.readouterr().err


@pytest.mark.parametrize("by", ["group", "chapter", "measure"])
def test_the_parts_of_an_average_add_up(by: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = _json(capsys, "average", "--partner", "KR", "--on", "2025-05-22", "--by", by)
    duty = sum(row["duty_usd"] for row in data["rows"])
    assert duty == pytest.approx(data["total"] * data["rated_value_usd"], rel=1e-12)
    if by != "measure":
        assert sum(row["value_usd"] for row in data["rows"]) == pytest.approx(data["base_value_usd"], rel=1e-15)


def test_facts_may_be_listed_or_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    """Proclamation 11020: a company of Annex III pays from 31 July 2026, so both facts count."""
    question = ("duty", "3004909210", "--partner", "KR", "--on", "2026-08-01")
    listed = _json(capsys, *question, "--fact", "patented_medicine", "annex_iii_company")
    repeated = _json(capsys, *question, "--fact", "patented_medicine", "--fact", "annex_iii_company")
    assert listed["non_originating"]["total"] == repeated["non_originating"]["total"] == 0.15
