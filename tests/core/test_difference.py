"""What differs between two copies, in words: complete, by ids, as people read it."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from core import case as case_module
from core import edits
from core.audience import Audience
from core.case import BarrierState, Case, Document, HistoryEntry, RateForm, SetRate
from core.casefile import default_case
from core.casefile.difference import Difference, DifferenceKind, Names, differences
from core.casefile.merging.fields import FIELDS, PARTS, field_of
from core.casefile.merging.parts import identity, is_only_a_name
from core.casefile.merging.wording import _ENUM_WORDS, one_line
from core.i18n import set_language
from core.reference.pack import Pack
from core.text import LocalText
from tests.core.case_edits import copies

DAY = date(2025, 8, 1)


def documents() -> Iterator[type[Document]]:
    """Every type of core.case that a file can hold."""
    for _name, kind in inspect.getmembers(case_module, inspect.isclass):
        if issubclass(kind, Document) and kind not in (Document, case_module.Change):
            yield kind


def sentences(before: Case, after: Case, names: Names | None = None) -> list[str]:
    return [each.sentence for each in differences(before, after, names)]


class TestWords:
    @pytest.mark.parametrize("kind", list(documents()), ids=lambda kind: kind.__name__)
    def test_every_field_has_words(self, kind: type[Document]) -> None:
        """A new field of core.case needs a line in core/casefile/merging/fields.py."""
        unnamed = [
            name for name in kind.__struct_fields__ if name not in FIELDS and f"{kind.__name__}.{name}" not in FIELDS
        ]
        assert unnamed == []
        assert all(field_of(kind, name).name for name in kind.__struct_fields__)

    def test_every_part_has_a_name(self) -> None:
        """Changes are called by what they do."""
        unnamed = {kind.__name__ for kind in documents() if not issubclass(kind, case_module.Change)} - PARTS.keys()
        assert unnamed == {"Case"}

    def test_every_word_of_the_file_has_words(self) -> None:
        kinds = [kind for _name, kind in inspect.getmembers(case_module, inspect.isclass) if issubclass(kind, Enum)]
        named = {type(member) for member in _ENUM_WORDS} | {Audience}
        assert [kind for kind in kinds if kind not in named and len(kind)] == []
        assert all(member in _ENUM_WORDS for kind in named - {Audience} for member in kind)

    def test_parts_of_lists_can_be_told_apart(self) -> None:
        """By an id, or by a first field of text; a list of anything else could not be merged."""
        for kind in documents():
            for info in msgspec.structs.fields(kind):
                for item in _listed(info.type):
                    first = msgspec.structs.fields(item)[0]
                    has_name = "id" in item.__struct_fields__ or str in (first.type, *_arguments(first.type))
                    assert item is HistoryEntry or has_name, (kind, info.name)


def _listed(hint: Any) -> Iterator[type[Document]]:
    """The document types that a tuple's hint names."""
    for inner in _arguments(hint):
        if typing.get_origin(inner) is tuple:
            named = [*_arguments(inner), *_arguments(_arguments(inner)[0])]
            yield from (each for each in named if isinstance(each, type) and issubclass(each, Document))
        else:
            yield from _listed(inner)


def _arguments(hint: Any) -> tuple[Any, ...]:
    return tuple(getattr(hint, "__args__", ()))


