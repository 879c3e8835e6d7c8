"""Build step: names of codes in English and Korean."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from core.reference.build.wording import KoreanLine, readable, subheading_name
from core.reference.build.workshop import NAMES_SOURCE, Workshop
from core.reference.manifest import FileInfo
from core.reference.names import ENGLISH_FILE, KOREAN_FILE

KOREAN_SOURCE: Final = "hsk_2025_names_ko_en.csv.gz"
OWN_KOREAN_SOURCE: Final = "names_ko_hs6.csv"
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


def write_names(workshop: Workshop) -> None:
    """Write English names of ten-digit codes, and Korean names of six-digit ones."""
    english = workshop.rows(NAMES_SOURCE, "hts10", "short_desc")
    workshop.write_table(
        ENGLISH_FILE,
        _ENGLISH_INFO,
        ("hts10", "short_desc"),
        ((hts10, readable(text)) for hts10, text in english),
    )
    workshop.write_table(KOREAN_FILE, _KOREAN_INFO, ("hs6", "name_ko"), _korean(workshop).items())


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
