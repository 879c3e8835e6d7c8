"""Shares of an article: nothing is taken twice, nothing goes missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.tariff.stacking import Free, take_content, take_rest, take_whole

SHARE = st.floats(0, 1)


@given(whole=SHARE, steel=SHARE, aluminium=SHARE, copper=SHARE)
def test_the_shares_of_an_article_are_never_more_than_the_article(
    whole: float, steel: float, aluminium: float, copper: float
) -> None:
    taken, free = take_whole(Free.all_of(1), np.array([whole]))
    shares = [taken]
    for metal in (steel, aluminium, copper):
        share, free = take_content(free, np.array([metal]))
        assert 0 <= share[0] <= metal
        shares.append(share)
    rest, _free = take_rest(free, np.ones(1))
    assert sum(float(share[0]) for share in (*shares, rest)) == pytest.approx(1.0)
    assert rest[0] >= 0


def test_declared_metals_beyond_the_value_are_cut() -> None:
    """70 % steel and 60 % aluminium cannot both be: the second takes what is left."""
    steel, free = take_content(Free.all_of(1), np.array([0.7]))
    aluminium, free = take_content(free, np.array([0.6]))
    assert (steel[0], aluminium[0]) == (pytest.approx(0.7), pytest.approx(0.3))


def test_a_metal_takes_its_share_of_what_is_no_car_part() -> None:
    """Half of a line is car parts; of the other half 40 % is steel."""
    _parts, free = take_whole(Free.all_of(1), np.array([0.5]))
    steel, free = take_content(free, np.array([0.4]))
    rest, _free = take_rest(free, np.ones(1))
    assert (steel[0], rest[0]) == (pytest.approx(0.2), pytest.approx(0.3))
