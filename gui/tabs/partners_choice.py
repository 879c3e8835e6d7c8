"""What a comparison of partners is asked for: which goods, which partners, under which scenario. No widgets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np

from core.case import LAW_SCENARIO, Assumptions, Case, ItemGroup, Scenario, TradeOverride
from core.codes import format_code
from core.i18n import _
from core.rivals.rate_book import RateBook
from core.rivals.side_by_side import code_goods, group_goods
from core.tariff.goods import Bools

GROUP_PREFIX: Final = "group:"
ALL_GOODS: Final = ""
# What of a case decides over the numbers of this page.
INPUTS: Final = frozenset({"partner", "as_of", "known_to", "scenarios", "groups", "assumptions", "trade"})


class Which(StrEnum):
    """Whose terms stand beside those of the case's partner."""

    LARGEST = "largest"
    ALL = "all"
    LISTED = "listed"


class Mix(StrEnum):
    """What a rate is the mean over: the trade of the case's partner, or each partner's own."""

    SAME = "same"
    OWN = "own"


@dataclass(frozen=True)
class Choice:
    """goods: `group:ID`, a code in digits, or ALL_GOODS. letter: of the scenario. codes: of the partners listed."""

    goods: str
    letter: str = LAW_SCENARIO
    which: Which = Which.LARGEST
    codes: tuple[str, ...] = ()

    def of(self, case: Case) -> Choice:
        """The same choice where the case still has what it names; else the first group, and the law."""
        groups = [GROUP_PREFIX + group.id for group in case.groups]
        letters = [scenario.letter for scenario in case.scenarios]
        gone = self.goods.startswith(GROUP_PREFIX) and self.goods not in groups
        goods = next(iter(groups), ALL_GOODS) if gone else self.goods
        return Choice(goods, self.letter if self.letter in letters else LAW_SCENARIO, self.which, self.codes)


@dataclass(frozen=True, eq=False)
class Inputs:
    """What a book of rates depends on; the same book serves while these stay."""

    partner: str
    known: date
    groups: tuple[ItemGroup, ...]
    assumptions: Assumptions
    trade: tuple[TradeOverride, ...]

    def serve(self, case: Case) -> bool:
        """Whether the book can be asked for this case."""
        return (
            (self.partner, self.known) == (case.partner, case.known_to)
            and self.groups is case.groups
            and self.assumptions is case.assumptions
            and self.trade is case.trade
        )


def inputs_of(case: Case) -> Inputs:
    """Taken down when the book is made."""
    return Inputs(case.partner, case.known_to, case.groups, case.assumptions, case.trade)


def first_choice(case: Case) -> Choice:
    """The first item group under the law."""
    return Choice(GROUP_PREFIX).of(case)


def goods_mask(book: RateBook, goods: str) -> Bools:
    """The lines meant; InputError for what there is no trade in, or no group of."""
    if goods == ALL_GOODS:
        return np.ones(len(book.codes), dtype=np.bool_)
    if goods.startswith(GROUP_PREFIX):
        return group_goods(book, goods.removeprefix(GROUP_PREFIX))
    return code_goods(book, goods)


def goods_name(case: Case, goods: str, name_of_code: str = "") -> str:
    """What the goods are called."""
    if goods == ALL_GOODS:
        return _("All goods")
    if goods.startswith(GROUP_PREFIX):
        name = goods.removeprefix(GROUP_PREFIX)
        return next((str(group.name) for group in case.groups if group.id == name), name)
    return " ".join(part for part in (format_code(goods), name_of_code) if part)


def scenario_of(case: Case, letter: str) -> Scenario:
    """The scenario with this letter, else the law."""
    return case.scenario(letter if any(each.letter == letter for each in case.scenarios) else LAW_SCENARIO)
