"""The few questions and messages that need a window of their own."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.casefile import EXTENSION
from core.errors import ParleyError
from core.i18n import _
from core.quantities import format_date
from gui import settings

if TYPE_CHECKING:
    from core.casefile.owner import Owner


class Answer(Enum):
    """What to do with unsaved changes, with a file that cannot be saved as it is, or that is open elsewhere."""

    SAVE = "save"
    DISCARD = "discard"
    SAVE_AS = "save-as"
    TRY_AGAIN = "try-again"
    REPLACE = "replace"
    MERGE = "merge"
    COPY = "copy"
    ANYWAY = "anyway"
    CANCEL = "cancel"


def own_box(parent: QWidget | None) -> QMessageBox:
    """A message drawn by us on every system: the idle lock can cover no window of the system's own."""
    box = QMessageBox(parent)
    box.setOption(QMessageBox.Option.DontUseNativeDialog)
    return box


def _box(parent: QWidget | None, icon: QMessageBox.Icon, text: str, more: str) -> QMessageBox:
    """Plain text: what a file says of itself is shown, never interpreted."""
    box = own_box(parent)
    box.setIcon(icon)
    box.setWindowTitle(_("Parley"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(more)
    return box


def _ask(box: QMessageBox, choices: dict[Answer, str]) -> Answer:
    """The user's choice; the first is what Return takes, and Escape is CANCEL."""
    role = QMessageBox.ButtonRole
    roles = {Answer.CANCEL: role.RejectRole, Answer.DISCARD: role.DestructiveRole, Answer.REPLACE: role.DestructiveRole}
    buttons = {box.addButton(text, roles.get(answer, role.AcceptRole)): answer for answer, text in choices.items()}
    box.setDefaultButton(next(iter(buttons)))
    box.setEscapeButton(next(button for button, answer in buttons.items() if answer is Answer.CANCEL))
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    return next((answer for button, answer in buttons.items() if chosen is button), Answer.CANCEL)


def _parts(error: Exception) -> tuple[str, str]:
    """What happened, and why and what to do."""
    if not isinstance(error, ParleyError):
        return _("Something went wrong inside Parley."), f"{type(error).__name__}: {error}"
    what = f"{error.what} ({error.where})" if error.where else error.what
    return what, " ".join(part for part in (error.why, error.remedy) if part)


def show_error(parent: QWidget | None, error: Exception) -> None:
    """One message with what happened, why, and what to do."""
    box = _box(parent, QMessageBox.Icon.Warning, *_parts(error))
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    box.deleteLater()


def show_crash(parent: QWidget | None, report: str) -> None:
    """An error that nobody expected: the case is still there, and the report can be copied."""
    box = own_box(parent)
    box.setIcon(QMessageBox.Icon.Critical)
    box.setWindowTitle(_("Parley"))
    box.setText(_("Something went wrong inside Parley."))
    box.setInformativeText(
        _("Your case is still in memory: save it under a new name. The report below holds nothing of the case.")
    )
    box.setDetailedText(report)
    copy = box.addButton(_("Copy report"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    if box.clickedButton() is copy:
        QGuiApplication.clipboard().setText(report)
    box.deleteLater()


def ask_unsaved(parent: QWidget, name: str) -> Answer:
    """Before a case with unsaved changes goes away."""
    text = _("Save the changes to “{name}”?").format(name=name)
    box = _box(parent, QMessageBox.Icon.Question, text, _("Without saving they are lost."))
    words = {Answer.SAVE: _("Save"), Answer.DISCARD: _("Don't save"), Answer.CANCEL: _("Cancel")}
    return _ask(box, words)


def ask_not_saved(parent: QWidget, error: Exception) -> Answer:
    """Saving failed: what happened, and what helps."""
    what, more = _parts(error)
    still = _("Nothing is lost: your work is still in this window, and the old file is as it was.")
    box = _box(parent, QMessageBox.Icon.Warning, what, f"{more}\n\n{still}".strip())
    words = {Answer.SAVE_AS: _("Save as…"), Answer.TRY_AGAIN: _("Try again"), Answer.CANCEL: _("Close")}
    return _ask(box, words)


def ask_changed(parent: QWidget, name: str, aside: str, *, can_merge: bool) -> Answer:
    """Someone else saved the file meanwhile. aside: the name under which theirs would be kept."""
    box = _box(
        parent,
        QMessageBox.Icon.Warning,
        _("Someone else has changed “{name}” since you opened it.").format(name=name),
        _("Nothing was saved yet. If you replace it, their version is kept beside it as “{aside}”.").format(
            aside=aside
        ),
    )
    words = {Answer.MERGE: _("Merge…")} if can_merge else {}
    words |= {Answer.SAVE_AS: _("Save as…"), Answer.REPLACE: _("Replace it anyway"), Answer.CANCEL: _("Cancel")}
    return _ask(box, words)


def ask_open_elsewhere(parent: QWidget, name: str, owner: Owner) -> Answer:
    """The case is open in another window, or seems to be."""
    if owner.is_certain:
        text = _("“{name}” is open in another window.").format(name=name)
    else:
        text = _("“{name}” may be open on another computer.").format(name=name)
    advice = _(
        "A copy can be merged later. If both windows save the same file, the second one to save is warned first."
    )
    box = _box(parent, QMessageBox.Icon.Question, text, "\n\n".join(part for part in (_whose(owner), advice) if part))
    words = {Answer.COPY: _("Open as a copy"), Answer.ANYWAY: _("Open anyway"), Answer.CANCEL: _("Cancel")}
    return _ask(box, words)


def _whose(owner: Owner) -> str:
    """Who, on which computer, since when, as far as the note says."""
    parts = [owner.who, owner.host]
    if owner.since is not None:
        local = owner.since.astimezone()
        parts.append(_("since {when}").format(when=f"{format_date(local.date())}, {local:%H:%M}"))
    return " · ".join(part for part in parts if part)


def ask_open_path(parent: QWidget) -> Path | None:
    """The case file to open."""
    kinds = _("Parley cases") + f" (*{EXTENSION} *{EXTENSION}~)"
    with settings.without_traces():
        name, _kind = QFileDialog.getOpenFileName(parent, _("Open a case"), str(settings.last_folder()), kinds)
    return Path(name) if name else None


def ask_save_path(parent: QWidget, suggestion: str) -> Path | None:
    """Where to save the case; the name ends in .parley."""
    start = str(settings.last_folder() / (suggestion + EXTENSION))
    kinds = _("Parley cases") + f" (*{EXTENSION})"
    with settings.without_traces():
        name, _kind = QFileDialog.getSaveFileName(parent, _("Save the case"), start, kinds)
    if not name or Path(name).suffix == EXTENSION:
        return Path(name) if name else None
    path = Path(name + EXTENSION)  # the system asked about the name without it
    return path if not path.exists() or _may_replace(parent, path.name) else None


def _may_replace(parent: QWidget, name: str) -> bool:
    box = _box(parent, QMessageBox.Icon.Question, _("There is a file “{name}” already.").format(name=name), "")
    return _ask(box, {Answer.CANCEL: _("Cancel"), Answer.REPLACE: _("Replace it")}) is Answer.REPLACE


def ask_workbook_path(parent: QWidget, start: Path, *, is_remembered: bool = True) -> Path | None:
    """Where to write a workbook. is_remembered: whether the next dialog begins in its folder."""
    kinds = _("Excel workbooks") + " (*.xlsx)"
    with settings.without_traces():
        name, _kind = QFileDialog.getSaveFileName(parent, _("Write the briefing to"), str(start), kinds)
    path = Path(name) if name else None
    if path is not None and is_remembered:
        settings.set_last_folder(path.parent)
    if path is not None and path.suffix.lower() != ".xlsx":
        path = path.with_name(path.name + ".xlsx")
    return path


def show_about(parent: QWidget, version: str, pack_line: str) -> None:
    """Name, version, reference data and licence."""
    box = own_box(parent)
    box.setWindowTitle(_("About Parley"))
    box.setText(_("Parley {version}").format(version=version))
    box.setInformativeText(
        "\n".join(
            line
            for line in (
                _("Offline desktop workbench for a delegation in tariff talks."),
                pack_line,
                _("It opens no network connection and sends nothing."),
                _("Apache License 2.0. Qt is used under the LGPL."),
            )
            if line
        )
    )
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    box.deleteLater()
