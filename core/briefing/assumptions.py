"""Assumptions: every share and switch behind the sums with unit and source, and what is uncertain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from core.briefing import inputs, look
from core.briefing.inputs import ASSUMPTION, DEFAULT_USE, LABEL, LISTED_USE, USE_OF_COLUMN_1, UTILISATION
from core.briefing.plan import ASSUMPTIONS, Brief
from core.briefing.writer import absolute, literal
from core.case import Column1Use
from core.i18n import _, pgettext
from core.preference_words import default_source, defaults_of
from core.quantities import format_date, format_number, format_percent
from core.tariff.goods import Bools

WHAT, VALUE, UNIT, EFFECT, SOURCE, _NAMES = range(6)
_MARK_ROW: Final = 2
HEAD_ROW: Final = 3
_WIDTHS: Final = (40, 16, 14, 62, 62)


def use_word(use: Column1Use) -> str:
    """How column 1 counts towards a total, in the word that the formula looks for."""
    words = {
        Column1Use.LINE_BY_LINE: pgettext("column 1", "line by line"),
        Column1Use.WEIGHTED: pgettext("column 1", "weighted by use"),
    }
    return words[use]


def write_assumptions(brief: Brief) -> None:
    """The sheet; it leaves the addresses of its inputs."""
    sheet = brief.sheet(ASSUMPTIONS)
    sheet.title(_("Assumptions"), _("Yellow cells are inputs of the live model."))
    sheet.raw.set_row(1, 24)  # the row below it is hidden
    brief.ledger.heads(sheet, _MARK_ROW, _NAMES, ASSUMPTION, {WHAT: LABEL, VALUE: inputs.VALUE})
    heads = (_("Assumption"), _("Value"), _("Unit"), _("What it does"), _("Source"))
    for column, text in enumerate(heads):
        sheet.put(HEAD_ROW, column, text, "head")
    row = _switch(brief, HEAD_ROW + 1)
    row = _uses(brief, row)
    row = _lists(brief, row)
    row = _metals(brief, row)
    row = _readings(brief, row)
    row = _fixed(brief, row)
    _uncertain(brief, row + 1)
    sheet.widths(*_WIDTHS)
    sheet.finish(freeze=(HEAD_ROW + 1, 0), repeat=(HEAD_ROW, HEAD_ROW))


def _line(brief: Brief, row: int, what: str, unit: str, effect: str, source: str) -> None:
    sheet = brief.sheet(ASSUMPTIONS)
    sheet.put(row, WHAT, what, "wrap")
    sheet.put(row, UNIT, unit, "muted_wrap")
    sheet.put(row, EFFECT, effect, "wrap")
    sheet.put(row, SOURCE, source, "wrap")
    sheet.fit(row, (what, _WIDTHS[WHAT]), (effect, _WIDTHS[EFFECT]), (source, _WIDTHS[SOURCE]))


def _name(brief: Brief, row: int, name: str, what: str) -> None:
    """So that what is typed in this row is read back for the right assumption."""
    brief.ledger.row(brief.sheet(ASSUMPTIONS), (row, _NAMES), f"{ASSUMPTION}:{name}", (inputs.VALUE,), label=what)


def _share(brief: Brief, row: int, share: float) -> str:
    """A share as an input; gives its address."""
    sheet = brief.sheet(ASSUMPTIONS)
    sheet.put(row, VALUE, share, "input", look.SHARE, valign="top")
    sheet.between(row, VALUE, 0, 1, _("Type a share between 0 and 100 %."))
    return sheet.at(row, VALUE)


def _switch(brief: Brief, row: int) -> int:
    sheet, use = brief.sheet(ASSUMPTIONS), brief.case.assumptions.column_1_for_totals
    what = _("Column 1 that counts towards a total")
    _name(brief, row, USE_OF_COLUMN_1, what)
    _line(
        brief,
        row,
        what,
        _("choice"),
        _(
            "Line by line, the part that claims the preference counts its preferential rate and the rest the MFN rate; "
            "weighted, the average of both counts for all."
        ),
        _("The instruments speak of the rate of the article entered: line by line."),
    )
    sheet.put(row, VALUE, use_word(use), "input_wrap")
    sheet.choice(row, VALUE, [use_word(one) for one in Column1Use])
    _line(brief, row + 1, _("The same as a number for the formulas"), _("1 = weighted"), "", "")
    text = f"IF({absolute(row, VALUE)}={literal(use_word(Column1Use.WEIGHTED))},1,0)"
    sheet.formula(row + 1, VALUE, text, int(use is Column1Use.WEIGHTED), "cell", "0", valign="top")
    brief.book.name("weighted_column_1", sheet.at(row + 1, VALUE))
    return row + 2


def _uses(brief: Brief, row: int) -> int:
    assumptions = brief.case.assumptions
    unit = _("% of value")
    row = _default_uses(brief, row)
    for prefix, share in sorted(assumptions.utilisation.items()):
        what = _("Use of the preference, {code}").format(code=dotted(prefix))
        _line(brief, row, what, unit, _("Stands over what duty collected implies."), _("Set in the case."))
        _name(brief, row, f"{UTILISATION}:{prefix}", what)
        brief.places.typed_use[prefix] = _share(brief, row, float(share))
        row += 1
    return row


def _default_uses(brief: Brief, row: int) -> int:
    """One share for all programmes, if someone types it; else each programme has its own in the rows below."""
    sheet, portfolio = brief.sheet(ASSUMPTIONS), brief.model.portfolio
    typed = brief.case.assumptions.default_utilisation
    what = _("Use of the preference where duty collected does not show it")
    effect = _("Share of the value that claims the preferential rate, on lines that carry one.")
    by_programme = _("By programme; a share typed here stands for all.")
    _name(brief, row, DEFAULT_USE, what)
    _line(brief, row, what, _("% of value"), effect, _("Set in the case.") if typed is not None else by_programme)
    sheet.put(row, VALUE, None if typed is None else float(typed), "input", look.SHARE, valign="top")
    sheet.between(row, VALUE, 0, 1, _("Type a share between 0 and 100 %."))
    given, used = sheet.at(row, VALUE), defaults_of(portfolio)
    for place, default in enumerate(portfolio.claims.defaults if portfolio.claims is not None else ()):
        if default not in used:
            continue
        row += 1
        what = _("Use of {programme} where duty collected does not show it").format(programme=default.name)
        _line(brief, row, what, _("% of value"), effect, default_source(default, portfolio.year))
        taken = default.share if typed is None else float(typed)
        text = f"IF(ISNUMBER({given}),{given},{default.share!r})"
        sheet.formula(row, VALUE, text, taken, "cell", look.SHARE, valign="top")
        brief.places.default_use[place] = sheet.at(row, VALUE)
    return row + 1


def _lists(brief: Brief, row: int) -> int:
    """The goods that are within a list only for some uses: the range between none and all of them is shown."""
    model = brief.model
    law = model.results.basis.base.law
    for name in sorted({name for kind in model.classes for name in _conditions(brief, kind.claim.lists, kind.place)}):
        scope = law.lists[name]
        asked = sorted({condition for condition in scope.condition if condition})
        words = ", ".join(str(law.file.conditions[c].title) for c in asked if c in law.file.conditions)
        duties = ", ".join(
            str(kind.duty.title) for kind in model.classes if name in _conditions(brief, kind.claim.lists, kind.place)
        )
        what = _("{duty}: part of the goods that counts ({condition})").format(duty=duties, condition=words)
        value = sum(float(model.portfolio.value[_conditional(brief, kind.place, name)].sum()) for kind in model.classes)
        effect = _("Decides over US$ {value} m of goods listed by use; the rest falls to the duty after it.").format(
            value=format_number(value / 1e6)
        )
        typed = name in brief.case.assumptions.listed_use
        source = _("Set in the case.") if typed else _("No statistics by use: all of the goods are taken as listed.")
        _line(brief, row, what, _("% of value"), effect, source)
        share = float(brief.case.assumptions.listed_use.get(name, 1))
        _name(brief, row, f"{LISTED_USE}:{name}", what)
        brief.places.listed_use[name] = _share(brief, row, share)
        row += 1
    return row


def _conditional(brief: Brief, place: int, name: str) -> Bools:
    kind = brief.model.classes[place]
    if name not in kind.claim.lists:
        return np.zeros(len(kind.lines), dtype=np.bool_)
    of_list = kind.claim.lists.index(name)
    rest, claimed = kind.claim.condition == of_list, kind.claimed.condition == of_list
    result: Bools = (kind.lines & rest) | (kind.claiming & claimed)
    return result


def _conditions(brief: Brief, lists: tuple[str, ...], place: int) -> Iterator[str]:
    return (name for name in lists if _conditional(brief, place, name).any())


def _metals(brief: Brief, row: int) -> int:
    sheet = brief.sheet(ASSUMPTIONS)
    for key, share in sorted(brief.case.assumptions.metal_share.items()):
        metal, _separator, prefix = key.partition(":")
        what = _("Share of {metal} in the value, {code}").format(metal=metal, code=dotted(prefix))
        effect = _("Stands over the share from input-output tables; on the Line detail as a number.")
        _line(brief, row, what, _("% of value"), effect, _("Set in the case."))
        sheet.put(row, VALUE, float(share), "cell", look.SHARE, valign="top")
        row += 1
    return row


def dotted(prefix: str) -> str:
    """A code prefix with the usual dots."""
    return ".".join(part for part in (prefix[:4], prefix[4:6], prefix[6:]) if part)


def _readings(brief: Brief, row: int) -> int:
    """How ambiguous law is read in the case, and what speaks for each side."""
    base = brief.model.results.basis.base
    for asked in base.open_questions(brief.case.as_of):
        taken = next(reading for reading in asked.readings if reading.id == base.reading(asked.id))
        others = "; ".join(str(reading.title) for reading in asked.readings if reading is not taken)
        effect = _("{effect} Other readings: {others}.").format(effect=taken.effect, others=others)
        source = f"{base.law.instruments[asked.instrument].cite()}. {asked.doubt}"
        _line(brief, row, str(asked.title), _("choice"), effect, source)
        brief.sheet(ASSUMPTIONS).put(row, VALUE, str(taken.title), "wrap")
        row += 1
    return row


def _fixed(brief: Brief, row: int) -> int:
    """What is assumed but is no cell of the model."""
    year = brief.model.portfolio.year
    fixed = (
        (_("Metal content of derivative articles"), _("on the Line detail"), _("% of value"),
         _("The metal duty falls on this share, the reciprocal duty on the rest; a mill article is all metal, so is an "
           "article whose share is missing."),
         _("Input-output tables; see Sources.")),
        (_("Trade of the base year"), str(year), _("year"),
         _("Imports for consumption at customs value, by statistical line; quantities, prices and demand stay as "
           "they were."),
         _("US Census Bureau; see Sources.")),
        (_("Specific and compound rates"), _("inferred"), _("ad valorem"),
         _("As ad valorem equivalents from duty collected on partners without preference."), _("See Sources.")),
        (_("Goods on the way"), _("none"), "",
         _("Each shipment counts as loaded and entered on the day shown."), ""),
        (_("US content"), _("none"), "", _("No part of the value is freed by US content of 20 % or more."), ""),
    )  # fmt: skip
    sheet = brief.sheet(ASSUMPTIONS)
    for what, value, unit, effect, source in (*fixed, *_us_contents(brief), *_later_preferences(brief)):
        _line(brief, row, what, unit or "–", effect, source or "–")
        sheet.put(row, VALUE, value, "top")
        row += 1
    return row


def _us_contents(brief: Brief) -> Iterator[tuple[str, str, str, str, str]]:
    """Measures that are charged on what is not of the United States: how much is, is assumed."""
    states = (term.state for kind in brief.model.classes for term in kind.terms if term.state is not None)
    for measure in {state.measure.id: state.measure for state in states}.values():
        if measure.on_non_us_content and measure.us_content_assumed:
            share = format_percent(measure.us_content_assumed)
            effect = _("US content, on which {measure} is not charged.").format(measure=measure.title)
            yield _("US content of these goods"), share, _("% of value"), effect, str(measure.us_content_source)


def _later_preferences(brief: Brief) -> Iterator[tuple[str, str, str, str, str]]:
    """Column 1 is a value of the workbook: preferences that come or go on later days are not followed."""
    basis, (first, last) = brief.model.results.basis, brief.model.results.horizon
    regime = basis.column1.regime(brief.case.as_of)
    days = [day for day in basis.column1.days() if first <= day <= last and basis.column1.regime(day) != regime]
    if days:
        yield (
            _("Preferences"),
            _("as on the first day shown"),
            "",
            _("On other days others apply, from {days}; column 1 of the workbook does not follow.").format(
                days=", ".join(format_date(day) for day in days)
            ),
            _("General Notes of the tariff schedule."),
        )


def _uncertain(brief: Brief, row: int) -> None:
    """What is not known for certain, and how much hangs on it."""
    sheet = brief.sheet(ASSUMPTIONS)
    sheet.put(row, WHAT, _("Uncertain"), "heading")
    sheet.put(row + 1, WHAT, _("Point"), "head")
    sheet.put(row + 1, VALUE, _("Value, US$ m"), "head")
    sheet.put(row + 1, UNIT, _("Lines"), "head")
    sheet.put(row + 1, EFFECT, _("What it means"), "head")
    sheet.blank(row + 1, SOURCE, SOURCE, "head")
    for place, (what, lines, effect) in enumerate(_doubtful_lines(brief), start=row + 2):
        sheet.put(place, WHAT, what, "uncertain")
        value = float(brief.model.portfolio.value[lines].sum())
        sheet.put(place, VALUE, value, "uncertain", look.MILLIONS)
        sheet.put(place, UNIT, int(lines.sum()), "uncertain", look.INTEGER)
        sheet.put(place, EFFECT, effect, "uncertain")
        sheet.fit(place, (what, _WIDTHS[WHAT]), (effect, _WIDTHS[EFFECT]))
        row = place
    low, high = brief.model.results.evaluations[0].average_range
    if low != high:
        row += 1
        what = _("Goods listed by use: average rate under the first scenario")
        sheet.put(row, WHAT, what, "uncertain")
        sheet.fit(row, (what, _WIDTHS[WHAT]))
        sheet.put(row, VALUE, f"{format_percent(low, 2)} – {format_percent(high, 2)}", "uncertain")
        sheet.put(row, UNIT, None, "uncertain")
        sheet.put(
            row, EFFECT, _("Were none, or all, of the conditionally listed goods within their lists."), "uncertain"
        )
    for instrument in _doubtful_law(brief):
        row += 1
        sheet.put(row, WHAT, instrument[0], "uncertain")
        sheet.put(row, VALUE, None, "uncertain")
        sheet.put(row, UNIT, None, "uncertain")
        sheet.put(row, EFFECT, instrument[1], "uncertain")
        sheet.fit(row, (instrument[0], _WIDTHS[WHAT]), (instrument[1], _WIDTHS[EFFECT]))


def _doubtful_lines(brief: Brief) -> list[tuple[str, Bools, str]]:
    portfolio, basis = brief.model.portfolio, brief.model.results.basis
    matters = portfolio.mfn_rate != portfolio.preferential_rate
    content = np.zeros(len(portfolio.codes), dtype=np.bool_)
    for kind in brief.model.classes:
        if kind.duty.metal:
            content |= kind.every
    found = [
        (_("Column 1 is an ad valorem equivalent"), portfolio.is_equivalent,
         _("Inferred from duty collected elsewhere.")),
        (_("Use of the preference implied by duty collected"), portfolio.utilisation_inferred & matters,
         _("Taken from the base year, between 0 and 100 %.")),
        (_("Use of the preference assumed"), ~portfolio.utilisation_inferred & matters & brief.model.rated,
         _("The default share above.")),
        (_("Values that are the delegation's own figures"), portfolio.own.mask(len(portfolio.codes)),
         portfolio.own.words),
        (_("Metal share missing"), basis.metal_missing & content, _("The whole value pays the metal duty.")),
        (_("No rate can be had"), ~brief.model.rated, _("In the value, not in rates and duties: shown as n/a.")),
    ]  # fmt: skip
    return [(what, lines, effect) for what, lines, effect in found if lines.any()]


def _doubtful_law(brief: Brief) -> list[tuple[str, str]]:
    """What the pack itself doubts about the instruments at work on these goods."""
    base = brief.model.results.basis.base
    used = dict.fromkeys(name for state in base.states.values() for name, _day in state.made_by)
    known = (base.law.instruments[name] for name in used if name in base.law.instruments)
    return [(item.cite(), str(item.doubt)) for item in known if item.doubt and item.released <= base.known]
