"""One state of unsaved work as it lies in the recovery folder: a head, where it belongs, and the case file itself.

    parley-recovery 1 SHA-256-OF-ALL-THAT-FOLLOWS
    {"at": "2025-05-22T09:30:15Z", "sealed": false}
    {"path": "/cases/talks.parley", "title": {"en": "Talks"}}
    ... the bytes of a case file ...

Of an encrypted case everything from the third line on is sealed with the case's key, title and path included.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import msgspec

from core.case import Case
from core.casefile import Seen
from core.casefile.format import MAX_BYTES, encode
from core.errors import CaseFileError
from core.half_characters import mended
from core.i18n import _
from core.text import LocalText

VERSION: Final = 1
MAX_STATE_BYTES: Final = MAX_BYTES + 100_000  # the case, its head, and what sealing adds
_FIRST_LINE: Final = re.compile(rb"parley-recovery (?P<version>[1-9]\d{0,3}) (?P<sum>[0-9a-f]{64})\Z")
_LINE: Final = 10_000  # no head is longer, not even in a path of the longest kind


class DamagedStateError(CaseFileError):
    """A state that is not as it was written."""


class Sealer(Protocol):
    """What seals the states of an encrypted case: core.casefile.secrecy.CaseKey."""

    def seal(self, data: bytes) -> bytes:
        """The data so that only the case's password opens them."""
        ...


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which case it is: its title, the file it came from ("" for a new one), and what that file was then."""

    path: str = ""
    title: LocalText = LocalText()
    seen: str = ""


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    at: datetime
    sealed: bool


@dataclass(frozen=True)
class State:
    """One state as read: when it was the case, and its body, sealed or not."""

    at: datetime
    is_sealed: bool
    body: bytes

    def contents(self, body: bytes | None = None) -> tuple[Origin, bytes]:
        """Where it belongs, and the case file's bytes. body: the unsealed one, of a sealed state."""
        line, _newline, case = (self.body if body is None else body).partition(b"\n")
        try:
            return msgspec.json.decode(line, type=Origin), case
        except (msgspec.MsgspecError, UnicodeDecodeError) as failure:
            raise damaged("", str(failure)) from failure


def packed(case: Case, path: Path | None, key: Sealer | None, at: datetime, seen: Seen | None = None) -> bytes:
    """The bytes of a state. CaseFileError when the case is larger than any that can be opened again.

    Half a character, which no file can hold, is mended: the rest of the work must not be lost with it.
    """
    case = mended(case)
    body = (
        msgspec.json.encode(Origin(_written(path), case.title, "" if seen is None else seen.digest))
        + b"\n"
        + encode(case)
    )
    if len(body) > MAX_BYTES:  # what is sealed may not be longer than a case either
        raise CaseFileError(_("The case is too large to be kept for recovery."), remedy=_("Shorten its notes."))
    if key is not None:
        body = key.seal(body)
    rest = msgspec.json.encode(_Head(at, key is not None)) + b"\n" + body
    first = f"parley-recovery {VERSION} {hashlib.sha256(rest).hexdigest()}\n"
    return first.encode() + rest


def _written(path: Path | None) -> str:
    """The path from the root on; "" for the rare one that is no text: saving then asks where."""
    if path is None:
        return ""
    text = str(path.absolute())
    try:
        text.encode()
    except UnicodeEncodeError:
        return ""
    return text


def unpacked(data: bytes, where: str) -> State:
    """The state in the bytes of a file. CaseFileError when any of them is not as it was written."""
    first, _newline, rest = data.partition(b"\n")
    match = _FIRST_LINE.match(first)
    if match is None:
        raise damaged(where, _("It does not begin as a recovery file does."))
    if int(match["version"]) > VERSION:
        raise CaseFileError(
            _("This recovery file was kept by a newer Parley."), where=where, remedy=_("Update Parley.")
        )
    if hashlib.sha256(rest).hexdigest().encode() != match["sum"]:
        raise damaged(where, _("Its content does not fit its checksum."))
    line, _newline, body = rest.partition(b"\n")
    try:
        head = msgspec.json.decode(line[:_LINE], type=_Head)
    except (msgspec.MsgspecError, UnicodeDecodeError) as failure:
        raise damaged(where, str(failure)) from failure
    return State(head.at, head.sealed, body)


def damaged(where: str, why: str) -> DamagedStateError:
    """The error for a recovery file that is not as it was written."""
    return DamagedStateError(
        _("A recovery file is damaged."), where=where, why=why, remedy=_("It was put aside and not deleted.")
    )
