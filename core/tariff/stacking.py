"""Who takes what of an article: the stacking rules, one small function each, over the share that is still free.

Duties are asked in the order of the pack. For each of them the pack holds dated rules (core.reference.law.Precedence)
that name one of these functions and cite the text; what a duty takes is out of reach for the duties after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from core.reference.law import Takes
from core.tariff.goods import Floats


@dataclass(frozen=True, eq=False)
class Free:
    """What is left of each line's value. Fractions, arrays of n.

    whole: before the metals; rest: after them; general: the part of the rest that the general duty may charge.
    """

    whole: Floats
    rest: Floats
    general: Floats

    @classmethod
    def all_of(cls, size: int) -> Free:
        """Nothing claimed yet."""
        return cls(np.ones(size), np.ones(size), np.ones(size))


Taken = tuple[Floats, Free]


def take_whole(free: Free, claim: Floats) -> Taken:
    """The article pays this duty and leaves every duty below it.

    Vehicles and their parts before metals: EO 14289 sec. 3, 29 April 2025, back to 4 March. Copper, wood, heavy
    vehicles and medicines: Proc. 10962, 10976, 10984, 11020. Metals from 6 April 2026: one heading only, on the full
    value (Proc. 11021). Logic chips before all: Proc. 11002.
    """
    share = np.minimum(claim, 1.0) * free.rest
    return share, replace(free, whole=free.whole - share, rest=free.rest - share)


def take_from_general(free: Free, claim: Floats) -> Taken:
    """The article pays this duty besides those for metals, but not the general duty.

    Vehicles and parts before EO 14289 was issued: Proc. 10908 was in addition to other duties, and EO 14257 sec. 3(b)
    took goods of Section 232 out of the reciprocal duty.
    """
    share = np.minimum(claim, 1.0) * free.rest
    return share, replace(free, general=free.general * (1 - share))


def take_content(free: Free, claim: Floats) -> Taken:
    """A metal takes its share of the value; steel, aluminium and copper may each take theirs.

    EO 14289 sec. 3(c) for steel with aluminium; Proc. 10947, 3 June 2025, for the content rule; Proc. 10962 for
    copper. What the metals leave pays the general duty.
    """
    share = np.minimum(np.maximum(claim, 0.0) * free.whole, free.rest)
    return share, replace(free, rest=free.rest - share)


def take_beside(free: Free, claim: Floats) -> Taken:
    """The duty is in addition to all others and keeps none away.

    Drones and polysilicon, which the closed list of note 52(f) does not name: Proc. 11055 cl. (3), proclamation of
    6 August 2026 cl. (5)(a). Also a duty that a scenario puts on top.
    """
    return claim, free


def take_rest(free: Free, claim: Floats) -> Taken:
    """The general duty of the day falls on what no Section 232 duty took.

    Reciprocal duty: EO 14257 sec. 3(b), and Proc. 10947 for the non-metal share; surcharge: Proc. 11012; Section 301:
    note 52(f).
    """
    return claim * free.rest * free.general, free


RULES: Final[Mapping[Takes, Callable[[Free, Floats], Taken]]] = {
    Takes.WHOLE: take_whole,
    Takes.GENERAL: take_from_general,
    Takes.CONTENT: take_content,
    Takes.BESIDE: take_beside,
    Takes.REST: take_rest,
}


def take(takes: Takes, free: Free, claim: Floats) -> Taken:
    """The share of value that a duty charges, and what is left for the next."""
    return RULES[takes](free, claim)
