"""The table as people use it: a view with a two-line head, a total row, the keyboard, and the clipboard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLabel,
    QMenu,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from core.i18n import _
from gui import clipboard, theme
from gui.cell_painting import GUTTER, PAD, CellDelegate, cell_font
from gui.table_head import TotalRow, TwoLineHead, head_width
from gui.table_model import TableModel
from gui.table_spec import Column, Content, Look, RowKind, Value

BAR_ROOM: Final = {Look.BAR: 60, Look.DEVIATION: 96}
LEAST_STRETCH: Final = 168
COMFORTABLE_STRETCH: Final = 300
MOST_DEVIATION: Final = 90
_LAID_OUT_MS: Final = 12


class TableView(QTableView):
    """The rows. `opened`: Enter or a double click on a line; `typed`: a letter that starts a search."""

    opened = Signal(int, str)
    typed = Signal(str)
    moved = Signal(int, str)
    resized = Signal()

    def __init__(self, model: TableModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.delegate = CellDelegate(model, self)
        self.setModel(model)
        self.setItemDelegate(self.delegate)
        self.setHorizontalHeader(TwoLineHead(model, self))
        self._set_up_looks()
        self._set_up_behaviour()

    def _set_up_looks(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.fit_rows()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def fit_rows(self) -> None:
        """The row height of the density chosen; it does not come from the font."""
        self.verticalHeader().setMinimumSectionSize(theme.row_height())
        self.verticalHeader().setDefaultSectionSize(theme.row_height())

    def _set_up_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.horizontalHeader().sort_wanted.connect(self.sort_by_section)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes the first cell current without choosing its row."""
        super().focusInEvent(event)
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.setCurrentIndex(self.currentIndex())

    # Sorting

    def sort_by_section(self, section: int) -> None:
        """Sort by a column; again turns the order. Numbers start with the largest."""
        if not 0 <= section < len(self._model.content.columns):
            return
        column = self._model.column(section)
        same = column.id == self._model.sort_by
        self._model.sort_by_id(column.id, not self._model.descending if same else column.is_numeric)

    # The keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif not self._take_key(event):
            super().keyPressEvent(event)

    def _take_key(self, event: QKeyEvent) -> bool:
        index = self.currentIndex()
        key, bare = (
            event.key(),
            event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier),
        )
        if event.modifiers() == Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._model.sort(index.column(), _ORDER[key])
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self._open_row(index)
            return True
        if bare and key == Qt.Key.Key_Space and index.isValid():
            self._model.toggle(index.row())
            return True
        if bare and key in (Qt.Key.Key_Left, Qt.Key.Key_Right) and index.isValid() and index.column() == 0:
            return self._fold(index.row(), key == Qt.Key.Key_Right)
        return self._take_letter(event)

    def _take_letter(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        text = event.text()
        if held or not text.strip() or not text.isprintable():
            return False
        self.typed.emit(text)
        return True

    def _fold(self, row: int, unfold: bool) -> bool:
        """Right opens a row, Left shuts it or goes to the row above that holds it."""
        if self._model.has_children(row) and self._model.is_open(row) != unfold:
            self._model.set_open(row, unfold)
            return True
        if unfold or self._model.level(row) == 0:
            return False
        parent = row
        while parent > 0 and self._model.level(parent) >= self._model.level(row):
            parent -= 1
        self.setCurrentIndex(self._model.index(parent, 0))
        return True

    def _open_row(self, index: QModelIndex) -> None:
        if self._model.kind(index.row()) in (RowKind.GROUP, RowKind.REST):
            self._model.toggle(index.row())
        else:
            self.opened.emit(index.row(), self._model.column(index.column()).id)

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.moved.emit(current.row(), self._model.column(current.column()).id)

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        super().mousePressEvent(event)
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton and self._on_chevron(index, event):
            self._model.toggle(index.row())

    def _on_chevron(self, index: QModelIndex, event: QMouseEvent) -> bool:
        x = event.position().x() - self.columnViewportPosition(0)
        reach = GUTTER + (GUTTER if self._model.kind(index.row()) is RowKind.PART else 0)
        return index.column() == 0 and x < reach and self._model.has_children(index.row())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._on_chevron(index, event):
            self._open_row(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(int(event.position().y())))

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        before, self.delegate.hovered_row = self.delegate.hovered_row, row
        if row != before:
            self._redraw_row(before)
            self._redraw_row(row)

    def _redraw_row(self, row: int) -> None:
        if 0 <= row < self._model.rowCount():
            self.viewport().update(0, self.rowViewportPosition(row), self.viewport().width(), self.rowHeight(row))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.indexAt(event.pos())
        menu = QMenu(self)
        if index.isValid() and self._model.has_children(index.row()):
            shown = self._model.is_open(index.row())
            menu.addAction(_("Hide what is below") if shown else _("Show what is below")).triggered.connect(
                lambda: self._model.toggle(index.row())
            )
        if index.isValid() and self._model.line_of(index.row()) >= 0:
            menu.addAction(_("Show details")).triggered.connect(lambda: self._open_row(index))
        menu.addAction(_("Copy rows")).triggered.connect(self.copy)
        menu.exec(event.globalPos())

    # The clipboard

    def copy(self) -> None:
        """Put the selected rows on the clipboard, with heads, as tab-separated text."""
        clipboard.copy_text(self.selected_text())

    def selected_rows(self) -> list[int]:
        """Positions of the selected rows, from ranges: asking for single rows freezes big tables."""
        spans = {(part.top(), part.bottom()) for part in self.selectionModel().selection()}
        return sorted({row for top, bottom in spans for row in range(top, bottom + 1)})

    def selected_text(self) -> str:
        """Heads and selected rows, numbers as a spreadsheet reads them."""
        columns = self._model.content.columns
        lines = ["\t".join(column.title for column in columns)]
        for row in self.selected_rows():
            lines.append("\t".join(self._plain_text(row, place) for place in range(len(columns))))
        return "\n".join(lines) + "\n"

    def _plain_text(self, row: int, place: int) -> str:
        column = self._model.column(place)
        value = self._model.value(row, column.id)
        if column.is_numeric and isinstance(value, float) and value == value:
            return f"{value * column.factor:.{column.decimals}f}"
        text = " ".join(self._model.text(row, place).split())
        return " " + text if text[:1] in "=+-@" and text else text  # a spreadsheet must not read a formula

    def sizeHint(self) -> QSize:
        return QSize(720, 480)


_ORDER = {Qt.Key.Key_Up: Qt.SortOrder.AscendingOrder, Qt.Key.Key_Down: Qt.SortOrder.DescendingOrder}


class DataTable(QWidget):
    """Rows, total row and foot notes. Keeps the current row and the place on screen over every change."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TableModel(self)
        self.view = TableView(self.model, self)
        self.view.setAccessibleName(name)
        self.total = TotalRow(self.model, self.view, self.view.delegate.number_widths)
        self.foot = QLabel(self)
        self._set_up()
        self._kept: tuple[str, str, int] | None = None
        self._was_shown = False
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.timeout.connect(self._on_still)
        self.model.modelAboutToBeReset.connect(self._on_about_to_reset)
        self.model.modelReset.connect(self._on_reset)
        self.model.rearranged.connect(self._fit_columns)
        self.view.resized.connect(self._fit_columns)
        theme.notifier.changed.connect(self._on_theme_changed)

    def _set_up(self) -> None:
        self.foot.setWordWrap(True)
        self.foot.setForegroundRole(QPalette.ColorRole.WindowText)
        self.foot.setContentsMargins(12, 6, 12, 6)
        self.foot.setVisible(False)
        self.foot.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.total.setVisible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        for widget in (self.view, self.total, self.foot):
            box.addWidget(widget)
        self._on_theme_changed()

    def set_content(self, content: Content) -> None:
        """Show this, keeping the current row, what is open, the sorting and the search."""
        self.model.set_content(content)

    def set_foot(self, text: str) -> None:
        """Notes below the table, "" for none."""
        self.foot.setText(text)
        self.foot.setVisible(bool(text))

    def select_key(self, key: str, column_id: str = "") -> bool:
        """Make the row with this key current, if it is visible."""
        row = self.model.row_of(key)
        if row < 0:
            return False
        column = max(0, self.model.column_of(column_id))
        self.view.setCurrentIndex(self.model.index(row, column))
        return True

    def current_key(self) -> str:
        """The key of the current row, "" when there is none."""
        index = self.view.currentIndex()
        return self.model.key_at(index.row()) if index.isValid() else ""

    def _on_about_to_reset(self) -> None:
        self._hold_still()
        index = self.view.currentIndex()
        if index.isValid() and index.row() < self.model.rowCount():
            column = self.model.content.columns
            column_id = column[index.column()].id if index.column() < len(column) else ""
            self._kept = (self.model.key_at(index.row()), column_id, self.view.visualRect(index).top())

    def _on_reset(self) -> None:
        self._fit_columns()
        if self._kept is None:
            return
        key, column_id, top = self._kept
        if self.select_key(key, column_id):
            self._scroll_to(top)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self._hold_still()

    def _hold_still(self) -> None:
        """Paint other rows once, when Qt has laid them out: it does so over several turns, and painted each time."""
        if self.view.isVisible():
            self.view.setUpdatesEnabled(False)
            self._still.start(_LAID_OUT_MS)

    def _on_still(self) -> None:
        self.view.setUpdatesEnabled(True)

    def _scroll_to(self, top: int) -> None:
        """Put the current row where it was on screen."""
        row = self.view.currentIndex().row()
        above = max(0, top // theme.row_height())
        if 0 <= top < self.view.viewport().height():
            self.view.verticalScrollBar().setValue(max(0, row - above))

    def _on_theme_changed(self) -> None:
        now = theme.current()
        palette = self.foot.palette()
        palette.setColor(QPalette.ColorRole.WindowText, now.muted)
        self.foot.setPalette(palette)
        self.foot.setFont(theme.font("caption"))
        self.view.fit_rows()
        self.view.delegate.number_widths.clear()
        self._fit_columns()
        self.view.viewport().update()
        self.total.update()

    # Widths

    def _fit_columns(self) -> None:
        """Numbers get the room they need, bars what is left of it, the description the rest."""
        columns = self.model.content.columns
        if not columns:
            return
        self._measure_numbers()
        room = self.view.viewport().width()
        bare = [self._width(column, 0) for column in columns]
        wide = [self._width(column, BAR_ROOM.get(column.look, 0)) for column in columns]
        has_bars = room - sum(wide) >= LEAST_STRETCH
        widths = wide if has_bars else bare
        rest = room - sum(widths)
        spare = min(MOST_DEVIATION, max(0, rest - COMFORTABLE_STRETCH) // 2) if has_bars else 0
        for section, column in enumerate(columns):
            if column.look is Look.DEVIATION:
                widths[section] += spare
                rest -= spare
            if not column.stretch:
                self.view.setColumnWidth(section, widths[section])
        self._stretch(columns, rest)

    def _stretch(self, columns: tuple[Column, ...], rest: int) -> None:
        wide = [section for section, column in enumerate(columns) if column.stretch]
        for place, section in enumerate(wide):
            share = max(LEAST_STRETCH * 2 // 3, rest // len(wide) + (rest % len(wide) if not place else 0))
            self.view.setColumnWidth(section, share)

    def _width(self, column: Column, bar: int) -> int:
        """What a column needs with a bar of this length; 0 for one that takes what is left."""
        if column.stretch or column.width:
            return 0 if column.stretch else column.width
        number = self.view.delegate.number_widths.get(column.id, 0)
        with_bar = number + (bar + PAD if bar else 0)
        return max(head_width(column), with_bar) + 2 * PAD + 4

    def _measure_numbers(self) -> None:
        """The room of the widest number by column. It only grows, so that new numbers move no column."""
        widths = self.view.delegate.number_widths
        names = [column.id for column in self.model.content.columns]
        if not set(widths) <= set(names):
            widths.clear()
        metrics = QFontMetrics(cell_font("body", bold=True))
        totals = self.model.totals() if self.model.has_total() else {}
        for place, column in enumerate(self.model.content.columns):
            if column.is_numeric:
                samples = (*self.model.scale(place), *self._expected(column, totals))
                widest = max(metrics.horizontalAdvance(column.text(value)) for value in samples)
                widths[column.id] = max(widest + 2, widths.get(column.id, 0))

    def _expected(self, column: Column, totals: Mapping[str, Value]) -> list[float]:
        """The column's own total; a difference can become as large as what it is taken from."""
        own = [totals[column.id]] if column.id in totals else [0.0]
        if column.plus:
            others = [each for each in self.model.content.columns if each.unit == column.unit]
            taken_from = [each.id for each in others if each.look is Look.NUMBER and not each.plus]
            own += [-value for each in taken_from if isinstance(value := totals.get(each), float)]
        return [value for value in own if isinstance(value, float)] or [0.0]

    def focus_rows(self) -> None:
        """Give the rows the keyboard, with a current row."""
        self.view.setFocus()
        if not self.view.currentIndex().isValid() and self.model.rowCount():
            self.view.setCurrentIndex(self.model.index(0, 0))
