"""Decimal marks, codes and columns: what is settled by the cells, and what the user has to say."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.imports import fields
from core.imports.cleaning import cleaned, looks_like_formula
from core.imports.codes import read_code
from core.imports.columns import Remembered, guess_columns, guess_header, headings, signature
from core.imports.numbers import Mark, parse, parse_percent, survey
from core.imports.reading import read
from core.imports.sheet import Number
from core.imports.suggestion import guess_unit, look_at_numbers, suggest


class TestDecimalMark:
    @pytest.mark.parametrize(
        ("text", "point", "comma"),
        [
            ("1,234", "1234", "1.234"),
            ("1.234", "1.234", "1234"),
            ("12,5", None, "12.5"),
            ("12.5", "12.5", None),
            ("0,125", None, "0.125"),
            ("1,234,567.5", "1234567.5", None),
            ("1.234.567,5", None, "1234567.5"),
            ("1 234,5", None, "1234.5"),
            ("US$ 2,000", "2000", "2.000"),
            ("(15)", "-15", "-15"),
            ("−3", "-3", "-3"),
            ("１２", "12", "12"),
            ("12 34", None, None),
            ("1,23,456", None, None),
            ("n/a", None, None),
        ],
    )
    def test_each_reading_by_hand(self, text: str, point: str | None, comma: str | None) -> None:
        for mark, expected in ((Mark.POINT, point), (Mark.COMMA, comma)):
            if expected is None:
                with pytest.raises(InputError):
                    parse(text, mark)
            else:
                assert parse(text, mark) == Decimal(expected)

    @given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from(list(Mark)))
    def test_a_number_written_with_a_mark_is_read_back_with_it(self, number: Decimal, mark: Mark) -> None:
        text = f"{number:,.3f}"
        if mark is Mark.COMMA:
            text = text.translate(str.maketrans(",.", ".,"))
        assert parse(text, mark) == number

    def test_other_cells_settle_what_one_leaves_open(self) -> None:
        assert not survey(["1,234", "15"]).is_settled
        found = survey(["1,234", "15", "2,5"])
        assert (found.mark, found.is_settled) == (Mark.COMMA, True)
        assert [both.as_point for both in found.examples] == [Decimal(1234)]
        assert survey(["1,234", "1234.5"]).mark is Mark.POINT
        assert survey(["12", "x", ""]).is_settled

    def test_a_number_of_a_workbook_is_never_in_doubt(self) -> None:
        assert survey([Number("1.234")]).is_settled
        assert parse(Number("1.234"), Mark.COMMA) == Decimal("1.234")

    def test_per_cent_with_and_without_its_sign(self) -> None:
        assert parse_percent("12,5 %", Mark.COMMA) == parse_percent("12,5", Mark.COMMA) == Decimal("0.125")
        assert parse_percent(Number("25%"), Mark.COMMA) == Decimal("0.25")

    def test_a_sign_of_per_cent_is_no_part_of_a_value(self) -> None:
        with pytest.raises(InputError):
            parse("10%", Mark.POINT)

    def test_formulas_are_named_and_not_worked_out(self) -> None:
        with pytest.raises(InputError, match="formula"):
            parse("=1+1", Mark.POINT)


class TestCodes:
    @pytest.mark.parametrize(
        ("text", "digits"),
        [
            ("8703.23.01", "87032301"),
            ("8703.23.0190", "8703230190"),
            ("8703-23-0190", "8703230190"),
            ('="0101210010"', "0101210010"),
            ("'0101", "0101"),
            (Number("8703230190.0"), "8703230190"),
            ("８７０３", "8703"),
        ],
    )
    def test_as_people_and_programs_write_them(self, text: str, digits: str) -> None:
        found = read_code(text, restore=False)
        assert (found.digits, found.restored) == (digits, False)

    @pytest.mark.parametrize(
        ("text", "digits"),
        [("1012100", "01012100"), ("101210010", "0101210010"), ("101.21.00", "01012100"), ("101", "0101")],
    )
    def test_leading_zeros_come_back_on_request_only(self, text: str, digits: str) -> None:
        assert read_code(text, restore=True).digits == digits
        assert read_code(text, restore=True).restored
        with pytest.raises(InputError, match="leading zero"):
            read_code(text, restore=False)

    @pytest.mark.parametrize("text", ["8703.2", Number("8703.2"), "8703.23.0", "8.70323E+09", "99", "7701", "x", ""])
    def test_what_cannot_be_told_is_refused(self, text: str) -> None:
        """8703.2 may have been 8703.20: a zero at the end is not guessed."""
        with pytest.raises(InputError):
            read_code(text, restore=True)


class TestColumns:
    def test_korean_and_english_headings(self) -> None:
        korean = ("순번", "품목번호", "품명", "금액(천달러)", "연도")
        assert guess_columns(korean, fields.TRADE) == {"code": 1, "value": 3, "year": 4}
        english = ("HTS Number", "Description", "Customs Value", "Calculated Duties")
        assert guess_columns(english, fields.TRADE) == {"code": 0, "value": 2, "duty": 3}
        rates = ("관세", "품목군", "세율(%)", "부과 방식", "시행일", "종료일", "비고")
        assert list(guess_columns(rates, fields.RATES)) == ["duty", "goods", "rate", "form", "start", "until", "note"]
        barriers = ("과제", "진행상황", "우리측 입장", "Position", "협상 한계선", "마감일")
        assert guess_columns(barriers, fields.BARRIERS) == {
            "barrier": 0, "state": 1, "position_ko": 2, "position_en": 3, "red_line_ko": 4, "due": 5,
        }  # fmt: skip

    def test_headings_below_a_title(self) -> None:
        sheet = read("대미 수출\n\n품목번호,금액\n0101,1\n".encode(), "t").sheet
        assert guess_header(sheet, fields.TRADE) == 1
        assert headings(sheet, 1) == ("품목번호", "금액")

    def test_a_column_without_a_heading_goes_by_its_letter(self) -> None:
        sheet = read(b"code,,value\n0101,x,1\n", "t").sheet
        assert headings(sheet, 0) == ("code", "Column B", "value")

    def test_a_mapping_is_remembered_for_the_same_headings(self) -> None:
        class Kept(dict[str, Remembered]):
            recall = dict.get
            remember = dict.__setitem__

        memory, sheet = Kept(), read(b"a,b,c\n1,0101,2\n", "t").sheet
        assert not suggest("trade", fields.TRADE, sheet, memory).columns
        memory.remember(signature("trade", ("A", " b ", "c")), Remembered({"code": 1, "value": 2, "gone": 9}))
        found = suggest("trade", fields.TRADE, sheet, memory)
        assert found.columns == {"code": 1, "value": 2}
        assert not suggest("rates", fields.RATES, sheet, memory).columns, "another purpose"

    def test_units_and_lost_zeros_are_seen(self) -> None:
        sheet = read("세번,금액(천달러)\n101210010,1\n8703230190,2\n".encode(), "t").sheet
        view = look_at_numbers(fields.TRADE, sheet, 0, {"code": 0, "value": 1})
        assert (view.unit, view.lacking, view.lacking_example) == (1000, 1, "101210010")
        assert [guess_unit(text) for text in ("Value, US$ m", "금액(백만불)", "Value (US$)")] == [
            1_000_000,
            1_000_000,
            1,
        ]


@given(st.text(max_size=40))
def test_a_cell_is_cleaned_once_and_for_all(text: str) -> None:
    """What comes out can be saved, and cleaning it again changes nothing but a mark against formulas."""
    once = cleaned(text)
    once.encode("utf-8")
    assert "\0" not in once
    assert cleaned(once) in (once, once[1:])


FORMULAS = {"=A1": True, "@SUM(A1)": True, "-cmd|x": True, "- our point": False, "-5": False, "+82-2-123": False}


@pytest.mark.parametrize(("text", "is_one"), FORMULAS.items())
def test_what_a_spreadsheet_would_work_out(text: str, is_one: bool) -> None:
    assert looks_like_formula(text) is is_one
