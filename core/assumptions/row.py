"""One assumption as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.i18n import _
from core.results import Portfolio
from core.tariff.goods import Bools


class Section(StrEnum):
    """The kinds of assumptions, in the order shown."""

    READINGS = "readings"
    USE = "use"
    LISTS = "lists"
    METALS = "metals"


class Target(StrEnum):
    """What of the case an assumption is; FIXED: nothing that can be set."""

    COLUMN_1 = "column-1"
    READING = "reading"
    DEFAULT_USE = "default-use"
    USE = "use"
    LISTED = "listed"
    METAL = "metal"
    FIXED = "fixed"


@dataclass(frozen=True)
class Choice:
    """One reading; average: the rate of scenario A on the as-of date, were it read so."""

    id: str
    title: str
    effect: str
    average: float


@dataclass(frozen=True)
class AssumptionRow:
    """One assumption. Texts are in the language of the moment.

    key: what it is the share of: a prefix, a list, a metal and prefix, or the open question. value: a share
    (fraction), the id of a reading, or None where the share differs by line. trade in US$. name: of the goods.
    note: when it matters at all. doubt: what speaks for each reading.
    """

    id: str
    section: Section
    target: Target
    key: str
    title: str
    value: Decimal | str | None
    unit: str
    effect: str
    source: str
    is_default: bool
    is_uncertain: bool
    lines: int
    trade: float
    name: str = ""
    note: str = ""
    doubt: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def is_settable(self) -> bool:
        """Whether the case can hold another value."""
        return self.target is not Target.FIXED

    @property
    def is_removable(self) -> bool:
        """Whether it stands only because someone typed it."""
        return self.target in (Target.USE, Target.METAL)


def covered(portfolio: Portfolio, lines: Bools) -> tuple[int, float]:
    """How many lines and how much trade, US$."""
    return int(lines.sum()), float(portfolio.value[lines].sum())


def nothing_concerned() -> str:
    """What stands beside a share that someone typed and that decides over nothing just now."""
    return _("Concerns no trade on the day shown.")
