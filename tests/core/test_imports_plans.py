"""What a table comes to: changes, findings, and one edit that is made only when it is confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace as changed

from core import edits, i18n
from core.case import BarrierState, Case, RateForm, SetRate, SetTotal, TradeOverride
from core.casefile import default_case
from core.casefile.format import decode, encode
from core.engine import evaluate
from core.errors import Cancelled, InputError
from core.imports.findings import Severity
from core.imports.numbers import Mark
from core.imports.plan import Choices, Plan, Task
from core.imports.reading import read
from core.imports.suggestion import look_at_numbers, suggest
from core.imports.targets import target
from core.reference.pack import Pack
from core.text import LocalText


def task(name: str, text: str, pack: Pack, case: Case | None = None, **choices: object) -> Task:
    sheet = read(text.encode(), "table.csv").sheet
    wanted = target(name)
    found = suggest(name, wanted.fields, sheet)
    mark = look_at_numbers(wanted.fields, sheet, found.header, found.columns).survey.mark
    decided = replace(Choices(mark=mark, source="KITA", scenario_name="Offer"), **choices)  # type: ignore[arg-type]
    return Task(case or default_case(), pack, sheet, found.header, found.columns, decided)


def planned(name: str, text: str, pack: Pack, case: Case | None = None, **choices: object) -> Plan:
    return target(name).plan(task(name, text, pack, case, **choices))


def said(plan: Plan, severity: Severity) -> list[tuple[int, str]]:
    return [(finding.row, finding.what) for finding in plan.findings if finding.severity is severity]


def own(code: str, value: int, year: int = 2024, duty: int | None = None) -> TradeOverride:
    return TradeOverride(code, Decimal(value), year, "KITA", None if duty is None else Decimal(duty))


class TestTrade:
    def test_figures_in_thousands_with_a_decimal_comma(self, pack: Pack) -> None:
        """1.234,5 thousand is 1,234,500; the lost zero of 0101.21.00.10 comes back because it was asked for."""
        text = "품목번호;금액(천달러);관세\n8703.23.0190;1.234,5;12\n101210010;5,5;\n"
        plan = planned("trade", text, pack, unit=1000, restore_zeros=True)
        case = plan.apply(default_case())
        assert case.trade == (
            TradeOverride("0101210010", Decimal(5500), 2024, "KITA"),
            TradeOverride("8703230190", Decimal(1_234_500), 2024, "KITA", Decimal(12_000)),
        )
        assert [change.row for change in plan.changes] == [2, 3]
        assert "19,335,323" in plan.changes[0].before, "the pack's value of 2024 (US Census Bureau)"
        assert "no trade" in plan.changes[1].before
        assert any("leading zero" in what for _row, what in said(plan, Severity.NOTE))

    def test_nothing_happens_before_it_is_confirmed(self, pack: Pack) -> None:
        case = default_case()
        planned("trade", "code,value\n87032301,5\n", pack, case)
        assert case.trade == ()

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("8703,1", "several tariff lines"),
            ("9903.01.25,1", "Chapter 99"),
            ("87032399,1", "no line 8703.23.99"),
            ("87032301,abc", "not a number"),
            ("87032301,-5", "negative"),
            ("87032301,", "no value"),
            (",5", "no code"),
            ("87032301,=1+1", "formula"),
            ("8.70323E+09,1", "cut short"),
            ("87032301,99999999999999999", "cannot be"),
        ],
    )
    def test_rows_that_cannot_be_taken_are_left_out_with_a_reason(self, pack: Pack, row: str, words: str) -> None:
        plan = planned("trade", f"code,value\n{row}\n01012100,7\n", pack)
        [(place, what)] = said(plan, Severity.ERROR)
        assert place == 2
        assert words in what
        assert [figure.code for figure in plan.apply(default_case()).trade] == ["01012100"]

    def test_no_value_counts_twice(self, pack: Pack) -> None:
        plan = planned("trade", "code,value\n87032301,9\n8703230190,5\n8703230190,6\n", pack)
        assert [row for row, _what in said(plan, Severity.ERROR)] == [2, 4]
        assert [figure.value for figure in plan.apply(default_case()).trade] == [Decimal(5)]

    def test_ten_digits_that_end_in_00_may_stand_for_the_line(self, pack: Pack) -> None:
        """Lists are padded that way; 8703.23.0100 is no statistical line of the trade."""
        plan = planned("trade", "code,value\n8703230100,9\n", pack)
        assert plan.apply(default_case()).trade == (own("87032301", 9),)
        assert said(plan, Severity.NOTE)

    def test_beside_or_instead_of_what_the_case_has(self, pack: Pack) -> None:
        case = edits.set_trade(default_case(), (own("01012100", 1), own("8703230140", 2), own("84733011", 3)))
        text = "code,value\n87032301,9\n84733011,3\n"
        beside = planned("trade", text, pack, case)
        assert [figure.code for figure in beside.apply(case).trade] == ["01012100", "84733011", "87032301"]
        assert len(beside.changes) == 2, "the line as a whole comes, its statistical line goes, the same stays"
        instead = planned("trade", text, pack, case, instead=True)
        assert [figure.code for figure in instead.apply(case).trade] == ["84733011", "87032301"]

    def test_a_file_without_a_single_good_row_empties_nothing(self, pack: Pack) -> None:
        case = edits.set_trade(default_case(), (own("01012100", 1),))
        plan = planned("trade", "code,value\nx,9\n", pack, case, instead=True)
        assert not plan.changes
        assert plan.apply(case) is case

    def test_years_and_sources_are_said(self, pack: Pack) -> None:
        plan = planned("trade", "code,value,year,source\n01012100,1,2023년,\n01012900,1,,KCS\n", pack, source="")
        trade = plan.apply(default_case()).trade
        assert [(figure.year, figure.source) for figure in trade] == [(2023, ""), (2024, "KCS")]
        warned = " ".join(what for _row, what in said(plan, Severity.WARNING))
        assert "2023" in warned
        assert "without a source" in warned

    def test_a_column_that_is_missing_is_named(self, pack: Pack) -> None:
        with pytest.raises(InputError, match="Value"):
            planned("trade", "code,x\n01012100,1\n", pack)

    def test_stops_when_asked(self, pack: Pack) -> None:
        wanted = replace(task("trade", "code,value\n01012100,1\n", pack), cancelled=lambda: True)
        with pytest.raises(Cancelled):
            target("trade").plan(wanted)


class TestOwnFiguresInThePortfolio:
    def test_a_line_is_spread_over_its_statistical_lines(self, pack: Pack) -> None:
        """8703.23.01 as the pack has it, doubled: every statistical line doubles, nothing else moves."""
        before = evaluate(default_case(), pack).portfolio
        lines = [place for place, code in enumerate(before.codes) if str(code).startswith("87032301")]
        whole = before.value[lines].sum()
        case = edits.set_trade(default_case(), (own("87032301", int(2 * whole)),))
        after = evaluate(case, pack).portfolio
        assert len(lines) > 1
        assert after.value[lines] == pytest.approx(2 * before.value[lines])
        assert after.value.sum() - before.value.sum() == pytest.approx(whole)
        assert set(after.own.figures) == set(lines)
        assert after.utilisation == pytest.approx(before.utilisation), "the use of the preference stays as inferred"

    def test_a_code_without_trade_becomes_a_line_with_the_schedules_rate(self, pack: Pack) -> None:
        """0101.30.00, asses: 6.8 % in column 1 General of the 2025 schedule, free under KORUS."""
        case = edits.set_trade(default_case(), (own("0101300000", 1000),))
        results = evaluate(case, pack)
        place = results.portfolio.codes.tolist().index("0101300000")
        assert results.portfolio.value[place] == 1000
        assert results.portfolio.mfn_rate[place] == pytest.approx(0.068)
        assert results.portfolio.preferential_rate[place] == 0
        assert len(results.portfolio.codes) == 1 + len(evaluate(default_case(), pack).portfolio.codes)
        assert list(results.portfolio.codes) == sorted(results.portfolio.codes)

    def test_duty_of_the_base_year_says_how_far_the_preference_was_used(self, pack: Pack) -> None:
        """Nuclear reactors: 3.3 % MFN, free under KORUS, no trade. US$ 165 on 10,000 is half of 3.3 %: half claimed."""
        for duty, year, expected in ((165, 2024, 0.5), (0, 2024, 1.0), (165, 2023, 0.795)):
            case = edits.set_trade(default_case(), (own("8401100000", 10_000, year, duty),))
            portfolio = evaluate(case, pack).portfolio
            place = portfolio.codes.tolist().index("8401100000")
            assert portfolio.mfn_rate[place] == pytest.approx(0.033)
            assert portfolio.utilisation[place] == pytest.approx(expected)

    def test_a_new_line_without_a_rate_is_flagged(self, pack: Pack) -> None:
        """0102.29.40, live cattle, pays 1 cent/kg, and there was no trade to infer an equivalent from."""
        plan = planned("trade", "code,value\n01022940,9\n", pack)
        assert any("no rate" in what for _row, what in said(plan, Severity.WARNING))

    def test_results_know_another_set_of_figures(self, pack: Pack) -> None:
        first = evaluate(default_case(), pack)
        case = edits.set_trade(default_case(), (own("87032301", 1),))
        second = evaluate(case, pack, previous=first)
        assert second.basis is not first.basis
        assert evaluate(changed(case, note="x"), pack, previous=second).basis is second.basis
        assert second.evaluation("A").duty_total < first.evaluation("A").duty_total

    def test_a_case_of_figures_that_contradict_each_other_is_refused(self) -> None:
        case = default_case()
        for figures in (
            (own("87032301", 1), own("8703230190", 1)),
            (own("87032301", 1), own("87032301", 2)),
            (own("8703", 1),),
            (own("87032301", -1),),
            (own("87032301", 1, 24),),
        ):
            with pytest.raises(InputError):
                edits.set_trade(case, figures)

    def test_they_are_saved_and_come_back(self) -> None:
        case = edits.set_trade(default_case(), (own("8703230190", 5, 2024, 1), own("01012100", 7)))
        assert decode(encode(case), "x").trade == case.trade
        assert [figure.code for figure in case.trade] == ["01012100", "8703230190"]


class TestRates:
    def test_rows_become_changes_of_a_new_scenario(self, pack: Pack) -> None:
        text = (
            "Duty,Goods,Rate,Form,From,Until,Note\n"
            "Reciprocal duty,,15,total,2025-08-01,,deal\n"
            '승용차·경량 화물차,승용차,12.5%,추가,"2025. 8. 1.",20260101,\n'
            ',"8703",15,total,,,\n'
        )
        plan = planned("rates", text, pack)
        case = plan.apply(default_case())
        scenario = case.scenarios[-1]
        assert (scenario.letter, str(scenario.name), len(case.scenarios)) == ("E", "Offer", 5)
        cars = "group:passenger-cars"
        rate, day = Decimal("0.125"), date(2025, 8, 1)
        assert scenario.changes == (
            SetRate(start=day, duty="reciprocal", rate=Decimal("0.15"), form=RateForm.TOTAL, note="deal"),
            SetRate(start=day, until=date(2026, 1, 1), duty="autos", lines=cars, rate=rate),
            SetTotal(start=case.as_of, lines=cars, rate=Decimal("0.15")),
        )
        assert any("begin on 22 May 2025" in what for _row, what in said(plan, Severity.NOTE))

    def test_changes_join_a_scenario_and_are_not_taken_twice(self, pack: Pack) -> None:
        text = "Duty,Rate,From\nsteel,10,2025-07-01\n철강,10,2025-07-01\naluminium,20,2025-07-01\n"
        plan = planned("rates", text, pack, scenario="D")
        case = plan.apply(default_case())
        assert [change.duty for change in case.scenario("D").changes[-2:]] == ["steel", "aluminium"]
        again = planned("rates", text, pack, case, scenario="D")
        assert not again.changes
        assert len(said(again, Severity.NOTE)) == 3

    def test_code_prefixes_become_an_item_group_when_asked(self, pack: Pack) -> None:
        text = "duty,goods,rate\nsteel,7208 7209,10\n"
        with_group = planned("rates", text, pack, make_groups=True)
        case = with_group.apply(default_case())
        group = next(group for group in case.groups if group.prefixes == ("7208", "7209"))
        assert case.scenarios[-1].changes[0].lines == f"group:{group.id}"
        assert case.groups[-1].id == "other", "what takes the rest stays last"
        assert any("Steel and articles" in what for _row, what in said(with_group, Severity.WARNING))
        without = planned("rates", text, pack)
        assert not without.changes
        assert "No item group" in said(without, Severity.ERROR)[0][1]

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("nothing,,5,,,", "no duty"),
            (",,5,,,", "which duty"),
            (",,5,total,,", "needs goods"),
            ("steel,,,,,", "no rate"),
            ("steel,,-5,,,", "cannot be"),
            ("steel,,5,sideways,,", "neither added nor total"),
            ("steel,,5,,7/9/2025,", "not a date"),
            ("steel,,5,,2025-08-01,2025-07-01", "end before it starts"),
            ("steel,Nowhere,5,,,", "no item group"),
            ("steel,8708,5,,,", "in the item group"),
            ("steel,list:nothing,5,,,", "no list"),
        ],
    )
    def test_rows_that_cannot_be_taken(self, pack: Pack, row: str, words: str) -> None:
        plan = planned("rates", f"duty,goods,rate,form,from,until\n{row}\ncopper,,7,,,\n", pack, make_groups=True)
        assert [(place, words in what) for place, what in said(plan, Severity.ERROR)] == [(2, True)]
        assert [change.duty for change in plan.apply(default_case()).scenarios[-1].changes] == ["copper"]

    def test_fractions_and_contradictions_are_pointed_out(self, pack: Pack) -> None:
        fractions = planned("rates", "duty,rate\nsteel,0.25\ncopper,0.5\n", pack)
        assert any("fractions" in what for _row, what in said(fractions, Severity.WARNING))
        twice = planned("rates", "duty,rate,from\nsteel,5,2025-07-01\nsteel,6,2025-08-01\n", pack)
        assert [row for row, _what in said(twice, Severity.WARNING)] == [3]

    def test_the_law_takes_no_changes(self, pack: Pack) -> None:
        for letter in ("A", "Z"):
            with pytest.raises(InputError):
                planned("rates", "duty,rate\nsteel,5\n", pack, scenario=letter)
        with pytest.raises(InputError, match="name"):
            planned("rates", "duty,rate\nsteel,5\n", pack, scenario_name=" ")

    def test_the_wrong_decimal_mark_is_an_error_not_another_number(self, pack: Pack) -> None:
        plan = planned("rates", "duty;rate\nsteel;12,5\n", pack, mark=Mark.POINT)
        assert "decimal mark" in said(plan, Severity.ERROR)[0][1]


class TestBarriers:
    def test_fields_of_a_barrier_in_both_languages(self, pack: Pack) -> None:
        text = (
            "과제,진행상황,담당,입장,Position,협상 한계선,기한\n"
            "쌀,협의 중,MAFRA,개방 불가,No opening,추가 개방 없음,2025-07-01\n"
        )
        case = planned("barriers", text, pack).apply(default_case())
        record = case.barrier("rice")
        assert record.state is BarrierState.UNDER_DISCUSSION
        assert (record.owner, record.due) == ("MAFRA", date(2025, 7, 1))
        assert record.position == LocalText("No opening", "개방 불가")
        assert record.red_line.ko == "추가 개방 없음"
        assert not record.illustrative, "what comes from a file is no invented example"

    def test_empty_cells_change_nothing(self, pack: Pack) -> None:
        case = default_case()
        name = next(record.barrier for record in case.barriers if record.position.en and record.owner)
        plan = planned("barriers", f"id,state,owner,position\n{name},,New,\n", pack, case)
        after = plan.apply(case).barrier(name)
        assert after == changed(case.barrier(name), owner="New", illustrative=False)
        assert [change.after for change in plan.changes] == ["New"]

    def test_states_by_every_name(self, pack: Pack) -> None:
        for word in ("agreed-in-principle", "Agreed in principle", "원칙적 합의"):
            case = planned("barriers", f"id,state\nrice,{word}\n", pack).apply(default_case())
            assert case.barrier("rice").state is BarrierState.AGREED_IN_PRINCIPLE

    @pytest.mark.parametrize(
        ("row", "words"),
        [
            ("rise,agreed,", "no barrier"),
            (",agreed,", "names no barrier"),
            ("rice,perhaps,", "no state"),
            ("rice,agreed,7/9/2025", "not a date"),
        ],
    )
    def test_rows_that_cannot_be_taken(self, pack: Pack, row: str, words: str) -> None:
        plan = planned("barriers", f"id,state,due\n{row}\ntrq,agreed,\n", pack)
        assert [(place, words in what) for place, what in said(plan, Severity.ERROR)] == [(2, True)]
        assert plan.apply(default_case()).barrier("rice") == default_case().barrier("rice")

    def test_a_barrier_that_nobody_knew_yet_is_not_taken(self, pack: Pack) -> None:
        later = [barrier for barrier in pack.barriers.barriers if barrier.known_from > date(2024, 1, 1)]
        case = edits.set_known_to(default_case(), date(2024, 1, 1))
        plan = planned("barriers", f"id,state\n{later[0].id},agreed\n", pack, case)
        assert "was not known on 1 Jan 2024" in said(plan, Severity.ERROR)[0][1]

    def test_korean_in_an_english_column_is_pointed_out(self, pack: Pack) -> None:
        plan = planned("barriers", "id,position\nrice,개방 불가\n", pack)
        assert said(plan, Severity.WARNING)[0][0] == 2


@pytest.mark.parametrize("name", ["trade", "rates", "barriers"])
def test_findings_are_in_the_language_shown(name: str, pack: Pack) -> None:
    """A missing translation shows as an English sentence; the catalogue test finds those. Here: nothing fails."""
    i18n.set_language("ko")
    planned(name, "code,value,duty,rate,id,state\nx,y,z,5,q,w\n", pack)
