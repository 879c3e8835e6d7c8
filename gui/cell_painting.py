"""How cells, heads and total rows of the big tables are drawn: flat, crisp, by role of the theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from core.case import BarrierState
from gui import theme
from gui.table_model import TableModel
from gui.table_spec import Column, Look, RowKind

PAD: Final = 8
GUTTER: Final = 28  # where the text of the first column begins: room for the chevron
CHEVRON_LEFT: Final = 10
BAR_HEIGHT: Final = 10
LEAST_BAR: Final = 48
GLYPH: Final = 14
# As numbers: a few hundred cells are drawn at a time, and combining Qt's flags in Python is slow.
_ONE_LINE: Final = Qt.AlignmentFlag.AlignVCenter.value | Qt.TextFlag.TextSingleLine.value
LEFT: Final = _ONE_LINE | Qt.AlignmentFlag.AlignLeft.value
RIGHT: Final = _ONE_LINE | Qt.AlignmentFlag.AlignRight.value

_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_FOCUSED: Final = QStyle.StateFlag.State_HasFocus.value

AnyIndex = QModelIndex | QPersistentModelIndex


_fonts: dict[tuple[str, bool], QFont] = {}
theme.notifier.changed.connect(_fonts.clear)


def cell_font(role: str = "body", bold: bool = False) -> QFont:
    """The theme's font, made once and not for every cell."""
    if (role, bold) not in _fonts:
        _fonts[role, bold] = theme.font(role, bold)
    return _fonts[role, bold]


def draw_text(
    painter: QPainter,
    rect: QRect,
    text: str,
    colour: QColor,
    font: QFont,
    flags: int = LEFT,
    elide: bool = False,
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    """One line of text; only free text is ever elided."""
    painter.setFont(font)
    painter.setPen(colour)
    shown = QFontMetrics(font).elidedText(text, mode, rect.width()) if elide else text
    painter.drawText(rect, flags, shown)


def draw_hairline(painter: QPainter, rect: QRect, colour: QColor) -> None:
    """The line below a row."""
    painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colour)


def draw_chevron(painter: QPainter, x: int, middle: int, is_open: bool, colour: QColor) -> None:
    """Right when shut, down when open; 12 wide from x."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    across = [(1.5, -2.0), (6.0, 2.5), (10.5, -2.0)] if is_open else [(4.0, -4.5), (8.5, 0.0), (4.0, 4.5)]
    painter.drawPolyline(QPolygonF([QPointF(x + dx, middle + 0.5 + dy) for dx, dy in across]))
    painter.restore()


def draw_sort_mark(painter: QPainter, x: int, middle: int, descending: bool, colour: QColor) -> None:
    """A small triangle, 7 wide from x."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    tip, base = (middle + 3, middle - 2) if descending else (middle - 3, middle + 2)
    painter.drawPolygon(QPolygonF([QPointF(x, base), QPointF(x + 7, base), QPointF(x + 3.5, tip)]))
    painter.restore()


def draw_dotted(painter: QPainter, left: int, right: int, y: int, colour: QColor) -> None:
    """The dotted underline of an inferred value."""
    for x in range(left, right, 3):
        painter.fillRect(QRect(x, y, 1, 1), colour)


_STATE_SHAPES: Final = {
    BarrierState.NOT_RAISED: "dashed",
    BarrierState.RAISED: "quarter",
    BarrierState.EXPLAINED: "half",
    BarrierState.UNDER_DISCUSSION: "half",
    BarrierState.CONDITIONAL_OFFER: "three",
    BarrierState.AGREED_IN_PRINCIPLE: "three",
    BarrierState.AGREED: "tick",
    BarrierState.CLOSED: "tick",
    BarrierState.REFUSED: "square",
}
_FILLED: Final = {"dashed": 0, "quarter": 90, "half": 180, "three": 270}


def draw_state(painter: QPainter, box: QRectF, state: BarrierState) -> None:
    """The shape of a state: quarters of a circle, a tick when agreed, a barred square when refused."""
    now, shape = theme.current(), _STATE_SHAPES[state]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = box.adjusted(1, 1, -1, -1)
    if shape == "square":
        _draw_square(painter, inner, now.text)
    elif shape == "tick":
        _draw_tick(painter, inner, now.accent, now.base)
    else:
        _draw_quarters(painter, inner, _FILLED[shape], now.muted if shape == "dashed" else now.accent)
    painter.restore()


def _draw_square(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 1.5, 1.5)
    middle = box.center()
    painter.drawLine(QPointF(middle.x() - 2.5, middle.y()), QPointF(middle.x() + 2.5, middle.y()))


