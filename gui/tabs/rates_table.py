"""The table of rates, scenarios side by side: model, painting, and typing into a cell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from core.case import LAW_SCENARIO, RateForm
from core.i18n import _
from gui import theme
from gui.number_edit import RateCellEdit
from gui.style import draw_focus_ring
from gui.tabs.rates_model import CellView, HeadView, RowKind, RowView
from gui.widgets import Hatching, draw_chip

NAME_COLUMN: Final = 0
COVERS_COLUMN: Final = 1
FIRST_SCENARIO: Final = 2
HEAD_HEIGHT: Final = 46
SUMMARY_HEIGHT: Final = 28
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 1
CELL_ROLE: Final = Qt.ItemDataRole.UserRole + 2

AnyIndex = QModelIndex | QPersistentModelIndex
_PAD = 8
_COVERS_WIDTH = 104
_LEAST_COLUMN, _MOST_COLUMN = 112, 176
_LEAST_NAME, _GOOD_NAME = 250, 330
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


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
        if not same:
            self.beginResetModel()
        self._rows, self._heads = rows, heads
        if same:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, self.columnCount() - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)
        else:
            self.endResetModel()

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
        return (
            head is not None and head.letter != LAW_SCENARIO and self._rows[index.row()].kind is RowKind.DUTY
        )

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

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
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


class RatesHead(QHeaderView):
    """Two lines: name with the scenario's chip, and what the column says; the selected scenario is filled."""

    def __init__(self, model: RatesModel, year_text: str, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rates, self.year_text = model, year_text
        self._selected = -1
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), HEAD_HEIGHT)

    def select(self, column: int) -> None:
        self._selected = column
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self.viewport()), theme.current()
        area = self.viewport().rect()
        painter.fillRect(area, colours.base)
        for section in range(self.count()):
            left = self.sectionViewportPosition(section)
            rect = QRect(left, 0, self.sectionSize(section), area.height() - 1)
            self._paint_head(painter, rect, section)
        painter.fillRect(0, area.height() - 1, area.width(), 1, colours.line)
        painter.end()

    def _paint_head(self, painter: QPainter, rect: QRect, section: int) -> None:
        head = self._rates.head(section)
        if head is None:
            is_name = section == NAME_COLUMN
            first = _("Measure") if is_name else _("Covers")
            second = _("yellow = typed by us, plain = as in law") if is_name else self.year_text
            left = theme.S16 if is_name else _PAD
            _two_lines(painter, rect.adjusted(left, 0, -_PAD, 0), (first, second), _TEXT if is_name else _NUMBER)
            return
        if section == self._selected:
            painter.fillRect(rect, theme.current().selection)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        name_width = _two_lines(
            painter, inner, (head.name, head.summary), _NUMBER, first_room=inner.width() - theme.CHIP - 6
        )
        chip = QRectF(inner.right() + 1 - name_width - theme.CHIP - 6, rect.top() + 5, theme.CHIP, theme.CHIP)
        draw_chip(painter, chip, head.letter)


