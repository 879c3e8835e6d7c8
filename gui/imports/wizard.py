"""File > Import: four steps from a foreign table to one undoable edit. Nothing changes before the last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from typing import Final

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from core import edits
from core.errors import InputError, ParleyError
from core.i18n import _, ngettext
from core.imports.columns import signature
from core.imports.plan import Plan, Target, Task
from core.imports.reading import file_bytes, read
from core.imports.sheet import Reading, Wish
from core.imports.suggestion import NumberView, Suggestion, look_at_numbers, suggest, to_remember
from core.quantities import format_number
from core.reference.pack import Pack
from gui import theme
from gui.imports.check import CheckPage
from gui.imports.columns import ColumnsPage
from gui.imports.job import NewestJob
from gui.imports.memory import SettingsMemory
from gui.imports.pages import FilePage, ReadingPage
from gui.jobs import IsCancelled, Progress
from gui.session import Session
from gui.widgets import AmberNote, Hairline, Words

SIZE: Final = (1000, 700)


class Step(IntEnum):
    """Where the wizard is; the pages stand in this order."""

    FILE = 0
    READING = 1
    COLUMNS = 2
    CHECK = 3


def _step_titles() -> tuple[str, ...]:
    return (_("1  File"), _("2  Reading"), _("3  Columns"), _("4  Check"))


@dataclass(frozen=True)
class Read:
    """A file as it was read and what is proposed for it."""

    data: bytes
    reading: Reading
    suggestion: Suggestion
    view: NumberView


def _numbers(target: Target, reading: Reading, found: Suggestion) -> NumberView:
    return look_at_numbers(target.fields, reading.sheet, found.header, found.columns)


class ImportWizard(QDialog):
    """One dialog with four pages; all that takes time runs in a job that can be stopped."""

    def __init__(self, session: Session, pack: Pack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._pack = session, pack
        self._memory = SettingsMemory()
        self._path = Path()
        self._data: bytes | None = None
        self._reading: Reading | None = None
        self._suggestion: Suggestion | None = None
        self._view: NumberView | None = None
        self._plan: Plan | None = None
        self._job = NewestJob(self)
        self._job.failed.connect(self._on_failed)
        self.setWindowTitle(_("Import"))
        self.resize(*SIZE)
        self._make()
        self._go(Step.FILE)
        self._job.changed.connect(self._show_buttons)

    # Making it

    def _make(self) -> None:
        case = self._session.case
        self.file_page = FilePage(len(case.trade))
        self.reading_page = ReadingPage()
        self.columns_page = ColumnsPage(case, self._pack.trade.imports(case.partner).year)
        self.check_page = CheckPage()
        self.file_page.removal_wanted.connect(self._remove_own_figures)
        self.reading_page.wish_changed.connect(lambda wish: self._read(wish))
        self.reading_page.header_changed.connect(self._on_header)
        self.columns_page.mapping_changed.connect(self._look_at_numbers)
        self.pages = QStackedWidget()
        for page in (self.file_page, self.reading_page, self.columns_page, self.check_page):
            self.pages.addWidget(page)
        self.note = AmberNote()
        self.note.set_text("")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S24, theme.S16, theme.S24, theme.S16)
        column.setSpacing(theme.S12)
        column.addLayout(self._make_head())
        column.addWidget(Hairline())
        column.addWidget(self.pages, 1)
        column.addWidget(self.note)
        column.addLayout(self._make_buttons())

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.S24)
        self.titles: list[tuple[Words, Words]] = []
        for text in _step_titles():
            now, other = Words(text, "heading"), Words(text, muted=True)
            self.titles.append((now, other))
            row.addWidget(now)
            row.addWidget(other)
        row.addStretch()
        self.about = Words(role="caption", muted=True)
        row.addWidget(self.about)
        return row

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        self.cancel_button, self.back_button = QPushButton(_("Cancel")), QPushButton(_("Back"))
        self.next_button = QPushButton(_("Next"))
        self.next_button.setDefault(True)
        self.cancel_button.clicked.connect(self._on_cancel)
        self.back_button.clicked.connect(self.back)
        self.next_button.clicked.connect(self.next)
        row.addWidget(self._job.bar, 1)
        row.addStretch()
        for button in (self.cancel_button, self.back_button, self.next_button):
            button.setAutoDefault(button is self.next_button)
            row.addWidget(button)
        return row

    # Going

    @property
    def step(self) -> Step:
        return Step(self.pages.currentIndex())

    def next(self) -> None:
        """What the page says is taken, and the next one shown when all is worked out."""
        if self._job.is_running:
            return
        self.note.set_text("")
        try:
            {
                Step.FILE: self._leave_file,
                Step.READING: self._leave_reading,
                Step.COLUMNS: self._leave_columns,
                Step.CHECK: self._apply,
            }[self.step]()
        except ParleyError as error:
            self.note.set_text(error.message())

    def back(self) -> None:
        if self.step > Step.FILE and not self._job.is_running:
            self._go(Step(self.step - 1))

    def _go(self, step: Step) -> None:
        self.pages.setCurrentIndex(step)
        self.note.set_text("")
        for place, (now, other) in enumerate(self.titles):
            now.setVisible(place == step)
            other.setVisible(place != step)
        self.setWindowTitle(_("Import: {step}").format(step=_step_titles()[step][3:]))
        self._show_buttons()
        first = {
            Step.FILE: self.file_page.path,
            Step.READING: self.next_button,  # Enter goes on; Shift+Tab reaches what can be changed
            Step.COLUMNS: next(iter(self.columns_page.boxes.values()), self.next_button),
            Step.CHECK: self.check_page.changes.view,
        }[step]
        first.setFocus()

    def _show_buttons(self) -> None:
        running = self._job.is_running
        changes = len(self._plan.changes) if self._plan is not None else 0
        text = _("Next")
        if self.step is Step.CHECK:
            text = ngettext("Apply {count} change", "Apply {count} changes", changes)
        self.next_button.setText(text.format(count=format_number(changes)))
        self.next_button.setEnabled(not running and (self.step is not Step.CHECK or changes > 0))
        self.back_button.setEnabled(not running and self.step > Step.FILE)
        self.cancel_button.setText(_("Stop") if running else _("Cancel"))

    # Steps

    def _leave_file(self) -> None:
        typed = self.file_page.path.text().strip()
        if not typed:
            raise InputError(_("No file is chosen."), remedy=_("Choose a CSV or XLSX file."))
        self._path, self._data = Path(typed), None
        self._read(Wish())

    def _read(self, wish: Wish) -> None:
        """Read the file in this manner and propose what it means."""
        data, path, target, memory = self._data, self._path, self.file_page.target, self._memory

        def task(progress: Progress, cancelled: IsCancelled) -> Read:
            held = file_bytes(path) if data is None else data
            reading = read(held, path.name, wish, progress=progress, cancelled=cancelled)
            found = suggest(target.id, target.fields, reading.sheet, memory)
            return Read(held, reading, found, _numbers(target, reading, found))

        self._job.begin(task, self._on_read)

    def _on_read(self, outcome: Read) -> None:
        reading, suggestion = outcome.reading, outcome.suggestion
        self._data, self._reading, self._suggestion, self._view = outcome.data, reading, suggestion, outcome.view
        self.about.setText(f"{reading.name} · {self.file_page.target.label}")
        self.reading_page.show_reading(reading, suggestion)
        self._show_columns()
        if self.step is Step.FILE:
            self._go(Step.READING)

    def _on_header(self, header: int) -> None:
        reading, target, memory = self._reading, self.file_page.target, self._memory
        if reading is None:
            return

        data = self._data or b""

        def task(progress: Progress, cancelled: IsCancelled) -> Read:
            found = suggest(target.id, target.fields, reading.sheet, memory, header)
            return Read(data, reading, found, _numbers(target, reading, found))

        self._job.begin(task, self._on_read)

    def _show_columns(self) -> None:
        if self._reading is None or self._suggestion is None or self._view is None:
            return
        target = self.file_page.target
        self.columns_page.show_suggestion(target, self._reading.sheet, self._suggestion, self._path.stem)
        self.columns_page.show_numbers(self._view)

    def _leave_reading(self) -> None:
        self._go(Step.COLUMNS)

    def _look_at_numbers(self) -> None:
        reading, suggestion, target = self._reading, self._suggestion, self.file_page.target
        if reading is None or suggestion is None:
            return
        columns = dict(self.columns_page.columns)

        def task(progress: Progress, cancelled: IsCancelled) -> NumberView:
            return look_at_numbers(target.fields, reading.sheet, suggestion.header, columns)

        self._job.begin(task, self._on_numbers)

    def _on_numbers(self, view: NumberView) -> None:
        self._view = view
        self.columns_page.show_numbers(view)

    def _leave_columns(self) -> None:
        reading, suggestion, target = self._reading, self._suggestion, self.file_page.target
        if reading is None or suggestion is None:
            return
        choices, columns = self.columns_page.choices(), dict(self.columns_page.columns)
        wanted = Task(self._session.case, self._pack, reading.sheet, suggestion.header, columns, choices)

        def task(progress: Progress, cancelled: IsCancelled) -> Plan:
            plan = target.plan(replace(wanted, progress=progress, cancelled=cancelled))
            plan.findings.join(reading.findings)
            return plan

        self._job.begin(task, self._on_planned)

    def _on_planned(self, plan: Plan) -> None:
        self._plan = plan
        self.check_page.show_plan(plan)
        self._go(Step.CHECK)

    def _apply(self) -> None:
        """The one edit; how the table was read is remembered for the next one alike."""
        if self._plan is None or not self._plan.changes:
            return
        after = self._plan.apply(self._session.case)
        self._remember(self.file_page.target)
        self._session.apply(self._plan.title, after)
        self.accept()

    def _remember(self, target: Target) -> None:
        if self._reading is None or self._suggestion is None:
            return
        choices = self.columns_page.choices()
        key = signature(target.id, self._reading.sheet.rows[self._suggestion.header])
        columns = self.columns_page.columns
        what = to_remember(columns, choices.mark, restore_zeros=choices.restore_zeros, unit=choices.unit)
        self._memory.remember(key, what)

    def _remove_own_figures(self) -> None:
        self._session.apply(_("Remove own trade figures"), edits.set_trade(self._session.case, ()))
        self.accept()

    # The job

    def _on_failed(self, error: Exception) -> None:
        text = error.message() if isinstance(error, ParleyError) else f"{type(error).__name__}: {error}"
        if self.step is Step.READING:
            self.reading_page.say_failure(text)
        else:
            self.note.set_text(text)

    def _on_cancel(self) -> None:
        """While something runs the button stops it; the wizard stays where it is."""
        if self._job.is_running:
            self._job.cancel()
        else:
            self.reject()

    def done(self, result: int) -> None:
        self._job.close()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._job.close()
        super().closeEvent(event)
