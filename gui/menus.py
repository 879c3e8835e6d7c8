"""The menu bar and the actions that the tool bar shares with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from core import i18n
from core.i18n import _
from gui import settings, theme
from gui.case_files import CaseFiles
from gui.session import Session

T = TypeVar("T")


class Shell(Protocol):
    """What a menu asks of the program around the window."""

    def set_language(self, language: str) -> None: ...

    def set_theme(self, mode: theme.Mode) -> None: ...

    def set_compact(self, compact: bool) -> None: ...


def make_actions(session: Session, files: CaseFiles, parent: QObject) -> dict[str, QAction]:
    """The actions by name: new, open, save, save-as, undo, redo."""
    undo = session.undo_stack.createUndoAction(parent, _("Undo"))
    redo = session.undo_stack.createRedoAction(parent, _("Redo"))
    undo.setShortcuts(QKeySequence.StandardKey.Undo)
    redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
    made = {"undo": undo, "redo": redo}
    plain: dict[str, tuple[str, QKeySequence.StandardKey, Callable[[], None]]] = {
        "new": (_("&New case…"), QKeySequence.StandardKey.New, files.new),
        "open": (_("&Open…"), QKeySequence.StandardKey.Open, files.open),
        "save": (_("&Save"), QKeySequence.StandardKey.Save, files.save),
        "save-as": (_("Save &as…"), QKeySequence.StandardKey.SaveAs, files.save_as),
    }
    for name, (text, shortcut, slot) in plain.items():
        action = QAction(text, parent)
        action.setShortcuts(shortcut)
        action.triggered.connect(slot)
        made[name] = action
    made["save"].setToolTip(_("Save the case"))
    for action in made.values():
        action.setIconVisibleInMenu(False)
    return made


class Menus:
    """File, Edit, View, Help."""

    def __init__(self, bar: QMenuBar, actions: dict[str, QAction], files: CaseFiles, shell: Shell) -> None:
        self._files, self._shell = files, shell
        self.file = bar.addMenu(_("&File"))
        self.edit = bar.addMenu(_("&Edit"))
        self.view = bar.addMenu(_("&View"))
        self.help = bar.addMenu(_("&Help"))
        for name in ("new", "open"):
            self.file.addAction(actions[name])
        self.recent = self.file.addMenu(_("Open &recent"))
        self.recent.aboutToShow.connect(self._fill_recent)
        self.file.addSeparator()
        for name in ("save", "save-as"):
            self.file.addAction(actions[name])
        self.file.addSeparator()
        self.edit.addAction(actions["undo"])
        self.edit.addAction(actions["redo"])
        self._fill_view()

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in settings.recent_files():
            action = self.recent.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(lambda _checked=False, chosen=path: self._files.open_path(chosen))
        if self.recent.isEmpty():
            self.recent.addAction(_("No case was opened yet")).setEnabled(False)

    def _fill_view(self) -> None:
        themes = {
            theme.Mode.SYSTEM: _("As the system"),
            theme.Mode.LIGHT: _("Light"),
            theme.Mode.DARK: _("Dark"),
        }
        _choices(self.view.addMenu(_("&Theme")), themes, theme.mode(), self._shell.set_theme)
        # Languages are named in themselves.
        languages = {"en": "English", "ko": "한국어"}
        _choices(self.view.addMenu(_("&Language")), languages, i18n.language(), self._shell.set_language)
        densities = {False: _("Normal rows"), True: _("Compact rows")}
        _choices(self.view.addMenu(_("&Density")), densities, theme.is_compact(), self._shell.set_compact)


def _choices(menu: QMenu, words: dict[T, str], chosen: T, choose: Callable[[T], None]) -> None:
    """One of several, marked."""
    group = QActionGroup(menu)
    for value, text in words.items():
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        group.addAction(action)
        action.triggered.connect(lambda _checked=False, picked=value: choose(picked))
