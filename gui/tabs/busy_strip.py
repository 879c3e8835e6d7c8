"""A strip at the lower edge of a page while something takes long: how far it is, and an end to it.

It lies over what is there, so that nothing moves when it comes and goes.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from core.i18n import _
from gui import theme
from gui.widgets import Words

_HEIGHT: Final = 44
_PROGRESS_WIDTH: Final = 200


class BusyStrip(QWidget):
    """Hidden until `show_progress` is asked for. `cancel_wanted`: the user wants it to stop."""

    cancel_wanted = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.progress = QProgressBar()
        self.progress.setFixedSize(QSize(_PROGRESS_WIDTH, theme.S8))
        self.progress.setTextVisible(False)
        self.progress.setRange(0, 100)
        self.progress.setAccessibleName(_("Calculating…"))
        self.cancel = QPushButton(_("Cancel"))
        self.cancel.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.S16, theme.S8, theme.S16, theme.S8)
        row.setSpacing(theme.S12)
        row.addWidget(Words(_("Calculating…"), muted=True))
        row.addWidget(self.progress)
        row.addWidget(self.cancel)
        row.addStretch()
        page.installEventFilter(self)
        self.hide()

    def show_progress(self) -> None:
        """Come up over the page."""
        self._place()
        self.show()
        self.raise_()

    def set_progress(self, fraction: float) -> None:
        self.progress.setValue(round(fraction * 100))

    def finish(self) -> None:
        """Go, and begin at nothing the next time."""
        self.hide()
        self.progress.setValue(0)

    def _place(self) -> None:
        page = self.parentWidget()
        self.setGeometry(0, page.height() - _HEIGHT, page.width(), _HEIGHT)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.current().line)
        painter.end()
