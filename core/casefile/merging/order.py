"""The order of a list that two copies of a case changed, each in its own way."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence

_MOST_COMPARED = 600  # pair by pair; beyond that only whole orders are compared


def joined(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> tuple[list[str], bool]:
    """What is in either list, in an order that both moved it to, and whether there was one.

    Where there is none, ours stands. Whatever one list alone has comes after what stood before it there;
    where both have something new at the same place, ours comes first.
    """
    common = set(ours) & set(theirs)
    spine = _spine(*([key for key in each if key in common] for each in (base, ours, theirs)))
    is_clear = spine is not None
    order = spine if spine is not None else [key for key in ours if key in common]
    return _with_own(order, common, ours, theirs), is_clear


def _spine(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """The order of what both have; None where their moves exclude each other."""
    if ours == theirs or _agree(base, theirs):
        return ours
    if _agree(base, ours):
        return theirs
    return _ranked(base, ours, theirs) if len(ours) <= _MOST_COMPARED else None


def _agree(base: list[str], other: list[str]) -> bool:
    """Whether what stood in the base stands in the same order still."""
    known = set(base)
    return base == [key for key in other if key in known]


def _ranked(base: list[str], ours: list[str], theirs: list[str]) -> list[str] | None:
    """Of each two, the order that one copy changed holds; an order for all follows unless that goes in a circle."""
    in_base, in_theirs = ({key: place for place, key in enumerate(each)} for each in (base, theirs))
    wins = dict.fromkeys(ours, 0)
    for place, first in enumerate(ours):
        for second in ours[place + 1 :]:
            theirs_too = in_theirs[first] < in_theirs[second]
            known = first in in_base and second in in_base
            turned = not theirs_too and known and in_base[first] < in_base[second]
            wins[second if turned else first] += 1
    ranked = sorted(ours, key=lambda key: -wins[key])
    is_circle = len(set(wins.values())) != len(wins)
    return None if is_circle else ranked


def _with_own(spine: list[str], common: Collection[str], *sides: Sequence[str]) -> list[str]:
    """Each side's own keys behind the common one that stood before them there."""
    followers: dict[str | None, list[str]] = {}
    for side in sides:
        anchor: str | None = None
        for key in side:
            if key in common:
                anchor = key
            else:
                followers.setdefault(anchor, []).append(key)
    order = followers.get(None, [])[:]
    for key in spine:
        order += [key, *followers.get(key, ())]
    return order


def moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The fewest keys that have to be moved to get from one order to the other; both have the same keys."""
    places = {key: place for place, key in enumerate(before)}
    stay = _longest_rise([places[key] for key in after])
    return [key for place, key in enumerate(after) if place not in stay]


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """Places of a longest rising subsequence."""
    ends: list[int] = []  # the smallest last number of a rise of each length
    last: list[int] = []  # and its place
    before: list[int] = []
    for place, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        last[length : length + 1] = [place]
    found, place = set(), last[-1] if last else -1
    while place >= 0:
        found.add(place)
        place = before[place]
    return found
