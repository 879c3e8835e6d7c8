"""What every partner pays on every line: one set of goods for all, so that a list of goods is looked up once.

Partners on whom the law says the same share one calculation of the duties; column 1 and the use of preferences are
each partner's own. Rates of a partner cover lines that it does not ship as well, so that two partners can be compared
on the same goods.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np
from msgspec.structs import replace as replace_document

from core.case import AnyChange, Assumptions, Case, Scenario
from core.own_trade import with_own_figures
from core.portfolio import goods_of, group_places
from core.reference.pack import Pack
from core.reference.partners import Partner
from core.reference.tables import TextArray
from core.reference.trade import Imports
from core.results import Floats, Ints
from core.scenario import LawAsKnown, Plan, holds, law_as_known
from core.tariff.duty import LIMIT_PREFIX, DayCharges, charges, totals
from core.tariff.goods import Goods
from core.tariff.measures import MeasureState, reaches
from core.utilisation import Column1Day, Column1Source

# The duties of a day take 10 MB or so: as many are kept as all partners need on one day.
_MOST_KEPT: Final = 40


@dataclass(frozen=True, eq=False)
class PartnerRates:
    """One partner's rates on all lines of a book on one day. Arrays over its codes; fractions of customs value.

    total: NaN where the pack has no number. column1 and the contributions in `parts` (by duty) add up to it.
    used: the part of each line's value that claims a preference.
    """

    partner: Partner
    total: Floats
    column1: Floats
    parts: dict[str, Floats]
    used: Floats
    day: DayCharges
    changes: tuple[AnyChange, ...] = ()

    def is_changed(self, duty: str) -> bool:
        """Whether the scenario sets this part of the rate on the day."""
        return duty.startswith(LIMIT_PREFIX) or any(
            change.duty == duty and holds(change, self.day.on) for change in self.changes
        )

    def measure(self, duty: str, weights: Floats) -> MeasureState | None:
        """The measure of a duty that takes most of goods with these weights; None where none takes any."""
        parts = ((self.day.where_claimed, weights * self.used), (self.day, weights * (1 - self.used)))
        found = [taken for day, part in parts for taken in _taken(day, duty, part)]
        return max(found, key=lambda pair: pair[1], default=(None, 0.0))[0]


def _taken(day: DayCharges, duty: str, weights: Floats) -> list[tuple[MeasureState, float]]:
    """The measures of a duty with the value that each takes of goods with these weights."""
    charge = day.charge(duty)
    if charge is None or not charge.reached.states:
        return []
    which, states = charge.reached.which, charge.reached.states
    taken = np.bincount(which + 1, np.where(which >= 0, weights * charge.share, 0.0), len(states) + 1)[1:]
    return [(state, float(value)) for state, value in zip(states, taken, strict=True) if value > 0]


@dataclass(eq=False)
class RateBook:
    """Rates of all partners under the settings of one case: known day, groups, assumptions."""

    case: Case
    pack: Pack
    _kept: dict[Hashable, DayCharges] = field(default_factory=dict, repr=False)
    _laws: dict[str, LawAsKnown] = field(default_factory=dict, repr=False)
    _columns: dict[str, Column1Source] = field(default_factory=dict, repr=False)
    _own_columns: dict[str, Column1Source] = field(default_factory=dict, repr=False)

    @cached_property
    def codes(self) -> TextArray:
        """Every statistical line of chapters 1-97 that any partner ships or the case has a figure for, sorted."""
        return np.union1d(self.pack.trade.flows.hts10, self.imports(self.home).hts10)

    @cached_property
    def home(self) -> Partner:
        """The case's own partner; InputError for an unknown one."""
        return self.pack.partners.get(self.case.partner)

    @cached_property
    def goods(self) -> Goods:
        """All lines, without any preference."""
        return goods_of(self.pack, self.codes, self.case, self.groups)[0]

    @cached_property
    def groups(self) -> Ints:
        """For each line the position of its item group in the case."""
        return group_places(self.case.groups, self.codes)

    @cached_property
    def flow_places(self) -> Ints:
        """For each flow of the pack the place of its line in the book."""
        places: Ints = np.searchsorted(self.codes, self.pack.trade.flows.hts10)
        return places

    @cached_property
    def world_value(self) -> Floats:
        """The imports of each line from all partners, US$."""
        every = np.bincount(self.flow_places, self.pack.trade.flows.value, len(self.codes)).astype(np.float64)
        if not self.case.trade:
            return every
        of_pack = self.pack.trade.imports(self.home.iso2)
        return every + self.value(self.home) - _spread(self.codes, of_pack.hts10, of_pack.value, 0.0)

    def imports(self, partner: Partner) -> Imports:
        """A partner's imports of the base year, with the delegation's own figures where the case has any."""
        found = self.pack.trade.imports(partner.iso2)
        return with_own_figures(found, self.case.trade)[0] if partner is self.home else found

    def law(self, partner: Partner) -> LawAsKnown:
        """The law on a partner's goods, as known on the case's known day."""
        if partner.iso2 not in self._laws:
            readings = self.case.assumptions.readings
            known = law_as_known(self.pack.law, partner.iso2, self.case.known_to, partner.union, readings)
            self._laws[partner.iso2] = known
        return self._laws[partner.iso2]

    def value(self, partner: Partner) -> Floats:
        """The partner's imports of the base year on each line, US$; 0 on lines that it does not ship."""
        imports = self.imports(partner)
        return _spread(self.codes, imports.hts10, imports.value, 0.0)

    def rates(self, code: str, on: date, scenario: Scenario | None = None) -> PartnerRates:
        """A partner's rates on a day, under the law or a scenario; InputError for an unknown partner."""
        partner = self.pack.partners.get(code)
        changes = changes_for(self.case, scenario, partner, self.pack) if scenario is not None else ()
        column1 = self.column1(partner, on)
        day = self.day(partner, changes, on)
        goods = replace(self.goods, preferential_rate=column1.line1.preferential)
        found = totals(day, goods, column1.use.share, self.case.assumptions.column_1_for_totals)
        unknown = self.goods.in_gap(self.law(partner).gaps(on))
        rate = column1.use.share * column1.line1.preferential + (1 - column1.use.share) * self.goods.mfn_rate
        return PartnerRates(
            partner=partner,
            total=np.where(unknown, np.nan, found.total),
            column1=rate,
            parts=found.parts,
            used=column1.use.share,
            day=day,
            changes=changes,
        )

    def day(self, partner: Partner, changes: tuple[AnyChange, ...], on: date) -> DayCharges:
        """The duties of a day; one answer for all partners on whom law and scenario say the same."""
        law = self.law(partner)
        key = (on, changes, *same_law(law, self.goods, on))
        if changes or key not in self._kept:  # a postponement looks at other days too: never shared
            found = charges(Plan(law, changes), self.goods, on)
            if changes:
                return found
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = found
        return self._kept[key]

    def column1(self, partner: Partner, on: date) -> Column1Day:
        """Column 1 of all lines, and the use of the partner's preferences."""
        if partner.iso2 not in self._columns:
            imports = _over(self.codes, self.imports(partner))
            law = self.law(partner)
            source = Column1Source(self.pack, partner, imports, self.goods, law, self._assumptions(partner))
            self._columns[partner.iso2] = source
        return self._columns[partner.iso2].on(on)

    def own_column1(self, partner: Partner, on: date) -> Column1Day:
        """Column 1 of the lines that a partner ships, in the order of its flows."""
        if partner.iso2 not in self._own_columns:
            imports, law = self.imports(partner), self.law(partner)
            lines = np.searchsorted(self.codes, imports.hts10)
            mfn = self.goods.mfn_rate[lines]
            goods = replace(
                self.goods,
                codes=self.goods.codes[lines],
                mfn_rate=mfn,
                preferential_rate=mfn,
                metal_share={metal: share[lines] for metal, share in self.goods.metal_share.items()},
                groups={name: mask[lines] for name, mask in self.goods.groups.items()},
                _rows={},
                kept={},
            )
            source = Column1Source(self.pack, partner, imports, goods, law, self._assumptions(partner))
            self._own_columns[partner.iso2] = source
        return self._own_columns[partner.iso2].on(on)

    def flow_rows(self, partner: Partner) -> Ints:
        """The places of a partner's flows in the pack's."""
        return self._flow_rows[partner.iso2]

    @cached_property
    def _flow_rows(self) -> dict[str, Ints]:
        flows = self.pack.trade.flows
        ends = np.searchsorted(flows.partner_index, np.arange(len(flows.partners) + 1))
        return {code: np.arange(ends[n], ends[n + 1]) for n, code in enumerate(flows.partners)}

    def _assumptions(self, partner: Partner) -> Assumptions:
        """Shares of use that the case states are about its own partner's goods."""
        own = self.case.assumptions
        if partner.iso2 == self.case.partner:
            return own
        return replace_document(own, utilisation={}, default_utilisation=None)


