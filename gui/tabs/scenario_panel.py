"""The side panel of the Rate scenarios tab: one scenario, its changes in words, and what it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from core.case import LAW_SCENARIO, Case, Scenario
from core.i18n import _
from gui import theme
from gui.change_words import change_words, partner_words
from gui.tabs.change_list import ChangeList, Entry
from gui.tabs.effect_table import EffectTable, effect_rows, uncertainty_words
from gui.tabs.name_edit import NameEdit
from gui.widgets import AmberNote, Chip, IconButton, Words

if TYPE_CHECKING:
    from core.results import Results

WIDTH: Final = 340


class ScenarioPanel(QScrollArea):
    """Everything about the selected scenario. Signals carry what the user wants; nothing is changed here.

    `changes` and `rivals` tell what is wanted of their rows. One row of the two is chosen, and the buttons below
    them act on it.
    """

    name_typed = Signal(str)
    add_wanted = Signal()
    add_for_others_wanted = Signal()
    duplicate_wanted = Signal()
    delete_wanted = Signal()
    history_wanted = Signal()

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
        self.changes = ChangeList(_("Changes to the law, in order"))
        self.rivals = ChangeList(_("Terms of other partners"))
        self._chosen = self.changes  # the list that has the chosen row
        for each in (self.changes, self.rivals):
            each.entered.connect(self._on_list_entered)
            each.currentRowChanged.connect(self._on_row_changed)
        self._column.addWidget(self.changes)
        self._make_rivals()
        self._column.addSpacing(theme.S12)
        self._column.addLayout(self._make_buttons())
        self._column.addSpacing(theme.S24)

    def _make_rivals(self) -> None:
        """Heading, note and list in one: it comes and goes as a whole."""
        self.rivals_block = QWidget()
        self.rivals_block.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(self.rivals_block)
        column.setContentsMargins(0, theme.S16, 0, 0)
        column.setSpacing(2)
        column.addWidget(Words(_("Terms of other partners"), "heading"))
        note = _("For goods of others; the table keeps its rates.")
        column.addWidget(Words(note, "caption", muted=True, wrap=True))
        column.addSpacing(theme.S4)
        column.addWidget(self.rivals)
        self._column.addWidget(self.rivals_block)

    def _make_buttons(self) -> QHBoxLayout:
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
        # Their usual least width does not fit beside a scroll bar.
        for button, sides in ((self.edit_button, theme.S16), (self.more_button, theme.S32)):
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(button.text()) + sides)
        row.addStretch()
        return row

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

    def show_scenario(
        self, case: Case, scenario: Scenario, titles: Mapping[str, str], names: Mapping[str, str]
    ) -> None:
        """Name and changes, from the case: at once, without waiting for results.

        titles: of the duties by id; names: of the partners by code.
        """
        is_law = scenario.letter == LAW_SCENARIO
        self.chip.set_letter(scenario.letter)
        self.name.show_name(str(scenario.name), editable=not is_law)
        self.intro.setText(_intro(scenario))
        self._choose_list(scenario)
        own = [Entry(change_words(case, change, titles)) for change in scenario.changes]
        others = [
            Entry(change_words(case, terms.change, titles), _sentence(partner_words(terms.partners, names)))
            for terms in scenario.rivals
        ]
        self.changes.show_entries(own, is_current=self._chosen is self.changes)
        self.rivals.show_entries(others, is_current=self._chosen is self.rivals)
        self.rivals_block.setVisible(bool(others))
        self.add_button.setEnabled(not is_law)
        self._on_row_changed()

    def _choose_list(self, scenario: Scenario) -> None:
        """The list with the chosen row is one that has rows."""
        if not scenario.rivals:
            self._chosen = self.changes
        elif not scenario.changes:
            self._chosen = self.rivals

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

    def _on_list_entered(self, entered: ChangeList) -> None:
        """The other list has no chosen row any more."""
        self._chosen = entered
        (self.rivals if entered is self.changes else self.changes).setCurrentRow(-1)
        self._on_row_changed()

    def _on_row_changed(self, _row: int = -1) -> None:
        self.edit_button.setEnabled(self._chosen.currentRow() >= 0)

    def _on_edit(self) -> None:
        self._chosen.edit_wanted.emit(self._chosen.currentRow())

    def _fill_more(self) -> None:
        menu = self.more_button.menu()
        menu.clear()
        is_law = self.name.isReadOnly()
        menu.addAction(_("Other partners…"), self.add_for_others_wanted.emit).setEnabled(not is_law)
        menu.addSeparator()
        for action in self._chosen.row_actions(menu)[1:]:
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction(_("Duplicate scenario"), self.duplicate_wanted.emit)
        menu.addAction(_("History of the scenario…"), self.history_wanted.emit)
        menu.addAction(_("Delete scenario"), self.delete_wanted.emit).setEnabled(not is_law)


def _sentence(words: str) -> str:
    """With a capital, as the first line of a row begins."""
    return words[:1].upper() + words[1:]


def _intro(scenario: Scenario) -> str:
    if scenario.letter == LAW_SCENARIO:
        return _("The law as it stands. Duplicate it to change the copy.")
    if scenario.changes:
        return _("Changes to the law, in order. All else stays as the law has it.")
    if scenario.rivals:
        return _("No change for our own goods: they stay as the law has it.")
    return _("No change yet: everything stays as the law has it.")
