"""The partner's trade as the engine needs it: rates, use of the preference, metal shares and groups, line by line.

Defaults where data is thin follow one rule each, and every inferred figure is flagged.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np

from core.case import Assumptions, Case, ItemGroup, TradeOverride
from core.errors import InputError
from core.i18n import _
from core.own_trade import with_own_figures
from core.reference.groups import group_of_codes
from core.reference.metals import METALS
from core.reference.pack import Pack
from core.reference.trade import Imports
from core.results import Floats, Ints, Portfolio
from core.scenario import LawAsKnown, Plan, law_as_known
from core.tariff.duty import charges
from core.tariff.goods import Bools, Goods


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
    trade: tuple[TradeOverride, ...] = ()  # the delegation's own figures in the portfolio
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
        )


def build_basis(case: Case, pack: Pack) -> Basis:
    """Read a partner's trade and prepare it; InputError for an unknown partner."""
    partner = pack.partners.get(case.partner)
    base = law_as_known(pack.law, partner.iso2, case.known_to, "EU" if partner.eu27 else "", case.assumptions.readings)
    imports, own = with_own_figures(pack.trade.imports(partner.iso2), case.trade)
    if not imports.value.any():
        raise InputError(_("The pack holds no imports from {partner}.").format(partner=partner.name))
    mfn, preferential, listed, equivalent = _column1(pack, imports, partner.preference_symbol)
    shares, missing = _metal_shares(pack, imports, case.assumptions)
    groups = _group_places(case.groups, imports)
    goods = Goods(
        codes=imports.hts10.astype(np.int64),
        mfn_rate=mfn,
        preferential_rate=preferential,
        metal_share=shares,
        groups={group.id: groups == place for place, group in enumerate(case.groups)},
        condition_share={name: float(share) for name, share in case.assumptions.listed_use.items()},
    )
    used, inferred = utilisation(imports, goods, base, listed, equivalent, case.assumptions)
    portfolio = Portfolio(
        partner=partner.iso2,
        year=imports.year,
        codes=imports.hts10,
        value=imports.value,
        mfn_rate=mfn,
        preferential_rate=preferential,
        utilisation=used,
        utilisation_inferred=inferred,
        is_equivalent=equivalent,
        group_of=groups,
        group_ids=tuple(group.id for group in case.groups),
        group_names=tuple(group.name for group in case.groups),
        unrated_value=float(np.nan_to_num(imports.unrated_value)),
        general_imports=_general_imports(pack, partner.iso2, imports.year),
        own=own,
    )
    return Basis(
        case.partner, case.known_to, case.groups, case.assumptions, base, goods, portfolio, missing, case.trade
    )


def _general_imports(pack: Pack, partner: str, year: int) -> float:
    found = [total.imports_usd for total in pack.partners.totals(partner) if total.year == year]
    return found[0] if found else float("nan")


def _column1(pack: Pack, imports: Imports, symbol: str) -> tuple[Floats, Floats, Bools, Bools]:
    """MFN and preferential rate of each line, whether it carries the preference, whether a rate is an equivalent."""
    schedule, preference = pack.schedule, pack.schedule.preferential(symbol)
    place = schedule.position(imports.hts10)
    found = place >= 0
    mfn = np.where(found, schedule.applied_mfn[place], np.nan)
    rate = np.where(found, preference.rate[place], np.nan)
    listed = found & preference.listed[place] & ~np.isnan(rate)
    preferential = np.where(listed, rate, mfn)
    equivalent = found & (schedule.is_specific[place] | (listed & preference.estimated[place]))
    return mfn, preferential, listed, equivalent


def utilisation(
    imports: Imports,
    goods: Goods,
    base: LawAsKnown,
    listed: Bools,
    equivalent: Bools,
    assumptions: Assumptions,
) -> tuple[Floats, Bools]:
    """The share of each line's value that claims the preference, and whether duty collected implies it.

    Implied only on ad valorem lines with MFN above the preferential rate, after taking out the additional duties of
    the base year (aluminium, 10 %); clipped to 0..1. Elsewhere the default share; lines without preference: 0.
    """
    middle_of_year = date(imports.year, 7, 1)
    extra = charges(Plan(base), goods, middle_of_year).rates(np.zeros(len(goods)))[0]
    margin = goods.mfn_rate - goods.preferential_rate
    can_infer = listed & ~equivalent & (margin > 0) & ~np.isnan(imports.duty) & (imports.value > 0)
    collected = np.divide(imports.duty, imports.value, out=np.zeros(len(goods)), where=imports.value > 0) - extra
    implied = np.divide(goods.mfn_rate - collected, margin, out=np.zeros(len(goods)), where=can_infer)
    default = float(assumptions.default_utilisation)
    share = np.where(can_infer, np.clip(implied, 0.0, 1.0), np.where(listed, default, 0.0))
    return _overridden(share, imports, assumptions.utilisation), can_infer


def _overridden(values: Floats, imports: Imports, typed: Mapping[str, Decimal]) -> Floats:
    """Shares typed for code prefixes stand over the others; the longer prefix wins."""
    for prefix in sorted(typed, key=len):
        hit = np.char.startswith(imports.hts10, prefix)
        values = np.where(hit, float(typed[prefix]), values)
    return values


def _metal_shares(pack: Pack, imports: Imports, assumptions: Assumptions) -> tuple[dict[str, Floats], Bools]:
    """Metal content by value: an article of the metal's own chapters wholly, others as input-output tables say."""
    known = pack.metal_shares.of(imports.hts10)
    missing = np.asarray(np.isnan(known).any(axis=1))
    chapters = imports.hts10.astype("U2")
    shares = {}
    for column, metal in enumerate(METALS):
        own = np.isin(chapters, pack.law.file.metal_chapters[metal])
        share = np.where(own, 1.0, np.where(missing, 1.0, known[:, column]))
        typed = {
            key.removeprefix(f"{metal}:"): v
            for key, v in assumptions.metal_share.items()
            if key.startswith(f"{metal}:")
        }
        shares[metal] = _overridden(share, imports, typed)
    return shares, missing


def _group_places(groups: tuple[ItemGroup, ...], imports: Imports) -> Ints:
    """For each line the position of its group; the group without prefixes takes what no other does."""
    catch_all = [place for place, group in enumerate(groups) if not group.prefixes]
    if len(catch_all) != 1:
        raise InputError(
            _("Exactly one item group must have no prefixes: it takes all other goods."),
            remedy=_("Open the item groups and leave the prefixes of one group empty."),
        )
    codes = [str(code) for code in imports.hts10]
    return group_of_codes(codes, [group.prefixes for group in groups], catch_all[0])
