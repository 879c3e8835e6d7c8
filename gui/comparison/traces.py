"""Why a line pays its rate at two moments, side by side."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from core.comparison import Comparison
from core.comparison.text import moment_words
from core.reference.pack import Pack
from core.results import Results, Trace
from gui import theme
from gui.tabs.trace_panel import TracePanel
from gui.widgets import Words


def explain(pack: Pack, results: Results, code: str, letter: str) -> Trace:
    """The trace of one line, worked out in this process: it takes a few milliseconds."""
    from core.tariff.line_trace import explain_line

    return explain_line(results, pack, code, letter)


class TracePair(QSplitter):
    """The trace before on the left, the trace after on the right, each under its moment."""

    def __init__(self, pack: Pack, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._letter = ""
        self.captions = (self._caption(), self._caption())
        self.panels = (TracePanel(partial(explain, pack)), TracePanel(partial(explain, pack)))
        for caption, panel in zip(self.captions, self.panels, strict=True):
            self.addWidget(self._side(caption, panel))
        self.setChildrenCollapsible(False)

    @staticmethod
    def _caption() -> Words:
        caption = Words("", "caption", bold=True, muted=True)
        caption.setContentsMargins(theme.S16, 0, theme.S16, 0)
        return caption

    @staticmethod
    def _side(caption: Words, panel: TracePanel) -> QWidget:
        side = QWidget()
        box = QVBoxLayout(side)
        box.setContentsMargins(0, theme.S8, 0, 0)
        box.setSpacing(0)
        box.addWidget(caption)
        box.addWidget(panel, 1)
        return side

    def show_comparison(self, comparison: Comparison) -> None:
        """New numbers on both sides; the line stays."""
        self._letter = comparison.letter
        sides = (comparison.before, comparison.after)
        for caption, panel, side in zip(self.captions, self.panels, sides, strict=True):
            caption.setText(moment_words(side.moment))
            panel.setAccessibleDescription(caption.text())
            panel.set_results(side.results)

    def show_line(self, code: str) -> None:
        """Explain this line on both sides; none where the code is empty."""
        for panel in self.panels:
            if code:
                panel.show_line(code, self._letter)
            else:
                panel.show_nothing()
