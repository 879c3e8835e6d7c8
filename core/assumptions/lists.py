"""Goods that a list takes in only under a condition, and the part of them taken to meet it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.assumptions import coverage
from core.assumptions.coverage import Conditional
from core.assumptions.row import AssumptionRow, Section, Target, covered, nothing_concerned
from core.i18n import _
from core.quantities import format_number
from core.reference.law import Law
from core.results import Results
from core.tariff.goods import default_share


def list_rows(results: Results) -> Iterator[AssumptionRow]:
    """The largest trade first; then shares of the case that decide over nothing on the day shown."""
    found = coverage.conditional_goods(results)
    for one in found:
        yield _listed(results, one)
    seen = {one.key for one in found}
    known = results.basis.base.list_names()
    for key in results.case.assumptions.listed_use:
        if key not in seen and key.partition(":")[0] in known:
            yield _idle(results, key)


def _listed(results: Results, one: Conditional) -> AssumptionRow:
    typed, law = results.case.assumptions.listed_use, results.basis.base.law
    lines, trade = covered(results.portfolio, one.lines)
    effect = (
        _("Decides over US$ {value} m of goods listed by use; the rest pays the duty.")
        if one.is_exemption
        else _("Decides over US$ {value} m of goods listed by use; the rest falls to the duty after it.")
    )
    by_default = (
        _("No statistics by use: all of the goods are taken as listed.")
        if one.assumed
        else _("No statistics by use: none of the goods are taken as listed.")
    )
    return AssumptionRow(
        id=f"list:{one.key}",
        section=Section.LISTS,
        target=Target.LISTED,
        key=one.key,
        title=_title(law, one.duties, one.conditions, is_exemption=one.is_exemption, assumed=one.assumed),
        value=typed.get(one.key, Decimal(int(default_share(one.key)))),
        unit=_("% of value"),
        effect=effect.format(value=format_number(trade / 1e6)),
        source=_("Set in the case.") if one.key in typed else by_default,
        is_default=one.key not in typed,
        is_uncertain=one.key not in typed,
        lines=lines,
        trade=trade,
    )


def _idle(results: Results, key: str) -> AssumptionRow:
    """A share that the case holds for a list which asks nothing of these goods on the day shown."""
    base, (name, _sign, condition) = results.basis.base, key.partition(":")
    duties, is_exemption = coverage.duties_of(base, name)
    asked = [condition] if condition else sorted(set(base.law.lists[name].condition) - {""})
    return AssumptionRow(
        id=f"list:{key}",
        section=Section.LISTS,
        target=Target.LISTED,
        key=key,
        title=_title(base.law, duties, asked, is_exemption=is_exemption, assumed=not condition),
        value=results.case.assumptions.listed_use[key],
        unit=_("% of value"),
        effect=nothing_concerned(),
        source=_("Set in the case."),
        is_default=False,
        is_uncertain=False,
        lines=0,
        trade=0.0,
    )


def _title(
    law: Law, duties: Sequence[str], conditions: Sequence[str], *, is_exemption: bool, assumed: bool = True
) -> str:
    words = {
        (False, True): _("{duty}: part of the goods that counts ({condition})"),
        (True, True): _("{duty}: part of the goods that is exempt ({condition})"),
        (False, False): _("{duty}: goods that count only where it is stated ({condition})"),
        (True, False): _("{duty}: goods exempt only where it is stated ({condition})"),
    }
    return words[is_exemption, assumed].format(
        duty=", ".join(str(law.duties[name].title) for name in duties),
        condition=", ".join(str(law.file.conditions[name].title) for name in conditions),
    )
