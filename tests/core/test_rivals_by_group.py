"""All item groups at once are what one at a time gives: two ways from the same rates to the same table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from msgspec.structs import replace

from core.case import ItemGroup, TradeOverride
from core.casefile import default_case, load
from core.engine import evaluate
from core.locations import resource_path
from core.reference.pack import Pack
from core.rivals.by_group import GroupBook, named_partners
from core.rivals.rate_book import RateBook
from core.rivals.side_by_side import group_goods, largest_suppliers, side_by_side
from core.text import LocalText

DAY = date(2025, 10, 1)


@pytest.fixture(scope="module")
def groups(pack: Pack) -> GroupBook:
    return GroupBook(RateBook(load(resource_path("examples", "japan_us_2025_09.parley")), pack), DAY)


# Scenario A is the law, C changes cars for two others, D sets a total on everything for all.
@pytest.mark.parametrize("letter", ["A", "C", "D"])
def test_the_same_as_one_group_at_a_time(groups: GroupBook, letter: str) -> None:
    book, scenario = groups.book, groups.book.case.scenario(letter)
    for place, group in enumerate(book.case.groups[:8]):
        found = side_by_side(book, group_goods(book, group.id), "", scenario, DAY, ["EU", "MX", "CN", "KR"])
        home = groups.terms("JP", scenario, place)
        assert (home.value, home.total) == pytest.approx((found.home.value, found.home.same_mix), rel=1e-12)
        assert (home.gap, home.largest) == (0.0, None)
        assert groups.world[place] == pytest.approx(found.world, rel=1e-12)
        for rival in found.rivals:
            terms = groups.terms(rival.partner.iso2, scenario, place)
            assert terms.value == pytest.approx(rival.value, rel=1e-12)
            assert (terms.total, terms.gap) == pytest.approx((rival.same_mix, found.gap(rival)), abs=1e-12)
            assert terms.unrated == pytest.approx(rival.same_unrated, abs=1e-12)
            differences = found.differences(rival)
            if not differences:
                assert terms.largest is None
                continue
            assert terms.largest is not None
            assert abs(terms.largest.points) == pytest.approx(abs(differences[0].points), abs=1e-12)
            same = next(each for each in differences if each.part == terms.largest.part)
            assert terms.largest.theirs == same.theirs


def test_suppliers_are_the_largest_and_those_named(groups: GroupBook) -> None:
    """Japan's own goods are compared with others'; a partner named comes on top of the six."""
    book = groups.book
    named = named_partners(book.case.scenarios)
    assert named == ["KR", "MX"]
    for place, codes in enumerate(groups.suppliers(6, named)):
        goods = np.asarray(book.groups == place)
        largest = [code for code in largest_suppliers(book, goods, 7) if code != "JP"][:6]
        assert set(codes) == {*largest, "KR", "MX"}
        shipped = [book.value(book.pack.partners.get(code))[goods].sum() for code in codes]
        assert shipped == sorted(shipped, reverse=True)


def test_the_union_of_the_home_partner_is_not_beside_it(pack: Pack) -> None:
    """Germany beside the European Union would stand beside itself."""
    groups = GroupBook(RateBook(replace(default_case(), partner="DE"), pack), date(2025, 5, 22))
    assert not {"DE", "EU"} & {code for codes in groups.suppliers(6, ["EU"]) for code in codes}


def test_goods_that_nobody_ships_have_no_number_and_say_why(pack: Pack) -> None:
    rest = ItemGroup(id="rest", name=LocalText("Rest"))
    none = ItemGroup(id="none", name=LocalText("None"), prefixes=("9999",))
    case = replace(default_case(), groups=(rest, none))
    groups = GroupBook(RateBook(case, pack), case.as_of)
    terms = groups.terms("JP", case.scenarios[0], 1)
    assert np.isnan(terms.gap)
    assert terms.why == ("no imports of these goods",)
    assert groups.suppliers(6)[1] == []


def test_own_figures_weigh(pack: Pack) -> None:
    """US$ 40 bn of cars instead of what the pack has: all sheets of a workbook speak of the same trade."""
    own = TradeOverride(code="87032301", value=Decimal(40) * 10**9, year=2024)
    case = replace(default_case(), trade=(own,))
    groups = GroupBook(RateBook(case, pack), case.as_of)
    results = evaluate(case, pack)
    place = [group.id for group in case.groups].index("passenger-cars")
    mine = results.portfolio.group_of == place
    terms = groups.terms("KR", case.scenarios[0], place)
    value = results.portfolio.value[mine]
    assert terms.value == pytest.approx(value.sum(), rel=1e-12)
    assert value.sum() > 40e9
    rate = np.nansum(results.evaluation("A").total[mine] * value) / value.sum()
    assert terms.total == pytest.approx(rate, rel=1e-9)
