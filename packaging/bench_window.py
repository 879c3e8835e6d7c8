"""The longest time for which the window does not answer, in a session scripted as a delegate would work.

    python3 packaging/bench_window.py [--own] [--steps]

A gap between two beats of the event loop counts as a block, whoever made it: slots, painting, or a worker that held
the interpreter. Beside it stands the processor time of the window's own thread in that gap: where the two are far
apart, something else on the computer had the processor, or a worker the interpreter. --own goes by that time;
--steps shows every step and not the longest alone.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt, QTimer  # noqa: E402  the platform is chosen above
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from core import edits  # noqa: E402
from core.case import Case, RateForm  # noqa: E402
from core.casefile import default_case  # noqa: E402
from gui import theme  # noqa: E402
from gui.app import SWITCH_INTERVAL, App  # noqa: E402
from gui.jobs import Job  # noqa: E402
from gui.session import Session  # noqa: E402

SETTLED_MS = 150
RATES, EXPOSURE = 0, 1
WORDS = "battery"
DAYS = (date(2025, 7, 9), date(2025, 8, 1), date(2025, 5, 22))


@dataclass(frozen=True)
class Block:
    """A gap between two beats: seconds by the clock, seconds of the window's own thread, and when it was."""

    wall: float
    own: float
    step: str


class Watch:
    """Notes the longest block of every step."""

    def __init__(self, measured: Callable[[Block], float]) -> None:
        self.blocks: dict[str, Block] = {}
        self._measured = measured
        self._step = ""
        self._beat = QTimer()
        self._beat.setInterval(0)
        self._beat.timeout.connect(self._on_beat)

    def start(self) -> None:
        """From here on; what comes before the first paint is measured elsewhere."""
        self._last, self._own = time.perf_counter(), time.thread_time()
        self._beat.start()

    def _on_beat(self) -> None:
        now, own = time.perf_counter(), time.thread_time()
        block = Block(now - self._last, own - self._own, self._step)
        self.blocks[self._step] = max(self.blocks.get(self._step, block), block, key=self._measured)
        self._last, self._own = now, own

    @contextmanager
    def named(self, step: str) -> Iterator[None]:
        """What happens inside, and until it has settled, is of this step."""
        self._step = step
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


class Script:
    """The delegate's session."""

    def __init__(self, app: App, watch: Watch) -> None:
        self._app, self._session, self._watch = app, app.session, watch

    def run(self) -> None:
        self._begin()
        for place in (0, 1, 2, 1, 0):
            self._open(place)
        for place in (RATES, EXPOSURE):
            self._open(place)
            self._change(f", tab {place + 1}")
        self._read_chart()
        self._look_through_exposure()
        self._write_briefing()

    def _begin(self) -> None:
        with self._watch.named("first numbers"):
            self._session.start()
            _until(lambda: self._session.is_current)
        with self._watch.named("pages made ahead"):
            _until(lambda: self._app.warm_up.is_done)

    def _open(self, place: int) -> None:
        with self._watch.named(f"tab {place + 1}"):
            self._app.window.show_tab(place)

    def _edit(self, step: str, make: Callable[[Case], Case]) -> None:
        with self._watch.named(step):
            self._session.apply("bench", make(self._session.case))
            _until(lambda: self._session.is_current)

    def _change(self, where: str) -> None:
        for number in range(5):
            self._edit("rate typed" + where, lambda case, n=number: _with_rate(case, Decimal(10 + n) / 100))
        for day in DAYS:
            self._edit("as-of date" + where, lambda case, on=day: edits.set_as_of(case, on))
        self._edit("known date" + where, lambda case: edits.set_known_to(case, date(2025, 7, 8)))
        for _back in range(2):
            with self._watch.named("undo" + where):
                self._session.undo_stack.undo()
                _until(lambda: self._session.is_current)
        for letter in "DCBA":
            with self._watch.named("scenario chosen" + where):
                self._session.select_scenario(letter)

    def _read_chart(self) -> None:
        self._open(RATES)
        chart = self._app.window.tab(RATES).chart
        for key in (*[Qt.Key.Key_Left] * 4, Qt.Key.Key_Escape):
            with self._watch.named("day of the chart told"):
                QTest.keyClick(chart, key)
        self._open(EXPOSURE)

    def _look_through_exposure(self) -> None:
        tab = self._app.window.tab(EXPOSURE)
        for box in (tab.group_by, tab.show_what):
            for place in (*range(box.count()), 0):
                with self._watch.named("gathering chosen" if box is tab.group_by else "columns chosen"):
                    box.setCurrentIndex(place)
                    box.activated.emit(place)
                    _until(lambda: not tab.is_working)
        for end in (*range(1, len(WORDS) + 1), 0):
            with self._watch.named("letter searched"):
                tab.search.setText(WORDS[:end])
        for column in (2, 1, 5):
            with self._watch.named("column sorted"):
                tab.table.view.sort_by_section(column)
        for row in range(1, 6):
            with self._watch.named("line explained"):
                tab.table.view.setCurrentIndex(tab.table.model.index(row, 5))

    def _write_briefing(self) -> None:
        from core.briefing import write_briefing

        results, pack, job, ended = self._session.results, self._session.pack, Job(), []
        assert results is not None
        assert pack is not None
        job.ended.connect(lambda: ended.append(True))
        job.failed.connect(_fail)
        with tempfile.TemporaryDirectory() as folder, self._watch.named("briefing written"):
            target = Path(folder) / "briefing.xlsx"
            job.start(lambda _progress, _cancelled: write_briefing(results.case, results, pack, target))
            _until(lambda: bool(ended))
        job.close()


def _with_rate(case: Case, rate: Decimal) -> Case:
    return edits.set_cell_rate(case, "C", "reciprocal", rate, RateForm.ADDED, case.as_of)


def _fail(error: Exception) -> None:
    raise error


def measure(measured: Callable[[Block], float]) -> list[Block]:
    """The whole session once, watched from the first paint on: the longest block of every step, longest first."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    theme.apply(application, theme.Mode.LIGHT)
    session = Session(default_case())
    app = App(application, session)
    app.window.painted.connect(app.keep_quick)
    app.show()
    _process(4 * SETTLED_MS)
    watch = Watch(measured)
    watch.start()
    Script(app, watch).run()
    app.window.dispose()
    session.close()
    return sorted(watch.blocks.values(), key=measured, reverse=True)


def main() -> None:
    is_own = "--own" in sys.argv
    steps = measure((lambda block: block.own) if is_own else (lambda block: block.wall))
    for block in steps if "--steps" in sys.argv else steps[:1]:
        by_clock, own = f"{block.wall * 1000:5.1f} ms by the clock", f"{block.own * 1000:5.1f} ms own work"
        print(", ".join((own, by_clock) if is_own else (by_clock, own)), f"in: {block.step}")


if __name__ == "__main__":
    main()
