"""Which rows of a table are visible, and in which order: numpy over the prepared content, no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gui.table_spec import Bools, Content, Floats, Ints, RowKind, Value

REST_SUFFIX = "/rest"


@dataclass(frozen=True, eq=False)
class Rows:
    """Visible rows: kind, position of what they stand for (group, line or part), and depth."""

    kinds: Ints
    refs: Ints
    levels: Ints

    def __len__(self) -> int:
        return len(self.kinds)

    def cut(self, start: int, stop: int) -> Rows:
        """The rows from start to stop (excluded)."""
        return Rows(self.kinds[start:stop], self.refs[start:stop], self.levels[start:stop])

    def same_as(self, other: Rows) -> bool:
        return (
            np.array_equal(self.kinds, other.kinds)
            and np.array_equal(self.refs, other.refs)
            and np.array_equal(self.levels, other.levels)
        )


def rows_of(kind: RowKind, refs: Ints | list[int], level: int) -> Rows:
    """Rows of one kind and depth."""
    places = np.asarray(refs, dtype=np.intp)
    return Rows(np.full(len(places), int(kind), dtype=np.intp), places, np.full(len(places), level, dtype=np.intp))


def joined(blocks: Sequence[Rows]) -> Rows:
    """Blocks of rows below each other."""
    if not blocks:
        return rows_of(RowKind.LINE, [], 0)
    return Rows(
        np.concatenate([block.kinds for block in blocks]),
        np.concatenate([block.refs for block in blocks]),
        np.concatenate([block.levels for block in blocks]),
    )


def ranks(values: Sequence[str] | Floats) -> Floats:
    """Numbers that sort as the values do; a missing number stays NaN."""
    if isinstance(values, np.ndarray):
        return values.astype(np.float64)
    _unique, places = np.unique(np.array([text.casefold() for text in values], dtype=np.str_), return_inverse=True)
    return places.astype(np.float64)


def sorted_places(values: Floats, descending: bool) -> Ints:
    """Stable order; missing values come last either way."""
    return np.argsort(-values if descending else values, kind="stable")


class Layout:
    """The order of lines and groups for one content, sort and filter; rows are cut from it on demand."""

    def __init__(self, content: Content, sort_by: str, descending: bool, mask: Bools | None) -> None:
        self.content = content
        self.sort_by, self.descending = sort_by, descending
        self.is_filtered = mask is not None and not bool(mask.all())
        everything = np.ones(content.count, dtype=np.bool_) if mask is None else mask.copy()
        everything[: content.pinned] = True
        order = self._ordered(np.flatnonzero(everything))
        self.lines = order
        self._members = self._by_group(order)
        self._sums: dict[int, Mapping[str, Value]] = {}
        self._rest_sums: dict[int, Mapping[str, Value]] = {}
        self._cuts: dict[int, tuple[Ints, Ints]] = {}

    def _ordered(self, lines: Ints) -> Ints:
        if self.sort_by not in self.content.cells:
            return lines
        values = ranks(self.content.order.get(self.sort_by, self.content.cells[self.sort_by]))
        pinned, free = np.split(lines, [self.content.pinned])
        return np.concatenate([pinned, free[sorted_places(values[free], self.descending)]])

    def _by_group(self, order: Ints) -> list[Ints]:
        if self.content.group_of is None:
            return []
        groups = self.content.group_of[order]
        by_group = order[np.argsort(groups, kind="stable")]
        ends = np.cumsum(np.bincount(groups, minlength=len(self.content.groups)))
        return np.split(by_group, ends[:-1])

    def members(self, group: int) -> Ints:
        """The lines of a group that fit the filter, in order."""
        return self._members[group]

    def sums(self, group: int) -> Mapping[str, Value]:
        """The group's cells: the sums of its lines that fit the filter."""
        if group not in self._sums:
            self._sums[group] = self.content.gather(self.members(group))
        return self._sums[group]

    def rest_sums(self, group: int) -> Mapping[str, Value]:
        """The cells of the group's remainder row."""
        if group not in self._rest_sums:
            self._rest_sums[group] = self.content.gather(self.cut(group)[1])
        return self._rest_sums[group]

    @cached_property
    def totals(self) -> Mapping[str, Value]:
        """The sums of all lines that fit the filter."""
        return self.content.gather(self.lines)

    def cut(self, group: int) -> tuple[Ints, Ints]:
        """The group's largest lines and the smaller ones, each in order; never a remainder of one line."""
        if group not in self._cuts:
            self._cuts[group] = self._cut(self.members(group))
        return self._cuts[group]

    def _cut(self, members: Ints) -> tuple[Ints, Ints]:
        shown, size = self.content.shown, self.content.size
        if size is None or len(members) <= shown + 1:
            return members, members[:0]
        largest = members[np.argsort(-size[members], kind="stable")[:shown]]
        is_shown = np.isin(members, largest)
        return members[is_shown], members[~is_shown]

    def group_order(self) -> list[int]:
        """Groups by their sum in the sorted column, as given for a text; a filter drops empty ones."""
        groups = [g for g in range(len(self._members)) if len(self._members[g]) or not self.is_filtered]
        values = [self.sums(g).get(self.sort_by) for g in groups]
        if groups and all(isinstance(value, float) for value in values):
            order = sorted_places(np.array(values, dtype=np.float64), self.descending)
            return [groups[place] for place in order]
        return groups[::-1] if self.descending else groups


class Visible:
    """Cuts the visible rows of a layout for a set of open keys."""

    def __init__(self, layout: Layout, open_keys: set[str]) -> None:
        self._layout, self._content, self._open = layout, layout.content, open_keys

    def all_rows(self) -> Rows:
        if self._content.group_of is None:
            return self._with_parts(self._layout.lines, 0)
        blocks = []
        for group in self._layout.group_order():
            blocks.append(rows_of(RowKind.GROUP, [group], 0))
            if self._content.groups[group].key in self._open:
                blocks.append(self.under_group(group))
        return joined(blocks)

    def under_group(self, group: int) -> Rows:
        """The largest lines of a group and its remainder."""
        largest, rest = self._layout.cut(group)
        blocks = [self._with_parts(largest, 1)]
        if len(rest):
            blocks.append(rows_of(RowKind.REST, [group], 1))
            if self._content.groups[group].key + REST_SUFFIX in self._open:
                blocks.append(self.under_rest(group))
        return joined(blocks)

    def under_rest(self, group: int) -> Rows:
        return self._with_parts(self._layout.cut(group)[1], 2)

    def under_line(self, line: int, level: int) -> Rows:
        """The parts of a line."""
        parts = self._content.parts
        if parts is None:
            return joined([])
        start, stop = np.searchsorted(parts.line_of, [line, line + 1])
        return rows_of(RowKind.PART, np.arange(start, stop), level + 1)

    def _with_parts(self, lines: Ints, level: int) -> Rows:
        opened = [place for place, line in enumerate(lines.tolist()) if self._content.keys[line] in self._open]
        if not opened or self._content.parts is None:
            return rows_of(RowKind.LINE, lines, level)
        blocks, start = [], 0
        for place in opened:
            blocks.append(rows_of(RowKind.LINE, lines[start : place + 1], level))
            blocks.append(self.under_line(int(lines[place]), level))
            start = place + 1
        blocks.append(rows_of(RowKind.LINE, lines[start:], level))
        return joined(blocks)
