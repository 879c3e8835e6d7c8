"""Three-way merge: what each delegate did is in it, and what excludes each other is asked, not guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

from core import edits
from core.audience import Audience
from core.case import (
    BarrierState,
    Case,
    Exempt,
    HistoryEntry,
    ItemGroup,
    Quota,
    RateForm,
    SetRate,
    TradeOverride,
)
from core.case_rules import check_case
from core.casefile import default_case
from core.casefile.merge import Conflict, Merge, Reason, Side, check_same_case, doubts, merge, resolve
from core.errors import InputError
from core.history import MAX_ENTRIES, numbered, stamped
from core.text import LocalText

JULY, AUGUST, SEPTEMBER = date(2025, 7, 9), date(2025, 8, 1), date(2025, 9, 1)
MORNING = datetime(2025, 5, 22, 9, tzinfo=UTC)
Edit = Callable[[Case], Case]


def by(who: str, *made: Edit, start: datetime = MORNING, base: Case | None = None) -> Case:
    """The case after some edits of one delegate, an hour apart."""
    case, ids = base or default_case(), numbered(who)
    for hour, edit in enumerate(made):
        case = stamped(case, edit(case), f"Edit {hour}", at=start + timedelta(hours=hour), who=who, make_id=ids)
    return case


def only(merged: Merge) -> Conflict:
    (conflict,) = merged.conflicts
    return conflict


def cell(letter: str, duty: str, rate: str, form: RateForm = RateForm.TOTAL, on: date = AUGUST) -> Edit:
    return lambda case: edits.set_cell_rate(case, letter, duty, Decimal(rate), form, on)


def changed(letter: str, duty: str, **fields: object) -> Edit:
    """A field of the scenario's change of this duty."""

    def edit(case: Case) -> Case:
        place = next(n for n, change in enumerate(case.scenario(letter).changes) if change.duty == duty)
        return edits.replace_change(case, letter, place, replace(case.scenario(letter).changes[place], **fields))

    return edit


