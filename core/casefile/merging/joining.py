"""Two copies joined part by part and field by field, over any fields that core.case has.

What one copy alone changed is taken from it. What both changed is taken apart further: a part into its fields, a
list into its parts, a text into its languages. What cannot be taken apart is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import msgspec

from core.audience import Audience
from core.case import Case, Change, Document, letter_rank
from core.case_rules import check_change
from core.casefile.merging import histories, order
from core.casefile.merging.asking import Questions
from core.casefile.merging.conflicts import Reason, Referee, Side
from core.casefile.merging.parts import (
    MISSING,
    base_keys,
    blank,
    is_list_of_parts,
    is_list_of_words,
    is_only_a_name,
    keys,
    same_additions,
)
from core.casefile.merging.places import Place
from core.casefile.merging.rivals import are_rivals
from core.errors import InputError
from core.text import LocalText

# Fields that say something only together: 15 % in one copy and "as a total" in the other are not 15 % as a total.
TOGETHER: Final = (("rate", "form"), ("in_rate", "out_rate", "form"), ("volume", "unit"), ("value", "year", "duty"))

Parts = dict[str, Any]
Copies = tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]  # base, ours, theirs


@dataclass(frozen=True)
class Joiner:
    """Joins the copies of one referee."""

    referee: Referee

    @property
    def ask(self) -> Questions:
        """What cannot be joined without someone choosing."""
        return Questions(self.referee)

    def case(self) -> Case:
        """The two cases as one; what conflicts is as chosen."""
        referee = self.referee
        joined: Case = self._record(Place(), referee.base, referee.ours, referee.theirs)
        return joined

    def value(self, place: Place, base: Any, ours: Any, theirs: Any) -> Any:
        """One value out of three; MISSING where a copy has none."""
        if ours == theirs or theirs == base:
            return ours
        if ours == base:
            return theirs
        if ours is MISSING or theirs is MISSING:
            return self.ask.whole(place, Reason.REMOVED_AND_CHANGED, base, ours, theirs)
        return self._joined(place, base, ours, theirs)

    def _joined(self, place: Place, base: Any, ours: Any, theirs: Any) -> Any:
        if place.name == "history":
            return histories.joined(base, ours, theirs)
        if place.name == "next_letter":  # of two that were given, the later one
            return max(ours, theirs, key=letter_rank)
        if place.name == "id":  # each copy gave one to what had none
            return ours or theirs
        match ours, theirs:
            case LocalText(), LocalText():
                return self._languages(place, base, ours, theirs)
            case Document(), Document() if type(ours) is type(theirs):
                return self._record(place.inside(ours) if place.name else place, base, ours, theirs)
            case tuple(), tuple():
                return self._lists(place, () if base is MISSING else base, ours, theirs)
            case dict(), dict():
                return self._entries(place, {} if base is MISSING else base, ours, theirs)
            case _:
                return self.ask.value(place, base, ours, theirs)

    # Parts and their fields

    def _record(self, place: Place, base: Any, ours: Any, theirs: Any) -> Any:
        kind: type[Document] = type(ours)
        before = _fields(base) if type(base) is kind else _defaults(kind)
        copies = before, _fields(ours), _fields(theirs)
        joined: Parts = {}
        for names in _units(kind):
            joined |= self._unit(place, kind, names, copies)
        if type(base) is kind:
            self._keep_circle(place, kind, copies, joined)
        whole = kind(**joined)
        return self._sound(place, base, ours, theirs, whole) if isinstance(whole, Change) else whole

    def _unit(self, place: Place, kind: type, names: tuple[str, ...], copies: Copies) -> Mapping[str, Any]:
        """One field; or several that are taken from one copy together."""
        if len(names) == 1:
            (name,) = names
            return {name: self.value(place.field(kind, name), *(copy[name] for copy in copies))}
        before, our, their = ({name: copy[name] for name in names} for copy in copies)
        if our == their or their == before:
            return our
        if our == before:
            return their
        return self.ask.together(place, kind, before, our, their)

    def _keep_circle(self, place: Place, kind: type, copies: Copies, joined: Parts) -> None:
        """What one copy released was not what the other has made of it meanwhile."""
        if "audience" not in joined:
            return
        before, our, their = (copy["audience"] for copy in copies)
        now: Audience = joined["audience"]
        if our != their and now < before:
            joined["audience"] = self.ask.circle(place.field(kind, "audience"), before, our, their)

    def _sound(self, place: Place, base: Any, ours: Change, theirs: Change, joined: Change) -> Any:
        """A change whose fields go together: days of two copies can make an end before the start."""
        try:
            check_change(self.referee.ours, msgspec.structs.replace(joined, lines=""))  # type: ignore[arg-type]
        except InputError as error:
            return self.ask.whole(place, Reason.RULE, base, ours, theirs, rule=error.what)
        return joined

    # Lists and tables

    def _lists(self, place: Place, base: tuple[Any, ...], ours: tuple[Any, ...], theirs: tuple[Any, ...]) -> Any:
        if is_list_of_parts(base, ours, theirs):
            return self._parts(place, base, ours, theirs)
        if is_list_of_words(base, ours, theirs):
            kept = (set(ours) & set(theirs)) | ((set(ours) ^ set(theirs)) - set(base))
            copies = ([word for word in side if word in kept] for side in (ours, theirs))
            return tuple(order.joined(base, *copies)[0])
        return self.ask.value(place, base, ours, theirs)

    def _parts(
        self, place: Place, base: tuple[Document, ...], ours: tuple[Document, ...], theirs: tuple[Document, ...]
    ) -> tuple[Document, ...]:
        old = dict(zip(base_keys(base), base, strict=True))
        our = dict(zip(keys(ours, base), ours, strict=True))
        their = _matched(old, our, dict(zip(keys(theirs, base), theirs, strict=True)))
        joined: Parts = {}
        for key in dict.fromkeys((*our, *their)):
            kept = self._part(place, key, old.get(key, MISSING), our.get(key, MISSING), their.get(key, MISSING))
            if kept is not MISSING:
                joined[key] = kept
        self._settle_rivals(place, (old, our, their), joined)
        return tuple(joined[key] for key in self._order(place, (old, our, their), joined))

    def _part(self, place: Place, key: str, base: Any, ours: Any, theirs: Any) -> Any:
        some = next(each for each in (ours, theirs) if each is not MISSING)
        here = place.part(key, some)
        if not is_only_a_name(some):
            return self.value(here, base, ours, theirs)
        empty = blank(some)
        joined = self.value(here, *(empty if each is MISSING else each for each in (base, ours, theirs)))
        return MISSING if joined == empty and MISSING in (ours, theirs) else joined

    def _order(self, place: Place, copies: Copies, joined: Parts) -> list[str]:
        if all(key.isdigit() for key in joined):  # what goes by a code stands in the order of codes
            return sorted(joined)
        old, our, their = copies
        ours, theirs = ([key for key in copy if key in joined] for copy in (our, their))
        in_order, is_clear = order.joined(list(old), ours, theirs)
        if is_clear:
            return in_order
        here = place.entry("order", is_named=False)
        side = self.ask.order(here, [our[key] for key in ours], [their[key] for key in theirs])
        return order.joined(list(old), theirs, ours)[0] if side is Side.THEIRS else in_order

    def _settle_rivals(self, place: Place, copies: Copies, joined: Parts) -> None:
        """Of two changes to the same duty, goods and days the later one would win without a word."""
        old, our, their = copies
        ours_alone = [key for key in our if key not in old and key not in their and key in joined]
        theirs_alone = [key for key in their if key not in old and key not in our and key in joined]
        for mine in ours_alone:
            rival = next((key for key in theirs_alone if are_rivals(our[mine], their[key])), None)
            if rival is None:
                continue
            theirs_alone.remove(rival)
            side = self.ask.rivals(place.part(f"{mine}+{rival}", our[mine]), our[mine], their[rival])
            if side is not Side.BOTH:
                del joined[mine if side is Side.THEIRS else rival]

    def _entries(self, place: Place, base: Mapping[str, Any], ours: Parts, theirs: Parts) -> Parts:
        joined = {
            key: self.value(place.entry(key), *(copy.get(key, MISSING) for copy in (base, ours, theirs)))
            for key in sorted({*ours, *theirs})
        }
        return {key: each for key, each in joined.items() if each is not MISSING}

    def _languages(self, place: Place, base: Any, ours: LocalText, theirs: LocalText) -> LocalText:
        before = base if isinstance(base, LocalText) else LocalText()
        return LocalText(
            **{
                name: self.value(place.language(name), *(getattr(copy, name) for copy in (before, ours, theirs)))
                for name in LocalText.__struct_fields__
            }
        )


def _matched(old: Parts, our: Parts, their: Parts) -> Parts:
    """What both copies added alike goes by one key."""
    ours_alone = {key: item for key, item in our.items() if key not in old and key not in their}
    theirs_alone = {key: item for key, item in their.items() if key not in old and key not in our}
    known = {other: mine for mine, other in same_additions(ours_alone, theirs_alone)}
    return {known.get(key, key): item for key, item in their.items()}


def _fields(document: msgspec.Struct) -> Parts:
    return {name: getattr(document, name) for name in document.__struct_fields__}


@cache
def _defaults(kind: type[Document]) -> Mapping[str, Any]:
    """What a part of this kind holds before anyone fills it in; MISSING where it cannot be without."""
    return {each.name: _default(each) for each in msgspec.structs.fields(kind)}


def _default(info: msgspec.structs.FieldInfo) -> Any:
    if info.default_factory is not msgspec.NODEFAULT:
        return info.default_factory()
    return MISSING if info.default is msgspec.NODEFAULT else info.default


@cache
def _units(kind: type[Document]) -> tuple[tuple[str, ...], ...]:
    """The fields, those that go together as one; a field is in one unit only."""
    left = list(kind.__struct_fields__)
    units: list[tuple[str, ...]] = []
    for names in TOGETHER:
        if set(names) <= set(left):
            units.append(names)
            left = [name for name in left if name not in names]
    return (*((name,) for name in left), *units)
