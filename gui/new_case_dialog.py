"""A new case: whose goods, on which day, with law known to which day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from core import casefile
from core.case import Case
from core.case_rules import check_covered
from core.i18n import _
from core.law_coverage import coverage_note
from core.reference.pack import Pack
from gui import theme
from gui.day_edit import DayEdit
from gui.widgets import AmberNote, Words


class NewCaseDialog(QDialog):
    """Asks for what a new case needs; `case` makes it. Starts from the days of the case that is open."""

    def __init__(self, pack: Pack, current: Case, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pack = pack
        self.setWindowTitle(_("New case"))
        self.setMinimumWidth(440)
        coverage = pack.law.file.coverage
        self.title = QLineEdit()
        self.title.setPlaceholderText(_("Name of the case"))
        self.partner = self._make_partner(current.partner)
        self.as_of = self._make_day(current.as_of, (coverage.first, coverage.last))
        self.known_to = self._make_day(current.known_to, None)
        self.note = AmberNote()
        self._lay_out()
        self.partner.currentIndexChanged.connect(self._show_coverage)
        self.known_to.day_chosen.connect(self._show_coverage)
        self._show_coverage()

    def case(self) -> Case:
        """The new case: the law alone, the pack's item groups, no work of the delegation yet."""
        return casefile.new_case(
            self._pack,
            title=self.title.text().strip(),
            partner=self.partner.currentData(),
            as_of=self.as_of.day,
            known_to=self.known_to.day,
        )

    def _make_partner(self, current: str) -> QComboBox:
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for partner in sorted(self._pack.partners, key=lambda each: str(each.name)):
            box.addItem(f"{partner.name} ({partner.iso2})", partner.iso2)
        completer = box.completer()
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        box.setCurrentIndex(box.findData(current))
        return box

    def _make_day(self, day: date, period: tuple[date, date] | None) -> DayEdit:
        edit = DayEdit(lambda typed: check_covered(typed, period))
        edit.show_day(day)
        edit.day_chosen.connect(edit.show_day)
        return edit

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(theme.S12)
        form.setVerticalSpacing(theme.S12)
        rows: tuple[tuple[str, QWidget], ...] = (
            (_("Name"), self.title),
            (_("Goods from"), self.partner),
            (_("Rates as of"), self.as_of),
            (_("Law known to"), self.known_to),
        )
        for text, field in rows:
            field.setAccessibleName(text)
            label = Words(text, muted=True)
            label.setBuddy(field)
            form.addRow(label, field)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Ok).setText(_("Create"))
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S16)
        column.setSpacing(theme.S12)
        column.addLayout(form)
        column.addWidget(self.note)
        column.addStretch(1)
        column.addWidget(buttons)

    def accept(self) -> None:
        """What is typed for the partner must be one of the list."""
        if self.partner.findText(self.partner.currentText()) < 0:
            self.note.set_text(
                _("'{text}' is not a partner: choose one of the list.").format(text=self.partner.currentText())
            )
            self.note.show()
            self.partner.setFocus()
            self.partner.lineEdit().selectAll()
            return
        super().accept()

    def _show_coverage(self) -> None:
        code = str(self.partner.currentData())
        union = self._pack.partners.get(code).union if code in self._pack.partners else ""
        note = coverage_note(self._pack.law, code, union, self.known_to.day)
        self.note.set_text(note)
        self.note.setVisible(bool(note))
