"""What an earlier run of Parley left behind: unsaved work of windows whose process is gone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.bounded_reading import read_bounded
from core.case import Case
from core.casefile import Seen, recovery_entry
from core.casefile.atomic import MAX_READ
from core.casefile.envelope import is_sealed
from core.casefile.format import decode
from core.casefile.hold import Hold
from core.casefile.recovery_state import MAX_STATE_BYTES, DamagedStateError, Origin, State, damaged, unpacked
from core.errors import CaseFileError, NeedsPassword, ParleyError, WrongPassword
from core.text import LocalText

if TYPE_CHECKING:
    from core.casefile.secrecy import CaseKey

# Bounds for what was offered and kept for later; nothing goes that nobody was asked about.
DAYS_KEPT: Final = 90
MAX_ENTRIES: Final = 20
MAX_BYTES_KEPT: Final = 200_000_000


@dataclass(frozen=True)
class Recovered:
    """Unsaved work, opened. path: the file it belongs to. seen: what that file was when it was last read.

    is_in_file: the file holds all of it already: it was saved after this, at the last moment.
    """

    case: Case
    path: Path | None
    key: CaseKey | None
    seen: Seen | None
    at: datetime
    is_in_file: bool


class Found:
    """One entry, held until it is opened, deleted or kept for later. The newest state comes first.

    damaged: states that could not be read, where they were put. problem: why there is nothing to open, if so.
    """

    def __init__(self, entry: Path, hold: Hold) -> None:
        self.entry, self._hold = entry, hold
        self.states: list[State] = []
        self.damaged: list[Path] = []
        self.problem: CaseFileError | None = None
        for path in reversed(recovery_entry.states(entry)):
            self._read(path)

    def _read(self, path: Path) -> None:
        try:
            state = unpacked(read_bounded(path, MAX_STATE_BYTES), path.name)
            if not state.is_sealed:
                state.contents()
        except DamagedStateError as failure:
            self.problem = failure
            self.damaged.append(recovery_entry.put_aside(path))
        except CaseFileError as failure:
            self.problem = failure
        except OSError as failure:
            self.problem = damaged(path.name, failure.strerror or str(failure))
        else:
            self.states.append(state)

    # Which case it is

    @property
    def at(self) -> datetime | None:
        """When the newest state was the case, UTC; None when no state can be read."""
        return self.states[0].at if self.states else None

    @property
    def is_sealed(self) -> bool:
        """Whether a password is needed to open it, and even to see which case it is."""
        return bool(self.states) and self.states[0].is_sealed

    @property
    def title(self) -> LocalText:
        return self._origin.title

    @property
    def path(self) -> Path | None:
        return _path(self._origin)

    @property
    def _origin(self) -> Origin:
        return Origin() if not self.states or self.is_sealed else self.states[0].contents()[0]

    # What can be done with it

    def open(self, password: str | None = None) -> Recovered:
        """The newest state that opens. Raises NeedsPassword, WrongPassword, or why the newest one does not open."""
        if not self.states:
            raise self.problem or damaged(self.entry.name, "")
        first: CaseFileError | None = None
        for state in self.states:
            try:
                return _opened(state, password, self.entry.name)
            except (NeedsPassword, WrongPassword):
                raise
            except CaseFileError as failure:
                first = first or failure
        raise first or damaged(self.entry.name, "")

    def keep_for_later(self, today: date) -> None:
        """Offer it again at the next start. From the first time on its days are counted."""
        try:
            recovery_entry.mark_offered(self.entry, today)
        except CaseFileError:  # a full disk: the days are counted from another time on
            pass
        finally:
            self.release()

    def delete(self) -> None:
        """Take it away for good, and what was damaged of it."""
        for path in self.damaged:
            path.unlink(missing_ok=True)
        recovery_entry.remove(self.entry, self._hold)

    def release(self) -> None:
        """Let go of it; everything stays as it is."""
        self._hold.release()

    def handed_over(self) -> Hold:
        """The hold, for the window that goes on with it."""
        return self._hold


def found(folder: Path, *, today: date) -> tuple[Found, ...]:
    """What windows left whose process is gone, the newest first. Whoever calls holds all of it now.

    What is in its file as well, or was kept for later too often, is tidied away and not returned.
    """
    listed = [made for entry in recovery_entry.entries(folder) if (made := _claimed(entry)) is not None]
    listed.sort(key=lambda each: each.at.timestamp() if each.at else 0.0, reverse=True)
    return tuple(_within_bounds(listed, today))


def _claimed(entry: Path) -> Found | None:
    """The entry, if its process is gone and there is anything to say about it."""
    hold = recovery_entry.held(entry)
    if hold is None:
        return None
    try:
        recovery_entry.tidy(entry)
        made = Found(entry, hold)
    except OSError:  # taken away by another window that is just starting, or not ours to read
        hold.release()
        return None
    if (not made.states and made.problem is None) or _is_saved(made):
        made.delete()
        return None
    return made


def _is_saved(made: Found) -> bool:
    if not made.states or made.is_sealed or made.problem is not None:
        return False
    try:
        return made.open().is_in_file
    except CaseFileError:
        return False


def _within_bounds(listed: list[Found], today: date) -> Iterator[Found]:
    total = 0
    for place, each in enumerate(listed):
        total += recovery_entry.size_of(each.entry)
        offered = recovery_entry.offered_on(each.entry)
        is_beyond = place >= MAX_ENTRIES or total > MAX_BYTES_KEPT
        if offered is not None and (is_beyond or today - offered > timedelta(days=DAYS_KEPT)):
            each.delete()
        else:
            yield each


def _opened(state: State, password: str | None, where: str) -> Recovered:
    key: CaseKey | None = None
    body = state.body
    if state.is_sealed:
        from core.casefile.secrecy import unseal  # its libraries are loaded only for encrypted cases

        body, key = unseal(body, password or "", where)
    origin, content = state.contents(body)
    case, path = decode(content, where), _path(origin)
    saved, now = _saved(path, key)
    seen = Seen(origin.seen) if origin.seen else None
    if saved is not None and _goes_on(case, saved):
        seen = now  # the file was saved after this state was kept, and by the same window: nobody else's work
    return Recovered(case, path, key, seen, state.at, saved is not None and _goes_on(saved, case))


def _path(origin: Origin) -> Path | None:
    return Path(origin.path) if origin.path else None


def _saved(path: Path | None, key: CaseKey | None) -> tuple[Case | None, Seen | None]:
    """The case in its file as that is now, and its mark; None where there is none or it cannot be read."""
    if path is None or not path.is_file():
        return None, None
    try:
        data = read_bounded(path, MAX_READ)
        plain = key.unseal(data, path.name) if key is not None and is_sealed(data) else data
        return decode(plain, path.name), Seen.of(data)
    except (OSError, ParleyError):
        return None, None


def _goes_on(later: Case, earlier: Case) -> bool:
    """Whether one is the other, or the other with further edits."""
    edits = len(earlier.history)
    return later == earlier or (0 < edits < len(later.history) and later.history[:edits] == earlier.history)
