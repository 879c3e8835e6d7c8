"""Exposure by rows that people expand: every parent is the exact sum of what stands below it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest

from core import edits
from core.casefile import default_case
from core.engine import evaluate
from core.exposure import (
    COLUMN_1,
    By,
    Doubt,
    ExposureList,
    Gathering,
    by_duty,
    concentration_of,
    exposure_list,
    exposure_table,
)
from core.reference.pack import Pack
from core.results import Portfolio, Results
from core.text import LocalText


def portfolio() -> Portfolio:
    """Four statistical lines: two of one tariff line in different groups, one without a rate, one of chapter 72."""
    return Portfolio(
        partner="KR",
        year=2024,
        codes=np.array(["8703230110", "8703230120", "0402910000", "7208100000"]),
        value=np.array([100.0, 50.0, 10.0, 40.0]),
        mfn_rate=np.array([0.02, 0.02, np.nan, 0.0]),
        preferential_rate=np.array([0.0, 0.02, np.nan, 0.0]),
        utilisation=np.array([0.5, 0.0, 0.0, 0.0]),
        utilisation_inferred=np.array([True, False, False, False]),
        is_equivalent=np.array([False, True, False, False]),
        group_of=np.array([0, 1, 1, 1]),
        group_ids=("cars", "rest"),
        group_names=(LocalText(en="Cars"), LocalText(en="Rest")),
        unrated_value=5.0,
        general_imports=210.0,
    )


def results(rates: tuple[float, ...] = (0.25, 0.15)) -> Results:
    """One scenario a rate, charged on cars alone on top of column 1; only what exposure reads is filled in."""
    goods = portfolio()
    evaluations = []
    for rate in rates:
        extra = np.array([rate, rate, 0.0, 0.0])
        total = goods.column1 + extra
        duties = np.nan_to_num(total) * goods.value
        evaluations.append(SimpleNamespace(contributions={"autos": extra}, duties=duties, total=total))
    return SimpleNamespace(portfolio=goods, evaluations=tuple(evaluations))


def rows_of(found: ExposureList, parent: str) -> np.ndarray:
    return np.flatnonzero(found.parent_of == found.parents.index(parent))


def test_a_tariff_line_in_two_groups_has_a_row_in_each() -> None:
    found = exposure_list(results(), Gathering.GROUP)
    assert found.codes == ("87032301", "04029100", "72081000", "87032301")
    assert found.value.tolist() == [100.0, 10.0, 40.0, 50.0]
    assert found.sums(rows_of(found, "cars")).value == 100.0
    assert found.sums(rows_of(found, "rest")).value == 100.0


def test_by_chapter_the_line_is_whole_again() -> None:
    found = exposure_list(results(), Gathering.CHAPTER)
    assert found.parents == ("04", "72", "87")
    assert found.value[rows_of(found, "87")].tolist() == [150.0]
    assert found.line_counts[rows_of(found, "87")].tolist() == [2]


def test_duty_adds_up_in_every_gathering_and_at_both_levels() -> None:
    """Column 1: 100 x 0.5 x 2 % + 50 x 2 % = 2; autos: 150 x 25 % = 37.5 and 150 x 15 % = 22.5."""
    for gathering in Gathering:
        for by in (By.TARIFF_LINE, By.STATISTICAL_LINE):
            assert exposure_list(results(), gathering, by).sums().duties == pytest.approx((39.5, 24.5))


def test_by_duty_each_charge_stands_alone() -> None:
    found = exposure_list(results(), Gathering.DUTY)
    assert found.parents == (COLUMN_1, "autos")
    assert found.sums(rows_of(found, COLUMN_1)).duties == pytest.approx((2.0, 2.0))
    assert found.sums(rows_of(found, "autos")).duties == pytest.approx((37.5, 22.5))
    assert found.sums(rows_of(found, "autos")).rates == pytest.approx((0.25, 0.15))


def test_what_has_no_rate_is_in_the_value_and_not_in_the_average() -> None:
    whole = exposure_list(results(), Gathering.NOTHING).sums()
    assert whole.value == 200.0
    assert whole.column1 == pytest.approx(2.0 / 190.0)
    milk = exposure_list(results(), Gathering.CHAPTER)
    assert np.isnan(milk.sums(rows_of(milk, "04")).rates[0])


def test_doubts_say_why_column_1_is_inferred() -> None:
    """Use of a preference that changes nothing is no doubt; the second line's rate is an equivalent."""
    found = exposure_list(results(), Gathering.NOTHING, By.STATISTICAL_LINE)
    doubts = dict(zip(found.codes, [Doubt(int(flag)) for flag in found.doubt], strict=True))
    assert doubts["8703230110"] == Doubt.INFERRED_USE
    assert doubts["8703230120"] == Doubt.EQUIVALENT
    assert Doubt.NO_RATE in doubts["0402910000"]
    assert doubts["7208100000"] == Doubt.NONE


def test_over_the_same_portfolio_only_the_duties_are_made_anew() -> None:
    first = results()
    old = exposure_list(first, Gathering.GROUP)
    later = SimpleNamespace(portfolio=first.portfolio, evaluations=results((0.1, 0.0)).evaluations)
    new = exposure_list(later, Gathering.GROUP, previous=old)
    assert new.codes is old.codes
    assert new.duties == pytest.approx(exposure_list(later, Gathering.GROUP).duties)


def test_concentration_of_equal_and_of_one() -> None:
    """Ten equal rows: index 0.1, eight carry 80 %; a single one: index 1."""
    equal = concentration_of(np.full(10, 3.0))
    assert (equal.herfindahl, equal.top_five_share, equal.rows_for_80_percent) == pytest.approx((0.1, 0.5, 8))
    assert concentration_of(np.array([7.0, 0.0])).herfindahl == 1.0
    assert concentration_of(np.zeros(3)).rows_for_80_percent == 0


def test_goods_without_a_number_are_in_no_rate(pack: Pack) -> None:
    """From 4 December 2026 the polysilicon annexes may cover solar modules: their group's rate is that of the rest."""
    on = date(2026, 12, 10)
    results = evaluate(edits.set_known_to(edits.set_as_of(default_case(), on), on), pack)
    found, portfolio = results.evaluation("A"), results.portfolio
    known = ~np.isnan(found.total)
    gap = np.char.startswith(portfolio.codes, "854143")
    assert gap.any()
    assert not known[gap].any()
    for by in (By.GROUP, By.CHAPTER):
        table = exposure_table(results, by)
        keys = portfolio.group_of if by is By.GROUP else np.searchsorted(table.keys, portfolio.codes.astype("U2"))
        row = int(keys[np.flatnonzero(gap)[0]])
        inside = known & (keys == row)
        rate = found.duties[inside].sum() / portfolio.value[inside].sum()
        assert table.rates[0][row] == pytest.approx(rate)
    rows = exposure_list(results, Gathering.GROUP)
    line = rows.codes.index("85414300")
    assert np.isnan(rows.rates[0][line])
    assert rows.doubt[line] & Doubt.NO_RATE
    assert sum(by_duty(results, 0).values()) == pytest.approx(found.duty_total)
