"""The first two steps of the import wizard: which file for what, and how it is read, with a preview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from core.i18n import _, ngettext
from core.imports.encodings import OFFERED, encoding_title
from core.imports.plan import Target
from core.imports.sheet import FileKind, Reading, Wish
from core.imports.suggestion import Suggestion
from core.imports.targets import TARGETS
from core.imports.text_table import SEPARATORS, separator_title
from core.quantities import format_number
from gui import settings, theme
from gui.imports.tables import SHOWN_ROWS, sheet_content
from gui.table_view import DataTable
from gui.widgets import AmberNote, Words

_HEAD_CHOICES: Final = 20
_EXCERPT: Final = 60
_SAID: Final = 3


class FilePage(QWidget):
    """What is to be imported, and from which file."""

    removal_wanted = Signal()

    def __init__(self, own_figures: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.S8)
        column.addWidget(Words(_("What does the table hold?"), "heading"))
        self.kinds: dict[str, QRadioButton] = {}
        self._group = QButtonGroup(self)
        for target in TARGETS:
            column.addLayout(self._kind(target))
        self.kinds[TARGETS[0].id].setChecked(True)
        column.addSpacing(theme.S16)
        column.addWidget(Words(_("File, CSV or XLSX"), "heading"))
        column.addLayout(self._file())
        hint = _("Nothing in the case changes before you have seen each change and confirmed it.")
        column.addWidget(Words(hint, "caption", muted=True, wrap=True))
        column.addStretch()
        column.addLayout(self._removal(own_figures))

    def _kind(self, target: Target) -> QVBoxLayout:
        button = QRadioButton(target.label)
        button.setAccessibleDescription(target.explanation)
        self.kinds[target.id] = button
        self._group.addButton(button)
        hint = Words(target.explanation, "caption", muted=True, wrap=True)
        hint.setContentsMargins(20, 0, 0, theme.S4)  # below the words of the button
        box = QVBoxLayout()
        box.setSpacing(theme.S4)
        box.addWidget(button)
        box.addWidget(hint)
        return box

    def _file(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.path = QLineEdit()
        self.path.setFixedHeight(theme.CONTROL_HEIGHT)
        self.path.setAccessibleName(_("File, CSV or XLSX"))
        self.browse = QPushButton(_("Browse…"))
        self.browse.clicked.connect(self._on_browse)
        row.addWidget(self.path, 1)
        row.addWidget(self.browse)
        return row

    def _removal(self, own_figures: int) -> QHBoxLayout:
        """Figures imported before can go without importing others."""
        row = QHBoxLayout()
        text = ngettext(
            "The case holds {count} trade figure of its own.", "The case holds {count} trade figures of its own.",
            own_figures,
        ).format(count=format_number(own_figures))  # fmt: skip
        self.remove = QPushButton(_("Remove them"))
        self.remove.setAccessibleDescription(text)
        self.remove.clicked.connect(self.removal_wanted)
        words = Words(text, muted=True)
        for widget in (words, self.remove):
            widget.setVisible(own_figures > 0)
            row.addWidget(widget)
        row.addStretch()
        return row

    @property
    def target(self) -> Target:
        return next(target for target in TARGETS if self.kinds[target.id].isChecked())

    def _on_browse(self) -> None:
        kinds = _("Tables") + " (*.csv *.tsv *.txt *.xlsx *.xlsm);;" + _("All files") + " (*)"
        with settings.without_traces():
            name, _kind = QFileDialog.getOpenFileName(self, _("Choose a table"), str(settings.last_folder()), kinds)
        if name:
            self.path.setText(name)


class ReadingPage(QWidget):
    """Encoding and separator, or the sheet; the row of headings; and what comes of it.

    wish_changed: another way of reading is asked for; header_changed: another row of headings.
    """

    wish_changed = Signal(object)  # Wish
    header_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: Reading | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.S12)
        column.addLayout(self._make_form())
        self.note = AmberNote()
        self.note.set_text("")
        column.addWidget(self.note)
        self.table = DataTable(_("Preview of the table"))
        column.addWidget(self.table, 1)

    def _make_form(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.S12)
        grid.setVerticalSpacing(theme.S8)
        grid.setColumnStretch(2, 1)
        self.encoding, self.separator, self.sheet, self.header = (QComboBox() for _each in range(4))
        self._why = {box: Words(role="caption", muted=True, wrap=True) for box in (self.encoding, self.separator)}
        self._labels: dict[QComboBox, Words] = {}
        rows = (
            (self.encoding, _("Encoding")),
            (self.separator, _("Separator")),
            (self.sheet, _("Sheet")),
            (self.header, _("Headings in")),
        )
        for place, (box, text) in enumerate(rows):
            box.setMinimumWidth(280)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setAccessibleName(text)
            label = Words(text, muted=True)
            label.setBuddy(box)
            self._labels[box] = label
            grid.addWidget(label, place, 0)
            grid.addWidget(box, place, 1)
            if box in self._why:
                grid.addWidget(self._why[box], place, 2)
        for box in (self.encoding, self.separator, self.sheet):
            box.activated.connect(lambda _place: self.wish_changed.emit(self.wish))
        self.header.activated.connect(lambda _place: self.header_changed.emit(int(self.header.currentData())))
        return grid

    @property
    def wish(self) -> Wish:
        """What the boxes say now."""
        if self._reading is not None and self._reading.manner.kind is FileKind.XLSX:
            return Wish(sheet=str(self.sheet.currentData()))
        return Wish(str(self.encoding.currentData()), str(self.separator.currentData()))

    def show_reading(self, reading: Reading, suggestion: Suggestion) -> None:
        """What was read and how; announces nothing."""
        self._reading = reading
        manner = reading.manner
        is_text = manner.kind is FileKind.CSV
        for box in (self.encoding, self.separator, self.sheet):
            shown = is_text != (box is self.sheet)
            box.setVisible(shown)
            self._labels[box].setVisible(shown)
        for box, words in self._why.items():
            words.setVisible(is_text)
            words.setText(manner.encoding_why if box is self.encoding else manner.separator_why)
        _fill(self.encoding, [(encoding_title(name), name) for name in OFFERED], manner.encoding)
        _fill(self.separator, [(separator_title(mark), mark) for mark in SEPARATORS], manner.separator)
        _fill(self.sheet, [(name, name) for name in manner.sheets], manner.sheet)
        self._fill_header(reading, suggestion.header)
        self.table.set_content(sheet_content(reading.sheet, suggestion.header))
        self._say(reading, suggestion.header)

    def say_failure(self, text: str) -> None:
        """Why the way chosen does not work; the preview before stays."""
        self.note.set_text(text)

    def _fill_header(self, reading: Reading, header: int) -> None:
        sheet = reading.sheet
        choices = [
            (_("Row {row}: {text}").format(row=sheet.places[place], text=_excerpt(sheet.rows[place])), place)
            for place in range(min(_HEAD_CHOICES, len(sheet.rows)))
        ]
        _fill(self.header, choices, header)

    def _say(self, reading: Reading, header: int) -> None:
        findings = list(reading.findings)
        texts = [_with_place(finding.row, finding.column, finding.what) for finding in findings[:_SAID]]
        if more := len(findings) - _SAID + reading.findings.dropped:
            texts += [_("and {count} more").format(count=format_number(more))] if more > 0 else []
        self.note.set_text("\n".join(texts))
        rows = len(reading.sheet.rows) - header - 1
        text = ngettext("{count} row below the headings", "{count} rows below the headings", rows)
        text = text.format(count=format_number(rows))
        if rows > SHOWN_ROWS:
            text += ", " + _("the first {count} shown").format(count=SHOWN_ROWS)
        self.table.set_foot(text)


def _with_place(row: int, column: str, what: str) -> str:
    place = ", ".join(part for part in (_("row {row}").format(row=row) if row else "", column) if part)
    return f"{place}: {what}" if place else what


def _excerpt(cells: tuple[str, ...]) -> str:
    text = ", ".join(" ".join(cell.split()) for cell in cells if cell)
    return text if len(text) <= _EXCERPT else text[:_EXCERPT] + "…"


def _fill(box: QComboBox, choices: Sequence[tuple[str, object]], chosen: object) -> None:
    """Show these and this one; announces nothing."""
    box.blockSignals(True)
    box.clear()
    for text, value in choices:
        box.addItem(text, value)
        box.setItemData(box.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
    box.setCurrentIndex(box.findData(chosen))
    box.blockSignals(False)
