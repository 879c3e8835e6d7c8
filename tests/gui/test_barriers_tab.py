"""The barrier checklist: what is known on the day, filters with counts, edits as single undo steps."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.case import BarrierState
from core.text import LocalText
from gui import theme
from gui.table_spec import RowKind
from gui.tabs.barrier_words import state_words
from gui.tabs.barriers import BarriersTab
from tests.gui.cases import StillSession, pack


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    theme.apply(qapp, "light")
    made = StillSession()
    yield made
    made.close()


@pytest.fixture
def tab(qtbot: QtBot, session: StillSession) -> BarriersTab:
    made = BarriersTab(session)
    qtbot.addWidget(made)
    made.resize(1440, 720)
    with qtbot.waitExposed(made):
        made.show()
    return made


def choose(tab: BarriersTab, barrier_id: str) -> None:
    assert tab.table.select_key(barrier_id, "barrier")


def test_only_what_was_known_on_the_day_is_there(tab: BarriersTab, session: StillSession) -> None:
    known = pack().barriers.known(session.case.known_to)
    assert tab.table.model.shown_count == len(known) < len(pack().barriers.barriers)
    assert f"{len(known)} of {len(known)} shown" in tab.count.text()
    assert "22 May 2025" in tab.count.text()


def test_later_developments_and_sources_do_not_show(tab: BarriersTab) -> None:
    """The map-data barrier has a development of November 2025 in the pack."""
    choose(tab, "location-data")
    shown = " ".join(label.text() for label in tab.detail.findChildren(QLabel))
    assert "Location data" in shown
    assert "Nov" not in shown
    assert "2026" not in shown


def test_a_later_known_date_brings_the_rest(tab: BarriersTab, session: StillSession) -> None:
    session.apply("later", edits.set_known_to(session.case, date(2026, 6, 1)))
    assert tab.table.model.shown_count == len(pack().barriers.known(date(2026, 6, 1)))
    choose(tab, "location-data")
    assert "2025" in tab.detail.history.text()


def test_states_are_filtered_and_the_count_names_what_is_hidden(tab: BarriersTab) -> None:
    tab.filters.states[BarrierState.NOT_RAISED].box.click()
    held = [record for record in tab.session.case.barriers if record.state is not BarrierState.NOT_RAISED]
    assert tab.table.model.shown_count == len(held)
    assert "hidden: Not raised" in tab.count.text()


def test_an_area_is_chosen_left(tab: BarriersTab) -> None:
    tab.filters.areas.setCurrentRow(1)
    area = tab._areas[0]
    expected = [barrier for barrier in tab._barriers if barrier.agenda_area == area.id]
    assert tab.table.model.shown_count == len(expected)
    assert tab.table.model.label(0) == str(area.name)


def test_search_finds_korean_words_in_the_english_screen(tab: BarriersTab) -> None:
    tab.search.setText("쇠고기")
    rows = [row for row in range(tab.table.model.rowCount()) if tab.table.model.kind(row) is RowKind.LINE]
    assert "beef-30m" in {tab.table.model.key_at(row) for row in rows}
    assert len(rows) < 8


def test_state_is_one_undo_step(tab: BarriersTab, session: StillSession) -> None:
    choose(tab, "rice" if tab.table.model.row_of("rice") >= 0 else tab._barriers[0].id)
    barrier_id = tab.detail.barrier_id
    tab.detail.state.activated.emit(list(BarrierState).index(BarrierState.AGREED))
    assert session.case.barrier(barrier_id).state is BarrierState.AGREED
    assert session.undo_stack.count() == 1
    assert tab.filters.states[BarrierState.AGREED].count.text() == "1"
    session.undo_stack.undo()
    assert session.case.barrier(barrier_id).state is BarrierState.NOT_RAISED
    assert tab.detail.state.currentIndex() == 0


def test_text_is_handed_over_with_ctrl_enter_and_keeps_the_other_language(
    tab: BarriersTab, session: StillSession, qtbot: QtBot
) -> None:
    choose(tab, "beef-30m")
    korean = session.case.barrier("beef-30m").position.ko
    tab.detail.position.setPlainText("We explain.")
    assert session.undo_stack.count() == 0, "typing alone is no edit"
    qtbot.keyClick(tab.detail.position, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert session.case.barrier("beef-30m").position == LocalText(en="We explain.", ko=korean)
    assert session.undo_stack.count() == 1


def test_text_half_typed_belongs_to_the_barrier_it_was_typed_for(tab: BarriersTab, session: StillSession) -> None:
    """Choosing another row hands the text over to the old one, never to the new."""
    choose(tab, "beef-30m")
    tab.detail.red_line.setPlainText("Not this.")
    choose(tab, "location-data")
    assert str(session.case.barrier("beef-30m").red_line) == "Not this."
    assert str(session.case.barrier("location-data").red_line) != "Not this."
    assert tab.detail.red_line.toPlainText() != "Not this."


def test_esc_takes_typing_back(tab: BarriersTab, session: StillSession, qtbot: QtBot) -> None:
    choose(tab, "beef-30m")
    stored = tab.detail.position.toPlainText()
    tab.detail.position.setPlainText("nothing")
    qtbot.keyClick(tab.detail.position, Qt.Key.Key_Escape)
    assert tab.detail.position.toPlainText() == stored
    tab.detail.flush()
    assert session.undo_stack.count() == 0


def test_saving_with_the_keyboard_saves_what_was_just_typed(
    tab: BarriersTab, session: StillSession, qtbot: QtBot
) -> None:
    """Ctrl+S in the middle of a text: the text is in the file."""
    choose(tab, "beef-30m")
    tab.detail.position.setPlainText("Typed last.")
    qtbot.keyClick(tab.detail.position, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert str(session.case.barrier("beef-30m").position) == "Typed last."


def test_closing_the_window_loses_no_text(tab: BarriersTab, session: StillSession) -> None:
    choose(tab, "beef-30m")
    tab.detail.position.setPlainText("Typed last.")
    tab.close()
    assert str(session.case.barrier("beef-30m").position) == "Typed last."


def test_filling_the_pane_is_never_an_edit(tab: BarriersTab, session: StillSession) -> None:
    for barrier in tab._barriers:
        choose(tab, barrier.id)
    tab.refresh()
    assert session.undo_stack.count() == 0


def test_red_lines_carry_the_lock_and_examples_their_tag(tab: BarriersTab) -> None:
    choose(tab, "beef-30m")
    captions = [label.text() for label in tab.detail.findChildren(QLabel)]
    assert "Red line, delegation only" in captions
    assert sum(label.accessibleName() == "locked" for label in tab.detail.findChildren(QLabel)) == 2
    assert tab.detail.tag.isVisible()
    choose(tab, next(b.id for b in tab._barriers if not tab.session.case.barrier(b.id).illustrative))
    assert not tab.detail.tag.isVisible()


def test_every_state_has_a_word_and_a_shape(tab: BarriersTab) -> None:
    words = [state_words(state) for state in BarrierState]
    assert len(set(words)) == len(BarrierState)
    assert all(not tab.detail.state.itemIcon(place).isNull() for place in range(tab.detail.state.count()))


def test_states_sort_by_how_far_they_are(tab: BarriersTab) -> None:
    tab.table.view.sort_by_section(0)
    model = tab.table.model
    area = next(barrier.agenda_area for barrier in tab._barriers if barrier.id == "beef-30m")
    row, states = model.row_of(area) + 1, list(BarrierState)
    order = []
    while row < model.rowCount() and model.level(row) == 1:
        order.append(states.index(BarrierState(str(model.value(row, "state")))))
        row += 1
    assert order[0] == states.index(BarrierState.EXPLAINED)
    assert order == sorted(order, reverse=True)


def test_korean_screen_shows_korean_records(qtbot: QtBot, session: StillSession) -> None:
    i18n.set_language("ko")
    tab = BarriersTab(session)
    qtbot.addWidget(tab)
    choose(tab, "beef-30m")
    assert tab.detail.title.text() == "쇠고기 30개월령 제한"
