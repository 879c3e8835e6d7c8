"""Opening and saving from the window: real files, real dialogs, and what stands against it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from core import casefile, edits
from core.case import Case
from core.casefile import default_case, load, open_case, previous_version, save
from core.casefile.owner import note_path
from core.casefile.secrecy import CaseKey, is_sealed
from core.text import LocalText
from gui import dialogs, settings, theme
from gui.case_files import CaseFiles
from gui.main_window import MainWindow
from gui.password_dialogs import NewPasswordDialog, PasswordPrompt
from tests.core.test_owner import another_window
from tests.core.test_saving import POSIX, no_file_larger_than
from tests.gui.answers import answered, press
from tests.gui.cases import StillSession

PASSWORD = "열려라 참깨"


class NoShell:
    """The program around the window, which these tests have no use for."""

    def set_language(self, language: str) -> None: ...

    def set_theme(self, mode: theme.Mode) -> None: ...

    def set_compact(self, compact: bool) -> None: ...


@cache
def key() -> CaseKey:
    return CaseKey.from_password(PASSWORD)


def noted(note: str) -> Case:
    return replace(default_case(), note=note)


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    QSettings("Parley", "Parley").clear()
    made = StillSession()
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


@pytest.fixture
def files(window: MainWindow) -> CaseFiles:
    return window.files


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "talks.parley"
    save(noted("first"), found)
    return found


def edit(session: StillSession, title: str) -> None:
    session.apply(title, edits.set_title(session.case, LocalText(en=title)))


def opened(files: CaseFiles, path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(files.opened):
        files.open_path(path)


def saved(files: CaseFiles, qtbot: QtBot) -> None:
    with qtbot.waitSignal(files.saved):
        files.save()


def typed(password: str, then: str = "Open") -> Any:
    """Type a password into the dialog and press the button."""

    def use(dialog: PasswordPrompt) -> None:
        dialog.password.line.setText(password)  # the keyboard of Qt's tests has no Hangul
        press(then)(dialog)

    return use


class TestEncrypting:
    def test_a_password_is_set_in_the_window_and_asked_for_when_the_file_is_opened(
        self, window: MainWindow, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        files = window.files
        opened(files, path, qtbot)
        assert window.status_bar.encrypted.isHidden()
        with answered((NewPasswordDialog, _set_password)):
            window.secrecy.set_password.trigger()
        assert not session.is_saved, "the file has no password yet"
        assert not window.status_bar.encrypted.isHidden()
        saved(files, qtbot)
        assert session.is_saved
        assert is_sealed(path.read_bytes())
        assert is_sealed(previous_version(path).read_bytes())

        session.replace_case(default_case(), None)
        assert window.status_bar.encrypted.isHidden()
        with answered((PasswordPrompt, typed(PASSWORD))), qtbot.waitSignal(files.opened):
            files.open_path(path)
        assert session.case.note == "first"
        assert session.is_saved
        assert not window.status_bar.encrypted.isHidden()

    def test_after_three_wrong_passwords_the_file_stays_closed(
        self, files: CaseFiles, session: StillSession, tmp_path: Path, qtbot: QtBot
    ) -> None:
        path = tmp_path / "secret.parley"
        save(noted("secret"), path, key=key())
        before, said = session.case, []

        def three_times(dialog: PasswordPrompt) -> None:
            typed("one")(dialog)
            qtbot.waitUntil(lambda: "2 more" in dialog.note.text)
            typed("two")(dialog)
            qtbot.waitUntil(lambda: "One more" in dialog.note.text)
            typed("three")(dialog)

        def read(box: QMessageBox) -> None:
            said.append(box.text())
            press("Close")(box)

        with answered((PasswordPrompt, three_times), (QMessageBox, read)):
            files.open_path(path)
            qtbot.waitUntil(lambda: bool(said))
        assert "does not open the case" in said[0]
        assert session.case is before
        assert not note_path(path).exists()

    def test_a_damaged_file_is_not_called_a_wrong_password(
        self, files: CaseFiles, tmp_path: Path, qtbot: QtBot
    ) -> None:
        path, said = tmp_path / "secret.parley", []
        save(noted("secret"), path, key=key())
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))

        def read(box: QMessageBox) -> None:
            said.append(box.text() + box.informativeText())
            press("Close")(box)

        with answered((PasswordPrompt, typed(PASSWORD)), (QMessageBox, read)):
            files.open_path(path)
            qtbot.waitUntil(lambda: bool(said))
        assert "damaged" in said[0]
        assert "The password is right" in said[0]

    def test_a_new_password_opens_and_the_old_one_no_more(
        self, window: MainWindow, session: StillSession, tmp_path: Path, qtbot: QtBot
    ) -> None:
        path, files = tmp_path / "secret.parley", window.files
        save(noted("secret"), path, key=key())
        with answered((PasswordPrompt, typed(PASSWORD))), qtbot.waitSignal(files.opened):
            files.open_path(path)
        with answered((PasswordPrompt, typed(PASSWORD, "Go on")), (NewPasswordDialog, _set_new_password)):
            window.secrecy.change_password.trigger()
        saved(files, qtbot)
        assert load(path, "another one").note == "secret"
        assert load(previous_version(path), "another one").note == "secret"

    def test_a_removed_password_leaves_a_readable_file(
        self, window: MainWindow, session: StillSession, tmp_path: Path, qtbot: QtBot
    ) -> None:
        path, files = tmp_path / "secret.parley", window.files
        save(noted("secret"), path, key=key())
        with answered((PasswordPrompt, typed(PASSWORD))), qtbot.waitSignal(files.opened):
            files.open_path(path)
        with answered((PasswordPrompt, typed(PASSWORD, "Remove password"))):
            window.secrecy.remove_password.trigger()
        assert not session.is_saved
        saved(files, qtbot)
        assert load(path).note == "secret"
        assert window.secrecy.set_password.isVisible()
        assert not window.secrecy.change_password.isVisible()

    def test_whoever_does_not_know_the_password_cannot_remove_it(
        self, window: MainWindow, session: StillSession, qtbot: QtBot
    ) -> None:
        session.set_key(key())

        def give_up(dialog: PasswordPrompt) -> None:
            typed("a guess", "Remove password")(dialog)
            qtbot.waitUntil(lambda: bool(dialog.note.text))
            press("Cancel")(dialog)

        with answered((PasswordPrompt, give_up)):
            window.secrecy.remove_password.trigger()
        assert session.key is key()

    def test_there_is_no_undoing_of_a_password(self, session: StillSession) -> None:
        session.set_key(key())
        assert not session.undo_stack.canUndo()
        assert not session.is_saved
        session.set_key(None)
        assert session.is_saved


def _set_password(dialog: NewPasswordDialog) -> None:
    dialog.password.line.setText(PASSWORD)
    dialog.repeat.line.setText(PASSWORD)
    press("Set password")(dialog)


def _set_new_password(dialog: NewPasswordDialog) -> None:
    dialog.password.line.setText("another one")
    dialog.repeat.line.setText("another one")
    press("Change password")(dialog)


class TestTraces:
    """Nothing outside the file tells where an encrypted case lies or what it is called."""

    def test_an_encrypted_case_is_in_no_list(
        self, files: CaseFiles, session: StillSession, tmp_path: Path, qtbot: QtBot
    ) -> None:
        folder = tmp_path / "beef retreat"
        folder.mkdir()
        path = folder / "beef retreat.parley"
        save(noted("secret"), path)
        opened(files, path, qtbot)
        assert settings.recent_files() == [path]
        assert settings.last_folder() == folder
        session.set_key(key())
        saved(files, qtbot)
        assert settings.recent_files() == []
        assert settings.last_folder() != folder
        with answered((PasswordPrompt, typed(PASSWORD))), qtbot.waitSignal(files.opened):
            files.open_path(path)
        assert not _files_with("beef retreat", Path(QSettings("Parley", "Parley").fileName()).parent)

    def test_qt_s_own_dialog_keeps_no_folder(self, tmp_path: Path) -> None:
        store = QSettings(QSettings.Scope.UserScope, "QtProject")
        store.setValue("FileDialog/lastVisited", "file:///before")
        store.remove("FileDialog/history")
        with settings.without_traces():
            store.setValue("FileDialog/lastVisited", f"file://{tmp_path}")
            store.setValue("FileDialog/history", [f"file://{tmp_path}"])
        assert store.value("FileDialog/lastVisited") == "file:///before"
        assert not store.contains("FileDialog/history")

    def test_after_a_real_dialog_nothing_of_its_folder_is_kept(self, window: MainWindow, tmp_path: Path) -> None:
        from PySide6.QtWidgets import QFileDialog

        folder = tmp_path / "beef retreat"
        folder.mkdir()
        settings.set_last_folder(folder)
        with answered((QFileDialog, lambda dialog: dialog.reject())):
            assert dialogs.ask_open_path(window) is None
        settings.set_last_folder(tmp_path)
        assert not _files_with("beef retreat", Path(QSettings("Parley", "Parley").fileName()).parents[1])


def _files_with(words: str, folder: Path) -> list[str]:
    """Settings files that hold these words, also as Qt writes a blank."""
    QSettings("Parley", "Parley").sync()
    wanted = (words.encode(), words.replace(" ", "%20").encode())
    found = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in found if any(word in path.read_bytes() for word in wanted)]


class TestSomeoneElse:
    def ours_and_theirs(self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot) -> None:
        opened(files, path, qtbot)
        save(noted("theirs"), path)
        edit(session, "Ours")

    def test_replaced_their_version_stays_beside(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        self.ours_and_theirs(files, session, path, qtbot)
        with answered((QMessageBox, press("Replace it anyway"))):
            saved(files, qtbot)
        assert str(load(path).title) == "Ours"
        (aside,) = path.parent.glob("talks (changed by others, *).parley")
        assert load(aside).note == "theirs"
        assert session.is_saved
        edit(session, "Ours again")
        saved(files, qtbot)

    def test_saved_elsewhere_theirs_is_left_alone(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.ours_and_theirs(files, session, path, qtbot)
        other = path.with_name("ours.parley")
        monkeypatch.setattr(dialogs, "ask_save_path", lambda *_words: other)
        with answered((QMessageBox, press("Save as…"))):
            saved(files, qtbot)
        assert (load(path).note, str(load(other).title)) == ("theirs", "Ours")
        assert session.path == other
        assert note_path(other).exists()
        assert not note_path(path).exists()

    def test_left_as_it_is_the_work_is_still_in_the_window(
        self, window: MainWindow, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        files = CaseFiles(session, window)  # nobody who merges listens to these
        self.ours_and_theirs(files, session, path, qtbot)
        seen: list[str] = []

        def leave(box: QMessageBox) -> None:
            seen.extend(button.text() for button in box.buttons())
            press("Cancel")(box)

        with answered((QMessageBox, leave)):
            files.save()
            qtbot.waitUntil(lambda: bool(seen))
        assert "Merge…" not in seen, "offered only where somebody listens"
        assert not session.is_saved
        assert load(path).note == "theirs"
        files.close()

    def test_merging_is_handed_on(self, window: MainWindow, session: StillSession, path: Path, qtbot: QtBot) -> None:
        files = CaseFiles(session, window)
        wanted: list[Path] = []
        files.merge_wanted.connect(wanted.append)
        self.ours_and_theirs(files, session, path, qtbot)
        with answered((QMessageBox, press("Merge…"))), qtbot.waitSignal(files.merge_wanted):
            files.save()
        assert wanted == [path]
        session.mark_seen(open_case(path).seen)  # as whoever merged does
        saved(files, qtbot)
        files.close()


class TestAnotherWindow:
    def test_a_copy_is_saved_elsewhere(self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot) -> None:
        with another_window(path):
            with answered((QMessageBox, press("Open as a copy"))), qtbot.waitSignal(files.opened):
                files.open_path(path)
            assert session.path is None
            assert session.case.note == "first"
            assert note_path(path).exists(), "the other window's"

    def test_opened_anyway_the_second_to_save_is_told(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        said: list[str] = []

        def read(box: QMessageBox) -> None:
            said.append(box.text() + box.informativeText())
            press("Open anyway")(box)

        with another_window(path):
            with answered((QMessageBox, read)), qtbot.waitSignal(files.opened):
                files.open_path(path)
            assert "Kim" in said[0]
            assert session.path == path
            save(noted("theirs"), path)
            edit(session, "Ours")
            with answered((QMessageBox, press("Replace it anyway"))):
                saved(files, qtbot)

    def test_cancelled_nothing_is_opened(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        before, asked = session.case, []
        with another_window(path):
            with answered((QMessageBox, lambda box: (asked.append(box), press("Cancel")(box)))):
                files.open_path(path)
                qtbot.waitUntil(lambda: bool(asked))
            assert session.case is before

    def test_a_file_that_is_open_elsewhere_is_not_saved_over(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dialogs, "ask_save_path", lambda *_words: path)
        said: list[str] = []

        def read(box: QMessageBox) -> None:
            said.append(box.informativeText())
            press("Close")(box)

        with another_window(path), answered((QMessageBox, read)):
            files.save_as()
            qtbot.waitUntil(lambda: bool(said))
        assert "open in another window" in said[0]
        assert load(path).note == "first"

    def test_the_note_comes_and_goes_with_the_case(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        opened(files, path, qtbot)
        assert note_path(path).exists()
        opened(files, path, qtbot)
        assert note_path(path).exists()
        session.replace_case(default_case(), None)
        assert not note_path(path).exists()
        opened(files, path, qtbot)
        session.close()
        assert not note_path(path).exists()


class TestDisk:
    @POSIX
    def test_a_full_disk_is_said_and_saving_again_works(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        opened(files, path, qtbot)
        edit(session, "Ours")
        said: list[str] = []
        full = no_file_larger_than(2000)

        def make_room(box: QMessageBox) -> None:
            said.append(box.informativeText())
            assert load(path).note == "first"
            full.__exit__(None, None, None)
            press("Try again")(box)

        full.__enter__()
        with answered((QMessageBox, make_room)):
            saved(files, qtbot)
        assert "The disk is full" in said[0]
        assert "still in this window" in said[0]
        assert str(load(path).title) == "Ours"
        assert session.is_saved

    def test_a_folder_that_is_gone_leads_to_another(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = path.parent / "stick"
        folder.mkdir()
        path = path.rename(folder / path.name)
        opened(files, path, qtbot)
        edit(session, "Ours")
        folder.rename(folder.with_name("unplugged"))
        other = path.parents[1] / "here.parley"
        monkeypatch.setattr(dialogs, "ask_save_path", lambda *_words: other)
        with answered((QMessageBox, press("Save as…"))):
            saved(files, qtbot)
        assert session.path == other
        assert load(folder.with_name("unplugged") / path.name).note == "first"

    def test_closed_after_a_failed_saving_the_work_is_still_there(
        self, window: MainWindow, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        """`Save` in the question at closing, and then the disk says no."""
        files, said = window.files, []
        opened(files, path, qtbot)
        edit(session, "Ours")
        path.parent.rename(path.parent.with_name("gone"))
        try:
            with answered(
                (QMessageBox, press("Save")), (QMessageBox, lambda box: (said.append(box.text()), press("Close")(box)))
            ):
                assert not window.close()
                qtbot.waitUntil(lambda: bool(said))
            assert window.isVisible()
            assert str(session.case.title) == "Ours"
        finally:
            path.parent.with_name("gone").rename(path.parent)


class TestWhileItRuns:
    def test_what_is_typed_during_a_saving_is_saved_by_the_next(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On a slow drive: Ctrl+S, a further edit, Ctrl+S again."""
        opened(files, path, qtbot)
        may_go, really = threading.Event(), casefile.save

        def slow(*words: Any, **options: Any) -> Any:
            may_go.wait(5)
            return really(*words, **options)

        monkeypatch.setattr(casefile, "save", slow)
        edit(session, "One")
        files.save()
        edit(session, "Two")
        files.save()
        may_go.set()
        qtbot.waitUntil(lambda: session.is_saved)
        assert str(load(path).title) == "Two"
        assert str(load(previous_version(path)).title) == "One"

    def test_what_is_typed_while_a_file_is_read_is_asked_about(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        may_go, really = threading.Event(), casefile.open_case

        def slow(*words: Any, **options: Any) -> Any:
            may_go.wait(5)
            return really(*words, **options)

        monkeypatch.setattr(casefile, "open_case", slow)
        files.open_path(path)
        edit(session, "Typed meanwhile")
        may_go.set()
        with answered((QMessageBox, press("Don't save"))), qtbot.waitSignal(files.opened):
            pass
        assert session.case.note == "first"

    def test_the_version_before_opens_as_a_copy(
        self, files: CaseFiles, session: StillSession, path: Path, qtbot: QtBot
    ) -> None:
        save(noted("second"), path)
        opened(files, previous_version(path), qtbot)
        assert session.case.note == "first"
        assert session.path is None
        assert not note_path(previous_version(path)).exists()
