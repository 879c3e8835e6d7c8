"""A page with one side panel: its width is remembered, and in a narrow window it folds before anything else does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from gui import settings


class SideSplitter(QSplitter):
    """name: under which the width is kept. fold_below: width of page and panel together, logical pixels."""

    def __init__(self, name: str, page: QWidget, panel: QWidget, fold_below: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._name, self._panel, self._fold_below = name, panel, fold_below
        self._folded_by_us = False
        self.addWidget(page)
        self.addWidget(panel)
        self.setStretchFactor(0, 1)
        self.setCollapsible(0, False)
        stored = settings.splitter_state(name)
        if stored is None or not self.restoreState(stored):
            self._share(panel.sizeHint().width())
        self.splitterMoved.connect(self._on_moved)

    @property
    def is_folded(self) -> bool:
        return self.sizes()[1] == 0

    def unfold(self) -> None:
        """Bring the panel back, as the user asked for what it shows."""
        if self.is_folded:
            self._share(self._panel.sizeHint().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        fold = self.width() < self._fold_below
        if fold != self.is_folded and (fold or self._folded_by_us):
            self._share(0 if fold else self._panel.sizeHint().width())
            self._folded_by_us = fold

    def _share(self, panel_width: int) -> None:
        self.setSizes([max(1, self.width() - panel_width), panel_width])

    def _on_moved(self, _position: int, _place: int) -> None:
        self._folded_by_us = False
        settings.set_splitter_state(self._name, self.saveState())
