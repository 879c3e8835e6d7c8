"""The tool row above the partners: search, goods, scenario, whose terms, over which goods; and what is being done."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from core.case import Case
from core.codes import format_code
from core.errors import InputError
from core.i18n import N_, _
from gui import icons, theme
from gui.partners_edit import PartnersEdit
from gui.session import Session
from gui.tabs.code_edit import CodeEdit
from gui.tabs.partners_choice import ALL_GOODS, GROUP_PREFIX, Choice, Mix, Which, first_choice
from gui.tabs.pieces import FittingLabel
from gui.widgets import ScenarioPicker, Words

WHICH: Final = (
    (Which.LARGEST, N_("Largest suppliers")),
    (Which.ALL, N_("All partners")),
    (Which.LISTED, N_("Chosen…")),
)
MIXES: Final = ((Mix.SAME, N_("same goods")), (Mix.OWN, N_("own goods")))
_CODE: Final = "code"
_ROOMY: Final = 1000  # below this width the names of the fields do not fit
_SEARCH_WIDTH, _LEAST_SEARCH_WIDTH = 150, 124
_CODE_WIDTH: Final = 240
_GOODS_LENGTH: Final = 16  # characters


class PartnersTools(QWidget):
    """`chosen`: the user wants another comparison; `mix_chosen`: the same one over other goods."""

    chosen = Signal()
    mix_chosen = Signal()
    left = Signal()  # Enter or Esc in the search

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.choice: Choice = first_choice(session.case)
        self._labels: list[Words] = []
        self._build()
        self._connect()
        self.refresh()

    # Building

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S12, theme.S8, theme.S12, theme.S8)
        column.setSpacing(theme.S8)
        column.addLayout(self._upper_row())
        self.typed = self._lower_row()
        column.addWidget(self.typed)
        self.typed.hide()

    def _upper_row(self) -> QHBoxLayout:
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self.search.setPlaceholderText(_("Find a partner"))
        self.search.setAccessibleName(_("Find a partner"))
        self._search_icon = QAction(self.search)
        self.search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.goods, self.scenario = QComboBox(), ScenarioPicker()
        self.goods.setMaxVisibleItems(30)
        self.goods.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.goods.setMinimumContentsLength(_GOODS_LENGTH)
        self.which, self.mix = QComboBox(), QComboBox()
        self.which.addItems([_(text) for _which, text in WHICH])
        self.mix.addItems([_(text) for _mix, text in MIXES])
        self.count = FittingLabel()
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        row.addWidget(self.search)
        for text, field in (
            (_("Goods"), self.goods),
            (_("Scenario"), self.scenario),
            (_("Partners"), self.which),
            (_("Over"), self.mix),
        ):
            self._labelled(row, text, field)
        row.addWidget(self.count, 1)
        self.dress()
        return row

    def _labelled(self, row: QHBoxLayout, text: str, field: QWidget) -> None:
        label = Words(text, muted=True)
        label.setBuddy(field)
        field.setAccessibleName(text)
        field.setToolTip(text)
        self._labels.append(label)
        row.addWidget(label)
        row.addWidget(field)

    def _lower_row(self) -> QWidget:
        """What is typed: shown only where it is asked for."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.S8)
        self.code = CodeEdit()
        self.code.setMinimumWidth(_CODE_WIDTH)
        self.code.setMaximumWidth(_CODE_WIDTH)
        self.code_label, self.partners_label = Words(_("Code"), muted=True), Words(_("Partners shown"), muted=True)
        self.partners: PartnersEdit | None = None  # made once the partners are known
        self._partners_row = QHBoxLayout()
        row.addWidget(self.code_label)
        row.addWidget(self.code)
        row.addWidget(self.partners_label)
        row.addLayout(self._partners_row, 1)
        row.addStretch()
        self.code_label.setBuddy(self.code)
        return holder

    def _partners_edit(self) -> PartnersEdit:
        if self.partners is None:
            self.partners = PartnersEdit(self._session)
            self.partners.setFixedHeight(theme.CONTROL_HEIGHT)
            self.partners.setPlaceholderText(_("names or codes, with commas"))
            self.partners.setAccessibleName(_("Partners shown"))
            self.partners.editingFinished.connect(self._on_partners_typed)
            self.partners_label.setBuddy(self.partners)
            self._partners_row.addWidget(self.partners)
        return self.partners

    def _connect(self) -> None:
        self.search.returnPressed.connect(self.left)
        self.goods.activated.connect(self._on_goods)
        self.scenario.activated.connect(lambda _place: self._choose(letter=self.scenario.letter()))
        self.which.activated.connect(self._on_which)
        self.mix.activated.connect(lambda _place: self.mix_chosen.emit())
        self.code.accepted.connect(lambda code: self._choose(goods=code))

    def minimumSizeHint(self) -> QSize:
        """The page may be narrower than its longest words."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow page the fields stand without their names, which the tips keep."""
        super().resizeEvent(event)
        for label in self._labels:
            label.setVisible(self.width() >= _ROOMY)
        self.search.setFixedWidth(_SEARCH_WIDTH if self.width() >= _ROOMY else _LEAST_SEARCH_WIDTH)

    def dress(self) -> None:
        self._search_icon.setIcon(icons.icon("search", theme.current().muted))

    # Showing

    @property
    def shown_mix(self) -> Mix:
        return MIXES[max(0, self.mix.currentIndex())][0]

    def _shown_which(self) -> Which:
        return WHICH[max(0, self.which.currentIndex())][0]

    def refresh(self) -> None:
        """Groups, scenarios and names of the case; announces nothing."""
        case = self._session.case
        self.choice = self.choice.of(case)
        self._fill_goods(case)
        self.scenario.show_scenarios(case.scenarios, self.choice.letter)
        self.which.setCurrentIndex([each for each, _text in WHICH].index(self.choice.which))
        self._show_typed()

    def _fill_goods(self, case: Case) -> None:
        wants_code = self.goods.currentData() == _CODE
        self.goods.clear()
        for group in case.groups:
            self.goods.addItem(str(group.name), GROUP_PREFIX + group.id)
        self.goods.insertSeparator(self.goods.count())
        self.goods.addItem(_("All goods"), ALL_GOODS)
        self.goods.addItem(_("Code…"), _CODE)
        is_code = wants_code or self.choice.goods.isdigit()
        self.goods.setCurrentIndex(self.goods.findData(_CODE if is_code else self.choice.goods))

    def _show_typed(self) -> None:
        wants_code = self.goods.currentData() == _CODE
        wants_list = self._shown_which() is Which.LISTED
        for widget in (self.code_label, self.code):
            widget.setVisible(wants_code)
        self.partners_label.setVisible(wants_list)
        if self.partners is not None or wants_list:
            self._partners_edit().setVisible(wants_list)
        self.typed.setVisible(wants_code or wants_list)

    def show_busy(self) -> None:
        """Old numbers are muted meanwhile, and no longer counted."""
        self.count.show_texts(_("Calculating…"))

    # What the user does

    def choose(self, choice: Choice, mix: Mix | None = None) -> None:
        """Ask for this, as if it had been chosen in the row."""
        self.choice = choice
        if choice.goods.isdigit():
            self.code.set_good(format_code(choice.goods))
        if mix is not None:
            self.mix.setCurrentIndex([each for each, _text in MIXES].index(mix))
        self.goods.setCurrentIndex(-1)
        self.refresh()
        if choice.which is Which.LISTED:
            self._partners_edit().show_codes(choice.codes)
        self.chosen.emit()

    def list_partners(self, codes: tuple[str, ...]) -> None:
        """What a list begins with that nobody has typed yet: the partners shown."""
        if self.choice.which is Which.LARGEST and not self.choice.codes:
            self._partners_edit().show_codes(codes)

    def _choose(self, *, goods: str | None = None, letter: str | None = None, which: Which | None = None) -> None:
        now = self.choice
        self.choice = Choice(
            now.goods if goods is None else goods,
            now.letter if letter is None else letter,
            now.which if which is None else which,
            now.codes,
        )
        if self.choice != now:
            self.chosen.emit()

    def _on_goods(self, _place: int) -> None:
        self._show_typed()
        if self.goods.currentData() != _CODE:
            self._choose(goods=self.goods.currentData())
        elif self.code.text() and self.code.check():
            self._choose(goods=self.code.value())
        else:
            self.code.setFocus()

    def _on_which(self, place: int) -> None:
        which = WHICH[place][0]
        self._show_typed()
        if which is not Which.LISTED:
            self._choose(which=which)
            return
        self._on_partners_typed()
        self._partners_edit().setFocus()

    def _on_partners_typed(self) -> None:
        """A list that can be taken, and is another one."""
        edit = self._partners_edit()
        popup = edit.completer().popup() if edit.completer() is not None else None
        if self._shown_which() is not Which.LISTED or (popup is not None and popup.isVisible()):
            return
        try:
            codes = tuple(edit.value())
        except InputError:  # the field says so itself
            return
        wanted = Choice(self.choice.goods, self.choice.letter, Which.LISTED, codes)
        if wanted != self.choice:
            self.choice = wanted
            self.chosen.emit()

    def escape(self) -> None:
        """Empty the search, where the keyboard is in it."""
        if self.search.hasFocus():
            self.search.clear()

    def start_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
