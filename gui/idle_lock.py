"""Hide the case after some minutes without input, or at once when asked, until its password is typed.

While it is locked every window of the program is covered, also one that comes up only then, and the page with the
password is the only one that takes the keyboard. Jobs that run go on, and what they say waits under its cover.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QFileDialog, QToolTip, QWidget
from shiboken6 import isValid

from gui import clipboard, settings
from gui.session import Session

if TYPE_CHECKING:
    from gui.lock_page import Cover, LockPage

_LOOK_MS: Final = 5_000
_PASSING: Final = frozenset({Qt.WindowType.Popup, Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen})
_INPUT: Final = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,  # comes first: a shortcut acts before its key is reported
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)


class IdleLock(QObject):
    """Watches the program's windows for input on behalf of one main window.

    clock: the wall's, in seconds: a laptop that slept over night comes back locked.
    """

    lock_changed = Signal(bool)

    def __init__(self, session: Session, window: QWidget, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(window)
        self._session, self._window, self._clock = session, window, clock
        self._last_input = clock()
        self._page: LockPage | None = None
        self._covers: dict[QWidget, Cover] = {}
        self._focus: QWidget | None = None
        program = QApplication.instance()
        assert isinstance(program, QApplication)
        self._program: QApplication = program
        program.focusWindowChanged.connect(self._watch)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.look)
        self._timer.start(_LOOK_MS)

    @property
    def is_locked(self) -> bool:
        return self._page is not None

    def look(self) -> None:
        """Lock if nobody has touched anything for as long as was chosen."""
        if not self.is_locked and self._is_overdue():
            self.lock_now()

    def lock_now(self) -> None:
        """Hide everything and ask for the password."""
        if self.is_locked or not self._window.isVisible():
            return
        from gui.lock_page import LockPage  # needs what the window does not wait for

        self._focus = QApplication.focusWidget()
        _close_passing_windows()
        clipboard.forget_copy()
        for each in QApplication.topLevelWidgets():
            self._cover(each)
        self._page = LockPage(self._window, self._session.key)
        self._page.unlocked.connect(self._unlock)
        self._program.installEventFilter(self)
        self._page.show()
        self.lock_changed.emit(True)

    def close(self) -> None:
        """The main window goes: so does everything here."""
        self._timer.stop()
        if self._page is not None:
            self._take_page_away()

    def _unlock(self) -> None:
        self._take_page_away()
        covers, self._covers = self._covers, {}
        for cover in covers.values():
            if isValid(cover):
                cover.take_away()
        self._last_input = self._clock()
        self.lock_changed.emit(False)
        (QApplication.activeModalWidget() or self._window).activateWindow()
        if self._focus is not None and isValid(self._focus):
            self._focus.setFocus()
        self._focus = None

    def _take_page_away(self) -> None:
        self._program.removeEventFilter(self)
        page, self._page = self._page, None
        if page is not None:
            page.leave()

    # What is watched

    def _is_overdue(self) -> bool:
        minutes = settings.lock_minutes(is_encrypted=self._session.key is not None)
        return minutes > 0 and self._clock() - self._last_input >= minutes * 60

    def _watch(self, window: QWindow | None) -> None:
        """Each window that gets the keyboard, once: installing twice is the same as once."""
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _INPUT and not self.is_locked:
            if self._is_overdue():  # the first touch after a sleep sees nothing
                self.lock_now()
                return self.is_locked
            self._last_input = self._clock()
        elif kind == QEvent.Type.Show and self.is_locked and isinstance(watched, QWidget) and watched.isWindow():
            self._on_shown(watched)
        return False

    def _on_shown(self, window: QWidget) -> None:
        """Its parts are hidden before the system has put it on the screen."""
        if window.windowType() in _PASSING:
            QTimer.singleShot(0, window, window.hide)
        elif self._cover(window) and self._page is not None:
            QTimer.singleShot(0, self._page, self._page.to_front)

    def _cover(self, window: QWidget) -> bool:
        from gui.lock_page import Cover

        if not window.isVisible() or window is self._page or window.windowType() in _PASSING:
            return False
        if window not in self._covers:
            self._covers[window] = Cover(window)
        return True


def _close_passing_windows() -> None:
    """Menus, drop-downs and the system's file dialogs cannot be covered: they go, as if left with Escape."""
    QToolTip.hideText()
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QFileDialog) and each.isVisible():
            each.reject()
    while (popup := QApplication.activePopupWidget()) is not None:
        if not popup.close():
            break
