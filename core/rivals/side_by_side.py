"""The partners that ship the same goods, what each pays on them, and which measure makes the difference.

Two averages, because two questions are asked: what a rival pays on what it ships (its own mix), and what it would pay
on the goods of the case's partner (the same mix). Only the second compares terms and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np

from core.case import Scenario
from core.codes import code_problem
from core.errors import Cancelled, InputError
from core.i18n import _
from core.reference.law import CoverageLevel
from core.reference.partners import Partner
from core.results import Floats
from core.rivals.rate_book import PartnerRates, RateBook
from core.tariff.goods import Bools
from core.tariff.measures import MeasureState

COLUMN_1: Final = "column-1"
LARGEST: Final = 10
Progress = Callable[[float], None]
IsCancelled = Callable[[], bool]
SAME: Final = 5e-6  # of a fraction: less than any screen shows


@dataclass(frozen=True)
class Terms:
    """One partner's terms on the goods compared. Rates are fractions, NaN without a number; value in US$.

    own_mix: mean over its own trade in them. same_mix: mean over the trade of the case's partner. parts, own_parts:
    column 1 and each duty's contribution to same_mix and to own_mix. behind: what sets each of these. unrated,
    same_unrated: part of its own trade in the goods, and of the same goods, for which the pack has no number; why says
    why.
    """

    partner: Partner
    value: float
    own_mix: float
    same_mix: float
    parts: Mapping[str, float]
    behind: Mapping[str, Behind]
    unrated: float
    level: CoverageLevel
    missing: tuple[str, ...]
    own_parts: Mapping[str, float] = field(default_factory=dict)
    same_unrated: float = 0.0
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Behind:
    """What sets one part of a partner's rate: a measure of the law, the scenario over it, or neither."""

    measure: MeasureState | None = None
    by_scenario: bool = False


@dataclass(frozen=True)
class Difference:
    """How much one part of the rate accounts for between two partners, and what is behind it on either side."""

    part: str
    points: float
    ours: Behind
    theirs: Behind


@dataclass(frozen=True)
class SideBySide:
    """home first, then the others in the order asked for. world: imports of the goods from all partners, US$."""

    goods: str
    on: date
    known: date
    scenario: Scenario
    home: Terms
    rivals: tuple[Terms, ...]
    world: float

    @property
    def rows(self) -> tuple[Terms, ...]:
        """All partners, the case's own first."""
        return (self.home, *self.rivals)

    def gap(self, rival: Terms) -> float:
        """Our rate less the rival's on the same goods, a fraction: above 0 we pay more."""
        return self.home.same_mix - rival.same_mix

    def own_gap(self, rival: Terms) -> float:
        """Our rate less the rival's, each over its own trade in the goods: terms and mix of goods together."""
        return self.home.own_mix - rival.own_mix

    def differences(self, rival: Terms) -> tuple[Difference, ...]:
        """What the gap is made of, the largest first; the points add up to it."""
        names = dict.fromkeys((*self.home.parts, *rival.parts))
        points = {name: self.home.parts.get(name, 0.0) - rival.parts.get(name, 0.0) for name in names}
        found = [
            Difference(name, value, self.home.behind.get(name, Behind()), rival.behind.get(name, Behind()))
            for name, value in points.items()
            if abs(value) > SAME
        ]
        return tuple(sorted(found, key=lambda each: -abs(each.points)))


def group_goods(book: RateBook, group: str) -> Bools:
    """The lines of an item group of the case; InputError naming the groups that there are."""
    ids = [each.id for each in book.case.groups]
    if group not in ids:
        raise InputError(
            _("There is no item group '{group}'.").format(group=group),
            remedy=_("Choose one of {groups}.").format(groups=", ".join(ids)),
        )
    return np.asarray(book.groups == ids.index(group))


def code_goods(book: RateBook, prefix: str) -> Bools:
    """The lines under a code of 2 to 10 digits; InputError where there is no trade under it."""
    problem = code_problem(prefix)
    found = np.char.startswith(book.codes, prefix)
    if problem or not found.any():
        raise InputError(
            _("No partner ships anything under {code}.").format(code=prefix),
            why=problem,
            remedy=_("Give a tariff code of 2 to 10 digits with trade in the base year."),
        )
    return np.asarray(found)


