"""Sources: the instruments at work on these goods and the data files, as far as they were known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from core.briefing.plan import SOURCES, Brief
from core.briefing.words import coverage
from core.briefing.writer import Value
from core.i18n import _
from core.quantities import NOT_APPLICABLE, format_date
from core.reference.law import Instrument

HEAD_ROW: Final = 3
_WIDTHS: Final = (32, 52, 18, 34, 60)


def write_sources(brief: Brief) -> None:
    """The sheet."""
    sheet, case = brief.sheet(SOURCES), brief.case
    sheet.title(
        _("Sources"),
        _("Law and data known on {date}; reference pack, edition {edition}.").format(
            date=format_date(case.known_to), edition=brief.pack.manifest.edition
        ),
    )
    sheet.put(2, 0, _("Legal instruments behind the rates, in the order of their release"), "heading")
    own = _instruments(brief)
    row = _table(brief, HEAD_ROW, own)
    row = _coverage(brief, row + 1)
    others = _known(brief, set(brief.places.others_law) - {item.id for item in own})
    if others:
        sheet.put(row + 1, 0, _("Further instruments behind the measures of other partners"), "heading")
        row = _table(brief, row + 2, others)
    _files(brief, row + 1)
    sheet.widths(*_WIDTHS)
    sheet.finish(freeze=(2, 0))


def _table(brief: Brief, row: int, instruments: Iterable[Instrument]) -> int:
    """One instrument a row under its heads; gives the first row below."""
    sheet = brief.sheet(SOURCES)
    for column, text in enumerate((_("Instrument"), _("Title"), _("Released"), _("Kind"), _("Citation"))):
        sheet.put(row, column, text, "head")
    for instrument in instruments:
        row += 1
        values: list[Value] = [str(instrument.short), str(instrument.title), instrument.released]
        values += [instrument.kind_label, instrument.citation]
        for column, value in enumerate(values):
            sheet.put(row, column, value or None, "wrap", align="left")
        sheet.fit(row, *((str(value), width) for value, width in zip(values, _WIDTHS, strict=True)))
    return row + 1


def _coverage(brief: Brief, row: int) -> int:
    """How far the pack holds the law on the case's goods."""
    sheet, partner = brief.sheet(SOURCES), brief.pack.partners.get(brief.case.partner)
    text = coverage(brief.pack.law, partner, brief.model)
    sheet.put(row, 0, _("Law in the pack on goods of {partner}").format(partner=partner.name), "heading")
    sheet.raw.merge_range(row + 1, 0, row + 1, len(_WIDTHS) - 1, "", brief.book.style("wrap"))
    sheet.put(row + 1, 0, text, "wrap")
    sheet.fit(row + 1, (text, sum(_WIDTHS)))
    return row + 2


def _instruments(brief: Brief) -> list[Instrument]:
    """Those that made a measure or a list what it is on these goods."""
    base = brief.model.results.basis.base
    names = {name for state in base.states.values() for name, _day in state.made_by}
    for name in base.list_names():
        names.update(base.law.lists[name].instrument)
    return _known(brief, names)


def _known(brief: Brief, names: Iterable[str]) -> list[Instrument]:
    """The instruments of these ids that anyone could know, in the order of their release."""
    every = brief.pack.law.instruments
    found = [every[name] for name in names if name in every]
    return sorted(
        (item for item in found if item.released <= brief.case.known_to), key=lambda item: (item.released, item.id)
    )


def _files(brief: Brief, row: int) -> None:
    sheet, own = brief.sheet(SOURCES), brief.model.portfolio.own
    sheet.put(row, 0, _("Data"), "heading")
    for column, text in enumerate((_("File"), _("Source"), _("Period or edition"), _("Counted as"), _("Licence"))):
        sheet.put(row + 1, column, text, "head")
    row += 2
    for info in brief.pack.manifest.files.values():
        if info.is_known(brief.case.known_to):
            concept = f"{info.concept}; {info.unit}" if info.unit else info.concept
            texts = (info.title, info.source, info.date, concept, info.licence)
            for column, text in enumerate(texts):
                sheet.put(row, column, text or None, "wrap")
            sheet.fit(row, *zip(texts, _WIDTHS, strict=True))
            row += 1
    if own:
        counted = _("{count} statistical lines; US$").format(count=len(own.figures))
        years = ", ".join(map(str, own.years))
        texts = (_("Trade figures in the place of these"), own.words, years, counted, NOT_APPLICABLE)
        for column, text in enumerate(texts):
            sheet.put(row, column, text, "wrap")
        sheet.fit(row, *zip(texts, _WIDTHS, strict=True))
