"""Build step: partners with their names, and their trade totals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from core.i18n import _
from core.reference.build.checks import BuildError
from core.reference.build.workshop import IMPORTS_SOURCE, Workshop
from core.reference.manifest import FileInfo
from core.reference.partners import (
    CHAPTER_EXPORTS_FILE,
    PARTNERS_FILE,
    TOTALS_FILE,
    WORLD,
)

COUNTRIES_SOURCE: Final = "countries_census_schedule_c.csv.gz"
NAMES_SOURCE: Final = "partner_names.csv"
# Customs unions: code, Census code, grouping of the members, and the column of the countries that marks them.
UNIONS_SOURCE: Final = "unions.csv"
TOTALS_SOURCE: Final = "us_goods_trade_by_partner_2013_2024.csv.gz"
# Partner -> monthly exports by chapter.
CHAPTER_SOURCES: Final = {"KR": "us_exports_korea_hs2_monthly_2013_2026.csv.gz"}
_WORLD_CENSUS_CODE: Final = "-"
_ALL_CHAPTERS: Final = "00"
# The pack's base year; later months would tell a case of May 2025 what it cannot know.
_LAST_EXPORT_YEAR: Final = 2024
_LICENCE: Final = "US government statistics, public domain"
_PARTNERS_INFO: Final = FileInfo(
    title="Trade partners: codes, names, groupings",
    source="US Census Bureau, Schedule C; Korean names after the usage of the Korean foreign ministry",
    date="2021-01-27",
    licence=_LICENCE,
    concept="economies with US imports in 2024, and the European Union as one; two-letter codes as the "
    "Census prints them (KV Kosovo, GZ Gaza Strip, WE West Bank are not ISO codes)",
    unit="none",
)
_TOTALS_INFO: Final = FileInfo(
    title="US goods trade by partner and year, 2013-2024",
    source="US Census Bureau, goods trade by country; table gathered by the public project US-Census-Trade-Analysis",
    date="2013-2024",
    licence=_LICENCE,
    concept="exports: total exports, FAS value; imports: GENERAL imports, customs value; Census basis, not "
    "seasonally adjusted. partner: two-letter code, EU, WORLD, else the Census code of an aggregate",
    unit="US dollars",
)
_CHAPTERS_INFO: Final = FileInfo(
    title="US exports by chapter and year, 2013-2024",
    source="US Census Bureau, exports by HS chapter; tables of Michael Waugh, us-exports-hs2",
    date="2013-2024",
    licence="US government statistics, public domain; tables under the MIT licence",
    concept="total exports, FAS value, after the annual revision of June 2025: the sum for 2024 is 0.3 % "
    "above the earlier vintage in the totals by partner. Single HS chapters, without the all-chapters row",
    unit="US dollars",
    known_from="2025-06-05",
)


@dataclass(frozen=True)
class Country:
    census_code: str
    iso2: str
    union: str = ""
    grouping: str = ""


@dataclass(frozen=True)
class Union:
    """Partners that the importer treats as one, and that have a row of their own."""

    code: str
    census_code: str
    grouping: str
    members: frozenset[str]  # Census codes


def read_unions(workshop: Workshop) -> list[Union]:
    """The customs unions with their members."""
    rows = workshop.rows(UNIONS_SOURCE, "union", "census_code", "grouping", "member_column")
    return [Union(code, census, grouping, _marked(workshop, column)) for code, census, grouping, column in rows]


def _marked(workshop: Workshop, column: str) -> frozenset[str]:
    """The Census codes of the countries that a column marks with 1."""
    return frozenset(census for census, mark in workshop.rows(COUNTRIES_SOURCE, "cty_code", column) if mark == "1")


def read_countries(workshop: Workshop) -> list[Country]:
    """The countries with imports in the base year: the importer's own territories have none."""
    trading = set(workshop.table(IMPORTS_SOURCE)["cty_code"])
    own = {member: union for union in read_unions(workshop) for member in union.members}
    found = [
        Country(census, iso2, own[census].code, own[census].grouping) if census in own else Country(census, iso2)
        for census, iso2 in workshop.rows(COUNTRIES_SOURCE, "cty_code", "iso2")
        if census in trading
    ]
    if missing := sorted(trading - {country.census_code for country in found}):
        raise BuildError(
            _("The reference pack was not built."),
            where=f"{IMPORTS_SOURCE}: {missing[0]}",
            why=_("The list of countries does not hold this partner."),
        )
    return found


def write_partners(workshop: Workshop) -> None:
    """Write the list of partners, their totals, and exports by chapter."""
    unions = [Country(union.census_code, union.code) for union in read_unions(workshop)]
    countries = [*read_countries(workshop), *unions]
    names = workshop.rows(NAMES_SOURCE, "iso2", "name_en", "name_ko", "groupings")
    named = {row[0]: row[1:] for row in names}
    workshop.write_table(
        PARTNERS_FILE,
        _PARTNERS_INFO,
        ("iso2", "census_code", "name_en", "name_ko", "union", "groupings"),
        [_partner_row(country, named) for country in countries],
    )
    _write_totals(workshop, {country.census_code: country.iso2 for country in countries})
    workshop.write_table(
        CHAPTER_EXPORTS_FILE,
        _CHAPTERS_INFO,
        ("partner", "year", "hs2", "exports_usd", "months"),
        [row for partner in CHAPTER_SOURCES for row in _chapter_rows(workshop, partner)],
    )


def _partner_row(country: Country, named: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    if country.iso2 not in named:
        raise BuildError(
            _("The reference pack was not built."),
            where=f"{NAMES_SOURCE}: {country.iso2}",
            why=_("The partner has no name."),
        )
    name_en, name_ko, groupings = named[country.iso2]
    groups = " ".join(filter(None, [country.grouping, groupings]))
    return (country.iso2, country.census_code, name_en, name_ko, country.union, groups)


def _write_totals(workshop: Workshop, codes: dict[str, str]) -> None:
    keys = {**codes, _WORLD_CENSUS_CODE: WORLD}
    columns = ("year", "cty_code", "cty_name", "exports_usd", "imports_usd", "is_aggregate")
    rows = workshop.rows(TOTALS_SOURCE, *columns)
    workshop.write_table(
        TOTALS_FILE,
        _TOTALS_INFO,
        ("year", "partner", "name", "exports_usd", "imports_usd", "is_aggregate"),
        # Rows without a name are the Census's unidentified countries, which no partner stands for.
        [(year, keys.get(census, census), *rest) for year, census, *rest in rows if rest[0]],
    )


def _chapter_rows(workshop: Workshop, partner: str) -> list[tuple[str, ...]]:
    """Monthly exports summed to years."""
    totals: dict[tuple[str, str], list[int]] = defaultdict(list)
    for year, chapter, value in workshop.rows(CHAPTER_SOURCES[partner], "year", "hs2", "exports_usd"):
        if chapter != _ALL_CHAPTERS and int(year) <= _LAST_EXPORT_YEAR:
            totals[year, chapter].append(int(value))
    return [(partner, year, chapter, str(sum(months)), str(len(months))) for (year, chapter), months in totals.items()]
