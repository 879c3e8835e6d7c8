"""A name as a title that can be typed over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.i18n import _
from gui import theme
from gui.style import draw_focus_ring


class NameEdit(QLineEdit):
    """The scenario's name as a title that can be typed over."""

    name_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._good = ""
        self.setFrame(False)
        self.setAccessibleName(_("Name of the scenario"))
        self.editingFinished.connect(self._on_finished)
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        self.setFont(theme.font("title"))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, theme.current().base)
        self.setPalette(palette)

    def show_name(self, name: str, *, editable: bool) -> None:
        """Show it; announces nothing."""
        self._good = name
        self.setText(name)
        self.setCursorPosition(0)
        self.setReadOnly(not editable)
        self.setToolTip(_("Click to rename") if editable else "")

    def _on_finished(self) -> None:
        if self.text().strip() and self.text() != self._good:
            self.name_typed.emit(self.text().strip())
        else:
            self.setText(self._good)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._good)
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and not self.isReadOnly():
            draw_focus_ring(QPainter(self), self.rect())
