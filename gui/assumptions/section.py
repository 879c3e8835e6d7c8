"""A kind of assumptions: a heading with heads of columns, its rows, and where codes are typed a line to add one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from core.assumptions import AssumptionRow
from core.i18n import _
from gui import theme
from gui.assumptions.add import AddLine, free_words, shorter
from gui.assumptions.row import (
    BUTTON_WIDTH,
    GAP,
    LINES_WIDTH,
    TRADE_WIDTH,
    UNIT_WIDTH,
    VALUE_WIDTH,
    AssumptionLine,
)
from gui.tabs.pieces import hairline
from gui.widgets import Words


class SectionView(QWidget):
    """Rows that keep their widgets while they stay, so that the keyboard stays where it is."""

    value_chosen = Signal(object, object)  # row, share or reading
    reset_wanted = Signal(object)  # row

    def __init__(self, title: str, empty: str, *, has_choices: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.widgets: dict[str, AssumptionLine] = {}
        self.add: AddLine | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(self._make_head(title, has_choices))
        self._column.addWidget(hairline(strong=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._column.addLayout(self._rows)
        self._empty = Words(empty, muted=True, wrap=True)
        self._empty.setContentsMargins(0, theme.S8, 0, 0)
        self._column.addWidget(self._empty)

    def _make_head(self, title: str, has_choices: bool) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.setContentsMargins(0, 0, 0, theme.S4)
        left = QHBoxLayout()
        left.setSpacing(theme.S4)
        self.note = free_words("caption")
        left.addWidget(Words(title, "heading"))
        left.addWidget(self.note, 1)
        line.addLayout(left, 1)
        heads = [(_("Value, US$ m"), TRADE_WIDTH, 0), (_("Lines"), LINES_WIDTH, 0), ("", BUTTON_WIDTH, 0)]
        if not has_choices:
            heads.insert(0, (_("Share"), VALUE_WIDTH, UNIT_WIDTH + theme.S8))
        for text, width, indent in heads:
            head = Words(text, "caption", bold=True, muted=True)
            head.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            head.setFixedWidth(width)
            head.setContentsMargins(0, 0, indent, 0)
            line.addWidget(head)
        return line

    def show_note(self, text: str) -> None:
        """What the trade beside the rows is."""
        self.note.show_texts(*shorter(text))

    def put_add(self, add: AddLine) -> None:
        """A line below the rows that adds one."""
        self.add = add
        self._column.addWidget(add)

    def show_rows(self, rows: Sequence[AssumptionRow]) -> None:
        """Update what stays, take out what is gone, make what is new; announces nothing."""
        wanted = {row.id: row for row in rows}
        for name in [name for name in self.widgets if name not in wanted]:
            self._take_out(self.widgets.pop(name))
        for place, row in enumerate(rows):
            if row.id in self.widgets:
                self.widgets[row.id].show_row(row)
            else:
                self.widgets[row.id] = self._make(row)
            widget = self.widgets[row.id]
            if self._rows.indexOf(widget) != place:
                self._rows.insertWidget(place, widget)
        self._empty.setVisible(not rows)

    def _make(self, row: AssumptionRow) -> AssumptionLine:
        made = AssumptionLine(row)
        made.value_chosen.connect(lambda value: self.value_chosen.emit(made.row, value))
        made.reset_wanted.connect(lambda: self.reset_wanted.emit(made.row))
        return made

    def _take_out(self, widget: AssumptionLine) -> None:
        holder = QApplication.focusWidget()
        had_keyboard = holder is not None and widget.isAncestorOf(holder)
        self._rows.removeWidget(widget)
        widget.hide()
        widget.deleteLater()
        if had_keyboard and self.add is not None:
            self.add.prefix.setFocus(Qt.FocusReason.OtherFocusReason)

    def tab_order(self) -> list[QWidget]:
        """Fields, choices and buttons from top to bottom."""
        found: list[QWidget] = []
        for place in range(self._rows.count()):
            widget = self._rows.itemAt(place).widget()
            if isinstance(widget, AssumptionLine) and widget.row.is_settable:
                found += [widget.focus_widget(), widget.button]
        return [*found, *(self.add.fields if self.add is not None else ())]
