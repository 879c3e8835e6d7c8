"""The longest time for which the window does not answer, in a session scripted as a delegate would work."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer  # noqa: E402  the platform is chosen above
from PySide6.QtWidgets import QApplication  # noqa: E402

from core import edits  # noqa: E402
from core.case import RateForm  # noqa: E402
from core.casefile import default_case  # noqa: E402
from gui import theme  # noqa: E402
from gui.app import SWITCH_INTERVAL, App  # noqa: E402
from gui.session import Session  # noqa: E402

SETTLED_MS = 150


class Watch:
    """Notes the longest gap between two beats of the event loop, and during which step it was."""

    def __init__(self) -> None:
        self.longest, self.during, self.step = 0.0, "", ""
        self._last = time.perf_counter()
        self._beat = QTimer()
        self._beat.setInterval(0)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start()

    def _on_beat(self) -> None:
        now = time.perf_counter()
        if now - self._last > self.longest:
            self.longest, self.during = now - self._last, self.step
        self._last = now

    @contextmanager
    def named(self, step: str) -> Iterator[None]:
        self.step, self._last = step, time.perf_counter()
        yield
        _process(SETTLED_MS)


def _process(milliseconds: int) -> None:
    end = time.perf_counter() + milliseconds / 1000
    while time.perf_counter() < end:
        QApplication.processEvents()


def _until(done: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.perf_counter() + seconds
    while not done() and time.perf_counter() < end:
        QApplication.processEvents()


def longest_block() -> tuple[float, str]:
    """Seconds, and the step in which it happened. The start-up itself is measured elsewhere."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.apply(application, theme.Mode.LIGHT)
    session = Session(default_case())
    app = App(application, session)
    app.show()
    session.start()
    _until(lambda: session.is_current)
    for place in range(3):  # each page is made when it is first shown
        app.window.show_tab(place)
        _process(SETTLED_MS)
    watch = Watch()
    for place in (0, 1, 2, 1, 0):
        with watch.named(f"tab {place + 1}"):
            app.window.show_tab(place)
    for place in (0, 1):
        app.window.show_tab(place)
        for number in range(5):
            with watch.named(f"rate typed, tab {place + 1}"):
                rate = Decimal(10 + number) / 100
                session.apply(
                    "bench",
                    edits.set_cell_rate(session.case, "C", "reciprocal", rate, RateForm.ADDED, session.case.as_of),
                )
                _until(lambda: session.is_current)
        for day in (date(2025, 7, 9), date(2025, 8, 1), date(2025, 5, 22)):
            with watch.named(f"as-of date, tab {place + 1}"):
                session.apply("bench", edits.set_as_of(session.case, day))
                _until(lambda: session.is_current)
        with watch.named(f"undo, tab {place + 1}"):
            session.undo_stack.undo()
            _until(lambda: session.is_current)
    app.window.dispose()
    session.close()
    return watch.longest, watch.during


if __name__ == "__main__":
    block, step = longest_block()
    print(f"{block * 1000:.1f} ms in: {step}")
