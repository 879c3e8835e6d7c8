"""Who may claim which preference on which day, as known: acts, proclamations and general notes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from core.reference.build.checks import BuildError
from core.reference.build.partners import write_partners
from core.reference.build.programmes import write_programmes
from core.reference.build.schedule import write_schedule
from core.reference.build.steps import build
from core.reference.build.trade import write_trade
from core.reference.pack import Pack
from core.reference.programmes import Programmes, ShareOf
from tests.core.test_reference_build import SMALL_TABLES, SOURCE, _write

MAY, EVERYTHING = date(2025, 5, 22), date.max
CAFTA_DR = ("CR", "DO", "GT", "HN", "NI", "SV")


def claimed(pack: Pack, partner: str, on: date = MAY, known: date = EVERYTHING) -> list[str]:
    return [one.id for one in pack.programmes.by_origin(pack.partners.get(partner), on, known)]


class TestWho:
    @pytest.mark.parametrize(
        ("partner", "programmes"),
        [
            ("KR", ["korus"]), ("CA", ["usmca"]), ("MX", ["usmca"]), ("JP", ["japan"]), ("AU", ["australia"]),
            ("ZA", ["agoa"]), ("NP", ["nepal"]), ("CN", []), ("EU", []), ("DE", []), ("VN", []), ("IN", []),
            ("TT", ["cbtpa", "cbera"]), ("BS", ["cbera"]), ("PA", ["panama"]),
            *((member, ["cafta_dr"]) for member in CAFTA_DR),
        ],
    )  # fmt: skip
    def test_by_origin_in_may_2025(self, pack: Pack, partner: str, programmes: list[str]) -> None:
        assert claimed(pack, partner) == programmes

    def test_every_symbol_belongs_to_one_programme(self, pack: Pack) -> None:
        owners = [symbol for one in pack.programmes.programmes for symbol in one.symbols]
        assert len(owners) == len(set(owners))
        assert pack.schedule.symbols <= set(owners)

    def test_agreements_cover_the_twenty_partners(self, pack: Pack) -> None:
        """Partners of a free trade agreement as USTR lists them; the agreement with Japan is a partial one."""
        partners = {
            partner.iso2
            for partner in pack.partners
            for one in pack.programmes.by_origin(partner, MAY, EVERYTHING)
            if one.id not in ("japan", "agoa", "cbera", "cbtpa", "nepal")
        }
        assert partners == {
            "AU", "BH", "CA", "CL", "CO", "CR", "DO", "GT", "HN", "IL", "JO", "KR", "MA", "MX", "NI", "OM", "PA", "PE",
            "SG", "SV",
        }  # fmt: skip

    @pytest.mark.parametrize(("partner", "open_to_it"), [("DE", True), ("CN", True), ("RU", False), ("CU", False)])
    def test_goods_of_a_kind_are_free_for_column_1_countries(self, pack: Pack, partner: str, open_to_it: bool) -> None:
        """General Notes 3(b), 6, 13 and 14: not for Belarus, Cuba, North Korea and Russia."""
        found = [one.id for one in pack.programmes.by_fact(pack.partners.get(partner), MAY, EVERYTHING)]
        assert found == (["civil_aircraft", "pharmaceuticals", "dyes"] if open_to_it else [])

    def test_facts_of_the_conditions_are_facts_of_look_ups(self, pack: Pack) -> None:
        assert {one.fact for one in pack.programmes.programmes} - {""} <= pack.law.facts.keys()


class TestWhen:
    @pytest.mark.parametrize("known", [date(2025, 5, 22), EVERYTHING])
    def test_gsp_cannot_be_claimed(self, pack: Pack, known: date) -> None:
        """Pub. L. 115-141 extended it through 31 December 2020; nothing has since."""
        (gsp,) = (one for one in pack.programmes.programmes if one.id == "gsp")
        assert set(gsp.symbols) == {"A", "A*", "A+"}
        for on in (date(2021, 1, 1), date(2025, 1, 1), date(2026, 12, 31)):
            assert not any(gsp.claimable(partner, on, known) for partner in pack.partners)

    def test_agoa_lapsed_and_came_back_for_the_past(self, pack: Pack) -> None:
        """Pub. L. 114-27: through 30 September 2025. Pub. L. 119-75 of 3 February 2026: through 31 December 2026."""
        last, gap = date(2025, 9, 30), date(2025, 12, 1)
        before, after = date(2026, 2, 2), date(2026, 2, 3)
        assert claimed(pack, "ZA", last, before) == claimed(pack, "ZA", last, after) == ["agoa"]
        assert claimed(pack, "ZA", gap, before) == []
        assert claimed(pack, "ZA", gap, after) == ["agoa"]
        assert claimed(pack, "ZA", date(2026, 12, 31), after) == ["agoa"]
        partner = pack.partners.get("ZA")
        assert [(one.id, day) for one, day in pack.programmes.ended(partner, gap, before)] == [
            ("agoa", date(2025, 10, 1))
        ]
        assert pack.programmes.ended(partner, gap, after) == ()

    def test_nepal_ends_with_2025(self, pack: Pack) -> None:
        """Pub. L. 114-125, sec. 915: through 31 December 2025."""
        assert claimed(pack, "NP", date(2025, 12, 31)) == ["nepal"]
        assert claimed(pack, "NP", date(2026, 1, 1)) == []

    def test_days_on_which_something_changes(self, pack: Pack) -> None:
        korea, africa = pack.partners.get("KR"), pack.partners.get("ZA")
        assert [day for day in pack.programmes.days(korea, EVERYTHING) if day.year >= 2025] == []
        assert date(2025, 10, 1) in pack.programmes.days(africa, MAY)
        assert date(2025, 10, 1) not in pack.programmes.days(africa, EVERYTHING)

    @pytest.mark.parametrize(
        ("partner", "on", "known", "words"),
        [
            ("HT", MAY, MAY, "HOPE"),
            ("HT", date(2025, 12, 1), date(2025, 12, 1), ""),
            ("HT", date(2025, 12, 1), EVERYTHING, "HOPE"),
            ("KE", MAY, MAY, "AGOA apparel"),
            ("EG", MAY, MAY, "industrial zones"),
            ("KR", MAY, MAY, ""),
        ],
    )
    def test_preferences_outside_the_column_are_named(
        self, pack: Pack, partner: str, on: date, known: date, words: str
    ) -> None:
        missing = " ".join(pack.programmes.missing(pack.partners.get(partner), on, known))
        assert words in missing
        assert bool(missing) == bool(words) or partner == "HT"  # Haiti has the CBTPA too


class TestPublishedUse:
    def test_the_latest_that_is_known_and_describes_the_day(self, pack: Pack) -> None:
        """USITC DataWeb: 38.4 % of imports from Canada in 2024; 87 % from July 2025, published on 29 March 2026."""
        canada, document = pack.partners.get("CA"), pack.programmes

        def share(on: date, known: date) -> float:
            figure = document.figure("usmca", canada, on, known)
            assert figure is not None
            assert figure.of is ShareOf.ALL
            return figure.share

        assert share(MAY, MAY) == share(MAY, EVERYTHING) == 0.384
        assert share(date(2025, 7, 1), date(2026, 3, 28)) == 0.384
        assert share(date(2025, 7, 1), date(2026, 3, 29)) == 0.87

    def test_pooled_shares_are_means_over_partners_with_known_duty(self, pack: Pack) -> None:
        pooled = pack.programmes.pooled_use
        assert "korus" not in pooled  # it has a published one
        assert pooled["cafta_dr"].partners == tuple(sorted(CAFTA_DR))
        assert set(pooled["agoa"].partners) <= {"AO", "NG", "ZA"}
        assert not {"CN", "RU", "SK", "ID", "TH"} & set(pooled["pharmaceuticals"].partners)
        assert all(0 < one.share < 1 and one.value_usd >= 1_000_000 for one in pooled.values())


class TestBuild:
    STEPS = (write_schedule, write_partners, write_trade, write_programmes)

    def _build(self, tmp_path: Path, change: Any = None) -> Programmes:
        source = tmp_path / "source"
        source.mkdir()
        for name, text in SMALL_TABLES.items():
            _write(source / name, text)
        document = yaml.safe_load((SOURCE / "programmes.yaml").read_text("utf-8"))
        wanted = ("korus", "australia", "jordan", "colombia")
        document["programmes"] = [one for one in document["programmes"] if one["id"] in wanted]
        for one in document["programmes"]:
            one["statements"][0]["partners"] = ["KR"]
        document["use"] = [one for one in document["use"] if one["programme"] == ""]
        document["base_year_duties"], document["outside"] = [], []
        if change is not None:
            change(document)
        (source / "programmes.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
        build(source, tmp_path / "pack", self.STEPS)
        return msgspec.json.decode((tmp_path / "pack" / "programmes.json").read_bytes(), type=Programmes)

    def test_small_one(self, tmp_path: Path) -> None:
        assert [one.id for one in self._build(tmp_path).programmes] == ["korus", "australia", "colombia", "jordan"]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda d: d["programmes"].pop(0), r"KR\).*belongs to no programme"),
            (lambda d: d["programmes"][0]["statements"][0].update(partners=["QQ"]), "'QQ' is not a partner"),
            (lambda d: d["programmes"][0]["statements"].append(
                {**d["programmes"][0]["statements"][0], "released": date(2000, 1, 1)}), "order of their release"),
            (lambda d: d["use"].clear(), "no share of use"),
        ],
    )  # fmt: skip
    def test_what_contradicts_itself_is_refused(self, tmp_path: Path, change: Any, words: str) -> None:
        with pytest.raises(BuildError, match=words):
            self._build(tmp_path, change)

    def test_a_cell_that_cannot_be_read_names_its_line(self, tmp_path: Path) -> None:
        source = tmp_path / "source"
        source.mkdir()
        name = "us_hts_2025_hs8_mfn_and_korus.csv.gz"
        for table, text in SMALL_TABLES.items():
            _write(source / table, text + ("87089981,X,2%,0.02,ad_valorem,Fre (KR)\n" if table == name else ""))
        with pytest.raises(BuildError, match="87089981.*not a rate: Fre"):
            build(source, tmp_path / "pack", (write_schedule,))
