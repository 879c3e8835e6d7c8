"""`parley compare`: what several partners pay on the same goods on a day, and which measure makes the difference."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from core.case import Case, Scenario
from core.casefile import default_case
from core.cli.case_reading import opened, passwords
from core.engine import check_day
from core.errors import InputError
from core.i18n import _
from core.law_coverage import coverage_data, level_words
from core.quantities import NOT_APPLICABLE, format_date, format_number, format_percent, format_rate
from core.reference.pack import Pack, load_pack
from core.rivals.rate_book import RateBook
from core.rivals.side_by_side import (
    COLUMN_1,
    Behind,
    Difference,
    SideBySide,
    Terms,
    code_goods,
    group_goods,
    side_by_side,
)
from core.rivals.words import behind_words, part_title
from core.tariff.goods import Bools
from core.tariff.query import EVERYTHING_KNOWN

BECAUSE = 3  # of the reasons for a difference, as many as are printed


def run(options: argparse.Namespace) -> int:
    """Print the comparison."""
    pack = load_pack()
    case = _case(options)
    on = options.on or case.as_of
    check_day(on, pack)
    book = RateBook(case, pack)
    goods, label = _goods(book, options)
    scenario = _scenario(case, options.scenario)
    found = side_by_side(book, goods, label, scenario, on, _partners(options.partners))
    if options.json:
        print(json.dumps(comparison_data(pack, found), ensure_ascii=False, indent=1))
    else:
        print(comparison_text(pack, found))
    return 0


def _case(options: argparse.Namespace) -> Case:
    """The case named, or the example; with another partner or known day where the command line says so."""
    case = opened(options.case, passwords(options)).case if options.case else default_case()
    known = options.known or (case.known_to if options.case else EVERYTHING_KNOWN)
    return replace(case, partner=(options.partner or case.partner).upper(), known_to=known)


def _goods(book: RateBook, options: argparse.Namespace) -> tuple[Bools, str]:
    if options.code:
        return code_goods(book, options.code), options.code
    wanted = options.group.strip().casefold()
    for group in book.case.groups:
        if wanted in {group.id.casefold(), group.name.en.casefold(), group.name.ko.casefold()}:
            return group_goods(book, group.id), str(group.name)
    raise InputError(
        _("There is no item group '{group}'.").format(group=options.group),
        remedy=_("Choose one of {groups}.").format(groups=", ".join(str(each.name) for each in book.case.groups)),
    )


def _scenario(case: Case, letter: str) -> Scenario:
    found = next((each for each in case.scenarios if each.letter == letter.upper()), None)
    if found is None:
        raise InputError(
            _("There is no scenario {letter}.").format(letter=letter),
            remedy=_("Choose one of {letters}.").format(letters=", ".join(each.letter for each in case.scenarios)),
        )
    return found


def _partners(typed: Sequence[str] | None) -> list[str] | None:
    """Codes with spaces or commas between them."""
    return None if typed is None else [code for text in typed for code in text.replace(",", " ").upper().split()]


# Data and words


def comparison_data(pack: Pack, found: SideBySide) -> dict[str, Any]:
    """Rates are fractions; total: over the partner's own trade, same_goods: over the home partner's."""
    return {
        "goods": found.goods,
        "on": found.on.isoformat(),
        "known": None if found.known == EVERYTHING_KNOWN else found.known.isoformat(),
        "scenario": found.scenario.letter,
        "home": found.home.partner.iso2,
        "base_year": pack.trade.imports(found.home.partner.iso2).year,
        "world_value_usd": found.world,
        "rows": [_row(pack, found, terms) for terms in found.rows],
    }


def _row(pack: Pack, found: SideBySide, terms: Terms) -> dict[str, Any]:
    partner = terms.partner
    return {
        "partner": partner.iso2,
        "name": str(partner.name),
        "value_usd": terms.value,
        "total": _number(terms.own_mix),
        "same_goods": _number(terms.same_mix),
        "difference": _number(found.gap(terms)),
        "parts": dict(terms.parts),
        "because": [_because(pack, each) for each in found.differences(terms)],
        "unrated_share": terms.unrated,
        **coverage_data(pack.law, partner.iso2, partner.union, found.known, found.on),
    }


def _because(pack: Pack, difference: Difference) -> dict[str, Any]:
    return {
        "part": difference.part,
        "name": part_title(pack.law, difference.part),
        "points": difference.points,
        "ours": _behind_id(difference.ours),
        "theirs": _behind_id(difference.theirs),
    }


def _behind_id(behind: Behind) -> str | None:
    if behind.by_scenario:
        return "scenario"
    return behind.measure.measure.id if behind.measure is not None else None


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def comparison_text(pack: Pack, found: SideBySide) -> str:
    """A line for each partner, and under each rival what the difference is made of."""
    head = _("{goods}: entry on {date}, scenario {letter}").format(
        goods=found.goods, date=format_date(found.on), letter=found.scenario.letter
    )
    lines = [head, *_terms_lines(pack, found, found.home)]
    for terms in found.rivals:
        lines += _terms_lines(pack, found, terms)
    return "\n".join(lines)


def _terms_lines(pack: Pack, found: SideBySide, terms: Terms) -> list[str]:
    texts = {
        "partner": terms.partner.name,
        "total": _percent(terms.own_mix),
        "same": _percent(terms.same_mix),
        "value": format_number(terms.value / 1e9, 2),
        "home": found.home.partner.name,
        "level": level_words(terms.level),
    }
    if terms is found.home:
        lines = [_("{partner} ({level}): {total}, US$ {value} bn").format(**texts)]
    else:
        words = _("{partner} ({level}): {total} on its own goods, {same} on those of {home}, US$ {value} bn")
        lines = [words.format(**texts)]
        lines += [f"  {text}" for text in because_words(pack, found, terms)]
    if not terms.missing:
        return lines
    return [*lines, "  " + _("not in the pack: {what}").format(what="; ".join(terms.missing))]


def because_words(pack: Pack, found: SideBySide, rival: Terms) -> list[str]:
    """What the difference on the same goods is made of, the largest parts first."""
    gap = found.gap(rival)
    if math.isnan(gap):
        return [_("no number for the same goods")]
    head = _("{home} pays {points} points against it").format(
        home=found.home.partner.name, points=format_rate(gap, 2, plus=True)
    )
    return [
        head,
        *(
            _("  {points} {part}: {ours} against {theirs}").format(
                points=format_rate(each.points, 2, plus=True),
                part=part_title(pack.law, each.part),
                ours=_side(found.home, each.part, each.ours),
                theirs=_side(rival, each.part, each.theirs),
            )
            for each in found.differences(rival)[:BECAUSE]
        ),
    ]


def _side(terms: Terms, part: str, behind: Behind) -> str:
    """The measure behind a part of a partner's rate; column 1 has none, there it is the rate."""
    if part == COLUMN_1:
        return _percent(terms.parts.get(part, 0.0))
    return behind_words(behind)


def _percent(rate: float) -> str:
    return NOT_APPLICABLE if math.isnan(rate) else format_percent(rate, 2)
