"""The partner's trade as the engine needs it: rates, use of the preference, metal shares and groups, line by line.

Defaults where data is thin follow one rule each, and every inferred figure is flagged.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np

from core.case import Assumptions, Case, ItemGroup, TradeOverride
from core.errors import InputError
from core.i18n import _
from core.own_trade import with_own_figures
from core.preferences import line1_of
from core.reference.groups import group_of_codes
from core.reference.metals import METALS
from core.reference.pack import Pack
from core.reference.tables import TextArray
from core.results import Floats, Ints, Portfolio
from core.scenario import LawAsKnown, law_as_known
from core.tariff.goods import Bools, Goods
from core.utilisation import Column1Source, overridden


@dataclass(frozen=True, eq=False)
class Basis:
    """What all scenarios of a case share: the law as known, the goods, and the portfolio shown."""

    partner: str
    known: date
    groups: tuple[ItemGroup, ...]
    assumptions: Assumptions
    base: LawAsKnown
    goods: Goods
    portfolio: Portfolio
    metal_missing: Bools  # no figure for the metal share of the line: the whole value is taken
    trade: tuple[TradeOverride, ...]  # the delegation's own figures in the portfolio
    as_of: date  # of which the goods and the portfolio have column 1
    column1: Column1Source
    averages: dict[Hashable, float] = field(default_factory=dict)  # by day and the changes that hold on it

    @cached_property
    def goods_without_conditional(self) -> Goods:
        """The same goods were none of the conditionally listed ones within their lists."""
        return self._with_conditional(0.0)

    @cached_property
    def goods_with_conditional(self) -> Goods:
        """The same goods were all of them within; these goods themselves where no share was typed."""
        return self._with_conditional(1.0) if self.assumptions.listed_use else self.goods

    def _with_conditional(self, share: float) -> Goods:
        typed = {**self.goods.condition_share, **dict.fromkeys(self.base.law.lists, share)}
        return replace(self.goods, condition_share=typed, kept={})

    def serves(self, case: Case) -> bool:
        """Whether it was made for the same inputs, so that it need not be made again."""
        return (
            self.partner == case.partner
            and self.known == case.known_to
            and self.groups is case.groups
            and self.assumptions is case.assumptions
            and self.trade is case.trade
            and self.column1.regime(case.as_of) == self.column1.regime(self.as_of)
        )

    def on(self, day: date) -> tuple[Goods, Floats]:
        """The goods with the preferential rates of a day, and the shares that claim them.

        These goods themselves on days on which the same programmes hold as on the as-of date.
        """
        found = self.column1.on(day)
        if found is self.column1.on(self.as_of):
            return self.goods, self.portfolio.utilisation
        return replace(self.goods, preferential_rate=found.line1.preferential), found.use.share


def build_basis(case: Case, pack: Pack) -> Basis:
    """Read a partner's trade and prepare it; InputError for an unknown partner."""
    partner = pack.partners.get(case.partner)
    base = law_as_known(pack.law, partner.iso2, case.known_to, partner.union, case.assumptions.readings)
    imports, own = with_own_figures(pack.trade.imports(partner.iso2), case.trade)
    if not imports.value.any():
        raise InputError(_("The pack holds no imports from {partner}.").format(partner=partner.name))
    groups = group_places(case.groups, imports.hts10)
    goods, missing = goods_of(pack, imports.hts10, case, groups)
    source = Column1Source(pack, partner, imports, goods, base, case.assumptions)
    column1 = source.on(case.as_of)
    goods = replace(goods, preferential_rate=column1.line1.preferential, kept={})
    portfolio = Portfolio(
        partner=partner.iso2,
        year=imports.year,
        codes=imports.hts10,
        value=imports.value,
        mfn_rate=goods.mfn_rate,
        preferential_rate=column1.line1.preferential,
        utilisation=column1.use.share,
        utilisation_inferred=column1.use.inferred,
        is_equivalent=column1.line1.equivalent,
        group_of=groups,
        group_ids=tuple(group.id for group in case.groups),
        group_names=tuple(group.name for group in case.groups),
        unrated_value=float(np.nan_to_num(imports.unrated_value)),
        general_imports=_general_imports(pack, partner.iso2, imports.year),
        own=own,
        claim_decides=column1.claimable if base.asks_for_claim else None,
        claims=column1.claims,
    )
    return Basis(
        partner=case.partner,
        known=case.known_to,
        groups=case.groups,
        assumptions=case.assumptions,
        base=base,
        goods=goods,
        portfolio=portfolio,
        metal_missing=missing,
        trade=case.trade,
        as_of=case.as_of,
        column1=source,
    )


def goods_of(pack: Pack, codes: TextArray, case: Case, groups: Ints) -> tuple[Goods, Bools]:
    """These ten-digit lines without any preference, and those of which no metal share is known."""
    shares, missing = _metal_shares(pack, codes, case.assumptions)
    mfn = line1_of(pack.schedule, codes, ()).mfn
    goods = Goods(
        codes=codes.astype(np.int64),
        mfn_rate=mfn,
        preferential_rate=mfn,
        metal_share=shares,
        groups={group.id: groups == place for place, group in enumerate(case.groups)},
        condition_share={name: float(share) for name, share in case.assumptions.listed_use.items()},
    )
    return goods, missing


def _general_imports(pack: Pack, partner: str, year: int) -> float:
    found = [total.imports_usd for total in pack.partners.totals(partner) if total.year == year]
    return found[0] if found else float("nan")


def _metal_shares(pack: Pack, codes: TextArray, assumptions: Assumptions) -> tuple[dict[str, Floats], Bools]:
    """Metal content by value: an article of the metal's own chapters wholly, others as input-output tables say."""
    known = pack.metal_shares.of(codes)
    missing = np.asarray(np.isnan(known).any(axis=1))
    chapters = codes.astype("U2")
    shares = {}
    for column, metal in enumerate(METALS):
        own = np.isin(chapters, pack.law.file.metal_chapters[metal])
        share = np.where(own, 1.0, np.where(missing, 1.0, known[:, column]))
        typed = {
            key.removeprefix(f"{metal}:"): v
            for key, v in assumptions.metal_share.items()
            if key.startswith(f"{metal}:")
        }
        shares[metal] = overridden(share, codes, typed)
    return shares, missing


def group_places(groups: tuple[ItemGroup, ...], codes: TextArray) -> Ints:
    """For each line the position of its group; the group without prefixes takes what no other does."""
    catch_all = [place for place, group in enumerate(groups) if not group.prefixes]
    if len(catch_all) != 1:
        raise InputError(
            _("Exactly one item group must have no prefixes: it takes all other goods."),
            remedy=_("Open the item groups and leave the prefixes of one group empty."),
        )
    return group_of_codes([str(code) for code in codes], [group.prefixes for group in groups], catch_all[0])
