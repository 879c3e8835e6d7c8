"""A line for partners by name or code, several with commas, with those of the pack to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.errors import InputError
from core.i18n import _
from core.partner_names import known_names, name_bounds, offers, parse_partners, partner_list, shown_name
from core.reference.partners import Partners
from gui import theme
from gui.number_edit import StrictEdit
from gui.session import Session

_NAME_ROLE: Final = Qt.ItemDataRole.UserRole
_SHOWN_AT_ONCE: Final = 8


class PartnersEdit(StrictEdit):
    """Hands out codes. is_optional: nothing typed means no partner; otherwise it is refused."""

    def __init__(self, session: Session, *, is_optional: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(self._codes, parent)
        self._session, self._is_optional = session, is_optional
        self._names: _NameCompleter | None = None
        if session.pack is not None:
            self._names = _NameCompleter(session.pack.partners, self)
            self.setCompleter(self._names)
        self.editingFinished.connect(self._on_finished)

    def show_codes(self, codes: Sequence[str]) -> None:
        """By name, in the language shown."""
        pack = self._session.pack
        self.setText(partner_list(codes, pack.partners if pack is not None else None))
        self.setCursorPosition(0)

    def _codes(self, text: str) -> tuple[str, ...]:
        """The parser: raises InputError."""
        pack = self._session.pack
        if pack is None:
            raise InputError(_("The list of partners is still being read."), remedy=_("Try again in a moment."))
        codes = parse_partners(text, pack.partners, own=self._session.case.partner)
        if not codes and not self._is_optional:
            raise InputError(_("No partner is named."), remedy=_("Type a name or code, several with commas."))
        return codes

    def _on_finished(self) -> None:
        """Enter in the list of names first takes one: what was typed so far is not looked at yet."""
        if self._names is None or not self._names.popup().isVisible():
            self.check()


class _RowDelegate(QStyledItemDelegate):
    """Rows that can be hit with a finger."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return super().sizeHint(option, index).expandedTo(QSize(0, theme.COMPACT_ROW_HEIGHT))


class _NameCompleter(QCompleter):
    """Offers names for the one at the cursor, and leaves the others of the line alone."""

    def __init__(self, partners: Partners, line: QLineEdit) -> None:
        super().__init__(line)
        self._line, self._partners = line, partners
        self._complete = frozenset(known_names(partners))
        self._offered = QStandardItemModel(self)
        self.setModel(self._offered)
        self.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.setMaxVisibleItems(_SHOWN_AT_ONCE)
        self.popup().setItemDelegate(_RowDelegate(self))
        line.textEdited.connect(self._offer)

    def _offer(self, text: str) -> None:
        """Comes before the line asks for its list."""
        start, end = name_bounds(text, self._line.cursorPosition())
        typed = text[start:end].strip()
        self._offered.clear()
        # A name that stands there in full needs no list, which would take the next Enter.
        if typed.casefold() not in self._complete:
            for partner in offers(typed, self._partners):
                item = QStandardItem(f"{partner.name} ({partner.iso2})")
                item.setData(shown_name(partner), _NAME_ROLE)
                self._offered.appendRow(item)

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        """The line with the chosen name in it."""
        text = self._line.text()
        start, end = name_bounds(text, self._line.cursorPosition())
        return text[:start] + (" " if start else "") + str(index.data(_NAME_ROLE)) + text[end:]
