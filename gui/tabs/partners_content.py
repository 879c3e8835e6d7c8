"""From a comparison of partners to the columns and rows of its table. No widgets here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from core.i18n import _
from core.law_coverage import level_words
from core.quantities import format_percent
from core.reference.law import CoverageLevel, Law
from core.rivals.side_by_side import COLUMN_1, Terms
from core.rivals.words import part_title
from gui.table_spec import Column, Content, Floats, Look, matcher
from gui.tabs.partners_choice import Mix
from gui.tabs.partners_job import Compared

BILLION: Final = 1e-9
MILLION: Final = 1e-6
PER_CENT: Final = 100.0
MOST_DUTIES: Final = 4  # columns of their own; what is left is added up
REST: Final = "rest"
_ONE_LINE: Final = 9  # characters that need no second line
_HEAD: Final = 96  # of a column of a duty, logical pixels
_VISIBLE: Final = 5e-4  # half of the last digit shown
_LEVELS: Final = tuple(CoverageLevel)


@dataclass(frozen=True, eq=False)
class PartnerTable:
    """A comparison as it is shown: over the same goods or over each partner's own."""

    compared: Compared
    mix: Mix
    law: Law

    @cached_property
    def rows(self) -> tuple[Terms, ...]:
        """The case's own partner first, then the others, the largest first."""
        found = self.compared.found
        return (found.home, *sorted(found.rivals, key=lambda terms: -terms.value))

    @cached_property
    def duties(self) -> tuple[str, ...]:
        """Everything but column 1 that makes up a rate of someone here, the largest first."""
        largest: dict[str, float] = {}
        for terms in self.rows:
            for name, mean in self.parts(terms).items():
                if name != COLUMN_1 and abs(mean) >= _VISIBLE:
                    largest[name] = max(largest.get(name, 0.0), abs(mean))
        return tuple(sorted(largest, key=lambda name: -largest[name]))

    @property
    def shown_duties(self) -> tuple[str, ...]:
        """The duties with a column of their own; a single one left over is not worth a column for the rest."""
        return self.duties if len(self.duties) <= MOST_DUTIES + 1 else self.duties[:MOST_DUTIES]

    def rate(self, terms: Terms) -> float:
        """What a partner pays on the goods, a fraction; NaN without a number."""
        return terms.same_mix if self.mix is Mix.SAME else terms.own_mix

    def parts(self, terms: Terms) -> Mapping[str, float]:
        """What its rate is made of."""
        return terms.parts if self.mix is Mix.SAME else terms.own_parts

    def gap(self, terms: Terms) -> float:
        """What the case's partner pays more, a fraction."""
        found = self.compared.found
        return found.gap(terms) if self.mix is Mix.SAME else found.own_gap(terms)

    def row(self, code: str) -> Terms | None:
        """The terms of the partner with this code."""
        return next((terms for terms in self.rows if terms.partner.iso2 == code), None)


def partners_content(table: PartnerTable) -> Content:
    """The whole table."""
    rows = table.rows
    names = [str(terms.partner.name) for terms in rows]
    searched = [f"{t.partner.iso2} {t.partner.name.en} {t.partner.name.ko}".casefold() for t in rows]
    return Content(
        columns=columns(table),
        keys=[terms.partner.iso2 for terms in rows],
        cells={"partner": names, "coverage": [terms.level.value for terms in rows], **_numbers(table)},
        match=matcher(searched),
        notes=_notes(table),
        order={"coverage": np.array([float(_LEVELS.index(terms.level)) for terms in rows])},
        named_by="partner",
        pinned=1,
        inapplicable=_inapplicable(table),
    )


def columns(table: PartnerTable) -> tuple[Column, ...]:
    """Column 1 and the duties add up to the total."""
    return (
        Column("partner", _("Partner"), stretch=True),
        Column("coverage", _("Law"), _("in the pack"), Look.MUTED, width=86, wording=_level, in_sentence=_("law")),
        Column(
            "value",
            _("Imports {year}").format(year=table.compared.year),
            _("US$ m") if _is_small(table) else _("US$ bn"),
            Look.NUMBER,
            decimals=1 if _is_small(table) else 2,
            factor=MILLION if _is_small(table) else BILLION,
            in_sentence=_("imports"),
        ),
        *(_duty_column(table, name) for name in (COLUMN_1, *table.shown_duties)),
        *_rest_column(table),
        Column("total", _("Total"), "%", Look.BAR, 1, PER_CENT, in_sentence=_("total rate")),
        _gap_column(table),
    )


