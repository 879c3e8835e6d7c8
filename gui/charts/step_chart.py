"""The step chart: true steps at the day of change, one line for what is common, scenarios fan out where they differ."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QMenu, QWidget

from core.i18n import _
from core.quantities import format_date, format_number
from gui import clipboard, theme
from gui.charts.chart import Chart
from gui.charts.geometry import MAX_ROWS, beside_lines, pushed_apart, round_step, tick_texts
from gui.charts.step_data import Line, Owner, StepData, Tick
from gui.widgets import draw_chip

_LEFT, _TOP = 44, 22
_LABEL_ROOM, _TEXT_ROW = 196, 17
_LABEL_GAP = 20.0
_REACH = 8  # how far beside a step or tick a click still means it


@dataclass(frozen=True)
class _Frame:
    """The plot area and its scales."""

    area: QRectF
    first: date
    days: int
    top: float

    def x(self, on: date) -> float:
        return self.area.left() + self.area.width() * (on - self.first).days / self.days

    def y(self, value: float) -> float:
        return self.area.bottom() - self.area.height() * value / self.top

    def day(self, x: float) -> date:
        return self.first + timedelta(days=round((x - self.area.left()) / self.area.width() * self.days))


@dataclass(frozen=True)
class _PlacedTick:
    """A tick's stem, and its text where there was room for one."""

    tick: Tick
    stem: float
    foot: float
    text: QRectF | None
    day_width: float


