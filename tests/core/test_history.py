"""Who changed what, when: ids that stay, entries that name what an edit concerned."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core import edits
from core.case import Case, RateForm, SetRate
from core.casefile import default_case
from core.history import MAX_ENTRIES, concerned, entries_of, numbered, stamped, with_ids
from core.text import LocalText

AT = datetime(2025, 5, 22, 9, 30, 15, 999, tzinfo=UTC)


def apply(before: Case, after: Case, what: str = "Edit") -> Case:
    return stamped(before, after, what, at=AT, who="Desk 1", make_id=numbered("new"))


def test_a_new_change_gets_an_id_and_the_others_keep_theirs() -> None:
    before = default_case()
    new = SetRate(start=date(2025, 7, 9), duty="copper", rate=Decimal("0.1"))
    after = apply(before, edits.add_change(before, "C", new))
    ids = [change.id for change in after.scenario("C").changes]
    assert ids[:-1] == [change.id for change in before.scenario("C").changes]
    assert ids[-1] == "new-1"
    (entry,) = after.history
    assert entry.at == AT.replace(microsecond=0)
    assert (entry.who, entry.what, entry.concerns) == ("Desk 1", "Edit", ("change:new-1",))


def test_an_edited_change_keeps_its_id() -> None:
    before = default_case()
    old = before.scenario("C").changes[0]
    edited = SetRate(start=old.start, duty="reciprocal", rate=Decimal("0.11"))
    after = apply(before, edits.replace_change(before, "C", 0, edited))
    assert after.scenario("C").changes[0].id == old.id
    assert after.history[-1].concerns == (f"change:{old.id}",)


def test_a_copied_scenario_is_another_one() -> None:
    before = default_case()
    after = apply(before, edits.duplicate_scenario(before, "C"))
    ids = [s.id for s in after.scenarios] + [change.id for s in after.scenarios for change in s.changes]
    assert len(set(ids)) == len(ids)
    assert after.scenario("C").id == before.scenario("C").id


def test_renaming_concerns_the_scenario_alone() -> None:
    before = default_case()
    after = apply(before, edits.rename_scenario(before, "B", LocalText("Other")))
    assert after.history[-1].concerns == (f"scenario:{before.scenario('B').id}",)


def test_barriers_and_fields_are_named_and_found_again() -> None:
    before = default_case()
    first = apply(before, edits.set_barrier(before, "B01", owner="Trade desk"), "Owner")
    second = apply(first, edits.set_as_of(first, date(2025, 7, 9)), "Day")
    assert [entry.what for entry in second.history] == ["Owner", "Day"]
    assert second.history[-1].concerns == ("as_of",)
    assert [entry.what for entry in entries_of(second, "barrier:B01")] == ["Owner"]


def test_nothing_changed_leaves_no_entry() -> None:
    before = default_case()
    assert apply(before, edits.set_as_of(before, before.as_of)) is before


def test_the_history_has_an_end() -> None:
    """Ten years of edits fit; what is older goes first, so that no file grows without bound."""
    before = default_case()
    entry = apply(before, edits.set_as_of(before, date(2025, 7, 9))).history[0]
    full = replace(before, history=(entry,) * MAX_ENTRIES)
    after = apply(full, edits.set_as_of(full, date(2025, 8, 1)), "Last")
    assert len(after.history) == MAX_ENTRIES
    assert after.history[-1].what == "Last"


@given(st.lists(st.sampled_from(["cell", "copy", "remove", "move"]), max_size=8))
def test_ids_are_unique_after_any_edits(steps: list[str]) -> None:
    case = default_case()
    for step in steps:
        letter = case.scenarios[-1].letter
        if step == "cell":
            edited = edits.set_cell_rate(case, letter, "copper", Decimal("0.1"), RateForm.ADDED, case.as_of)
        elif step == "copy":
            edited = edits.duplicate_scenario(case, letter)
        elif step == "remove" and len(case.scenarios) > 2:
            edited = edits.remove_scenario(case, letter)
        else:
            edited = edits.move_scenario(case, letter, 1)
        case = stamped(case, edited, step, at=AT, who="")
        ids = [s.id for s in case.scenarios] + [change.id for s in case.scenarios for change in s.changes]
        assert all(ids)
        assert len(set(ids)) == len(ids)
        assert with_ids(case) is case


def test_what_an_edit_concerned_is_empty_for_equal_cases() -> None:
    assert list(concerned(default_case(), replace(default_case()))) == []
