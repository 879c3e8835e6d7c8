"""Where a change goes: our own list, the terms of other partners, or both; and what it replaces there."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from core import edits
from core.case import Case, RivalTerms, SetRate, SetTotal
from core.casefile import default_case
from core.errors import InputError
from gui.change_aim import Aim, Whose, aim_at, entered

START = date(2025, 8, 1)
FIFTEEN = SetTotal(start=START, rate=Decimal("0.15"))
TEN = SetRate(start=START, duty="autos", rate=Decimal("0.1"))
OTHERS = Aim(own=False, partners=("*",))
JAPAN = Aim(own=False, partners=("JP",))
EVERYONE = Aim(own=True, partners=("*",))


@pytest.fixture
def case() -> Case:
    """C with its changes, and with terms of Japan."""
    return edits.add_rival_terms(default_case(), "C", RivalTerms(partners=("JP",), change=TEN))


@pytest.mark.parametrize(
    ("aim", "whose", "named", "left_out"),
    [
        (Aim(), Whose.OWN, (), ()),
        (JAPAN, Whose.CHOSEN, ("JP",), ()),
        (Aim(False, ("EU", "-DE")), Whose.CHOSEN, ("EU",), ("DE",)),
        (OTHERS, Whose.OTHERS, (), ()),
        (Aim(False, ("*", "-MX", "-CA")), Whose.OTHERS, (), ("MX", "CA")),
        (EVERYONE, Whose.ALL, (), ()),
    ],
)
def test_the_form_shows_every_aim_and_states_it_again(
    aim: Aim, whose: Whose, named: tuple[str, ...], left_out: tuple[str, ...]
) -> None:
    assert (aim.whose, aim.named, aim.left_out) == (whose, named, left_out)
    assert aim_at(whose, named, left_out) == aim


def test_new_ones_go_to_the_end_of_their_lists(case: Case) -> None:
    before = case.scenario("C")
    after = entered(case, "C", FIFTEEN, EVERYONE).scenario("C")
    assert after.changes == (*before.changes, FIFTEEN)
    assert after.rivals == (*before.rivals, RivalTerms(partners=("*",), change=FIFTEEN))


def test_an_edit_stays_where_it_was(case: Case) -> None:
    before = case.scenario("C")
    own = entered(case, "C", FIFTEEN, Aim(), change_at=0).scenario("C")
    assert own.changes == (replace(FIFTEEN, id=before.changes[0].id), *before.changes[1:])
    assert own.rivals == before.rivals
    theirs = entered(case, "C", FIFTEEN, OTHERS, terms_at=0).scenario("C")
    assert theirs.changes == before.changes
    assert theirs.rivals == (RivalTerms(partners=("*",), change=FIFTEEN),)


def test_what_is_no_longer_aimed_at_is_taken_out(case: Case) -> None:
    before = case.scenario("C")
    given_away = entered(case, "C", TEN, JAPAN, change_at=0).scenario("C")
    assert given_away.changes == before.changes[1:]
    assert given_away.rivals[-1] == RivalTerms(partners=("JP",), change=TEN)
    taken_over = entered(case, "C", FIFTEEN, Aim(), terms_at=0).scenario("C")
    assert taken_over.changes == (*before.changes, FIFTEEN)
    assert taken_over.rivals == ()


def test_an_edit_for_all_keeps_its_place_and_enters_the_other_list(case: Case) -> None:
    before = case.scenario("C")
    wider = entered(case, "C", FIFTEEN, EVERYONE, terms_at=0).scenario("C")
    assert wider.changes == (*before.changes, FIFTEEN)
    assert wider.rivals == (RivalTerms(partners=("*",), change=FIFTEEN),)


@pytest.mark.parametrize("aim", [Aim(), OTHERS, EVERYONE])
def test_the_law_takes_none(case: Case, aim: Aim) -> None:
    with pytest.raises(InputError, match="the law as it stands"):
        entered(case, "A", FIFTEEN, aim)


def test_terms_can_be_put_in_another_order(case: Case) -> None:
    """Where two concern the same goods the later one wins, so the order is an edit of its own."""
    two = entered(case, "C", FIFTEEN, OTHERS)
    first, second = two.scenario("C").rivals
    assert edits.move_rival_terms(two, "C", 0, 1).scenario("C").rivals == (second, first)
    assert edits.move_rival_terms(two, "C", 1, 1) is two
    with pytest.raises(InputError, match="no such terms"):
        edits.move_rival_terms(two, "C", 2, 0)
