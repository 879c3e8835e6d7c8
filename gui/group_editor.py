"""Edit the item groups: names, code prefixes, new groups. One undo step for all that was changed."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core import edits
from core.case import ItemGroup
from core.codes import format_code, parse_code
from core.errors import InputError
from core.i18n import _
from core.quantities import format_number
from core.reference.groups import group_of_codes
from core.text import LocalText
from gui import theme
from gui.session import Session
from gui.tabs.pieces import label

MILLION: Final = 1e6
_SEPARATORS: Final = re.compile(r"[\s,;]+")


def parse_prefixes(text: str) -> tuple[str, ...]:
    """Prefixes as typed, one a line or with commas between; InputError for what is no code."""
    words = [word for word in _SEPARATORS.split(text) if word]
    return tuple(dict.fromkeys(parse_code(word) for word in words))


def check_disjoint(groups: tuple[ItemGroup, ...]) -> None:
    """InputError when one prefix stands in two groups: a line is in one group only."""
    owner: dict[str, ItemGroup] = {}
    for group in groups:
        for prefix in group.prefixes:
            if prefix in owner:
                raise InputError(
                    _("{code} stands in two groups.").format(code=format_code(prefix)),
                    why=_("{first} and {second} both have it.").format(first=owner[prefix].name, second=group.name),
                    remedy=_("Take it out of one of them."),
                )
            owner[prefix] = group


def new_id(groups: list[ItemGroup]) -> str:
    """An id that no group has."""
    taken = {group.id for group in groups}
    number = 1
    while f"group-{number}" in taken:
        number += 1
    return f"group-{number}"


class GroupEditor(QDialog):
    """Groups left, the chosen one right, with the lines and imports that it takes."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self.groups: list[ItemGroup] = list(session.case.groups)
        self._shown = -1
        self.setWindowTitle(_("Item groups"))
        self.resize(680, 520)
        self._build()
        self._fill_list(0)

    def _build(self) -> None:
        self.list = QListWidget()
        self.list.setAccessibleName(_("Item groups"))
        self.list.setFixedWidth(256)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(self._on_chosen)
        self.english, self.korean = QLineEdit(), QLineEdit()
        self.prefixes = QPlainTextEdit()
        self.prefixes.setPlaceholderText(_("Codes or their beginnings, e.g. 8703.23 or 8507"))
        self.prefixes.setTabChangesFocus(True)
        self.takes, self.problem = label("", "caption", muted=True), label("", "caption")
        palette = self.problem.palette()
        palette.setColor(self.problem.foregroundRole(), theme.current().error_text)
        self.problem.setPalette(palette)
        for field in (self.english, self.korean):
            field.textEdited.connect(self._on_edited)
        self.prefixes.textChanged.connect(self._on_edited)
        middle = QHBoxLayout()
        middle.setSpacing(theme.S16)
        middle.addLayout(self._left())
        middle.addLayout(self._form(), 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S16)
        box.setSpacing(theme.S12)
        hint = _("The longest prefix wins over all groups, so that every line is in one group only.")
        box.addWidget(label(hint, muted=True))
        box.addLayout(middle, 1)
        box.addWidget(self.problem)
        box.addWidget(self._buttons())

    def _left(self) -> QVBoxLayout:
        self.add, self.remove = QPushButton(_("New group")), QPushButton(_("Remove"))
        self.add.clicked.connect(self._on_add)
        self.remove.clicked.connect(self._on_remove)
        row = QHBoxLayout()
        row.addWidget(self.add)
        row.addWidget(self.remove)
        left = QVBoxLayout()
        left.addWidget(self.list)
        left.addLayout(row)
        return left

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setVerticalSpacing(theme.S8)
        form.addRow(QLabel(_("Name, English")), self.english)
        form.addRow(QLabel(_("Name, Korean")), self.korean)
        form.addRow(QLabel(_("Prefixes")), self.prefixes)
        form.addRow(QLabel(""), self.takes)
        return form

    def _buttons(self) -> QDialogButtonBox:
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.buttons.button(standard.Ok).setText(_("Apply"))
        self.buttons.button(standard.Cancel).setText(_("Cancel"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        return self.buttons

    # Showing

    def _fill_list(self, place: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for group in self.groups:
            item = QListWidgetItem(str(group.name) or group.id)
            item.setSizeHint(QSize(0, theme.row_height()))
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setCurrentRow(min(place, len(self.groups) - 1))
        self._on_chosen(self.list.currentRow())

    def _on_chosen(self, place: int) -> None:
        self._shown = -1  # filling the fields is no edit
        is_group = 0 <= place < len(self.groups)
        group = self.groups[place] if is_group else ItemGroup(id="", name=LocalText())
        self.english.setText(group.name.en)
        self.korean.setText(group.name.ko)
        self.prefixes.setPlainText("\n".join(format_code(prefix) for prefix in group.prefixes))
        is_rest = group.id == self._catch_all()
        self.prefixes.setEnabled(is_group and not is_rest)
        self.remove.setEnabled(is_group and not is_rest)
        self._shown = place
        self._tell()

    def _catch_all(self) -> str:
        return self._session.pack.groups.catch_all if self._session.pack is not None else ""

    def _on_edited(self) -> None:
        if not 0 <= self._shown < len(self.groups):
            return
        try:
            prefixes = parse_prefixes(self.prefixes.toPlainText())
        except InputError as error:
            self._refuse(error)
            return
        name = LocalText(en=self.english.text().strip(), ko=self.korean.text().strip())
        old = self.groups[self._shown]
        self.groups[self._shown] = ItemGroup(id=old.id, name=name, prefixes=prefixes)
        self.list.item(self._shown).setText(str(name) or old.id)
        self._tell()

    def _tell(self) -> None:
        """What the chosen group takes now, and whether all groups fit together."""
        try:
            check_disjoint(tuple(self.groups))
        except InputError as error:
            self._refuse(error)
            return
        self.problem.setText("")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(True)
        self.takes.setText(self._taken() if self._shown >= 0 else "")

    def _refuse(self, error: InputError) -> None:
        self.problem.setText(error.message())
        self.takes.setText("")
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)

    def _taken(self) -> str:
        results = self._session.results
        if results is None:
            return ""
        portfolio, ids = results.portfolio, [group.id for group in self.groups]
        rest = ids.index(self._catch_all()) if self._catch_all() in ids else len(ids) - 1
        places = group_of_codes(portfolio.codes.tolist(), [group.prefixes for group in self.groups], rest)
        mine = places == self._shown
        return _("{count} statistical lines, US$ {value} m of imports in {year}").format(
            count=format_number(int(np.count_nonzero(mine))),
            value=format_number(float(portfolio.value[mine].sum()) / MILLION),
            year=portfolio.year,
        )

    # Changing

    def _on_add(self) -> None:
        group = ItemGroup(id=new_id(self.groups), name=LocalText(en=_("New group")))
        self.groups.insert(0, group)
        self._fill_list(0)
        self.english.selectAll()
        self.english.setFocus()

    def _on_remove(self) -> None:
        if 0 <= self._shown < len(self.groups):
            del self.groups[self._shown]
            self._fill_list(max(0, self._shown - 1))

    def accept(self) -> None:
        """Apply all as one edit; what cannot be taken is said here and the dialog stays."""
        try:
            case = edits.set_groups(self._session.case, tuple(self.groups))
        except InputError as error:
            self._refuse(error)
            return
        self._session.apply(_("Edit item groups"), case)
        super().accept()
