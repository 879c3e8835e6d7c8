"""Import from briefing: each change is shown, chosen with mouse or keyboard, and applied as one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import edits
from core.briefing.lock import locked
from core.case import BarrierState, Case
from gui import theme
from gui.app import App
from gui.comeback import dialog as comeback_dialog
from gui.comeback.dialog import ComebackDialog
from gui.session import Session
from tests.comeback import BEEF, Delegate, change_row, sample_case, written
from tests.gui.cases import StillSession

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

RATE = change_row(1)
LONG = "Only together with the quota on rice.\nNever alone."
Opens = Callable[..., ComebackDialog]


@pytest.fixture(scope="module")
def case() -> Case:
    return sample_case()


@pytest.fixture(scope="module")
def workbook(case: Case) -> bytes:
    return written(case)


@pytest.fixture(scope="module")
def changed(workbook: bytes) -> bytes:
    """Two answers on beef, a rate, and a rate that cannot be."""
    delegate = Delegate.opens(workbook).types(BEEF, "state", "Agreed").types(BEEF, "position", LONG)
    return delegate.types(RATE, "rate", 0.15).types(change_row(4), "rate", 40).saves()


@pytest.fixture
def opens(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[Opens]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made: list[tuple[ComebackDialog, Session]] = []

    def opened(case: Case, data: bytes) -> ComebackDialog:
        path = tmp_path / "돌아온 것.xlsx"
        path.write_bytes(data)
        session = StillSession(case)
        dialog = ComebackDialog(session, path)
        qtbot.addWidget(dialog)
        made.append((dialog, session))
        dialog.show()
        with qtbot.waitSignal(dialog._job.ended):
            pass
        return dialog

    yield opened
    for dialog, session in made:
        dialog.close()
        session.close()


def row(dialog: ComebackDialog, what: str) -> list[str]:
    """The cells of the first row about this."""
    model = dialog.table.model
    for place in range(model.rowCount()):
        texts = [model.text(place, column) for column in range(model.columnCount())]
        if what in texts[1]:
            return texts
    raise AssertionError(what)


class TestPreview:
    def test_each_change_with_both_values_and_its_cell(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(case, changed)
        choice, _what, now, book, where = row(dialog, "Beef: 30-month age limit: State")
        assert ("workbook" in choice, now, book) == (True, "Explained", "Agreed")
        assert where.startswith("Barrier checklist!H")
        assert row(dialog, "B 1 · rate set")[2:4] == ["12.5\N{NO-BREAK SPACE}%", "15\N{NO-BREAK SPACE}%"]
        assert "3 changes" in dialog.message.text()
        assert dialog.apply_button.text() == "Apply 3 changes"

    def test_long_texts_stand_whole_below(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(case, changed)
        dialog.table.select_key("2")
        assert dialog.after.toPlainText() == LONG
        assert dialog.before.toPlainText() == "Explain.\nThen wait."
        assert "Korean" in dialog.about.text()

    def test_what_was_not_read(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(case, changed)
        assert dialog.findings_head.text() == "Not read: 1"
        assert "Rate scenarios!F" in dialog.findings.toPlainText()
        assert "1000 %" in dialog.findings.toPlainText()

    def test_an_untouched_workbook(self, opens: Opens, case: Case, workbook: bytes) -> None:
        dialog = opens(case, workbook)
        assert "Nothing to bring back" in dialog.message.text()
        assert not dialog.table.isVisible()
        assert not dialog.findings.isVisible()
        assert not dialog.apply_button.isEnabled()

    def test_another_case(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(replace(case, id="another"), changed)
        assert "another case" in dialog.findings.toPlainText()
        assert not dialog.apply_button.isEnabled()

    def test_what_is_no_workbook(self, opens: Opens, case: Case) -> None:
        dialog = opens(case, b"hello")
        assert "돌아온 것.xlsx" in dialog.message.text()
        assert not dialog.apply_button.isEnabled()


class TestChoosing:
    def test_space_and_enter_turn_the_choice_over(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(case, changed)
        view = dialog.table.view
        assert view.hasFocus() or dialog.table.current_key() == "0"
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            QTest.keyClick(view, key)
            assert dialog.taken == ({1, 2} if key == Qt.Key.Key_Space else {0, 1, 2})
        QTest.keyClick(view, Qt.Key.Key_Down)
        QTest.keyClick(view, Qt.Key.Key_Space)
        assert dialog.taken == {0, 2}
        assert dialog.keep.isChecked()
        assert dialog.apply_button.text() == "Apply 2 changes"

    def test_the_two_choices_below_the_table(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(case, changed)
        dialog.table.select_key("1")
        dialog.keep.click()
        assert dialog.taken == {0, 2}
        assert "case" in row(dialog, "Beef: 30-month age limit: State")[0]
        dialog.take.click()
        assert dialog.taken == {0, 1, 2}

    def test_a_conflict_keeps_the_cases_value_until_chosen(self, opens: Opens, case: Case, changed: bytes) -> None:
        now = edits.set_barrier(case, "beef-30m", state=BarrierState.RAISED)
        dialog = opens(now, changed)
        assert dialog.taken == {0, 2}
        assert "1 of them changed in the case as well" in dialog.message.text()
        assert "The case was changed after" in dialog.note.text
        dialog.table.select_key("1")
        assert "both sides" in dialog.about.text()
        assert dialog.keep.isChecked()
        dialog.take.click()
        dialog.apply()
        assert dialog._session.case.barrier("beef-30m").state is BarrierState.AGREED

    def test_nothing_chosen_nothing_to_apply(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(case, changed)
        for key in ("0", "1", "2"):
            dialog.table.select_key(key)
            dialog.toggle()
        assert not dialog.apply_button.isEnabled()


class TestApplying:
    def test_is_one_step_of_undo_with_an_entry_in_the_history(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(case, changed)
        session = dialog._session
        dialog.apply_button.click()
        assert dialog.result() == ComebackDialog.DialogCode.Accepted
        assert session.undo_stack.count() == 1
        assert session.case.barrier("beef-30m").state is BarrierState.AGREED
        assert session.case.barrier("beef-30m").position.ko == "설명"
        assert str(session.case.scenarios[1].changes[0].rate) == "0.15"
        assert session.case.history[-1].what == "Import from briefing 돌아온 것.xlsx"
        session.undo_stack.undo()
        assert session.case is case

    def test_cancel_leaves_all(self, opens: Opens, case: Case, changed: bytes) -> None:
        dialog = opens(case, changed)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        assert dialog._session.case is case
        assert dialog._session.undo_stack.count() == 0

    def test_what_cannot_stand_together_is_said_and_nothing_applied(
        self, opens: Opens, case: Case, workbook: bytes
    ) -> None:
        """The new start is after the old end, which would stay."""
        delegate = (
            Delegate.opens(workbook).types(RATE, "start", date(2025, 10, 1)).types(RATE, "until", date(2025, 12, 1))
        )
        dialog = opens(case, delegate.saves())
        dialog.table.select_key("1")
        dialog.keep.click()
        dialog.apply()
        assert "before it starts" in dialog.message.text()
        assert dialog.isVisible()
        assert dialog._session.case is case
        dialog.take.click()
        dialog.apply()
        assert dialog._session.case.scenarios[1].changes[0].start == date(2025, 10, 1)


class TestPassword:
    def test_is_asked_for_and_a_wrong_one_asked_again(
        self, opens: Opens, qtbot: QtBot, case: Case, changed: bytes
    ) -> None:
        dialog = opens(case, locked(changed, "참깨 1"))
        assert dialog._lock.isVisible()
        assert "password" in dialog.message.text()
        for typed, words in (("참깨 2", "wrong"), ("참깨 1", "3 changes")):
            dialog.password.line.setText(typed)
            with qtbot.waitSignal(dialog._job.ended):
                QTest.keyClick(dialog.password.line, Qt.Key.Key_Return)
            assert words in dialog.message.text()
        assert not dialog._lock.isVisible()
        assert dialog.password.text == ""


def test_the_file_menu_asks_for_the_workbook_and_opens_the_dialog(
    qapp: QApplication, qtbot: QtBot, case: Case, changed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seen = tmp_path / "back.xlsx", list[str]()
    path.write_bytes(changed)

    def run(dialog: ComebackDialog) -> int:
        with qtbot.waitSignal(dialog._job.ended):
            pass
        seen.append(dialog.message.text())
        dialog.apply()
        return 1

    monkeypatch.setattr(comeback_dialog, "ask_workbook", lambda _parent: path)
    monkeypatch.setattr(ComebackDialog, "exec", run)
    theme.apply(qapp, theme.Mode.LIGHT)
    session = StillSession(case)
    app = App(qapp, session)
    action = next(
        action
        for action in app.window.menus.file.actions()
        if "riefing…" in action.text() and "Import" in action.text()
    )
    action.trigger()
    assert "3 changes" in seen[0]
    assert session.case.barrier("beef-30m").state is BarrierState.AGREED
    monkeypatch.setattr(comeback_dialog, "ask_workbook", lambda _parent: None)
    action.trigger()
    assert len(seen) == 1
    app.window.dispose()
    session.close()
