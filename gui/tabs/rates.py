"""The Rate scenarios tab: scenarios side by side, the average over time, and the selected scenario in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from core import edits
from core.case import LAW_SCENARIO, Case, Column1Use, RateForm
from core.errors import InputError
from core.i18n import _
from core.quantities import format_date
from core.text import LocalText
from gui import settings, theme
from gui.charts.step_chart import StepChart
from gui.charts.step_data import Line, StepData, Tick, window
from gui.charts.step_words import step_words
from gui.number_edit import Refusal
from gui.session import Session
from gui.tabs.pieces import FittingLabel
from gui.tabs.rates_model import head_view, rows_of
from gui.tabs.rates_table import RatesView
from gui.tabs.rates_table_model import RatesModel
from gui.tabs.scenario_edits import ScenarioEdits
from gui.tabs.scenario_panel import WIDTH, ScenarioPanel
from gui.tabs.step_panel import StepPanel
from gui.tabs.suspension_bar import SuspensionBar
from gui.widgets import IconButton, Words

if TYPE_CHECKING:
    from core.results import Results

_SPLITTER = "rates"


class RatesTab(QWidget):
    """Shows results; a user's edits go through core.edits to the session."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._edits = ScenarioEdits(session, self)
        self._is_folded, self._is_stale = False, True
        self._is_lent = False  # unfolded only for a day of the chart
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.setChildrenCollapsible(True)
        self.splitter.setHandleWidth(5)
        self.splitter.addWidget(self._make_page())
        self.panel = self._make_panel()
        self.step_panel = StepPanel(self)
        self.step_panel.closed.connect(self._on_step_closed)
        self.splitter.addWidget(self._make_side())
        self.splitter.setCollapsible(0, False)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        row.addWidget(self.splitter)
        self._restore_splitter()
        self._connect()
        self.setFocusProxy(self.view)
        self.refresh()

    # Making it

    def _make_page(self) -> QWidget:
        page = QWidget(self)
        page.setAutoFillBackground(True)
        page.setBackgroundRole(page.palette().ColorRole.Base)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._make_tools())
        self.model = RatesModel(self)
        self.view = RatesView(self.model, page)
        self.refusal = Refusal(page)
        column.addWidget(self.view)
        self.suspension = SuspensionBar(page)
        self.suspension.hide()
        column.addWidget(self.suspension)
        column.addSpacing(theme.S12)
        column.addLayout(self._make_chart_title())
        self.chart = StepChart(page)
        column.addWidget(self.chart, 1)
        column.setContentsMargins(0, 0, 0, theme.S8)
        return page

    def _make_tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.S16, theme.S8, theme.S16, theme.S8)
        row.setSpacing(theme.S8)
        self.new_button = IconButton("plus", _("New scenario"))
        self.new_button.clicked.connect(self._edits.add)
        self.duplicate_button = IconButton("copy", _("Duplicate"))
        self.duplicate_button.clicked.connect(self._edits.duplicate)
        row.addWidget(self.new_button)
        row.addWidget(self.duplicate_button)
        row.addStretch()
        label = Words(_("Column 1 for totals"), muted=True)
        self.column_1 = QComboBox()
        self.column_1.addItem(_("line by line"), Column1Use.LINE_BY_LINE.value)
        self.column_1.addItem(_("weighted by use"), Column1Use.WEIGHTED.value)
        self.column_1.setToolTip(
            _(
                "How column 1 counts towards a total: as the law reads, for goods with and without preference "
                "on each line, or at the rate weighted by use of the preference."
            )
        )
        self.column_1.setAccessibleName(label.text())
        self.column_1.activated.connect(self._on_column_1)
        label.setBuddy(self.column_1)
        row.addWidget(label)
        row.addWidget(self.column_1)
        self.assumptions_button = QToolButton()
        self.assumptions_button.setText(_("Assumptions…"))
        self.assumptions_button.setAutoRaise(True)
        self.assumptions_button.setFixedHeight(theme.CONTROL_HEIGHT)
        self.assumptions_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.assumptions_button.clicked.connect(self._on_assumptions)
        row.addWidget(self.assumptions_button)
        return row

    def _make_chart_title(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.S16, 0, theme.S16, 0)
        row.setSpacing(theme.S4)
        self.chart_title = Words(_("Effective average rate"), "heading")
        self.chart_note = FittingLabel()
        self.chart_note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.chart_note.setFont(theme.font("caption"))
        row.addWidget(self.chart_title)
        row.addWidget(self.chart_note, 1)
        self.value_line = Words(role="caption")
        row.addWidget(self.value_line)
        return row

    def _make_side(self) -> QStackedWidget:
        """One place for two: the scenario, or the day of the chart that the user asked about."""
        self.side = QStackedWidget(self)
        self.side.setMaximumWidth(self.panel.maximumWidth())
        self.side.addWidget(self.panel)
        self.side.addWidget(self.step_panel)
        return self.side

    def _make_panel(self) -> ScenarioPanel:
        panel = ScenarioPanel(self)
        panel.name_typed.connect(self._edits.rename)
        panel.add_wanted.connect(self._edits.add_change)
        panel.add_for_others_wanted.connect(self._edits.add_terms_of_others)
        panel.changes.edit_wanted.connect(self._edits.edit_change)
        panel.changes.remove_wanted.connect(self._edits.remove_change)
        panel.changes.move_wanted.connect(self._edits.move_change)
        panel.changes.history_wanted.connect(self._edits.show_change_history)
        panel.rivals.edit_wanted.connect(self._edits.edit_terms)
        panel.rivals.remove_wanted.connect(self._edits.remove_terms)
        panel.rivals.move_wanted.connect(self._edits.move_terms)
        panel.rivals.history_wanted.connect(self._edits.show_terms_history)
        panel.duplicate_wanted.connect(self._edits.duplicate)
        panel.delete_wanted.connect(self._edits.delete)
        panel.history_wanted.connect(self._edits.show_scenario_history)
        return panel

    def _connect(self) -> None:
        self.model.rate_typed.connect(self._on_rate_typed)
        self.view.cleared.connect(self._on_cleared)
        self.view.opened.connect(self._on_opened)
        self.view.law_typed.connect(self._on_law_typed)
        self.view.scenario_pointed.connect(self._on_scenario_pointed)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self.chart.day_chosen.connect(self._on_day_chosen)
        self.chart.day_read.connect(self._on_day_read)
        self.splitter.splitterMoved.connect(self._on_splitter_moved)
        self._session.case_changed.connect(self._on_case_changed)
        self._session.results_changed.connect(self._on_results_changed)
        self._session.scenario_selected.connect(self._on_scenario_selected)
        self._session.busy_changed.connect(self._on_busy_changed)

    def _restore_splitter(self) -> None:
        stored = settings.splitter_state(_SPLITTER)
        if stored is None or not self.splitter.restoreState(stored):
            self.splitter.setSizes([1100, 340])

    # Showing

    def refresh(self) -> None:
        """Everything from the session; makes no edit. Waits until the tab is seen."""
        if not self._is_seen():
            return
        self._is_stale = False
        self._show_case()
        if self._session.results is not None:
            self._show_results(self._session.results)

    def _is_seen(self) -> bool:
        """Whether the tab is on screen; one that is not is filled when it next is."""
        self._is_stale |= not self.isVisible()
        return self.isVisible()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _titles(self) -> dict[str, str]:
        pack = self._session.pack
        return {duty.id: str(duty.title) for duty in pack.law.file.duties} if pack is not None else {}

    def _partner_names(self) -> dict[str, str]:
        pack = self._session.pack
        return {partner.iso2: str(partner.name) for partner in pack.partners} if pack is not None else {}

    def _show_case(self) -> None:
        case, letter = self._session.case, self._session.selected_scenario
        self.panel.show_scenario(case, case.scenario(letter), self._titles(), self._partner_names())
        self.column_1.setCurrentIndex(self.column_1.findData(case.assumptions.column_1_for_totals.value))
        self.duplicate_button.setText(_("Duplicate {letter}").format(letter=letter))
        self.chart_note.show_texts(self._chart_note(case), "· %")

    def _chart_note(self, case: Case) -> str:
        results, pack = self._session.results, self._session.pack
        name = str(pack.partners.get(case.partner).name) if pack is not None else case.partner
        if results is None:
            return _("· %, goods of {partner}").format(partner=name)
        return _("· %, goods of {partner}, weighted by {year} imports, by day of entry").format(
            partner=name, year=results.portfolio.year
        )

    def _on_case_changed(self, _fields: set[str]) -> None:
        self.refusal.hide()
        if self._is_seen():
            self._show_case()

    def _on_results_changed(self, _results: Results) -> None:
        self.refresh()

    def _show_results(self, results: Results) -> None:
        self.view.head.year_text = _("US$ bn, {year}").format(year=results.portfolio.year)
        self.model.show_rows(rows_of(results), [head_view(scenario) for scenario in results.case.scenarios])
        self.view.setMaximumHeight(self.view.content_height())
        self.view.updateGeometry()
        self.chart.show_data(step_data(results))
        self._show_case()
        self._show_selected(results)
        self._fold_if_narrow()

    def _show_selected(self, results: Results) -> None:
        letter = self._session.selected_scenario
        if not any(each.letter == letter for each in results.case.scenarios):
            return  # its results are on their way
        self.view.head.select(self.model.column_of(letter))
        self.panel.show_effect(results, letter)
        self.suspension.show_results(results, LAW_SCENARIO)

    def _on_scenario_selected(self, _letter: str) -> None:
        if not self._is_seen():
            return
        self._show_case()
        if self._session.results is not None:
            self._show_selected(self._session.results)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold_if_narrow()

    def _fold_if_narrow(self) -> None:
        """The side panel folds before the table has to scroll, and comes back when there is room. A day of the
        chart that the user asked about stays."""
        if self.side.currentWidget() is self.step_panel:
            return
        sizes = self.splitter.sizes()
        room = self.splitter.width() - self.view.least_width() - self.splitter.handleWidth()
        if room < self.panel.minimumWidth() and sizes[1] > 0:
            self._is_folded = True
            self.splitter.setSizes([self.splitter.width(), 0])
        elif self._is_folded and room >= self.panel.minimumWidth():
            self._is_folded = False
            self.splitter.setSizes([self.splitter.width() - WIDTH, WIDTH])

    def _on_busy_changed(self, busy: bool) -> None:
        self.view.set_busy(busy)
        self.chart.set_muted(busy)

    # Acting

    def _on_rate_typed(self, duty: str, letter: str, rate: Decimal, form: RateForm) -> None:
        self._edits.set_cell(duty, letter, rate, form)

    def _on_cleared(self, duty: str, letter: str) -> None:
        if letter == LAW_SCENARIO:
            self._on_law_typed(self.view.currentIndex())
        else:
            self._edits.clear_cell(duty, letter)

    def _on_opened(self, duty: str, letter: str) -> None:
        if letter == LAW_SCENARIO:
            self._on_law_typed(self.view.currentIndex())
        else:
            self._edits.open_cell(duty, letter)

    def _on_law_typed(self, index: QModelIndex) -> None:
        """The law cannot be typed over: said at the cell."""
        marker = QWidget(self.view.viewport())
        marker.setGeometry(self.view.visualRect(index))
        self.refusal.show_below(
            marker,
            InputError(
                _("Scenario A is the law as it stands."), remedy=_("Type into another scenario, or duplicate A.")
            ),
        )
        marker.deleteLater()

    def _on_current_changed(self, _current: QModelIndex, _previous: QModelIndex) -> None:
        self.refusal.hide()

    def _on_column_1(self, _place: int) -> None:
        use = Column1Use(self.column_1.currentData())
        case = edits.set_column_1_for_totals(self._session.case, use)
        self._session.apply(_("Column 1 for totals"), case)

    def _on_assumptions(self) -> None:
        from gui.assumptions.dialog import show_assumptions

        show_assumptions(self._session, self.window())

    def _on_day_chosen(self, day: date) -> None:
        pack = self._session.pack
        coverage = pack.law.file.coverage if pack is not None else None
        if coverage is not None and coverage.first <= day <= coverage.last:
            case = edits.set_as_of(self._session.case, day)
            self._session.apply(_("Show rates of {day}").format(day=format_date(day)), case)

    def _on_day_read(self, day: date | None) -> None:
        """Tell what the day did beside the chart; without one the scenario is back."""
        results = self._session.results
        self.value_line.setText(self.chart.value_line())
        if day is None or results is None:
            self._show_side(self.panel)
            return
        words = step_words(results, step_data(results), day, self._titles())
        self.step_panel.show_words(words)
        self.chart.set_detail(words.as_text())
        self._show_side(self.step_panel)

    def _show_side(self, page: QWidget) -> None:
        """A folded side is unfolded for a day of the chart and folded again after it."""
        if page is self.side.currentWidget():
            return
        self.side.setCurrentWidget(page)
        is_step = page is self.step_panel
        if is_step and self.splitter.sizes()[1] == 0:
            self._is_lent = True
            self.splitter.setSizes([self.splitter.width() - WIDTH, WIDTH])
        elif not is_step and self._is_lent:
            self._is_lent = False
            self.splitter.setSizes([self.splitter.width(), 0])
        self._fold_if_narrow()

    def _on_step_closed(self) -> None:
        self.chart.leave_day()
        self.chart.setFocus()

    def _on_scenario_pointed(self, letter: str) -> None:
        self.chart.leave_day()
        self._session.select_scenario(letter)

    def _on_splitter_moved(self, _position: int, _place: int) -> None:
        self._is_folded = False
        settings.set_splitter_state(_SPLITTER, self.splitter.saveState())


def step_data(results: Results) -> StepData:
    """The series as the chart takes them: per cent, the days of change as ticks."""
    case = results.case
    names = {scenario.letter: scenario.name for scenario in case.scenarios}
    lines = tuple(
        Line(
            series.letter,
            str(names.get(series.letter, LocalText())),
            series.dates,
            tuple(average * 100 for average in series.averages),
        )
        for series in results.series
    )
    ticks = tuple(
        Tick(change.on, format_date(change.on, short=True), str(change.title), change.is_law)
        for change in results.change_dates
    )
    first, last = window([tick.on for tick in ticks], results.horizon, (case.known_to, case.as_of))
    return StepData(lines, ticks, case.known_to, case.as_of, first, last)
