"""One assumption on screen: its words, its value as a strict field or a choice, the trade behind it, a way back."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.assumptions import AssumptionRow, Choice
from core.i18n import _, pgettext
from core.quantities import format_number, format_percent
from gui import theme
from gui.share_edit import FIELD_WIDTH, ShareEdit, percent_text
from gui.widgets import AmberNote, Words

VALUE_WIDTH: Final = 196
TRADE_WIDTH: Final = 100
LINES_WIDTH: Final = 56
BUTTON_WIDTH: Final = 96
BOX_WIDTH: Final = 296
UNIT_WIDTH: Final = 16
GAP: Final = theme.S16


class UncertainTag(QLabel):
    """A word on amber beside what nobody knows for certain."""

    def __init__(self) -> None:
        super().__init__(pgettext("confidence", "uncertain"))
        self.setContentsMargins(6, 1, 6, 1)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        policy = QSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        self.setFont(theme.font("caption"))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.current().uncertain_fill)
        palette.setColor(QPalette.ColorRole.WindowText, theme.current().uncertain_text)
        self.setPalette(palette)


class ChoiceBox(QComboBox):
    """Readings to choose from. The wheel scrolls the page: it must not change the law on its way."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


def unit() -> Words:
    """The unit after a field."""
    made = Words("%", muted=True)
    made.setFixedWidth(UNIT_WIDTH)
    return made


class AssumptionLine(QWidget):
    """One row of a section. `value_chosen`: a share (fraction) or a reading's id; `reset_wanted`: the default."""

    value_chosen = Signal(object)
    reset_wanted = Signal()

    def __init__(self, row: AssumptionRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = row
        self.field: ShareEdit | None = None
        self.box: ChoiceBox | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, theme.S8, 0, theme.S8 + 1)
        column.setSpacing(2)
        column.addLayout(self._make_top())
        self.name = Words(role="caption", wrap=True)
        self.effect, self.averages, self.source = (Words(role="caption", muted=True, wrap=True) for _place in range(3))
        self.doubt = AmberNote()
        for widget in (self.name, self.effect, self.averages, self.source, self.doubt):
            column.addWidget(widget)
        self.show_row(row)

    # Making it

    def _make_top(self) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(GAP)
        self.title = Words(wrap=True)
        self.title.setContentsMargins(0, 5, 0, 0)  # its first line on the line of the field beside it
        top.addWidget(self.title, 1, Qt.AlignmentFlag.AlignTop)
        self.trade, self.lines = self._number(TRADE_WIDTH), self._number(LINES_WIDTH)
        self.button = self._make_button()
        for widget in (self._make_value(), self.trade, self.lines, self.button):
            top.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        return top

    def _make_value(self) -> QWidget:
        """What may be typed or chosen, the word before it where nobody knows for certain."""
        holder = QWidget()
        holder.setFixedSize(BOX_WIDTH if self.row.choices else VALUE_WIDTH, theme.CONTROL_HEIGHT)
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.S8)
        self.tag = UncertainTag()
        line.addStretch()
        line.addWidget(self.tag)
        if self.row.choices:
            self.box = ChoiceBox()
            self.box.setFixedSize(BOX_WIDTH, theme.CONTROL_HEIGHT)
            self.box.activated.connect(self._on_activated)
            line.addWidget(self.box)
        elif self.row.is_settable:
            self.field = ShareEdit()
            self.field.accepted.connect(self.value_chosen)
            line.addWidget(self.field)
            line.addWidget(unit())
        else:
            self.fixed, self.fixed_unit = Words(muted=True), unit()
            self.fixed.setFixedWidth(FIELD_WIDTH)
            self.fixed.setContentsMargins(0, 0, theme.S8, 0)  # its digits below those of the fields
            self.fixed.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(self.fixed)
            line.addWidget(self.fixed_unit)
        return holder

    def _number(self, width: int) -> Words:
        made = Words()
        made.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        made.setFixedSize(width, theme.CONTROL_HEIGHT)
        return made

    def _make_button(self) -> QPushButton:
        made = QPushButton(_("Remove") if self.row.is_removable else _("Reset"))
        made.setAutoDefault(False)
        made.setFixedSize(BUTTON_WIDTH, theme.CONTROL_HEIGHT)
        policy = made.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        made.setSizePolicy(policy)
        made.clicked.connect(self.reset_wanted)
        return made

    # Showing

    def show_row(self, row: AssumptionRow) -> None:
        """Everything anew; announces nothing."""
        self.row = row
        self.title.setText(row.title)
        for words, text in (
            (self.name, row.name),
            (self.effect, " ".join(part for part in (row.effect, row.note) if part)),
            (self.averages, averages_text(row.choices)),
            (self.source, _("Source: {source}").format(source=row.source)),
        ):
            words.setText(text)
            words.setVisible(bool(text))
        self.trade.setText(format_number(row.trade / 1e6))
        self.lines.setText(format_number(row.lines))
        self.tag.setVisible(row.is_uncertain and not row.doubt)
        self.doubt.set_text(_("Uncertain: {doubt}").format(doubt=row.doubt) if row.doubt else "")
        self._show_value()
        self._show_button()

    def _show_value(self) -> None:
        row = self.row
        if self.box is not None:
            self._show_choices(self.box, str(row.value))
        elif self.field is not None:
            self.field.setAccessibleName(row.title)
            self.field.show_share(Decimal(row.value or 0), is_own=not row.is_default)
        else:
            self.fixed.setText(_("by line") if row.value is None else percent_text(Decimal(row.value)))
            self.fixed_unit.setText("" if row.value is None else "%")

    def _show_choices(self, box: ChoiceBox, chosen: str) -> None:
        wanted = [(choice.title, choice.id) for choice in self.row.choices]
        if wanted != [(box.itemText(place), box.itemData(place)) for place in range(box.count())]:
            box.clear()
            for title, reading in wanted:
                box.addItem(title, reading)
        box.setAccessibleName(self.row.title)
        box.setPlaceholderText(_("not in this reference pack"))
        box.setCurrentIndex(box.findData(chosen))
        box.setToolTip(box.currentText())
        box.setFont(theme.font("body", bold=not self.row.is_default))

    def _show_button(self) -> None:
        is_shown = self.row.is_settable and not self.row.is_default
        if not is_shown and self.button.hasFocus():
            self.focus_widget().setFocus()
        self.button.setVisible(is_shown)
        self.button.setAccessibleName(f"{self.button.text()}: {self.row.title}")

    def focus_widget(self) -> QWidget:
        """What takes the keyboard: the field or the choice."""
        return self.field or self.box or self

    def _on_activated(self, _place: int) -> None:
        if self.box is not None and self.box.currentData() != self.row.value:
            self.value_chosen.emit(self.box.currentData())

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, self.height() - 1, self.width(), 1, theme.current().hairline)


def averages_text(choices: tuple[Choice, ...]) -> str:
    """What the average of scenario A is under each reading."""
    shown = [format_percent(choice.average, 2) for choice in choices]
    if len(set(shown)) <= 1:
        return _("Average of A under each reading: {average}.").format(average=shown[0]) if shown else ""
    each = (f"{average} {choice.title}" for average, choice in zip(shown, choices, strict=True))
    return _("Average of A: {averages}").format(averages=" · ".join(each))
