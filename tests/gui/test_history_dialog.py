"""The history as people see it: by part, searched, in local time, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from core import edits
from core.case import Case, RateForm
from core.casefile import default_case
from core.errors import OutputError
from core.history import numbered, stamped
from gui import dialogs, history_dialog, theme
from gui.history_dialog import HistoryDialog, local_words
from gui.main_window import MainWindow
from gui.tabs.barriers import BarriersTab
from gui.tabs.rates import RatesTab
from tests.gui.cases import StillSession

MORNING = datetime(2025, 5, 22, 9, 30, tzinfo=UTC)


def edited_case() -> Case:
    """Three edits: a rate in C, the owner of a barrier, the day."""
    case, ids = default_case(), numbered("k")
    steps = (
        ("Rate", lambda c: edits.set_cell_rate(c, "C", "autos", Decimal("0.1"), RateForm.TOTAL, date(2025, 8, 1))),
        ("=1+1", lambda c: edits.set_barrier(c, "trq", owner="MAFRA")),
        ("Day", lambda c: edits.set_as_of(c, date(2025, 7, 9))),
    )
    for what, step in steps:
        case = stamped(case, step(case), what, at=MORNING, who="Kim", make_id=ids)
    return case


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    theme.apply(qapp, "light")
    made = StillSession(edited_case())
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot: QtBot, session: StillSession) -> Iterator[HistoryDialog]:
    made = opened(qtbot, session)
    yield made
    made.done(0)


def opened(qtbot: QtBot, session: StillSession, part: str = "") -> HistoryDialog:
    made = HistoryDialog(session, part=part)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made._shown is not None)
    return made


def column(dialog: HistoryDialog, name: str) -> list[str]:
    model = dialog.table.model
    return [model.text(row, model.column_of(name)) for row in range(model.rowCount())]


def test_newest_first_with_local_time_and_words(dialog: HistoryDialog) -> None:
    assert column(dialog, "what") == ["Day", "=1+1", "Rate"]
    assert column(dialog, "who") == ["Kim"] * 3
    local = MORNING.astimezone()
    assert column(dialog, "when")[0] == f"22 May 2025, {local:%H:%M}"
    assert column(dialog, "concerns")[1] == "Barrier Farm tariff-rate quotas"
    assert dialog.count.text() == "3 entries"


def test_by_part(dialog: HistoryDialog) -> None:
    place = dialog.parts.findData("barrier:trq")
    assert dialog.parts.itemText(place) == "Barrier Farm tariff-rate quotas"
    dialog.parts.setCurrentIndex(place)
    dialog.parts.activated.emit(place)
    assert column(dialog, "what") == ["=1+1"]
    assert dialog.count.text() == "1 of 3 shown"


def test_a_scenario_shows_the_edits_of_its_changes(qtbot: QtBot, session: StillSession) -> None:
    dialog = opened(qtbot, session, f"scenario:{session.case.scenario('C').id}")
    assert column(dialog, "what") == ["Rate"]
    assert dialog.parts.currentText() == "Scenario C (15 all-in)"
    dialog.done(0)


def test_a_part_that_nobody_touched_says_so(qtbot: QtBot, session: StillSession) -> None:
    dialog = opened(qtbot, session, "barrier:beef-30m")
    assert column(dialog, "what") == []
    assert dialog.count.text() == "0 of 3 shown"
    dialog.done(0)


def test_search(dialog: HistoryDialog) -> None:
    dialog.search.setText("farm")
    assert column(dialog, "what") == ["=1+1"]
    dialog.search.setText("")
    assert len(column(dialog, "what")) == 3


def test_without_entries_one_sentence(qtbot: QtBot, qapp: QApplication) -> None:
    session = StillSession(default_case())
    dialog = opened(qtbot, session)
    assert dialog.empty.isVisible()
    assert not dialog.table.isVisible()
    assert not dialog.export_button.isEnabled()
    dialog.done(0)
    session.close()


def test_it_follows_the_case(dialog: HistoryDialog, session: StillSession, qtbot: QtBot) -> None:
    """And shows the new entry too while only one part is shown."""
    dialog.show_history("barrier:trq")
    session.apply("Again", edits.set_barrier(session.case, "trq", owner="MOTIE"))
    qtbot.waitUntil(lambda: column(dialog, "what") == ["Again", "=1+1"])


def test_the_file_holds_what_is_shown_and_no_formula(dialog: HistoryDialog, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "기록.csv"
    dialog.search.setText("kim")
    with qtbot.waitSignal(dialog._writing.ended):
        dialog.write_to(path)
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[0] == ["When", "Who", "What", "Concerns"]
    assert [row[2] for row in rows[1:]] == ["Day", "'=1+1", "Rate"]
    assert datetime.fromisoformat(rows[1][0]) == MORNING
    assert str(path) in dialog.said.text()


def test_export_asks_where_and_ends_in_csv(
    dialog: HistoryDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: (str(tmp_path / "out"), ""))
    with qtbot.waitSignal(dialog._writing.ended):
        dialog.export()
    assert (tmp_path / "out.csv").exists()


def test_a_file_that_cannot_be_written_is_said(
    dialog: HistoryDialog, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Exception] = []
    monkeypatch.setattr(dialogs, "show_error", lambda _parent, error: told.append(error))
    with qtbot.waitSignal(dialog._writing.ended):
        dialog.write_to(tmp_path / "no such folder" / "x.csv")
    assert isinstance(told[0], OutputError)


def test_a_moment_that_the_file_does_not_say() -> None:
    assert local_words(None) == "–"


class TestPerRow:
    """The window, the checklist and the scenario panel open it for what is chosen there."""

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        parts: list[str] = []
        monkeypatch.setattr(history_dialog, "show_history", lambda _session, _parent, part="": parts.append(part))
        return parts

    def test_from_the_window(self, session: StillSession, asked: list[str], shell: object) -> None:
        window = MainWindow(session, shell)  # type: ignore[arg-type]
        window.show_history("barrier:trq")
        window.together.history_action.trigger()
        assert asked == ["barrier:trq", ""]
        window.dispose()

    def test_from_the_checklist(self, session: StillSession, asked: list[str], qtbot: QtBot) -> None:
        tab = BarriersTab(session)
        qtbot.addWidget(tab)
        tab.show()
        assert tab.table.select_key("trq", "barrier")
        tab.history_button.click()
        assert asked == ["barrier:trq"]

    def test_from_a_change(self, session: StillSession, asked: list[str], qtbot: QtBot) -> None:
        tab = RatesTab(session, None)
        qtbot.addWidget(tab)
        session.select_scenario("C")
        scenario = session.case.scenario("C")
        tab.panel.changes.history_wanted.emit(2)
        tab.panel.history_wanted.emit()
        assert asked == [f"change:{scenario.changes[2].id}", f"scenario:{scenario.id}"]

    @pytest.fixture
    def shell(self) -> object:
        class Shell:
            def set_language(self, language: str) -> None: ...
            def set_theme(self, mode: theme.Mode) -> None: ...
            def set_compact(self, compact: bool) -> None: ...

        return Shell()
