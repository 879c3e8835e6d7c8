"""The Rate scenarios tab: typing into cells, the panel, the chart; showing never edits."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import edits
from core.case import RateForm, SetRate
from core.casefile import default_case
from gui import theme
from gui.number_edit import RateCellEdit
from gui.session import Session
from gui.tabs.rates import RatesTab
from gui.tabs.rates_model import RowKind
from tests.gui.cases import pack

REPAINTS = 300
NOISE = 100  # references to None that come and go elsewhere
DAY = date(2025, 8, 1)


@pytest.fixture
def session(qapp: QApplication, qtbot: QtBot) -> Iterator[Session]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = Session(edits.set_as_of(default_case(), DAY), pack())
    with qtbot.waitSignal(made.results_changed):
        made.start()
    yield made
    made.close()


@pytest.fixture
def tab(session: Session, qtbot: QtBot) -> RatesTab:
    made = RatesTab(session, None)
    qtbot.addWidget(made)
    made.resize(1440, 760)
    with qtbot.waitExposed(made):
        made.show()
    return made


def cell(tab: RatesTab, duty: str, letter: str) -> QModelIndex:
    rows = [row for row in range(tab.model.rowCount()) if tab.model.row(row).duty == duty]
    return tab.model.index(rows[0], tab.model.column_of(letter))


def type_into(tab: RatesTab, qtbot: QtBot, index: QModelIndex, text: str) -> RateCellEdit:
    """Open the editor, type, press Enter."""
    tab.view.setCurrentIndex(index)
    tab.view.edit(index)
    editor = tab.view.findChild(RateCellEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    return editor


def test_the_model_keeps_its_promises(tab: RatesTab, session: Session) -> None:
    tester = QAbstractItemModelTester(tab.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    tab.refresh()
    assert tester.model() is tab.model


def test_rates_of_the_first_of_august(tab: RatesTab) -> None:
    """Executive Order 14257, Annex I: 25 % for Korea; Proclamation 10908: 25 % on cars."""
    assert cell(tab, "reciprocal", "A").data() == "25.0"
    assert cell(tab, "reciprocal", "B").data() == "10.0"
    assert cell(tab, "autos", "A").data() == "25.0"
    assert cell(tab, "autos", "C").data() == "total 15.0"
    assert cell(tab, "autos", "D").data() == "0.0"


def test_a_typed_rate_becomes_one_edit(tab: RatesTab, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.results_changed):
        type_into(tab, qtbot, cell(tab, "steel", "B"), "12.5")
    assert session.undo_stack.count() == 1
    change = session.case.scenario("B").changes[-1]
    assert isinstance(change, SetRate)
    assert (change.duty, change.rate, change.start) == ("steel", Decimal("0.125"), DAY)
    assert cell(tab, "steel", "B").data() == "12.5"


def test_an_ambiguous_rate_is_refused_at_the_cell(tab: RatesTab, session: Session, qtbot: QtBot) -> None:
    """12,5 typed into a cell must neither become 125 nor vanish."""
    before = session.case
    editor = type_into(tab, qtbot, cell(tab, "steel", "D"), "12,5")
    assert editor.is_refused
    assert "12,5" in editor.refusal_text
    assert "0.0" in editor.refusal_text
    assert editor.text() == "12,5"
    assert session.case is before
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert session.case is before


def test_typing_over_a_total_keeps_it_a_total(tab: RatesTab, session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.results_changed):
        type_into(tab, qtbot, cell(tab, "autos", "C"), "12")
    governing = edits.governing_change(session.case.scenario("C"), "autos", DAY)
    assert governing is not None
    change = session.case.scenario("C").changes[governing]
    assert isinstance(change, SetRate)
    assert (change.rate, change.form) == (Decimal("0.12"), RateForm.TOTAL)


def test_delete_returns_to_the_law(tab: RatesTab, session: Session, qtbot: QtBot) -> None:
    tab.view.setCurrentIndex(cell(tab, "autos", "C"))
    with qtbot.waitSignal(session.results_changed):
        qtbot.keyClick(tab.view, Qt.Key.Key_Delete)
    assert cell(tab, "autos", "C").data() == "25.0"
    assert edits.governing_change(session.case.scenario("C"), "autos", DAY) is None


def test_the_law_cannot_be_typed_over(tab: RatesTab, session: Session, qtbot: QtBot) -> None:
    before = session.case
    tab.view.setCurrentIndex(cell(tab, "autos", "A"))
    qtbot.keyClicks(tab.view, "5")
    qtbot.keyClick(tab.view, Qt.Key.Key_Delete)
    assert session.case is before
    assert tab.refusal.isVisible()
    assert "law" in tab.refusal.text


def test_showing_never_edits(tab: RatesTab, session: Session, qtbot: QtBot) -> None:
    """A tab that wrote back what it was filled with fired saves by itself."""
    with qtbot.assertNotEmitted(session.case_changed):
        for letter in ("A", "C", "D", "B"):
            session.select_scenario(letter)
            tab.refresh()
    assert session.undo_stack.count() == 0


def test_everything_can_be_undone(tab: RatesTab, session: Session, qtbot: QtBot) -> None:
    first = session.case
    session.select_scenario("C")
    tab.panel.name_typed.emit("Fifteen")
    tab.panel.changes.move_wanted.emit(0, 1)
    tab.panel.changes.remove_wanted.emit(0)
    tab.panel.duplicate_wanted.emit()
    tab.panel.delete_wanted.emit()
    tab.new_button.click()
    tab.chart.day_chosen.emit(date(2025, 7, 9))
    tab.column_1.setCurrentIndex(1)
    tab.column_1.activated.emit(1)
    assert session.undo_stack.count() == 8
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert session.case is first
    qtbot.waitUntil(lambda: session.is_current)
    assert tab.view.currentIndex().isValid()


def test_numbers_that_arrive_do_not_disturb_typing(tab: RatesTab, session: Session, qtbot: QtBot) -> None:
    index = cell(tab, "steel", "C")
    tab.view.setCurrentIndex(index)
    tab.view.edit(index)
    editor = tab.view.findChild(RateCellEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "7.5")
    tab.refresh()
    assert editor.text() == "7.5"
    assert editor.isVisible()


def test_the_pause_is_shown_as_ten_in_force_and_fifteen_suspended(
    tab: RatesTab, session: Session, qtbot: QtBot
) -> None:
    """Executive Order 14266: the 25 % is suspended to 9 July, 10 % is charged meanwhile."""
    with qtbot.waitSignal(session.results_changed):
        session.apply("Day", edits.set_as_of(session.case, date(2025, 5, 22)))
    assert tab.suspension.isVisibleTo(tab)
    assert "25 = 10 in force + 15 suspended until 9 July" in tab.suspension.accessibleName()
    assert cell(tab, "reciprocal", "A").data() == "25 from 9 July 10.0"


def test_the_summary_rows_add_up_as_displayed(tab: RatesTab, session: Session) -> None:
    rows = {tab.model.row(place).kind: tab.model.row(place) for place in range(tab.model.rowCount())}
    duties = [float(view.text) for view in rows[RowKind.DUTY_TOTAL].cells]
    change = float(rows[RowKind.CHANGE].cells[2].text.replace("\N{MINUS SIGN}", "-"))
    assert change == pytest.approx(duties[2] - duties[0], abs=0.011)
    assert rows[RowKind.CHANGE].cells[0].text == "\N{EN DASH}"


def test_arrow_keys_read_the_chart_day_by_day(tab: RatesTab, qtbot: QtBot) -> None:
    qtbot.keyClick(tab.chart, Qt.Key.Key_Left)
    assert tab.chart.cursor_day == date(2025, 7, 9)
    assert "9 July 2025" in tab.value_line.text()
    assert "A 19.79" in tab.value_line.text()
    assert tab.chart.accessibleDescription().startswith("9 July 2025")
    with qtbot.waitSignal(tab.chart.day_chosen) as chosen:
        qtbot.keyClick(tab.chart, Qt.Key.Key_Return)
    assert chosen.args == [date(2025, 7, 9)]


def test_the_chart_copies_its_data(tab: RatesTab) -> None:
    lines = tab.chart.data_text().splitlines()
    assert lines[0].split("\t")[1] == "A Law as it stands, %"
    assert any(line.startswith("2025-04-09\t") for line in lines)


def test_repainting_the_table_loses_no_reference_to_none(tab: RatesTab) -> None:
    before = sys.getrefcount(None)
    for _repaint in range(REPAINTS):
        tab.view.viewport().repaint()
    assert before - sys.getrefcount(None) < NOISE
