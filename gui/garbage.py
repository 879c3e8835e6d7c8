"""When Python looks for garbage in cycles: between two actions in the window, never in the midst of a worker's task.

Left alone, it looks through all that was made since the last time whenever enough was made: 50 to 230 ms in which
nothing else runs while a workbook is written. In a worker it could also destroy what belongs to the window's thread.
"""

from __future__ import annotations

import gc
from typing import Final

from PySide6.QtCore import QObject, QTimer

from gui.jobs import is_any_running

_EVERY_MS: Final = 2000
_LIMITS: Final = (5000, 10, 10)  # new objects; rounds of the younger generation


class Collector(QObject):
    """Collects on a timer from `start` to `stop`; `keep` takes what is there out of all later rounds."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)

    def start(self) -> None:
        """Collect from here on, and nobody else."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def keep(self, *_args: object) -> None:
        """What is there now, the pack above all, stays: to look through it every time costs 20 ms."""
        gc.freeze()

    def collect(self) -> bool:
        """One round if there is something to do and no worker is busy; whether there was one."""
        due = [place for place, count in enumerate(gc.get_count()) if count > _LIMITS[place]]
        if not due or is_any_running():
            return False
        gc.collect(due[-1])
        return True
