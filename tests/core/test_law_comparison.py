"""Two moments side by side: what changed, for whom, and why, against the texts of the law."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np
import pytest

from core.casefile import default_case, new_case
from core.cli.average import average_data
from core.comparison import Comparison, Moment, compare_moments, spokesmen
from core.comparison.effect_words import effect_words, outcome_words
from core.comparison.effects import EffectKind, Outcome, Release
from core.comparison.reasons import Reason
from core.comparison.rows import RowChange
from core.comparison.text import comparison_text, headline, money, notes
from core.errors import Cancelled, InputError, NoLawError
from core.exposure import COLUMN_1, By
from core.i18n import set_language
from core.reference.pack import Pack

MAY, JULY = date(2025, 5, 22), date(2025, 7, 8)
ENTRY = date(2025, 7, 20)


def compare(pack: Pack, before: Moment, after: Moment, partner: str = "KR", letter: str = "A") -> Comparison:
    case = default_case() if partner == "KR" else new_case(pack, partner=partner)
    return compare_moments(case, pack, before, after, letter)


def known(pack: Pack, first: date, last: date, on: date, partner: str = "KR") -> Comparison:
    """Two known days for one day of entry."""
    return compare(pack, Moment(on, first), Moment(on, last), partner)


def line(comparison: Comparison, code: str) -> RowChange:
    (found,) = (row for row in comparison.lines.changed if row.key == code)
    return found


def reason(row: RowChange, duty: str) -> Reason:
    (found,) = (each for each in row.reasons if each.duty == duty)
    return found


def ids(of: Reason) -> tuple[str | None, str | None]:
    return of.before.id if of.before else None, of.after.id if of.after else None


def release(comparison: Comparison, instrument: str) -> Release:
    (found,) = (each for each in comparison.releases if each.instrument.id == instrument)
    return found


def words(pack: Pack, found: Release) -> list[str]:
    return [effect_words(pack.law, effect) for effect in found.effects]


@pytest.fixture(scope="module")
def july(pack: Pack) -> Comparison:
    """Entry on 20 July 2025, as a lawyer saw it on 22 May and on 8 July."""
    return known(pack, MAY, JULY, ENTRY)


class TestKnownInMayAndInJuly:
    """EO 14266 suspended 25 % until 9 July; EO 14316 of 7 July moved that to 1 August. Proclamation 10947: 50 %."""

    def test_noodles_stay_at_the_pause(self, july: Comparison) -> None:
        row = line(july, "19023000")
        assert row.points == pytest.approx(-0.15, abs=1e-12)
        why = reason(row, "reciprocal")
        assert ids(why) == ("ieepa_country_apr2025", "ieepa_pause_10")
        assert why.before is not None
        assert why.after is not None
        assert (float(why.before.rate or 0), float(why.after.rate or 0)) == (0.25, 0.10)
        assert why.after.heading == "9903.01.25"
        assert why.instruments == ("EO-14316",)
        assert why.change == pytest.approx(-0.15 * row.value)

    def test_steel_doubles(self, july: Comparison) -> None:
        row = line(july, "73061910")
        assert (row.before, row.after) == (pytest.approx(0.25), pytest.approx(0.50))
        why = reason(row, "steel")
        assert ids(why) == ("steel_25", "steel_50")
        assert why.instruments == ("Proc-10947",)

    def test_appliances_join_the_steel_list(self, july: Comparison) -> None:
        """90 FR 25208 of 12 June 2025 adds refrigerators from 23 June: the measure is Proclamation 10947's."""
        why = reason(line(july, "84181000"), "steel")
        assert ids(why) == (None, "steel_50")
        assert "BIS-2025-11067" in why.instruments

    def test_a_line_without_trade_still_has_its_rates(self, july: Comparison) -> None:
        """Some steel was landed in 2024 but not entered for consumption: no duty, and still 25 and 50 %."""
        row = line(july, "72121000")
        assert (row.value, row.change) == (0, 0)
        assert (row.before, row.after) == (pytest.approx(0.25), pytest.approx(0.50))

    def test_cars_do_not_change(self, july: Comparison) -> None:
        """Proclamation 10908 stands untouched: 25 % on either day."""
        assert not [row for row in july.lines.changed if row.key.startswith("870323")]

    def test_the_instruments_in_between(self, july: Comparison) -> None:
        assert [each.instrument.id for each in july.releases] == [
            "USTR-EXCL-2025-05", "Proc-10947", "BIS-2025-11067", "EO-14309", "ITA-2025-12060", "HTSUS-2025-07",
            "VN-deal-2025-07-02", "EO-14316", "Letter-JP-2025-07-07", "Letter-KR-2025-07-07", "Letters-2025-07-07",
        ]  # fmt: skip

    def test_what_each_did(self, july: Comparison, pack: Pack) -> None:
        metals = words(pack, release(july, "Proc-10947"))
        assert "Steel, 25 % added: ends on 4 June 2025" in metals
        assert any(text.startswith("Steel, 50 % on the steel content: new from 4 June 2025") for text in metals)
        assert words(pack, release(july, "EO-14316")) == [
            "Reciprocal country rate (Annex I): suspended until 1 Aug 2025 instead of 9 July 2025",
            "Reciprocal duty during the pause, 10 % added: ends on 1 Aug 2025 instead of 9 July 2025",
        ]

    def test_the_terms_for_the_united_kingdom_are_nothing_to_korea(self, july: Comparison) -> None:
        found = release(july, "EO-14309")
        assert found.outcome is Outcome.NOTHING
        assert outcome_words(found) == "changes no rate for this partner"

    def test_a_letter_changes_no_rate(self, july: Comparison) -> None:
        found = release(july, "Letter-KR-2025-07-07")
        assert found.outcome is Outcome.ANNOUNCES
        assert "announcement, no instrument" in outcome_words(found)
        assert [effect.kind for effect in found.effects] == [EffectKind.ANNOUNCED]

    def test_nothing_takes_effect_between_a_day_and_itself(self, july: Comparison) -> None:
        assert july.events == ()

    def test_the_headline(self, july: Comparison) -> None:
        text = headline(july)
        assert text.startswith("For entry on 20 July 2025, law known to 8 July 2025 instead of 22 May 2025: average")
        assert text.endswith(f"{money(-july.total.change)} less duty a year")


