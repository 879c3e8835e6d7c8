"""The course of a partner's rate, what goods claim, and what a comparison says of its own sums and of its gaps."""

from __future__ import annotations

import copy
import math
from datetime import date
from decimal import Decimal
from functools import cache

import msgspec
import pytest

from core.case import Case, TradeOverride
from core.casefile import default_case
from core.engine import evaluate
from core.errors import Cancelled
from core.reference.law import Gap, Law
from core.reference.pack import Pack, load_pack
from core.rivals.claims import claimed
from core.rivals.course import course
from core.rivals.rate_book import RateBook
from core.rivals.side_by_side import code_goods, group_goods, home_weights, side_by_side
from core.text import LocalText

YEAR = date(2025, 1, 1), date(2025, 12, 31)
CARS = "passenger-cars"


def case() -> Case:
    return msgspec.structs.replace(default_case(), as_of=date(2025, 9, 20), known_to=date(2025, 12, 31))


@cache
def book() -> RateBook:
    return RateBook(case(), load_pack())


def with_gap(pack: Pack, gap: Gap) -> Pack:
    found, law = copy.copy(pack), pack.law
    file = msgspec.structs.replace(law.file, gaps=(*law.file.gaps, gap))
    vars(found)["law"] = Law(file, law.instruments, law.changes, law.lists)
    return found


class TestCourse:
    def test_of_korea_is_what_the_engine_says_of_the_group_on_every_day(self) -> None:
        """Independent: the engine's own portfolio, day by day, averaged over the group by hand."""
        goods = group_goods(book(), "steel")
        found = course(book(), goods, home_weights(book(), goods), case().scenarios[0], "KR", YEAR)
        assert len(found.days) > 2
        place = [group.id for group in case().groups].index("steel")
        for day in (*found.days, date(2025, 2, 1), date(2025, 8, 15)):
            results = evaluate(msgspec.structs.replace(case(), as_of=day), load_pack())
            own = results.portfolio.group_of == place
            rate, value = results.evaluations[0].total[own], results.portfolio.value[own]
            assert found.at(day) == pytest.approx(float((rate * value).sum() / value.sum()), abs=6e-5)

    @pytest.mark.parametrize(
        ("partner", "days", "rates"),
        [
            # 25 % from 3 April (Proclamation 10908), a total of 15 % from 16 September (90 FR 44638).
            ("JP", ["2025-01-01", "2025-04-03", "2025-09-16"], [2.5, 27.5, 15.0]),
            # KORUS free; a total of 15 % from 1 November (90 FR 55964).
            ("KR", ["2025-01-01", "2025-04-03", "2025-11-01"], [0.0, 25.0, 15.0]),
        ],
    )
    def test_cars(self, partner: str, days: list[str], rates: list[float]) -> None:
        goods = group_goods(book(), CARS)
        found = course(book(), goods, home_weights(book(), goods), case().scenarios[0], partner, YEAR)
        assert [day.isoformat() for day in found.days] == days
        assert [round(rate * 100, 1) for rate in found.rates] == rates
        assert all("Cars and light trucks" in title for title in found.titles.values())

    def test_under_a_scenario(self) -> None:
        """Scenario C of the example puts Korea's cars at a total of 15 % from 1 August 2025."""
        goods = group_goods(book(), CARS)
        scenario = case().scenario("C")
        found = course(book(), goods, home_weights(book(), goods), scenario, "KR", YEAR)
        assert found.at(date(2025, 7, 31)) == pytest.approx(0.25, abs=1e-3)
        assert found.at(date(2025, 8, 1)) == pytest.approx(0.15, abs=1e-3)

    def test_days_without_a_number(self) -> None:
        gap = Gap("g", ("8703",), date(2025, 5, 1), "EO-14257", LocalText("x"), partners=("JP",), end=date(2025, 7, 1))
        other = RateBook(case(), with_gap(load_pack(), gap))
        goods = group_goods(other, CARS)
        found = course(other, goods, home_weights(other, goods), case().scenarios[0], "JP", YEAR)
        assert math.isnan(found.at(date(2025, 6, 30)))
        assert found.at(date(2025, 7, 1)) == pytest.approx(0.275, abs=1e-4)
        assert found.titles[date(2025, 5, 1)] == "no number from this day"

    def test_it_can_be_stopped(self) -> None:
        goods = group_goods(book(), CARS)
        with pytest.raises(Cancelled):
            course(book(), goods, home_weights(book(), goods), case().scenarios[0], "JP", YEAR, cancelled=lambda: True)


class TestSideBySide:
    def test_parts_of_its_own_goods_add_up_to_its_own_average(self) -> None:
        goods = group_goods(book(), "machinery")
        found = side_by_side(book(), goods, "x", case().scenarios[0], case().as_of)
        for terms in found.rows:
            assert sum(terms.own_parts.values()) == pytest.approx(terms.own_mix, abs=5e-5)

    def test_progress_reaches_the_end_and_a_stop_is_heard(self) -> None:
        goods, heard = group_goods(book(), CARS), []
        side_by_side(book(), goods, "x", case().scenarios[0], case().as_of, ["JP", "EU"], progress=heard.append)
        assert heard == [0.5, 1.0]
        with pytest.raises(Cancelled):
            side_by_side(book(), goods, "x", case().scenarios[0], case().as_of, cancelled=lambda: True)

    def test_how_much_of_the_same_goods_has_no_number_and_why(self) -> None:
        """Half of the group by hand: one code of the cars is a gap for Japan."""
        gap = Gap("g", ("870323",), date(2025, 1, 1), "EO-14257", LocalText("not read"), partners=("JP",))
        other = RateBook(case(), with_gap(load_pack(), gap))
        goods = group_goods(other, CARS)
        (japan,) = side_by_side(other, goods, "x", case().scenarios[0], case().as_of, ["JP"]).rivals
        weights = home_weights(other, goods)
        part = weights[code_goods(other, "870323") & goods].sum() / weights.sum()
        assert 0 < part < 1
        assert japan.same_unrated == pytest.approx(float(part))
        assert japan.why == ("not read",)


def test_the_case_s_own_figures_count_for_its_partner_alone() -> None:
    """A figure of 1 bn for 8703.23.01 stands in place of the pack's."""
    figure = TradeOverride(code="87032301", value=Decimal(1_000_000_000), year=2024, source="ours")
    other = RateBook(msgspec.structs.replace(case(), trade=(figure,)), load_pack())
    lines = code_goods(other, "87032301")
    assert other.value(other.home)[lines].sum() == pytest.approx(1e9)
    japan = load_pack().partners.get("JP")
    assert other.value(japan)[lines].sum() == book().value(japan)[code_goods(book(), "87032301")].sum()
    before = book().world_value[code_goods(book(), "87032301")].sum()
    own = book().value(book().home)[code_goods(book(), "87032301")].sum()
    assert other.world_value[lines].sum() == pytest.approx(before - own + 1e9)


def test_what_goods_claim() -> None:
    """Nearly all Korean cars claim KORUS (duty collected in 2024); Japan has no preference on them."""
    goods = group_goods(book(), CARS)
    weights = home_weights(book(), goods)
    korea = claimed(book(), book().home, weights, case().as_of)
    assert korea.share > 0.99
    assert [name.en for name in korea.programmes] == ["KORUS"]
    assert claimed(book(), load_pack().partners.get("GB"), weights, case().as_of).share == 0
