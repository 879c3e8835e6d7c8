"""Open a case file: whether another window has it, its password, and what stands against it. Reading is a job's."""

from __future__ import annotations

import getpass
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core import casefile
from core.casefile.owner import Claim, Owner, claim, note_path
from core.errors import NeedsPassword
from core.i18n import _
from gui import settings
from gui.jobs import IsCancelled, Job, Progress


@dataclass(frozen=True)
class OpenedFile:
    """What came of it. asked: the file. path: the same, None for a copy, which is saved elsewhere. claim: the note."""

    opened: casefile.Opened
    asked: Path
    path: Path | None
    claim: Claim | None

    def give_back(self, ours: Claim | None) -> None:
        """It is not taken: let go of the note unless it was there before."""
        _release(self.claim, ours)


@dataclass(frozen=True)
class _Found:
    """What the job found: somebody else's note, or ours and, unless it needs a password, the case."""

    claim: Claim | None
    owner: Owner | None = None
    opened: casefile.Opened | None = None


def claim_file(path: Path, *, anyway: bool = False) -> Claim | Owner:
    """The note that this window has the file open, in the name of whoever sits here."""
    who = settings.author()
    if not who:
        with suppress(OSError, KeyError, ImportError):
            who = getpass.getuser()
    return claim(path, who, datetime.now(UTC), anyway=anyway)


def is_on(note: Claim, path: Path) -> bool:
    """Whether the note is on this file. Looks at the disk: a job's work."""
    return note_path(note.path) == note_path(path)


class Opening(QObject):
    """Opens one file at a time. `opened` or nothing follows; what went wrong was told by then."""

    opened = Signal(object)  # OpenedFile

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._path = Path()
        self._ours: Claim | None = None
        self._is_copy = False
        self._job = Job(self)
        self._job.finished.connect(self._on_found)
        self._job.failed.connect(self._on_failed)

    def open(self, path: Path, ours: Claim | None = None) -> None:
        """ours: the note on the file that this window has open; it does for that file again.

        The version before, `name.parley~`, opens as a copy: saving must not write there.
        """
        if self._job.is_running:
            return
        self._path, self._ours = path, ours
        self._is_copy = path.name.endswith("~")
        self._start(anyway=False)

    def close(self) -> None:
        self._job.close()

    def _start(self, *, anyway: bool) -> None:
        path, ours, is_copy = self._path, self._ours, self._is_copy

        def task(progress: Progress, cancelled: IsCancelled) -> _Found:
            if is_copy:
                return _read(path, None, ours)
            note = ours if ours is not None and is_on(ours, path) else claim_file(path, anyway=anyway)
            return _Found(None, owner=note) if isinstance(note, Owner) else _read(path, note, ours)

        self._job.start(task)

    def _on_found(self, found: _Found) -> None:
        if found.owner is not None:
            self._ask_about(found.owner)
        elif found.opened is not None:
            self._hand_over(found.opened, found.claim)
        else:
            self._ask_password(found.claim)

    def _ask_about(self, owner: Owner) -> None:
        from gui import dialogs

        answer = dialogs.ask_open_elsewhere(self._window, self._path.name, owner)
        self._is_copy = answer is dialogs.Answer.COPY
        if answer is not dialogs.Answer.CANCEL:
            self._start(anyway=True)

    def _ask_password(self, note: Claim | None) -> None:
        from gui import dialogs
        from gui.password_dialogs import PasswordPrompt

        path = self._path
        prompt = PasswordPrompt(
            self._window,
            lambda password: casefile.open_case(path, password),
            title=_("Open a case"),
            heading=_("“{name}” is encrypted").format(name=path.name),
            words=_("Type its password to open it."),
            action=_("Open"),
        )
        prompt.exec()
        opened, error = prompt.value, prompt.error
        prompt.deleteLater()
        if opened is not None:
            self._hand_over(opened, note)
            return
        _release(note, self._ours)
        if error is not None:
            dialogs.show_error(self._window, error)

    def _hand_over(self, opened: casefile.Opened, note: Claim | None) -> None:
        path = None if self._is_copy else self._path
        self.opened.emit(OpenedFile(opened, self._path, path, note))

    def _on_failed(self, error: Exception) -> None:
        from gui import dialogs

        dialogs.show_error(self._window, error)


def _read(path: Path, note: Claim | None, ours: Claim | None) -> _Found:
    """The case, unless it needs a password. What cannot be opened is not held either."""
    try:
        return _Found(note, opened=casefile.open_case(path))
    except NeedsPassword:
        return _Found(note)
    except BaseException:
        _release(note, ours)
        raise


def _release(note: Claim | None, ours: Claim | None) -> None:
    if note is not None and note is not ours:
        note.release()