class StepChart(Chart):
    """Shows StepData. `day_chosen` is the user's click or Enter on a day; `day_read` the day that is told of."""

    day_chosen = Signal(object)
    day_read = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: StepData | None = None
        self._cursor: date | None = None
        self._detail = ""
        self._is_muted = False
        self.setMinimumHeight(168)
        self.setAccessibleName(_("Effective average rate over time"))
        self.setToolTip("")

    def sizeHint(self) -> QSize:
        return QSize(900, 300)

    def show_data(self, data: StepData) -> None:
        self._data = data
        if self._cursor is not None and not data.first <= self._cursor <= data.last:
            self._cursor = None
        self.update()
        self._tell()

    def set_muted(self, muted: bool) -> None:
        """While new numbers are on their way."""
        self._is_muted = muted
        self.update()

    @property
    def cursor_day(self) -> date | None:
        return self._cursor

    def leave_day(self) -> None:
        """No day is told of any more."""
        if self._cursor is not None:
            self._read(None)

    def set_detail(self, text: str) -> None:
        """What is told of the day elsewhere, for screen readers and the clipboard; "" for nothing."""
        self._detail = text
        self.announce()

    # Reading

    def value_line(self) -> str:
        """The values of all lines on the day under the cursor, in words."""
        if self._data is None or self._cursor is None:
            return ""
        values = ", ".join(f"{line.letter} {_percent(line.at(self._cursor))}" for line in self._data.lines)
        titles = [tick.title for tick in self._data.ticks if tick.on == self._cursor]
        return " · ".join([format_date(self._cursor), values, *titles])

    def description(self) -> str:
        if self._data is None:
            return ""
        if self._cursor is not None:
            return self._detail or self.value_line()
        now = ", ".join(
            _("{letter} {name} {value}").format(
                letter=line.letter, name=line.name, value=_percent(line.at(self._data.as_of))
            )
            for line in self._data.lines
        )
        return _(
            "On {day}: {values}. Arrow keys go to the days of change and tell what did it, Enter shows the rates of "
            "the day, Esc goes back."
        ).format(day=format_date(self._data.as_of), values=now)

    def data_text(self) -> str:
        if self._data is None:
            return ""
        days = sorted({day for line in self._data.lines for day in line.days})
        head = "\t".join([_("Day"), *(f"{line.letter} {line.name}, %" for line in self._data.lines)])
        rows = ["\t".join([day.isoformat(), *(f"{line.at(day):.4f}" for line in self._data.lines)]) for day in days]
        return "\n".join([head, *rows])

    # Painting

    def paint(self, painter: QPainter, area: QRect) -> None:
        if self._data is None or not self._data.lines:
            return
        frame = self._frame(self._data, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, frame, self._data)
        _paint_grid(painter, frame)
        self._paint_ticks(painter, frame, self._data)
        _paint_days(painter, frame, self._data)
        painter.setOpacity(0.5 if self._is_muted else 1.0)
        for line in reversed(self._data.lines):
            _paint_line(painter, frame, self._data, line)
        _paint_ends(painter, frame, self._data)
        painter.setOpacity(1.0)
        if self._cursor is not None:
            _paint_cursor(painter, frame, self._data, self._cursor)

    @staticmethod
    def _frame(data: StepData, area: QRect) -> _Frame:
        below = 4 + MAX_ROWS * _TEXT_ROW
        plot = QRectF(
            area.left() + _LEFT,
            area.top() + _TOP,
            max(80, area.width() - _LEFT - _LABEL_ROOM),
            max(60, area.height() - _TOP - below),
        )
        step = round_step(max(data.top(), 1.0))
        top = step * (int(max(data.top(), 1.0) / step + 1e-9) + 1)
        return _Frame(plot, data.first, max(1, (data.last - data.first).days), top)

    def _paint_ticks(self, painter: QPainter, frame: _Frame, data: StepData) -> None:
        colours = theme.current()
        bold, plain = theme.font("caption", bold=True), theme.font("caption")
        for placed in _placed_ticks(frame, data):
            painter.setPen(QPen(colours.line, 1))
            painter.drawLine(QPointF(placed.stem, frame.area.bottom()), QPointF(placed.stem, placed.foot))
            if placed.text is None:
                continue
            left, base = placed.text.left(), placed.text.bottom() - 4
            painter.setPen(colours.text if placed.tick.is_law else colours.accent)
            painter.setFont(bold)
            painter.drawText(QPointF(left, base), placed.tick.day_text)
            painter.setPen(colours.muted)
            painter.setFont(plain)
            painter.drawText(QPointF(left + placed.day_width, base), placed.tick.title)

    # Acting

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        day = self._near_stop(event.position())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self._read(day)
            self.day_chosen.emit(day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        near = self._near_stop(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if near else Qt.CursorShape.ArrowCursor)

    def _near_stop(self, where: QPointF) -> date | None:
        """The day of change whose text is under the pointer, else the one within reach of it."""
        if self._data is None:
            return None
        frame, x = self._frame(self._data, self.rect()), where.x()
        for placed in _placed_ticks(frame, self._data):
            if placed.text is not None and placed.text.contains(where):
                return placed.tick.on
        near = min(self._data.stops(), key=lambda day: abs(frame.x(day) - x), default=None)
        return near if near is not None and abs(frame.x(near) - x) <= _REACH else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if self._data is not None and event.key() in steps:
            self._step(self._data, steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._cursor is not None:
            self.day_chosen.emit(self._cursor)
        elif event.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self._read(None)
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy_day() if self._cursor is not None else self.copy_data()
        else:
            super().keyPressEvent(event)

    def add_actions(self, menu: QMenu) -> None:
        if self._cursor is not None:
            day = format_date(self._cursor, short=True)
            menu.addAction(_("Copy what changes on {day}").format(day=day), self.copy_day)

    def copy_day(self) -> None:
        """What is told of the day, as text."""
        clipboard.copy_text(self._detail or self.value_line())

    def _step(self, data: StepData, step: int) -> None:
        start = self._cursor or data.as_of
        ahead = [day for day in data.stops() if (day > start if step > 0 else day < start)]
        if ahead:
            self._read(ahead[0] if step > 0 else ahead[-1])

    def _read(self, day: date | None) -> None:
        self._cursor = day
        self.update()
        self._tell()

    def _tell(self) -> None:
        """Who listens hands back the detail, which ends up in the description."""
        self._detail = ""
        self.day_read.emit(self._cursor)
        self.announce()


def _percent(value: float) -> str:
    return format_number(value, 2)


def _placed_ticks(frame: _Frame, data: StepData) -> list[_PlacedTick]:
    """Where the ticks and their texts stand below the axis."""
    bold, plain = QFontMetrics(theme.font("caption", bold=True)), QFontMetrics(theme.font("caption"))
    ticks = [tick for tick in data.ticks if data.first <= tick.on <= data.last]
    days = [bold.horizontalAdvance(tick.day_text + " ") for tick in ticks]
    widths = [day + plain.horizontalAdvance(tick.title) for day, tick in zip(days, ticks, strict=True)]
    stems = [frame.x(tick.on) for tick in ticks]
    texts = tick_texts(tuple(stems), tuple(widths), frame.area.left() - 6, frame.area.right() + 6, low_below=8)
    placed, axis = [], frame.area.bottom()
    for tick, day, width, stem, text in zip(ticks, days, widths, stems, texts, strict=True):
        if text.row is None:
            placed.append(_PlacedTick(tick, stem, axis + 4, None, day))
        else:
            top = axis + 2 + text.row * _TEXT_ROW
            placed.append(_PlacedTick(tick, stem, top + 12, QRectF(text.left, top, width, _TEXT_ROW), day))
    return placed


def _paint_ground(painter: QPainter, frame: _Frame, data: StepData) -> None:
    """What comes after the known date lies on the other ground."""
    left = max(frame.area.left(), frame.x(data.known))
    if left < frame.area.right():
        future = QRectF(left, frame.area.top(), frame.area.right() - left, frame.area.height())
        painter.fillRect(future, theme.current().alternate)


def _paint_grid(painter: QPainter, frame: _Frame) -> None:
    colours = theme.current()
    painter.setFont(theme.font("caption"))
    step = round_step(frame.top)
    for number in range(int(frame.top / step + 1e-9) + 1):
        value = number * step
        y = round(frame.y(value)) + 0.5
        painter.setPen(QPen(colours.line if value == 0 else colours.hairline, 1))
        painter.drawLine(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y))
        painter.setPen(colours.muted)
        box = QRectF(0, y - 10, frame.area.left() - 8, 20)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, flags, format_number(value, 0 if step >= 1 else 1))


