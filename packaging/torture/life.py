"""One life of Parley without its window: it recovers, edits, saves and reports each step, until it is killed.

Session, saving and recovery are the real ones under a real event loop; only the delegate is made of dice.
"""

from __future__ import annotations

import os
import random
import sys
import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget
from steps import Steps

import gui.dialogs
from core import casefile, edits
from core.case import BarrierState, Case, RateForm
from core.casefile.found import found
from core.casefile.recovery import Recovery
from core.text import LocalText
from gui.app import SWITCH_INTERVAL
from gui.case_files import CaseFiles
from gui.recovery import Keeper
from gui.session import Session

if TYPE_CHECKING:
    from core.reference.pack import Pack

MARKER = "두루미Grus7719"  # in everything that is edited: where it is readable, the case is
PASSWORD = "stork and 두루미"
DAYS_FROM = date(2025, 5, 22)
_report = os.write  # the real one, whatever is armed later


@dataclass(frozen=True)
class Plan:
    """What one life is like: drawn from the seed before it begins."""

    seed: int
    folder: Path
    sealed: bool
    calculates: bool
    fatal_step: int  # 0: someone else kills it
    how: str
    pause_ms: int  # the longest between two actions
    flush_seconds: float  # what the disk takes to flush a file, as an old stick or a busy network drive does

    @property
    def file(self) -> Path:
        return self.folder / "case" / "talks.parley"

    @property
    def recovery(self) -> Path:
        return self.folder / "recovery"


class DiceSession(Session):
    """Evaluates like any other, if this life is to be a busy one."""

    calculates = True

    def _evaluate(self) -> None:
        if self.calculates:
            super()._evaluate()


class Life:
    """Acts at random until the end, and reports every step.

    E number time: the case is this one now. W, S number: saving begins, is done. B time, K number: keeping
    begins, is done. T seconds: keeping took so long. D time: it dies now, by itself. C: asked about a file that was
    changed. F words: something failed that must not.
    """

    def __init__(self, plan: Plan, pipe: int, pack: Pack, first: int) -> None:
        self._plan, self._pipe, self._pack = plan, pipe, pack
        self._dice = random.Random(plan.seed)
        self._number = first

    def run(self) -> None:
        """Never returns."""
        application = QApplication([])
        sys.setswitchinterval(SWITCH_INTERVAL)
        if self._plan.flush_seconds:
            slow_down(self._plan.flush_seconds)
        if self._plan.fatal_step:
            Steps(self._plan.fatal_step, self._plan.how, lambda: self.say(f"D {time.monotonic()}")).arm()
        self._begin()
        application.exec()
        os._exit(3)

    def _begin(self) -> None:
        opened = casefile.open_case(self._plan.file, PASSWORD)
        self._session = DiceSession(opened.case, self._pack)
        self._session.calculates = self._plan.calculates
        self._session.replace_case(opened.case, self._plan.file, key=opened.key, seen=opened.seen)
        self._window = QWidget()
        self._files = CaseFiles(self._session, self._window)
        self._no_dialogs()
        self._keeper = Keeper(self._session, self._recovery())
        self._recover()
        self._watch()
        self._session.start()
        self._next()

    def _no_dialogs(self) -> None:
        """Nobody is there to answer: what would be asked is told as a failure."""

        def asked(_window: QWidget, what: object, *_more: object, **_options: object) -> gui.dialogs.Answer:
            self.say(f"F asked about: {what}")
            return gui.dialogs.Answer.CANCEL

        for name in ("show_error", "ask_not_saved", "ask_unsaved"):
            setattr(gui.dialogs, name, asked)
        gui.dialogs.ask_changed = self._asked_changed

    def _asked_changed(self, *_words: object, **_options: object) -> gui.dialogs.Answer:
        """Nobody else is there: after a death the file may be of a branch that was undone. Replace it, next time."""
        self.say("C")
        self._session.mark_seen(casefile.Seen.of(self._plan.file.read_bytes()))
        return gui.dialogs.Answer.CANCEL

    def _recovery(self) -> Recovery:
        made = Recovery(self._plan.recovery, f"{self._dice.getrandbits(64):016x}")
        keep = made.keep

        def told(*words: Any, **options: Any) -> None:
            begun = time.monotonic()
            self.say(f"B {begun}")
            keep(*words, **options)
            self.say(f"T {time.monotonic() - begun}")

        made.keep = told
        return made

    def _recover(self) -> None:
        """As at a start: what is found is opened and gone on with."""
        for entry in found(self._plan.recovery, today=DAYS_FROM):
            recovered = entry.open(PASSWORD)
            if recovered.is_in_file:
                entry.delete()
                continue
            case, path, key, seen = recovered.case, recovered.path, recovered.key, recovered.seen
            self._session.replace_case(case, path, is_saved=False, key=key, seen=seen)
            self._keeper.take_over(entry)
            break

    def _watch(self) -> None:
        self._keeper.kept.connect(lambda case: self.say("K" if case is None else f"K {number_of(case)}"))
        self._keeper.failed.connect(lambda error: self.say(f"F {error}"))
        self._session.failed.connect(lambda error: self.say(f"F {error}"))
        self._files.saved.connect(lambda _path: self.say(f"S {number_of(self._session._saved_case)}"))
        self.say(f"E {number_of(self._session.case)} {time.monotonic()}")

    def say(self, line: str) -> None:
        """One short line is one write: it arrives whole or not at all."""
        _report(self._pipe, f"{line}\n".encode())

    def _next(self) -> None:
        QTimer.singleShot(self._dice.randrange(1, self._plan.pause_ms), self._act)

    def _act(self) -> None:
        chosen = self._dice.choices((self._edit, self._undo, self._redo, self._save), (70, 9, 4, 17))[0]
        before = self._session.case
        chosen()
        if self._session.case is not before:
            self.say(f"E {number_of(self._session.case)} {time.monotonic()}")
        self._next()

    def _edit(self) -> None:
        self._number += 1
        case = self._dice.choice((_rate, _barrier, _same))(self._session.case, self._dice)
        self._session.apply(f"edit {MARKER}", edits.set_note(case, f"{self._number} {MARKER}"))

    def _undo(self) -> None:
        self._session.undo_stack.undo()

    def _redo(self) -> None:
        self._session.undo_stack.redo()

    def _save(self) -> None:
        self.say("W")
        self._files.save()


def slow_down(seconds: float) -> None:
    """Every flush takes as long; what was written is safe from a kill meanwhile."""
    flush = os.fsync

    def slow(descriptor: int) -> None:
        time.sleep(seconds)
        flush(descriptor)

    os.fsync = slow


def _rate(case: Case, dice: random.Random) -> Case:
    rate = Decimal(dice.randrange(0, 500)) / 1000
    return edits.set_cell_rate(
        case, "C", dice.choice(("autos", "steel", "reciprocal")), rate, RateForm.TOTAL, case.as_of
    )


def _barrier(case: Case, dice: random.Random) -> Case:
    state = dice.choice(list(BarrierState))
    words = LocalText(en=f"{MARKER} " * dice.randrange(1, 40))
    return edits.set_barrier(case, f"barrier-{dice.randrange(30)}", state=state, red_line=words)


def _same(case: Case, _dice: random.Random) -> Case:
    return case


def number_of(case: Case) -> int:
    """Which edit made this case: it stands at the beginning of the note."""
    return int(case.note.partition(" ")[0])


def first_case() -> Case:
    """What the first life of a row opens."""
    return edits.set_note(casefile.default_case(), f"0 {MARKER}")
