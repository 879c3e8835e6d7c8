"""Where the three versions of a merge come from: the colleague's copy from a file, the base from what is known here."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core import casefile
from core.case import Case
from core.casefile.format import decode
from core.casefile.merge import doubts
from core.casefile.on_disk import read_case_file
from core.errors import CaseFileError, NeedsPassword, ParleyError, WrongPassword
from core.i18n import _
from gui import settings
from gui.jobs import IsCancelled, Job, Progress

if TYPE_CHECKING:
    from core.casefile.secrecy import CaseKey


@dataclass(frozen=True)
class Copy:
    """A case from a file."""

    path: Path
    opened: casefile.Opened


@dataclass(frozen=True)
class Base:
    """A version that both copies may come from, and what it is called."""

    words: str
    case: Case


def read_copy(path: Path, key: CaseKey | None) -> Copy:
    """key: that of the case in the window; a copy of its file opens with it without being asked for a password."""
    try:
        return Copy(path, casefile.open_case(path))
    except NeedsPassword:
        if key is None:
            raise
    data = read_case_file(path)
    try:
        case = decode(key.unseal(data, path.name), path.name)
    except WrongPassword as error:
        raise NeedsPassword(error.what, where=error.where) from error
    return Copy(path, casefile.Opened(case, key, casefile.Seen.of(data)))


def known_bases(saved: Case | None, path: Path | None, keys: Sequence[CaseKey | None]) -> tuple[Base, ...]:
    """What is at hand: the case as this window last read or wrote it, and the version before beside its file."""
    found = [Base(_("The case as last opened or saved here"), saved)] if saved is not None else []
    before = casefile.previous_version(path) if path is not None else None
    if before is not None and before.is_file():
        for key in dict.fromkeys((*keys, None)):
            with suppress(ParleyError):  # of yet another password, or damaged: it can still be chosen as a file
                case = read_copy(before, key).opened.case
                found.append(Base(_("The version before it, {name}").format(name=before.name), case))
                break
    return tuple(found)


def likeliest(bases: Sequence[Base], ours: Case, theirs: Case) -> int:
    """The first base that both copies go on from; the first of all where none is."""
    return next((place for place, base in enumerate(bases) if not doubts(base.case, ours, theirs)), 0)


class CopyReader(QObject):
    """Reads one file at a time and asks for its password. `read` or nothing follows; errors were told by then."""

    read = Signal(object)  # Copy

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._path = window, Path()
        self._job = Job(self)
        self._job.finished.connect(self.read)
        self._job.failed.connect(self._on_failed)

    def start(self, path: Path, key: CaseKey | None) -> None:
        if self._job.is_running:
            return
        self._path = path

        def task(progress: Progress, cancelled: IsCancelled) -> Copy:
            return read_copy(path, key)

        self._job.start(task)

    def close(self) -> None:
        self._job.close()

    def _on_failed(self, error: Exception) -> None:
        from gui import dialogs

        if isinstance(error, NeedsPassword):
            self._ask_password()
        else:
            dialogs.show_error(self._window, error)

    def _ask_password(self) -> None:
        from gui import dialogs
        from gui.password_dialogs import PasswordPrompt

        path = self._path
        prompt = PasswordPrompt(
            self._window,
            lambda password: Copy(path, casefile.open_case(path, password)),
            title=_("Merge"),
            heading=_("“{name}” is encrypted").format(name=path.name),
            words=_("Type its password to open it."),
            action=_("Open"),
        )
        prompt.exec()
        copy, error = prompt.value, prompt.error
        prompt.deleteLater()
        if copy is not None:
            self.read.emit(copy)
        elif isinstance(error, CaseFileError):
            dialogs.show_error(self._window, error)


def ask_copy_path(parent: QWidget, title: str) -> Path | None:
    """A case file to merge with."""
    kinds = _("Parley cases") + f" (*{casefile.EXTENSION} *{casefile.EXTENSION}~)"
    with settings.without_traces():
        name, _kind = QFileDialog.getOpenFileName(parent, title, str(settings.last_folder()), kinds)
    return Path(name) if name else None
