"""The table model: groups that add up, order and search worked out in numpy, plain Python values for Qt."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from gui.table_model import TableModel
from gui.table_spec import Column, Content, Group, Ints, Look, Parts, RowKind, matcher

MODE = QAbstractItemModelTester.FailureReportingMode.Fatal
COLUMNS = (
    Column("code", "Code", "HTS-8", Look.CODE, width=120),
    Column("description", "Description", stretch=True),
    Column("value", "Imports", "US$ m", Look.BAR, factor=1e-6),
    Column("rate", "", "%", Look.NUMBER, decimals=1, factor=100.0, chip="A"),
    Column("change", "Change", "US$ m", Look.DEVIATION, factor=1e-6, plus=True),
)


def content_of(values: list[float], groups: list[int], **others: object) -> Content:
    """Lines 0001, 0002 ... with these values, under groups of these numbers."""
    value, count = np.array(values, dtype=np.float64), len(values)
    codes = [f"8703{place:04d}" for place in range(count)]

    def gather(rows: Ints) -> dict[str, float]:
        return {"value": float(value[rows].sum()), "rate": 0.1, "change": -float(value[rows].sum())}

    return Content(
        columns=COLUMNS,
        keys=codes,
        cells={
            "code": codes,
            "description": [f"line {place}" for place in range(count)],
            "value": value,
            "rate": np.full(count, 0.1),
            "change": -value,
        },
        match=matcher([f"line {place}" for place in range(count)], codes),
        groups=tuple(Group(f"g{n}", f"Group {n}") for n in range(max(groups) + 1)),
        group_of=np.array(groups, dtype=np.intp),
        gather=gather,
        size=value,
        shown=2,
        total_label=lambda shown, every, groups: f"{shown} of {every} in {groups}",
        **others,
    )


@pytest.fixture
def model() -> TableModel:
    """Group 0 holds 5 lines of 1 to 5 million, group 1 holds 9 and 8, group 2 nothing but is named last."""
    made = TableModel()
    made.tester = QAbstractItemModelTester(made, MODE, made)
    million = 1e6
    values = [1 * million, 2 * million, 3 * million, 4 * million, 5 * million, 9 * million, 8 * million]
    made.set_content(content_of(values, [0, 0, 0, 0, 0, 1, 1]))
    made.sort_by_id("value", True)
    return made


def shown(model: TableModel) -> list[str]:
    return [model.text(row, 0) for row in range(model.rowCount())]


def test_groups_stand_in_the_order_of_their_sums(model: TableModel) -> None:
    assert shown(model) == ["Group 1", "Group 0"]
    model.sort_by_id("value", False)
    assert shown(model) == ["Group 0", "Group 1"]


def test_an_open_group_adds_up_with_its_remainder(model: TableModel) -> None:
    model.toggle(1)
    assert [model.kind(row) for row in range(1, 5)] == [RowKind.GROUP, RowKind.LINE, RowKind.LINE, RowKind.REST]
    parts = [model.value(row, "value") for row in (2, 3, 4)]
    assert parts == [5e6, 4e6, 6e6]
    assert sum(parts) == model.value(1, "value")
    assert model.text(4, 0) == "3"


def test_the_remainder_opens_to_every_line(model: TableModel) -> None:
    model.toggle(1)
    model.toggle(4)
    assert [model.value(row, "value") for row in range(5, 8)] == [3e6, 2e6, 1e6]
    model.toggle(1)
    assert model.rowCount() == 2


def test_a_remainder_of_one_line_is_that_line(model: TableModel) -> None:
    """Two shown and one over: the third line itself is shown, not "1 smaller line"."""
    model.set_content(content_of([1.0, 2.0, 3.0], [0, 0, 0]))
    model.toggle(0)
    assert [model.kind(row) for row in range(4)] == [RowKind.GROUP, RowKind.LINE, RowKind.LINE, RowKind.LINE]


def test_search_opens_groups_and_sums_what_is_found(model: TableModel) -> None:
    model.set_filter("8703.0000")
    assert shown(model) == ["Group 0", "87030000"]
    assert model.value(0, "value") == 1e6
    assert model.totals()["value"] == 1e6
    assert model.caption(0) == "1 / 5"
    model.set_filter("line 5")
    assert shown(model) == ["Group 1", "87030005"]
    model.set_filter("")
    assert shown(model) == ["Group 1", "Group 0"]


def test_a_longer_code_finds_its_line(model: TableModel) -> None:
    model.set_filter("8703000455")
    assert shown(model) == ["Group 0", "87030004"]


def test_new_numbers_of_the_same_shape_change_cells_in_place(model: TableModel, qtbot: object) -> None:
    """A recalculation neither moves rows nor loses what stands open."""
    model.toggle(0)
    before = shown(model)
    resets: list[object] = []
    model.modelReset.connect(lambda: resets.append(1))
    changed: list[object] = []
    model.dataChanged.connect(lambda *args: changed.append(args))
    values = [1e6, 2e6, 3e6, 4e6, 5e6, 19e6, 8e6]
    model.set_content(content_of(values, [0, 0, 0, 0, 0, 1, 1]))
    assert not resets
    assert changed
    assert shown(model) == before
    assert model.text(1, 2) == "19"


def test_missing_numbers_sort_last_and_are_never_blank(model: TableModel) -> None:
    values = [1e6, float("nan"), 3e6]
    content = content_of(values, [0, 0, 0])
    for descending in (True, False):
        model.set_content(content)
        model.sort_by_id("value", descending)
        model.set_open_keys(frozenset({"g0"}))
        assert model.text(3, 2) == "n/a"


def test_qt_gets_plain_python_values(model: TableModel) -> None:
    """A numpy scalar from data() would show as an empty cell."""
    model.toggle(1)
    for row in range(model.rowCount()):
        for column in range(model.columnCount()):
            assert type(model.data(model.index(row, column))) is str
            assert type(model.value(row, COLUMNS[column].id)) in (str, float)


def test_numbers_carry_a_true_minus_and_a_plus_only_in_change_columns(model: TableModel) -> None:
    model.toggle(0)
    assert model.text(1, 4) == "\N{MINUS SIGN}9"
    assert model.text(1, 3) == "10.0"
    assert COLUMNS[4].text(2e6) == "+2"


def test_screen_readers_hear_row_column_and_value(model: TableModel) -> None:
    model.toggle(0)
    spoken = model.data(model.index(1, 3), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "87030005: A, %: 10.0"


def test_parts_hang_below_their_line() -> None:
    model = TableModel()
    model.tester = QAbstractItemModelTester(model, MODE, model)
    parts = Parts(
        line_of=np.array([0, 0, 1], dtype=np.intp),
        keys=["8703000010", "8703000020", "8703000110"],
        cells={"code": ["a", "b", "c"], "description": ["", "", ""], "value": np.array([1.0, 2.0, 3.0])},
    )
    model.set_content(content_of([3e6, 3e6], [0, 0], parts=parts))
    model.toggle(0)
    assert model.has_children(1)
    assert not model.has_children(2), "a single part says nothing new"
    model.toggle(1)
    assert [model.kind(row) for row in range(4)] == [RowKind.GROUP, RowKind.LINE, RowKind.PART, RowKind.PART]
    assert model.line_of(3) == 0
    model.toggle(0)
    assert model.rowCount() == 1
    model.toggle(0)
    assert model.rowCount() == 5, "what stood open inside a group stands open again"


def test_rows_are_found_by_their_lasting_keys(model: TableModel) -> None:
    model.toggle(1)
    assert model.row_of("87030004") == 2
    assert model.row_of("g0/rest") == 4
    assert model.row_of("87030000") == -1


def ungrouped(count: int) -> Content:
    rng = np.random.default_rng(1)
    value = rng.random(count)
    keys = [str(place) for place in range(count)]
    return Content(
        columns=COLUMNS[:3],
        keys=keys,
        cells={"code": keys, "description": keys, "value": value},
        match=matcher(keys),
        gather=lambda rows: {"value": float(value[rows].sum())},
    )


def best_of(times: int, task: Callable[[], object]) -> float:
    """Seconds of the fastest run: the machine is shared."""
    found = []
    for _run in range(times):
        begun = time.perf_counter()
        task()
        found.append(time.perf_counter() - begun)
    return min(found)


def test_100_000_rows_sort_in_little_more_than_numpy_needs() -> None:
    """Sorting through a proxy took 11 seconds; the bound is loose for a shared machine, not for a proxy."""
    model = TableModel()
    model.set_content(ungrouped(100_000))
    assert model.rowCount() == 100_000
    bare = best_of(3, lambda: np.argsort(-np.asarray(model.content.cells["value"]), kind="stable"))
    ours = best_of(3, lambda: model.sort_by_id("value", True))
    assert ours < 10 * bare + 0.05
    assert model.value(0, "value") >= model.value(99_999, "value")


def test_children_of_an_index_are_none(model: TableModel) -> None:
    assert model.rowCount(model.index(0, 0)) == 0
    assert model.data(QModelIndex()) is None
