"""Who has a case open: a note beside the file, `.name.parley.open`, held as long as the window has the case.

It says who, on which computer, since when, and nothing of the case. A note whose process is gone counts for
nothing; one of another computer cannot be told to be so from here, so people are asked.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from core.bounded_reading import read_bounded
from core.casefile.hold import Hold
from core.half_characters import mended

_LIMIT: Final = 4096
_TEXT: Final = 80


class Owner(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whoever has the case open: "" and None where the note does not say. since: UTC.

    is_certain: the note is held, so that process lives; else it may have been left behind on another computer.
    """

    who: str = ""
    host: str = ""
    process: int = 0
    since: datetime | None = None
    is_certain: bool = False


class Claim:
    """Ours until `release`. Without a hold where no note can be written, as on a read-only disk."""

    def __init__(self, path: Path, hold: Hold | None) -> None:
        self.path, self._hold = path, hold

    def release(self) -> None:
        """Take the note away."""
        hold, self._hold = self._hold, None
        if hold is None:
            return
        try:
            hold.path.unlink(missing_ok=True)
            hold.release()
        except OSError:  # Windows removes no file that is open
            hold.release()
            with suppress(OSError):
                hold.path.unlink(missing_ok=True)


def note_path(path: Path) -> Path:
    """Where the note on this case lies."""
    target = path.resolve()
    return target.with_name(f".{target.name}.open")


def this_computer() -> str:
    """The name by which other computers of the office know this one."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def claim(path: Path, who: str, at: datetime, *, anyway: bool = False) -> Claim | Owner:
    """Say that this process has the case open, or learn who has it.

    at: now, UTC. anyway: the user was told and opens it nevertheless.
    """
    note = note_path(path)
    try:
        hold = Hold.taken(note)
    except OSError:  # a read-only folder, or somebody's note that we may not write
        found = _read(note) if note.exists() and not note.is_symlink() else None
        return Claim(path, None) if found is None or anyway else found
    if hold is None:
        return Claim(path, None) if anyway else msgspec.structs.replace(_read(note), is_certain=True)
    left = _read(note)
    if left.host in ("", this_computer()) or anyway:
        _write(hold, path, Owner(who[:_TEXT], this_computer(), os.getpid(), at.replace(microsecond=0)))
        return Claim(path, hold)
    hold.release()
    return left


def _read(note: Path) -> Owner:
    """What the note says; nothing when it is empty, damaged or not ours to read."""
    try:
        found = msgspec.json.decode(read_bounded(note, _LIMIT)[:_LIMIT], type=Owner)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Owner()
    return Owner(found.who[:_TEXT], found.host[:_TEXT], found.process, found.since)


def _write(hold: Hold, path: Path, owner: Owner) -> None:
    """In place: another file of the same name would not be the one that is held. What fails leaves it empty."""
    with suppress(OSError):  # whoever may read the case may know who has it open
        hold.write(msgspec.json.encode(mended(owner)), stat.S_IMODE(path.stat().st_mode))
