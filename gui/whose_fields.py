"""The first rows of the change form: whose goods, which partners by name, and who is left out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from core.i18n import _
from gui.change_aim import Aim, Whose, aim_at
from gui.partners_edit import PartnersEdit
from gui.session import Session

_SHOWN: Final = {Whose.CHOSEN: ("partners",), Whose.OTHERS: ("left_out",)}


class WhoseFields(QObject):
    """Three fields and what they state together; `changed` when another choice was made."""

    changed = Signal()

    def __init__(self, session: Session, aim: Aim, parent: QWidget) -> None:
        super().__init__(parent)
        self.choice = QComboBox(parent)
        for whose, text in _choices(_own_name(session)):
            self.choice.addItem(text, whose.value)
        self.choice.setCurrentIndex(self.choice.findData(aim.whose.value))
        self.partners = PartnersEdit(session, parent=parent)
        self.partners.show_codes(aim.named)
        self.partners.setPlaceholderText(_("names or codes, with commas"))
        self.left_out = PartnersEdit(session, is_optional=True, parent=parent)
        self.left_out.show_codes(aim.left_out)
        self.left_out.setPlaceholderText(_("no exception"))
        # Terms of a union without some of its members: rare, so only where they are there already.
        self._has_exceptions = bool(aim.left_out)
        self.choice.currentIndexChanged.connect(self.changed)

    @property
    def fields(self) -> dict[str, QWidget]:
        """All of them by name, in the order of the form."""
        return {"whose": self.choice, "partners": self.partners, "left_out": self.left_out}

    @property
    def shown(self) -> tuple[str, ...]:
        """Names of the fields that the choice needs."""
        also = ("left_out",) if self._has_exceptions and self.whose is Whose.CHOSEN else ()
        return ("whose", *_SHOWN.get(self.whose, ()), *also)

    @property
    def whose(self) -> Whose:
        return Whose(self.choice.currentData())

    def aim(self) -> Aim | None:
        """What the fields state; None when one of them cannot be taken, which then has the keyboard."""
        codes: dict[str, tuple[str, ...]] = {"partners": (), "left_out": ()}
        for name, field in (("partners", self.partners), ("left_out", self.left_out)):
            if name not in self.shown:
                continue
            if not field.check():
                field.setFocus(Qt.FocusReason.OtherFocusReason)
                return None
            codes[name] = field.value()
        return aim_at(self.whose, codes["partners"], codes["left_out"])


def _own_name(session: Session) -> str:
    pack, code = session.pack, session.case.partner
    return str(pack.partners.get(code).name) if pack is not None else code


def _choices(own: str) -> tuple[tuple[Whose, str], ...]:
    return (
        (Whose.OWN, _("{partner}, our own terms").format(partner=own)),
        (Whose.CHOSEN, _("Chosen partners…")),
        (Whose.OTHERS, _("All other partners")),
        (Whose.ALL, _("All partners")),
    )
