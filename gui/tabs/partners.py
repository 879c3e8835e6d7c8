"""Partners side by side: what each pays on the same goods on a day, and which measure makes the difference."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QKeySequence, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core import edits
from core.errors import InputError, ParleyError
from core.i18n import _, ngettext
from core.quantities import format_date, format_number
from gui import theme
from gui.session import Session
from gui.table_view import DataTable
from gui.tabs.busy_strip import BusyStrip
from gui.tabs.partners_choice import INPUTS, Choice, Mix
from gui.tabs.partners_content import PartnerTable, partners_content
from gui.tabs.partners_course import CourseBlock
from gui.tabs.partners_job import Compared, Courses, PartnersJob
from gui.tabs.partners_panel import PartnersPanel
from gui.tabs.partners_tools import PartnersTools
from gui.tabs.partners_words import partner_words
from gui.tabs.side_splitter import SideSplitter
from gui.widgets import Words

FOLD_BELOW: Final = 1340  # width of the tab, logical pixels
# A case that differs in these is another question altogether: old numbers do not stay while it is answered.
_OTHER_QUESTION: Final = frozenset({"partner", "known_to", "id"})
_AFTER_MOVING_MS: Final = 120


class PartnersTab(QWidget):
    """Tool row, table, chart and side panel. Reads the case; a day chosen in the chart is its one way to edit."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.shown: PartnerTable | None = None
        self._is_stale = True
        self._job = PartnersJob(session, self)
        self._later = QTimer(self)  # moving fast through the rows stays fast
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_MOVING_MS)
        self._later.timeout.connect(self._follow)
        self._build()
        self._connect()
        self._show_message(_("The reference pack is still being read."))

    # Building

    def _build(self) -> None:
        self.tools, self.panel = PartnersTools(self.session), PartnersPanel()
        self.table = DataTable(_("Partners side by side"))
        self.table.view.horizontalHeader().set_lines(3)
        self.table.model.sort_by, self.table.model.descending = "value", True
        self.course = CourseBlock()
        body = QSplitter(Qt.Orientation.Vertical)
        body.setChildrenCollapsible(False)
        body.addWidget(self.table)
        body.addWidget(self.course)
        body.setStretchFactor(0, 3)
        body.setStretchFactor(1, 2)
        self.pages = QStackedWidget()
        self.pages.addWidget(body)
        self.pages.addWidget(self._message_page())
        self.strip = BusyStrip(self.pages)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tools)
        column.addWidget(self.pages, 1)
        self.splitter = SideSplitter("partners", left, self.panel, FOLD_BELOW)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setFocusProxy(self.table.view)

    def _message_page(self) -> QWidget:
        """One sentence and one button where there is nothing to show."""
        page = QWidget()
        self.message, self.message_button = Words(muted=True, wrap=True), QPushButton()
        self.message.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.message_button.clicked.connect(self._on_message_button)
        centred = QHBoxLayout()
        centred.addStretch()
        centred.addWidget(self.message_button)
        centred.addStretch()
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.S24, theme.S24, theme.S24, theme.S24)
        column.setSpacing(theme.S12)
        column.addStretch(1)
        column.addWidget(self.message)
        column.addLayout(centred)
        column.addStretch(2)
        return page

    def _connect(self) -> None:
        session, view, job = self.session, self.table.view, self._job
        session.case_changed.connect(self._on_case_changed)
        session.pack_loaded.connect(self._on_pack_loaded)
        theme.notifier.changed.connect(self.tools.dress)
        self.tools.chosen.connect(self.compare)
        self.tools.mix_chosen.connect(self._on_mix_chosen)
        self.strip.cancel_wanted.connect(self._on_cancel)
        self.tools.left.connect(self.table.focus_rows)
        self.tools.search.textChanged.connect(self.table.model.set_filter)
        view.moved.connect(self._on_moved)
        view.opened.connect(self._on_opened)
        view.typed.connect(self._on_typed)
        self.table.model.rearranged.connect(self._tell_count)
        self.course.day_chosen.connect(self._on_day_chosen)
        job.found.connect(self._on_found)
        job.followed.connect(self._on_followed)
        job.failed.connect(self._on_failed)
        job.progressed.connect(self.strip.set_progress)
        job.slow.connect(self._on_slow)
        job.very_slow.connect(self.strip.show_progress)
        job.ended.connect(self._on_ended)
        self._shortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self.tools.start_search)
        for place in (self.tools.search, self.panel, self.course):
            self._shortcut(QKeySequence(Qt.Key.Key_Escape), place).activated.connect(self._on_back)

    @staticmethod
    def _shortcut(keys: QKeySequence, place: QWidget) -> QShortcut:
        made = QShortcut(keys, place)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return made

    def sizeHint(self) -> QSize:
        return QSize(1440, 720)

    # Working it out

    @property
    def is_working(self) -> bool:
        """Whether a comparison or a course is still to come."""
        return self._job.is_running or self._later.isActive()

    def choose(self, choice: Choice, mix: Mix | None = None) -> None:
        """Show this comparison."""
        self.tools.choose(choice, mix)

    def compare(self) -> None:
        """Have the worker compare what is chosen; waits until the tab is seen."""
        pack = self.session.pack
        if pack is None or not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        self._later.stop()
        self._job.compare(pack, self.session.case, self.tools.choice)

    def _on_found(self, compared: Compared) -> None:
        if compared.case is not self.session.case and not self._serves(compared):
            return  # a newer comparison is on its way
        self.tools.code.set_lines(compared.lines)
        self.tools.list_partners(tuple(terms.partner.iso2 for terms in compared.found.rivals))
        self._show(compared)

    def _serves(self, compared: Compared) -> bool:
        """Whether the case is the same in everything that decides over the numbers."""
        return all(getattr(compared.case, name) is getattr(self.session.case, name) for name in INPUTS)

    def _show(self, compared: Compared) -> None:
        if self.session.pack is None:
            return
        if not compared.found.world and not compared.found.home.value:
            self._clear()
            text = _("No partner shipped any of these goods in {year}.").format(year=compared.year)
            self._show_message(text, _("Choose other goods"))
            return
        self.shown = PartnerTable(compared, self.tools.shown_mix, self.session.pack.law)
        self.pages.setCurrentIndex(0)
        self._fill()

    def _fill(self) -> None:
        if self.shown is None:
            return
        model = self.table.model
        content = partners_content(self.shown)
        if model.sort_by not in {column.id for column in content.columns}:
            model.sort_by, model.descending = "value", True
        self._mute(False)
        self.table.set_content(content)
        if not self.table.view.currentIndex().isValid() and model.rowCount():
            row = 1 if model.rowCount() > 1 else 0  # the largest supplier, taken apart
            self.table.view.setCurrentIndex(model.index(row, max(0, model.column_of("gap"))))
        self._explain()

    def _explain(self) -> None:
        """The panel at once, the chart when the worker has it."""
        terms = self.shown.row(self.table.current_key()) if self.shown is not None else None
        if self.shown is None or terms is None:
            self.panel.show_words(None)
            return
        self.panel.show_words(partner_words(self.shown, terms))
        self.course.set_muted(True)
        self._later.start()

    def _follow(self) -> None:
        code = self.table.current_key()
        if self.shown is not None and code and not self._job.is_comparing:
            self._job.follow(self.shown.compared, code, self.shown.mix)

    def _on_followed(self, courses: Courses) -> None:
        shown, pack = self.shown, self.session.pack
        if shown is None or pack is None or courses.compared is not shown.compared or courses.mix is not shown.mix:
            return
        if courses.code == self.table.current_key():
            self.course.show_courses(courses, pack)

    # States

    def _on_slow(self) -> None:
        self.tools.show_busy()
        self._mute(True)
        self.course.set_muted(True)

    def _mute(self, muted: bool) -> None:
        """Old numbers stay, muted, until the new ones are there."""
        self.table.view.delegate.is_muted = muted
        self.table.view.viewport().update()

    def _on_ended(self) -> None:
        self.strip.finish()
        self._tell_count()

    def _on_failed(self, error: Exception) -> None:
        """Said where it was asked; what was typed is named at its field."""
        if isinstance(error, InputError) and self.tools.choice.goods.isdigit():
            self.tools.code.refuse(error)
        message = error.message() if isinstance(error, ParleyError) else f"{type(error).__name__}: {error}"
        self._clear()
        self._show_message(message, _("Choose other goods"))

    def _on_cancel(self) -> None:
        """Numbers of another question must not stand under this one."""
        self._job.cancel()
        self._clear()
        self._show_message(_("The calculation was stopped."), _("Calculate"))

    def _clear(self) -> None:
        self.shown = None
        self._later.stop()
        self.panel.show_words(None)

    def _show_message(self, text: str, button: str = "") -> None:
        self.message.setText(text)
        self.message_button.setText(button)
        self.message_button.setVisible(bool(button))
        self.pages.setCurrentIndex(1)

    def _on_message_button(self) -> None:
        if self.shown is None and self.message_button.text() == _("Calculate"):
            self.compare()
        else:
            self.tools.goods.setFocus()
            self.tools.goods.showPopup()

    def _tell_count(self) -> None:
        model = self.table.model
        if not model.content.columns or self.shown is None:
            self.tools.count.show_texts("")
            return
        others = max(0, model.shown_count - 1)
        counted = ngettext("{count} other partner", "{count} other partners", others).format(
            count=format_number(others)
        )
        place = model.column_of(model.sort_by)
        if place < 0:
            self.tools.count.show_texts(counted)
            return
        by = _("sorted by {column}").format(column=model.column(place).name)
        self.tools.count.show_texts(f"{counted} · {by}", counted)

    # What happens

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._mute(True)
            self.tools.refresh()
            self.compare()

    def _on_pack_loaded(self, _pack: object) -> None:
        self.compare()

    def _on_case_changed(self, fields: set[str]) -> None:
        if not fields & (INPUTS | _OTHER_QUESTION):
            return
        if fields & _OTHER_QUESTION:
            self._clear()
            self._show_message(_("Calculating…"))
        self.tools.refresh()
        self.compare()

    def _on_mix_chosen(self) -> None:
        if self.shown is not None:
            self.shown = PartnerTable(self.shown.compared, self.tools.shown_mix, self.shown.law)
            self._fill()

    def _on_moved(self, _row: int, _column: str) -> None:
        self._explain()

    def _on_opened(self, _row: int, _column: str) -> None:
        """Enter on a cell: unfold the panel and give it the keyboard."""
        self.splitter.unfold()
        self._explain()
        self.panel.setFocus()

    def _on_typed(self, text: str) -> None:
        """A letter typed in the table looks for a partner."""
        self.tools.search.setText(text)
        self.tools.search.setFocus()

    def _on_back(self) -> None:
        """Esc: from the search, which it clears, the chart or the panel back to the rows."""
        self.tools.escape()
        self.course.chart.leave_day()
        self.table.focus_rows()

    def _on_day_chosen(self, day: date) -> None:
        pack = self.session.pack
        coverage = pack.law.file.coverage if pack is not None else None
        if coverage is not None and coverage.first <= day <= coverage.last:
            case = edits.set_as_of(self.session.case, day)
            self.session.apply(_("Show rates of {day}").format(day=format_date(day)), case)