def changes_for(case: Case, scenario: Scenario, partner: Partner, pack: Pack) -> tuple[AnyChange, ...]:
    """What a scenario changes for a partner's goods: its own list for the case's partner, else the terms of rivals."""
    if partner.iso2 == case.partner:
        return scenario.changes
    return tuple(
        terms.change for terms in scenario.rivals if reaches(pack.law, terms.partners, partner.iso2, partner.union)
    )


def same_law(law: LawAsKnown, goods: Goods, on: date) -> Iterator[Hashable]:
    """What tells the law on one partner's goods from that on another's on a day, duty by duty."""
    variants = (goods.claiming(True), goods.claiming(False)) if law.asks_for_claim else (goods,)
    yield len(variants)
    for variant in variants:
        for duty in law.law.file.duties:
            for name, state in law.answering(duty.id, on, variant.meets):
                freed = tuple((each.list, each.heading) for each in law.exemptions(state.measure))
                yield duty.id, name, state.measure.id, state.rate, state.kind, freed


def _over(codes: TextArray, imports: Imports) -> Imports:
    """A partner's imports on all lines of a book: no value, and no duty known, where it ships nothing."""
    return replace(
        imports,
        hts10=codes,
        value=_spread(codes, imports.hts10, imports.value, 0.0),
        duty=_spread(codes, imports.hts10, imports.duty, np.nan),
    )


def _spread(codes: TextArray, own: TextArray, values: Floats, nothing: float) -> Floats:
    spread = np.full(len(codes), nothing)
    spread[np.searchsorted(codes, own)] = values
    return spread