# Pairs of moments whose sums are checked: little, much, other days, and goods without a number on one side.
PAIRS = {
    "extension": (Moment(ENTRY, MAY), Moment(ENTRY, JULY)),
    "one day": (Moment(date(2025, 7, 31), date(2025, 7, 31)), Moment(date(2025, 8, 1), date(2025, 8, 1))),
    "a year": (Moment(MAY, MAY), Moment(date(2026, 7, 25), date(2026, 7, 25))),
    "gap": (Moment(date(2026, 8, 20), date(2026, 8, 20)), Moment(date(2026, 12, 10), date(2026, 8, 20))),
    "back": (Moment(date(2025, 8, 7), date(2025, 8, 1)), Moment(MAY, date(2025, 8, 1))),
}


@pytest.fixture(scope="module", params=PAIRS, ids=PAIRS)
def pair(request: pytest.FixtureRequest, pack: Pack) -> Comparison:
    return compare(pack, *PAIRS[request.param])


class TestSums:
    """Whatever the moments, the parts are the whole."""

    @pytest.mark.parametrize("field", ["duty_before", "duty_after", "change", "before", "after", "points"])
    def test_column_1_and_duties_make_the_total(self, pair: Comparison, field: str) -> None:
        parts = sum(getattr(part, field) for part in pair.parts)
        assert parts == pytest.approx(getattr(pair.total, field), rel=1e-12, abs=1e-9)

    def test_rows_of_every_kind_make_the_total(self, pair: Comparison) -> None:
        for rows in (pair.groups, pair.lines, pair.group_lines):
            assert _change(rows.changed) == pytest.approx(pair.total.change, rel=1e-12, abs=1e-3)

    def test_reasons_make_the_change_of_their_row(self, pair: Comparison) -> None:
        for row in (*pair.groups.changed, *pair.lines.changed):
            assert sum(each.change for each in row.reasons) == pytest.approx(row.change or 0.0, rel=1e-9, abs=1e-3)

    def test_what_changes_and_what_does_not_is_all_trade(self, pair: Comparison) -> None:
        for rows in (pair.groups, pair.lines):
            listed = sum(row.value for row in rows.changed)
            assert listed + rows.same.value + rows.unknown.value == pytest.approx(pair.value, rel=1e-12)
            counted = sum(row.lines for row in rows.changed) + rows.same.lines + rows.unknown.lines
            assert counted == len(pair.before.portfolio.codes)

    def test_the_weightiest_come_first(self, pair: Comparison) -> None:
        for rows in (pair.groups, pair.lines):
            weights = [abs(row.change) for row in rows.changed if row.change is not None]
            assert weights == sorted(weights, reverse=True)

    def test_only_what_differs_is_listed(self, pair: Comparison) -> None:
        assert all(row.moved or row.only_before or row.only_after for row in pair.lines.changed)

    def test_the_averages_are_those_of_the_engine(self, pair: Comparison, pack: Pack) -> None:
        """`parley average` on either side; where goods have no number on one side, over the others only."""
        for side in (pair.before, pair.after):
            alone = average_data(pack, "KR", side.moment.on, side.moment.known)
            assert side.evaluation.average == pytest.approx(alone["total"], rel=1e-12)
        if not pair.only_one_side:
            assert pair.total.before == pytest.approx(pair.before.evaluation.average, rel=1e-12)
            assert pair.total.after == pytest.approx(pair.after.evaluation.average, rel=1e-12)