def _draw_tick(painter: QPainter, box: QRectF, colour: QColor, paper: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(box)
    painter.setPen(QPen(paper, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    middle = box.center()
    points = [(-2.8, 0.2), (-0.8, 2.2), (2.8, -2.0)]
    painter.drawPolyline(QPolygonF([QPointF(middle.x() + x, middle.y() + y) for x, y in points]))


def _draw_quarters(painter: QPainter, box: QRectF, degrees: int, colour: QColor) -> None:
    pen = QPen(colour, 1.4)
    if not degrees:
        pen.setDashPattern([2.0, 2.0])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(box)
    if degrees:
        pie = QPainterPath(box.center())
        pie.arcTo(box.adjusted(1.2, 1.2, -1.2, -1.2), 90, -degrees)
        pie.closeSubpath()
        painter.fillPath(pie, colour)


# Cells with numbers


@dataclass(frozen=True)
class NumberCell:
    """A number as drawn, with what its bar needs. scale: least and greatest value, with zero."""

    column: Column
    text: str
    value: float
    scale: tuple[float, float]
    number_width: int
    strong: bool = False
    is_group: bool = False
    muted: bool = False


def draw_number(painter: QPainter, rect: QRect, cell: NumberCell) -> None:
    """A right-aligned number, with its bar beside it where the column has one and is wide enough."""
    now = theme.current()
    number, track = split_number(rect, cell)
    if track is not None:
        _draw_bar(painter, track, cell)
    colour = now.muted if cell.muted else now.text
    draw_text(painter, number, cell.text, colour, cell_font("body", bold=cell.strong), RIGHT)


def split_number(rect: QRect, cell: NumberCell) -> tuple[QRect, QRect | None]:
    """Where the number and the bar go: bars after the number, deviation bars before it."""
    inside = rect.adjusted(PAD, 0, -PAD, 0)
    if cell.column.look is Look.NUMBER or inside.width() < cell.number_width + LEAST_BAR:
        return inside, None
    height = QRect(0, rect.center().y() - BAR_HEIGHT // 2, 0, BAR_HEIGHT)
    if cell.column.look is Look.BAR:
        number = QRect(inside.left(), inside.top(), cell.number_width, inside.height())
        left = number.right() + PAD
        return number, QRect(left, height.top(), inside.right() - left, BAR_HEIGHT)
    left = inside.right() - cell.number_width
    number = QRect(left, inside.top(), cell.number_width, inside.height())
    return number, QRect(inside.left(), height.top(), left - PAD - inside.left(), BAR_HEIGHT)


def _draw_bar(painter: QPainter, track: QRect, cell: NumberCell) -> None:
    low, high = cell.scale
    if cell.value != cell.value or high <= low:
        return
    now = theme.current()
    zero = track.left() + round(track.width() * (-low / (high - low)))
    end = track.left() + round(track.width() * (cell.value - low) / (high - low))
    if end == zero and cell.value:
        end += 1 if cell.value > 0 else -1
    painter.fillRect(QRect(min(zero, end), track.top(), abs(end - zero), track.height()), _bar_colour(cell))
    if cell.column.look is Look.DEVIATION:
        painter.fillRect(QRect(zero, track.top() - 3, 1, track.height() + 6), now.line)


def _bar_colour(cell: NumberCell) -> QColor:
    now = theme.current()
    if cell.column.look is Look.DEVIATION:
        return now.more_duty if cell.value > 0 else now.less_duty
    return now.bar_group if cell.is_group else now.bar


# The delegate


class CellDelegate(QStyledItemDelegate):
    """Draws every cell of a TableModel. `number_widths` holds the room of the widest number by column id."""

    def __init__(self, model: TableModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.number_widths: dict[str, int] = {}
        self.hovered_row = -1
        self.is_muted = False  # old numbers, until the new ones are there

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Every cell sets what it draws with; only a label that runs over two cells needs to be cut off."""
        row, column = index.row(), index.column()
        if not 0 <= row < self._model.rowCount():
            return
        rect, state = option.rect, option.state.value
        selected = bool(state & _SELECTED)
        self._draw_ground(painter, rect, row, selected)
        spec = self._model.column(column)
        if column <= 1 and self._is_spanning(row):
            painter.save()
            painter.setClipRect(rect)
            self._draw_label(painter, self._label_rect(rect, column), row, column == 0)
            painter.restore()
        elif spec.is_numeric:
            self._draw_number(painter, rect, row, column)
        elif spec.look is Look.STATE:
            self._draw_state(painter, rect, row, spec)
        else:
            self._draw_words(painter, rect, row, column, selected)
        if state & _FOCUSED:
            _draw_ring(painter, rect)

    def _draw_ground(self, painter: QPainter, rect: QRect, row: int, selected: bool) -> None:
        """The view's own ground is the base colour already."""
        now = theme.current()
        if selected or self._model.is_strong(row):
            painter.fillRect(rect, now.selection if selected else now.group_row)
        draw_hairline(painter, rect, now.hairline)

    def _is_spanning(self, row: int) -> bool:
        return self._model.kind(row) in (RowKind.GROUP, RowKind.REST)

    def _label_rect(self, rect: QRect, column: int) -> QRect:
        """The label of a group runs over the first two columns; each draws the piece that falls into it."""
        view = self.parent()
        width = view.columnWidth
        if column == 0:
            second = width(1) if self._spans_second() else 0
            return rect.adjusted(0, 0, second, 0)
        return rect.adjusted(-width(0), 0, 0, 0)

    def _spans_second(self) -> bool:
        return len(self._model.content.columns) > 1 and not self._model.column(1).is_numeric

    def _draw_label(self, painter: QPainter, rect: QRect, row: int, with_chevron: bool) -> None:
        now, model = theme.current(), self._model
        is_group = model.kind(row) is RowKind.GROUP
        left = rect.left()
        if with_chevron and model.has_children(row):
            colour = now.text if is_group else now.muted
            draw_chevron(painter, left + CHEVRON_LEFT, rect.center().y(), model.is_open(row), colour)
        font = cell_font("body", bold=is_group)
        words = QRect(left + GUTTER, rect.top(), rect.right() - left - GUTTER - PAD, rect.height())
        text, caption = model.label(row), model.caption(row)
        draw_text(painter, words, text, now.text if is_group else now.muted, font, elide=True)
        start = words.left() + QFontMetrics(font).horizontalAdvance(text) + PAD
        room = QRect(start, rect.top(), words.right() - start, rect.height())
        if caption and room.width() > QFontMetrics(cell_font("caption")).horizontalAdvance(caption):
            draw_text(painter, room.translated(0, 1), caption, now.muted, cell_font("caption"))

    def _draw_number(self, painter: QPainter, rect: QRect, row: int, column: int) -> None:
        model, spec = self._model, self._model.column(column)
        value = model.value(row, spec.id)
        number = value if isinstance(value, float) else float("nan")
        strong = model.is_strong(row)
        text = model.text(row, column) or spec.text(number)
        width = self.number_widths.get(spec.id, 0)
        scale = (0.0, 0.0) if spec.look is Look.NUMBER else model.scale(column)
        muted = self.is_muted or number != number
        draw_number(painter, rect, NumberCell(spec, text, number, scale, width, strong, strong, muted))
        if model.note(row, spec.id):
            self._underline(painter, rect, text, spec)

    def _underline(self, painter: QPainter, rect: QRect, text: str, spec: Column) -> None:
        wide = QFontMetrics(cell_font("body")).horizontalAdvance(text)
        right = rect.right() - PAD + 1
        if spec.look is Look.BAR and rect.width() >= self.number_widths.get(spec.id, 0) + LEAST_BAR + 2 * PAD:
            right = rect.left() + PAD + self.number_widths.get(spec.id, 0)
        draw_dotted(painter, right - wide, right, rect.center().y() + 8, theme.current().uncertain_text)

    def _draw_words(self, painter: QPainter, rect: QRect, row: int, column: int, selected: bool) -> None:
        now, model, spec = theme.current(), self._model, self._model.column(column)
        left = PAD
        if column == 0:
            left = GUTTER
            self._draw_line_chevron(painter, rect, row, left, selected)
        muted = spec.look in (Look.CODE, Look.MUTED) or self.is_muted
        colour = now.muted if muted and not (selected and spec.look is Look.CODE) else now.text
        words = rect.adjusted(left, 0, -PAD, 0)
        mode = Qt.TextElideMode.ElideMiddle if spec.keeps_end else Qt.TextElideMode.ElideRight
        text, is_free = model.text(row, column), spec.look is not Look.CODE
        font = cell_font("body", bold=model.is_strong(row))
        draw_text(painter, words, text, colour, font, elide=is_free, mode=mode)

    def _draw_line_chevron(self, painter: QPainter, rect: QRect, row: int, left: int, selected: bool) -> None:
        """Lines that can be opened say so only where the eye is, to keep the table calm."""
        model = self._model
        if model.has_children(row) and (selected or row == self.hovered_row or model.is_open(row)):
            x = rect.left() + left - GUTTER + CHEVRON_LEFT
            draw_chevron(painter, x, rect.center().y(), model.is_open(row), theme.current().muted)

    def _draw_state(self, painter: QPainter, rect: QRect, row: int, spec: Column) -> None:
        value = str(self._model.value(row, spec.id))
        left = rect.left() + 16
        if not value:
            return
        state = BarrierState(value)
        draw_state(painter, QRectF(left, rect.center().y() - GLYPH / 2 + 0.5, GLYPH, GLYPH), state)
        words = QRect(left + GLYPH + PAD, rect.top(), rect.right() - left - GLYPH - 2 * PAD, rect.height())
        draw_text(painter, words, spec.text(value), theme.current().text, cell_font("body"), elide=True)


def _draw_ring(painter: QPainter, rect: QRect) -> None:
    """The current cell: two pixels inside the edge."""
    pen = QPen(theme.current().focus, 2)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(1, 1, -1, -1))
