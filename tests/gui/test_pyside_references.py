"""The pinned PySide6 keeps count of its references (docs/decisions/0001)."""

from __future__ import annotations

import sys

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView
from pytestqt.qtbot import QtBot

REPAINTS = 300
NOISE = 100  # references to None that come and go elsewhere; the fault loses one with every cell painted


class CountingDelegate(QStyledItemDelegate):
    """Overrides a void virtual method, which is where a faulty release loses a reference."""

    painted = 0

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.painted += 1
        super().paint(painter, option, index)


def test_repainting_a_delegate_loses_no_reference_to_none(qtbot: QtBot) -> None:
    """With a faulty release the program ended without a word after some 200 repaints of a table."""
    model = QStandardItemModel(1, 1)
    model.setItem(0, 0, QStandardItem("text"))
    view = QTableView()
    view.setModel(model)
    delegate = CountingDelegate(view)
    view.setItemDelegate(delegate)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitUntil(lambda: delegate.painted > 0)
    before, painted = sys.getrefcount(None), delegate.painted
    for _repaint in range(REPAINTS):
        view.viewport().repaint()
    assert delegate.painted - painted >= REPAINTS
    assert before - sys.getrefcount(None) < NOISE
