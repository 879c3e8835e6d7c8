"""Line icons from resources/icons, drawn in one colour of the theme."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from core.locations import resource_path
from gui import theme

SIZE = 16


@cache
def _source(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


def _renderer(name: str, colour: QColor) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour.name()).encode()))


def _scales() -> list[float]:
    """The pixel ratios of the screens there are."""
    return sorted({1.0, *(screen.devicePixelRatio() for screen in QGuiApplication.screens())})


def pixmap(name: str, colour: QColor, scale: float = 1.0, size: int = SIZE) -> QPixmap:
    """One icon at a device pixel ratio."""
    side = round(size * scale)
    made = QPixmap(QSize(side, side))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    _renderer(name, colour).render(painter, QRectF(0, 0, side, side))
    painter.end()
    made.setDevicePixelRatio(scale)
    return made


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """The icon in the text colour of the theme and, where disabled, in that of disabled text."""
    made = QIcon()
    for scale in _scales():
        made.addPixmap(pixmap(name, colour or theme.current().text, scale))
        made.addPixmap(pixmap(name, theme.current().disabled, scale), QIcon.Mode.Disabled)
    return made


def draw(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Paint an icon straight into a widget."""
    _renderer(name, colour).render(painter, rect)
