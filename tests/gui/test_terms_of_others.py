"""Terms of other partners: entered by typing, seen in the panel, undone; nothing of it without a user's action."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.case import AnyChange, Cap, Case, Exempt, RivalTerms, SetRate, SetTotal
from core.casefile import default_case
from gui import history_dialog, theme
from gui.change_aim import Aim, Whose
from gui.change_dialog import ChangeDialog
from gui.partners_edit import PartnersEdit
from gui.session import Session
from gui.tabs.change_list import Entry
from gui.tabs.rates import RatesTab
from tests.gui.answers import answered
from tests.gui.cases import StillSession

START = date(2025, 8, 1)
TWELVE = SetRate(start=START, duty="reciprocal", rate=Decimal("0.125"))
FIFTEEN = SetTotal(start=START, rate=Decimal("0.15"))
SIX = SetRate(start=START, duty="autos", rate=Decimal("0.06"))
LONG = (
    "GB",
    "NO",
    "CH",
    "IS",
    "AU",
    "NZ",
    "SG",
    "CL",
    "PE",
    "CO",
    "PA",
    "GT",
    "HN",
    "NI",
    "SV",
    "DO",
    "IL",
    "JO",
    "MA",
)

# What the platform without a screen says whenever a list of names comes up.
pytestmark = pytest.mark.qt_log_ignore("does not support raise", "grabbing the keyboard", extend=True)

Use = Callable[[ChangeDialog], None]


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = StillSession(edits.set_as_of(default_case(), START))
    yield made
    made.close()


@pytest.fixture
def tab(session: StillSession, qtbot: QtBot) -> RatesTab:
    made = RatesTab(session, None)
    qtbot.addWidget(made)
    made.resize(1440, 760)
    made.show()
    made.activateWindow()  # the keyboard is only where a window is active
    qtbot.waitUntil(made.isActiveWindow)
    session.select_scenario("C")
    return made


def dialog_for(
    session: StillSession, qtbot: QtBot, change: AnyChange | None = None, aim: Aim | None = None
) -> ChangeDialog:
    made = ChangeDialog(session, change, is_new=change is None, aim=aim)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def choose(dialog: ChangeDialog, name: str, value: str) -> None:
    field = dialog._fields[name]
    assert isinstance(field, QComboBox)
    assert field.isVisible()
    field.setCurrentIndex(field.findData(value))
    assert field.currentData() == value


def type_into(qtbot: QtBot, dialog: ChangeDialog, name: str, text: str) -> QLineEdit:
    """With the keyboard, over what stands there; a list of names that comes up is closed again."""
    field = dialog._fields[name]
    assert isinstance(field, QLineEdit)
    assert field.isVisible()
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    if isinstance(field, PartnersEdit):
        field.completer().popup().hide()
    return field


def partners_of(dialog: ChangeDialog) -> PartnersEdit:
    field = dialog._fields["partners"]
    assert isinstance(field, PartnersEdit)
    return field


def entering(qtbot: QtBot, whose: Whose, kind: str, **typed: str) -> tuple[type[ChangeDialog], Use]:
    """Fill in the form that comes up and take it. typed: by field; duty and lines are chosen."""

    def use(dialog: ChangeDialog) -> None:
        choose(dialog, "whose", whose.value)
        choose(dialog, "kind", kind)
        for name, text in typed.items():
            if name in ("duty", "lines"):
                choose(dialog, name, text)
            else:
                type_into(qtbot, dialog, name, text)
        qtbot.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
        assert not dialog.isVisible(), dialog.note.text

    return ChangeDialog, use


def more_action(tab: RatesTab, text: str) -> QAction:
    """From the menu under More, as it is when it opens."""
    menu = tab.panel.more_button.menu()
    menu.aboutToShow.emit()
    return next(each for each in menu.actions() if each.text() == text)


def with_terms(session: StillSession, *terms: RivalTerms) -> Case:
    case = session.case
    for each in terms:
        case = edits.add_rival_terms(case, "C", each)
    session.apply("Terms", case)
    return session.case


def entries(tab: RatesTab) -> list[Entry]:
    shown = tab.panel.rivals
    return [shown.item(row).data(Qt.ItemDataRole.UserRole) for row in range(shown.count())]


class TestEntering:
    def test_japan_gets_twelve_and_a_half(self, tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
        before = session.case
        step = entering(qtbot, Whose.CHOSEN, "set-rate", partners="Japan", duty="reciprocal", rate="12.5")
        with answered(step):
            more_action(tab, "Other partners…").trigger()
        (terms,) = session.case.scenario("C").rivals
        assert terms == RivalTerms(partners=("JP",), change=TWELVE, id=terms.id)
        assert terms.id
        assert session.case.scenario("C").changes == before.scenario("C").changes
        assert session.undo_stack.undoText() == "Add terms of other partners to C"
        session.undo_stack.undo()
        assert session.case is before
        assert not tab.panel.rivals_block.isVisible()

    def test_all_partners_are_one_step(self, tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
        """15 % all-in for everyone: a change of our own and the terms of all others, undone together."""
        before = session.case
        with answered(entering(qtbot, Whose.ALL, "set-total", rate="15")):
            qtbot.mouseClick(tab.panel.add_button, Qt.MouseButton.LeftButton)
        scenario = session.case.scenario("C")
        (terms,) = scenario.rivals
        own = scenario.changes[-1]
        assert own == SetTotal(start=START, rate=Decimal("0.15"), id=own.id)
        assert terms == RivalTerms(partners=("*",), change=FIFTEEN, id=terms.id)
        assert len({own.id, terms.id, ""}) == 3
        assert session.undo_stack.count() == 1
        assert session.undo_stack.undoText() == "Add a change for all partners to C"
        session.undo_stack.undo()
        assert session.case is before
        session.undo_stack.redo()
        assert session.case.scenario("C") is scenario

    def test_all_others_but_some(self, tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
        step = entering(qtbot, Whose.OTHERS, "set-total", left_out="mx, Canada", rate="15")
        with answered(step):
            tab.panel.add_wanted.emit()
        assert session.case.scenario("C").rivals[0].partners == ("*", "-MX", "-CA")

    def test_a_wrong_name_is_refused_at_its_place(self, session: StillSession, qtbot: QtBot) -> None:
        dialog = dialog_for(session, qtbot, aim=Aim(own=False))
        type_into(qtbot, dialog, "partners", "Mexico, Japn")
        type_into(qtbot, dialog, "rate", "12.5")
        assert partners_of(dialog).is_refused  # as soon as it is left
        qtbot.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
        assert "'Japn' is not a partner." in partners_of(dialog).refusal_text
        assert "JP (Japan)" in partners_of(dialog).refusal_text
        assert dialog.isVisible()
        assert dialog.change is None
        assert dialog.focusWidget() is partners_of(dialog)

    @pytest.mark.parametrize(("typed", "words"), [("", "No partner is named"), ("KR", "the case's own partner")])
    def test_what_names_no_other_partner_is_refused(
        self, session: StillSession, qtbot: QtBot, typed: str, words: str
    ) -> None:
        dialog = dialog_for(session, qtbot, TWELVE, Aim(own=False, partners=("JP",)))
        partners_of(dialog).setText(typed)
        dialog.ok_button.click()
        assert words in partners_of(dialog).refusal_text
        assert dialog.isVisible()

    def test_a_refusal_is_whole_within_the_window(self, session: StillSession, qtbot: QtBot) -> None:
        """Three near names are wider than the form: the line wraps instead of being cut off."""
        dialog = dialog_for(session, qtbot, aim=Aim(own=False))
        type_into(qtbot, dialog, "partners", "Democratic Republic of the Kongo and Central Afrika")
        partners_of(dialog).refuse(_long_refusal())
        refusal = partners_of(dialog)._refusal
        assert refusal is not None
        assert dialog.rect().contains(refusal.geometry())

    def test_names_are_offered_and_enter_takes_one(self, session: StillSession, qtbot: QtBot) -> None:
        dialog = dialog_for(session, qtbot, aim=Aim(own=False))
        field = partners_of(dialog)
        assert field.hasFocus()
        for typed in ("jap", ", europ"):
            qtbot.keyClicks(field, typed)
            popup = field.completer().popup()
            assert popup.isVisible()
            qtbot.keyClick(popup, Qt.Key.Key_Down)
            qtbot.keyClick(popup, Qt.Key.Key_Return)
        assert field.text() == "Japan, European Union"
        assert not field.is_refused
        assert dialog.isVisible()
        assert dialog._whose.aim() == Aim(own=False, partners=("JP", "EU"))

    def test_a_name_in_full_needs_no_list(self, session: StillSession, qtbot: QtBot) -> None:
        """The list would take the Enter that is meant for the form."""
        dialog = dialog_for(session, qtbot, aim=Aim(own=False))
        field = partners_of(dialog)
        qtbot.keyClicks(field, "Japan")
        assert not field.completer().popup().isVisible()

    def test_before_the_pack_is_read_nothing_is_guessed(self, qapp: QApplication, qtbot: QtBot) -> None:
        session = Session(default_case())
        dialog = ChangeDialog(session, TWELVE, is_new=False, aim=Aim(own=False, partners=("JP",)))
        qtbot.addWidget(dialog)
        dialog.show()
        assert partners_of(dialog).text() == "JP"
        dialog.ok_button.click()
        assert "still being read" in partners_of(dialog).refusal_text
        assert dialog.isVisible()
        session.close()

    def test_korean_names(self, session: StillSession, qtbot: QtBot) -> None:
        i18n.set_language("ko")
        dialog = dialog_for(session, qtbot, TWELVE, Aim(own=False, partners=("JP", "EU")))
        assert partners_of(dialog).text() == "일본, 유럽연합"
        partners_of(dialog).setText("일본、멕시코")
        dialog.ok_button.click()
        assert dialog.aim == Aim(own=False, partners=("JP", "MX"))


def _long_refusal() -> object:
    from core.errors import InputError

    near = "CD (Democratic Republic of the Congo), CF (Central African Republic), TF (French Southern Lands)"
    return InputError("That is not a partner.", remedy=f"Did you mean {near}?")


class TestForm:
    @pytest.mark.parametrize(
        "partners", [("JP",), ("EU", "GB"), ("*",), ("*", "-MX"), ("EU", "-DE")], ids=lambda each: " ".join(each)
    )
    def test_terms_come_back_as_they_were(self, session: StillSession, qtbot: QtBot, partners: tuple[str, ...]) -> None:
        aim = Aim(own=False, partners=partners)
        dialog = dialog_for(session, qtbot, FIFTEEN, aim)
        dialog.ok_button.click()
        assert (dialog.change, dialog.aim) == (FIFTEEN, aim)

    def test_our_own_terms_come_first_by_the_partner_s_name(self, session: StillSession, qtbot: QtBot) -> None:
        dialog = dialog_for(session, qtbot)
        choice = dialog._fields["whose"]
        assert isinstance(choice, QComboBox)
        texts = [choice.itemText(place) for place in range(choice.count())]
        assert texts == ["South Korea, our own terms", "Chosen partners…", "All other partners", "All partners"]
        assert choice.currentIndex() == 0

    @pytest.mark.parametrize(
        ("whose", "visible"),
        [(Whose.OWN, set()), (Whose.CHOSEN, {"partners"}), (Whose.OTHERS, {"left_out"}), (Whose.ALL, set())],
    )
    def test_each_choice_shows_its_own_row(
        self, session: StillSession, qtbot: QtBot, whose: Whose, visible: set[str]
    ) -> None:
        dialog = dialog_for(session, qtbot)
        choose(dialog, "whose", whose.value)
        assert {name for name in ("partners", "left_out") if dialog._fields[name].isVisible()} == visible

    @pytest.mark.parametrize("kind", [SetTotal, Cap, Exempt], ids=lambda kind: kind.__name__)
    def test_terms_of_others_may_be_for_all_goods(
        self, session: StillSession, qtbot: QtBot, kind: type[AnyChange]
    ) -> None:
        change = kind(start=START)
        for aim in (Aim(own=False, partners=("*",)), Aim(own=True, partners=("*",))):
            dialog = dialog_for(session, qtbot, change, aim)
            goods = dialog._fields["lines"]
            assert isinstance(goods, QComboBox)
            assert goods.currentText() == "all goods"
            dialog.ok_button.click()
            assert dialog.change == change

    def test_our_own_still_name_their_goods(self, session: StillSession, qtbot: QtBot) -> None:
        dialog = dialog_for(session, qtbot)
        choose(dialog, "kind", "set-total")
        goods = dialog._fields["lines"]
        assert isinstance(goods, QComboBox)
        assert goods.currentText() == "to be chosen"
        type_into(qtbot, dialog, "rate", "15")
        dialog.ok_button.click()
        assert "which goods" in dialog.note.text
        assert dialog.change is None

    def test_our_own_total_on_all_goods_can_be_edited(self, session: StillSession, qtbot: QtBot) -> None:
        """All partners made one: its rate must be open to a later edit."""
        dialog = dialog_for(session, qtbot, FIFTEEN)
        type_into(qtbot, dialog, "rate", "12")
        dialog.ok_button.click()
        assert dialog.change == SetTotal(start=START, rate=Decimal("0.12"))

    def test_the_law_s_rate_of_our_own_goods_is_no_rate_of_others(self, session: StillSession, qtbot: QtBot) -> None:
        """Half the value free and half at the law's 25 % on steel is 12.5 %: of Korea, nothing is said of others."""
        dialog = dialog_for(session, qtbot)
        choose(dialog, "kind", "quota")
        choose(dialog, "duty", "steel")
        type_into(qtbot, dialog, "share_in_quota", "50 %")
        assert "make 12.5\N{NO-BREAK SPACE}%" in dialog.outcome.text()
        choose(dialog, "whose", Whose.OTHERS.value)
        assert dialog.outcome.text() == "Outside the quota the law's rate applies."

    def test_tab_goes_down_the_rows(self, session: StillSession, qtbot: QtBot) -> None:
        dialog = dialog_for(session, qtbot, aim=Aim(own=False))
        seen = []
        dialog._fields["whose"].setFocus()
        for _step in range(4):
            seen += [name for name, field in dialog._fields.items() if field is dialog.focusWidget()]
            partners_of(dialog).setText("JP")
            qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        assert seen == ["whose", "partners", "kind", "duty"]