def _paint_days(painter: QPainter, frame: _Frame, data: StepData) -> None:
    """The known date dotted, the as-of date in the accent, their words above on either side."""
    colours = theme.current()
    known, as_of = frame.x(data.known), frame.x(data.as_of)
    known_text = _("law known to here")
    as_of_text = _("as of {day}").format(day=format_date(data.as_of, short=True))
    plain, bold = QFontMetrics(theme.font("caption")), QFontMetrics(theme.font("caption", bold=True))
    widths = plain.horizontalAdvance(known_text), bold.horizontalAdvance(as_of_text)
    known_left, as_of_left = beside_lines(known, widths[0], as_of, widths[1], frame.area.right() + 6)
    if frame.area.left() <= known <= frame.area.right():
        pen = QPen(colours.muted, 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([2, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(known, frame.area.top() - 16), QPointF(known, frame.area.bottom()))
        painter.setPen(colours.muted)
        painter.setFont(theme.font("caption"))
        painter.drawText(QPointF(known_left, frame.area.top() - 8), known_text)
    if frame.area.left() <= as_of <= frame.area.right():
        painter.setPen(QPen(colours.accent, 1.6))
        painter.drawLine(QPointF(as_of, frame.area.top() - 16), QPointF(as_of, frame.area.bottom()))
        painter.setFont(theme.font("caption", bold=True))
        painter.drawText(QPointF(as_of_left, frame.area.top() - 8), as_of_text)


def _points(frame: _Frame, data: StepData, line: Line, start: date) -> Iterator[QPolygonF]:
    """The corners of the steps from a day to the end of the chart, in pieces where days without a number part them."""
    law = data.lines[0]
    before = law.at(start - timedelta(days=1))
    corners = [QPointF(frame.x(start), frame.y(before))] if line is not law and start > data.first else []
    value = line.at(start)
    corners.append(QPointF(frame.x(start), frame.y(value)))
    for day, after in zip(line.days, line.values, strict=True):
        if start < day <= data.last:
            corners += [QPointF(frame.x(day), frame.y(value)), QPointF(frame.x(day), frame.y(after))]
            value = after
    corners.append(QPointF(frame.x(data.last), frame.y(value)))
    for has_number, piece in groupby(corners, lambda corner: math.isfinite(corner.y())):
        if has_number:
            yield QPolygonF(list(piece))


def _pen(line: Line) -> QPen:
    """A scenario's own colour and dash. Partners are both law, so solid: ours in ink and broad, the other's narrow."""
    colours = theme.current()
    if line.owner is Owner.SCENARIO:
        return colours.scenario_pen(line.letter)
    pen = QPen(colours.text, 2.4) if line.owner is Owner.HOME else QPen(colours.accent, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _paint_mark(painter: QPainter, line: Line, left: float, y: float) -> None:
    """The scenario's chip; of a partner a piece of its line."""
    if line.owner is Owner.SCENARIO:
        draw_chip(painter, QRectF(left, y - theme.CHIP / 2, theme.CHIP, theme.CHIP), line.letter)
        return
    painter.setPen(_pen(line))
    painter.drawLine(QPointF(left, y), QPointF(left + theme.CHIP, y))


def _paint_line(painter: QPainter, frame: _Frame, data: StepData, line: Line) -> None:
    start = data.departure(line)
    if start is None or start > data.last:
        return
    painter.setPen(_pen(line))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for piece in _points(frame, data, line, max(start, data.first)):
        painter.drawPolyline(piece)


def _paint_ends(painter: QPainter, frame: _Frame, data: StepData) -> None:
    """Chip, last value and name at the end of each line."""
    colours = theme.current()
    ends = [line.at(data.last) for line in data.lines]
    wanted = [frame.y(value if math.isfinite(value) else 0.0) for value in ends]
    places = pushed_apart(wanted, _LABEL_GAP, frame.area.top() - 6, frame.area.bottom() + 2)
    bold, plain = theme.font("caption", bold=True), theme.font("caption")
    left = frame.area.right() + 8
    room = _LABEL_ROOM - 8 - theme.CHIP - 6 - 42 - 4
    for line, value, y in zip(data.lines, ends, places, strict=True):
        _paint_mark(painter, line, left, y)
        box = QRectF(left + theme.CHIP + 6, y - 10, 42, 20)
        painter.setFont(bold)
        painter.setPen(colours.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _percent(value))
        painter.setFont(plain)
        painter.setPen(colours.muted)
        name = QFontMetrics(plain).elidedText(line.name, Qt.TextElideMode.ElideRight, room)
        after = QRectF(box.right(), y - 10, room, 20)
        painter.drawText(after, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)


def _paint_cursor(painter: QPainter, frame: _Frame, data: StepData, day: date) -> None:
    """A hairline of focus colour and a ring on each line."""
    colours = theme.current()
    x = frame.x(day)
    painter.setPen(QPen(colours.focus, 1))
    painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()))
    for line in (line for line in data.lines if math.isfinite(line.at(day))):
        painter.setPen(QPen(_pen(line).color(), 2))
        painter.setBrush(colours.base)
        painter.drawEllipse(QPointF(x, frame.y(line.at(day))), 3.5, 3.5)
