"""What lies on disk around a case: the file as last seen, the version before it, and a copy of somebody else's."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.bounded_reading import read_bounded
from core.casefile.atomic import MAX_READ, write_atomically
from core.casefile.envelope import is_sealed
from core.errors import CaseFileError, ChangedOnDisk
from core.i18n import _

if TYPE_CHECKING:
    from core.casefile.secrecy import CaseKey

EXTENSION: Final = ".parley"


@dataclass(frozen=True)
class Seen:
    """What a file was when it was last read or written: a digest of its bytes."""

    digest: str

    @classmethod
    def of(cls, data: bytes) -> Seen:
        """The mark of these bytes."""
        return cls(hashlib.sha256(data).hexdigest())


def read_case_file(path: Path) -> bytes:
    """The file's bytes; of a file larger than any case only more than a case could have. CaseFileError says why not."""
    try:
        return read_bounded(path, MAX_READ)
    except OSError as failure:
        raise _cannot_open(path, failure) from failure


def previous_version(path: Path) -> Path:
    """Where the version before the last saving is kept: `name.parley~` beside the file itself."""
    target = path.resolve()
    return target.with_name(target.name + "~")


def check_unchanged(path: Path, seen: Seen | None, found: bytes) -> None:
    """ChangedOnDisk when the file is something else than what was last seen of it."""
    if seen is not None and Seen.of(found) != seen:
        raise ChangedOnDisk(
            _("The file was changed by someone else since it was opened."),
            where=str(path),
            remedy=_("Save your case under another name, or replace theirs."),
        )


def as_kept(old: bytes, key: CaseKey | None, former: CaseKey | None) -> bytes:
    """The version before as it is kept: never readable without a password beside a case that has one."""
    if key is None or len(old) > MAX_READ:
        return old
    if not is_sealed(old):
        return key.seal(old)
    return old if former is None or former is key else _sealed_anew(old, key, former)


def _sealed_anew(old: bytes, key: CaseKey, former: CaseKey) -> bytes:
    try:
        return key.seal(former.unseal(old, ""))
    except CaseFileError:  # damaged, or of yet another password: not readable without one all the same
        return old


def seal_left_behind(path: Path, key: CaseKey) -> None:
    """Encrypt a version before whose own file is gone: this saving would leave it readable."""
    previous = previous_version(path)
    if path.exists() or previous.is_symlink() or not previous.is_file():
        return
    old = read_case_file(previous)
    if not is_sealed(old) and len(old) <= MAX_READ:
        write_atomically(previous, key.seal(old))


def keep_aside(path: Path, stem: str) -> tuple[Path, Seen]:
    """A copy of the file as it is now, beside it under `stem` or the next free name like it; and what it is.

    Raises CaseFileError.
    """
    data = read_case_file(path)
    if len(data) > MAX_READ:
        raise CaseFileError(_("The file is too large to be a case."), where=str(path))
    copy, number = path.with_name(stem + EXTENSION), 1
    while copy.exists():
        number += 1
        copy = path.with_name(f"{stem} ({number}){EXTENSION}")
    write_atomically(copy, data)
    with suppress(OSError):
        shutil.copymode(path, copy)  # whoever could read it there can read it here
    return copy, Seen.of(data)


def _cannot_open(path: Path, failure: OSError) -> CaseFileError:
    if isinstance(failure, FileNotFoundError):
        why, remedy = _("There is no such file."), _("Check the name, or whether the disk is connected.")
    elif path.is_dir():
        why, remedy = _("It is a folder."), _("Choose a file ending in .parley.")
    elif isinstance(failure, PermissionError):
        why, remedy = _("Reading it is not allowed."), _("Ask its owner, or close it in the other program.")
    else:
        why = _("The system says: {reason}.").format(reason=failure.strerror or failure)
        remedy = _("Try again, or open another copy.")
    return CaseFileError(_("The case could not be opened."), where=str(path), why=why, remedy=remedy)
