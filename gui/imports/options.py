"""What the user decides beside the columns: decimal mark, zeros, and where the table goes."""

from __future__ import annotations

from typing import Any, Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from core.case import LAW_SCENARIO, Case
from core.case_rules import FIRST_YEAR, LAST_YEAR
from core.codes import format_code
from core.errors import InputError
from core.i18n import _, ngettext
from core.imports.codes import read_code
from core.imports.columns import Remembered
from core.imports.numbers import Mark, parse, parse_percent
from core.imports.plan import UNITS
from core.imports.suggestion import NumberView
from core.quantities import format_number
from gui import theme
from gui.number_edit import StrictEdit
from gui.widgets import AmberNote, Words

_UNDECIDED: Final = ""
_MOST_DECIMALS: Final = 6


class Block(QWidget):
    """A heading and fields below each other, each with its label above."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(theme.S8)
        self.column.addWidget(Words(title, "heading"))

    def add_field(self, text: str, field: QWidget) -> Words:
        label = Words(text, "caption", muted=True)
        label.setBuddy(field)
        field.setAccessibleName(text)
        field.setFixedHeight(theme.CONTROL_HEIGHT)
        box = QVBoxLayout()
        box.setSpacing(theme.S4)
        box.addWidget(label)
        box.addWidget(field)
        self.column.addLayout(box)
        return label


class ReadingOptions(Block):
    """The decimal mark with examples of what it makes of the cells, and the zeros that codes may have lost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Numbers and codes"), parent)
        self.mark_box = QComboBox()
        self.mark_box.addItem(_("Choose…"), _UNDECIDED)
        for mark in Mark:
            self.mark_box.addItem(mark.label, mark.value)
        self.mark_box.activated.connect(lambda _place: self._on_chosen())
        self._mark_label = self.add_field(_("Decimal mark"), self.mark_box)
        self.why = AmberNote()
        self.why.set_text("")
        self.column.addWidget(self.why)
        self.examples = Words(role="caption", muted=True, wrap=True)
        self.column.addWidget(self.examples)
        self.zeros = QCheckBox(_("Restore leading zeros of codes"))
        self.column.addWidget(self.zeros)
        self.zeros_note = Words(role="caption", muted=True, wrap=True)
        self.column.addWidget(self.zeros_note)
        self._view: NumberView | None = None
        self._was_chosen = False

    def recall(self, remembered: Remembered) -> None:
        """As the last time; announces nothing."""
        self.zeros.setChecked(remembered.restore_zeros)
        if remembered.mark in {mark.value for mark in Mark}:
            self.mark_box.setCurrentIndex(self.mark_box.findData(remembered.mark))
            self._was_chosen = True

    def show_view(self, view: NumberView, *, has_numbers: bool, has_codes: bool) -> None:
        """What the cells say. A mark that the user chose stays while the cells allow it."""
        self._view = view
        if view.survey.is_settled and (view.survey.examples or not self._was_chosen):
            self.mark_box.setCurrentIndex(self.mark_box.findData(view.survey.mark.value))
        elif not self._was_chosen:
            self.mark_box.setCurrentIndex(0)
        for widget in (self.mark_box, self._mark_label, self.examples):
            widget.setVisible(has_numbers)
        self._show_examples(has_numbers)
        self.zeros.setVisible(has_codes)
        self._show_zeros(view if has_codes else None)
        self.setVisible(has_numbers or has_codes)

    def mark(self) -> Mark:
        """The mark chosen; InputError while the user has to choose."""
        value = str(self.mark_box.currentData())
        if value == _UNDECIDED and self.mark_box.isVisibleTo(self):
            raise InputError(
                _("Some numbers can be read two ways."),
                remedy=_("Choose whether a point or a comma stands before the decimals."),
            )
        return Mark(value or Mark.POINT.value)

    @property
    def restores(self) -> bool:
        return self.zeros.isChecked()

    def _on_chosen(self) -> None:
        self._was_chosen = True
        self._show_examples(has_numbers=True)

    def _show_examples(self, has_numbers: bool) -> None:
        if self._view is None:
            return
        survey, value = self._view.survey, str(self.mark_box.currentData())
        undecided = has_numbers and not survey.is_settled
        self.why.set_text(survey.why if undecided else "")
        marks = [Mark(value)] if value else list(Mark)
        texts = [both.text for both in survey.examples[:2]] + list(self._view.samples)
        lines = []
        for text in list(dict.fromkeys(texts))[:3]:
            read = _(" or ").join(shown_number(text, mark) or _("no number") for mark in marks)
            lines.append(_("{cell} is read as {number}").format(cell=text, number=read))
        self.examples.setText("\n".join(lines))

    def _show_zeros(self, view: NumberView | None) -> None:
        text = ""
        if view is not None and view.lacking:
            try:
                after = format_code(read_code(view.lacking_example, restore=True).digits)
            except InputError:
                after = _("no code")
            text = ngettext(
                "{count} code has an odd number of digits: {before} would be read as {after}.",
                "{count} codes have an odd number of digits: {before} would be read as {after}.",
                view.lacking,
            ).format(count=format_number(view.lacking), before=view.lacking_example, after=after)
        self.zeros_note.setText(text)
        self.zeros_note.setVisible(bool(text))


