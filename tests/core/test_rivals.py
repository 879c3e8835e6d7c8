"""Partners side by side: all rates from one book, what a difference is made of, and scenarios for others."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from msgspec.structs import replace

from core import edits
from core.case import Case, RateForm, RivalTerms, SetRate, SetTotal
from core.casefile import default_case, load
from core.cli import main
from core.cli.average import average_data
from core.locations import resource_path
from core.reference.pack import Pack
from core.rivals.rate_book import RateBook
from core.rivals.side_by_side import code_goods, group_goods, largest_suppliers, side_by_side

KNOWN = date(2025, 12, 31)
DAY = date(2025, 9, 20)


@pytest.fixture(scope="module")
def case() -> Case:
    return replace(default_case(), known_to=KNOWN)


@pytest.fixture(scope="module")
def book(case: Case, pack: Pack) -> RateBook:
    return RateBook(case, pack)


def mean(rate: np.ndarray, value: np.ndarray) -> float:
    rated = ~np.isnan(rate) & (value > 0)
    return float((rate[rated] * value[rated]).sum() / value[rated].sum())


# One partner at a time (core.portfolio) and all from one book are two ways to the same figure.
@pytest.mark.parametrize("partner", ["KR", "JP", "EU", "DE", "MX", "CA", "CN", "VN", "AU", "NZ"])
@pytest.mark.parametrize("on", [date(2025, 4, 20), DAY, date(2026, 9, 15)])
def test_the_book_agrees_with_the_portfolio(partner: str, on: date, pack: Pack) -> None:
    alone = average_data(pack, partner, on, date(2026, 12, 31))
    book = RateBook(replace(default_case(), known_to=date(2026, 12, 31), partner=partner), pack)
    rates = book.rates(partner, on)
    assert mean(rates.total, book.value(rates.partner)) == pytest.approx(alone["total"], abs=1e-12)


def test_parts_add_up(book: RateBook) -> None:
    for partner in ("MX", "EU", "CN"):
        rates = book.rates(partner, DAY)
        total = rates.column1 + sum(rates.parts.values())
        known = ~np.isnan(rates.total)
        np.testing.assert_allclose(total[known], rates.total[known], atol=1e-12)


def test_cars_in_september_2025(book: RateBook) -> None:
    """Korea 25 (Proc. 10908); Japan and the EU 15 in all (90 FR 44638, 90 FR 46136); UK 7.5 + 2.5 (EO 14309)."""
    goods = group_goods(book, "passenger-cars")
    found = side_by_side(book, goods, "cars", book.case.scenarios[0], DAY, ["JP", "EU", "GB"])
    # Some lines of the group are free or not on the list; petrol cars make up nearly all of it.
    assert found.home.same_mix == pytest.approx(0.25, abs=2e-4)
    assert [terms.same_mix for terms in found.rivals] == pytest.approx([0.15, 0.15, 0.10], abs=2e-4)
    first, second = found.differences(found.rivals[0])[:2]
    assert (first.part, first.ours.measure.measure.id, first.theirs.measure.measure.id) == (
        "autos", "autos_25", "jp_autos_15",
    )  # fmt: skip
    assert (first.points, second.points) == pytest.approx((0.125, -0.025), abs=2e-4)


def test_differences_add_up_to_the_gap(book: RateBook) -> None:
    goods = group_goods(book, "steel")
    found = side_by_side(book, goods, "steel", book.case.scenarios[0], date(2025, 4, 20))
    for rival in found.rivals:
        assert sum(each.points for each in found.differences(rival)) == pytest.approx(found.gap(rival), abs=2e-5)


def test_the_largest_suppliers_of_cars(book: RateBook) -> None:
    """Imports for consumption of 2024, Census: EU, Mexico, Japan, Korea, Canada ship most cars."""
    goods = group_goods(book, "passenger-cars")
    assert largest_suppliers(book, goods, 5) == ["EU", "MX", "JP", "KR", "CA"]


def test_knowing_less_is_paying_more(case: Case, pack: Pack) -> None:
    """Japan's notice was posted on 15 September 2025: who knows the law only to the 14th still sees 27.5 %."""
    earlier = RateBook(replace(case, known_to=date(2025, 9, 14)), pack)
    goods = code_goods(earlier, "87032301")
    before = side_by_side(earlier, goods, "", case.scenarios[0], DAY, ["JP"]).rivals[0]
    after_book = RateBook(case, pack)
    after = side_by_side(after_book, goods, "", case.scenarios[0], DAY, ["JP"]).rivals[0]
    assert (before.same_mix, after.same_mix) == pytest.approx((0.275, 0.15))


