"""A dialog of a fixed width that is always as high as its texts need."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QDialog, QWidget


class FittingDialog(QDialog):
    """Texts that wrap tell Qt their height for a width; of its own accord a dialog only ever asks once."""

    def __init__(self, parent: QWidget | None, width: int) -> None:
        super().__init__(parent)
        self.setFixedWidth(width)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            self._fit()
        return done

    def _fit(self) -> None:
        column = self.layout()
        if column is not None and column.hasHeightForWidth():
            self.setFixedHeight(column.totalHeightForWidth(self.width()))
