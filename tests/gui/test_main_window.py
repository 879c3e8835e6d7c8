"""The window: what it loads before it paints, its bars, and a change of language while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.casefile import default_case
from core.cli import COMMANDS
from gui import __main__ as entry
from gui import dialogs, theme
from gui.app import App, crash_report
from gui.case_files import suggested_name
from gui.session import Session
from gui.tool_bar import holds_red_lines
from tests.gui.cases import pack

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = ("pandas", "scipy", "openpyxl", "xlsxwriter", "numpy", "cryptography")

FIRST_PAINT = f"""
import os, sys
from gui import app

def report():
    print(",".join(name for name in {HEAVY!r} if name in sys.modules) or "nothing", flush=True)
    os._exit(0)

app._leave_after_paint = report
app.run(["--measure-first-paint"])
"""


def test_nothing_heavy_is_imported_before_the_first_paint() -> None:
    """A delegate waits for the window first and for the numbers after it."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == "nothing"


def test_the_entry_point_knows_every_command() -> None:
    assert COMMANDS == entry.COMMANDS


def test_the_help_of_the_window_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """It named six of eleven."""
    with pytest.raises(SystemExit):
        entry.main(["--help"])
    words = capsys.readouterr().out.partition("Without a window")[2].replace(",", " ").replace(".", " ").split()
    assert [name for name in COMMANDS if name not in words] == []


@pytest.fixture
def session(qapp: QApplication) -> Iterator[Session]:
    made = Session(default_case(), pack())
    yield made
    made.close()


@pytest.fixture
def app(qapp: QApplication, session: Session, qtbot: QtBot) -> Iterator[App]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = App(qapp, session)
    with qtbot.waitSignals([made.window.painted, session.results_changed]):
        made.show()
        session.start()
    yield made
    made.window.dispose()


def test_the_title_tells_the_case_and_whether_it_is_saved(app: App, session: Session) -> None:
    assert str(session.case.title) in app.window.windowTitle()
    assert not app.window.isWindowModified()
    session.apply("Day", edits.set_as_of(session.case, date(2025, 8, 1)))
    assert app.window.isWindowModified()
    assert app.window.status_bar.saved.text() == "Not saved"


def test_the_status_bar_names_data_law_and_values(app: App) -> None:
    bar = app.window.status_bar
    assert "hash verified" in bar.pack.text()
    assert "22 May 2025" in bar.law.text()
    assert "2024" in bar.values.text()
    assert bar.offline.text() == "offline"
    assert "ms" in bar.calculation.text()


def test_the_tool_bar_edits_through_the_session(app: App, session: Session, qtbot: QtBot) -> None:
    bar = app.window.tool_bar
    with qtbot.waitSignal(session.results_changed):
        bar.as_of.setText("1 Aug 2025")
        bar.as_of.commit()
    assert session.case.as_of == date(2025, 8, 1)
    bar.compare_with.setCurrentIndex(2)
    bar.compare_with.activated.emit(2)
    assert session.case.compare_with == "C"
    assert session.undo_stack.count() == 2


def test_a_day_without_law_is_refused_at_the_field(app: App, session: Session) -> None:
    before = session.case
    app.window.tool_bar.as_of.setText("2031-01-01")
    app.window.tool_bar.as_of.commit()
    assert app.window.tool_bar.as_of.is_refused
    assert session.case is before


def test_no_day_after_the_known_date_is_offered_as_known(app: App, session: Session) -> None:
    stops = app.window.tool_bar.known_to._stops
    assert stops
    assert max(stop.on for stop in stops) <= session.case.known_to


def test_the_indicator_follows_the_case(session: Session) -> None:
    assert holds_red_lines(session.case)
    bare = session.case
    for record in session.case.barriers:
        bare = edits.set_barrier(
            bare, record.barrier, red_line=type(record.red_line)(), fall_back=type(record.fall_back)()
        )
    assert not holds_red_lines(bare)


def test_every_tab_can_be_shown(app: App, qtbot: QtBot) -> None:
    for place in range(app.window.tabs.bar.count()):
        app.window.show_tab(place)
        assert app.window.pages.currentIndex() == place
        assert app.window.tab(place).isVisible()


def test_a_new_language_keeps_the_case_and_the_undo_steps(app: App, session: Session, qtbot: QtBot) -> None:
    session.apply("Day", edits.set_as_of(session.case, date(2025, 8, 1)))
    old = app.window
    with qtbot.waitSignal(old.destroyed):
        app.set_language("ko")
    assert i18n.language() == "ko"
    assert app.window is not old
    assert app.session.undo_stack.count() == 1
    assert app.window.tool_bar.as_of.text() == "2025. 8. 1."
    qtbot.waitUntil(lambda: session.is_current)


def test_saving_and_opening_bring_back_the_case(
    app: App, session: Session, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "협상.parley"
    monkeypatch.setattr(dialogs, "ask_save_path", lambda parent, name: path)
    session.apply("Day", edits.set_as_of(session.case, date(2025, 8, 1)))
    with qtbot.waitSignal(app.window.files.saved):
        app.window.files.save()
    assert session.is_saved
    assert path.name in app.window.windowTitle()
    saved = session.case
    with qtbot.waitSignal(app.window.files.opened):
        app.window.files.open_path(path)
    assert session.case == saved
    assert session.case is not saved
    assert session.undo_stack.count() == 0


def test_unsaved_changes_are_asked_about(app: App, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    session.apply("Day", edits.set_as_of(session.case, date(2025, 8, 1)))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda parent, name: dialogs.Answer.CANCEL)
    assert not app.window.close()
    assert app.window.isVisible()
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda parent, name: dialogs.Answer.DISCARD)
    assert app.window.files.may_close()


def test_a_file_name_has_nothing_that_systems_refuse() -> None:
    from core.text import LocalText

    case = edits.set_title(default_case(), LocalText(en='Round 1/2: "cars"'))
    assert suggested_name(case) == "Round 1 2 cars"


def test_a_crash_report_says_where_and_nothing_of_the_case() -> None:
    try:
        raise ValueError("our red line is 12.5")
    except ValueError as error:
        report = crash_report(type(error), error.__traceback__)
    assert "ValueError" in report
    assert "test_main_window.py" in report
    assert "red line" not in report
