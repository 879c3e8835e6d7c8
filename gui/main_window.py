"""The window: menus, tool bar, tabs, status bar around one session. Nothing here knows what a tab shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QMainWindow, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from core.i18n import _, pgettext
from gui import settings, theme
from gui.case_files import CaseFiles
from gui.case_password import CasePassword
from gui.idle_lock import IdleLock
from gui.menus import Menus, Shell, make_actions
from gui.secrecy_menu import SecrecyMenu
from gui.session import Session
from gui.status_bar import StatusBar
from gui.together import Together
from gui.tool_bar import ToolBar
from gui.widgets import AmberNote

DEFAULT_SIZE = (1440, 900)
MINIMUM_SIZE = (1180, 720)


@dataclass(frozen=True)
class TabSpec:
    """A tab that is made when it is first shown."""

    id: str
    title: str
    make: Callable[[Session, QWidget], QWidget]


def _make_rates(session: Session, parent: QWidget) -> QWidget:
    from gui.tabs.rates import RatesTab

    return RatesTab(session, parent)


def _make_exposure(session: Session, parent: QWidget) -> QWidget:
    from gui.tabs.exposure import ExposureTab

    return ExposureTab(session, parent)


def _make_barriers(session: Session, parent: QWidget) -> QWidget:
    from gui.tabs.barriers import BarriersTab

    return BarriersTab(session, parent)


def _make_partners(session: Session, parent: QWidget) -> QWidget:
    from gui.tabs.partners import PartnersTab

    return PartnersTab(session, parent)


def tab_specs() -> tuple[TabSpec, ...]:
    """The tabs in order."""
    return (
        TabSpec("rates", _("Rate scenarios"), _make_rates),
        TabSpec("exposure", _("Item exposure"), _make_exposure),
        TabSpec("barriers", _("Barrier checklist"), _make_barriers),
        TabSpec("partners", pgettext("tab", "Partners"), _make_partners),
    )


class TabStrip(QWidget):
    """The tab bar on a hairline that the current tab interrupts."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.bar = QTabBar(self)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setAccessibleName(_("Pages"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.S12, 0, 0, 0)
        row.addWidget(self.bar)
        row.addStretch()
        self.setFixedHeight(theme.TAB_BAR_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), colours.window)
        painter.fillRect(0, self.height() - 1, self.width(), 1, colours.hairline)
        painter.fillRect(0, 0, self.width(), 1, colours.hairline)


