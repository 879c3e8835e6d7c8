"""What each duty would take of each line were it charged, and which lines share the same fate.

A scenario changes rates and days; it does not change what an article is. Over days on which no list of goods
changes, a line's claim under a duty is therefore one number, and all lines that the same terms and the same
changes reach can be spoken of as one. The live workbook stands on this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from msgspec.structs import replace as changed

from core.case import AddDuty, AnyChange, Cap, Exempt, Postpone, SetRate, SetTotal
from core.reference.law import Duty
from core.scenario import LawAsKnown, Plan
from core.tariff.changes import affected_lines
from core.tariff.duty import charges
from core.tariff.goods import Bools, Floats, Goods, Rows
from core.tariff.measures import ONE_DAY, MeasureState
from core.tariff.reach import Reach, reach

_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Window:
    """Days, first and last included, on which neither a list of goods nor the stacking changes."""

    first: date
    last: date

    def holds(self, on: date) -> bool:
        """Whether a day lies within."""
        return self.first <= on <= self.last


@dataclass(frozen=True)
class LawTerm:
    """What the law charges on a class of lines from a day on. state: the measure that answers, None for none."""

    start: date
    state: MeasureState | None


@dataclass(frozen=True, eq=False)
class Claim:
    """The share of each line's value that a duty takes were it charged. Arrays over lines.

    Where `condition` is not -1, it is the position in `lists` of the list of goods whose use decides: the share is
    then `without` + (`within` - `without`) x the part of those goods that meets the condition.
    """

    condition: Rows
    without: Floats
    within: Floats
    lists: tuple[str, ...]

    @property
    def largest(self) -> Floats:
        """The share at the end of the range where it is larger."""
        result: Floats = np.maximum(self.without, self.within)
        return result


@dataclass(frozen=True, eq=False)
class LineClass:
    """Lines of one duty that the same terms and the same changes reach.

    terms: over the days of the survey. reached_by: the `lines` of those changes, "" for changes to all lines.
    """

    duty: Duty
    lines: Bools
    terms: tuple[LawTerm, ...]
    reached_by: frozenset[str]


@dataclass(frozen=True, eq=False)
class Survey:
    """The claims of all duties over a window, and their lines by class, duties in stacking order.

    eve: the first day of the terms: the one before the window, or before an earlier postponement.
    """

    window: Window
    eve: date
    claims: Mapping[str, Claim]
    classes: tuple[LineClass, ...]


def survey(
    base: LawAsKnown,
    goods: Goods,
    scenarios: Sequence[Sequence[AnyChange]],
    on: date,
    bounds: tuple[date, date],
) -> Survey:
    """Survey the days around `on`, within bounds, on which the lists of goods stay as they are.

    scenarios: the changes of each. The window ends early, before the first day on which a claim would differ.
    """
    changes = tuple(change for own in scenarios for change in own)
    window = _steady_window(base, changes, on, bounds)
    daily, window = _daily_claims(base, goods, changes, window)
    merged: dict[str, Claim] = {}
    for claims in daily.values():
        merged.update({duty: _joined(merged.get(duty), claim) for duty, claim in claims.items()})
    eve = min([window.first, *(change.start for change in changes if isinstance(change, Postpone))]) - ONE_DAY
    duties = list({duty.id: duty for own in scenarios for duty in Plan(base, tuple(own)).duties}.values())
    classes = [
        found
        for duty in duties
        if duty.id in merged
        for found in _classes(base, goods, changes, duty, daily, merged[duty.id].largest > 0, eve)
    ]
    return Survey(window, eve, merged, tuple(classes))


def _steady_window(base: LawAsKnown, changes: Sequence[AnyChange], on: date, bounds: tuple[date, date]) -> Window:
    days = base.list_days() | base.rule_days()
    named = {change.lines.removeprefix("list:") for change in changes if change.lines.startswith("list:")}
    days = days.union(*(base.law.lists[name].days(base.known) for name in named))
    first = max((day for day in days if day <= on), default=bounds[0])
    last = min((day for day in days if day > on), default=bounds[1] + ONE_DAY) - ONE_DAY
    return Window(max(first, bounds[0]), min(last, bounds[1]))


DailyClaims = dict[date, dict[str, Claim]]


def _daily_claims(
    base: LawAsKnown, goods: Goods, changes: Sequence[AnyChange], window: Window
) -> tuple[DailyClaims, Window]:
    """The claims on the first day of the window and on each day on which terms change in it."""
    plan = Plan(base, _widening(base, changes))
    lists = _conditional_lists(base, goods, window.first)
    starts = set[date]().union(*(line.starts() for line in base.lines))
    daily: DailyClaims = {}
    for day in (window.first, *sorted(d for d in starts if window.first < d <= window.last)):
        claims = _claims_on(plan, goods, lists, day)
        if any(_contradict(before.get(duty), claim) for before in daily.values() for duty, claim in claims.items()):
            return daily, Window(window.first, day - ONE_DAY)
        daily[day] = claims
    return daily, window


def _widening(base: LawAsKnown, changes: Iterable[AnyChange]) -> tuple[AnyChange, ...]:
    """The changes that put goods under a duty which the law leaves outside, in effect from the beginning of time."""
    return tuple(changed(c, start=date.min, until=None) for c in changes if _widens(base, c))


def _widens(base: LawAsKnown, change: AnyChange) -> bool:
    duty = base.law.duties.get(change.duty)
    inquiry = duty is not None and duty.inquiry is not None
    return isinstance(change, AddDuty) or (isinstance(change, SetRate) and (bool(change.lines) or inquiry))


def _claims_on(plan: Plan, goods: Goods, lists: tuple[str, ...], on: date) -> dict[str, Claim]:
    size = len(goods)
    found = {
        duty: Claim(np.full(size, -1, dtype=np.intp), share.copy(), share.copy(), lists)
        for duty, share in _shares(plan, goods, on).items()
    }
    for place, name in enumerate(lists):
        without, within = (_shares(plan, _assuming(goods, name, part), on) for part in (0.0, 1.0))
        for duty, claim in found.items():
            depends = (np.abs(within[duty] - without[duty]) > _TOLERANCE) & (claim.condition < 0)
            claim.condition[depends] = place
            claim.without[depends] = without[duty][depends]
            claim.within[depends] = within[duty][depends]
    return found


def _shares(plan: Plan, goods: Goods, on: date) -> dict[str, Floats]:
    return {charge.duty.id: charge.claim for charge in charges(plan, goods, on).duties}


def _assuming(goods: Goods, name: str, part: float) -> Goods:
    return replace(goods, condition_share={**goods.condition_share, name: part}, kept={})


def _conditional_lists(base: LawAsKnown, goods: Goods, on: date) -> tuple[str, ...]:
    """The lists in which the use of the goods decides over lines of this portfolio."""
    found = []
    for name in base.list_names():
        scope = base.law.lists[name]
        asked = np.array([bool(condition) for condition in scope.condition], dtype=np.bool_) & scope.assumed
        rows = goods.rows(scope, on, base.known)
        if asked[rows[rows >= 0]].any():
            found.append(name)
    return tuple(sorted(found))


def _contradict(one: Claim | None, other: Claim) -> bool:
    """Whether both claim a line, but not the same share of it."""
    if one is None:
        return False
    both = (one.largest > 0) & (other.largest > 0)
    differ = (np.abs(one.within - other.within) > _TOLERANCE) | (np.abs(one.without - other.without) > _TOLERANCE)
    return bool((both & differ).any())


def _joined(one: Claim | None, other: Claim) -> Claim:
    """The claim of whichever day has one."""
    if one is None:
        return other
    use = one.largest > 0
    return Claim(
        np.where(use, one.condition, other.condition),
        np.where(use, one.without, other.without),
        np.where(use, one.within, other.within),
        one.lists,
    )


def _classes(
    base: LawAsKnown,
    goods: Goods,
    changes: Sequence[AnyChange],
    duty: Duty,
    daily: DailyClaims,
    claimed: Bools,
    eve: date,
) -> list[LineClass]:
    """The claimed lines by their history of measures and the changes that reach them; the largest class first."""
    history = _history(base, goods, duty, daily, eve)
    masks = _masks(base, goods, changes, duty, next(iter(daily)))
    columns = [which for _day, which, _states in history] + [mask.astype(np.intp) for mask in masks.values()]
    matrix, places = np.stack(columns, axis=1)[claimed], np.flatnonzero(claimed)
    _unique, first, number = np.unique(matrix, axis=0, return_index=True, return_inverse=True)
    found = []
    for place, line in enumerate(places[first]):
        lines = np.zeros(len(goods), dtype=np.bool_)
        lines[places[number == place]] = True
        terms = tuple(LawTerm(day, states[which[line]] if which[line] >= 0 else None) for day, which, states in history)
        found.append(LineClass(duty, lines, terms, frozenset(name for name, mask in masks.items() if mask[line])))
    return sorted(found, key=lambda item: -int(item.lines.sum()))


def _history(
    base: LawAsKnown, goods: Goods, duty: Duty, daily: DailyClaims, eve: date
) -> list[tuple[date, Rows, tuple[MeasureState, ...]]]:
    """Day by day which measure answers for each line, -1 for none, from the eve on.

    Days before the first one count with its lists of goods, as a postponement takes them.
    """
    first = next(iter(daily))
    starts = {day for line in base.lines_of(duty.id) for day in line.starts() if eve < day < first}
    history = []
    for day in (eve, *sorted(starts)):
        before = reach(base, goods, duty.id, first, terms_on=day)
        history.append((day, np.where(before.listed > 0, _measure_of(before), -1), before.states))
    for day, claims in daily.items():
        found = reach(base, goods, duty.id, day)
        claimed = claims[duty.id].largest > 0 if duty.id in claims else np.zeros(len(goods), dtype=np.bool_)
        history.append((day, np.where(claimed, _measure_of(found), -1), found.states))
    return history


def _measure_of(reached: Reach) -> Rows:
    """Which measure answers for each line: the first position where one stands that answers on several lists."""
    names = [state.measure.id for state in reached.states]
    first = np.array([names.index(name) for name in names] or [-1], dtype=np.intp)
    result: Rows = np.where(reached.which >= 0, first[reached.which], -1)
    return result


def _masks(base: LawAsKnown, goods: Goods, changes: Sequence[AnyChange], duty: Duty, on: date) -> dict[str, Bools]:
    """The goods that changes to this duty name, each once; those that name none reach every line."""
    names = {affected_lines(duty, change) for change in changes if acts_on(change, duty.id)}
    return {name: goods.mask(base.law, name, on, base.known) for name in sorted(names)}


def acts_on(change: AnyChange, duty: str) -> bool:
    """Whether a change alters what this duty charges; caps and totals on goods act on no single duty."""
    if isinstance(change, Cap | SetTotal):
        return False
    return change.duty == duty or (isinstance(change, Exempt) and not change.duty)
