"""What core.rivals.side_by_side says of one set of goods, for every item group of a case at once: for a table of all.

A partner's rates are worked out once for each set of changes to its terms, and added up by group.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from core.case import Scenario
from core.i18n import _
from core.reference.partners import Partner
from core.results import Floats
from core.rivals.rate_book import PartnerRates, RateBook, changes_for
from core.rivals.side_by_side import COLUMN_1, Behind, Difference
from core.tariff.goods import Bools

_ALL: Final = "*"
_SAME: Final = 5e-6  # as where one set of goods is compared


@dataclass(frozen=True)
class GroupTerms:
    """A partner's terms on one group, on the goods of the case's partner for which both have a number.

    value: its own trade, US$. total, ours: its rate and ours on the same goods; fractions, NaN without a number.
    column1: its own and ours. unrated: part of the same goods without a number, why says what stands against one.
    largest: the part of the rate that differs most, None where none does.
    """

    partner: Partner
    value: float
    total: float
    ours: float
    column1: tuple[float, float]
    unrated: float
    why: tuple[str, ...]
    largest: Difference | None

    @property
    def gap(self) -> float:
        """How much more ours is, a fraction; NaN where there is no number."""
        return self.ours - self.total


@dataclass(frozen=True, eq=False)
class _Compared:
    """Two partners on the goods for which both have a number. Arrays by group, but for the weights of the lines."""

    theirs: PartnerRates
    ours: PartnerRates
    weights: Floats
    value: Floats
    totals: tuple[Floats, Floats]
    parts: tuple[dict[str, Floats], dict[str, Floats]]
    unrated: Floats

    def apart(self, place: int) -> dict[str, float]:
        """How far ours lies above theirs in a group, part by part."""
        theirs, ours = ({name: float(mean[place]) for name, mean in parts.items()} for parts in self.parts)
        return {name: ours.get(name, 0.0) - theirs.get(name, 0.0) for name in {**ours, **theirs}}


@dataclass(eq=False)
class GroupBook:
    """The item groups of a book's case on a day."""

    book: RateBook
    on: date
    _rates: dict[Hashable, PartnerRates] = field(default_factory=dict, repr=False)
    _compared: dict[Hashable, _Compared] = field(default_factory=dict, repr=False)
    _terms: dict[Hashable, GroupTerms] = field(default_factory=dict, repr=False)

    def terms(self, code: str, scenario: Scenario, place: int) -> GroupTerms:
        """A partner's terms on the group at this place; those of the case's partner compare it with itself."""
        home = self.book.home
        key = self._key(self.book.pack.partners.get(code), scenario), self._key(home, scenario)
        if key not in self._compared:
            self._compared[key] = self._compare(self._rates_of(code, scenario), self._rates_of(home.iso2, scenario))
        if (place, key) not in self._terms:
            self._terms[place, key] = self._of_group(self._compared[key], place)
        return self._terms[place, key]

    def suppliers(self, count: int, named: Iterable[str] = ()) -> list[list[str]]:
        """By group the largest suppliers but the case's own partner, and those named; the largest first.

        Members of a union count as one; the union of the case's partner is left out with it.
        """
        home, partners = self.book.home, self.book.pack.partners
        own = {home.iso2, home.union}
        also = [code for code in named if code in partners and code not in own]
        shipped = {code: value for code, value in self._by_union.items() if code not in own}
        values = shipped | {code: self._sums(self.book.value(partners.get(code))) for code in also}
        found = []
        for place in range(len(self.book.case.groups)):
            ranked = sorted(values, key=lambda code, at=place: -values[code][at])  # type: ignore[misc]
            largest = [code for code in ranked if code in shipped and values[code][place] > 0][:count]
            found.append([code for code in ranked if code in largest or code in also])
        return found

    @cached_property
    def world(self) -> Floats:
        """The imports of each group from all partners, US$."""
        return self._sums(self.book.world_value)

    @cached_property
    def ships_none(self) -> Bools:
        """The groups of which the case's partner ships nothing: the imports from all partners weigh their goods."""
        result: Bools = self._sums(self.book.value(self.book.home)) == 0
        return result

    def _key(self, partner: Partner, scenario: Scenario) -> Hashable:
        return partner.iso2, changes_for(self.book.case, scenario, partner, self.book.pack)

    def _rates_of(self, code: str, scenario: Scenario) -> PartnerRates:
        key = self._key(self.book.pack.partners.get(code), scenario)
        if key not in self._rates:
            self._rates[key] = self.book.rates(code, self.on, scenario)
        return self._rates[key]

    def _compare(self, theirs: PartnerRates, ours: PartnerRates) -> _Compared:
        known = _rated(theirs) & _rated(ours)
        weights = np.where(known, self._weights, 0.0)
        missing = self._sums(np.where(known, 0.0, self._weights))
        return _Compared(
            theirs=theirs,
            ours=ours,
            weights=weights,
            value=self._sums(self.book.value(theirs.partner)),
            totals=(self._means(theirs.total, weights), self._means(ours.total, weights)),
            parts=(self._parts(theirs, weights), self._parts(ours, weights)),
            unrated=np.divide(missing, whole := self._sums(self._weights), out=np.zeros_like(missing), where=whole > 0),
        )

    def _parts(self, rates: PartnerRates, weights: Floats) -> dict[str, Floats]:
        """Column 1 and every duty that adds anything, as means by group."""
        added = {name: part for name, part in rates.parts.items() if part.any()}
        return {name: self._means(part, weights) for name, part in {COLUMN_1: rates.column1, **added}.items()}

    def _of_group(self, found: _Compared, place: int) -> GroupTerms:
        (total, ours), (parts, our_parts) = found.totals, found.parts
        is_whole = not found.unrated[place] and not np.isnan(total[place])
        return GroupTerms(
            partner=found.theirs.partner,
            value=float(found.value[place]),
            total=float(total[place]),
            ours=float(ours[place]),
            column1=(float(parts[COLUMN_1][place]), float(our_parts[COLUMN_1][place])),
            unrated=float(found.unrated[place]),
            why=() if is_whole else tuple(self._why(found, place)),
            largest=self._largest(found, place),
        )

    def _largest(self, found: _Compared, place: int) -> Difference | None:
        points = found.apart(place)
        name = max(points, key=lambda each: abs(points[each]))
        if not abs(points[name]) > _SAME:
            return None
        here = np.where(self.book.groups == place, found.weights, 0.0)
        return Difference(name, points[name], _behind(found.ours, name, here), _behind(found.theirs, name, here))

    def _why(self, found: _Compared, place: int) -> Iterable[str]:
        """What stands against a number on the goods of a group, on either side."""
        lines = (self.book.groups == place) & (self._weights > 0)
        if not lines.any():
            yield _("no imports of these goods")
        sides = found.theirs, found.ours
        laws = [gap for rates in sides for gap in self.book.law(rates.partner).gaps(self.on)]
        yield from dict.fromkeys(str(gap.reason) for gap in laws if (self.book.goods.in_gap((gap,)) & lines).any())
        if any((np.isnan(rates.column1) & lines).any() for rates in sides):
            yield _("column 1 is a specific rate without an equivalent")
        known = [~np.isnan(rates.column1) & ~self.book.goods.in_gap(laws) & lines for rates in sides]
        if any(np.isnan(rates.total[mask]).any() for rates, mask in zip(sides, known, strict=True)):
            yield _("a duty by the unit takes a unit value")

    def _sums(self, values: Floats) -> Floats:
        """Added up over the lines of each group."""
        result: Floats = np.bincount(self.book.groups, values, len(self.book.case.groups)).astype(np.float64)
        return result

    def _means(self, rate: Floats, weights: Floats) -> Floats:
        """Weighted means over the lines of each group; NaN where nothing has weight."""
        whole = self._sums(weights)
        taken = self._sums(np.where(weights > 0, rate, 0.0) * weights)
        result: Floats = np.divide(taken, whole, out=np.full(len(whole), np.nan), where=whole > 0)
        return result

    @cached_property
    def _weights(self) -> Floats:
        none = self.ships_none[self.book.groups]
        result: Floats = np.where(none, self.book.world_value, self.book.value(self.book.home))
        return result

    @cached_property
    def _by_union(self) -> dict[str, Floats]:
        """By customs union, or partner outside one, the imports of each group, US$."""
        flows, count = self.book.pack.trade.flows, len(self.book.case.groups)
        unions = [self.book.pack.partners.get(code).union or code for code in flows.partners]
        place = {code: number for number, code in enumerate(dict.fromkeys(unions))}
        union = np.array([place[code] for code in unions])[flows.partner_index]
        cell = union * count + self.book.groups[self.book.flow_places]
        sums = np.bincount(cell, flows.value, len(place) * count).reshape(len(place), count)
        return dict(zip(place, sums, strict=True))


def named_partners(scenarios: Iterable[Scenario]) -> list[str]:
    """The partners that terms of others name, those left out of them as well."""
    named = (code.removeprefix("-") for each in scenarios for terms in each.rivals for code in terms.partners)
    return list(dict.fromkeys(code for code in named if code != _ALL))


def _rated(rates: PartnerRates) -> Bools:
    return np.asarray(~np.isnan(rates.total) & ~np.isnan(rates.column1))


def _behind(rates: PartnerRates, part: str, weights: Floats) -> Behind:
    return Behind() if part == COLUMN_1 else Behind(rates.measure(part, weights), rates.is_changed(part))
