"""The formulas of the live model: the law by date, a scenario's changes on top, stacking line by line.

They mirror core.tariff: `changes` for the state of a duty, `stacking` for who takes what, `rates` for what is added.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from core.briefing.model import Model, RateClass, View
from core.case import AddDuty, AnyChange, Cap, Exempt, Postpone, Quota, SetRate, SetTotal, SwitchOff, SwitchOn
from core.reference.law import Takes
from core.scenario import Plan
from core.tariff.changes import affected_lines
from core.tariff.duty import FIRST_READING, ON_THE_REST
from core.tariff.measures import RateKind
from core.tariff.survey import acts_on

NO_CAP = 1000.0  # 100,000 %: a cap that is not in effect limits nothing
NO_TOTAL = -1.0
_ROUNDING = 1e-12


@dataclass(frozen=True)
class ChangeCells:
    """Where a change of a scenario stands on its sheet; addresses, the ones that do not apply empty."""

    start: str
    until: str
    rate: str = ""
    form: str = ""
    share: str = ""
    in_rate: str = ""
    active: tuple[str, ...] = ()  # by view


@dataclass(frozen=True)
class LawCells:
    """Ranges of the law's terms on a class of lines, by date."""

    start: str
    rate: str
    is_total: str
    charged: str
    suspended: str
    until: str

    def at(self, column: str, day: str) -> str:
        """What a column says on a day."""
        return f"LOOKUP({day},{self.start},{column})"


@dataclass(frozen=True)
class StateFormulas:
    """The formulas of one state; a figure that cannot differ from nothing is None."""

    charged: str
    rate: str
    is_total: str | None = None
    quota_share: str | None = None
    quota_rate: str | None = None
    quota_is_total: str | None = None


@dataclass
class _Fold:
    """A duty's state while the changes are laid over the law one after another."""

    listed: str
    in_force: str
    rate: str
    is_total: str
    quota: list[str] = field(default_factory=lambda: ["0", "0", "0"])

    def set(self, active: str, rate: str, is_total: str) -> None:
        self.rate = f"IF({active},{rate},{self.rate})"
        self.is_total = f"IF({active},{is_total},{self.is_total})"
        self.in_force = f"IF({active},1,{self.in_force})"
        if self.quota[0] != "0":
            self.quota[0] = f"IF({active},0,{self.quota[0]})"


def state_formulas(
    model: Model,
    kind: RateClass,
    scenario: int,
    view: View,
    day: str,
    law: LawCells,
    cells: Mapping[tuple[int, int], ChangeCells],
    total_word: str,
) -> StateFormulas:
    """How a class of lines fares under a scenario on a day. cells: by scenario and place of the change."""
    fold = _Fold(law.at(law.charged, day), law.at(law.charged, day), law.at(law.rate, day), law.at(law.is_total, day))
    for place, change in _changes(model, kind, scenario):
        where = cells[scenario, place]
        _lay(model, kind, change, where, where.active[view.number - 1], fold, law, total_word)
    charged = fold.listed if fold.listed == fold.in_force else f"({fold.listed})*({fold.in_force})"
    has_quota, may_total = quota_possible(model, kind, scenario), total_possible(model, kind, scenario)
    name = kind.name(model.scenarios[scenario].letter, view, "on")
    return StateFormulas(
        charged=charged,
        rate=f"IF({name}=1,{fold.rate},0)",
        is_total=f"IF({name}=1,{fold.is_total},0)" if may_total else None,
        quota_share=f"IF({name}=1,{fold.quota[0]},0)" if has_quota else None,
        quota_rate=f"IF({name}=1,{fold.quota[1]},0)" if has_quota else None,
        quota_is_total=f"IF({name}=1,{fold.quota[2]},0)" if has_quota else None,
    )


def _lay(
    model: Model,
    kind: RateClass,
    change: AnyChange,
    where: ChangeCells,
    active: str,
    fold: _Fold,
    law: LawCells,
    total_word: str,
) -> None:
    """One change over what is there (core.tariff.changes does the same to arrays)."""
    form = f"IF({where.form}={total_word},1,0)" if where.form else "0"
    match change:
        case SwitchOff():
            fold.in_force = f"IF({active},0,{fold.in_force})"
        case Exempt():
            fold.listed = f"IF({active},0,{fold.listed})"
        case SwitchOn():
            state = model.results.basis.base.states.get(change.measure)
            if state is not None:
                fold.set(active, where.rate, "1" if state.kind is RateKind.TOTAL else "0")
        case Postpone():
            eve = f"{where.start}-1"
            fold.listed = f"IF({active},{law.at(law.charged, eve)},{fold.listed})"
            fold.in_force = f"IF({active},{law.at(law.charged, eve)},{fold.in_force})"
            fold.rate = f"IF({active},{law.at(law.rate, eve)},{fold.rate})"
            fold.is_total = f"IF({active},{law.at(law.is_total, eve)},{fold.is_total})"
        case Quota():
            if change.out_rate is not None:
                fold.set(active, where.rate, form)
            fold.in_force = f"IF({active},1,{fold.in_force})"
            new = (where.share, where.in_rate, form)
            fold.quota = [f"IF({active},{cell},{old})" for cell, old in zip(new, fold.quota, strict=True)]
        case SetRate() | AddDuty():
            fold.set(active, where.rate, form)
            if change.lines or kind.duty.inquiry is not None or isinstance(change, AddDuty):
                fold.listed = f"IF({active},1,{fold.listed})"


