"""The session: one step of undo an edit, newest results only, nothing after closing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core import edits
from core.case import RateForm
from core.casefile import default_case
from core.errors import NoLawError
from gui.session import Session, changed_fields
from tests.gui.cases import pack

DAY = date(2025, 8, 1)


@pytest.fixture
def session(qapp: object, qtbot: QtBot) -> Iterator[Session]:
    made = Session(default_case(), pack())
    with qtbot.waitSignal(made.results_changed):
        made.start()
    yield made
    made.close()


def test_an_edit_is_one_step_and_its_results_follow(session: Session, qtbot: QtBot) -> None:
    case = edits.set_cell_rate(session.case, "C", "autos", Decimal("0.1"), RateForm.TOTAL, DAY)
    with qtbot.waitSignals([session.case_changed, session.results_changed]):
        session.apply("Set a rate", case)
    assert session.undo_stack.count() == 1
    assert session.undo_stack.undoText() == "Set a rate"
    assert session.results is not None
    assert session.results.case is session.case
    assert session.case.scenarios == case.scenarios
    (entry,) = session.case.history
    assert (entry.what, entry.who) == ("Set a rate", "")
    assert entry.at is not None
    assert [each.partition(":")[0] for each in entry.concerns] == ["change"]


def test_the_same_case_again_is_no_step(session: Session, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(session.case_changed):
        session.apply("Nothing", session.case)
        session.apply("Nothing", edits.set_as_of(session.case, session.case.as_of))
    assert session.undo_stack.count() == 0


def test_undo_and_redo_bring_back_the_very_cases(session: Session, qtbot: QtBot) -> None:
    before = session.case
    after = edits.set_as_of(before, DAY)
    session.apply("Day", after)
    applied = session.case
    assert applied.as_of == DAY
    session.undo_stack.undo()
    assert session.case is before
    session.undo_stack.redo()
    assert session.case is applied
    qtbot.waitUntil(lambda: session.is_current)


def test_of_many_edits_only_the_newest_results_arrive(session: Session, qtbot: QtBot) -> None:
    shown: list[object] = []
    session.results_changed.connect(lambda results: shown.append(results.case))
    for day in range(1, 9):
        session.apply("Day", edits.set_as_of(session.case, date(2025, 8, day)))
    qtbot.waitUntil(lambda: session.is_current)
    assert shown[-1] is session.case
    assert len(shown) < 8


def test_a_failed_evaluation_keeps_the_last_good_results(session: Session, qtbot: QtBot) -> None:
    good = session.results
    with qtbot.waitSignal(session.failed) as caught:
        session.apply("Day", edits.set_as_of(session.case, date(2031, 1, 1)))
    assert isinstance(caught.args[0], NoLawError)
    assert session.results is good
    with qtbot.waitSignal(session.results_changed):
        session.undo_stack.undo()


def test_undoing_back_to_the_saved_case_counts_as_saved(session: Session, tmp_path: Path) -> None:
    assert session.is_saved
    session.apply("Day", edits.set_as_of(session.case, DAY))
    assert not session.is_saved
    session.undo_stack.undo()
    assert session.is_saved
    session.apply("Day", edits.set_as_of(session.case, DAY))
    session.mark_saved(session.case, tmp_path / "name.parley")
    assert session.is_saved
    session.undo_stack.undo()
    assert not session.is_saved


def test_a_scenario_that_goes_is_no_longer_selected(session: Session, qtbot: QtBot) -> None:
    session.select_scenario("D")
    with qtbot.waitSignal(session.scenario_selected):
        session.apply("Delete", edits.remove_scenario(session.case, "D"))
    assert session.selected_scenario in {scenario.letter for scenario in session.case.scenarios}


def test_changed_fields_are_told_by_identity(session: Session) -> None:
    after = edits.set_as_of(session.case, DAY)
    assert changed_fields(session.case, after) == {"as_of"}


def test_nothing_comes_after_closing(qapp: object, qtbot: QtBot) -> None:
    session = Session(default_case(), pack())
    session.start()
    with qtbot.assertNotEmitted(session.results_changed, wait=50):
        session.close()
