"""The letters of scenarios when two copies gave the same one to different scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from core.case import Case, Scenario, following_letter, letter_rank
from core.casefile.merging.parts import keys
from core.i18n import N_, _

_OURS: Final = N_("Scenario {old} ({name}) of this copy has the letter {new} now: {old} was given twice.")
_THEIRS: Final = N_("Scenario {old} ({name}) of the other copy has the letter {new} here: {old} was given twice.")


@dataclass(frozen=True)
class Lettered:
    """Both copies with letters that go together, and what was renamed in words."""

    ours: Case
    theirs: Case
    notes: tuple[str, ...]


def lettered(base: Case, ours: Case, theirs: Case) -> Lettered:
    """Ours keep their letters, theirs get the next free ones where they are taken.

    A scenario that is in both with two letters has been through a merge before: it gets the later one, so that
    the copies of both delegates end up alike.
    """
    our_keys, their_keys = _keys(ours, base), _keys(theirs, base)
    given = _Letters(ours, theirs)
    for key in our_keys.keys() & their_keys.keys():
        if our_keys[key].letter == their_keys[key].letter:
            given.take(key, our_keys[key].letter)
    for key in _alone(our_keys, their_keys):
        given.take(key, our_keys[key].letter)
    for key in [key for key in our_keys if key in their_keys and key not in given.by_key]:
        given.take(key, max(our_keys[key].letter, their_keys[key].letter, key=letter_rank))
    for key in _alone(their_keys, our_keys):
        given.take(key, their_keys[key].letter)
    return Lettered(
        _renamed(ours, tuple(our_keys), given.by_key),
        _renamed(theirs, tuple(their_keys), given.by_key),
        (*_notes(our_keys, given.by_key, _OURS), *_notes(their_keys, given.by_key, _THEIRS)),
    )


class _Letters:
    """Who has which letter, and which comes next."""

    def __init__(self, *cases: Case) -> None:
        self.by_key: dict[str, str] = {}
        self._taken: set[str] = set()
        self._next = max((case.next_letter for case in cases), key=letter_rank)

    def take(self, key: str, wanted: str) -> None:
        """The letter wanted, or the next free one."""
        letter = wanted
        while letter in self._taken:
            letter, self._next = self._next, following_letter(self._next)
        self._taken.add(letter)
        self.by_key[key] = letter


def _keys(case: Case, base: Case) -> dict[str, Scenario]:
    found: Sequence[str] = keys(case.scenarios, base.scenarios)
    return dict(zip(found, case.scenarios, strict=True))


def _alone(side: Iterable[str], other: Mapping[str, Scenario]) -> Iterator[str]:
    return (key for key in side if key not in other)


def _renamed(case: Case, case_keys: tuple[str, ...], letters: Mapping[str, str]) -> Case:
    """With these letters, and everything that names a scenario by its letter following."""
    new = {old.letter: letters[key] for key, old in zip(case_keys, case.scenarios, strict=True)}
    if all(old == letter for old, letter in new.items()):
        return case
    scenarios = tuple(replace(each, letter=new[each.letter]) for each in case.scenarios)
    return replace(case, scenarios=scenarios, compare_with=new.get(case.compare_with, case.compare_with))


def _notes(side: Mapping[str, Scenario], letters: Mapping[str, str], form: str) -> Iterator[str]:
    for key, scenario in side.items():
        if scenario.letter != letters[key]:
            yield _(form).format(old=scenario.letter, name=scenario.name, new=letters[key])


def next_letter(case: Case, *cases: Case) -> str:
    """The letter after all that were ever given."""
    following = (following_letter(scenario.letter) for scenario in case.scenarios)
    return max((*following, *(each.next_letter for each in cases)), key=letter_rank)