def _changes(model: Model, kind: RateClass, scenario: int) -> list[tuple[int, AnyChange]]:
    """The changes of a scenario that reach a class of lines, with their places."""
    return [
        (place, change)
        for place, change in enumerate(model.scenarios[scenario].changes)
        if acts_on(change, kind.duty.id) and affected_lines(kind.duty, change) in kind.reached_by
    ]


def quota_possible(model: Model, kind: RateClass, scenario: int) -> bool:
    """Whether a quota can split the value of these lines."""
    return any(isinstance(change, Quota) for _place, change in _changes(model, kind, scenario))


def total_possible(model: Model, kind: RateClass, scenario: int) -> bool:
    """Whether column 1 can count towards the rate of these lines."""
    by_law = any(term.state is not None and term.state.kind is RateKind.TOTAL for term in kind.terms)
    form = (SetRate, AddDuty, Quota, SwitchOn)
    return by_law or any(isinstance(change, form) for _place, change in _changes(model, kind, scenario))


# Lines


@dataclass(frozen=True)
class Part:
    """A class of lines as a line sees it. claim: where its share stands, "" where it is all of the value."""

    kind: RateClass
    claim: str
    largest: float

    def charged(self, share: str) -> str:
        """Of a share taken the part that is charged."""
        return share if self.kind.charged == 1 else _times(share, repr(self.kind.charged))


@dataclass(frozen=True)
class Taken:
    """What a class takes of a line's value: an expression, "" for all of it.

    whole, metals: for a general duty what vehicles left of the value, and what metals took of that ("" for nothing).
    """

    kind: RateClass
    share: str
    whole: str = ""
    metals: str = ""
    is_content: bool = False


def shares(plan: Plan, parts: Sequence[Part], letter: str, view: View, *, over_ranges: bool = False) -> list[Taken]:
    """Who takes what, in stacking order (core.tariff.stacking). over_ranges: claims are ranges, not cells."""
    stack = _Stack(over_ranges)
    found = []
    for duty in plan.duties:
        for part in parts:
            if part.kind.duty.id != duty.id:
                continue
            on = part.kind.name(letter, view, "on")
            takes = plan.base.precedence(duty, view.on).takes
            if takes is Takes.REST:
                share = part.charged(stack.take(takes, part, on))
                found.append(Taken(part.kind, share, stack.whole, "+".join(stack.taken)))
            else:
                share = part.charged(stack.take(takes, part, on))
                found.append(Taken(part.kind, share, is_content=takes is Takes.CONTENT))
    return found


@dataclass
class _Stack:
    """What is left of the value, as expressions; "" is all of it. taken: by each metal, of `whole`."""

    over_ranges: bool
    whole: str = ""
    rest: str = ""
    general: str = ""  # what the general duty may charge of the rest
    taken: list[str] = field(default_factory=list)
    weight: float = 0.0  # the most that the metals can take

    def take(self, takes: Takes, part: Part, on: str) -> str:
        """The share that a class of lines takes; what it leaves counts only while it is charged."""
        if takes is Takes.WHOLE:
            return self._whole(part, _times(on, part.claim))
        if takes is Takes.CONTENT:
            return self._content(part, _times(on, part.claim))
        if takes is Takes.BESIDE:
            return part.claim
        if takes is Takes.GENERAL:
            return self._from_general(part, _times(on, part.claim))
        return _times(part.claim, self._free(), self.general)

    def _free(self) -> str:
        return _times(self.rest, f"({self._left()})" if self.taken else "")

    def _left(self) -> str:
        return "-".join(["1", *self.taken])

    def _whole(self, part: Part, own: str) -> str:
        free, left = self._free(), f"(1-{own})"
        self.whole = f"({self.whole or 1}-{_times(own, free)})" if self.taken else _times(self.whole, left)
        self.rest, self.taken, self.weight = _times(free, left), [], 0.0
        return _times(part.claim, free)

    def _from_general(self, part: Part, own: str) -> str:
        free = self._free()
        self.general = _times(self.general, f"(1-{_times(own, free)})")
        return _times(part.claim, free)

    def _content(self, part: Part, own: str) -> str:
        self.weight += part.largest
        if not self.taken or self.weight <= 1 + _ROUNDING:
            self.taken.append(own)
            return _times(part.claim, self.whole)
        share = _times(self.whole, self._lesser(part.claim or "1", self._left()))
        self.taken = [self._lesser("1", "+".join([*self.taken, own]))]
        return share

    def _lesser(self, one: str, other: str) -> str:
        """The smaller of two; MIN over ranges would give one number for all lines."""
        if self.over_ranges:
            return f"(({one}+{other}-ABS({one}-({other})))/2)"
        return f"MIN({one},{other})"