class TestWithoutConflict:
    def test_fields_of_one_change_come_from_both(self) -> None:
        ours = by("kim", cell("C", "autos", "0.125"))
        theirs = by("lee", changed("C", "autos", note="only with a quota", start=SEPTEMBER))
        merged = merge(default_case(), ours, theirs)
        assert merged.conflicts == ()
        (change,) = [change for change in merged.case.scenario("C").changes if change.duty == "autos"]
        assert isinstance(change, SetRate)
        assert (change.rate, change.note, change.start) == (Decimal("0.125"), "only with a quota", SEPTEMBER)

    def test_the_same_edit_on_both_sides_is_one(self) -> None:
        edit = cell("C", "autos", "0.125")
        merged = merge(default_case(), by("kim", edit), by("lee", edit))
        assert merged.conflicts == ()
        assert len(merged.case.scenario("C").changes) == len(default_case().scenario("C").changes)

    def test_the_same_change_added_twice_is_one(self) -> None:
        """Each copy gave it an id of its own."""

        def edit(case: Case) -> Case:
            return edits.add_change(case, "C", SetRate(start=AUGUST, duty="copper", rate=Decimal(0)))

        merged = merge(default_case(), by("kim", edit), by("lee", edit))
        assert merged.conflicts == ()
        assert len([change for change in merged.case.scenario("C").changes if change.duty == "copper"]) == 1

    def test_a_barrier_filled_in_by_both(self) -> None:
        """Neither had a record before: state from one, owner from the other."""
        ours = by("kim", lambda case: edits.set_barrier(case, "trq", state=BarrierState.RAISED))
        theirs = by("lee", lambda case: edits.set_barrier(case, "trq", owner="MAFRA", red_line=LocalText("no")))
        record = merge(default_case(), ours, theirs).case.barrier("trq")
        assert (record.state, record.owner, record.red_line.en) == (BarrierState.RAISED, "MAFRA", "no")

    def test_languages_of_a_text_are_apart(self) -> None:
        base = default_case()
        ours = by("kim", lambda case: edits.set_title(case, case.title.with_text("en", "Talks")))
        theirs = by("lee", lambda case: edits.set_title(case, case.title.with_text("ko", "협의")))
        assert merge(base, ours, theirs).case.title == LocalText("Talks", "협의")

    def test_codes_of_a_group_and_entries_of_a_table(self) -> None:
        base = default_case()
        trucks = next(group for group in base.groups if group.id == "light-trucks")
        more = replace(trucks, prefixes=(*trucks.prefixes, "870490"))
        fewer = replace(trucks, prefixes=trucks.prefixes[1:])
        ours = by(
            "kim",
            lambda case: edits.set_group(case, more),
            lambda case: edits.set_assumption(case, "utilisation", "870323", Decimal("0.9")),
        )
        theirs = by(
            "lee",
            lambda case: edits.set_group(case, fewer),
            lambda case: edits.set_assumption(case, "utilisation", "8708", Decimal("0.5")),
        )
        merged = merge(base, ours, theirs)
        assert merged.conflicts == ()
        group = next(group for group in merged.case.groups if group.id == "light-trucks")
        assert group.prefixes == (*trucks.prefixes[1:], "870490")
        assert merged.case.assumptions.utilisation == {"8708": Decimal("0.5"), "870323": Decimal("0.9")}

    def test_both_orders_hold_where_they_can(self) -> None:
        """Ours puts D before B, theirs adds a scenario after C: D B C E."""
        ours = by("kim", lambda case: edits.move_scenario(case, "D", 1))
        theirs = by("lee", lambda case: edits.move_scenario(edits.add_scenario(case, "New"), "E", 3))
        merged = merge(default_case(), ours, theirs)
        assert merged.conflicts == ()
        assert [scenario.letter for scenario in merged.case.scenarios] == ["A", "D", "B", "C", "E"]

    def test_both_moved_what_does_not_exclude_each_other(self) -> None:
        """A B C D: ours moves D before C, theirs moves B behind C; D before C before B holds both."""
        base = by("old", lambda case: edits.add_scenario(case, "Fifth"))
        ours = by("kim", lambda case: edits.move_scenario(case, "D", 2), base=base)
        theirs = by("lee", lambda case: edits.move_scenario(case, "E", 1), base=base)
        merged = merge(base, ours, theirs)
        assert merged.conflicts == ()
        assert [scenario.letter for scenario in merged.case.scenarios] == ["A", "E", "B", "D", "C"]

    def test_cases_without_ids(self) -> None:
        """Files written by hand: held together by letters and places, as long as nobody stamped them."""

        def bare(case: Case) -> Case:
            return replace(
                case,
                id="",
                scenarios=tuple(
                    replace(each, id="", changes=tuple(replace(change, id="") for change in each.changes))
                    for each in case.scenarios
                ),
            )

        base = bare(default_case())
        ours = by("kim", cell("C", "autos", "0.125"), base=base)  # stamped: ids on everything
        theirs = by("lee", changed("C", "autos", note="note"), base=base)
        merged = merge(base, ours, theirs)
        assert merged.conflicts == ()
        assert len(merged.case.scenarios) == len(base.scenarios)
        (change,) = [change for change in merged.case.scenario("C").changes if change.duty == "autos"]
        assert (getattr(change, "rate", None), change.note) == (Decimal("0.125"), "note")
        assert change.id.startswith("kim")


class TestLetters:
    def test_two_new_scenarios_of_one_letter(self) -> None:
        ours = by("kim", lambda case: edits.add_scenario(case, "Ours"))
        theirs = by(
            "lee",
            lambda case: edits.add_scenario(case, "Theirs"),
            lambda case: edits.set_compare_with(case, "E"),
        )
        merged = merge(default_case(), ours, theirs)
        assert merged.conflicts == ()
        assert str(merged.case.scenario("E").name) == "Ours"
        assert str(merged.case.scenario("F").name) == "Theirs"
        assert merged.case.compare_with == "F"
        assert merged.case.next_letter == "G"
        (note,) = merged.notes
        assert "E (Theirs)" in note
        assert "F" in note

    def test_copies_that_merged_each_other_end_up_alike(self) -> None:
        """Kim merges Lee's copy, then Lee merges Kim's: nobody's letters change a second time."""
        base = default_case()
        kim = by("kim", lambda case: edits.add_scenario(case, "Kim's"))
        lee = by("lee", lambda case: edits.add_scenario(case, "Lee's"))
        first = merge(base, kim, lee).case
        second = merge(base, lee, first)
        assert second.conflicts == ()
        assert {each.letter: str(each.name) for each in second.case.scenarios} == {
            each.letter: str(each.name) for each in first.scenarios
        }


