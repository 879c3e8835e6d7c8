"""Column 1 under preferences, and their use: single lines by hand, whole partners against duty collected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from msgspec.structs import replace

from core.case import Assumptions, Case
from core.casefile import default_case
from core.engine import evaluate
from core.portfolio import Basis, build_basis
from core.preference_words import default_source, preference_warnings
from core.reference.build.ave import CONTAMINATED_CHAPTERS
from core.reference.pack import Pack
from core.results import UseBasis, UseDefault
from core.tariff.line_trace import explain_line
from core.tariff.query import Question, answer

MAY, LATE = date(2025, 5, 22), date(2026, 12, 31)


def case_of(partner: str, on: date = MAY, known: date = MAY, **assumptions: object) -> Case:
    law = default_case().scenarios[:1]
    stated = Assumptions(**assumptions)  # type: ignore[arg-type]
    return replace(default_case(), partner=partner, as_of=on, known_to=known, scenarios=law, assumptions=stated)


def basis_of(pack: Pack, partner: str, on: date = MAY, known: date = MAY, **assumptions: object) -> Basis:
    return build_basis(case_of(partner, on, known, **assumptions), pack)


def line(basis: Basis, code: str) -> int:
    (found,) = np.flatnonzero(basis.portfolio.codes == code)
    return int(found)


def defaults(basis: Basis) -> dict[str, UseDefault]:
    assert basis.portfolio.claims is not None
    return {one.programme: one for one in basis.portfolio.claims.defaults}


class TestSchedule:
    @pytest.mark.parametrize(
        ("code", "symbols", "symbol", "text"),
        [
            ("02011050", ("KR",), "KR", "1.7%"),
            ("02011050", ("KR", "S"), "S", "Free"),  # the lowest of both
            ("02011050", ("AU", "KR"), "KR", "1.7%"),  # a known rate before one of another heading
            ("02011050", ("AU",), "AU", "See 9822.04.01-9822.04.03"),
            ("87032301", ("KR", "S"), "KR", "Free"),  # of equals the first
            ("42021221", ("E", "R"), "R", "Free"),  # CBERA 17.5 %, CBTPA free
            ("87032301", ("JP",), "", ""),
        ],
    )
    def test_the_lowest_rate_answers(
        self, pack: Pack, code: str, symbols: tuple[str, ...], symbol: str, text: str
    ) -> None:
        """General Note 3(a)(iii): of several programmes the lowest rate. Cells of the 2025 Basic Edition."""
        place = int(pack.schedule.position([code])[0])
        found = pack.schedule.preferential(*symbols)
        assert (str(found.symbol[place]), str(found.text[place])) == (symbol, text)

    def test_equivalents_of_compound_rates_are_in_proportion(self, pack: Pack) -> None:
        """0402.29.50: $1.104/kg + 14.9 % for all, 7.3 cents/kg + 0.9 % for Panama."""
        place = int(pack.schedule.position(["04022950"])[0])
        found, ave = pack.schedule.preferential("PA"), pack.schedule.ave[place]
        assert found.estimated[place]
        assert found.rate[place] == pytest.approx((ave - 0.149) * 7.3 / 110.4 + 0.009, abs=2e-6)

    def test_rates_of_the_usitc_tariff_database(self, pack: Pack) -> None:
        """Rows 04061034 and 04061038 of the annual tariff data of USITC: free for S, KR 7 cents/kg, AU elsewhere."""
        place, other = (int(at) for at in pack.schedule.position(["04061034", "04061038"]))
        for symbol in (
            "S",
            "SG",
            "CL",
            "MA",
            "AU",
            "BH",
            "P",
            "OM",
            "PE",
            "KR",
            "CO",
            "PA",
            "IL",
            "JO",
            "A+",
            "E",
            "D",
        ):
            assert pack.schedule.preferential(symbol).rate[place] == 0.0
        assert str(pack.schedule.preferential("KR").text[other]) == "7¢/kg"
        assert [str(pack.schedule.preferential(s).kind[other]) for s in ("AU", "CO", "PA")] == ["elsewhere"] * 3


class TestLookUp:
    @pytest.mark.parametrize(
        ("code", "partner", "rate", "words"),
        [
            ("61091000", "MX", 0.0, "USMCA (S): Free"),
            ("08071980", "JP", 0.14, "US-Japan Trade Agreement (JP): 14%"),
            ("61091000", "HN", 0.0, "CAFTA-DR (P): Free"),
            ("87042101", "KR", 0.25, "KORUS (KR): 25%"),
            ("42021221", "TT", 0.0, "CBTPA (R): Free"),
        ],
    )
    def test_column_1_names_programme_and_symbol(
        self, pack: Pack, code: str, partner: str, rate: float, words: str
    ) -> None:
        found = answer(pack, Question(code, partner, date(2025, 1, 2))).originating
        assert found is not None
        assert found.column1.rate == rate
        assert words in found.column1.note

    def test_a_lapsed_programme_gives_nothing(self, pack: Pack) -> None:
        """8544.30.00 is 5 %, free under AGOA; lapsed from 1 October 2025 for those who know no renewal."""
        on = date(2025, 12, 1)
        unaware = answer(pack, Question("85443000", "ZA", on, date(2026, 2, 2)))
        aware = answer(pack, Question("85443000", "ZA", on, date(2026, 2, 3)))
        assert unaware.originating is None
        assert unaware.non_originating is not None
        assert unaware.non_originating.column1.rate == 0.05
        assert any("AGOA ended on 30 Sep 2025" in text for text in unaware.warnings)
        assert aware.originating is not None
        assert aware.originating.column1.rate == 0.0

    def test_goods_of_a_kind_are_free_where_the_fact_is_stated(self, pack: Pack) -> None:
        """2933.39.92 is 6.5 %, free for products of the pharmaceutical appendix (General Note 13)."""
        asked = Question("29333992", "DE", MAY)
        plain, stated = (
            answer(pack, one).non_originating
            for one in (asked, Question("29333992", "DE", MAY, facts=frozenset({"pharmaceutical_appendix"})))
        )
        assert plain is not None
        assert stated is not None
        assert (plain.column1.rate, stated.column1.rate) == (0.065, 0.0)
        assert "(K)" in stated.column1.note

    def test_a_rate_that_stands_elsewhere_is_no_number(self, pack: Pack) -> None:
        """1701.99.50: "See 9823.09.01-9823.09.09 (S+)", a quota for Canada and Mexico."""
        found = answer(pack, Question("17019950", "MX", MAY)).originating
        assert found is not None
        assert found.total is None
        assert "See 9823.09.01-9823.09.09" in found.column1.note
        assert found.needs == ("the preferential rate stands in a heading that the pack lacks",)


class TestUse:
    def test_duty_collected_shows_it(self, pack: Pack) -> None:
        """Cars of 1.5 to 3 litres from Mexico: 2.5 %, free under the USMCA; duty over value is what did not claim."""
        basis, imports = basis_of(pack, "MX"), pack.trade.imports("MX")
        at = line(basis, "8703230190")
        unclaimed = imports.duty[at] / imports.value[at] / 0.025
        assert 0 < unclaimed < 1
        assert basis.portfolio.utilisation[at] == pytest.approx(1 - unclaimed)
        assert basis.portfolio.utilisation_inferred[at]

    @pytest.mark.parametrize("partner", ["CN", "RU"])
    def test_not_where_duties_of_the_base_year_are_unknown(self, pack: Pack, partner: str) -> None:
        """Section 301 duties and column 2 rates are in the duty collected, and not in the pack."""
        assert not basis_of(pack, partner).portfolio.utilisation_inferred.any()

    def test_not_on_metals_of_partners_with_section_232_duties(self, pack: Pack) -> None:
        """Australia and Canada were exempt from them in 2024; Japan, Chile and Israel were not."""
        for partner, exempt in (("AU", True), ("CA", True), ("JP", False), ("CL", False), ("IL", False)):
            portfolio = basis_of(pack, partner).portfolio
            metals = np.isin(portfolio.codes.astype("U2"), sorted(CONTAMINATED_CHAPTERS))
            assert portfolio.utilisation_inferred[metals].any() is np.bool_(exempt), partner

    def test_not_where_entries_still_name_the_lapsed_gsp(self, pack: Pack) -> None:
        """The Census counts them as free: on lines of A and A* duty collected from Indonesia is a third of MFN."""
        imports = pack.trade.imports("ID")
        basis = basis_of(pack, "ID")
        place = pack.schedule.position(imports.hts10)
        on_list = (place >= 0) & pack.schedule.preferential("A", "A*", "A+").listed[place]
        rated = on_list & (basis.portfolio.mfn_rate > 0)
        due = (basis.portfolio.mfn_rate * imports.value)[rated].sum()
        assert imports.duty[rated].sum() / due < 0.5
        assert not basis.portfolio.utilisation_inferred[on_list].any()

    @pytest.mark.parametrize(
        ("partner", "programme", "basis", "share"),
        [
            ("KR", "korus", UseBasis.PUBLISHED, 0.795),
            ("CL", "chile", UseBasis.OWN_LINES, None),
            ("BD", "civil_aircraft", UseBasis.OWN_LINES, None),
            ("CN", "pharmaceuticals", UseBasis.POOLED, None),
            ("KE", "agoa", UseBasis.POOLED, None),  # not among the 51 partners whose duty is known
            ("OM", "oman", UseBasis.GENERAL, 0.769),  # nobody else has that agreement: USITC, The Year in Trade 2023
        ],
    )
    def test_what_stands_in(
        self, pack: Pack, partner: str, programme: str, basis: UseBasis, share: float | None
    ) -> None:
        found = defaults(basis_of(pack, partner))[programme]
        assert found.basis is basis
        if share is not None:
            assert found.share == share
        if basis is UseBasis.POOLED:
            assert found.share == pack.programmes.pooled_use[programme].share

    def test_the_mean_of_the_other_lines(self, pack: Pack) -> None:
        """Chile, in plain arithmetic over the lines on which duty shows the use."""
        basis = basis_of(pack, "CL")
        portfolio, claims = basis.portfolio, basis.portfolio.claims
        assert claims is not None
        lines = portfolio.utilisation_inferred & (claims.symbol == "CL")
        mean = np.average(portfolio.utilisation[lines], weights=portfolio.value[lines])
        found = defaults(basis)["chile"]
        assert found.share == pytest.approx(mean)
        assert default_source(found, 2024) == (
            "Mean of this partner's other lines under US-Chile FTA, from duty collected in 2024."
        )

    def test_what_a_share_of_all_trade_leaves(self, pack: Pack) -> None:
        """Canada 2024: 38.4 % of all imports claimed the USMCA (USITC DataWeb); the portfolio comes to as much."""
        basis = basis_of(pack, "CA")
        portfolio, claims = basis.portfolio, basis.portfolio.claims
        assert claims is not None
        usmca = (claims.programme_of == 0) & ~claims.collected
        claimed = (portfolio.utilisation * portfolio.value)[usmca].sum()
        assert claimed / portfolio.value.sum() == pytest.approx(0.384, abs=1e-9)

    def test_claims_rose_later(self, pack: Pack) -> None:
        """87 % of imports from Mexico from July 2025, published on 29 March 2026."""
        before, after = (
            basis_of(pack, "MX", date(2025, 8, 1), known) for known in (date(2026, 3, 28), date(2026, 3, 29))
        )
        shares = [defaults(basis)["usmca"] for basis in (before, after)]
        assert [one.figure.share for one in shares if one.figure is not None] == [0.499, 0.87]
        assert shares[0].share < shares[1].share
        assert "July to December 2025" in default_source(shares[1], 2024)

    def test_a_share_typed_in_the_case_stands_for_all(self, pack: Pack) -> None:
        basis = basis_of(pack, "JP", default_utilisation=Decimal("0.25"))
        claims = basis.portfolio.claims
        assert claims is not None
        assert len(claims.defaults) > 1
        assert set(basis.portfolio.utilisation[claims.default_of >= 0].tolist()) == {0.25}

    def test_rates_of_another_heading_take_what_was_collected(self, pack: Pack) -> None:
        """Mexican sugar of 1701.99.50 paid next to nothing in 2024, in spite of 35.74 cents/kg for all."""
        basis, imports = basis_of(pack, "MX"), pack.trade.imports("MX")
        portfolio, claims = basis.portfolio, basis.portfolio.claims
        assert claims is not None
        lines = np.flatnonzero(np.char.startswith(portfolio.codes, "17019950") & (portfolio.value > 0))
        assert len(lines)
        assert claims.collected[lines].all()
        paid = imports.duty[lines] / imports.value[lines]
        assert portfolio.column1[lines] == pytest.approx(np.minimum(paid, portfolio.mfn_rate[lines]))
        assert portfolio.is_equivalent[lines].all()


# Partners whose duty of 2024 is column 1 only, but for metals: agreements of every kind, a law without one, and none.
CHECKED = [
    "AU", "CA", "CH", "CL", "CO", "CR", "DO", "EU", "GT", "HN", "IL", "JP", "MX", "MY", "NI", "PE", "SG", "SV", "TW",
    "VN", "ZA",
]  # fmt: skip


@pytest.mark.parametrize("partner", CHECKED)
def test_column_1_comes_to_the_duty_collected(pack: Pack, partner: str) -> None:
    """Census, 2024: within a tenth and 0.1 point of the value, outside the chapters with Section 232 duties.

    The use is inferred from the same duty on ad valorem lines; all others rest on the defaults and the equivalents.
    """
    portfolio, imports = basis_of(pack, partner).portfolio, pack.trade.imports(partner)
    lines = ~np.isnan(portfolio.column1) & ~np.isin(portfolio.codes.astype("U2"), sorted(CONTAMINATED_CHAPTERS))
    value = portfolio.value[lines].sum()
    column1 = (portfolio.column1[lines] * portfolio.value[lines]).sum() / value
    assert column1 == pytest.approx(imports.duty[lines].sum() / value, rel=0.1, abs=0.001)


class TestDays:
    def test_the_lapse_of_agoa_moves_column_1_on_its_day(self, pack: Pack) -> None:
        """Against two portfolios built for the days on both sides."""
        case = case_of("ZA", date(2025, 9, 15), date(2025, 12, 31))
        results = evaluate(case, pack)
        series = dict(zip(results.series[0].dates, results.series[0].averages, strict=True))
        day = date(2025, 10, 1)
        assert day in series
        alone = evaluate(replace(case, as_of=day), pack).evaluation("A")
        assert series[day] == pytest.approx(alone.average, abs=1e-12)
        assert alone.average > results.evaluation("A").average + 0.005
        (change,) = (one for one in results.change_dates if one.on == day)
        assert "AGOA ends" in change.title.en

    def test_whoever_knows_the_renewal_sees_no_lapse(self, pack: Pack) -> None:
        results = evaluate(case_of("ZA", date(2025, 9, 15), LATE), pack)
        assert date(2025, 10, 1) not in results.series[0].dates

    def test_results_are_taken_over_while_the_same_programmes_hold(self, pack: Pack) -> None:
        case = case_of("ZA", date(2025, 9, 15), date(2025, 12, 31))
        first = evaluate(case, pack)
        same = evaluate(replace(case, as_of=date(2025, 9, 20)), pack, previous=first)
        later = evaluate(replace(case, as_of=date(2025, 10, 20)), pack, previous=first)
        assert same.basis is first.basis
        assert later.basis is not first.basis
        assert np.nansum(later.portfolio.column1) > np.nansum(first.portfolio.column1)


def test_the_trace_names_the_programme_and_what_its_share_rests_on(pack: Pack) -> None:
    """Fresh avocados from Mexico: 11.2 cents/kg, free under the USMCA; a specific rate, so the default stands."""
    trace = explain_line(evaluate(case_of("MX"), pack), pack, "08044000", "A")
    (step,) = (one for one in trace.steps if one.title.startswith("Preference claimed"))
    assert "USMCA (S): Free" in step.detail
    assert "49.9" in step.detail
    assert "2024" in step.detail


def test_warnings_are_no_leak(pack: Pack) -> None:
    """In May 2025 nobody knew of the lapse or the renewal."""
    assert not list(preference_warnings(pack, pack.partners.get("ZA"), MAY, MAY))[1:]
    text = " ".join(preference_warnings(pack, pack.partners.get("ZA"), MAY, MAY))
    assert "2026" not in text
    assert "ended" not in text
