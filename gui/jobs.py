"""One background task at a time, owned by the widget or session that needs it. No thread classes of Qt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, Qt, Signal

from core.errors import Cancelled

Progress = Callable[[float], None]
IsCancelled = Callable[[], bool]
Task = Callable[[Progress, IsCancelled], Any]

_THREAD: Final = "parley-job"


def is_any_running() -> bool:
    """Whether any worker is busy."""
    return any(thread.name == _THREAD for thread in threading.enumerate())


class Job(QObject):
    """Runs a task in a thread of its own. All signals arrive in the thread that owns the job.

    The caller owns the job and closes it before it goes: cancel, wait, disconnect, destroy.
    """

    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    progressed = Signal(float)
    ended = Signal()  # after one of finished, failed, cancelled

    _outcome = Signal(str, object)
    _advance = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        queued = Qt.ConnectionType.QueuedConnection
        self._outcome.connect(self._on_outcome, queued)
        self._advance.connect(self._on_advance, queued)

    @property
    def is_running(self) -> bool:
        """Until the outcome has been announced."""
        return self._thread is not None

    def start(self, task: Task) -> None:
        """Begin; the task is given a function for its progress (0 to 1) and one that says whether to stop.

        A closed job begins nothing any more.
        """
        if self.is_running:
            raise RuntimeError("a job runs one task at a time")
        if self._is_closed:
            return
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(task,), name=_THREAD, daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask the task to stop; what it still delivers is not announced."""
        self._stop.set()

    def close(self) -> None:
        """Cancel, wait for the thread, and say nothing any more."""
        self._is_closed = True
        self.cancel()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self.blockSignals(True)

    def _run(self, task: Task) -> None:
        """In the worker thread: an error of any kind becomes an outcome, never a silent end."""
        try:
            outcome = ("finished", task(self._advance.emit, self._stop.is_set))
        except Cancelled:
            outcome = ("cancelled", None)
        except Exception as error:
            outcome = ("failed", error)
        self._outcome.emit(*outcome)

    def _on_advance(self, fraction: float) -> None:
        if self.is_running and not self._stop.is_set():
            self.progressed.emit(fraction)

    def _on_outcome(self, kind: str, content: object) -> None:
        if self._thread is None:
            return
        self._thread.join()
        self._thread = None
        if self._stop.is_set() or kind == "cancelled":
            self.cancelled.emit()
        elif kind == "failed":
            self.failed.emit(content)
        else:
            self.finished.emit(content)
        self.ended.emit()