class TestConflicts:
    def test_two_rates_for_one_cell(self) -> None:
        ours, theirs = by("kim", cell("C", "autos", "0.1")), by("lee", cell("C", "autos", "0.125"))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        assert conflict.reason is Reason.BOTH_CHANGED
        assert "10\N{NO-BREAK SPACE}%" in conflict.ours
        assert "12.5\N{NO-BREAK SPACE}%" in conflict.theirs
        assert "15\N{NO-BREAK SPACE}%" in conflict.base
        assert conflict.where.startswith("Scenario C")
        assert conflict.ours_by is not None
        assert conflict.theirs_by is not None
        assert (conflict.ours_by.who, conflict.theirs_by.who) == ("kim", "lee")
        assert merged.case.scenario("C") == ours.scenario("C")
        assert resolve(merged, {conflict.id: Side.THEIRS}).scenario("C") == theirs.scenario("C")

    def test_rate_and_how_it_acts_are_one_thing(self) -> None:
        """10 % in one copy and "added" in the other: nobody meant 10 % added to column 1."""
        ours, theirs = by("kim", cell("C", "autos", "0.1")), by("lee", cell("C", "autos", "0.15", RateForm.ADDED))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        chosen = resolve(merged, {conflict.id: Side.THEIRS})
        (change,) = [change for change in chosen.scenario("C").changes if change.duty == "autos"]
        assert isinstance(change, SetRate)
        assert (change.rate, change.form) == (Decimal("0.15"), RateForm.ADDED)

    def test_quota_volume_and_unit_are_one_thing(self) -> None:
        quota = Quota(start=AUGUST, duty="copper", volume=Decimal(100), unit="t")
        base = by("old", lambda case: edits.add_change(case, "C", quota))
        ours = by("kim", changed("C", "copper", volume=Decimal(200)), base=base)
        theirs = by("lee", changed("C", "copper", unit="lb"), base=base)
        assert only(merge(base, ours, theirs)).reason is Reason.BOTH_CHANGED

    def test_of_two_texts_both_can_be_kept(self) -> None:
        ours = by("kim", lambda case: edits.set_note(case, "from Kim"))
        theirs = by("lee", lambda case: edits.set_note(case, "from Lee"))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        assert conflict.can_both
        assert resolve(merged, {conflict.id: Side.BOTH}).note == "from Kim / from Lee"
        long = merge(default_case(), ours, by("lee", lambda case: edits.set_note(case, "two\nlines")))
        assert long.all_from(Side.BOTH).case.note == "from Kim\n\ntwo\nlines"

    def test_of_two_days_one_has_to_be_chosen(self) -> None:
        ours = by("kim", lambda case: edits.set_as_of(case, JULY))
        theirs = by("lee", lambda case: edits.set_as_of(case, AUGUST))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        assert not conflict.can_both
        assert resolve(merged, {conflict.id: Side.BOTH}).as_of == JULY
        assert merged.chosen({conflict.id: Side.BOTH}).open_conflicts

    def test_removed_here_changed_there(self) -> None:
        ours = by("kim", lambda case: edits.remove_scenario(case, "C"))
        theirs = by("lee", cell("C", "autos", "0.1"))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        assert conflict.reason is Reason.REMOVED_AND_CHANGED
        assert conflict.ours == "removed"
        assert "10\N{NO-BREAK SPACE}%" in conflict.theirs
        assert [each.letter for each in resolve(merged, {}).scenarios] == ["A", "B", "D"]
        kept = resolve(merged, {conflict.id: Side.THEIRS})
        assert [each.letter for each in kept.scenarios] == ["A", "B", "C", "D"]
        assert kept.scenario("C") == theirs.scenario("C")

    def test_removed_here_and_untouched_there_goes(self) -> None:
        ours = by("kim", lambda case: edits.remove_scenario(case, "C"))
        theirs = by("lee", cell("D", "autos", "0.1"))
        merged = merge(default_case(), ours, theirs)
        assert merged.conflicts == ()
        assert [each.letter for each in merged.case.scenarios] == ["A", "B", "D"]

    def test_two_changes_added_to_the_same_goods(self) -> None:
        """Both kept without a word, the later in the list would win."""

        def add(rate: str, start: date) -> Edit:
            new = SetRate(start=start, duty="copper", rate=Decimal(rate))
            return lambda case: edits.add_change(case, "C", new)

        ours, theirs = by("kim", add("0.1", JULY)), by("lee", add("0.2", AUGUST))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        assert conflict.reason is Reason.SAME_GOODS
        for side, rates in ((Side.OURS, ["0.1"]), (Side.THEIRS, ["0.2"]), (Side.BOTH, ["0.1", "0.2"])):
            case = resolve(merged, {conflict.id: side})
            found = [str(change.rate) for change in case.scenario("C").changes if change.duty == "copper"]  # type: ignore[union-attr]
            assert found == rates

    def test_two_changes_added_one_after_the_other_do_not_meet(self) -> None:
        def add(start: date, until: date | None) -> Edit:
            return lambda case: edits.add_change(case, "C", Exempt(start=start, until=until, duty="copper"))

        merged = merge(default_case(), by("kim", add(JULY, AUGUST)), by("lee", add(AUGUST, None)))
        assert merged.conflicts == ()
        assert len([change for change in merged.case.scenario("C").changes if change.duty == "copper"]) == 2

    def test_an_end_before_the_start_is_asked(self) -> None:
        base = by("old", changed("C", "autos", until=date(2026, 1, 1)))
        ours = by("kim", changed("C", "autos", start=date(2025, 12, 1)), base=base)
        theirs = by("lee", changed("C", "autos", until=SEPTEMBER), base=base)
        merged = merge(base, ours, theirs)
        conflict = only(merged)
        assert conflict.reason is Reason.RULE
        assert "would end before it starts" in conflict.why
        for side, copy in ((Side.OURS, ours), (Side.THEIRS, theirs)):
            assert resolve(merged, {conflict.id: side}).scenario("C") == copy.scenario("C")

    def test_a_code_in_two_groups_is_asked(self) -> None:
        def take(group_id: str) -> Edit:
            return lambda case: edits.set_group(
                case,
                replace(
                    next(group for group in case.groups if group.id == group_id),
                    prefixes=(*next(group for group in case.groups if group.id == group_id).prefixes, "9701"),
                ),
            )

        merged = merge(default_case(), by("kim", take("light-trucks")), by("lee", take("car-parts")))
        conflict = only(merged)
        assert conflict.reason is Reason.TWO_GROUPS
        assert (conflict.ours, conflict.theirs) == ("Light trucks", "Car parts")
        for side, name in ((Side.OURS, "light-trucks"), (Side.THEIRS, "car-parts")):
            case = resolve(merged, {conflict.id: side})
            check_case(case)
            assert [group.id for group in case.groups if "9701" in group.prefixes] == [name]

    def test_a_group_that_one_removed_and_the_other_uses(self) -> None:
        base = by("old", lambda case: edits.add_group(case, ItemGroup("art", LocalText("Art"), ("97",))))
        ours = by("kim", lambda case: edits.remove_group(case, "art"), base=base)
        theirs = by("lee", lambda case: edits.add_change(case, "C", Exempt(start=JULY, lines="group:art")), base=base)
        merged = merge(base, ours, theirs)
        conflict = only(merged)
        assert conflict.reason is Reason.REMOVED_AND_USED
        assert "Art: exempt" in conflict.theirs
        gone, kept = merged.case, resolve(merged, {conflict.id: Side.THEIRS})
        check_case(gone)
        check_case(kept)
        assert gone.scenario("C").changes == base.scenario("C").changes
        assert kept.scenario("C").changes == theirs.scenario("C").changes
        assert [group.id for group in kept.groups] == [group.id for group in base.groups]

    def test_a_scenario_that_one_removed_and_the_other_compares_with(self) -> None:
        ours = by("kim", lambda case: edits.remove_scenario(case, "B"))
        theirs = by("lee", lambda case: edits.set_compare_with(case, "B"))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        assert (merged.case.compare_with, len(merged.case.scenarios)) == (default_case().compare_with, 3)
        kept = resolve(merged, {conflict.id: Side.THEIRS})
        assert (kept.compare_with, [each.letter for each in kept.scenarios]) == ("B", ["A", "B", "C", "D"])

    def test_two_groups_for_the_rest_are_asked(self) -> None:
        def rest(group_id: str) -> Edit:
            """The group takes what no prefix covers; its codes go to the one that did."""

            def edit(case: Case) -> Case:
                old = next(group for group in case.groups if not group.prefixes)
                new = next(group for group in case.groups if group.id == group_id)
                swap = {old.id: replace(old, prefixes=new.prefixes), new.id: replace(new, prefixes=())}
                return edits.set_groups(case, tuple(swap.get(group.id, group) for group in case.groups))

            return edit

        ours, theirs = by("kim", rest("light-trucks")), by("lee", rest("car-parts"))
        merged = merge(default_case(), ours, theirs)
        conflict = next(each for each in merged.conflicts if each.id == "groups")
        assert conflict.reason is Reason.RULE
        check_case(merged.case)
        assert merged.all_from(Side.THEIRS).case.groups == theirs.groups

    def test_orders_that_exclude_each_other_are_asked(self) -> None:
        """Of B C D ours puts C before B, theirs D before C, and neither D before B: together a circle."""
        ours = by("kim", lambda case: edits.move_scenario(case, "B", 2))
        theirs = by("lee", lambda case: edits.move_scenario(case, "C", 3))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        assert conflict.reason is Reason.BOTH_MOVED
        for side, order in ((Side.OURS, "ACBD"), (Side.THEIRS, "ABDC")):
            chosen = resolve(merged, {conflict.id: side})
            assert "".join(each.letter for each in chosen.scenarios) == order

    def test_a_release_meets_an_edit_of_what_was_released(self) -> None:
        """Kim shows scenario C to everyone; Lee meanwhile writes into it what is for the delegation."""
        ours = by("kim", lambda case: edits.set_scenario_audience(case, "C", Audience.SHAREABLE))
        theirs = by("lee", cell("C", "autos", "0.02"))
        merged = merge(default_case(), ours, theirs)
        conflict = only(merged)
        assert conflict.reason is Reason.RELEASED
        assert resolve(merged, {conflict.id: Side.THEIRS}).scenario("C").audience is Audience.INTERNAL

    def test_narrowing_the_circle_needs_no_question(self) -> None:
        ours = by("kim", lambda case: edits.set_scenario_audience(case, "C", Audience.DELEGATION))
        merged = merge(default_case(), ours, by("lee", cell("C", "autos", "0.02")))
        assert merged.conflicts == ()
        assert merged.case.scenario("C").audience is Audience.DELEGATION

    def test_a_line_as_a_whole_and_by_its_parts_would_count_twice(self) -> None:
        def figure(code: str) -> Edit:
            return lambda case: edits.set_trade(
                case, (*case.trade, TradeOverride(code=code, value=Decimal(7), year=2024))
            )

        merged = merge(
            default_case(), by("kim", figure("87032301"), figure("72061000")), by("lee", figure("8703230170"))
        )
        conflict = only(merged)
        assert conflict.reason is Reason.TWICE
        assert [each.code for each in merged.case.trade] == ["72061000", "87032301"]
        assert [each.code for each in resolve(merged, {conflict.id: Side.THEIRS}).trade] == ["72061000", "8703230170"]


