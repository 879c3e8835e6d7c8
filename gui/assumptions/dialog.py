"""The Assumptions window: every default share and reading with its source, and what the present ones come to.

It stays open beside the main window and follows the case. What became public after the known day is not in it.
"""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

import msgspec
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QPalette, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core import edits
from core.assumptions import AssumptionRow, Section, assumption_rows, with_value, without_value
from core.case import LAW_SCENARIO, Case
from core.codes import format_code
from core.edits import ShareTable
from core.i18n import _
from core.quantities import format_date, format_percent
from gui import settings, theme
from gui.assumptions.add import AddLine, IsTaken
from gui.assumptions.section import SectionView
from gui.jobs import Job
from gui.number_edit import StrictEdit
from gui.session import Session
from gui.tabs.pieces import SidePage
from gui.widgets import Chip, Words

if TYPE_CHECKING:
    from core.results import Results

NAME: Final = "assumptions"
DEFAULT_SIZE: Final = (1000, 760)
_TABLES: Final[dict[Section, ShareTable]] = {Section.USE: "utilisation", Section.METALS: "metal_share"}


def show_assumptions(session: Session, window: QWidget) -> AssumptionsDialog:
    """Bring the one Assumptions window of a main window to the front, made now if it was not."""
    found: QObject | None = window.findChild(QDialog, NAME)
    dialog = found if isinstance(found, AssumptionsDialog) else _made(session, window)
    dialog.show()
    dialog.activateWindow()
    return dialog


def _made(session: Session, window: QWidget) -> AssumptionsDialog:
    from gui.main_window import MainWindow

    dialog = AssumptionsDialog(session, window)
    if isinstance(window, MainWindow):
        window.gone.connect(dialog.close)
    return dialog


