"""Kill Parley at hundreds of moments of editing, saving and keeping, and see after each what the next start finds.

A row of lives shares one case file and one recovery folder, as the days of one delegate do. After each death:
the file is readable, whatever was confirmed as kept or saved is there, at most the last second of edits is lost,
no file is half-written, and of an encrypted case nothing can be read anywhere.
"""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING

from life import DAYS_FROM, MARKER, PASSWORD, Life, Plan, first_case, number_of

from core import casefile
from core.casefile.found import found
from core.casefile.leftovers import SUFFIX, TEMPORARY
from core.casefile.secrecy import CaseKey
from core.errors import ParleyError

if TYPE_CHECKING:
    from core.reference.pack import Pack

LIVES_IN_A_ROW = 10
DRIVERS = 2
LIMIT = 1.0  # seconds of work that may be lost
LONGEST_LIFE = 20.0
_KNOWN = ("talks.parley", "talks.parley~", ".talks.parley.open")  # the last: whose it is (core.casefile.owner)
_KINDS = ("any moment", "while saving", "while keeping", "at a step", "at a step", "in a write")


@dataclass
class Story:
    """What one life reported, and when it died."""

    states: list[tuple[float, int]] = field(default_factory=list)  # time, number of the case from then on
    confirmed: int = -1  # index in states of the newest that was said to be on disk
    failures: list[str] = field(default_factory=list)
    died: float = 0.0
    is_saving: bool = False
    is_keeping: bool = False
    questions: int = 0
    longest: float = 0.0  # seconds of keeping
    begun: float = 0.0  # of the keeping in the middle of which it died

    def hear(self, line: str) -> None:
        sign, _space, rest = line.partition(" ")
        if sign == "E":
            number, at = rest.split()
            self.states.append((float(at), int(number)))
        elif sign in ("W", "S"):
            self.is_saving = sign == "W"
        elif sign in ("B", "K"):
            self.is_keeping = sign == "B"
            self.begun = float(rest) if sign == "B" else 0.0
        elif sign == "T":
            self.longest = max(self.longest, float(rest))
        elif sign == "D":
            self.died = float(rest)
        elif sign == "C":
            self.questions += 1
        elif sign == "F":
            self.failures.append(rest)
        if sign in ("K", "S") and rest:
            self.confirmed = max(self.confirmed, self._first(int(rest)))

    def _first(self, number: int) -> int:
        return next(place for place, (_at, each) in enumerate(self.states) if each == number)

    def loss(self, number: int) -> float | None:
        """Seconds of work that are gone when this case is the one recovered; None for one that cannot be."""
        numbers = [each for _at, each in self.states]
        if number == max(numbers) + 1:  # applied, and dead before it could be told
            return 0.0
        if number not in numbers:
            return None
        last = len(numbers) - 1 - numbers[::-1].index(number)
        return 0.0 if last == len(numbers) - 1 else max(0.0, self.died - self.states[last + 1][0])

    def is_confirmed(self, number: int) -> bool:
        """Whether this case is no older than what was said to be on disk."""
        numbers = [each for _at, each in self.states]
        return number not in numbers or number in numbers[max(self.confirmed, 0) :]


@dataclass
class Tally:
    """What a whole run found."""

    kills: Counter[str] = field(default_factory=Counter)
    edits: int = 0
    saving: int = 0
    keeping: int = 0
    questions: int = 0
    losses: list[float] = field(default_factory=list)
    longest: list[float] = field(default_factory=list)
    offered: int = 0
    slow: int = 0
    leftovers: int = 0
    failures: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """What another driver found, too."""
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)

    def lines(self) -> Iterator[str]:
        yield f"kill: {sum(self.kills.values())} lives, {self.edits} edits; killed " + ", ".join(
            f"{kind}: {count}" for kind, count in sorted(self.kills.items())
        )
        yield (
            f"kill: {self.saving} in the middle of saving, {self.keeping} in the middle of keeping, "
            f"{self.slow} on a disk that takes its time to flush"
        )
        lost = sorted(self.losses)
        if lost:
            some = [each for each in lost if each > 0]
            yield (
                f"kill: nothing lost {len(lost) - len(some)} times, some of the last second {len(some)} times, "
                f"at most {lost[-1] * 1000:.0f} ms of work; unsaved work offered {self.offered} times"
            )
            yield f"kill: the longest keeping took {max(self.longest) * 1000:.0f} ms"
        yield (
            f"kill: {self.leftovers} temporary files beside the case until it was opened again, {self.questions} "
            f"questions about a file of a branch undone, {len(self.failures)} failures"
        )