class TestHistory:
    def test_entries_of_both_in_the_order_of_time(self) -> None:
        def note(text: str) -> Edit:
            return lambda case: edits.set_note(case, text)

        def day(on: date) -> Edit:
            return lambda case: edits.set_as_of(case, on)

        base = by("old", note("0"), start=MORNING - timedelta(days=1))
        ours = by("kim", note("1"), note("2"), base=base)
        theirs = by("lee", day(JULY), day(AUGUST), base=base, start=MORNING + timedelta(minutes=30))
        merged = merge(base, ours, theirs)
        assert [entry.who for entry in merged.case.history] == ["old", "kim", "lee", "kim", "lee"]
        again = merge(base, merged.case, theirs)
        assert again.case.history == merged.case.history

    def test_there_is_an_end_to_it(self) -> None:
        entries = tuple(HistoryEntry(at=MORNING + timedelta(seconds=n), what=str(n)) for n in range(MAX_ENTRIES))
        base = replace(default_case(), history=entries)
        ours = by("kim", lambda case: edits.set_note(case, "x"), base=base, start=MORNING + timedelta(days=1))
        theirs = by("lee", lambda case: edits.set_as_of(case, JULY), base=base, start=MORNING + timedelta(days=2))
        merged = merge(base, ours, theirs).case
        assert len(merged.history) == MAX_ENTRIES
        assert [entry.who for entry in merged.history[-2:]] == ["kim", "lee"]
        assert doubts(base, ours, theirs) == ()


class TestBelongingTogether:
    def test_copies_of_different_cases_are_refused(self) -> None:
        other = replace(default_case(), id="another", title=LocalText("Another"))
        with pytest.raises(InputError, match="different cases"):
            check_same_case(default_case(), other, default_case())
        check_same_case(default_case(), replace(default_case(), id=""), default_case())
        check_same_case(replace(default_case(), id=""), other, default_case())  # each copy got one of its own

    def test_a_base_from_after_the_copies_parted_is_said(self) -> None:
        """What it holds and their copy does not would look as if they had taken it back."""
        theirs = by("lee", lambda case: edits.set_as_of(case, JULY))
        newer = by("kim", lambda case: edits.set_note(case, "x"))
        ours = by("kim", lambda case: edits.set_note(case, "y"), base=newer)
        (doubt,) = doubts(newer, ours, theirs)
        assert "the other copy never had" in doubt
        assert doubts(default_case(), ours, theirs) == ()
