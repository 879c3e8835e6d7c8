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
from core.briefing import LONGEST_RECIPIENT
from core.engine import evaluate
from core.errors import Cancelled, OutputError
from gui import theme
from gui.briefing_export import BriefingDialog
from tests.gui.cases import StillSession
from tests.planted import everything_in, leaks, planted_case, shown

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


def test_recipient_and_password_reach_the_writer(
    dialog: BriefingDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {}

    def write(case: object, results: object, pack: object, path: Path, **options: Any) -> Path:
        asked.update(options)
        return path

    stand_in(monkeypatch, write)
    dialog.path.setText(str(tmp_path / "b.xlsx"))
    with qtbot.waitSignal(dialog._job.ended):
        dialog.write()
    assert (asked["recipient"], asked["password"]) == ("", None)
    dialog.recipient.setText("Ms Kim")
    dialog.password.box.setChecked(True)
    for field in (dialog.password.first, dialog.password.second):
        field.line.setText("열려라 참깨")
    with qtbot.waitSignal(dialog._job.ended):
        dialog.write()
    assert (asked["recipient"], asked["password"]) == ("Ms Kim", "열려라 참깨")
    dialog.close()
    assert dialog.password.first.text == dialog.password.second.text == ""


@pytest.mark.parametrize(
    ("first", "second", "words"), [("", "", "empty"), ("one", "two", "differ"), ("x" * 256, "x" * 256, "255")]
)
def test_a_password_that_will_not_do_is_said_before_the_work(
    first: str, second: str, words: str, dialog: BriefingDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.password.box.setChecked(True)
    dialog.password.first.line.setText(first)
    dialog.password.second.line.setText(second)
    dialog.write()
    assert words in dialog.message.text()
    assert not dialog._job.is_running


def test_without_the_tick_nothing_typed_is_kept(dialog: BriefingDialog) -> None:
    assert not dialog.password.first.isVisible()
    dialog.password.box.setChecked(True)
    assert dialog.password.first.isVisible()
    dialog.password.first.line.setText("secret")
    dialog.password.box.setChecked(False)
    assert dialog.password.password() is None
    assert dialog.password.first.text == ""


def test_a_name_cannot_be_longer_than_a_line(dialog: BriefingDialog) -> None:
    assert dialog.recipient.maxLength() == LONGEST_RECIPIENT


@pytest.mark.parametrize("audience", list(Audience))
def test_the_workbook_of_the_window_holds_nothing_narrower(
    audience: Audience, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    """The whole way: the session's results are those of the whole case, whoever the workbook is for."""
    case, planted = planted_case()
    session = StillSession(case)
    session.announce(evaluate(case, session.pack))
    dialog = BriefingDialog(session)
    qtbot.addWidget(dialog)
    target = tmp_path / "b.xlsx"
    dialog.path.setText(str(target))
    dialog.audience.setCurrentIndex(dialog.audience.findData(audience.value))
    with qtbot.waitSignal(dialog._job.ended, timeout=30_000):
        dialog.write()
    texts = everything_in(target.read_bytes())
    assert leaks(texts, planted, audience) == []
    assert ("BarrierRecord.position" in shown(texts, planted, audience, "en")) == (audience > Audience.SHAREABLE)
    dialog.close()
    session.close()


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
