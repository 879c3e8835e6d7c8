"""Small parts of the side panels: labels by role, hairlines, the dashed tag."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QLabel, QLayout, QSizePolicy, QWidget

from core.i18n import _
from gui import theme


def label(text: str, role: str = "body", *, bold: bool = False, muted: bool = False) -> QLabel:
    """Words that wrap and can be selected with the mouse."""
    shown = QLabel(text)
    shown.setWordWrap(True)
    shown.setTextFormat(Qt.TextFormat.PlainText)
    shown.setFont(theme.font(role, bold))
    shown.setForegroundRole(QPalette.ColorRole.WindowText)
    shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if muted:
        palette = shown.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.current().muted)
        shown.setPalette(palette)
    return shown


def clear_layout(layout: QLayout) -> None:
    """Take out and destroy everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear_layout(inner)
            inner.deleteLater()


class SidePage(QWidget):
    """What a side panel scrolls: as high as its words need at the width it has."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)


class FittingLabel(QLabel):
    """The longest of several texts that fits; all of it in the tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: list[str] = [""]
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def show_texts(self, *texts: str) -> None:
        """From the longest to the shortest."""
        self._texts = list(texts)
        self.setToolTip(texts[0])
        self._fit()

    def _dress(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme.current().muted)
        self.setPalette(palette)

    def _fit(self) -> None:
        room, metrics = self.width(), self.fontMetrics()
        fitting = [text for text in self._texts if metrics.horizontalAdvance(text) <= room]
        self.setText(fitting[0] if fitting else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class _Hairline(QWidget):
    """A line one pixel high, in the middle of the room it is given."""

    def __init__(self, strong: bool) -> None:
        super().__init__()
        self._strong = strong
        self.setMinimumHeight(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def paintEvent(self, event: QPaintEvent) -> None:
        now, painter = theme.current(), QPainter(self)
        colour = now.line if self._strong else now.hairline
        painter.fillRect(QRect(0, self.height() // 2, self.width(), 1), colour)
        painter.end()


def hairline(strong: bool = False) -> QWidget:
    """A hairline, or the stronger line of a head or total."""
    return _Hairline(strong)


class Tag(QLabel):
    """A dashed tag: what is invented, or only an example."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or _("illustrative"))
        self.setFont(theme.font("caption"))
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self.setContentsMargins(6, 1, 6, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        pen = QPen(theme.current().line, 1)
        pen.setDashPattern([3, 2])
        painter.setPen(pen)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        super().paintEvent(event)
