"""Unsaved work on disk while it is being made, so that a kill or an empty battery takes a second of it at most.

Each open window has an entry of its own, a folder below the recovery folder (docs/recovery.md). The last few
states are kept, each as a file of its own. Writing never touches an older state, so one would do against a kill;
the others are for a disk that loses what it said it had written, and for an edit on which Parley itself fails:
the state before it then opens.

Against a kill it is enough that a state is written. Against an empty battery it is flushed as well, but on its own:
a busy disk may take seconds for that, and what is edited meanwhile must not wait for it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from core.case import Case
from core.casefile import Seen, recovery_entry
from core.casefile.atomic import flush_to_disk
from core.casefile.found import Found, found
from core.casefile.hold import Hold
from core.casefile.recovery_state import Sealer, packed
from core.errors import CaseFileError
from core.i18n import _

__all__ = ["Found", "Recovery", "found"]

STATES_KEPT: Final = 3


class Recovery:
    """The entry of one open window. Nothing lies on disk until there is something to keep.

    folder: shared by all windows of this person. token: hexadecimal, another one for each window.
    One thread at a time; `flush` may run in another beside it.
    """

    def __init__(self, folder: Path, token: str) -> None:
        self._folder, self._entry = folder, folder / token
        self._hold: Hold | None = None
        self._number = 0
        self._open_states: list[Path] = []  # of this window, not sealed
        self._newest: Path | None = None
        self._flushed: Path | None = None

    def keep(
        self, case: Case, path: Path | None, key: Sealer | None, *, at: datetime, seen: Seen | None = None
    ) -> None:
        """Put this state where a kill does not reach it; the oldest of more than a few goes.

        path: the file it belongs to. key: of an encrypted case; its states are sealed, and those from before
        it was encrypted go at once. at: UTC, when this was the case. seen: what the file was when last read.
        Raises CaseFileError; the states kept before are then still there.
        """
        try:
            data = packed(case, path, key, at, seen)
            self._take_place()
            self._number += 1
            written = self._newest = recovery_entry.add_state(self._entry, self._number, data)
            self._remove_old(written, is_sealed=key is not None)
        except (OSError, CaseFileError) as failure:
            raise _not_kept(self._folder, failure) from failure

    def flush(self) -> None:
        """Make the newest state last through a power cut; until then the one flushed before it stays beside it.

        Raises CaseFileError.
        """
        newest = self._newest
        if newest is None or newest == self._flushed:
            return
        try:
            flush_to_disk(newest)
        except (OSError, CaseFileError) as failure:
            raise _not_kept(self._folder, failure) from failure
        self._flushed = newest

    def drop(self) -> None:
        """All is saved: nothing is to be offered any more."""
        if self._hold is None:
            return
        try:
            recovery_entry.drop(self._entry)
        except OSError as failure:
            raise _not_kept(self._folder, failure) from failure
        self._open_states.clear()

    def take_over(self, entry: Found) -> None:
        """Go on in an entry that was found and opened: what it holds stays until this window drops it."""
        number, states = recovery_entry.last_number(entry.entry), recovery_entry.states(entry.entry)
        if self._hold is not None:
            recovery_entry.remove(self._entry, self._hold)
        self._entry, self._hold, self._number = entry.entry, entry.handed_over(), number
        self._newest = self._flushed = states[-1] if states else None
        self._open_states = [] if entry.is_sealed else states

    def close(self) -> None:
        """The window closed in peace, with its work saved or given up: take the entry away."""
        if self._hold is not None:
            recovery_entry.remove(self._entry, self._hold)
            self._hold = None

    def abandon(self) -> None:
        """Let go of the entry and leave its states, as the end of the process does."""
        if self._hold is not None:
            self._hold.release()
            self._hold = None

    def _take_place(self) -> None:
        """Make the entry and hold it; once more if someone cleaned the folder under our feet."""
        if self._hold is not None and self._entry.is_dir():
            return
        self.abandon()
        recovery_entry.make_own(self._folder)
        recovery_entry.make_own(self._entry)
        self._hold = recovery_entry.held(self._entry)
        if self._hold is None:
            raise CaseFileError(
                _("The recovery folder is in use."),
                where=str(self._entry),
                remedy=_("Close Parley and start it again."),
            )
        self._number = recovery_entry.last_number(self._entry)

    def _remove_old(self, written: Path, *, is_sealed: bool) -> None:
        kept = recovery_entry.states(self._entry)
        spare = set(kept[:-STATES_KEPT]) - {self._flushed}
        if is_sealed and self._open_states:
            self.flush()  # or a power cut could leave neither
            spare.update(self._open_states)
            self._open_states.clear()
        elif not is_sealed:
            self._open_states = [path for path in (*self._open_states, written) if path not in spare]
        for path in spare:
            with suppress(FileNotFoundError):
                path.unlink()


def _not_kept(folder: Path, failure: Exception) -> CaseFileError:
    why = (failure.why or failure.what) if isinstance(failure, CaseFileError) else str(failure)
    return CaseFileError(
        _("Unsaved changes cannot be kept for recovery."),
        where=str(folder),
        why=why,
        remedy=_("Save the case now, and again after each change."),
    )