def _two_lines(
    painter: QPainter,
    rect: QRect,
    lines: tuple[str, str],
    flags: Qt.AlignmentFlag,
    first_room: int | None = None,
) -> int:
    """Name over unit; the width that the name takes."""
    colours = theme.current()
    bold, plain = theme.font("caption", bold=True), theme.font("caption")
    room = rect.width() if first_room is None else first_room
    name = QFontMetrics(bold).elidedText(lines[0], Qt.TextElideMode.ElideRight, room)
    painter.setFont(bold)
    painter.setPen(colours.text if first_room is not None else colours.muted)
    painter.drawText(QRect(rect.left(), rect.top() + 4, rect.width(), 20), int(flags), name)
    painter.setFont(plain)
    painter.setPen(colours.muted)
    unit = QFontMetrics(plain).elidedText(lines[1], Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(QRect(rect.left(), rect.top() + 22, rect.width(), 20), int(flags), unit)
    return QFontMetrics(bold).horizontalAdvance(name)


class RatesDelegate(QStyledItemDelegate):
    """Paints cells by role of the theme and opens the strict editor."""

    def __init__(self, model: RatesModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._rates = model
        self.is_busy = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row, cell = self._rates.row(index.row()), self._rates.cell(index)
        painter.save()
        if cell is not None:
            self._paint_cell(painter, option.rect, row, cell)
        elif index.column() == NAME_COLUMN:
            _paint_name(painter, option.rect, row)
        else:
            _paint_number(painter, option.rect, row.covers, bold=row.kind is RowKind.AVERAGE)
        _paint_lines(painter, option.rect, row)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus_ring(painter, option.rect.adjusted(0, 0, 0, -1))
        painter.restore()

    def _paint_cell(self, painter: QPainter, rect: QRect, row: RowView, cell: CellView) -> None:
        colours = theme.current()
        if cell.is_typed:
            painter.fillRect(rect, colours.input_fill)
        colour = colours.muted if cell.is_muted or self.is_busy else colours.text
        if row.kind is RowKind.CHANGE and not cell.is_muted:
            colour = colours.change_colour(cell.sign)
        font = theme.font("body", bold=cell.is_bold)
        painter.setFont(font)
        painter.setPen(colour)
        inner = rect.adjusted(_PAD, 0, -_PAD, 0)
        painter.drawText(inner, int(_NUMBER), cell.text)
        width = max(QFontMetrics(font).horizontalAdvance(cell.text), QFontMetrics(font).horizontalAdvance("00.0"))
        if cell.caption:
            _paint_caption(painter, inner.adjusted(0, 0, -width - 8, 0), cell)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(100, theme.typed_row_height())

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        cell = self._rates.cell(index)
        form = cell.form if cell is not None else RateForm.ADDED
        standing = _("Until then {rate} % applies.").format(rate=cell.text) if cell is not None else ""
        return RateCellEdit(form, parent, standing=standing)

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        """Once, when the editor opens: numbers that arrive later must not overwrite what is being typed."""
        if isinstance(editor, RateCellEdit) and editor.property("filled") is None:
            editor.setProperty("filled", True)
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole) or ""))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        if isinstance(editor, RateCellEdit) and editor.text() != index.data(Qt.ItemDataRole.EditRole):
            if editor.is_refused or not editor.check():
                return
            rate, form = editor.value()
            self._rates.announce_rate(index, rate, form)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        editor.setGeometry(option.rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter with text that cannot be taken keeps the editor; Escape gives up."""
        if isinstance(watched, RateCellEdit) and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                if not watched.check():
                    return True
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self.commitData.emit(watched)
                    self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                    return True
        return super().eventFilter(watched, event)


def _paint_name(painter: QPainter, rect: QRect, row: RowView) -> None:
    colours = theme.current()
    font = theme.font("body", bold=row.kind is RowKind.AVERAGE)
    inner = rect.adjusted(theme.S16, 0, -_PAD, 0)
    painter.setFont(font)
    painter.setPen(colours.text)
    metrics = QFontMetrics(font)
    name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, inner.width())
    painter.drawText(inner, int(_TEXT), name)
    if row.caption:
        taken = metrics.horizontalAdvance(name) + 4
        small = theme.font("caption")
        painter.setFont(small)
        painter.setPen(colours.muted)
        room = inner.adjusted(taken, 0, 0, 0)
        caption = QFontMetrics(small).elidedText("· " + row.caption, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(_TEXT), caption)


def _paint_number(painter: QPainter, rect: QRect, text: str, *, bold: bool) -> None:
    painter.setFont(theme.font("body", bold=bold))
    painter.setPen(theme.current().text)
    painter.drawText(rect.adjusted(_PAD, 0, -_PAD, 0), int(_NUMBER), text)


def _paint_caption(painter: QPainter, room: QRect, cell: CellView) -> None:
    """What stands before the number; a hatched mark where a rate is suspended. A mark alone if room is short."""
    font, colours = theme.font("caption"), theme.current()
    width = QFontMetrics(font).horizontalAdvance(cell.caption)
    fits = width <= room.width()
    if fits:
        painter.setFont(font)
        painter.setPen(colours.muted)
        painter.drawText(room, int(_NUMBER), cell.caption)
    if cell.is_hatched:
        right = room.right() - (width + 5 if fits else 0)
        mark = QRectF(right - 12, room.center().y() - 5, 12, 11)
        if mark.left() >= room.left() - 4:
            Hatching.draw(painter, mark)


def _paint_lines(painter: QPainter, rect: QRect, row: RowView) -> None:
    colours = theme.current()
    strong = row.kind is RowKind.AVERAGE
    colour = colours.line if strong else colours.hairline
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colour)
    if strong:
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), colours.line)


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
        for place in range(self._rates.rowCount()):
            is_duty = self._rates.row(place).kind is RowKind.DUTY
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
