"""A line that adds a share for a code or its beginning, checked against the schedule while it is typed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QWidget

from core.assumptions.metals import metal_word
from core.codes import format_code
from core.errors import InputError
from core.i18n import _
from core.prefixes import parse_prefix, prefix_name
from core.reference.metals import METALS
from core.reference.pack import Pack
from gui import theme
from gui.assumptions.row import (
    BUTTON_WIDTH,
    GAP,
    LINES_WIDTH,
    TRADE_WIDTH,
    unit,
)
from gui.number_edit import StrictEdit
from gui.share_edit import FIELD_WIDTH, parse_percent_share
from gui.tabs.pieces import FittingLabel
from gui.widgets import Words

IsTaken = Callable[[str], bool]


def free_words(role: str) -> FittingLabel:
    """Words that never make a row wider than the window: they are cut, with all of them in the tool tip."""
    made = FittingLabel()
    made.setFont(theme.font(role))
    made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return made


def shorter(text: str) -> list[str]:
    """The text and ever shorter beginnings of it."""
    return [text, *(f"{text[:length].rstrip()}…" for length in range(len(text) - 2, 4, -3))]


class AddLine(QWidget):
    """Type a code or its beginning and a share. `added` carries the key of the case's table and the share."""

    added = Signal(str, object)

    def __init__(self, pack: Pack, is_taken: IsTaken, *, has_metal: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pack, self._is_taken = pack, is_taken
        self.metal = self._make_metals() if has_metal else None
        self.prefix = self._field(self._parse, _("Code or its beginning"), 164)
        self.prefix.setPlaceholderText(self.prefix.accessibleName())
        self.name = free_words("body")
        self.share = self._field(parse_percent_share, _("Share"), FIELD_WIDTH)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.button = QPushButton(_("Add"))
        self.button.setAutoDefault(False)
        self.button.setFixedSize(BUTTON_WIDTH, theme.CONTROL_HEIGHT)
        self._lay_out()
        self._connect()

    def _make_metals(self) -> QComboBox:
        made = QComboBox()
        for metal in METALS:
            made.addItem(metal_word(metal), metal)
        made.setAccessibleName(_("Metal"))
        made.setFixedHeight(theme.CONTROL_HEIGHT)
        return made

    def _lay_out(self) -> None:
        """The share stands below those of the rows."""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, theme.S8, 0, 0)
        row.setSpacing(theme.S8)
        lead = Words(_("Share for a code"), muted=True)
        lead.setBuddy(self.prefix)
        row.addWidget(lead)
        if self.metal is not None:
            row.addWidget(self.metal)
        row.addWidget(self.prefix)
        row.addWidget(self.name, 1)
        row.addWidget(self.share)
        row.addWidget(unit())
        row.addSpacing(TRADE_WIDTH + LINES_WIDTH + 3 * GAP - theme.S8)
        row.addWidget(self.button)

    def _field(self, parser: Callable[[str], object], name: str, width: int) -> StrictEdit:
        made = StrictEdit(parser)
        made.setAccessibleName(name)
        made.setFixedSize(width, theme.CONTROL_HEIGHT)
        return made

    def _connect(self) -> None:
        self.prefix.textEdited.connect(self._show_name)
        self.prefix.editingFinished.connect(self._check_prefix)
        self.prefix.returnPressed.connect(self.share.setFocus)
        self.share.returnPressed.connect(self._on_add)
        self.button.clicked.connect(self._on_add)
        if self.metal is not None:
            self.metal.activated.connect(self._check_prefix)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What the keyboard goes through, in order."""
        metal = (self.metal,) if self.metal is not None else ()
        return (*metal, self.prefix, self.share, self.button)

    def _key(self, prefix: str) -> str:
        return prefix if self.metal is None else f"{self.metal.currentData()}:{prefix}"

    def _parse(self, text: str) -> str:
        """The prefix; InputError for what is no code, has no lines, or has a share already."""
        prefix = parse_prefix(text, self._pack)
        if self._is_taken(self._key(prefix)):
            raise InputError(
                _("{code} has a share already.").format(code=format_code(prefix)),
                remedy=_("Change it in its row, or remove it there."),
            )
        return prefix

    def _check_prefix(self) -> None:
        if self.prefix.text().strip():
            self.prefix.check()

    def _show_name(self) -> None:
        """The goods meant, while typing; an unfinished code is no mistake yet."""
        try:
            prefix = parse_prefix(self.prefix.text(), self._pack)
        except InputError:
            self.name.show_texts("")
            return
        self.name.show_texts(*shorter(prefix_name(self._pack, prefix)))

    def _on_add(self) -> None:
        for field in (self.prefix, self.share):
            if not field.check():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        key, share = self._key(self.prefix.value()), Decimal(self.share.value())
        for field in (self.prefix, self.share):
            field.clear()
        self.name.show_texts("")
        self.prefix.setFocus(Qt.FocusReason.OtherFocusReason)
        self.added.emit(key, share)
