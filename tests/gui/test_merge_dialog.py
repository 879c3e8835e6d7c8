"""Merging in the window: side by side, nothing lost, one step of undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from core import casefile, edits, i18n
from core.case import BarrierState, Case, RateForm
from core.casefile import default_case, open_case, save
from core.casefile.merge import Side
from core.casefile.secrecy import CaseKey
from core.errors import NeedsPassword
from core.history import numbered, stamped
from core.text import LocalText
from gui import dialogs, theme
from gui.case_files import CaseFiles
from gui.history_dialog import local_words
from gui.main_window import MainWindow
from gui.merging import dialog as merge_dialog
from gui.merging import sources as merge_sources
from gui.merging.dialog import MergeDialog
from gui.merging.sources import Copy, CopyReader, known_bases, likeliest, read_copy
from tests.gui.cases import StillSession

RATE, NOTE = 0, 1  # rows of the two conflicts
MORNING = datetime(2025, 5, 22, 9, 30, tzinfo=UTC)
Edit = Callable[[Case], Case]


def by(who: str, base: Case, *made: Edit) -> Case:
    case, ids = base, numbered(who)
    for hour, edit in enumerate(made):
        case = stamped(case, edit(case), "Edit", at=MORNING + timedelta(hours=hour), who=who, make_id=ids)
    return case


def rate(text: str) -> Edit:
    return lambda case: edits.set_cell_rate(case, "C", "autos", Decimal(text), RateForm.TOTAL, date(2025, 8, 1))


def note(text: str) -> Edit:
    return lambda case: edits.set_note(case, text)


def ours() -> Case:
    return by("kim", default_case(), rate("0.1"), note("from Kim"))


def theirs() -> Case:
    """A rate and a note that conflict, and a barrier that does not."""
    raised: Edit = lambda case: edits.set_barrier(case, "trq", state=BarrierState.RAISED)  # noqa: E731
    return by("lee", default_case(), rate("0.125"), note("from Lee"), raised)


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    """Opened as the default case, then edited; not saved since."""
    theme.apply(qapp, "light")
    made = StillSession(default_case())
    for edit in (rate("0.1"), note("from Kim")):
        made.apply("Edit", edit(made.case))
    yield made
    made.close()


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return stored(tmp_path / "lee.parley", theirs())


def stored(path: Path, case: Case, key: CaseKey | None = None) -> Copy:
    save(case, path, key=key)
    return read_copy(path, key)


@pytest.fixture
def dialog(qtbot: QtBot, session: StillSession, copy: Copy) -> Iterator[MergeDialog]:
    made = opened(qtbot, session, copy)
    yield made
    made.done(0)


def opened(qtbot: QtBot, session: StillSession, copy: Copy) -> MergeDialog:
    made = MergeDialog(session, copy)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made._outcome is not None)
    return made


def column(dialog: MergeDialog, table: str, name: str) -> list[str]:
    model = getattr(dialog, table).model
    return [model.text(row, model.column_of(name)) for row in range(model.rowCount())]


def choose(dialog: MergeDialog, qtbot: QtBot, row: int, side: Side) -> None:
    """As a user does: the row, then the button."""
    key = dialog.conflicts.model.key_at(row)
    assert dialog.conflicts.select_key(key)
    button = dialog.view.both if side is Side.BOTH else dialog.view.halves[side].button
    with qtbot.waitSignal(dialog._job.ended):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))


class TestChoosing:
    def test_both_values_with_who_and_when(self, dialog: MergeDialog) -> None:
        assert column(dialog, "conflicts", "ours")[RATE] == "10\N{NO-BREAK SPACE}%"
        assert column(dialog, "conflicts", "theirs")[RATE] == "12.5\N{NO-BREAK SPACE}%"
        assert column(dialog, "conflicts", "choice") == ["choose", "choose"]
        assert dialog.conflicts.select_key(dialog.conflicts.model.key_at(RATE))
        assert dialog.view.halves[Side.THEIRS].text.text() == "12.5\N{NO-BREAK SPACE}%"
        assert dialog.view.halves[Side.THEIRS].made.text() == f"lee · {local_words(MORNING)}"
        assert "15\N{NO-BREAK SPACE}%" in dialog.view.before.text()
        assert dialog.view.why.text() == "Both copies changed it."

    def test_what_comes_in_without_a_question(self, dialog: MergeDialog) -> None:
        assert column(dialog, "taken", "what") == ["Barrier Farm tariff-rate quotas › State"]
        assert column(dialog, "taken", "after") == ["Raised"]
        assert dialog.pages_bar.tabText(1) == "Comes in (1)"

    def test_merge_waits_for_every_choice(self, dialog: MergeDialog, qtbot: QtBot) -> None:
        assert not dialog.merge_button.isEnabled()
        choose(dialog, qtbot, RATE, Side.THEIRS)
        assert dialog.state.text() == "1 of 2 chosen"
        assert column(dialog, "conflicts", "choice") == ["The other copy", "choose"]
        assert not dialog.merge_button.isEnabled()
        choose(dialog, qtbot, NOTE, Side.BOTH)
        assert dialog.merge_button.isEnabled()

    def test_texts_can_both_be_kept_and_rates_cannot(self, dialog: MergeDialog) -> None:
        assert dialog.conflicts.select_key("note")
        assert dialog.view.both.isVisible()
        assert dialog.conflicts.select_key(dialog.conflicts.model.key_at(RATE))
        assert not dialog.view.both.isVisible()

    @pytest.mark.parametrize(("side", "expected"), [(Side.OURS, "0.1"), (Side.THEIRS, "0.125")])
    def test_all_as_in_one_copy(
        self, dialog: MergeDialog, session: StillSession, qtbot: QtBot, side: Side, expected: str
    ) -> None:
        button = dialog.all_ours if side is Side.OURS else dialog.all_theirs
        with qtbot.waitSignal(dialog._job.ended):
            button.click()
        dialog.merge_button.click()
        (change,) = [change for change in session.case.scenario("C").changes if change.duty == "autos"]
        assert str(getattr(change, "rate", "")) == expected

    def test_clicking_through_conflicts_chooses_nothing(self, dialog: MergeDialog) -> None:
        for row in (0, 1, 0):
            assert dialog.conflicts.select_key(dialog.conflicts.model.key_at(row))
        assert dialog.state.text() == "0 of 2 chosen"
        assert not any(half.button.isChecked() for half in dialog.view.halves.values())


class TestApplying:
    def test_one_step_of_undo_with_all_of_it(self, dialog: MergeDialog, session: StillSession, qtbot: QtBot) -> None:
        before, steps = session.case, session.undo_stack.count()
        choose(dialog, qtbot, NOTE, Side.BOTH)
        choose(dialog, qtbot, RATE, Side.THEIRS)
        dialog.merge_button.click()
        assert dialog.result() == MergeDialog.DialogCode.Accepted
        assert session.undo_stack.count() == steps + 1
        assert session.undo_stack.undoText() == "Merge with lee.parley"
        assert session.case.note == "from Kim / from Lee"
        assert session.case.barrier("trq").state is BarrierState.RAISED
        assert [entry.who for entry in session.case.history].count("lee") == 3
        assert session.case.history[-1].what == "Merge with lee.parley"
        session.undo_stack.undo()
        assert session.case is before

    def test_cancel_leaves_the_case(self, dialog: MergeDialog, session: StillSession) -> None:
        before = session.case
        dialog.cancel_button.click()
        assert session.case is before

    def test_a_copy_that_adds_nothing(self, qtbot: QtBot, session: StillSession, tmp_path: Path) -> None:
        dialog = opened(qtbot, session, stored(tmp_path / "same.parley", default_case()))
        assert not dialog.merge_button.isEnabled()
        assert "adds nothing" in dialog.empty.text()
        dialog.done(0)

    def test_what_someone_saved_over_our_file_is_taken_into_account(
        self, qtbot: QtBot, session: StillSession, tmp_path: Path
    ) -> None:
        """After the merge, saving may replace what was found there."""
        path = tmp_path / "talks.parley"
        seen = save(default_case(), path)
        session.mark_saved(session.case, path, seen=seen)
        session.apply("More", edits.set_barrier(session.case, "trq", owner="MAFRA"))
        save(by("lee", session.saved_case or default_case(), note("from Lee")), path)
        copy = read_copy(path, None)
        dialog = opened(qtbot, session, copy)
        assert dialog.base.currentText() == "The case as last opened or saved here"
        dialog.merge_button.click()
        assert session.seen == copy.opened.seen
        assert (session.case.note, session.case.barrier("trq").owner) == ("from Lee", "MAFRA")
        casefile.save(session.case, path, seen=session.seen)

    def test_an_encrypted_copy_makes_an_encrypted_case(
        self, qtbot: QtBot, session: StillSession, tmp_path: Path
    ) -> None:
        key = CaseKey.from_password("correct horse")
        copy = stored(tmp_path / "lee.parley", by("lee", default_case(), rate("0.1")), key)
        dialog = opened(qtbot, session, copy)
        assert "saved with its password" in dialog.note.text
        dialog._choose_all(Side.OURS)
        qtbot.waitUntil(dialog.merge_button.isEnabled)
        dialog.merge_button.click()
        assert session.key is key


class TestBase:
    def test_the_version_before_where_the_saved_one_is_newer_than_the_copy(
        self, qtbot: QtBot, session: StillSession, tmp_path: Path, copy: Copy
    ) -> None:
        """We saved since Lee took the copy: the file now is no base, the version before it is."""
        path = tmp_path / "talks.parley"
        save(default_case(), path)
        seen = save(session.case, path)
        session.mark_saved(session.case, path, seen=seen)
        dialog = opened(qtbot, session, copy)
        assert dialog.base.currentText() == "The version before it, talks.parley~"
        assert dialog.conflicts.model.rowCount() == 2
        assert dialog.note.text == ""
        dialog.done(0)

    def test_a_doubtful_base_is_said(self, qtbot: QtBot, session: StillSession, copy: Copy) -> None:
        session.mark_saved(session.case, Path("nowhere.parley"))
        dialog = opened(qtbot, session, copy)
        assert "the other copy never had" in dialog.note.text
        dialog.done(0)

    def test_another_file(
        self, qtbot: QtBot, session: StillSession, copy: Copy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session.mark_saved(session.case, Path("nowhere.parley"))
        dialog = opened(qtbot, session, copy)
        base = tmp_path / "base.parley"
        save(default_case(), base)
        monkeypatch.setattr(merge_dialog, "ask_copy_path", lambda *_a: base)
        with qtbot.waitSignal(dialog._reader.read):
            dialog._on_base_chosen(dialog.base.count() - 1)
        qtbot.waitUntil(lambda: dialog._outcome is not None)
        assert dialog.base.currentText() == "base.parley"
        assert dialog.note.text == ""
        assert dialog.conflicts.model.rowCount() == 2
        dialog.done(0)

    def test_copies_of_different_cases_are_refused(self, qtbot: QtBot, session: StillSession, tmp_path: Path) -> None:
        copy = stored(tmp_path / "x.parley", replace(default_case(), id="another"))
        dialog = MergeDialog(session, copy)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(lambda: "different cases" in dialog.empty.text())
        assert not dialog.merge_button.isEnabled()
        dialog.done(0)

    def test_known_bases(self, tmp_path: Path) -> None:
        """The version before is opened with any key at hand; one that cannot be opened is left out."""
        path, key = tmp_path / "talks.parley", CaseKey.from_password("correct horse")
        save(default_case(), path, key=key)
        save(ours(), path, key=key)
        found = known_bases(None, path, (None, key))
        assert [base.case for base in found] == [default_case()]
        assert known_bases(None, path, (None,)) == ()
        assert likeliest(found, ours(), theirs()) == 0


class TestReading:
    def test_a_copy_of_our_own_file_needs_no_password(self, tmp_path: Path) -> None:
        path, key = tmp_path / "x.parley", CaseKey.from_password("correct horse")
        save(default_case(), path, key=key)
        assert read_copy(path, key).opened.case == default_case()
        with pytest.raises(NeedsPassword):
            read_copy(path, CaseKey.from_password("correct horse"))
        with pytest.raises(NeedsPassword):
            read_copy(path, None)

    def test_a_file_that_is_none_is_said(
        self, qtbot: QtBot, session: StillSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[Exception] = []
        monkeypatch.setattr(dialogs, "show_error", lambda _parent, error: told.append(error))
        window = MainWindow(session, Shell())
        qtbot.addWidget(window)
        reader = CopyReader(window)
        path = tmp_path / "x.parley"
        path.write_text("hello")
        with qtbot.waitSignal(reader._job.ended):
            reader.start(path, None)
        assert "not a Parley case" in str(told[0])
        window.dispose()

    def test_from_the_menu(
        self,
        qtbot: QtBot,
        session: StillSession,
        copy: Copy,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """File > Merge asks for the file and opens the dialog with it; so does the question after a refused saving."""
        seen: list[Path] = []
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_a: (str(copy.path), ""))

        def leave(dialog: MergeDialog) -> None:
            seen.append(dialog._theirs.path)
            dialog.reject()

        monkeypatch.setattr(MergeDialog, "exec", leave)
        window = MainWindow(session, Shell())
        qtbot.addWidget(window)
        window.together.merge_action.trigger()
        qtbot.waitUntil(lambda: len(seen) == 1)
        window.files.merge_wanted.emit(copy.path)
        qtbot.waitUntil(lambda: len(seen) == 2)
        assert seen == [copy.path] * 2
        assert isinstance(window.files, CaseFiles)
        window.dispose()


class Shell:
    def set_language(self, language: str) -> None: ...
    def set_theme(self, mode: theme.Mode) -> None: ...
    def set_compact(self, compact: bool) -> None: ...


@pytest.mark.parametrize(("language", "mode"), [("en", "light"), ("ko", "dark")])
def test_it_opens_in_both_languages_and_themes(
    qtbot: QtBot, qapp: QApplication, session: StillSession, tmp_path: Path, language: str, mode: str
) -> None:
    """Long texts on both sides: nothing of the dialog is pushed out of the window."""
    i18n.set_language(language)
    theme.apply(qapp, mode)
    long = LocalText("A position " * 80, "우리 입장 " * 80)
    copy = stored(
        tmp_path / "x.parley", by("lee", default_case(), lambda c: edits.set_barrier(c, "trq", position=long))
    )
    session.apply("x", edits.set_barrier(session.case, "trq", position=LocalText("Other " * 90, "다른 " * 90)))
    dialog = opened(qtbot, session, copy)
    assert dialog.width() == merge_dialog.SIZE[0]
    assert dialog.merge_button.geometry().bottom() < dialog.height()
    dialog.done(0)
    theme.apply(qapp, "light")


def test_the_reader_says_nothing_after_closing(qapp: QApplication, copy: Copy, session: StillSession) -> None:
    reader = merge_sources.CopyReader(MainWindow(session, Shell()))
    reader.start(copy.path, None)
    reader.close()
    assert open_case(copy.path).case == theirs()
