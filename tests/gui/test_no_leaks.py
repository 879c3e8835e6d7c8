"""No screen of the default case shows anything that became known after 22 May 2025."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.casefile import default_case
from core.reference.pack import Pack
from core.tariff.explain import trace_text
from core.tariff.line_trace import explain_line
from gui import theme
from gui.app import App
from gui.session import Session
from tests.leaks import leaks

_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
)


def _model_texts(model: QAbstractItemModel | None, parent: QModelIndex) -> Iterator[str]:
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)
    for section in range(columns):
        yield str(model.headerData(section, Qt.Orientation.Horizontal) or "")
    for row in range(model.rowCount(parent)):
        for column in range(columns):
            index = model.index(row, column, parent)
            for role in _ROLES:
                yield str(model.data(index, role) or "")


def _widget_texts(widget: QObject) -> Iterator[str]:
    match widget:
        case QLabel() | QAbstractButton() | QLineEdit() | QAction():
            yield widget.text()
        case QPlainTextEdit():
            yield widget.toPlainText()
        case QComboBox():
            yield from (widget.itemText(place) for place in range(widget.count()))
        case QAbstractItemView():
            yield from _model_texts(widget.model(), QModelIndex())
    if isinstance(widget, QWidget):
        yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())


def _texts(window: QWidget) -> Iterator[str]:
    yield from _widget_texts(window)
    for child in window.findChildren(QObject):
        yield from _widget_texts(child)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What our own painting writes: charts, heads, cells."""
    found: list[str] = []
    draw = QPainter.drawText

    def drawText(self: QPainter, *arguments: Any) -> Any:
        found.extend(argument for argument in arguments if isinstance(argument, str))
        return draw(self, *arguments)

    monkeypatch.setattr(QPainter, "drawText", drawText)
    return found


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("as_of", [date(2025, 5, 22), date(2025, 8, 1)])
def test_no_screen_tells_of_later_things(
    qtbot: QtBot, pack: Pack, painted: list[str], language: str, as_of: date
) -> None:
    i18n.set_language(language)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, theme.Mode.LIGHT)
    session = Session(edits.set_as_of(default_case(), as_of), pack)
    app = App(application, session)
    try:
        app.show()
        with qtbot.waitSignal(session.results_changed, timeout=20_000):
            session.start()
        texts: list[str] = []
        for place in range(app.window.tabs.bar.count()):
            app.window.show_tab(place)
            page = app.window.tab(place)
            qtbot.waitUntil(lambda page=page: not getattr(page, "is_working", False), timeout=20_000)
            app.window.grab()
            texts += _texts(app.window)
        assert any("8703" in text for text in texts + painted), "the tables were read"
        assert painted, "what is painted was read"
        found = leaks(texts + painted, session.case, pack)
        assert not found, "\n".join(found)
    finally:
        app.window.dispose()
        session.close()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_trace_tells_of_later_things(qtbot: QtBot, pack: Pack, language: str) -> None:
    """The largest line of every chapter, under every scenario, on a day of each stretch of law."""
    from core.engine import evaluate

    i18n.set_language(language)
    for as_of in (date(2025, 4, 9), date(2025, 5, 22), date(2025, 12, 31)):
        results = evaluate(edits.set_as_of(default_case(), as_of), pack)
        chapters = np.unique(results.portfolio.codes.astype("U2"))
        texts = [
            trace_text(explain_line(results, pack, str(chapter), letter)) for chapter in chapters for letter in "ABCD"
        ]
        # The day asked for is named in the trace itself.
        shown = [text.replace(_day(as_of, language), "") for text in texts]
        assert leaks(shown, results.case, pack) == []


def _day(day: date, language: str) -> str:
    from core.quantities import format_date

    return format_date(day)