class TestScenariosForOthers:
    @pytest.fixture
    def with_terms(self, case: Case) -> Case:
        """Japan's cars at 12.5 % in all; 15 % in all for everyone else, us included."""
        cars = SetRate(start=DAY, duty="autos", rate=Decimal("0.125"), form=RateForm.TOTAL)
        every = SetTotal(start=DAY, rate=Decimal("0.15"))
        case = edits.add_rival_terms(case, "B", RivalTerms(partners=("*", "-JP"), change=every))
        case = edits.add_rival_terms(case, "B", RivalTerms(partners=("JP",), change=cars))
        return edits.add_change(case, "B", every)

    def test_japan_gets_its_rate_and_the_others_theirs(self, with_terms: Case, pack: Pack) -> None:
        book = RateBook(with_terms, pack)
        goods = code_goods(book, "87032301")
        found = side_by_side(book, goods, "", with_terms.scenario("B"), DAY, ["JP", "DE", "CN", "TH"])
        assert found.home.same_mix == pytest.approx(0.15)
        assert [terms.same_mix for terms in found.rivals] == pytest.approx([0.125, 0.15, 0.15, 0.15])

    def test_the_law_stays_the_law(self, with_terms: Case, pack: Pack) -> None:
        book = RateBook(with_terms, pack)
        goods = code_goods(book, "87032301")
        found = side_by_side(book, goods, "", with_terms.scenario("A"), DAY, ["JP", "DE"])
        assert [terms.same_mix for terms in found.rivals] == pytest.approx([0.15, 0.15])

    def test_they_begin_on_their_day(self, with_terms: Case, pack: Pack) -> None:
        book = RateBook(with_terms, pack)
        goods = code_goods(book, "87032301")
        found = side_by_side(book, goods, "", with_terms.scenario("B"), date(2025, 9, 19), ["JP"])
        assert found.rivals[0].same_mix == pytest.approx(0.15)


def test_no_number_where_the_law_is_not_in_the_pack(book: RateBook) -> None:
    """Russia pays column 2 (General Note 3(b))."""
    goods = code_goods(book, "31")
    found = side_by_side(book, goods, "", book.case.scenarios[0], DAY, ["RU"])
    assert np.isnan(found.rivals[0].same_mix)
    assert found.rivals[0].unrated == 1.0
    assert found.rivals[0].missing


class TestTheThirdExample:
    """Japan on 10 September 2025; see packaging/examples/japan_us_2025_09.py."""

    @pytest.fixture
    def japan(self) -> Case:
        return load(resource_path("examples", "japan_us_2025_09.parley"))

    def test_rates_by_scenario(self, japan: Case, pack: Pack) -> None:
        book = RateBook(japan, pack)
        goods = code_goods(book, "87032301")
        later = date(2025, 10, 2)
        totals = {
            letter: side_by_side(book, goods, "", japan.scenario(letter), later, ["KR", "TH"]) for letter in "ABCD"
        }
        own = [totals[letter].home.same_mix for letter in "ABCD"]
        korea = [totals[letter].rivals[0].same_mix for letter in "ABCD"]
        thailand = [totals[letter].rivals[1].same_mix for letter in "ABCD"]
        assert own == pytest.approx([0.275, 0.15, 0.15, 0.15])
        # Most Korean cars claim KORUS (free), so 25 by law; 15 in all from October in C and D.
        assert korea == pytest.approx([0.25, 0.25, 0.15, 0.15], abs=5e-3)
        assert thailand == pytest.approx([0.275, 0.275, 0.275, 0.15])


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["compare", "--group", "Passenger cars", "--on", "2025-09-20", "--partners", "JP", "EU"]
    assert main([*arguments, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [row["partner"] for row in data["rows"]] == ["KR", "JP", "EU"]
    assert [row["coverage"] for row in data["rows"]] == ["complete", "checked", "checked"]
    assert data["rows"][1]["because"][0]["theirs"] == "jp_autos_15"
    assert main([*arguments, "--lang", "ko"]) == 0
    assert "일본" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [["--group", "No such"], ["--code", "8703999999"], ["--group", "steel", "--partners", "XX"],
     ["--group", "steel", "--scenario", "Z"], ["--group", "steel", "--on", "2031-01-01"]],
)  # fmt: skip
def test_bad_input_is_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *arguments]) == 2
    assert "Choose" in (said := capsys.readouterr().err) or "Give" in said or "mean" in said or "two-letter" in said
