"""Every kind of change can be entered, comes back as it was, and is refused at the place when it cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from core.case import (
    AddDuty,
    AnyChange,
    Cap,
    Exempt,
    Place,
    Postpone,
    Quota,
    RateForm,
    SetRate,
    SetTotal,
    SwitchOff,
    SwitchOn,
)
from core.text import LocalText
from gui import theme
from gui.change_dialog import ChangeDialog
from gui.change_fields import FIELDS, KINDS, kind_title, new_duty_id
from gui.change_words import change_words
from gui.number_edit import StrictEdit
from tests.gui.cases import StillSession

START, END = date(2025, 8, 1), date(2025, 12, 31)
CARS = "group:passenger-cars"

CHANGES: list[AnyChange] = [
    SwitchOff(start=START, duty="autos"),
    SwitchOn(start=START, duty="reciprocal", measure="ieepa_country_apr2025", until=END),
    SetRate(start=START, duty="steel", rate=Decimal("0.125"), note="for the second round"),
    SetRate(start=START, duty="autos", lines=CARS, rate=Decimal("0.15"), form=RateForm.TOTAL),
    Postpone(start=START, duty="reciprocal", until=END),
    Exempt(start=START, lines=CARS),
    Cap(start=START, lines=CARS, rate=Decimal("0.15")),
    SetTotal(start=START, lines=CARS, rate=Decimal("0.1")),
    Quota(
        start=START,
        duty="steel",
        lines="list:s232_steel_article",
        volume=Decimal(2_630_000),
        unit="t",
        share_in_quota=Decimal("0.6"),
        share_source=LocalText("our assumption", "우리 가정"),
        out_rate=Decimal("0.25"),
    ),
    AddDuty(
        start=START,
        duty="new_chips",
        title=LocalText("Chips", "반도체"),
        lines="group:semiconductors",
        rate=Decimal("0.25"),
        place=Place.ON_TOP,
        citation="pending inquiry",
    ),
]


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    theme.apply(qapp, theme.Mode.LIGHT)
    made = StillSession()
    yield made
    made.close()


def dialog_for(session: StillSession, qtbot: QtBot, change: AnyChange | None) -> ChangeDialog:
    made = ChangeDialog(session, change, is_new=change is None)
    qtbot.addWidget(made)
    made.show()
    return made


def choose(dialog: ChangeDialog, name: str, value: str) -> None:
    field = dialog._fields[name]
    assert isinstance(field, QComboBox)
    place = field.findData(value)
    assert place >= 0
    field.setCurrentIndex(place)


def write(dialog: ChangeDialog, name: str, text: str) -> QLineEdit:
    field = dialog._fields[name]
    assert isinstance(field, QLineEdit)
    field.setText(text)
    return field


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
def test_a_change_comes_back_as_it_was(session: StillSession, qtbot: QtBot, change: AnyChange) -> None:
    dialog = dialog_for(session, qtbot, change)
    dialog.ok_button.click()
    assert dialog.note.text == ""
    assert dialog.change == change


def test_every_kind_of_change_has_a_form() -> None:
    tags = {kind.__struct_config__.tag for kind in AnyChange.__args__}
    assert tags == set(KINDS) == set(FIELDS)
    assert len({kind_title(kind) for kind in KINDS}) == len(KINDS)


def test_a_new_change_is_read_from_the_fields(session: StillSession, qtbot: QtBot) -> None:
    dialog = dialog_for(session, qtbot, None)
    choose(dialog, "kind", "set-rate")
    choose(dialog, "duty", "copper")
    write(dialog, "rate", "12.5")
    write(dialog, "start", "1 Aug 2025")
    dialog.ok_button.click()
    assert dialog.change == SetRate(start=START, duty="copper", rate=Decimal("0.125"))


@pytest.mark.parametrize(
    ("field", "text"), [("rate", "12,5"), ("rate", ""), ("start", "01/08/2025"), ("until", "soon")]
)
def test_what_cannot_be_taken_is_refused_at_its_field(
    session: StillSession, qtbot: QtBot, field: str, text: str
) -> None:
    dialog = dialog_for(session, qtbot, CHANGES[2])
    edit = write(dialog, field, text)
    dialog.ok_button.click()
    assert isinstance(edit, StrictEdit)
    assert edit.is_refused
    assert dialog.change is None
    assert dialog.isVisible()


def test_an_end_before_the_start_is_said_in_the_dialog(session: StillSession, qtbot: QtBot) -> None:
    dialog = dialog_for(session, qtbot, CHANGES[2])
    write(dialog, "until", "1 July 2025")
    dialog.ok_button.click()
    assert "end before it starts" in dialog.note.text
    assert dialog.change is None


def test_a_quota_shows_what_it_comes_to_while_typing(session: StillSession, qtbot: QtBot) -> None:
    """60 % of the value free and the rest at 25 % is 10 %; with half inside it is 12.5 %."""
    dialog = dialog_for(session, qtbot, CHANGES[8])
    assert "make 10\N{NO-BREAK SPACE}%" in dialog.outcome.text()
    write(dialog, "share_in_quota", "50 %")
    assert "make 12.5\N{NO-BREAK SPACE}%" in dialog.outcome.text()
    write(dialog, "out_rate", "")
    assert "make 12.5\N{NO-BREAK SPACE}%" in dialog.outcome.text()  # the law's 25 % on steel
    write(dialog, "share_in_quota", "1,5")
    assert "make" not in dialog.outcome.text()


def test_a_new_quota_starts_with_a_share_that_can_be_taken(session: StillSession, qtbot: QtBot) -> None:
    """The form said "100", which is no share: 100 % was meant, and the first look was a refusal."""
    dialog = dialog_for(session, qtbot, None)
    choose(dialog, "kind", "quota")
    assert dialog._value("share_in_quota") == 1


def test_a_quota_without_a_source_is_refused(session: StillSession, qtbot: QtBot) -> None:
    dialog = dialog_for(session, qtbot, CHANGES[8])
    write(dialog, "share_source", "")
    dialog.ok_button.click()
    assert "no source" in dialog.note.text


@pytest.mark.parametrize("title", ["Chips, 2nd list", "반도체", "a" * 90])
def test_a_new_duty_gets_a_short_name_that_the_case_takes(title: str) -> None:
    from core.case_rules import check_id

    check_id(new_duty_id(title))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: type(change).__name__)
def test_every_change_reads_as_words(session: StillSession, change: AnyChange) -> None:
    words = change_words(session.case, change, {"autos": "Cars", "steel": "Steel", "reciprocal": "Reciprocal duty"})
    assert words.title
    assert "2025" in words.detail
    assert "group:" not in words.title + words.detail
    assert "list:" not in words.title + words.detail
