"""Use of the preference: the default share, what duty collected implies, and shares typed for codes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

import numpy as np

from core.assumptions import coverage
from core.assumptions.row import AssumptionRow, Section, Target, covered, nothing_concerned
from core.codes import format_code
from core.i18n import _
from core.preference_words import default_source, defaults_of
from core.prefixes import prefix_name
from core.reference.pack import Pack
from core.results import Portfolio, Results, UseDefault
from core.tariff.goods import Bools

SHARE_DECIMALS: Final = 4  # of a fraction: 0.01 % of the value


def use_rows(results: Results, pack: Pack) -> Iterator[AssumptionRow]:
    """A line counts once: under the longest code typed for it, else as implied, else under the default."""
    portfolio, typed = results.portfolio, results.case.assumptions.utilisation
    matters = coverage.with_preference(portfolio)
    own = coverage.by_prefix(portfolio.codes, typed)
    free = matters & ~np.any([*own.values(), np.zeros_like(matters)], axis=0)
    assumed = free & ~portfolio.utilisation_inferred
    yield _default(results, assumed)
    yield from _by_programme(results, assumed)
    yield _implied(results, free & portfolio.utilisation_inferred)
    for prefix, share in sorted(typed.items()):
        yield _typed(results, pack, prefix, share, own[prefix] & matters)


def _default(results: Results, mask: Bools) -> AssumptionRow:
    """One row for all: the only share that stands in, or that shares go by programme until one is typed."""
    portfolio, typed = results.portfolio, results.case.assumptions.default_utilisation
    defaults = defaults_of(portfolio)
    only = defaults[0] if len(defaults) == 1 else None
    lines, trade = covered(portfolio, mask)
    return AssumptionRow(
        id="default-use",
        section=Section.USE,
        target=Target.DEFAULT_USE,
        key="",
        title=_("Use of the preference where duty collected does not show it"),
        value=typed if typed is not None else _as_decimal(_mean(portfolio, mask) if only is None else only.share),
        unit=_("% of value"),
        effect=_("Share of the value that claims the preferential rate, on lines that carry one."),
        source=_source(portfolio, only) if typed is None else _("Set in the case."),
        is_default=typed is None,
        is_uncertain=typed is None and lines > 0,
        lines=lines,
        trade=trade,
        note="" if lines else nothing_concerned(),
    )


def _by_programme(results: Results, mask: Bools) -> Iterator[AssumptionRow]:
    """What stands in programme by programme, where there are several."""
    portfolio, defaults = results.portfolio, defaults_of(results.portfolio)
    claims, typed = portfolio.claims, results.case.assumptions.default_utilisation
    if claims is None or len(defaults) < 2:
        return
    for place, default in enumerate(claims.defaults):
        if default in defaults:
            lines, trade = covered(portfolio, mask & (claims.default_of == place))
            yield AssumptionRow(
                id=f"default-use:{default.programme}:{place}",
                section=Section.USE,
                target=Target.FIXED,
                key=default.programme,
                title=_("Use of {programme} where duty collected does not show it").format(programme=default.name),
                value=_as_decimal(default.share),
                unit=_("% of value"),
                effect=_("Share of the value that claims the preferential rate, on lines that carry one."),
                source=default_source(default, portfolio.year),
                is_default=True,
                is_uncertain=typed is None and lines > 0,
                lines=lines if typed is None else 0,
                trade=trade if typed is None else 0.0,
                note="" if typed is None else _("Not used: one share is typed for all."),
            )


def _source(portfolio: Portfolio, only: UseDefault | None) -> str:
    if only is not None:
        return default_source(only, portfolio.year)
    return _("By programme; a share typed here stands for all.") if defaults_of(portfolio) else ""


def _mean(portfolio: Portfolio, mask: Bools) -> float:
    """What the shares of several programmes come to on these lines; 0 without any."""
    weight = portfolio.value[mask]
    return float((portfolio.utilisation[mask] * weight).sum() / weight.sum()) if weight.any() else 0.0


def _as_decimal(share: float) -> Decimal:
    return Decimal(str(round(share, SHARE_DECIMALS)))


def _implied(results: Results, mask: Bools) -> AssumptionRow:
    lines, trade = covered(results.portfolio, mask)
    return AssumptionRow(
        id="implied-use",
        section=Section.USE,
        target=Target.FIXED,
        key="",
        title=_("Use of the preference implied by duty collected"),
        value=None,
        unit=_("% of value"),
        effect=_("Taken from the base year, between 0 and 100 %."),
        source=_("Duty collected in {year}, US Census Bureau.").format(year=results.portfolio.year),
        is_default=True,
        is_uncertain=False,
        lines=lines,
        trade=trade,
    )


def _typed(results: Results, pack: Pack, prefix: str, share: Decimal, mask: Bools) -> AssumptionRow:
    lines, trade = covered(results.portfolio, mask)
    return AssumptionRow(
        id=f"use:{prefix}",
        section=Section.USE,
        target=Target.USE,
        key=prefix,
        title=_("Use of the preference, {code}").format(code=format_code(prefix)),
        value=share,
        unit=_("% of value"),
        effect=_("Stands over what duty collected implies."),
        source=_("Set in the case."),
        is_default=False,
        is_uncertain=False,
        lines=lines,
        trade=trade,
        name=prefix_name(pack, prefix),
        note="" if lines else nothing_concerned(),
    )
