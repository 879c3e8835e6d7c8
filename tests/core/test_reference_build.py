"""Building the pack: the same bytes every time, what fails the build, and the arithmetic of its steps."""

from __future__ import annotations

import gzip
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import PackError
from core.reference.build.__main__ import main
from core.reference.build.ave import Collected, collected_by_line, equivalents
from core.reference.build.checks import (
    BuildError,
    Correction,
    Entry,
    Fault,
    Problem,
    check_citations,
    check_codes,
    check_overlaps,
    enforce,
)
from core.reference.build.metals import bounded, write_metal_shares
from core.reference.build.names import KOREAN_SOURCE, write_names
from core.reference.build.partners import write_partners
from core.reference.build.rates import SpecificRate, parse_specific
from core.reference.build.schedule import write_schedule
from core.reference.build.steps import STEPS, build
from core.reference.build.trade import write_trade
from core.reference.build.wording import KoreanLine, readable, subheading_name
from core.reference.pack import Pack, load_pack
from core.reference.schedule import AveBasis

SOURCE = Path(__file__).resolve().parents[2] / "packaging" / "reference"
SMALL_STEPS = (write_schedule, write_names, write_partners, write_trade, write_metal_shares)

# Two lines and three partners: enough for every step. Figures are made up.
SMALL_TABLES = {
    "us_hts_2025_hs8_mfn_and_korus.csv.gz": (
        "hts8,description,mfn_text,mfn_ad_valorem,mfn_type,special_text\n"
        '04021050,Milk > Other,86.5¢/kg,,specific_or_compound_or_note,"Free (JO) 5.7¢/kg (CO,KR) See 9822.04.15 (AU)"\n'
        '87032301,Cars,2.5%,0.025,ad_valorem,"Free (AU,JO,KR)"\n'
    ),
    "us_imports_2024_hts10_by_country.csv.gz": (
        "hts10,cty_code,customs_value_usd\n"
        "0402105000,4280,400000\n8703230170,5800,900\n8703230170,5880,800\n8703230170,4280,100\n"
    ),
    "us_imports_2024_hts10_top51_value_duty.csv.gz": (
        "cty_code,hts10,customs_value_usd,calculated_duty_usd\n"
        "0003,0402105000,400000,80000\n0003,8703230170,100,2\n5880,8703230170,800,20\n5880,9801001012,7,0\n"
    ),
    "us_imports_2024_korea_hts10.csv.gz": (
        "hts10,customs_value_usd,calculated_duty_usd\n8703230170,900,1\n9801001012,50,0\n"
    ),
    "hts10_2024_short_descriptions.csv.gz": 'hts10,short_desc\n8703230170,"PASS VEH, NESOI"\n',
    "countries_census_schedule_c.csv.gz": ("cty_code,iso2,is_eu27\n4280,DE,1\n5800,KR,0\n5880,JP,0\n9030,PR,0\n"),
    "unions.csv": "union,census_code,grouping,member_column\nEU,0003,EU27,is_eu27\n",
    "us_goods_trade_by_partner_2013_2024.csv.gz": (
        "year,cty_code,cty_name,exports_usd,imports_usd,is_aggregate\n"
        "2024,-,TOTAL,5,9,1\n2024,5800,KOREA,2,3,0\n2024,8220,,1,1,0\n"
    ),
    "us_exports_korea_hs2_monthly_2013_2026.csv.gz": (
        "year,month,hs2,exports_usd\n2024,1,00,9\n2024,1,01,4\n2024,2,01,5\n2025,1,01,7\n"
    ),
    "hsk_2025_names_ko_en.csv.gz": "hsk_code,level,name_ko,nature_group_ko\n8703231010,10,신차,승용차\n",
    "yale_metal_content_shares_bea_hs10.csv.gz": (
        "hs10,steel_share,aluminum_share,copper_share\n8703230170,0.2,0.1,0.05\n"
    ),
    "partner_names.csv": (
        "iso2,name_en,name_ko,groupings\nEU,EU,유럽연합,\nDE,Germany,독일,EURO\nKR,South Korea,한국,\nJP,Japan,일본,\n"
    ),
    "names_ko_hs6.csv": "hs6,name_ko\n040210,분유\n",
    "line_names.csv": "hts8,name_en,name_ko\n87032301,Cars,승용차\n",
    "chapter_names.csv": "hs2,name_en,name_ko\n87,Vehicles,차량\n",
    "corrections.csv": "file,entry,problem,reason\n",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for name, text in SMALL_TABLES.items():
        _write(folder / name, text)
    return folder


def _write(path: Path, text: str) -> None:
    data = text.encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


def _append(source: Path, name: str, text: str) -> None:
    _write(source / name, SMALL_TABLES[name] + text)


def _content(path: Path) -> dict[str, bytes]:
    """What a pack says, whatever the compression library made of it."""
    found = {}
    for file in sorted(path.iterdir()):
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                found |= {f"{file.name}/{name}": archive.read(name) for name in archive.namelist()}
        elif file.suffix == ".gz":
            found[file.name] = gzip.decompress(file.read_bytes())
        elif file.name != "manifest.json":
            found[file.name] = file.read_bytes()
    return found


class TestWholeBuild:
    def test_committed_pack_is_what_the_committed_sources_give(self, pack: Pack, tmp_path: Path) -> None:
        build(SOURCE, tmp_path / "pack")
        built, committed = _content(tmp_path / "pack"), _content(pack.root)
        assert built.keys() == committed.keys()
        assert [name for name in built if built[name] != committed[name]] == []

    def test_small_pack_loads_and_is_right(self, source: Path, tmp_path: Path) -> None:
        build(source, tmp_path / "pack", SMALL_STEPS)
        small = load_pack(tmp_path / "pack")
        korea, union = small.trade.imports("KR"), small.trade.imports("EU")
        assert (korea.total_value, korea.unrated_value, korea.duty.sum()) == (900, 50, 1)
        assert (union.total_value, union.duty.sum()) == (400_100, 80_002)
        assert not small.trade.imports("DE").duty_known.any()
        assert small.schedule.line("04021050").ave == 0.2
        assert [row.exports_usd for row in small.partners.chapter_exports("KR")] == [9]
        assert small.names.name("0402105000").ko == "분유"

    def test_two_builds_give_the_same_bytes(self, source: Path, tmp_path: Path) -> None:
        for name in ("one", "two"):
            build(source, tmp_path / name, SMALL_STEPS)
        first, second = (
            {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "two")
        )
        assert first == second

    def test_names_that_need_a_permission_can_be_taken_out(self, source: Path, tmp_path: Path) -> None:
        (source / KOREAN_SOURCE).unlink()
        build(source, tmp_path / "pack", SMALL_STEPS)
        assert load_pack(tmp_path / "pack").names.korean == {"040210": "분유"}

    def test_failed_build_leaves_the_old_pack(self, source: Path, tmp_path: Path) -> None:
        out = tmp_path / "pack"
        build(source, out, SMALL_STEPS)
        before = {file.name: file.read_bytes() for file in out.iterdir()}
        (source / "partner_names.csv").unlink()
        with pytest.raises(PackError, match=r"partner_names\.csv"):
            build(source, out, SMALL_STEPS)
        assert {file.name: file.read_bytes() for file in out.iterdir()} == before
        assert sorted(path.name for path in tmp_path.iterdir()) == ["pack", "source"]

    def test_command_says_what_is_wrong_and_exits_with_2(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main([str(tmp_path / "none"), str(tmp_path / "pack")]) == 2
        assert "cannot be read" in capsys.readouterr().err
        assert main([]) == 2
        assert "usage" in capsys.readouterr().err


class TestFailures:
    """Each names the file and the entry."""

    IMPORTS = "us_imports_2024_hts10_by_country.csv.gz"

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            ("8703990000", "no line"),
            ("7701000000", "Chapter 77"),
            ("870323017", "9"),
            ("87032301AB", "digits only"),
        ],
    )
    def test_code(self, source: Path, tmp_path: Path, line: str, why: str) -> None:
        _append(source, self.IMPORTS, f"{line},5800,5\n")
        with pytest.raises(BuildError, match=rf"{self.IMPORTS}: {line}\).*{why}"):
            build(source, tmp_path / "pack", SMALL_STEPS)

    def test_code_that_the_corrections_explain(self, source: Path, tmp_path: Path) -> None:
        _append(source, self.IMPORTS, "8703990000,5800,5\n")
        _append(source, "us_imports_2024_korea_hts10.csv.gz", "8703990000,5,0\n")
        _append(source, "corrections.csv", f"{self.IMPORTS},8703990000,no_line,booked there by mistake\n")
        build(source, tmp_path / "pack", SMALL_STEPS)
        small = load_pack(tmp_path / "pack")
        assert small.schedule.position(small.trade.imports("KR").hts10).tolist() == [1, -1]

    def test_correction_without_a_reason(self, source: Path, tmp_path: Path) -> None:
        _append(source, "corrections.csv", f"{self.IMPORTS},8703990000,no_line,\n")
        with pytest.raises(BuildError, match=r"corrections\.csv: 8703990000\).*no reason"):
            build(source, tmp_path / "pack", SMALL_STEPS)

    def test_correction_that_nothing_needs(self, source: Path, tmp_path: Path) -> None:
        _append(source, "corrections.csv", f"{self.IMPORTS},8703990000,no_line,once wrong\n")
        with pytest.raises(BuildError, match="not needed any more"):
            build(source, tmp_path / "pack", SMALL_STEPS)

    def test_line_that_is_twice_in_the_schedule(self, source: Path, tmp_path: Path) -> None:
        name = "us_hts_2025_hs8_mfn_and_korus.csv.gz"
        _append(source, name, "87032301,Cars,2.5%,0.025,ad_valorem,Free (KR)\n")
        with pytest.raises(BuildError, match=rf"{name}: 87032301\)"):
            build(source, tmp_path / "pack", SMALL_STEPS)

    def test_sources_that_disagree(self, source: Path, tmp_path: Path) -> None:
        _write(
            source / "us_imports_2024_korea_hts10.csv.gz",
            "hts10,customs_value_usd,calculated_duty_usd\n8703230170,901,1\n",
        )
        with pytest.raises(BuildError, match=r"5800 8703230170.*901 / 900"):
            build(source, tmp_path / "pack", SMALL_STEPS)

    def test_partner_without_a_name(self, source: Path, tmp_path: Path) -> None:
        _write(source / "partner_names.csv", "iso2,name_en,name_ko,groupings\nKR,South Korea,한국,\n")
        with pytest.raises(BuildError, match=r"partner_names\.csv: DE"):
            build(source, tmp_path / "pack", SMALL_STEPS)

    def test_partner_that_no_list_of_countries_holds(self, source: Path, tmp_path: Path) -> None:
        _append(source, self.IMPORTS, "8703230170,1234,5\n")
        with pytest.raises(BuildError, match=rf"{self.IMPORTS}: 1234"):
            build(source, tmp_path / "pack", SMALL_STEPS)


