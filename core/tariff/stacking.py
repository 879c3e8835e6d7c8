"""Who takes what of an article: the stacking order as small functions over the share that is still free.

Duties are asked in the order of the pack. Each function says how a kind of duty claims its share; what it takes is
out of reach for the duties after it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.reference.law import Duty, Takes
from core.tariff.goods import Floats


@dataclass(frozen=True, eq=False)
class Free:
    """What is left of each line's value: `whole` before the metals, `rest` after them. Fractions, arrays of n."""

    whole: Floats
    rest: Floats

    @classmethod
    def all_of(cls, size: int) -> Free:
        """Nothing claimed yet."""
        return cls(np.ones(size), np.ones(size))


def take_whole(free: Free, claim: Floats) -> tuple[Floats, Free]:
    """Vehicles, parts, wood and the like: the article leaves every duty below (EO 14289 sec. 3; Proc. 10908, 10976)."""
    share = np.minimum(claim, 1.0) * free.rest
    return share, Free(free.whole - share, free.rest - share)


def take_content(free: Free, claim: Floats) -> tuple[Floats, Free]:
    """A metal takes its share of the value; steel, aluminium and copper may each take theirs (EO 14289 sec. 3)."""
    share = np.minimum(np.maximum(claim, 0.0) * free.whole, free.rest)
    return share, Free(free.whole, free.rest - share)


def take_rest(free: Free, claim: Floats) -> tuple[Floats, Free]:
    """The general duty of the day falls on what no Section 232 duty took (EO 14257 sec. 3(b), Proc. 10947)."""
    return claim * free.rest, free


_TAKE = {Takes.WHOLE: take_whole, Takes.CONTENT: take_content, Takes.REST: take_rest}


def take(duty: Duty, free: Free, claim: Floats, *, on_top: bool = False) -> tuple[Floats, Free]:
    """The share of value that a duty charges, and what is left for the next."""
    if on_top:
        return claim, free
    return _TAKE[duty.takes](free, claim)
