"""Item exposure on the default case: sums that agree with the results, search in two languages, the trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.case import ItemGroup
from core.engine import evaluate
from core.errors import InputError
from core.exposure import By, Gathering, exposure_list, exposure_table
from core.text import LocalText
from gui import theme
from gui.group_editor import GroupEditor, check_disjoint, parse_prefixes
from gui.table_spec import RowKind
from gui.tabs.exposure import ExposureTab
from gui.tabs.exposure_content import Show
from gui.tabs.sources_dialog import SourcesDialog
from tests.gui.cases import StillSession, pack, results


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    theme.apply(qapp, "light")
    made = StillSession()
    yield made
    made.close()


@pytest.fixture
def tab(qtbot: QtBot, session: StillSession) -> ExposureTab:
    made = ExposureTab(session)
    qtbot.addWidget(made)
    made.resize(1440, 720)
    with qtbot.waitExposed(made):
        made.show()
    settle(made, qtbot)
    return made


def settle(tab: ExposureTab, qtbot: QtBot) -> None:
    """Until the worker has prepared the rows that were asked for."""
    qtbot.waitUntil(lambda: tab.table.model.rowCount() > 0 and not tab.is_working)


# What the table sums


@pytest.mark.parametrize("gathering", list(Gathering))
def test_every_gathering_adds_up_to_the_results(gathering: Gathering) -> None:
    found = exposure_list(results(), gathering)
    whole = [evaluation.duty_total for evaluation in results().evaluations]
    assert found.sums().duties == pytest.approx(whole, rel=1e-9)


def test_groups_agree_with_the_table_that_the_workbook_uses() -> None:
    found, table = exposure_list(results(), Gathering.GROUP), exposure_table(results(), By.GROUP)
    for place in range(len(table.keys)):
        sums = found.sums(np.flatnonzero(found.parent_of == place))
        assert sums.value == pytest.approx(table.value[place])
        assert sums.duties == pytest.approx(table.duties[:, place])


def test_rows_of_a_group_add_up_with_the_remainder(tab: ExposureTab) -> None:
    model = tab.table.model
    group = next(row for row in range(model.rowCount()) if model.kind(row) is RowKind.GROUP and model.is_open(row))
    column = f"duty_{tab.session.case.compare_with}"
    below, row = 0.0, group + 1
    while row < model.rowCount() and model.level(row) > 0:
        below += float(model.value(row, column))
        row += 1
    assert model.kind(row - 1) is RowKind.REST
    assert below == pytest.approx(float(model.value(group, column)))


def test_the_total_row_is_the_base_value_of_the_pack(tab: ExposureTab) -> None:
    """128.43 bn of imports for consumption in 2024, chapters 1-97 (US Census Bureau)."""
    assert float(tab.table.model.totals()["value"]) == pytest.approx(128.43e9, rel=1e-4)
    label, cells = tab.table.model.content.apart[0]
    assert "98" in label
    assert float(cells["value"]) == pytest.approx(2.03e9, rel=3e-3)


def test_by_measure_values_do_not_add_up_but_duties_do(tab: ExposureTab, qtbot: QtBot) -> None:
    tab.choose(Gathering.DUTY, Show.RATES)
    settle(tab, qtbot)
    totals = tab.table.model.totals()
    letter = tab.session.case.compare_with
    assert totals[f"duty_{letter}"] == pytest.approx(results().evaluation(letter).duty_total)
    assert totals["value"] == pytest.approx(float(results().portfolio.value.sum()))
    tab.search.setText("8703")
    assert isinstance(tab.table.model.totals()["value"], str)


def test_shares_sum_to_one_and_concentration_is_said(tab: ExposureTab) -> None:
    tab.choose(Gathering.GROUP, Show.SHARES)
    assert tab.table.model.totals()["share"] == pytest.approx(1.0)
    assert "Herfindahl" in tab.table.foot.text()


# What the user does


def test_it_opens_on_the_largest_group_and_explains_its_largest_line(tab: ExposureTab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: tab.panel.trace is not None)
    model = tab.table.model
    assert model.kind(tab.table.view.currentIndex().row()) is RowKind.LINE
    sums = exposure_table(results(), By.GROUP).duties[0]
    assert model.label(0) == str(results().portfolio.group_names[int(np.argmax(sums))])


@pytest.mark.parametrize(("language", "words"), [("en", "battery"), ("ko", "배터리"), ("en", "8703.23")])
def test_search_by_code_and_words(qtbot: QtBot, session: StillSession, language: str, words: str) -> None:
    i18n.set_language(language)
    tab = ExposureTab(session)
    qtbot.addWidget(tab)
    with qtbot.waitExposed(tab):
        tab.show()
    settle(tab, qtbot)
    before = tab.table.model.shown_count
    tab.search.setText(words)
    assert 0 < tab.table.model.shown_count < before / 20


def test_typing_in_the_table_searches(tab: ExposureTab, qtbot: QtBot) -> None:
    tab.table.focus_rows()
    qtbot.keyClicks(tab.table.view, "8")
    assert tab.search.text() == "8"


def test_esc_clears_the_search_and_goes_back_to_the_rows(tab: ExposureTab, qtbot: QtBot) -> None:
    tab.activateWindow()
    tab.search.setFocus()
    qtbot.waitUntil(tab.search.hasFocus)
    qtbot.keyClicks(tab.search, "8703")
    qtbot.keyClick(tab.search, Qt.Key.Key_Escape)
    assert tab.search.text() == ""
    qtbot.waitUntil(tab.table.view.hasFocus)


def test_the_cell_decides_the_scenario_that_is_explained(tab: ExposureTab, qtbot: QtBot) -> None:
    tab.table.select_key(tab.table.current_key(), "rate_D")
    qtbot.waitUntil(lambda: tab.panel.trace is not None and tab.panel.trace.letter == "D")


def test_the_trace_ends_in_the_rate_of_the_table(tab: ExposureTab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: tab.panel.trace is not None)
    trace = tab.panel.trace
    place = results().portfolio.codes.tolist().index(trace.code)
    assert trace.total == pytest.approx(float(results().evaluation(trace.letter).total[place]))


def test_copy_as_text_gives_the_whole_trace(tab: ExposureTab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: tab.panel.trace is not None)
    button = next(each for each in tab.panel.findChildren(QPushButton) if each.text() == "Copy as text")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == tab.panel.trace.as_text()


def test_new_numbers_keep_the_choice_and_what_stands_open(
    tab: ExposureTab, session: StillSession, qtbot: QtBot
) -> None:
    """After a recalculation the table shows new numbers in the same rows."""
    model = tab.table.model
    key, shown = tab.table.current_key(), model.open_keys()
    later = evaluate(edits.set_as_of(results().case, date(2025, 8, 1)), pack(), previous=results())
    session.announce(later)
    settle(tab, qtbot)
    assert later.evaluation("A").average > results().evaluation("A").average
    assert model.totals()["duty_A"] == pytest.approx(later.evaluation("A").duty_total)
    assert tab.table.current_key() == key
    assert model.open_keys() == shown


def test_a_hidden_tab_works_out_nothing_until_it_is_shown(qtbot: QtBot, session: StillSession) -> None:
    tab = ExposureTab(session)
    qtbot.addWidget(tab)
    assert tab.table.model.rowCount() == 0
    assert not tab.is_working
    with qtbot.waitExposed(tab):
        tab.show()
    settle(tab, qtbot)


def test_a_gathering_shown_before_is_back_at_once(tab: ExposureTab, qtbot: QtBot) -> None:
    """Its rows are kept, so that going back and forth waits for no worker."""
    tab.choose(Gathering.CHAPTER, Show.RATES)
    assert tab.is_working
    settle(tab, qtbot)
    assert tab.table.model.content.groups[0].key == "01"
    tab.choose(Gathering.GROUP, Show.RATES)
    assert not tab.is_working
    assert tab.table.model.content.groups[0].key == results().portfolio.group_ids[0]


def test_the_choice_made_last_is_shown_last(tab: ExposureTab, qtbot: QtBot) -> None:
    tab.choose(Gathering.CHAPTER, Show.RATES)
    tab.choose(Gathering.DUTY, Show.RATES)  # while the chapters are still being prepared
    settle(tab, qtbot)
    assert tab.table.model.content.groups[0].key == "column1"


def test_a_session_that_closes_ends_the_worker_of_the_tab(tab: ExposureTab, session: StillSession) -> None:
    tab._list()
    assert tab._job.is_running
    session.close()
    assert not tab._job.is_running
    tab._list()
    assert not tab._job.is_running, "nothing begins after the end"


def test_statistical_lines_are_below_their_tariff_line(tab: ExposureTab) -> None:
    model = tab.table.model
    row = next(row for row in range(model.rowCount()) if model.kind(row) is RowKind.LINE and model.has_children(row))
    model.toggle(row)
    assert model.kind(row + 1) is RowKind.PART
    assert len(model.key_at(row + 1).rpartition(":")[2]) == 10
    below, place = 0.0, row + 1
    while model.kind(place) is RowKind.PART:
        below += float(model.value(place, "value"))
        place += 1
    assert below == pytest.approx(float(model.value(row, "value")))


def test_inferred_rates_say_so(tab: ExposureTab) -> None:
    notes = {note for note in tab.table.model.content.notes["column1"] if note}
    assert any("inferred" in note for note in notes)
    assert any("assumed share" in note for note in notes)


def test_in_a_narrow_window_the_panel_folds_and_enter_brings_it_back(tab: ExposureTab, qtbot: QtBot) -> None:
    tab.resize(1180, 600)
    qtbot.waitUntil(lambda: tab.splitter.sizes()[1] == 0)
    assert tab.table.view.horizontalHeader().length() <= tab.table.view.viewport().width()
    tab.table.focus_rows()
    qtbot.keyClick(tab.table.view, Qt.Key.Key_Return)
    assert tab.splitter.sizes()[1] > 0


def test_nothing_known_later_shows_in_the_table_or_panel(tab: ExposureTab, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: tab.panel.trace is not None)
    assert "2026" not in tab.panel.trace.as_text()


def test_law_and_sources_name_the_instruments_of_the_trace(tab: ExposureTab, qtbot: QtBot) -> None:
    """Cars pay under Proclamation 10908 of 26 March 2025 (90 FR 14705)."""
    qtbot.waitUntil(lambda: tab.panel.trace is not None)
    dialog = SourcesDialog(results(), tab.panel.trace)
    qtbot.addWidget(dialog)
    texts = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "90 FR 14705" in texts
    assert "26 Mar 2025" in texts


# Groups


def test_prefixes_are_read_strictly() -> None:
    assert parse_prefixes("8703.23\n8507, 85") == ("870323", "8507", "85")
    with pytest.raises(InputError):
        parse_prefixes("87031")


def test_one_prefix_in_two_groups_is_refused() -> None:
    groups = tuple(ItemGroup(id=name, name=LocalText(en=name), prefixes=("8703",)) for name in "ab")
    with pytest.raises(InputError, match="8703"):
        check_disjoint(groups)


def test_the_group_editor_makes_one_undo_step(qtbot: QtBot, session: StillSession) -> None:
    editor = GroupEditor(session)
    qtbot.addWidget(editor)
    before = session.case.groups
    editor._on_add()
    editor.english.setText("Tyres")
    editor.english.textEdited.emit("Tyres")
    editor.prefixes.setPlainText("4011")
    assert "statistical lines" in editor.takes.text()
    editor.accept()
    assert session.undo_stack.count() == 1
    assert str(session.case.groups[0].name) == "Tyres"
    session.undo_stack.undo()
    assert session.case.groups == before


def test_what_is_no_code_is_refused_in_place(qtbot: QtBot, session: StillSession) -> None:
    editor = GroupEditor(session)
    qtbot.addWidget(editor)
    editor.prefixes.setPlainText("abc")
    assert "abc" in editor.problem.text()
    assert not editor.buttons.button(editor.buttons.StandardButton.Ok).isEnabled()


def test_on_a_day_without_difference_the_table_says_when_there_is_one(tab: ExposureTab) -> None:
    """On 22 May 2025 all scenarios charge alike; the suspension ends, and they part, on 9 July 2025 (EO 14266)."""
    assert "9 July 2025" in tab.table.foot.text()
