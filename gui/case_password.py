"""Set, change and remove the password of the case that is open. It takes effect when the case is saved."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.i18n import _
from gui.session import Session


class CasePassword(QObject):
    """The File menu's actions on the session's key. To change or remove it, the present password is asked for."""

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window

    def set(self) -> None:
        if self._session.key is None:
            self._ask_new(_("Set a password"), _("A password for this case"), _("Set password"))

    def change(self) -> None:
        words = _("Type the present password first.")
        if self._is_confirmed(_("Change the password"), words, _("Go on")):
            self._ask_new(_("Change the password"), _("A new password for this case"), _("Change password"))

    def remove(self) -> None:
        words = _(
            "From the next saving on anyone who has the file can read it. "
            "The version before beside it stays encrypted until the saving after that."
        )
        if self._is_confirmed(_("Remove the password"), words, _("Remove password")):
            self._session.set_key(None)

    def _ask_new(self, title: str, heading: str, action: str) -> None:
        from gui.password_dialogs import NewPasswordDialog

        dialog = NewPasswordDialog(self._window, title=title, heading=heading, action=action)
        if dialog.exec() and dialog.key is not None:
            self._session.set_key(dialog.key)
        dialog.deleteLater()

    def _is_confirmed(self, title: str, words: str, action: str) -> bool:
        from gui.password_dialogs import PasswordPrompt, confirmed_by

        key = self._session.key
        if key is None:
            return False
        heading = _("Password of this case")
        dialog = PasswordPrompt(
            self._window, confirmed_by(key), title=title, heading=heading, words=words, action=action
        )
        is_right = bool(dialog.exec())
        self._tell(dialog.error)
        dialog.deleteLater()
        return is_right

    def _tell(self, error: Exception | None) -> None:
        from gui.dialogs import show_error

        if error is not None:
            show_error(self._window, error)
