"""The side panel that takes the difference between the case's partner and another one apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.i18n import _
from gui import clipboard, theme
from gui.tabs.partners_words import PartnerWords, PartWords
from gui.tabs.rich_text import ReadingText, cell, changed, number_cell, paragraph, styled
from gui.widgets import AmberNote, Chip, IconButton, Words

LEAST_WIDTH: Final = 300
WIDTH: Final = 352


class PartnersPanel(QWidget):
    """Shows one PartnerWords, or that nothing is chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words: PartnerWords | None = None
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setMinimumWidth(LEAST_WIDTH)
        self.setAccessibleName(_("What the difference is made of"))
        self.title = Words(role="title", wrap=True)
        self.subtitle = Words(role="caption", muted=True, wrap=True)
        self.chip = Chip("A")
        self.text, self.doubt = ReadingText(self), AmberNote(self)
        self.copy_button = IconButton("copy", _("Copy as text"))
        self.copy_button.clicked.connect(self.copy_text)
        self._lay_out()
        self.setFocusProxy(self.text)
        theme.notifier.changed.connect(self._write)
        self.show_words(None)

    def _lay_out(self) -> None:
        under, buttons, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        under.setSpacing(theme.S8)
        under.addWidget(self.chip)
        under.addWidget(self.subtitle, 1)
        buttons.addWidget(self.copy_button)
        buttons.addStretch()
        column.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S16)
        column.setSpacing(theme.S8)
        column.addWidget(self.title)
        column.addLayout(under)
        column.addWidget(self.text, 1)
        column.addWidget(self.doubt)
        column.addLayout(buttons)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    def show_words(self, words: PartnerWords | None) -> None:
        """Tell of this partner; None: of nobody."""
        if words is not None and words == self.words:
            return
        self.words = words
        for widget in (self.chip, self.subtitle, self.copy_button):
            widget.setVisible(words is not None)
        self.title.setVisible(words is not None)
        if words is not None:
            self.title.setText(words.title)
            self.subtitle.setText(words.subtitle)
            self.chip.set_letter(words.letter)
        self.doubt.set_text(words.doubt if words is not None else "")
        self.text.setAccessibleName(words.title if words is not None else "")
        self._write()

    def copy_text(self) -> None:
        if self.words is not None:
            clipboard.copy_text(self.words.as_text())

    def _write(self) -> None:
        self.text.dress()
        if self.words is None:
            self.text.setHtml(paragraph(_("Choose a partner to see what makes the difference."), muted=True))
        else:
            self.text.setHtml("".join(_blocks(self.words)))


def _blocks(words: PartnerWords) -> Iterator[str]:
    if words.finding:
        yield paragraph(words.finding)
    if words.mix:
        yield paragraph(words.mix, before=theme.S8)
    if words.total is not None:
        yield _table(words, words.total)
    yield paragraph(words.imports, "caption", muted=True, before=theme.S12)
    yield paragraph(words.law_head, "heading", before=theme.S16)
    for line in words.law:
        yield paragraph(line, "caption", muted=True, before=theme.S4)


def _table(words: PartnerWords, total: PartWords) -> str:
    """Parts one below the other; under each what sets it on either side."""
    head = cell(styled(_("Part"), "caption", bold=True, muted=True))
    head += "".join(number_cell(styled(text, "caption", bold=True, muted=True)) for text in words.heads)
    rows = [f"<tr>{head}</tr>", _line(words)]
    for part in words.parts:
        rows += [_numbers(part), *_by(words, part), _line(words)]
    rows.append(_numbers(total, bold=True))
    inside = "".join(rows)
    return f'<table width="100%" cellspacing="0" cellpadding="2" style="margin-top: {theme.S8}px">{inside}</table>'


def _line(words: PartnerWords) -> str:
    """A hairline over the whole width."""
    colour = theme.current().hairline.name()
    return f'<tr><td colspan="{len(words.heads) + 1}" style="font-size: 1pt; border-top: 1px solid {colour}"></td></tr>'


def _numbers(part: PartWords, *, bold: bool = False) -> str:
    texts = part.texts()
    cells = [styled(text, bold=bold) for text in texts[:2]]
    cells += [changed(text, round(part.points, 4)) for text in texts[2:]]
    return f"<tr>{cell(styled(part.name, bold=bold))}{''.join(map(number_cell, cells))}</tr>"


def _by(words: PartnerWords, part: PartWords) -> Iterator[str]:
    for whose, what in part.by:
        head = styled(f"{whose} ", "caption", bold=True, muted=True) if whose else ""
        text = head + styled(what, "caption", muted=True)
        yield f'<tr><td colspan="{len(words.heads) + 1}">{text}</td></tr>'