def _change(rows: Iterable[RowChange]) -> float:
    return sum(row.change or 0.0 for row in rows)


def test_a_change_counted_by_hand(july: Comparison) -> None:
    """Line by line: rate after less rate before, times value, without any of the comparison's own sums."""
    before, after = july.before.evaluation.total, july.after.evaluation.total
    value = july.before.portfolio.value
    found = np.nansum((after - before) * value)
    assert july.total.change == pytest.approx(float(found), rel=1e-12)


@pytest.fixture(scope="module")
def one_day(pack: Pack) -> Comparison:
    return compare(pack, *PAIRS["one day"])


class TestOneDay:
    """Proclamation 10962 of 30 July 2025: copper from 1 August, 50 % on the content; chapter 74 leaves Annex II."""

    def test_a_copper_tube(self, one_day: Comparison) -> None:
        row = line(one_day, "74111010")
        assert row.points == pytest.approx(0.40)
        assert ids(reason(row, "copper")) == (None, "copper_50")
        assert ids(reason(row, "reciprocal")) == ("ieepa_pause_10", None)
        assert {each.instruments for each in row.reasons} == {("Proc-10962",)}

    def test_nothing_was_released_on_1_august(self, one_day: Comparison) -> None:
        assert one_day.releases == ()

    def test_the_day_names_what_starts(self, one_day: Comparison) -> None:
        (day,) = one_day.events
        assert day.on == date(2025, 8, 1)
        assert ("copper_50", "starts") in {(cause.measure, cause.verb) for cause in day.causes}

    def test_a_share_of_the_value_is_no_new_measure(self, one_day: Comparison) -> None:
        """Wire harnesses keep 10 % on what is not copper: the same measure, and no instrument of its own."""
        why = reason(line(one_day, "85444290"), "reciprocal")
        assert why.before == why.after
        assert why.instruments == ()


