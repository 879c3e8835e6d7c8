"""One conflict of a merge: what this case has beside what the other copy has, and the choice between them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core.case import HistoryEntry
from core.casefile.merge import Conflict, Side
from core.i18n import _
from gui import theme
from gui.history_dialog import local_words
from gui.tabs.pieces import SidePage, label
from gui.widgets import Hairline, Words


def side_words(side: Side) -> str:
    """What the copies are called in the window."""
    return {
        Side.OURS: _("This case"),
        Side.THEIRS: _("The other copy"),
        Side.BOTH: _("Both"),
    }[side]


def made_by(entry: HistoryEntry | None) -> str:
    """Who made the edit, and when by the clock on this desk."""
    if entry is None:
        return ""
    return " · ".join(part for part in (entry.who, local_words(entry.at) if entry.at else "") if part)


class _Half(QWidget):
    """One copy: its name with the button, who and when, and what it has."""

    def __init__(self, side: Side) -> None:
        super().__init__()
        self.button = QRadioButton(side_words(side))
        self.button.setFont(theme.font("body", bold=True))
        self.made = Words("", "caption", muted=True, wrap=True)
        self.text = label("")
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        page = SidePage()
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, theme.S8, 0)
        inner.addWidget(self.text, 1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(side_words(side))
        area.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S16, theme.S8, theme.S16, theme.S12)
        column.setSpacing(theme.S4)
        column.addWidget(self.button)
        column.addWidget(self.made)
        column.addSpacing(theme.S4)
        column.addWidget(area, 1)

    def show_value(self, text: str, entry: HistoryEntry | None) -> None:
        self.text.setText(text)
        made = made_by(entry)
        self.made.setText(made or _("when is not known"))
        self.button.setAccessibleDescription(f"{made}. {text}")


class ConflictView(QWidget):
    """Shows a conflict; `chosen` is the user's choice alone."""

    chosen = Signal(str, object)  # id of the conflict, Side

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conflict: Conflict | None = None
        self.subject = Words("", "heading", wrap=True)
        self.why = Words("", muted=True, wrap=True)
        self.before = QLabel()
        self.before.hide()
        self.halves = {side: _Half(side) for side in (Side.OURS, Side.THEIRS)}
        self.both = QRadioButton(_("Both, one after the other"))
        self._group = QButtonGroup(self)
        self._group.addButton(self.both)
        self._sides = {self.both: Side.BOTH}
        for side, half in self.halves.items():
            self._group.addButton(half.button)
            self._sides[half.button] = side
        self._group.buttonClicked.connect(self._on_clicked)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._lay_out()

    def _lay_out(self) -> None:
        self.before = label("", "caption", muted=True)
        head = QVBoxLayout()
        head.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S8)
        head.setSpacing(theme.S4)
        for words in (self.subject, self.why, self.before):
            head.addWidget(words)
        pair = QHBoxLayout()
        pair.setSpacing(0)
        pair.addWidget(self.halves[Side.OURS], 1)
        pair.addWidget(Hairline(vertical=True))
        pair.addWidget(self.halves[Side.THEIRS], 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.S16, 0, theme.S16, theme.S8)
        foot.addWidget(self.both)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(pair, 1)
        column.addLayout(foot)

    def show_conflict(self, conflict: Conflict | None, choice: Side | None) -> None:
        """Fill and mark; announces nothing."""
        self._conflict = conflict
        self.setEnabled(conflict is not None)
        if conflict is None:
            return
        self.subject.setText(conflict.subject)
        self.why.setText(conflict.why)
        self.before.setText(_("Before: {text}").format(text=conflict.base))
        self.before.setVisible(bool(conflict.base))
        self.halves[Side.OURS].show_value(conflict.ours, conflict.ours_by)
        self.halves[Side.THEIRS].show_value(conflict.theirs, conflict.theirs_by)
        self.both.setVisible(conflict.can_both)
        self._mark(choice)

    def _mark(self, choice: Side | None) -> None:
        self._group.setExclusive(False)
        for button, side in self._sides.items():
            button.setChecked(side is choice)
        self._group.setExclusive(True)

    def _on_clicked(self, button: QRadioButton) -> None:
        if self._conflict is not None:
            self.chosen.emit(self._conflict.id, self._sides[button])
