"""The side panel that tells what a day of the step chart did; the scenario's own panel comes back with Esc."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from core.i18n import _
from core.quantities import format_date
from gui import clipboard, theme
from gui.charts.step_words import Average, LawEvent, ScenarioEvent, StepWords, no_law_event
from gui.style import draw_focus_ring
from gui.widgets import IconButton, Words

_NUMBER_WIDTH, _CHIP_WIDTH = 50, 24


class StepPanel(QWidget):
    """Shows one StepWords. `closed`: the user is done with it."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: StepWords | None = None
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAccessibleName(_("What changes on a day"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S16)
        column.setSpacing(theme.S4)
        self.day, self.title = Words(role="title"), Words(role="body", muted=True, wrap=True)
        self.text = _Text(self)
        for widget, stretch in ((self.day, 0), (self.title, 0), (self.text, 1)):
            column.addWidget(widget, stretch)
        column.addSpacing(theme.S8)
        column.addLayout(self._make_buttons())
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        leave.activated.connect(self.closed)
        self.setFocusProxy(self.text)
        theme.notifier.changed.connect(self._write)

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        self.copy_button = IconButton("copy", _("Copy as text"))
        self.copy_button.clicked.connect(self.copy_text)
        self.close_button = QPushButton(_("Back to the scenario"))
        self.close_button.clicked.connect(self.closed)
        row.addWidget(self.copy_button)
        row.addWidget(self.close_button)
        row.addStretch()
        return row

    def sizeHint(self) -> QSize:
        return QSize(340, 600)

    def show_words(self, words: StepWords) -> None:
        """Tell of this day."""
        self._words = words
        self.day.setText(format_date(words.on))
        self.title.setText(words.title)
        self.title.setVisible(bool(words.title))
        self.text.setAccessibleName(words.head)
        self._write()

    def copy_text(self) -> None:
        if self._words is not None:
            clipboard.copy_text(self._words.as_text())

    def _write(self) -> None:
        self.text.dress()
        if self._words is not None:
            self.text.setHtml("".join(_blocks(self._words)))


class _Text(QTextBrowser):
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


def _blocks(words: StepWords) -> Iterator[str]:
    yield _averages(words.averages)
    yield _paragraph(words.law_head, "heading", before=theme.S16)
    yield from (_law(event) for event in words.law)
    if not words.law:
        yield _paragraph(no_law_event(), muted=True, before=theme.S4)
    if words.scenarios:
        yield _paragraph(_("In scenarios"), "heading", before=theme.S16)
    yield from (_scenario(event) for event in words.scenarios)


def _averages(averages: tuple[Average, ...]) -> str:
    heads = (_("before"), _("after"), _("points"))
    head = _cell(_styled(_("Average rate, %"), "caption", bold=True, muted=True), 'colspan="2"')
    head += "".join(_number(_styled(each, "caption", bold=True, muted=True)) for each in heads)
    rows = [f"<tr>{head}</tr>", *(_average_row(each) for each in averages)]
    return f'<table width="100%" cellspacing="0" cellpadding="2">{"".join(rows)}</table>'


def _average_row(average: Average) -> str:
    before, after, change = average.texts()
    colour = theme.current().change_colour(round(average.after, 2) - round(average.before, 2)).name()
    numbers = (_styled(before), _styled(after, bold=True), f'<span style="color: {colour}">{escape(change)}</span>')
    chip = _cell(_chip(average.letter), f'width="{_CHIP_WIDTH}"')
    return f"<tr>{chip}{_cell(_styled(average.name))}{''.join(map(_number, numbers))}</tr>"


def _law(event: LawEvent) -> str:
    what = [f"{_styled(f'{name}:')} {_styled(verb, bold=True)}" for name, verb in event.what]
    return _lines(what) + "".join(_paragraph(by, "caption", muted=True) for by in event.by)


def _scenario(event: ScenarioEvent) -> str:
    chip = _chip(event.letter)
    what = [f"{chip} {_styled(str(number), muted=True)} {_styled(title)}" for number, title in event.what]
    return _lines(what) + _paragraph(event.detail, "caption", muted=True)


def _lines(lines: list[str]) -> str:
    """Paragraphs that belong together, apart from what stands above."""
    return "".join(
        f'<p style="margin: {theme.S8 if not place else 2}px 0 0 0">{line}</p>' for place, line in enumerate(lines)
    )


def _paragraph(text: str, role: str = "body", *, muted: bool = False, before: int = 0) -> str:
    return f'<p style="margin: {before}px 0 0 0">{_styled(text, role, muted=muted)}</p>'


def _styled(text: str, role: str = "body", *, bold: bool = False, muted: bool = False) -> str:
    font, now = theme.font(role, bold), theme.current()
    colour = (now.muted if muted else now.text).name()
    style = f"font-size: {font.pointSizeF():.1f}pt; font-weight: {font.weight().value}; color: {colour}"
    return f'<span style="{style}">{escape(text)}</span>'


def _chip(letter: str) -> str:
    now = theme.current()
    colours = f"background-color: {now.scenario_colour(letter).name()}; color: {now.scenario_text(letter).name()}"
    size = f"font-size: {theme.font('caption').pointSizeF():.1f}pt; font-weight: 600"
    return f'<span style="{colours}; {size}">&nbsp;{escape(letter)}&nbsp;</span>'


def _cell(html: str, attributes: str = "") -> str:
    return f"<td {attributes}>{html}</td>"


def _number(html: str) -> str:
    return f'<td width="{_NUMBER_WIDTH}" align="right">{html}</td>'
