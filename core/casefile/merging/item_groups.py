"""Item groups after a join: a code in one group only, one group for the rest, and none gone that a change names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import replace as replace_place
from typing import TypeVar

from msgspec.structs import replace

from core.case import Case, Document, ItemGroup
from core.case_rules import GROUP_PREFIX, check_groups
from core.casefile.merging import order
from core.casefile.merging.conflicts import Reason, Referee, Side
from core.casefile.merging.last_resort import one_copy
from core.casefile.merging.places import Place
from core.casefile.merging.wording import NOTHING
from core.errors import InputError
from core.i18n import _

D = TypeVar("D", bound=Document)
Groups = tuple[ItemGroup, ...]


@dataclass(frozen=True)
class ItemGroups:
    """Puts the item groups of a joined case right."""

    referee: Referee

    def sound(self, case: Case) -> Case:
        """With groups that keep the rules, and every change naming one that is there."""
        groups = self._one_each(case.groups)
        try:
            check_groups(groups)
        except InputError as error:
            groups = one_copy(self.referee, Place().field(Case, "groups"), error).groups
        case = case if groups is case.groups else replace(case, groups=groups)
        for group_id in dict.fromkeys(_missing(case)):
            case = self._kept_or_unused(case, group_id)
        return case

    def _one_each(self, groups: Groups) -> Groups:
        """Where two groups now hold one code, it goes where one of the copies has it."""
        holders: dict[str, list[str]] = {}
        for group in groups:
            for prefix in group.prefixes:
                holders.setdefault(prefix, []).append(group.id)
        for prefix, ids in holders.items():
            if len(ids) > 1:
                groups = _only_in(groups, prefix, self._holder(prefix, ids))
        return groups

    def _holder(self, prefix: str, ids: list[str]) -> str:
        ours, theirs = (_holding(side.groups, prefix) for side in (self.referee.ours, self.referee.theirs))
        place = Place().field(Case, "groups").field(ItemGroup, "prefixes").entry(prefix)
        side = self.referee.pick(
            replace_place(place, steps=("groups", "prefix", prefix)),
            Reason.TWO_GROUPS,
            ours=str(ours.name) if ours else NOTHING,
            theirs=str(theirs.name) if theirs else NOTHING,
        )
        chosen = theirs if side is Side.THEIRS else ours
        return chosen.id if chosen and chosen.id in ids else ids[0]

    def _kept_or_unused(self, case: Case, group_id: str) -> Case:
        """A group that one copy removed and the other uses in a change."""
        ours, theirs = (_group(side.groups, group_id) for side in (self.referee.ours, self.referee.theirs))
        group = ours or theirs
        if group is None:
            return case  # no copy has it: check_case says what is wrong
        users = _("kept, for: {changes}").format(changes=self._users(case, group_id, is_ours=ours is not None))
        side = self.referee.pick(
            Place().field(Case, "groups").part(group_id, group).entry("in-use", is_named=False),
            Reason.REMOVED_AND_USED,
            ours=users if ours else _("removed, and with it the changes for its goods"),
            theirs=users if theirs else _("removed, and with it the changes for its goods"),
        )
        if (side is Side.OURS) != (ours is not None):
            return _without_users(case, group_id)
        copy = self.referee.ours if ours else self.referee.theirs
        return replace(case, groups=_with_group(case.groups, group, copy.groups))

    def _users(self, case: Case, group_id: str, *, is_ours: bool) -> str:
        words = self.referee.words[1 if is_ours else 2]
        changes = [change for scenario in case.scenarios for change in scenario.every_change]
        return "; ".join(words.part(change) for change in changes if change.lines == GROUP_PREFIX + group_id)


def _holding(groups: Groups, prefix: str) -> ItemGroup | None:
    return next((group for group in groups if prefix in group.prefixes), None)


def _group(groups: Groups, group_id: str) -> ItemGroup | None:
    return next((group for group in groups if group.id == group_id), None)


def _only_in(groups: Groups, prefix: str, holder: str) -> Groups:
    def without(group: ItemGroup) -> ItemGroup:
        return replace(group, prefixes=tuple(each for each in group.prefixes if each != prefix))

    return tuple(without(group) if prefix in group.prefixes and group.id != holder else group for group in groups)


def _missing(case: Case) -> list[str]:
    known = {group.id for group in case.groups}
    named = [change.lines for scenario in case.scenarios for change in scenario.every_change]
    ids = [lines.removeprefix(GROUP_PREFIX) for lines in named if lines.startswith(GROUP_PREFIX)]
    return [group_id for group_id in ids if group_id not in known]


def _with_group(groups: Groups, group: ItemGroup, side: Groups) -> Groups:
    """The group as its copy has it: codes that went elsewhere come back with it."""
    for prefix in group.prefixes:
        groups = _only_in(groups, prefix, group.id)
    return put_back(groups, group, side, lambda each: each.id)


def put_back(items: tuple[D, ...], item: D, side: tuple[D, ...], name: Callable[[D], str]) -> tuple[D, ...]:
    """With the item behind the one that stands before it in `side`."""
    names = [name(each) for each in items]
    wanted = [name(each) for each in side if name(each) in {*names, name(item)}]
    known = {name(each): each for each in (*items, item)}
    return tuple(known[each] for each in order.joined(names, names, wanted)[0])


def _without_users(case: Case, group_id: str) -> Case:
    lines = GROUP_PREFIX + group_id
    scenarios = (
        replace(
            each,
            changes=tuple(change for change in each.changes if change.lines != lines),
            rivals=tuple(terms for terms in each.rivals if terms.change.lines != lines),
        )
        for each in case.scenarios
    )
    return replace(case, scenarios=tuple(scenarios))
