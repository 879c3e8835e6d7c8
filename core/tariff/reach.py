"""Which lines a duty reaches on a day under the law, with which measure, and what is exempt from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.reference.law import ALL_GOODS, Exemption, Law
from core.scenario import LawAsKnown
from core.tariff.goods import Bools, Floats, Goods, Rows
from core.tariff.measures import MeasureState


@dataclass(frozen=True, eq=False)
class Reach:
    """One duty on one day. Arrays over lines.

    states: the measures that answer; which: position in states, -1 where none does. listed: share of the line
    inside the list. list_names and row: where the line stands (row -1 for a duty on all goods).
    """

    states: tuple[MeasureState, ...]
    which: Rows
    listed: Floats
    list_names: tuple[str, ...]
    in_list: Rows  # position in list_names, -1
    row: Rows

    def state(self, line: int) -> MeasureState | None:
        """The measure that answers for a line."""
        return self.states[self.which[line]] if self.which[line] >= 0 else None


def reach(known: LawAsKnown, goods: Goods, duty: str, on: date, terms_on: date | None = None) -> Reach:
    """The reach of a duty on a day; terms_on takes rates of another day with the lists of this one (postponement)."""
    size = len(goods)
    best = np.zeros(size, dtype=np.intp)
    which, in_list, row = (np.full(size, -1, dtype=np.intp) for _ in range(3))
    listed = np.zeros(size)
    states: list[MeasureState] = []
    names: list[str] = []
    for name, state in known.answering(duty, terms_on or on, goods.meets):
        rows, digits, share = _place(known, goods, name, on)
        wins = digits > best if name != ALL_GOODS else digits >= best
        states.append(state)
        names.append(name)
        best = np.where(wins, digits, best)
        which = np.where(wins, len(states) - 1, which)
        in_list = np.where(wins, len(names) - 1, in_list)
        row = np.where(wins, rows, row)
        listed = np.where(wins, share, listed)
    removed = _removed(known, goods, states, best, on)
    return Reach(
        tuple(states), np.where(removed, -1, which), np.where(removed, 0.0, listed), tuple(names), in_list, row
    )


def _place(known: LawAsKnown, goods: Goods, name: str, on: date) -> tuple[Rows, Rows, Floats]:
    """Row, length of the matching prefix and listed share of each line in a list."""
    size = len(goods)
    if name == ALL_GOODS:
        return np.full(size, -1, dtype=np.intp), np.zeros(size, dtype=np.intp), np.ones(size)
    scope = known.law.lists[name]
    rows = goods.rows(scope, on, known.known)
    digits = np.where(rows >= 0, scope.digits[rows], 0).astype(np.intp)
    return rows, digits, goods.listed(known.law, scope, rows)


def _removed(known: LawAsKnown, goods: Goods, states: list[MeasureState], best: Rows, on: date) -> Bools:
    """Lines that a list takes out of the duty with a prefix at least as long as the one that takes them in."""
    removed = np.zeros(len(goods), dtype=np.bool_)
    for name in {name for state in states for name in state.measure.excluded}:
        rows, digits, _share = _place(known, goods, name, on)
        removed |= (rows >= 0) & (digits >= best)
    return removed


def exempt_shares(
    known: LawAsKnown, goods: Goods, state: MeasureState, on: date
) -> list[tuple[Exemption, Rows, Floats]]:
    """For each exemption of a measure: the row and the share of each line that enters free of it."""
    found = []
    for exemption in known.exemptions(state.measure):
        if goods.are(exemption.requires):
            rows, _digits, share = _place(known, goods, exemption.list, on)
            found.append((exemption, rows, share))
    return found


def content_share(law: Law, goods: Goods, reached: Reach, metal: str) -> Floats:
    """The part of the value that a metal duty takes: all of it, or the metal's share where only content counts."""
    by_kind = np.array([state.kind == "content" for state in reached.states], dtype=np.bool_)
    only_content = by_kind[reached.which] if len(by_kind) else np.zeros(len(goods), dtype=np.bool_)
    for place, name in enumerate(reached.list_names):
        if name != ALL_GOODS:
            here = (reached.in_list == place) & (reached.row >= 0)
            rows = np.where(here, reached.row, 0)
            only_content = only_content | (here & law.lists[name].content[rows])
    return np.where(only_content, goods.metal_share[metal], 1.0)
