"""Column 1 of a partner's goods: the rate of each line under the programmes that it may claim, and what duty shows.

Pure arithmetic over the schedule and the duty collected; the law on additional duties comes in core.utilisation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import numpy as np

from core.reference.partners import Partner
from core.reference.programmes import Programme, Programmes, is_among
from core.reference.schedule import RateKind, Schedule
from core.reference.tables import BoolArray, FloatArray, IntArray, TextArray
from core.reference.trade import Imports

# Trade on which a share of use may rest, US$: below this a few shipments decide.
LEAST_VALUE_USD: Final = 1_000_000


@dataclass(frozen=True, eq=False)
class Line1:
    """Column 1 of statistical lines for goods that may claim some programmes. Rates are fractions.

    preferential: the lowest rate of the programmes, MFN where there is none. listed: lines with a rate of a programme
    that is known. programme: position in `programmes` of the one that answers, -1 for none; symbol: the one of the
    schedule. equivalent: the rates are ad valorem equivalents. elsewhere: the line has a preferential rate, but only in
    a heading of another chapter. collected: of those, lines on which duty collected stands in for it.
    """

    programmes: tuple[Programme, ...]
    mfn: FloatArray
    preferential: FloatArray
    listed: BoolArray
    programme: IntArray
    symbol: TextArray
    equivalent: BoolArray
    elsewhere: BoolArray
    collected: BoolArray

    @cached_property
    def ad_valorem_margin(self) -> BoolArray:
        """Lines with a percentage that is lower under the programme: there duty collected shows the use."""
        return self.listed & ~self.equivalent & (self.mfn > self.preferential)


def line1_of(schedule: Schedule, codes: TextArray, programmes: Iterable[Programme]) -> Line1:
    """Column 1 of these ten-digit codes; NaN where a line has no rate."""
    claimed = tuple(programmes)
    symbols = [symbol for one in claimed for symbol in one.symbols]
    preference, place = schedule.preferential(*symbols), schedule.position(codes)
    found = place >= 0
    mfn = np.where(found, schedule.applied_mfn[place], np.nan)
    rate = np.where(found, preference.rate[place], np.nan)
    listed = found & preference.listed[place] & ~np.isnan(rate)
    symbol = np.where(found, preference.symbol[place], "")
    return Line1(
        programmes=claimed,
        mfn=mfn,
        preferential=np.where(listed, rate, mfn),
        listed=listed,
        programme=_owners(symbol, claimed),
        symbol=symbol,
        equivalent=found & (schedule.is_specific[place] | (listed & preference.estimated[place])),
        elsewhere=found & (preference.kind[place] == RateKind.ELSEWHERE.value),
        collected=np.zeros(len(codes), dtype=np.bool_),
    )


def _owners(symbol: TextArray, programmes: tuple[Programme, ...]) -> IntArray:
    found = np.full(len(symbol), -1, dtype=np.intp)
    for place, one in enumerate(programmes):
        found[np.isin(symbol, one.symbols)] = place
    return found


def with_collected(line1: Line1, imports: Imports, clean: BoolArray) -> Line1:
    """The same with duty collected over value where the preferential rate stands in another heading.

    Such headings are quotas: some goods pay nothing, some the full rate. What the partner's goods paid in the base year
    stands for both; never above MFN. clean: lines of which the duty collected is column 1 only.
    """
    known = line1.elsewhere & clean & imports.duty_known & (imports.value > 0)
    if not known.any():
        return line1
    paid = np.divide(imports.duty, imports.value, out=np.zeros(len(imports)), where=known)
    return replace(
        line1,
        preferential=np.where(known, np.fmin(paid, line1.mfn), line1.preferential),
        equivalent=line1.equivalent | known,
        collected=known,
    )


def duty_is_clean(document: Programmes, schedule: Schedule, partner: Partner, codes: TextArray) -> BoolArray:
    """Lines of which the duty collected in the base year holds nothing that the pack does not know."""
    clean = np.ones(len(codes), dtype=np.bool_)
    for duty in document.base_year_duties:
        if is_among(duty.partners, partner):
            clean &= ~_concerned(schedule, codes, duty.prefixes, duty.symbols)
    return clean


def _concerned(schedule: Schedule, codes: TextArray, prefixes: tuple[str, ...], symbols: tuple[str, ...]) -> BoolArray:
    """Lines under these prefixes and with these symbols; either is left open where there is none."""
    found = np.ones(len(codes), dtype=np.bool_)
    if prefixes:
        found &= np.any([np.char.startswith(codes, prefix) for prefix in prefixes], axis=0)
    if symbols:
        place = schedule.position(codes)
        found &= (place >= 0) & schedule.preferential(*symbols).listed[place]
    return found


def implied_share(without: FloatArray, with_it: FloatArray, imports: Imports, lines: BoolArray) -> FloatArray:
    """The share of each line's value that claims the preference, from the rates without and with it; 0 elsewhere.

    (without - duty / value) / (without - with it), clipped to 0..1.
    """
    paid = np.divide(imports.duty, imports.value, out=np.zeros(len(imports)), where=lines)
    share = np.divide(without - paid, without - with_it, out=np.zeros(len(imports)), where=lines)
    return np.clip(share, 0.0, 1.0)


@dataclass(frozen=True)
class Implied:
    """A programme's share of use over several lines, and the trade on them in US$."""

    share: float
    value: float


def implied_use(
    document: Programmes, schedule: Schedule, partner: Partner, imports: Imports, on: date
) -> dict[str, Implied]:
    """By programme, what the duty collected says on all lines together; only programmes with such lines.

    Duties that the law of the pack adds are not taken out here, so partners with such a duty must be left out by
    `base_year_duties` of the document.
    """
    open_to_it = (*document.by_origin(partner, on, date.max), *document.by_fact(partner, on, date.max))
    line1 = line1_of(schedule, imports.hts10, open_to_it)
    lines = line1.ad_valorem_margin & imports.duty_known & (imports.value > 0)
    lines &= duty_is_clean(document, schedule, partner, imports.hts10)
    share = implied_share(line1.mfn, line1.preferential, imports, lines)
    return means_by_programme(line1, share, imports.value, lines)


def means_by_programme(line1: Line1, share: FloatArray, value: FloatArray, lines: BoolArray) -> dict[str, Implied]:
    """Value-weighted means of the shares on these lines, by the programme that answers."""
    found = {}
    for place, one in enumerate(line1.programmes):
        own = lines & (line1.programme == place)
        if own.any():
            weight = float(value[own].sum())
            found[one.id] = Implied(float((share[own] * value[own]).sum() / weight), weight)
    return found
