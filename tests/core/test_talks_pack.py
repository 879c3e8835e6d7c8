"""The talks in the reference pack: complete in both languages, and never ahead of what was known."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pandas as pd
import pytest

from core.errors import PackError
from core.reference.agenda import Agenda, load_agenda
from core.reference.barriers import BarrierCatalogue, BarrierKind, Standing, load_barriers
from core.reference.build.talks import build_talks
from core.reference.calendar import Calendar, EventKind, load_calendar
from core.reference.glossary import Glossary, load_glossary
from core.reference.groups import Grouping, group_of_codes, load_groups
from core.text import LocalText

SOURCES = Path(__file__).parents[2] / "packaging" / "reference"
TALKS = SOURCES / "talks"
CASE_DAY = date(2025, 5, 22)
LATEST = date(2026, 10, 10)
# The seven records that rest on the Joint Fact Sheet of 13 November 2025.
FACT_SHEET_ONLY = {
    "duty-evasion",
    "e-moratorium",
    "environment-fish",
    "fmvss",
    "forced-labour",
    "investment-screening",
    "patent-treaty",
}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("talks")
    build_talks(TALKS, folder)
    return folder


@pytest.fixture(scope="module")
def catalogue(pack: Path) -> BarrierCatalogue:
    return load_barriers((pack / "barriers.json").read_bytes())


@pytest.fixture(scope="module")
def agenda(pack: Path) -> Agenda:
    return load_agenda((pack / "agenda.json").read_bytes())


@pytest.fixture(scope="module")
def glossary(pack: Path) -> Glossary:
    return load_glossary((pack / "glossary.json").read_bytes())


@pytest.fixture(scope="module")
def calendar(pack: Path) -> Calendar:
    return load_calendar((pack / "calendar.json").read_bytes())


@pytest.fixture(scope="module")
def grouping(pack: Path) -> Grouping:
    return load_groups((pack / "groups.json").read_bytes())


def texts(node: object) -> Iterator[LocalText]:
    """Every local text in a record, at any depth."""
    if isinstance(node, LocalText):
        yield node
    elif isinstance(node, msgspec.Struct):
        for name in node.__struct_fields__:
            yield from texts(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from texts(item)


def dates(node: object) -> Iterator[tuple[str, date]]:
    """Every known_from in a record, at any depth, with the name of its class."""
    if isinstance(node, msgspec.Struct):
        known_from = getattr(node, "known_from", None)
        if known_from is not None:
            yield type(node).__name__, known_from
        for name in node.__struct_fields__:
            yield from dates(getattr(node, name))
    elif isinstance(node, tuple):
        for item in node:
            yield from dates(item)


class Talks(NamedTuple):
    """The four files that know of time."""

    catalogue: BarrierCatalogue
    agenda: Agenda
    glossary: Glossary
    calendar: Calendar

    def known(self, on: date) -> tuple[object, ...]:
        """All that a case which knows facts to this day may show."""
        return (
            self.catalogue.known(on),
            self.agenda.known_areas(on),
            self.agenda.known_rounds(on),
            self.glossary.known(on),
            self.calendar.known(on),
        )


@pytest.fixture(scope="module")
def talks(catalogue: BarrierCatalogue, agenda: Agenda, glossary: Glossary, calendar: Calendar) -> Talks:
    return Talks(catalogue, agenda, glossary, calendar)


class TestBarriers:
    def test_counts_of_the_catalogue(self, catalogue: BarrierCatalogue) -> None:
        """Press confirms 16 for the 2025 report; 34 are read in the 2022 chapter only."""
        assert Counter(barrier.standing for barrier in catalogue.barriers) == {
            Standing.CONFIRMED: 16,
            Standing.EARLIER_CHAPTER: 34,
            Standing.NOT_IN_REPORT: 9,
        }
        assert len({barrier.id for barrier in catalogue.barriers}) == 59

    def test_entries_by_area(self, catalogue: BarrierCatalogue) -> None:
        assert Counter(barrier.agenda_area for barrier in catalogue.barriers) == {
            "balanced_trade": 4,
            "non_tariff_measures": 27,
            "economic_security": 4,
            "digital_trade": 15,
            "origin": 2,
            "commercial_considerations": 7,
        }

    def test_what_the_fact_sheet_told_is_hidden_in_may(self, catalogue: BarrierCatalogue) -> None:
        shown = {barrier.id for barrier in catalogue.known(CASE_DAY)}
        assert {barrier.id for barrier in catalogue.barriers} - shown == FACT_SHEET_ONLY
        assert (len(shown), catalogue.held_back(CASE_DAY)) == (52, 7)
        assert catalogue.held_back(date(2025, 11, 13)) == 0

    def test_every_entry_has_a_source_that_was_known_with_it(self, catalogue: BarrierCatalogue) -> None:
        for barrier in catalogue.barriers:
            assert barrier.as_known(max(barrier.known_from, CASE_DAY)).sources, barrier.id

    def test_short_ask_fits_a_column(self, catalogue: BarrierCatalogue) -> None:
        for barrier in catalogue.barriers:
            assert len(barrier.us_ask_short.en.split(" ")) <= 5, barrier.us_ask_short.en

    def test_no_equivalent_is_claimed_for_a_ban(self, catalogue: BarrierCatalogue) -> None:
        assert {barrier.kind for barrier in catalogue.barriers if barrier.ave_identified} == {BarrierKind.PRICE_WEDGE}

    def test_areas_are_those_of_the_agenda(self, catalogue: BarrierCatalogue, agenda: Agenda) -> None:
        areas = {area.id for area in agenda.areas}
        for barrier in catalogue.barriers:
            assert {barrier.agenda_area, barrier.alternative_area} <= areas | {""}, barrier.id

    def test_a_development_appears_on_the_day_it_was_published(self, catalogue: BarrierCatalogue) -> None:
        """Reuters, 27 February 2026: conditional leave for one firm to export maps."""

        def developments(on: date) -> int:
            return len(next(b for b in catalogue.known(on) if b.id == "location-data").developments)

        assert developments(date(2026, 2, 27)) == developments(date(2026, 2, 26)) + 1


class TestLanguages:
    def test_no_text_lacks_a_language(self, talks: Talks, grouping: Grouping) -> None:
        found = [text for file in (*talks, grouping) for text in texts(file) if text]
        assert len(found) > 1500
        assert [text for text in found if not text.en or not re.search("[가-힣]", text.ko)] == []

    def test_only_optional_notes_are_empty(self, catalogue: BarrierCatalogue) -> None:
        for barrier in catalogue.barriers:
            assert [text for text in texts(barrier) if not text] in (
                [],
                [LocalText()] if barrier.first_year_raised else None,
            )

    def test_english_texts_hold_no_korean(self, talks: Talks) -> None:
        assert [text.en for text in texts(tuple(talks)) if re.search("[가-힣]", text.en)] == []


# Months after May 2025, unless they belong to another year.
LATER_ENGLISH = re.compile(
    r"2026|2027|[Ff]act [Ss]heet|memorandum on the investment|Yeo|Lee Jae"
    r"|\b(June|July|August|September|October|November|December)\b(?! (199|20[01]\d|202[0-4]))"
)
LATER_KOREAN = re.compile(r"2026|2027|팩트시트|여한구|이재명|특별법 발의|(?<!\d)(6|7|8|9|10|11|12)월")
# Announced by 22 May 2025: the election, the package and the end of the pause. The rest is of earlier years.
ANNOUNCED = re.compile(r"July package|8 July 2025|package by July|7월 패키지|2025년 7월 8일|2021년 9월")


def is_later(text: str, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(ANNOUNCED.sub("", text)))


class TestKnownOnly:
    def test_nothing_after_the_case_day_is_told(self, talks: Talks) -> None:
        shown = talks.known(CASE_DAY)
        leaks = [t for t in texts(shown) if is_later(t.en, LATER_ENGLISH) or is_later(t.ko, LATER_KOREAN)]
        assert leaks == []

    def test_the_search_finds_later_facts_once_they_are_known(self, talks: Talks) -> None:
        """Guards the search above against patterns that match nothing."""
        shown = talks.known(LATEST)
        assert sum(is_later(t.en, LATER_ENGLISH) for t in texts(shown)) > 60
        assert sum(is_later(t.ko, LATER_KOREAN) for t in texts(shown)) > 60

    @pytest.mark.parametrize("on", [CASE_DAY + timedelta(days=60 * step) for step in range(9)])
    def test_nothing_inside_a_record_is_newer_than_the_known_date(self, talks: Talks, on: date) -> None:
        shown = talks.known(on)
        assert [found for found in dates(shown) if found[1] > on] == []

    def test_round_two_was_reported_in_two_steps(self, agenda: Agenda) -> None:
        """What officials said of the requests came out with the press of 26 May 2025."""

        def outcomes(on: date) -> int:
            return len(next(r for r in agenda.known_rounds(on) if r.number == 2).outcomes)

        assert (outcomes(CASE_DAY), outcomes(date(2025, 5, 26))) == (2, 4)


class TestAgenda:
    def test_six_areas_settled_in_jeju(self, agenda: Agenda) -> None:
        """ChosunBiz, 16 May 2025."""
        assert [area.name.en for area in agenda.known_areas(date(2025, 5, 16))] == [
            "Balanced trade",
            "Non-tariff measures",
            "Economic security",
            "Digital trade",
            "Origin",
            "Commercial considerations",
        ]
        assert agenda.known_areas(date(2025, 5, 15)) == ()

    def test_rounds_known_in_may(self, agenda: Agenda) -> None:
        assert [meeting.id for meeting in agenda.known_rounds(CASE_DAY)] == [
            "two-plus-two",
            "round-1",
            "jeju",
            "round-2",
        ]

    def test_positions_are_marked_as_our_reading(self, agenda: Agenda) -> None:
        for area in agenda.areas:
            assert {position.side for position in area.positions} == {"US", "KR"}
            assert all(position.our_reading for position in area.positions)


class TestGlossary:
    def test_terms_that_tell_of_later_law_wait(self, glossary: Glossary) -> None:
        shown = {term.id for term in glossary.known(CASE_DAY)}
        assert {term.id for term in glossary.terms} - shown == {
            "floor-total-rate-cap",
            "joint-fact-sheet",
            "section-122",
            "special-investment-act",
        }
        assert len(glossary.terms) == len({term.id for term in glossary.terms}) == 113


class TestCalendar:
    def test_dates_of_the_law_known_in_may(self, calendar: Calendar) -> None:
        """Dates from the proclamations and orders cited in each entry; the pause ends at 12:01 a.m. EDT."""
        law = {e.date: e.id for e in calendar.known(CASE_DAY, "KR") if e.kind is EventKind.LAW}
        assert law == {
            date(2018, 5, 1): "steel-quota-start",
            date(2025, 3, 12): "metals-25",
            date(2025, 4, 3): "cars-25",
            date(2025, 4, 5): "baseline-10",
            date(2025, 4, 9): "country-rates",
            date(2025, 4, 10): "pause-start",
            date(2025, 4, 11): "exempt-memo",
            date(2025, 4, 29): "stacking-order",
            date(2025, 5, 3): "car-parts-25",
        }

    def test_dates_still_ahead_in_may(self, calendar: Calendar) -> None:
        ahead = [(e.date, e.time_et, e.id) for e in calendar.known(CASE_DAY, "KR") if e.date > CASE_DAY]
        assert ahead == [
            (date(2025, 5, 28), "00:01", "transit-april"),
            (date(2025, 6, 3), "", "election"),
            (date(2025, 7, 8), "", "july-package"),
            (date(2025, 7, 9), "00:01", "pause-end"),
        ]

    def test_an_overtaken_deadline_goes(self, calendar: Calendar) -> None:
        """EO 14316 of 7 July 2025 moved the end of the pause to 1 August, EO 14326 of 31 July to 7 August."""

        def stands(event_id: str, on: date) -> bool:
            return event_id in {event.id for event in calendar.known(on)}

        assert stands("pause-end", date(2025, 7, 6))
        assert not stands("pause-end", date(2025, 7, 7))
        assert stands("pause-end-august", date(2025, 7, 7))
        assert not stands("pause-end-august", date(2025, 7, 31))

    def test_titles_fit_the_ticks_of_a_chart(self, calendar: Calendar) -> None:
        for event in calendar.events:
            assert len(event.title.en.split(" ")) <= 4, event.title.en

    def test_hours_are_hours(self, calendar: Calendar) -> None:
        assert {event.time_et for event in calendar.events} == {"", "00:01"}


@pytest.fixture(scope="module")
def korean_lines() -> pd.DataFrame:
    path = SOURCES / "us_imports_2024_korea_hts10.csv.gz"
    lines = pd.read_csv(path, dtype=str, usecols=["hts10", "customs_value_usd"])
    return lines[lines["hts10"] < "98"]


class TestGroups:
    def test_groups_add_up_to_the_whole_trade(self, grouping: Grouping, korean_lines: pd.DataFrame) -> None:
        """US Census, imports for consumption 2024, chapters 1-97: 8,283 lines, US$ 128,432,847,766."""
        ids = [group.id for group in grouping.groups]
        places = self.places(grouping, korean_lines["hts10"])
        values = korean_lines["customs_value_usd"].astype(float)
        totals = dict(zip(ids, np.bincount(places, weights=values, minlength=len(ids)), strict=True))
        assert len(places) == 8283
        assert sum(totals.values()) == 128_432_847_766
        assert round(totals["passenger-cars"] / 1e6) == 36_856
        assert min(totals.values()) > 0

    def test_longest_prefix_wins_over_all_groups(self, grouping: Grouping) -> None:
        ids = [group.id for group in grouping.groups]
        expected = {
            "8708295160": "car-parts",
            "8701211000": "other-vehicles",
            "8704210100": "light-trucks",
            "8415200000": "car-parts",
            "8415103040": "home-appliances",
            "3401115000": "cosmetics",
            "3402391000": "chemicals",
            "8541430010": "electrical",
            "8542310001": "semiconductors",
            "9401201000": "car-parts",
            "9403608081": "wood-furniture",
            "4820102010": "other",
        }
        found = [ids[place] for place in self.places(grouping, expected)]
        assert found == list(expected.values())

    def test_catch_all_is_a_group_without_prefixes(self, grouping: Grouping) -> None:
        without = [group.id for group in grouping.groups if not group.prefixes]
        assert without == [grouping.catch_all]
        assert 20 <= len(grouping.groups) <= 26

    @staticmethod
    def places(grouping: Grouping, codes: Iterable[str]) -> np.ndarray:
        ids = [group.id for group in grouping.groups]
        prefixes = [group.prefixes for group in grouping.groups]
        return group_of_codes(codes, prefixes, ids.index(grouping.catch_all))


class TestBuild:
    @pytest.mark.parametrize(
        ("file", "before", "after", "names"),
        [
            ("barriers.yaml", "sources: [nte_all, press_deal]", "sources: [nowhere]", "rice"),
            ("barriers.yaml", "title: [Rice, 쌀]", "title: [Rice, Rice]", "rice"),
            ("barriers.yaml", "offices: [MAFRA, MOEF]", "offices: [MINISTRY]", "trq"),
            ("groups.yaml", 'prefixes: ["76"]', 'prefixes: ["76", "72"]', "aluminium"),
            ("groups.yaml", 'prefixes: ["76"]', "prefixes: [76]", "aluminium"),
            ("barriers.yaml", "sector: macro", "sector: micro", "currency"),
            ("barriers.yaml", "- id: rice", "- id: trq", "trq"),
            ("glossary.yaml", "confidence: medium", "confidense: medium", "confidense"),
            ("calendar.yaml", "overtaken: 2025-07-07", "overtake: 2025-07-07", "overtake"),
            ("agenda.yaml", "  known: 2025-04-24\n", "", "two-plus-two"),
            ("calendar.yaml", "kind: politics", "kind: rumour", "calendar.json"),
        ],
    )
    def test_a_bad_entry_is_named(self, tmp_path: Path, file: str, before: str, after: str, names: str) -> None:
        source = tmp_path / "talks"
        shutil.copytree(TALKS, source)
        text = (source / file).read_text(encoding="utf-8")
        assert before in text
        (source / file).write_text(text.replace(before, after, 1), encoding="utf-8")
        with pytest.raises(PackError) as error:
            build_talks(source, tmp_path)
        assert names in error.value.message()

    def test_a_damaged_file_is_one_clear_error(self) -> None:
        with pytest.raises(PackError, match=r"barriers\.json"):
            load_barriers(b'{"header": {}}')
