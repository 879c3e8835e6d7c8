"""Reading column 1 Special: the cells of the schedule as USITC prints them (HTS 2025, Basic Edition)."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

import pytest

from core.reference.build.special import SpecialTextError, parse_special, rate_kind
from core.reference.schedule import RateKind

SOURCE = Path(__file__).resolve().parents[2] / "packaging" / "reference" / "us_hts_2025_hs8_mfn_and_korus.csv.gz"


@pytest.fixture(scope="module")
def cells() -> list[dict[str, str]]:
    with gzip.open(SOURCE, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class TestCells:
    def test_one_rate_for_all(self) -> None:
        special = parse_special("Free (A+,AU, BH,\nE,S, SG)")
        assert [(rate.text, rate.kind, rate.ad_valorem) for rate in special.rates] == [("Free", RateKind.FREE, "0.0")]
        assert special.rates[0].symbols == ("A+", "AU", "BH", "E", "S", "SG")
        assert special.remarks == ()

    def test_several_rates(self) -> None:
        """0201.10.50 and 0406.10.08 of the schedule."""
        beef = parse_special(
            "Free (BH,CL,CO,JO,MA,OM,P,PE,S,SG) 1.7% (KR) See 9822.04.01-9822.04.03 (AU) See 9919.02.01-9919.02.02 (PA)"
        )
        found = {symbol: (rate.kind, rate.ad_valorem) for rate in beef.rates for symbol in rate.symbols}
        assert found["KR"] == (RateKind.AD_VALOREM, "0.017")
        assert found["AU"] == found["PA"] == (RateKind.ELSEWHERE, "")
        assert found["S"] == (RateKind.FREE, "0.0")
        cheese = parse_special("Free (BH,SG) 10¢/kg (KR) See 9919.04.40, 9919.04.41-9919.04.42 (PA)")
        assert [rate.kind for rate in cheese.rates] == [RateKind.FREE, RateKind.SPECIFIC, RateKind.ELSEWHERE]

    def test_a_rate_may_touch_its_neighbours(self) -> None:
        """8704.21.01 and 2204.21.20: no space before or after the rate."""
        assert [rate.text for rate in parse_special("Free (AU,SG)25% (KR)").rates] == ["Free", "25%"]
        assert parse_special("Free (AU)8.8¢/liter(JO)").rates[1].symbols == ("JO",)

    def test_the_symbol_with_a_sign_is_another_one(self) -> None:
        special = parse_special("Free (A*,E*,P) See 9822.05.15 (P+)")
        assert special.rate("A") is None
        assert special.rate("P") is special.rates[0]
        assert special.rate("P+") is special.rates[1]

    def test_nothing(self) -> None:
        assert parse_special("").rates == ()

    @pytest.mark.parametrize(
        ("text", "symbols", "remark"),
        [
            ("Free (MA,.OM,P)", ("MA", "OM", "P"), "'.OM' read as OM"),
            ("Free (D,E IL,JO)", ("D", "E", "IL", "JO"), "'E IL' read as E, IL"),
            ("Free (PA (PA)", ("PA",), "'PA (PA' read as PA"),
            ("Free (L,L)", ("L",), "L is there twice"),
        ],
    )
    def test_slips_of_the_print_are_read_and_remarked_on(
        self, text: str, symbols: tuple[str, ...], remark: str
    ) -> None:
        special = parse_special(text)
        assert special.rates[0].symbols == symbols
        assert special.remarks == (remark,)

    @pytest.mark.parametrize(
        "text",
        [
            "Free", "Free (AU", "(AU)", "Free (AU) 5%", "Free (AU) 5% (AU)", "Free (Australia)", "Free (AU,)",
            "Fre (AU)", "5 (AU)", "See chapter 99 (AU)", "Free (AU)) (KR)", "-1% (AU)",
        ],
    )  # fmt: skip
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(SpecialTextError):
            parse_special(text)

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("33.9¢/kg + 5.1%", RateKind.SPECIFIC),
            ("1.9¢/liter + 13.9¢/pf. liter", RateKind.SPECIFIC),
            ("1.3¢/liter + 9.8¢/pf. liter on ethyl alcohol content", RateKind.SPECIFIC),
            ("The rate applicable to the natural juice in heading 2009", RateKind.SPECIFIC),
            ("See 9822.04.01", RateKind.ELSEWHERE),
            ("3.35%", RateKind.AD_VALOREM),
        ],
    )
    def test_kinds(self, text: str, kind: RateKind) -> None:
        assert rate_kind(text) is kind


class TestWholeSchedule:
    def test_every_cell_is_read(self, cells: list[dict[str, str]]) -> None:
        """7,098 cells are not empty, and four have a slip; counts of the symbols by a plain search of the texts."""
        read = {row["hts8"]: parse_special(row["special_text"]) for row in cells}
        assert sum(bool(special.rates) for special in read.values()) == 7_098
        assert sorted(code for code, special in read.items() if special.remarks) == [
            "04069094", "29089100", "40119020", "62046311",
        ]  # fmt: skip
        counted = Counter(symbol for special in read.values() for rate in special.rates for symbol in rate.symbols)
        assert (counted["S"], counted["S+"], counted["JP"], counted["NP"], counted["D"]) == (6928, 170, 257, 77, 5385)

    def test_korean_rates_are_those_that_the_source_had_read_already(self, cells: list[dict[str, str]]) -> None:
        """The Budget Lab's own reading of the KR rate, column by column."""
        kinds = {"free": "free", "ad_valorem": "ad_valorem", "specific_or_compound_or_note": "specific"}
        for row in cells:
            rate = parse_special(row["special_text"]).rate("KR")
            if row["korus_type"] == "not_listed":
                assert rate is None, row["hts8"]
                continue
            assert rate is not None, row["hts8"]
            assert rate.kind.value == kinds[row["korus_type"]], row["hts8"]
            assert rate.text == row["korus_text"], row["hts8"]
            assert rate.ad_valorem == row["korus_ad_valorem"], row["hts8"]
