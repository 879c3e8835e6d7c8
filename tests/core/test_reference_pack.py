"""The pack that Parley comes with: totals that its sources publish, and what a damaged pack says."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import msgspec
import numpy as np
import pytest

from core.errors import InputError, PackError, UnknownCodeError
from core.reference.manifest import MANIFEST_NAME, SCHEMA, Manifest
from core.reference.metals import METALS
from core.reference.names import description_tail
from core.reference.pack import Pack, load_pack
from core.reference.report import reference_data, reference_report
from core.reference.schedule import AveBasis, RateKind, basis_words


class TestTotalsOfTheCensus:
    """Golden values: US Census Bureau 2024, as checked in packaging/reference/PROVENANCE.md."""

    def test_korea_consumption(self, pack: Pack) -> None:
        korea = pack.trade.imports("KR")
        assert len(korea) == 8_283
        assert korea.total_value == 128_432_847_766
        assert (korea.unrated_lines, korea.unrated_value) == (44, 2_025_887_860)
        assert korea.total_value + korea.unrated_value == 130_458_735_626

    def test_korea_duty(self, pack: Pack) -> None:
        korea = pack.trade.imports("KR")
        assert korea.duty_known.all()
        assert korea.duty.sum() + korea.unrated_duty == 248_849_879

    def test_korea_general_imports_and_exports(self, pack: Pack) -> None:
        year = pack.partners.totals("KR")[-1]
        assert year.year == 2024
        assert year.imports_usd == 131_553_159_443
        assert round(year.exports_usd / 1e6) == 65_586
        assert round(year.balance_usd / 1e6) == -65_967

    def test_world(self, pack: Pack) -> None:
        flows = pack.trade.flows
        assert (len(flows.value), len(flows.partners)) == (334_728, 233)
        assert round(flows.value.sum() / 1e7) == 312_377
        world = pack.partners.totals("WORLD")[-1]
        assert round(world.imports_usd / 1e7) == 326_641
        assert round(world.exports_usd / 1e7) == 206_169

    def test_eu_is_the_sum_of_its_27_members(self, pack: Pack) -> None:
        members = pack.partners.members("EU27")
        assert len(members) == 27
        total = sum(pack.trade.imports(member.iso2).total_value for member in members)
        assert total == pack.trade.imports("EU").total_value == 562_425_464_663

    def test_passenger_cars_from_korea(self, pack: Pack) -> None:
        korea = pack.trade.imports("KR")
        cars = np.char.startswith(korea.hts10, "8703")
        assert round(korea.value[cars].sum() / 1e6) == 36_856

    def test_values_with_and_without_special_provisions(self, pack: Pack) -> None:
        """Michael Waugh's totals by partner, chapters 98-99 included."""
        totals = {
            "JP": 151.34,
            "MX": 503.44,
            "CN": 429.43,
            "VN": 141.36,
            "TW": 115.27,
            "IN": 87.74,
            "EU": 597.47,
        }
        for partner, billions in totals.items():
            imports = pack.trade.imports(partner)
            assert round((imports.total_value + imports.unrated_value) / 1e9, 2) == billions

    def test_exports_by_chapter(self, pack: Pack) -> None:
        chapters = [row for row in pack.partners.chapter_exports("KR") if row.year == 2024]
        assert sum(row.exports_usd for row in chapters) == 65_771_337_079
        info = pack.info("exports_by_chapter.csv.gz")
        assert not info.is_known(date(2025, 5, 22))
        assert info.is_known(date(2025, 6, 5))
        assert max(row.year for row in pack.partners.chapter_exports("KR")) == 2024

    @pytest.mark.parametrize(
        ("grouping", "census"), [("ASEAN", "0027"), ("USMCA", "0020"), ("CAFTA-DR", "0017"), ("EURO", "0025"),
                                 ("EU27", "EU")],
    )  # fmt: skip
    def test_groupings_add_up_to_the_aggregates_of_the_census(self, pack: Pack, grouping: str, census: str) -> None:
        members = pack.partners.members(grouping)
        total = sum(pack.partners.totals(member.iso2)[-1].imports_usd for member in members)
        assert total == pack.partners.totals(census)[-1].imports_usd


