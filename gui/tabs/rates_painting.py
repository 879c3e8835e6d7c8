"""How the rates table is drawn: the two-line head, cells by role of the theme, and the strict editor in a cell."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.case import RateForm
from core.i18n import _
from gui import theme
from gui.number_edit import RateCellEdit
from gui.style import draw_focus_ring
from gui.tabs.rates_model import CellView, RowKind, RowView
from gui.tabs.rates_table_model import NAME_COLUMN, AnyIndex, RatesModel
from gui.widgets import Hatching, draw_chip

HEAD_HEIGHT: Final = 46
_PAD = 8
_NUMBER = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_TEXT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


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
        standing = _("Until then {rate} stays.").format(rate=cell.text) if cell is not None else ""
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
