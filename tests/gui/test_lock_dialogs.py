"""The idle lock over every window that Parley opens: nothing of it is told while it is covered, all is back after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from core import edits
from core.casefile import default_case, save
from core.casefile.found import found
from core.casefile.recovery import Recovery
from core.errors import CaseFileError
from core.text import LocalText
from gui import dialogs, theme
from gui.assumptions.dialog import AssumptionsDialog
from gui.briefing_export import BriefingDialog
from gui.change_dialog import ChangeDialog
from gui.comparison.dialog import ComparisonDialog
from gui.group_editor import GroupEditor
from gui.history_dialog import HistoryDialog
from gui.imports.wizard import ImportWizard
from gui.lock_page import Cover, LockPage
from gui.main_window import MainWindow
from gui.merging.dialog import MergeDialog
from gui.merging.sources import read_copy
from gui.name_dialog import NameDialog
from gui.new_case_dialog import NewCaseDialog
from gui.password_dialogs import PasswordPrompt
from gui.recovery_dialog import RecoveryDialog
from tests.gui.answers import answered, press
from tests.gui.cases import StillSession, pack
from tests.gui.test_case_files import PASSWORD, NoShell, key

MARKER = "Our fall-back on beef"
_KINDS = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    QSettings("Parley", "Parley").clear()
    made = StillSession(replace(default_case(), title=LocalText(en=MARKER, ko=MARKER)))
    made.replace_case(made.case, None, key=key())
    made.apply(MARKER, edits.set_note(made.case, MARKER))
    yield made
    made.close()


@pytest.fixture
def window(qapp: QApplication, session: StillSession, qtbot: QtBot) -> Iterator[MainWindow]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = MainWindow(session, NoShell())
    with qtbot.waitSignal(made.painted):
        made.show()
    yield made
    made.dispose()


def unlock(window: MainWindow, qtbot: QtBot) -> None:
    shown = QApplication.activeModalWidget()
    assert isinstance(shown, LockPage)
    shown.password.line.setText(PASSWORD)
    with qtbot.waitSignal(window.lock.lock_changed):
        shown.button.click()


def told(window: QWidget) -> list[str]:
    """What a screen reader is told of a window: of what is visible, and of what is in that."""
    words: list[str] = []

    def look(part: QAccessibleInterface | None) -> None:
        if part is None or part.state().invisible:
            return
        words.extend(text for kind in _KINDS if (text := part.text(kind)))
        for place in range(min(part.childCount(), 300)):
            look(part.child(place))

    look(QAccessible.queryAccessibleInterface(window))
    return words


def picture(window: QWidget) -> QImage:
    return window.grab().toImage()


def colours_in(image: QImage) -> int:
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})


def _merge(session: StillSession, window: MainWindow, folder: Path) -> QDialog:
    save(edits.set_note(default_case(), f"{MARKER}, theirs"), folder / "lee.parley")
    return MergeDialog(session, read_copy(folder / "lee.parley", None), window)


def _recovery(session: StillSession, window: MainWindow, folder: Path) -> QDialog:
    made = Recovery(folder / "recovery", "00112233445566ff")
    made.keep(session.case, folder / f"{MARKER}.parley", None, at=datetime(2025, 5, 22, tzinfo=UTC))
    made.abandon()
    return RecoveryDialog(found(folder / "recovery", today=date(2025, 5, 23)), window)


def _message(_session: StillSession, window: MainWindow, _folder: Path) -> QDialog:
    box = dialogs._box(window, QMessageBox.Icon.Warning, MARKER, f"{MARKER}, and why.")
    box.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
    return box


def _prompt(_session: StillSession, window: MainWindow, _folder: Path) -> QDialog:
    return PasswordPrompt(window, str, title=MARKER, heading=MARKER, words=MARKER, action="Open")


Make = Callable[[StillSession, MainWindow, Path], QDialog]
DIALOGS: dict[str, Make] = {
    "assumptions": lambda session, window, _folder: AssumptionsDialog(session, window),
    "briefing": lambda session, window, _folder: BriefingDialog(session, window),
    "change": lambda session, window, _folder: ChangeDialog(session, None, is_new=True, parent=window),
    "comparison": lambda session, window, _folder: ComparisonDialog(session, pack(), window),
    "groups": lambda session, window, _folder: GroupEditor(session, window),
    "history": lambda session, window, _folder: HistoryDialog(session, window),
    "import": lambda session, window, _folder: ImportWizard(session, pack(), window),
    "merge": _merge,
    "message": _message,
    "name": lambda _session, window, _folder: NameDialog(window),
    "new case": lambda session, window, _folder: NewCaseDialog(pack(), session.case, window),
    "password": _prompt,
    "recovery": _recovery,
}
BESIDE = ("assumptions", "comparison")  # windows of their own, beside the main one
WITH_MARKER = ("history", "merge", "message", "password", "recovery")


@pytest.mark.parametrize("name", DIALOGS)
def test_nothing_is_told_while_it_is_covered_and_all_is_back_after(
    name: str, session: StillSession, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = DIALOGS[name](session, window, tmp_path)
    dialog.setModal(name not in BESIDE)
    dialog.show()
    if name in WITH_MARKER:
        qtbot.waitUntil(lambda: any(MARKER in text for text in told(dialog)))
    title, size, parts = dialog.windowTitle(), dialog.size(), _visible_parts(dialog)
    window.lock.lock_now()
    for each in (dialog, window):
        assert {text.removesuffix("*") for text in told(each)} == {"Parley"}
    assert _visible_parts(dialog) == [Cover.__name__]
    assert colours_in(picture(dialog)) < 20, "the ground and a lock"
    assert dialog.isVisible(), "a dialog that is hidden ends: what it was asked would be answered with no"
    unlock(window, qtbot)
    assert dialog.windowTitle() == title
    qtbot.waitUntil(lambda: (dialog.size(), _visible_parts(dialog)) == (size, parts))
    if name in WITH_MARKER:
        qtbot.waitUntil(lambda: any(MARKER in text for text in told(dialog)))
    dialog.close()
    dialog.deleteLater()


def _visible_parts(dialog: QWidget) -> list[str]:
    """By kind: a message makes one of its labels anew."""
    parts = [part for part in dialog.children() if isinstance(part, QWidget) and not part.isWindow()]
    return sorted(type(part).__name__ for part in parts if part.isVisible())


def test_a_message_looks_the_same_after_it(session: StillSession, window: MainWindow, qtbot: QtBot) -> None:
    """Its words are taken out of it and given back."""
    box = _message(session, window, Path())
    box.open()
    before = picture(box)
    window.lock.lock_now()
    unlock(window, qtbot)
    qtbot.waitUntil(lambda: picture(box) == before)
    box.close()
    box.deleteLater()


def test_a_message_over_a_dialog_is_answered_after_the_lock(window: MainWindow, qtbot: QtBot) -> None:
    """Two on top of each other; the answer that counts is the one given after the lock."""
    below = NameDialog(window)
    below.open()

    def lock_and_answer(box: QMessageBox) -> None:
        window.lock.lock_now()
        assert MARKER not in " ".join(told(box))
        for pressed in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
            QTest.keyClick(box.windowHandle(), pressed)
        assert box.isVisible()
        unlock(window, qtbot)
        assert MARKER in box.text()
        press("Don't save")(box)

    with answered((QMessageBox, lock_and_answer)):
        assert dialogs.ask_unsaved(below, MARKER) is dialogs.Answer.DISCARD
    assert below.isVisible()
    below.close()
    below.deleteLater()


def test_a_title_given_meanwhile_waits(session: StillSession, window: MainWindow, qtbot: QtBot) -> None:
    """The import goes on to its next step under the cover, and its title names the file."""
    wizard = ImportWizard(session, pack(), window)
    wizard.open()
    window.lock.lock_now()
    wizard.setWindowTitle(MARKER)
    assert MARKER not in " ".join(told(wizard))
    assert wizard.windowTitle() == "Parley[*]"
    unlock(window, qtbot)
    assert wizard.windowTitle() == MARKER
    wizard.close()
    wizard.deleteLater()


def test_no_message_is_the_system_s_own(window: MainWindow) -> None:
    """Of a window that the system draws no part can be covered."""
    asked: list[bool] = []

    def look(box: QMessageBox) -> None:
        asked.append(box.testOption(QMessageBox.Option.DontUseNativeDialog))
        box.done(0)

    with answered((QMessageBox, look)):
        dialogs.show_error(window, CaseFileError(MARKER))
    with answered((QMessageBox, look)):
        dialogs.show_crash(window, "report")
    with answered((QMessageBox, look)):
        dialogs.show_about(window, "1", "")
    assert asked == [True, True, True]


@pytest.mark.qt_log_ignore("does not support", extend=True)
def test_a_drop_down_of_a_dialog_closes(session: StillSession, window: MainWindow, qtbot: QtBot) -> None:
    dialog = NewCaseDialog(pack(), session.case, window)
    dialog.open()
    dialog.partner.showPopup()
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    window.lock.lock_now()
    assert QApplication.activePopupWidget() is None
    assert QApplication.topLevelAt(dialog.mapToGlobal(QPoint(5, 5))) is not dialog.partner.view()
    unlock(window, qtbot)
    dialog.close()
    dialog.deleteLater()