class AssumptionsDialog(QDialog):
    """Shows rows made by core; a user's edits go through core to the session. `shown`: the newest rows are there."""

    shown = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._is_stale = session, False
        self._job = Job(session)  # the session may end before this window is destroyed, and closes its jobs
        self._job.finished.connect(self._on_rows)
        self._job.failed.connect(self._on_failed)
        self._job.ended.connect(self._on_ended)
        self._waiting: list[tuple[SectionView, str, list[AssumptionRow]]] = []
        self._next_turn = QTimer(self)
        self._next_turn.setSingleShot(True)
        self._next_turn.timeout.connect(self._show_next)
        self.setObjectName(NAME)
        self.setWindowTitle(_("Assumptions"))
        self.setMinimumSize(900, 480)
        self.resize(*DEFAULT_SIZE)
        stored = settings.window_geometry(NAME)
        if stored is not None:
            self.restoreGeometry(stored)
        self.sections = self._make_sections()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.S16, 0, theme.S12)
        column.setSpacing(theme.S12)
        column.addLayout(self._make_head())
        column.addWidget(self._make_page(), 1)
        column.addWidget(self._make_buttons())
        self._add_undo()
        session.case_changed.connect(self._on_case_changed)
        session.results_changed.connect(self._on_results_changed)
        session.pack_loaded.connect(self._on_results_changed)

    # Making it

    def _make_sections(self) -> dict[Section, SectionView]:
        made = {
            Section.READINGS: SectionView(_("Readings of the law"), "", has_choices=True),
            Section.USE: SectionView(_("Use of the preference"), ""),
            Section.LISTS: SectionView(
                _("Goods listed on a condition"), _("No list asks for a condition on the day shown.")
            ),
            Section.METALS: SectionView(_("Metal shares"), ""),
        }
        for view in made.values():
            view.value_chosen.connect(self._on_value)
            view.reset_wanted.connect(self._on_reset)
        return made

    def _make_head(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(theme.S24, 0, theme.S24, 0)
        column.setSpacing(theme.S4)
        line = QHBoxLayout()
        line.setSpacing(theme.S8)
        self.average = Words(role="title")
        line.addWidget(Chip(LAW_SCENARIO))
        line.addWidget(self.average)
        line.addStretch()
        column.addLayout(line)
        self.range = Words(role="caption", muted=True, wrap=True)
        column.addWidget(self.range)
        return column

    def _make_page(self) -> QScrollArea:
        page = SidePage()
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.S24, theme.S16, theme.S24, theme.S24)
        column.setSpacing(theme.S24)
        for view in self.sections.values():
            column.addWidget(view)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its rows take the keyboard
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(page)
        self.area.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        return self.area

    def _make_buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.setContentsMargins(theme.S24, 0, theme.S24, 0)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setText(_("Close"))
        close.setAutoDefault(False)
        buttons.rejected.connect(self.close)
        return buttons

    def _add_undo(self) -> None:
        """The main window's shortcuts do not reach into another window."""
        undo = self._session.undo_stack.createUndoAction(self, _("Undo"))
        redo = self._session.undo_stack.createRedoAction(self, _("Redo"))
        undo.setShortcuts(QKeySequence.StandardKey.Undo)
        redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        self.addActions([undo, redo])

    def _make_add_lines(self) -> None:
        """Once the pack is there: it knows the codes."""
        pack = self._session.pack
        if pack is None or self.sections[Section.USE].add is not None:
            return
        for section, table in _TABLES.items():
            add = AddLine(pack, self._is_taken(table), has_metal=section is Section.METALS)
            add.added.connect(lambda key, share, section=section: self._on_added(section, key, share))
            self.sections[section].put_add(add)

    # Showing

    def refresh(self) -> None:
        """Everything from the session, the rows worked out by a worker; makes no edit."""
        results, pack = self._session.results, self._session.pack
        if results is None or pack is None:
            self.average.setText(_("Calculating…"))
            self.range.setText("")
            return
        self._make_add_lines()
        self._show_effect(results)
        self._is_stale = self._job.is_running
        if not self._is_stale:
            seen = self._seen(results)
            self._job.start(lambda _progress, _cancelled: (seen, assumption_rows(seen, pack)))

    def _on_rows(self, found: tuple[Results, tuple[AssumptionRow, ...]]) -> None:
        results, rows = found
        if self._is_stale:
            return  # newer ones follow
        notes = _notes(results)
        self._waiting = [
            (view, notes[section], [row for row in rows if row.section is section])
            for section, view in self.sections.items()
        ]
        self._next_turn.start(0)

    def _show_next(self) -> None:
        """One section in a turn of the loop: making all rows in one would be felt."""
        view, note, rows = self._waiting.pop(0)
        view.show_note(note)
        view.show_rows(rows)
        if self._waiting:
            self._next_turn.start(0)
        else:
            self._order_keyboard()
            self.shown.emit()

    def _on_ended(self) -> None:
        if self._is_stale:
            self.refresh()

    def _on_failed(self, error: Exception) -> None:
        raise error

    def _seen(self, results: Results) -> Results:
        """The assumptions and the known day of the case as it is now, though the numbers are still on their way."""
        case = self._session.case
        seen = msgspec.structs.replace(results.case, assumptions=case.assumptions, known_to=case.known_to)
        return dataclasses.replace(results, case=seen)

    def _show_effect(self, results: Results) -> None:
        found = results.evaluation(LAW_SCENARIO)
        low, high = (format_percent(bound, 2) for bound in found.average_range)
        self.average.setText(
            _("Average rate on {date}: {average}").format(
                date=format_date(found.on), average=format_percent(found.average, 2)
            )
        )
        words = _("{low} to {high}, from none to all of the goods listed on a condition within their lists.")
        alone = _("The law as it stands, with the assumptions below.")
        self.range.setText(words.format(low=low, high=high) if low != high else alone)

    def _order_keyboard(self) -> None:
        chain = [widget for view in self.sections.values() for widget in view.tab_order()]
        for first, second in pairwise(chain):
            QWidget.setTabOrder(first, second)

    def _on_case_changed(self, fields: set[str]) -> None:
        if self.isVisible() and not fields.isdisjoint({"assumptions", "known_to"}):
            self.refresh()

    def _on_results_changed(self, _results: object) -> None:
        if self.isVisible():
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        settings.set_window_geometry(NAME, self.saveGeometry())
        super().hideEvent(event)

    def _on_scrolled(self, _position: int) -> None:
        """A refusal goes with its field, and out of sight with it."""
        for field in cast(list[StrictEdit], self.findChildren(StrictEdit)):
            if not field.is_refused:
                continue
            if field.visibleRegion().isEmpty():
                field.clear_refusal()
            else:
                field.check()

    # Acting

    def _is_taken(self, table: ShareTable) -> IsTaken:
        return lambda key: key in getattr(self._session.case.assumptions, table)

    def _apply(self, title: str, case: Case) -> None:
        self._session.apply(_("Assumption: {title}").format(title=title), case)

    def _on_value(self, row: AssumptionRow, value: Decimal | str) -> None:
        self._apply(row.title, with_value(self._session.case, row, value))

    def _on_reset(self, row: AssumptionRow) -> None:
        self._apply(row.title, without_value(self._session.case, row))

    def _on_added(self, section: Section, key: str, share: Decimal) -> None:
        title = _("share for {code}").format(code=format_code(key.rpartition(":")[2]))
        self._apply(title, edits.set_assumption(self._session.case, _TABLES[section], key, share))


def _notes(results: Results) -> dict[Section, str]:
    """What the trade beside the rows is, section by section."""
    day = format_date(results.case.as_of)
    return {
        Section.READINGS: _("· trade whose rate another reading changes, {date}").format(date=day),
        Section.USE: _("· trade that carries a preference"),
        Section.LISTS: _("· trade on the list, {date}").format(date=day),
        Section.METALS: _("· trade whose duty goes by metal content, {date}").format(date=day),
    }
