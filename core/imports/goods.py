"""Goods as a table names them: an item group, a list of the law, code prefixes, or all of a duty."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from core.case import Case, ItemGroup
from core.case_rules import GROUP_PREFIX, LIST_PREFIX
from core.codes import format_code
from core.errors import InputError
from core.i18n import _
from core.imports.cleaning import squeezed
from core.imports.codes import read_code
from core.reference.pack import Pack
from core.text import LocalText

_ALL: Final = frozenset(map(squeezed, ("all", "all goods", "*", "전체", "전 품목", "모든 품목", "전품목")))
_BETWEEN: Final = re.compile(r"[,;/·\n]+|\s+")
_MOST_PREFIXES: Final = 200
_SHOWN: Final = 60


class GoodsReader:
    """Finds what a cell means, and the item groups that have to be made for it. restore: leading zeros of codes."""

    def __init__(self, case: Case, pack: Pack, *, make_groups: bool, restore: bool) -> None:
        self._case, self._pack, self._make, self._restore = case, pack, make_groups, restore
        self._names = {squeezed(name): group for group in case.groups for name in _names(group)}
        self._owners = {prefix: group for group in case.groups for prefix in group.prefixes}
        self.made: dict[str, ItemGroup] = {}

    def lines(self, text: str) -> str:
        """What a change calls these goods. Raises InputError."""
        wanted = squeezed(text)
        if not text or wanted in _ALL or text.strip() == "*":
            return ""
        if text.startswith(LIST_PREFIX):
            return self._list(text)
        if found := self._names.get(squeezed(text.removeprefix(GROUP_PREFIX))):
            return GROUP_PREFIX + found.id
        return GROUP_PREFIX + self._group(self._prefixes(text)).id

    def taken_from(self, group: ItemGroup) -> tuple[ItemGroup, ...]:
        """The groups of the case that lose lines to a new one: those with a shorter prefix of the same lines."""
        losers = {}
        for prefix in group.prefixes:
            for length in range(len(prefix) - 1, 1, -1):
                if owner := self._owners.get(prefix[:length]):
                    losers[owner.id] = owner
                    break
        return tuple(losers.values())

    def _list(self, text: str) -> str:
        if text.removeprefix(LIST_PREFIX) not in self._pack.law.lists:
            raise InputError(
                _("The reference data have no list '{name}'.").format(name=text.removeprefix(LIST_PREFIX)[:_SHOWN]),
                remedy=_("Name an item group or code prefixes."),
            )
        return text

    def _prefixes(self, text: str) -> tuple[str, ...]:
        parts = [part for part in _BETWEEN.split(text) if part]
        if not parts or not any(letter.isdigit() for letter in parts[0]):
            raise InputError(
                _("There is no item group '{group}'.").format(group=text[:_SHOWN]),
                remedy=_("Name an item group of the case, or code prefixes such as 8703."),
            )
        if len(parts) > _MOST_PREFIXES:
            raise InputError(
                _("The row names {count} codes; {limit} are taken.").format(count=len(parts), limit=_MOST_PREFIXES),
                remedy=_("Make an item group of them in the case."),
            )
        found = {read_code(type(text)(part), restore=self._restore).digits for part in parts}
        return tuple(sorted(found))

    def _group(self, prefixes: tuple[str, ...]) -> ItemGroup:
        """The group that consists of exactly these, of the case or to be made."""
        for group in (*self._case.groups, *self.made.values()):
            if tuple(sorted(group.prefixes)) == prefixes:
                return group
        self._check_free(prefixes)
        if not self._make:
            raise InputError(
                _("No item group of the case consists of {codes}.").format(codes=_listed(prefixes)),
                remedy=_("Let item groups be made for code prefixes, or name a group."),
            )
        group = ItemGroup(id=self._new_id(prefixes), name=_name(prefixes), prefixes=prefixes)
        self.made[group.id] = group
        return group

    def _check_free(self, prefixes: tuple[str, ...]) -> None:
        """A prefix belongs to one group only."""
        owners = self._owners | {prefix: group for group in self.made.values() for prefix in group.prefixes}
        for prefix in prefixes:
            if owner := owners.get(prefix):
                raise InputError(
                    _("{code} is in the item group {group} already, and a code is in one group only.").format(
                        code=format_code(prefix), group=owner.name
                    ),
                    remedy=_("Name the group, or take the code out of it first."),
                )

    def _new_id(self, prefixes: tuple[str, ...]) -> str:
        name = "goods-" + "-".join(prefixes)
        if len(name) > 64:
            name = f"goods-{prefixes[0]}-" + hashlib.sha256(name.encode()).hexdigest()[:12]
        taken = {group.id for group in self._case.groups} | self.made.keys()
        number, free = 2, name
        while free in taken:
            number, free = number + 1, f"{name[:60]}-{number}"
        return free


def _names(group: ItemGroup) -> tuple[str, ...]:
    return tuple(name for name in (group.id, group.name.en, group.name.ko) if name)


def _listed(prefixes: Iterable[str]) -> str:
    shown = [format_code(prefix) for prefix in prefixes]
    return ", ".join(shown[:6]) + (" …" if len(shown) > 6 else "")


def _name(prefixes: tuple[str, ...]) -> LocalText:
    codes = _listed(prefixes)
    return LocalText(en=f"Goods {codes}", ko=f"{codes} 품목")


def with_groups(groups: tuple[ItemGroup, ...], new: Iterable[ItemGroup]) -> tuple[ItemGroup, ...]:
    """The new ones before the group that takes the rest, which stands last."""
    rest = tuple(group for group in groups if not group.prefixes)
    return (*(group for group in groups if group.prefixes), *new, *rest)