class TestOtherCauses:
    """Lists, stacking, retroactive notices, and the end of a suspension."""

    def test_the_rates_of_31_july(self, pack: Pack) -> None:
        """EO 14326 sets 15 % from 7 August; until then the 25 % of April would have come back on 1 August."""
        found = known(pack, date(2025, 7, 30), date(2025, 7, 31), date(2025, 8, 7))
        why = reason(line(found, "19023000"), "reciprocal")
        assert ids(why) == ("ieepa_country_apr2025", "ieepa_korea_15_additive")
        assert line(found, "19023000").points == pytest.approx(-0.10)
        assert why.instruments == ("EO-14326",)

    def test_an_exempt_list_frees_and_charges(self, pack: Pack) -> None:
        """EO 14346 of 5 September 2025: epoxide resins lose the exemption, bullion (7115.90.05) gains it."""
        found = known(pack, date(2025, 9, 4), date(2025, 9, 5), date(2025, 9, 10))
        charged, freed = line(found, "39073000"), line(found, "71159005")
        assert ids(reason(charged, "reciprocal")) == (None, "ieepa_korea_15_additive")
        assert ids(reason(freed, "reciprocal")) == ("ieepa_korea_15_additive", None)
        assert {each.instruments for row in found.lines.changed for each in row.reasons} == {("EO-14346",)}

    def test_stacking_ends_a_duty_on_parts(self, pack: Pack) -> None:
        """EO 14289 of 29 April 2025, section 3: parts of vehicles pay no metal duty."""
        found = known(pack, date(2025, 4, 28), date(2025, 4, 29), date(2025, 5, 5))
        why = reason(line(found, "73201060"), "steel")
        assert ids(why) == ("steel_25", None)
        assert why.instruments == ("EO-14289",)
        assert EffectKind.STACKING in {effect.kind for effect in release(found, "EO-14289").effects}

    def test_a_notice_that_reaches_back(self, pack: Pack) -> None:
        """90 FR 55964, posted on 3 December 2025: cars at a total of 15 % from 1 November."""
        found = known(pack, date(2025, 12, 2), date(2025, 12, 3), date(2025, 11, 5))
        why = reason(line(found, "87032301"), "autos")
        assert ids(why) == ("autos_25", "autos_korea_15")
        assert line(found, "87032301").after == pytest.approx(0.15)
        assert why.instruments == ("FR-2025-21940",)

    def test_two_days_under_one_law(self, pack: Pack) -> None:
        """As the law stood on 22 May, the pause ends and 25 % comes back on 9 July 2025 (EO 14266)."""
        found = compare(pack, Moment(MAY, MAY), Moment(date(2025, 7, 9), MAY))
        assert ids(reason(line(found, "19023000"), "reciprocal")) == ("ieepa_pause_10", "ieepa_country_apr2025")
        assert found.releases == ()
        (day,) = found.events
        did = {(cause.measure, cause.verb) for cause in day.causes}
        assert {("ieepa_country_apr2025", "resumes"), ("ieepa_pause_10", "ends")} <= did

    def test_back_in_time_the_signs_turn(self, pack: Pack) -> None:
        there = compare(pack, Moment(MAY, MAY), Moment(date(2025, 7, 9), MAY))
        back = compare(pack, Moment(date(2025, 7, 9), MAY), Moment(MAY, MAY))
        assert back.total.change == pytest.approx(-there.total.change, rel=1e-12)
        assert [day.on for day in back.events] == [date(2025, 7, 9)]
        assert any("before the first" in note for note in notes(back, pack))

    def test_an_announcement_of_a_deal(self, pack: Pack) -> None:
        """30 July 2025: 15 % was announced; the law for cars changed on 3 December only."""
        found = known(pack, date(2025, 7, 29), date(2025, 7, 30), date(2025, 8, 7))
        assert release(found, "KR-deal-2025-07-30").outcome is Outcome.ANNOUNCES
        assert not [row for row in found.lines.changed if row.key.startswith("870323")]

    def test_the_end_of_the_last_measure_is_named(self, pack: Pack) -> None:
        """Proclamation 11021 of 2 April 2026 ends the metal duties by content and puts the annexes in their place."""
        found = compare(pack, Moment(MAY, MAY), Moment(date(2026, 4, 10), date(2026, 4, 2)))
        why = reason(line(found, "73061910"), "steel")
        assert ids(why) == ("steel_25", None)
        assert why.instruments == ("Proc-11021",)


class TestForWhom:
    """The same instruments do different things to different partners."""

    def test_japan_falls_from_its_own_rate(self, pack: Pack) -> None:
        """Annex I of EO 14257: 24 % for Japan, 20 % for the Union that Germany belongs to."""
        for partner, rate in (("JP", 0.24), ("DE", 0.20)):
            found = known(pack, MAY, JULY, ENTRY, partner)
            rates = {
                (float(why.before.rate or 0), float(why.after.rate or 0))
                for row in found.lines.changed
                for why in row.reasons
                if why.before and why.after and why.before.id == "ieepa_country_apr2025"
            }
            assert rates == {(rate, 0.10)}

    def test_british_metals_stay_at_25(self, pack: Pack) -> None:
        """Proclamation 10947 keeps 25 % for the United Kingdom, which has no country rate to pause either."""
        found = known(pack, MAY, JULY, ENTRY, "GB")
        assert not [row for row in found.lines.changed if row.key == "73061910"]
        assert release(found, "EO-14316").outcome is Outcome.NOTHING
        assert any("25\N{NO-BREAK SPACE}% on the metal content" in t for t in words(pack, release(found, "Proc-10947")))

    def test_nobody_loses_a_measure_he_never_had(self, pack: Pack) -> None:
        """Proclamation 10895 ends the 10 % of 2018 for all; it never fell on the Union or the United Kingdom."""
        ended = "Aluminium, 10 % added: ends on 12 Mar 2025"
        for partner, had in (("KR", True), ("DE", False), ("GB", False)):
            found = known(pack, date(2025, 2, 9), date(2025, 2, 11), date(2025, 3, 20), partner)
            assert (ended in words(pack, release(found, "Proc-10895"))) is had

    def test_partial_coverage_is_said(self, pack: Pack, july: Comparison) -> None:
        assert any("only partly" in note for note in notes(known(pack, MAY, JULY, ENTRY, "CN"), pack))
        assert not notes(july, pack)


