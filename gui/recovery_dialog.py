"""At the start, after a crash: what was found, and what to do with each of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.casefile.found import DAYS_KEPT, Found, Recovered
from core.errors import ParleyError
from core.i18n import _
from core.quantities import format_date
from gui import theme
from gui.jobs import Job
from gui.password_field import PasswordField
from gui.widgets import AmberNote, Words

_WIDTH, _ROW, _ROWS_SHOWN = 560, 52, 4


def title_of(entry: Found) -> str:
    """The case as far as it can be named without its password."""
    if not entry.states:
        return _("Damaged recovery file")
    if entry.is_sealed:
        return _("Encrypted case")
    return str(entry.title) or _("New case")


def place_of(entry: Found) -> tuple[str, str]:
    """When it was last changed, and the file it belongs to, where that can be known."""
    if entry.at is None:
        return "", ""
    return _("changed {when}").format(when=_moment(entry.at)), "" if entry.is_sealed else _file_of(entry)


def _file_of(entry: Found) -> str:
    path = entry.path
    if path is None:
        return _("never saved")
    return _("{file} in {folder}").format(file=path.name, folder=path.parent)


def _moment(at: datetime) -> str:
    local = at.astimezone()
    return _("{day}, {time}").format(day=format_date(local.date()), time=f"{local:%H:%M}")


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


class _Row(QWidget):
    """One entry: what it is, and below from when it is and where it belongs."""

    def __init__(self, entry: Found) -> None:
        super().__init__()
        self._when, self._file = place_of(entry)
        self.setToolTip(_joined(self._when, self._file))
        self._words = Words("", "caption", muted=True)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S12, theme.S8, theme.S12, theme.S8)
        column.setSpacing(2)
        column.addWidget(Words(title_of(entry), bold=True))
        if self._when:
            column.addWidget(self._words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A long path loses its middle: its ends say which file and which folder it is."""
        super().resizeEvent(event)
        metrics = QFontMetrics(self._words.font())
        room = event.size().width() - 2 * theme.S12 - metrics.horizontalAdvance(_joined(self._when, " "))
        file = metrics.elidedText(self._file, Qt.TextElideMode.ElideMiddle, room)
        self._words.setText(_joined(self._when, file))


