"""A click on a step of the chart: what did it, by which instrument, and the rates of that day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.casefile import default_case
from core.engine import evaluate
from core.law_history import causes
from core.results import Results
from gui import theme
from gui.charts.geometry import beside_lines
from gui.charts.step_chart import StepChart, _placed_ticks
from gui.charts.step_words import step_words
from gui.tabs.rates import RatesTab, step_data
from tests.gui.cases import StillSession, pack, results

PAUSE_ENDS = date(2025, 7, 9)
KNOWN_DAYS = (date(2025, 5, 22), date(2025, 7, 8), date(2025, 12, 31), date(2026, 11, 20))
VISIBLE = 0.00005  # half of the last digit shown, 0.01 %


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = StillSession()
    yield made
    made.close()


@pytest.fixture
def tab(session: StillSession, qtbot: QtBot) -> RatesTab:
    made = RatesTab(session, None)
    qtbot.addWidget(made)
    made.resize(1440, 760)
    with qtbot.waitExposed(made):
        made.show()
    return made


def stem_of(chart: StepChart, day: date) -> QPoint:
    """A point on the day's step, half way up."""
    frame = chart._frame(chart._data, chart.rect())
    return QPoint(round(frame.x(day)), round(frame.area.center().y()))


def text_of(chart: StepChart, day: date) -> QPoint:
    """The middle of the words below the axis."""
    frame = chart._frame(chart._data, chart.rect())
    placed = next(each for each in _placed_ticks(frame, chart._data) if each.tick.on == day)
    assert placed.text is not None
    return placed.text.center().toPoint()


def click(qtbot: QtBot, tab: RatesTab, where: QPoint) -> None:
    qtbot.mouseClick(tab.chart, Qt.MouseButton.LeftButton, pos=where)


def told(tab: RatesTab) -> str:
    """What the panel shows, as the text of its parts."""
    assert tab.side.currentWidget() is tab.step_panel
    panel = tab.step_panel
    return "\n".join([panel.day.text(), panel.title.text(), panel.text.toPlainText()]).replace("\xa0", " ")


# What is told


def test_a_click_on_a_step_names_measures_and_instrument(tab: RatesTab, qtbot: QtBot) -> None:
    """Executive Order 14266 of 9 April 2025 suspends the country rates to 12:01 a.m. of 9 July 2025."""
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    text = told(tab)
    assert "9 July 2025" in text
    assert "Reciprocal country rate (Annex I): takes effect again" in text
    assert "Reciprocal duty during the pause" in text
    assert "EO 14266 · public since 9 Apr 2025" in text
    assert "In law, as known to 22 May 2025" in text


def test_the_averages_before_and_after_are_those_of_the_series(tab: RatesTab, qtbot: QtBot) -> None:
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    law = results().series[0]
    place = law.dates.index(PAUSE_ENDS)
    before, after = (f"{law.averages[n] * 100:.2f}" for n in (place - 1, place))
    lines = told(tab).splitlines()
    row = lines.index("Law as it stands")
    assert lines[row + 1 : row + 3] == [before, after]
    assert float(lines[row + 3]) == pytest.approx(float(after) - float(before), abs=1e-9)
    assert lines[row + 3].startswith("+")


def test_a_change_of_a_scenario_is_told_by_its_letter_and_number(tab: RatesTab, qtbot: QtBot) -> None:
    """On 1 August 2025 the law as known on 22 May changes nothing; of the scenarios only C does."""
    click(qtbot, tab, stem_of(tab.chart, date(2025, 8, 1)))
    lines = told(tab).splitlines()
    assert "The law as known changes nothing on this day." in lines
    changes = tab._session.case.scenario("C").changes
    begin = [n for n, change in enumerate(changes, start=1) if change.start == date(2025, 8, 1)]
    end = [n for n, change in enumerate(changes, start=1) if change.until == date(2025, 8, 1)]
    assert begin
    assert end
    for number in (*begin, *end):
        assert any(line.startswith(f" C  {number} ") for line in lines)
    assert sum("ends, the law applies again" in line for line in lines) == 1
    assert not any(re.match(r" [ABD]  \d", line) for line in lines)


