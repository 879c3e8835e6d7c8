"""`parley changes`: two known days, or two days of entry, side by side; exit code 2 for what cannot be compared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.cli import main

MAY_TO_JULY = ("--known-from", "2025-05-22", "--known-to", "2025-07-08", "--on", "2025-07-20")


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["changes", "--partner", "KR", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def _average(capsys: pytest.CaptureFixture[str], on: str, known: str) -> float:
    assert main(["average", "--partner", "KR", "--on", on, "--known", known, "--json"]) == 0
    return float(json.loads(capsys.readouterr().out)["total"])


def test_two_known_days_for_one_day_of_entry(capsys: pytest.CaptureFixture[str]) -> None:
    """EO 14316 and Proclamation 10947 against the law of 22 May; both averages are those of `parley average`."""
    data = _json(capsys, *MAY_TO_JULY)
    assert (data["before"]["on"], data["before"]["known"]) == ("2025-07-20", "2025-05-22")
    assert (data["after"]["on"], data["after"]["known"]) == ("2025-07-20", "2025-07-08")
    assert data["before"]["total"] == pytest.approx(_average(capsys, "2025-07-20", "2025-05-22"), rel=1e-12)
    assert data["after"]["total"] == pytest.approx(_average(capsys, "2025-07-20", "2025-07-08"), rel=1e-12)
    assert data["change"]["total"] == pytest.approx(data["after"]["total"] - data["before"]["total"], rel=1e-12)
    by_id = {each["id"]: each for each in data["instruments"]}
    assert {"EO-14316", "Proc-10947"} <= set(by_id)
    assert by_id["Proc-10947"]["citation"] == "Proclamation 10947, 90 FR 24199"
    assert by_id["EO-14309"]["outcome"] == "nothing"
    assert by_id["Letter-KR-2025-07-07"]["outcome"] == "announces"
    (pause,) = (e for e in by_id["EO-14316"]["effects"] if e["measure"] == "ieepa_pause_10")
    assert pause["fields"] == {"to": {"before": "2025-07-09", "after": "2025-08-01"}}


@pytest.mark.parametrize("by", ["group", "line"])
def test_rows_and_parts_add_up(by: str, capsys: pytest.CaptureFixture[str]) -> None:
    data = _json(capsys, *MAY_TO_JULY, "--by", by)
    whole = data["change"]["duty_usd"]
    assert data["by"] == by
    assert sum(row["change_usd"] for row in data["rows"]) == pytest.approx(whole, rel=1e-12)
    assert sum(part["change_usd"] for part in data["parts"]) == pytest.approx(whole, rel=1e-12)
    assert data["parts"][0]["title"] == "Column 1"
    listed = sum(row["value_usd"] for row in data["rows"])
    rest = data["same"]["value_usd"] + data["no_number"]["value_usd"]
    assert listed + rest == pytest.approx(data["base_value_usd"], rel=1e-12)


def test_a_row_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    rows = {row["key"]: row for row in _json(capsys, *MAY_TO_JULY, "--by", "line")["rows"]}
    (why,) = rows["73061910"]["why"]
    assert (why["before"]["measure"], why["after"]["measure"]) == ("steel_25", "steel_50")
    assert (why["before"]["rate"], why["after"]["rate"], why["after"]["kind"]) == (0.25, 0.5, "content")
    assert why["instruments"] == ["Proc-10947"]
    assert "Proclamation 10947" in why["citation"]


def test_without_a_day_each_side_shows_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Copper joins on 1 August 2025 by Proclamation 10962."""
    data = _json(capsys, "--known-from", "2025-07-31", "--known-to", "2025-08-01")
    assert (data["before"]["on"], data["after"]["on"]) == ("2025-07-31", "2025-08-01")
    (day,) = data["events"]
    assert day["date"] == "2025-08-01"
    assert "copper_50" in {cause["measure"] for cause in day["causes"]}
    assert data["instruments"] == []


def test_two_days_of_entry(capsys: pytest.CaptureFixture[str]) -> None:
    days = (
        "--known-from",
        "2025-05-22",
        "--known-to",
        "2025-05-22",
        "--on-from",
        "2025-05-22",
        "--on-to",
        "2025-07-09",
    )
    data = _json(capsys, *days)
    assert (data["before"]["on"], data["after"]["on"]) == ("2025-05-22", "2025-07-09")
    assert data["change"]["duty_usd"] > 0


def test_goods_without_a_number_have_none(capsys: pytest.CaptureFixture[str]) -> None:
    """From 4 December 2026 the pack lacks the annexes of the polysilicon duty."""
    data = _json(
        capsys, "--known-from", "2026-08-20", "--known-to", "2026-08-20",
        "--on-from", "2026-08-20", "--on-to", "2026-12-10", "--by", "line",
    )  # fmt: skip
    (cell,) = (row for row in data["rows"] if row["key"] == "85414200")
    assert cell["before"] == pytest.approx(0.125)
    assert (cell["after"], cell["change"], cell["change_usd"]) == (None, None, None)
    assert data["number_on_one_side_only_usd"] > 0
    assert any("polysilicon" in note for note in data["notes"])


def test_words_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["changes", "--partner", "kr", *MAY_TO_JULY]
    assert main(arguments) == 0
    english = capsys.readouterr().out
    assert main([*arguments, "--lang", "ko"]) == 0
    korean = capsys.readouterr().out
    assert "Steel, 25 % added → Steel, 50 % on the steel content (Proclamation 10947, 90 FR 24199)" in english
    assert "11 instruments released after 22 May 2025 and up to 8 July 2025" in english
    assert "changes no rate for this partner" in english
    assert "announcement, no instrument" in english
    assert "철강 25% 추가 → 철강 함량 가액에 50% 부과 (포고문 10947호, 90 FR 24199)" in korean


def test_nothing_changes_overnight(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["changes", "--partner", "KR", "--known-from", "2025-05-22", "--known-to", "2025-05-23"]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    assert "no rate changes" in text
    assert "No instrument released" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--partner", "QQ", *MAY_TO_JULY], "QQ"),
        (["--partner", "KR", "--known-from", "2025-07-08", "--known-to", "2025-05-22"], "Exchange"),
        (["--partner", "KR", "--known-from", "2019-07-08", "--known-to", "2025-05-22"], "2019"),
        (["--partner", "KR", "--known-from", "2025-07-08", "--known-to", "2031-05-22"], "2031"),
        (["--partner", "KR", *MAY_TO_JULY[:4], "--on", "2031-01-01"], "2031"),
        (["--partner", "KR", *MAY_TO_JULY[:4], "--on-from", "2025-06-01"], "--on-to"),
        (["--partner", "KR", *MAY_TO_JULY, "--on-from", "2025-06-01", "--on-to", "2025-06-02"], "--on alone"),
    ],
)
def test_bad_input_exits_with_2_and_says_what_to_do(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["changes", *arguments]) == 2
    found = capsys.readouterr()
    assert message in found.err
    assert found.out == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--partner", "KR", "--known-from", "2025-05-22"],
        ["--known-from", "2025-05-22", "--known-to", "2025-07-08"],
        ["--partner", "KR", "--known-from", "7/8/2025", "--known-to", "2025-07-08"],
        ["--partner", "KR", *MAY_TO_JULY, "--by", "chapter"],
    ],
)
def test_options_that_are_missing_or_cannot_be_read(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["changes", *arguments])
    assert stopped.value.code == 2
    assert capsys.readouterr().err
