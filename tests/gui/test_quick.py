"""What keeps the window quick: garbage between the actions, pages made ahead, painting only what changed."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.garbage import Collector
from gui.jobs import Job, is_any_running
from gui.table_view import DataTable
from gui.warm_up import WarmUp
from tests.gui.test_table_model import content_of

PATIENCE_S = 5


@pytest.fixture
def collector(qapp: QApplication) -> Iterator[Collector]:
    made = Collector()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def busy_job(qapp: QApplication) -> Iterator[threading.Event]:
    """A worker that runs until the event is set."""
    release, job = threading.Event(), Job()
    job.start(lambda _progress, _cancelled: release.wait(PATIENCE_S))
    yield release
    release.set()
    job.close()


class Cycle:
    """Garbage that only the collector can find."""

    def __init__(self) -> None:
        self.me = self


def _make_garbage() -> None:
    for _number in range(10_000):
        Cycle()


# Garbage


def test_garbage_is_collected_between_actions(collector: Collector) -> None:
    _make_garbage()
    assert collector.collect()
    assert gc.get_count()[0] < 5000


def test_no_garbage_is_collected_beside_a_worker(collector: Collector, busy_job: threading.Event) -> None:
    """While a workbook was written, looking for garbage stopped the window for 50 to 230 ms."""
    _make_garbage()
    assert is_any_running()
    assert not collector.collect()


def test_python_does_not_collect_on_its_own_meanwhile(collector: Collector) -> None:
    rounds = [each["collections"] for each in gc.get_stats()]
    _make_garbage()
    assert [each["collections"] for each in gc.get_stats()] == rounds
    collector.stop()
    assert gc.isenabled()


def test_a_written_workbook_leaves_no_garbage_behind(collector: Collector) -> None:
    """Sheets and book hold each other: 300,000 cells were left to the collector of garbage."""
    from core.briefing.writer import Book
    from tests.gui.cases import results

    gc.collect()
    book = Book("Test", results().case.as_of, "Internal")
    sheet = book.sheet("Lines")
    for row in range(5000):
        sheet.put(row, 0, float(row))
    book.content()
    book.forget()
    del sheet, book
    assert gc.collect() < 5000


# Pages made ahead


def test_pieces_are_made_in_order(qtbot: QtBot) -> None:
    made: list[int] = []
    warm_up = WarmUp()
    warm_up.start([lambda: made.append(1), lambda: made.append(2)])
    assert made == []
    qtbot.waitUntil(lambda: warm_up.is_done)
    assert made == [1, 2]


def test_no_piece_is_made_beside_a_worker(qtbot: QtBot, busy_job: threading.Event) -> None:
    made: list[int] = []
    warm_up = WarmUp()
    warm_up.start([lambda: made.append(1)])
    warm_up._on_time()
    assert made == []
    busy_job.set()
    qtbot.waitUntil(lambda: made == [1])


# Painting


class _Painted(QObject):
    """The area that a widget was asked to paint, in pixels, by paint event."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: list[int] = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.areas.append(sum(rect.width() * rect.height() for rect in event.region()))
        return False


def test_only_the_columns_that_changed_are_painted(qapp: QApplication, qtbot: QtBot) -> None:
    table, values = DataTable("Lines"), [1e6, 2e6, 3e6]
    qtbot.addWidget(table)
    table.resize(900, 400)
    before = content_of(values, [0, 0, 1])
    table.set_content(before)
    with qtbot.waitExposed(table):
        table.show()
    qtbot.waitUntil(table.view.updatesEnabled)
    qapp.processEvents()
    painted = _Painted()
    table.view.viewport().installEventFilter(painted)
    after = content_of(values, [0, 0, 1])
    after.cells["rate"] = np.full(3, 0.2)
    changed: list[tuple[int, int]] = []
    table.model.dataChanged.connect(lambda first, last: changed.append((first.column(), last.column())))
    table.set_content(after)
    qtbot.waitUntil(lambda: bool(painted.areas))
    place = table.model.column_of("rate")
    assert changed == [(place, place)]
    whole = table.view.viewport().width() * table.view.viewport().height()
    assert max(painted.areas) < whole / 2


def test_other_rows_are_painted_once(qapp: QApplication, qtbot: QtBot) -> None:
    """Qt lays new rows out over several turns of the loop, and painted all of them in each."""
    table = DataTable("Lines")
    qtbot.addWidget(table)
    table.resize(900, 400)
    table.set_content(content_of([1e6, 2e6, 3e6], [0, 0, 1]))
    with qtbot.waitExposed(table):
        table.show()
    qtbot.waitUntil(table.view.updatesEnabled)
    qapp.processEvents()
    painted = _Painted()
    table.view.viewport().installEventFilter(painted)
    table.set_content(content_of([1e6] * 200, list(range(100)) * 2))
    assert not table.view.updatesEnabled()
    qtbot.waitUntil(table.view.updatesEnabled)
    qtbot.waitUntil(lambda: bool(painted.areas))
    whole = table.view.viewport().width() * table.view.viewport().height()
    qapp.processEvents()
    assert len([area for area in painted.areas if area > whole / 2]) == 1


def test_equal_numbers_paint_nothing(qapp: QApplication, qtbot: QtBot) -> None:
    table, values = DataTable("Lines"), [1e6, float("nan"), 3e6]
    qtbot.addWidget(table)
    table.set_content(content_of(values, [0, 0, 1]))
    changed: list[object] = []
    table.model.dataChanged.connect(lambda *_indexes: changed.append(1))
    table.set_content(content_of(values, [0, 0, 1]))
    assert changed == []
