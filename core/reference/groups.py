"""Default item groups: sets of code prefixes that cover every tariff line exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from core.case import ItemGroup
from core.reference.dated import FileHeader, Record, decode
from core.text import LocalText

FILE: Final = "groups.json"


class ReferenceGroup(Record, frozen=True):
    """A group as the pack offers it. `short`: for chart labels. The catch-all has no prefixes."""

    id: str
    name: LocalText
    short: LocalText
    prefixes: tuple[str, ...]
    note: LocalText
    known_from: date


class Grouping(Record, frozen=True):
    """All groups in display order; `catch_all` is the id of the one that takes what no prefix matches."""

    header: FileHeader
    catch_all: str
    groups: tuple[ReferenceGroup, ...]

    def item_groups(self) -> tuple[ItemGroup, ...]:
        """The groups as a new case starts with them."""
        return tuple(ItemGroup(id=group.id, name=group.name, prefixes=group.prefixes) for group in self.groups)


def group_of_codes(codes: Iterable[str], prefixes: Sequence[Sequence[str]], catch_all: int) -> npt.NDArray[np.intp]:
    """For each code (digits) the position of its group; the longest matching prefix wins over all groups.

    prefixes: one sequence a group. catch_all: position of the group for codes that no prefix matches.
    """
    owner = {prefix: place for place, own in enumerate(prefixes) for prefix in own}
    lengths = sorted({len(prefix) for prefix in owner}, reverse=True)

    def place_of(code: str) -> int:
        for length in lengths:
            place = owner.get(code[:length])
            if place is not None:
                return place
        return catch_all

    return np.fromiter((place_of(code) for code in codes), dtype=np.intp)


def load_groups(data: bytes, where: str = FILE) -> Grouping:
    """Read groups.json; PackError when it does not fit."""
    return decode(data, Grouping, where)
