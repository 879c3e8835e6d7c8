"""Edits are pure, refuse what cannot be, and never touch the law."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core import edits
from core.audience import Audience
from core.case import (
    AddDuty,
    AnyChange,
    BarrierRecord,
    BarrierState,
    Cap,
    Case,
    Column1Use,
    Exempt,
    ItemGroup,
    Postpone,
    Quota,
    RateForm,
    Scenario,
    SetRate,
    SwitchOff,
)
from core.case_rules import check_case
from core.casefile import default_case
from core.errors import InputError, NoLawError
from core.text import LocalText

MAY, JULY, AUGUST, SEPTEMBER = date(2025, 5, 22), date(2025, 7, 9), date(2025, 8, 1), date(2025, 9, 1)
TEN, FIFTEEN = Decimal("0.1"), Decimal("0.15")
LAW = Scenario(letter="A", name=LocalText("Law", "현행법"), audience=Audience.SHAREABLE)
GROUPS = (
    ItemGroup(id="cars", name=LocalText("Cars"), prefixes=("8703",)),
    ItemGroup(id="steel", name=LocalText("Steel"), prefixes=("72", "73")),
    ItemGroup(id="other", name=LocalText("Other")),
)


def case_with(*changes: AnyChange) -> Case:
    """A case with the law and one scenario B of these changes."""
    case = Case(title=LocalText("Test"), partner="KR", as_of=MAY, known_to=MAY, scenarios=(LAW,), groups=GROUPS)
    return edits.add_scenario(case, LocalText("Ours", "우리 안"), changes=changes)


def changes_of(case: Case, letter: str = "B") -> tuple[AnyChange, ...]:
    return case.scenario(letter).changes


class TestLetters:
    def test_a_letter_is_never_used_again(self) -> None:
        case = edits.add_scenario(case_with(), "Third")
        assert [s.letter for s in case.scenarios] == ["A", "B", "C"]
        case = edits.add_scenario(edits.remove_scenario(case, "C"), "Fourth")
        assert [s.letter for s in case.scenarios] == ["A", "B", "D"]

    def test_the_28th_scenario_is_ab(self) -> None:
        case = case_with()
        for number in range(26):
            case = edits.add_scenario(case, f"Scenario {number}")
        assert [s.letter for s in case.scenarios][-2:] == ["AA", "AB"]
        check_case(case)

    def test_a_copy_stands_beside_its_original_under_a_new_letter(self) -> None:
        case = edits.add_scenario(case_with(SwitchOff(start=JULY, duty="autos")), "Third")
        case = edits.duplicate_scenario(case, "B")
        assert [s.letter for s in case.scenarios] == ["A", "B", "D", "C"]
        assert changes_of(case, "D") == changes_of(case, "B")
        assert case.scenario("D").name == LocalText("Ours (2)", "우리 안 (2)")
        assert edits.duplicate_scenario(case, "B").scenario("E").name.en == "Ours (3)"

    def test_a_copy_of_the_law_is_ours_and_can_be_changed(self) -> None:
        case = edits.duplicate_scenario(case_with(), "A", LocalText("Law with a twist"))
        assert case.scenario("C").audience is Audience.INTERNAL
        assert changes_of(edits.add_change(case, "C", SwitchOff(start=JULY, duty="autos")), "C")

    def test_scenarios_move_but_the_law_stays_first(self) -> None:
        case = edits.add_scenario(case_with(), "Third")
        assert [s.letter for s in edits.move_scenario(case, "C", 1).scenarios] == ["A", "C", "B"]
        assert [s.letter for s in edits.move_scenario(case, "C", 0).scenarios] == ["A", "C", "B"]
        assert [s.letter for s in edits.move_scenario(case, "B", 99).scenarios] == ["A", "C", "B"]

    def test_comparing_with_a_removed_scenario_falls_back_to_the_law(self) -> None:
        case = edits.set_compare_with(case_with(), "B")
        assert edits.remove_scenario(case, "B").compare_with == "A"


ON_THE_LAW: list[Callable[[Case], Case]] = [
    lambda case: edits.rename_scenario(case, "A", "Mine"),
    lambda case: edits.remove_scenario(case, "A"),
    lambda case: edits.move_scenario(case, "A", 1),
    lambda case: edits.add_change(case, "A", SwitchOff(start=JULY, duty="autos")),
    lambda case: edits.replace_change(case, "A", 0, SwitchOff(start=JULY, duty="autos")),
    lambda case: edits.remove_change(case, "A", 0),
    lambda case: edits.set_cell_rate(case, "A", "autos", TEN, RateForm.ADDED, MAY),
    lambda case: edits.clear_cell(case, "A", "autos", MAY),
    lambda case: edits.set_scenario_audience(case, "A", Audience.DELEGATION),
]


@pytest.mark.parametrize("edit", ON_THE_LAW)
def test_the_law_cannot_be_edited(edit: Callable[[Case], Case]) -> None:
    with pytest.raises(InputError, match="Duplicate it and change the copy"):
        edit(case_with())


class TestTypedRates:
    """set_cell_rate: what typing into a cell of the Rate scenarios table does."""

    def typed(self, case: Case, on: date, rate: Decimal = TEN, form: RateForm = RateForm.ADDED) -> Case:
        return edits.set_cell_rate(case, "B", "autos", rate, form, on)

    def test_without_a_change_the_rate_holds_from_the_day_on(self) -> None:
        assert changes_of(self.typed(case_with(), MAY)) == (SetRate(start=MAY, duty="autos", rate=TEN),)

    def test_a_set_rate_keeps_its_days_goods_and_place(self) -> None:
        first = SetRate(start=JULY, until=SEPTEMBER, duty="autos", lines="group:cars", note="minister", rate=TEN)
        last = SwitchOff(start=JULY, duty="steel")
        case = self.typed(case_with(first, last), AUGUST, FIFTEEN, RateForm.TOTAL)
        assert changes_of(case) == (replace(first, rate=FIFTEEN, form=RateForm.TOTAL), last)

    def test_the_last_change_that_holds_governs(self) -> None:
        case = case_with(
            SetRate(start=MAY, duty="autos", rate=TEN),
            SetRate(start=MAY, duty="autos", rate=FIFTEEN, until=JULY),
        )
        assert edits.governing_change(case.scenario("B"), "autos", date(2025, 7, 8)) == 1
        assert edits.governing_change(case.scenario("B"), "autos", JULY) == 0
        assert edits.governing_change(case.scenario("B"), "autos", date(2025, 5, 21)) is None
        assert edits.governing_change(case.scenario("B"), "steel", JULY) is None

    def test_a_change_of_another_kind_is_followed_by_the_rate(self) -> None:
        off = SwitchOff(start=JULY, duty="autos")
        quota = Quota(start=JULY, duty="steel", lines="group:steel")
        case = self.typed(case_with(off, quota), AUGUST)
        assert changes_of(case) == (off, SetRate(start=AUGUST, duty="autos", rate=TEN), quota)

    def test_a_rate_before_a_later_change_ends_where_that_begins(self) -> None:
        later = SwitchOff(start=AUGUST, duty="autos")
        other = SwitchOff(start=MAY, duty="steel")
        case = self.typed(case_with(other, later), JULY)
        assert changes_of(case) == (
            other,
            SetRate(start=JULY, until=AUGUST, duty="autos", rate=TEN),
            later,
        )

    def test_a_rate_during_a_postponement_does_not_undo_what_follows(self) -> None:
        """Scenario C of the default case on 15 July: the 15 % total from August has to stay."""
        day = date(2025, 7, 15)
        before = default_case()
        case = edits.set_cell_rate(before, "C", "reciprocal", Decimal("0.12"), RateForm.ADDED, day)
        scenario = case.scenario("C")
        on_day = edits.governing_change(scenario, "reciprocal", day)
        after = edits.governing_change(scenario, "reciprocal", AUGUST)
        assert on_day is not None
        assert after is not None
        assert scenario.changes[on_day] == SetRate(start=day, until=AUGUST, duty="reciprocal", rate=Decimal("0.12"))
        assert scenario.changes[after] in before.scenario("C").changes

    def test_an_added_duty_takes_the_rate_itself(self) -> None:
        chips = AddDuty(start=JULY, duty="chips-232", title=LocalText("Chips"), rate=Decimal("0.25"))
        case = edits.set_cell_rate(case_with(chips), "B", "chips-232", TEN, RateForm.TOTAL, AUGUST)
        assert changes_of(case) == (replace(chips, rate=TEN, form=RateForm.TOTAL),)

    def test_an_exemption_stays_beside_a_typed_rate_but_clearing_takes_it_out(self) -> None:
        exempt = Exempt(start=MAY, duty="autos", lines="group:cars")
        from_all = Exempt(start=MAY, lines="group:cars")
        case = case_with(exempt, from_all)
        assert changes_of(self.typed(case, JULY)) == (exempt, from_all, SetRate(start=JULY, duty="autos", rate=TEN))
        assert changes_of(edits.clear_cell(case, "B", "autos", JULY)) == (from_all,)

    def test_clearing_takes_out_everything_that_holds_on_the_day(self) -> None:
        later = SetRate(start=SEPTEMBER, duty="autos", rate=TEN)
        steel = SwitchOff(start=MAY, duty="steel")
        case = case_with(SwitchOff(start=MAY, duty="autos"), steel, SetRate(start=JULY, duty="autos"), later)
        assert changes_of(edits.clear_cell(case, "B", "autos", AUGUST)) == (steel, later)

    def test_clearing_a_cell_of_the_law_changes_nothing(self) -> None:
        case = case_with(SwitchOff(start=AUGUST, duty="autos"))
        assert edits.clear_cell(case, "B", "autos", MAY) is case

    @given(
        st.lists(
            st.tuples(st.integers(0, 8), st.integers(1, 4), st.booleans(), st.sampled_from("SOPQ")),
            max_size=5,
        ),
        st.integers(0, 12),
    )
    def test_the_typed_rate_governs_its_day_and_no_other_start(
        self, specs: list[tuple[int, int, bool, str]], offset: int
    ) -> None:
        """Whatever the scenario holds: the cell shows what was typed, and clearing leads back to the law."""
        day = date.fromordinal(MAY.toordinal() + offset)
        case = case_with(*(_change(*spec) for spec in specs))
        after = self.typed(case, day, Decimal("0.33"))
        place = edits.governing_change(after.scenario("B"), "autos", day)
        assert place is not None
        governing = changes_of(after)[place]
        assert isinstance(governing, SetRate)
        assert governing.rate == Decimal("0.33")
        assert self.typed(after, day, Decimal("0.33")) is after
        check_case(after)
        cleared = edits.clear_cell(after, "B", "autos", day)
        assert edits.governing_change(cleared.scenario("B"), "autos", day) is None
        if len(changes_of(after)) > len(changes_of(case)):
            assert set(map(id, changes_of(case))) <= set(map(id, changes_of(after)))


def _change(start: int, length: int, is_open: bool, kind: str) -> AnyChange:
    first = date.fromordinal(MAY.toordinal() + start)
    until = None if is_open else date.fromordinal(first.toordinal() + length)
    kinds = {"S": SetRate, "O": SwitchOff, "P": Postpone, "Q": Quota}
    return kinds[kind](start=first, until=until, duty="autos")


REFUSED: list[tuple[AnyChange, str]] = [
    (SetRate(start=JULY, duty="autos", rate=Decimal("10.01")), "1001.00 %"),
    (SetRate(start=JULY, duty="autos", rate=Decimal("-0.01")), "0 to 1000 %"),
    (SetRate(start=JULY, duty="autos", rate=Decimal("NaN")), "0 to 1000 %"),
    (SetRate(start=JULY, duty="autos", rate=Decimal("1e-999999")), "0 to 1000 %"),
    (SetRate(start=JULY, rate=TEN), "which duty"),
    (Cap(start=JULY, rate=Decimal(11)), "1100 %"),
    (SwitchOff(start=JULY, until=JULY, duty="autos"), "end before it starts"),
    (SwitchOff(start=date(225, 7, 9), duty="autos"), "0225-07-09 cannot be meant"),
    (Exempt(start=JULY, lines="group:boats"), "no item group 'boats'"),
    (Exempt(start=JULY, lines="cars"), "names no goods"),
    (Quota(start=JULY, duty="steel", share_in_quota=Decimal("1.2")), "not a share"),
    (Quota(start=JULY, duty="steel", in_rate=Decimal(-1)), "0 to 1000 %"),
    (Quota(start=JULY, duty="steel", out_rate=Decimal(20)), "2000 %"),
    (Quota(start=JULY, duty="steel", volume=Decimal(0)), "above 0"),
    (Quota(start=JULY, duty="steel", volume=Decimal("1e999999")), "above 0"),
    (AddDuty(start=JULY, duty="New duty", title=LocalText("New")), "short name"),
    (AddDuty(start=JULY, duty="new"), "has no name"),
]


@pytest.mark.parametrize(("change", "words"), REFUSED, ids=[words for _change_, words in REFUSED])
def test_a_change_that_cannot_be_is_refused_with_words(change: AnyChange, words: str) -> None:
    with pytest.raises(InputError, match=words):
        edits.add_change(case_with(), "B", change)


def test_changes_are_placed_replaced_moved_and_removed() -> None:
    one, two, three = (SwitchOff(start=JULY, duty=duty) for duty in ("autos", "steel", "aluminium"))
    case = edits.add_change(case_with(one, two), "B", three, 0)
    assert changes_of(case) == (three, one, two)
    assert changes_of(edits.move_change(case, "B", 0, 2)) == (one, two, three)
    assert changes_of(edits.remove_change(case, "B", 1)) == (three, two)
    assert changes_of(edits.replace_change(case, "B", 2, one)) == (three, one, one)
    with pytest.raises(InputError, match="no change number 4"):
        edits.remove_change(case, "B", 3)


NOTHING_CHANGES: list[Callable[[Case], Case]] = [
    lambda case: edits.set_as_of(case, MAY),
    lambda case: edits.set_known_to(case, MAY),
    lambda case: edits.set_compare_with(case, "A"),
    lambda case: edits.rename_scenario(case, "B", LocalText("Ours", "우리 안")),
    lambda case: edits.move_scenario(case, "B", 1),
    lambda case: edits.set_barrier(case, "beef-30m", owner=""),
    lambda case: edits.set_assumption(case, "utilisation", "8703", None),
    lambda case: edits.set_column_1_for_totals(case, Column1Use.LINE_BY_LINE),
    lambda case: edits.set_group(case, GROUPS[0]),
]


@pytest.mark.parametrize("edit", NOTHING_CHANGES)
def test_an_edit_that_changes_nothing_returns_the_same_case(edit: Callable[[Case], Case]) -> None:
    """Or undo would hold steps that do nothing."""
    case = case_with()
    assert edit(case) is case


def test_unknown_names_are_refused() -> None:
    case = case_with()
    with pytest.raises(InputError, match="no scenario Q"):
        edits.set_compare_with(case, "Q")
    with pytest.raises(InputError, match="no scenario Q"):
        edits.duplicate_scenario(case, "Q")
    with pytest.raises(InputError, match="no barrier 'beef' in the catalogue"):
        edits.set_barrier(case, "beef", catalogue={"beef-30m"}, owner="MAFRA")
    with pytest.raises(InputError, match="no item group 'boats'"):
        edits.remove_group(case, "boats")


def test_days_outside_the_law_of_the_pack_are_refused() -> None:
    coverage = (date(2025, 1, 1), date(2026, 12, 31))
    assert edits.set_as_of(case_with(), JULY, coverage=coverage).as_of == JULY
    for edit in (edits.set_as_of, edits.set_known_to):
        with pytest.raises(NoLawError, match="1 Jan 2025 to 31 Dec 2026"):
            edit(case_with(), date(2027, 1, 1), coverage=coverage)


def test_a_barrier_record_appears_changes_and_goes() -> None:
    case = edits.set_barrier(case_with(), "beef-30m", state=BarrierState.RAISED, owner="MAFRA")
    case = edits.set_barrier(case, "platform", due=JULY)
    assert [record.barrier for record in case.barriers] == ["beef-30m", "platform"]
    case = edits.set_barrier(case, "beef-30m", position=LocalText("explain"))
    assert case.barriers[0] == BarrierRecord(
        barrier="beef-30m", state=BarrierState.RAISED, owner="MAFRA", position=LocalText("explain")
    )
    assert edits.set_barrier(case, "platform", due=None).barriers == case.barriers[:1]


def test_assumptions_are_shares() -> None:
    case = edits.set_assumption(case_with(), "listed_use", "8708", Decimal("0.7"))
    case = edits.set_assumption(case, "listed_use", "4011", Decimal("0.5"))
    assert list(case.assumptions.listed_use) == ["4011", "8708"]
    assert edits.set_assumption(case, "listed_use", "8708", None).assumptions.listed_use == {"4011": Decimal("0.5")}
    with pytest.raises(InputError, match="between 0 and 1"):
        edits.set_assumption(case, "metal_share", "7326", Decimal("1.1"))
    with pytest.raises(InputError, match="between 0 and 1"):
        edits.set_default_utilisation(case, Decimal(-1))


class TestGroups:
    def test_a_prefix_belongs_to_one_group(self) -> None:
        with pytest.raises(InputError, match=r"8703 is in two item groups\. \(Cars and Vehicles\)"):
            edits.add_group(case_with(), ItemGroup(id="vehicles", name=LocalText("Vehicles"), prefixes=("8703",)))

    def test_a_longer_prefix_may_be_in_another_group(self) -> None:
        big = ItemGroup(id="big-cars", name=LocalText("Big cars"), prefixes=("870324",))
        assert edits.add_group(case_with(), big).groups[-1] == big

    @pytest.mark.parametrize("prefix", ["8", "87O3", "8703.23", "", "12345678901", "８７０３"])
    def test_a_prefix_is_two_to_ten_digits(self, prefix: str) -> None:
        with pytest.raises(InputError, match="not the beginning of a tariff code"):
            edits.set_group(case_with(), replace(GROUPS[0], prefixes=(prefix,)))

    def test_one_group_takes_the_lines_that_no_prefix_covers(self) -> None:
        with pytest.raises(InputError, match=r"there are 0\."):
            edits.remove_group(case_with(), "other")
        with pytest.raises(InputError, match=r"there are 2\. \(Other, Rest\)"):
            edits.add_group(case_with(), ItemGroup(id="rest", name=LocalText("Rest")))

    def test_a_group_in_use_stays(self) -> None:
        case = case_with(Exempt(start=JULY, lines="group:cars"))
        with pytest.raises(InputError, match=r"Cars cannot go\. Changes in scenario B concern it"):
            edits.remove_group(case, "cars")
        assert [group.id for group in edits.remove_group(case, "steel").groups] == ["cars", "other"]
