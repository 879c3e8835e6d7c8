"""A password on a workbook, as Excel sets one: the whole file encrypted with AES, in memory.

Plain content never reaches a disk on the way. The library derives the key from the password as Excel does
(SHA-512, 100,000 rounds): a short password can still be guessed by trying.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from core.bounded_xml import Budget, Handler, XmlError, walk
from core.errors import InputError, WorkbookError, WorkbookNeedsPassword, WorkbookWrongPassword
from core.i18n import _

LONGEST: Final = 255  # what Excel takes
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_ROUNDS: Final = 1_000_000  # ten times what Excel writes; ten million would keep a window busy for a minute
_AGILE: Final = b"\x04\x00\x04\x00"  # the version whose description is XML, behind eight bytes


def check_password(password: str) -> None:
    """A password that every program can be given."""
    if not password:
        raise InputError(_("The password is empty."), remedy=_("Type one, or write the workbook without."))
    if len(password) > LONGEST:
        raise InputError(_("The password is longer than {limit} characters.").format(limit=LONGEST))
    if not password.isprintable():
        raise InputError(_("The password holds a character that cannot be typed."), remedy=_("Choose another one."))


def locked(data: bytes, password: str) -> bytes:
    """The workbook, encrypted. Two calls never give the same bytes."""
    from msoffcrypto.format.ooxml import OOXMLFile  # type: ignore[import-untyped]

    check_password(password)
    sealed = BytesIO()
    OOXMLFile(BytesIO(data)).encrypt(_normal(password), sealed)
    return sealed.getvalue()


def is_locked(data: bytes) -> bool:
    """Whether the file is in the container that an encrypted workbook has."""
    return data.startswith(_OLE)


def unlocked(data: bytes, password: str | None, where: str) -> bytes:
    """The workbook within, checked to be whole. where: name of the file, for the message.

    Raises WorkbookNeedsPassword, WorkbookWrongPassword, or WorkbookError for what is damaged or of another kind.
    """
    _check_container(data, where)
    if not password:
        raise WorkbookNeedsPassword(
            _("The workbook has a password."), where=where, remedy=_("Type the password it was given.")
        )
    return _opened(data, _normal(password), where)


def _opened(data: bytes, password: str, where: str) -> bytes:
    from msoffcrypto.exceptions import InvalidKeyError  # type: ignore[import-untyped]
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = BytesIO()
    try:
        file = OOXMLFile(BytesIO(data))
        try:
            file.load_key(password=password, verify_password=True)
        except InvalidKeyError as failure:
            raise _wrong(where) from failure
        file.decrypt(plain, verify_integrity=file.type == "agile")
    except WorkbookError:
        raise
    except Exception as failure:  # the library raises whatever a broken container makes it stumble over
        raise _damaged(where) from failure
    return plain.getvalue()


def _check_container(data: bytes, where: str) -> None:
    """What the library would take without asking: another kind of document, or a key that takes minutes."""
    import olefile  # type: ignore[import-untyped]

    try:
        with olefile.OleFileIO(BytesIO(data)) as container:
            is_workbook = container.exists("EncryptedPackage") and container.exists("EncryptionInfo")
            info = container.openstream("EncryptionInfo").read() if is_workbook else b""
    except Exception as failure:
        raise _damaged(where) from failure
    if not is_workbook:
        raise WorkbookError(
            _("This is not a workbook that Parley can read."),
            where=where,
            why=_("It is an older kind of Office document."),
            remedy=_("Save it as .xlsx in Excel and choose that file."),
        )
    if info.startswith(_AGILE):
        _check_rounds(info[8:], where)


@dataclass
class _Rounds(Handler):
    """Every count of rounds that the description names."""

    found: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self.found += [value for key, value in attributes.items() if key == "spinCount"]


def _check_rounds(description: bytes, where: str) -> None:
    rounds = _Rounds()
    try:
        walk([description], rounds, Budget())
        most = max(int(text) for text in rounds.found)
    except (XmlError, ValueError) as failure:
        raise _damaged(where) from failure
    if most > _MOST_ROUNDS:
        raise _damaged(where)


def _wrong(where: str) -> WorkbookWrongPassword:
    return WorkbookWrongPassword(
        _("The password is wrong."), where=where, remedy=_("Type it again; capital and small letters differ.")
    )


def _damaged(where: str) -> WorkbookError:
    return WorkbookError(
        _("The workbook cannot be opened: the file is damaged."), where=where, remedy=_("Ask for it once more.")
    )


def _normal(password: str) -> str:
    """Hangul typed on another system may come in pieces; Excel is given whole syllables."""
    return unicodedata.normalize("NFC", password)
