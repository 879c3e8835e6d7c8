"""Comparing partners in the background: one book of rates for all questions, the newest question first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from core.case import Case
from core.codes import LINE_DIGITS
from core.engine import check_day, horizon_of
from core.preference_words import preference_warnings
from core.reference.pack import Pack
from core.results import Floats
from core.rivals.claims import Claimed, claimed
from core.rivals.course import Course, course
from core.rivals.rate_book import RateBook
from core.rivals.side_by_side import SideBySide, home_weights, side_by_side
from core.tariff.goods import Bools
from core.text import LocalText
from gui.jobs import IsCancelled, Job, Progress
from gui.session import BUSY_AFTER_MS
from gui.tabs.partners_choice import Choice, Inputs, Mix, Which, goods_mask, goods_name, inputs_of, scenario_of

CANCEL_AFTER_MS: Final = 1000


@dataclass(frozen=True, eq=False)
class LineNames:
    """Tariff lines with trade, by code and by words, for those who look for a code."""

    codes: tuple[str, ...]
    names: tuple[LocalText, ...]

    @cached_property
    def folded(self) -> tuple[str, ...]:
        return tuple(f"{name.en} {name.ko}".casefold() for name in self.names)


@dataclass(frozen=True, eq=False)
class Compared:
    """The answer to a question, and the question. year: of the imports.

    claims, warnings: by code of the partner. ships_none: the case's partner ships nothing of the goods.
    """

    case: Case
    choice: Choice
    found: SideBySide
    year: int
    ships_none: bool
    claims: dict[str, Claimed]
    warnings: dict[str, tuple[str, ...]]
    lines: LineNames


@dataclass(frozen=True, eq=False)
class Courses:
    """The rates of the case's partner and of another one over the year. rival: None for the partner itself."""

    compared: Compared
    code: str
    mix: Mix
    home: Course
    rival: Course | None


@dataclass(frozen=True, eq=False)
class _CourseWanted:
    compared: Compared
    code: str
    mix: Mix


_Wanted = tuple[Case, Choice]


