"""Making names readable: the Census's capitals and abbreviations, the Korean nomenclature's leaf names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

# Words that stay in capitals: acronyms, units, alloy and polymer names.
_KEPT: Final = frozenset({
    "ABS", "ADP", "AC", "API", "BTU", "CD", "CKD", "CRT", "DC", "DNA", "DRAM", "DVD", "EEPROM", "EPROM",
    "EU", "GPS", "HDPE", "HIV", "IC", "INN", "ISO", "LCD", "LDPE", "LED", "LNG", "LPG", "MDF", "MRI", "OEM",
    "OLED", "OSB", "PC", "PCB", "PET", "PTFE", "PVC", "PVD", "RAM", "RF", "ROM", "SRAM", "TV", "UHT", "USB",
    "US", "USCG", "DOD", "UV", "VCR", "VHF", "WTO",
})  # fmt: skip
_UNITS: Final = {
    "KG": "kg", "G": "g", "CM": "cm", "MM": "mm", "M": "m", "M2": "m2", "KVA": "kVA", "KW": "kW", "V": "V",
    "W": "W", "L": "L", "T": "t", "MB": "MB", "GB": "GB", "CC": "cc", "HP": "hp", "KPA": "kPa", "MPA": "MPa",
    "MHZ": "MHz", "KHZ": "kHz",
}  # fmt: skip
# Only abbreviations with one meaning throughout the list.
_SPELT_OUT: Final = {
    "NESOI": "other", "NESO": "other", "NES": "other", "PTS": "parts", "PRTS": "parts", "OTH": "other",
    "OTHR": "other", "EX": "except", "EXCL": "excluding", "INC": "including", "VEH": "vehicles",
    "PASS": "passenger", "MACH": "machines", "W": "with", "EQUIP": "equipment", "ELEC": "electric",
    "INCL": "including", "EXC": "except", "GT": "over", "LT": "under", "ENG": "engine", "SPRK": "spark",
    "STL": "steel", "ELECTR": "electric", "PST": "piston", "GE": "at least", "LE": "up to", "OV": "over",
    "NOV": "not over", "NT": "not", "WGT": "weight", "ALUM": "aluminum", "MFR": "manufacture",
    "MFD": "manufactured", "SEMICON": "semiconductor", "REFRIG": "refrigerating", "PREP": "prepared",
    "PRES": "preserved", "FRZN": "frozen", "IOS": "iron or steel", "CYL": "cylinders", "IGN": "ignition",
    "SPK": "spark", "MTR": "motor", "FTWR": "footwear", "UPP": "upper", "LTHR": "leather",
    "TEXT": "textile", "MATL": "material", "ETC": "etc.", "HDG": "heading", "SUBHD": "subheading",
    "SP-IG": "spark-ignition", "W/O": "without", "W/G": "women's or girls'", "M/B": "men's or boys'",
    "N/O": "not over", "FZ": "frozen", "WT": "weight", "COT": "cotton", "COTN": "cotton", "COTTN": "cotton",
    "SYN": "synthetic", "MMF": "man-made fibers", "FAB": "fabric", "WOV": "woven", "KNT": "knit",
    "YRN": "yarn", "RTL": "retail", "VEG": "vegetable", "PREPS": "preparations", "ALY": "alloy",
    "STNLS": "stainless", "SMLS": "seamless", "RLD": "rolled", "CTD": "coated", "UNCTD": "uncoated",
    "DIA": "diameter", "DIAM": "diameter", "THK": "thick",
}  # fmt: skip
# Several words, or words whose meaning hangs on what stands beside them; put in before the single words.
_PHRASES: Final = tuple((re.compile(pattern), words) for pattern, words in (
    (r"^(OTH|OTHR|OTHER)\b(.*?)[,;]? ?\bNES(OI?)?$", r"\1\2"),
    (r"(?<=[A-Z0-9)]) (?=NES(OI?)?\b)", ", "),
    (r"(?<=\bNESOI) (?=[A-Z0-9])", ", "),
    (r"(?<=[0-9])(?=NESOI\b)", ", "),
    (r"\bOT(?= THA?N\b)|(?<=\bOF )OT\b", "OTHER"),
    (r"\bW/OUT\b", "WITHOUT"),
    (r"\bFR/CH\b", "FRESH OR CHILLED"),
    (r"\bO/T\b", "OTHER THAN"),
    (r"\bN/C\b", "NUMERICALLY CONTROLLED"),
    (r"\bEX (?=VIRG|VRGN)", "EXTRA "),
    (r"\bEXC (?=[0-9.]+ ?(?:KG|KW|CM|MM|W|V|L)\b)", "OVER "),
    (r"\bCONT\b\.?(?!-|\s?(?:FIL|FLM|ACT|WGT))", "CONTAINING"),
    (r"\bLT (?=TRUCK|TRK)", "LIGHT "),
    (r"\b(GT|LT|OV|UN)(?=[0-9$])", r"\1 "),
    (r"\bUN (?=[$0-9])", "UNDER "),
    (r"(?<=[0-9A-Z]) AOV?\b", " AND OVER"),
    (r"(?<=[0-9A-Z]) OM\b", " OR MORE"),
    (r" & ?|(?<=[A-Z]{3})& ?", " AND "),
    (r"\bGT/= ?", "AT LEAST "),
    (r"\bLT/= ?", "UP TO "),
))  # fmt: skip
_WORD: Final = re.compile(r"SP-IG|[A-Z]/[A-Z]\b|[A-Z][A-Z0-9]*(?:'[A-Z]+)?")
_OTHER_TWICE: Final = re.compile(r"\b(other)(?:, other)+(?=,|$)", re.IGNORECASE)
_AFTER_NUMBER: Final = re.compile(r"[0-9]\s*$")


def readable(short_description: str) -> str:
    """'LITHIUM-ION STORAGE BATTERIES, NESOI' -> 'Lithium-ion storage batteries, other'."""
    text = re.sub(r"\s+", " ", short_description.strip())
    text = text.replace("ETC.", "ETC")
    text = re.sub(r";(?=\S)", "; ", text)
    text = re.sub(r"(?<![0-9]),(?=\S)|,(?=[^\s0-9])", ", ", text)
    text = re.sub(r"\bW/(?=[A-FH-MP-Z ])\s?", "WITH ", text)
    for pattern, words in _PHRASES:
        text = pattern.sub(words, text)
    text = text.replace("LT=", "up to ").replace("GT=", "at least ").replace("GE=", "at least ")
    shown = _WORD.sub(lambda match: _word(match[0], text[: match.start()]), text)
    shown = _OTHER_TWICE.sub(r"\1", shown.replace(", ,", ","))
    return shown[:1].upper() + shown[1:]


def _word(word: str, before: str) -> str:
    if _AFTER_NUMBER.search(before) and word in _UNITS:
        return _UNITS[word]
    if word in _KEPT:
        return word
    return _SPELT_OUT.get(word, word.lower())


@dataclass(frozen=True)
class KoreanLine:
    """One ten-digit line of the Korean nomenclature: its own name, and that of its nature group."""

    name: str
    group: str


RESIDUAL: Final = "기타"
_GROUP_DETAIL: Final = re.compile(r" - .*$")
_ETC: Final = " 등"
_SHOWN: Final = 2


def subheading_name(lines: Sequence[KoreanLine]) -> str:
    """One Korean name for a subheading, from its ten-digit lines.

    The lines' own names ('기타', '신차') mostly say nothing alone, so the nature group leads: the one they
    share, else that of the residual line, which is the broadest, else the most frequent two. The lines' own
    names follow in brackets where they share a group.
    """
    groups = _distinct(_GROUP_DETAIL.sub("", line.group) for line in lines if line.group)
    own = _distinct(line.name for line in lines if line.name != RESIDUAL)
    if not groups:
        return _listed(own, len(own) < len(lines)) or RESIDUAL
    if len(groups) > 1:
        residual = [line.group for line in lines if line.name == RESIDUAL and line.group]
        return _GROUP_DETAIL.sub("", residual[-1]) if residual else _listed(groups, False)
    telling = [name for name in own if name not in groups[0]]
    detail = _listed(telling, len(own) < len(lines))
    if len(lines) == 1 and detail and groups[0] in detail:
        return detail
    return f"{groups[0]}({detail})" if detail else groups[0]


def _distinct(names: Iterable[str]) -> list[str]:
    """Most frequent first; equal ones in the order of the nomenclature."""
    return [name for name, _count in Counter(names).most_common()]


def _listed(names: Sequence[str], more: bool) -> str:
    text = ", ".join(names[:_SHOWN])
    return text + _ETC if text and (more or len(names) > _SHOWN) else text