class TestDifferences:
    def test_equal_cases_do_not_differ(self) -> None:
        assert differences(default_case(), replace(default_case())) == ()

    def test_a_rate_is_read_in_per_cent_and_exactly(self) -> None:
        """0.12345 is 12.345 %: a rounded difference could be none."""
        before = default_case()
        after = edits.set_cell_rate(before, "C", "autos", Decimal("0.12345"), RateForm.TOTAL, DAY)
        (found,) = differences(before, after, Names(duties={"autos": "Cars"}))
        assert found.kind is DifferenceKind.CHANGED
        assert found.where == "Scenario C (15 all-in) › Cars: total 15\N{NO-BREAK SPACE}%"
        assert (found.field, found.before, found.after) == (
            "Rate",
            "15\N{NO-BREAK SPACE}%",
            "12.345\N{NO-BREAK SPACE}%",
        )
        (change,) = [change for change in before.scenario("C").changes if change.duty == "autos"]
        assert found.part == f"change:{change.id}"

    def test_a_renamed_and_moved_scenario_is_the_same_one(self) -> None:
        before = default_case()
        name = before.scenario("D").name.with_text("ko", "새 이름")
        after = edits.move_scenario(edits.rename_scenario(before, "D", name), "D", 1)
        found = differences(before, after)
        assert [each.kind for each in found] == [DifferenceKind.CHANGED, DifferenceKind.MOVED]
        assert found[0].field == "Name, in Korean"
        assert found[0].after == "새 이름"
        assert (found[1].before, found[1].after) == ("4", "2")

    def test_the_fewest_scenarios_move(self) -> None:
        """A B C D to A C D B is one move, not three."""
        before = default_case()
        after = edits.move_scenario(before, "B", 3)
        (found,) = differences(before, after)
        assert found.part == f"scenario:{before.scenario('B').id}"

    def test_added_and_removed_parts_say_what_was_in_them(self) -> None:
        before = default_case()
        after = edits.remove_scenario(before, "B")
        (gone,) = differences(before, after)
        assert gone.kind is DifferenceKind.REMOVED
        assert "what holds goes on" in gone.before
        (back,) = differences(after, before)
        assert (back.kind, back.after) == (DifferenceKind.ADDED, gone.before)

    def test_a_barrier_that_nobody_touched_was_not_raised(self) -> None:
        """It has no record in the file; the words are those of the checklist all the same."""
        before = default_case()
        after = edits.set_barrier(before, "trq", state=BarrierState.EXPLAINED)
        names = Names(barriers={"trq": "Farm quotas"})
        assert sentences(before, after, names) == ["Barrier Farm quotas › State: Not raised → Explained"]
        assert sentences(after, before, names) == ["Barrier Farm quotas › State: Explained → Not raised"]

    def test_codes_dates_circles_and_tables(self) -> None:
        before = default_case()
        after = edits.set_as_of(before, date(2025, 7, 9))
        after = edits.set_scenario_audience(after, "C", Audience.SHAREABLE)
        after = edits.set_assumption(after, "utilisation", "87032301", Decimal("0.9"))
        trucks = next(group for group in after.groups if group.id == "light-trucks")
        after = edits.set_group(after, replace(trucks, prefixes=trucks.prefixes[1:]))
        assert sentences(before, after) == [
            "Rates as of: 22 May 2025 → 9 July 2025",
            "Scenario C (15 all-in) › Audience: Internal → Shareable",
            "Item group Light trucks › Codes: removed: 8704.21",
            "Assumptions › Share claiming the preference, 8703.23.01: added: 90\N{NO-BREAK SPACE}%",
        ]

    def test_a_change_that_became_another_kind(self) -> None:
        before = default_case()
        old = before.scenario("C").changes[0]
        after = edits.replace_change(before, "C", 0, SetRate(start=old.start, duty=old.duty, rate=Decimal("0.1")))
        assert type(old) is not SetRate, "the example changed: choose a change of another kind"
        (found,) = differences(before, after)
        assert found.kind is DifferenceKind.CHANGED
        assert found.part == f"change:{old.id}"
        assert "10\N{NO-BREAK SPACE}%" in found.after

    def test_cases_without_ids_are_held_together_by_letter_and_place(self) -> None:
        def bare(case: Case) -> Case:
            return replace(
                case,
                scenarios=tuple(
                    replace(each, id="", changes=tuple(replace(change, id="") for change in each.changes))
                    for each in case.scenarios
                ),
            )

        before = bare(default_case())
        after = edits.set_cell_rate(before, "C", "autos", Decimal("0.1"), RateForm.TOTAL, DAY)
        (found,) = differences(before, after)
        assert found.field == "Rate"

    def test_words_in_korean(self, pack: Pack) -> None:
        set_language("ko")
        before = default_case()
        after = edits.set_as_of(before, date(2025, 7, 9))
        (found,) = differences(before, after)
        assert (found.before, found.after) == ("2025. 5. 22.", "2025. 7. 9.")

    def test_the_history_is_counted(self) -> None:
        before = default_case()
        after = replace(before, history=(*before.history, HistoryEntry(what="x")))
        (found,) = differences(before, after)
        assert (found.before, found.after) == ("0 entries", "1 entry")

    def test_text_of_a_file_cannot_steer_a_terminal(self) -> None:
        """Escape sequences, line breaks and letters that turn the direction of writing."""
        case = edits.set_note(default_case(), "a\n\x1b[31mred\u202eback")
        (found,) = differences(default_case(), case)
        assert "\x1b" not in found.sentence
        assert found.sentence.isprintable() or "\N{NO-BREAK SPACE}" in found.sentence
        assert one_line("x" * 500).endswith("…")

    @settings(max_examples=60, deadline=None)
    @given(copies())
    def test_two_cases_are_equal_exactly_when_nothing_differs(self, three: tuple[Case, Case, Case]) -> None:
        base, ours, theirs = three
        for before, after in ((base, ours), (ours, base), (ours, theirs)):
            found = differences(before, after)
            assert bool(found) == (before != after)
            assert all(isinstance(each, Difference) and each.sentence for each in found)


def test_blank_parts_are_those_of_barriers_alone() -> None:
    """Only a barrier's record may be missing without meaning that something was removed."""
    barrier = default_case().barrier("trq")
    assert is_only_a_name(barrier)
    assert identity(barrier) == "trq"
    assert not is_only_a_name(default_case().scenarios[1])
    assert not is_only_a_name(case_module.ItemGroup(id="x", name=LocalText("x")))
