"""Build step: the tariff schedule and the preferential rates."""

from __future__ import annotations

from typing import Final

from core.reference.build.ave import (
    AVE_DECIMALS,
    FULL_RATE_PARTNERS,
    Equivalent,
    collected_by_line,
    equivalents,
)
from core.reference.build.checks import Entry, Fault, Problem, check_codes, check_overlaps
from core.reference.build.rates import parse_specific
from core.reference.build.special import Special, SpecialRate, SpecialTextError, parse_special
from core.reference.build.workshop import SCHEDULE_SOURCE, Workshop
from core.reference.manifest import FileInfo
from core.reference.schedule import PREFERENCES_FILE, SCHEDULE_FILE, RateKind

DUTY_SOURCE: Final = "us_imports_2024_hts10_top51_value_duty.csv.gz"
_KINDS: Final = {
    "free": RateKind.FREE,
    "ad_valorem": RateKind.AD_VALOREM,
    "specific_or_compound_or_note": RateKind.SPECIFIC,
}
_AVE_COLUMNS: Final = ("ave", "ave_basis", "ave_value_usd", "ave_clipped")
_LICENCE: Final = "US government work, public domain"
_SCHEDULE_INFO: Final = FileInfo(
    title="US tariff schedule: eight-digit lines with their MFN (column 1 general) rate",
    source="USITC, Harmonized Tariff Schedule of the United States, 2025 Basic Edition; equivalents from US "
    "Census Bureau, duty collected on imports for consumption 2024",
    date="2025-01-01",
    licence=_LICENCE,
    concept="column 1 general rate as written; ave is the ad valorem equivalent of a specific or compound "
    "rate, inferred from duty collected on partners without a preference ("
    + " ".join(sorted(FULL_RATE_PARTNERS.values()))
    + "), ave_value_usd the trade behind it, blank when it cannot be inferred",
    unit="fraction of customs value",
)
_PREFERENCES_INFO: Final = FileInfo(
    title="Preferential rates of the US tariff schedule by programme symbol",
    source="USITC, Harmonized Tariff Schedule of the United States, 2025 Basic Edition, column 1 special",
    date="2025-01-01",
    licence=_LICENCE,
    concept="column 1 special rates as written, one row a rate with the symbols that enjoy it; a specific one is shown "
    "as its ad valorem equivalent, in proportion to that of the MFN rate; elsewhere: the rate stands in the headings "
    "that the text names; lines without preference are absent",
    unit="fraction of customs value",
)


def write_schedule(workshop: Workshop) -> None:
    """Write the schedule with inferred equivalents, and the preferences that it lists."""
    rows = workshop.rows(SCHEDULE_SOURCE, "hts8", "description", "mfn_text", "mfn_ad_valorem", "mfn_type")
    _check(workshop, [row[0] for row in rows])
    specific = {hts8: text for hts8, _d, text, _r, kind in rows if _KINDS[kind] is RateKind.SPECIFIC}
    duties = workshop.rows(DUTY_SOURCE, "cty_code", "hts10", "customs_value_usd", "calculated_duty_usd")
    inferred = equivalents(specific, collected_by_line(duties))
    workshop.write_table(
        SCHEDULE_FILE,
        _SCHEDULE_INFO,
        ("hts8", "description", "mfn_text", "mfn_rate", "mfn_kind", *_AVE_COLUMNS),
        (
            (hts8, words, text, rate, _KINDS[kind].value, *_written(inferred.get(hts8)))
            for hts8, words, text, rate, kind in rows
        ),
    )
    workshop.write_table(
        PREFERENCES_FILE,
        _PREFERENCES_INFO,
        ("hts8", "symbols", "text", "rate", "kind"),
        _preferences(workshop, inferred),
    )


def _check(workshop: Workshop, codes: list[str]) -> None:
    entries = [Entry(name=code, code=code) for code in codes]
    workshop.report(SCHEDULE_SOURCE, check_codes(entries, workshop.schedule_codes, ()))
    workshop.report(SCHEDULE_SOURCE, check_overlaps(entries))


def _written(value: Equivalent | None) -> tuple[str, ...]:
    """The columns of the equivalent: rate, basis, trade behind it, clipped; blank for other lines."""
    if value is None:
        return ("", "", "", "")
    rate = "" if value.rate is None else repr(value.rate)
    return (rate, value.basis.value, str(value.value_usd), str(int(value.clipped)))


def _preferences(workshop: Workshop, inferred: dict[str, Equivalent]) -> list[tuple[str, ...]]:
    """One row a rate of column 1 Special."""
    found: list[tuple[str, ...]] = []
    for hts8, mfn_text, text in workshop.rows(SCHEDULE_SOURCE, "hts8", "mfn_text", "special_text"):
        for special in _parsed(workshop, hts8, text).rates:
            rate = special.ad_valorem
            if special.kind is RateKind.SPECIFIC:
                rate = _proportional(special, mfn_text, inferred.get(hts8))
            found.append((hts8, " ".join(special.symbols), special.text, rate, special.kind.value))
    return found


def _parsed(workshop: Workshop, hts8: str, text: str) -> Special:
    """A cell read; what it does not say plainly is reported with its line."""
    try:
        special = parse_special(text)
    except SpecialTextError as error:
        workshop.report(SCHEDULE_SOURCE, [Problem(Fault.SPECIAL_TEXT, hts8, str(error))])
        return Special(())
    if special.remarks:
        workshop.report(SCHEDULE_SOURCE, [Problem(Fault.SPECIAL_SLIP, hts8, "; ".join(special.remarks))])
    return special


def _proportional(special: SpecialRate, mfn_text: str, mfn: Equivalent | None) -> str:
    """The MFN equivalent times the ratio of the two amounts, when both are charged in the same unit.

    Of compound rates the ratio is that of the amounts per unit; the percentages are taken out and put back.
    """
    preferential, general = parse_specific(special.text), parse_specific(mfn_text)
    if preferential is None or general is None or mfn is None or mfn.rate is None:
        return ""
    if preferential.unit != general.unit:
        return ""
    by_unit = mfn.rate - float(general.ad_valorem)
    share = by_unit * float(preferential.amount / general.amount) + float(preferential.ad_valorem)
    return repr(round(share, AVE_DECIMALS))
