"""What changed, in its window: two moments, presets, the instruments, rows that open, both traces, the clipboard."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.casefile import default_case
from core.comparison import Comparison, Moment
from core.errors import Cancelled
from gui import theme
from gui.app import App
from gui.comparison import job as comparison_job
from gui.comparison.content import Show
from gui.comparison.dialog import ComparisonDialog
from gui.comparison.moments import since_last, two_days
from gui.table_spec import RowKind
from tests.gui.cases import StillSession, pack, results
from tests.leaks import leaks

MAY, JULY = date(2025, 5, 22), date(2025, 7, 8)
ENTRY = date(2025, 7, 20)
PATIENCE_MS = 20_000


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = StillSession()
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot: QtBot, session: StillSession) -> Iterator[ComparisonDialog]:
    made = ComparisonDialog(session, pack())
    with qtbot.waitSignal(made._job.ended, timeout=PATIENCE_MS), qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def compare(dialog: ComparisonDialog, qtbot: QtBot, before: Moment, after: Moment) -> Comparison:
    dialog.fields.show_moments((before, after))
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        dialog.compare()
    assert dialog.tables is not None
    return dialog.tables.comparison


def type_day(dialog: ComparisonDialog, qtbot: QtBot, field: object, text: str) -> None:
    assert hasattr(field, "setText")
    field.setText(text)
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        qtbot.keyClick(field, Qt.Key.Key_Return)


# Where it begins


def test_it_opens_on_the_month_before_the_case(dialog: ComparisonDialog) -> None:
    """The case stands on 22 May 2025; thirty days before that is 22 April."""
    before, after = dialog.fields.moments
    assert (before, after) == (Moment(date(2025, 4, 22), date(2025, 4, 22)), Moment(MAY, MAY))
    assert dialog.finding.text().startswith("Between 22 Apr 2025 and 22 May 2025: average")
    assert not dialog.note.text, "nothing later than the case is looked at"


def test_a_case_that_looks_at_another_day_keeps_it() -> None:
    case = edits.set_as_of(default_case(), date(2025, 8, 1))
    before, after = since_last(case, pack())
    assert before == Moment(date(2025, 8, 1), date(2025, 4, 22))
    assert after == Moment(date(2025, 8, 1), MAY)


def test_the_first_month_of_the_law_is_the_earliest() -> None:
    case = edits.set_known_to(edits.set_as_of(default_case(), date(2025, 1, 15)), date(2025, 1, 15))
    assert since_last(case, pack())[0] == Moment(date(2025, 1, 1), date(2025, 1, 1))


def test_two_days_are_the_case_s_own_and_the_next_change() -> None:
    """The suspension of EO 14266 ends on 9 July 2025."""
    assert two_days(default_case(), pack(), results()) == (Moment(MAY, MAY), Moment(date(2025, 7, 9), MAY))


def test_nothing_later_is_told_unasked(dialog: ComparisonDialog) -> None:
    """Texts, days to pick from, and tips of the window as it opens."""
    case = dialog.session.case
    fields = (*dialog.fields.on, *dialog.fields.known)
    texts = [f"{stop.title} {stop.tip} {stop.on.isoformat()}" for field in fields for stop in field._stops]
    texts += [dialog.finding.text(), dialog.reading.toPlainText(), dialog.note.text]
    texts += [dialog.fields.since_last.toolTip(), dialog.fields.two_days.toolTip()]
    content = dialog.table.model.content
    texts += [text for name in ("why", "description") for text in content.cells[name]]
    assert any("EO 14289" in text for text in texts), "the texts were read"
    assert not leaks(texts, case, pack())


# What it says


def test_the_finding_the_instruments_and_their_words(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    """EO 14316 and Proclamation 10947, for entry on 20 July 2025."""
    found = compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    assert f"{found.total.before:.2%}".rstrip("%") in dialog.finding.text()
    assert "less duty a year" in dialog.finding.text()
    text = dialog.reading.toPlainText()
    for words in ("Proclamation 10947, 90 FR 24199", "EO 14316", "suspended until 1 Aug 2025 instead of 9 July 2025"):
        assert words in text
    assert "changes no rate for this partner" in text
    assert "announcement, no instrument" in text


def test_later_law_than_the_case_s_is_said_in_words(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    assert "22 May 2025" in dialog.note.text
    assert "The case stays as it is" in dialog.note.text
    assert dialog.session.case is default_case()
    assert dialog.session.undo_stack.count() == 0


def test_what_takes_effect_between_two_days(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        dialog.fields.two_days.click()
    text = dialog.reading.toPlainText()
    assert "The same law on both sides" in text
    assert "Reciprocal country rate (Annex I): takes effect again" in text
    assert dialog.fields.swap.isEnabled()


def test_in_korean(qtbot: QtBot, session: StillSession) -> None:
    i18n.set_language("ko")
    made = ComparisonDialog(session, pack())
    qtbot.addWidget(made)
    with qtbot.waitSignal(made._job.ended, timeout=PATIENCE_MS):
        made.show()
    assert "행정명령 14289호" in made.reading.toPlainText()
    assert "2025. 5. 22." in made.finding.text()
    made.close()


# The table


def test_group_rows_are_the_whole_group(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    found = compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    model = dialog.table.model
    for row, group in enumerate(found.groups.changed):
        at = model.row_of(group.key)
        assert row <= at
        for name in ("before", "after", "points", "change", "value"):
            assert model.value(at, name) == pytest.approx(getattr(group, name))
    assert model.totals()["change"] == pytest.approx(found.total.change)
    assert model.totals()["value"] == pytest.approx(found.value)


def test_a_group_opens_to_the_lines_that_differ(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    found = compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    model = dialog.table.model
    group = found.groups.changed[1]
    at = model.row_of(group.key)
    model.set_open(at, True)
    below, row = 0.0, at + 1
    while row < model.rowCount() and model.level(row) > 0:
        below += float(model.value(row, "change"))
        row += 1
    assert model.kind(row - 1) is RowKind.REST
    assert below == pytest.approx(group.change)


def test_lines_and_duties(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    found = compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    model = dialog.table.model
    dialog.choose(Show.LINES)
    assert model.rowCount() == len(found.lines.changed)
    assert model.key_at(0) == found.lines.changed[0].key
    assert "tariff lines" in dialog.table.foot.text()
    dialog.choose(Show.DUTIES)
    assert [model.value(row, "duty") for row in range(2)] == ["Column 1", "Cars and light trucks"]
    assert model.totals()["change"] == pytest.approx(sum(part.change for part in found.parts))


def test_the_why_names_duty_rates_and_instrument(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    dialog.choose(Show.LINES)
    model = dialog.table.model
    row = model.row_of("19023000")
    assert model.value(row, "why") == "Reciprocal duty 25\N{NO-BREAK SPACE}% → 10\N{NO-BREAK SPACE}% (EO 14316)"
    assert "Reciprocal duty during the pause" in model.note(row, "why")


def test_goods_without_a_number_show_none(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    """The pack lacks the annexes of the polysilicon duty, in force from 4 December 2026."""
    known = date(2026, 8, 20)
    compare(dialog, qtbot, Moment(known, known), Moment(date(2026, 12, 10), known))
    dialog.choose(Show.LINES)
    model = dialog.table.model
    row = model.row_of("85414200")
    texts = {name: model.text(row, model.column_of(name)) for name in ("before", "after", "change")}
    assert texts == {"before": "12.5", "after": "n/a", "change": "n/a"}
    assert "polysilicon" in dialog.note.text


def test_a_moment_and_itself(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    compare(dialog, qtbot, Moment(MAY, MAY), Moment(MAY, MAY))
    assert "no rate changes" in dialog.finding.text()
    assert dialog.table.model.rowCount() == 0
    assert dialog.table.model.totals()["change"] == 0


def test_models_hold_through_every_view(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    tester = QAbstractItemModelTester(_model(dialog), QAbstractItemModelTester.FailureReportingMode.Warning, dialog)
    for show in Show:
        dialog.choose(show)
    compare(dialog, qtbot, Moment(MAY, MAY), Moment(MAY, MAY))
    compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    dialog.choose(Show.GROUPS)
    assert tester.model() is dialog.table.model


def _model(dialog: ComparisonDialog) -> QAbstractItemModel:
    return dialog.table.model


# Both traces


def test_a_row_shows_both_traces(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    found = compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    dialog.choose(Show.LINES)
    dialog.table.select_key("73061910")
    panels = dialog.traces.panels
    qtbot.waitUntil(lambda: all(p.trace is not None and p.trace.code.startswith("730619") for p in panels))
    before, after = (panel.trace for panel in panels)
    assert before is not None
    assert after is not None
    assert (before.known, after.known) == (MAY, JULY)
    assert (before.total, after.total) == (pytest.approx(0.25), pytest.approx(0.50))
    assert dialog.traces.captions[1].text() == "Entry on 20 July 2025, law known to 8 July 2025"
    assert found.letter == before.letter


def test_a_group_is_explained_by_its_weightiest_line(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    dialog.table.select_key("steel")
    assert dialog.tables is not None
    code = dialog.tables.spokesmen["steel"]
    qtbot.waitUntil(lambda: all(p.trace is not None and p.trace.code == code for p in dialog.traces.panels))


# The four days


def test_a_known_day_takes_the_day_of_entry_with_it(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    """As long as the moment shows the very day to which it knows the law."""
    type_day(dialog, qtbot, dialog.fields.known[0], "2025-05-01")
    assert dialog.fields.moments[0] == Moment(date(2025, 5, 1), date(2025, 5, 1))
    type_day(dialog, qtbot, dialog.fields.on[0], "2025-05-22")
    type_day(dialog, qtbot, dialog.fields.known[0], "2025-05-02")
    assert dialog.fields.moments[0] == Moment(MAY, date(2025, 5, 2))
    assert dialog.tables is not None
    assert dialog.tables.comparison.before.moment == Moment(MAY, date(2025, 5, 2))


def test_a_day_without_law_is_refused_in_its_field(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    field = dialog.fields.on[1]
    field.setText("2030-01-01")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.is_refused
    assert "2026" in field.refusal_text
    assert dialog.fields.moments[1].on == MAY
    field.clear_refusal()


def test_the_first_moment_may_not_know_more(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    """The numbers stay, the reason is said, and Exchange puts it right."""
    held = dialog.finding.text()
    type_day(dialog, qtbot, dialog.fields.known[0], "2025-07-08")
    assert "knows more law" in dialog.note.text
    assert "those of the last comparison" in dialog.note.text
    assert dialog.finding.text() == held
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        dialog.fields.swap.click()
    assert dialog.fields.moments == (Moment(MAY, MAY), Moment(JULY, JULY))
    assert "knows more law" not in dialog.note.text
    assert not dialog.fields.swap.isEnabled(), "the other way round it would be refused again"


def test_since_we_last_met_brings_the_beginning_back(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    type_day(dialog, qtbot, dialog.fields.known[1], "2025-07-08")
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        dialog.fields.since_last.click()
    assert dialog.fields.moments == since_last(default_case(), pack())


def test_enter_presses_no_button(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    """Enter beside a button would bring the preset back over what was typed."""
    type_day(dialog, qtbot, dialog.fields.known[1], "2025-05-12")
    qtbot.keyClick(dialog.show_what, Qt.Key.Key_Return)
    qtbot.keyClick(dialog.reading, Qt.Key.Key_Return)
    assert dialog.fields.moments[1].known == date(2025, 5, 12)
    assert not dialog._job.is_running


# In the background


def test_the_comparison_is_worked_out_in_another_thread(
    dialog: ComparisonDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []
    make = comparison_job.make_tables

    def spy(*arguments: object) -> object:
        threads.append(threading.current_thread())
        return make(*arguments)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(comparison_job, "make_tables", spy)
    compare(dialog, qtbot, Moment(MAY, MAY), Moment(ENTRY, JULY))
    assert threads
    assert threading.main_thread() not in threads


def test_the_newest_choice_wins(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    first, second = Moment(ENTRY, JULY), Moment(ENTRY, date(2025, 8, 1))
    dialog.fields.show_moments((Moment(ENTRY, MAY), first))
    dialog.compare()
    dialog.fields.show_moments((Moment(ENTRY, MAY), second))
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        dialog.compare()
    assert dialog.tables is not None
    assert dialog.tables.comparison.after.moment == second


def test_cancel_keeps_the_last_numbers_and_their_moments(
    dialog: ComparisonDialog, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = threading.Event()

    def endless(*_arguments: object, cancelled: object) -> None:
        started.set()
        assert callable(cancelled)
        while not cancelled():
            threading.Event().wait(0.001)
        raise Cancelled

    monkeypatch.setattr(comparison_job, "compare_moments", endless)
    held, moments = dialog.finding.text(), dialog.fields.moments
    dialog.fields.show_moments((Moment(ENTRY, MAY), Moment(ENTRY, JULY)))
    dialog.compare()
    assert started.wait(5)
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        dialog.cancel.click()
    assert dialog.finding.text() == held
    assert dialog.fields.moments == moments
    assert dialog.cancel.isHidden()


def test_a_change_of_the_case_is_compared_anew(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        dialog.session.apply("later", edits.set_known_to(dialog.session.case, date(2025, 6, 5)))
    assert dialog.fields.moments[1] == Moment(MAY, date(2025, 6, 5))
    assert "Proclamation 10947" in dialog.reading.toPlainText()


def test_another_scenario(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    """Scenario C puts cars at a total of 15 % from 1 August 2025, whatever the law."""
    dialog.fields.show_moments((Moment(MAY, MAY), Moment(date(2025, 8, 1), MAY)))
    dialog.scenario.setCurrentIndex(dialog.scenario.findData("C"))
    with qtbot.waitSignal(dialog._job.ended, timeout=PATIENCE_MS):
        dialog.scenario.activated.emit(dialog.scenario.currentIndex())
    assert dialog.tables is not None
    assert dialog.tables.comparison.letter == "C"
    assert "scenario C" in dialog.detail.text()


# Taking it away


def test_copy_as_text(dialog: ComparisonDialog, qtbot: QtBot) -> None:
    compare(dialog, qtbot, Moment(ENTRY, MAY), Moment(ENTRY, JULY))
    with qtbot.waitSignal(dialog._copying.ended, timeout=PATIENCE_MS):
        dialog.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith(dialog.finding.text())
    for words in ("Proclamation 10947, 90 FR 24199", "By item group", "Steel and articles of steel"):
        assert words in text


# From the menu


@pytest.fixture
def app(qapp: QApplication, session: StillSession, qtbot: QtBot) -> Iterator[App]:
    made = App(qapp, session)
    with qtbot.waitExposed(made.window):
        made.show()
    yield made
    made.window.dispose()


def _open(app: App) -> list[ComparisonDialog]:
    return [each for each in app.window.children() if isinstance(each, ComparisonDialog) and each.isVisible()]


def test_the_menu_opens_one_window_beside_the_case(app: App, qtbot: QtBot) -> None:
    action = app.window.changes_action
    assert action in app.window.menus.view.actions()
    assert action.shortcut().toString() == "Ctrl+D"
    action.trigger()
    action.trigger()
    (dialog,) = _open(app)
    assert not dialog.isModal()
    qtbot.waitUntil(lambda: dialog.tables is not None, timeout=PATIENCE_MS)
    dialog.close()
    qtbot.waitUntil(lambda: not _open(app))


def test_the_window_goes_while_it_is_working(app: App) -> None:
    """A change of language takes the old window away; its worker must not speak to what is gone."""
    app.window.show_changes()
    (dialog,) = _open(app)
    app.window.dispose()
    assert not dialog._job.is_running
