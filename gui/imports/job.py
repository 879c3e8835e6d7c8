"""The work of the import wizard: one task at a time, the newest wins, and a bar only for what takes long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QProgressBar

from core.i18n import _
from gui.jobs import Job, Task

BUSY_AFTER_MS: Final = 1000
_STEPS: Final = 1000

Done = Callable[[Any], None]


class NewestJob(QObject):
    """Runs a task and hands its outcome on. What still runs when another comes is stopped, and its outcome lost."""

    failed = Signal(object)
    changed = Signal()  # it began, or all is done

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.hide()
        self._done: Done | None = None
        self._waiting: tuple[Task, Done] | None = None
        self._job = Job(self)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self.failed)
        self._job.progressed.connect(lambda done: self.bar.setValue(round(done * _STEPS)))
        self._job.ended.connect(self._on_ended)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(BUSY_AFTER_MS)
        self._slow.timeout.connect(lambda: self.bar.setVisible(self.is_running))

    @property
    def is_running(self) -> bool:
        return self._job.is_running

    def begin(self, task: Task, done: Done) -> None:
        """Run this now, or as soon as what runs has stopped."""
        if self.is_running:
            self._waiting = (task, done)
            self._job.cancel()
            return
        self._done = done
        self.bar.setValue(0)
        self._slow.start()
        self._job.start(task)
        self.changed.emit()

    def cancel(self) -> None:
        """Stop, and forget what waits."""
        self._waiting = None
        self._job.cancel()

    def close(self) -> None:
        """Stop, wait, and say nothing any more."""
        self._waiting = None
        self._slow.stop()
        self._job.close()

    def _on_finished(self, outcome: object) -> None:
        if self._done is not None:
            self._done(outcome)

    def _on_ended(self) -> None:
        self._slow.stop()
        self.bar.hide()
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.begin(*waiting)
            return
        self.changed.emit()
