"""Who changed what, when: ids that stay with each part of a case, and the entry that every edit leaves behind.

Ids let two copies of a case be merged and a workbook be read back: a scenario or change keeps its id through
edits, renaming and copies of the file. Edits (core.edits) know nothing of clocks and names; whoever applies one
stamps its outcome here.
"""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, TypeVar

from msgspec.structs import replace

from core.case import Case, Change, HistoryEntry, RivalTerms, Scenario
from core.half_characters import mended

_Part = TypeVar("_Part", bound=Change | RivalTerms)

MAX_ENTRIES: Final = 20_000  # ten years of daily work; the oldest go first
_PARTS: Final = ("scenarios", "groups", "barriers", "history")
_SCENARIO, _CHANGE, _GROUP, _BARRIER = "scenario:", "change:", "group:", "barrier:"


def new_id() -> str:
    """A fresh id, unlike any other without asking anyone."""
    return secrets.token_hex(6)


def numbered(stem: str) -> Callable[[], str]:
    """Ids that count up, for cases that a script makes: the same ones each time."""
    numbers = itertools.count(1)
    return lambda: f"{stem}-{next(numbers)}"


def stamped(
    before: Case,
    after: Case,
    what: str,
    *,
    at: datetime,
    who: str,
    make_id: Callable[[], str] = new_id,
) -> Case:
    """The outcome of an edit with ids on what is new and an entry in the history; `before` itself when nothing changed.

    at: UTC, kept to the second. What no file could hold of the texts, half a character, is mended.
    """
    if after is before:
        return before
    named = mended(with_ids(after, make_id))
    who, what = mended(who), mended(what)
    entry = HistoryEntry(at=at.replace(microsecond=0), who=who, what=what, concerns=tuple(concerned(before, named)))
    return replace(named, history=(*named.history, entry)[-MAX_ENTRIES:])


def with_ids(case: Case, make_id: Callable[[], str] = new_id) -> Case:
    """An id on the case, and on every scenario and change that has none or shares another's; the rest as it is."""
    taken: set[str] = set()
    scenarios = tuple(_with_id(scenario, make_id, taken) for scenario in case.scenarios)
    if all(new is old for new, old in zip(scenarios, case.scenarios, strict=True)):
        scenarios = case.scenarios
    if scenarios is case.scenarios and case.id:
        return case
    return replace(case, scenarios=scenarios, id=case.id or make_id())


def _with_id(scenario: Scenario, make_id: Callable[[], str], taken: set[str]) -> Scenario:
    own = _fresh(scenario.id, make_id, taken)
    changes = tuple(_named(change, make_id, taken) for change in scenario.changes)
    rivals = tuple(_named(terms, make_id, taken) for terms in scenario.rivals)
    before, after = (*scenario.changes, *scenario.rivals), (*changes, *rivals)
    if own == scenario.id and all(new is old for new, old in zip(after, before, strict=True)):
        return scenario
    return replace(scenario, id=own, changes=changes, rivals=rivals)


def _named(part: _Part, make_id: Callable[[], str], taken: set[str]) -> _Part:
    name = _fresh(part.id, make_id, taken)
    return part if part.id == name else replace(part, id=name)


def _fresh(old: str, make_id: Callable[[], str], taken: set[str]) -> str:
    name = old
    while not name or name in taken:
        name = make_id()
    taken.add(name)
    return name


# What an edit concerned


def concerned(before: Case, after: Case) -> Iterator[str]:
    """The parts that an edit made, changed or removed: `scenario:ID`, `change:ID` and so on, or a field."""
    yield from _differing(_SCENARIO, _scenarios(before), _scenarios(after))
    yield from _differing(_CHANGE, _changes(before), _changes(after))
    yield from _differing(_GROUP, {g.id: g for g in before.groups}, {g.id: g for g in after.groups})
    yield from _differing(_BARRIER, {b.barrier: b for b in before.barriers}, {b.barrier: b for b in after.barriers})
    for name in Case.__struct_fields__:
        if name not in _PARTS and getattr(before, name) != getattr(after, name):
            yield name


def _scenarios(case: Case) -> dict[str, object]:
    """The scenarios without their changes, by id."""
    return {scenario.id: replace(scenario, changes=(), rivals=()) for scenario in case.scenarios}


def _changes(case: Case) -> dict[str, object]:
    """Every change and every rival's terms by id, with the scenario it stands in."""
    return {
        part.id: (scenario.id, part) for scenario in case.scenarios for part in (*scenario.changes, *scenario.rivals)
    }


def _differing(prefix: str, before: dict[str, object], after: dict[str, object]) -> Iterator[str]:
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            yield f"{prefix}{name}"


def entries_of(case: Case, part: str) -> tuple[HistoryEntry, ...]:
    """The entries that concern a part of the case (`barrier:beef-age`), the newest first."""
    return tuple(entry for entry in reversed(case.history) if part in entry.concerns)
