"""Which preferences the goods of a partner claim among those compared, and on how much of the value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.reference.partners import Partner
from core.results import Floats
from core.rivals.rate_book import RateBook
from core.text import LocalText


@dataclass(frozen=True)
class Claimed:
    """share: of the value, a fraction; NaN where the goods weigh nothing. programmes: whose rates are claimed."""

    share: float
    programmes: tuple[LocalText, ...]


def claimed(book: RateBook, partner: Partner, weights: Floats, on: date) -> Claimed:
    """What is claimed on the goods with these weights, US$ by line of the book."""
    day = book.column1(partner, on)
    used = weights * day.use.share
    whole = float(weights.sum())
    places = np.unique(day.claims.programme_of[(used > 0) & (day.claims.programme_of >= 0)])
    names = tuple(day.claims.programmes[int(place)].name for place in places)
    return Claimed(float(used.sum()) / whole if whole else float("nan"), names)
