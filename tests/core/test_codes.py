"""Tariff codes as typed."""

from __future__ import annotations

import pytest

from core.codes import format_code, parse_code, resolve_statistical
from core.errors import InputError


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("8703.23.01", "87032301"),
        ("7326.90.8688", "7326908688"),
        ("8703.23.01.70", "8703230170"),
        ("87032301", "87032301"),
        ("87", "87"),
        ("8703", "8703"),
        (" 8703.23 ", "870323"),
        ("0101.21.00", "01012100"),
        ("８７０３．２３", "870323"),
    ],
)
def test_code_is_taken_in_every_usual_spelling(typed: str, digits: str) -> None:
    assert parse_code(typed) == digits


@pytest.mark.parametrize(
    "typed",
    ["", "8", "870", "8703230", "87032301701", "8703.2301x", "87,03", "00", "0001", "7701", "98", "87.03",
     "9903.01.25", "8703.2.301", "8703..23", "870323.", "-8703", "²2"],
)  # fmt: skip
def test_anything_else_is_refused_with_its_own_text(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_code(typed)
    assert f"'{typed}'" in str(caught.value)
    assert caught.value.why
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("digits", "written"),
    [("87", "87"), ("8703", "8703"), ("870323", "8703.23"), ("87032301", "8703.23.01"),
     ("8703230170", "8703.23.0170")],
)  # fmt: skip
def test_code_is_shown_as_the_us_schedule_prints_it(digits: str, written: str) -> None:
    assert format_code(digits) == written
    assert parse_code(written) == digits


def test_padded_code_stands_for_its_line_only_without_a_statistical_line_of_its_own() -> None:
    """Lists in legal texts pad eight digits with 00; 7108.13.5500 is a statistical line that ends so."""
    statistical = frozenset({"7108135500"})
    assert resolve_statistical("2841800000", statistical) == "28418000"
    assert resolve_statistical("7108135500", statistical) == "7108135500"
    assert resolve_statistical("8471300110", statistical) == "8471300110"
