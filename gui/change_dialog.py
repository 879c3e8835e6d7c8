"""Enter or edit one change of a scenario: every kind, each field strict, errors at the place."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core import case_rules
from core.case import AnyChange, Case, Place, RateForm, SetRate
from core.case_rules import GROUP_PREFIX
from core.errors import InputError, ParleyError
from core.i18n import _
from core.quantities import format_percent, parse_rate, parse_share
from gui import theme
from gui.change_aim import Aim, Whose
from gui.change_fields import (
    FIELDS,
    KINDS,
    ChangeDraft,
    check_goods_named,
    draft_of,
    goods_words,
    is_on_all_goods,
    kind_title,
    number_or_none,
)
from gui.change_words import goods_name
from gui.days import parse_day
from gui.number_edit import StrictEdit
from gui.session import Session
from gui.whose_fields import WhoseFields
from gui.widgets import AmberNote, Words

_WIDTH: Final = 520


class ChangeDialog(QDialog):
    """`change` and `aim` hold what was entered, and whose terms it is about, when the dialog was accepted."""

    def __init__(
        self,
        session: Session,
        change: AnyChange | None,
        *,
        is_new: bool,
        aim: Aim | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._rows: dict[str, tuple[Words, QWidget]] = {}
        self._old = change
        self.change: AnyChange | None = None
        self.aim = aim if aim is not None else Aim()
        self._whose = WhoseFields(session, self.aim, self)
        self.setWindowTitle(_("Add a change") if is_new else _("Edit a change"))
        self.setMinimumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S24, theme.S24, theme.S24, theme.S16)
        column.setSpacing(theme.S16)
        letter = session.selected_scenario
        title = _("New change in {letter}") if is_new else _("Change in {letter}")
        column.addWidget(Words(title.format(letter=letter), "title"))
        column.addLayout(self._make_fields())
        self.outcome = Words(role="caption", muted=True, wrap=True)
        column.addWidget(self.outcome)
        self.note = AmberNote()
        self.note.set_text("")
        column.addWidget(self.note)
        column.addStretch()
        column.addLayout(self._make_buttons(is_new))
        for (_label, before), (_other, after) in pairwise(self._rows.values()):
            self.setTabOrder(before, after)
        start = change if change is not None else SetRate(start=session.case.as_of)
        self._show(draft_of(start))
        self._on_kind()
        self._fields["partners" if self._whose.whose is Whose.CHOSEN and is_new else "kind"].setFocus()

    # Making it

    def _make_fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.S12)
        grid.setVerticalSpacing(theme.S8)
        grid.setColumnMinimumWidth(0, 150)
        grid.setColumnStretch(1, 1)
        self._fields: dict[str, QWidget] = self._make_widgets()
        for place, (name, text) in enumerate(_labels()):
            field = self._fields[name]
            label = Words(text, muted=True)
            label.setBuddy(field)
            field.setAccessibleName(text)
            field.setFixedHeight(theme.CONTROL_HEIGHT)
            grid.addWidget(label, place, 0)
            grid.addWidget(field, place, 1)
            self._rows[name] = (label, field)
        return grid

    def _make_widgets(self) -> dict[str, QWidget]:
        kinds = _combo([(kind_title(kind), kind) for kind in KINDS])
        kinds.currentIndexChanged.connect(self._on_kind)
        forms = [(_("added to column 1"), RateForm.ADDED.value), (_("total with column 1"), RateForm.TOTAL.value)]
        places = [
            (_("instead of the general duty"), Place.INSTEAD_OF_GENERAL.value),
            (_("on top of all others"), Place.ON_TOP.value),
        ]
        self._whose.changed.connect(self._on_kind)
        made: dict[str, QWidget] = {
            **self._whose.fields,
            "kind": kinds,
            "duty": _combo(self._duties()),
            "measure": QLineEdit(),
            "title": QLineEdit(),
            "lines": _combo(self._goods()),
            "start": self._strict(parse_day),
            "until": self._strict(_optional(parse_day)),
            "rate": self._strict(parse_rate),
            "form": _combo(forms),
            "place": _combo(places),
            "volume": self._strict(number_or_none),
            "unit": QLineEdit(),
            "share_in_quota": self._strict(parse_share),
            "share_source": QLineEdit(),
            "in_rate": self._strict(parse_rate),
            "out_rate": self._strict(_optional(parse_rate)),
            "citation": QLineEdit(),
            "note": QLineEdit(),
        }
        for field in made.values():
            if isinstance(field, QLineEdit):
                field.textChanged.connect(self._show_outcome)
        hints = {
            "until": _("for good"),
            "out_rate": _("as in law"),
            "volume": _("not stated"),
            "measure": _("the one suspended or announced"),
            "unit": _("t, units, US$"),
        }
        for name, hint in hints.items():
            field = made[name]
            if isinstance(field, QLineEdit):
                field.setPlaceholderText(hint)
        return made

    def _strict(self, parser: Callable[[str], Any]) -> StrictEdit:
        field = StrictEdit(parser, self)
        field.editingFinished.connect(field.check)
        return field

    def _duties(self) -> list[tuple[str, str]]:
        pack = self._session.pack
        duties = pack.law.file.duties if pack is not None else ()
        return [(_("All additional duties"), ""), *((str(duty.title), duty.id) for duty in duties)]

    def _goods(self) -> list[tuple[str, str]]:
        groups = [(str(group.name), GROUP_PREFIX + group.id) for group in self._session.case.groups]
        lists: list[tuple[str, str]] = []
        if self._old is not None and self._old.lines.startswith(case_rules.LIST_PREFIX):
            lists.append((goods_name(self._case, self._old.lines), self._old.lines))
        return [("", ""), *lists, *groups]

    def _make_buttons(self, is_new: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        cancel = QPushButton(_("Cancel"))
        cancel.clicked.connect(self.reject)
        self.ok_button = QPushButton(_("Add change") if is_new else _("Change"))
        self.ok_button.setDefault(True)
        self.ok_button.clicked.connect(self._on_ok)
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(self.ok_button)
        return row

    # Showing

    def _show(self, draft: ChangeDraft) -> None:
        for name, value in draft.items():
            field = self._fields[name]
            if isinstance(field, QComboBox):
                field.setCurrentIndex(max(0, field.findData(value)))
            elif isinstance(field, QLineEdit):
                field.setText(value)
                field.setCursorPosition(0)

    def _kind(self) -> str:
        kinds = self._fields["kind"]
        return str(kinds.currentData()) if isinstance(kinds, QComboBox) else ""

    def _on_kind(self) -> None:
        """Only the fields of this kind of change and of its aim; those that stay keep what was typed."""
        wanted = {*self._whose.shown, "kind", *FIELDS[self._kind()]}
        for name, (label, field) in self._rows.items():
            label.setVisible(name in wanted)
            field.setVisible(name in wanted)
        goods = self._fields["lines"]
        if isinstance(goods, QComboBox):
            goods.setItemText(0, goods_words(self._kind(), may_be_all=self._may_be_all_goods()))
        self._show_outcome()
        self.adjustSize()

    def _may_be_all_goods(self) -> bool:
        """Terms of others are often for everything; our own only where they have been so before."""
        return self._whose.whose is not Whose.OWN or is_on_all_goods(self._old)

    def _show_outcome(self) -> None:
        """What the choice does in the case; for a quota, what it comes to on all the goods, live."""
        words = []
        if self._whose.whose is Whose.ALL:
            words.append(_("Enters a change of our own and terms of all other partners, in one step."))
        if self._kind() == "quota":
            words.append(self._quota_outcome())
        text = " ".join(words)
        self.outcome.setText(text)
        self.outcome.setVisible(bool(text))

    def _quota_outcome(self) -> str:
        from core.effect import quota_average

        try:
            share, inside = self._value("share_in_quota"), self._value("in_rate")
            outside = self._value("out_rate")
        except InputError:
            return _("The effective average shows when share and rates can be read.")
        if outside is None:
            outside = self._law_rate()
        if outside is None:
            return _("Outside the quota the law's rate applies.")
        return _("Effective average: {share} at {inside} and the rest at {outside} make {average}.").format(
            share=format_percent(share),
            inside=format_percent(inside),
            outside=format_percent(outside),
            average=format_percent(quota_average(inside, outside, share)),
        )

    def _law_rate(self) -> Any:
        """The law's rate of the duty on our own goods on the as-of date, as the table shows it."""
        if self._whose.whose is not Whose.OWN:
            return None
        results, duty = self._session.results, self._combo_value("duty")
        rows = results.rate_rows if results is not None else ()
        return next((row.cells[0].rate for row in rows if row.duty == duty), None)

    # Taking

    def _value(self, name: str) -> Any:
        field = self._fields[name]
        return field.value() if isinstance(field, StrictEdit) else None

    def _combo_value(self, name: str) -> str:
        field = self._fields[name]
        return str(field.currentData()) if isinstance(field, QComboBox) else ""

    def _draft(self) -> dict[str, Any] | None:
        """The values of the fields of this kind; None when one of them cannot be taken."""
        values: dict[str, Any] = {}
        refused: list[StrictEdit] = []
        for name in FIELDS[self._kind()]:
            field = self._fields[name]
            if isinstance(field, StrictEdit):
                if field.check():
                    values[name] = field.value()
                else:
                    refused.append(field)
            elif isinstance(field, QLineEdit):
                values[name] = field.text().strip()
            else:
                values[name] = self._combo_value(name)
        if refused:
            refused[0].setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return values

    def _on_ok(self) -> None:
        values, aim = self._draft(), self._whose.aim()
        if values is None or aim is None:
            return
        try:
            check_goods_named(self._kind(), values["lines"], may_be_all=self._may_be_all_goods())
            change = KINDS[self._kind()](values, self._old)
            case_rules.check_change(self._case, change)
        except ParleyError as error:
            self.note.set_text(error.message())
            return
        self.change, self.aim = change, aim
        self.accept()

    @property
    def _case(self) -> Case:
        return self._session.case


def _optional(parser: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: parser(text) if text.strip() else None


def _combo(entries: list[tuple[str, str]]) -> QComboBox:
    made = QComboBox()
    for text, value in entries:
        made.addItem(text, value)
    return made


def _labels() -> tuple[tuple[str, str], ...]:
    return (
        ("whose", _("Whose goods")),
        ("partners", _("Partners")),
        ("left_out", _("But not")),
        ("kind", _("Kind of change")),
        ("title", _("Name of the duty")),
        ("duty", _("Duty")),
        ("measure", _("Measure")),
        ("lines", _("Goods")),
        ("rate", _("Rate, %")),
        ("form", _("The rate is")),
        ("place", _("The duty stands")),
        ("volume", _("Quota a year")),
        ("unit", _("Unit of the quota")),
        ("share_in_quota", _("Share of value inside")),
        ("share_source", _("Source of the share")),
        ("in_rate", _("Rate inside, %")),
        ("out_rate", _("Rate outside, %")),
        ("start", _("From")),
        ("until", _("Law again from")),
        ("citation", _("Citation")),
        ("note", _("Note, internal")),
    )
