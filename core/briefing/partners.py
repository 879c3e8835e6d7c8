"""Partners: what the largest suppliers of each item group pay on the same goods as the case's partner, by scenario.

Rates of other partners come from the engine and are values; differences and the scenario shown are formulas.
"""

from __future__ import annotations

from typing import Any, Final

from core.briefing import look
from core.briefing.partner_words import SHOWN, because_words
from core.briefing.plan import PARTNERS, Brief
from core.briefing.words import coverage, us_content
from core.briefing.writer import absolute, column_name, literal
from core.i18n import _
from core.law_coverage import level_words
from core.quantities import format_date
from core.reference.law import CoverageLevel, Measure
from core.reference.partners import Partner
from core.reference.trade import IMPORTS_FILE
from core.rivals.by_group import GroupBook, GroupTerms, named_partners
from core.rivals.rate_book import RateBook
from core.tariff.measures import MeasureState

NAME, VALUE, TOTAL, DIFFERENCE, BECAUSE, LEVEL, FIRST = range(7)
LARGEST: Final = 6
CHOICE_ROW: Final = 4
CAPTION_ROW: Final = 6
HEAD_ROW: Final = 7
_WIDTHS: Final = (30, 11, 10, 11, 80, 10)
_NUMBER: Final = 9.5
_CAPTION: Final = 24  # over the columns of all scenarios together


def write_partners(brief: Brief) -> None:
    """The sheet: one table for the first day, one for the last."""
    book = RateBook(brief.case, brief.pack)
    views = dict.fromkeys((brief.model.views[0], brief.model.views[-1]))
    page = _Page(brief, book)
    page.top()
    page.heads()
    row = HEAD_ROW + 1
    for view in views:
        row = page.table(row, GroupBook(book, view.on))
        page.breaks.append(row)
    row = page.coverage(row + 1)
    page.finish(page.sources(row + 1))


