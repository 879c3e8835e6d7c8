"""Write a file so that at every moment either the old or the new content is there, whole.

Order of steps: a temporary file in the same folder, written and flushed to disk; a last look at the old content,
which may refuse; the old content kept under the name of the previous version; then one rename. What fails before
the rename leaves the old file as it was.
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

from core.bounded_reading import read_bounded
from core.casefile.leftovers import SUFFIX, own_prefix, sweep
from core.errors import CaseFileError, ParleyError
from core.i18n import N_, _

_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_DENIED: Final = (errno.EACCES, errno.EPERM)
# What a network drive or a stick answers when it went away; not every system knows every name.
_LOST_NAMES: Final = ("EIO", "ESTALE", "ENODEV", "ENXIO", "ENOTCONN", "EHOSTDOWN", "EHOSTUNREACH", "ETIMEDOUT",
                      "ENETDOWN", "ENETUNREACH", "ENETRESET", "ECONNABORTED", "ECONNRESET", "EREMOTEIO")  # fmt: skip
_LOST: Final = frozenset(getattr(errno, name) for name in _LOST_NAMES if hasattr(errno, name))
# ERROR_NOT_READY, BAD_NETPATH, DEV_NOT_EXIST, UNEXP_NET_ERR, NETNAME_DELETED, BAD_NET_NAME, NETWORK_UNREACHABLE
_LOST_ON_WINDOWS: Final = frozenset({21, 53, 55, 59, 64, 67, 1231})

KeepAs = Callable[[bytes], bytes]
MAX_READ: Final = 20_000_000  # more than any case has, encrypted or not

_SAVE_ELSEWHERE: Final = N_("Save it under another name or in another folder.")


def write_atomically(
    path: Path,
    data: bytes,
    *,
    previous: Path | None = None,
    keep_as: KeepAs | None = None,
    error: type[ParleyError] = CaseFileError,
) -> None:
    """Put `data` at `path`; what was there before is kept at `previous`, if given.

    keep_as: given the content so far (its first bytes, if it is larger than any case) just before it is replaced;
    hands back what to keep of it, the same object for all as it is, or raises what stands against replacing it.
    Raises `error` with what to do when that cannot be done; the old file is then intact and nothing
    half-written is left behind. What a killed process left in the folder goes first. A new file can be read by
    its owner alone; an existing one keeps its permissions. A symbolic link stays, the file it points to is
    replaced.
    """
    target = Path(os.path.realpath(path))
    try:
        _check_target(target, error)
        sweep(target.parent)
        _replace(target, data, previous, keep_as)
    except OSError as failure:
        raise _explained(failure, path, error) from failure


def put_quickly(path: Path, data: bytes) -> None:
    """A file of a new name, whole after a kill at any moment; a power cut may take it until `flush_to_disk`."""
    try:
        _filled(path.parent, lambda file: _write(file, data), is_flushed=False).replace(path)
    except OSError as failure:
        raise _explained(failure, path, CaseFileError) from failure


def flush_to_disk(path: Path) -> None:
    """Make a file that was put quickly last through a power cut; nothing happens if it is gone by now."""
    try:
        descriptor = os.open(path, os.O_RDWR)  # Windows flushes nothing that is open for reading
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    except OSError as failure:
        raise _explained(failure, path, CaseFileError) from failure
    finally:
        os.close(descriptor)
    _flush_folder(path.parent)


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


def _replace(target: Path, data: bytes, previous: Path | None, keep_as: KeepAs | None) -> None:
    temporary = _filled(target.parent, lambda file: _write(file, data))
    try:
        if target.exists():
            _copy_mode(target, temporary)
            kept = _looked_at(target, keep_as)
            if previous is not None:
                _keep(target, previous, kept)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _flush_folder(target.parent)


def _filled(folder: Path, fill: Callable[[int], None], *, is_flushed: bool = True) -> Path:
    """A new file of a fresh name, owner's eyes only, filled and on disk; gone again when filling fails."""
    descriptor, name = tempfile.mkstemp(prefix=own_prefix(), suffix=SUFFIX, dir=folder)
    try:
        try:
            fill(descriptor)
            if is_flushed:
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


def _looked_at(target: Path, keep_as: KeepAs | None) -> bytes | None:
    """What to keep instead of the old content; None for the old content itself."""
    if keep_as is None:
        return None
    found = read_bounded(target, MAX_READ)
    kept = keep_as(found)
    return None if kept is found else kept


def _keep(target: Path, previous: Path, instead: bytes | None) -> None:
    """The old content under a second name, which is replaced in one step; the target never goes missing."""
    spare = _filled(target.parent, lambda file: _write(file, instead or b""))
    try:
        if instead is None:
            _give_second_name(target, spare)
        else:
            _copy_mode(target, spare)
        spare.replace(previous)
    except BaseException:
        spare.unlink(missing_ok=True)
        raise


def _give_second_name(target: Path, spare: Path) -> None:
    spare.unlink()
    try:
        os.link(target, spare)
    except OSError:
        # Memory sticks (FAT, exFAT) and some network drives know no second name for a file.
        shutil.copyfile(target, spare)
        _copy_mode(target, spare)


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
    if _is_lost(failure):
        return (
            _("The drive failed or is no longer connected. The system says: {reason}.").format(
                reason=failure.strerror or failure
            ),
            _("Connect it and save again, or save it on this computer."),
        )
    return _("The system says: {reason}.").format(reason=failure.strerror or failure), _(_SAVE_ELSEWHERE)


def _is_lost(failure: OSError) -> bool:
    """ENOENT: the temporary file was there a moment ago."""
    return failure.errno in (*_LOST, errno.ENOENT) or getattr(failure, "winerror", None) in _LOST_ON_WINDOWS
