"""What the engine hands out: frozen, plain, the same on every machine for the same case and pack.

Arrays run over the statistical lines (HTS-10) of the portfolio. Rates are fractions of customs value, money is US$.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from core.case import Case, Scenario
from core.own_trade import NO_OWN_FIGURES, OwnFigures
from core.reference.programmes import Programme, UseFigure
from core.text import LocalText

if TYPE_CHECKING:
    from core.portfolio import Basis

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]
Codes = npt.NDArray[np.str_]


class UseBasis(StrEnum):
    """What a share of use rests on where duty collected does not show it."""

    PUBLISHED = "published"  # a published share of the trade on lines that carry the preference
    REST_OF_ALL = "rest"  # what a published share of all trade leaves for these lines
    OWN_LINES = "own-lines"  # mean of the partner's other lines under the programme
    POOLED = "pooled"  # mean of all partners' lines under the programme
    GENERAL = "general"  # the published share of all trade agreements


@dataclass(frozen=True)
class UseDefault:
    """The share of use that stands in on lines on which duty collected does not show it, unless the case types one.

    programme: its id. figure: the published share behind it. trade: of the lines that it is the mean of, US$.
    """

    programme: str
    name: LocalText
    share: float
    basis: UseBasis
    figure: UseFigure | None = None
    trade: float = 0.0


@dataclass(frozen=True, eq=False)
class Claims:
    """The programmes behind the preferential rates of a portfolio on the as-of date. Arrays of length n.

    symbol: of the schedule, "" where the line carries none that can be claimed. defaults: what stands in where duty
    collected does not show the use, default_of its place among them or -1. collected: lines whose preferential rate
    stands in another heading, so that duty collected stands in for it; elsewhere: all lines of that kind.
    """

    programmes: tuple[Programme, ...]
    programme_of: Ints
    symbol: Codes
    defaults: tuple[UseDefault, ...]
    default_of: Ints
    collected: npt.NDArray[np.bool_]
    elsewhere: npt.NDArray[np.bool_]

    def programme(self, line: int) -> Programme | None:
        """The programme that answers on a line, or could be claimed there though the line is free anyway."""
        place = int(self.programme_of[line])
        return self.programmes[place] if place >= 0 else None

    def default(self, line: int) -> UseDefault | None:
        """What stands in for the use on a line; None where duty collected shows it or nothing can be claimed."""
        place = int(self.default_of[line])
        return self.defaults[place] if place >= 0 else None


@dataclass(frozen=True)
class Portfolio:
    """The partner's trade with what does not depend on a scenario. Arrays of length n, one entry a line."""

    partner: str
    year: int
    codes: Codes  # HTS-10, ten digits
    value: Floats  # US$, imports for consumption, customs value
    mfn_rate: Floats  # column 1 General, ad valorem or equivalent; NaN where it cannot be had
    preferential_rate: Floats  # equals mfn_rate where there is no preference
    utilisation: Floats  # share of value that claims the preference, 0..1
    utilisation_inferred: npt.NDArray[np.bool_]  # True: implied by duty collected; False: the default share
    is_equivalent: npt.NDArray[np.bool_]  # column 1 is an ad valorem equivalent of a specific rate
    group_of: Ints  # position in `groups`
    group_ids: tuple[str, ...]
    group_names: tuple[LocalText, ...]
    unrated_value: float  # chapters 98 and 99: outside all rates, shown as one row
    general_imports: float  # US$, the wider concept, for reference
    own: OwnFigures = NO_OWN_FIGURES  # lines whose value is the delegation's own figure
    claim_decides: npt.NDArray[np.bool_] | None = None  # more than column 1 turns on the claim; None: nowhere
    claims: Claims | None = None  # the programmes behind the preferential rates

    @property
    def with_preference(self) -> npt.NDArray[np.bool_]:
        """Lines on which claiming the preference changes what is due."""
        differs: npt.NDArray[np.bool_] = self.mfn_rate != self.preferential_rate
        return differs if self.claim_decides is None else differs | self.claim_decides

    @property
    def column1(self) -> Floats:
        """Column 1 weighted by use of the preference."""
        return self.utilisation * self.preferential_rate + (1 - self.utilisation) * self.mfn_rate


