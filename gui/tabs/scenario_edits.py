"""What a user can do to scenarios, as edits of the case with a name for undo."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from PySide6.QtWidgets import QWidget

from core import edits, i18n
from core.case import LAW_SCENARIO, AnyChange, Case, RateForm, RivalTerms, Scenario, SetRate
from core.errors import InputError
from core.i18n import _
from core.text import LocalText
from gui import dialogs
from gui.change_aim import OTHERS_BY_NAME, Aim, Whose, entered
from gui.session import Session

_OWN: Final = Aim()


class ScenarioEdits:
    """Edits of the session's selected scenario; what core refuses is shown as it says it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session, self._parent = session, parent

    @property
    def _scenario(self) -> Scenario:
        return self._session.case.scenario(self._session.selected_scenario)

    def _apply(self, text: str, edit: Callable[[Case], Case]) -> bool:
        try:
            case = edit(self._session.case)
        except InputError as error:
            dialogs.show_error(self._parent, error)
            return False
        self._session.apply(text, case)
        return True

    # Cells

    def set_cell(self, duty: str, letter: str, rate: Decimal, form: RateForm) -> None:
        """A rate typed into the table, from the as-of date on."""
        on = self._session.case.as_of
        self._apply(
            _("Set a rate in {letter}").format(letter=letter),
            lambda case: edits.set_cell_rate(case, letter, duty, rate, form, on),
        )

    def clear_cell(self, duty: str, letter: str) -> None:
        """Back to the law."""
        on = self._session.case.as_of
        self._apply(
            _("Back to the law in {letter}").format(letter=letter),
            lambda case: edits.clear_cell(case, letter, duty, on),
        )

    def open_cell(self, duty: str, letter: str) -> None:
        """The change behind a cell, or a new one for its duty."""
        self._session.select_scenario(letter)
        on = self._session.case.as_of
        place = edits.governing_change(self._session.case.scenario(letter), duty, on)
        if place is not None:
            self.edit_change(place)
        else:
            self._ask_and_add(SetRate(start=on, duty=duty))

    # Scenarios

    def add(self) -> None:
        """A new scenario without changes, selected at once."""
        letter = self._session.case.next_letter
        name = LocalText().with_text(i18n.language(), _("Scenario {letter}").format(letter=letter))
        if self._apply(_("New scenario"), lambda case: edits.add_scenario(case, name)):
            self._session.select_scenario(letter)

    def duplicate(self) -> None:
        """A copy of the selected scenario, selected at once."""
        letter, source = self._session.case.next_letter, self._session.selected_scenario
        text = _("Duplicate {letter}").format(letter=source)
        if self._apply(text, lambda case: edits.duplicate_scenario(case, source)):
            self._session.select_scenario(letter)

    def delete(self) -> None:
        """Undo brings it back, so there is no question."""
        letter = self._session.selected_scenario
        if letter != LAW_SCENARIO:
            text = _("Delete scenario {letter}").format(letter=letter)
            self._apply(text, lambda case: edits.remove_scenario(case, letter))

    def rename(self, name: str) -> None:
        """In the language shown; the name in the other language stays."""
        scenario = self._scenario
        text = scenario.name.with_text(i18n.language(), name)
        self._apply(
            _("Rename scenario {letter}").format(letter=scenario.letter),
            lambda case: edits.rename_scenario(case, scenario.letter, text),
        )

    # Changes, and terms of other partners

    def add_change(self) -> None:
        self._ask_and_add(None)

    def add_terms_of_others(self) -> None:
        self._ask_and_add(None, OTHERS_BY_NAME)

    def _ask_and_add(self, suggestion: AnyChange | None, aim: Aim = _OWN) -> None:
        letter = self._session.selected_scenario
        made = self._ask(suggestion, aim, is_new=True)
        if made is not None:
            self._apply(_adding(made[1]).format(letter=letter), lambda case: entered(case, letter, *made))

    def edit_change(self, place: int) -> None:
        letter = self._session.selected_scenario
        if not 0 <= place < len(self._scenario.changes):
            return
        made = self._ask(self._scenario.changes[place], _OWN, is_new=False)
        if made is not None:
            self._apply(
                _("Edit a change of {letter}").format(letter=letter),
                lambda case: entered(case, letter, *made, change_at=place),
            )

    def edit_terms(self, place: int) -> None:
        letter, terms = self._session.selected_scenario, self._terms(place)
        if terms is None:
            return
        made = self._ask(terms.change, Aim(own=False, partners=terms.partners), is_new=False)
        if made is not None:
            self._apply(
                _("Edit terms of other partners in {letter}").format(letter=letter),
                lambda case: entered(case, letter, *made, terms_at=place),
            )

    def remove_change(self, place: int) -> None:
        letter = self._session.selected_scenario
        if 0 <= place < len(self._scenario.changes):
            self._apply(
                _("Take a change out of {letter}").format(letter=letter),
                lambda case: edits.remove_change(case, letter, place),
            )

    def remove_terms(self, place: int) -> None:
        letter = self._session.selected_scenario
        if self._terms(place) is not None:
            self._apply(
                _("Take terms of other partners out of {letter}").format(letter=letter),
                lambda case: edits.remove_rival_terms(case, letter, place),
            )

    def move_change(self, place: int, to: int) -> None:
        letter = self._session.selected_scenario
        if 0 <= to < len(self._scenario.changes):
            self._apply(
                _("Reorder the changes of {letter}").format(letter=letter),
                lambda case: edits.move_change(case, letter, place, to),
            )

    def move_terms(self, place: int, to: int) -> None:
        letter = self._session.selected_scenario
        if 0 <= to < len(self._scenario.rivals):
            self._apply(
                _("Reorder the terms of other partners in {letter}").format(letter=letter),
                lambda case: edits.move_rival_terms(case, letter, place, to),
            )

    def _terms(self, place: int) -> RivalTerms | None:
        rivals = self._scenario.rivals
        return rivals[place] if 0 <= place < len(rivals) else None

    def _ask(self, change: AnyChange | None, aim: Aim, *, is_new: bool) -> tuple[AnyChange, Aim] | None:
        from gui.change_dialog import ChangeDialog

        dialog = ChangeDialog(self._session, change, is_new=is_new, aim=aim, parent=self._parent)
        accepted = bool(dialog.exec())
        made = (dialog.change, dialog.aim) if accepted and dialog.change is not None else None
        dialog.deleteLater()
        return made

    # History

    def show_change_history(self, place: int) -> None:
        """Who changed one change of the selected scenario."""
        if 0 <= place < len(self._scenario.changes):
            self._show_history(f"change:{self._scenario.changes[place].id}")

    def show_terms_history(self, place: int) -> None:
        """Who changed one entry of the terms of other partners."""
        terms = self._terms(place)
        if terms is not None:
            self._show_history(f"change:{terms.id}")

    def show_scenario_history(self) -> None:
        """Who changed anything in the selected scenario."""
        self._show_history(f"scenario:{self._scenario.id}")

    def _show_history(self, part: str) -> None:
        from gui.history_dialog import show_history

        show_history(self._session, self._parent, part)


def _adding(aim: Aim) -> str:
    """The name of the step for undo."""
    if aim.whose is Whose.OWN:
        return _("Add a change to {letter}")
    if aim.whose is Whose.ALL:
        return _("Add a change for all partners to {letter}")
    return _("Add terms of other partners to {letter}")
