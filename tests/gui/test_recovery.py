"""Unsaved work on disk while it is made, and the question about it at the next start."""

from __future__ import annotations

import itertools
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.case import Case
from core.casefile import default_case, load, save
from core.casefile.found import Found, Recovered, found
from core.casefile.owner import Owner, claim
from core.casefile.recovery import Recovery
from core.casefile.secrecy import CaseKey
from core.errors import CaseFileError, WrongPassword
from gui import dialogs, recovery, recovery_dialog, theme
from gui.app import App
from gui.recovery import Keeper
from gui.recovery_dialog import RecoveryDialog, place_of, title_of
from tests.gui.cases import StillSession

TOKEN, OTHER = "00112233445566ff", "ffeeddccbbaa0099"
AT = datetime(2025, 5, 22, 9, 30, tzinfo=UTC)
TODAY = date(2025, 5, 22)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    made = StillSession(default_case())
    yield made
    made.close()


@pytest.fixture
def store(folder: Path) -> Recovery:
    return Recovery(folder, TOKEN)


@pytest.fixture
def keeper(session: StillSession, store: Recovery) -> Iterator[Keeper]:
    made = Keeper(session, store)
    yield made
    made.close()


def note(session: StillSession, text: str) -> Case:
    session.apply("Note", edits.set_note(session.case, text))
    return session.case


