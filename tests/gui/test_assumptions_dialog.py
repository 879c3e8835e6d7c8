"""The Assumptions window, used as a person would: typing, choosing, taking back, and looking at another day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.assumptions import Section
from core.case import Case, Column1Use
from core.casefile import default_case
from core.errors import InputError
from gui import settings, theme
from gui.app import App
from gui.assumptions.dialog import AssumptionsDialog, show_assumptions
from gui.assumptions.row import AssumptionLine
from gui.number_edit import StrictEdit
from gui.session import Session
from gui.share_edit import parse_percent_share
from gui.tabs.rates import RatesTab
from tests.gui.cases import pack
from tests.leaks import leaks

DECEMBER = date(2025, 12, 20)
PARTS = "list:s232_auto_parts"
FLOOR = "reading:floor_on_rest"


def december() -> Case:
    return replace(default_case(), as_of=DECEMBER, known_to=DECEMBER)


def made(qtbot: QtBot, case: Case) -> tuple[Session, AssumptionsDialog]:
    session = Session(case, pack())
    with qtbot.waitSignal(session.results_changed, timeout=20_000):
        session.start()
    dialog = AssumptionsDialog(session)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.shown, timeout=20_000):
        dialog.show()
    return session, dialog


@pytest.fixture
def session(dialog: AssumptionsDialog) -> Session:
    return dialog._session


@pytest.fixture
def dialog(qapp: QApplication, qtbot: QtBot) -> Iterator[AssumptionsDialog]:
    theme.apply(qapp, theme.Mode.LIGHT)
    session, found = made(qtbot, december())
    yield found
    session.close()
    found.close()


def line(dialog: AssumptionsDialog, name: str) -> AssumptionLine:
    section = next(view for view in dialog.sections.values() if name in view.widgets)
    return section.widgets[name]


def names(dialog: AssumptionsDialog) -> set[str]:
    return {name for view in dialog.sections.values() for name in view.widgets}


def settled(qtbot: QtBot, dialog: AssumptionsDialog) -> None:
    """Until the results are those of the case as it is now, and the rows those of the results."""

    def is_settled() -> bool:
        job, turn = dialog._job, dialog._next_turn
        return dialog._session.is_current and not job.is_running and not dialog._waiting and not turn.isActive()

    qtbot.waitUntil(is_settled, timeout=20_000)


def type_into(qtbot: QtBot, field: QWidget | None, text: str, key: Qt.Key = Qt.Key.Key_Return) -> None:
    assert isinstance(field, StrictEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, key)


def choose(row: AssumptionLine, reading: str) -> None:
    assert row.box is not None
    place = row.box.findData(reading)
    assert place >= 0
    row.box.setCurrentIndex(place)
    row.box.activated.emit(place)


# What is shown


def test_every_section_has_its_rows(dialog: AssumptionsDialog) -> None:
    assert {"column-1", FLOOR, "default-use", "implied-use", PARTS, "metal-tables"} <= names(dialog)
    for name in names(dialog):
        row = line(dialog, name)
        assert row.title.text()
        assert row.source.text().startswith("Source: ")
        assert row.button.isHidden()  # nothing is changed yet


def test_the_top_says_what_the_present_assumptions_come_to(dialog: AssumptionsDialog, session: Session) -> None:
    assert session.results is not None
    average = session.results.evaluation("A").average
    assert dialog.average.text() == f"Average rate on 20 Dec 2025: {average * 100:.2f}\N{NO-BREAK SPACE}%"


def test_a_reading_says_its_effect_its_averages_and_the_doubt(dialog: AssumptionsDialog) -> None:
    row = line(dialog, FLOOR)
    assert row.doubt.text.startswith("Uncertain: The notice of 4 December 2025")
    assert row.effect.text().startswith("(total - column 1) on the non-metal share")
    assert row.averages.text().count("%") == 3
    choose(row, "full")
    assert row.box is not None
    assert row.box.currentText() == "in full, on that part"


def test_questions_that_nobody_could_know_are_absent(qtbot: QtBot, qapp: QApplication) -> None:
    """The default case knows the law to 22 May 2025: no word in the window is of later."""
    session, dialog = made(qtbot, default_case())
    try:
        assert dialog.sections[Section.READINGS].widgets.keys() == {"column-1"}
        texts = list(words_of(dialog))
        assert any("Car parts" in text for text in texts), "the rows were read"
        assert leaks(texts, session.case, pack()) == []
    finally:
        session.close()


def words_of(dialog: AssumptionsDialog) -> Iterator[str]:
    for widget in dialog.findChildren(QWidget):
        yield from (widget.toolTip(), widget.accessibleName())
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            yield widget.text()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(place) for place in range(widget.count()))


def test_an_earlier_known_day_takes_the_question_away(
    dialog: AssumptionsDialog, session: Session, qtbot: QtBot
) -> None:
    session.apply("Known", edits.set_known_to(session.case, date(2025, 12, 2)))
    settled(qtbot, dialog)
    assert FLOOR not in names(dialog)
    session.undo_stack.undo()
    settled(qtbot, dialog)
    assert FLOOR in names(dialog)


# Shares


def test_a_typed_share_reaches_the_case_and_back(dialog: AssumptionsDialog, session: Session, qtbot: QtBot) -> None:
    row = line(dialog, "default-use")
    type_into(qtbot, row.field, "60")
    assert session.case.assumptions.default_utilisation == Decimal("0.6")
    settled(qtbot, dialog)
    assert row.source.text() == "Source: Set in the case."
    assert row.tag.isHidden()
    assert not row.button.isHidden()
    qtbot.mouseClick(row.button, Qt.MouseButton.LeftButton)
    assert session.case.assumptions.default_utilisation is None
    settled(qtbot, dialog)
    assert row.field is not None
    assert row.field.text() == "79.5"
    assert row.button.isHidden()
    assert session.undo_stack.count() == 2


def test_the_same_share_again_is_no_edit(dialog: AssumptionsDialog, session: Session, qtbot: QtBot) -> None:
    type_into(qtbot, line(dialog, "default-use").field, "79.5")
    type_into(qtbot, line(dialog, "default-use").field, "79.50")
    assert session.undo_stack.count() == 0


def test_undo_in_the_field_takes_the_edit_back(dialog: AssumptionsDialog, session: Session, qtbot: QtBot) -> None:
    """A plain line would bring its old text back at Ctrl+Z, and leave the case as it is."""
    row = line(dialog, PARTS)
    type_into(qtbot, row.field, "40 %")
    settled(qtbot, dialog)
    assert session.case.assumptions.listed_use == {"s232_auto_parts": Decimal("0.4")}
    assert row.field is not None
    qtbot.keyClick(row.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.case.assumptions.listed_use == {}
    settled(qtbot, dialog)
    assert row.field.text() == "100"
    qtbot.keyClick(row.field, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    settled(qtbot, dialog)
    assert row.field.text() == "40"


def test_undo_while_typing_is_about_the_typing(dialog: AssumptionsDialog, session: Session, qtbot: QtBot) -> None:
    field = line(dialog, PARTS).field
    assert field is not None
    type_into(qtbot, field, "50")
    field.selectAll()
    qtbot.keyClicks(field, "7")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.case.assumptions.listed_use == {"s232_auto_parts": Decimal("0.5")}
    assert field.text() != "7"


@pytest.mark.parametrize("text", ["12,5", "150", "-1", "", "much"])
def test_what_is_no_share_is_refused_at_its_field(
    dialog: AssumptionsDialog, session: Session, qtbot: QtBot, text: str
) -> None:
    field = line(dialog, "default-use").field
    assert field is not None
    field.setFocus()
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.is_refused
    assert "79.5\N{NO-BREAK SPACE}% stays" in field.refusal_text
    assert session.undo_stack.count() == 0
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.is_refused, field.text()) == (False, "79.5")
    assert dialog.isVisible()  # Escape was for the field


@pytest.mark.parametrize(("text", "share"), [("79.5", "0.795"), ("60 %", "0.6"), ("0.6", "0.006"), ("100", "1")])
def test_a_share_is_typed_in_per_cent(text: str, share: str) -> None:
    assert parse_percent_share(text) == Decimal(share)


@pytest.mark.parametrize("text", ["0,6", "100.1", "-0.1", "1,000", "%"])
def test_a_share_is_between_nothing_and_all(text: str) -> None:
    with pytest.raises(InputError):
        parse_percent_share(text)


def test_what_is_being_typed_stays_while_numbers_arrive(
    dialog: AssumptionsDialog, session: Session, qtbot: QtBot
) -> None:
    field = line(dialog, "default-use").field
    assert field is not None
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "6")
    session.apply("Day", edits.set_as_of(session.case, date(2025, 12, 10)))
    settled(qtbot, dialog)
    assert field.text() == "6"
    assert "10 Dec 2025" in dialog.average.text()


# Readings


def test_a_chosen_reading_is_an_edit_with_a_way_back(dialog: AssumptionsDialog, session: Session, qtbot: QtBot) -> None:
    row, before = line(dialog, FLOOR), dialog.average.text()
    choose(row, "article")
    assert session.case.assumptions.readings == {"floor_on_rest": "article"}
    settled(qtbot, dialog)
    assert dialog.average.text() != before
    assert row.effect.text().startswith("Column 1 and the metal duty count")
    qtbot.mouseClick(row.button, Qt.MouseButton.LeftButton)
    assert session.case.assumptions.readings == {}
    settled(qtbot, dialog)
    assert dialog.average.text() == before
    assert row.box is not None
    assert row.box.currentData() == "net"


def test_the_window_follows_the_switch_of_the_rates_tab(
    dialog: AssumptionsDialog, session: Session, qtbot: QtBot
) -> None:
    session.apply("Column 1", edits.set_column_1_for_totals(session.case, Column1Use.WEIGHTED))
    settled(qtbot, dialog)
    box = line(dialog, "column-1").box
    assert box is not None
    assert box.currentData() == "weighted"
    session.undo_stack.undo()
    settled(qtbot, dialog)
    assert box.currentData() == "line-by-line"
    assert session.undo_stack.count() == 1  # showing it was no edit


def test_the_wheel_scrolls_and_never_changes_the_law(dialog: AssumptionsDialog, session: Session) -> None:
    box = line(dialog, FLOOR).box
    assert box is not None
    centre = QPointF(box.rect().center())
    turn = QWheelEvent(
        centre,
        box.mapToGlobal(centre),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, turn)
    assert box.currentData() == "net"
    assert session.undo_stack.count() == 0


# Shares for codes


def test_a_code_gets_a_share_of_its_own_and_loses_it(dialog: AssumptionsDialog, session: Session, qtbot: QtBot) -> None:
    add = dialog.sections[Section.USE].add
    assert add is not None
    add.prefix.setFocus()
    qtbot.keyClicks(add.prefix, "8507.60")
    assert add.name.toolTip() == "Lithium-ion batteries"
    qtbot.keyClick(add.prefix, Qt.Key.Key_Return)
    type_into(qtbot, add.share, "90")
    assert session.case.assumptions.utilisation == {"850760": Decimal("0.9")}
    settled(qtbot, dialog)
    row = line(dialog, "use:850760")
    assert row.name.text() == "Lithium-ion batteries"
    assert row.button.text() == "Remove"
    assert add.prefix.text() == add.share.text() == ""
    qtbot.mouseClick(row.button, Qt.MouseButton.LeftButton)
    assert session.case.assumptions.utilisation == {}
    settled(qtbot, dialog)
    assert "use:850760" not in names(dialog)


def test_a_metal_share_is_of_the_metal_chosen(dialog: AssumptionsDialog, session: Session, qtbot: QtBot) -> None:
    add = dialog.sections[Section.METALS].add
    assert add is not None
    assert add.metal is not None
    add.metal.setCurrentIndex(add.metal.findData("aluminium"))
    type_into(qtbot, add.prefix, "8418")
    type_into(qtbot, add.share, "25")
    assert session.case.assumptions.metal_share == {"aluminium:8418": Decimal("0.25")}
    settled(qtbot, dialog)
    assert line(dialog, "metal:aluminium:8418").title.text() == "Share of aluminium in the value, 8418"
    session.undo_stack.undo()
    settled(qtbot, dialog)
    assert "metal:aluminium:8418" not in names(dialog)


@pytest.mark.parametrize("text", ["850", "8599", "9903", "batteries"])
def test_what_begins_no_line_is_refused_where_it_is_typed(
    dialog: AssumptionsDialog, session: Session, qtbot: QtBot, text: str
) -> None:
    add = dialog.sections[Section.USE].add
    assert add is not None
    type_into(qtbot, add.prefix, text)
    assert add.prefix.is_refused
    type_into(qtbot, add.share, "50")
    assert add.prefix.is_refused
    assert add.prefix.hasFocus()
    assert session.undo_stack.count() == 0


def test_a_code_has_one_share(dialog: AssumptionsDialog, session: Session, qtbot: QtBot) -> None:
    session.apply("Share", edits.set_assumption(session.case, "utilisation", "8507", Decimal("0.5")))
    add = dialog.sections[Section.USE].add
    assert add is not None
    type_into(qtbot, add.prefix, "8507")
    assert "has a share already" in add.prefix.refusal_text


# The window itself


def test_tab_goes_from_the_first_choice_to_the_last_button(dialog: AssumptionsDialog, qtbot: QtBot) -> None:
    """Rows that came later stand in their place in the order of the keyboard, too."""
    session = dialog._session
    session.apply("Share", edits.set_assumption(session.case, "utilisation", "8507", Decimal("0.5")))
    settled(qtbot, dialog)
    wanted = [w for view in dialog.sections.values() for w in view.tab_order() if w.isVisible()]
    assert len(wanted) > 10
    wanted[0].setFocus()
    for widget in wanted[1:]:
        qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is widget


def cut_words(dialog: AssumptionsDialog) -> list[str]:
    rows = [line(dialog, name) for name in names(dialog)]
    words = [each for row in rows for each in (row.title, row.name, row.effect, row.averages, row.source)]
    return [each.text() for each in words if each.isVisible() and each.height() < each.heightForWidth(each.width())]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("mode", [theme.Mode.LIGHT, theme.Mode.DARK])
def test_no_words_are_cut_at_the_least_width(qapp: QApplication, qtbot: QtBot, language: str, mode: theme.Mode) -> None:
    i18n.set_language(language)
    theme.apply(qapp, mode)
    session, dialog = made(qtbot, edits.set_assumption(december(), "metal_share", "steel:8418", Decimal("0.5")))
    try:
        dialog.resize(dialog.minimumSize())
        settled(qtbot, dialog)
        qtbot.waitUntil(lambda: cut_words(dialog) == [])
        for view in dialog.sections.values():
            assert view.minimumSizeHint().width() <= view.width()
    finally:
        session.close()


def test_the_size_is_remembered(dialog: AssumptionsDialog) -> None:
    dialog.resize(900, 530)
    dialog.close()
    again = AssumptionsDialog(dialog._session)
    assert (again.width(), again.height()) == (900, 530)
    again.deleteLater()
    settings._store().remove("window")


def test_one_window_from_the_menu_and_the_rates_tab_gone_with_the_main_one(qapp: QApplication, qtbot: QtBot) -> None:
    theme.apply(qapp, theme.Mode.LIGHT)
    session = Session(default_case(), pack())
    app = App(qapp, session)
    try:
        app.show()
        with qtbot.waitSignal(session.results_changed, timeout=20_000):
            session.start()
        action = next(each for each in app.window.menus.edit.actions() if each.text() == "&Assumptions…")
        action.trigger()
        dialog = show_assumptions(session, app.window)
        assert app.window.findChildren(AssumptionsDialog) == [dialog]
        rates = app.window.tab(0)
        assert isinstance(rates, RatesTab)
        rates.assumptions_button.click()
        assert app.window.findChildren(AssumptionsDialog) == [dialog]
        assert dialog.isVisible()
        settled(qtbot, dialog)
        app.window.gone.emit()
        assert not dialog.isVisible()
    finally:
        app.window.dispose()
        session.close()


def test_before_the_numbers_are_there_the_window_says_so(qapp: QApplication, qtbot: QtBot) -> None:
    session = Session(default_case(), pack())
    dialog = AssumptionsDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.average.text() == "Calculating…"
    with qtbot.waitSignal(dialog.shown, timeout=20_000):
        session.start()
    assert "default-use" in names(dialog)
    session.close()
