"""Ask for the password of a case, and for a new one. Trying a password takes a moment: a job does it."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.errors import InputError, ParleyError, WrongPassword
from core.i18n import _, ngettext
from gui import theme
from gui.fitting_dialog import FittingDialog
from gui.jobs import Job
from gui.password_field import PasswordField
from gui.widgets import AmberNote, Words

if TYPE_CHECKING:
    from core.casefile.secrecy import CaseKey

TRIES: Final = 3
_WIDTH: Final = 460
_SHORT, _FAIR, _FEW_DIFFERENT = 8, 14, 5


def confirmed_by(key: CaseKey) -> Callable[[str], None]:
    """A try of the password of a case that is open: WrongPassword when the key was made from another."""

    def attempt(password: str) -> None:
        if not key.opens_with(password):
            raise WrongPassword(_("The password does not open the case."))

    return attempt


class _PasswordDialog(FittingDialog):
    """Heading, words, fields, note, buttons; and a job between the button and the end."""

    def __init__(self, parent: QWidget | None, title: str, heading: str, words: str, action: str) -> None:
        super().__init__(parent, _WIDTH)
        self.setWindowTitle(title)
        self._job = Job(self)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._fields: list[PasswordField] = []
        self.form = QFormLayout()
        self.form.setHorizontalSpacing(theme.S12)
        self.form.setVerticalSpacing(theme.S12)
        self.note = AmberNote()
        self.note.set_text("")
        self.action_button = QPushButton(action)
        self.action_button.setDefault(True)
        self.action_button.setEnabled(False)
        self.action_button.clicked.connect(self.attempt)
        self.cancel_button = QPushButton(_("Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S16)
        self._column.setSpacing(theme.S12)
        self._column.addWidget(Words(heading, "heading", wrap=True))
        self._column.addWidget(Words(words, muted=True, wrap=True))
        self._column.addLayout(self.form)

    def _add_field(self, name: str) -> PasswordField:
        field = PasswordField(name)
        field.changed.connect(self._show_state)
        label = Words(name, muted=True)
        label.setFixedHeight(theme.CONTROL_HEIGHT)
        label.setBuddy(field)
        self.form.addRow(label, field)
        self._fields.append(field)
        return field

    def _finish_layout(self) -> None:
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.cancel_button)
        row.addWidget(self.action_button)
        self._column.addWidget(self.note)
        self._column.addLayout(row)

    # For each kind of dialog

    def _show_state(self) -> None:
        raise NotImplementedError

    def _task(self) -> Callable[[], Any]:
        raise NotImplementedError

    def _on_finished(self, value: Any) -> None:
        raise NotImplementedError

    def _on_failed(self, error: Exception) -> None:
        raise NotImplementedError

    # The same for all

    def attempt(self) -> None:
        if self._job.is_running or not self.action_button.isEnabled():
            return
        task = self._task()
        self._set_busy(busy=True)
        self._job.start(lambda _progress, _cancelled: task())

    def _set_busy(self, *, busy: bool) -> None:
        for field in self._fields:
            field.setEnabled(not busy)
        self.action_button.setEnabled(not busy)

    def done(self, result: int) -> None:
        """However it ends, nothing of what was typed stays in it."""
        self._job.close()
        for field in self._fields:
            field.forget()
        super().done(result)


class PasswordPrompt(_PasswordDialog):
    """Asks for a password until `attempt` takes it; `value` is what that hands back, `error` why it ended badly."""

    def __init__(
        self,
        parent: QWidget | None,
        attempt: Callable[[str], Any],
        *,
        title: str,
        heading: str,
        words: str,
        action: str,
        tries: int = TRIES,
    ) -> None:
        super().__init__(parent, title, heading, words, action)
        self._attempt, self._left = attempt, tries
        self.value: Any = None
        self.error: Exception | None = None
        self.password = self._add_field(_("Password"))
        self._finish_layout()
        self.password.setFocus()

    def _show_state(self) -> None:
        self.action_button.setEnabled(bool(self.password.text))

    def _task(self) -> Callable[[], Any]:
        attempt, typed = self._attempt, self.password.text
        return lambda: attempt(typed)

    def _on_finished(self, value: Any) -> None:
        self.value = value
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._set_busy(busy=False)
        is_wrong = isinstance(error, WrongPassword | InputError)
        self._left -= is_wrong
        if not is_wrong or self._left <= 0:
            self.error = error
            self.reject()
            return
        left = ngettext("One more try.", "{count} more tries.", self._left).format(count=self._left)
        self.note.set_text(f"{error.what} {left}" if isinstance(error, ParleyError) else left)
        self.password.again()


class NewPasswordDialog(_PasswordDialog):
    """A new password, typed twice; `key` is what it became. Says what a forgotten one means."""

    def __init__(self, parent: QWidget | None, *, title: str, heading: str, action: str) -> None:
        words = _("From the next saving on the file is encrypted, and so is the version before beside it.")
        super().__init__(parent, title, heading, words, action)
        self.key: CaseKey | None = None
        self.password = self._add_field(_("Password"))
        self.hint = Words(strength_hint(""), "caption", muted=True, wrap=True)
        self.hint.setMinimumHeight(2 * self.hint.fontMetrics().height())  # longer or shorter, nothing moves
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.form.addRow("", self.hint)
        self.repeat = self._add_field(_("Once more"))
        self.differs = Words(_("The two are not the same."), "caption", wrap=True)
        self.differs.hide()
        self.form.addRow("", self.differs)
        self._finish_layout()
        self.note.set_text(
            _(
                "A forgotten password cannot be found out or reset by anyone: the case is lost then. "
                "Keep it in writing where the delegation keeps its classified papers."
            )
        )
        self.password.setFocus()

    def _show_state(self) -> None:
        first, second = self.password.text, self.repeat.text
        self.hint.setText(strength_hint(first))
        self.differs.setVisible(bool(second) and not first.startswith(second))
        self.action_button.setEnabled(bool(first) and first == second)

    def _task(self) -> Callable[[], Any]:
        typed = self.password.text

        def make() -> CaseKey:
            from core.casefile.secrecy import CaseKey  # its library is loaded only for encrypted cases

            return CaseKey.from_password(typed)

        return make

    def _on_finished(self, value: Any) -> None:
        self.key = value
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._set_busy(busy=False)
        self.note.set_text(error.message() if isinstance(error, ParleyError) else type(error).__name__)


def strength_hint(password: str) -> str:
    """What can honestly be said of a password without knowing who guesses: its length, and what is tried first."""
    if not password:
        return _("Length is what counts: four or more words that do not belong together, for example.")
    typed = unicodedata.normalize("NFC", password)
    length = ngettext("{count} character", "{count} characters", len(typed)).format(count=len(typed))
    weight = sum(2 if _is_hangul(letter) else 1 for letter in typed)  # two or three keys each
    if len(set(typed)) < _FEW_DIFFERENT and len(typed) >= _SHORT:
        return _("{length}, but few different ones: tried out quickly.").format(length=length)
    if typed.isdecimal():
        return _("{length}, digits alone: tried out quickly, dates first.").format(length=length)
    if weight < _SHORT:
        return _("{length}: short. A program tries out all passwords of this length.").format(length=length)
    if weight < _FAIR:
        return _("{length}: may do if it is no word, name, date or row of keys.").format(length=length)
    return _("{length}: long. Whether someone could guess it, Parley cannot tell.").format(length=length)


def _is_hangul(letter: str) -> bool:
    return "\uac00" <= letter <= "\ud7a3"
