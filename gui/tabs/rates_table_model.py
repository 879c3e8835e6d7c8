"""The Qt model of the rates table: hands out prepared rows, announces typed rates, stores nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core.case import LAW_SCENARIO, RateForm
from core.i18n import _
from gui.tabs.rates_model import CellView, HeadView, RowKind, RowView

NAME_COLUMN: Final = 0
COVERS_COLUMN: Final = 1
FIRST_SCENARIO: Final = 2

AnyIndex = QModelIndex | QPersistentModelIndex


class RatesModel(QAbstractTableModel):
    """Hands out prepared rows. A typed rate is announced, never stored here."""

    rate_typed = Signal(str, str, object, object)  # duty, letter, Decimal, RateForm

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[RowView] = []
        self._heads: list[HeadView] = []

    def show_rows(self, rows: list[RowView], heads: list[HeadView]) -> None:
        """Swap the numbers in place; the layout changes only when rows or columns do."""
        same = len(rows) == len(self._rows) and [h.letter for h in heads] == [h.letter for h in self._heads]
        same_heads = heads == self._heads
        if not same:
            self.beginResetModel()
        self._rows, self._heads = rows, heads
        if not same:
            self.endResetModel()
            return
        self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, self.columnCount() - 1))
        if not same_heads:  # Qt lays out the whole table anew on this signal
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)

    def row(self, place: int) -> RowView:
        return self._rows[place]

    def head(self, column: int) -> HeadView | None:
        """The scenario of a column; None for the first two."""
        place = column - FIRST_SCENARIO
        return self._heads[place] if 0 <= place < len(self._heads) else None

    def column_of(self, letter: str) -> int:
        """The column of a scenario, -1 when there is none."""
        places = [n for n, head in enumerate(self._heads) if head.letter == letter]
        return places[0] + FIRST_SCENARIO if places else -1

    def cell(self, index: AnyIndex) -> CellView | None:
        place = index.column() - FIRST_SCENARIO
        cells = self._rows[index.row()].cells
        return cells[place] if 0 <= place < len(cells) else None

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else FIRST_SCENARIO + len(self._heads)

    def is_editable(self, index: AnyIndex) -> bool:
        """A duty's cell under any scenario but the law."""
        head = self.head(index.column())
        return head is not None and head.letter != LAW_SCENARIO and self._rows[index.row()].kind is RowKind.DUTY

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if self.is_editable(index) else flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, cell = self._rows[index.row()], self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return _shown(row, cell, index.column())
        if role == Qt.ItemDataRole.EditRole:
            return cell.edit_text if cell is not None else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip if cell is not None and cell.tip else f"{row.name} {row.caption}".strip()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(row, cell, index.column())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        head = self.head(section)
        if role == Qt.ItemDataRole.DisplayRole:
            if head is not None:
                return f"{head.letter} {head.name}"
            return _("Measure") if section == NAME_COLUMN else _("Covers")
        if role == Qt.ItemDataRole.ToolTipRole and head is not None:
            return head.tip
        return None

    def _spoken(self, row: RowView, cell: CellView | None, column: int) -> str:
        head = self.head(column)
        if cell is None or head is None:
            return _shown(row, cell, column)
        words = [row.name, f"{head.letter} {head.name}", cell.caption, cell.text]
        if row.kind is RowKind.DUTY:
            words.append(_("set by the scenario") if cell.is_typed else _("as in law"))
        return ", ".join(word for word in words if word)

    def announce_rate(self, index: AnyIndex, rate: Decimal, form: RateForm) -> None:
        head = self.head(index.column())
        if head is not None:
            self.rate_typed.emit(self._rows[index.row()].duty, head.letter, rate, form)


def _shown(row: RowView, cell: CellView | None, column: int) -> str:
    if cell is not None:
        return " ".join(part for part in (cell.caption, cell.text) if part)
    if column == COVERS_COLUMN:
        return row.covers
    return " · ".join(part for part in (row.name, row.caption) if part)
