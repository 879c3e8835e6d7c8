"""Where things go in a chart: round steps of an axis, labels pushed apart, texts of ticks on rows. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_ROUND: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
MAX_ROWS: Final = 3
_GAP: Final = 6.0


def round_step(top: float, most: int = 6) -> float:
    """The smallest round step that divides 0 to top into at most so many parts."""
    if top <= 0:
        return 1.0
    raw = top / most
    power = 10.0 ** math.floor(math.log10(raw))
    return next(factor * power for factor in _ROUND if factor * power >= raw * (1 - 1e-9))


def pushed_apart(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions at least `gap` apart within low..high, as near to the wanted ones as their order allows."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = [wanted[place] for place in order]
    for _round in range(len(placed) * 2):
        for first, second in zip(range(len(placed)), range(1, len(placed)), strict=False):
            overlap = gap - (placed[second] - placed[first])
            if overlap > 0:
                placed[first] -= overlap / 2
                placed[second] += overlap / 2
    placed = _within(placed, gap, low, high)
    result = [0.0] * len(wanted)
    for place, position in zip(order, placed, strict=True):
        result[place] = position
    return result


def _within(placed: list[float], gap: float, low: float, high: float) -> list[float]:
    floor = low
    for place, position in enumerate(placed):
        placed[place] = max(position, floor)
        floor = placed[place] + gap
    ceiling = high
    for place in range(len(placed) - 1, -1, -1):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - gap
    return placed


def beside_lines(first: float, first_width: float, second: float, second_width: float, right: float) -> list[float]:
    """Left ends of the texts of two upright lines: on the side away from the other line, within the right edge,
    and never over each other."""
    reach = 2 * _GAP

    def left_of(line: float, width: float, is_left: bool) -> float:
        return line - width - _GAP if is_left or line + _GAP + width > right else line + _GAP

    one = left_of(first, first_width, 0 <= second - first < first_width + reach)
    other = left_of(second, second_width, 0 < first - second < second_width + reach)
    if one < other + second_width + _GAP and other < one + first_width + _GAP:
        one = other - first_width - reach
    return [one, other]


@dataclass(frozen=True)
class TickText:
    """Where a tick's text stands: row below the axis (None: no room) and its left end."""

    row: int | None
    left: float


@dataclass(frozen=True)
class _Placed:
    stem: float
    row: int
    left: float
    right: float


_MOST_TRIALS: Final = 10_000


@lru_cache(maxsize=16)
def tick_texts(
    stems: tuple[float, ...],
    widths: tuple[float, ...],
    low: float,
    high: float,
    *,
    low_below: float | None = None,
    pad: float = 5.0,
) -> tuple[TickText, ...]:
    """Rows for the texts of ticks: no two texts meet, and no stem crosses a text.

    A stem reaches down to its own row; a tick without room for its text has none. Of all ways the one with the
    most texts is taken, then the one with the fewest rows, texts to the right of their stems where that is free.
    low_below: how far to the left the rows under the first may begin, where the axis has no text.
    """
    lows = [low, *[low if low_below is None else low_below] * (MAX_ROWS - 1)]
    search = _Search([_candidates(*each, lows, high, pad) for each in zip(stems, widths, strict=True)])
    search.run()
    return tuple(TickText(None, 0.0) if p is None else TickText(p.row, p.left) for p in search.best)


def _candidates(stem: float, width: float, lows: Sequence[float], high: float, pad: float) -> list[_Placed]:
    return [
        _Placed(stem, row, left, left + width)
        for row in range(MAX_ROWS)
        for left in (stem + pad, stem - pad - width)
        if lows[row] <= left and left + width <= high
    ]


class _Search:
    """Depth first over the candidates, cut off where it cannot get better, and after so many trials.

    Which candidates are in each other's way is worked out once, as bits of a whole number: a trial is one `and`.
    """

    def __init__(self, candidates: list[list[_Placed]]) -> None:
        self._options: list[list[tuple[_Placed, int, int]]] = []  # with its own bit and those in its way
        earlier: list[tuple[_Placed, int]] = []
        for places in candidates:
            found = [
                (place, 1 << (len(earlier) + number), sum(bit for other, bit in earlier if not _is_clear(place, other)))
                for number, place in enumerate(places)
            ]
            self._options.append(found)
            earlier += [(place, bit) for place, bit, _in_way in found]
        self._trials = 0
        self._best_cost = math.inf
        self.best: tuple[_Placed | None, ...] = (None,) * len(candidates)

    def run(self, cost: float = 0.0, taken: int = 0, placed: tuple[_Placed | None, ...] = ()) -> None:
        """cost: 100 for a text left out, its row number for one placed, a little for one on the left."""
        self._trials += 1
        if cost >= self._best_cost or self._trials > _MOST_TRIALS:
            return
        if len(placed) == len(self._options):
            self.best, self._best_cost = placed, cost
            return
        for place, bit, in_way in self._options[len(placed)]:
            if not taken & in_way:
                aside = 0.1 if place.left < place.stem else 0.0
                self.run(cost + place.row + aside, taken | bit, (*placed, place))
        self.run(cost + 100, taken, (*placed, None))


def _is_clear(one: _Placed, other: _Placed) -> bool:
    if one.row == other.row and one.left < other.right + _GAP and other.left < one.right + _GAP:
        return False
    return not (_crosses(one, other) or _crosses(other, one))


def _crosses(stem: _Placed, text: _Placed) -> bool:
    """Whether a stem on its way down runs through a text."""
    return stem.row >= text.row and text.left - 2 < stem.stem < text.right + 2