class TestSchedule:
    """Golden values: USITC, HTS 2025 Basic Edition."""

    def test_lines(self, pack: Pack) -> None:
        kinds = pack.schedule.mfn_kind
        assert len(pack.schedule) == 11_413
        assert (kinds == RateKind.FREE.value).sum() == 4_315
        assert (kinds == RateKind.AD_VALOREM.value).sum() == 5_862
        assert not np.isnan(pack.schedule.mfn_rate[~pack.schedule.is_specific]).any()

    @pytest.mark.parametrize(
        ("code", "text", "mfn", "korus"),
        [
            ("87032301", "2.5%", 0.025, 0.0),
            ("87042101", "25%", 0.25, 0.25),
            ("85423100", "Free", 0.0, None),
            ("61091000", "16.5%", 0.165, 0.0),
        ],
    )
    def test_rates(self, pack: Pack, code: str, text: str, mfn: float, korus: float | None) -> None:
        line = pack.schedule.line(code)
        preference = pack.schedule.preferential("KR")
        index = pack.schedule.position([code])[0]
        assert (line.mfn_text, line.mfn_rate, line.applied_mfn) == (text, mfn, mfn)
        assert preference.listed[index] == (korus is not None)
        if korus is not None:
            assert preference.rate[index] == korus

    def test_light_trucks_keep_their_rate_under_the_preference(self, pack: Pack) -> None:
        preference = pack.schedule.preferential("KR")
        trucks = pack.schedule.matching("8704")
        assert (preference.rate[trucks] == 0.25).sum() == 12

    def test_every_line_of_korea_but_one_is_found(self, pack: Pack) -> None:
        korea = pack.trade.imports("KR")
        missing = korea.hts10[pack.schedule.position(korea.hts10) < 0]
        assert missing.tolist() == ["4420190000"]

    def test_matching_is_the_lines_with_that_beginning(self, pack: Pack) -> None:
        cars = pack.schedule.hts8[pack.schedule.matching("8703")]
        assert cars.tolist() == [code for code in pack.schedule.hts8.tolist() if code.startswith("8703")]
        assert pack.schedule.hts8[pack.schedule.matching("8703230170")].tolist() == ["87032301"]
        assert len(pack.schedule.hts8[pack.schedule.matching("77")]) == 0

    def test_unknown_line_names_its_neighbours(self, pack: Pack) -> None:
        with pytest.raises(UnknownCodeError, match=r"8703\.23\.99.*8703\.23\.01"):
            pack.schedule.line("87032399")

    def test_unknown_preference_is_listed_nowhere(self, pack: Pack) -> None:
        nothing = pack.schedule.preferential("ZZ")
        assert not nothing.listed.any()
        assert np.isnan(nothing.rate).all()


