"""Why this rate? for a line of the portfolio: the parts it consists of, under one scenario on the as-of date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from core.case import Column1Use, TradeOverride
from core.codes import format_code
from core.errors import InputError
from core.i18n import _
from core.law_coverage import coverage_note
from core.preference_words import default_source, preference_warnings
from core.quantities import format_number, format_percent
from core.reference.pack import Pack
from core.results import Portfolio, Results, Step, Trace
from core.scenario import Plan
from core.tariff import column1
from core.tariff.doubts import OtherReading, alternatives, doubts, reading_text
from core.tariff.duty import DayCharges, charges
from core.tariff.explain import LineView, duty_steps
from core.tariff.goods import Goods

_SAME = 1e-9


def explain_line(results: Results, pack: Pack, code: str, letter: str) -> Trace:
    """The trace of a statistical line (ten digits), or of the largest one under a shorter code.

    Raises InputError when the partner shipped nothing under the code, KeyError for an unknown scenario.
    """
    lines = np.flatnonzero(np.char.startswith(results.portfolio.codes, code))
    if not len(lines):
        raise InputError(_("There was no trade under {code} in the base year.").format(code=format_code(code)))
    line = int(lines[np.argmax(results.portfolio.value[lines])])
    evaluation = results.evaluation(letter)
    plan = Plan(results.basis.base, evaluation.scenario.changes)
    goods = one_line(results.basis.goods, line)
    view = _view(plan, charges(plan, goods, evaluation.on), results, goods, line)
    portfolio = results.portfolio
    return Trace(
        code=str(portfolio.codes[line]),
        description=str(pack.names.of_line(str(portfolio.codes[line]))),
        letter=letter,
        on=evaluation.on,
        known=results.case.known_to,
        steps=(*_column1_steps(results, pack, line), *duty_steps(view)),
        total=float(evaluation.total[line]),
        value=float(portfolio.value[line]),
        duty=float(evaluation.duties[line]),
        others=tuple(
            (other.scenario.letter, float(other.total[line]), float(other.duties[line]))
            for other in results.evaluations
            if other.scenario.letter != letter
        ),
        warnings=(*_warnings(results, pack, line, len(lines)), *_law_doubts(results, view, line)),
    )


def one_line(goods: Goods, line: int) -> Goods:
    """One line of the goods as goods of their own."""
    pick = slice(line, line + 1)
    return replace(
        goods,
        codes=goods.codes[pick],
        mfn_rate=goods.mfn_rate[pick],
        preferential_rate=goods.preferential_rate[pick],
        metal_share={metal: share[pick] for metal, share in goods.metal_share.items()},
        groups={name: mask[pick] for name, mask in goods.groups.items()},
        _rows={},
        kept={},
    )


def _view(plan: Plan, day: DayCharges, results: Results, goods: Goods, line: int) -> LineView:
    """The line with its parts; only the one that there is where the law tells them apart and all or none claims."""
    used, claimed, unclaimed = float(results.portfolio.utilisation[line]), goods.preferential_rate, goods.mfn_rate
    if results.case.assumptions.column_1_for_totals is Column1Use.WEIGHTED:
        claimed = unclaimed = used * claimed + (1 - used) * unclaimed
        if day.claimed is None:
            return LineView(plan, day, 0, ((1.0, unclaimed),))
    if day.claimed is not None and used == 1:
        return LineView(plan, day.claimed, 0, ((1.0, claimed),))
    if day.claimed is not None and used == 0:
        return LineView(plan, replace(day, claimed=None), 0, ((1.0, unclaimed),))
    return LineView(plan, day, 0, ((used, claimed), (1 - used, unclaimed)))


def _column1_steps(results: Results, pack: Pack, line: int) -> list[Step]:
    portfolio, code = results.portfolio, str(results.portfolio.codes[line])
    mfn = column1.general(pack.schedule, code, None)
    steps = [Step(_("Column 1 General"), mfn.note, _known(portfolio.mfn_rate[line]), True, uncertain=mfn.equivalent)]
    claims = portfolio.claims
    programmes = claims.programmes if claims is not None else ()
    special = column1.special(pack.schedule, code, programmes, None)
    if special is not None and portfolio.utilisation[line] > 0:
        steps.append(_preference_step(portfolio, line, special.note))
    elif special is not None and special.lacks:
        steps.append(Step(_("Preference"), f"{special.note} · {special.lacks}", None, False, uncertain=True))
    return steps


def _preference_step(portfolio: Portfolio, line: int, note: str) -> Step:
    used = float(portfolio.utilisation[line])
    saved = used * float(portfolio.preferential_rate[line] - portfolio.mfn_rate[line])
    return Step(
        title=_("Preference claimed on {share} of value").format(share=format_percent(used, 1)),
        detail=f"{note} · {_use_source(portfolio, line)}",
        rate=_known(saved),
        charged=True,
        uncertain=not portfolio.utilisation_inferred[line],
    )


def _use_source(portfolio: Portfolio, line: int) -> str:
    claims = portfolio.claims
    if claims is not None and claims.collected[line]:
        return _("duty paid in {year} stands for it").format(year=portfolio.year)
    if portfolio.utilisation_inferred[line]:
        return _("share implied by duty paid in {year}").format(year=portfolio.year)
    default = claims.default(line) if claims is not None else None
    source = default_source(default, portfolio.year) if default is not None else ""
    return " · ".join(part for part in (_("default share, not implied by data"), source) if part)


def _law_doubts(results: Results, view: LineView, line: int) -> Iterator[str]:
    """Readings of ambiguous law that would give another figure, and what is uncertain about the law used."""
    plan, on, goods = view.plan, view.day.on, one_line(results.basis.goods, line)
    shown = view.total()
    for question, reading, law in alternatives(plan.base, on):
        read = Plan(law, plan.changes)
        total = _view(read, charges(read, goods, on), results, goods, line).total()
        if abs(total - shown) > _SAME:
            other = OtherReading(question, reading, total, total, total)
            yield _("Uncertain: {text}").format(text=reading_text(other, format_percent(total, 2)))
    for text in doubts(plan.base, view.day, view.line):
        yield _("Uncertain: {text}").format(text=text)


def _known(rate: float) -> float | None:
    return None if np.isnan(rate) else float(rate)


def _warnings(results: Results, pack: Pack, line: int, count: int) -> tuple[str, ...]:
    portfolio, found = results.portfolio, []
    if (figure := portfolio.own.figures.get(line)) is not None:
        found.append(_own_figure(figure, portfolio.own.pack_values[line]))
    if count > 1:
        found.append(_("The largest of {count} statistical lines under this code.").format(count=count))
    if portfolio.is_equivalent[line]:
        found.append(
            _("Uncertain: column 1 is a specific rate, shown as an ad valorem equivalent inferred from duty collected.")
        )
    if portfolio.utilisation[line] > 0:
        found.append(_utilisation_warning(portfolio, line))
    if results.basis.metal_missing[line]:
        found.append(_("Uncertain: no figure for the metal share of this line; the whole value is taken."))
    base = results.basis.base
    if note := coverage_note(pack.law, base.partner, base.member_of, base.known):
        found.append(note)
    found.extend(preference_warnings(pack, pack.partners.get(base.partner), results.case.as_of, base.known))
    found.extend(_conditional(results, pack, line))
    return tuple(found)


def _own_figure(figure: TradeOverride, before: float) -> str:
    """Whose value it is, and what the pack has."""
    text = _("The value is the delegation's own figure for {year}, source: {source}.").format(
        year=figure.year, source=figure.source or _("not stated")
    )
    if np.isnan(before):
        return text + " " + _("The reference data have no trade under this code.")
    return text + " " + _("The reference data have US$ {value}.").format(value=format_number(before))


def _utilisation_warning(portfolio: Portfolio, line: int) -> str:
    if portfolio.utilisation_inferred[line]:
        return _("Uncertain: the share that claims the preference is inferred from duty paid, not reported.")
    return _("Uncertain: no data on the share that claims the preference; the default is used.")


def _conditional(results: Results, pack: Pack, line: int) -> list[str]:
    """Lists on which the line stands only if a condition holds: which reading was taken."""
    base, code, found = results.basis.base, results.basis.goods.codes[line : line + 1], []
    for terms in base.lines:
        scope = pack.law.lists.get(terms.list_name)
        if scope is None or terms.at(results.case.as_of) is None:
            continue
        row = int(scope.match(code, scope.active(results.case.as_of, base.known))[0])
        if row >= 0 and scope.condition[row]:
            found.append(
                _condition_text(pack, base.law.duties[terms.duty].title, scope.condition[row], scope.assumed[row])
            )
    return found


def _condition_text(pack: Pack, duty: object, condition: str, assumed: object) -> str:
    asked = pack.law.file.conditions[condition].title
    if assumed:
        return _("Uncertain: {duty} only if {condition}; all of the line is counted in.").format(
            duty=duty, condition=asked
        )
    return _("Uncertain: {duty} only if {condition}; none of the line is counted in.").format(
        duty=duty, condition=asked
    )
