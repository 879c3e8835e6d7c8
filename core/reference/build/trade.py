"""Build step: imports by partner and statistical line."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from core.i18n import _
from core.reference.build.checks import BuildError, Entry, check_codes
from core.reference.build.partners import read_countries, read_unions
from core.reference.build.schedule import DUTY_SOURCE
from core.reference.build.workshop import IMPORTS_SOURCE, Workshop
from core.reference.manifest import FileInfo
from core.reference.trade import BASE_YEAR, IMPORTS_FILE

# Partners with a file of their own that holds more than the table of 51: chapters 98 and 99.
SINGLE_PARTNER_SOURCES: Final = {"5800": "us_imports_2024_korea_hts10.csv.gz"}
_HEADER: Final = ("hts10", "customs_value_usd", "calculated_duty_usd")
_INFO: Final = FileInfo(
    title=f"US imports {BASE_YEAR} by statistical line, one table for each partner",
    source="US Census Bureau, International Trade, imports by HTS-10 and country; tables gathered by The "
    "Budget Lab at Yale (values of 233 partners) and by Michael Waugh, Trade War Redux (duty of 50 partners "
    "and the EU)",
    date=str(BASE_YEAR),
    licence="US government statistics, public domain; tables of Michael Waugh under the MIT licence",
    concept="imports for consumption, customs value, and calculated duty, blank where the source has none; "
    "chapters 98 and 99 only for partners of the second source. EU: sum of the 27 members",
    unit="US dollars",
)

# line -> (value, duty); duty is blank when unknown.
Lines = dict[str, tuple[str, str]]


def write_trade(workshop: Workshop) -> None:
    """One table for each country with trade, and one for each union; the two sources must agree to the dollar."""
    codes = {country.census_code: country.iso2 for country in read_countries(workshop)}
    values = _values(workshop)
    paid = _paid(workshop)
    for census, source in SINGLE_PARTNER_SOURCES.items():
        rows = workshop.rows(source, *_HEADER)
        paid[census] = {hts10: (value, duty) for hts10, value, duty in rows}
    members = {
        iso2: _merged(census, values[census], paid.get(census, {}))
        for census, iso2 in codes.items()
        if census in values
    }
    for union in read_unions(workshop):
        whole = _summed([values[census] for census in sorted(union.members) if census in values])
        members[union.code] = _merged(union.census_code, whole, paid[union.census_code])
    workshop.write_archive(
        IMPORTS_FILE,
        _INFO,
        _HEADER,
        {key: [(code, *pair) for code, pair in lines.items()] for key, lines in members.items()},
    )


def _values(workshop: Workshop) -> dict[str, dict[str, str]]:
    """Partner -> line -> value, after the check of the codes."""
    rows = workshop.rows(IMPORTS_SOURCE, "hts10", "cty_code", "customs_value_usd")
    entries = [Entry(name=code, code=code) for code in sorted({row[0] for row in rows})]
    workshop.report(IMPORTS_SOURCE, check_codes(entries, workshop.schedule_codes, workshop.statistical_codes))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for hts10, census, value in rows:
        found[census][hts10] = value
    return found


def _paid(workshop: Workshop) -> dict[str, Lines]:
    """Partner -> line -> value and duty, for the partners whose duty is known."""
    found: dict[str, Lines] = defaultdict(dict)
    for census, *line in workshop.rows(DUTY_SOURCE, "cty_code", *_HEADER):
        hts10, value, duty = line
        found[census][hts10] = (value, duty)
    return found


def _summed(parts: list[dict[str, str]]) -> dict[str, str]:
    total: dict[str, int] = defaultdict(int)
    for part in parts:
        for hts10, value in part.items():
            total[hts10] += int(value)
    return {hts10: str(value) for hts10, value in total.items()}


def _merged(census: str, values: dict[str, str], paid: Lines) -> Lines:
    """Values with the duty where known, plus chapters 98 and 99, which only the second source has."""
    merged = {hts10: (value, "") for hts10, value in values.items()}
    for hts10, (value, duty) in paid.items():
        if hts10[:2] not in ("98", "99") and values.get(hts10) != value:
            raise BuildError(
                _("Two sources disagree on the imports of a line."),
                where=f"{DUTY_SOURCE}: {census} {hts10}",
                why=f"{value} / {values.get(hts10)}",
            )
        merged[hts10] = (value, duty)
    return merged
