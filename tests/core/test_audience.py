"""Every field of a case says who may see it, and a filtered copy holds nothing more confidential."""

from __future__ import annotations

import typing
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from core.audience import Audience, Delegation, Internal, Shareable, field_audiences, redact
from core.case import (
    BarrierRecord,
    BarrierState,
    Case,
    Scenario,
    SetRate,
    SwitchOff,
    following_letter,
    letter_rank,
)
from core.case_rules import check_letters
from core.casefile import default_case
from core.casefile.format import decode, encode
from core.text import LocalText


def _types_in(hint: Any) -> Iterator[type[msgspec.Struct]]:
    """Every document type that a field's type mentions, at any depth."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        yield hint
    for part in typing.get_args(hint):
        yield from _types_in(part)


def _reachable(start: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    found: set[type[msgspec.Struct]] = set()
    waiting = [start]
    while waiting:
        struct = waiting.pop()
        if struct not in found:
            found.add(struct)
            for hint in typing.get_type_hints(struct, include_extras=True).values():
                waiting.extend(_types_in(hint))
    return found


DOCUMENTS = sorted(
    (struct for struct in _reachable(Case) if not getattr(struct, "is_value", False)),
    key=lambda struct: struct.__name__,
)


def test_the_walk_reaches_the_whole_case() -> None:
    assert {Case, Scenario, SetRate, SwitchOff, BarrierRecord} <= set(DOCUMENTS)
    assert len(DOCUMENTS) >= 14


@pytest.mark.parametrize("struct", DOCUMENTS, ids=lambda struct: struct.__name__)
def test_every_field_of_every_document_has_an_audience(struct: type[msgspec.Struct]) -> None:
    assert set(field_audiences(struct)) == set(struct.__struct_fields__)


@pytest.mark.parametrize("struct", DOCUMENTS, ids=lambda struct: struct.__name__)
def test_narrower_fields_have_a_default_to_fall_back_to(struct: type[msgspec.Struct]) -> None:
    audiences = field_audiences(struct)
    required = [field.name for field in fields(struct) if field.required]
    assert all(audiences[name] is Audience.SHAREABLE for name in required)


def test_a_field_without_an_audience_is_found() -> None:
    class Forgetful(msgspec.Struct, frozen=True):
        seen: Shareable[str] = ""
        secret: str = ""

    with pytest.raises(KeyError, match=r"Forgetful\.secret"):
        redact(Forgetful(secret="here"), Audience.SHAREABLE)


def test_audiences_are_ordered_from_the_widest_circle() -> None:
    assert Audience.SHAREABLE < Audience.INTERNAL < Audience.DELEGATION
    assert sorted(Audience, reverse=True)[0] is Audience.DELEGATION
    assert [audience.label for audience in Audience] == ["Shareable", "Internal", "Delegation only"]


class Leaf(msgspec.Struct, frozen=True):
    open: Shareable[str]
    inside: Internal[str] = ""
    own: Delegation[str] = ""
    audience: Shareable[Audience] = Audience.SHAREABLE


class Tree(msgspec.Struct, frozen=True):
    leaves: Shareable[tuple[Leaf, ...]] = ()
    kept: Internal[tuple[Leaf, ...]] = ()
    hidden: Delegation[tuple[Leaf, ...]] = ()


LEAVES = st.lists(
    st.builds(Leaf, st.just("open"), st.just("SECRET-1"), st.just("SECRET-2"), st.sampled_from(list(Audience))),
    max_size=4,
).map(tuple)


def _texts(document: Any) -> str:
    return msgspec.json.encode(document).decode()


@given(st.builds(Tree, LEAVES, LEAVES, LEAVES), st.sampled_from(list(Audience)))
def test_redaction_drops_what_is_narrower_and_nothing_else(tree: Tree, audience: Audience) -> None:
    copy = redact(tree, audience)
    text = _texts(copy)
    assert ("SECRET-1" in text) <= (audience >= Audience.INTERNAL)
    assert ("SECRET-2" in text) <= (audience >= Audience.DELEGATION)
    assert [leaf.open for leaf in copy.leaves] == [leaf.open for leaf in tree.leaves if leaf.audience <= audience]
    assert redact(copy, audience) == copy
    if audience is Audience.DELEGATION:
        assert copy == tree


def _planted(document: Any, audience: Audience) -> Any:
    """The document with a marker in every text field of exactly this circle."""
    if isinstance(document, tuple):
        return tuple(_planted(item, audience) for item in document)
    if not isinstance(document, msgspec.Struct) or isinstance(document, LocalText):
        return document
    changes: dict[str, Any] = {}
    for name, circle in field_audiences(type(document)).items():
        value = getattr(document, name)
        if circle is audience and isinstance(value, str | LocalText) and type(value) in (str, LocalText):
            changes[name] = "MARKER" if isinstance(value, str) else LocalText("MARKER", "MARKER")
        else:
            changes[name] = _planted(value, audience)
    return replace(document, **changes)


@pytest.mark.parametrize("narrow", [Audience.INTERNAL, Audience.DELEGATION])
def test_no_confidential_text_of_a_real_case_reaches_a_wider_circle(narrow: Audience) -> None:
    case = _planted(replace(default_case(), next_letter="E"), narrow)
    assert "MARKER" in _texts(redact(case, narrow))
    for audience in Audience:
        if audience < narrow:
            assert "MARKER" not in _texts(redact(case, audience))


def test_a_shareable_copy_holds_the_law_and_no_position() -> None:
    """Scenarios, barrier states and owners are the delegation's own until it decides to show them."""
    case = redact(replace(default_case(), compare_with="D"), Audience.SHAREABLE)
    assert [scenario.letter for scenario in case.scenarios] == ["A"]
    assert case.compare_with == "A"
    assert case.next_letter == "B"
    assert case.barriers == ()
    assert case.groups == default_case().groups


