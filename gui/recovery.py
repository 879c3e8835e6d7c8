"""Unsaved work goes to disk while it is being made, and what an earlier run left behind is offered at the start."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.case import Case
from core.casefile.owner import Claim, Owner
from core.casefile.recovery import Found, Recovery, found
from gui.jobs import IsCancelled, Job, Progress
from gui.session import Session

if TYPE_CHECKING:
    from core.casefile.found import Recovered

# Two writings begin at least this far apart: an edit waits for this, or for a writing before it that takes longer.
SETTLE_MS = 300
RETRY_MS = 5_000


def recovery_folder() -> Path:
    """Where unsaved work is kept on this computer; never on the stick or drive that the case is on."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(place) / "recovery"


class Keeper(QObject):
    """Follows one session: its newest unsaved case is on disk within a second, and gone once it is saved.

    All writing is done by a worker, one at a time; what was edited meanwhile goes next, the newest only. Another
    worker flushes it to disk: a kill does not reach what is written, and a busy disk must not hold up the next edit.
    """

    kept = Signal(object)  # the Case that is on disk now, None when nothing is left to be kept
    failed = Signal(object)  # a CaseFileError, once until it works again

    def __init__(self, session: Session, recovery: Recovery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._recovery = session, recovery
        self.offer: Offer | None = None
        self._on_disk: Case | None = None
        self._entry: Found | None = None  # to go on in, from the next writing on
        self._is_stale, self._is_failing, self._is_closed = False, False, False
        self._flush_tried: Case | None = None
        self._cannot_flush = False
        self._begun = 0.0  # when the newest writing began
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._write)
        self._job = Job(self)
        self._job.finished.connect(self._on_written)
        self._job.failed.connect(self._on_failed)
        self._job.ended.connect(self._on_ended)
        self._flushing = Job(self)
        self._flushing.finished.connect(self._on_flushed)
        self._flushing.failed.connect(self._on_not_flushed)
        self._flushing.ended.connect(self._flush)
        session.case_changed.connect(self._follow)
        session.saved_changed.connect(self._follow)
        session.key_changed.connect(self.keep_now)
        self._follow()

    def keep_now(self, _key: object = None) -> None:
        """Write the case once more though it is the same: its password is another one now."""
        self._is_stale = True
        self._follow()

    def take_over(self, entry: Found) -> None:
        """Go on in the entry whose case the session has now: its states stay until this work is saved."""
        self._entry = entry
        self.keep_now()

    def close(self) -> None:
        """The user closed the window and said what was to become of the work: take it away."""
        if self._is_closed:
            return
        self._is_closed = True
        self._session.case_changed.disconnect(self._follow)
        self._session.saved_changed.disconnect(self._follow)
        self._session.key_changed.disconnect(self.keep_now)
        self._timer.stop()
        self._job.close()
        self._flushing.close()
        if self.offer is not None:
            self.offer.close()
        if self._entry is not None:
            self._entry.delete()
        self._recovery.close()

    @property
    def _wanted(self) -> Case | None:
        """What is to be on disk: the newest case, or nothing once it is saved."""
        return None if self._session.is_saved else self._session.case

    @property
    def _is_done(self) -> bool:
        return self._wanted is self._on_disk and not self._is_stale

    def _follow(self, _change: object = None) -> None:
        if self._session.is_saved:
            self._write()
        elif not self._job.is_running and not 0 <= self._timer.remainingTime() <= SETTLE_MS:
            self._timer.start(SETTLE_MS)  # also in the middle of a longer wait after a failure

    def _write(self) -> None:
        self._timer.stop()
        if self._job.is_running or self._is_done:
            return
        case, recovery, session = self._wanted, self._recovery, self._session
        path, key, seen, at = session.path, session.key, session.seen, datetime.now(UTC)
        self._begun = time.monotonic()
        entry, self._entry, self._is_stale = self._entry, None, False

        def task(progress: Progress, cancelled: IsCancelled) -> Case | None:
            if entry is not None:
                recovery.take_over(entry)
            if case is None:
                recovery.drop()
            else:
                recovery.keep(case, path, key, at=at, seen=seen)
            return case

        self._job.start(task)

    def _on_written(self, case: Case | None) -> None:
        self._on_disk, self._is_failing, self._flush_tried = case, False, None
        self.kept.emit(case)
        self._flush()

    def _flush(self) -> None:
        """Once for each writing; what was written while the disk was busy goes next."""
        case, recovery = self._on_disk, self._recovery
        if case is None or case is self._flush_tried or self._flushing.is_running:
            return
        self._flush_tried = case

        def task(progress: Progress, cancelled: IsCancelled) -> None:
            recovery.flush()

        self._flushing.start(task)

    def _on_flushed(self, _nothing: object) -> None:
        self._cannot_flush = False

    def _on_not_flushed(self, error: Exception) -> None:
        """Said once, like what cannot be written; the next writing is flushed anew."""
        is_first, self._cannot_flush = not self._cannot_flush, True
        if is_first and self._wanted is not None:
            self.failed.emit(error)

    def _on_failed(self, error: Exception) -> None:
        """Said once, and only of work that is not on disk: what could not be taken away does no harm."""
        is_first, self._is_failing, self._is_stale = not self._is_failing, True, True
        if is_first and self._wanted is not None:
            self.failed.emit(error)

    def _on_ended(self) -> None:
        if self._is_failing:
            self._timer.start(RETRY_MS)
        elif self._session.is_saved:
            self._write()
        elif not self._is_done:  # edited meanwhile: it has waited for this writing already
            waited = int((time.monotonic() - self._begun) * 1000)
            self._timer.start(max(0, SETTLE_MS - waited))


