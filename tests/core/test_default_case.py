"""The case that Parley opens with, and what a new one starts from."""

from __future__ import annotations

import runpy
from datetime import date
from pathlib import Path

from core import casefile
from core.audience import Audience
from core.casefile import default_case
from core.casefile.format import decode, encode
from core.reference.pack import load_pack

ROOT = Path(__file__).resolve().parents[2]
JULY, AUGUST = date(2025, 7, 9), date(2025, 8, 1)


class TestDefaultCase:
    def test_it_is_the_build_script_s_work(self) -> None:
        script = runpy.run_path(str(ROOT / "packaging" / "examples" / "korea_us_2025_05.py"))
        assert default_case() == script["build_case"](default_case().groups, default_case().pack_edition)

    def test_it_stands_on_22_may_2025(self) -> None:
        case = default_case()
        assert (case.partner, case.importer) == ("KR", "US")
        assert case.as_of == case.known_to == date(2025, 5, 22)
        assert [scenario.letter for scenario in case.scenarios] == ["A", "B", "C", "D"]
        assert case.scenario("A").changes == ()

    def test_every_day_in_it_was_known_or_is_our_own(self) -> None:
        """9 July: end of the suspension in EO 14266 of 9 April 2025. 1 August: our assumption."""
        days = {change.start for s in default_case().scenarios for change in s.changes}
        days |= {c.until for s in default_case().scenarios for c in s.changes if c.until is not None}
        assert days == {JULY, AUGUST}

    def test_all_texts_are_in_both_languages(self) -> None:
        case = default_case()
        texts = [case.title, *(group.name for group in case.groups)]
        texts += [text for s in case.scenarios for text in (s.name, s.summary)]
        texts += [text for b in case.barriers for text in (b.position, b.fall_back, b.red_line)]
        assert all(text.en and text.ko for text in texts)

    def test_invented_positions_say_so(self) -> None:
        assert {record.barrier for record in default_case().barriers} == {
            "beef-30m",
            "platform",
            "network-fee",
            "defence-offset",
        }
        assert all(record.illustrative for record in default_case().barriers)

    def test_only_the_law_is_shareable(self) -> None:
        circles = {scenario.letter: scenario.audience for scenario in default_case().scenarios}
        assert circles.pop("A") is Audience.SHAREABLE
        assert set(circles.values()) == {Audience.INTERNAL}

    def test_its_item_groups_are_those_of_the_reference_pack(self) -> None:
        """Run packaging/examples/korea_us_2025_05.py again when they differ."""
        assert default_case().groups == load_pack(verify=False).groups.item_groups()

    def test_a_new_case_starts_with_the_law_alone(self) -> None:
        pack = load_pack(verify=False)
        case = casefile.new_case(pack)
        assert [scenario.letter for scenario in case.scenarios] == ["A"]
        assert (case.next_letter, case.compare_with, case.barriers) == ("B", "A", ())
        assert case.groups == pack.groups.item_groups()
        assert decode(encode(case), "new.parley") == case

    def test_it_is_read_once(self) -> None:
        assert casefile.default_case() is casefile.default_case()
