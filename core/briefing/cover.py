"""Cover: what this is, for whom, from when, and how to read it."""

from __future__ import annotations

from typing import Final

from core.audience import Audience
from core.briefing import look
from core.briefing.barriers import has_barriers
from core.briefing.plan import (
    ASSUMPTIONS,
    BARRIERS,
    COVER,
    ITEMS,
    LINES,
    PARTNERS,
    RATES,
    SOURCES,
    SUMMARY,
    Brief,
)
from core.briefing.words import coverage
from core.i18n import _
from core.quantities import format_date, format_number

_TEXT: Final = 96  # width of the column with the texts


def write_cover(brief: Brief) -> None:
    """The sheet."""
    sheet, case = brief.sheet(COVER), brief.case
    sheet.raw.set_row(1, 34)
    sheet.put(1, 1, str(case.title) or _("Briefing"), "title", font_size=20)
    sheet.put(2, 1, brief.audience.label, "heading", font_color=look.ACCENT)
    sheet.put(3, 1, _audience_words(brief.audience), "note")
    if brief.book.copy_note:
        sheet.put(4, 1, brief.book.copy_note, "heading")
    row = _facts(brief, 6 if brief.book.copy_note else 5)
    row = _scenarios(brief, row + 1)
    row = _contents(brief, row + 1)
    _legend(brief, row + 1)
    sheet.widths(3, 26, _TEXT)
    sheet.finish(pages=1)


def _audience_words(audience: Audience) -> str:
    return {
        Audience.SHAREABLE: _("Holds what may be shown to others: law, data, and what the delegation decided to show."),
        Audience.INTERNAL: _(
            "For the own side: holds positions and states of the talks, no fall-backs and no red lines."
        ),
        Audience.DELEGATION: _("For the delegation alone: holds fall-backs and red lines."),
    }[audience]


def _facts(brief: Brief, row: int) -> int:
    sheet, case, portfolio = brief.sheet(COVER), brief.case, brief.model.portfolio
    partners = brief.pack.partners
    value = format_number(float(portfolio.value.sum()) / 1e9, 2)
    general = format_number(portfolio.general_imports / 1e9, 2)
    trade = _("{year}, imports for consumption US$ {value} bn in chapters 1 to 97, {lines} statistical lines")
    own = [(_("Values"), portfolio.own.words)] if portfolio.own else []
    facts = (
        (_("Goods of"), str(partners.get(case.partner).name)),
        (_("Tariff of"), _("United States") if case.importer == "US" else case.importer),
        (_("Rates as of"), format_date(case.as_of) + _(", US Eastern time")),
        (_("Law known to"), format_date(case.known_to)),
        (_("Law in the pack"), coverage(brief.pack.law, partners.get(case.partner), brief.model)),
        (_("Trade"), trade.format(year=portfolio.year, value=value, lines=f"{len(portfolio.codes):,}")),
        *own,
        (_("For comparison"), _("general imports {year}: US$ {value} bn").format(year=portfolio.year, value=general)),
        (_("Made with"), _("Parley, reference pack edition {edition}").format(edition=brief.pack.manifest.edition)),
    )  # fmt: skip
    for step, (name, text) in enumerate(facts):
        sheet.put(row + step, 1, name, "muted", valign="top")
        sheet.put(row + step, 2, text, "wrap")
        sheet.fit(row + step, (text, _TEXT))
    return row + len(facts)


def _scenarios(brief: Brief, row: int) -> int:
    sheet = brief.sheet(COVER)
    sheet.put(row, 1, _("Scenarios"), "heading")
    for step, scenario in enumerate(brief.model.scenarios, start=1):
        chip = {**look.chip(scenario.letter), "align": "left", "valign": "top"}
        sheet.put(row + step, 1, f"{scenario.letter}  {scenario.name}", "wrap", **chip)
        sheet.put(row + step, 2, str(scenario.summary) or None, "wrap", align="left")
        sheet.fit(row + step, (str(scenario.summary), 92), (str(scenario.name) + "   ", 24))
    return row + len(brief.model.scenarios) + 1


def _contents(brief: Brief, row: int) -> int:
    sheet = brief.sheet(COVER)
    sheet.put(row, 1, _("Sheets"), "heading")
    barriers = _("what is asked, under which rule, and where it stands")
    if not has_barriers(brief):
        barriers = _("none in the pack for this partner")
    contents = (
        (SUMMARY, _("the figures on one page")),
        (RATES, _("duties side by side; changes as inputs; the law's terms; the live model")),
        (ITEMS, _("value, rates and duty by item group")),
        (LINES, _("every statistical line with its column 1, its shares and its total")),
        (PARTNERS, _("what other partners pay on the same goods, and what makes the difference")),
        (BARRIERS, barriers),
        (ASSUMPTIONS, _("shares and switches as inputs; what is uncertain")),
        (SOURCES, _("legal instruments and data with their licences")),
    )
    for step, (name, text) in enumerate(contents, start=1):
        target = brief.sheet(name)
        link = brief.book.style("cell", font_color=look.ACCENT)
        sheet.raw.write_url(row + step, 1, f"internal:{target.quoted}!A1", link, target.name)
        sheet.put(row + step, 2, text)
    return row + len(contents) + 1


def _legend(brief: Brief, row: int) -> None:
    sheet = brief.sheet(COVER)
    sheet.put(row, 1, _("How to read it"), "heading")
    rows = (
        ("input", _("Input"), _("typed by us or assumed; may be changed, everything calculated follows")),
        ("cell", _("Back to Parley"), _("what is changed in the inputs can be read back: File, Import from briefing")),
        ("cell", _("Calculated"), _("formula or fact; locked without a password")),
        ("model", _("Model value"), _("worked out by Parley as exported; does not follow the inputs")),
        ("uncertain", _("Uncertain"), _("inferred or in doubt; the sheet of assumptions says why")),
        ("cell", _("0, – and n/a"), _("zero; not applicable; cannot be had")),
        ("cell", _("added and total"), _("an added rate comes on top of column 1; a total counts column 1 towards it")),
        ("cell", _("Minus, plus"), _("changes against another scenario; money in US$ of the base year, static")),
    )
    for step, (role, name, text) in enumerate(rows, start=1):
        sheet.put(row + step, 1, name, role)
        sheet.put(row + step, 2, text)
