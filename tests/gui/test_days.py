"""Days as shown can be typed back, in either language; deadlines are told in the partner's time too."""

from __future__ import annotations

from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from core import i18n
from core.errors import InputError
from core.quantities import format_date
from gui.day_edit import DayEdit, Stop
from gui.days import deadline_text, parse_day

DAY = date(2025, 7, 9)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("month", range(1, 13))
def test_a_day_as_shown_can_be_typed_back(language: str, month: int) -> None:
    i18n.set_language(language)
    day = date(2025, month, 9)
    assert parse_day(format_date(day)) == day


@pytest.mark.parametrize("text", ["2025-07-09", "9 July 2025", "9 jul 2025", "2025. 7. 9.", "2025.7.9"])
def test_known_ways_of_writing_a_day(text: str) -> None:
    assert parse_day(text) == DAY


@pytest.mark.parametrize("text", ["09/07/2025", "31 June 2025", "9 Julember 2025", "2025. 13. 1.", "", "soon"])
def test_other_ways_are_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_day(text)


def test_summer_and_winter_deadlines_in_partner_time() -> None:
    """Seoul keeps one time all year (UTC+9); US Eastern is UTC-4 in July and UTC-5 in January."""
    assert "13:01" in deadline_text(DAY, "KR")
    assert "14:01" in deadline_text(date(2026, 1, 15), "KR")


def test_a_partner_with_several_zones_gets_the_law_time_alone() -> None:
    assert "\n" not in deadline_text(DAY, "BR")


@pytest.fixture
def edit(qtbot: QtBot) -> DayEdit:
    made = DayEdit()
    qtbot.addWidget(made)
    made.show_day(DAY)
    made.set_stops([Stop(date(2025, 5, 3), "parts"), Stop(DAY, "pause ends"), Stop(date(2025, 8, 1), "C")])
    return made


def test_showing_a_day_announces_nothing(edit: DayEdit, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(edit.day_chosen):
        edit.show_day(date(2025, 8, 1))


def test_page_keys_go_to_the_stops(edit: DayEdit, qtbot: QtBot) -> None:
    from PySide6.QtCore import Qt

    chosen: list[date] = []
    edit.day_chosen.connect(chosen.append)
    qtbot.keyClick(edit, Qt.Key.Key_PageDown)
    qtbot.keyClick(edit, Qt.Key.Key_PageUp)
    assert chosen == [date(2025, 8, 1), date(2025, 5, 3)]
