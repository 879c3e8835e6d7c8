"""A line for one tariff code, typed strictly, with the lines of the pack to choose from by code or words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.codes import format_code, parse_code
from core.errors import InputError
from core.i18n import _
from gui import theme
from gui.number_edit import FieldEdit

if TYPE_CHECKING:
    from gui.tabs.partners_job import LineNames

_CODE_ROLE: Final = Qt.ItemDataRole.UserRole
_OFFERED: Final = 12
_POPUP_WIDTH: Final = 380


class CodeEdit(FieldEdit):
    """`accepted` carries the digits. Until the lines are known nothing is offered."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self._digits, parent=parent)
        self._lines: LineNames | None = None
        self._offers = _LineCompleter(self)
        self.setCompleter(self._offers)
        self.setPlaceholderText(_("Code or words, e.g. 8703 or battery"))
        self.setAccessibleName(_("Tariff code"))
        self._offers.activated.connect(self._on_offer_taken)
        self.textEdited.connect(self._offer)

    def set_lines(self, lines: LineNames) -> None:
        """The lines with trade."""
        self._lines = lines

    def _digits(self, text: str) -> str:
        """The parser: raises InputError, also where no partner ships anything under the code."""
        code = parse_code(text)
        if self._lines is not None and not _has_trade(self._lines, code):
            raise InputError(
                _("No partner ships anything under {code}.").format(code=format_code(code)),
                remedy=_("Give a tariff code of 2 to 10 digits with trade in the base year."),
            )
        return code

    def _offer(self, text: str) -> None:
        """Comes before the line asks for its list."""
        self._offers.offer(offers(text, self._lines) if self._lines is not None else [])

    def _on_offer_taken(self, _text: str) -> None:
        """The line takes over the chosen text only after this."""
        QTimer.singleShot(0, self, self.commit)

    def commit(self) -> None:
        if not self._offers.popup().isVisible():  # Enter in the list takes one of it
            super().commit()


def _has_trade(lines: LineNames, code: str) -> bool:
    """Of ten digits only the line is looked at: what ships nothing there is found out by the comparison."""
    wanted = code[:8]
    return any(line.startswith(wanted) for line in lines.codes)


def offers(typed: str, lines: LineNames) -> list[tuple[str, str]]:
    """Lines that may be meant, code and words: digits are the beginning of a code, else every word must occur."""
    digits, terms = typed.replace(".", "").strip(), typed.casefold().split()
    if not terms:
        return []
    if digits.isascii() and digits.isdigit():
        hits = (place for place, code in enumerate(lines.codes) if code.startswith(digits))
    else:
        hits = (place for place, words in enumerate(lines.folded) if all(term in words for term in terms))
    found = [place for place, _number in zip(hits, range(_OFFERED), strict=False)]
    return [(lines.codes[place], str(lines.names[place])) for place in found]


class _RowDelegate(QStyledItemDelegate):
    """Rows that can be hit with a finger."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, theme.COMPACT_ROW_HEIGHT))


class _LineCompleter(QCompleter):
    """Lines with their words; taking one leaves its code."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._offered = QStandardItemModel(self)
        self.setModel(self._offered)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(_OFFERED)
        self.popup().setItemDelegate(_RowDelegate(self))
        self.popup().setMinimumWidth(_POPUP_WIDTH)
        self.popup().setTextElideMode(Qt.TextElideMode.ElideRight)

    def offer(self, found: list[tuple[str, str]]) -> None:
        """Fill the list."""
        self._offered.clear()
        for code, words in found:
            item = QStandardItem(f"{format_code(code)}  {words}")
            item.setData(format_code(code), _CODE_ROLE)
            item.setToolTip(words)
            self._offered.appendRow(item)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The code alone."""
        return str(index.data(_CODE_ROLE))
