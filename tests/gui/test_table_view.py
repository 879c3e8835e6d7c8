"""The table as it is used: keyboard, clipboard, widths, and a delegate that loses no references."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.table_spec import Content
from gui.table_view import DataTable
from tests.gui.test_table_model import content_of


@pytest.fixture
def table(qtbot: QtBot, qapp: QApplication) -> DataTable:
    theme.apply(qapp, "light")
    made = DataTable("Lines")
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.set_content(content_of([1e6, 2e6, 3e6, 4e6, 5e6, 9e6, 8e6], [0, 0, 0, 0, 0, 1, 1]))
    made.model.sort_by_id("value", True)
    with qtbot.waitExposed(made):
        made.show()
    made.focus_rows()
    qtbot.waitUntil(made.view.updatesEnabled)  # rows are painted a moment after they are laid out
    return made


def press(qtbot: QtBot, table: DataTable, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    qtbot.keyClick(table.view, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_enter_opens_a_group_and_then_the_trace_of_a_line(table: DataTable, qtbot: QtBot) -> None:
    press(qtbot, table, Qt.Key.Key_Return)
    assert table.model.is_open(0)
    press(qtbot, table, Qt.Key.Key_Down)
    with qtbot.waitSignal(table.view.opened) as caught:
        press(qtbot, table, Qt.Key.Key_Return)
    assert caught.args == [1, "code"]


def test_left_and_right_fold_in_the_first_column(table: DataTable, qtbot: QtBot) -> None:
    press(qtbot, table, Qt.Key.Key_Right)
    assert table.model.is_open(0)
    press(qtbot, table, Qt.Key.Key_Down)
    press(qtbot, table, Qt.Key.Key_Left)
    assert table.view.currentIndex().row() == 0
    press(qtbot, table, Qt.Key.Key_Left)
    assert not table.model.is_open(0)


def test_typing_starts_a_search(table: DataTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(table.view.typed) as caught:
        qtbot.keyClicks(table.view, "8")
    assert caught.args == ["8"]


def test_tab_leaves_the_table(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    box, table, after = QVBoxLayout(page), DataTable("Lines"), QLineEdit()
    box.addWidget(table)
    box.addWidget(after)
    table.set_content(content_of([1.0, 2.0], [0, 0]))
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    table.focus_rows()
    qtbot.waitUntil(table.view.hasFocus)
    press(qtbot, table, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not table.view.hasFocus())


def test_copy_gives_heads_and_numbers_a_spreadsheet_reads(table: DataTable, qtbot: QtBot) -> None:
    press(qtbot, table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["Code, HTS-8", "Description", "Imports, US$ m", "A, %", "Change, US$ m"]
    assert lines[1].split("\t") == ["Group 1", "", "17", "10.0", "-17"]


def test_copied_text_is_never_a_formula(table: DataTable) -> None:
    """A position that begins with = must not run in the spreadsheet it is pasted into."""
    content = content_of([1.0], [0])
    cells = dict(content.cells) | {"description": ['=HYPERLINK("x")\nnext']}
    made = {name: getattr(content, name) for name in content.__dataclass_fields__} | {"cells": cells}
    table.set_content(Content(**made))
    table.model.set_open_keys(frozenset({"g0"}))
    table.view.setCurrentIndex(table.model.index(1, 0))
    assert table.view.selected_text().splitlines()[1].split("\t")[1] == ' =HYPERLINK("x") next'


def test_a_recalculation_keeps_the_row_that_was_chosen(table: DataTable) -> None:
    """Another order after new numbers: the same line stays current."""
    table.model.set_open_keys(frozenset({"g0", "g1"}))
    assert table.select_key("87030006", "rate")
    table.set_content(content_of([1e6, 2e6, 3e6, 4e6, 50e6, 9e6, 80e6], [0, 0, 0, 0, 0, 1, 1]))
    assert table.current_key() == "87030006"
    assert table.view.currentIndex().column() == 3


def test_new_numbers_move_no_column(table: DataTable) -> None:
    """A recalculation from large numbers to small ones and back leaves every column where it was."""
    before = [table.view.columnWidth(column) for column in range(5)]
    for factor in (0.001, 1.0):
        values = [factor * value for value in (1e6, 2e6, 3e6, 4e6, 5e6, 9e6, 8e6)]
        table.set_content(content_of(values, [0, 0, 0, 0, 0, 1, 1]))
        assert [table.view.columnWidth(column) for column in range(5)] == before


def test_rows_have_the_fixed_height_and_columns_fill_the_width(table: DataTable) -> None:
    assert table.view.rowHeight(0) == theme.row_height()
    assert table.view.horizontalHeader().length() == table.view.viewport().width()


def test_bars_fold_before_words_do(table: DataTable) -> None:
    wide = table.view.columnWidth(2)
    table.resize(480, 400)
    assert table.view.columnWidth(2) < wide
    assert table.view.columnWidth(1) >= 100


def test_the_total_stands_outside_what_scrolls(table: DataTable) -> None:
    assert table.total.isVisible()
    assert table.total.geometry().top() >= table.view.geometry().bottom()
    assert "Imports, US$ m 32" in table.total.accessibleName()


def test_a_click_on_the_chevron_opens(table: DataTable, qtbot: QtBot) -> None:
    place = table.view.visualRect(table.model.index(1, 0)).topLeft() + QPoint(14, 12)
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert table.model.is_open(1)


def test_the_head_sorts_and_turns_the_order(table: DataTable) -> None:
    table.view.sort_by_section(2)
    assert not table.model.descending
    table.view.sort_by_section(3)
    assert (table.model.sort_by, table.model.descending) == ("rate", True)
    table.view.sort_by_section(1)
    assert (table.model.sort_by, table.model.descending) == ("description", False)


def test_repainting_loses_no_reference_to_none(table: DataTable) -> None:
    """A PySide6 release lost one reference to None at each override of paint, and the program with it."""
    table.model.set_open_keys(frozenset({"g0", "g1"}))
    image = QImage(900, 400, QImage.Format.Format_ARGB32)
    before = sys.getrefcount(None)
    painter = QPainter(image)
    for _round in range(300):
        table.view.render(painter, QPoint())
    painter.end()
    assert abs(sys.getrefcount(None) - before) < 100


def test_every_kind_of_cell_is_drawn(table: DataTable) -> None:
    """Bars, deviation bars and words leave ink where they belong."""
    image = table.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    colours = {tuple(int(part) for part in pixel) for pixel in pixels[:, :, 2::-1].reshape(-1, 3)}
    now = theme.current()
    for role in (now.group_row, now.bar_group, now.less_duty, now.selection, now.line, now.hairline):
        assert (role.red(), role.green(), role.blue()) in colours