@dataclass(frozen=True)
class _Taken:
    """What was opened. path: its file, None where another window has that open. claim: the note that we have it."""

    entry: Found
    recovered: Recovered
    path: Path | None
    claim: Claim | None


def _claimed(entry: Found, recovered: Recovered) -> _Taken:
    """In the worker: the note beside the file. One left by another computer does not keep the user from their work."""
    from gui.case_opening import claim_file

    path = recovered.path
    if path is None or not path.parent.is_dir():
        return _Taken(entry, recovered, path, None)
    note = claim_file(path)
    if isinstance(note, Owner) and not note.is_certain:
        note = claim_file(path, anyway=True)
    if isinstance(note, Owner):
        return _Taken(entry, recovered, None, None)
    return _Taken(entry, recovered, path, note)


class Offer(QObject):
    """Looks for what earlier runs left behind and asks what to do with it, once after the start."""

    done = Signal()  # nothing was there, or the user has answered

    def __init__(self, session: Session, keeper: Keeper, folder: Path, window: Callable[[], QWidget]) -> None:
        super().__init__(keeper)
        self._session, self._keeper, self._folder, self._window = session, keeper, folder, window
        self._job, self._claiming = Job(self), Job(self)
        self._job.finished.connect(self._on_found)
        self._job.failed.connect(self._on_failed)
        self._claiming.finished.connect(self._on_claimed)
        self._claiming.failed.connect(self._on_failed)
        self._claiming.ended.connect(self.done)

    def start(self) -> None:
        folder, today = self._folder, datetime.now().astimezone().date()
        self._job.start(lambda _progress, _cancelled: found(folder, today=today))

    def close(self) -> None:
        self._job.close()
        self._claiming.close()

    def _on_found(self, entries: tuple[Found, ...]) -> None:
        if not entries:
            self.done.emit()
        elif self._session.is_saved:
            self._ask(entries)
        else:  # someone typed faster than we looked: asked at the next start
            for entry in entries:
                entry.release()
            self.done.emit()

    def _ask(self, entries: tuple[Found, ...]) -> None:
        from gui.recovery_dialog import RecoveryDialog

        dialog = RecoveryDialog(entries, self._window())
        dialog.exec()
        opened = dialog.opened
        dialog.deleteLater()
        if opened is None:
            self.done.emit()
        else:
            self._claiming.start(lambda _progress, _cancelled: _claimed(*opened))

    def _on_claimed(self, taken: _Taken) -> None:
        """The recovered case is the session's, unsaved, and belongs to its file again."""
        case, key, seen = taken.recovered.case, taken.recovered.key, taken.recovered.seen
        self._session.replace_case(case, taken.path, is_saved=False, key=key, seen=seen, claim=taken.claim)
        self._keeper.take_over(taken.entry)

    def _on_failed(self, error: Exception) -> None:
        _say_failed(self._window(), error)


def start(session: Session, window: Callable[[], QWidget], folder: Path | None = None) -> Keeper:
    """Keep the session's unsaved work from now on, and offer what is there from before. Close what it returns."""
    place = folder or recovery_folder()
    keeper = Keeper(session, Recovery(place, secrets.token_hex(8)), session)
    keeper.failed.connect(lambda error: _say_failed(window(), error))
    keeper.offer = Offer(session, keeper, place, window)
    keeper.offer.start()
    return keeper


def _say_failed(window: QWidget, error: Exception) -> None:
    from gui.dialogs import show_error

    show_error(window, error)