def shown_number(text: str, mark: Mark) -> str:
    """A cell as it is read under a mark, "" where it cannot be."""
    try:
        number = parse_percent(text, mark) * 100 if text.endswith("%") else parse(text, mark)
    except InputError:
        return ""
    exponent = number.normalize().as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    return format_number(number, min(_MOST_DECIMALS, decimals))


class Options(Block):
    """What one target asks for beside columns. This one asks for nothing."""

    @staticmethod
    def for_target(target: str, case: Case, base_year: int, file_stem: str) -> Options:
        """The options of a target."""
        if target == "trade":
            return TradeOptions(case, base_year, file_stem)
        if target == "rates":
            return RatesOptions(case, file_stem)
        return BarrierOptions()

    def values(self) -> dict[str, Any]:
        """Fields of core.imports.plan.Choices; InputError for what is missing."""
        return {}

    def propose_unit(self, unit: int) -> None:
        """From the heading of the value; only trade figures have one."""


class BarrierOptions(Options):
    """Nothing to decide; what happens to empty cells is said."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("What happens"), parent)
        text = _("Barriers are found by short name or title, in either language. Empty cells leave what is there.")
        self.column.addWidget(Words(text, "caption", muted=True, wrap=True))


class TradeOptions(Options):
    """Unit, year and source of the figures, and what happens to those of the case."""

    def __init__(self, case: Case, base_year: int, file_stem: str, parent: QWidget | None = None) -> None:
        super().__init__(_("These figures"), parent)
        self._unit_chosen = False
        self.unit = QComboBox()
        for size, text in UNITS.items():
            self.unit.addItem(_(text), size)
        self.unit.activated.connect(lambda _place: self._on_unit())
        self.year = StrictEdit(_parse_year)
        self.year.setText(str(base_year))
        self.year.editingFinished.connect(self.year.check)
        self.source = QLineEdit(file_stem)
        self.add_field(_("Values are in"), self.unit)
        self.add_field(_("Year, where no column says it"), self.year)
        self.add_field(_("Source, where no column says it"), self.source)
        self.instead = QCheckBox(_("Take out own figures that are not in this file"))
        self.instead.setVisible(bool(case.trade))
        self.column.addWidget(self.instead)

    def propose_unit(self, unit: int) -> None:
        if not self._unit_chosen:
            self.unit.setCurrentIndex(self.unit.findData(unit))

    def _on_unit(self) -> None:
        self._unit_chosen = True

    def values(self) -> dict[str, Any]:
        if not self.year.check():
            raise InputError(_("The year cannot be read."), remedy=_("Give four digits."))
        return {
            "unit": int(self.unit.currentData()),
            "year": int(self.year.value()),
            "source": self.source.text().strip(),
            "instead": self.instead.isChecked(),
        }


def _parse_year(text: str) -> int:
    typed = text.strip()
    if not (typed.isascii() and typed.isdecimal() and FIRST_YEAR <= int(typed[:6]) <= LAST_YEAR):
        raise InputError(
            _("Not taken: {text} is not a year of trade.").format(text=typed or _("nothing")),
            remedy=_("Give a year from {first} to {last}.").format(first=FIRST_YEAR, last=LAST_YEAR),
        )
    return int(typed)


class RatesOptions(Options):
    """The scenario that takes the changes, and whether code prefixes become item groups."""

    def __init__(self, case: Case, file_stem: str, parent: QWidget | None = None) -> None:
        super().__init__(_("Where the rates go"), parent)
        self.scenario = QComboBox()
        self.scenario.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.scenario.addItem(_("New scenario {letter}").format(letter=case.next_letter), "")
        for each in case.scenarios:
            if each.letter != LAW_SCENARIO:
                self.scenario.addItem(f"{each.letter} · {each.name}", each.letter)
        self.scenario.currentIndexChanged.connect(self._on_scenario)
        self.name = QLineEdit(file_stem)
        self.add_field(_("Scenario"), self.scenario)
        self._name_label = self.add_field(_("Name of the new scenario"), self.name)
        self.groups = QCheckBox(_("Make item groups of code prefixes"))
        self.groups.setChecked(True)
        self.column.addWidget(self.groups)
        hint = _("Changes name goods by item group. A group that is made takes its lines from the group they are in.")
        self.column.addWidget(Words(hint, "caption", muted=True, wrap=True))

    def _on_scenario(self) -> None:
        is_new = not self.scenario.currentData()
        self.name.setVisible(is_new)
        self._name_label.setVisible(is_new)

    def values(self) -> dict[str, Any]:
        return {
            "scenario": str(self.scenario.currentData()),
            "scenario_name": self.name.text().strip(),
            "make_groups": self.groups.isChecked(),
        }
