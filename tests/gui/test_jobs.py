"""Background tasks: outcomes arrive in the window's thread, a closed job says nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from core.errors import Cancelled
from gui.jobs import IsCancelled, Job, Progress

PATIENCE_S = 5


@pytest.fixture
def job(qapp: object) -> Iterator[Job]:
    made = Job()
    yield made
    made.close()


def test_a_result_arrives_in_the_thread_of_the_window(job: Job, qtbot: QtBot) -> None:
    threads: list[threading.Thread] = []
    job.finished.connect(lambda _result: threads.append(threading.current_thread()))
    with qtbot.waitSignal(job.ended):
        job.start(lambda progress, cancelled: 42)
    assert threads == [threading.main_thread()]
    assert not job.is_running


def test_progress_is_announced(job: Job, qtbot: QtBot) -> None:
    def task(progress: Progress, cancelled: IsCancelled) -> str:
        progress(0.5)
        return "done"

    with qtbot.waitSignals([job.progressed, job.finished], check_params_cbs=[None, lambda r: r == "done"]):
        job.start(task)


def test_an_error_is_an_outcome(job: Job, qtbot: QtBot) -> None:
    def task(progress: Progress, cancelled: IsCancelled) -> None:
        raise ValueError("broken")

    with qtbot.waitSignal(job.failed) as caught:
        job.start(task)
    assert isinstance(caught.args[0], ValueError)


def test_a_cancelled_task_delivers_nothing(job: Job, qtbot: QtBot) -> None:
    started = threading.Event()

    def task(progress: Progress, cancelled: IsCancelled) -> str:
        started.set()
        while not cancelled():
            threading.Event().wait(0.001)
        raise Cancelled

    with qtbot.waitSignal(job.cancelled), qtbot.assertNotEmitted(job.finished):
        job.start(task)
        assert started.wait(PATIENCE_S)
        job.cancel()


def test_closing_waits_and_silences(job: Job, qtbot: QtBot) -> None:
    """A worker that outlived its owner ended in "Signal source has been deleted"."""
    ended = threading.Event()

    def task(progress: Progress, cancelled: IsCancelled) -> None:
        while not cancelled():
            threading.Event().wait(0.001)
        ended.set()

    job.start(task)
    with qtbot.assertNotEmitted(job.ended, wait=50):
        job.close()
    assert ended.is_set()


def test_one_task_at_a_time(job: Job, qtbot: QtBot) -> None:
    release = threading.Event()
    job.start(lambda progress, cancelled: release.wait(PATIENCE_S))
    with pytest.raises(RuntimeError):
        job.start(lambda progress, cancelled: None)
    with qtbot.waitSignal(job.ended):
        release.set()
