"""The left panel of the barrier checklist: areas, states and report standing, each with its count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.case import BarrierState, Case
from core.i18n import _
from core.reference.agenda import AgendaArea
from core.reference.barriers import Barrier, BarrierCatalogue, Standing
from gui import theme
from gui.cell_painting import RIGHT, cell_font, draw_text
from gui.tabs.barrier_words import state_icon, state_words
from gui.tabs.pieces import label

WIDTH: Final = 244
ROW: Final = 24
ALL_AREAS: Final = ""
_COUNT_ROLE: Final = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class BarrierFilter:
    """What passes: one area or all, and the states and standings that are ticked."""

    area: str
    states: frozenset[BarrierState]
    standings: frozenset[Standing]

    def passes(self, barrier: Barrier, state: BarrierState) -> bool:
        return (
            self.area in (ALL_AREAS, barrier.agenda_area)
            and state in self.states
            and barrier.standing in self.standings
        )


class _AreaDelegate(QStyledItemDelegate):
    """Name left, count right, the chosen area filled."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        now, rect = theme.current(), QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, now.selection)
        inside = rect.adjusted(theme.S8, 0, -theme.S8, 0)
        count = str(index.data(_COUNT_ROLE))
        draw_text(painter, inside, count, now.muted, cell_font(), RIGHT)
        draw_text(painter, inside.adjusted(0, 0, -32, 0), str(index.data()), now.text, cell_font(), elide=True)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(now.focus)
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(WIDTH - 40, ROW)


class _Choice(QWidget):
    """One tick box with its picture, word and count."""

    toggled = Signal()

    def __init__(self, text: str, state: BarrierState | None = None) -> None:
        super().__init__()
        self._state = state
        self.box = QCheckBox(text)
        self.box.setChecked(True)
        self.box.toggled.connect(self.toggled)
        self.count = QLabel()
        self.count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedHeight(ROW)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.S8, 0, theme.S8, 0)
        row.addWidget(self.box, 1)
        row.addWidget(self.count)
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        if self._state is not None:
            self.box.setIcon(state_icon(self._state))
        palette = self.count.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.current().muted)
        self.count.setPalette(palette)

    def show_count(self, count: int) -> None:
        self.count.setText(str(count))
        self.box.setAccessibleDescription(str(count))


class FilterPanel(QScrollArea):
    """Tells `changed` when the user chose another filter; filling it tells nothing."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFixedWidth(WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._page = QWidget()
        self._page.setAutoFillBackground(True)
        self._page.setBackgroundRole(QPalette.ColorRole.Window)
        self._box = QVBoxLayout(self._page)
        self._box.setContentsMargins(theme.S12, theme.S8, theme.S12, theme.S4)
        self._box.setSpacing(0)
        self.setWidget(self._page)
        self._area_ids: list[str] = []
        self._build_areas()
        self.states = {state: _Choice(state_words(state), state) for state in BarrierState}
        self._add_choices(_("State"), self.states.values())
        self.standings = {standing: _Choice("") for standing in Standing}
        self.report = self._add_choices("", self.standings.values())
        self._box.addStretch(1)

    def _heading(self, text: str) -> QLabel:
        shown = label(text, "heading")
        shown.setContentsMargins(theme.S8, 0, 0, theme.S4)
        self._box.addWidget(shown)
        return shown

    def _build_areas(self) -> None:
        self._heading(_("Areas"))
        self.areas = QListWidget()
        self.areas.setItemDelegate(_AreaDelegate(self.areas))
        self.areas.setFrameShape(QFrame.Shape.NoFrame)
        self.areas.setAccessibleName(_("Areas"))
        self.areas.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.areas.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.areas.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.areas.viewport().setAutoFillBackground(False)
        self.areas.currentRowChanged.connect(lambda _row: self.changed.emit())
        self._box.addWidget(self.areas)

    def _add_choices(self, title: str, choices: Iterable[_Choice]) -> QLabel:
        self._box.addSpacing(theme.S12)
        heading = self._heading(title)
        for choice in choices:
            choice.toggled.connect(self.changed)
            self._box.addWidget(choice)
        return heading

    def fill(
        self,
        areas: Sequence[AgendaArea],
        barriers: Sequence[Barrier],
        catalogue: BarrierCatalogue,
        case: Case,
    ) -> None:
        """Names and counts of everything known; the choice stays."""
        self._fill_areas(areas, barriers)
        self.report.setText(str(catalogue.report))
        states = Counter(case.barrier(barrier.id).state for barrier in barriers)
        for state, choice in self.states.items():
            choice.show_count(states[state])
        standings = Counter(barrier.standing for barrier in barriers)
        for standing, choice in self.standings.items():
            choice.box.setText(str(catalogue.words(standing).label))
            choice.show_count(standings[standing])

    def _fill_areas(self, areas: Sequence[AgendaArea], barriers: Sequence[Barrier]) -> None:
        counts = Counter(barrier.agenda_area for barrier in barriers)
        rows = [(ALL_AREAS, _("All areas"), len(barriers))]
        rows += [(area.id, str(area.name), counts[area.id]) for area in areas]
        chosen = self.chosen_area()
        self.areas.blockSignals(True)
        self.areas.clear()
        self._area_ids = [area_id for area_id, _name, _count in rows]
        for _id, name, count in rows:
            item = QListWidgetItem(name)
            item.setData(_COUNT_ROLE, count)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {count}")
            self.areas.addItem(item)
        self.areas.setFixedHeight(ROW * len(rows) + 2)
        self.areas.setCurrentRow(self._area_ids.index(chosen) if chosen in self._area_ids else 0)
        self.areas.blockSignals(False)

    def chosen_area(self) -> str:
        """Id of the area chosen, ALL_AREAS for all."""
        row = self.areas.currentRow()
        return self._area_ids[row] if 0 <= row < len(self._area_ids) else ALL_AREAS

    def filter(self) -> BarrierFilter:
        """What the user let pass."""
        return BarrierFilter(
            self.chosen_area(),
            frozenset(state for state, choice in self.states.items() if choice.box.isChecked()),
            frozenset(standing for standing, choice in self.standings.items() if choice.box.isChecked()),
        )

    def hidden_states(self) -> list[str]:
        """The words of the states that are not ticked."""
        return [choice.box.text() for choice in self.states.values() if not choice.box.isChecked()]
