"""What the File menu has for secrecy: the password of the case, Lock now, and after how long it locks by itself."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from core.i18n import _, ngettext
from gui import settings
from gui.case_password import CasePassword
from gui.idle_lock import IdleLock
from gui.session import Session


class SecrecyMenu(QObject):
    """Adds its actions to a menu and keeps them to what can be done with the case that is open."""

    def __init__(self, menu: QMenu, session: Session, passwords: CasePassword, lock: IdleLock) -> None:
        super().__init__(menu)
        self._session = session
        self.set_password = menu.addAction(_("Set &password…"), passwords.set)
        self.change_password = menu.addAction(_("Change &password…"), passwords.change)
        self.remove_password = menu.addAction(_("&Remove password…"), passwords.remove)
        self.lock_now = menu.addAction(_("&Lock now"), lock.lock_now)
        self.lock_now.setShortcut(QKeySequence("Ctrl+L"))
        self.idle = menu.addMenu(_("Lock when &idle"))
        self.idle.aboutToShow.connect(self._fill_idle)
        session.key_changed.connect(self._show_state)
        self._show_state()

    def _show_state(self, _key: object = None) -> None:
        has_key = self._session.key is not None
        self.set_password.setVisible(not has_key)
        for action in (self.change_password, self.remove_password):
            action.setVisible(has_key)

    def _fill_idle(self) -> None:
        """Encrypted cases and readable ones have a setting each; this is that of the case that is open."""
        self.idle.clear()
        has_key = self._session.key is not None
        self.idle.addSection(_("Encrypted cases") if has_key else _("Cases without a password"))
        group, chosen = QActionGroup(self.idle), settings.lock_minutes(is_encrypted=has_key)
        for minutes in settings.LOCK_CHOICES:
            action = self._choice(minutes, has_key=has_key)
            action.setChecked(minutes == chosen)
            group.addAction(action)

    def _choice(self, minutes: int, *, has_key: bool) -> QAction:
        text = ngettext("After {count} minute", "After {count} minutes", minutes).format(count=minutes)
        action = self.idle.addAction(text if minutes else _("Never"))
        action.setCheckable(True)
        action.triggered.connect(lambda: settings.set_lock_minutes(minutes, is_encrypted=has_key))
        return action