def torture(
    lives: int, seed: int, pack: Pack, keep_failures: Path, limit: float = LIMIT, folder: Path | None = None
) -> Tally:
    """So many lives, in rows; every other row is of an encrypted case. Some drivers work side by side."""
    rows = range(-(-lives // LIVES_IN_A_ROW))
    counts = {row: min(LIVES_IN_A_ROW, lives - row * LIVES_IN_A_ROW) for row in rows}
    key, tally, drivers = CaseKey.from_password(PASSWORD), Tally(), []
    for place in range(DRIVERS):
        own = {row: counts[row] for row in rows[place::DRIVERS]}
        drivers.append(_driver(own, seed, pack, key, keep_failures, limit, folder))
    for pipe, process in drivers:
        try:
            tally.add(pipe.recv())
        except EOFError:
            tally.failures.append("a driver of the torture itself died")
        os.waitpid(process, 0)
    return tally


def _driver(
    rows: dict[int, int], seed: int, pack: Pack, key: CaseKey, keep_failures: Path, limit: float, folder: Path | None
) -> tuple[Connection, int]:
    """A process of its own that goes through these rows and sends its tally."""
    ours, theirs = Pipe()
    child = os.fork()
    if child:
        theirs.close()
        return ours, child
    tally = Tally()
    try:
        for row, lives in rows.items():
            before = len(tally.failures)
            with tempfile.TemporaryDirectory(prefix="parley-torture-", dir=folder or memory_disk()) as scratch:
                _row(Path(scratch), random.Random(f"{seed}/{row}"), lives, key if row % 2 else None, pack, tally, limit)
                if found := tally.failures[before:]:
                    kept = keep_failures / f"row-{row}"
                    shutil.copytree(scratch, kept, dirs_exist_ok=True)
                    (kept / "failures.txt").write_text("\n".join(found), encoding="utf-8")
        theirs.send(tally)
    finally:
        os._exit(0)


def memory_disk() -> str | None:
    """A kill takes nothing from what a program has written, flushed or not: no disk has to be slow for this."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _row(
    folder: Path, dice: random.Random, lives: int, key: CaseKey | None, pack: Pack, tally: Tally, limit: float
) -> None:
    (folder / "case").mkdir()
    casefile.save(first_case(), folder / "case" / "talks.parley", key=key)
    number = 0
    for _life in range(lives):
        kind = dice.choice(_KINDS)
        plan = _plan(folder, dice, kind, sealed=key is not None)
        story = _live_and_die(plan, kind, dice, pack, number)
        number = max([number, *(each for _at, each in story.states)]) + 1
        tally.kills[kind] += 1
        tally.slow += plan.flush_seconds > 0
        tally.edits += len(story.states)
        tally.saving += story.is_saving
        tally.keeping += story.is_keeping
        tally.questions += story.questions
        tally.longest.append(story.longest)
        problems = [*story.failures, *_judged(plan, story, tally, limit)]
        if problems:  # the rest of the row would only bury what is to be looked at
            tally.failures += [f"seed {plan.seed}, {kind}, {plan.how} {plan.fatal_step}: {each}" for each in problems]
            return


def _plan(folder: Path, dice: random.Random, kind: str, *, sealed: bool) -> Plan:
    is_step = kind in ("at a step", "in a write")
    return Plan(
        seed=dice.getrandbits(32),
        folder=folder,
        sealed=sealed,
        calculates=not is_step and dice.random() < 0.3,
        fatal_step=dice.randrange(1, 60) if is_step else 0,
        how="middle" if kind == "in a write" else dice.choice(("before", "after")),
        pause_ms=dice.choice((20, 80, 240)),
        flush_seconds=dice.choice((0.0, 0.0, 0.0, 0.4, 3.0)),
    )


# One life


def _live_and_die(plan: Plan, kind: str, dice: random.Random, pack: Pack, number: int) -> Story:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            Life(plan, writing, pack, number).run()
        except BaseException as error:
            os.write(writing, f"F {type(error).__name__}: {error!s:.300}\n".encode())
        finally:
            os._exit(4)
    os.close(writing)
    story = Story()
    try:
        _listen(reading, child, story, kind, dice)
    finally:
        os.close(reading)
    if story.is_keeping:
        story.longest = max(story.longest, story.died - story.begun)
    return story


def _listen(pipe: int, child: int, story: Story, kind: str, dice: random.Random) -> None:
    """Hear what it reports; kill it at its moment, or when it is overdue; hear the rest."""
    begun, moment = time.monotonic(), _Moment(kind, dice)
    rest, killed = b"", False
    while True:
        now = time.monotonic()
        due = moment.due if moment.due is not None else begun + LONGEST_LIFE
        if not killed and now >= due:
            story.died, killed = now, True
            os.kill(child, signal.SIGKILL)
        ready, _w, _x = select.select([pipe], [], [], None if killed else max(0.0, due - now))
        if not ready:
            continue
        data = os.read(pipe, 65536)
        if not data:
            break
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            story.hear(line.decode())
            moment.hear(line[:1].decode())
    _pid, status = os.waitpid(child, 0)
    story.died = story.died or time.monotonic()
    if not os.WIFSIGNALED(status):
        story.failures.append(f"it ended by itself with {os.waitstatus_to_exitcode(status)}")


class _Moment:
    """When to kill: some time after the sign that this kind of death waits for."""

    def __init__(self, kind: str, dice: random.Random) -> None:
        self.due: float | None = None
        self._sign = {"any moment": "E", "while saving": "W", "while keeping": "B"}.get(kind, "")
        self._skip = dice.randrange(0, 3) if kind != "any moment" else 0
        longest = {"any moment": 2.0, "while saving": 0.03, "while keeping": 0.01}.get(kind, 0.0)
        self._delay = dice.random() * longest

    def hear(self, sign: str) -> None:
        if sign != self._sign or self.due is not None:
            return
        if self._skip:
            self._skip -= 1
        else:
            self.due = time.monotonic() + self._delay


# The next morning


def _judged(plan: Plan, story: Story, tally: Tally, limit: float) -> Iterator[str]:
    """What is wrong after this death, in words."""
    if not story.states:
        story.states.append((story.died, -1))  # it died before it could say what it had opened
    yield from _strange_files(plan, tally)
    try:
        saved = casefile.load(plan.file, PASSWORD)
        before = casefile.previous_version(plan.file)
        if before.exists():
            casefile.load(before, PASSWORD)
    except ParleyError as error:
        yield f"the case is not readable: {error}"
        return
    if any(map(_is_temporary, plan.file.parent.iterdir())):
        yield "a temporary file of the dead process stays beside the case"
    numbers = [number_of(saved)]
    entries = found(plan.recovery, today=DAYS_FROM)
    try:
        for entry in entries:
            tally.offered += 1
            if entry.problem is not None:
                yield f"a recovery file is not readable: {entry.problem}"
            elif not (recovered := entry.open(PASSWORD)).is_in_file:
                numbers.append(number_of(recovered.case))
    except ParleyError as error:
        yield f"the recovered case does not open: {error}"
    finally:
        for entry in entries:
            entry.release()
    if len(entries) > 1:
        yield f"{len(entries)} entries of one window"
    yield from _lost(story, numbers[-1], tally, limit)


def _lost(story: Story, number: int, tally: Tally, limit: float) -> Iterator[str]:
    if story.states[0][1] == -1:
        return
    loss = story.loss(number)
    if loss is None:
        yield f"edit {number} comes back, which was never made"
    elif not story.is_confirmed(number):
        yield f"edit {number} comes back, though {story.states[story.confirmed][1]} was on disk"
    elif loss > limit:
        yield f"{loss:.2f} s of work are lost (the longest keeping took {story.longest:.2f} s)"
    else:
        tally.losses.append(loss)


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(TEMPORARY) and path.name.endswith(SUFFIX)


def _strange_files(plan: Plan, tally: Tally) -> Iterator[str]:
    """Files that nobody knows, and text of an encrypted case where none may be."""
    for path in sorted(plan.folder.rglob("*")):
        if not path.is_file():
            continue
        if plan.sealed and MARKER.encode() in (data := path.read_bytes()):
            yield f"{path.name} holds {len(data)} bytes of plain text"
        if path.parent == plan.file.parent and path.name not in _KNOWN:
            if _is_temporary(path):
                tally.leftovers += 1  # until the file is opened again, see _judged
            else:
                yield f"a strange file: {path.name}"
