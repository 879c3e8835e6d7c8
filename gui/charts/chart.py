"""What every chart has: focus, a readable value line, and its picture and data for the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from core.i18n import _
from gui import clipboard, theme
from gui.style import draw_focus_ring


class Chart(QWidget):
    """A widget that paints one chart. Subclasses paint, describe themselves, and hand out their data."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        theme.notifier.changed.connect(self._on_theme_changed)

    def paint(self, painter: QPainter, area: QRect) -> None:
        raise NotImplementedError

    def data_text(self) -> str:
        """The numbers as lines of tab-separated text, with a head."""
        raise NotImplementedError

    def description(self) -> str:
        """What a person who cannot see the chart is told."""
        raise NotImplementedError

    def add_actions(self, menu: QMenu) -> None:
        """What else the chart's menu offers, above copying it."""

    def announce(self) -> None:
        """Tell assistive software what the chart shows now."""
        self.setAccessibleDescription(self.description())

    def copy_picture(self) -> None:
        """At twice the size, on the colour of the page."""
        picture = QPixmap(self.size() * 2)
        picture.setDevicePixelRatio(2)
        picture.fill(theme.current().base)
        painter = QPainter(picture)
        self.paint(painter, self.rect())
        painter.end()
        clipboard.copy_picture(picture)

    def copy_data(self) -> None:
        clipboard.copy_text(self.data_text())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().base)
        self.paint(painter, self.rect())
        if self.hasFocus():
            draw_focus_ring(painter, self.rect())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        self.add_actions(menu)
        menu.addAction(_("Copy picture"), self.copy_picture)
        menu.addAction(_("Copy data"), self.copy_data)
        menu.exec(event.globalPos() if event.globalPos() != QPoint() else self.mapToGlobal(QPoint(20, 20)))
        menu.deleteLater()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _on_theme_changed(self) -> None:
        self.update()
