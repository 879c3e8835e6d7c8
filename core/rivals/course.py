"""The rate of one partner on the goods compared, on every day on which it changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from core.case import Scenario
from core.engine import average
from core.errors import Cancelled
from core.i18n import _
from core.law_history import Cause, causes
from core.law_words import measure_title, verb
from core.portfolio import goods_of
from core.preference_words import programme_changes
from core.results import Floats
from core.rivals.rate_book import RateBook, changes_for
from core.scenario import Plan
from core.tariff.duty import charges, totals
from core.tariff.goods import Bools, Goods
from core.tariff.measures import ONE_DAY

_MOVES = 0.00005  # half of the last digit shown, 0.01 %


@dataclass(frozen=True)
class Course:
    """Rate i (a fraction; NaN: no number) holds from days[i] to the next. titles: what did it, by day."""

    partner: str
    days: tuple[date, ...]
    rates: tuple[float, ...]
    titles: dict[date, str]

    def at(self, on: date) -> float:
        """The rate of a day; the first one for days before."""
        return self.rates[max(0, bisect_right(self.days, on) - 1)]


def course(
    book: RateBook,
    goods: Bools,
    weights: Floats,
    scenario: Scenario,
    code: str,
    span: tuple[date, date],
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Course:
    """The mean over these lines, weighed as in a comparison, from the first to the last day of `span`.

    Raises Cancelled when asked to stop, InputError for an unknown partner.
    """
    rate = _RateOfDay(book, goods, weights, scenario, code)
    days, rates = [span[0]], [rate.on(span[0])]
    for day in (each for each in rate.days() if span[0] < each <= span[1]):
        if cancelled is not None and cancelled():
            raise Cancelled
        found = rate.on(day)
        if not _same(found, rates[-1]):
            days.append(day)
            rates.append(found)
    titles = {day: rate.title(day, found) for day, found in zip(days[1:], rates[1:], strict=True)}
    return Course(code, tuple(days), tuple(rates), titles)


def _same(one: float, other: float) -> bool:
    return bool(np.isclose(one, other, rtol=0, atol=_MOVES, equal_nan=True))


def _telling(found: Sequence[Cause]) -> list[Cause]:
    """What begins; where nothing does, what ends; a list of goods only where it is all there is."""
    for verbs in (("starts", "resumes"), ("ends", "suspended")):
        told = [cause for cause in found if cause.verb in verbs]
        if told:
            return told
    return list(found)


class _RateOfDay:
    """One partner's rate on some lines of a book: only these are worked out, day by day."""

    def __init__(self, book: RateBook, goods: Bools, weights: Floats, scenario: Scenario, code: str) -> None:
        self._book, self._partner = book, book.pack.partners.get(code)
        self._plan = Plan(book.law(self._partner), changes_for(book.case, scenario, self._partner, book.pack))
        self._lines = np.flatnonzero(goods & (weights > 0))
        self._weights = weights[self._lines]
        self._goods = self._goods_of_lines()

    def _goods_of_lines(self) -> Goods:
        codes, groups = self._book.codes[self._lines], self._book.groups[self._lines]
        return goods_of(self._book.pack, codes, self._book.case, groups)[0]

    def days(self) -> list[date]:
        """Every day on which the rate may change, in order."""
        pack, law = self._book.pack, self._plan.base
        return sorted({*self._plan.days(), *pack.programmes.days(self._partner, law.known)})

    def on(self, day: date) -> float:
        """The mean of the lines that have a number; NaN where none has."""
        column1, lines, law = self._book.column1(self._partner, day), self._lines, self._plan.base
        goods = replace(self._goods, preferential_rate=column1.line1.preferential[lines])
        use = self._book.case.assumptions.column_1_for_totals
        found = totals(charges(self._plan, self._goods, day), goods, column1.use.share[lines], use)
        return average(np.where(self._goods.in_gap(law.gaps(day)), np.nan, found.total), self._weights)

    def title(self, day: date, rate: float) -> str:
        """What the law does on a day to these lines in a few words; "" where only the scenario does something."""
        if np.isnan(rate):
            return _("no number from this day")
        law = self._plan.base
        codes = [str(code) for code in self._book.codes[self._lines]]
        texts = [f"{measure_title(law.law, cause.measure)}: {verb(cause.verb)}" for cause in self._causes(day, codes)]
        return "; ".join(dict.fromkeys([*texts, *self._programmes(day)]))

    def _causes(self, day: date, codes: Sequence[str]) -> list[Cause]:
        """What happens to the measures that charge these lines, else to any that could; of lists only the rest."""
        found = causes(self._plan.base, day, codes)
        charging = {"starts": self._charging(day), "resumes": self._charging(day)}
        charged = self._charging(day - ONE_DAY)
        near = [cause for cause in found if cause.measure in charging.get(cause.verb, charged)]
        return _telling(near) or _telling(found)

    def _charging(self, day: date) -> set[str]:
        """The measures that charge any of the lines on a day."""
        parts = charges(self._plan, self._goods, day)
        duties = [duty for part in (parts, parts.where_claimed) for duty in part.duties if duty.share.any()]
        return {
            state.measure.id
            for duty in duties
            for place, state in enumerate(duty.reached.states)
            if ((duty.reached.which == place) & (duty.share > 0)).any()
        }

    def _programmes(self, day: date) -> list[str]:
        """Preferences that the partner gains or loses."""
        changes = programme_changes(self._book.pack, self._partner, day, self._plan.base.known)
        return [f"{name}: {what}" for name, what, _source in changes]
