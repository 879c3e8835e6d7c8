"""The session owns the case and is the only one to announce a change of it.

Widgets never write: on a user's action they call `apply` with a case made by core.edits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.case import LAW_SCENARIO, Case
from core.history import stamped
from gui.jobs import IsCancelled, Job, Progress

if TYPE_CHECKING:
    from core.casefile import Seen
    from core.casefile.owner import Claim
    from core.casefile.secrecy import CaseKey
    from core.reference.pack import Pack
    from core.results import Results

BUSY_AFTER_MS = 150
UNDO_LIMIT = 500


class _Edit(QUndoCommand):
    """One edit: the case before and the case after."""

    def __init__(self, session: Session, text: str, before: Case, after: Case) -> None:
        super().__init__(text)
        self._session, self._before, self._after = session, before, after

    def redo(self) -> None:
        self._session._set_case(self._after)

    def undo(self) -> None:
        self._session._set_case(self._before)


def _load_pack() -> Pack:
    """Read and import in the worker whatever a page would otherwise wait for in the window's thread."""
    import core.rivals.course
    import core.tariff.line_trace  # noqa: F401
    import gui.tabs.exposure_content  # noqa: F401 - nothing of Qt in it
    from core.reference.pack import load_pack

    pack = load_pack()
    _read = pack.names, pack.barriers, pack.agenda, pack.calendar
    return pack


def changed_fields(before: Case, after: Case) -> set[str]:
    """Names of the case's fields that are other objects now: edits keep what they do not touch."""
    names = Case.__struct_fields__
    return {name for name in names if getattr(before, name) is not getattr(after, name)}


