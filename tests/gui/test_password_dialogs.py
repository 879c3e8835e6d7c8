"""The dialogs around secrecy: what they say, what they refuse, and that nothing typed stays in them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.casefile import default_case, save
from core.casefile.owner import Claim, Owner, note_path
from core.errors import CaseFileError, NeedsPassword
from core.text import LocalText
from gui import clipboard, settings, theme
from gui.app import App, first_case
from gui.name_dialog import NameDialog
from gui.password_dialogs import NewPasswordDialog, PasswordPrompt, confirmed_by, strength_hint
from tests.core.test_owner import another_window
from tests.gui.answers import answered, press
from tests.gui.cases import StillSession
from tests.gui.test_case_files import PASSWORD, key

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def fresh(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp, theme.Mode.LIGHT)
    QSettings("Parley", "Parley").clear()
    yield
    QSettings("Parley", "Parley").clear()


@pytest.fixture
def new(qtbot: QtBot) -> NewPasswordDialog:
    made = NewPasswordDialog(None, title="Set", heading="A password", action="Set password")
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def prompt(qtbot: QtBot) -> PasswordPrompt:
    made = PasswordPrompt(None, confirmed_by(key()), title="Open", heading="Open", words="Type it.", action="Open")
    qtbot.addWidget(made)
    made.show()
    return made


class TestNewPassword:
    def test_it_has_to_be_typed_twice_alike(self, new: NewPasswordDialog) -> None:
        assert not new.action_button.isEnabled(), "an empty password is none"
        new.password.line.setText("long enough words")
        assert not new.action_button.isEnabled()
        new.repeat.line.setText("long enough")
        assert not new.differs.isVisible(), "still being typed"
        assert not new.action_button.isEnabled()
        new.repeat.line.setText("long enoughh")
        assert new.differs.isVisible()
        new.repeat.line.setText("long enough words")
        assert not new.differs.isVisible()
        assert new.action_button.isEnabled()

    def test_it_becomes_a_key_and_nothing_typed_stays(self, new: NewPasswordDialog, qtbot: QtBot) -> None:
        new.password.line.setText(PASSWORD)
        new.repeat.line.setText(PASSWORD)
        with qtbot.waitSignal(new.accepted):
            new.action_button.click()
        assert new.key is not None
        assert new.key.opens_with(PASSWORD)
        assert [line.text() for line in new.findChildren(QLineEdit)] == ["", ""]

    def test_it_warns_that_a_forgotten_one_is_lost(self, new: NewPasswordDialog) -> None:
        assert "forgotten" in new.note.text
        assert new.note.isVisible()

    @pytest.mark.parametrize(
        ("password", "words"),
        [
            ("", "Length is what counts"),
            ("kimchi", "6 characters: short"),
            ("k", "1 character: short"),
            ("20250522190511271948", "digits alone"),
            ("aaaaaaaaaaaaaaaaaaaa", "few different"),
            ("kimchi1905", "may do if it is no word"),
            ("four words that do not belong", "long. Whether someone could guess it, Parley cannot tell"),
            ("협상전야", "4 characters: may do"),
            ("한미 협상 마지막 밤", "long"),
        ],
    )
    def test_the_hint_says_what_is_known_and_no_more(self, password: str, words: str) -> None:
        assert words in strength_hint(password)

    def test_no_text_is_cut_off_whatever_it_says(self, new: NewPasswordDialog, qtbot: QtBot) -> None:
        for typed in ("", "kimchi1905", "aaaaaaaaaaaaaaaaaaaa"):
            new.password.line.setText(typed)
            new.repeat.line.setText("another")
            qtbot.waitUntil(lambda: new.hint.height() >= new.hint.heightForWidth(new.hint.width()))
            assert new.password.line.height() == new.repeat.line.height() == theme.CONTROL_HEIGHT
            assert new.height() >= new.layout().totalHeightForWidth(new.width())


class TestPrompt:
    def test_three_wrong_ones_and_it_ends(self, prompt: PasswordPrompt, qtbot: QtBot) -> None:
        for said in ("2 more", "One more"):
            prompt.password.line.setText("a guess")
            prompt.action_button.click()
            qtbot.waitUntil(lambda words=said: words in prompt.note.text)
        prompt.password.line.setText("a guess")
        with qtbot.waitSignal(prompt.rejected):
            prompt.action_button.click()
        assert isinstance(prompt.error, CaseFileError)
        assert prompt.password.text == ""

    def test_the_right_one_opens(self, prompt: PasswordPrompt, qtbot: QtBot) -> None:
        prompt.password.line.setText(PASSWORD)
        with qtbot.waitSignal(prompt.accepted):
            QTest.keyClick(prompt.password.line, Qt.Key.Key_Return)
        assert prompt.error is None
        assert prompt.password.text == ""

    def test_a_password_that_cannot_be_one_is_a_try_too(self, prompt: PasswordPrompt, qtbot: QtBot) -> None:
        prompt.password.line.setText("x" * 1001)
        prompt.action_button.click()
        qtbot.waitUntil(lambda: "2 more" in prompt.note.text)

    def test_closed_while_it_is_tried_nothing_follows(self, prompt: PasswordPrompt, qtbot: QtBot) -> None:
        prompt.password.line.setText(PASSWORD)
        prompt.action_button.click()
        prompt.reject()
        with qtbot.assertNotEmitted(prompt.accepted, wait=50):
            pass
        assert prompt.value is None

    def test_what_is_typed_shows_only_when_asked_for(self, prompt: PasswordPrompt) -> None:
        line = prompt.password.line
        assert line.echoMode() is QLineEdit.EchoMode.Password
        prompt.password.show_button.click()
        assert line.echoMode() is QLineEdit.EchoMode.Normal
        prompt.reject()
        assert line.echoMode() is QLineEdit.EchoMode.Password

    def test_caps_lock_is_told_by_what_is_typed(self, prompt: PasswordPrompt) -> None:
        told = prompt.password.caps_lock

        def type_letter(text: str, *, shift: bool = False) -> bool:
            modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
            event = QKeyEvent(QEvent.Type.KeyPress, ord(text.upper()), modifiers, text)
            QApplication.sendEvent(prompt.password.line, event)
            return told.isVisible()

        assert not type_letter("a")
        assert not type_letter("A", shift=True)
        assert not type_letter("1")
        assert type_letter("A"), "a capital without Shift"
        assert type_letter("1"), "a digit tells nothing"
        assert not type_letter("a")
        assert type_letter("a", shift=True), "a small letter with Shift"


class TestClipboard:
    def test_a_copy_carries_the_marks_that_windows_looks_for(self) -> None:
        """Names and values: Microsoft, Clipboard Formats, "Cloud Clipboard and Clipboard History Formats"."""
        clipboard.copy_text("15 % on cars")
        held = QGuiApplication.clipboard().mimeData()
        assert held.text() == "15 % on cars"
        named = 'application/x-qt-windows-mime;value="{}"'
        assert held.hasFormat(named.format("ExcludeClipboardContentFromMonitorProcessing"))
        for name in ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"):
            assert bytes(held.data(named.format(name)).data()) == b"\0\0\0\0", "a DWORD that says no"
        assert bytes(held.data("x-kde-passwordManagerHint").data()) == b"secret"

    def test_a_picture_carries_them_too(self) -> None:
        picture = QPixmap(4, 4)
        picture.fill(Qt.GlobalColor.red)
        clipboard.copy_picture(picture)
        held = QGuiApplication.clipboard().mimeData()
        assert held.hasImage()
        assert set(clipboard.MARKS) <= set(held.formats())

    def test_every_copy_of_the_program_goes_this_way(self) -> None:
        """But for the crash report, which holds nothing of the case."""
        others = []
        for path in sorted((ROOT / "gui").rglob("*.py")):
            if "clipboard()." in path.read_text(encoding="utf-8") and path.name != "clipboard.py":
                others.append(path.name)
        assert others == ["dialogs.py"]


class TestName:
    def test_the_name_stands_beside_the_edits(self) -> None:
        session = StillSession()
        session.author = settings.author
        dialog = NameDialog()
        dialog.name.setText("  Kim   Min-su ")
        dialog.accept()
        session.apply("Note", edits.set_title(session.case, LocalText(en="changed")))
        assert session.case.history[-1].who == "Kim Min-su"
        session.close()

    def test_not_now_is_an_answer_and_keeps_the_name_there_was(self) -> None:
        assert not settings.was_asked_for_author()
        NameDialog().reject()
        assert settings.was_asked_for_author()
        assert settings.author() == ""
        settings.set_author("Lee")
        other = NameDialog()
        other.name.setText("nonsense")
        other.reject()
        assert settings.author() == "Lee"

    def test_it_is_asked_once_after_the_first_saving(self, qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
        session = StillSession()
        app = App(qapp, session)
        app.asks_for_author = True
        with qtbot.waitSignal(app.window.painted):
            app.show()
        session.mark_saved(session.case, tmp_path / "talks.parley")
        with answered((NameDialog, press("Not now"))), qtbot.waitSignal(app.window.files.saved):
            app.window.files.save()
        with qtbot.waitSignal(app.window.files.saved):
            app.window.files.save()
        assert not [
            each for each in QApplication.topLevelWidgets() if isinstance(each, NameDialog) and each.isVisible()
        ]
        app.window.dispose()
        session.close()


class TestStart:
    def test_a_case_is_opened_with_its_note(self, tmp_path: Path) -> None:
        path = tmp_path / "talks.parley"
        seen = save(replace(default_case(), note="first"), path)
        first = first_case(path)
        assert (first.case.note, first.path, first.seen, first.refused) == ("first", path, seen, None)
        assert isinstance(first.claim, Claim)
        first.claim.release()

    def test_who_else_has_it_open_is_learned(self, tmp_path: Path) -> None:
        path = tmp_path / "talks.parley"
        save(default_case(), path)
        with another_window(path):
            first = first_case(path)
        assert isinstance(first.owner, Owner)
        assert first.claim is None
        assert first.path == path

    def test_an_encrypted_one_waits_for_its_password(self, tmp_path: Path) -> None:
        path = tmp_path / "talks.parley"
        save(default_case(), path, key=key())
        first = first_case(path)
        assert isinstance(first.refused, NeedsPassword)
        assert (first.path, first.asked) == (None, path)
        assert not note_path(path).exists()

    def test_the_program_asks_for_it_and_goes_on(self, tmp_path: Path) -> None:
        """The whole program in a process of its own, started with an encrypted file."""
        path = tmp_path / "talks.parley"
        save(edits.set_title(default_case(), LocalText(en="Only with the password", ko="암호")), path, key=key())
        program = START.format(path=str(path), password=PASSWORD)
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.stdout.strip() == "asked; opened Only with the password; talks.parley; locked mark True", (
            done.stderr
        )


START = """
import os, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui import app, main_window