class TestPanel:
    def test_without_any_only_the_menu_speaks_of_them(self, tab: RatesTab) -> None:
        assert not tab.panel.rivals_block.isVisible()
        assert more_action(tab, "Other partners…").isEnabled()

    def test_the_law_has_none(self, tab: RatesTab, session: StillSession) -> None:
        session.select_scenario("A")
        assert not more_action(tab, "Other partners…").isEnabled()

    def test_they_stand_below_the_changes_in_words(self, tab: RatesTab, session: StillSession) -> None:
        with_terms(
            session,
            RivalTerms(partners=("JP",), change=TWELVE),
            RivalTerms(partners=("*", "-MX"), change=FIFTEEN),
        )
        assert tab.panel.rivals_block.isVisible()
        first, second = entries(tab)
        assert (first.partners, first.words.title) == ("Japan", "Reciprocal duty: 12.5\N{NO-BREAK SPACE}%")
        assert (second.partners, second.words.title) == (
            "All others but Mexico",
            "All goods: total 15\N{NO-BREAK SPACE}%",
        )
        assert "1 Aug 2025" in first.words.detail
        assert tab.panel.rivals.item(0).text().startswith("Japan, Reciprocal duty")

    def test_only_rivals_is_no_unchanged_scenario(self, tab: RatesTab, session: StillSession) -> None:
        tab._edits.add()
        letter = session.selected_scenario
        assert "No change yet" in tab.panel.intro.text()
        case = edits.add_rival_terms(session.case, letter, RivalTerms(partners=("JP",), change=TWELVE))
        session.apply("Terms", case)
        assert tab.panel.intro.text() == "No change for our own goods: they stay as the law has it."
        assert not tab.panel.changes.isVisible()
        assert tab.panel.edit_button.isEnabled()

    def test_a_long_list_of_partners_wraps(self, tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
        with_terms(session, RivalTerms(partners=("JP",), change=TWELVE), RivalTerms(partners=LONG, change=TWELVE))
        rivals = tab.panel.rivals
        short, long = (rivals.sizeHintForRow(row) for row in (0, 1))
        assert long >= short + 3 * 12
        assert rivals.height() >= short + long
        qtbot.waitUntil(lambda: tab.panel.rivals_block.rect().contains(rivals.geometry()))

    @pytest.mark.parametrize("language", i18n.LANGUAGES)
    def test_all_of_the_panel_fits_beside_a_scroll_bar(
        self, session: StillSession, qtbot: QtBot, language: str
    ) -> None:
        """At its least width the buttons pushed the rows out under the scroll bar, where their ends were cut off."""
        i18n.set_language(language)
        tab = RatesTab(session, None)
        qtbot.addWidget(tab)
        panel = tab.panel
        scroll_bar = panel.verticalScrollBar().sizeHint().width()
        assert panel.widget().minimumSizeHint().width() <= panel.minimumWidth() - scroll_bar

    def test_one_row_of_the_two_lists_is_chosen(self, tab: RatesTab, session: StillSession) -> None:
        with_terms(session, RivalTerms(partners=("JP",), change=TWELVE))
        changes, rivals = tab.panel.changes, tab.panel.rivals
        assert (changes.currentRow(), rivals.currentRow()) == (0, -1)
        rivals.setFocus()
        assert (changes.currentRow(), rivals.currentRow()) == (-1, 0)
        assert not changes.selectedItems()
        tab.refresh()
        assert (changes.currentRow(), rivals.currentRow()) == (-1, 0)
        changes.setFocus()
        assert (changes.currentRow(), rivals.currentRow()) == (0, -1)

    def test_the_button_edits_the_chosen_row(self, tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
        with_terms(session, RivalTerms(partners=("JP",), change=TWELVE))
        tab.panel.rivals.setFocus()
        kept = session.case.scenario("C").rivals[0].id
        step = entering(qtbot, Whose.CHOSEN, "set-rate", partners="Japan, EU", rate="15")
        with answered(step):
            qtbot.mouseClick(tab.panel.edit_button, Qt.MouseButton.LeftButton)
        (terms,) = session.case.scenario("C").rivals
        assert terms == RivalTerms(
            partners=("JP", "EU"), change=SetRate(start=START, duty="reciprocal", rate=Decimal("0.15")), id=kept
        )
        assert session.undo_stack.undoText() == "Edit terms of other partners in C"

    def test_the_keyboard_edits_moves_and_takes_out(self, tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
        before = with_terms(
            session, RivalTerms(partners=("JP",), change=TWELVE), RivalTerms(partners=("EU",), change=SIX)
        )
        rivals = tab.panel.rivals
        rivals.setFocus()
        with answered(entering(qtbot, Whose.CHOSEN, "set-rate", partners="Mexico")):
            qtbot.keyClick(rivals, Qt.Key.Key_Return)
        assert [each.partners for each in session.case.scenario("C").rivals] == [("MX",), ("EU",)]
        qtbot.keyClick(rivals, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        assert [each.partners for each in session.case.scenario("C").rivals] == [("EU",), ("MX",)]
        assert rivals.currentRow() == 1  # the one that was moved
        qtbot.keyClick(rivals, Qt.Key.Key_Delete)
        assert [each.partners for each in session.case.scenario("C").rivals] == [("EU",)]
        assert session.undo_stack.undoText() == "Take terms of other partners out of C"
        assert session.case.scenario("C").changes == before.scenario("C").changes
        for _step in range(3):
            session.undo_stack.undo()
        assert session.case is before

    def test_the_last_one_taken_out_leaves_a_chosen_change(
        self, tab: RatesTab, session: StillSession, qtbot: QtBot
    ) -> None:
        with_terms(session, RivalTerms(partners=("JP",), change=TWELVE))
        tab.panel.rivals.setFocus()
        qtbot.keyClick(tab.panel.rivals, Qt.Key.Key_Delete)
        assert not tab.panel.rivals_block.isVisible()
        assert tab.panel.changes.currentRow() == 0
        assert tab.panel.edit_button.isEnabled()

    def test_our_own_change_can_be_given_to_others(self, tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
        """Whose goods is a field like the others: another answer moves the change, as one step."""
        before = session.case
        with answered(entering(qtbot, Whose.CHOSEN, "set-rate", partners="JP", rate="10")):
            tab.panel.changes.edit_wanted.emit(0)
        after = session.case.scenario("C")
        assert after.changes == before.scenario("C").changes[1:]
        assert after.rivals[0].partners == ("JP",)
        session.undo_stack.undo()
        assert session.case is before

    def test_history(self, tab: RatesTab, session: StillSession, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []
        monkeypatch.setattr(history_dialog, "show_history", lambda _session, _parent, part="": asked.append(part))
        with_terms(session, RivalTerms(partners=("JP",), change=TWELVE))
        tab.panel.rivals.setFocus()
        more_action(tab, "History…").trigger()
        assert asked == [f"change:{session.case.scenario('C').rivals[0].id}"]


def test_nothing_changes_without_an_action(tab: RatesTab, session: StillSession, qtbot: QtBot) -> None:
    """Showing, choosing rows, opening the form, filling it in and giving up: the case is the very same."""
    case = with_terms(session, RivalTerms(partners=("JP",), change=TWELVE), RivalTerms(partners=("*",), change=FIFTEEN))

    def give_up(dialog: ChangeDialog) -> None:
        for whose in Whose:
            choose(dialog, "whose", whose.value)
        choose(dialog, "whose", Whose.CHOSEN.value)
        type_into(qtbot, dialog, "partners", "Mexico")
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    with qtbot.assertNotEmitted(session.case_changed):
        for letter in ("A", "B", "D", "C"):
            session.select_scenario(letter)
            tab.refresh()
        tab.panel.rivals.setFocus()
        tab.panel.changes.setFocus()
        more_action(tab, "Other partners…")
        with answered((ChangeDialog, give_up)):
            tab.panel.rivals.edit_wanted.emit(1)
        with answered((ChangeDialog, give_up)):
            tab.panel.add_for_others_wanted.emit()
        i18n.set_language("ko")
        tab.refresh()
    assert session.case is case
    assert session.undo_stack.count() == 1


def test_an_unchanged_edit_is_no_step(tab: RatesTab, session: StillSession) -> None:
    case = with_terms(session, RivalTerms(partners=("*", "-MX"), change=FIFTEEN))
    with answered((ChangeDialog, lambda dialog: dialog.ok_button.click())):
        tab.panel.rivals.edit_wanted.emit(0)
    assert session.case is case
    assert session.undo_stack.count() == 1
