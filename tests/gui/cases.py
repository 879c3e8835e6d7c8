"""The default case with its results, worked out once for all tests of tabs."""

from __future__ import annotations

from functools import cache

from core.case import Case
from core.casefile import default_case
from core.engine import evaluate
from core.reference.pack import Pack, load_pack
from core.results import Results
from gui.session import Session


@cache
def pack() -> Pack:
    return load_pack()


@cache
def results() -> Results:
    return evaluate(default_case(), pack())


class StillSession(Session):
    """A session that has its results already and works out nothing new: tests decide when numbers change."""

    def __init__(self, case: Case | None = None) -> None:
        found = results()
        super().__init__(case or found.case, pack())
        self._results = found

    def _evaluate(self) -> None:
        """Nothing: edits of barriers and groups are looked at without their results."""

    def announce(self, new: Results) -> None:
        """As the worker does when it is done."""
        self._results = new
        self.results_changed.emit(new)