def _is_small(table: PartnerTable) -> bool:
    """Whether billions would say little: a single tariff line, as a rule."""
    return max(terms.value for terms in table.rows) < 1 / BILLION


def _level(stored: str) -> str:
    return level_words(CoverageLevel(stored))


def _duty_column(table: PartnerTable, name: str) -> Column:
    title = part_title(table.law, name)
    return Column(name, two_lines(title), "%", Look.NUMBER, 1, PER_CENT, most_head=_HEAD, tip=title)


def _rest_column(table: PartnerTable) -> tuple[Column, ...]:
    """The smaller duties added up, where there are many."""
    left = table.duties[len(table.shown_duties) :]
    if not left:
        return ()
    tip = "\n".join(part_title(table.law, name) for name in left)
    return (Column(REST, two_lines(_("Other duties")), "%", Look.NUMBER, 1, PER_CENT, most_head=_HEAD, tip=tip),)


def two_lines(title: str) -> str:
    """A long title of several words over two lines of a head, as even as its words allow."""
    if len(title) <= _ONE_LINE:
        return title
    words = title.split()
    breaks = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))]
    return "\n".join(min(breaks, key=lambda pair: max(map(len, pair)))) if breaks else title


def _gap_column(table: PartnerTable) -> Column:
    home = str(table.compared.found.home.partner.name)
    head = _("{partner} pays more").format(partner=home)
    tip = _("The total of {home} less that of the partner in the row: above 0, {home} pays more.").format(home=home)
    return Column("gap", two_lines(head), _("points"), Look.DEVIATION, 1, PER_CENT, plus=True, most_head=_HEAD, tip=tip)


def _numbers(table: PartnerTable) -> dict[str, Sequence[str] | Floats]:
    rows = table.rows
    cells: dict[str, Sequence[str] | Floats] = {
        "value": np.array([terms.value for terms in rows]),
        "total": np.array([table.rate(terms) for terms in rows]),
        "gap": np.array([math.nan, *(table.gap(terms) for terms in rows[1:])]),
    }
    for name in (COLUMN_1, *table.shown_duties):
        cells[name] = np.array([_part(table, terms, (name,)) for terms in rows])
    left = table.duties[len(table.shown_duties) :]
    if left:
        cells[REST] = np.array([_part(table, terms, left) for terms in rows])
    return cells


def _part(table: PartnerTable, terms: Terms, names: Sequence[str]) -> float:
    """What these duties add; no number where the whole rate has none."""
    if math.isnan(table.rate(terms)):
        return math.nan
    return sum(table.parts(terms).get(name, 0.0) for name in names)


def _inapplicable(table: PartnerTable) -> dict[str, frozenset[int]]:
    """The difference to itself; in a partner's own mix, rates of who ships nothing of the goods."""
    ships_none = {place for place, terms in enumerate(table.rows) if table.mix is Mix.OWN and not terms.value}
    rates = dict.fromkeys((COLUMN_1, *table.duties, REST, "total"), frozenset(ships_none))
    return {**rates, "gap": frozenset(ships_none | {0})}


# Why a number is not there, or is not of everything


def _notes(table: PartnerTable) -> dict[str, list[str]]:
    doubts = [number_note(table, terms) for terms in table.rows]
    return {
        "coverage": ["; ".join(terms.missing) or _level(terms.level.value) for terms in table.rows],
        "total": doubts,
        "gap": ["", *doubts[1:]],
    }


def number_note(table: PartnerTable, terms: Terms) -> str:
    """Why there is no number, or of how much of the goods the number is not; "" where it is of all."""
    if table.mix is Mix.OWN and not terms.value:
        return _("Ships nothing of these goods: there is no average of its own.")
    unrated = terms.same_unrated if table.mix is Mix.SAME else terms.unrated
    if unrated <= 0:
        return ""
    why = " ".join(_sentence(reason) for reason in terms.why)
    if math.isnan(table.rate(terms)):
        return " ".join([_("There is no number for these goods."), why]).strip()
    head = _("There is no number for {share} of these goods; it is left out.").format(share=format_percent(unrated, 1))
    return f"{head} {why}".strip()


def _sentence(text: str) -> str:
    """With a capital and a stop, as it stands beside others."""
    return text[:1].upper() + text[1:].removesuffix(".") + "." if text else ""
