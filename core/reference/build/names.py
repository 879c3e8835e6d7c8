"""Build step: names of codes and chapters in English and Korean."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from core.reference.build.checks import Entry, check_codes, check_overlaps
from core.reference.build.wording import KoreanLine, readable, subheading_name
from core.reference.build.workshop import NAMES_SOURCE, Workshop
from core.reference.manifest import FileInfo
from core.reference.names import CHAPTER_FILE, ENGLISH_FILE, KOREAN_FILE, LINE_FILE

KOREAN_SOURCE: Final = "hsk_2025_names_ko_en.csv.gz"
OWN_KOREAN_SOURCE: Final = "names_ko_hs6.csv"
LINE_SOURCE: Final = "line_names.csv"
CHAPTER_SOURCE: Final = "chapter_names.csv"
_KOREAN_LINE_DIGITS: Final = "10"
_ENGLISH_INFO: Final = FileInfo(
    title="Short English descriptions of US statistical lines",
    source="US Census Bureau, HTS-10 short descriptions as used with 2024 imports",
    date="2024",
    licence="US government statistics, public domain",
    concept="the Census's own short text, put into sentence case with common abbreviations spelt out",
    unit="none",
)
_KOREAN_INFO: Final = FileInfo(
    title="Korean names of HS 2022 subheadings",
    source="Korea Customs Service, HS code file of 1 January 2025 (data.go.kr), composed from line and group "
    "names; subheadings with much trade in our own wording",
    date="2025-01-01",
    licence="Korean public data portal, terms of this file not verified: see SOURCES.md before passing it on",
    concept="display name for a six-digit code, not the legal text of the heading",
    unit="none",
)
_LINE_INFO: Final = FileInfo(
    title="Short names of tariff lines, English and Korean",
    source="written for Parley from the descriptions of the US schedule, 2025 Basic Edition; lines with the "
    "largest US imports from Korea in 2024, cars and trucks",
    date="2025",
    licence="Apache-2.0",
    concept="display name for an eight-digit line, not the legal text: 'other' stands for what the lines beside "
    "it leave over",
    unit="none",
)
_CHAPTER_INFO: Final = FileInfo(
    title="Short names of the chapters, English and Korean",
    source="written for Parley after the titles of the chapters of the Harmonized System",
    date="2025",
    licence="Apache-2.0",
    concept="display name for a two-digit chapter, not the legal title",
    unit="none",
)


def write_names(workshop: Workshop) -> None:
    """Write the Census's English names of ten-digit codes, Korean names of six-digit ones, and our short names."""
    english = workshop.rows(NAMES_SOURCE, "hts10", "short_desc")
    workshop.write_table(
        ENGLISH_FILE,
        _ENGLISH_INFO,
        ("hts10", "short_desc"),
        ((hts10, readable(text)) for hts10, text in english),
    )
    workshop.write_table(KOREAN_FILE, _KOREAN_INFO, ("hs6", "name_ko"), _korean(workshop).items())
    lines = workshop.rows(LINE_SOURCE, "hts8", "name_en", "name_ko")
    _check(workshop, [row[0] for row in lines])
    workshop.write_table(LINE_FILE, _LINE_INFO, ("hts8", "name_en", "name_ko"), lines)
    chapters = workshop.rows(CHAPTER_SOURCE, "hs2", "name_en", "name_ko")
    workshop.write_table(CHAPTER_FILE, _CHAPTER_INFO, ("hs2", "name_en", "name_ko"), chapters)


def _check(workshop: Workshop, codes: list[str]) -> None:
    """Every named line is in the schedule, once."""
    entries = [Entry(name=code, code=code) for code in codes]
    workshop.report(LINE_SOURCE, check_codes(entries, workshop.schedule_codes, ()))
    workshop.report(LINE_SOURCE, check_overlaps(entries))


def _korean(workshop: Workshop) -> dict[str, str]:
    """Our own wording, over names composed from the Korean nomenclature where that source is present."""
    own = workshop.table(OWN_KOREAN_SOURCE)
    composed = _composed(workshop) if workshop.has(KOREAN_SOURCE) else {}
    return composed | dict(zip(own["hs6"], own["name_ko"], strict=True))


def _composed(workshop: Workshop) -> dict[str, str]:
    lines: dict[str, list[KoreanLine]] = defaultdict(list)
    rows = workshop.rows(KOREAN_SOURCE, "hsk_code", "level", "name_ko", "nature_group_ko")
    for code, level, name, group in rows:
        if level == _KOREAN_LINE_DIGITS:
            lines[code[:6]].append(KoreanLine(name, group))
    return {hs6: subheading_name(found) for hs6, found in lines.items()}
