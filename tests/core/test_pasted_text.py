"""What Parley puts on the clipboard, as a spreadsheet takes it: in it a cell beginning with = + - @ is worked out."""

from __future__ import annotations

import pytest

from core.pasted_text import pasteable


@pytest.mark.parametrize(
    "text", ["=1+1", "+SUM(A1)", "@cmd", "-2+3+cmd|' /C calc'!D2", "- cmd|' /C calc'!A0: ends", "＝1+1", "-a", "--1"]
)
def test_no_cell_begins_as_a_formula(text: str) -> None:
    assert pasteable(text) == f" {text}"
    assert pasteable(f"Cars\t{text}\nRice\r\n{text}") == f"Cars\t {text}\nRice\r\n {text}"


@pytest.mark.parametrize(
    "text", ["", "-0.7", "+25.0", "-1,234.5", "-12 %", "-5\t+3%", "8703.23", "Rice\n\nBeef", " =1"]
)
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert pasteable(text) == text
