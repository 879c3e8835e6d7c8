"""One partner against the case's own, in words: what the difference is made of and what is known. No Qt."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.i18n import _
from core.law_coverage import level_note, level_words
from core.law_words import cited
from core.quantities import format_date, format_number, format_percent, format_rate
from core.reference.law import CoverageLevel
from core.rivals.claims import Claimed
from core.rivals.side_by_side import COLUMN_1, Behind, Terms
from core.rivals.words import behind_words, part_title
from gui.tabs.partners_choice import Mix
from gui.tabs.partners_content import PartnerTable, number_note

BILLION: Final = 1e9
MILLION: Final = 1e6
_SHOWN: Final = 5e-4  # half of the last digit


@dataclass(frozen=True)
class PartWords:
    """One part of both rates, fractions. by: (whose, what sets it) on either side, where anything does."""

    name: str
    ours: float
    theirs: float | None
    by: tuple[tuple[str, str], ...]

    @property
    def points(self) -> float:
        """What the case's partner pays more on this part."""
        return self.ours - (self.theirs or 0.0)

    def texts(self) -> tuple[str, ...]:
        """Ours, theirs and the difference; of the case's own partner its rate alone."""
        if self.theirs is None:
            return (format_rate(self.ours),)
        return format_rate(self.ours), format_rate(self.theirs), format_rate(self.points, plus=True)


@dataclass(frozen=True)
class PartnerWords:
    """All that the side panel tells of a partner. heads: of the columns of numbers. doubt: what makes it uncertain."""

    title: str
    letter: str
    subtitle: str
    finding: str
    heads: tuple[str, ...]
    parts: tuple[PartWords, ...]
    total: PartWords | None
    mix: str
    imports: str
    law_head: str
    law: tuple[str, ...]
    doubt: str

    def as_text(self) -> str:
        """For the clipboard and for screen readers."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from (self.title, self.subtitle)
        if self.finding:
            yield self.finding
        if self.total is not None:
            yield "\t".join([_("Part"), *self.heads])
        for part in self.parts:
            yield "\t".join([part.name, *part.texts()])
            yield from (f"  {whose}: {what}" if whose else f"  {what}" for whose, what in part.by)
        if self.total is not None:
            yield "\t".join([self.total.name, *self.total.texts()])
        yield from filter(None, (self.mix, self.imports, self.law_head, *self.law, self.doubt))


def partner_words(table: PartnerTable, terms: Terms) -> PartnerWords:
    """What is told of one row."""
    found, home = table.compared.found, table.compared.found.home
    is_home = terms is home
    partner, rate = terms.partner, table.rate(terms)
    return PartnerWords(
        title=_("{partner}: {rate}").format(partner=partner.name, rate=format_percent(rate, 1)),
        letter=found.scenario.letter,
        subtitle=_subtitle(table),
        finding="" if is_home else _finding(table, terms),
        heads=("%",) if is_home else (home.partner.iso2, partner.iso2, _("points")),
        parts=() if math.isnan(terms.same_mix) else tuple(_parts(table, terms)),
        total=_total(table, terms),
        mix="" if is_home else _mix(table, terms),
        imports=_imports(table, terms),
        law_head=_("Law in the pack: {level}").format(level=level_words(terms.level)),
        law=tuple(_law_lines(terms)),
        doubt="\n".join(filter(None, _doubts(table, terms))),
    )


def _subtitle(table: PartnerTable) -> str:
    """Which goods, on which day; that the rate is over the partner's own, where it is."""
    found = table.compared.found
    text = _("{goods} · entry on {date}").format(goods=found.goods, date=format_date(found.on))
    return text if table.mix is Mix.SAME else f"{text} · {_('own goods')}"


def _finding(table: PartnerTable, terms: Terms) -> str:
    """The difference in a sentence."""
    found, gap = table.compared.found, table.compared.found.gap(terms)
    names = {"home": found.home.partner.name, "partner": terms.partner.name}
    if math.isnan(gap):
        return _("There is no number for the same goods.")
    if abs(gap) < _SHOWN:
        return _("On the same goods {home} pays as much as {partner}.").format(**names)
    text = (
        _("On the same goods {home} pays {points} points more than {partner}.")
        if gap > 0
        else _("On the same goods {home} pays {points} points less than {partner}.")
    )
    return text.format(points=format_rate(abs(gap)), **names)