class TestChecks:
    def test_codes(self) -> None:
        rows = [
            Entry(code, code)
            for code in ("87", "8703", "87032301", "8703230000", "8703230100", "8704", "7700", "00", "870")
        ]
        found = check_codes(rows, ["87032301"], ["8703230170"])
        assert [(problem.entry, problem.fault) for problem in found] == [
            ("8703230000", Fault.NO_LINE),
            ("8704", Fault.NO_LINE),
            ("7700", Fault.IMPOSSIBLE_CODE),
            ("00", Fault.IMPOSSIBLE_CODE),
            ("870", Fault.IMPOSSIBLE_CODE),
        ]

    @pytest.mark.parametrize(
        ("start", "end", "other_list", "overlaps"),
        [
            (date(2025, 6, 1), date.max, False, False),
            (date(2025, 5, 31), date.max, False, True),
            (date.min, date(2025, 3, 12), False, False),
            (date.min, date(2025, 3, 13), False, True),
            (date(2025, 4, 1), date(2025, 4, 2), False, True),
            (date(2025, 4, 1), date(2025, 4, 2), True, False),
        ],
    )
    def test_overlaps_are_within_one_list_and_half_open(
        self, start: date, end: date, other_list: bool, overlaps: bool
    ) -> None:
        rows = [
            Entry("row 1", "87032301", "cars", date(2025, 3, 12), date(2025, 6, 1)),
            Entry("row 2", "87032301", "parts" if other_list else "cars", start, end),
        ]
        assert bool(check_overlaps(rows)) == overlaps

    def test_overlap_with_the_longest_of_several(self) -> None:
        rows = [
            Entry("all year", "8703", "cars", date(2025, 1, 1), date(2026, 1, 1)),
            Entry("March", "8703", "cars", date(2025, 3, 1), date(2025, 4, 1)),
            Entry("May", "8703", "cars", date(2025, 5, 1), date(2025, 6, 1)),
        ]
        assert [problem.entry for problem in check_overlaps(rows)] == ["March", "May"]

    def test_citations(self) -> None:
        found = check_citations([("steel", "90 FR 9817"), ("cars", " ")])
        assert [(problem.entry, problem.fault) for problem in found] == [("cars", Fault.NO_CITATION)]

    def test_correction_fits_only_its_own_kind_of_problem(self) -> None:
        problem = Problem(Fault.OVERLAP, "row 2", "twice")
        with pytest.raises(BuildError, match="row 2"):
            enforce({"list.csv": [problem]}, [Correction("list.csv", "row 2", "no_line", "known")])
        enforce({"list.csv": [problem]}, [Correction("list.csv", "row 2", "overlap", "known")])