class Session(QObject):
    """Case, pack, newest results, path on disk and undo stack. Signals say what changed."""

    case_changed = Signal(set)  # names of the case's fields
    results_changed = Signal(object)  # Results
    pack_loaded = Signal(object)  # Pack
    path_changed = Signal(object)  # Path or None
    saved_changed = Signal(bool)  # whether all is saved
    key_changed = Signal(object)  # CaseKey, or None: the case is or is not encrypted from now on
    busy_changed = Signal(bool)
    failed = Signal(object)  # an exception from the worker
    scenario_selected = Signal(str)
    line_selected = Signal(str, str)  # code, letter of the scenario

    def __init__(
        self,
        case: Case,
        pack: Pack | None = None,
        *,
        path: Path | None = None,
        seen: Seen | None = None,
        load_pack: Callable[[], Pack] = _load_pack,
        author: Callable[[], str] = str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._case, self._pack, self._path = case, pack, path
        self._saved_case: Case | None = case
        self._key: CaseKey | None = None
        self._saved_key: CaseKey | None = None
        self._seen = seen
        self._claim: Claim | None = None
        self._load_pack, self.author = load_pack, author
        self._results: Results | None = None
        self._calculation_ms: float | None = None
        self._selected = _first_choice(case)
        self._is_busy = False
        self._wanted: Case | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(UNDO_LIMIT)
        self._job = Job(self)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._job.ended.connect(self._on_ended)
        self._busy_timer = QTimer(self)
        self._busy_timer.setSingleShot(True)
        self._busy_timer.setInterval(BUSY_AFTER_MS)
        self._busy_timer.timeout.connect(self._on_slow)

    # What it holds

    @property
    def case(self) -> Case:
        return self._case

    @property
    def pack(self) -> Pack | None:
        """None until the worker has read it."""
        return self._pack

    @property
    def results(self) -> Results | None:
        """The newest results; they may belong to an earlier case while a calculation runs."""
        return self._results

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def key(self) -> CaseKey | None:
        """What the case is encrypted with at the next saving; None for a readable file."""
        return self._key

    @property
    def saved_key(self) -> CaseKey | None:
        """The key of the file as it is on disk."""
        return self._saved_key

    @property
    def seen(self) -> Seen | None:
        """What the file was when this window last read or wrote it."""
        return self._seen

    @property
    def saved_case(self) -> Case | None:
        """The case as this window last read or wrote it; None for one that was recovered."""
        return self._saved_case

    @property
    def claim(self) -> Claim | None:
        """The note beside the file that this window has it open."""
        return self._claim

    @property
    def calculation_ms(self) -> float | None:
        """How long the newest results took."""
        return self._calculation_ms

    @property
    def is_busy(self) -> bool:
        """Whether a calculation has run for longer than a blink."""
        return self._is_busy

    @property
    def is_saved(self) -> bool:
        """Undoing back to what is on disk counts as saved: cases and keys are compared by identity."""
        return self._case is self._saved_case and self._key is self._saved_key

    @property
    def is_current(self) -> bool:
        """Whether the results belong to the case as it is now."""
        return self._results is not None and self._results.case is self._case

    @property
    def selected_scenario(self) -> str:
        return self._selected

    # What changes it

    def start(self) -> None:
        """Load the pack and make the first evaluation, both in the worker."""
        self._evaluate()

    def apply(self, text: str, case: Case) -> None:
        """Make this the case, as one step of undo named `text` and an entry in its history; the same is no step."""
        if case is not self._case:
            done = stamped(self._case, case, text, at=datetime.now(UTC), who=self.author())
            self.undo_stack.push(_Edit(self, text, self._case, done))

    def replace_case(
        self,
        case: Case,
        path: Path | None,
        *,
        is_saved: bool = True,
        key: CaseKey | None = None,
        seen: Seen | None = None,
        claim: Claim | None = None,
    ) -> None:
        """Another case altogether, as opened or new: nothing to undo, nothing to save unless it was recovered."""
        self.undo_stack.clear()
        self.hold(claim)
        self._saved_case = case if is_saved else None
        self._path, self._seen, self._saved_key = path, seen, key
        former, self._key = self._key, key
        self._selected = _first_choice(case)
        self._set_case(case)
        if former is not key:
            self.key_changed.emit(key)
        self.path_changed.emit(path)
        self.saved_changed.emit(self.is_saved)
        self.scenario_selected.emit(self._selected)

    def mark_saved(self, case: Case, path: Path, *, key: CaseKey | None = None, seen: Seen | None = None) -> None:
        """This case is on disk now, encrypted with this key."""
        self._saved_case, self._saved_key, self._path, self._seen = case, key, path, seen
        self.path_changed.emit(path)
        self.saved_changed.emit(self.is_saved)

    def mark_seen(self, seen: Seen) -> None:
        """The file's present content is taken into account: the next saving replaces it."""
        self._seen = seen

    def set_key(self, key: CaseKey | None) -> None:
        """Encrypt with this key from the next saving on, or no more. There is no undoing of it."""
        if key is not self._key:
            self._key = key
            self.key_changed.emit(key)
            self.saved_changed.emit(self.is_saved)

    def hold(self, claim: Claim | None) -> None:
        """Keep the note that the file is open here, and take the one so far away."""
        if self._claim is not None and self._claim is not claim:
            self._claim.release()
        self._claim = claim

    def select_scenario(self, letter: str) -> None:
        """The scenario that side panels speak of."""
        if letter != self._selected and any(each.letter == letter for each in self._case.scenarios):
            self._selected = letter
            self.scenario_selected.emit(letter)

    def select_line(self, code: str, letter: str) -> None:
        """The tariff line and scenario that the trace panel speaks of."""
        self.line_selected.emit(code, letter)

    def close(self) -> None:
        """Cancel, wait, disconnect; no signal comes after this, nor from the workers of tabs."""
        self.hold(None)
        self._wanted = None
        self._busy_timer.stop()
        for job in self.findChildren(Job):
            job.close()
        self.undo_stack.clear()

    def _set_case(self, case: Case) -> None:
        before, self._case = self._case, case
        changed = changed_fields(before, case)
        self._keep_selection()
        self._evaluate()
        self.case_changed.emit(changed)
        self.saved_changed.emit(self.is_saved)

    def _keep_selection(self) -> None:
        letters = [scenario.letter for scenario in self._case.scenarios]
        if letters and self._selected not in letters:
            self._selected = letters[-1]
            self.scenario_selected.emit(self._selected)

    # The worker

    def _evaluate(self) -> None:
        """Calculate the case as it is now; an older calculation is stopped first."""
        self._wanted = self._case
        if self._job.is_running:
            if self._pack is not None:  # a pack that is being read is wanted in any case
                self._job.cancel()
            return
        self._start_job(self._case)

    def _start_job(self, case: Case) -> None:
        self._wanted = None
        self._busy_timer.start()
        pack, previous, load = self._pack, self._results, self._load_pack

        def task(progress: Progress, cancelled: IsCancelled) -> tuple[Pack, Results, float]:
            from core.engine import evaluate

            read = pack if pack is not None else load()
            begun = time.perf_counter()
            found = evaluate(case, read, previous=previous, progress=progress, cancelled=cancelled)
            return read, found, (time.perf_counter() - begun) * 1000

        self._job.start(task)

    def _on_finished(self, outcome: tuple[Pack, Results, float]) -> None:
        pack, results, took = outcome
        if self._pack is None:
            self._pack = pack
            self.pack_loaded.emit(pack)
        if results.case is self._case:
            self._results, self._calculation_ms = results, took
            self.results_changed.emit(results)

    def _on_failed(self, error: Exception) -> None:
        if self._wanted is None:
            self.failed.emit(error)

    def _on_ended(self) -> None:
        if self._wanted is not None:
            self._start_job(self._wanted)
            return
        self._busy_timer.stop()
        self._set_busy(False)

    def _on_slow(self) -> None:
        self._set_busy(self._job.is_running)

    def _set_busy(self, busy: bool) -> None:
        if busy != self._is_busy:
            self._is_busy = busy
            self.busy_changed.emit(busy)


def _first_choice(case: Case) -> str:
    """The first scenario that changes the law, else the law."""
    letters = [scenario.letter for scenario in case.scenarios]
    return letters[1] if len(letters) > 1 else LAW_SCENARIO
