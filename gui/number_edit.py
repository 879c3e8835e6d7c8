"""Typing numbers strictly: what can be read two ways is refused where it is typed, and the old value stays."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMoveEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from core.case import RateForm
from core.errors import InputError
from core.i18n import pgettext
from core.quantities import parse_rate
from gui import theme
from gui.style import draw_frame

Parser = Callable[[str], Any]

_LEAST_ROOM: Final = 200
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap)


def total_word() -> str:
    """The word before a rate that column 1 counts towards."""
    return pgettext("rate", "total")


def parse_typed_rate(text: str, form: RateForm) -> tuple[Decimal, RateForm]:
    """A rate in per cent as typed into a cell: `12.5`, or `total 15` to change what it means.

    form: what the cell held before; a bare number keeps it. Raises InputError.
    """
    words = {total_word(): RateForm.TOTAL, "total": RateForm.TOTAL, "+": RateForm.ADDED}
    stripped = text.strip()
    for word, meant in words.items():
        if stripped.casefold().startswith(word.casefold()):
            return parse_rate(stripped[len(word) :]), meant
        if stripped.casefold().endswith(word.casefold()):
            return parse_rate(stripped[: -len(word)]), meant
    return parse_rate(stripped), form


class Refusal(QWidget):
    """Two lines below a field: what was not taken, and what to type. Painted over what lies beneath."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._lines: tuple[str, str] = ("", "")
        self.hide()

    @property
    def text(self) -> str:
        return " ".join(line for line in self._lines if line)

    def show_below(self, field: QWidget, error: InputError, standing: str = "") -> None:
        """standing: the sentence that names the value which stays in force."""
        second = " ".join(part for part in (error.why, error.remedy, standing) if part)
        self._lines = (error.what, second)
        self.setAccessibleName(self.text)
        self.resize(self.sizeHint())
        self._place(field)
        self.show()
        self.raise_()

    def sizeHint(self) -> QSize:
        sizes = self._sizes()
        height = sum(size.height() for size in sizes) + 2 * (len(sizes) - 1)
        return QSize(max(size.width() for size in sizes) + 2 * theme.S8 + 2, height + 2 * 6)

    def _sizes(self) -> list[QSize]:
        """Of each line, which wraps where the window is too narrow for it."""
        room = QRect(0, 0, max(_LEAST_ROOM, self.parentWidget().width() - 2 * theme.S8 - 2), 1000)
        return [
            QFontMetrics(font).boundingRect(room, _WRAPPED, line).size()
            for font, line in zip(self._fonts(), self._lines, strict=True)
            if line
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        draw_frame(painter, self.rect(), colours.error_fill, colours.error_text)
        painter.setPen(colours.error_text)
        top = 6
        for font, line, size in zip(self._fonts(), self._lines, self._sizes(), strict=False):
            painter.setFont(font)
            painter.drawText(QRect(theme.S8, top, self.width() - 2 * theme.S8, size.height()), _WRAPPED, line)
            top += size.height() + 2

    @staticmethod
    def _fonts() -> tuple[Any, Any]:
        return theme.font("caption", bold=True), theme.font("caption")

    def _place(self, field: QWidget) -> None:
        """Below the field, its right edge at the field's; above it where there is no room."""
        area = self.parentWidget().rect()
        corner = field.mapTo(self.parentWidget(), QPoint(field.width(), field.height() + 2))
        left = max(0, min(corner.x() - self.width(), area.width() - self.width()))
        top = corner.y()
        if top + self.height() > area.height():
            top = corner.y() - field.height() - self.height() - 4
        self.move(left, max(0, top))


class StrictEdit(QLineEdit):
    """A line that hands out only what its parser takes; `accepted` carries the parsed value."""

    accepted = Signal(object)
    refused = Signal(str)

    def __init__(self, parser: Parser, parent: QWidget | None = None, *, standing: str = "") -> None:
        super().__init__(parent)
        self._parser, self._standing = parser, standing
        self._refusal: Refusal | None = None
        self.setFont(theme.font("body"))
        self.textEdited.connect(self.clear_refusal)

    @property
    def is_refused(self) -> bool:
        return self._refusal is not None

    @property
    def refusal_text(self) -> str:
        return self._refusal.text if self._refusal is not None else ""

    def set_standing(self, sentence: str) -> None:
        """The sentence shown with a refusal: which value stays in force."""
        self._standing = sentence

    def value(self) -> Any:
        """What the text means; raises InputError."""
        return self._parser(self.text())

    def check(self) -> bool:
        """Whether the text can be taken; shows the refusal if not."""
        try:
            self.value()
        except InputError as error:
            self.refuse(error)
            return False
        self.clear_refusal()
        return True

    def refuse(self, error: InputError) -> None:
        """Show at this place what was not taken."""
        if self._refusal is None:
            host = self.window()
            self._refusal = Refusal(host)
        self._refusal.show_below(self, error, self._standing)
        self.refused.emit(self._refusal.text)
        self.update()

    def clear_refusal(self, _text: str = "") -> None:
        if self._refusal is not None:
            self._refusal.hide()
            self._refusal.deleteLater()
            self._refusal = None
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.is_refused:
            colours = theme.current()
            clear = colours.error_fill
            clear = type(clear)(0, 0, 0, 0)
            draw_frame(QPainter(self), self.rect(), clear, colours.error_text, 2.0)

    def hideEvent(self, event: Any) -> None:
        self.clear_refusal()
        super().hideEvent(event)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._follow()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow()

    def _follow(self) -> None:
        if self._refusal is not None:
            self._refusal._place(self)


class FieldEdit(StrictEdit):
    """A strict field of a form: checked when left or on Enter; Escape brings the last good text back."""

    def __init__(self, parser: Parser, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parser, parent)
        self._good = text
        self.setText(text)
        self.setFixedHeight(theme.CONTROL_HEIGHT)

    def set_good(self, text: str) -> None:
        """Show this as the value that holds; nothing is announced."""
        self._good = text
        self.setText(text)
        self.clear_refusal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._good:
            self.set_good(self._good)
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.commit()

    def commit(self) -> None:
        """Announce the value if it is another one and can be taken."""
        if self.text() == self._good:
            self.clear_refusal()
        elif self.check():
            self._good = self.text()
            self.accepted.emit(self.value())


class RateCellEdit(StrictEdit):
    """The editor inside a table cell: Enter takes, Escape gives up, a refusal keeps the editor open."""

    given_up = Signal()

    def __init__(self, form: RateForm, parent: QWidget | None = None, *, standing: str = "") -> None:
        super().__init__(lambda text: parse_typed_rate(text, form), parent, standing=standing)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, theme.current().input_fill)
        self.setPalette(palette)

    def event(self, event: QEvent) -> bool:
        """Tab must not leave while the text cannot be taken."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            leaving = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.key() in leaving and not self.check():
                return True
        return super().event(event)