class TestRates:
    @pytest.mark.parametrize(
        ("text", "amount", "unit", "percent"),
        [
            ("86.5¢/kg", "0.865", "kg", "0"),
            ("$1.092/kg", "1.092", "kg", "0"),
            ("33.9¢/kg of total sugars + 5.1%", "0.339", "kgoftotalsugars", "0.051"),
            ("25¢ each + 3.9%", "0.25", "each", "0.039"),
            ("4.5¢/ liter", "0.045", "liter", "0"),
            ("62¢/pr. + 13.7%", "0.62", "pr.", "0.137"),
            ("$1.50/kg +5%", "1.50", "kg", "0.05"),
        ],
    )
    def test_single_specific_part_is_read(self, text: str, amount: str, unit: str, percent: str) -> None:
        assert parse_specific(text) == SpecificRate(Decimal(amount), unit, Decimal(percent))

    @pytest.mark.parametrize(
        "text",
        [
            "Free",
            "2.5%",
            "2.5% on the value of the lead content",
            "20¢ each + 4.6% on the case + 3.5% on the battery",
            "1.4606¢/kg less 0.020668¢/kg for each degree under 100 degrees but not less than 0.943854¢/kg",
            "4¢ each + 5% + 0.3¢/jewel",
            "The rate applicable to each garment in the ensemble if separately entered",
        ],
    )
    def test_anything_with_more_parts_is_left_alone(self, text: str) -> None:
        assert parse_specific(text) is None


