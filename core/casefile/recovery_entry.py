"""The folder of one window in the recovery folder: its states by number, and the mark that drops them at once.

lock              held by the process whose work this is
000007.state      a state (core.casefile.recovery_state); the highest number is the newest
000006.dropped    states up to this number are in the file: they count no more, even if some are still there
offered           the day on which someone was first asked what to do with it
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Final

from core.casefile.atomic import put_quickly, write_atomically
from core.casefile.hold import Hold
from core.casefile.leftovers import TEMPORARY

DAMAGED: Final = "damaged"  # beside the entries: what could not be read, for whoever may still make sense of it
_TOKEN: Final = re.compile(r"[0-9a-f]{8,64}")
_LOCK, _OFFERED = "lock", "offered"
_STATE, _DROPPED = ".state", ".dropped"
_NUMBERED: Final = re.compile(r"(?P<number>\d{6,12})\.(state|dropped)")


def make_own(folder: Path) -> None:
    """A folder that its owner alone can look into, whatever it was before."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.name != "nt" and folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def entries(folder: Path) -> list[Path]:
    """The entries in the recovery folder; what else lies there is left alone."""
    if not folder.is_dir():
        return []
    return sorted(p for p in folder.iterdir() if _TOKEN.fullmatch(p.name) and p.is_dir() and not p.is_symlink())


def held(entry: Path) -> Hold | None:
    """The entry's lock, if no living process has it."""
    return Hold.taken(entry / _LOCK)


def states(entry: Path) -> list[Path]:
    """The states that count, the oldest first."""
    dropped = _highest(entry, _DROPPED)
    return [path for path in _numbered(entry, _STATE) if _number(path) > dropped]


def last_number(entry: Path) -> int:
    """The highest number given in this entry."""
    return max(_highest(entry, _STATE), _highest(entry, _DROPPED))


def add_state(entry: Path, number: int, data: bytes) -> Path:
    """Write a state, whole after a kill, not flushed yet; what is there already stays as it is."""
    path = entry / f"{number:06d}{_STATE}"
    put_quickly(path, data)
    return path


def drop(entry: Path) -> None:
    """Let no state count any more, in one step: a kill in the middle leaves all of them or none."""
    last = _highest(entry, _STATE)
    if last > _highest(entry, _DROPPED):
        (entry / f"{last:06d}{_DROPPED}").touch(mode=0o600)
    tidy(entry)


def tidy(entry: Path) -> None:
    """Remove what does not count: dropped states, older marks, and what a killed process was writing."""
    dropped = _highest(entry, _DROPPED)
    spare = [path for path in _numbered(entry, _STATE) if _number(path) <= dropped]
    spare += [path for path in _numbered(entry, _DROPPED) if _number(path) < dropped]
    for path in (*spare, *entry.glob(TEMPORARY + "*")):
        path.unlink(missing_ok=True)


def put_aside(state: Path) -> Path:
    """Move a state that cannot be read to the folder for such; where it is now."""
    folder = state.parent.parent / DAMAGED
    try:
        make_own(folder)
        return state.replace(folder / f"{state.parent.name}-{state.name}")
    except OSError:  # then it stays where it is, and is told of again
        return state


def remove(entry: Path, hold: Hold) -> None:
    """Take the whole entry away; what resists goes at the next start."""
    try:
        drop(entry)
        for path in entry.iterdir():
            if path.name != _LOCK:
                path.unlink(missing_ok=True)
    except OSError:
        pass
    finally:
        hold.release()
    try:  # Windows removes no file that is open, so the lock goes last
        (entry / _LOCK).unlink(missing_ok=True)
        entry.rmdir()
    except OSError:
        pass


def offered_on(entry: Path) -> date | None:
    """The day on which the entry was first offered and kept for later."""
    try:
        return date.fromisoformat((entry / _OFFERED).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def mark_offered(entry: Path, day: date) -> None:
    if offered_on(entry) is None:
        write_atomically(entry / _OFFERED, day.isoformat().encode())


def size_of(entry: Path) -> int:
    """Bytes of the states that count."""
    return sum(path.stat().st_size for path in states(entry))


def _numbered(entry: Path, suffix: str) -> list[Path]:
    found = [path for path in entry.iterdir() if path.suffix == suffix and _NUMBERED.fullmatch(path.name)]
    return sorted(found, key=_number)


def _number(path: Path) -> int:
    return int(path.stem)


def _highest(entry: Path, suffix: str) -> int:
    return max(map(_number, _numbered(entry, suffix)), default=0)
