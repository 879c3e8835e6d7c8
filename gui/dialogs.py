"""The few questions and messages that need a window of their own."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton, QWidget

from core.casefile import EXTENSION
from core.errors import ParleyError
from core.i18n import _
from gui import settings


class Answer(Enum):
    """What to do with unsaved changes."""

    SAVE = "save"
    DISCARD = "discard"
    CANCEL = "cancel"


def show_error(parent: QWidget | None, error: Exception) -> None:
    """One message with what happened, why, and what to do."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(_("Parley"))
    if isinstance(error, ParleyError):
        box.setText(f"{error.what} ({error.where})" if error.where else error.what)
        box.setInformativeText(" ".join(part for part in (error.why, error.remedy) if part))
    else:
        box.setText(_("Something went wrong inside Parley."))
        box.setInformativeText(f"{type(error).__name__}: {error}")
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    box.deleteLater()


def show_crash(parent: QWidget | None, report: str) -> None:
    """An error that nobody expected: the case is still there, and the report can be copied."""
    box = QMessageBox(parent)
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
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(_("Parley"))
    box.setText(_("Save the changes to “{name}”?").format(name=name))
    box.setInformativeText(_("Without saving they are lost."))
    save = box.addButton(_("Save"), QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(_("Don't save"), QMessageBox.ButtonRole.DestructiveRole)
    cancel = box.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(cancel)
    box.exec()
    chosen = box.clickedButton()
    box.deleteLater()
    answers: dict[QPushButton, Answer] = {save: Answer.SAVE, discard: Answer.DISCARD}
    return next((answer for button, answer in answers.items() if chosen is button), Answer.CANCEL)


def ask_open_path(parent: QWidget) -> Path | None:
    """The case file to open."""
    kinds = _("Parley cases") + f" (*{EXTENSION} *{EXTENSION}~)"
    name, _kind = QFileDialog.getOpenFileName(parent, _("Open a case"), str(settings.last_folder()), kinds)
    return _remembered(name)


def ask_save_path(parent: QWidget, suggestion: str) -> Path | None:
    """Where to save the case; the name ends in .parley."""
    start = str(settings.last_folder() / (suggestion + EXTENSION))
    kinds = _("Parley cases") + f" (*{EXTENSION})"
    name, _kind = QFileDialog.getSaveFileName(parent, _("Save the case"), start, kinds)
    path = _remembered(name)
    if path is not None and path.suffix != EXTENSION:
        path = path.with_name(path.name + EXTENSION)
    return path


def ask_workbook_path(parent: QWidget, start: Path) -> Path | None:
    """Where to write a workbook."""
    kinds = _("Excel workbooks") + " (*.xlsx)"
    name, _kind = QFileDialog.getSaveFileName(parent, _("Write the briefing to"), str(start), kinds)
    path = _remembered(name)
    if path is not None and path.suffix.lower() != ".xlsx":
        path = path.with_name(path.name + ".xlsx")
    return path


def _remembered(name: str) -> Path | None:
    if not name:
        return None
    path = Path(name)
    settings.set_last_folder(path.parent)
    return path


def show_about(parent: QWidget, version: str, pack_line: str) -> None:
    """Name, version, reference data and licence."""
    box = QMessageBox(parent)
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
