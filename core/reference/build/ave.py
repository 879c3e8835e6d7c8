"""Ad valorem equivalents of specific and compound rates, inferred from the duty that was collected.

No source has quantities, so a rate per kilogram cannot be divided by a unit value. But 2024 duty and value
are known by line for the large partners; over partners that pay the full column 1 rate

    ave(line) = sum of duty collected / sum of customs value.

Where a line has too little trade for that, its unit value is taken from the other lines of its subheading
that are charged in the same unit:

    q(l) = (duty(l) - percentage(l) * value(l)) / amount(l)       units implied on a line with trade
    unit value = sum of value / sum of q                          over those lines
    ave = amount / unit value + percentage.

Rates that cannot be read that way (set by a note, several parts) take the average duty of such lines in the
subheading, else stay unknown: never zero.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.reference.build.rates import SpecificRate, parse_specific
from core.reference.schedule import AveBasis

# Partners without a US trade agreement or preference programme in 2024, by Census code. Left out with reason:
# China and Russia (their calculated duty contains section 301 and column 2 rates), Japan (the agreement of
# 2019 cuts farm lines), every FTA partner, and the former GSP members, whose entries still flagged for the
# lapsed programme show too little duty. On ad valorem lines the duty collected on the chosen partners is
# 0.92 (Switzerland) to 1.00 (Viet Nam) of value x MFN rate, which is the check that they pay column 1.
FULL_RATE_PARTNERS: Final[Mapping[str, str]] = {
    "0003": "EU",
    "4039": "NO",
    "4120": "GB",
    "4419": "CH",
    "4890": "TR",
    "5170": "SA",
    "5330": "IN",
    "5380": "BD",
    "5520": "VN",
    "5570": "MY",
    "5820": "HK",
    "5830": "TW",
    "6141": "NZ",
}
# Section 232 duties of 2024 are part of the calculated duty of these chapters (iron and steel, aluminium).
CONTAMINATED_CHAPTERS: Final = frozenset({"72", "73", "76"})
# Below this the duty of one odd shipment decides, US$.
LEAST_VALUE_USD: Final = 100_000
# The highest ad valorem rate of column 1 is 350 % (leaf tobacco): what is above it comes from thin data.
HIGHEST_AVE: Final = 3.5
AVE_DECIMALS: Final = 6
_SUBHEADING_DIGITS: Final = 6


@dataclass(frozen=True)
class Collected:
    """What full-rate partners brought in and paid on one line, US$."""

    value: int = 0
    duty: int = 0

    def __add__(self, other: Collected) -> Collected:
        return Collected(self.value + other.value, self.duty + other.duty)

    @property
    def enough(self) -> bool:
        return self.value >= LEAST_VALUE_USD and self.duty > 0


@dataclass(frozen=True)
class Equivalent:
    """An inferred rate as a fraction, None when it cannot be inferred; what it rests on.

    value_usd: the trade behind it. clipped: thin data put it outside what the rate can be.
    """

    rate: float | None
    basis: AveBasis
    value_usd: int = 0
    clipped: bool = False


def collected_by_line(rows: list[tuple[str, ...]]) -> dict[str, Collected]:
    """Sum (partner, hts10, value, duty) over the full-rate partners by eight-digit line."""
    found: dict[str, Collected] = defaultdict(Collected)
    for partner, hts10, value, duty in rows:
        if partner in FULL_RATE_PARTNERS and hts10[:2] not in CONTAMINATED_CHAPTERS:
            found[hts10[:8]] += Collected(int(value), int(duty))
    return found


def equivalents(texts: Mapping[str, str], collected: Mapping[str, Collected]) -> dict[str, Equivalent]:
    """Ad valorem equivalents of these lines: eight-digit code -> rate as written."""
    parsed = {code: parse_specific(text) for code, text in texts.items()}
    siblings: dict[str, list[str]] = defaultdict(list)
    for code in sorted(texts):
        siblings[code[:_SUBHEADING_DIGITS]].append(code)
    return {code: _equivalent(code, parsed, siblings[code[:_SUBHEADING_DIGITS]], collected) for code in texts}


def _equivalent(
    code: str,
    parsed: Mapping[str, SpecificRate | None],
    siblings: list[str],
    collected: Mapping[str, Collected],
) -> Equivalent:
    if code[:2] in CONTAMINATED_CHAPTERS:
        return Equivalent(None, AveBasis.SECTION_232)
    own, rate = collected.get(code, Collected()), parsed[code]
    if own.enough:
        return _clipped(own.duty / own.value, rate, AveBasis.LINE, own)
    traded = [other for other in siblings if collected.get(other, Collected()).enough]
    if rate is not None and (by_unit := _from_unit_value(rate, traded, parsed, collected)):
        return by_unit
    if rate is None and traded:
        total = sum((collected[other] for other in traded), Collected())
        return _clipped(total.duty / total.value, rate, AveBasis.SUBHEADING_AVERAGE, total)
    return Equivalent(None, AveBasis.THIN_TRADE)


def _from_unit_value(
    rate: SpecificRate,
    traded: list[str],
    parsed: Mapping[str, SpecificRate | None],
    collected: Mapping[str, Collected],
) -> Equivalent | None:
    """The rate over the unit value of the subheading's lines that are charged in the same unit."""
    total, quantity = Collected(), 0.0
    for other in traded:
        known, paid = parsed[other], collected[other]
        if known is None or known.unit != rate.unit or not known.amount:
            continue
        units = (paid.duty - float(known.ad_valorem) * paid.value) / float(known.amount)
        if units > 0:
            total, quantity = total + paid, quantity + units
    if not quantity:
        return None
    share = float(rate.amount) * quantity / total.value + float(rate.ad_valorem)
    return _clipped(share, rate, AveBasis.SUBHEADING_UNIT_VALUE, total)


def _clipped(share: float, rate: SpecificRate | None, basis: AveBasis, paid: Collected) -> Equivalent:
    """Not below the percentage of a compound rate, not above the highest rate of the schedule."""
    least = float(rate.ad_valorem) if rate else 0.0
    bounded = min(max(share, least), HIGHEST_AVE)
    return Equivalent(round(bounded, AVE_DECIMALS), basis, paid.value, clipped=bounded != share)
