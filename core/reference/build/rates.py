"""Rates as the schedule writes them: reading a specific or compound rate into amount, unit and percentage."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_CENTS_PER_DOLLAR: Final = Decimal(100)
_PERCENT: Final = Decimal(100)
_WRITTEN: Final = re.compile(
    r"(?P<dollar>\$)?(?P<amount>[0-9]+(?:\.[0-9]+)?)(?P<cent>¢)?(?P<unit>(?:\s*/\s*[^+%]*| each))"
    r"(?:\s*\+\s*(?P<percent>[0-9]+(?:\.[0-9]+)?)%)?"
)
# A second part that is charged on a component (a watch's case, a total per jewel ...) is more than one unit.
_NOT_SINGLE: Final = re.compile(r"less|each degree|not less|jewel|article")


@dataclass(frozen=True)
class SpecificRate:
    """US$ per unit, with the percentage of a compound rate as a fraction (0 for a purely specific one)."""

    amount: Decimal
    unit: str
    ad_valorem: Decimal


def parse_specific(text: str) -> SpecificRate | None:
    """'33.9¢/kg + 5.1%' -> 0.339 US$ per kg plus 0.051; None for anything with more parts than that."""
    match = _WRITTEN.fullmatch(text.strip())
    if match is None or _NOT_SINGLE.search(text) or bool(match["dollar"]) == bool(match["cent"]):
        return None
    amount = Decimal(match["amount"]) / (_CENTS_PER_DOLLAR if match["cent"] else 1)
    unit = re.sub(r"\s", "", match["unit"]).removeprefix("/")
    return SpecificRate(amount, unit, Decimal(match["percent"] or 0) / _PERCENT)
