"""File > Merge: a colleague's copy and this case together. Conflicts are chosen side by side; then it is one edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from core.casefile.difference import Difference, Names, differences, names_of
from core.casefile.merge import Conflict, Merge, Side, check_same_case, doubts, merge
from core.casefile.merging.wording import one_line
from core.errors import InputError
from core.i18n import _
from core.quantities import NOT_APPLICABLE
from gui import theme
from gui.jobs import IsCancelled, Job, Progress
from gui.merging.conflict import ConflictView, side_words
from gui.merging.sources import Base, Copy, CopyReader, ask_copy_path, known_bases, likeliest
from gui.session import Session
from gui.table_spec import Column, Content, Look, matcher
from gui.table_view import DataTable
from gui.widgets import AmberNote, Hairline, Words

SIZE: Final = (1040, 720)
_BASE_WIDTH: Final = 320
_CHOOSE, _TAKEN = 0, 1
_BOOKKEEPING: Final = ("history", "next_letter")


@dataclass(frozen=True)
class Outcome:
    """A merge as the dialog shows it, worked out beside the window."""

    merged: Merge
    doubts: tuple[str, ...]
    conflicts: Content
    taken: Content


@dataclass(frozen=True)
class _Start:
    """What the dialog begins with: the bases at hand, and which of them it most likely is."""

    bases: tuple[Base, ...]
    place: int
    names: Names


class MergeDialog(QDialog):
    """Asks from which version both copies come, and for a choice in every conflict; `Merge` is one step of undo."""

    def __init__(self, session: Session, theirs: Copy, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._theirs = session, theirs
        self._names = Names()
        self._bases: list[Base] = []
        self._choices: dict[str, Side] = {}
        self._outcome: Outcome | None = None
        self._wanted: Side | None = None  # all conflicts as this copy has it
        self._is_outdated = False
        self._job = Job(self)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._job.ended.connect(self._on_ended)
        self._reader = CopyReader(self)
        self._reader.read.connect(self._on_base_read)
        self.setWindowTitle(_("Merge"))
        self.resize(*SIZE)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._show_state()
        self._start()

    # Making it

    def _make_parts(self) -> None:
        self.title = Words(_("Merge with “{name}”").format(name=self._theirs.path.name), "title", wrap=True)
        self.base = QComboBox()
        self.base.setFixedWidth(_BASE_WIDTH)
        self.base.setAccessibleName(_("Both come from"))
        self.note = AmberNote()
        self.note.set_text("")
        self.pages_bar = QTabBar()
        self.pages_bar.setDrawBase(False)
        self.pages_bar.setExpanding(False)
        self.pages_bar.setAccessibleName(_("Pages"))
        self.pages_bar.addTab(_("To choose"))
        self.pages_bar.addTab(_("Comes in"))
        self.conflicts = DataTable(_("To choose"))
        self.view = ConflictView()
        self.taken = DataTable(_("Comes in"))
        self.empty = Words(_("Reading…"), muted=True, wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget()
        self.state = Words(muted=True)
        self.all_ours = QPushButton(_("All as in this case"))
        self.all_theirs = QPushButton(_("All as in the other copy"))
        self.cancel_button = QPushButton(_("Cancel"))
        self.merge_button = QPushButton(_("Merge"))
        self.merge_button.setDefault(True)

    def _lay_out(self) -> None:
        for page in (self._choosing(), self.taken, self.empty):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self.note)
        column.addLayout(self._bar())
        column.addWidget(Hairline())
        column.addWidget(self.pages, 1)
        column.addWidget(Hairline())
        column.addLayout(self._foot())

    def _head(self) -> QHBoxLayout:
        base_label = Words(_("Both come from"), muted=True)
        base_label.setBuddy(self.base)
        row = QHBoxLayout()
        row.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S12)
        row.setSpacing(theme.S8)
        row.addWidget(self.title, 1)
        row.addWidget(base_label)
        row.addWidget(self.base)
        return row

    def _bar(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.S12, theme.S4, theme.S16, 0)
        row.addWidget(self.pages_bar)
        row.addStretch(1)
        return row

    def _choosing(self) -> QWidget:
        """The conflicts above, the current one side by side below."""
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.conflicts)
        split.addWidget(self.view)
        split.setChildrenCollapsible(False)
        split.setSizes([220, 320])
        split.setAutoFillBackground(True)
        split.setBackgroundRole(QPalette.ColorRole.Base)
        return split

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S12)
        row.setSpacing(theme.S8)
        for button in (self.all_ours, self.all_theirs):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addSpacing(theme.S8)
        row.addWidget(self.state, 1)
        for button in (self.cancel_button, self.merge_button):
            row.addWidget(button)
        return row

    def _connect(self) -> None:
        self.base.activated.connect(self._on_base_chosen)
        self.pages_bar.currentChanged.connect(self._on_page_chosen)
        self.conflicts.view.moved.connect(self._show_current)
        self.conflicts.view.opened.connect(self._on_opened)
        self.view.chosen.connect(self._on_chosen)
        self.all_ours.clicked.connect(lambda: self._choose_all(Side.OURS))
        self.all_theirs.clicked.connect(lambda: self._choose_all(Side.THEIRS))
        self.cancel_button.clicked.connect(self.reject)
        self.merge_button.clicked.connect(self.apply)

    # Working it out, beside the window

    def _start(self) -> None:
        session, theirs = self._session, self._theirs
        ours, saved, path, pack = session.case, session.saved_case, session.path, session.pack
        keys = (session.key, session.saved_key, theirs.opened.key)

        def task(progress: Progress, cancelled: IsCancelled) -> _Start:
            bases = known_bases(saved, path, keys)
            names = names_of(pack) if pack is not None else Names()
            return _Start(bases, likeliest(bases, ours, theirs.opened.case), names)

        self._job.start(task)

    def _work_out(self) -> None:
        """The merge with the choices made so far; an older one that runs is not shown any more."""
        place = self.base.currentIndex()
        if self._job.is_running or not 0 <= place < len(self._bases):
            self._is_outdated = self._job.is_running
            return
        self._is_outdated = False
        base, ours, theirs = self._bases[place].case, self._session.case, self._theirs.opened.case
        names, choices, wanted = self._names, dict(self._choices), self._wanted

        def task(progress: Progress, cancelled: IsCancelled) -> Outcome:
            check_same_case(base, ours, theirs)
            merged = merge(base, ours, theirs, choices=choices if wanted is None else {}, names=names)
            return _outcome(merged if wanted is None else merged.all_from(wanted))

        self._job.start(task)

    def _on_finished(self, found: object) -> None:
        if isinstance(found, _Start):
            self._names = found.names
            self._bases = list(found.bases)
            self._fill_bases(found.place)
            self._work_out()
        elif isinstance(found, Outcome) and not self._is_outdated:
            self._show(found)

    def _on_ended(self) -> None:
        if self._is_outdated:
            self._work_out()

    def _on_failed(self, error: Exception) -> None:
        self._outcome = None
        self._is_outdated = False
        message = error.message() if isinstance(error, InputError) else f"{type(error).__name__}: {error}"
        self.empty.setText(message)
        self.pages.setCurrentWidget(self.empty)
        self.base.setEnabled(bool(self._bases))
        self._bases = self._bases if isinstance(error, InputError) else []
        self._show_state()

    # What it shows

    def _fill_bases(self, place: int) -> None:
        self.base.clear()
        for each in self._bases:
            self.base.addItem(each.words)
        self.base.addItem(_("Another file…"))
        self.base.setCurrentIndex(place if self._bases else -1)
        if not self._bases:
            self.empty.setText(_("Choose the version that both copies come from."))

    def _show(self, found: Outcome) -> None:
        is_first = self._outcome is None
        self._outcome, self._wanted = found, None
        self._choices = {each.id: each.chosen for each in found.merged.conflicts if each.chosen is not None}
        self.note.set_text("\n".join((*found.doubts, *self._key_words(), *found.merged.notes)))
        self.conflicts.set_content(found.conflicts)
        self.taken.set_content(found.taken)
        self.pages_bar.setTabText(_CHOOSE, _("To choose ({count})").format(count=found.conflicts.count))
        self.pages_bar.setTabText(_TAKEN, _("Comes in ({count})").format(count=found.taken.count))
        self.pages_bar.setTabEnabled(_CHOOSE, bool(found.conflicts.count))
        if is_first:
            self.pages_bar.setCurrentIndex(_CHOOSE if found.conflicts.count else _TAKEN)
            self.conflicts.focus_rows()
        elif not found.conflicts.count:
            self.pages_bar.setCurrentIndex(_TAKEN)
        self._show_page()
        self._show_current()
        self._show_state()

    def _key_words(self) -> tuple[str, ...]:
        if self._theirs.opened.key is None or self._session.key is not None:
            return ()
        return (_("The other copy is encrypted: the merged case will be saved with its password."),)

    def _on_page_chosen(self, _place: int) -> None:
        self._show_page()

    def _show_page(self) -> None:
        if self._outcome is None:
            self.pages.setCurrentWidget(self.empty)
        elif self.pages_bar.currentIndex() == _TAKEN and not self._outcome.taken.count:
            self.empty.setText(_("The other copy adds nothing to this case without a question."))
            self.pages.setCurrentWidget(self.empty)
        else:
            self.pages.setCurrentIndex(self.pages_bar.currentIndex())

    def _current(self) -> Conflict | None:
        key = self.conflicts.current_key()
        found = self._outcome.merged.conflicts if self._outcome is not None else ()
        return next((each for each in found if each.id == key), found[0] if found else None)

    def _show_current(self, _row: int = 0, _column: str = "") -> None:
        conflict = self._current()
        self.view.show_conflict(conflict, self._choices.get(conflict.id) if conflict is not None else None)

    def _show_state(self) -> None:
        found = self._outcome
        count = len(found.merged.conflicts) if found is not None else 0
        chosen = count - len(found.merged.open_conflicts) if found is not None else 0
        words = _("{chosen} of {count} chosen").format(chosen=chosen, count=count)
        self.state.setText(words if count else "")
        for button in (self.all_ours, self.all_theirs):
            button.setVisible(bool(count))
        is_ready = found is not None and chosen == count
        self.merge_button.setEnabled(is_ready and found is not None and found.merged.case != self._session.case)

    # What the user does

    def _on_base_chosen(self, place: int) -> None:
        if place < len(self._bases):
            self._begin_again()
            return
        path = ask_copy_path(self, _("The version that both copies come from"))
        if path is not None:
            self._reader.start(path, self._session.key or self._theirs.opened.key)
        self.base.setCurrentIndex(0 if self._bases else -1)

    def _on_base_read(self, copy: Copy) -> None:
        self._bases.append(Base(copy.path.name, copy.opened.case))
        self._fill_bases(len(self._bases) - 1)
        self._begin_again()

    def _begin_again(self) -> None:
        """Another base asks other questions."""
        self._choices, self._outcome = {}, None
        self.merge_button.setEnabled(False)
        self._work_out()

    def _on_opened(self, _row: int, _column: str) -> None:
        """Enter on a conflict: to the choice."""
        self._show_current()
        half = self.view.halves[self._choices.get(self._conflict_id(), Side.OURS)]
        half.button.setFocus()

    def _conflict_id(self) -> str:
        conflict = self._current()
        return conflict.id if conflict is not None and self._choices.get(conflict.id) is not Side.BOTH else ""

    def _on_chosen(self, conflict_id: str, side: Side) -> None:
        self._choices[conflict_id] = side
        self._again()

    def _choose_all(self, side: Side) -> None:
        self._wanted = side
        self._again()

    def _again(self) -> None:
        self.merge_button.setEnabled(False)
        self._work_out()

    def apply(self) -> None:
        """One edit of the case; what someone else saved under our file's name has been taken in with it."""
        if self._outcome is None or self._outcome.merged.open_conflicts or self._job.is_running:
            return
        session, theirs = self._session, self._theirs
        session.apply(_("Merge with {name}").format(name=theirs.path.name), self._outcome.merged.case)
        if session.path is not None and theirs.path == session.path:
            session.mark_seen(theirs.opened.seen)
        if session.key is None and theirs.opened.key is not None:
            session.set_key(theirs.opened.key)
        self.accept()

    # Going

    def done(self, result: int) -> None:
        self._stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def _stop(self) -> None:
        self._job.close()
        self._reader.close()