class RecoveryDialog(QDialog):
    """`opened` is the entry that the user opened and its case, or None; all others are kept, or deleted by now."""

    def __init__(self, entries: Sequence[Found], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = list(entries)
        self._told: Recovered | None = None
        self.opened: tuple[Found, Recovered] | None = None
        self.setWindowTitle(_("Unsaved work"))
        self.list = QListWidget()
        self.list.setFixedWidth(_WIDTH - 2 * theme.S16)  # the dialog fits itself around it
        self.list.setAccessibleName(_("Unsaved work"))
        self.list.currentRowChanged.connect(self._show_entry)
        self.list.itemActivated.connect(self._open)
        self.password = PasswordField(_("Password"))
        self.note = AmberNote()
        self._job = Job(self)
        self._job.finished.connect(self._on_opened)
        self._job.failed.connect(self._on_refused)
        self._lay_out()
        self._fill()

    @property
    def entry(self) -> Found | None:
        """The one that is chosen in the list."""
        row = self.list.currentRow()
        return self._entries[row] if 0 <= row < len(self._entries) else None

    # What it shows

    def _lay_out(self) -> None:
        self.password_row = QWidget()
        row = QHBoxLayout(self.password_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.S12)
        label = Words(_("Password"), muted=True)
        label.setFixedHeight(theme.CONTROL_HEIGHT)
        label.setBuddy(self.password.line)
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.password, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.S16, theme.S16, theme.S16, theme.S16)
        column.setSpacing(theme.S12)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        column.addWidget(Words(_("Parley ended before these changes were saved."), "heading", bold=True))
        for part in (self.list, self.password_row, self.note, self._hint()):
            column.addWidget(part)
        column.addLayout(self._buttons())

    def _hint(self) -> QWidget:
        words = _("What you keep is offered again at each start, for {count} days.").format(count=DAYS_KEPT)
        return Words(words, "caption", muted=True, wrap=True)

    def _buttons(self) -> QHBoxLayout:
        self.open_button, self.later_button = QPushButton(_("Open it")), QPushButton(_("Keep for later"))
        self.delete_button = QPushButton(_("Delete…"))
        self.open_button.setDefault(True)
        self.later_button.setAutoDefault(False)
        self.delete_button.setAutoDefault(False)
        self.open_button.clicked.connect(self._open)
        self.later_button.clicked.connect(self.reject)
        self.delete_button.clicked.connect(self._delete)
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        row.addWidget(self.delete_button)
        row.addStretch(1)
        row.addWidget(self.later_button)
        row.addWidget(self.open_button)
        return row

    def _fill(self) -> None:
        self.list.clear()
        for entry in self._entries:
            item = QListWidgetItem(self.list)
            item.setSizeHint(QSize(0, _ROW))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _joined(title_of(entry), *place_of(entry)))
            self.list.setItemWidget(item, _Row(entry))
        rows = min(max(len(self._entries), 1), _ROWS_SHOWN)
        self.list.setFixedHeight(rows * _ROW + 2 * self.list.frameWidth())
        self.list.setCurrentRow(0)

    def _show_entry(self) -> None:
        entry = self.entry
        self._told = None
        self.password.forget()
        self.password_row.setVisible(entry is not None and entry.is_sealed)
        self.open_button.setEnabled(entry is not None and bool(entry.states))
        self._say("" if entry is None else _damage(entry))

    def _say(self, text: str) -> None:
        """The dialog grows by the note."""
        self.note.set_text(text)
        self.note.setFixedHeight(self.note.heightForWidth(_WIDTH - 2 * theme.S16))

    # What the user does

    def _open(self) -> None:
        entry = self.entry
        if entry is None or not entry.states or self._job.is_running:
            return
        if self._told is not None:
            self._accept(self._told)
            return
        password = self.password.text if entry.is_sealed else None
        self._set_busy(True)
        self._job.start(lambda _progress, _cancelled: entry.open(password))

    def _on_opened(self, recovered: Recovered) -> None:
        self._set_busy(False)
        if recovered.is_in_file:
            self._told = recovered
            self._say(_("The file itself holds all of this: it was saved afterwards. You can delete this copy."))
        else:
            self._accept(recovered)

    def _accept(self, recovered: Recovered) -> None:
        entry = self.entry
        if entry is not None:
            self._entries.remove(entry)
            self.opened = entry, recovered
            self.accept()

    def _on_refused(self, error: Exception) -> None:
        self._set_busy(False)
        self._say(error.message() if isinstance(error, ParleyError) else type(error).__name__)
        if self.password_row.isVisible():
            self.password.again()

    def _set_busy(self, busy: bool) -> None:
        for part in (self.list, self.password, self.open_button, self.delete_button):
            part.setEnabled(not busy)

    def _delete(self) -> None:
        entry = self.entry
        if entry is None or not _ask_delete(self, title_of(entry)):
            return
        entry.delete()
        self._entries.remove(entry)
        self._fill()
        if not self._entries:
            self.accept()

    def done(self, result: int) -> None:
        """However it is left, nothing is lost: what was not opened or deleted is offered again."""
        self._job.close()
        today = datetime.now().astimezone().date()
        for entry in self._entries:
            entry.keep_for_later(today)
        self._entries = []
        super().done(result)


def _damage(entry: Found) -> str:
    if entry.problem is None:
        return ""
    words = [" ".join(part for part in (entry.problem.what, entry.problem.why, entry.problem.remedy) if part)]
    if entry.states and entry.at is not None:
        words.insert(0, _("The newest copy cannot be read. This one is from {when}.").format(when=_moment(entry.at)))
    words += [_("It is here: {path}").format(path=path) for path in entry.damaged[:1]]
    return "\n".join(words)


def _ask_delete(parent: QWidget, name: str) -> bool:
    from gui.dialogs import own_box

    box = own_box(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(_("Parley"))
    box.setText(_("Delete the unsaved work in “{name}” for good?").format(name=name))
    yes = box.addButton(_("Delete"), QMessageBox.ButtonRole.DestructiveRole)
    no = box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(no)
    box.setEscapeButton(no)
    box.exec()
    chosen = box.clickedButton() is yes
    box.deleteLater()
    return chosen