class TestEquivalents:
    def test_duty_over_value_of_the_line(self) -> None:
        found = equivalents({"04021050": "86.5¢/kg"}, {"04021050": Collected(1_000_000, 150_000)})
        assert (found["04021050"].rate, found["04021050"].basis) == (0.15, AveBasis.LINE)

    def test_unit_value_of_the_subheading(self) -> None:
        """500,000 kg at 0.10 US$ paid 50,000 on 1 m: 2 US$ per kg, so 0.50 per kg and 5 % are 30 %."""
        texts = {"04021010": "10¢/kg", "04021050": "50¢/kg + 5%"}
        found = equivalents(texts, {"04021010": Collected(1_000_000, 50_000)})["04021050"]
        assert found.rate == pytest.approx(0.30)
        assert (found.basis, found.value_usd) == (AveBasis.SUBHEADING_UNIT_VALUE, 1_000_000)

    def test_other_unit_says_nothing(self) -> None:
        texts = {"04021010": "10¢/liter", "04021050": "50¢/kg"}
        found = equivalents(texts, {"04021010": Collected(1_000_000, 50_000)})["04021050"]
        assert (found.rate, found.basis) == (None, AveBasis.THIN_TRADE)

    def test_rate_in_words_takes_the_average(self) -> None:
        texts = {"61033100": "38.6¢/kg + 10%", "61033120": "The rate applicable to each garment"}
        found = equivalents(texts, {"61033100": Collected(1_000_000, 110_000)})["61033120"]
        assert (found.rate, found.basis) == (0.11, AveBasis.SUBHEADING_AVERAGE)

    @pytest.mark.parametrize("paid", [Collected(99_999, 10_000), Collected(1_000_000, 0)])
    def test_too_little_is_unknown(self, paid: Collected) -> None:
        assert equivalents({"04021050": "86.5¢/kg"}, {"04021050": paid})["04021050"].rate is None

    def test_metals_with_section_232_duties_are_unknown(self) -> None:
        rows = [("0003", "7318150000", "1000000", "250000"), ("5700", "0402105000", "1000000", "250000")]
        assert collected_by_line(rows) == {}
        found = equivalents({"73181500": "1¢/kg"}, {})["73181500"]
        assert (found.rate, found.basis) == (None, AveBasis.SECTION_232)

    def test_bounds_are_flagged(self) -> None:
        texts = {"61033100": "38.6¢/kg + 10%", "24011000": "$5/kg"}
        found = equivalents(texts, {"61033100": Collected(1_000_000, 90_000), "24011000": Collected(100_000, 900_000)})
        assert [(value.rate, value.clipped) for value in found.values()] == [(0.10, True), (3.5, True)]