class TestEquivalents:
    """Ad valorem equivalents of specific and compound rates."""

    def test_unknown_is_nan_and_never_zero(self, pack: Pack) -> None:
        schedule = pack.schedule
        known = schedule.ave[schedule.is_specific & ~np.isnan(schedule.ave)]
        assert len(known) == 1_009
        assert known.min() > 0
        assert known.max() <= 3.5
        assert np.isnan(schedule.ave[~schedule.is_specific]).all()

    def test_each_says_what_it_rests_on(self, pack: Pack) -> None:
        schedule = pack.schedule
        unknown = np.isnan(schedule.ave) & schedule.is_specific
        for basis in np.unique(schedule.ave_basis[schedule.is_specific]):
            assert basis_words(str(basis))
            assert unknown[schedule.ave_basis == basis].all() == str(basis).startswith("none")
        assert set(schedule.ave_basis[~schedule.is_specific]) == {AveBasis.NOT_NEEDED.value}

    def test_collected_duty_reproduces_rates_that_are_written(self, pack: Pack) -> None:
        """7801.10.00 is 2.5 % of the lead's value (HTS): nearly 2.5 % of a refined ingot."""
        assert pack.schedule.line("78011000").ave == pytest.approx(0.025, abs=0.0005)

    def test_compound_rate_is_at_least_its_percentage(self, pack: Pack) -> None:
        """6103.31.00: 38.6 cents per kilogram and 10 % (HTS)."""
        assert 0.10 < pack.schedule.line("61033100").ave < 0.11

    def test_specific_preference_is_in_proportion(self, pack: Pack) -> None:
        """0402.10.50: 86.5 cents per kilogram, 5.7 for Korea (HTS)."""
        index = pack.schedule.position(["04021050"])[0]
        preference = pack.schedule.preferential("KR")
        assert preference.estimated[index]
        assert preference.rate[index] == pytest.approx(pack.schedule.ave[index] * 5.7 / 86.5, abs=1e-6)

    def test_equivalents_hide_little_of_koreas_trade(self, pack: Pack) -> None:
        schedule, korea = pack.schedule, pack.trade.imports("KR")
        where = schedule.position(korea.hts10)
        unrated = np.isnan(schedule.applied_mfn[where]) & (where >= 0)
        assert korea.value[unrated].sum() / korea.total_value < 0.0005


class TestNamesAndPartners:
    def test_names(self, pack: Pack) -> None:
        name = pack.names.name("8507600020")
        assert name.en == "Lithium-ion storage batteries, other"
        assert name.ko == "리튬이온 축전지"

    def test_every_korean_line_has_a_name(self, pack: Pack) -> None:
        names = [pack.names.name(str(code)) for code in pack.trade.imports("KR").hts10]
        assert all(name.en for name in names)
        assert all(name.ko for name in names)

    def test_line_without_a_short_description_takes_the_schedule(self, pack: Pack) -> None:
        assert pack.names.name("01012900").en == "Horses: Other"
        assert description_tail("Other") == "Other"

    def test_every_partner_has_both_names(self, pack: Pack) -> None:
        assert len(pack.partners) == 234
        assert all(partner.name.en and partner.name.ko for partner in pack.partners)
        assert pack.partners.get("NA").name.en == "Namibia"

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [("Korea", "KR"), ("한국", "KR"), ("Vietnam", "VN"), ("UK", "GB"), ("germny", "DE")],
    )
    def test_unknown_partner_names_near_ones(self, pack: Pack, typed: str, meant: str) -> None:
        with pytest.raises(InputError, match=rf"'{typed}'.*{meant} \("):
            pack.trade.imports(typed)

    def test_partner_may_be_typed_in_small_letters(self, pack: Pack) -> None:
        assert pack.trade.imports(" kr ") is pack.trade.imports("KR")


class TestMetalShares:
    def test_shares_are_shares(self, pack: Pack) -> None:
        shares = pack.metal_shares.shares
        assert shares.shape == (20_780, len(METALS))
        assert shares.min() >= 0
        assert shares.sum(axis=1).max() <= 1
        assert 1_000 < pack.metal_shares.adjusted.sum() < 2_000

    def test_line_without_figures_is_unknown(self, pack: Pack) -> None:
        found = pack.metal_shares.of(np.array(["7326908688", "0000000000"]))
        # The Budget Lab at Yale, tariff-rate-tracker: steel_share 0.20934 of this line.
        assert found[0, 0] == pytest.approx(0.2093, abs=0.0001)
        assert np.isnan(found[1]).all()


class TestReport:
    def test_text_says_which_concept_is_shown(self, pack: Pack) -> None:
        text = "\n".join(reference_report(pack, "KR"))
        for part in ("8,283 lines", "128.43 ", "2.03 ", "131.55 ", "0.19", "imports for consumption"):
            assert part in text
        assert all(name in text for name in pack.manifest.files)

    def test_data_are_plain_json(self, pack: Pack) -> None:
        data = reference_data(pack, "KR")
        assert msgspec.json.decode(msgspec.json.encode(data)) == data
        assert data["totals"]["general_imports_usd"] == 131_553_159_443

    def test_unknown_is_none_not_zero(self, pack: Pack) -> None:
        """The duty of a partner outside the 50 is not known, nor are its chapters 98-99."""
        totals = reference_data(pack, "PM")["totals"]
        assert totals["duty_usd"] is None
        assert totals["unrated_usd"] is None


