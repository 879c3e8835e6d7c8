"""A share of value typed in per cent."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPalette
from PySide6.QtWidgets import QWidget

from core.errors import InputError
from core.i18n import _
from core.quantities import format_percent, parse_number, parse_share
from gui import theme
from gui.number_edit import FieldEdit

FIELD_WIDTH: Final = 84


def parse_percent_share(text: str) -> Decimal:
    """A share typed in per cent (`79.5`, `79.5 %`) as a fraction; the unit stands beside the field."""
    if "," in text:
        return parse_share(text)  # refuses it and says how it can be read
    share = parse_number(text.strip().removesuffix("%")) / 100
    if not 0 <= share <= 1:
        raise InputError(
            _("Not taken: {text} is not a share.").format(text=text.strip()),
            remedy=_("Type a share between 0 and 100 %."),
        )
    return share


def percent_text(share: Decimal) -> str:
    """A share as a field shows it: in per cent, every digit kept."""
    return f"{(share * 100).normalize():f}"


class ShareEdit(FieldEdit):
    """A share in per cent. Undo and redo act on the case, but while something is half typed on the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parse_percent_share, "", parent)
        self._is_own = False
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFixedWidth(FIELD_WIDTH)
        theme.notifier.changed.connect(self._dress)

    def show_share(self, share: Decimal, *, is_own: bool) -> None:
        """Show the share that holds; what is being typed stays unless the share is another now."""
        self._is_own = is_own
        self._dress()
        text = percent_text(share)
        if text != self._good:
            self.set_good(text)
        self.set_standing(_("Until then {rate} stays.").format(rate=format_percent(share)))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_undo(event) and self.text() == self._good:
            event.ignore()
            return False
        return super().event(event)

    @staticmethod
    def _is_undo(event: QEvent) -> bool:
        standard = QKeySequence.StandardKey
        return isinstance(event, QKeyEvent) and (event.matches(standard.Undo) or event.matches(standard.Redo))

    def _dress(self) -> None:
        """Yellow and strong where the case sets it."""
        self.setFont(theme.font("body", bold=self._is_own))
        palette = QPalette(theme.palette(theme.current()))
        if self._is_own:
            palette.setColor(QPalette.ColorRole.Base, theme.current().input_fill)
        self.setPalette(palette)
