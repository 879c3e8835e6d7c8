"""The histories of two copies as one: every entry once, in the order of time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from core.case import HistoryEntry
from core.history import MAX_ENTRIES

History = tuple[HistoryEntry, ...]
Numbered = tuple[HistoryEntry, int]  # which of several equal entries
Stretches = dict[Numbered | None, list[Numbered]]  # what one copy alone has behind each common entry

_BEFORE_ALL: Final = datetime.min.replace(tzinfo=UTC)


def joined(base: History, ours: History, theirs: History) -> History:
    """Each copy's own order stays; what either dropped, as the oldest of too many, stays dropped."""
    old, our, their = set(_numbered(base)), _numbered(ours), _numbered(theirs)
    common = set(our) & set(their)
    our_own, their_own = _stretches(our, common, old), _stretches(their, common, old)
    found = list(_woven(our_own.get(None, []), their_own.get(None, [])))
    for entry in our:
        if entry in common:
            found += [entry, *_woven(our_own.get(entry, []), their_own.get(entry, []))]
    return tuple(entry for entry, _number in found)[-MAX_ENTRIES:]


def is_continued(base: History, side: History) -> bool:
    """Whether `side` goes on from `base`: it has every entry that is not older than its own first one."""
    if not base or not side:
        return not base
    known = set(side)
    first = _time(side[0]) if len(side) >= MAX_ENTRIES else _BEFORE_ALL
    return all(entry in known for entry in base if _time(entry) >= first)


def _numbered(history: History) -> list[Numbered]:
    seen: Counter[HistoryEntry] = Counter()
    found = []
    for entry in history:
        found.append((entry, seen[entry]))
        seen[entry] += 1
    return found


def _stretches(side: Sequence[Numbered], common: Collection[Numbered], old: Collection[Numbered]) -> Stretches:
    """What is in the base and not in both was dropped by the other copy."""
    found: Stretches = {}
    anchor: Numbered | None = None
    for entry in side:
        if entry in common:
            anchor = entry
        elif entry not in old:
            found.setdefault(anchor, []).append(entry)
    return found


def _woven(ours: Sequence[Numbered], theirs: Sequence[Numbered]) -> Iterator[Numbered]:
    waiting = list(reversed(theirs))
    for entry in ours:
        while waiting and _time(waiting[-1][0]) < _time(entry[0]):
            yield waiting.pop()
        yield entry
    yield from reversed(waiting)


def _time(entry: HistoryEntry) -> datetime:
    """UTC; a file written by hand may leave out the zone or the time."""
    if entry.at is None:
        return _BEFORE_ALL
    return entry.at if entry.at.tzinfo else entry.at.replace(tzinfo=UTC)
