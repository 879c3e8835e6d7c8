"""Typed rates: what can be read two ways is refused at the place, and the old value stays."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.case import RateForm
from core.errors import InputError
from core.quantities import parse_rate
from gui.number_edit import FieldEdit, parse_typed_rate


@pytest.mark.parametrize(
    ("text", "form", "expected"),
    [
        ("12.5", RateForm.ADDED, (Decimal("0.125"), RateForm.ADDED)),
        ("15", RateForm.TOTAL, (Decimal("0.15"), RateForm.TOTAL)),
        ("total 15", RateForm.ADDED, (Decimal("0.15"), RateForm.TOTAL)),
        ("15 % total", RateForm.ADDED, (Decimal("0.15"), RateForm.TOTAL)),
        ("+10", RateForm.TOTAL, (Decimal("0.1"), RateForm.ADDED)),
    ],
)
def test_a_word_before_the_rate_says_what_it_means(
    text: str, form: RateForm, expected: tuple[Decimal, RateForm]
) -> None:
    assert parse_typed_rate(text, form) == expected


@pytest.mark.parametrize("text", ["12,5", "1,25", "-3", "1001", "abc", "", "total", "total 12,5"])
def test_what_is_ambiguous_or_impossible_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_typed_rate(text, RateForm.ADDED)


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[FieldEdit]:
    page = QWidget()
    page.resize(400, 200)
    made = FieldEdit(parse_rate, "10", page)
    qtbot.addWidget(page)
    page.show()
    made.setFocus()
    yield made
    page.close()


def test_a_refused_text_stays_with_its_reason(field: FieldEdit, qtbot: QtBot) -> None:
    """A box that took 12,5 as 125 would have put the rate up tenfold without a word."""
    with qtbot.assertNotEmitted(field.accepted):
        field.selectAll()
        qtbot.keyClicks(field, "12,5")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.is_refused
    assert "12,5" in field.refusal_text
    assert "12.5" in field.refusal_text
    assert "125" in field.refusal_text
    assert field.text() == "12,5"


def test_escape_brings_the_last_good_text_back(field: FieldEdit, qtbot: QtBot) -> None:
    field.selectAll()
    qtbot.keyClicks(field, "12,5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "10"
    assert not field.is_refused


def test_a_good_text_is_announced_once(field: FieldEdit, qtbot: QtBot) -> None:
    taken: list[Decimal] = []
    field.accepted.connect(taken.append)
    field.selectAll()
    qtbot.keyClicks(field, "12.5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert taken == [Decimal("0.125")]
