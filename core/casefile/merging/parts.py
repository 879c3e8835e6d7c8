"""How the parts of a case are told apart: names that stay with a part through edits and copies of the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from core.case import LAW_SCENARIO, Document, HistoryEntry, Scenario


class Missing(Enum):
    """For what one copy does not have."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


def identity(document: Document) -> str:
    """The name of a part within its list: its id, or what its type has first; "" where it has none.

    The law is itself in every case, whatever id it was given.
    """
    if isinstance(document, Scenario) and document.letter == LAW_SCENARIO:
        return LAW_SCENARIO
    return getattr(document, "id", "") or _first_words(document)


def _first_words(document: Document) -> str:
    first = getattr(document, document.__struct_fields__[0])
    return first if isinstance(first, str) else ""


def without_id(document: Document) -> Document:
    """What the part says, whoever made it."""
    return replace(document, id="") if "id" in document.__struct_fields__ else document


def is_list_of_parts(*lists: Sequence[Any]) -> bool:
    """Whether these lists hold parts that can be told apart."""
    items = [item for each in lists for item in each]
    return bool(items) and all(isinstance(item, Document) and not isinstance(item, HistoryEntry) for item in items)


def is_list_of_words(*lists: Sequence[Any]) -> bool:
    """Whether these lists hold texts, each once: they are their own names."""
    return all(all(isinstance(item, str) for item in each) and len(set(each)) == len(each) for each in lists)


def keys(items: Sequence[Document], base: Sequence[Document]) -> tuple[str, ...]:
    """A key for each item, none twice. What stands in `base` as well gets the key that it has there.

    Parts that were never given an id are found by their letter or their place in the list.
    """
    known = base_keys(base)
    free = dict(zip(known, base, strict=True))
    found = [""] * len(items)
    for place, item in enumerate(items):  # ids first: no guess takes what an id names
        if (own := identity(item)) in free:
            found[place] = own
            del free[own]
    twins = _Twins(known, base)
    taken = {*known, *found}
    for place, item in enumerate(items):
        if not found[place]:
            found[place] = twins.key(item, place, free) or _unlike(identity(item) or _content(item), taken)
            free.pop(found[place], None)
    return tuple(found)


def base_keys(base: Sequence[Document]) -> tuple[str, ...]:
    """A key for each part of what both copies come from, none twice."""
    taken: set[str] = set()
    return tuple(_unlike(identity(item) or f"#{place}", taken) for place, item in enumerate(base))


def _unlike(key: str, taken: set[str]) -> str:
    """The key, or one like it that is not taken; taken from now on."""
    while key in taken:
        key += "'"
    taken.add(key)
    return key


def _content(item: Document) -> str:
    """A key for a part without a name: two copies give the same to the same."""
    return "+" + hashlib.sha256(msgspec.json.encode(without_id(item))).hexdigest()[:12]


class _Twins:
    """Where a part of the base is found when one of the two never got an id: by its letter or its place."""

    def __init__(self, known: Sequence[str], base: Sequence[Document]) -> None:
        self._by_words = {_first_words(item): key for key, item in zip(known, base, strict=True)}
        self._by_place = dict(enumerate(known))

    def key(self, item: Document, place: int, free: Mapping[str, Document]) -> str:
        """The key of the part that this is; "" where there is none."""
        words = _first_words(item)
        key = self._by_words.get(words, "") if words else self._by_place.get(place, "")
        other = free.get(key)
        if other is None or _first_words(other) != words or (_has_id(item) and _has_id(other)):
            return ""
        return key


def _has_id(item: Document) -> bool:
    return bool(getattr(item, "id", ""))


def same_additions(ours: Mapping[str, Document], theirs: Mapping[str, Document]) -> Iterator[tuple[str, str]]:
    """Keys of parts that both copies added alike, each with an id of its own: they are one part."""
    waiting: dict[str, list[str]] = {}
    for key, item in theirs.items():
        waiting.setdefault(_content(item), []).append(key)
    for key, item in ours.items():
        if alike := waiting.get(_content(item)):
            yield key, alike.pop(0)


def is_only_a_name(document: Document) -> bool:
    """Whether a part of this kind says nothing until it is filled in: without a record a barrier is not raised."""
    return _needs_only_a_name(type(document))


@cache
def _needs_only_a_name(kind: type[Document]) -> bool:
    required = [each.name for each in msgspec.structs.fields(kind) if each.required]
    return required == [kind.__struct_fields__[0]] and "id" not in kind.__struct_fields__


def blank(document: Document) -> Document:
    """A part of the same kind and name with nothing filled in."""
    return type(document)(getattr(document, document.__struct_fields__[0]))