class _Page:
    """The sheet in the making, with what its parts leave for each other."""

    def __init__(self, brief: Brief, book: RateBook) -> None:
        self.brief, self.book, self.case, self.law = brief, book, brief.case, brief.pack.law
        self.sheet, self.scenarios = brief.sheet(PARTNERS), brief.case.scenarios
        self.home = str(book.home.name)
        self.shown: dict[str, Partner] = {book.home.iso2: book.home}
        self.measures: dict[str, MeasureState] = {}
        self.breaks: list[int] = []
        count = len(self.scenarios)
        # Columns of the first scenario. ours: of the case's partner on the goods for which both have a number.
        self.totals, self.differences, self.ours, self.because = (FIRST + block * count for block in range(4))

    def top(self) -> None:
        """What is compared, as of when, and the scenario shown."""
        sheet, case = self.sheet, self.case
        note = _("Goods of {partner} beside the same goods of others; law known to {known}.")
        sheet.title(_("Partners"), note.format(partner=self.home, known=format_date(case.known_to)))
        lines = (
            _(
                "Rates are means over the imports from {partner}, so that only terms differ. Difference: {partner} "
                "less the other partner; above zero, {partner} pays more."
            ),
            _(
                "Grey cells are values of the duty engine of Parley, reference pack {edition}, as exported: they do "
                "not follow the inputs of other sheets."
            ),
        )
        for row, text in enumerate(lines, start=2):
            sheet.put(row, NAME, text.format(partner=self.home, edition=self.brief.pack.manifest.edition), "note")
        letters = [scenario.letter for scenario in self.scenarios]
        sheet.put(CHOICE_ROW, NAME, _("Scenario shown"), "heading")
        sheet.put(CHOICE_ROW, VALUE, letters[0], "input_right", bold=True)
        sheet.choice(CHOICE_ROW, VALUE, letters, _("Choose a scenario."))
        text = _("in columns {first} to {last}; every scenario stands to the right")
        columns = {"first": column_name(TOTAL), "last": column_name(BECAUSE)}
        sheet.put(CHOICE_ROW, TOTAL, text.format(**columns), "note", valign="vcenter", indent=1)
        # Its place among the scenarios, where the texts of all of them stand: beyond what is printed.
        listed = ",".join(literal(letter) for letter in letters)
        text = f"MATCH({absolute(CHOICE_ROW, VALUE)},{{{listed}}},0)"
        sheet.formula(CHOICE_ROW, self.because, text, 1, "muted", "0", align="left")
        self.pick = absolute(CHOICE_ROW, self.because)

    def heads(self) -> None:
        """Those of both tables, repeated on every page."""
        sheet, year = self.sheet, self.brief.model.portfolio.year
        for column, text in (
            (self.totals, _("Total on the same goods, %")),
            (self.differences, _("Difference, % points")),
            (self.ours, _("{partner}, lines with a number for both, %").format(partner=self.home)),
            (self.because, _("What makes the largest difference")),
        ):
            sheet.put(CAPTION_ROW, column, text, "note", valign="vcenter")
        sheet.raw.set_row(HEAD_ROW, 44)
        largest = _("What makes the largest difference: {partner} against the other partner").format(partner=self.home)
        for column, text, role in (
            (NAME, _("Item group · partner"), "head"),
            (VALUE, _("Imports {year}\nUS$ m").format(year=year), "head_right"),
            (TOTAL, _("Total\n%"), "head_right"),
            (DIFFERENCE, _("Difference\n% points"), "head_right"),
            (BECAUSE, largest, "head"),
            (LEVEL, _("Law in\nthe pack"), "head"),
        ):
            sheet.put(HEAD_ROW, column, text, role, indent=int(column == BECAUSE))
        for place, scenario in enumerate(self.scenarios):
            chip = look.chip(scenario.letter)
            name = f"{scenario.letter}\n{scenario.name}"
            sheet.put(HEAD_ROW, self.totals + place, name, "head_right", **chip, font_size=9)
            for block in (self.differences, self.ours):
                sheet.put(HEAD_ROW, block + place, scenario.letter, "head_right", **chip)
            left = {**chip, "align": "left"}
            sheet.put(HEAD_ROW, self.because + place, scenario.letter, "head", **left)

    # One day

    def _entry(self, groups: GroupBook) -> str:
        return _("Entry on {date}").format(date=format_date(groups.on))

    def table(self, row: int, groups: GroupBook) -> int:
        """A table from this row on; gives the first row below it."""
        suppliers = groups.suppliers(LARGEST, named_partners(self.scenarios))
        value = [groups.terms(self.book.home.iso2, self.scenarios[0], n).value for n in range(len(suppliers))]
        self.sheet.put(row, NAME, self._entry(groups), "heading")
        first = row = row + 1
        for place in sorted(range(len(suppliers)), key=lambda place: -value[place]):
            row = self._group(row, groups, place, suppliers[place])
        for column, count in ((DIFFERENCE, 1), (self.differences, len(self.scenarios))):
            self.sheet.quiet_zero(first, column, row - 1, column + count - 1, SHOWN)
        return row

    def _group(self, row: int, groups: GroupBook, place: int, rivals: list[str]) -> int:
        """One group: its head, the case's partner, then the others; gives the first row below."""
        sheet = self.sheet
        sheet.blank(row, NAME, self.because + len(self.scenarios) - 1, "group")
        sheet.put(row, NAME, str(self.case.groups[place].name), "group")
        sheet.put(row, VALUE, float(groups.world[place]), "group", look.MILLIONS)
        sheet.put(row, self.totals, self._entry(groups), "group", bold=False, font_color=look.MUTED)
        if groups.ships_none[place]:
            note = _("weighed by the imports from all partners: {partner} ships none").format(partner=self.home)
            sheet.put(row, BECAUSE, note, "group", bold=False, indent=1)
        for step, code in enumerate((self.book.home.iso2, *rivals), start=1):
            terms = [groups.terms(code, scenario, place) for scenario in self.scenarios]
            self._partner(row + step, terms)
        return row + len(rivals) + 2

    def _partner(self, row: int, terms: list[GroupTerms]) -> None:
        """The row of a partner: what is chosen above, then every scenario."""
        sheet, partner = self.sheet, terms[0].partner
        is_home = partner is self.book.home
        self.shown.setdefault(partner.iso2, partner)
        bold: dict[str, Any] = {"bold": True} if is_home else {}
        level = self.law.coverage_level(partner.iso2, partner.union)
        sheet.put(row, NAME, str(partner.name), "cell", indent=1, **bold)
        sheet.put(row, VALUE, terms[0].value, "cell", look.MILLIONS, **bold)
        role = "uncertain" if level is CoverageLevel.PARTIAL else "muted"
        sheet.put(row, LEVEL, level_words(level), role, valign="vcenter")
        texts = [self._because(found, is_home) for found in terms]
        for place, found in enumerate(terms):
            sheet.put(row, self.totals + place, found.total, "model", look.RATE_TWO)
            self._difference(row, place, found, is_home)
            sheet.put(row, self.because + place, texts[place], "muted")
        gap = None if is_home else terms[0].gap
        sheet.formula(row, TOTAL, self._chosen(row, self.totals), terms[0].total, "cell", look.RATE_TWO, **bold)
        sheet.formula(row, DIFFERENCE, self._chosen(row, self.differences), gap, "cell", look.RATE_CHANGE_TWO, **bold)
        text = self._chosen(row, self.because)
        sheet.formula(row, BECAUSE, text, texts[0], "cell", align="left", indent=1, text_wrap=True)
        sheet.fit(row, *((text, _WIDTHS[BECAUSE] - 2) for text in texts))

    def _difference(self, row: int, place: int, found: GroupTerms, is_home: bool) -> None:
        """Of one scenario, over the goods for which both have a number."""
        sheet, column = self.sheet, self.differences + place
        if is_home:
            sheet.put(row, column, None)
            sheet.put(row, self.ours + place, None, "model")
            return
        sheet.put(row, self.ours + place, found.ours, "model", look.RATE_TWO)
        theirs, ours = absolute(row, self.totals + place), absolute(row, self.ours + place)
        text = f"IF(AND(ISNUMBER({ours}),ISNUMBER({theirs})),{ours}-{theirs},{literal(_('n/a'))})"
        sheet.formula(row, column, text, found.gap, "cell", look.RATE_CHANGE_TWO)

    def _chosen(self, row: int, first: int) -> str:
        """The cell of the scenario chosen above, of a block that begins with this column."""
        return f"INDEX({absolute(row, first)}:{absolute(row, first + len(self.scenarios) - 1)},{self.pick})"

    def _because(self, found: GroupTerms, is_home: bool) -> str:
        """What makes the difference; the measures behind it are for what stands below the tables."""
        for side in (found.largest.ours, found.largest.theirs) if found.largest is not None else ():
            if side.measure is not None and not side.by_scenario:
                self.measures.setdefault(side.measure.measure.id, side.measure)
        return because_words(self.law, found, is_home=is_home)

    # Below the tables

    def coverage(self, row: int) -> int:
        """How far the pack holds the law on the partners shown, and what is missing; gives the first row below."""
        self.sheet.put(row, NAME, _("How far the pack holds the law on their goods"), "heading")
        for step, partner in enumerate(self.shown.values(), start=1):
            self._wide(row + step, str(partner.name), coverage(self.law, partner, self.brief.model))
        return row + len(self.shown) + 1

    def sources(self, row: int) -> int:
        """Where values and rates come from; gives the last row."""
        trade, own = self.brief.pack.manifest.files[IMPORTS_FILE], self.brief.model.portfolio.own
        self.sheet.put(row, NAME, _("Source"), "heading")
        law = _("instruments known on {known}, as the sheet of sources names them")
        law = law.format(known=format_date(self.case.known_to))
        use = _("as duty collected shows or as published; what the case assumes holds for {partner} alone")
        rows = [
            (_("Imports"), f"{trade.source}, {trade.date}"),
            *([(_("Values"), own.words)] if own else []),
            (_("Rates"), law),
            (_("Use of preferences"), use.format(partner=self.home)),
            *((str(each.title), _("US content") + " " + us_content(each)) for each in self._charged_on_the_rest()),
        ]
        for step, (name, text) in enumerate(rows, start=1):
            self._wide(row + step, name, text)
        return row + len(rows)

    def _charged_on_the_rest(self) -> list[Measure]:
        """Measures named above that are not charged on US content, of which a share is assumed."""
        named = (state.measure for state in self.measures.values())
        return [each for each in named if each.on_non_us_content and each.us_content_assumed]

    def _wide(self, row: int, name: str, text: str) -> None:
        """A text over the columns behind its name."""
        self.sheet.put(row, NAME, name, "wrap", indent=1)
        self.sheet.raw.merge_range(row, VALUE, row, LEVEL, "", self.brief.book.style("wrap"))
        self.sheet.put(row, VALUE, text, "wrap")
        self.sheet.fit(row, (text, sum(_WIDTHS[VALUE:])), (name, _WIDTHS[NAME] - 2))

    def finish(self, last: int) -> None:
        """Widths, what is printed, and the instruments for the sheet of sources."""
        sheet, count = self.sheet, len(self.scenarios)
        number = max(_NUMBER, _CAPTION / count)
        sheet.widths(*_WIDTHS, *[number] * (3 * count), *[60] * count)
        sheet.raw.print_area(0, 0, last, self.ours - 1)
        sheet.raw.set_h_pagebreaks(self.breaks[:-1])
        made_by = (name for state in self.measures.values() for name, _day in state.made_by)
        self.brief.places.others_law = tuple(dict.fromkeys(made_by))
        sheet.finish(freeze=(HEAD_ROW + 1, 1), repeat=(CAPTION_ROW, HEAD_ROW))
