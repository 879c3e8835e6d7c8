"""Feed Parley damaged files: each must end in a value or in an error that says what is wrong.

Never in another exception, not after more than 5 seconds of work, not with more than 1 GB of memory. Every input
is drawn from seed and number alone. Workers are processes of their own: one that hangs or dies takes nobody along.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from typing import Any

from inputs import ROOT, Family, families, memory_disk

from core.errors import ParleyError

MEMORY = 1_000_000_000
SECONDS = 5.0  # of work: the machine may be busy with others
PATIENCE = 30.0  # by the clock, after which a worker counts as hanging
WORKERS = 2
_SHOWN = 60  # characters of an error's text in the summary


@dataclass(frozen=True)
class Outcome:
    """How one input ended. wrong: "" for a value or a named error, else what happened and where."""

    number: int
    family: str
    source: str
    result: str
    seconds: float
    wrong: str = ""


@dataclass
class Tally:
    """What a whole run found."""

    results: Counter[str] = field(default_factory=Counter)
    per_family: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    wrong: dict[str, list[Outcome]] = field(default_factory=dict)

    @property
    def failures(self) -> list[str]:
        """Each kind of failure once, with its first inputs."""
        return [
            f"{len(found)} times {kind}; first: {found[0].family}, {found[0].source}, input {found[0].number}"
            for kind, found in sorted(self.wrong.items(), key=lambda item: -len(item[1]))
        ]

    def add(self, outcome: Outcome) -> None:
        self.results[outcome.result] += 1
        self.per_family[outcome.family] += 1
        self.slowest = max(self.slowest, (outcome.seconds, f"{outcome.family}, input {outcome.number}"))
        if outcome.wrong:
            self.wrong.setdefault(outcome.wrong, []).append(outcome)

    def lines(self) -> Iterator[str]:
        total, kinds = sum(self.results.values()), ", ".join(f"{n}: {c}" for n, c in self.results.most_common())
        yield f"mutate: {total} damaged files; " + ", ".join(f"{n}: {c}" for n, c in self.per_family.most_common())
        yield f"mutate: ended in {kinds}"
        yield f"mutate: slowest {self.slowest[0]:.2f} s ({self.slowest[1]}); {len(self.wrong)} kinds of failure"


def torture(count: int, seed: int, keep_failures: Path) -> Tally:
    """So many damaged files. What failed is kept, three of a kind."""
    kinds, tally = families(), Tally()
    for outcome in _outcomes(kinds, seed, list(range(count))):
        tally.add(outcome)
    _look_again(kinds, seed, tally)
    for place, found in enumerate(tally.wrong.values()):
        for outcome in found[:3]:
            _keep(kinds, seed, outcome, keep_failures / f"{place:02d}-{outcome.number}")
    return tally


def _look_again(kinds: list[Family], seed: int, tally: Tally) -> None:
    """Too slow or too large counts only if it is so again in a fresh worker with nobody beside it."""
    for kind in [kind for kind in tally.wrong if kind.startswith(("hangs", "takes", "MemoryError"))]:
        numbers = [outcome.number for outcome in tally.wrong.pop(kind)]
        for number in numbers:
            (again,) = _outcomes(kinds, seed, [number])
            if again.wrong:
                tally.wrong.setdefault(again.wrong, []).append(again)


def drawn(kinds: list[Family], seed: int, number: int) -> tuple[Family, str, bytes]:
    """Input `number` of this seed: the same ones for ever."""
    dice = random.Random(f"{seed}/{number}")
    family = dice.choices(kinds, [each.weight for each in kinds])[0]
    source, data = family.damaged(dice)
    return family, source, data


def _keep(kinds: list[Family], seed: int, outcome: Outcome, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _family, source, data = drawn(kinds, seed, outcome.number)
    if len(data) < 30_000_000:
        (folder / source).write_bytes(data)
    words = f"seed {seed}, input {outcome.number}, {outcome.family}, {source}\n{outcome.wrong}\n{outcome.result}\n"
    (folder / "what.txt").write_text(words, encoding="utf-8")


# Workers


@dataclass
class _Worker:
    process: int
    pipe: Connection
    number: int = -1
    begun: float = 0.0

    def give(self, number: int) -> None:
        self.number, self.begun = number, time.monotonic()
        self.pipe.send(number)

    def end(self) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        self.pipe.close()


def _outcomes(kinds: list[Family], seed: int, numbers: list[int]) -> Iterator[Outcome]:
    """In no order. Whatever becomes of a worker, its folder goes with this."""
    with tempfile.TemporaryDirectory(prefix="parley-torture-", dir=memory_disk(), ignore_cleanup_errors=True) as base:
        yield from _handed_out(kinds, seed, numbers, Path(base))


def _handed_out(kinds: list[Family], seed: int, numbers: list[int], folder: Path) -> Iterator[Outcome]:
    waiting = numbers[::-1]
    workers = [_hired(kinds, seed, folder) for _place in range(min(WORKERS, len(numbers)))]
    for worker in workers:
        worker.give(waiting.pop())
    while workers:
        ready = wait([worker.pipe for worker in workers], timeout=1.0)
        for place, worker in enumerate(list(workers)):
            outcome = _heard(worker, worker.pipe in ready, kinds, seed)
            if outcome is None:
                continue
            yield outcome
            if outcome.result in ("hang", "death"):
                worker.end()
                worker = workers[place] = _hired(kinds, seed, folder)
            if waiting:
                worker.give(waiting.pop())
            else:
                worker.number = -1
        for worker in [each for each in workers if each.number < 0]:
            worker.end()
            workers.remove(worker)


def _heard(worker: _Worker, is_ready: bool, kinds: list[Family], seed: int) -> Outcome | None:
    if is_ready:
        try:
            received: Outcome = worker.pipe.recv()
            return received
        except (EOFError, ConnectionResetError):
            return _lost(worker, kinds, seed, "death", "the process died")
    if time.monotonic() - worker.begun > PATIENCE:
        return _lost(worker, kinds, seed, "hang", f"hangs for more than {PATIENCE:.0f} s")
    return None


def _lost(worker: _Worker, kinds: list[Family], seed: int, result: str, words: str) -> Outcome:
    family, source, _data = drawn(kinds, seed, worker.number)
    seconds = time.monotonic() - worker.begun
    return Outcome(worker.number, family.name, source, result, seconds, f"{words} ({family.name})")


def _hired(kinds: list[Family], seed: int, folder: Path) -> _Worker:
    ours, theirs = Pipe()
    child = os.fork()
    if child == 0:
        ours.close()
        try:
            own = folder / str(os.getpid())
            own.mkdir()
            _work(theirs, kinds, seed, own)
        finally:
            os._exit(0)
    theirs.close()
    return _Worker(child, ours)


def _work(pipe: Connection, kinds: list[Family], seed: int, folder: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    while True:
        try:
            number = pipe.recv()
        except EOFError:
            return
        family, source, data = drawn(kinds, seed, number)
        begun = time.process_time()
        result, wrong = _read(family, source, data, folder)
        seconds = time.process_time() - begun
        if seconds > SECONDS:
            wrong = wrong or f"takes more than {SECONDS:.0f} s of work ({family.name})"
        pipe.send(Outcome(number, family.name, source, result, seconds, wrong))


def _read(family: Family, source: str, data: bytes, folder: Path) -> tuple[str, str]:
    """How it ended, and what was wrong about that."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.RLIM_INFINITY))
    try:
        family.read(source, data, folder)
    except ParleyError as error:
        return type(error).__name__, _unsaid(error)
    except BaseException as error:
        return type(error).__name__, f"{type(error).__name__} in {_place(error)}: {str(error)[:_SHOWN]!r}"
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return "a value", ""


def _unsaid(error: ParleyError) -> str:
    """An error that says nothing, or so much that no dialog holds it, is none."""
    if not error.what:
        return f"{type(error).__name__} without words in {_place(error)}"
    if len(error.message()) > 3000:
        return f"{type(error).__name__} of more than 3000 characters in {_place(error)}"
    return ""


def _place(error: BaseException) -> str:
    """The innermost line of ours that it came through."""
    frames: list[Any] = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(str(ROOT / "core"))]
    frame = (own or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
