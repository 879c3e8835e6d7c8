"""Readings of the law: which column 1 counts towards a total, and the texts that can be read in more than one way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from core.assumptions import coverage
from core.assumptions.row import AssumptionRow, Choice, Section, Target, covered
from core.case import Assumptions, Column1Use
from core.engine import average
from core.i18n import _, pgettext
from core.quantities import format_date
from core.reference.law import OpenQuestion
from core.results import Floats, Results
from core.tariff.goods import Bools

_TOLERANCE = 1e-12


def reading_rows(results: Results) -> Iterator[AssumptionRow]:
    """Column 1 for totals, then each open question whose text was out on the known day."""
    yield _column_1(results)
    law, known = results.basis.base.law, results.case.known_to
    for question in law.file.questions:
        if law.instruments[question.instrument].released <= known:
            yield _question(results, question)


def use_words() -> dict[Column1Use, str]:
    """How column 1 can count towards a total, in two or three words."""
    return {
        Column1Use.LINE_BY_LINE: pgettext("column 1", "line by line"),
        Column1Use.WEIGHTED: pgettext("column 1", "weighted by use"),
    }


def _column_1(results: Results) -> AssumptionRow:
    use = results.case.assumptions.column_1_for_totals
    rates = coverage.rates_by_use(results)
    effect = _(
        "Line by line, the part that claims the preference counts its preferential rate and the rest the MFN rate; "
        "weighted, the average of both counts for all."
    )
    lines, trade = covered(results.portfolio, _moved(rates, use.value))
    return AssumptionRow(
        id="column-1",
        section=Section.READINGS,
        target=Target.COLUMN_1,
        key="",
        title=_("Column 1 that counts towards a total"),
        value=use.value,
        unit=_("choice"),
        effect=effect,
        source=_("The instruments speak of the rate of the article entered: line by line."),
        is_default=use is Assumptions().column_1_for_totals,
        is_uncertain=False,
        lines=lines,
        trade=trade,
        choices=tuple(
            Choice(use.value, words, effect, _average(results, rates[use.value])) for use, words in use_words().items()
        ),
    )


def _question(results: Results, question: OpenQuestion) -> AssumptionRow:
    case, law = results.case, results.basis.base.law
    first = question.readings[0].id
    chosen = case.assumptions.readings.get(question.id) or first
    instrument, rates = law.instruments[question.instrument], coverage.rates_by_reading(results, question)
    lines, trade = covered(results.portfolio, _moved(rates, chosen))
    early = _("No effect before {date}.").format(date=format_date(question.from_day))
    choices = tuple(
        Choice(each.id, str(each.title), str(each.effect), _average(results, rates[each.id]))
        for each in question.readings
    )
    return AssumptionRow(
        id=f"reading:{question.id}",
        section=Section.READINGS,
        target=Target.READING,
        key=question.id,
        title=str(question.title),
        value=chosen,
        unit=_("choice"),
        effect=next((choice.effect for choice in choices if choice.id == chosen), ""),
        source=f"{instrument.cite()}, " + _("public since {date}").format(date=format_date(instrument.released)),
        is_default=chosen == first,
        is_uncertain=True,
        lines=lines,
        trade=trade,
        note=early if question.from_day > case.as_of else "",
        doubt=str(question.doubt),
        choices=choices,
    )


def _moved(rates: dict[str, Floats], chosen: str) -> Bools:
    """The lines whose rate would be another under another reading."""
    present = rates.get(chosen, next(iter(rates.values())))
    result: Bools = np.any([np.abs(other - present) > _TOLERANCE for other in rates.values()], axis=0)
    return result


def _average(results: Results, rates: Floats) -> float:
    return average(rates, results.portfolio.value)
