"""Write the briefing workbook: where, in which language, for whom, with which password; progress and Cancel."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core import i18n
from core.audience import Audience
from core.errors import ParleyError
from core.i18n import _
from core.quantities import format_date
from gui import dialogs, settings, theme
from gui.case_files import suggested_name
from gui.fitting_dialog import FittingDialog
from gui.jobs import IsCancelled, Job, Progress
from gui.session import Session
from gui.widgets import AmberNote, Words
from gui.workbook_password import WorkbookPassword

_STEPS = 1000
_WIDTH = 580
LONGEST_RECIPIENT = 50  # as core.briefing has it, which is not imported before it is needed


class BriefingDialog(FittingDialog):
    """Asks, writes in a job, and says where the workbook is."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent, _WIDTH)
        self._session = session
        self._job = Job(self)
        self._job.progressed.connect(self._on_progressed)
        self._job.finished.connect(self._on_finished)
        self._job.failed.connect(self._on_failed)
        self._job.cancelled.connect(self._on_cancelled)
        self.setWindowTitle(_("Make briefing workbook"))
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S24, theme.S24, theme.S24, theme.S16)
        column.setSpacing(theme.S16)
        column.addWidget(Words(_("Briefing workbook"), "title"))
        column.addLayout(self._make_form())
        self.note = AmberNote()
        self.note.set_text("")
        column.addWidget(self.note)
        column.addLayout(self._make_progress())
        self.message = Words(wrap=True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        column.addWidget(self.message)
        column.addLayout(self._make_buttons())
        self._on_audience()

    # Making it

    def _make_form(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.S12)
        grid.setVerticalSpacing(theme.S12)
        self.path = QLineEdit(str(self._suggested_path()))
        self.path.setFixedHeight(theme.CONTROL_HEIGHT)
        self.browse = QPushButton(_("Browse…"))
        self.browse.clicked.connect(self._on_browse)
        self.language = QComboBox()
        for code, name in (("en", "English"), ("ko", "한국어")):
            self.language.addItem(name, code)
        self.language.setCurrentIndex(self.language.findData(i18n.language()))
        self.audience = QComboBox()
        for audience in Audience:
            self.audience.addItem(audience.label, audience.value)
        self.audience.setCurrentIndex(self.audience.findData(Audience.INTERNAL.value))
        self.audience.currentIndexChanged.connect(self._on_audience)
        self.recipient = QLineEdit()
        self.recipient.setFixedHeight(theme.CONTROL_HEIGHT)
        self.recipient.setMaxLength(LONGEST_RECIPIENT)
        self.recipient.setPlaceholderText(_("Name on every page; may stay empty"))
        self.password = WorkbookPassword()
        self.password.changed.connect(lambda: self._say(""))
        rows: tuple[tuple[str, QWidget], ...] = (
            (_("File"), self.path),
            (_("Language"), self.language),
            (_("For"), self.audience),
            (_("Copy for"), self.recipient),
        )
        for place, (text, field) in enumerate(rows):
            label = Words(text, muted=True)
            label.setBuddy(field)
            field.setAccessibleName(text)
            grid.addWidget(label, place, 0)
            grid.addWidget(field, place, 1)
        grid.addWidget(self.password, len(rows), 1)
        grid.addWidget(self.browse, 0, 2)
        grid.setColumnStretch(1, 1)
        return grid

    def _make_progress(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.progress = QProgressBar()
        self.progress.setRange(0, _STEPS)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(6)
        self.progress.setAccessibleName(_("Progress"))
        self.progress.hide()
        row.addWidget(self.progress)
        return row

    def _make_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.open_button = QPushButton(_("Open workbook"))
        self.open_button.hide()
        self.open_button.clicked.connect(self._on_open)
        self.cancel_button = QPushButton(_("Cancel"))
        self.cancel_button.clicked.connect(self._on_cancel)
        self.write_button = QPushButton(_("Write workbook"))
        self.write_button.setDefault(True)
        self.write_button.clicked.connect(self.write)
        row.addStretch()
        for button in (self.open_button, self.cancel_button, self.write_button):
            row.addWidget(button)
        return row

    def _suggested_path(self) -> Path:
        case = self._session.case
        day = format_date(case.as_of).rstrip(".").replace(". ", "-")
        return settings.last_folder() / f"{suggested_name(case)} - {day}.xlsx"

    # Acting

    def _on_browse(self) -> None:
        is_open = self._session.key is None  # the folder of an encrypted case is not remembered
        path = dialogs.ask_workbook_path(self, Path(self.path.text()), is_remembered=is_open)
        if path is not None:
            self.path.setText(str(path))

    def _on_audience(self) -> None:
        is_narrow = Audience(self.audience.currentData()) is Audience.DELEGATION
        self.note.set_text(_("This workbook will contain fall-backs and red lines.") if is_narrow else "")

    def write(self) -> None:
        """Start writing; the dialog stays until it is done."""
        results, pack = self._session.results, self._session.pack
        if self._job.is_running or results is None or pack is None:
            return
        if problem := self.password.problem():
            self._say(problem)
            self.password.again()
            return
        path, language = Path(self.path.text().strip()), str(self.language.currentData())
        audience = Audience(self.audience.currentData())
        recipient, password = self.recipient.text(), self.password.password()

        def task(progress: Progress, cancelled: IsCancelled) -> Path:
            from core.briefing import write_briefing

            written = write_briefing(
                results.case,
                results,
                pack,
                path,
                language=language,
                audience=audience,
                recipient=recipient,
                password=password,
                progress=progress,
                cancelled=cancelled,
            )
            return Path(written) if written is not None else path

        self._show_working(working=True)
        self._say("")
        self._job.start(task)

    def _show_working(self, *, working: bool) -> None:
        asked = (self.path, self.browse, self.language, self.audience, self.recipient, self.password)
        for widget in (*asked, self.write_button):
            widget.setEnabled(not working)
        self.progress.setValue(0)
        self.progress.setVisible(working)
        self.cancel_button.setText(_("Cancel") if working else _("Close"))

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def _on_progressed(self, fraction: float) -> None:
        self.progress.setValue(round(fraction * _STEPS))

    def _on_finished(self, path: Path) -> None:
        self._written = path
        self._show_working(working=False)
        self._say(_("Written to {path}").format(path=path))
        self.open_button.show()

    def _on_failed(self, error: Exception) -> None:
        self._show_working(working=False)
        known = isinstance(error, ParleyError)
        self._say(error.message() if known else f"{type(error).__name__}: {error}")

    def _on_cancelled(self) -> None:
        self._show_working(working=False)
        self._say(_("Stopped. Nothing was written."))

    def _on_open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written)))

    def _on_cancel(self) -> None:
        if self._job.is_running:
            self._job.cancel()
        else:
            self.reject()

    def reject(self) -> None:
        self._job.close()
        self.password.forget()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._job.close()
        self.password.forget()
        super().closeEvent(event)
