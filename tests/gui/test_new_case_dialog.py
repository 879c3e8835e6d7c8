"""A new case for any partner and day."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import i18n
from core.casefile import default_case
from core.engine import evaluate
from core.reference.pack import Pack
from gui import theme
from gui.new_case_dialog import NewCaseDialog


@pytest.fixture
def dialog(qtbot: QtBot, pack: Pack) -> NewCaseDialog:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, theme.Mode.LIGHT)
    found = NewCaseDialog(pack, default_case())
    qtbot.addWidget(found)
    return found


def test_another_partner_and_day(dialog: NewCaseDialog, pack: Pack) -> None:
    dialog.title.setText("Japan, September 2025")
    dialog.partner.setCurrentIndex(dialog.partner.findData("JP"))
    for edit, day in ((dialog.as_of, "2025-09-20"), (dialog.known_to, "2025-09-18")):
        edit.setText(day)
        QTest.keyClick(edit, Qt.Key.Key_Return)
    case = dialog.case()
    assert (case.partner, case.as_of, case.known_to) == ("JP", date(2025, 9, 20), date(2025, 9, 18))
    assert str(case.title) == "Japan, September 2025"
    assert [scenario.letter for scenario in case.scenarios] == ["A"]
    assert not case.barriers
    assert evaluate(case, pack).evaluation("A").average > 0.1


def test_partial_coverage_is_said_before_the_case_is_made(dialog: NewCaseDialog) -> None:
    assert dialog.note.isHidden(), "Korea is complete"
    dialog.partner.setCurrentIndex(dialog.partner.findData("VN"))
    assert not dialog.note.isHidden()
    assert dialog.note.text


def test_a_day_without_law_is_refused(dialog: NewCaseDialog) -> None:
    dialog.as_of.setText("2030-01-01")
    QTest.keyClick(dialog.as_of, Qt.Key.Key_Return)
    assert dialog.as_of.day == default_case().as_of


def test_a_partner_that_is_none_keeps_the_dialog_open(dialog: NewCaseDialog) -> None:
    dialog.partner.setEditText("Atlantis")
    dialog.accept()
    assert not dialog.result()
    assert "Atlantis" in dialog.note.text


def test_partners_are_named_in_korean(qtbot: QtBot, pack: Pack) -> None:
    i18n.set_language("ko")
    found = NewCaseDialog(pack, default_case())
    qtbot.addWidget(found)
    assert "한국 (KR)" in [found.partner.itemText(place) for place in range(found.partner.count())]
