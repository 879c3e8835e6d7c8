"""Writing the briefing from the window: in the background, cancellable, errors in the dialog."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.audience import Audience
from core.errors import Cancelled, OutputError
from gui import theme
from gui.briefing_export import BriefingDialog
from tests.gui.cases import StillSession

PATIENCE_S = 5


@pytest.fixture
def dialog(qapp: QApplication, qtbot: QtBot) -> Iterator[BriefingDialog]:
    theme.apply(qapp, theme.Mode.LIGHT)
    session = StillSession()
    made = BriefingDialog(session)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()
    session.close()


def stand_in(monkeypatch: pytest.MonkeyPatch, write: Callable[..., Any]) -> None:
    """The writer has tests of its own; here it is how the dialog treats it."""
    module = ModuleType("core.briefing")
    module.write_briefing = write  # type: ignore[attr-defined]  # a module made for the test
    monkeypatch.setitem(sys.modules, "core.briefing", module)


def test_the_choices_reach_the_writer(
    dialog: BriefingDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {}

    def write(case: object, results: object, pack: object, path: Path, **options: Any) -> Path:
        asked.update(options, path=path)
        options["progress"](0.5)
        return path

    stand_in(monkeypatch, write)
    target = tmp_path / "브리핑.xlsx"
    dialog.path.setText(str(target))
    dialog.language.setCurrentIndex(dialog.language.findData("ko"))
    dialog.audience.setCurrentIndex(dialog.audience.findData(Audience.SHAREABLE.value))
    with qtbot.waitSignal(dialog._job.ended):
        dialog.write()
    assert (asked["path"], asked["language"], asked["audience"]) == (target, "ko", Audience.SHAREABLE)
    assert str(target) in dialog.message.text()
    assert dialog.open_button.isVisible()


def test_cancel_stops_the_writer(dialog: BriefingDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    started = threading.Event()

    def write(*_arguments: object, cancelled: Callable[[], bool], **_options: object) -> None:
        started.set()
        while not cancelled():
            threading.Event().wait(0.001)
        raise Cancelled

    stand_in(monkeypatch, write)
    dialog.write()
    assert started.wait(PATIENCE_S)
    with qtbot.waitSignal(dialog._job.ended):
        dialog.cancel_button.click()
    assert "Nothing was written" in dialog.message.text()
    assert dialog.write_button.isEnabled()
    assert dialog.isVisible()


def test_a_path_that_cannot_be_written_is_said_in_the_dialog(
    dialog: BriefingDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(*_arguments: object, **_options: object) -> None:
        raise OutputError("The workbook could not be written.", remedy="Choose another folder.")

    stand_in(monkeypatch, write)
    with qtbot.waitSignal(dialog._job.ended):
        dialog.write()
    assert "Choose another folder." in dialog.message.text()
    assert not dialog.open_button.isVisible()


def test_a_workbook_with_red_lines_says_so_before_it_is_written(dialog: BriefingDialog) -> None:
    dialog.audience.setCurrentIndex(dialog.audience.findData(Audience.DELEGATION.value))
    assert "red lines" in dialog.note.text
    dialog.audience.setCurrentIndex(dialog.audience.findData(Audience.SHAREABLE.value))
    assert dialog.note.text == ""
