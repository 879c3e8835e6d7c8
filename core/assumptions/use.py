"""Use of the preference: the default share, what duty collected implies, and shares typed for codes."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from core.assumptions import coverage
from core.assumptions.row import AssumptionRow, Section, Target, covered, nothing_concerned
from core.case import Assumptions
from core.codes import format_code
from core.i18n import _
from core.prefixes import prefix_name
from core.reference.pack import Pack
from core.results import Results
from core.tariff.goods import Bools


def use_rows(results: Results, pack: Pack) -> Iterator[AssumptionRow]:
    """A line counts once: under the longest code typed for it, else as implied, else under the default."""
    portfolio, typed = results.portfolio, results.case.assumptions.utilisation
    matters = coverage.with_preference(portfolio)
    own = coverage.by_prefix(portfolio.codes, typed)
    free = matters & ~np.any([*own.values(), np.zeros_like(matters)], axis=0)
    yield _default(results, free & ~portfolio.utilisation_inferred)
    yield _implied(results, free & portfolio.utilisation_inferred)
    for prefix, share in sorted(typed.items()):
        yield _typed(results, pack, prefix, share, own[prefix] & matters)


def _default(results: Results, mask: Bools) -> AssumptionRow:
    portfolio, share = results.portfolio, results.case.assumptions.default_utilisation
    is_default = share == Assumptions().default_utilisation
    average = _("Average of the lines on which duty collected in {year} implies it.").format(year=portfolio.year)
    lines, trade = covered(portfolio, mask)
    return AssumptionRow(
        id="default-use",
        section=Section.USE,
        target=Target.DEFAULT_USE,
        key="",
        title=_("Use of the preference where duty collected does not show it"),
        value=share,
        unit=_("% of value"),
        effect=_("Share of the value that claims the preferential rate, on lines that carry one."),
        source=average if is_default else _("Set in the case."),
        is_default=is_default,
        is_uncertain=is_default and lines > 0,
        lines=lines,
        trade=trade,
    )


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
