"""The table of rates, scenarios side by side, as people use it: keyboard, widths, heights."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTableView, QWidget

from core.case import LAW_SCENARIO
from core.i18n import _
from gui import theme
from gui.tabs.rates_model import RowKind
from gui.tabs.rates_painting import HEAD_HEIGHT, RatesDelegate, RatesHead
from gui.tabs.rates_table_model import COVERS_COLUMN, FIRST_SCENARIO, NAME_COLUMN, RatesModel

SUMMARY_HEIGHT: Final = 28
_COVERS_WIDTH = 104
_LEAST_COLUMN, _MOST_COLUMN = 112, 176
_LEAST_NAME, _GOOD_NAME = 250, 330


class RatesView(QTableView):
    """The table as people use it. `cleared`: Del on a cell; `opened`: Enter on a cell; `refused_law`: typing into A."""

    cleared = Signal(str, str)  # duty, letter
    opened = Signal(str, str)
    law_typed = Signal(object)  # index
    scenario_pointed = Signal(str)

    def __init__(self, model: RatesModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._rates = model
        self.setModel(model)
        self.delegate = RatesDelegate(model, self)
        self.setItemDelegate(self.delegate)
        self.head = RatesHead(model, "", self)
        self.setHorizontalHeader(self.head)
        self.head.sectionClicked.connect(self._on_head_clicked)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(_("Rates by duty and scenario"))
        model.modelReset.connect(self.lay_out)
        theme.notifier.changed.connect(self.lay_out)

    def lay_out(self) -> None:
        """Row heights by kind, column widths by the room there is."""
        self.clearSpans()
        for place in range(self._rates.rowCount()):
            is_duty = self._rates.row(place).kind is RowKind.DUTY
            if not self._rates.row(place).covers:
                self.setSpan(place, NAME_COLUMN, 1, FIRST_SCENARIO)  # room for the name with its unit
            self.setRowHeight(place, theme.typed_row_height() if is_duty else SUMMARY_HEIGHT)
        self._lay_out_columns()
        if not self.currentIndex().isValid() and self._rates.columnCount() > FIRST_SCENARIO:
            self.setCurrentIndex(self._rates.index(0, min(FIRST_SCENARIO + 1, self._rates.columnCount() - 1)))
        self.updateGeometry()
        self.viewport().update()

    def _lay_out_columns(self) -> None:
        scenarios = self._rates.columnCount() - FIRST_SCENARIO
        if scenarios < 1:
            return
        room = self.viewport().width()
        column = max(_LEAST_COLUMN, min(_MOST_COLUMN, (room - _COVERS_WIDTH - _GOOD_NAME) // scenarios))
        name = max(_LEAST_NAME, room - _COVERS_WIDTH - column * scenarios)
        self.setColumnWidth(NAME_COLUMN, name)
        self.setColumnWidth(COVERS_COLUMN, _COVERS_WIDTH)
        for place in range(scenarios):
            self.setColumnWidth(FIRST_SCENARIO + place, column)

    def least_width(self) -> int:
        """Below this the table scrolls sideways."""
        scenarios = max(0, self._rates.columnCount() - FIRST_SCENARIO)
        return _LEAST_NAME + _COVERS_WIDTH + _LEAST_COLUMN * scenarios

    def content_height(self) -> int:
        """Height of the head and all rows."""
        rows = sum(self.rowHeight(place) for place in range(self._rates.rowCount()))
        return HEAD_HEIGHT + rows + 2

    def sizeHint(self) -> QSize:
        return QSize(800, self.content_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(400, min(self.content_height(), HEAD_HEIGHT + 6 * theme.typed_row_height()))

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._lay_out_columns()

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        head = self._rates.head(current.column())
        if head is not None:
            self.scenario_pointed.emit(head.letter)

    def _on_head_clicked(self, section: int) -> None:
        head = self._rates.head(section)
        if head is not None:
            self.scenario_pointed.emit(head.letter)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        head = self._rates.head(index.column()) if index.isValid() else None
        if head is None or self._rates.row(index.row()).kind is not RowKind.DUTY:
            super().keyPressEvent(event)
            return
        duty = self._rates.row(index.row()).duty
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(duty, head.letter)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cleared.emit(duty, head.letter)
        elif head.letter == LAW_SCENARIO and (event.text().isdigit() or event.key() == Qt.Key.Key_F2):
            self.law_typed.emit(index)
        else:
            super().keyPressEvent(event)

    def set_busy(self, busy: bool) -> None:
        """Old numbers stay, muted, until the new ones are there."""
        self.delegate.is_busy = busy
        self.viewport().update()
