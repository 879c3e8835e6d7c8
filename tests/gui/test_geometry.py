"""Where things go in a chart."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.charts.geometry import pushed_apart, round_step, tick_texts

STEMS = st.lists(st.floats(60, 780), min_size=1, max_size=7).map(sorted)


@pytest.mark.parametrize(("top", "step"), [(20.0, 5.0), (14.6, 2.5), (0.3, 0.05), (100.0, 20.0), (0.0, 1.0)])
def test_steps_are_round(top: float, step: float) -> None:
    assert round_step(top) == pytest.approx(step)


@given(st.lists(st.floats(0, 300), min_size=1, max_size=8))
def test_labels_keep_their_distance_and_order(wanted: list[float]) -> None:
    placed = pushed_apart(wanted, 20, 0, 300)
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    pairs = itertools.pairwise(order)
    assert all(placed[after] - placed[before] >= 20 - 1e-6 for before, after in pairs)
    assert min(placed) >= -1e-6
    assert max(placed) <= 300 + 1e-6


@given(STEMS, st.data())
def test_texts_of_ticks_never_meet_and_no_stem_crosses_one(stems: list[float], data: st.DataObject) -> None:
    widths = data.draw(st.lists(st.floats(40, 160), min_size=len(stems), max_size=len(stems)))
    places = tick_texts(tuple(stems), tuple(widths), 0, 900)
    boxes = [
        (stem, place.row, place.left, place.left + width)
        for stem, width, place in zip(stems, widths, places, strict=True)
        if place.row is not None
    ]
    for one in boxes:
        for other in boxes:
            if one is other:
                continue
            assert one[1] != other[1] or one[3] <= other[2] or other[3] <= one[2]
            assert not (one[1] >= other[1] and other[2] < one[0] < other[3])


def test_a_lone_tick_stands_to_the_right_on_the_first_row() -> None:
    place = tick_texts((100.0,), (50.0,), 0, 400)[0]
    assert (place.row, place.left > 100.0) == (0, True)
