"""The side panel that answers "why this rate?" for one line under one scenario, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.codes import format_code
from core.i18n import _
from core.quantities import format_date, format_number, format_percent, format_rate
from core.results import Results, Step, Trace
from gui import clipboard, theme
from gui.tabs.pieces import SidePage, hairline, label
from gui.tabs.sources_dialog import SourcesDialog, step_detail
from gui.widgets import AmberNote, Chip, IconButton

MILLION: Final = 1e6
LEAST_WIDTH: Final = 300
Explain = Callable[[Results, str, str], Trace]


_AFTER_MOVING_MS = 20
_AFTER_PAINTING_MS = 80


class TracePanel(QScrollArea):
    """Shows one trace. `explain` works it out; a line that is gone leaves the panel empty."""

    shown = Signal(object)

    def __init__(self, explain: Explain, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._explain = explain
        self._results: Results | None = None
        self._wanted: tuple[str, str] | None = None
        self.trace: Trace | None = None
        self._next: tuple[Trace | None, QWidget] | None = None
        self._timer = self._make_timer(self._work_out)
        self._next_turn = self._make_timer(self._show_next)
        self._set_up()
        theme.notifier.changed.connect(self._on_theme_changed)

    def _make_timer(self, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        return timer

    def _set_up(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(LEAST_WIDTH)
        self.setAccessibleName(_("Why this rate?"))
        self.setWidget(self._make_page(None))

    def sizeHint(self) -> QSize:
        return QSize(352, 600)

    # What to show

    def set_results(self, results: Results) -> None:
        """New numbers: the same line again, in a turn of its own after the table has painted them."""
        self._results = results
        self._timer.start(_AFTER_PAINTING_MS)

    def show_line(self, code: str, letter: str) -> None:
        """Explain this line under this scenario, a moment later, so that moving fast through a table stays fast."""
        self._wanted = (code, letter)
        self._timer.start(_AFTER_MOVING_MS)

    def show_nothing(self) -> None:
        """No line is chosen."""
        self._wanted = None
        self._timer.start(_AFTER_MOVING_MS)

    def _work_out(self) -> None:
        trace = None
        if self._results is not None and self._wanted is not None:
            code, letter = self._wanted
            if any(found.scenario.letter == letter for found in self._results.evaluations):
                trace = self._explain(self._results, code, letter)
        self._prepare(trace)

    def _prepare(self, trace: Trace | None) -> None:
        """Make the page now and show it in the next turn of the loop: each takes a third of what is allowed."""
        if self._next is not None:
            self._next[1].deleteLater()
        self._next = (trace, self._make_page(trace))
        self._next_turn.start(0)

    def _show_next(self) -> None:
        if self._next is None:
            return
        place = self.verticalScrollBar().value()
        self.trace, page = self._next
        self._next = None
        self.setWidget(page)
        self.verticalScrollBar().setValue(place)
        self.shown.emit(self.trace)

    def _on_theme_changed(self) -> None:
        self._prepare(self.trace)

    # Building

    def _make_page(self, trace: Trace | None) -> QWidget:
        page = SidePage()
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        self._box = QVBoxLayout(page)
        self._box.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S16)
        self._box.setSpacing(theme.S4)
        if trace is None:
            self._box.addWidget(label(_("Choose a line to see why it pays its rate."), muted=True))
        else:
            self._add_trace(trace)
        self._box.addStretch(1)
        return page

    def _add_trace(self, trace: Trace) -> None:
        self._box.addWidget(label(_("Why this rate?"), "caption", muted=True))
        title = _("{rate} on {code}").format(rate=format_percent(trace.total, 1), code=format_code(trace.code))
        self._box.addWidget(label(title, "title"))
        self._box.addWidget(label(trace.description, "caption", muted=True))
        self._box.addLayout(self._scenario_line(trace))
        self._box.addSpacing(theme.S8)
        self._box.addWidget(_Steps(trace))
        self._box.addSpacing(theme.S4)
        self._box.addWidget(self._duty_line(trace))
        if trace.others:
            self._box.addSpacing(theme.S12)
            self._box.addWidget(label(_("Same line, other scenarios"), "heading"))
            self._box.addWidget(self._others(trace))
        if trace.warnings:
            self._box.addSpacing(theme.S12)
            note = AmberNote()
            note.set_text("\n".join(trace.warnings))
            self._box.addWidget(note)
        self._box.addSpacing(theme.S12)
        self._box.addLayout(self._buttons(trace))

    def _scenario_line(self, trace: Trace) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        row.addWidget(Chip(trace.letter))
        text = _("{scenario} · entry on {date}").format(
            scenario=self._scenario_name(trace.letter), date=format_date(trace.on)
        )
        row.addWidget(label(text, "caption", muted=True), 1)
        return row

    def _scenario_name(self, letter: str) -> str:
        return str(self._results.case.scenario(letter).name) if self._results is not None else letter

    def _duty_line(self, trace: Trace) -> QLabel:
        duty = _("US$ {duty} m duty a year").format(duty=format_number(trace.duty / MILLION, _decimals(trace.duty)))
        text = _("{value} × {rate} = {duty}").format(
            value=format_number(trace.value / MILLION, _decimals(trace.value)),
            rate=format_percent(trace.total, 2),
            duty=f"<b>{duty}</b>",
        )
        line = label(text)
        line.setTextFormat(Qt.TextFormat.RichText)
        return line

    def _others(self, trace: Trace) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.S8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for place, (letter, total, duty) in enumerate(trace.others):
            row = 2 * place
            grid.addWidget(Chip(letter), row, 0)
            grid.addWidget(label(self._scenario_name(letter)), row, 1)
            grid.addWidget(_number(format_rate(total)), row, 2)
            grid.addWidget(_number(format_number(duty / MILLION, _decimals(duty)), width=72), row, 3)
            grid.addWidget(hairline(), row + 1, 0, 1, 4)
        return box

    def _buttons(self, trace: Trace) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        copy = IconButton("copy", _("Copy as text"))
        copy.clicked.connect(lambda: clipboard.copy_text(trace.as_text()))
        law = QPushButton(_("Law and sources…"))
        law.clicked.connect(lambda: self._show_sources(trace))
        row.addWidget(copy)
        row.addWidget(law)
        row.addStretch(1)
        return row

    def _show_sources(self, trace: Trace) -> None:
        if self._results is not None:
            SourcesDialog(self._results, trace, self).open()


def _decimals(money: float) -> int:
    """Small amounts would read 0 in whole millions."""
    return 0 if abs(money) >= 10 * MILLION or money == 0 else 2


def _number(text: str, bold: bool = False, muted: bool = False, width: int = 56) -> QLabel:
    shown = label(text, bold=bold, muted=muted)
    shown.setWordWrap(False)
    shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    shown.setMinimumWidth(width)
    return shown


class _Steps(QWidget):
    """The numbered steps as a table: words left, points of the rate right, hairlines between."""

    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.S8)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)
        self._add_head()
        for number, step in enumerate(trace.steps, start=1):
            self._add_step(number, step)
        self._add_total(trace.total)

    def _add_line(self, strong: bool = False) -> None:
        row = self._grid.rowCount()
        self._grid.setRowMinimumHeight(row, 13 if not strong else 9)
        self._grid.addWidget(hairline(strong), row, 0, 1, 3)

    def _add_head(self) -> None:
        self._grid.addWidget(label(_("Step"), "caption", muted=True, bold=True), 0, 1)
        unit = _number("%", muted=True)
        unit.setFont(theme.font("caption", bold=True))
        self._grid.addWidget(unit, 0, 2)
        self._add_line(strong=True)

    def _add_step(self, number: int, step: Step) -> None:
        row = self._grid.rowCount()
        index = label(str(number), muted=True)
        index.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(index, row, 0)
        self._grid.addWidget(label(step.title, bold=step.charged, muted=not step.charged), row, 1)
        self._grid.addWidget(_number(_points(step, number == 1), step.charged, not step.charged), row, 2)
        if detail := step_detail(step):
            self._grid.addWidget(label(detail, "caption", muted=True), row + 1, 1)
        self._add_line()

    def _add_total(self, total: float) -> None:
        row = self._grid.rowCount()
        self._grid.addWidget(label(_("Total"), bold=True), row, 1)
        self._grid.addWidget(_number(format_rate(total), bold=True), row, 2)
        self._add_line(strong=True)


def _points(step: Step, is_first: bool) -> str:
    """A rate where the sum begins, then additions with their sign."""
    return format_rate(step.rate, plus=not is_first and step.charged)