class MainWindow(QMainWindow):
    """One window over one session. `painted` comes once, `gone` when the user closed it."""

    painted = Signal()
    gone = Signal()

    def __init__(self, session: Session, shell: Shell) -> None:
        super().__init__()
        self.session = session
        self._was_painted, self._is_disposed = False, False
        self.setObjectName("main-window")
        self.setMinimumSize(*MINIMUM_SIZE)
        self.resize(*DEFAULT_SIZE)
        self.files = CaseFiles(session, self)
        self.files.closed.connect(self.close)
        self.passwords = CasePassword(session, self)
        self.lock = IdleLock(session, self)
        self.lock.lock_changed.connect(self._show_title)
        self.menu_actions = make_actions(session, self.files, self)
        self.menuBar().setContentsMargins(theme.S8, 0, 0, 0)
        self.menus = Menus(self.menuBar(), self.menu_actions, self.files, shell)
        self._finish_menus()
        self.tool_bar = ToolBar(session, self.menu_actions, self)
        self.tool_bar.briefing_wanted.connect(self.make_briefing)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, self.tool_bar)
        self.status_bar = StatusBar(session, self)
        self.setStatusBar(self.status_bar)
        self._make_pages()
        session.path_changed.connect(self._on_path_changed)
        session.saved_changed.connect(self._on_saved_changed)
        session.failed.connect(self._on_failed)
        session.results_changed.connect(self._on_results_changed)
        session.pack_loaded.connect(self._on_pack_loaded)
        self._show_title()
        self._on_pack_loaded(session.pack)

    # Making it

    def _finish_menus(self) -> None:
        self.secrecy = SecrecyMenu(self.menus.file, self.session, self.passwords, self.lock)
        self.menus.file.addSeparator()
        name = QAction(_("Your &name…"), self)
        name.triggered.connect(self.ask_author)
        self.menus.edit.addSeparator()
        self.menus.edit.addAction(name)
        briefing = QAction(_("Make &briefing workbook…"), self)
        briefing.setShortcut(QKeySequence("Ctrl+B"))
        briefing.triggered.connect(self.make_briefing)
        assumptions = QAction(_("&Assumptions…"), self)
        assumptions.setShortcut(QKeySequence("Ctrl+Shift+A"))
        assumptions.triggered.connect(self.show_assumptions)
        leave = QAction(_("&Quit"), self)
        leave.setShortcut(QKeySequence("Ctrl+Q"))
        leave.triggered.connect(self.close)
        about = QAction(_("&About Parley"), self)
        about.triggered.connect(self.show_about)
        self.menus.edit.addSeparator()
        self.menus.edit.addAction(assumptions)
        self.menus.file.addAction(briefing)
        self.comeback_action = QAction(_("Import from b&riefing…"), self)
        self.comeback_action.triggered.connect(self.import_briefing)
        self.menus.file.addAction(self.comeback_action)
        self.import_action = QAction(_("&Import…"), self)
        self.import_action.setShortcut(QKeySequence("Ctrl+I"))
        self.import_action.triggered.connect(self.import_table)
        self.menus.file.addAction(self.import_action)
        self.together = Together(self.menus.file, self.session, self.files, self)
        self.menus.view.addSeparator()
        self.menus.view.addAction(self._changes_action())
        self.menus.file.addSeparator()
        self.menus.file.addAction(leave)
        self.menus.help.addAction(about)

    def _changes_action(self) -> QAction:
        self.changes_action = QAction(_("What &changed…"), self)
        self.changes_action.setShortcut(QKeySequence("Ctrl+D"))
        self.changes_action.triggered.connect(self.show_changes)
        return self.changes_action

    def _make_pages(self) -> None:
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.tabs = TabStrip(centre)
        self.notice = AmberNote(centre)
        self.notice.set_text("")
        self.pages = QStackedWidget(centre)
        self._specs = tab_specs()
        self._made: dict[int, QWidget] = {}
        for place, spec in enumerate(self._specs):
            self.tabs.bar.addTab(spec.title)
            holder = QWidget(self.pages)
            holder.setAutoFillBackground(True)
            holder.setBackgroundRole(holder.palette().ColorRole.Base)
            box = QVBoxLayout(holder)
            box.setContentsMargins(0, 0, 0, 0)
            self.pages.addWidget(holder)
            shortcut = QShortcut(QKeySequence(f"Ctrl+{place + 1}"), self)
            shortcut.activated.connect(lambda chosen=place: self.show_tab(chosen))
        self.tabs.bar.currentChanged.connect(self.show_tab)
        for widget, stretch in ((self.tabs, 0), (self.notice, 0), (self.pages, 1)):
            column.addWidget(widget, stretch)
        self.setCentralWidget(centre)

    # Tabs

    @property
    def current_tab(self) -> int:
        return self.tabs.bar.currentIndex()

    def show_tab(self, place: int) -> None:
        """Bring a tab to the front, made now if it was never shown."""
        if not 0 <= place < len(self._specs) or self._is_disposed:
            return
        if self.tabs.bar.currentIndex() != place:
            self.tabs.bar.setCurrentIndex(place)  # comes back here
            return
        if self._was_painted:
            self.tab(place)
        self.pages.setCurrentIndex(place)

    def tab(self, place: int) -> QWidget:
        """The widget of a tab, made now if it was not."""
        if place not in self._made:
            holder = self.pages.widget(place)
            made = self._specs[place].make(self.session, holder)
            holder.layout().addWidget(made)
            self._made[place] = made
        return self._made[place]

    # What the session says

    def _on_path_changed(self, _path: object) -> None:
        self._show_title()

    def _on_saved_changed(self, saved: bool) -> None:
        self._show_title()
        self.setWindowModified(not saved)

    def _show_title(self, _change: object = None) -> None:
        if self.lock.is_locked:
            return
        path = self.session.path
        name = path.name if path is not None else str(self.session.case.title) or _("New case")
        self.setWindowTitle(f"{name}[*] — Parley")
        self.setWindowModified(not self.session.is_saved)

    def _on_pack_loaded(self, pack: object) -> None:
        self.menu_actions["new"].setEnabled(pack is not None)
        self.import_action.setEnabled(pack is not None)
        self.changes_action.setEnabled(pack is not None)
        self._show_briefing_button()

    def _show_briefing_button(self) -> None:
        self.tool_bar.briefing.setEnabled(self.session.results is not None)

    def _on_results_changed(self, _results: object) -> None:
        self.notice.set_text("")
        self._show_briefing_button()

    def _on_failed(self, error: Exception) -> None:
        """The last good numbers stay; what stands against new ones is said above them."""
        message = error.message() if hasattr(error, "message") else f"{type(error).__name__}: {error}"
        held = _("The numbers shown are those before the last change.") if self.session.results else ""
        self.notice.set_text(" ".join(part for part in (message, held) if part))

    # What the user does

    def make_briefing(self) -> None:
        if self.session.results is None or self.session.pack is None:
            return
        from gui.briefing_export import BriefingDialog

        dialog = BriefingDialog(self.session, self)
        dialog.exec()
        dialog.deleteLater()

    def ask_author(self) -> None:
        """The name that stands beside this user's edits."""
        from gui.name_dialog import ask_author

        ask_author(self)

    def show_history(self, part: str = "") -> None:
        """Who changed what, in the whole case or in one part of it (`barrier:trq`)."""
        self.together.show_history(part)

    def import_table(self) -> None:
        """Trade figures, rates or barriers from CSV or XLSX."""
        if self.session.pack is None:
            return
        from gui.imports.wizard import ImportWizard

        wizard = ImportWizard(self.session, self.session.pack, self)
        wizard.exec()
        wizard.deleteLater()

    def import_briefing(self) -> None:
        """What was changed in an exported workbook, back into the case."""
        from gui.comeback.dialog import ComebackDialog, ask_workbook

        path = ask_workbook(self)
        if path is not None:
            dialog = ComebackDialog(self.session, path, self)
            dialog.exec()
            dialog.deleteLater()

    def show_assumptions(self) -> None:
        from gui.assumptions.dialog import show_assumptions

        show_assumptions(self.session, self)

    def show_changes(self) -> None:
        """The window that sets two moments of the law side by side."""
        from gui.comparison.dialog import show_comparison

        if self.session.pack is not None:
            show_comparison(self.session, self.session.pack, self)

    def show_about(self) -> None:
        from importlib.metadata import PackageNotFoundError, version

        from gui.dialogs import show_about

        try:
            number = version("parley")
        except PackageNotFoundError:
            number = ""
        show_about(self, number, self.status_bar.pack.text())

    # Coming and going

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self._on_painted)

    def _on_painted(self) -> None:
        if not self._is_disposed:
            self.painted.emit()
            self.tab(max(0, self.current_tab)).setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_disposed:
            event.accept()
        elif self.lock.is_locked and not self.session.is_saved:
            event.ignore()  # nobody may be asked about a case that is hidden
        elif self.files.may_close():
            self._close_dialogs()
            settings.set_geometry(self.saveGeometry())
            self.lock.close()
            event.accept()
            self.gone.emit()
        else:
            event.ignore()

    def dispose(self) -> None:
        """Take the window away and leave the session as it is."""
        self._is_disposed = True
        self.lock.close()
        self.together.close()
        self._close_dialogs()
        self.files.close()
        self.hide()
        self.deleteLater()

    def _close_dialogs(self) -> None:
        """Windows beside this one stop what they are working out before they go with it."""
        for dialog in self.findChildren(QDialog):
            dialog.close()