class PartnersJob(QObject):
    """Owns the worker and its book. `slow` and `very_slow` say when to tell of it and when to offer to stop it."""

    found = Signal(object)  # Compared
    followed = Signal(object)  # Courses
    failed = Signal(object)  # an exception
    slow = Signal()
    very_slow = Signal()
    progressed = Signal(float)
    ended = Signal()  # no comparison is being worked out any more

    def __init__(self, session: QObject, parent: QObject) -> None:
        super().__init__(parent)
        self._wanted: _Wanted | None = None
        self._wanted_course: _CourseWanted | None = None
        self._is_comparing = False
        self._work = _Work()
        self._job = Job(session)  # the session may end before the page is destroyed, and closes its jobs
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._job.progressed.connect(self._on_progressed)
        self._job.ended.connect(self._on_ended)
        parent.destroyed.connect(self._job.close)
        self._timers = [self._timer(BUSY_AFTER_MS, self.slow), self._timer(CANCEL_AFTER_MS, self.very_slow)]
        self._pack: Pack | None = None

    def _timer(self, milliseconds: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

    @property
    def is_running(self) -> bool:
        """Whether a comparison or a course is still to come."""
        return self._job.is_running

    @property
    def is_comparing(self) -> bool:
        return self._is_comparing

    def compare(self, pack: Pack, case: Case, choice: Choice) -> None:
        """Compare; whatever was asked before is stopped first."""
        self._pack, self._wanted, self._wanted_course = pack, (case, choice), None
        if not self._is_comparing:
            self._is_comparing = True
            for timer in self._timers:
                timer.start()
        self._go()

    def follow(self, compared: Compared, code: str, mix: Mix) -> None:
        """Work out the course of a partner's rate once no comparison is wanted any more."""
        self._wanted_course = _CourseWanted(compared, code, mix)
        if self._wanted is None and not self._is_comparing:
            self._go()

    def cancel(self) -> None:
        """Stop, and want nothing else instead."""
        self._wanted = self._wanted_course = None
        self._job.cancel()

    def _go(self) -> None:
        if self._job.is_running:
            self._job.cancel()
        else:
            self._start_next()

    def _start_next(self) -> None:
        work, pack = self._work, self._pack
        if pack is None:
            return
        if self._wanted is not None:
            (case, choice), self._wanted = self._wanted, None
            self._job.start(lambda progress, cancelled: work.compare(pack, case, choice, progress, cancelled))
        elif self._wanted_course is not None:
            wanted, self._wanted_course = self._wanted_course, None
            self._job.start(lambda _progress, cancelled: work.follow(pack, wanted, cancelled))

    def _on_finished(self, answer: Compared | Courses) -> None:
        if self._wanted is not None:
            return
        if isinstance(answer, Compared):
            self.found.emit(answer)
        elif self._wanted_course is None:
            self.followed.emit(answer)

    def _on_failed(self, error: Exception) -> None:
        if self._wanted is None:
            self.failed.emit(error)

    def _on_progressed(self, fraction: float) -> None:
        if self._is_comparing:
            self.progressed.emit(fraction)

    def _on_ended(self) -> None:
        if self._wanted is None and self._is_comparing:
            self._is_comparing = False
            for timer in self._timers:
                timer.stop()
            self.ended.emit()
        self._start_next()


class _Work:
    """What the worker does, one thing at a time; keeps the book while the case has the same inputs."""

    def __init__(self) -> None:
        self._book: tuple[Pack, Inputs, RateBook] | None = None
        self._lines: tuple[Pack, LineNames] | None = None

    def book(self, pack: Pack, case: Case) -> RateBook:
        """The book of rates that serves the case, made anew where its inputs are others."""
        if self._book is None or self._book[0] is not pack or not self._book[1].serve(case):
            self._book = pack, inputs_of(case), RateBook(case, pack)
        return self._book[2]

    def compare(self, pack: Pack, case: Case, choice: Choice, progress: Progress, cancelled: IsCancelled) -> Compared:
        check_day(case.as_of, pack)
        book = self.book(pack, case)
        mask, scenario = goods_mask(book, choice.goods), scenario_of(case, choice.letter)
        code = choice.goods if choice.goods.isdigit() else ""
        label = goods_name(case, choice.goods, str(pack.names.name(code)) if code else "")
        partners = _codes(pack, choice)
        found = side_by_side(book, mask, label, scenario, case.as_of, partners, progress=progress, cancelled=cancelled)
        weights = home_weights(book, mask)
        rows = [terms.partner for terms in found.rows]
        return Compared(
            case=case,
            choice=choice,
            found=found,
            year=book.imports(book.home).year,
            ships_none=not book.value(book.home)[mask].any(),
            claims={each.iso2: claimed(book, each, weights, case.as_of) for each in rows},
            warnings={each.iso2: tuple(preference_warnings(pack, each, case.as_of, case.known_to)) for each in rows},
            lines=self._line_names(pack, book),
        )

    def follow(self, pack: Pack, wanted: _CourseWanted, cancelled: IsCancelled) -> Courses:
        case, choice = wanted.compared.case, wanted.compared.choice
        book, span = self.book(pack, case), horizon_of(case, pack)
        mask, scenario = goods_mask(book, choice.goods), scenario_of(case, choice.letter)

        def of(code: str) -> Course:
            weights = _weights(book, mask, code, wanted.mix)
            return course(book, mask, weights, scenario, code, span, cancelled=cancelled)

        home = book.home.iso2
        rival = of(wanted.code) if wanted.code != home else None
        return Courses(wanted.compared, wanted.code, wanted.mix, of(home), rival)

    def _line_names(self, pack: Pack, book: RateBook) -> LineNames:
        if self._lines is None or self._lines[0] is not pack:
            lines, first = np.unique(book.codes.astype(f"U{LINE_DIGITS}"), return_index=True)
            names = tuple(pack.names.of_line(str(book.codes[place])) for place in first)
            self._lines = pack, LineNames(tuple(map(str, lines)), names)
            _ready = self._lines[1].folded
        return self._lines[1]


def _weights(book: RateBook, mask: Bools, code: str, mix: Mix) -> Floats:
    if mix is Mix.SAME:
        return home_weights(book, mask)
    own: Floats = np.where(mask, book.value(book.pack.partners.get(code)), 0.0)
    return own


def _codes(pack: Pack, choice: Choice) -> Sequence[str] | None:
    """Whose terms; None for the largest suppliers. All: a union stands for its members."""
    if choice.which is Which.LARGEST:
        return None
    if choice.which is Which.LISTED:
        return choice.codes
    return [partner.iso2 for partner in pack.partners if not partner.union or partner.iso2 == partner.union]
