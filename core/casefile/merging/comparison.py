"""Two copies of a case held against each other, part by part and field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import msgspec

from core.case import Change, Document, HistoryEntry
from core.casefile.merging.order import moved
from core.casefile.merging.parts import (
    MISSING,
    base_keys,
    blank,
    is_list_of_parts,
    is_list_of_words,
    is_only_a_name,
    keys,
)
from core.casefile.merging.places import Place
from core.casefile.merging.wording import STEP, Wording, one_line
from core.i18n import N_, _, ngettext
from core.text import LocalText


class DifferenceKind(StrEnum):
    """What happened to a part or a field."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Difference:
    """One difference. part: as in the history (`barrier:trq`); path: the steps to it in the file.

    where: the part in words; field: what of it, "" where all of it was added, removed or moved. before and
    after: in words, "" where there is none.
    """

    kind: DifferenceKind
    part: str
    path: tuple[str, ...]
    where: str
    field: str
    before: str
    after: str

    @property
    def subject(self) -> str:
        """The part and what of it."""
        return STEP.join(each for each in (self.where, self.field) if each)

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        parts = {"before": one_line(self.before), "after": one_line(self.after)}
        is_bare = self.kind in _BARE and not (self.before or self.after)
        form = _(_BARE[self.kind] if is_bare else _FORMS[self.kind])
        return form.format(subject=one_line(self.subject), **parts)


_FORMS: Final = {
    DifferenceKind.ADDED: N_("{subject}: added: {after}"),
    DifferenceKind.REMOVED: N_("{subject}: removed: {before}"),
    DifferenceKind.CHANGED: N_("{subject}: {before} → {after}"),
    DifferenceKind.MOVED: N_("{subject}: moved from place {before} to place {after}"),
}
_BARE: Final = {DifferenceKind.ADDED: N_("{subject}: added"), DifferenceKind.REMOVED: N_("{subject}: removed")}


@dataclass(frozen=True)
class Comparison:
    """The wording of the copy before and of the copy after."""

    old: Wording
    new: Wording

    def of_fields(self, place: Place, before: msgspec.Struct, after: msgspec.Struct) -> Iterator[Difference]:
        """Field by field; both are of one type."""
        for name in before.__struct_fields__:
            old, new = getattr(before, name), getattr(after, name)
            if old != new:
                yield from self._of_field(place.field(type(after), name), old, new)

    def _of_field(self, place: Place, before: Any, after: Any) -> Iterator[Difference]:
        match before, after:
            case LocalText(), LocalText():
                yield from self._of_languages(place, before, after)
            case Document(), Document() if type(before) is type(after):
                yield from self.of_fields(place.inside(after), before, after)
            case tuple(), tuple():
                yield from self._of_lists(place, before, after)
            case dict(), dict():
                yield from self._of_entries(place, before, after)
            case _:
                yield self._changed(place, before, after)

    def _of_languages(self, place: Place, before: LocalText, after: LocalText) -> Iterator[Difference]:
        for language in LocalText.__struct_fields__:
            old, new = getattr(before, language), getattr(after, language)
            if old != new:
                yield self._changed(place.language(language), old, new)

    def _of_entries(
        self, place: Place, before: dict[str, Any], after: dict[str, Any], *, are_named: bool = True
    ) -> Iterator[Difference]:
        for key in dict.fromkeys((*before, *after)):
            old, new = before.get(key, MISSING), after.get(key, MISSING)
            if old != new:
                yield self._changed(place.entry(key, is_named=are_named), old, new)

    def _of_lists(self, place: Place, before: tuple[Any, ...], after: tuple[Any, ...]) -> Iterator[Difference]:
        if is_list_of_parts(before, after):
            yield from self._of_parts(place, before, after)
        elif is_list_of_words(before, after):
            old, new = dict(zip(before, before, strict=True)), dict(zip(after, after, strict=True))
            yield from self._of_entries(place, old, new, are_named=False)
            yield from self._of_order(place, before, after, {})
        elif any(isinstance(each, HistoryEntry) for each in (*before, *after)):
            yield self._difference(DifferenceKind.CHANGED, place, _entries(before), _entries(after))
        else:
            yield self._changed(place, before, after)

    def _of_parts(
        self, place: Place, before: tuple[Document, ...], after: tuple[Document, ...]
    ) -> Iterator[Difference]:
        old_keys = base_keys(before)
        new_keys = keys(after, before)
        old = dict(zip(old_keys, before, strict=True))
        new = dict(zip(new_keys, after, strict=True))
        for key in dict.fromkeys((*old_keys, *new_keys)):
            yield from self._of_part(place, key, old.get(key), new.get(key))
        yield from self._of_order(place, old_keys, new_keys, new)

    def _of_part(self, place: Place, key: str, before: Document | None, after: Document | None) -> Iterator[Difference]:
        some = after or before
        if before == after or some is None:
            return
        if is_only_a_name(some):  # a barrier that nobody touched has no record: it is not raised
            shown = tuple(self.of_fields(place.part(key, some), before or blank(some), after or blank(some)))
            if shown:
                yield from shown
                return
        if before is None or after is None:
            yield self._came_or_went(place.part(key, some), before, after)
        elif type(before) is not type(after):
            yield self._difference(
                DifferenceKind.CHANGED, place.part(key, before), self.old.summary(before), self.new.summary(after)
            )
        else:
            yield from self.of_fields(place.part(key, _telling(before, after)), before, after)

    def _of_order(
        self, place: Place, before: tuple[str, ...], after: tuple[str, ...], parts: dict[str, Document]
    ) -> Iterator[Difference]:
        common = set(before) & set(after)
        old = [key for key in before if key in common]
        new = [key for key in after if key in common]
        if old == new:
            return
        places = [{key: str(number) for number, key in enumerate(each, start=1)} for each in (before, after)]
        for key in moved(old, new):
            here = place.part(key, parts[key]) if key in parts else place.entry(key)
            yield self._difference(DifferenceKind.MOVED, here, places[0][key], places[1][key])

    # One difference

    def _came_or_went(self, place: Place, before: Document | None, after: Document | None) -> Difference:
        if after is not None:
            return self._difference(DifferenceKind.ADDED, place, "", self.new.summary(after))
        gone = self.old.summary(before) if before is not None else ""
        return self._difference(DifferenceKind.REMOVED, place, gone, "", self.old)

    def _changed(self, place: Place, before: Any, after: Any) -> Difference:
        """A field's value; an entry of a list or table comes or goes."""
        owner, name = place.owner, place.name
        if before is MISSING:
            return self._difference(DifferenceKind.ADDED, place, "", self.new.value(owner, name, after))
        if after is MISSING:
            return self._difference(DifferenceKind.REMOVED, place, self.old.value(owner, name, before), "")
        return self._difference(
            DifferenceKind.CHANGED,
            place,
            self.old.value(owner, name, before),
            self.new.value(owner, name, after),
        )

    def _difference(
        self, kind: DifferenceKind, place: Place, before: str, after: str, words: Wording | None = None
    ) -> Difference:
        where, field = place.words(words or self.new)
        return Difference(kind, place.history_part, place.steps, where, field, before, after)


def _telling(before: Document, after: Document) -> Document:
    """The one that names the part: a change by what it did before, since what it does now is said after it."""
    return before if isinstance(before, Change) else after


def _entries(history: tuple[HistoryEntry, ...]) -> str:
    return ngettext("{count} entry", "{count} entries", len(history)).format(count=len(history))
