"""Numbers as typed: what can be read two ways is refused. As shown: never blank, never a false minus."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.errors import InputError
from core.quantities import (
    MAX_RATE,
    format_date,
    format_number,
    format_percent,
    format_rate,
    parse_date,
    parse_number,
    parse_rate,
    parse_share,
)
from core.text import LocalText


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12.5", "12.5"),
        (" 12.5 ", "12.5"),
        (".5", "0.5"),
        ("+3", "3"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("1,234.5", "1234.5"),
        ("1 234.5", "1234.5"),
        ("2\u00a0630\u00a0000", "2630000"),
        ("1,234,567", "1234567"),
        ("２５", "25"),
    ],
)
def test_plain_numbers_are_taken(typed: str, number: str) -> None:
    assert parse_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["12,5", "0,125", "1,23,456", "1.234,5", ",5", "12,3456", "1,2345"])
def test_a_comma_that_can_be_read_two_ways_is_refused(typed: str) -> None:
    """`12,5` is 12.5 to one hand and 125 to a careless program."""
    with pytest.raises(InputError, match="can be read two ways"):
        parse_number(typed)


@pytest.mark.parametrize("typed", ["", " ", "x", "1e3", "0x10", "12 5", "1..2", "nan", "inf", "1_000", "=1+1", "--1"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InputError, match="is not a number"):
        parse_number(typed)


def test_the_refusal_offers_both_readings() -> None:
    with pytest.raises(InputError, match=r"Type 12\.5 or 125\."):
        parse_rate("12,5")


class TestRates:
    def test_a_rate_is_typed_in_per_cent(self) -> None:
        assert parse_rate("25") == parse_rate("25 %") == parse_rate("25%") == Decimal("0.25")
        assert parse_rate("1000") == MAX_RATE

    @pytest.mark.parametrize("typed", ["1000.01", "99999"])
    def test_more_than_1000_per_cent_is_refused(self, typed: str) -> None:
        with pytest.raises(InputError, match="above 1000 %"):
            parse_rate(typed)

    def test_a_negative_rate_is_refused(self) -> None:
        with pytest.raises(InputError, match="cannot be negative"):
            parse_rate("-1")

    @pytest.mark.parametrize("typed", ["1,000", "12,5 %", "0,5"])
    def test_every_comma_is_refused(self, typed: str) -> None:
        with pytest.raises(InputError, match="two ways"):
            parse_rate(typed)

    @given(st.decimals(0, 1000, places=4))
    def test_what_is_shown_can_be_typed_again(self, per_cent: Decimal) -> None:
        for language in i18n.LANGUAGES:
            i18n.set_language(language)
            rate = per_cent / 100
            assert abs(parse_rate(format_percent(rate)) - rate) <= Decimal("0.0000501")
            assert abs(parse_rate(format_percent(rate, 4).replace(",", "")) - rate) < Decimal("1e-9")
        i18n.set_language("en")


class TestShares:
    def test_a_share_is_a_fraction_or_per_cent(self) -> None:
        assert parse_share("0.6") == parse_share("60 %") == Decimal("0.6")
        assert parse_share("0") == 0
        assert parse_share("100%") == 1

    @pytest.mark.parametrize("typed", ["60", "1.01", "-0.1", "101 %"])
    def test_outside_0_to_1_is_refused(self, typed: str) -> None:
        with pytest.raises(InputError, match="is not a share"):
            parse_share(typed)

    def test_a_comma_is_refused(self) -> None:
        with pytest.raises(InputError, match="two ways"):
            parse_share("0,6")


@given(st.text(max_size=12))
def test_any_text_gives_a_value_or_a_refusal_with_a_remedy(typed: str) -> None:
    for parse in (parse_number, parse_rate, parse_share, parse_date):
        try:
            answer: object = parse(typed)
        except InputError as refusal:
            answer = refusal.remedy
        assert answer is not None
        assert answer != ""


@given(st.decimals(-(10**12), 10**12, places=3))
def test_a_number_shown_can_be_typed_again(value: Decimal) -> None:
    assert parse_number(format_number(value, 3)) == value


class TestDates:
    @pytest.mark.parametrize(
        "typed",
        ["2025-07-09", "2025-7-9", "2025. 7. 9.", "2025.7.9", "2025/07/09", "9 July 2025", "9 jul 2025"],
    )
    def test_days_that_can_be_read_one_way(self, typed: str) -> None:
        assert parse_date(typed) == date(2025, 7, 9)

    @pytest.mark.parametrize(
        "typed",
        [
            "7/9/2025",
            "09.07.2025",
            "20250709",
            "2025-W28-3",
            "2025-02-30",
            "9 Juli 2025",
            "July",
            "",
            "2025-7.9",
        ],
    )
    def test_everything_else_is_refused(self, typed: str) -> None:
        with pytest.raises(InputError, match="for example 2025-07-09"):
            parse_date(typed)

    @given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
    def test_a_day_shown_can_be_typed_again(self, day: date) -> None:
        for language in i18n.LANGUAGES:
            i18n.set_language(language)
            assert parse_date(format_date(day)) == day
        i18n.set_language("en")


class TestShown:
    def test_numbers(self) -> None:
        assert format_number(1234567.8) == "1,234,568"
        assert format_number(-5.25, 1) == "−5.2"
        assert format_number(5, plus=True) == "+5"
        assert format_number(0, plus=True) == "0"

    def test_a_rounded_zero_has_no_sign(self) -> None:
        assert format_number(-0.04, 1) == "0.0"
        assert format_number(0.04, 1, plus=True) == "0.0"
        assert format_percent(-0.000001) == "0\u00a0%"

    @pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
    def test_a_missing_value_says_so(self, value: float | None) -> None:
        assert format_number(value) == format_rate(value) == format_percent(value) == "n/a"

    def test_rates(self) -> None:
        assert format_rate(0.25) == "25.0"
        assert format_percent(Decimal("0.1525")) == "15.25\u00a0%"
        assert format_percent(Decimal("0.25")) == "25\u00a0%"
        i18n.set_language("ko")
        assert format_percent(Decimal("0.25")) == "25%"

    def test_dates(self) -> None:
        assert format_date(date(2025, 5, 22)) == "22 May 2025"
        assert format_date(date(2025, 7, 9), short=True) == "9 July"
        i18n.set_language("ko")
        assert format_date(date(2025, 5, 22)) == "2025. 5. 22."


class TestLocalText:
    def test_the_other_language_stands_in(self) -> None:
        both = LocalText("Cars", "승용차")
        assert (str(both), both.in_language("ko")) == ("Cars", "승용차")
        assert LocalText("Cars").in_language("ko") == LocalText(ko="Cars").in_language("en") == "Cars"
        i18n.set_language("ko")
        assert str(both) == "승용차"

    def test_replacing_one_language_keeps_the_other(self) -> None:
        assert LocalText("Cars", "차").with_text("ko", "승용차") == LocalText("Cars", "승용차")
        assert LocalText("Cars", "차").with_text("en", "Motor cars") == LocalText("Motor cars", "차")

    def test_an_empty_text_is_false(self) -> None:
        assert not LocalText()
        assert LocalText(ko="차")
