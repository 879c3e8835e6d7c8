"""New, open, save: between the session and the disk, with the question about unsaved changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core import casefile
from core.case import Case
from core.errors import ParleyError
from gui import settings
from gui.jobs import IsCancelled, Job, Progress
from gui.session import Session

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


def _dialogs() -> ModuleType:
    """Imported when first needed: the window does not wait for it."""
    from gui import dialogs

    return dialogs


def suggested_name(case: Case) -> str:
    """A file name from the case's title, without what file systems refuse."""
    words = _NOT_IN_NAMES.sub(" ", str(case.title)).split()
    return " ".join(words).strip(" .") or "Parley"


class CaseFiles(QObject):
    """The File menu's actions on one session. Saving runs in the background; `saved` says when it is done."""

    saved = Signal(object)  # Path
    closed = Signal()

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._job = Job(self)
        self._job.finished.connect(self._on_saved)
        self._job.failed.connect(self._on_failed)
        self._afterwards: Callable[[], None] | None = None

    def new(self) -> None:
        """A case with the law alone, for the partner and the days asked for."""
        self._unless_unsaved(self._make_new)

    def open(self) -> None:
        self._unless_unsaved(self._ask_and_open)

    def open_path(self, path: Path) -> None:
        self._unless_unsaved(lambda: self._open(path))

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
        """Wait for a saving that runs; say nothing any more."""
        self._job.close()

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
        try:
            case = casefile.load(path)
        except ParleyError as error:
            _dialogs().show_error(self._window, error)
            return
        settings.add_recent(path)
        self._session.replace_case(case, path)

    def _save_to(self, path: Path) -> None:
        if self._job.is_running:
            return
        case = self._session.case

        def task(progress: Progress, cancelled: IsCancelled) -> tuple[Case, Path]:
            casefile.save(case, path)
            return case, path

        self._job.start(task)

    def _on_saved(self, outcome: tuple[Case, Path]) -> None:
        case, path = outcome
        self._session.mark_saved(case, path)
        settings.add_recent(path)
        self.saved.emit(path)
        afterwards, self._afterwards = self._afterwards, None
        if afterwards is not None:
            afterwards()

    def _on_failed(self, error: Exception) -> None:
        self._afterwards = None
        _dialogs().show_error(self._window, error)
