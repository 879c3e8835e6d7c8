"""What is seen while the window is locked: a cover over everything, and the page that asks for the password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMessageBox, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from core.errors import ParleyError
from core.i18n import _
from gui import icons, theme
from gui.fitting_dialog import FittingDialog
from gui.jobs import Job
from gui.password_dialogs import confirmed_by
from gui.password_field import PasswordField
from gui.tool_bar import IconLabel
from gui.widgets import AmberNote, Words

if TYPE_CHECKING:
    from core.casefile.secrecy import CaseKey

_WIDTH: Final = 440
_MARK: Final = 32
_Attribute: Final = Qt.WidgetAttribute


class Cover(QWidget):
    """Takes the place of all that a window holds. What was in it is gone from screen, keyboard and screen reader.

    A part that its window hides or shows meanwhile stays as the window wants it when the cover goes.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._title = window, window.windowTitle()
        self._words = _Said.taken_from(window)
        self._hidden = [part for part in _parts(window) if part is not self and not part.isHidden()]
        for part in self._hidden:
            part.hide()
            # Hidden by us: see take_away. A message without its words arranges its parts anew and would show them.
            part.setAttribute(_Attribute.WA_WState_ExplicitShowHide, self._words is not None)
        window.setWindowTitle(_hidden_title())
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()

    def take_away(self) -> None:
        """Show what the window held, but for what it has hidden itself since."""
        self._window.removeEventFilter(self)
        if self._words is not None:
            self._words.give_back()
        for part in self._hidden:
            if isValid(part) and part.isHidden() and not self._was_hidden_by_window(part):
                part.show()
        self._window.setWindowTitle(self._title)
        self.hide()
        self.deleteLater()

    def _was_hidden_by_window(self, part: QWidget) -> bool:
        """Meanwhile; a message does no such thing."""
        return self._words is None and part.testAttribute(_Attribute.WA_WState_ExplicitShowHide)

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(window, QWidget):
            self.setGeometry(window.rect())
        elif event.type() == QEvent.Type.ChildPolished:
            self.raise_()
        elif event.type() == QEvent.Type.WindowTitleChange and isinstance(window, QWidget):
            self._keep_title(window)
        return False

    def _keep_title(self, window: QWidget) -> None:
        """What the window calls itself meanwhile is for later."""
        if window.windowTitle() != _hidden_title():
            self._title = window.windowTitle()
            window.setWindowTitle(_hidden_title())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), colours.window)
        if self.height() < 3 * _MARK:  # a message without its words is a strip
            return
        mark = QRectF(0, 0, _MARK, _MARK)
        mark.moveCenter(QPointF(self.width() / 2, self.height() / 4))
        icons.draw(painter, "lock", mark, colours.muted)


@dataclass(frozen=True)
class _Said:
    """The words of a message: a screen reader is told them by the message itself, whatever its parts show."""

    box: QMessageBox
    text: str
    more: str

    @classmethod
    def taken_from(cls, window: QWidget) -> _Said | None:
        if not isinstance(window, QMessageBox):
            return None
        words = cls(window, window.text(), window.informativeText())
        window.setText("")
        window.setInformativeText("")
        return words

    def give_back(self) -> None:
        self.box.setText(self.text)
        self.box.setInformativeText(self.more)


def _hidden_title() -> str:
    return _("Parley") + "[*]"


def _parts(window: QWidget) -> list[QWidget]:
    """What lies directly in a window, but for windows of its own."""
    return [part for part in window.children() if isinstance(part, QWidget) and not part.isWindow()]


class LockPage(FittingDialog):
    """Asks for the password of the case and for nothing else; Escape and the close button do nothing.

    Without a password there is nothing to ask for: the page hides the case from a glance and says so.
    """

    unlocked = Signal()

    def __init__(self, parent: QWidget, key: CaseKey | None) -> None:
        super().__init__(parent, _WIDTH)
        self._key = key
        self.setWindowTitle(_("Parley"))
        self.setWindowFlag(Qt.WindowType.WindowCloseButtonHint, False)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self._job = Job(self)
        self._job.finished.connect(self._on_right)
        self._job.failed.connect(self._on_wrong)
        self.password = PasswordField(_("Password"))
        self.password.line.setPlaceholderText(_("Password"))
        self.note = AmberNote()
        self.note.set_text("")
        self.button = QPushButton(_("Show again") if key is None else _("Unlock"))
        self.button.setDefault(True)
        self.button.clicked.connect(self.attempt)
        self._lay_out()
        self.password.changed.connect(self._show_state)
        self._show_state()

    def _lay_out(self) -> None:
        if self._key is None:
            words = _("This case has no password: whoever sits here can show it again, and open the file.")
        else:
            words = _("Type the password of the case to go on. Your work is as you left it.")
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S24, theme.S24, theme.S24, theme.S16)
        column.setSpacing(theme.S12)
        column.addLayout(self._make_title())
        column.addWidget(Words(words, muted=True, wrap=True))
        column.addWidget(self.password)
        column.addWidget(self.note)
        column.addLayout(row)
        self.password.setVisible(self._key is not None)
        (self.button if self._key is None else self.password).setFocus()

    def _make_title(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        row.addWidget(IconLabel("lock"))
        row.addWidget(Words(_("Hidden") if self._key is None else _("Locked"), "title"))
        row.addStretch()
        return row

    def attempt(self) -> None:
        """Try what was typed."""
        if self._key is None:
            self._on_right()
            return
        if self._job.is_running or not self.password.text:
            return
        attempt, typed = confirmed_by(self._key), self.password.text
        self._set_busy(busy=True)
        self._job.start(lambda _progress, _cancelled: attempt(typed))

    def to_front(self) -> None:
        """Above a window that came up meanwhile; of modal windows the last one shown has the keyboard."""
        self.hide()
        self.show()
        self.activateWindow()

    def leave(self) -> None:
        """For good; nothing of what was typed stays."""
        self._job.close()
        self.password.forget()
        self.hide()
        self.deleteLater()

    def _show_state(self) -> None:
        self.button.setEnabled(self._key is None or bool(self.password.text))

    def _set_busy(self, *, busy: bool) -> None:
        self.password.setEnabled(not busy)
        self.button.setEnabled(not busy)

    def _on_right(self, _nothing: object = None) -> None:
        self.unlocked.emit()

    def _on_wrong(self, error: Exception) -> None:
        self._set_busy(busy=False)
        self.note.set_text(error.what if isinstance(error, ParleyError) else type(error).__name__)
        self.password.again()

    def reject(self) -> None:
        """Escape: there is no way out but the password."""

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