def _parts(table: PartnerTable, terms: Terms) -> Iterator[PartWords]:
    """Parts that differ come first, the largest difference on top; then what both pay alike."""
    found, home = table.compared.found, table.compared.found.home
    names = dict.fromkeys((*home.parts, *terms.parts))
    ours = {name: home.parts.get(name, 0.0) for name in names}
    theirs = {name: terms.parts.get(name, 0.0) for name in names}
    ranked = sorted(names, key=lambda name: (-abs(ours[name] - theirs[name]), -ours[name]))
    for name in ranked:
        if name != COLUMN_1 and max(abs(ours[name]), abs(theirs[name])) < _SHOWN:
            continue
        title = part_title(table.law, name)
        if terms is found.home:
            yield PartWords(title, ours[name], None, _one_side(table, home, name))
        else:
            yield PartWords(title, ours[name], theirs[name], _both_sides(table, terms, name))


def _one_side(table: PartnerTable, terms: Terms, name: str) -> tuple[tuple[str, str], ...]:
    what = _behind(table, terms, name)
    return (("", what),) if what else ()


def _both_sides(table: PartnerTable, terms: Terms, name: str) -> tuple[tuple[str, str], ...]:
    """What sets the part for either; said once where it is the same."""
    home = table.compared.found.home
    ours, theirs = _behind(table, home, name), _behind(table, terms, name)
    if ours == theirs:
        return (("", ours),) if ours else ()
    nothing = _("none")
    return ((home.partner.iso2, ours or nothing), (terms.partner.iso2, theirs or nothing))


def _behind(table: PartnerTable, terms: Terms, name: str) -> str:
    """The measure with heading and instruments; the preferences behind column 1; "" for nothing."""
    if name == COLUMN_1:
        return _claimed(table.compared.claims.get(terms.partner.iso2))
    behind = terms.behind.get(name, Behind())
    if name not in terms.parts or (behind.measure is None and not behind.by_scenario):
        return ""
    if behind.by_scenario or behind.measure is None:
        return behind_words(behind)
    measure = behind.measure
    instruments = cited(table.law, measure.setters("rate", "from"))
    return " · ".join(part for part in (behind_words(behind), measure.measure.headings.charged, instruments) if part)


def _claimed(claims: Claimed | None) -> str:
    if claims is None or math.isnan(claims.share):
        return ""
    if not claims.programmes or claims.share < _SHOWN:
        return _("no preference")
    names = ", ".join(str(name) for name in claims.programmes)
    return _("{programmes} on {share} of the value").format(programmes=names, share=format_percent(claims.share, 1))


def _total(table: PartnerTable, terms: Terms) -> PartWords | None:
    home = table.compared.found.home
    if math.isnan(terms.same_mix):
        return None
    return PartWords(_("Total"), home.same_mix, None if terms is home else terms.same_mix, ())


def _mix(table: PartnerTable, terms: Terms) -> str:
    """In a comparison over each partner's own goods: what the mix of goods does beside the terms."""
    if table.mix is Mix.SAME or math.isnan(terms.own_mix) or math.isnan(terms.same_mix):
        return ""
    found = table.compared.found
    text = _(
        "Over each partner's own goods the difference is {all} points: {terms} by the terms, "
        "{mix} because {partner} ships other goods among these."
    )
    return text.format(
        all=format_rate(found.own_gap(terms), plus=True),
        terms=format_rate(found.gap(terms), plus=True),
        mix=format_rate(found.own_gap(terms) - found.gap(terms), plus=True),
        partner=terms.partner.name,
    )


def _imports(table: PartnerTable, terms: Terms) -> str:
    found = table.compared.found
    share = terms.value / found.world if found.world else math.nan
    if terms.value >= BILLION:
        text, value = _("Imports of {year}: US$ {value} bn, {share} of those from all partners"), terms.value / BILLION
    else:
        text, value = _("Imports of {year}: US$ {value} m, {share} of those from all partners"), terms.value / MILLION
    return text.format(year=table.compared.year, value=format_number(value, 2), share=format_percent(share, 1))


def _law_lines(terms: Terms) -> Iterator[str]:
    """How far the law is in the pack, then what is missing."""
    if terms.level is not CoverageLevel.PARTIAL:  # else the amber note says it
        yield level_note(terms.level)
    yield from (_("Missing: {what}.").format(what=what) for what in terms.missing)


def _doubts(table: PartnerTable, terms: Terms) -> Iterator[str]:
    """What stands against taking the numbers as they are."""
    if terms.level is CoverageLevel.PARTIAL:
        yield level_note(terms.level)
    yield number_note(table, terms)
    yield _weights_note(table)
    yield from table.compared.warnings.get(terms.partner.iso2, ())


def _weights_note(table: PartnerTable) -> str:
    if not table.compared.ships_none or table.mix is Mix.OWN:
        return ""
    home = table.compared.found.home.partner.name
    return _("{home} ships none of these goods: they are weighed by the imports from all partners.").format(home=home)
