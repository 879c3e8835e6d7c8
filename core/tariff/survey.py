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
    then `without` + (`within` - `without`) x the part of those goods that meets the condition. charged: the part of
    what the duty takes that it charges.
    """

    condition: Rows
    without: Floats
    within: Floats
    lists: tuple[str, ...]
    charged: Floats

    @property
    def largest(self) -> Floats:
        """The share at the end of the range where it is larger."""
        result: Floats = np.maximum(self.without, self.within)
        return result


@dataclass(frozen=True, eq=False)
class LineClass:
    """Lines of one duty that the same terms and the same changes reach.

    terms: over the days of the survey. reached_by: the `lines` of those changes, "" for changes to all lines.
    claiming: the lines of which the part that claims the preference is of the class; the same where the law does not
    tell it from the rest, which `lines` then speaks of.
    """

    duty: Duty
    lines: Bools
    claiming: Bools
    terms: tuple[LawTerm, ...]
    reached_by: frozenset[str]


@dataclass(frozen=True, eq=False)
class Survey:
    """The claims of all duties over a window, and their lines by class, duties in stacking order.

    eve: the first day of the terms: the one before the window, or before an earlier postponement. claimed: the claims
    on the part that claims the preference.
    """

    window: Window
    eve: date
    claims: Mapping[str, Claim]
    claimed: Mapping[str, Claim]
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
    parts = (goods.claiming(False), goods.claiming(True)) if base.asks_for_claim else (goods,)
    daily: list[DailyClaims] = []
    for part in parts:
        found, window = _daily_claims(base, part, changes, window)
        daily.append(found)
    daily = [{day: claims for day, claims in found.items() if window.holds(day)} for found in daily]
    merged = [_merged(found) for found in daily]
    eve = min([window.first, *(change.start for change in changes if isinstance(change, Postpone))]) - ONE_DAY
    duties = list({duty.id: duty for own in scenarios for duty in Plan(base, tuple(own)).duties}.values())
    classes = [
        found
        for duty in duties
        if duty.id in merged[0]
        for found in _classes(base, parts, changes, duty, daily, [own[duty.id].largest > 0 for own in merged], eve)
    ]
    return Survey(window, eve, merged[0], merged[-1], tuple(classes))


def _steady_window(base: LawAsKnown, changes: Sequence[AnyChange], on: date, bounds: tuple[date, date]) -> Window:
    days = base.list_days() | base.rule_days() | base.gap_days()
    named = {change.lines.removeprefix("list:") for change in changes if change.lines.startswith("list:")}
    days = days.union(*(base.law.lists[name].days(base.known) for name in named))
    first = max((day for day in days if day <= on), default=bounds[0])
    last = min((day for day in days if day > on), default=bounds[1] + ONE_DAY) - ONE_DAY
    return Window(max(first, bounds[0]), min(last, bounds[1]))


DailyClaims = dict[date, dict[str, Claim]]


def _merged(daily: DailyClaims) -> dict[str, Claim]:
    """The claims of all days; those of a line never contradict each other."""
    merged: dict[str, Claim] = {}
    for claims in daily.values():
        merged.update({duty: _joined(merged.get(duty), claim) for duty, claim in claims.items()})
    return merged


def _daily_claims(
    base: LawAsKnown, goods: Goods, changes: Sequence[AnyChange], window: Window
) -> tuple[DailyClaims, Window]:
    """The claims on the first day of the window and on each day on which terms change in it."""
    plan = Plan(base, _widening(base, changes))
    lists = _conditional_lists(base, goods, window.first)
    daily: DailyClaims = {}
    for day in (window.first, *sorted(d for d in base.term_days() if window.first < d <= window.last)):
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
        charge.duty.id: Claim(
            np.full(size, -1, dtype=np.intp), charge.claim.copy(), charge.claim.copy(), lists, charge.charged_part
        )
        for charge in charges(plan, goods, on).duties
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
    pairs = ((one.within, other.within), (one.without, other.without), (one.charged, other.charged))
    return any(bool((both & (np.abs(own - its) > _TOLERANCE)).any()) for own, its in pairs)


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
        np.where(use, one.charged, other.charged),
    )


def _classes(
    base: LawAsKnown,
    parts: Sequence[Goods],
    changes: Sequence[AnyChange],
    duty: Duty,
    daily: Sequence[DailyClaims],
    taken: Sequence[Bools],
    eve: date,
) -> list[LineClass]:
    """The lines taken by their history of measures and the changes that reach them; the largest class first.

    Where the law asks for the claim, a line counts twice: its part without the preference, then its part with it.
    """
    history = _history(base, parts, duty, daily, eve)
    masks = {
        name: np.tile(mask, len(parts))
        for name, mask in _masks(base, parts[0], changes, duty, next(iter(daily[0]))).items()
    }
    columns = [which for _day, which, _states in history] + [mask.astype(np.intp) for mask in masks.values()]
    claimed = np.concatenate(taken)
    matrix, places = np.stack(columns, axis=1)[claimed], np.flatnonzero(claimed)
    _unique, first, number = np.unique(matrix, axis=0, return_index=True, return_inverse=True)
    found = []
    for place, line in enumerate(places[first]):
        lines = np.zeros(len(claimed), dtype=np.bool_)
        lines[places[number == place]] = True
        by_part = lines.reshape(len(parts), -1)
        terms = tuple(LawTerm(day, states[which[line]] if which[line] >= 0 else None) for day, which, states in history)
        reached_by = frozenset(name for name, mask in masks.items() if mask[line])
        found.append(LineClass(duty, by_part[0], by_part[-1], terms, reached_by))
    return sorted(found, key=lambda item: -int((item.lines | item.claiming).sum()))


def _history(
    base: LawAsKnown, parts: Sequence[Goods], duty: Duty, daily: Sequence[DailyClaims], eve: date
) -> list[tuple[date, Rows, tuple[MeasureState, ...]]]:
    """Day by day which measure answers for each line of each part, -1 for none, from the eve on.

    Days before the first one count with its lists of goods, as a postponement takes them.
    """
    first = next(iter(daily[0]))
    history = []
    for day in (eve, *sorted(day for day in base.term_days(duty.id) if eve < day < first)):
        before = [reach(base, part, duty.id, first, terms_on=day) for part in parts]
        history.append((day, *_answering(before, [one.listed > 0 for one in before])))
    for day in daily[0]:
        nothing = np.zeros(len(parts[0]), dtype=np.bool_)
        taken = [found[day][duty.id].largest > 0 if duty.id in found[day] else nothing for found in daily]
        history.append((day, *_answering([reach(base, part, duty.id, day) for part in parts], taken)))
    return history


def _answering(reached: Sequence[Reach], taken: Sequence[Bools]) -> tuple[Rows, tuple[MeasureState, ...]]:
    """Which measure answers for the lines taken of each part; one that answers on several lists stands once."""
    states = {state.measure.id: state for found in reached for state in found.states}
    place = {name: number for number, name in enumerate(states)}
    which = []
    for found, lines in zip(reached, taken, strict=True):
        own = np.array([place[state.measure.id] for state in found.states] or [-1], dtype=np.intp)
        which.append(np.where(lines & (found.which >= 0), own[found.which], -1))
    return np.concatenate(which), tuple(states.values())


def _masks(base: LawAsKnown, goods: Goods, changes: Sequence[AnyChange], duty: Duty, on: date) -> dict[str, Bools]:
    """The goods that changes to this duty name, each once; those that name none reach every line."""
    names = {affected_lines(duty, change) for change in changes if acts_on(change, duty.id)}
    return {name: goods.mask(base.law, name, on, base.known) for name in sorted(names)}


def acts_on(change: AnyChange, duty: str) -> bool:
    """Whether a change alters what this duty charges; caps and totals on goods act on no single duty."""
    if isinstance(change, Cap | SetTotal):
        return False
    return change.duty == duty or (isinstance(change, Exempt) and not change.duty)
