"""Item exposure: every line and group with its rates and duty under all scenarios, and why each rate is what it is."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.exposure import Gathering, parting_day
from core.i18n import N_, _, ngettext
from core.quantities import format_date, format_number
from core.results import Results, Trace
from core.text import LocalText
from gui import icons, theme
from gui.group_editor import GroupEditor
from gui.jobs import IsCancelled, Job, Progress
from gui.session import Session
from gui.table_view import DataTable
from gui.tabs.exposure_content import (
    Listing,
    Show,
    View,
    concentration_text,
    counterpart,
    exposure_content,
    make_listing,
)
from gui.tabs.pieces import FittingLabel
from gui.tabs.side_splitter import SideSplitter
from gui.tabs.trace_panel import TracePanel

SEARCH_WIDTH: Final = 264
LEAST_SEARCH_WIDTH: Final = 184
FOLD_BELOW: Final = 1340  # width of the tab, logical pixels
GATHERINGS: Final = (
    (Gathering.GROUP, N_("Item groups")),
    (Gathering.CHAPTER, N_("Chapters")),
    (Gathering.DUTY, N_("Measures")),
    (Gathering.NOTHING, N_("No grouping")),
)
SHOWS: Final = (
    (Show.RATES, N_("Rates and duty")),
    (Show.CHANGE, N_("Duty and change")),
    (Show.SHARES, N_("Shares and concentration")),
)


def explain(session: Session, results: Results, code: str, letter: str) -> Trace:
    """The trace of one line, worked out in this process: it takes a few milliseconds."""
    from core.tariff.line_trace import explain_line

    return explain_line(results, session.pack, code, letter)


def _foot_text(listing: Listing, view: View) -> str:
    """What has to be said below the table for it to be read rightly."""
    texts = []
    if view.show is Show.SHARES:
        texts.append(concentration_text(listing, view.compare))
    if view.gathering is Gathering.DUTY:
        texts.append(_("Goods under several measures stand under each of them: duty adds up, imports do not."))
    return "\n".join([*texts, *_no_difference(listing, view)])


def _no_difference(listing: Listing, view: View) -> list[str]:
    """On a day on which all scenarios charge the same: that it is so, and the day from which they do not."""
    totals, against = listing.lines.sums().duties, listing.letters.index(view.compare)
    if any(round(total - totals[against]) for total in totals):
        return []
    day = parting_day(listing.results, view.compare)
    if day is None:
        return []
    text = _("On {date} no scenario differs from {letter}. The first day on which one does: {day}.")
    on = format_date(listing.results.case.as_of)
    return [text.format(date=on, letter=view.compare, day=format_date(day))]


class ExposureTab(QWidget):
    """Tool row, table and trace panel. Reads results only; the group editor is its one way to edit."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._listing: Listing | None = None  # what the table shows
        self._listings: dict[Gathering, Listing] = {}  # the newest of each gathering
        self._names: dict[str, LocalText] = {}
        self._is_stale = True
        self._job = Job(session)  # the session may end before this tab is destroyed, and closes its jobs
        self._job.finished.connect(self._on_listed)
        self._job.failed.connect(session.failed)
        self.destroyed.connect(self._job.close)
        self._next_turn = QTimer(self)  # the window paints first, without a worker beside it
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._list)
        self._build()
        session.results_changed.connect(self._on_results_changed)
        session.scenario_selected.connect(self._on_scenario_selected)
        session.line_selected.connect(self._on_line_selected)
        theme.notifier.changed.connect(self._on_theme_changed)
        if session.results is not None:
            self._on_results_changed(session.results)

    # Building

    def _build(self) -> None:
        self.table = DataTable(_("Item exposure"))
        self.table.model.sort_by, self.table.model.descending = "", True
        self.panel = TracePanel(partial(explain, self.session))
        left = QWidget()
        box = QVBoxLayout(left)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._tool_row())
        box.addWidget(self.table, 1)
        self.splitter = SideSplitter("exposure", left, self.panel, FOLD_BELOW)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.splitter)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._connect_table()
        self._say_words()

    def _tool_row(self) -> QHBoxLayout:
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(LEAST_SEARCH_WIDTH)
        self.search.setMaximumWidth(SEARCH_WIDTH)
        self._search_icon = QAction(self.search)
        self.search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.group_by, self.show_what = QComboBox(), QComboBox()
        self._group_label, self._show_label = QLabel(), QLabel()
        self.edit_groups = QPushButton()
        self.count = FittingLabel()
        self._group_label.setBuddy(self.group_by)
        self._show_label.setBuddy(self.show_what)
        row = QHBoxLayout()
        row.setContentsMargins(theme.S12, theme.S8, theme.S12, theme.S8)
        row.setSpacing(theme.S8)
        row.addWidget(self.search, 6)
        row.addSpacing(theme.S8)
        for widget in (self._group_label, self.group_by, self.edit_groups, self._show_label, self.show_what):
            row.addWidget(widget)
        row.addWidget(self.count, 4)
        return row

    def _connect_table(self) -> None:
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._on_find)
        for place in (self.search, self.panel):
            back = QShortcut(QKeySequence(Qt.Key.Key_Escape), place)
            back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            back.activated.connect(self._on_back)
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self.table.focus_rows)
        self.group_by.activated.connect(self._on_gathering_chosen)
        self.show_what.activated.connect(self._on_show_chosen)
        self.edit_groups.clicked.connect(self.open_group_editor)
        self.table.view.moved.connect(self._on_moved)
        self.table.view.opened.connect(self._on_opened)
        self.table.view.typed.connect(self._on_typed)
        self.table.model.rearranged.connect(self._tell_count)
        self.table.model.modelReset.connect(self._tell_count)

    def _say_words(self) -> None:
        self.search.setPlaceholderText(_("Code or words, e.g. 8703 or battery"))
        self.search.setAccessibleName(_("Search lines by code or words"))
        self._group_label.setText(_("Group by"))
        self._show_label.setText(_("Show"))
        self.edit_groups.setText(_("Edit groups…"))
        self.group_by.addItems([_(text) for _gathering, text in GATHERINGS])
        self.show_what.addItems([_(text) for _show, text in SHOWS])
        self._draw_icons()

    def _draw_icons(self) -> None:
        self._search_icon.setIcon(icons.icon("search", theme.current().muted))

    # What is shown

    @property
    def gathering(self) -> Gathering:
        return GATHERINGS[max(0, self.group_by.currentIndex())][0]

    @property
    def show_mode(self) -> Show:
        return SHOWS[max(0, self.show_what.currentIndex())][0]

    def choose(self, gathering: Gathering, show: Show) -> None:
        """Show this gathering and these columns."""
        self.group_by.setCurrentIndex([each for each, _text in GATHERINGS].index(gathering))
        self.show_what.setCurrentIndex([each for each, _text in SHOWS].index(show))
        self.refresh()

    def refresh(self) -> None:
        """Fill the table from the newest results; waits until the tab is seen."""
        results = self.session.results
        if results is None or self.session.pack is None:
            return
        if not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        listing = self._listings.get(self.gathering)
        if listing is not None and listing.results is results:
            self._fill_table(listing)
        elif not self.is_working:
            self._next_turn.start()

    def _list(self) -> None:
        """Have a worker prepare the rows: the words of all lines take longer than the window may stand still."""
        results, pack, gathering, name = self.session.results, self.session.pack, self.gathering, self._name
        previous = self._listings.get(gathering)
        if results is None or pack is None:
            return

        def task(_progress: Progress, _cancelled: IsCancelled) -> Listing:
            return make_listing(results, gathering, name, pack.names.of_line, previous)

        self._job.start(task)

    def _on_listed(self, listing: Listing) -> None:
        """Keep it for going back to; lists of another partner's trade are of no use any more."""
        portfolio = listing.results.portfolio
        self._listings = {g: old for g, old in self._listings.items() if old.results.portfolio is portfolio}
        self._listings[listing.gathering] = listing
        self.refresh()

    @property
    def is_working(self) -> bool:
        """Whether rows are still being prepared."""
        return self._job.is_running or self._next_turn.isActive()

    def _fill_table(self, listing: Listing) -> None:
        self._listing = listing
        view, model = self._view(listing), self.table.model
        is_first = not model.content.columns
        content = exposure_content(listing, view)
        if model.sort_by not in {column.id for column in content.columns}:
            model.sort_by, model.descending = f"duty_{view.compare}", True
        self.table.set_content(content)
        self.table.set_foot(_foot_text(listing, view))
        if is_first:
            self._open_first()
        self._tell_count()

    def _open_first(self) -> None:
        """Begin with the largest group open and its largest line explained."""
        model = self.table.model
        if model.rowCount() and model.content.groups:
            model.set_open(0, True)
        if model.rowCount() > 1:
            self.table.view.setCurrentIndex(model.index(1, model.column_of(f"rate_{self._compare()}")))

    def _view(self, listing: Listing) -> View:
        compare = self._compare()
        other = counterpart(listing.letters, self.session.selected_scenario, compare)
        return View(self.gathering, self.show_mode, compare, other)

    def _compare(self) -> str:
        results = self.session.results
        return results.case.compare_with if results is not None else self.session.case.compare_with

    def _name(self, code: str) -> LocalText:
        if code not in self._names and self.session.pack is not None:
            self._names[code] = self.session.pack.names.name(code)
        return self._names.get(code, LocalText())

    def _tell_count(self) -> None:
        model = self.table.model
        if not model.content.columns:
            return
        counted, place = self._counted(), model.column_of(model.sort_by)
        if place < 0:
            self.count.show_texts(counted)
            return
        by = _("sorted by {column}").format(column=model.column(place).name)
        self.count.show_texts(f"{counted} · {by}", counted)

    def _counted(self) -> str:
        model = self.table.model
        if self._listing is None or model.query or not model.content.groups:
            count = model.shown_count
            return ngettext("{count} line", "{count} lines", count).format(count=format_number(count))
        count = model.shown_group_count
        words = {
            Gathering.GROUP: ngettext("{count} group", "{count} groups", count),
            Gathering.CHAPTER: ngettext("{count} chapter", "{count} chapters", count),
            Gathering.DUTY: ngettext("{count} measure", "{count} measures", count),
        }
        return words[self._listing.gathering].format(count=count)

    # What happens

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()
            if self.session.results is not None:
                self.panel.set_results(self.session.results)

    def _on_results_changed(self, results: Results) -> None:
        self.refresh()
        if self.isVisible():
            self.panel.set_results(results)

    def _on_scenario_selected(self, letter: str) -> None:
        self.refresh()

    def _on_theme_changed(self) -> None:
        self._draw_icons()

    def _on_search(self, text: str) -> None:
        self.table.model.set_filter(text)

    def _on_gathering_chosen(self, place: int) -> None:
        self.refresh()

    def _on_show_chosen(self, place: int) -> None:
        self.refresh()

    def _on_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_back(self) -> None:
        """Esc: from the search, which it clears, or from the panel, back to the rows."""
        if self.search.hasFocus():
            self.search.clear()
        self.table.focus_rows()

    def _on_typed(self, text: str) -> None:
        """A letter typed in the table starts a search."""
        self.search.setText(text)
        self.search.setFocus()

    def _on_moved(self, row: int, column_id: str) -> None:
        code = self._code_at(row)
        if code:
            self.session.select_line(code, self._letter_of(column_id))
        else:
            self.panel.show_nothing()

    def _on_opened(self, row: int, column_id: str) -> None:
        """Enter on a line: unfold the panel and give it the keyboard."""
        self.splitter.unfold()
        self._on_moved(row, column_id)
        self.panel.setFocus()

    def _on_line_selected(self, code: str, letter: str) -> None:
        self.panel.show_line(code, letter)

    def _code_at(self, row: int) -> str:
        if self._listing is None or self.table.model.line_of(row) < 0:
            return ""
        return self.table.model.key_at(row).rpartition(":")[2]

    def _letter_of(self, column_id: str) -> str:
        """The scenario that a cell speaks of."""
        letter = column_id.partition("_")[2]
        return letter or self._compare()

    def open_group_editor(self) -> None:
        """The dialog for item groups and their prefixes."""
        if self.session.results is not None and self.session.pack is not None:
            GroupEditor(self.session, self).open()

    def sizeHint(self) -> QSize:
        return QSize(1440, 720)
