"""The goods that duties are worked out for: many lines of a portfolio or the one line of a question."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from core.reference.law import PREFERENCE_CLAIMED, Gap, Law, Measure, ScopeList

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]
Codes = npt.NDArray[np.int64]

WEIGHT_CONDITION = "metal_weight_share_15"
WEIGHT_THRESHOLD = 0.15


@dataclass(frozen=True, eq=False)
class Goods:
    """Lines and what is known about them. Arrays of length n; rates and shares are fractions of customs value.

    metal_share: by metal, the part of the value that the metal makes up; NaN where nobody said.
    condition_share: by share_key, the part of conditionally listed goods that meets the condition, where it is not
    what the rows assume (an assumption for portfolios).
    groups: item group id -> code prefixes, for changes that name a group.
    is_claiming: whether they claim the preference; None for a portfolio, of which a part does.
    """

    codes: Codes
    mfn_rate: Floats
    preferential_rate: Floats
    metal_share: Mapping[str, Floats]
    groups: Mapping[str, Bools] = field(default_factory=dict)
    facts: frozenset[str] = frozenset()
    is_look_up: bool = False  # one question: some conditions count only where a fact states them
    is_claiming: bool | None = None
    loaded: date | None = None
    us_content: float = 0.0
    metal_weight: float | None = None
    unit_value: float | None = None  # US$ of the unit in which a minimum price is set
    condition_share: Mapping[str, float] = field(default_factory=dict)
    _rows: dict[tuple[str, bytes], Rows] = field(default_factory=dict, repr=False)
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)  # what core.tariff.law_claims worked out

    def __len__(self) -> int:
        return len(self.codes)

    def claiming(self, claimed: bool) -> Goods:
        """The same goods were all of them, or none, to claim the preference. Kept with these ones."""
        key = (PREFERENCE_CLAIMED, claimed)
        if key not in self.kept:
            facts = self.facts | {PREFERENCE_CLAIMED} if claimed else self.facts - {PREFERENCE_CLAIMED}
            self.kept[key] = replace(self, facts=facts, is_claiming=claimed, _rows=self._rows, kept={})
        found: Goods = self.kept[key]
        return found

    def rows(self, scope: ScopeList, on: date, known: date) -> Rows:
        """For each line the row of the list that covers it on this day, or -1. Kept, since lists change rarely."""
        active = scope.active(on, known)
        key = (scope.name, active.tobytes())
        if key not in self._rows:
            self._rows[key] = scope.match(self.codes, active)
        return self._rows[key]

    def listed(self, law: Law, scope: ScopeList, rows: Rows) -> Floats:
        """The share of each line inside the list: 1, 0, or between where a condition holds for a part."""
        if law.file.opt_out.get(scope.name, "") in self.facts - {""}:
            return np.zeros(len(self))
        share = np.where(rows >= 0, 1.0, 0.0)
        for condition in set(scope.condition) - {""}:
            for assumed in (True, False):
                hit = _has_condition(scope, condition, assumed)[np.maximum(rows, 0)] & (rows >= 0)
                share = np.where(hit, self._truth(law, scope, condition, assumed), share)
        return share

    def _truth(self, law: Law, scope: ScopeList, condition: str, assumed: bool) -> float:
        if condition == WEIGHT_CONDITION:
            return self._heavy_enough()
        asked = law.file.conditions[condition]
        if asked.no_fact and asked.no_fact in self.facts:
            return 0.0
        if asked.yes_fact and self.facts.issuperset(asked.yes_fact.split("+")):
            return 1.0
        if self.is_look_up:
            return float(assumed and asked.look_up == "assumed")
        return self.condition_share.get(share_key(scope.name, condition, assumed=assumed), float(assumed))

    def _heavy_enough(self) -> float:
        """The share of the goods that metal makes 15 % of the weight of; reached where nobody says."""
        if self.metal_weight is not None:
            return float(self.metal_weight >= WEIGHT_THRESHOLD)
        return self.condition_share.get(WEIGHT_CONDITION, 1.0)

    def meets(self, measure: Measure) -> bool:
        """Whether what the measure requires of the goods is stated, or taken as met where nobody states facts."""
        return self.are(measure.requires) or (measure.requires_assumed and not self.is_look_up)

    def are(self, fact: str) -> bool:
        """Whether a fact is stated of the goods; "" asks for none."""
        return not fact or fact in self.facts

    def us_content_of(self, measure: Measure) -> float:
        """The part of the value on which a measure is not charged: as stated, in a portfolio as assumed; capped."""
        if not measure.on_non_us_content:
            return 0.0
        return min(measure.us_content_cap, self.us_content if self.is_look_up else measure.us_content_assumed)

    def mask(self, law: Law, lines: str, on: date, known: date) -> Bools:
        """The lines that a change names: `group:ID`, `list:ID`, or all for an empty text."""
        kind, _separator, name = lines.partition(":")
        if kind == "group":
            return self.groups[name]
        if kind == "list":
            return self.rows(law.lists[name], on, known) >= 0
        return np.ones(len(self), dtype=np.bool_)

    def in_gap(self, gaps: Iterable[Gap]) -> Bools:
        """The lines on which a measure that the pack lacks may fall. gaps: of the partner on the day."""
        found = np.zeros(len(self), dtype=np.bool_)
        for gap in gaps:
            if not self.facts.isdisjoint(gap.settled_by) or (gap.needs_unit_value and self.unit_value is not None):
                continue
            for prefix in gap.prefixes:
                found |= self.codes // 10 ** (10 - len(prefix)) == int(prefix or 0)
        return found

    def with_metal(self, metal: str, share: float) -> Goods:
        """A copy in which unknown shares of this metal are `share`."""
        known = self.metal_share[metal]
        filled = np.where(np.isnan(known), share, known)
        return replace(self, metal_share={**self.metal_share, metal: filled}, _rows=self._rows, kept={})


def share_key(list_name: str, condition: str, *, assumed: bool) -> str:
    """What names the share of goods that meet a condition: the list, where its rows take it as met.

    Rows that take it as not met have a share of their own; the condition on weight has one for all lists.
    """
    if condition == WEIGHT_CONDITION:
        return WEIGHT_CONDITION
    return list_name if assumed else f"{list_name}:{condition}"


def default_share(key: str) -> float:
    """The share that the rows of a list assume."""
    return float(":" not in key)


def _has_condition(scope: ScopeList, condition: str, assumed: bool) -> Bools:
    named = np.array([name == condition for name in scope.condition], dtype=np.bool_)
    result: Bools = named & (scope.assumed == assumed)
    return result


def group_masks(codes: Sequence[str], groups: Mapping[str, Iterable[str]], catch_all: str) -> dict[str, Bools]:
    """For each group the lines in it; the longest prefix over all groups wins, `catch_all` takes the rest."""
    from core.reference.groups import group_of_codes

    ids = list(groups)
    places = group_of_codes(codes, [tuple(groups[name]) for name in ids], ids.index(catch_all))
    return {name: places == place for place, name in enumerate(ids)}
