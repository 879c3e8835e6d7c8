"""A file that a living process holds: the system lets go of it when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

_TRIES: Final = 10
# A link that somebody put in its place would have another file made, held and written.
_NO_LINK: Final[int] = getattr(os, "O_NOFOLLOW", 0)
# Some network drives let one process lock a file twice, and free it at the first closing.
_ours: set[Path] = set()


class Hold:
    """An exclusive hold on a file, from `taken` until `release` or the end of the process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self._descriptor = path, descriptor

    @classmethod
    def taken(cls, path: Path) -> Hold | None:
        """Hold the file, made if it is not there; None while another process, or this one, holds it already."""
        for _try in range(_TRIES):
            if path in _ours:
                return None
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600)
            if not _lock(descriptor):
                os.close(descriptor)
                return None
            if _is_still(path, descriptor):
                _ours.add(path)
                return cls(path, descriptor)
            os.close(descriptor)  # whoever tidied the folder up removed it before we had it
        return None

    def write(self, data: bytes, mode: int | None = None) -> None:
        """Put this into the file that is held, whatever has its name by now. mode: who else may read it."""
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(self._descriptor, mode)
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, data)

    def release(self) -> None:
        """Let go; the file stays."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            _ours.discard(self.path)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


if sys.platform == "win32":
    import msvcrt

    _FAR: Final = 1 << 30  # beyond any content: there, what is held can still be read and written

    def _lock(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, _FAR, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        """False when it is held. On a drive that knows no locks everything counts as free."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True
