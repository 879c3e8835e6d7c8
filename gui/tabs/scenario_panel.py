"""The side panel of the Rate scenarios tab: one scenario, its changes in words, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from core.case import LAW_SCENARIO, Case, Scenario
from core.i18n import _
from core.quantities import format_number, format_percent, format_rate
from gui import theme
from gui.change_words import Words as ChangeWords
from gui.change_words import change_words
from gui.style import draw_focus_ring
from gui.tabs.rates_table_model import AnyIndex
from gui.widgets import AmberNote, Chip, IconButton, Words

if TYPE_CHECKING:
    from core.results import Results

WIDTH: Final = 340
_WORDS_ROLE: Final = Qt.ItemDataRole.UserRole
_NUMBER_WIDTH: Final = 22
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class _ChangeDelegate(QStyledItemDelegate):
    """Number, title in 600, detail below in caption; both wrap."""

    def _rects(self, words: ChangeWords, width: int) -> tuple[QRect, QRect]:
        room = QRect(0, 0, max(40, width - _NUMBER_WIDTH - 2), 1000)
        flags = int(Qt.TextFlag.TextWordWrap)
        title = QFontMetrics(theme.font("body", bold=True)).boundingRect(room, flags, words.title)
        detail = QFontMetrics(theme.font("caption")).boundingRect(room, flags, words.detail)
        return title, detail

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListWidget) else WIDTH
        title, detail = self._rects(index.data(_WORDS_ROLE), width)
        return QSize(0, title.height() + detail.height() + 2 + 2 * 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        words, colours, rect = index.data(_WORDS_ROLE), theme.current(), option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colours.selection)
        title, detail = self._rects(words, rect.width())
        flags = int(Qt.TextFlag.TextWordWrap)
        left, top = rect.left() + _NUMBER_WIDTH, rect.top() + 6
        painter.setPen(colours.muted)
        painter.setFont(theme.font("body"))
        painter.drawText(QRect(rect.left() + 4, top, 16, title.height()), flags, str(index.row() + 1))
        painter.setPen(colours.text)
        painter.setFont(theme.font("body", bold=True))
        painter.drawText(QRect(left, top, rect.width() - _NUMBER_WIDTH, title.height()), flags, words.title)
        painter.setPen(colours.muted)
        painter.setFont(theme.font("caption"))
        below = QRect(left, top + title.height() + 2, rect.width() - _NUMBER_WIDTH, detail.height())
        painter.drawText(below, flags, words.detail)
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), colours.hairline)
        if option.state & QStyle.StateFlag.State_HasFocus:
            draw_focus_ring(painter, rect)
        painter.restore()


class ChangeList(QListWidget):
    """The changes in order. Enter edits, Del takes out, Alt with an arrow moves."""

    edit_wanted = Signal(int)
    remove_wanted = Signal(int)
    move_wanted = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(_ChangeDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Changes to the law, in order"))
        self.itemDoubleClicked.connect(self._on_double_click)
        theme.notifier.changed.connect(self._fit)

    def show_changes(self, words: list[ChangeWords]) -> None:
        """Replace all rows, keeping the place."""
        row = self.currentRow()
        self.clear()
        for each in words:
            item = QListWidgetItem(f"{each.title}, {each.detail}")
            item.setData(_WORDS_ROLE, each)
            item.setToolTip(each.detail)
            self.addItem(item)
        if words:
            self.setCurrentRow(min(max(row, 0), len(words) - 1))
        self._fit()

    def _fit(self) -> None:
        """As high as its rows: the panel scrolls, not the list."""
        self.scheduleDelayedItemsLayout()
        self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(self.count())) + 2)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        self._fit()

    def _on_double_click(self, item: QListWidgetItem) -> None:
        self.edit_wanted.emit(self.row(item))

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
            self.move_wanted.emit(row, row - 1)
        elif is_alt and event.key() == Qt.Key.Key_Down:
            self.move_wanted.emit(row, row + 1)
        else:
            super().keyPressEvent(event)


class EffectTable(QWidget):
    """Part, points of rate, US$ bn of duty: painted, with the same words for assistive software."""

    _ROW, _HEAD = 27, 40

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, str, str, float]] = []
        theme.notifier.changed.connect(self.update)

    def show_rows(self, rows: list[tuple[str, str, str, float]]) -> None:
        """(part, points, US$ bn, sign); the last row is the total."""
        self._rows = rows
        self.setFixedHeight(self._HEAD + self._ROW * len(rows) + 2 if rows else 0)
        spoken = "; ".join(f"{part}: {points} {_('points')}, {duty} {_('US$ bn')}" for part, points, duty, _s in rows)
        self.setAccessibleName(spoken)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter, colours = QPainter(self), theme.current()
        duty_left, points_left = self.width() - 72, self.width() - 148
        self._paint_head(painter, points_left, duty_left)
        for place, (part, points, duty, sign) in enumerate(self._rows):
            is_total = place == len(self._rows) - 1
            top = self._HEAD + place * self._ROW
            painter.setFont(theme.font("body", bold=is_total))
            painter.setPen(colours.text)
            name = painter.fontMetrics().elidedText(part, Qt.TextElideMode.ElideRight, points_left - 4)
            painter.drawText(QRect(0, top, points_left, self._ROW), _LEFT, name)
            painter.setPen(colours.change_colour(sign))
            painter.drawText(QRect(points_left, top, 72, self._ROW), _RIGHT, points)
            painter.drawText(QRect(duty_left, top, 72, self._ROW), _RIGHT, duty)
            colour = colours.line if is_total or place == len(self._rows) - 2 else colours.hairline
            painter.fillRect(QRect(0, top + self._ROW - 1, self.width(), 1), colour)

    def _paint_head(self, painter: QPainter, points_left: int, duty_left: int) -> None:
        colours = theme.current()
        painter.setPen(colours.muted)
        heads = (
            (0, points_left, "", _("Part"), _LEFT),
            (points_left, 72, _("Rate"), _("points"), _RIGHT),
            (duty_left, 72, _("Duty"), _("US$ bn"), _RIGHT),
        )
        for left, width, name, unit, flags in heads:
            painter.setFont(theme.font("caption", bold=True))
            painter.drawText(QRect(left, 0, width, 19), flags, name or "")
            painter.setFont(theme.font("caption", bold=not name))
            painter.drawText(QRect(left, 18, width, 19), flags, unit)
        painter.fillRect(QRect(0, self._HEAD - 1, self.width(), 1), colours.line)


class NameEdit(QLineEdit):
    """The scenario's name as a title that can be typed over."""

    name_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._good = ""
        self.setFrame(False)
        self.setAccessibleName(_("Name of the scenario"))
        self.editingFinished.connect(self._on_finished)
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        self.setFont(theme.font("title"))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Base, theme.current().base)
        self.setPalette(palette)

    def show_name(self, name: str, *, editable: bool) -> None:
        """Show it; announces nothing."""
        self._good = name
        self.setText(name)
        self.setCursorPosition(0)
        self.setReadOnly(not editable)
        self.setToolTip(_("Click to rename") if editable else "")

    def _on_finished(self) -> None:
        if self.text().strip() and self.text() != self._good:
            self.name_typed.emit(self.text().strip())
        else:
            self.setText(self._good)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._good)
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and not self.isReadOnly():
            draw_focus_ring(QPainter(self), self.rect())


