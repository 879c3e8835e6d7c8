"""The name that stands beside one's edits in the history of a case."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.i18n import _
from gui import settings, theme
from gui.fitting_dialog import FittingDialog
from gui.widgets import Words

_WIDTH: Final = 440


class NameDialog(FittingDialog):
    """Asks for the name; however it is left, it counts as asked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, _WIDTH)
        self.setWindowTitle(_("Your name"))
        self.name = QLineEdit(settings.author())
        self.name.setMaxLength(settings.MAX_NAME)
        self.name.setFixedHeight(theme.CONTROL_HEIGHT)
        self.name.setPlaceholderText(_("Name or office"))
        self.name.setAccessibleName(_("Your name"))
        words = _(
            "The history of a case says who changed what and when; delegates who merge their copies see it. "
            "Under which name should your changes stand there? It can stay empty, and the Edit menu changes it."
        )
        take, leave = QPushButton(_("Use this name")), QPushButton(_("Not now"))
        take.setDefault(True)
        take.clicked.connect(self.accept)
        leave.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(leave)
        row.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S16)
        column.setSpacing(theme.S12)
        column.addWidget(Words(words, muted=True, wrap=True))
        column.addWidget(self.name)
        column.addLayout(row)

    def done(self, result: int) -> None:
        """Not now leaves the name as it was, empty at the first time."""
        is_taken = result == QDialog.DialogCode.Accepted
        settings.set_author(self.name.text() if is_taken else settings.author())
        super().done(result)


def ask_author(parent: QWidget) -> None:
    """Ask, and remember the answer for this computer."""
    dialog = NameDialog(parent)
    dialog.exec()
    dialog.deleteLater()