class RateForce(StrEnum):
    """Whether a rate is charged on a day, and if not, why."""

    IN_FORCE = "in-force"
    NOT_IN_FORCE = "not-in-force"
    SUSPENDED = "suspended"
    INQUIRY = "inquiry"


@dataclass(frozen=True)
class RateCell:
    """One duty under one scenario on the as-of date: what a cell of the Rate scenarios table shows."""

    force: RateForce
    rate: Decimal | None  # fraction as in law or as typed; None when nothing is charged
    is_total: bool  # column 1 counts towards the rate
    is_typed: bool  # a change of the scenario set it
    change: int | None  # position of that change in the scenario's list
    measure: str  # id of the measure in force, "" if none
    heading: str
    suspended_rate: Decimal | None = None  # the whole rate that takes over when the suspension ends
    suspended_until: date | None = None
    in_quota_rate: Decimal | None = None
    quota_share: Decimal | None = None  # share of value inside the quota
    lines_only: str = ""  # name of the goods when the change reaches only some of the duty's lines


@dataclass(frozen=True)
class RateRow:
    """One duty (programme) with its cell for each scenario, in scenario order."""

    duty: str
    title: LocalText
    authority: LocalText  # e.g. Sec. 232
    heading: str
    covers: float  # US$ of the portfolio within the duty's list on the as-of date under A
    cells: tuple[RateCell, ...]


@dataclass(frozen=True)
class Evaluation:
    """One scenario on one day."""

    scenario: Scenario
    on: date
    total: Floats
    contributions: Mapping[str, Floats]  # by duty id; column 1 + their sum == total
    duties: Floats  # total x value, US$
    average: float  # import-weighted total
    duty_total: float  # US$ a year at base-year trade, static
    average_range: tuple[float, float]  # were none, or all, of the conditionally listed goods within their lists


@dataclass(frozen=True)
class StepSeries:
    """A scenario's import-weighted average rate over time: value i holds from dates[i] to the next date."""

    letter: str
    dates: tuple[date, ...]
    averages: tuple[float, ...]


@dataclass(frozen=True)
class ChangeDate:
    """A day on which the law (as known) or a scenario changes a rate."""

    on: date
    title: LocalText  # short, for a tick of the chart
    detail: LocalText
    is_law: bool
    letters: tuple[str, ...] = ()  # scenarios that change on this day


@dataclass(frozen=True)
class Step:
    """One step of "why this rate?", in legal order. charged=False: considered and set aside, text says why."""

    title: str
    detail: str
    rate: float | None  # contribution to the rate of the line, fraction; None where not applicable
    charged: bool
    measure: str = ""
    heading: str = ""
    citation: str = ""
    uncertain: bool = False


@dataclass(frozen=True)
class Trace:
    """The words and citations from which a line's rate follows; texts are in the language of the moment."""

    code: str
    description: str
    letter: str
    on: date
    known: date
    steps: tuple[Step, ...]
    total: float
    value: float
    duty: float
    others: tuple[tuple[str, float, float], ...]  # letter, total, duty of the same line under other scenarios
    warnings: tuple[str, ...] = ()

    def as_text(self) -> str:
        """The whole trace as plain text, for the clipboard and the CLI."""
        from core.tariff.explain import trace_text

        return trace_text(self)


@dataclass(frozen=True)
class Results:
    """Everything on screen and in the workbook that follows from a case and a pack."""

    case: Case
    basis: Basis  # what the engine prepared; re-used by the next evaluation
    portfolio: Portfolio
    evaluations: tuple[Evaluation, ...]  # one a scenario, on the as-of date
    rate_rows: tuple[RateRow, ...]
    series: tuple[StepSeries, ...]
    change_dates: tuple[ChangeDate, ...]
    horizon: tuple[date, date]  # first and last day of the series

    def evaluation(self, letter: str) -> Evaluation:
        """The evaluation of one scenario; KeyError when the case has none of that letter."""
        for evaluation in self.evaluations:
            if evaluation.scenario.letter == letter:
                return evaluation
        raise KeyError(letter)