class TestWording:
    @pytest.mark.parametrize(
        ("census", "shown"),
        [
            (
                "LITHIUM-ION STORAGE BATTERIES, NESOI",
                "Lithium-ion storage batteries, other",
            ),
            ("OTHER TUBES AND PIPES, SEAMLESS, NESOI", "Other tubes and pipes, seamless"),
            ("PARTS OF BUMPERS NESOI OF HEADING 8708", "Parts of bumpers, other, of heading 8708"),
            ("TVS EXC COLOR, MOTORS NOT EXC 149.2 KW", "Tvs except color, motors not over 149.2 kW"),
            (
                "OIL EX VIRG, EX FAT & OIL OF OT CONT FD&C",
                "Oil extra virg, except fat and oil of other containing fd&c",
            ),
            ("FIBER, CONT FILAMENT, CONT. LEAD, 8430NESOI", "Fiber, cont filament, containing lead, 8430, other"),
            ("US TIRES, EXC LT TRUCKS;STEEL, ETC.", "US tires, except light trucks; steel, etc."),
            ("LAKES & PREPS, NESOI, OTHER", "Lakes and preparations, other"),
            (
                "FLAT-RLD GT/=600MM, W/OUT ZINC, UN 3MM AO",
                "Flat-rolled at least 600mm, without zinc, under 3mm and over",
            ),
            ("SALMON, FR/CH, LT10 KG OM", "Salmon, fresh or chilled, under 10 kg or more"),
            ("LCD MONITORS,COLOR,10,000 CC", "LCD monitors, color, 10,000 cc"),
            ("PRTS GT 6 KG", "Parts over 6 kg"),
            ("W/G SWEATERS OF WOOL", "Women's or girls' sweaters of wool"),
            ("FILM W/O PERFORATION", "Film without perforation"),
        ],
    )
    def test_english(self, census: str, shown: str) -> None:
        assert readable(census) == shown

    @pytest.mark.parametrize(
        ("lines", "name"),
        [
            ([KoreanLine("기타", "말"), KoreanLine("농가 사육용", "말")], "말(농가 사육용 등)"),
            ([KoreanLine("벤젠", "벤젠")], "벤젠"),
            (
                [KoreanLine("신차", "승용차 - 신차"), KoreanLine("중고차", "승용차 - 중고차")],
                "승용차(신차, 중고차)",
            ),
            ([KoreanLine("보빈", "섬유기계"), KoreanLine("기타", "기타 공구류")], "기타 공구류"),
            ([KoreanLine("갑", "가"), KoreanLine("을", "나")], "가, 나"),
            ([KoreanLine("기타", "")], "기타"),
        ],
    )
    def test_korean(self, lines: list[KoreanLine], name: str) -> None:
        assert subheading_name(lines) == name


def test_metal_shares_are_cut_and_scaled_with_a_mark() -> None:
    assert bounded([0.5, 0.25, 0.1]) == ("0.500000", "0.250000", "0.100000", "bea")
    assert bounded([1.2, 0.0, 0.0]) == ("1.000000", "0.000000", "0.000000", "bea_adjusted")
    assert bounded([1.0, 0.5, 0.5]) == ("0.500000", "0.250000", "0.250000", "bea_adjusted")


def test_every_step_is_in_the_build_once() -> None:
    assert set(SMALL_STEPS) < set(STEPS)
    assert len(set(STEPS)) == len(STEPS)