@pytest.fixture(scope="module")
def gap(pack: Pack) -> Comparison:
    return compare(pack, *PAIRS["gap"])


class TestNoNumber:
    """From 4 December 2026 the pack lacks the annexes of the polysilicon duty: no number, and never zero."""

    def test_a_solar_cell_has_a_rate_before_and_none_after(self, gap: Comparison) -> None:
        """Free in column 1, 12.5 % under the forced-labour action of 23 July 2026."""
        row = line(gap, "85414200")
        assert row.before == pytest.approx(0.125)
        assert (row.after, row.change, row.points) == (None, None, None)
        assert gap.lines.changed[-1].change is None, "rows without a difference come last"

    def test_the_goods_are_in_no_sum(self, gap: Comparison) -> None:
        codes, value = gap.before.portfolio.codes, gap.before.portfolio.value
        listed = np.isin(codes.astype("U6"), ["280461", "381800", "854142", "854143"]) & (codes != "3818000010")
        assert gap.only_one_side == pytest.approx(value[listed].sum())
        assert gap.total.compared + gap.only_one_side == pytest.approx(
            value[~np.isnan(gap.before.evaluation.total)].sum()
        )

    def test_it_is_said(self, gap: Comparison, pack: Pack) -> None:
        assert any("polysilicon" in note for note in notes(gap, pack))
        text = comparison_text(gap, pack, By.TARIFF_LINE)
        assert "8541.42.00" in text
        assert "→ no number" in text

    def test_the_other_way_round(self, pack: Pack) -> None:
        first, last = PAIRS["gap"]
        row = line(compare(pack, last, first), "85414200")
        assert (row.before, row.after) == (None, pytest.approx(0.125))


class TestWhatIsRefused:
    def test_a_first_moment_that_knows_more(self, pack: Pack) -> None:
        with pytest.raises(InputError, match="knows more law") as refused:
            known(pack, JULY, MAY, ENTRY)
        assert refused.value.remedy

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (Moment(date(2024, 12, 31), MAY), Moment(MAY, MAY)),
            (Moment(MAY, date(2024, 5, 1)), Moment(MAY, MAY)),
            (Moment(MAY, MAY), Moment(date(2027, 1, 1), MAY)),
            (Moment(MAY, MAY), Moment(MAY, date(2027, 1, 1))),
        ],
    )
    def test_days_without_law(self, pack: Pack, before: Moment, after: Moment) -> None:
        with pytest.raises(NoLawError):
            compare(pack, before, after)

    def test_it_can_be_stopped(self, pack: Pack) -> None:
        with pytest.raises(Cancelled):
            compare_moments(default_case(), pack, Moment(MAY, MAY), Moment(ENTRY, JULY), cancelled=lambda: True)


class TestScenarios:
    def test_the_same_moment_twice(self, pack: Pack) -> None:
        found = compare(pack, Moment(MAY, MAY), Moment(MAY, MAY))
        assert found.is_same
        assert found.total.change == 0
        assert found.lines.same.lines + found.lines.unknown.lines == len(found.before.portfolio.codes)

    def test_a_change_of_the_scenario_is_named_as_such(self, pack: Pack) -> None:
        """Scenario C puts cars at a total of 15 % from 1 August 2025."""
        found = compare(pack, Moment(MAY, MAY), Moment(date(2025, 8, 1), MAY), letter="C")
        why = reason(line(found, "87032301"), "autos")
        assert why.after is not None
        assert why.after.change is not None
        assert float(why.after.rate or 0) == 0.15
        assert why.instruments == ()
        assert f"change {why.after.change} of the scenario" in comparison_text(found, pack)

    def test_column_1_stays(self, july: Comparison) -> None:
        column1 = july.parts[0]
        assert column1.name == COLUMN_1
        assert column1.change == 0
        assert column1.duty_before > 0


def test_a_spokesman_is_the_line_that_changes_most(july: Comparison) -> None:
    chosen = spokesmen(july)["steel"]
    group = july.before.portfolio.group_ids.index("steel")
    weight = np.abs(july.pair.change * july.pair.value) * (july.before.portfolio.group_of == group)
    assert july.before.portfolio.codes[int(np.argmax(weight))] == chosen


def test_both_languages(july: Comparison, pack: Pack) -> None:
    english = comparison_text(july, pack)
    set_language("ko")
    korean = comparison_text(july, pack)
    assert "Proclamation 10947, 90 FR 24199" in english
    assert "Reciprocal duty during the pause" in english
    assert "포고문 10947호, 90 FR 24199" in korean
    assert "유예 기간 상호관세" in korean
