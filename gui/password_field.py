"""A field for a password: hidden unless asked for, with a word when Caps Lock seems to be on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from core.i18n import _
from gui import theme
from gui.widgets import Words


def caps_lock_shows(event: QKeyEvent) -> bool | None:
    """Whether a typed letter tells that Caps Lock is on; None when it tells nothing. No system's own call is needed."""
    text = event.text()
    if len(text) != 1 or not (text.isascii() and text.isalpha()):
        return None
    has_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return text.isupper() != has_shift


class _Line(QLineEdit):
    caps_lock_seen = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shows = caps_lock_shows(event)
        if shows is not None:
            self.caps_lock_seen.emit(shows)
        super().keyPressEvent(event)


class PasswordField(QWidget):
    """Line, button to show what is typed, and the word about Caps Lock below."""

    changed = Signal()
    entered = Signal()  # Return

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = _Line()
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setFixedHeight(theme.CONTROL_HEIGHT)
        self.line.setAccessibleName(name)
        self.line.textChanged.connect(self.changed)
        self.line.returnPressed.connect(self.entered)
        self.line.caps_lock_seen.connect(self._on_caps_lock)
        self.show_button = QPushButton(_("Show"))
        self.show_button.setCheckable(True)
        self.show_button.setAutoDefault(False)
        self.show_button.setAccessibleName(_("Show the password"))
        self.show_button.toggled.connect(self._on_show)
        self.caps_lock = Words(_("Caps Lock is on."), "caption")
        self.caps_lock.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.S8)
        grid.setVerticalSpacing(theme.S4)
        grid.addWidget(self.line, 0, 0)
        grid.addWidget(self.show_button, 0, 1)
        grid.addWidget(self.caps_lock, 1, 0)
        grid.setColumnStretch(0, 1)
        self.setFocusProxy(self.line)

    @property
    def text(self) -> str:
        return self.line.text()

    def again(self) -> None:
        """Ready for another try."""
        self.line.selectAll()
        self.line.setFocus()

    def forget(self) -> None:
        """Keep nothing of what was typed, and hide the next."""
        self.line.clear()
        self.show_button.setChecked(False)

    def _on_show(self, shown: bool) -> None:
        self.line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _on_caps_lock(self, is_on: bool) -> None:
        self.caps_lock.setVisible(is_on)
