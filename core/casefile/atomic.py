"""Write a file so that at every moment either the old or the new content is there, whole.

Order of steps: a temporary file in the same folder, written and flushed to disk; the old content kept under
the name of the previous version; then one rename. What fails before the rename leaves the old file as it was.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.errors import CaseFileError, ParleyError
from core.i18n import N_, _

_TEMPORARY: Final = ".parley-"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DENIED: Final = (errno.EACCES, errno.EPERM)

_SAVE_ELSEWHERE: Final = N_("Save it under another name or in another folder.")


def write_atomically(
    path: Path,
    data: bytes,
    *,
    previous: Path | None = None,
    error: type[ParleyError] = CaseFileError,
) -> None:
    """Put `data` at `path`; what was there before is kept at `previous`, if given.

    Raises `error` with what to do when that cannot be done; the old file is then intact and nothing
    half-written is left behind. A new file can be read by its owner alone; an existing one keeps its
    permissions. A symbolic link stays, the file it points to is replaced.
    """
    target = Path(os.path.realpath(path))
    try:
        _check_target(target, error)
        _replace(target, data, previous)
    except OSError as failure:
        raise _explained(failure, path, error) from failure


def _check_target(target: Path, error: type[ParleyError]) -> None:
    """Refuse what a rename would silently accept or explain badly."""
    if target.is_dir():
        raise error(
            _("The file could not be saved."),
            where=str(target),
            why=_("There is a folder of this name."),
            remedy=_(_SAVE_ELSEWHERE),
        )
    if target.exists() and not target.stat().st_mode & stat.S_IWUSR:
        raise error(
            _("The file could not be saved."),
            where=str(target),
            why=_("It is marked as read-only."),
            remedy=_(_SAVE_ELSEWHERE),
        )


def _replace(target: Path, data: bytes, previous: Path | None) -> None:
    temporary = _filled(target.parent, lambda file: _write(file, data))
    try:
        if target.exists():
            _copy_mode(target, temporary)
            if previous is not None:
                _keep(target, previous)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


def _filled(folder: Path, fill: Callable[[int], None]) -> Path:
    """A new file of a fresh name, owner's eyes only, filled and on disk; gone again when filling fails."""
    descriptor, name = tempfile.mkstemp(prefix=_TEMPORARY, suffix=".tmp", dir=folder)
    try:
        try:
            fill(descriptor)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _copy_mode(source: Path, to: Path) -> None:
    """Colleagues who could read the file before can still do so."""
    to.chmod(stat.S_IMODE(source.stat().st_mode))


def _keep(target: Path, previous: Path) -> None:
    """The old content under a second name, which is replaced in one step; the target never goes missing."""
    spare = _filled(target.parent, lambda file: None)
    try:
        spare.unlink()
        try:
            os.link(target, spare)
        except OSError:
            # Memory sticks (FAT, exFAT) and some network drives know no second name for a file.
            shutil.copyfile(target, spare)
            _copy_mode(target, spare)
        spare.replace(previous)
    except BaseException:
        spare.unlink(missing_ok=True)
        raise


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the system can."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(descriptor)
    except OSError:  # some network drives cannot; the content itself is flushed
        pass
    finally:
        os.close(descriptor)


def _explained(failure: OSError, path: Path, error: type[ParleyError]) -> ParleyError:
    why, remedy = _why(failure, path)
    return error(_("The file could not be saved."), where=str(path), why=why, remedy=remedy)


def _why(failure: OSError, path: Path) -> tuple[str, str]:
    if failure.errno in _FULL:
        return _("The disk is full."), _("Make room, or save it on another disk.")
    if failure.errno == errno.EROFS:
        return _("The disk is read-only."), _("Save it on another disk.")
    if failure.errno in (errno.ENOENT, errno.ENOTDIR) and not path.parent.is_dir():
        return _("The folder does not exist any more."), _(_SAVE_ELSEWHERE)
    if failure.errno in _DENIED and path.exists() and os.access(path.parent, os.W_OK):
        return (
            _("Another program has the file open, or writing is not allowed."),
            _("Close it there and save again, or save it under another name."),
        )
    if failure.errno in _DENIED:
        return _("Writing is not allowed in this folder."), _("Save it in another folder.")
    return _("The system says: {reason}.").format(reason=failure.strerror or failure), _(_SAVE_ELSEWHERE)
