"""A day: typed strictly, or picked from the days on which something changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QWidget

from core.i18n import _
from core.quantities import format_date
from gui import icons, theme
from gui.days import parse_day
from gui.number_edit import FieldEdit


@dataclass(frozen=True)
class Stop:
    """A day to pick, and what happens on it."""

    on: date
    title: str
    tip: str = ""


class DayEdit(FieldEdit):
    """Shows a day in words; takes it typed, from the list of stops (Alt+Down), or stepped (Page Up, Page Down).

    `day_chosen` is the user's choice alone; `check` may refuse a day with InputError.
    """

    day_chosen = Signal(object)

    def __init__(self, check: Callable[[date], None] = lambda day: None, parent: QWidget | None = None) -> None:
        super().__init__(self._parsed, "", parent)
        self._check, self._day, self._stops = check, date.min, tuple[Stop, ...]()
        self.setTextMargins(0, 0, 20, 0)
        self.setFixedWidth(132)
        self.accepted.connect(self.day_chosen)

    def _parsed(self, text: str) -> date:
        day = parse_day(text)
        self._check(day)
        return day

    @property
    def day(self) -> date:
        return self._day

    def show_day(self, day: date) -> None:
        """Show a day; announces nothing."""
        self._day = day
        self.set_good(format_date(day))

    def set_stops(self, stops: Sequence[Stop]) -> None:
        self._stops = tuple(stops)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_Down and is_alt:
            self.open_stops()
        elif event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._step(forward=event.key() == Qt.Key.Key_PageDown)
        else:
            super().keyPressEvent(event)

    def _step(self, *, forward: bool) -> None:
        days = sorted({stop.on for stop in self._stops})
        ahead = [day for day in days if (day > self._day if forward else day < self._day)]
        if ahead:
            self.day_chosen.emit(ahead[0] if forward else ahead[-1])

    def open_stops(self) -> None:
        """The list of days on which something changes."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for stop in self._stops:
            action = menu.addAction(f"{format_date(stop.on)}\t{stop.title}")
            action.setToolTip(stop.tip)
            action.setData(stop.on)
            action.setCheckable(True)
            action.setChecked(stop.on == self._day)
        if not self._stops:
            menu.addAction(_("No day of change is known yet.")).setEnabled(False)
        chosen = menu.exec(self.mapToGlobal(QPoint(0, self.height())))
        if chosen is not None and isinstance(chosen.data(), date):
            self.day_chosen.emit(chosen.data())
        menu.deleteLater()

    def _icon_rect(self) -> QRectF:
        return QRectF(self.width() - 24, (self.height() - icons.SIZE) / 2, icons.SIZE, icons.SIZE)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        icons.draw(QPainter(self), "calendar", self._icon_rect(), theme.current().text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._icon_rect().adjusted(-4, -6, 6, 6).contains(event.position()):
            self.open_stops()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_over_icon = self._icon_rect().contains(event.position())
        self.setCursor(Qt.CursorShape.ArrowCursor if is_over_icon else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(132, theme.CONTROL_HEIGHT)
