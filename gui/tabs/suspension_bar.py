"""25 = 10 + 15, drawn: what is in force solid, what is suspended hatched, the arithmetic in words beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import theme
from gui.tabs.rates_model import suspended_cell, suspension_words
from gui.widgets import Hatching, draw_chip

if TYPE_CHECKING:
    from core.results import Results

HEIGHT: Final = 34
_BAR_WIDTH: Final = 200
_BAR_HEIGHT: Final = 12


@dataclass(frozen=True)
class _Shown:
    letter: str
    title: str
    words: str
    in_force: float  # share of the bar


class SuspensionBar(QWidget):
    """Shows the first duty that is partly suspended under a scenario; hides when there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: _Shown | None = None
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)

    def show_results(self, results: Results, letter: str) -> None:
        found = suspended_cell(results, letter)
        self.setVisible(found is not None)
        if found is None:
            return
        row, cell = found
        whole, now = float(cell.suspended_rate or 0), float(cell.rate or 0)
        self._shown = _Shown(letter, str(row.title), suspension_words(cell), now / whole if whole > 0 else 0.0)
        self.setAccessibleName(f"{row.title}: {self._shown.words}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), theme.current()
        painter.fillRect(self.rect(), colours.base)
        if self._shown is None:
            return
        middle = self.height() / 2
        draw_chip(painter, QRectF(theme.S16, middle - theme.CHIP / 2, theme.CHIP, theme.CHIP), self._shown.letter)
        painter.setFont(theme.font("body", bold=True))
        painter.setPen(colours.text)
        left = theme.S16 + theme.CHIP + theme.S8
        title_width = painter.fontMetrics().horizontalAdvance(self._shown.title)
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QRectF(left, 0, title_width + 4, self.height()).toRect(), flags, self._shown.title)
        bar = QRectF(left + title_width + theme.S16, middle - _BAR_HEIGHT / 2, _BAR_WIDTH, _BAR_HEIGHT)
        solid = QRectF(bar.left(), bar.top(), bar.width() * self._shown.in_force, bar.height())
        painter.fillRect(solid, colours.accent)
        Hatching.draw(painter, QRectF(solid.right(), bar.top(), bar.right() - solid.right(), bar.height()))
        painter.setFont(theme.font("body"))
        painter.setPen(colours.text)
        words = QRectF(bar.right() + theme.S12, 0, self.width() - bar.right() - theme.S16, self.height())
        painter.drawText(words.toRect(), flags, self._shown.words)
