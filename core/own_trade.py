"""The delegation's own trade figures in the place of the pack's, line by line.

A figure for a tariff line (8 digits) is spread over its statistical lines as the pack's values are. A code that the
pack has no trade for becomes a line of its own. Where no duty collected is given, or one of another year, the line
keeps the ratio of duty to value that the pack has, so that the use of the preference stays what was inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from core.case import TradeOverride
from core.codes import STATISTICAL_DIGITS
from core.i18n import _
from core.reference.tables import BoolArray, FloatArray, IntArray
from core.reference.trade import Imports

_AFTER_DIGITS: Final = ":"  # sorts after every digit


@dataclass(frozen=True, eq=False)
class OwnFigures:
    """By position in the portfolio, the figure that stands there, and the pack's value (NaN: it has no such line)."""

    figures: Mapping[int, TradeOverride] = field(default_factory=dict)
    pack_values: Mapping[int, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.figures)

    @property
    def sources(self) -> tuple[str, ...]:
        """Each source once, in the order of the codes."""
        return tuple(dict.fromkeys(figure.source for figure in self.figures.values() if figure.source))

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({figure.year for figure in self.figures.values()}))

    def mask(self, lines: int) -> BoolArray:
        """Which of so many lines they are."""
        found = np.zeros(lines, dtype=np.bool_)
        found[list(self.figures)] = True
        return found

    @property
    def words(self) -> str:
        """Whose figures, of which year, from where; "" where there are none."""
        if not self.figures:
            return ""
        return _("The delegation's own figures ({years}), source: {sources}").format(
            years=", ".join(map(str, self.years)), sources="; ".join(self.sources) or _("not stated")
        )


NO_OWN_FIGURES: Final = OwnFigures()


def with_own_figures(imports: Imports, figures: tuple[TradeOverride, ...]) -> tuple[Imports, OwnFigures]:
    """The imports with these figures in place, and which lines they are. Without figures the same imports."""
    if not figures:
        return imports, NO_OWN_FIGURES
    value, duty = imports.value.copy(), imports.duty.copy()
    old_at: dict[int, TradeOverride] = {}
    new: dict[str, TradeOverride] = {}
    for figure in figures:
        lines = lines_of(imports, figure.code)
        if len(lines):
            _set(value, duty, lines, figure, imports.year)
            old_at.update(dict.fromkeys(lines.tolist(), figure))
        else:
            new[figure.code.ljust(STATISTICAL_DIGITS, "0")] = figure
    return _joined(replace(imports, value=value, duty=duty), imports.value, old_at, new)


def lines_of(imports: Imports, code: str) -> IntArray:
    """Positions of the statistical lines that a code of 8 or 10 digits covers."""
    start, stop = np.searchsorted(imports.hts10, np.array([code, code + _AFTER_DIGITS]))
    return np.arange(int(start), int(stop), dtype=np.intp)


def _set(value: FloatArray, duty: FloatArray, lines: IntArray, figure: TradeOverride, base_year: int) -> None:
    old = value[lines]
    whole = float(old.sum())
    share = old / whole if whole > 0 else np.full(len(lines), 1 / len(lines))
    value[lines] = float(figure.value) * share
    if figure.duty is not None and figure.year == base_year:
        duty[lines] = float(figure.duty) * share
    else:
        duty[lines] = duty[lines] * float(figure.value) / whole if whole > 0 else np.nan


def _joined(
    imports: Imports, pack_values: FloatArray, old_at: dict[int, TradeOverride], new: dict[str, TradeOverride]
) -> tuple[Imports, OwnFigures]:
    """With the new lines among the others, in the order of the codes."""
    codes = np.concatenate([imports.hts10, np.array(list(new), dtype=imports.hts10.dtype)])
    value = np.concatenate([imports.value, [float(figure.value) for figure in new.values()]])
    known = [_duty_of_base_year(figure, imports.year) for figure in new.values()]
    duty = np.concatenate([imports.duty, known])
    before = np.concatenate([pack_values, np.full(len(new), np.nan)])
    order = np.argsort(codes, kind="stable")
    made = [old_at.get(place) for place in range(len(imports))] + list(new.values())
    own = {place: figure for place, old in enumerate(order.tolist()) if (figure := made[old]) is not None}
    joined = replace(imports, hts10=codes[order], value=value[order], duty=duty[order])
    return joined, OwnFigures(own, {place: float(before[order[place]]) for place in own})


def _duty_of_base_year(figure: TradeOverride, base_year: int) -> float:
    return float(figure.duty) if figure.duty is not None and figure.year == base_year else np.nan