def side_by_side(
    book: RateBook,
    goods: Bools,
    label: str,
    scenario: Scenario,
    on: date,
    partners: Sequence[str] | None = None,
    *,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> SideBySide:
    """Compare partners on these lines on a day. partners: whose; without them the largest suppliers.

    Goods that the case's partner does not ship at all are weighed by the imports from all partners. progress: 0 to 1;
    raises Cancelled when asked to stop.
    """
    home = book.home
    weights = home_weights(book, goods)
    found = []
    others = _others(book, goods, partners)
    for place, code in enumerate(others, start=1):
        if cancelled is not None and cancelled():
            raise Cancelled
        found.append(_terms(book, book.rates(code, on, scenario), goods, weights))
        if progress is not None:
            progress(place / len(others))
    return SideBySide(
        goods=label,
        on=on,
        known=book.case.known_to,
        scenario=scenario,
        home=_terms(book, book.rates(home.iso2, on, scenario), goods, weights),
        rivals=tuple(found),
        world=float(book.world_value[goods].sum()),
    )


def home_weights(book: RateBook, goods: Bools) -> Floats:
    """What the same goods are weighed by: the imports from the case's partner, from all where it ships none."""
    weights: Floats = np.where(goods, book.value(book.home), 0.0)
    return weights if weights.any() else np.where(goods, book.world_value, 0.0)


def _others(book: RateBook, goods: Bools, partners: Sequence[str] | None) -> list[str]:
    """Whose terms stand beside those of the case's partner, each once."""
    codes = largest_suppliers(book, goods) if partners is None else partners
    found = dict.fromkeys(book.pack.partners.get(code).iso2 for code in codes)
    return [code for code in found if code != book.home.iso2]


def largest_suppliers(book: RateBook, goods: Bools, count: int = LARGEST) -> list[str]:
    """The partners that ship most of the goods; members of a union count as one."""
    flows = book.pack.trade.flows
    names = np.array([book.pack.partners.get(code).union or code for code in flows.partners])
    unions, place = np.unique(names, return_inverse=True)
    value = np.bincount(place[flows.partner_index], flows.value * goods[book.flow_places], len(unions))
    order = np.argsort(-value, kind="stable")
    return [str(unions[n]) for n in order[:count] if value[n] > 0]


def _terms(book: RateBook, rates: PartnerRates, goods: Bools, weights: Floats) -> Terms:
    own = np.where(goods, book.value(rates.partner), 0.0)
    rated = _rated(rates)
    value = float(own.sum())
    law, partner = book.pack.law, rates.partner
    shared, rated_own = np.where(rated, weights, 0.0), np.where(rated, own, 0.0)
    return Terms(
        partner=partner,
        value=value,
        own_mix=_mean(rates.total, rated_own),
        same_mix=_mean(rates.total, shared),
        parts=_parts(rates, shared),
        behind={duty: Behind(rates.measure(duty, shared), rates.is_changed(duty)) for duty in rates.parts},
        unrated=float(own[~rated].sum()) / value if value else 0.0,
        level=law.coverage_level(partner.iso2, partner.union),
        missing=law.missing(partner.iso2, partner.union, book.case.known_to, rates.day.on),
        own_parts=_parts(rates, rated_own),
        same_unrated=float(weights[~rated].sum() / weights.sum()) if weights.any() else 0.0,
        why=tuple(_why(book, rates, (own > 0) | (weights > 0))),
    )


def _rated(rates: PartnerRates) -> Bools:
    """The lines for which there is a number."""
    return np.asarray(~np.isnan(rates.total) & ~np.isnan(rates.column1))


def _why(book: RateBook, rates: PartnerRates, lines: Bools) -> Iterable[str]:
    """What stands against a number on these lines."""
    for gap in book.law(rates.partner).gaps(rates.day.on):
        if (book.goods.in_gap((gap,)) & lines).any():
            yield str(gap.reason)
    if (np.isnan(rates.column1) & lines).any():
        yield _("No rate can be had for some of the value: a specific duty without enough trade to infer it.")


def _parts(rates: PartnerRates, weights: Floats) -> Mapping[str, float]:
    """Column 1 and every duty that adds anything, as means over the lines with weight."""
    means = {COLUMN_1: _mean(rates.column1, weights)}
    means |= {duty: _mean(part, weights) for duty, part in rates.parts.items()}
    return {name: mean for name, mean in means.items() if abs(mean) > SAME or name == COLUMN_1}


def _mean(rate: Floats, weights: Floats) -> float:
    """Weighted mean over the lines with weight; NaN where there is none."""
    counted = weights > 0
    return float((rate[counted] * weights[counted]).sum() / weights[counted].sum()) if counted.any() else float("nan")
