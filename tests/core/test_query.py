"""One question at a time: ranges, refusals and what is asked back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.errors import InputError, NoLawError, UnknownCodeError
from core.reference.law import CoverageLevel
from core.reference.pack import Pack
from core.tariff.column1 import specific_rate
from core.tariff.query import Question, answer

MAY = date(2025, 5, 22)


def test_a_code_whose_lines_differ_gives_a_range_and_asks(pack: Pack) -> None:
    """8708.99 holds lines of the car-parts list and others."""
    found = answer(pack, Question("870899", "KR", date(2025, 5, 10))).originating
    assert found is not None
    assert found.total is None
    assert found.low == pytest.approx(0.10)
    assert found.high == pytest.approx(0.25)
    assert found.needs
    assert not found.components


def test_a_derivative_without_declared_metal_gives_a_range(pack: Pack) -> None:
    """8418.10 from 23 June 2025: 50 % on the steel content, 10 % on the rest (90 FR 25208)."""
    found = answer(pack, Question("8418100005", "KR", date(2025, 7, 1))).originating
    assert found is not None
    assert found.total is None
    assert (found.low, found.high) == (pytest.approx(0.10), pytest.approx(0.50))
    assert "--metal" in found.needs[0]


def test_a_main_metal_article_counts_as_wholly_of_its_metal(pack: Pack) -> None:
    found = answer(pack, Question("7208390030", "KR", date(2025, 7, 1))).originating
    assert found is not None
    assert found.total == pytest.approx(0.50)


def test_components_and_column_1_add_up(pack: Pack) -> None:
    question = Question("8708998180", "KR", date(2025, 9, 1), metals={"steel": 0.3, "aluminium": 0.2})
    found = answer(pack, question).non_originating
    assert found is not None
    assert found.total is not None
    assert found.column1.rate is not None
    parts = sum(component.contribution for component in found.components)
    assert found.total == pytest.approx(found.column1.rate + parts, abs=1e-12)


def test_a_partner_without_preference_has_one_answer(pack: Pack) -> None:
    found = answer(pack, Question("19023000", "VN", date(2025, 9, 1)))
    assert found.originating is None
    assert found.non_originating is not None
    assert found.level is CoverageLevel.CHECKED
    assert found.warnings


def test_a_specific_rate_takes_the_unit_value(pack: Pack) -> None:
    """2710.19.16 pays 52.5 cents a barrel: 0.7 % at US$ 75 a barrel (HTS 2025)."""
    found = answer(pack, Question("27101916", "KR", MAY, originating=False, unit_value=75.0)).non_originating
    assert found is not None
    assert found.column1.rate == pytest.approx(0.525 / 75)


@pytest.mark.parametrize(
    ("text", "unit_value", "rate"),
    [("1¢/kg", 2.0, 0.005), ("$1.092/kg", 2.184, 0.5), ("0.3¢ each + 3.6%", 0.06, 0.086), ("See note 3", 1.0, None)],
)
def test_specific_rates_are_read_as_written(text: str, unit_value: float, rate: float | None) -> None:
    assert specific_rate(text, unit_value) == (None if rate is None else pytest.approx(rate))


def test_unknown_things_are_refused_with_what_to_do(pack: Pack) -> None:
    with pytest.raises(UnknownCodeError):
        answer(pack, Question("87039999", "KR", MAY))
    with pytest.raises(NoLawError, match="31 Dec 2026"):
        answer(pack, Question("87032301", "KR", date(2027, 1, 1)))
    with pytest.raises(InputError, match="ZZ"):
        answer(pack, Question("87032301", "ZZ", MAY))
    with pytest.raises(InputError, match="vehicle_part"):
        answer(pack, Question("87032301", "KR", MAY, facts=frozenset({"vehicle"})))
    with pytest.raises(InputError, match="zinc"):
        answer(pack, Question("87032301", "KR", MAY, metals={"zinc": 0.5}))
    with pytest.raises(InputError, match="add up"):
        answer(pack, Question("87032301", "KR", MAY, metals={"steel": 0.7, "copper": 0.5}))


def test_the_trace_names_what_was_set_aside(pack: Pack) -> None:
    """Chips stood on the exempt list until IEEPA duties ended."""
    found = answer(pack, Question("8542320001", "KR", date(2025, 9, 7), date(2025, 9, 7))).originating
    assert found is not None
    aside = [step for step in found.steps if not step.charged]
    assert any(step.heading == "9903.01.32" and "exempt since" in step.detail for step in aside)


def test_the_trace_shows_the_day_on_which_an_exemption_ends(pack: Pack) -> None:
    """EO 14346 took resins off the exempt list on 8 September 2025."""
    found = answer(pack, Question("39076100", "KR", date(2025, 9, 7), date(2025, 9, 7))).originating
    assert found is not None
    assert any("until 8 Sep 2025" in step.detail for step in found.steps)


def test_what_the_pack_lacks_is_said_and_not_guessed(pack: Pack) -> None:
    """Polysilicon from 4 December 2026 (proclamation of 6 August): its code lists are not in the pack."""
    before = answer(pack, Question("85414300", "KR", date(2026, 12, 3))).originating
    after = answer(pack, Question("85414300", "KR", date(2026, 12, 4))).originating
    unaware = answer(pack, Question("85414300", "KR", date(2026, 12, 4), date(2026, 8, 5))).originating
    assert before is not None
    assert after is not None
    assert unaware is not None
    assert before.total is not None
    assert unaware.total is not None
    assert after.total is None
    assert after.low is None
    assert "not in the pack" in after.needs[0]


@pytest.mark.parametrize(
    ("on", "facts", "total"),
    [
        # Proclamation 11020: companies of Annex III from 31 July 2026, others from 29 September; Korea 15 % in all.
        ("2026-07-31", {"patented_medicine", "annex_iii_company"}, 0.15),
        ("2026-07-31", {"patented_medicine"}, 0.0),
        ("2026-09-29", {"patented_medicine"}, 0.15),
        ("2026-09-29", {"generic_medicine"}, 0.0),
    ],
)
def test_patented_medicines(pack: Pack, on: str, facts: set[str], total: float) -> None:
    code = next(str(c) for c in pack.law.lists["s232_pharma"].codes if str(c).startswith("3004"))
    question = Question(code, "KR", date.fromisoformat(on), originating=True, facts=frozenset(facts))
    found = answer(pack, question).originating or answer(pack, question).non_originating
    assert found is not None
    assert found.total == pytest.approx(total)


@pytest.mark.parametrize(("us_content", "total"), [(0.19, 0.15), (0.20, 0.12), (0.30, 0.105)])
def test_us_content_frees_its_share_from_a_fifth_on(pack: Pack, us_content: float, total: float) -> None:
    """EO 14257 sec. 3(f), heading 9903.01.34: 20 % or more; 15 % on the rest in September 2025."""
    question = Question("6109100012", "KR", date(2025, 9, 1), originating=True, us_content=us_content)
    found = answer(pack, question).originating
    assert found is not None
    assert found.total == pytest.approx(total)


@pytest.mark.parametrize(
    ("on", "loaded", "total"),
    [
        # EO 14326 sec. 3: loaded before 7 August and entered before 5 October 2025 pay the old 10 %.
        ("2025-09-01", "2025-08-06", 0.10),
        ("2025-09-01", "2025-08-07", 0.15),
        ("2025-10-04", "2025-08-06", 0.10),
        ("2025-10-05", "2025-08-06", 0.15),
        # EO 14257: loaded before 9 April stays on the baseline, before 5 April outside it.
        ("2025-04-09", "2025-04-08", 0.10),
        ("2025-04-09", "2025-04-04", 0.0),
        ("2025-04-09", "2025-04-09", 0.25),
    ],
)
def test_goods_on_the_way(pack: Pack, on: str, loaded: str, total: float) -> None:
    question = Question("1902300060", "KR", date.fromisoformat(on), originating=True, loaded=date.fromisoformat(loaded))
    found = answer(pack, question).originating
    assert found is not None
    assert found.total == pytest.approx(total)


def test_a_stated_fact_says_which_of_the_finer_lines_is_meant(pack: Pack) -> None:
    """3004.90.92: only some ten-digit lines are in note 40(c); a patented medicine is one of those."""
    on = date(2026, 9, 29)
    stated = answer(pack, Question("30049092", "KR", on, facts=frozenset({"patented_medicine"})))
    generic = answer(pack, Question("30049092", "KR", on))
    assert stated.non_originating is not None
    assert stated.non_originating.total == pytest.approx(0.15)
    assert 0 < len(stated.lines) < len(generic.lines)
    listed = {str(code) for code in pack.law.lists["s232_pharma"].codes}
    assert set(stated.lines) <= listed


def test_metal_that_nobody_declared_can_count_as_absent(pack: Pack) -> None:
    """The files of cases leave it blank; the answer still says what metal would make of it."""
    asked = Question("88073000", "KR", date(2025, 11, 13), originating=False)
    open_question = answer(pack, asked).non_originating
    absent = answer(pack, replace(asked, undeclared_metal="none")).non_originating
    assert open_question is not None
    assert absent is not None
    assert open_question.total is None
    assert absent.total == pytest.approx(0.15)
    assert (absent.low, absent.high) == (open_question.low, open_question.high)
    assert absent.needs
