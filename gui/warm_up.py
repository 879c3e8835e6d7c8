"""What will be wanted next is made while nobody waits, piece by piece: a page that opens at once was made before."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from gui.jobs import is_any_running

_EVERY_MS: Final = 60

Piece = Callable[[], object]


class WarmUp(QObject):
    """Runs one piece at a time, never beside a worker: both together would take the window's time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: deque[Piece] = deque()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._on_time)

    def start(self, pieces: Iterable[Piece]) -> None:
        """Make these, in order, after what is still waiting."""
        self._pieces.extend(pieces)
        self._timer.start()

    def stop(self) -> None:
        """Leave what is not made yet."""
        self._pieces.clear()
        self._timer.stop()

    @property
    def is_done(self) -> bool:
        return not self._pieces

    def _on_time(self) -> None:
        if not self._pieces:
            self._timer.stop()
        elif not is_any_running():
            self._pieces.popleft()()