def states(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.state"))


def left_behind(
    folder: Path,
    text: str = "left behind",
    path: Path | None = None,
    token: str = OTHER,
    key: CaseKey | None = None,
) -> Case:
    """As a killed process leaves it."""
    case = edits.set_note(default_case(), text)
    made = Recovery(folder, token)
    made.keep(case, path, key, at=AT)
    made.abandon()
    return case


class TestKeeper:
    def test_an_edit_is_on_disk_soon_and_gone_once_saved(
        self, session: StillSession, keeper: Keeper, folder: Path, qtbot: QtBot, tmp_path: Path
    ) -> None:
        with qtbot.waitSignal(keeper.kept) as kept:
            case = note(session, "first")
        assert kept.args == [case]
        assert states(folder) == ["000001.state"]
        with qtbot.waitSignal(keeper.kept) as dropped:
            session.mark_saved(case, tmp_path / "talks.parley")
        assert dropped.args == [None]
        assert states(folder) == []

    def test_undoing_back_to_the_saved_case_drops_it(
        self, session: StillSession, keeper: Keeper, folder: Path, qtbot: QtBot
    ) -> None:
        with qtbot.waitSignal(keeper.kept):
            note(session, "first")
        with qtbot.waitSignal(keeper.kept):
            session.undo_stack.undo()
        assert states(folder) == []

    def test_of_many_edits_the_newest_is_there(self, session: StillSession, keeper: Keeper, qtbot: QtBot) -> None:
        """Typing without a pause must not put the writing off: the first one starts the clock."""
        written: list[Case] = []
        keeper.kept.connect(written.append)
        typed = (note(session, f"edit {number}") for number in itertools.count())
        qtbot.waitUntil(lambda: next(typed) is not None and len(written) >= 3)
        assert session.undo_stack.count() > 10
        assert written[-1] is not session.case
        qtbot.waitUntil(lambda: written[-1] is session.case)

    def test_an_edit_during_the_writing_is_written_next(
        self, session: StillSession, keeper: Keeper, store: Recovery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        gate, begun = threading.Event(), threading.Event()
        keep = store.keep

        def slow(*words: Any, **options: Any) -> None:
            begun.set()
            gate.wait(10)
            keep(*words, **options)

        monkeypatch.setattr(store, "keep", slow)
        written: list[Case] = []
        keeper.kept.connect(written.append)
        first = note(session, "first")
        qtbot.waitUntil(begun.is_set)
        second = note(session, "second")
        gate.set()
        qtbot.waitUntil(lambda: len(written) == 2)
        assert written[0] is first
        assert written[1] is second

    def test_no_edit_waits_for_a_disk_that_is_busy_flushing(
        self, session: StillSession, keeper: Keeper, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The disk stands still until the end of the test, and every edit is there for the next start nevertheless."""
        gate, flushes, flush = threading.Event(), [], os.fsync

        def stuck(descriptor: int) -> None:
            flushes.append(descriptor)
            gate.wait(30)
            flush(descriptor)

        monkeypatch.setattr(os, "fsync", stuck)
        try:
            for number in range(1, 4):
                with qtbot.waitSignal(keeper.kept):
                    note(session, f"edit {number}")
                assert b"edit %d" % number in (folder / TOKEN / f"00000{number}.state").read_bytes()
            assert len(flushes) == 1
        finally:
            gate.set()
        qtbot.waitUntil(lambda: not keeper._flushing.is_running and len(flushes) >= 3)  # the newest is flushed too

    def test_what_cannot_be_flushed_is_said_once(
        self, session: StillSession, keeper: Keeper, store: Recovery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken() -> None:
            raise CaseFileError("The drive failed.")

        monkeypatch.setattr(store, "flush", broken)
        said: list[Exception] = []
        keeper.failed.connect(said.append)
        for number in range(3):
            with qtbot.waitSignal(keeper.kept):
                note(session, f"edit {number}")
            qtbot.waitUntil(lambda: bool(said) and not keeper._flushing.is_running)
        assert len(said) == 1

    def test_half_a_character_in_an_edit_is_kept_and_saved(
        self, session: StillSession, keeper: Keeper, folder: Path, qtbot: QtBot, tmp_path: Path
    ) -> None:
        with qtbot.waitSignal(keeper.kept):
            case = note(session, "no beef \ud800")
        assert case.note == "no beef \ufffd"
        save(case, tmp_path / "talks.parley")
        assert load(tmp_path / "talks.parley") == case

    def test_a_saving_during_the_writing_leaves_nothing(
        self, session: StillSession, keeper: Keeper, store: Recovery, folder: Path, qtbot: QtBot, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:  # fmt: skip
        gate, begun = threading.Event(), threading.Event()
        keep = store.keep

        def slow(*words: Any, **options: Any) -> None:
            begun.set()
            gate.wait(10)
            keep(*words, **options)

        monkeypatch.setattr(store, "keep", slow)
        case = note(session, "first")
        qtbot.waitUntil(begun.is_set)
        session.mark_saved(case, tmp_path / "talks.parley")
        with qtbot.waitSignals([keeper.kept, keeper.kept]):
            gate.set()
        assert states(folder) == []

    def test_writing_happens_beside_the_window(
        self, session: StillSession, keeper: Keeper, store: Recovery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        threads: list[threading.Thread] = []
        monkeypatch.setattr(store, "keep", lambda *_words, **_options: threads.append(threading.current_thread()))
        monkeypatch.setattr(store, "drop", lambda: threads.append(threading.current_thread()))
        with qtbot.waitSignal(keeper.kept):
            note(session, "first")
        with qtbot.waitSignal(keeper.kept):
            session.undo_stack.undo()
        assert len(threads) == 2
        assert threading.main_thread() not in threads

    def test_what_cannot_be_kept_is_said_once_and_tried_again(
        self, session: StillSession, keeper: Keeper, store: Recovery, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recovery, "RETRY_MS", 10)
        keep, tries = store.keep, []

        def full(*words: Any, **options: Any) -> None:
            tries.append(words)
            if len(tries) < 4:
                raise CaseFileError("The disk is full.")
            keep(*words, **options)

        monkeypatch.setattr(store, "keep", full)
        said: list[Exception] = []
        keeper.failed.connect(said.append)
        with qtbot.waitSignal(keeper.kept) as kept:
            case = note(session, "first")
        assert kept.args == [case]
        assert len(tries) == 4
        assert len(said) == 1

    def test_a_new_password_is_used_at_once(
        self, session: StillSession, keeper: Keeper, folder: Path, qtbot: QtBot
    ) -> None:
        class Key:
            def seal(self, data: bytes) -> bytes:
                return bytes(255 - each for each in data)

        with qtbot.waitSignal(keeper.kept):
            note(session, "marker-4411")
        assert any(b"marker-4411" in path.read_bytes() for path in folder.rglob("*.state"))
        with qtbot.waitSignal(keeper.kept):
            session.set_key(Key())
        assert states(folder) == ["000002.state"]
        assert not any(b"marker-4411" in path.read_bytes() for path in folder.rglob("*.state"))

    def test_closing_takes_the_entry_away_and_ends_following(
        self, session: StillSession, store: Recovery, folder: Path, qtbot: QtBot
    ) -> None:
        """The user chose not to save: that is an answer, not a crash."""
        made = Keeper(session, store)
        with qtbot.waitSignal(made.kept):
            note(session, "first")
        made.close()
        assert list(folder.iterdir()) == []
        with qtbot.assertNotEmitted(made.kept, wait=400):
            note(session, "second")


class TestAtTheStart:
    @pytest.fixture
    def choose(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[RecoveryDialog], None]], list[int]]:
        """What the user does in the dialog, instead of an endless wait for them; counts the dialogs."""

        def arrange(action: Callable[[RecoveryDialog], None]) -> list[int]:
            shown: list[int] = []

            def run(dialog: RecoveryDialog) -> int:
                shown.append(len(dialog._entries))
                dialog.show()
                action(dialog)
                return dialog.result()

            monkeypatch.setattr(RecoveryDialog, "exec", run)
            return shown

        return arrange

    @pytest.fixture
    def begin(self, session: StillSession, folder: Path, qtbot: QtBot) -> Iterator[Callable[[], Keeper]]:
        window, made = QWidget(), []
        qtbot.addWidget(window)

        def start() -> Keeper:
            keeper = recovery.start(session, lambda: window, folder)
            made.append(keeper)
            assert keeper.offer is not None
            with qtbot.waitSignal(keeper.offer.done):
                pass
            return keeper

        yield start
        for keeper in made:
            keeper.close()

    def test_what_is_opened_is_unsaved_and_belongs_to_its_file(
        self, session: StillSession, begin: Any, choose: Any, folder: Path, qtbot: QtBot, tmp_path: Path
    ) -> None:
        path = tmp_path / "talks.parley"
        save(default_case(), path)
        case = left_behind(folder, path=path)

        def open_it(dialog: RecoveryDialog) -> None:
            with qtbot.waitSignal(dialog.accepted):
                dialog.open_button.click()

        shown = choose(open_it)
        keeper = begin()
        assert shown == [1]
        assert session.case == case
        assert session.path == path
        assert not session.is_saved
        assert session.undo_stack.count() == 0
        with qtbot.waitSignal(keeper.kept):
            pass
        assert states(folder / OTHER) == ["000001.state", "000002.state"]
        assert load(path) == default_case(), "nothing is saved without being asked for"
        with qtbot.waitSignal(keeper.kept):
            session.mark_saved(session.case, path)
        assert states(folder) == []

    def test_the_file_of_what_was_opened_is_ours_again(
        self, session: StillSession, begin: Any, choose: Any, folder: Path, qtbot: QtBot, tmp_path: Path
    ) -> None:
        path = tmp_path / "talks.parley"
        save(default_case(), path)
        left_behind(folder, path=path)

        def open_it(dialog: RecoveryDialog) -> None:
            with qtbot.waitSignal(dialog.accepted):
                dialog.open_button.click()

        choose(open_it)
        begin()
        assert session.claim is not None
        assert isinstance(claim(path, "Lee", AT), Owner)

    def test_what_another_window_has_open_is_opened_as_a_copy(
        self, session: StillSession, begin: Any, choose: Any, folder: Path, qtbot: QtBot, tmp_path: Path
    ) -> None:
        """Saving must not write over what the other window is working on."""
        path = tmp_path / "talks.parley"
        save(default_case(), path)
        case = left_behind(folder, path=path)
        other = claim(path, "Lee", AT)

        def open_it(dialog: RecoveryDialog) -> None:
            with qtbot.waitSignal(dialog.accepted):
                dialog.open_button.click()

        choose(open_it)
        begin()
        assert session.case == case
        assert session.path is None
        other.release()

    def test_an_encrypted_case_comes_back_with_its_key(
        self, session: StillSession, begin: Any, choose: Any, folder: Path, qtbot: QtBot
    ) -> None:
        key = CaseKey.from_password("두루미")
        left_behind(folder, key=key)

        def open_it(dialog: RecoveryDialog) -> None:
            dialog.password.line.setText("두루미")
            with qtbot.waitSignal(dialog.accepted):
                dialog.open_button.click()

        choose(open_it)
        keeper = begin()
        assert session.case.note == "left behind"
        assert session.key is not None
        with qtbot.waitSignal(keeper.kept):
            pass
        assert not any(b"left behind" in state.read_bytes() for state in folder.rglob("*.state"))

    def test_what_is_kept_for_later_is_offered_again(
        self, session: StillSession, begin: Any, choose: Any, folder: Path
    ) -> None:
        left_behind(folder)
        before = session.case
        first = choose(lambda dialog: dialog.later_button.click())
        begin().close()
        assert session.case is before
        second = choose(lambda dialog: dialog.reject())
        begin()
        assert (first, second) == ([1], [1])
        assert states(folder) == ["000001.state"]

    def test_nothing_found_asks_nothing(self, begin: Any, choose: Any) -> None:
        shown = choose(lambda dialog: dialog.reject())
        begin()
        assert shown == []

    def test_a_delegate_who_is_typing_already_is_not_interrupted(
        self, session: StillSession, begin: Any, choose: Any, folder: Path
    ) -> None:
        left_behind(folder)
        shown = choose(lambda dialog: dialog.reject())
        note(session, "typed at once")
        begin()
        assert shown == []
        assert f"{OTHER}" in {path.parent.name for path in folder.rglob("*.state")}


class TestDialog:
    @pytest.fixture
    def make(self, qapp: QApplication, folder: Path, qtbot: QtBot) -> Callable[[], RecoveryDialog]:
        def made() -> RecoveryDialog:
            theme.apply(qapp, theme.Mode.LIGHT)
            dialog = RecoveryDialog(found(folder, today=TODAY))
            qtbot.addWidget(dialog)
            dialog.show()
            return dialog

        return made

    def test_each_is_named_with_its_file_and_time(self, make: Any, folder: Path) -> None:
        left_behind(folder, path=Path("/cases/talks.parley"))
        dialog = make()
        (entry,) = dialog._entries
        assert title_of(entry) == str(default_case().title)
        when, file = place_of(entry)
        assert when.startswith("changed 22 May 2025, ")
        assert file == "talks.parley in /cases"
        assert not dialog.password_row.isVisible()
        i18n.set_language("ko")
        assert title_of(entry) == default_case().title.ko

    def test_delete_asks_and_then_deletes_that_one(
        self, make: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left_behind(folder, "one", token=TOKEN)
        left_behind(folder, "two", token=OTHER)
        dialog = make()
        monkeypatch.setattr(recovery_dialog, "_ask_delete", lambda *_words: False)
        dialog.delete_button.click()
        assert dialog.list.count() == 2
        monkeypatch.setattr(recovery_dialog, "_ask_delete", lambda *_words: True)
        gone = dialog.entry.entry
        dialog.delete_button.click()
        assert not gone.exists()
        assert dialog.list.count() == 1
        dialog.delete_button.click()
        assert dialog.result() == RecoveryDialog.DialogCode.Accepted
        assert dialog.opened is None
        assert states(folder) == []

    def test_a_wrong_password_is_said_and_can_be_typed_again(
        self, make: Any, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        left_behind(folder)
        answers = {"right": Recovered(default_case(), None, None, None, AT, is_in_file=False)}

        def open_it(_entry: Found, password: str | None = None) -> Recovered:
            if password not in answers:
                raise WrongPassword("The password does not open the case.")
            return answers[password]

        monkeypatch.setattr(Found, "is_sealed", property(lambda _entry: True))
        monkeypatch.setattr(Found, "open", open_it)
        dialog = make()
        assert dialog.password_row.isVisible()
        assert title_of(dialog.entry) == "Encrypted case"
        assert place_of(dialog.entry)[1] == ""
        dialog.password.line.setText("wrong")
        dialog.open_button.click()
        qtbot.waitUntil(lambda: bool(dialog.note.text))
        assert "does not open" in dialog.note.text
        assert dialog.opened is None
        dialog.password.line.setText("right")
        with qtbot.waitSignal(dialog.accepted):
            dialog.open_button.click()
        assert dialog.opened is not None

    def test_what_the_file_holds_already_is_said_before_it_is_opened(
        self, make: Any, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Encrypted cases show only after the password that the file was saved later."""
        left_behind(folder)
        seen = Recovered(default_case(), None, None, None, AT, is_in_file=True)
        dialog = make()
        monkeypatch.setattr(Found, "open", lambda _entry, _password=None: seen)
        dialog.open_button.click()
        qtbot.waitUntil(lambda: bool(dialog.note.text))
        assert "saved afterwards" in dialog.note.text
        with qtbot.waitSignal(dialog.accepted):
            dialog.open_button.click()
        assert dialog.opened == (dialog.opened[0], seen)

    def test_damage_is_told_of(self, make: Any, folder: Path) -> None:
        left_behind(folder)
        (folder / OTHER / "000001.state").write_bytes(b"")
        dialog = make()
        assert title_of(dialog.entry) == "Damaged recovery file"
        assert str(folder / "damaged") in dialog.note.text
        assert not dialog.open_button.isEnabled()


def test_the_window_keeps_what_it_holds_from_its_first_paint_on(
    qapp: QApplication, session: StillSession, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "recovery_folder", lambda: folder)
    theme.apply(qapp, theme.Mode.LIGHT)
    app = App(qapp, session)
    app.window.painted.connect(app.keep_recovery)
    with qtbot.waitSignal(app.window.painted):
        app.show()
    assert app.keeper is not None
    with qtbot.waitSignal(app.keeper.kept):
        note(session, "first")
    assert states(folder) == ["000001.state"]
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda *_words: dialogs.Answer.DISCARD)
    monkeypatch.setattr(QApplication, "quit", lambda *_words: None)
    app.window.close()
    assert list(folder.iterdir()) == []
    app.window.dispose()


def test_the_folder_is_on_this_computer_and_the_users_own(qapp: QApplication) -> None:
    assert recovery.recovery_folder().is_relative_to(Path(os.environ["HOME"]).parent)
    assert recovery.recovery_folder().name == "recovery"
