"""What was released between two moments and what takes effect between them, as text to read and to copy from."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QSize
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from core.comparison import Comparison
from core.comparison.effects import Outcome, Release
from core.comparison.text import event_words, events_title, release_words, released_title
from core.i18n import _
from core.quantities import format_date
from core.reference.law import Law
from gui import theme


class Reading(QTextBrowser):
    """The instruments in the order of their release, then the days of change."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison: Comparison | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setTabChangesFocus(True)
        self.setAccessibleName(_("Instruments released in between"))
        self.document().setDocumentMargin(theme.S16)
        self.setMinimumWidth(260)
        theme.notifier.changed.connect(self._write)

    def sizeHint(self) -> QSize:
        return QSize(360, 320)

    def show_comparison(self, comparison: Comparison) -> None:
        """Tell this comparison."""
        self._comparison = comparison
        self._write()

    def _write(self) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, theme.current().base)
        self.setPalette(palette)
        if self._comparison is not None:
            self.setHtml("".join(_blocks(self._comparison)))


def _blocks(comparison: Comparison) -> Iterator[str]:
    yield _paragraph(released_title(comparison), "heading", after=theme.S8)
    for release in comparison.releases:
        yield from _release(comparison.after.law, release)
    if comparison.before.moment.on == comparison.after.moment.on:
        return
    yield _paragraph(events_title(comparison), "heading", before=theme.S12, after=theme.S8)
    for place, event in enumerate(comparison.events):
        yield _paragraph(format_date(event.on), bold=True)
        yield from (_paragraph(f"– {words}", "caption", hanging=True) for words in event_words(comparison, place))
        yield _gap()
    if not comparison.events:
        yield _paragraph(_("no change of law"), muted=True)


def _release(law: Law, release: Release) -> Iterator[str]:
    """An instrument that changes nothing for the partner is told quietly."""
    instrument, is_quiet = release.instrument, release.outcome is Outcome.NOTHING
    yield _paragraph(instrument.cite(), bold=not is_quiet, muted=is_quiet)
    details = [format_date(instrument.released), instrument.kind_label]
    if str(instrument.title) != str(instrument.short):
        details.append(str(instrument.title))
    yield _paragraph(" · ".join(details), "caption", muted=True)
    for words in release_words(law, release):
        yield _paragraph(f"– {words}", "caption", muted=is_quiet, hanging=True)
    if instrument.doubt:
        yield _paragraph(_("Uncertain: {doubt}").format(doubt=instrument.doubt), "caption", uncertain=True)
    yield _gap()


def _paragraph(
    text: str,
    role: str = "body",
    *,
    bold: bool = False,
    muted: bool = False,
    uncertain: bool = False,
    hanging: bool = False,
    before: int = 0,
    after: int = 0,
) -> str:
    now, font = theme.current(), theme.font(role, bold)
    colour = now.uncertain_text if uncertain else now.muted if muted else now.text
    indent = f"margin-left: {theme.S12}px; text-indent: -{theme.S8}px; " if hanging else ""
    style = (
        f"margin: {before}px 0 {after}px 0; {indent}font-size: {font.pointSizeF():.1f}pt; "
        f"font-weight: {font.weight().value}; color: {colour.name()};"
    )
    return f'<p style="{style}">{escape(text)}</p>'


def _gap() -> str:
    return f'<p style="margin: 0; line-height: {theme.S8}px; font-size: 4pt;">&nbsp;</p>'