class TestDamage:
    """Each damage is one PackError that names the file."""

    @pytest.fixture
    def copy(self, pack: Pack, tmp_path: Path) -> Path:
        return shutil.copytree(pack.root, tmp_path / "pack")

    def test_missing_file(self, copy: Path) -> None:
        (copy / "partners.csv").unlink()
        with pytest.raises(PackError, match=r"partners\.csv\).*missing"):
            load_pack(copy)

    def test_altered_file(self, copy: Path) -> None:
        data = bytearray((copy / "schedule.csv.gz").read_bytes())
        data[5000] ^= 1
        (copy / "schedule.csv.gz").write_bytes(data)
        with pytest.raises(PackError, match=r"schedule\.csv\.gz\).*changed or damaged"):
            load_pack(copy)
        with pytest.raises(PackError, match=r"schedule\.csv\.gz"):
            _ = load_pack(copy, verify=False).schedule

    def test_extra_file(self, copy: Path) -> None:
        (copy / "more.csv").write_text("a\n")
        with pytest.raises(PackError, match=r"more\.csv\).*not in the pack's list"):
            load_pack(copy)

    def test_truncated_archive(self, copy: Path) -> None:
        (copy / "imports_2024.zip").write_bytes((copy / "imports_2024.zip").read_bytes()[:-100])
        with pytest.raises(PackError, match=r"imports_2024\.zip"):
            load_pack(copy)
        with pytest.raises(PackError, match=r"imports_2024\.zip"):
            load_pack(copy, verify=False).trade.imports("KR")

    def test_newer_schema_wins_over_everything_it_may_have_changed(self, copy: Path) -> None:
        (copy / MANIFEST_NAME).write_text(f'{{"schema": {SCHEMA + 1}, "other": []}}')
        with pytest.raises(PackError, match="newer Parley"):
            load_pack(copy)

    @pytest.mark.parametrize("content", ["", "[]", "{", '{"schema": 1}'])
    def test_unreadable_manifest(self, copy: Path, content: str) -> None:
        (copy / MANIFEST_NAME).write_text(content)
        with pytest.raises(PackError, match=r"manifest\.json"):
            load_pack(copy)

    def test_no_pack_at_all(self, tmp_path: Path) -> None:
        with pytest.raises(PackError, match=r"manifest\.json"):
            load_pack(tmp_path)

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            ("# title: x\n", "is empty"),
            ("iso2,census_code\nKR,5800\n", "name_en"),
            ("iso2,census_code\nKR\n", "1 cells instead of 2"),
            ('iso2\n"KR\n', "not well formed"),
        ],
    )
    def test_wrong_table_with_a_right_hash(self, copy: Path, content: str, why: str) -> None:
        """A pack made by hand: the hash fits, the content does not."""
        (copy / "partners.csv").write_text(content)
        with pytest.raises(PackError, match=why) as caught:
            _ = load_pack(copy, verify=False).partners
        assert caught.value.where == "partners.csv"

    def test_every_file_says_where_it_is_from(self, pack: Pack) -> None:
        manifest = msgspec.json.decode((pack.root / MANIFEST_NAME).read_bytes(), type=Manifest)
        for info in manifest.files.values():
            assert all((info.title, info.source, info.date, info.licence, info.concept, info.unit))

    def test_table_carries_its_description(self, pack: Pack) -> None:
        text = pack.text("schedule.csv.gz")
        keys = [line.split(":")[0] for line in text.splitlines()[:6]]
        assert keys == ["# title", "# source", "# date", "# licence", "# concept", "# unit"]

    def test_frame_keeps_namibia_and_blanks_as_text(self, pack: Pack) -> None:
        frame = pack.frame("partners.csv")
        assert "NA" in set(frame["iso2"])
        assert frame.isna().sum().sum() == 0
