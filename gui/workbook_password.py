"""A password for the workbook that is about to be written: ticked if wanted, then typed twice."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from core.errors import InputError
from core.i18n import _
from gui import theme
from gui.password_field import PasswordField
from gui.widgets import Words


class WorkbookPassword(QWidget):
    """The two lines are there only while the box is ticked."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(_("Encrypt with a password"))
        self.first = PasswordField(_("Password of the workbook"))
        self.second = PasswordField(_("The same once more"))
        self.hint = Words(
            _("Nobody can open the workbook without it, Parley no more than Excel. Tell it by another way."),
            "caption",
            muted=True,
            wrap=True,
        )
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(theme.S8)
        for row, widget in enumerate((self.box, self.first, self.second, self.hint)):
            grid.addWidget(widget, row, 0)
        self.first.line.setPlaceholderText(_("Password"))
        self.second.line.setPlaceholderText(_("Once more"))
        self.box.toggled.connect(self._on_toggled)
        for field in (self.first, self.second):
            field.changed.connect(self.changed)
        self._show(wanted=False)

    def problem(self) -> str:
        """What stands against the password, "" for nothing."""
        from core.briefing.lock import check_password

        if not self.box.isChecked():
            return ""
        try:
            check_password(self.first.text)
        except InputError as error:
            return error.message()
        return "" if self.first.text == self.second.text else _("The two passwords differ. Type the same twice.")

    def password(self) -> str | None:
        """What was typed; None without the tick."""
        return self.first.text if self.box.isChecked() else None

    def again(self) -> None:
        """The keyboard to where the slip is."""
        (self.second if self.first.text else self.first).again()

    def forget(self) -> None:
        for field in (self.first, self.second):
            field.forget()

    def _on_toggled(self, wanted: bool) -> None:
        self._show(wanted=wanted)
        if wanted:
            self.first.line.setFocus()
        else:
            self.forget()
        self.changed.emit()

    def _show(self, *, wanted: bool) -> None:
        for widget in (self.first, self.second, self.hint):
            widget.setVisible(wanted)
