"""Import from a briefing workbook: choose the file, look at each change, apply the chosen ones as one edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from core.case import Case
from core.errors import InputError, ParleyError, WorkbookNeedsPassword, WorkbookWrongPassword
from core.i18n import _, ngettext
from gui import settings, theme
from gui.comeback.table import changes_content, notes_of
from gui.jobs import IsCancelled, Job, Progress
from gui.password_field import PasswordField
from gui.session import Session
from gui.table_view import DataTable
from gui.widgets import AmberNote, Hairline, Words

if TYPE_CHECKING:
    from core.comeback import Comeback, Proposal

SIZE: Final = (1100, 720)
_TEXT_HEIGHT: Final = 68
_FINDINGS_HEIGHT: Final = 64


def ask_workbook(parent: QWidget) -> Path | None:
    """The workbook that came back."""
    kinds = _("Excel workbooks") + " (*.xlsx)"
    with settings.without_traces():
        name, _kind = QFileDialog.getOpenFileName(parent, _("Import from briefing"), str(settings.last_folder()), kinds)
    return Path(name) if name else None


class ComebackDialog(QDialog):
    """Reads in a job; nothing of the case changes before Apply."""

    def __init__(self, session: Session, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._path = session, path
        self._case: Case = session.case
        self.found: Comeback | None = None
        self.taken: set[int] = set()
        self._job = Job(self)
        self._job.finished.connect(self._on_read)
        self._job.failed.connect(self._on_failed)
        self.setWindowTitle(_("Import from briefing"))
        self.resize(*SIZE)
        self._make_parts()
        self._lay_out()
        self._connect()
        self.read(path)

    # Making it

    def _make_parts(self) -> None:
        self.file = Words(wrap=True)
        self.browse = QPushButton(_("Another file…"))
        self.password = PasswordField(_("Password of the workbook"))
        self.password.line.setPlaceholderText(_("Password of the workbook"))
        self.open_button = QPushButton(_("Open"))
        self.message = Words(wrap=True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note = AmberNote()
        self.table = DataTable(_("Changes in the workbook"))
        self.detail = self._make_detail()
        self.findings_head = Words("", "heading")
        self.findings = _reading(_("What was not read"), _FINDINGS_HEIGHT)
        self.cancel_button = QPushButton(_("Cancel"))
        self.apply_button = QPushButton()
        self.apply_button.setDefault(True)
        for button in (self.browse, self.open_button, self.cancel_button):
            button.setAutoDefault(False)

    def _make_detail(self) -> QWidget:
        """The change that is current, at full length, and the choice."""
        detail = QWidget()
        self.keep = QRadioButton(_("Keep what the case has"))
        self.take = QRadioButton(_("Take what the workbook has"))
        self._choice = QButtonGroup(detail)
        self.before = _reading(_("In the case"), _TEXT_HEIGHT)
        self.after = _reading(_("In the workbook"), _TEXT_HEIGHT)
        self.subject = Words(bold=True, wrap=True)
        self.about = Words("", "caption", muted=True, wrap=True)
        grid = QGridLayout(detail)
        grid.addWidget(self.subject, 0, 0, 1, 2)
        grid.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S8)
        grid.setHorizontalSpacing(theme.S16)
        grid.setVerticalSpacing(theme.S8)
        for column, (choice, text) in enumerate(((self.keep, self.before), (self.take, self.after))):
            self._choice.addButton(choice, column)
            grid.addWidget(choice, 1, column)
            grid.addWidget(text, 2, column)
        grid.addWidget(self.about, 3, 0, 1, 2)
        return detail

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row((self.file, 1), (self.browse, 0)))
        said = QVBoxLayout()
        said.setContentsMargins(theme.S16, 0, theme.S16, theme.S12)
        said.setSpacing(theme.S8)
        said.addWidget(self.message)
        said.addWidget(self.note)
        column.addLayout(said)
        self._lock = QWidget()
        self._lock.setLayout(self._row((self.password, 1), (self.open_button, 0)))
        column.addWidget(self._lock)
        column.addWidget(Hairline())
        column.addWidget(self.table, 1)
        self._nothing = QWidget()  # keeps the rest where it is when there is no table
        column.addWidget(self._nothing, 1)
        column.addWidget(Hairline())
        column.addWidget(self.detail)
        below = QVBoxLayout()
        below.setContentsMargins(theme.S16, theme.S8, theme.S16, 0)
        below.setSpacing(theme.S8)
        below.addWidget(self.findings_head)
        below.addWidget(self.findings)
        column.addLayout(below)
        column.addLayout(self._row((None, 1), (self.cancel_button, 0), (self.apply_button, 0)))

    @staticmethod
    def _row(*parts: tuple[QWidget | None, int]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S12)
        row.setSpacing(theme.S8)
        for widget, stretch in parts:
            if widget is None:
                row.addStretch(stretch)
            else:
                row.addWidget(widget, stretch)
        return row

    def _connect(self) -> None:
        self.browse.clicked.connect(self._on_browse)
        self.password.entered.connect(self._on_password)
        self.open_button.clicked.connect(self._on_password)
        self.cancel_button.clicked.connect(self.reject)
        self.apply_button.clicked.connect(self.apply)
        self.table.view.moved.connect(lambda _row, _column: self._show_current())
        self.table.view.opened.connect(lambda _row, _column: self.toggle())
        self.table.view.installEventFilter(self)
        self._choice.idClicked.connect(self._on_chosen)

    # Reading

    def read(self, path: Path, password: str | None = None) -> None:
        """Begin to read this file."""
        if self._job.is_running:
            return
        self._path, self._case, pack = path, self._session.case, self._session.pack
        case = self._case
        self.file.setText(path.name)
        self.file.setToolTip(str(path))
        self._lock.setVisible(False)
        self._show(None)
        self.message.setText(_("Reading…"))

        def task(_progress: Progress, _cancelled: IsCancelled) -> Comeback:
            from core.comeback import read_back, read_file

            return read_back(read_file(path), case, password=password, pack=pack, where=path.name)

        self._job.start(task)

    def _on_read(self, found: Comeback) -> None:
        self.password.forget()
        self.taken = {place for place, change in enumerate(found.changes) if not change.is_conflict}
        self._show(found)
        self.message.setText(_summary(found))
        if found.changes:
            self.table.focus_rows()

    def _on_failed(self, error: Exception) -> None:
        known = error.message() if isinstance(error, ParleyError) else f"{type(error).__name__}: {error}"
        self.message.setText(known)
        if isinstance(error, WorkbookNeedsPassword | WorkbookWrongPassword):
            self._lock.setVisible(True)
            self.password.again()

    def _on_browse(self) -> None:
        path = ask_workbook(self)
        if path is not None:
            self.password.forget()
            self.read(path)

    def _on_password(self) -> None:
        self.read(self._path, self.password.text)

    # Showing

    def _show(self, found: Comeback | None) -> None:
        """All but the message."""
        self.found = found
        changes = found.changes if found is not None else ()
        told = [finding for finding in found.findings if not finding.is_refusal] if found is not None else []
        lost = [finding for finding in found.findings if finding.is_refusal] if found is not None else []
        self.note.set_text("\n".join(finding.message() for finding in told))
        self.findings_head.setText(_("Not read: {count}").format(count=len(lost)))
        self.findings.setPlainText("\n".join(finding.message() for finding in lost))
        self.findings_head.setVisible(bool(lost))
        self.findings.setVisible(bool(lost))
        self.table.set_content(changes_content(changes, self.taken))
        self.table.setVisible(bool(changes))
        self._nothing.setVisible(not changes)
        self.detail.setVisible(bool(changes))
        self._show_current()
        self._show_button()

    def _show_button(self) -> None:
        count = len(self.taken) if self.found is not None else 0
        text = ngettext("Apply {count} change", "Apply {count} changes", count).format(count=count)
        self.apply_button.setText(text if count else _("Apply"))
        self.apply_button.setEnabled(bool(count))

    def current(self) -> tuple[int, Proposal] | None:
        """The change whose row has the keyboard, with its place."""
        key = self.table.current_key()
        if self.found is None or not key:
            return None
        return int(key), self.found.changes[int(key)]

    def _show_current(self) -> None:
        current = self.current()
        self.detail.setEnabled(current is not None)
        if current is None:
            return
        place, change = current
        self.subject.setText(f"{change.what}  ({change.where})")
        self.before.setPlainText(change.before)
        self.after.setPlainText(change.after)
        notes = notes_of(change)
        self.about.setText(notes)
        self.about.setVisible(bool(notes))
        (self.take if place in self.taken else self.keep).setChecked(True)

    # Choosing

    def toggle(self) -> None:
        """The other choice for the current change."""
        current = self.current()
        if current is not None:
            self._choose(current[0], take=current[0] not in self.taken)

    def _on_chosen(self, choice: int) -> None:
        current = self.current()
        if current is not None:
            self._choose(current[0], take=choice == 1)

    def _choose(self, place: int, *, take: bool) -> None:
        (self.taken.add if take else self.taken.discard)(place)
        if self.found is not None:
            self.table.set_content(changes_content(self.found.changes, self.taken))
        self._show_current()
        self._show_button()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space turns the choice over, as in a list of boxes to tick."""
        if watched is self.table.view and isinstance(event, QKeyEvent) and _is_space(event):
            self.toggle()
            return True
        return super().eventFilter(watched, event)

    # Ending

    def apply(self) -> None:
        """One edit for all that was chosen; what cannot stand together is said here and the dialog stays."""
        if self.found is None or not self.taken:
            return
        from core.comeback import apply

        if self._session.case is not self._case:  # not while this window is in front, but who knows
            self.read(self._path)
            return
        chosen = [change for place, change in enumerate(self.found.changes) if place in self.taken]
        try:
            case = apply(self._case, chosen, self._session.pack)
        except InputError as error:
            self.message.setText(error.message())
            return
        self._session.apply(_("Import from briefing {name}").format(name=self._path.name), case)
        self.accept()

    def done(self, result: int) -> None:
        self._job.close()
        self.password.forget()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._job.close()
        super().closeEvent(event)


def _is_space(event: QKeyEvent) -> bool:
    return event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space and not event.modifiers()


def _summary(found: Comeback) -> str:
    """How much there is, in a line."""
    if not found.changes:
        return _("Nothing to bring back: no input of the workbook has a value that the case lacks.")
    count = len(found.changes)
    text = ngettext("{count} change in the workbook.", "{count} changes in the workbook.", count).format(count=count)
    if found.conflicts:
        text += " " + _(
            "{count} of them changed in the case as well: the case's value stays unless you choose."
        ).format(count=len(found.conflicts))
    return text


def _reading(name: str, height: int) -> QPlainTextEdit:
    """Text to read and to copy, which wraps."""
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setTabChangesFocus(True)
    text.setFixedHeight(height)
    text.setAccessibleName(name)
    return text