timer = None

def look():
    prompt = QApplication.activeModalWidget()
    if prompt is not None and type(prompt).__name__ == "PasswordPrompt" and prompt.action_button.text() == "Open":
        if not prompt.password.text:
            prompt.password.line.setText({password!r})
            print("asked", end="; ")
            prompt.action_button.click()

class Window(main_window.MainWindow):
    def __init__(self, session, shell):
        super().__init__(session, shell)
        global timer
        timer = QTimer(self)
        timer.timeout.connect(look)
        timer.start(20)
        self.files.opened.connect(self.tell)

    def tell(self, path):
        bar = self.status_bar
        print("opened", str(self.session.case.title), end="; ")
        print(self.windowTitle().partition("[")[0], end="; ")
        print("locked mark", bar.encrypted.isVisible(), flush=True)
        os._exit(0)

app.MainWindow = Window
app.run([{path!r}, "--lang", "en"])
"""


def test_the_new_texts_fit_in_both_languages(qtbot: QtBot) -> None:
    """Whatever the language, the dialogs are as high as their texts."""
    for language in i18n.LANGUAGES:
        i18n.set_language(language)
        for dialog in (NameDialog(), NewPasswordDialog(None, title="", heading="x", action="y")):
            qtbot.addWidget(dialog)
            dialog.show()
            assert dialog.height() >= dialog.layout().totalHeightForWidth(dialog.width())