def test_a_released_scenario_is_in_the_shareable_copy_without_its_note() -> None:
    default = default_case()
    released = replace(default.scenario("C"), audience=Audience.SHAREABLE, note="ask for less")
    case = replace(default, scenarios=(default.scenario("A"), default.scenario("B"), released))
    copy = redact(case, Audience.SHAREABLE)
    assert [scenario.letter for scenario in copy.scenarios] == ["A", "C"]
    assert copy.scenario("C").changes == released.changes
    assert copy.scenario("C").note == ""
    check_letters(copy)
    assert decode(encode(copy), "copy.parley") == copy


def test_an_internal_copy_holds_positions_but_no_fall_back_or_red_line() -> None:
    record = BarrierRecord(
        barrier="beef-30m",
        state=BarrierState.RAISED,
        position=LocalText("explain"),
        fall_back=LocalText("FALL-BACK"),
        red_line=LocalText("RED-LINE"),
    )
    case = redact(replace(default_case(), barriers=(record,)), Audience.INTERNAL)
    assert case.barriers == (
        BarrierRecord(barrier="beef-30m", state=BarrierState.RAISED, position=LocalText("explain")),
    )
    assert redact(replace(default_case(), barriers=(record,)), Audience.DELEGATION).barriers == (record,)


def test_redaction_leaves_plain_values_alone() -> None:
    change = SetRate(start=date(2025, 8, 1), duty="autos", rate=Decimal("0.15"), note="from the minister")
    assert redact(change, Audience.SHAREABLE) == replace(change, note="")
    assert redact(LocalText("a", "b"), Audience.SHAREABLE) == LocalText("a", "b")


def test_letters_follow_each_other_past_z() -> None:
    letters = ["A"]
    for _count in range(800):
        letters.append(following_letter(letters[-1]))
    assert letters[25:29] == ["Z", "AA", "AB", "AC"]
    assert letters[51:53] == ["AZ", "BA"]
    assert letters[701:703] == ["ZZ", "AAA"]
    assert len(set(letters)) == len(letters)
    assert sorted(letters, key=letter_rank) == letters
