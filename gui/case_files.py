"""New, open, save: between the session and the disk, with the question about unsaved changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMetaMethod, QObject, Signal
from PySide6.QtWidgets import QWidget

from core import casefile
from core.case import Case
from core.casefile.owner import Claim, Owner
from core.errors import CaseFileError, ChangedOnDisk
from core.i18n import _
from gui import settings
from gui.case_opening import OpenedFile, Opening, claim_file, is_on
from gui.jobs import IsCancelled, Job, Progress, Task
from gui.session import Session

if TYPE_CHECKING:
    from core.casefile.secrecy import CaseKey

_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def _dialogs() -> ModuleType:
    """Imported when first needed: the window does not wait for it."""
    from gui import dialogs

    return dialogs


def suggested_name(case: Case) -> str:
    """A file name from the case's title, without what file systems refuse."""
    words = _NOT_IN_NAMES.sub(" ", str(case.title)).split()
    return " ".join(words).strip(" .") or "Parley"


@dataclass(frozen=True)
class _Saved:
    """What is on disk now. claim: the note beside it."""

    case: Case
    path: Path
    key: CaseKey | None
    seen: casefile.Seen
    claim: Claim


class CaseFiles(QObject):
    """The File menu's actions on one session. Reading and writing run in the background; `opened`, `saved` tell.

    merge_wanted: the file that someone else has changed, to be merged with the case; offered if anyone listens.
    """

    saved = Signal(object)  # Path
    opened = Signal(object)  # Path, or None for a copy
    closed = Signal()
    merge_wanted = Signal(object)  # Path

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._job = Job(self)
        self._job.finished.connect(self._on_saved)
        self._job.failed.connect(self._on_failed)
        self._opening = Opening(window)
        self._opening.opened.connect(self._on_opened)
        self._before_opening: Case | None = None
        self._afterwards: Callable[[], None] | None = None
        self._target = Path()  # of the saving that runs
        self._next: Path | None = None  # asked for while one runs

    # New and open

    def new(self) -> None:
        """A case with the law alone, for the partner and the days asked for."""
        self._unless_unsaved(self._make_new)

    def open(self) -> None:
        self._unless_unsaved(self._ask_and_open)

    def open_path(self, path: Path) -> None:
        """Open this file; `opened` follows unless something stands against it."""
        self._unless_unsaved(lambda: self._open(path))

    def ask_about_owner(self, owner: Owner) -> None:
        """The case that the program was started with is open elsewhere: go on with it, or with a copy."""
        path, dialogs = self._session.path, _dialogs()
        if path is None:
            return
        if dialogs.ask_open_elsewhere(self._window, path.name, owner) is dialogs.Answer.ANYWAY:
            found = claim_file(path, anyway=True)
            self._session.hold(found if isinstance(found, Claim) else None)
        else:
            self._session.replace_case(self._session.case, None)

    def _make_new(self) -> None:
        if self._session.pack is None:
            return
        from gui.new_case_dialog import NewCaseDialog  # opened rarely: the window does not wait for it

        dialog = NewCaseDialog(self._session.pack, self._session.case, self._window)
        if dialog.exec():
            self._session.replace_case(dialog.case(), None)

    def _ask_and_open(self) -> None:
        path = _dialogs().ask_open_path(self._window)
        if path is not None:
            self._open(path)

    def _open(self, path: Path) -> None:
        self._before_opening = self._session.case
        self._opening.open(path, self._session.claim)

    def _on_opened(self, found: OpenedFile) -> None:
        """What was typed while the file was being read is asked about first."""
        session, opened = self._session, found.opened
        if not session.is_saved and session.case is not self._before_opening:
            found.give_back(session.claim)
            self.open_path(found.asked)
            return
        session.replace_case(opened.case, found.path, key=opened.key, seen=opened.seen, claim=found.claim)
        settings.note_file(found.asked, is_encrypted=opened.key is not None)
        self.opened.emit(found.path)

    # Save

    def save(self) -> None:
        """Save where it came from; a case that was never saved asks where."""
        if self._session.path is None:
            self.save_as()
        else:
            self._save_to(self._session.path)

    def save_as(self) -> None:
        path = _dialogs().ask_save_path(self._window, suggested_name(self._session.case))
        if path is None:
            self._afterwards = None
        else:
            self._save_to(path)

    def may_close(self) -> bool:
        """Whether the window may go now; if the user wants to save first, `closed` follows the saving."""
        if self._session.is_saved:
            return True
        answer = _dialogs().ask_unsaved(self._window, self._name())
        if answer is _dialogs().Answer.SAVE:
            self._afterwards = self.closed.emit
            self.save()
        return answer is _dialogs().Answer.DISCARD

    def close(self) -> None:
        """Wait for what runs; say nothing any more."""
        self._job.close()
        self._opening.close()

    def _name(self) -> str:
        path = self._session.path
        return path.name if path is not None else str(self._session.case.title)

    def _unless_unsaved(self, action: Callable[[], None]) -> None:
        if self._session.is_saved:
            action()
            return
        answer = _dialogs().ask_unsaved(self._window, self._name())
        if answer is _dialogs().Answer.DISCARD:
            action()
        elif answer is _dialogs().Answer.SAVE:
            self._afterwards = action
            self.save()

    def _save_to(self, path: Path, aside: str = "") -> None:
        """aside: the name under which to keep what someone else has saved there."""
        if self._job.is_running:
            self._next = path
            return
        self._target = path
        self._job.start(self._saving(path, aside))

    def _saving(self, path: Path, aside: str) -> Task:
        session = self._session
        case, key, ours = session.case, session.key, session.claim
        is_same = session.path == path
        seen, former = (session.seen, session.saved_key) if is_same else (None, None)

        def task(progress: Progress, cancelled: IsCancelled) -> _Saved:
            note = ours if ours is not None and is_on(ours, path) else _noted(path)
            try:
                expected = casefile.keep_aside(path, aside)[1] if aside else seen
                found = casefile.save(case, path, key=key, former=former, seen=expected)
            except BaseException:
                if note is not ours:
                    note.release()
                raise
            return _Saved(case, path, key, found, note)

        return task

    def _on_saved(self, done: _Saved) -> None:
        self._session.hold(done.claim)
        self._session.mark_saved(done.case, done.path, key=done.key, seen=done.seen)
        settings.note_file(done.path, is_encrypted=done.key is not None)
        self.saved.emit(done.path)
        further, self._next = self._next, None
        if further is not None and not (self._session.is_saved and further == done.path):
            self._save_to(further)
            return
        afterwards, self._afterwards = self._afterwards, None
        if afterwards is not None:
            afterwards()

    # What stands against it

    def _on_failed(self, error: Exception) -> None:
        self._next = None
        path, answers = self._target, _dialogs().Answer
        aside = _name_aside(path)
        if isinstance(error, ChangedOnDisk):
            answer = _dialogs().ask_changed(self._window, path.name, aside, can_merge=self._can_merge())
        else:
            answer = _dialogs().ask_not_saved(self._window, error)
        if answer is answers.SAVE_AS:
            self.save_as()
        elif answer is answers.TRY_AGAIN:
            self._save_to(path)
        elif answer is answers.REPLACE:
            self._save_to(path, aside)
        else:
            self._afterwards = None
            if answer is answers.MERGE:
                self.merge_wanted.emit(path)

    def _can_merge(self) -> bool:
        return self.isSignalConnected(QMetaMethod.fromSignal(self.merge_wanted))


def _noted(path: Path) -> Claim:
    """Our note beside another file than before. CaseFileError when a window has that file open."""
    found = claim_file(path)
    if isinstance(found, Owner) and not found.is_certain:
        found = claim_file(path, anyway=True)
    if isinstance(found, Owner):
        raise CaseFileError(
            _("The file could not be saved."),
            where=str(path),
            why=_("It is open in another window."),
            remedy=_("Save it under another name, or close it there."),
        )
    return found


def _name_aside(path: Path) -> str:
    """Under which what someone else has saved is kept, without the extension."""
    now, whose = datetime.now().astimezone(), _("changed by others")
    return f"{path.stem} ({whose}, {now:%Y-%m-%d %H.%M})"
