"""The idle lock: when it comes, that nothing of the case is left to see or reach, and that all is back after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMenu, QMessageBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from core import edits
from core.errors import CaseFileError
from core.text import LocalText
from gui import clipboard, dialogs, settings, theme
from gui.briefing_export import BriefingDialog
from gui.idle_lock import IdleLock
from gui.lock_page import Cover, LockPage
from gui.main_window import MainWindow
from tests.gui.answers import answered, press
from tests.gui.cases import StillSession
from tests.gui.test_case_files import PASSWORD, NoShell, key

MARKER = "Our fall-back on beef"
TEN_MINUTES = 600.0


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    QSettings("Parley", "Parley").clear()
    made = StillSession()
    made.replace_case(edits.set_title(made.case, LocalText(en=MARKER, ko=MARKER)), None, key=key())
    yield made
    made.close()


@pytest.fixture
def window(qapp: QApplication, session: StillSession, qtbot: QtBot) -> Iterator[MainWindow]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = MainWindow(session, NoShell())
    with qtbot.waitSignal(made.painted):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: made.isActiveWindow())
    yield made
    made.dispose()


@pytest.fixture
def lock(window: MainWindow) -> IdleLock:
    return window.lock


def page() -> LockPage:
    found = QApplication.activeModalWidget()
    assert isinstance(found, LockPage)
    return found


def unlock(lock: IdleLock, qtbot: QtBot) -> None:
    shown = page()
    shown.password.line.setText(PASSWORD)
    with qtbot.waitSignal(lock.lock_changed):
        shown.button.click()


def texts_to_see() -> list[str]:
    """Whatever any visible widget of the program says, titles included."""
    found = []
    for each in QApplication.allWidgets():
        if each.isVisible():
            found += [each.windowTitle() if each.isWindow() else "", each.toolTip(), each.accessibleName()]
            said = getattr(each, "text", "")  # of a message its labels are looked at
            found.append(said() if callable(said) and not isinstance(each, QMessageBox) else "")
    return [text for text in found if text]


def boxes() -> list[QWidget]:
    """The messages that are up."""
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible()]


def colours_in(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


class TestNothingIsLeft:
    def test_neither_to_see_nor_to_read_aloud(self, window: MainWindow, lock: IdleLock, qtbot: QtBot) -> None:
        assert MARKER in window.windowTitle()
        assert colours_in(window.grab().toImage()) > 20
        lock.lock_now()
        assert not [text for text in texts_to_see() if MARKER in text]
        assert not window.centralWidget().isVisible()
        assert not window.menuBar().isVisible()
        parts = [part for part in window.children() if isinstance(part, QWidget) and part.isVisible()]
        assert {type(part) for part in parts} == {Cover, LockPage}
        assert colours_in(window.grab().toImage()) < 20, "the ground and a lock"
        unlock(lock, qtbot)
        assert MARKER in window.windowTitle()
        assert window.centralWidget().isVisible()
        assert window.menuBar().isVisible()
        assert colours_in(window.grab().toImage()) > 20

    def test_nothing_that_changes_meanwhile_shows(
        self, window: MainWindow, lock: IdleLock, session: StillSession, qtbot: QtBot
    ) -> None:
        """A saving that ends, a calculation that arrives, a message of the session."""
        lock.lock_now()
        session.mark_saved(session.case, Path(f"{MARKER}.parley"), key=key())
        session.failed.emit(CaseFileError(MARKER))
        session.announce(session.results)  # type: ignore[arg-type]  # the fixture has results
        assert not [text for text in texts_to_see() if MARKER in text]
        assert window.windowTitle() == "Parley[*]"
        unlock(lock, qtbot)
        assert window.windowTitle().startswith(f"{MARKER}.parley")

    def test_no_key_reaches_the_case(
        self, window: MainWindow, lock: IdleLock, session: StillSession, qtbot: QtBot
    ) -> None:
        session.apply("Note", edits.set_title(session.case, LocalText(en="changed")))
        changed = session.case
        table_copied = QGuiApplication.clipboard().text()
        lock.lock_now()
        window_of_the_case = window.windowHandle()
        for press_key in (Qt.Key.Key_Z, Qt.Key.Key_S, Qt.Key.Key_C, Qt.Key.Key_O, Qt.Key.Key_B, Qt.Key.Key_L):
            QTest.keyClick(window_of_the_case, press_key, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClick(page().windowHandle(), press_key, Qt.KeyboardModifier.ControlModifier)
        assert session.case is changed
        assert not session.is_saved
        assert QGuiApplication.clipboard().text() == table_copied
        assert isinstance(QApplication.activeModalWidget(), LockPage)
        unlock(lock, qtbot)

    def test_escape_and_closing_are_no_way_out(self, window: MainWindow, lock: IdleLock, qtbot: QtBot) -> None:
        lock.lock_now()
        QTest.keyClick(page().password.line, Qt.Key.Key_Escape)
        page().close()
        assert page().isVisible()
        assert lock.is_locked
        unlock(lock, qtbot)

    def test_unsaved_work_cannot_be_thrown_away_behind_the_lock(
        self, window: MainWindow, lock: IdleLock, session: StillSession, qtbot: QtBot
    ) -> None:
        session.apply("Note", edits.set_title(session.case, LocalText(en="changed")))
        lock.lock_now()
        assert not window.close()
        assert window.isVisible()
        unlock(lock, qtbot)

    def test_what_was_copied_is_gone_from_the_clipboard(self, lock: IdleLock, qtbot: QtBot) -> None:
        clipboard.copy_text(MARKER)
        lock.lock_now()
        assert QGuiApplication.clipboard().text() == ""
        unlock(lock, qtbot)

    def test_what_another_program_copied_stays(self, lock: IdleLock, qtbot: QtBot) -> None:
        QGuiApplication.clipboard().setText("a train at 9:15")
        lock.lock_now()
        assert QGuiApplication.clipboard().text() == "a train at 9:15"
        unlock(lock, qtbot)


class TestPassword:
    def test_a_wrong_one_is_refused_as_often_as_it_is_typed(self, lock: IdleLock, qtbot: QtBot) -> None:
        lock.lock_now()
        for _time in range(4):
            page().password.line.setText("a guess")
            page().note.set_text("")
            page().button.click()
            qtbot.waitUntil(lambda: "does not open" in page().note.text)
            assert lock.is_locked
        unlock(lock, qtbot)
        assert not lock.is_locked

    def test_an_empty_one_is_not_even_tried(self, lock: IdleLock, qtbot: QtBot) -> None:
        lock.lock_now()
        assert not page().button.isEnabled()
        page().attempt()
        assert lock.is_locked
        unlock(lock, qtbot)

    def test_it_can_be_locked_again(self, window: MainWindow, lock: IdleLock, qtbot: QtBot) -> None:
        for _time in range(3):
            lock.lock_now()
            unlock(lock, qtbot)
        assert not window.findChildren(LockPage) or not window.findChildren(LockPage)[0].isVisible()
        assert window.centralWidget().isVisible()

    def test_a_case_without_one_is_only_hidden_and_says_so(
        self, window: MainWindow, lock: IdleLock, session: StillSession, qtbot: QtBot
    ) -> None:
        session.set_key(None)
        lock.lock_now()
        assert not window.centralWidget().isVisible()
        assert not page().password.isVisible()
        words = [label.text() for label in page().findChildren(QLabel)]
        assert any("no password" in text for text in words)
        with qtbot.waitSignal(lock.lock_changed):
            page().button.click()
        assert window.centralWidget().isVisible()


class TestOtherWindows:
    def test_a_dialog_goes_on_under_its_cover_and_keeps_what_was_typed(
        self, window: MainWindow, lock: IdleLock, session: StillSession, qtbot: QtBot
    ) -> None:
        """A workbook is being written while the window locks; when it is done, the dialog says so under the cover."""
        dialog = BriefingDialog(session, window)
        dialog.open()
        dialog.path.setText(f"/briefings/{MARKER}.xlsx")
        dialog._show_working(working=True)
        lock.lock_now()
        assert not [text for text in texts_to_see() if MARKER in text]
        dialog._on_finished(Path(f"/briefings/{MARKER}.xlsx"))
        assert not dialog.findChildren(Cover)[0].isHidden()
        assert dialog.childAt(dialog.rect().center()) is dialog.findChildren(Cover)[0]
        unlock(lock, qtbot)
        assert dialog.isVisible()
        assert dialog.path.text() == f"/briefings/{MARKER}.xlsx"
        assert dialog.message.isVisible()
        assert not dialog.progress.isVisible(), "hidden by the dialog itself while it was covered"
        assert dialog.cancel_button.isVisible()
        dialog.reject()

    def test_a_message_that_comes_up_later_waits_behind_the_page(
        self, window: MainWindow, lock: IdleLock, qtbot: QtBot
    ) -> None:
        lock.lock_now()

        def look_and_unlock(_page: LockPage) -> None:
            qtbot.waitUntil(lambda: bool(boxes()) and isinstance(QApplication.activeModalWidget(), LockPage))
            assert not [text for text in texts_to_see() if MARKER in text]
            unlock(lock, qtbot)

        with answered((LockPage, look_and_unlock), (QMessageBox, press("Close"))):
            dialogs.show_error(window, CaseFileError(MARKER))
        assert not lock.is_locked
        assert not boxes()

    def test_a_dialog_that_goes_while_it_is_covered_leaves_nothing(
        self, window: MainWindow, lock: IdleLock, qtbot: QtBot
    ) -> None:
        dialog = QDialog(window)
        QVBoxLayout(dialog).addWidget(QLabel(MARKER))
        dialog.open()
        lock.lock_now()
        with qtbot.waitSignal(dialog.destroyed):
            dialog.accept()
            dialog.deleteLater()
        unlock(lock, qtbot)
        assert window.centralWidget().isVisible()

    def test_a_file_dialog_is_left_as_with_escape(self, window: MainWindow, lock: IdleLock, qtbot: QtBot) -> None:
        def lock_it(dialog: QFileDialog) -> None:
            lock.lock_now()
            assert not dialog.isVisible()

        with answered((QFileDialog, lock_it)):
            assert dialogs.ask_open_path(window) is None
        unlock(lock, qtbot)

    @pytest.mark.qt_log_ignore("does not support", extend=True)
    def test_an_open_menu_closes(self, window: MainWindow, lock: IdleLock, qtbot: QtBot) -> None:
        menu = QMenu(window)
        menu.addAction(MARKER)
        menu.popup(window.mapToGlobal(QPoint(50, 50)))
        lock.lock_now()
        assert not menu.isVisible()
        unlock(lock, qtbot)

    def test_the_keyboard_is_where_it_was(self, window: MainWindow, lock: IdleLock, qtbot: QtBot) -> None:
        window.tool_bar.as_of.setFocus()
        lock.lock_now()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is page().password.line)
        unlock(lock, qtbot)
        qtbot.waitUntil(lambda: QApplication.focusWidget() is window.tool_bar.as_of)


class Clock:
    """Time as the test wants it."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class TestIdle:
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def idle(self, window: MainWindow, session: StillSession, clock: Clock) -> Iterator[IdleLock]:
        made = IdleLock(session, window, clock=clock)
        made._watch(window.windowHandle())
        yield made
        made.close()

    def touch(self, window: MainWindow) -> None:
        """A key as the system reports it."""
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)

    def test_an_encrypted_case_locks_after_ten_minutes_without_input(
        self, window: MainWindow, idle: IdleLock, clock: Clock
    ) -> None:
        clock.now += TEN_MINUTES - 1
        idle.look()
        assert not idle.is_locked
        self.touch(window)
        clock.now += TEN_MINUTES - 1
        idle.look()
        assert not idle.is_locked
        clock.now += 1
        idle.look()
        assert idle.is_locked

    def test_a_case_without_a_password_does_not_unless_chosen(
        self, idle: IdleLock, session: StillSession, clock: Clock
    ) -> None:
        session.set_key(None)
        clock.now += 100 * TEN_MINUTES
        idle.look()
        assert not idle.is_locked
        settings.set_lock_minutes(20, is_encrypted=False)
        idle.look()
        assert idle.is_locked

    def test_the_menu_chooses_after_how_long(self, window: MainWindow, idle: IdleLock, clock: Clock) -> None:
        menu = window.secrecy.idle
        menu.aboutToShow.emit()
        choices = {action.text(): action for action in menu.actions()}
        assert choices["After 10 minutes"].isChecked()
        choices["Never"].trigger()
        clock.now += 100 * TEN_MINUTES
        idle.look()
        assert not idle.is_locked
        choices["After 2 minutes"].trigger()
        assert settings.lock_minutes(is_encrypted=True) == 2
        assert settings.lock_minutes(is_encrypted=False) == 0
        idle.look()
        assert idle.is_locked

    def test_after_a_night_s_sleep_the_first_touch_finds_it_locked(
        self, window: MainWindow, idle: IdleLock, session: StillSession, clock: Clock
    ) -> None:
        """The laptop slept: no timer ran. The key that woke it must not reach the case."""
        session.apply("Note", edits.set_title(session.case, LocalText(en="changed")))
        changed = session.case
        clock.now += 50 * TEN_MINUTES
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert idle.is_locked
        assert session.case is changed

    def test_nor_does_that_touch_set_off_a_shortcut(
        self, window: MainWindow, idle: IdleLock, clock: Clock, qtbot: QtBot
    ) -> None:
        """One without Ctrl, whose own key would come first."""
        shortcut = QShortcut(QKeySequence("F9"), window)
        clock.now += 50 * TEN_MINUTES
        with qtbot.assertNotEmitted(shortcut.activated):
            QTest.keyClick(window.windowHandle(), Qt.Key.Key_F9)
        assert idle.is_locked

    def test_events_that_no_person_makes_are_no_input(self, window: MainWindow, idle: IdleLock, clock: Clock) -> None:
        clock.now += TEN_MINUTES
        for kind in (QEvent.Type.Timer, QEvent.Type.UpdateRequest, QEvent.Type.WindowActivate):
            assert not idle.eventFilter(window.windowHandle(), QEvent(kind))
        idle.look()
        assert idle.is_locked

    def test_a_wrong_entry_in_the_settings_counts_for_nothing(self) -> None:
        for stored in ("soon", "-5", "7", ""):
            QSettings("Parley", "Parley").setValue("lock/encrypted", stored)
            assert settings.lock_minutes(is_encrypted=True) == settings.DEFAULT_LOCK_MINUTES
