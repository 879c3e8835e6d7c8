"""The side panel that tells what a day of the step chart did; the scenario's own panel comes back with Esc."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.i18n import _
from core.quantities import format_date
from gui import clipboard, theme
from gui.charts.step_words import Average, LawEvent, ScenarioEvent, StepWords, no_law_event
from gui.tabs.rich_text import ReadingText, cell, changed, chip_html, lines_html, number_cell, paragraph, styled
from gui.widgets import IconButton, Words

_CHIP_WIDTH = 24


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
        self.text = ReadingText(self)
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


def _blocks(words: StepWords) -> Iterator[str]:
    yield _averages(words.averages)
    yield paragraph(words.law_head, "heading", before=theme.S16)
    yield from (_law(event) for event in words.law)
    if not words.law:
        yield paragraph(no_law_event(), muted=True, before=theme.S4)
    if words.scenarios:
        yield paragraph(_("In scenarios"), "heading", before=theme.S16)
    yield from (_scenario(event) for event in words.scenarios)


def _averages(averages: tuple[Average, ...]) -> str:
    heads = (_("before"), _("after"), _("points"))
    head = cell(styled(_("Average rate, %"), "caption", bold=True, muted=True), 'colspan="2"')
    head += "".join(number_cell(styled(each, "caption", bold=True, muted=True)) for each in heads)
    rows = [f"<tr>{head}</tr>", *(_average_row(each) for each in averages)]
    return f'<table width="100%" cellspacing="0" cellpadding="2">{"".join(rows)}</table>'


def _average_row(average: Average) -> str:
    before, after, change = average.texts()
    moved = changed(change, round(average.after, 2) - round(average.before, 2))
    numbers = (styled(before), styled(after, bold=True), moved)
    chip = cell(chip_html(average.letter), f'width="{_CHIP_WIDTH}"')
    return f"<tr>{chip}{cell(styled(average.name))}{''.join(map(number_cell, numbers))}</tr>"


def _law(event: LawEvent) -> str:
    what = [f"{styled(f'{name}:')} {styled(verb, bold=True)}" for name, verb in event.what]
    return lines_html(what) + "".join(paragraph(by, "caption", muted=True) for by in event.by)


def _scenario(event: ScenarioEvent) -> str:
    chip = chip_html(event.letter)
    what = [f"{chip} {styled(str(number), muted=True)} {styled(title)}" for number, title in event.what]
    return lines_html(what) + paragraph(event.detail, "caption", muted=True)
