"""What changed: two moments of the law side by side, in a window of its own beside the case."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from core.case import LAW_SCENARIO
from core.comparison.text import comparison_text, count_words, headline, no_number_count, notes
from core.errors import ParleyError
from core.exposure import By
from core.i18n import N_, _
from core.quantities import format_date
from core.reference.pack import Pack
from gui import clipboard, theme
from gui.comparison.content import Show, Tables, rows_of
from gui.comparison.job import ComparisonJob
from gui.comparison.moments import MomentFields, Moments, since_last, two_days
from gui.comparison.reading import Reading
from gui.comparison.traces import TracePair
from gui.jobs import Job
from gui.session import Session
from gui.table_view import DataTable
from gui.widgets import AmberNote, Hairline, IconButton, ScenarioPicker, Words

SIZE: Final = (1400, 880)
LEAST_SIZE: Final = (1040, 640)
SHOWS: Final = (
    (Show.GROUPS, N_("Item groups")),
    (Show.LINES, N_("Tariff lines")),
    (Show.DUTIES, N_("Duties")),
)
# What the comparison depends on besides its moments.
_INPUTS: Final = frozenset({"partner", "scenarios", "groups", "assumptions"})
_DAYS: Final = frozenset({"as_of", "known_to", "partner"})


class ComparisonDialog(QDialog):
    """Reads the case and never edits it. Works out in a job of its own; the newest choice wins."""

    def __init__(self, session: Session, pack: Pack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self._pack = session, pack
        self.tables: Tables | None = None
        self._is_preset = True
        self._job = ComparisonJob(pack, self)
        self._job.found.connect(self._on_found)
        self._job.failed.connect(self._on_failed)
        self._job.slow.connect(self._on_slow)
        self._job.very_slow.connect(self._on_very_slow)
        self._job.ended.connect(self._on_ended)
        self._copying = Job(self)
        self._copying.finished.connect(self._on_text)
        self.setWindowTitle(_("What changed"))
        self.setWindowFlags(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(*SIZE)
        self._build()
        session.case_changed.connect(self._on_case_changed)
        session.results_changed.connect(self._show_stops)
        self._show_scenarios()
        self._show_stops()
        self.fields.show_moments(since_last(session.case, pack))
        self.compare()

    # Building

    def _build(self) -> None:
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        body = QSplitter(Qt.Orientation.Vertical)
        body.addWidget(self._upper())
        self.traces = TracePair(self._pack)
        body.addWidget(self.traces)
        body.setSizes([430, 320])
        body.setStretchFactor(0, 3)
        body.setStretchFactor(1, 2)
        body.setCollapsible(0, False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head())
        box.addWidget(Hairline(self))
        box.addWidget(body, 1)

    def _head(self) -> QWidget:
        head = QWidget()
        self.fields = MomentFields(self._pack)
        self.fields.chosen.connect(self._on_chosen)
        self.fields.since_last.clicked.connect(self._on_since_last)
        self.fields.two_days.clicked.connect(self._on_two_days)
        self.scenario = ScenarioPicker()
        self.scenario.setAccessibleName(_("Scenario"))
        self.scenario.activated.connect(lambda _place: self.compare())
        self.copy = IconButton("copy", _("Copy as text"))
        self.copy.clicked.connect(self.copy_text)
        self.finding = Words("", "title", wrap=True)
        self.finding.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.detail = Words("", "caption", muted=True, wrap=True)
        self.note = AmberNote()
        self.note.set_text("")
        right = QVBoxLayout()
        right.setSpacing(theme.S8)
        right.addWidget(self.scenario, 0, Qt.AlignmentFlag.AlignRight)
        right.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignRight)
        top = QHBoxLayout()
        top.addWidget(self.fields, 1)
        top.addLayout(right)
        column = QVBoxLayout(head)
        column.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S12)
        column.setSpacing(theme.S8)
        column.addLayout(top)
        column.addWidget(self.finding)
        column.addWidget(self.detail)
        column.addWidget(self.note)
        return head

    def _upper(self) -> QWidget:
        self.reading = Reading()
        right = QWidget()
        self.table = DataTable(_("What changed"))
        self.table.view.moved.connect(self._on_moved)
        self.table.view.opened.connect(self._on_moved)
        box = QVBoxLayout(right)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._tool_row())
        box.addWidget(self.table, 1)
        across = QSplitter(Qt.Orientation.Horizontal)
        across.addWidget(self.reading)
        across.addWidget(right)
        across.setSizes([340, 1060])
        across.setStretchFactor(1, 1)
        across.setCollapsible(1, False)
        return across

    def _tool_row(self) -> QHBoxLayout:
        self.show_what = QComboBox()
        self.show_what.addItems([_(text) for _show, text in SHOWS])
        self.show_what.activated.connect(lambda _place: self._show_table())
        label = QLabel(_("Show"))
        label.setBuddy(self.show_what)
        self.busy = Words("", muted=True)
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(self._on_cancel)
        self.cancel.hide()
        row = QHBoxLayout()
        row.setContentsMargins(theme.S12, theme.S8, theme.S12, theme.S8)
        row.setSpacing(theme.S8)
        row.addWidget(label)
        row.addWidget(self.show_what)
        row.addStretch(1)
        row.addWidget(self.busy)
        row.addWidget(self.cancel)
        return row

    def sizeHint(self) -> QSize:
        return QSize(*SIZE)

    # Working it out

    def compare(self) -> None:
        """Compare the moments shown; an older comparison is stopped first."""
        letter = self.scenario.letter() if self.scenario.count() else LAW_SCENARIO
        self._job.compare(self.session.case, self.fields.moments, letter)

    def _on_found(self, tables: Tables) -> None:
        self.tables = tables
        self.refresh()

    def _on_failed(self, error: Exception) -> None:
        message = error.message() if isinstance(error, ParleyError) else f"{type(error).__name__}: {error}"
        held = _("The numbers shown are those of the last comparison.") if self.tables is not None else ""
        self._tell(" ".join(part for part in (message, held) if part))

    def _on_ended(self) -> None:
        self.busy.setText("")
        self.cancel.hide()

    def _on_slow(self) -> None:
        self.busy.setText(_("Calculating…"))

    def _on_very_slow(self) -> None:
        self.cancel.show()

    def _on_cancel(self) -> None:
        """The last numbers stay, and so do their moments."""
        self._job.cancel()
        if self.tables is not None:
            pair = self.tables.comparison.pair
            self.fields.show_moments((pair.before.moment, pair.after.moment))

    # Showing

    @property
    def shown(self) -> Show:
        return SHOWS[max(0, self.show_what.currentIndex())][0]

    def choose(self, show: Show) -> None:
        """Show rows of this kind."""
        self.show_what.setCurrentIndex([each for each, _text in SHOWS].index(show))
        self._show_table()

    def refresh(self) -> None:
        """Everything from the newest comparison."""
        if self.tables is None:
            return
        found = self.tables.comparison
        self.finding.setText(headline(found))
        portfolio = found.before.portfolio
        self.detail.setText(
            _("Goods from {partner}, scenario {letter}; duty a year at {year} trade, static").format(
                partner=self._pack.partners.get(portfolio.partner).name, letter=found.letter, year=portfolio.year
            )
        )
        self._tell("\n".join([*self._beyond(), *notes(found, self._pack)]))
        self.reading.show_comparison(found)
        self.traces.show_comparison(found)
        self._show_table()

    def _tell(self, text: str) -> None:
        self.note.set_text(text)

    def _beyond(self) -> list[str]:
        """The delegate may look further than the case; that is said, and the case stays as it is."""
        known = self.session.case.known_to
        if self.tables is None or self.tables.comparison.after.moment.known <= known:
            return []
        text = _(
            "This looks at law released after {known}, the day to which the case knows it. The case stays as it is."
        )
        return [text.format(known=format_date(known))]

    def _show_table(self) -> None:
        if self.tables is None:
            return
        model = self.table.model
        content = self.tables.contents[self.shown]
        if model.sort_by not in {column.id for column in content.columns}:
            model.sort_by = ""
        self.table.set_content(content)
        self.table.set_foot(self._foot())
        if not self.table.view.currentIndex().isValid() and model.rowCount():
            self._open_first()
        self._explain_current()

    def _open_first(self) -> None:
        model = self.table.model
        if model.content.groups:
            model.set_open(0, True)
        self.table.view.setCurrentIndex(model.index(1 if model.rowCount() > 1 and model.content.groups else 0, 0))

    def _foot(self) -> str:
        if self.tables is None or self.shown is Show.DUTIES:
            return ""
        by, rows = self._by(), rows_of(self.tables.comparison, self.shown)
        return " ".join(part for part in (count_words(rows.same, by), no_number_count(rows.unknown, by)) if part)

    def _by(self) -> By:
        return By.TARIFF_LINE if self.shown is Show.LINES else By.GROUP

    def _show_scenarios(self) -> None:
        scenarios = self.session.case.scenarios
        letter = self.scenario.letter() if self.scenario.count() else LAW_SCENARIO
        known = letter in {scenario.letter for scenario in scenarios}
        self.scenario.show_scenarios(scenarios, letter if known else LAW_SCENARIO)

    def _show_stops(self, _results: object = None) -> None:
        self.fields.show_stops(self.session.case, self.session.results)

    # What happens

    def _on_chosen(self, _moments: Moments) -> None:
        self._is_preset = False
        self.compare()

    def _on_since_last(self) -> None:
        self._is_preset = True
        self.fields.show_moments(since_last(self.session.case, self._pack))
        self.compare()

    def _on_two_days(self) -> None:
        self._is_preset = False
        self.fields.show_moments(two_days(self.session.case, self._pack, self.session.results))
        self.compare()

    def _on_case_changed(self, fields: set[str]) -> None:
        self._show_scenarios()
        if fields & _DAYS and self._is_preset:
            self.fields.show_moments(since_last(self.session.case, self._pack))
        if fields & (_INPUTS | _DAYS):
            self.compare()

    def _on_moved(self, _row: int, _column: str) -> None:
        self._explain_current()

    def _explain_current(self) -> None:
        """Both traces of the line that stands for the current row."""
        if self.tables is None:
            return
        self.traces.show_line(self.tables.spokesmen.get(self.table.current_key(), ""))

    def copy_text(self) -> None:
        """The whole comparison on the clipboard, with the rows that are shown; thousands of rows take a moment."""
        if self.tables is None or self._copying.is_running:
            return
        comparison, pack, by = self.tables.comparison, self._pack, self._by()
        self._copying.start(lambda progress, cancelled: comparison_text(comparison, pack, by))

    def _on_text(self, text: str) -> None:
        clipboard.copy_text(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field takes what was typed; a dialog would press one of its buttons as well."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)

    # Going

    def stop(self) -> None:
        """Cancel, wait; no signal comes after this."""
        self._job.close()
        self._copying.close()

    def reject(self) -> None:
        self.stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.stop()
        super().closeEvent(event)


def show_comparison(session: Session, pack: Pack, parent: QWidget) -> ComparisonDialog:
    """Bring the window to the front, made now if there is none."""
    shown: list[ComparisonDialog] = [each for each in parent.children() if isinstance(each, ComparisonDialog)]
    dialog = next((each for each in shown if each.isVisible()), None) or ComparisonDialog(session, pack, parent)
    dialog.setWindowState(dialog.windowState() & ~Qt.WindowState.WindowMinimized)
    dialog.show()
    dialog.activateWindow()
    return dialog
