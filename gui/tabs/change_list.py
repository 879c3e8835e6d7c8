"""A scenario's changes as a list in words: what is changed, from when; whose goods, where not our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from core.i18n import _
from gui import theme
from gui.change_words import Words
from gui.style import draw_focus_ring
from gui.tabs.rates_table_model import AnyIndex

_ENTRY_ROLE: Final = Qt.ItemDataRole.UserRole
_NUMBER_WIDTH: Final = 22
_PADDING, _GAP = 6, 2
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap)
_NARROWEST: Final = 40


@dataclass(frozen=True)
class Entry:
    """One row. partners: whose goods it is about, in words; "" for our own."""

    words: Words
    partners: str = ""

    @property
    def spoken(self) -> str:
        """The row as assistive software reads it."""
        return ", ".join(filter(None, (self.partners, self.words.title, self.words.detail)))


Line = tuple[str, QFont, QColor]


class _EntryDelegate(QStyledItemDelegate):
    """Number; what the row is about in 600; the rest below; all of it wraps."""

    def _lines(self, entry: Entry) -> list[Line]:
        colours, title = theme.current(), entry.words.title
        detail = (entry.words.detail, theme.font("caption"), colours.muted)
        if not entry.partners:
            return [(title, theme.font("body", bold=True), colours.text), detail]
        whose = (entry.partners, theme.font("body", bold=True), colours.text)
        return [whose, (title, theme.font("body"), colours.text), detail]

    def _heights(self, lines: list[Line], width: int) -> list[int]:
        room = QRect(0, 0, max(_NARROWEST, width - _NUMBER_WIDTH), 10_000)
        return [QFontMetrics(font).boundingRect(room, _WRAPPED, text).height() for text, font, _colour in lines]

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListWidget) else option.rect.width()
        heights = self._heights(self._lines(index.data(_ENTRY_ROLE)), width)
        return QSize(0, sum(heights) + _GAP * (len(heights) - 1) + 2 * _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        colours, rect = theme.current(), option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colours.selection)
        self._paint_words(painter, rect, index)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colours.hairline)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus_ring(painter, rect)
        painter.restore()

    def _paint_words(self, painter: QPainter, rect: QRect, index: AnyIndex) -> None:
        lines = self._lines(index.data(_ENTRY_ROLE))
        heights = self._heights(lines, rect.width())
        top, width = rect.top() + _PADDING, rect.width() - _NUMBER_WIDTH
        painter.setPen(theme.current().muted)
        painter.setFont(theme.font("body"))
        painter.drawText(QRect(rect.left() + 4, top, 16, heights[0]), _WRAPPED, str(index.row() + 1))
        for (text, font, colour), height in zip(lines, heights, strict=True):
            painter.setPen(colour)
            painter.setFont(font)
            painter.drawText(QRect(rect.left() + _NUMBER_WIDTH, top, width, height), _WRAPPED, text)
            top += height + _GAP


class ChangeList(QListWidget):
    """The rows in order. Enter edits, Del takes out, Alt with an arrow moves; the same as a menu."""

    edit_wanted = Signal(int)
    remove_wanted = Signal(int)
    move_wanted = Signal(int, int)
    history_wanted = Signal(int)
    entered = Signal(object)  # this list: the keyboard is here now

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_EntryDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.itemDoubleClicked.connect(self._on_double_click)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_context_menu)
        theme.notifier.changed.connect(self._fit)

    def show_entries(self, entries: Sequence[Entry], *, is_current: bool) -> None:
        """Replace all rows. is_current: one of them is chosen, in the place where one was."""
        row = max(self.currentRow(), 0)
        self.clear()
        for each in entries:
            item = QListWidgetItem(each.spoken)
            item.setData(_ENTRY_ROLE, each)
            item.setToolTip(each.words.detail)
            self.addItem(item)
        if entries and is_current:
            self.setCurrentRow(min(row, len(entries) - 1))
        self.setVisible(bool(entries))
        self._fit()

    def _fit(self) -> None:
        """As high as its rows: the panel scrolls, not the list."""
        self.scheduleDelayedItemsLayout()
        self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(self.count())) + 2)

    def row_actions(self, parent: QMenu) -> list[QAction]:
        """What can be done to the chosen row."""
        row, last = self.currentRow(), self.count() - 1
        wanted = (
            (_("Edit…"), "", row >= 0, lambda: self.edit_wanted.emit(row)),
            (_("Take out"), "Del", row >= 0, lambda: self.remove_wanted.emit(row)),
            (_("Move up"), "Alt+Up", row > 0, lambda: self._move(row, row - 1)),
            (_("Move down"), "Alt+Down", 0 <= row < last, lambda: self._move(row, row + 1)),
            (_("History…"), "", row >= 0, lambda: self.history_wanted.emit(row)),
        )
        actions = []
        for text, keys, enabled, slot in wanted:
            action = QAction(text, parent)
            action.setShortcut(QKeySequence(keys))
            action.setEnabled(enabled)
            action.triggered.connect(slot)
            actions.append(action)
        return actions

    # What the user does

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setCurrentRow(max(self.currentRow(), 0))
        self.entered.emit(self)

    def _move(self, row: int, to: int) -> None:
        """The row that was moved stays the chosen one."""
        if 0 <= to < self.count():
            self.move_wanted.emit(row, to)
            self.setCurrentRow(to)

    def _on_double_click(self, item: QListWidgetItem) -> None:
        self.edit_wanted.emit(self.row(item))

    def _on_context_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        for action in self.row_actions(menu):
            menu.addAction(action)
        menu.exec(self.mapToGlobal(where))
        menu.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentRow()
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if row < 0:
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.edit_wanted.emit(row)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit(row)
        elif is_alt and event.key() == Qt.Key.Key_Up:
            self._move(row, row - 1)
        elif is_alt and event.key() == Qt.Key.Key_Down:
            self._move(row, row + 1)
        else:
            super().keyPressEvent(event)
