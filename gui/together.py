"""Working on one case with others: merge a colleague's copy, and see who changed what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QWidget

from core.i18n import _
from gui.case_files import CaseFiles
from gui.session import Session

if TYPE_CHECKING:
    from gui.merging.sources import Copy, CopyReader


class Together(QObject):
    """Adds Merge and History to the File menu. Their dialogs are imported when they are first opened."""

    def __init__(self, menu: QMenu, session: Session, files: CaseFiles, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._reader: CopyReader | None = None
        self.merge_action = menu.addAction(_("&Merge…"), self.merge)
        self.history_action = menu.addAction(_("&History…"), self.show_history)
        files.merge_wanted.connect(self.merge_with)

    def merge(self) -> None:
        """Ask for the colleague's copy, then for what conflicts."""
        from gui.merging.sources import ask_copy_path

        path = ask_copy_path(self._window, _("The colleague's copy"))
        if path is not None:
            self.merge_with(path)

    def merge_with(self, path: Path) -> None:
        """Merge the case with the one in this file."""
        from gui.merging.sources import CopyReader

        if self._reader is None:
            self._reader = CopyReader(self._window)
            self._reader.read.connect(self._on_read)
        self._reader.start(path, self._session.key)

    def _on_read(self, copy: Copy) -> None:
        from gui.merging.dialog import MergeDialog

        dialog = MergeDialog(self._session, copy, self._window)
        dialog.exec()
        dialog.deleteLater()

    def show_history(self, part: str = "") -> None:
        """The history of the case, or of one part (`barrier:trq`)."""
        from gui.history_dialog import show_history

        show_history(self._session, self._window, part)

    def close(self) -> None:
        """The window goes: say nothing any more."""
        if self._reader is not None:
            self._reader.close()
