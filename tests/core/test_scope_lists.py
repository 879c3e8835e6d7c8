"""Dated lists of goods: the longest prefix wins, only rows that hold and are known count."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.reference.law import ScopeList
from core.reference.pack import Pack
from core.scenario import law_as_known
from core.tariff.goods import Goods
from core.tariff.reach import reach

FOREVER = date.max.toordinal()
CODES = st.text("12", min_size=2, max_size=10).filter(lambda code: len(code) % 2 == 0)


def _list(rows: list[tuple[str, int, int]]) -> ScopeList:
    """Rows of code, first day and last day (exclusive); each known from its first day."""
    size = len(rows)
    starts = np.array([start for _code, start, _end in rows], dtype=np.intp)
    no = np.zeros(size, dtype=np.bool_)
    blank = ("",) * size
    return ScopeList(
        name="test",
        codes=np.array([int(code) for code, _start, _end in rows], dtype=np.int64),
        digits=np.array([len(code) for code, _start, _end in rows], dtype=np.intp),
        conditional=no,
        assumed=no,
        content=no,
        valid_from=starts,
        known_from=starts,
        valid_to=np.array([end for _code, _start, end in rows], dtype=np.intp),
        end_known_from=np.array([end for _code, _start, end in rows], dtype=np.intp),
        condition=blank,
        heading=blank,
        instrument=blank,
        end_instrument=blank,
        confidence=blank,
    )


@given(
    listed=st.lists(CODES, min_size=1, max_size=12, unique=True),
    goods=st.lists(st.text("12", min_size=10, max_size=10), min_size=1, max_size=8),
)
def test_the_longest_prefix_wins(listed: list[str], goods: list[str]) -> None:
    scope = _list([(code, 1, FOREVER) for code in listed])
    active = scope.active(date(2025, 1, 1), date(2025, 1, 1))
    found = scope.match(np.array([int(code) for code in goods], dtype=np.int64), active)
    for code, row in zip(goods, found, strict=True):
        best = max((prefix for prefix in listed if code.startswith(prefix)), key=len, default=None)
        assert (listed[row] if row >= 0 else None) == best


def test_codes_of_the_first_chapters_keep_their_zero() -> None:
    scope = _list([("0402", 1, FOREVER), ("04", 1, FOREVER)])
    codes = np.array([402101000, 403900000, 4021010000], dtype=np.int64)
    rows = scope.match(codes, scope.active(date(2025, 1, 1), date(2025, 1, 1)))
    assert rows.tolist() == [0, 1, -1], "4021.01 is no code of chapter 4"


def test_an_end_counts_only_once_it_is_known() -> None:
    start, end = date(2025, 4, 5), date(2025, 9, 8)
    scope = _list([("3907", start.toordinal(), end.toordinal())])
    scope.end_known_from[0] = date(2025, 9, 5).toordinal()
    assert scope.active(date(2025, 9, 8), date(2025, 9, 4)).tolist() == [True]
    assert scope.active(date(2025, 9, 8), date(2025, 9, 5)).tolist() == [False]
    assert scope.days(date(2025, 9, 4)) == {start}
    assert scope.days(date(2025, 9, 5)) == {start, end}


def _goods(code: str) -> Goods:
    one = np.zeros(1)
    share = {metal: np.ones(1) for metal in ("steel", "aluminium", "copper")}
    return Goods(np.array([int(code)], dtype=np.int64), one, one, share)


# Note 16(c) of chapter 99 after Proclamation 11021: the longest prefix over annexes I-A, I-B and III decides.
@pytest.mark.parametrize(
    ("code", "on", "measure"),
    [
        ("7208390030", date(2026, 5, 1), "metals_annex_ia"),
        ("8418100005", date(2026, 5, 1), "metals_annex_ib"),
        ("8427208000", date(2026, 5, 1), "metals_annex_ib"),
        ("8427208000", date(2026, 6, 8), "metals_mobile_kr"),
        ("3304995000", date(2026, 5, 1), None),
    ],
)
def test_metals_annexes_of_2026(pack: Pack, code: str, on: date, measure: str | None) -> None:
    known = law_as_known(pack.law, "KR", date(2026, 11, 23))
    state = reach(known, _goods(code), "metals", on).state(0)
    assert (state.measure.id if state else None) == measure