class ScenarioPanel(QScrollArea):
    """Everything about the selected scenario. Signals carry what the user wants; nothing is changed here."""

    name_typed = Signal(str)
    add_wanted = Signal()
    edit_wanted = Signal(int)
    remove_wanted = Signal(int)
    move_wanted = Signal(int, int)
    duplicate_wanted = Signal()
    delete_wanted = Signal()
    history_wanted = Signal(int)  # row of a change, -1 for the scenario as a whole

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(320)
        self.setMaximumWidth(372)
        inside = QWidget()
        inside.setAutoFillBackground(True)
        inside.setBackgroundRole(inside.palette().ColorRole.Base)
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S16)
        self._column.setSpacing(0)
        self._make_head()
        self._make_changes()
        self._make_effect()
        self._column.addStretch()
        self.setWidget(inside)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    # Making it

    def _make_head(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        self.chip = Chip(LAW_SCENARIO)
        self.name = NameEdit()
        self.name.name_typed.connect(self.name_typed)
        row.addWidget(self.chip)
        row.addWidget(self.name, 1)
        self._column.addLayout(row)
        self._column.addSpacing(2)
        self.intro = Words(role="caption", muted=True, wrap=True)
        self._column.addWidget(self.intro)
        self._column.addSpacing(theme.S8)

    def _make_changes(self) -> None:
        self.changes = ChangeList()
        self.changes.edit_wanted.connect(self.edit_wanted)
        self.changes.remove_wanted.connect(self.remove_wanted)
        self.changes.move_wanted.connect(self.move_wanted)
        self.changes.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.changes.customContextMenuRequested.connect(self._on_context_menu)
        self.changes.currentRowChanged.connect(self._on_row_changed)
        self._column.addWidget(self.changes)
        self._column.addSpacing(theme.S12)
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        self.add_button = IconButton("plus", _("Add change…"))
        self.add_button.clicked.connect(self.add_wanted)
        self.edit_button = QPushButton(_("Edit…"))
        self.edit_button.clicked.connect(self._on_edit)
        self.more_button = QPushButton(_("More"))
        self.more_button.setMenu(QMenu(self.more_button))
        self.more_button.menu().aboutToShow.connect(self._fill_more)
        for button in (self.add_button, self.edit_button, self.more_button):
            row.addWidget(button)
        row.addStretch()
        self._column.addLayout(row)
        self._column.addSpacing(theme.S24)

    def _make_effect(self) -> None:
        self.effect_title = Words(role="heading")
        self.effect = EffectTable()
        self.note = AmberNote()
        self._column.addWidget(self.effect_title)
        self._column.addSpacing(theme.S8)
        self._column.addWidget(self.effect)
        self._column.addSpacing(theme.S16)
        self._column.addWidget(self.note)

    # Showing

    def show_scenario(self, case: Case, scenario: Scenario, titles: dict[str, str]) -> None:
        """Name and changes, from the case: at once, without waiting for results."""
        is_law = scenario.letter == LAW_SCENARIO
        self.chip.set_letter(scenario.letter)
        self.name.show_name(str(scenario.name), editable=not is_law)
        if is_law:
            self.intro.setText(_("The law as it stands. Duplicate it to change the copy."))
        elif scenario.changes:
            self.intro.setText(_("Changes to the law, in order. All else stays as the law has it."))
        else:
            self.intro.setText(_("No change yet: everything stays as the law has it."))
        self.changes.show_changes([change_words(case, change, titles) for change in scenario.changes])
        self.changes.setVisible(bool(scenario.changes))
        self.add_button.setEnabled(not is_law)
        self.edit_button.setEnabled(self.changes.currentRow() >= 0)

    def show_effect(self, results: Results, letter: str) -> None:
        """What the scenario does against the one compared with."""
        against = results.case.compare_with
        is_same = letter == against
        self.effect_title.setText(
            _("What it does") if is_same else _("What it does, against {letter}").format(letter=against)
        )
        self.effect_title.setVisible(not is_same)
        self.effect.setVisible(not is_same)
        self.effect.show_rows([] if is_same else effect_rows(results, letter, against))
        self.note.set_text(uncertainty_words(results, letter))

    # Acting

    def _on_row_changed(self, row: int) -> None:
        self.edit_button.setEnabled(row >= 0)

    def _on_edit(self) -> None:
        self.edit_wanted.emit(self.changes.currentRow())

    def _on_context_menu(self, where: QPoint) -> None:
        menu = QMenu(self)
        for action in self._row_actions(menu):
            menu.addAction(action)
        menu.exec(self.changes.mapToGlobal(where))
        menu.deleteLater()

    def _row_actions(self, parent: QMenu) -> list[QAction]:
        row, count = self.changes.currentRow(), self.changes.count()
        wanted = (
            (_("Edit…"), "", row >= 0, lambda: self.edit_wanted.emit(row)),
            (_("Take out"), "Del", row >= 0, lambda: self.remove_wanted.emit(row)),
            (_("Move up"), "Alt+Up", row > 0, lambda: self.move_wanted.emit(row, row - 1)),
            (_("Move down"), "Alt+Down", 0 <= row < count - 1, lambda: self.move_wanted.emit(row, row + 1)),
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

    def _fill_more(self) -> None:
        menu = self.more_button.menu()
        menu.clear()
        for action in self._row_actions(menu)[1:]:
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(_("Duplicate scenario"), self.duplicate_wanted.emit)
        menu.addAction(_("History of the scenario…"), lambda: self.history_wanted.emit(-1))
        delete = menu.addAction(_("Delete scenario"), self.delete_wanted.emit)
        delete.setEnabled(not self.name.isReadOnly())


def effect_rows(results: Results, letter: str, against: str) -> list[tuple[str, str, str, float]]:
    """Each part's change of rate in points and of duty in US$ bn, then the total."""
    from core.effect import REST, effect_by_part

    titles = {row.duty: str(row.title) for row in results.rate_rows}
    titles[REST] = _("Other goods")
    rows = [
        _effect_row(titles[part.duty], part.rate_change, part.duty_change)
        for part in effect_by_part(results, letter, against)
    ]
    here, there = results.evaluation(letter), results.evaluation(against)
    rows.append(_effect_row(_("Total"), here.average - there.average, here.duty_total - there.duty_total))
    return rows


def _effect_row(name: str, rate_change: float, duty_change: float) -> tuple[str, str, str, float]:
    duty = format_number(duty_change / 1e9, 2, plus=True)
    return name, format_rate(rate_change, 1, plus=True), duty, duty_change if duty.strip("0.") else 0.0


def uncertainty_words(results: Results, letter: str) -> str:
    """What of these numbers is inferred or assumed, and how much hangs on it."""
    from core.case import Quota
    from core.effect import inferred_value

    found = inferred_value(results.portfolio)
    share = results.case.assumptions.default_utilisation
    sentences = []
    if found.total > 0 and found.default_use > 0:
        sentences.append(
            _("Uncertain: for {part} of the value the use of the preference is the assumed {share}.").format(
                part=format_percent(found.default_use / found.total, 1), share=format_percent(share)
            )
        )
    low, high = results.evaluation(letter).average_range
    if format_percent(low, 2) != format_percent(high, 2):
        sentences.append(
            _("The average is {low} to {high}, as none or all goods listed on a condition meet it.").format(
                low=format_percent(low, 2), high=format_percent(high, 2)
            )
        )
    for change in results.case.scenario(letter).changes:
        if isinstance(change, Quota):
            sentences.append(
                _("Assumed: {share} of the value enters within the quota.").format(
                    share=format_percent(change.share_in_quota)
                )
            )
    return " ".join(sentences)
