"""How an instrument changes the lists of goods of the duties that a partner pays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from core.comparison.effects import Effect, EffectKind
from core.reference.law import ALL_GOODS, Bools, ScopeList
from core.results import Portfolio
from core.scenario import LawAsKnown

_NEVER = date.max.toordinal()
Listed = set[tuple[int, int]]  # code and number of its digits


@dataclass(frozen=True)
class _Turn:
    """One day on which an instrument changes one list."""

    scope: ScopeList
    on: int
    coming: Bools  # rows
    going: Bools

    @property
    def joins(self) -> Listed:
        return _listed(self.scope, self.coming)

    @property
    def leaves(self) -> Listed:
        return _listed(self.scope, self.going)


def _listed(scope: ScopeList, rows: Bools) -> Listed:
    return {*zip(scope.codes[rows].tolist(), scope.digits[rows].tolist(), strict=True)}


Lists = dict[tuple[str, bool], list[str]]
_Key = tuple[int, bool, tuple[str, ...]]  # day, exempt, names of the lists


def lists_that_matter(base: LawAsKnown) -> Lists:
    """By duty the lists that take the partner's goods into it (False) and those that keep them out of it (True)."""
    found: Lists = {}
    for measure in (state.measure for state in base.states.values()):
        exempt = [exemption.list for exemption in base.exemptions(measure)]
        for is_exempt, names in ((False, measure.lists), (True, (*measure.excluded, *exempt))):
            kept = found.setdefault((measure.duty, is_exempt), [])
            kept += [name for name in names if name != ALL_GOODS and name not in kept]
    return found


def list_effects(base: LawAsKnown, portfolio: Portfolio, lists: Lists, instrument: str) -> Iterator[Effect]:
    """One effect a day for all lists of a duty; duties that share their lists share the effect."""
    found: dict[_Key, tuple[list[_Turn], list[str]]] = {}
    for duty in (duty.id for duty in base.law.file.duties):
        for is_exempt in (False, True):
            turns = [t for name in lists.get((duty, is_exempt), ()) for t in _turns(base.law.lists[name], instrument)]
            for day in sorted({turn.on for turn in turns}):
                today = [turn for turn in turns if turn.on == day]
                key = day, is_exempt, tuple(sorted(turn.scope.name for turn in today))
                found.setdefault(key, (today, []))[1].append(duty)
    for key in sorted(found, key=lambda key: key[0]):
        effect = _list_effect(found[key][0], tuple(found[key][1]), key[1], portfolio)
        if effect.joins or effect.leaves or effect.moves:
            yield effect


def _turns(scope: ScopeList, instrument: str) -> Iterator[_Turn]:
    if instrument not in scope.instrument and instrument not in scope.end_instrument:
        return
    joins = np.array([name == instrument for name in scope.instrument], dtype=np.bool_)
    leaves = np.array([name == instrument for name in scope.end_instrument], dtype=np.bool_) & (scope.valid_to < _NEVER)
    for day in sorted({*scope.valid_from[joins].tolist(), *scope.valid_to[leaves].tolist()}):
        yield _Turn(scope, day, joins & (scope.valid_from == day), leaves & (scope.valid_to == day))


def _list_effect(turns: list[_Turn], duties: tuple[str, ...], is_exempt: bool, portfolio: Portfolio) -> Effect:
    """What one day does to the lists of a duty; a code that leaves one and joins another moves."""
    joins, leaves = set[tuple[int, int]](), set[tuple[int, int]]()
    for turn in turns:
        stays = turn.joins & turn.leaves  # listed anew in the same list
        joins |= turn.joins - stays
        leaves |= turn.leaves - stays
    moves = joins & leaves
    return Effect(
        EffectKind.LIST,
        on=date.fromordinal(max(1, turns[0].on)),
        duties=duties,
        is_exempt=is_exempt,
        joins=len(joins - moves),
        leaves=len(leaves - moves),
        moves=len(moves),
        joins_value=_trade(joins - moves, portfolio),
        leaves_value=_trade(leaves - moves, portfolio),
        moves_value=_trade(moves, portfolio),
        condition=_condition(turns),
    )


def _condition(turns: list[_Turn]) -> str:
    """The condition under which every code that joins is listed, "" where they have none in common."""
    found = {turn.scope.condition[row] for turn in turns for row in turn.coming.nonzero()[0]}
    return found.pop() if len(found) == 1 else ""


def _trade(listed: Listed, portfolio: Portfolio) -> float:
    """The partner's imports under these codes, each statistical line once."""
    codes, found = portfolio.codes.astype(np.int64), np.zeros(len(portfolio.codes), dtype=np.bool_)
    for digits in {digits for _code, digits in listed}:
        prefixes = np.array([code for code, length in listed if length == digits], dtype=np.int64)
        found |= np.isin(codes // 10 ** (10 - digits), prefixes)
    return float(portfolio.value[found].sum())
