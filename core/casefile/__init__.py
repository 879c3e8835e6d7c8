"""Case files, `name.parley`: open, save, start a new one. What is in them: docs/case-file.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from core.case import LAW_SCENARIO, Case, following_letter
from core.casefile.atomic import write_atomically
from core.casefile.envelope import is_sealed, needs_password
from core.casefile.format import MAX_BYTES, decode, encode
from core.casefile.leftovers import sweep
from core.casefile.on_disk import (
    EXTENSION,
    Seen,
    as_kept,
    check_unchanged,
    keep_aside,
    previous_version,
    read_case_file,
    seal_left_behind,
)
from core.errors import CaseFileError
from core.half_characters import mended
from core.history import new_id
from core.i18n import _
from core.locations import resource_path
from core.text import LocalText

if TYPE_CHECKING:
    from core.casefile.secrecy import CaseKey
    from core.reference.pack import Pack

__all__ = [
    "DEFAULT_CASE",
    "EXTENSION",
    "Opened",
    "Seen",
    "default_case",
    "keep_aside",
    "load",
    "new_case",
    "open_case",
    "previous_version",
    "save",
]

DEFAULT_CASE: Final = "korea_us_2025_05.parley"
_SHOWN: Final = 60  # characters of a text in a message


@dataclass(frozen=True)
class Opened:
    """A case as it came from a file. key: to save it with again, None when it is not encrypted."""

    case: Case
    key: CaseKey | None
    seen: Seen


def load(path: Path, password: str | None = None) -> Case:
    """The case in this file; CaseFileError says where and why when there is none."""
    return open_case(path, password).case


def open_case(path: Path, password: str | None = None) -> Opened:
    """The case with what is needed to save it again. A password for a case that has none is not looked at.

    Raises NeedsPassword, WrongPassword, CaseFileError, or InputError when no password can be like this.
    Takes away what a killed saving left beside the file: of a case not yet encrypted it would stay readable.
    """
    data = read_case_file(path)
    sweep(path.resolve().parent)
    if not is_sealed(data):
        return Opened(decode(data, path.name), None, Seen.of(data))
    if not password:
        raise needs_password(path.name)
    from core.casefile.secrecy import unseal  # its library is loaded only for encrypted cases

    plain, key = unseal(data, password, path.name)
    return Opened(decode(plain, path.name), key, Seen.of(data))


def save(
    case: Case, path: Path, *, key: CaseKey | None = None, former: CaseKey | None = None, seen: Seen | None = None
) -> Seen:
    """Replace the file in one step and keep the one before as `previous_version(path)`; what is on disk now.

    key: to encrypt with; then no version before stays readable without a password. former: the key of what is on
    disk, if it is another, to encrypt that version anew as well. seen: what the file was when last read or
    written; ChangedOnDisk when it is something else by now, and nothing is written then.
    Raises CaseFileError when it cannot be done; the old file is then as it was.
    """
    data = _checked(case, path)
    if key is not None:
        data = key.seal(data)
        seal_left_behind(path, key)

    def last_look(old: bytes) -> bytes:
        check_unchanged(path, seen, old)
        return as_kept(old, key, former)

    write_atomically(path, data, previous=previous_version(path), keep_as=last_look)
    return Seen.of(data)


def _checked(case: Case, path: Path) -> bytes:
    """The bytes of the case: what cannot be opened again must never replace what can."""
    try:
        data = encode(case)
    except UnicodeEncodeError as failure:
        raise CaseFileError(
            _("The file could not be saved."),
            where=str(path),
            why=_("A text in it holds half a character, which no file can hold: “{text}”.").format(
                text=mended(str(failure.object))[:_SHOWN]
            ),
            remedy=_("Type that text again, and save."),
        ) from failure
    if len(data) > MAX_BYTES:
        raise CaseFileError(
            _("The case is too large to be saved."),
            where=str(path),
            why=_("A case has at most {limit} MB.").format(limit=MAX_BYTES // 1_000_000),
            remedy=_("Shorten its notes."),
        )
    decode(data, path.name)
    return data


@cache
def default_case() -> Case:
    """The case that Parley opens with: the example that comes with it."""
    return load(resource_path("examples", DEFAULT_CASE))


def new_case(
    pack: Pack,
    *,
    title: str = "",
    partner: str = "",
    as_of: date | None = None,
    known_to: date | None = None,
) -> Case:
    """An empty case: the law alone, the pack's item groups, nothing of the delegation's own yet.

    What is not given is as in the default case.
    """
    default = default_case()
    law = replace(default.scenario(LAW_SCENARIO), summary=LocalText(), id=new_id())
    return replace(
        default,
        id=new_id(),  # with the example's, a workbook or copy of another new case would be taken for one of this
        title=LocalText(en=title, ko=title),
        partner=partner or default.partner,
        as_of=as_of or default.as_of,
        known_to=known_to or default.known_to,
        scenarios=(law,),
        next_letter=following_letter(law.letter),
        compare_with=law.letter,
        groups=pack.groups.item_groups(),
        barriers=(),
        pack_edition=pack.manifest.edition,
        note="",
        trade=(),
        history=(),
    )
