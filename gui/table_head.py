"""The two-line head of a table, and the total row that stays below it when the rows scroll."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTableView, QWidget

from gui import theme
from gui.cell_painting import (
    GUTTER,
    LEFT,
    PAD,
    RIGHT,
    NumberCell,
    cell_font,
    draw_sort_mark,
    draw_text,
    split_number,
)
from gui.table_model import TableModel
from gui.table_spec import Column, Look, Value
from gui.theme import CHIP
from gui.widgets import draw_chip

HEAD_HEIGHT: Final = 46
LINE_HEIGHT: Final = 16  # of a further line of the head
SORT_MARK: Final = 11
TOTAL_HEIGHT: Final = theme.ROW_HEIGHT + 4


def head_width(column: Column) -> int:
    """The room that a head needs, its sort mark included."""
    metrics = QFontMetrics(cell_font("caption", bold=True))
    name = max(metrics.horizontalAdvance(line) for line in column.head.split("\n"))
    if column.chip:
        name = CHIP + (5 + name if column.head else 0)
    unit = QFontMetrics(cell_font("caption")).horizontalAdvance(column.unit)
    if column.most_head:
        name, unit = min(name, column.most_head), min(unit, column.most_head)
    marked = (unit + SORT_MARK, name) if column.unit else (0, name + SORT_MARK)
    return max(marked)


class TwoLineHead(QHeaderView):
    """Name above, unit below, chip of the scenario before the name; a click sorts."""

    sort_wanted = Signal(int)

    def __init__(self, model: TableModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table_model = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(24)
        self.sectionClicked.connect(self.sort_wanted)
        self.viewport().setMouseTracking(True)
        self._hovered = -1
        self._height = HEAD_HEIGHT

    def set_lines(self, lines: int) -> None:
        """Room for so many lines, the unit among them."""
        self._height = HEAD_HEIGHT + (lines - 2) * LINE_HEIGHT
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self.logicalIndexAt(event.position().toPoint())
        self.viewport().update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: object) -> None:
        self._hovered = -1
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.current(), QPainter(self.viewport())
        whole = self.viewport().rect()
        painter.fillRect(whole, now.base)
        for section in range(self.count()):
            if not self.isSectionHidden(section):
                left = self.sectionViewportPosition(section)
                self._draw(painter, QRect(left, 0, self.sectionSize(section), whole.height()), section)
        painter.fillRect(QRect(0, whole.bottom(), whole.width(), 1), now.line)
        painter.end()

    def _draw(self, painter: QPainter, rect: QRect, section: int) -> None:
        columns = self._table_model.content.columns
        if section >= len(columns):
            return
        column = columns[section]
        left = 16 if column.look is Look.STATE else GUTTER if section == 0 else PAD
        inside = rect.adjusted(left, 0, -PAD, 0)
        lower = QRect(inside.left(), rect.bottom() - 21, inside.width(), 18)
        upper = QRect(inside.left(), rect.bottom() - 39, inside.width(), 18)
        is_sorted = column.id == self._table_model.sort_by
        name_line = upper if column.unit else lower
        hovered, texts = section == self._hovered, column.head.split("\n")
        for above, text in enumerate(reversed(texts)):
            line = name_line.translated(0, -above * LINE_HEIGHT)
            self._draw_line(painter, line, column, text, is_sorted and not (column.unit or above), hovered)
        if column.chip:
            self._draw_chip(painter, name_line, column)
        if column.unit:
            self._draw_unit(painter, lower, column, is_sorted)

    def _draw_line(
        self, painter: QPainter, line: QRect, column: Column, text: str, is_sorted: bool, hovered: bool
    ) -> None:
        now, font = theme.current(), cell_font("caption", bold=True)
        colour = now.text if hovered else now.muted
        flags = RIGHT if column.is_numeric else LEFT
        if is_sorted:
            line = self._leave_mark(painter, line, column, text, font)
        draw_text(painter, line, text, colour, font, flags, elide=bool(column.most_head))

    def _draw_unit(self, painter: QPainter, line: QRect, column: Column, is_sorted: bool) -> None:
        font = cell_font("caption")
        flags = RIGHT if column.is_numeric else LEFT
        if is_sorted:
            line = self._leave_mark(painter, line, column, column.unit, font)
        draw_text(painter, line, column.unit, theme.current().muted, font, flags, elide=bool(column.most_head))

    def _leave_mark(self, painter: QPainter, line: QRect, column: Column, text: str, font: QFont) -> QRect:
        """Draw the sort mark at the end of the text; the room that is left for the text."""
        wide = QFontMetrics(font).horizontalAdvance(text)
        x = line.right() - 7 if column.is_numeric else line.left() + wide + 4
        draw_sort_mark(painter, x, line.center().y() + 1, self._table_model.descending, theme.current().muted)
        return line.adjusted(0, 0, -SORT_MARK, 0) if column.is_numeric else line

    def _draw_chip(self, painter: QPainter, line: QRect, column: Column) -> None:
        font = cell_font("caption", bold=True)
        name = QFontMetrics(font).horizontalAdvance(column.head) + 5 if column.head else 0
        x = line.right() + 1 - name - CHIP if column.is_numeric else line.left()
        draw_chip(painter, QRectF(x, line.center().y() - CHIP // 2 - 1, CHIP, CHIP), column.chip)


class TotalRow(QWidget):
    """The sums of the table, below the rows and outside what scrolls; under it what is in no sum."""

    def __init__(self, model: TableModel, view: QTableView, number_widths: dict[str, int]) -> None:
        super().__init__(view.parentWidget())
        self._model, self._view, self._widths = model, view, number_widths
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        model.rearranged.connect(self._on_changed)
        view.horizontalHeader().sectionResized.connect(self.update)
        view.horizontalScrollBar().valueChanged.connect(self.update)

    def _on_changed(self) -> None:
        self.setVisible(self._model.has_total())
        self.setFixedHeight(TOTAL_HEIGHT + len(self._model.content.apart) * theme.row_height())
        self.setAccessibleName(self._spoken())
        self.update()

    def _spoken(self) -> str:
        if not self._model.has_total():
            return ""
        totals = self._model.totals()
        cells = [f"{c.title} {c.text(totals[c.id])}" for c in self._model.content.columns if c.id in totals]
        return "; ".join([self._model.total_label(), *cells])

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._model.has_total():
            return
        now, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), now.base)
        line = QRect(0, 0, self.width(), TOTAL_HEIGHT)
        for y in (0, line.height() - 1):
            painter.fillRect(QRect(0, y, self.width(), 1), now.line)
        self._draw_row(painter, line, self._model.total_label(), self._model.totals(), strong=True)
        for place, (label, cells) in enumerate(self._model.content.apart):
            line = QRect(0, TOTAL_HEIGHT + place * theme.row_height(), self.width(), theme.row_height())
            self._draw_row(painter, line, label, cells, strong=False)
        painter.end()

    def _draw_row(self, painter: QPainter, line: QRect, label: str, cells: Mapping[str, Value], strong: bool) -> None:
        header = self._view.horizontalHeader()
        font = cell_font("body", bold=strong)
        colour = theme.current().text if strong else theme.current().muted
        label_end = self.width()
        for section, column in enumerate(self._model.content.columns):
            if column.is_numeric:
                left, width = header.sectionViewportPosition(section), header.sectionSize(section)
                label_end = min(label_end, left)
                room = self._number_room(QRect(left, line.top(), width, line.height()), column)
                text = column.text(cells[column.id]) if column.id in cells else ""
                draw_text(painter, room, text, colour, font, RIGHT)
        words = QRect(12, line.top(), label_end - 12, line.height())
        draw_text(painter, words, label, colour, font, elide=True)

    def _number_room(self, rect: QRect, column: Column) -> QRect:
        width = self._widths.get(column.id, 0)
        return split_number(rect, NumberCell(column, "", 0.0, (0.0, 0.0), width))[0]
