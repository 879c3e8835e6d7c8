"""Comparing two moments in the background: the newest choice wins, and one that takes long can be stopped."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from core.case import Case
from core.comparison import compare_moments
from core.reference.pack import Pack
from gui.comparison.content import Tables, make_tables
from gui.comparison.moments import Moments
from gui.jobs import IsCancelled, Job, Progress
from gui.session import BUSY_AFTER_MS

CANCEL_AFTER_MS: Final = 1000

_Request = tuple[Case, Moments, str]  # case, moments, letter of the scenario


class ComparisonJob(QObject):
    """Owns the worker. `slow` and `very_slow` say when to tell of it and when to offer to stop it."""

    found = Signal(object)  # Tables
    failed = Signal(object)  # an exception
    slow = Signal()
    very_slow = Signal()
    ended = Signal()  # nothing is being worked out any more

    def __init__(self, pack: Pack, parent: QObject) -> None:
        super().__init__(parent)
        self._pack = pack
        self._wanted: _Request | None = None
        self._job = Job(self)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._job.ended.connect(self._on_ended)
        self._timers = [self._timer(BUSY_AFTER_MS, self.slow), self._timer(CANCEL_AFTER_MS, self.very_slow)]

    def _timer(self, milliseconds: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    @property
    def is_running(self) -> bool:
        return self._job.is_running

    def compare(self, case: Case, moments: Moments, letter: str) -> None:
        """Compare; an older comparison is stopped first."""
        self._wanted = (case, moments, letter)
        if self._job.is_running:
            self._job.cancel()
        else:
            self._start(self._wanted)

    def _start(self, request: _Request) -> None:
        self._wanted = None
        pack, (case, (before, after), letter) = self._pack, request

        def task(progress: Progress, cancelled: IsCancelled) -> Tables:
            return make_tables(compare_moments(case, pack, before, after, letter, cancelled=cancelled), pack)

        for timer in self._timers:
            timer.start()
        self._job.start(task)

    def cancel(self) -> None:
        """Stop, and want nothing else instead."""
        self._wanted = None
        self._job.cancel()

    def close(self) -> None:
        """Cancel, wait; no signal comes after this."""
        self._wanted = None
        for timer in self._timers:
            timer.stop()
        self._job.close()

    def _on_finished(self, tables: Tables) -> None:
        if self._wanted is None:
            self.found.emit(tables)

    def _on_failed(self, error: Exception) -> None:
        if self._wanted is None:
            self.failed.emit(error)

    def _on_ended(self) -> None:
        for timer in self._timers:
            timer.stop()
        if self._wanted is not None:
            self._start(self._wanted)
        else:
            self.ended.emit()
