"""File > Import: from a foreign table to one undoable edit, with nothing changed before the last step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.case import BarrierState, TradeOverride
from core.casefile import default_case
from gui import theme
from gui.imports.wizard import ImportWizard, Step
from tests.gui.cases import StillSession, pack

Open = Callable[..., ImportWizard]


@pytest.fixture
def session() -> Iterator[StillSession]:
    made = StillSession()
    yield made
    made.close()


@pytest.fixture
def wizard(qapp: QApplication, qtbot: QtBot, session: StillSession) -> Iterator[ImportWizard]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = ImportWizard(session, pack())
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def choose(box: QComboBox, data: object) -> None:
    """As a user does: the choice is announced."""
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def go_on(wizard: ImportWizard, qtbot: QtBot, step: Step) -> None:
    wizard.next_button.click()
    qtbot.waitUntil(lambda: wizard.step is step and not wizard._job.is_running)


def read_file(wizard: ImportWizard, qtbot: QtBot, path: Path, kind: str = "trade") -> None:
    wizard.file_page.kinds[kind].setChecked(True)
    wizard.file_page.path.setText(str(path))
    go_on(wizard, qtbot, Step.READING)


def settle(wizard: ImportWizard, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not wizard._job.is_running)


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "KITA 2024.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def cells(wizard: ImportWizard, row: int) -> list[str]:
    model = wizard.check_page.changes.model
    return [model.text(row, column) for column in range(model.columnCount())]


def test_trade_figures_from_a_korean_file(
    wizard: ImportWizard, session: StillSession, qtbot: QtBot, tmp_path: Path
) -> None:
    text = "품목번호;금액(천달러)\n8703.23.0190;1.234,5\n101210010;7\n8708;1\n"
    read_file(wizard, qtbot, written(tmp_path, text, "cp949"))
    page = wizard.reading_page
    assert (page.encoding.currentData(), page.separator.currentData()) == ("cp949", ";")
    assert page.table.model.text(0, 1) == "8703.23.0190"
    go_on(wizard, qtbot, Step.COLUMNS)
    columns = wizard.columns_page
    assert columns.columns == {"code": 0, "value": 1}
    assert columns.reading.mark_box.currentData() == "comma"
    columns.reading.zeros.setChecked(True)
    go_on(wizard, qtbot, Step.CHECK)
    assert session.case is default_case(), "nothing changes before it is confirmed"
    assert cells(wizard, 0)[0] == "2"
    assert "1,234,500" in cells(wizard, 0)[3]
    assert [finding.row for finding in wizard.check_page._findings if finding.severity.value == "error"] == [4]
    wizard.next_button.click()
    assert [figure.value for figure in session.case.trade] == [Decimal(7000), Decimal(1_234_500)]
    assert {figure.source for figure in session.case.trade} == {"KITA 2024"}
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert session.case.trade == ()


def test_all_of_it_by_keyboard(wizard: ImportWizard, session: StillSession, qtbot: QtBot, tmp_path: Path) -> None:
    path = written(tmp_path, "id,state\nrice,agreed\n")
    assert wizard.focusWidget() is wizard.file_page.path
    QTest.keyClicks(wizard.file_page.path, str(path))
    QTest.keyClick(wizard.file_page.kinds["barriers"], Qt.Key.Key_Space)
    assert wizard.file_page.target.id == "barriers"
    for step in (Step.READING, Step.COLUMNS, Step.CHECK):
        QTest.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda wanted=step: wizard.step is wanted and not wizard._job.is_running)
    assert wizard.focusWidget() is wizard.check_page.changes.view, "the changes are looked at first"
    QTest.keyClick(wizard.next_button, Qt.Key.Key_Return)
    assert session.case.barrier("rice").state is BarrierState.AGREED


def test_escape_leaves_the_case_as_it_was(
    wizard: ImportWizard, session: StillSession, qtbot: QtBot, tmp_path: Path
) -> None:
    read_file(wizard, qtbot, written(tmp_path, "code,value\n01012100,5\n"))
    QTest.keyClick(wizard, Qt.Key.Key_Escape)
    assert not wizard.isVisible()
    assert session.case is default_case()


def test_another_encoding_separator_and_heading_are_shown_at_once(
    wizard: ImportWizard, qtbot: QtBot, tmp_path: Path
) -> None:
    read_file(wizard, qtbot, written(tmp_path, "수출 실적\n세번;값, 금액\n01012100;5\n", "cp949"))
    page = wizard.reading_page
    choose(page.encoding, "latin-1")
    settle(wizard, qtbot)
    assert page.header.itemText(0) != "Row 1: 수출 실적"
    choose(page.encoding, "utf-8")
    settle(wizard, qtbot)
    assert "UTF-8" in page.note.text, "what cannot be is said beside the choice"
    choose(page.encoding, "cp949")
    settle(wizard, qtbot)
    assert not page.note.text
    choose(page.separator, ",")
    settle(wizard, qtbot)
    choose(page.header, 0)
    settle(wizard, qtbot)
    assert page.table.model.column(1).head == "수출 실적"


def test_what_can_be_read_two_ways_is_for_the_user_to_say(
    wizard: ImportWizard, session: StillSession, qtbot: QtBot, tmp_path: Path
) -> None:
    read_file(wizard, qtbot, written(tmp_path, 'code,value\n01012100,"1,234"\n'))
    go_on(wizard, qtbot, Step.COLUMNS)
    reading = wizard.columns_page.reading
    assert reading.mark_box.currentData() == ""
    assert "1,234 is read as 1,234 or 1.234" in reading.examples.text()
    wizard.next_button.click()
    assert wizard.step is Step.COLUMNS
    assert "two ways" in wizard.note.text
    choose(reading.mark_box, "comma")
    assert reading.examples.text() == "1,234 is read as 1.234"
    go_on(wizard, qtbot, Step.CHECK)
    wizard.next_button.click()
    assert session.case.trade[0].value == Decimal("1.234")


def test_a_mapping_is_remembered_for_the_next_file(
    wizard: ImportWizard, session: StillSession, qtbot: QtBot, tmp_path: Path
) -> None:
    read_file(wizard, qtbot, written(tmp_path, "kolumn1;kolumn2\n01012100;1.234\n"))
    go_on(wizard, qtbot, Step.COLUMNS)
    wizard.next_button.click()
    assert "Tariff code, Value" in wizard.note.text or wizard._job.is_running
    settle(wizard, qtbot)
    page = wizard.columns_page
    choose(page.boxes["code"], 0)
    choose(page.boxes["value"], 1)
    settle(wizard, qtbot)
    choose(page.reading.mark_box, "comma")
    choose(page.options.unit, 1_000_000)
    go_on(wizard, qtbot, Step.CHECK)
    wizard.next_button.click()
    second = ImportWizard(session, pack())
    qtbot.addWidget(second)
    second.show()
    read_file(second, qtbot, written(tmp_path, "Kolumn1;Kolumn2\n01012900;2.345\n", name="next.csv"))
    go_on(second, qtbot, Step.COLUMNS)
    assert second.columns_page.columns == {"code": 0, "value": 1}
    assert second.columns_page.reading.mark_box.currentData() == "comma"
    assert second.columns_page.options.unit.currentData() == 1_000_000
    second.close()


def test_rates_go_to_the_scenario_chosen(
    wizard: ImportWizard, session: StillSession, qtbot: QtBot, tmp_path: Path
) -> None:
    read_file(wizard, qtbot, written(tmp_path, "duty,rate,form,from\nsteel,15,total,2025-07-01\n"), "rates")
    go_on(wizard, qtbot, Step.COLUMNS)
    options = wizard.columns_page.options
    assert options.name.isVisible()
    choose(options.scenario, "C")
    assert not options.name.isVisible()
    go_on(wizard, qtbot, Step.CHECK)
    before = len(session.case.scenario("C").changes)
    wizard.next_button.click()
    assert len(session.case.scenario("C").changes) == before + 1
    assert session.case.scenario("C").changes[-1].duty == "steel"


def test_one_column_for_two_fields_is_refused(wizard: ImportWizard, qtbot: QtBot, tmp_path: Path) -> None:
    read_file(wizard, qtbot, written(tmp_path, "code,value\n01012100,5\n"))
    go_on(wizard, qtbot, Step.COLUMNS)
    choose(wizard.columns_page.boxes["duty"], 1)
    settle(wizard, qtbot)
    wizard.next_button.click()
    assert wizard.step is Step.COLUMNS
    assert "twice" in wizard.note.text


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nothing", b"%PDF-1.4"])
def test_a_file_that_is_no_table_is_named(wizard: ImportWizard, qtbot: QtBot, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    wizard.file_page.path.setText(str(path))
    wizard.next_button.click()
    qtbot.waitUntil(lambda: bool(wizard.note.text))
    assert "odd.csv" in wizard.note.text
    assert wizard.step is Step.FILE


def test_no_file_and_a_file_that_is_gone(wizard: ImportWizard, qtbot: QtBot, tmp_path: Path) -> None:
    wizard.next_button.click()
    assert "No file" in wizard.note.text
    wizard.file_page.path.setText(str(tmp_path / "gone.csv"))
    wizard.next_button.click()
    qtbot.waitUntil(lambda: "gone.csv" in wizard.note.text)


def test_back_and_another_file(wizard: ImportWizard, session: StillSession, qtbot: QtBot, tmp_path: Path) -> None:
    read_file(wizard, qtbot, written(tmp_path, "code,value\n01012100,5\n"))
    go_on(wizard, qtbot, Step.COLUMNS)
    go_on(wizard, qtbot, Step.CHECK)
    for step in (Step.COLUMNS, Step.READING, Step.FILE):
        wizard.back_button.click()
        assert wizard.step is step
    read_file(wizard, qtbot, written(tmp_path, "code,value\n01012900,6\n", name="KCS.csv"))
    go_on(wizard, qtbot, Step.COLUMNS)
    go_on(wizard, qtbot, Step.CHECK)
    wizard.next_button.click()
    assert [(figure.code, figure.source) for figure in session.case.trade] == [("01012900", "KCS")]


def test_a_table_without_a_good_row_cannot_be_applied(wizard: ImportWizard, qtbot: QtBot, tmp_path: Path) -> None:
    read_file(wizard, qtbot, written(tmp_path, "code,value\nx,5\n"))
    go_on(wizard, qtbot, Step.COLUMNS)
    go_on(wizard, qtbot, Step.CHECK)
    assert not wizard.next_button.isEnabled()
    wizard.check_page.findings.focus_rows()
    assert "not a tariff code" in wizard.check_page.findings.foot.text()


def test_stop_ends_the_work_and_leaves_the_wizard_open(
    wizard: ImportWizard, session: StillSession, qtbot: QtBot, tmp_path: Path
) -> None:
    """A large file: the button says Stop while it is read; afterwards another file can be read."""
    wizard.file_page.path.setText(str(written(tmp_path, "code,value\n" + "01012100,5\n" * 190_000)))
    wizard.next_button.click()
    assert wizard.cancel_button.text() == "Stop"
    assert not wizard.next_button.isEnabled()
    wizard.cancel_button.click()
    settle(wizard, qtbot)
    assert wizard.isVisible()
    assert wizard.step is Step.FILE
    assert (wizard.cancel_button.text(), wizard.next_button.isEnabled()) == ("Cancel", True)
    read_file(wizard, qtbot, written(tmp_path, "code,value\n01012100,5\n", name="small.csv"))


def test_closing_while_it_reads_waits_for_the_worker(wizard: ImportWizard, tmp_path: Path) -> None:
    wizard.file_page.path.setText(str(written(tmp_path, "code,value\n" + "01012100,5\n" * 100_000)))
    wizard.next_button.click()
    wizard.close()
    assert not wizard._job.is_running


def test_figures_of_before_can_be_removed(qapp: QApplication, qtbot: QtBot) -> None:
    case = edits.set_trade(default_case(), (TradeOverride("01012100", Decimal(5), 2024, "KITA"),))
    session = StillSession(case)
    wizard = ImportWizard(session, pack())
    qtbot.addWidget(wizard)
    wizard.show()
    assert wizard.file_page.remove.isVisible()
    wizard.file_page.remove.click()
    assert session.case.trade == ()
    assert session.undo_stack.undoText() == "Remove own trade figures"
    session.close()


def test_every_control_has_a_name(wizard: ImportWizard, qtbot: QtBot, tmp_path: Path) -> None:
    """What a screen reader says, on every page and in Korean too."""
    i18n.set_language("ko")
    read_file(wizard, qtbot, written(tmp_path, "code,value\n01012100,5\n"))
    go_on(wizard, qtbot, Step.COLUMNS)
    for box in wizard.findChildren(QComboBox):
        assert box.accessibleName()