def _outcome(merged: Merge) -> Outcome:
    taken = [
        each
        for each in differences(merged.ours, merged.case, merged.names)
        if each.path[0] not in _BOOKKEEPING and not _is_asked(each, merged.conflicts)
    ]
    told = doubts(merged.base, merged.ours, merged.theirs)
    return Outcome(merged, told, _conflict_table(merged.conflicts), _taken_table(taken))


def _is_asked(difference: Difference, conflicts: Sequence[Conflict]) -> bool:
    """Whether it came in because someone chose so: it stands among the conflicts then."""
    return any(_covers(each.id.split("/"), difference.path) for each in conflicts)


def _covers(asked: Sequence[str], path: Sequence[str]) -> bool:
    """asked: the steps of a conflict; one step can name several fields or parts."""
    return len(asked) <= len(path) and all(
        step in each.split("+") for each, step in zip(asked, path[: len(asked)], strict=True)
    )


def _conflict_table(conflicts: Sequence[Conflict]) -> Content:
    cells: Mapping[str, Sequence[str]] = {
        "choice": [side_words(each.chosen) if each.chosen is not None else _("choose") for each in conflicts],
        "what": [one_line(each.subject) for each in conflicts],
        "ours": [one_line(each.ours) for each in conflicts],
        "theirs": [one_line(each.theirs) for each in conflicts],
    }
    columns = (
        Column("what", _("What"), stretch=True, keeps_end=True),
        Column("ours", side_words(Side.OURS), stretch=True),
        Column("theirs", side_words(Side.THEIRS), stretch=True),
        Column("choice", _("Choice"), look=Look.MUTED, width=130),
    )
    return _table(columns, [each.id for each in conflicts], cells)


def _taken_table(taken: Sequence[Difference]) -> Content:
    cells: Mapping[str, Sequence[str]] = {
        "what": [one_line(each.subject) for each in taken],
        "before": [one_line(each.before) or NOT_APPLICABLE for each in taken],
        "after": [_after(each) for each in taken],
    }
    columns = (
        Column("what", _("What"), stretch=True, keeps_end=True),
        Column("before", side_words(Side.OURS), look=Look.MUTED, stretch=True),
        Column("after", _("Merged"), stretch=True),
    )
    return _table(columns, [f"{place}" for place in range(len(taken))], cells)


def _after(difference: Difference) -> str:
    bare = {"added": _("added"), "removed": _("removed")}
    return one_line(difference.after) or bare.get(difference.kind.value, NOT_APPLICABLE)


def _table(columns: tuple[Column, ...], keys: list[str], cells: Mapping[str, Sequence[str]]) -> Content:
    words = [" ".join(parts).casefold() for parts in zip(*cells.values(), strict=True)]
    return Content(columns=columns, keys=keys, cells=cells, match=matcher(words), named_by="what")
