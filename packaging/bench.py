"""Measure the time budgets, each as a ratio against a reference measured in the same minute.

    python3 dev.py bench [NAME ...] [--runs 9] [--check]

A measurement is a function that does the work once and returns its seconds; `register` adds it to the table.
Seconds differ from laptop to laptop, ratios hardly do: a budget is a ratio wherever a fair reference exists.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
RUNS: Final = 9
SECONDS: Final = 60
Measurement = Callable[[], float]


class NotMeasurableError(Exception):
    """What is to be measured does not run; the table says so instead of showing a number."""


@dataclass(frozen=True)
class Budget:
    """One row. `limit` is a ratio to the reference, or seconds where there is none."""

    name: str
    text: str
    measure: Measurement
    limit: float
    reference: Measurement | None


@dataclass(frozen=True)
class Result:
    """Medians in seconds; `ratio` is measured over reference."""

    budget: Budget
    measured: float
    reference: float | None

    @property
    def ratio(self) -> float | None:
        return self.measured / self.reference if self.reference else None

    @property
    def is_kept(self) -> bool:
        return (self.measured if self.ratio is None else self.ratio) <= self.budget.limit


BUDGETS: Final[list[Budget]] = []


def register(
    name: str, text: str, *, limit: float, reference: Measurement | None = None
) -> Callable[[Measurement], Measurement]:
    """Add a measurement: a short name, the budget in words, its limit and the reference's own measurement."""

    def add(measure: Measurement) -> Measurement:
        BUDGETS.append(Budget(name, text, measure, limit, reference))
        return measure

    return add


def timed(work: Callable[[], object]) -> Measurement:
    """A measurement of a call in this process."""

    def measure() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return measure


# --- start-up -----------------------------------------------------------------------------------------------

BARE_WINDOW: Final = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)

    def painted(self):
        print("painted", flush=True)
        QApplication.quit()

application = QApplication(sys.argv[:1])
window = Window()
window.resize(1440, 900)
window.show()
sys.exit(application.exec())
"""


def seconds_to_first_line(*arguments: str) -> float:
    """From the start of a Python process to the first line it prints: the same clock for every program."""
    environment = {"QT_QPA_PLATFORM": "offscreen"} | os.environ
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program has its bytecode
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    elapsed = time.perf_counter() - start
    try:
        _rest, errors = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise NotMeasurableError(f"did not end within {SECONDS} s") from None
    if process.returncode or not first:
        raise NotMeasurableError((errors.strip().splitlines() or ["it printed nothing"])[-1])
    return elapsed


def bare_window() -> float:
    return seconds_to_first_line("-c", BARE_WINDOW)


@register("first-paint", "window painted: 2x a bare PySide6 window", limit=2.0, reference=bare_window)
def parley_window() -> float:
    return seconds_to_first_line("-m", "gui", "--measure-first-paint")


import bench_briefing  # noqa: E402  the other budgets are registered below
import bench_core  # noqa: E402

bench_core.add(register)
register(
    "briefing",
    "full briefing: 2x the bare writer",
    limit=2.0,
    reference=lambda: bench_briefing.bare_seconds(),
)(lambda: bench_briefing.briefing_seconds())


def window_seconds(*options: str) -> float:
    """The longest block of the window in a scripted session, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "packaging/bench_window.py", *options], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotMeasurableError((done.stderr.strip().splitlines() or ["it printed nothing"])[-1])
    return float(done.stdout.split()[0]) / 1000


@register("longest-block", "longest time the window does not answer: 50 ms", limit=0.05)
def longest_block() -> float:
    return window_seconds()


@register("longest-turn", "most work of the window at a stretch: 50 ms", limit=0.05)
def longest_turn() -> float:
    """The same without what other programs take from the processor meanwhile: comparable on a busy computer."""
    return window_seconds("--own")


# --- the table ----------------------------------------------------------------------------------------------


def evaluate(budget: Budget, runs: int) -> Result:
    """Medians of both sides, taken in turn so that a busy moment hits both."""
    budget.measure()  # warms caches; the first run of a program is the disk's time, not ours
    measured: list[float] = []
    reference: list[float] = []
    for _turn in range(runs):
        measured.append(budget.measure())
        if budget.reference is not None:
            reference.append(budget.reference())
    return Result(budget, statistics.median(measured), statistics.median(reference) if reference else None)


def shown(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:,.1f} ms" if seconds < 1 else f"{seconds:,.2f} s"


def row(*cells: str) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, (46, 11, 11, 6, 6), strict=True)).rstrip()


def report(result: Result) -> str:
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    verdict = "kept" if result.is_kept else "OVER"
    return row(result.budget.text, shown(result.measured), shown(result.reference), ratio, verdict)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(budget.name for budget in BUDGETS))
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of each side, median shown ({RUNS})")
    parser.add_argument("--check", action="store_true", help="end with 1 if a budget is broken")
    options = parser.parse_args(arguments)
    chosen = [budget for budget in BUDGETS if not options.names or budget.name in options.names]
    failed = False
    print(row("budget", "measured", "reference", "ratio", ""))
    for budget in chosen:
        try:
            result = evaluate(budget, options.runs)
        except NotMeasurableError as reason:
            print(f"{budget.text}: not measured, {reason}")
            failed = True
            continue
        print(report(result), flush=True)
        failed |= not result.is_kept
    return int(options.check and failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
