"""The third step of the import wizard: which column is what, how numbers are written, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.case import Case
from core.errors import InputError
from core.i18n import _
from core.imports.columns import Field, Holds
from core.imports.plan import Choices, Target
from core.imports.sheet import Sheet
from core.imports.suggestion import NumberView, Suggestion
from gui import theme
from gui.imports.options import Options, ReadingOptions
from gui.widgets import Hairline, Words

_NOWHERE: Final = -1
_EXAMPLES: Final = 3
_EXCERPT: Final = 34


class ColumnsPage(QWidget):
    """A column for each field, and what else has to be decided. mapping_changed: numbers have to be looked at anew."""

    mapping_changed = Signal()

    def __init__(self, case: Case, base_year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._case, self._base_year = case, base_year
        self._target: Target | None = None
        self._sheet: Sheet | None = None
        self._header, self._file_stem, self._unit = 0, "", 0
        self.boxes: dict[str, QComboBox] = {}
        self._examples: dict[str, Words] = {}
        self._form = QWidget()
        self.reading = ReadingOptions()
        self.options: Options | None = None
        self._right = QVBoxLayout()
        self._right.setSpacing(theme.S16)
        self._right.addWidget(self.reading)
        self._right.addStretch()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.S24)
        self._row.addWidget(self._form, 3)
        self._row.addWidget(Hairline(vertical=True))
        self._row.addLayout(self._right, 2)

    # Showing

    def show_suggestion(self, target: Target, sheet: Sheet, suggestion: Suggestion, file_stem: str) -> None:
        """What Parley proposes; what the user typed for the same target before stays."""
        self._sheet, self._header = sheet, suggestion.header
        if (target, file_stem) != (self._target, self._file_stem):
            self._target, self._file_stem = target, file_stem
            self._new_options(target, file_stem)
        self._new_form(target, suggestion)
        self._unit = suggestion.remembered.unit if suggestion.remembered is not None else 0
        if suggestion.remembered is not None:
            self.reading.recall(suggestion.remembered)

    def _new_options(self, target: Target, file_stem: str) -> None:
        if self.options is not None:
            self._right.removeWidget(self.options)
            self.options.deleteLater()
        self.options = Options.for_target(target.id, self._case, self._base_year, file_stem)
        self._right.insertWidget(1, self.options)

    def _new_form(self, target: Target, suggestion: Suggestion) -> None:
        form = QWidget()
        grid = QGridLayout(form)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.S12)
        grid.setVerticalSpacing(theme.S8)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)
        for place, text in enumerate((_("Field"), _("Column of the file"), _("First cells"))):
            grid.addWidget(Words(text, "caption", muted=True), 0, place)
        self.boxes, self._examples = {}, {}
        for row, field in enumerate(target.fields, start=1):
            self._add_field(grid, row, field, suggestion)
        grid.setRowStretch(len(target.fields) + 1, 1)
        old = self._form
        self._row.replaceWidget(old, form)
        old.deleteLater()
        self._form = form
        form.show()

    def _add_field(self, grid: QGridLayout, row: int, field: Field, suggestion: Suggestion) -> None:
        box = QComboBox()
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(14)
        box.addItem(_("not in the file"), _NOWHERE)
        for place, name in enumerate(suggestion.headings):
            box.addItem(name, place)
        box.setCurrentIndex(box.findData(suggestion.columns.get(field.id, _NOWHERE)))
        name = _("{field} (needed)").format(field=field.label) if field.is_required else field.label
        box.setAccessibleName(name)
        box.activated.connect(lambda _place, changed=field: self._on_column(changed))
        label = Words(name, muted=not field.is_required)
        label.setBuddy(box)
        example = Words(role="caption", muted=True)
        grid.addWidget(label, row, 0)
        grid.addWidget(box, row, 1)
        grid.addWidget(example, row, 2)
        self.boxes[field.id], self._examples[field.id] = box, example
        self._show_example(field)

    def _show_example(self, field: Field) -> None:
        column = int(self.boxes[field.id].currentData())
        found: list[str] = []
        if self._sheet is not None and column >= 0:
            for row in range(self._header + 1, min(len(self._sheet.rows), self._header + 20)):
                text = " ".join(self._sheet.cell(row, column).split())
                if text and text not in found and len(found) < _EXAMPLES:
                    found.append(text)
        shown = " · ".join(found)
        self._examples[field.id].setText(shown if len(shown) <= _EXCERPT else shown[:_EXCERPT] + "…")
        self._examples[field.id].setToolTip(shown)

    def _on_column(self, field: Field) -> None:
        self._show_example(field)
        if field.holds is not Holds.TEXT:
            self.mapping_changed.emit()

    def show_numbers(self, view: NumberView) -> None:
        """What the columns chosen say about numbers and codes."""
        fields = self._target.fields if self._target is not None else ()
        held = {field.holds for field in fields if field.id in self.columns}
        self.reading.show_view(view, has_numbers=bool(held & {Holds.NUMBER, Holds.RATE}), has_codes=Holds.CODE in held)
        if self.options is not None:
            self.options.propose_unit(self._unit or view.unit)

    # Taking

    @property
    def columns(self) -> Mapping[str, int]:
        """The column of each field that has one."""
        chosen = {name: int(box.currentData()) for name, box in self.boxes.items()}
        return {name: place for name, place in chosen.items() if place >= 0}

    def choices(self) -> Choices:
        """All that was decided; InputError for what is missing."""
        self._check_once()
        options = self.options.values() if self.options is not None else {}
        return Choices(mark=self.reading.mark(), restore_zeros=self.reading.restores, **options)

    def _check_once(self) -> None:
        """One column for two fields is a slip of the mouse."""
        owner: dict[int, str] = {}
        for field in self._target.fields if self._target is not None else ():
            place = self.columns.get(field.id)
            if place is None:
                continue
            if place in owner:
                raise InputError(
                    _("One column is chosen twice, for {first} and for {second}.").format(
                        first=owner[place], second=field.label
                    ),
                    remedy=_("Choose another column for one of them."),
                )
            owner[place] = field.label