def test_a_click_on_the_words_of_a_tick_means_its_day(tab: RatesTab, qtbot: QtBot) -> None:
    """The words of 12 March stand to the left of their stem, farther from it than a click reaches."""
    day = date(2025, 3, 12)
    where = text_of(tab.chart, day)
    assert abs(where.x() - stem_of(tab.chart, day).x()) > 20
    click(qtbot, tab, where)
    text = told(tab)
    assert "Proclamation 10896" in text
    assert "Proclamation 10895" in text


def test_a_click_beside_all_steps_tells_nothing(tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
    click(qtbot, tab, stem_of(tab.chart, date(2025, 6, 15)))
    assert tab.side.currentWidget() is tab.panel
    assert session.undo_stack.count() == 0


def test_a_click_moves_the_as_of_date_as_one_edit(tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
    before = session.case
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    assert session.case.as_of == PAUSE_ENDS
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert session.case is before


def test_new_numbers_are_told_of_the_same_day(tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
    """Known to 8 July, the end of the pause is 1 August (EO 14316): nothing happens on 9 July any more."""
    tab.chart.setFocus()
    tab.chart._read(PAUSE_ENDS)
    later = edits.set_known_to(session.case, date(2025, 7, 8))
    session.apply("known", later)
    session.announce(evaluate(later, pack()))
    assert "In law, as known to 8 July 2025" in told(tab)
    assert "The law as known changes nothing on this day." in told(tab)


# Keyboard, screen readers, clipboard


def test_arrow_keys_tell_the_same_and_edit_nothing(tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    clicked = told(tab)
    session.undo_stack.undo()
    tab.chart.leave_day()
    tab.chart.setFocus()
    qtbot.keyClick(tab.chart, Qt.Key.Key_Right)
    assert told(tab) == clicked
    assert session.undo_stack.index() == 0
    qtbot.keyClick(tab.chart, Qt.Key.Key_Return)
    assert session.case.as_of == PAUSE_ENDS


def test_every_tick_is_a_stop_of_the_arrow_keys(tab: RatesTab, qtbot: QtBot) -> None:
    tab.chart._read(date(2025, 12, 31))
    seen = []
    for _press in range(20):
        qtbot.keyClick(tab.chart, Qt.Key.Key_Left)
        seen.append(tab.chart.cursor_day)
    assert {change.on for change in results().change_dates} <= set(seen)


def test_esc_in_the_panel_gives_back_scenario_and_chart(tab: RatesTab, qtbot: QtBot) -> None:
    tab.activateWindow()
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    tab.step_panel.setFocus()
    qtbot.waitUntil(tab.step_panel.text.hasFocus)
    qtbot.keyClick(tab.step_panel.text, Qt.Key.Key_Escape)
    qtbot.waitUntil(tab.chart.hasFocus)
    assert tab.side.currentWidget() is tab.panel
    assert tab.chart.cursor_day is None
    assert tab.value_line.text() == ""


def test_esc_in_the_chart_does_too(tab: RatesTab, qtbot: QtBot) -> None:
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    qtbot.keyClick(tab.chart, Qt.Key.Key_Escape)
    assert tab.side.currentWidget() is tab.panel


def test_pointing_at_a_scenario_brings_its_panel_back(tab: RatesTab, qtbot: QtBot) -> None:
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    tab.view.setCurrentIndex(tab.model.index(0, tab.model.column_of("C")))
    assert tab.side.currentWidget() is tab.panel


def test_screen_readers_are_told_the_cause(tab: RatesTab, qtbot: QtBot) -> None:
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    description = tab.chart.accessibleDescription().replace("\xa0", " ")
    assert "EO 14266 · public since 9 Apr 2025" in description
    assert tab.step_panel.text.accessibleName() == "9 July 2025 · Pause ends"
    qtbot.keyClick(tab.chart, Qt.Key.Key_Escape)
    assert "EO 14266" not in tab.chart.accessibleDescription()
    assert "Arrow keys" in tab.chart.accessibleDescription()


def test_all_of_it_can_be_copied_as_text(tab: RatesTab, qtbot: QtBot) -> None:
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    qtbot.mouseClick(tab.step_panel.copy_button, Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert copied.splitlines()[0] == "9 July 2025 · Pause ends"
    assert "EO 14266" in copied
    QApplication.clipboard().setText("")
    qtbot.keyClick(tab.chart, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == copied


def test_a_folded_side_unfolds_for_a_day_and_folds_again(tab: RatesTab, qtbot: QtBot) -> None:
    tab.splitter.setSizes([tab.splitter.width(), 0])
    click(qtbot, tab, stem_of(tab.chart, PAUSE_ENDS))
    assert tab.splitter.sizes()[1] > 0
    qtbot.keyClick(tab.chart, Qt.Key.Key_Escape)
    assert tab.splitter.sizes()[1] == 0


# The chart and the law agree


@pytest.fixture(scope="module", params=KNOWN_DAYS, ids=str)
def known_results(request: pytest.FixtureRequest) -> Results:
    case = edits.set_known_to(default_case(), request.param)
    return evaluate(edits.set_as_of(case, request.param), pack())


def test_every_visible_step_of_the_law_has_a_tick_a_cause_and_an_instrument(known_results: Results) -> None:
    """What moves the line by a hundredth of a per cent can be asked about, and somebody did it."""
    law, base = known_results.series[0], known_results.basis.base
    data, ticks = step_data(known_results), {change.on for change in known_results.change_dates}
    steps = zip(law.dates[1:], law.averages, law.averages[1:], strict=False)
    visible = [day for day, before, after in steps if abs(after - before) > VISIBLE]
    assert len(visible) >= 7, "the seven steps of spring 2025 at least"
    for day in visible:
        words = step_words(known_results, data, day, {})
        assert day in ticks, day
        assert causes(base, day), day
        assert words.law, day
        assert all(event.by for event in words.law), day


def test_nothing_is_told_that_was_not_public(known_results: Results) -> None:
    base, known = known_results.basis.base, known_results.case.known_to
    named = {
        name for tick in known_results.change_dates for cause in causes(base, tick.on) for name in cause.instruments
    }
    assert named
    assert all(base.law.instruments[name].released <= known for name in named)
    texts = " ".join(
        step_words(known_results, step_data(known_results), tick.on, {}).as_text()
        for tick in known_results.change_dates
    )
    later = [each for each in base.law.instruments.values() if each.released > known]
    assert not [each.id for each in later if each.cite() in texts]


def test_what_was_made_good_later_is_not_told_before() -> None:
    """The memorandum of 11 April 2025 freed computers back to 5 April; on 8 April nobody knew of it."""
    day = date(2025, 4, 5)
    texts = {}
    for known in (date(2025, 4, 8), date(2025, 4, 11)):
        case = edits.set_as_of(edits.set_known_to(default_case(), known), known)
        found = evaluate(case, pack())
        texts[known] = step_words(found, step_data(found), day, {}).as_text()
    assert "EO 14257" in texts[date(2025, 4, 8)]
    assert "Memorandum" not in texts[date(2025, 4, 8)]
    assert "Memorandum of 11 April 2025" in texts[date(2025, 4, 11)].replace("\xa0", " ")


def test_words_are_in_the_language_of_the_window() -> None:
    i18n.set_language("ko")
    text = step_words(results(), step_data(results()), PAUSE_ENDS, {}).as_text()
    assert "2025. 7. 9." in text
    assert "다시 시행" in text


# Words above the chart


@pytest.mark.parametrize(("first", "second"), [(100.0, 100.0), (880.0, 880.0), (850.0, 880.0), (300.0, 340.0)])
def test_the_words_of_both_days_stay_inside_and_apart(first: float, second: float) -> None:
    """With the law known to late 2026 the words of the as-of date ran over the letters at the lines' ends."""
    one, other = beside_lines(first, 90.0, second, 80.0, 890.0)
    assert one + 90.0 <= 890.0
    assert other + 80.0 <= 890.0
    assert one + 90.0 <= other or other + 80.0 <= one
