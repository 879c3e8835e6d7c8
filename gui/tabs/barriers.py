"""The barrier checklist: what the other side wants eased, where each point stands, what we hold on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core import edits
from core.case import BarrierRecord, BarrierState, Case
from core.errors import InputError
from core.i18n import _
from core.quantities import format_date
from core.reference.agenda import AgendaArea
from core.reference.barriers import Barrier, BarrierCatalogue
from gui import icons, theme
from gui.session import Session
from gui.table_spec import Column, Content, Group, Ints, Look, matcher
from gui.table_view import DataTable
from gui.tabs.barrier_detail import BarrierDetail
from gui.tabs.barrier_filters import FilterPanel
from gui.tabs.barrier_words import state_words
from gui.tabs.pieces import FittingLabel
from gui.tabs.side_splitter import SideSplitter
from gui.widgets import Hairline

SEARCH_WIDTH: Final = 252
FOLD_BELOW: Final = 1000


def columns(catalogue: BarrierCatalogue) -> tuple[Column, ...]:
    """The columns of the checklist."""
    return (
        Column("state", _("State"), look=Look.STATE, width=160, wording=state_words),
        Column("barrier", _("Barrier"), stretch=True),
        Column("asks", _("What is asked"), look=Look.MUTED, stretch=True),
        Column("lead", _("Lead"), width=88),
        Column("standing", str(catalogue.report), width=100),
        Column("owner", _("Owner"), width=84),
    )


def checklist(
    areas: Sequence[AgendaArea], barriers: Sequence[Barrier], catalogue: BarrierCatalogue, case: Case
) -> Content:
    """The table of these barriers, grouped by area."""
    records = [case.barrier(barrier.id) for barrier in barriers]
    ids = [area.id for area in areas]
    states = list(BarrierState)
    cells = {
        "state": [record.state.value for record in records],
        "barrier": [str(barrier.title) for barrier in barriers],
        "asks": [str(barrier.us_ask_short) for barrier in barriers],
        "lead": [str(barrier.lead.short) for barrier in barriers],
        "standing": [str(catalogue.words(barrier.standing).short) for barrier in barriers],
        "owner": [record.owner or "–" for record in records],
    }
    pairs = zip(barriers, records, strict=True)
    return Content(
        columns=columns(catalogue),
        keys=[barrier.id for barrier in barriers],
        cells=cells,
        match=matcher([_searched(barrier, record) for barrier, record in pairs]),
        groups=tuple(Group(area.id, str(area.name)) for area in areas),
        group_of=_places(ids, barriers),
        group_caption=_caption,
        named_by="barrier",
        order={"state": np.array([-float(states.index(record.state)) for record in records])},
    )


def _places(ids: list[str], barriers: Sequence[Barrier]) -> Ints:
    return np.array([ids.index(barrier.agenda_area) for barrier in barriers], dtype=np.intp)


def _caption(shown: int, every: int) -> str:
    return _("{shown} of {count} shown").format(shown=shown, count=every)


def _searched(barrier: Barrier, record: BarrierRecord) -> str:
    """Every word on a barrier, in both languages."""
    texts = (
        barrier.title, barrier.description, barrier.sector, barrier.rule, barrier.us_ask_short, barrier.us_ask,
        barrier.nte_section, record.position, record.fall_back, record.red_line,
        *(each.name for each in barrier.ministries), *(each.short for each in barrier.ministries),
    )  # fmt: skip
    words = [barrier.id, record.owner, state_words(record.state), str(barrier.standing)]
    return " ".join([*words, *(f"{text.en} {text.ko}" for text in texts)]).casefold()


class BarriersTab(QWidget):
    """Filters left, checklist in the middle, the chosen barrier right. Edits go through core.edits alone."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._barriers: tuple[Barrier, ...] = ()
        self._areas: tuple[AgendaArea, ...] = ()
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self.filters = FilterPanel()
        self.table = DataTable(_("Barrier checklist"))
        self.detail = BarrierDetail()
        middle = QWidget()
        box = QVBoxLayout(middle)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._tool_row())
        box.addWidget(self.table, 1)
        self.splitter = SideSplitter("barriers", middle, self.detail, FOLD_BELOW)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.filters)
        whole.addWidget(Hairline(vertical=True))
        whole.addWidget(self.splitter, 1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)

    def _tool_row(self) -> QHBoxLayout:
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Words in any field"))
        self.search.setAccessibleName(_("Search barriers"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(SEARCH_WIDTH)
        self._search_icon = QAction(self.search)
        self.search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.count = FittingLabel()
        self.history_button = QPushButton(_("History…"))
        self.history_button.setToolTip(_("Who changed what about the chosen barrier"))
        self.history_button.clicked.connect(self._show_history)
        row = QHBoxLayout()
        row.setContentsMargins(theme.S16, theme.S8, theme.S12, theme.S8)
        row.setSpacing(theme.S8)
        row.addWidget(self.search)
        row.addWidget(self.count, 1)
        row.addWidget(self.history_button)
        self._draw_icons()
        return row

    def _connect(self) -> None:
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self._on_find)
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self.table.focus_rows)
        self.filters.changed.connect(self._on_filter_changed)
        self.table.view.moved.connect(self._on_moved)
        self.table.view.opened.connect(self._on_opened)
        self.table.view.typed.connect(self._on_typed)
        self.detail.edited.connect(self._on_edited)
        self.session.case_changed.connect(self._on_case_changed)
        self.session.pack_loaded.connect(self._on_pack_loaded)
        theme.notifier.changed.connect(self._draw_icons)

    def _draw_icons(self) -> None:
        self._search_icon.setIcon(icons.icon("search", theme.current().muted))

    # What is shown

    def refresh(self) -> None:
        """Fill everything from case and pack, with what was known on the day the case knows to."""
        pack, case = self.session.pack, self.session.case
        if pack is None:
            self.detail.show_barrier(None, BarrierRecord(barrier=""), "", "")
            return
        is_first = not self.table.model.content.columns
        self._barriers = pack.barriers.known(case.known_to)
        self._areas = pack.agenda.known_areas(case.known_to)
        if is_first:
            self.table.model.set_open_keys(frozenset(area.id for area in self._areas))
        self.filters.fill(self._areas, self._barriers, pack.barriers, case)
        self.table.set_content(checklist(self._areas, self._barriers, pack.barriers, case))
        self._apply_filter()
        if is_first:
            self._choose_first()
        self._show_detail()

    def _choose_first(self) -> None:
        """Begin with the first point on which the delegation holds something."""
        held = {record.barrier for record in self.session.case.barriers}
        keys = [barrier.id for barrier in self._barriers if barrier.id in held] or [b.id for b in self._barriers]
        if keys:
            self.table.select_key(keys[0], "barrier")

    def _apply_filter(self) -> None:
        chosen, case = self.filters.filter(), self.session.case
        passing = [chosen.passes(barrier, case.barrier(barrier.id).state) for barrier in self._barriers]
        self.table.model.set_mask(np.array(passing, dtype=np.bool_))
        self._tell_count()

    def _tell_count(self) -> None:
        model = self.table.model
        counted = _("{shown} of {count} shown").format(shown=model.shown_count, count=len(self._barriers))
        known = _("known to {date}").format(date=format_date(self.session.case.known_to))
        hidden = self.filters.hidden_states()
        unseen = [_("hidden: {states}").format(states=", ".join(hidden))] if hidden else []
        self.count.show_texts(" · ".join([counted, *unseen, known]), f"{counted} · {known}", counted)

    def _show_detail(self) -> None:
        key = self.table.current_key()
        barrier = next((each for each in self._barriers if each.id == key), None)
        if barrier is None:  # a group's row, or nothing: keep the last one, if it is still known
            barrier = next((each for each in self._barriers if each.id == self.detail.barrier_id), None)
        area = next((str(a.name) for a in self._areas if barrier and a.id == barrier.agenda_area), "")
        record = self.session.case.barrier(barrier.id) if barrier else BarrierRecord(barrier="")
        self.detail.show_barrier(barrier, record, area, self._standing_text(barrier))

    def _standing_text(self, barrier: Barrier | None) -> str:
        """Where the barrier stands in the yearly report."""
        if barrier is None or self.session.pack is None:
            return ""
        catalogue = self.session.pack.barriers
        return f"{catalogue.report}: {catalogue.words(barrier.standing).label}"

    # What happens

    def _on_case_changed(self, fields: set[str]) -> None:
        if fields & {"barriers", "known_to", "title"}:
            self.refresh()

    def _on_pack_loaded(self, pack: object) -> None:
        self.refresh()

    def _on_filter_changed(self) -> None:
        self._apply_filter()

    def _on_search(self, text: str) -> None:
        self.table.model.set_filter(text)
        self._tell_count()

    def _on_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_typed(self, text: str) -> None:
        self.search.setText(text)
        self.search.setFocus()

    def _on_moved(self, row: int, column_id: str) -> None:
        self._show_detail()

    def _on_opened(self, row: int, column_id: str) -> None:
        """Enter on a barrier: to its state, to change it."""
        self.splitter.unfold()
        self._show_detail()
        self.detail.state.setFocus()

    def _show_history(self) -> None:
        from gui.history_dialog import show_history

        if self.detail.barrier_id:
            show_history(self.session, self, f"barrier:{self.detail.barrier_id}")

    def _on_edited(self, barrier_id: str, field: str, value: object) -> None:
        """One edit, one step of undo."""
        catalogue = {barrier.id: barrier for barrier in self._barriers}
        title = catalogue[barrier_id].title if barrier_id in catalogue else barrier_id
        try:
            case = edits.set_barrier(self.session.case, barrier_id, **{field: value})
        except InputError as error:
            self.session.failed.emit(error)
            return
        self.session.apply(_edit_name(field).format(barrier=title), case)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A window that is being closed takes what is half typed with it: hand it over first."""
        if event.type() is QEvent.Type.Close and watched is self.window():
            self.detail.flush()
        return False

    def sizeHint(self) -> QSize:
        return QSize(1440, 720)


def _edit_name(field: str) -> str:
    """What undo calls the edit."""
    names = {
        "state": _("State of {barrier}"),
        "owner": _("Owner of {barrier}"),
        "position": _("Position on {barrier}"),
        "fall_back": _("Fall-back on {barrier}"),
        "red_line": _("Red line on {barrier}"),
        "illustrative": _("Mark of {barrier}"),
    }
    return names[field]