def _times(*factors: str) -> str:
    return "*".join(factor for factor in factors if factor)


def line_total(
    model: Model,
    scenario: int,
    view: View,
    taken: Sequence[Taken],
    limits: Sequence[tuple[str, AnyChange]],
    columns: tuple[str, str, str, str],
    *,
    splits: bool,
    of_claimed: Sequence[Taken] | None = None,
) -> str:
    """The total rate of a line. columns: addresses of utilisation, column 1 claimed, unclaimed, weighted by use.

    splits: the line's claimed and unclaimed column 1 differ. limits: names of the caps and totals that reach it.
    of_claimed: what is taken of the part that claims the preference, where that differs from the rest.
    """
    used, claimed, unclaimed, weighted = columns
    is_linear = not limits and not any(total_possible(model, item.kind, scenario) for item in taken)
    if of_claimed is None and (is_linear or not splits):
        return _total(model, scenario, view, taken, limits, weighted)
    first = _total(model, scenario, view, taken if of_claimed is None else of_claimed, limits, claimed)
    second = _total(model, scenario, view, taken, limits, unclaimed)
    return f"{used}*({first})+(1-{used})*({second})"


def _total(
    model: Model,
    scenario: int,
    view: View,
    taken: Sequence[Taken],
    limits: Sequence[tuple[str, AnyChange]],
    column1: str,
) -> str:
    reading = model.results.basis.base.reading(ON_THE_REST)
    metals, parts = list[str](), list[str]()
    for item in taken:
        part = _times(item.share, _added(model, scenario, view, item.kind, column1))
        if item.metals and reading != FIRST_READING and total_possible(model, item.kind, scenario):
            part = _read_otherwise(model, scenario, view, item, column1, part, reading, "+".join(metals))
        parts.append(part)
        metals += [part] if item.is_content else []
    result = "+".join([column1, *parts])
    for name, change in limits:
        if isinstance(change, Cap):
            result = f"MAX({column1},MIN({result},{name}))"
        elif isinstance(change, SetTotal):
            result = f"IF({name}<0,{result},MAX({column1},{name}))"
    return result


def _read_otherwise(
    model: Model, scenario: int, view: View, item: Taken, column1: str, net: str, reading: str, metals: str
) -> str:
    """A total on what a metal left, not as the first reading has it (core.tariff.rates.on_the_rest)."""
    letter = model.scenarios[scenario].letter
    rate, total = (item.kind.name(letter, view, part) for part in ("rate", "total"))
    if reading == "full":
        other = _times(item.share, _added(model, scenario, view, item.kind, column1, _in_full))
    else:
        room = f"{_times(item.whole, f'({rate}-{column1})')}-({metals})"
        other = f"MIN({net},MAX(0,{room}))"
    return f"IF(AND({total}=1,{item.metals}>0),{other},{net})"


def _topped_up(rate: str, total: str, column1: str) -> str:
    return f"MAX(0,{rate}-{total}*{column1})"


def _in_full(rate: str, total: str, column1: str) -> str:
    return f"IF(AND({total}=1,{column1}>={rate}),0,{rate})"


def _added(
    model: Model,
    scenario: int,
    view: View,
    kind: RateClass,
    column1: str,
    form: Callable[[str, str, str], str] = _topped_up,
) -> str:
    """What a class adds to column 1 (core.tariff.rates); a rate is 0 where nothing is charged."""
    letter = model.scenarios[scenario].letter

    def name(part: str) -> str:
        return kind.name(letter, view, part)

    if not total_possible(model, kind, scenario):
        return name("rate")
    outside = form(name("rate"), name("total"), column1)
    if not quota_possible(model, kind, scenario):
        return outside
    inside = form(name("in_rate"), name("in_total"), column1)
    return f"({name('share')}*{inside}+(1-{name('share')})*{outside})"
