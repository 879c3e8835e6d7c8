"""Text to read in a side panel: plain words as rich text in the theme's fonts and colours, and the view for it."""

from __future__ import annotations

from html import escape
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from gui import theme
from gui.style import draw_focus_ring

NUMBER_WIDTH: Final = 50


class ReadingText(QTextBrowser):
    """Text to read with the keyboard and to copy from, on the ground of the page."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().setDocumentMargin(2)

    def dress(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.current().base)
        self.setPalette(palette)
        self.document().setDefaultFont(theme.font("body"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self.viewport())
            draw_focus_ring(painter, self.viewport().rect())
            painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def lines_html(lines: list[str]) -> str:
    """Paragraphs that belong together, apart from what stands above."""
    return "".join(
        f'<p style="margin: {theme.S8 if not place else 2}px 0 0 0">{line}</p>' for place, line in enumerate(lines)
    )


def paragraph(text: str, role: str = "body", *, muted: bool = False, before: int = 0) -> str:
    return f'<p style="margin: {before}px 0 0 0">{styled(text, role, muted=muted)}</p>'


def styled(text: str, role: str = "body", *, bold: bool = False, muted: bool = False) -> str:
    font, now = theme.font(role, bold), theme.current()
    colour = (now.muted if muted else now.text).name()
    style = f"font-size: {font.pointSizeF():.1f}pt; font-weight: {font.weight().value}; color: {colour}"
    return f'<span style="{style}">{escape(text)}</span>'


def changed(text: str, value: float) -> str:
    """A change with its sign, in the colour of more or less duty."""
    return f'<span style="color: {theme.current().change_colour(value).name()}">{escape(text)}</span>'


def chip_html(letter: str) -> str:
    now = theme.current()
    colours = f"background-color: {now.scenario_colour(letter).name()}; color: {now.scenario_text(letter).name()}"
    size = f"font-size: {theme.font('caption').pointSizeF():.1f}pt; font-weight: 600"
    return f'<span style="{colours}; {size}">&nbsp;{escape(letter)}&nbsp;</span>'


def cell(html: str, attributes: str = "") -> str:
    return f"<td {attributes}>{html}</td>"


def number_cell(html: str) -> str:
    return f'<td width="{NUMBER_WIDTH}" align="right">{html}</td>'
