"""The metal's share of the value where a duty falls on it alone: whole articles, tables, missing and typed shares."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from core.assumptions import coverage
from core.assumptions.row import AssumptionRow, Section, Target, covered, nothing_concerned
from core.codes import format_code
from core.i18n import _, pgettext
from core.prefixes import prefix_name
from core.reference.pack import Pack
from core.results import Results
from core.tariff.goods import Bools


def metal_rows(results: Results, pack: Pack) -> Iterator[AssumptionRow]:
    """A line counts under each share typed for one of its metals, and once as the pack has the others."""
    deciding = coverage.by_content(results)
    typed = coverage.typed_metals(results)
    nothing = np.zeros(len(results.portfolio.codes), dtype=np.bool_)
    own, missing, tables = nothing.copy(), nothing.copy(), nothing.copy()
    for metal, lines in deciding.items():
        free = lines & ~np.any([nothing, *typed.get(metal, {}).values()], axis=0)
        whole = coverage.own_chapters(results, metal)
        own |= free & whole
        missing |= free & ~whole & results.basis.metal_missing
        tables |= free & ~whole & ~results.basis.metal_missing
    yield _own_articles(results, own)
    yield _from_tables(results, tables & ~own & ~missing)
    yield _missing(results, missing & ~own)
    for metal, masks in typed.items():
        for prefix, mask in masks.items():
            yield _typed(results, pack, metal, prefix, mask & deciding.get(metal, nothing))


def metal_word(metal: str) -> str:
    """The metal's name within a sentence."""
    words = {
        "steel": pgettext("metal", "steel"),
        "aluminium": pgettext("metal", "aluminium"),
        "copper": pgettext("metal", "copper"),
    }
    return words.get(metal, metal)


def _own_articles(results: Results, mask: Bools) -> AssumptionRow:
    chapters = sorted(chapter for each in results.basis.base.law.file.metal_chapters.values() for chapter in each)
    effect = _("An article of the metal's own chapter ({chapters}) counts as metal throughout.")
    return _row(
        results,
        mask,
        id="metal-own",
        title=_("Metal share of articles of the metal's own chapter"),
        value=Decimal(1),
        effect=effect.format(chapters=", ".join(chapters)),
        source=_("Rule of the reference pack."),
    )


def _from_tables(results: Results, mask: Bools) -> AssumptionRow:
    return _row(
        results,
        mask,
        id="metal-tables",
        title=_("Metal content of derivative articles"),
        value=None,
        effect=_("The metal duty falls on this share, the general duty of the day on the rest."),
        source=_("Input-output tables of the US Bureau of Economic Analysis, by line from the Budget Lab at Yale."),
        is_uncertain=bool(mask.any()),
    )


def _missing(results: Results, mask: Bools) -> AssumptionRow:
    return _row(
        results,
        mask,
        id="metal-missing",
        title=_("Metal share missing"),
        value=Decimal(1),
        effect=_("The whole value pays the metal duty."),
        source=_("The tables have no figure for these lines."),
        is_uncertain=bool(mask.any()),
    )


def _typed(results: Results, pack: Pack, metal: str, prefix: str, mask: Bools) -> AssumptionRow:
    return _row(
        results,
        mask,
        id=f"metal:{metal}:{prefix}",
        target=Target.METAL,
        key=f"{metal}:{prefix}",
        title=_("Share of {metal} in the value, {code}").format(metal=metal_word(metal), code=format_code(prefix)),
        value=results.case.assumptions.metal_share[f"{metal}:{prefix}"],
        effect=_("Stands over the share from input-output tables."),
        source=_("Set in the case."),
        is_default=False,
        name=prefix_name(pack, prefix),
    )


def _row(
    results: Results,
    mask: Bools,
    *,
    id: str,
    title: str,
    value: Decimal | None,
    effect: str,
    source: str,
    target: Target = Target.FIXED,
    key: str = "",
    is_default: bool = True,
    is_uncertain: bool = False,
    name: str = "",
) -> AssumptionRow:
    lines, trade = covered(results.portfolio, mask)
    return AssumptionRow(
        id=id,
        section=Section.METALS,
        target=target,
        key=key,
        title=title,
        value=value,
        unit=_("% of value"),
        effect=effect,
        source=source,
        is_default=is_default,
        is_uncertain=is_uncertain,
        lines=lines,
        trade=trade,
        name=name,
        note=nothing_concerned() if target is Target.METAL and not lines else "",
    )
