"""The tariff schedule: every eight-digit line with its MFN rate, and the preferential rates beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from core.codes import LINE_DIGITS, format_code
from core.errors import UnknownCodeError
from core.i18n import N_, _
from core.reference import tables
from core.reference.tables import BoolArray, FloatArray, IntArray, ObjectArray, TextArray

SCHEDULE_FILE: Final = "schedule.csv.gz"
PREFERENCES_FILE: Final = "preferences.csv.gz"
# Above every rate that is known, below none at all: a known rate of another symbol is preferred to an unknown one.
_UNKNOWN: Final = 1e9
# Sorts after every digit: the end of all codes with a given prefix.
_AFTER_DIGITS: Final = ":"


class RateKind(StrEnum):
    """How a rate is written in the schedule; SPECIFIC includes compound rates and rates set by a note.

    ELSEWHERE: a preferential rate that stands in another heading, mostly a quota of chapter 98 or 99.
    """

    FREE = "free"
    AD_VALOREM = "ad_valorem"
    SPECIFIC = "specific"
    ELSEWHERE = "elsewhere"


class AveBasis(StrEnum):
    """What the ad valorem equivalent of a specific or compound rate was inferred from."""

    NOT_NEEDED = ""
    LINE = "line"
    SUBHEADING_UNIT_VALUE = "subheading_unit_value"
    SUBHEADING_AVERAGE = "subheading_average"
    SECTION_232 = "none_section_232"
    THIN_TRADE = "none_thin_trade"


_BASIS_WORDS: Final = {
    AveBasis.NOT_NEEDED: "",
    AveBasis.LINE: N_("duty over value collected on this line"),
    AveBasis.SUBHEADING_UNIT_VALUE: N_("unit value of the subheading's other lines"),
    AveBasis.SUBHEADING_AVERAGE: N_("average duty of the subheading's specific lines"),
    AveBasis.SECTION_232: N_("unknown: duty collected contains section 232 duties"),
    AveBasis.THIN_TRADE: N_("unknown: too little trade of partners without a preference"),
}


def basis_words(basis: str) -> str:
    """What an equivalent rests on, in the language shown; '' for a line that needs none."""
    words = _BASIS_WORDS[AveBasis(basis)]
    return _(words) if words else ""


@dataclass(frozen=True)
class TariffLine:
    """One eight-digit line. Rates are fractions; NaN where the rate cannot be given as one.

    ave: the ad valorem equivalent of a specific or compound rate, inferred as ave_basis says from trade of
    ave_value_usd; ave_clipped: thin data had put it outside what the rate can be.
    """

    hts8: str
    description: str
    mfn_text: str
    mfn_kind: RateKind
    mfn_rate: float
    ave: float
    ave_basis: AveBasis
    ave_value_usd: float
    ave_clipped: bool

    @property
    def applied_mfn(self) -> float:
        """The rate to calculate with: as written, or the ad valorem equivalent; NaN when neither is known."""
        return self.ave if self.mfn_kind is RateKind.SPECIFIC else self.mfn_rate


@dataclass(frozen=True, eq=False)
class Preference:
    """The best rate of some symbols, one per line of the schedule and in its order.

    symbol: the one that answers, "" where the line carries none of them. listed: the line carries one. rate: fraction,
    NaN where not listed or not known. estimated: the rate is an ad valorem equivalent of a specific preferential rate.
    """

    symbol: TextArray
    listed: BoolArray
    rate: FloatArray
    estimated: BoolArray
    kind: TextArray
    text: ObjectArray


@dataclass(frozen=True, eq=False)
class SpecialRates:
    """The cells of column 1 Special: one entry a rate. symbols: the rates that each symbol enjoys."""

    line: IntArray
    rate: FloatArray
    kind: TextArray
    text: ObjectArray
    symbols: dict[str, IntArray]

    def best(self, symbols: tuple[str, ...], lines: int) -> Preference:
        """Of the rates of these symbols the lowest known one on each line; among equals the first symbol's."""
        place = np.full(lines, -1, dtype=np.intp)
        symbol = np.full(lines, "", dtype=f"U{max(map(len, symbols), default=1)}")
        lowest = np.full(lines, np.inf)
        for name in symbols:
            rows = self.symbols.get(name, np.zeros(0, dtype=np.intp))
            at = self.line[rows]
            offered = np.where(np.isnan(self.rate[rows]), _UNKNOWN, self.rate[rows])
            better = offered < lowest[at]
            place[at[better]], symbol[at[better]] = rows[better], name
            lowest[at[better]] = offered[better]
        return self._picked(place, symbol)

    def _picked(self, place: IntArray, symbol: TextArray) -> Preference:
        listed = place >= 0
        if not len(self.line):
            blank = np.full(len(place), "", dtype=np.str_)
            nothing = np.full(len(place), np.nan)
            return Preference(symbol, listed, nothing, listed, blank, blank.astype(np.object_))
        kind = np.where(listed, self.kind[place], "")
        rate = np.where(listed, self.rate[place], np.nan)
        text = np.where(listed, self.text[place], "")
        return Preference(symbol, listed, rate, kind == RateKind.SPECIFIC.value, kind, text)


@dataclass(frozen=True, eq=False)
class Schedule:
    """All lines in the order of their codes; every array has one entry per line.

    mfn_rate: as written, NaN for specific and compound rates. ave: their ad valorem equivalent, NaN when
    unknown and for all other lines. Rates are fractions of the customs value.
    """

    hts8: TextArray
    description: ObjectArray
    mfn_text: ObjectArray
    mfn_rate: FloatArray
    mfn_kind: TextArray
    ave: FloatArray
    ave_basis: TextArray
    ave_value_usd: FloatArray
    ave_clipped: BoolArray
    special: SpecialRates = field(repr=False)
    _best: dict[tuple[str, ...], Preference] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.hts8)

    @cached_property
    def applied_mfn(self) -> FloatArray:
        """The rates to calculate with: as written or the ad valorem equivalent; NaN when neither is known."""
        return np.where(self.is_specific, self.ave, self.mfn_rate)

    @cached_property
    def is_specific(self) -> BoolArray:
        """Lines whose rate is specific, compound or set by a note."""
        return np.asarray(self.mfn_kind == RateKind.SPECIFIC.value)

    def position(self, codes: TextArray | Iterable[str]) -> IntArray:
        """Where the lines of these codes of 8 or 10 digits are; -1 for a code without a line."""
        given = codes if isinstance(codes, np.ndarray) else np.array(list(codes), dtype=np.str_)
        wanted = given.astype(f"U{LINE_DIGITS}")
        found = np.minimum(np.searchsorted(self.hts8, wanted), len(self.hts8) - 1)
        return np.where(self.hts8[found] == wanted, found, -1)

    def matching(self, prefix: str) -> slice:
        """The lines whose code begins with this prefix, or the one line that a ten-digit code belongs to."""
        stem = prefix[:LINE_DIGITS]
        start, stop = np.searchsorted(self.hts8, np.array([stem, stem + _AFTER_DIGITS]))
        return slice(int(start), int(stop))

    def line(self, code: str) -> TariffLine:
        """The line of a code of 8 or 10 digits; UnknownCodeError when the schedule does not hold it."""
        index = int(self.position([code])[0])
        if index < 0 or len(code) < LINE_DIGITS:
            raise self._unknown(code)
        return TariffLine(
            hts8=str(self.hts8[index]),
            description=str(self.description[index]),
            mfn_text=str(self.mfn_text[index]),
            mfn_kind=RateKind(str(self.mfn_kind[index])),
            mfn_rate=float(self.mfn_rate[index]),
            ave=float(self.ave[index]),
            ave_basis=AveBasis(str(self.ave_basis[index])),
            ave_value_usd=float(self.ave_value_usd[index]),
            ave_clipped=bool(self.ave_clipped[index]),
        )

    @property
    def symbols(self) -> frozenset[str]:
        """Every symbol of column 1 Special."""
        return frozenset(self.special.symbols)

    def preferential(self, *symbols: str) -> Preference:
        """The best rate of these symbols on each line, worked out once; unknown symbols are listed nowhere.

        Where goods may claim several programmes the lowest rate applies (General Note 3(a)(iii)).
        """
        if symbols not in self._best:
            self._best[symbols] = self.special.best(symbols, len(self))
        return self._best[symbols]

    def _unknown(self, code: str) -> UnknownCodeError:
        near = self._nearest(code)
        return UnknownCodeError(
            _("The schedule has no line {code}.").format(code=format_code(code)),
            why=_("It holds the eight-digit lines of chapters 1 to 97 of the 2025 basic edition."),
            remedy=_("Near it: {codes}.").format(codes=", ".join(near)) if near else "",
        )

    def _nearest(self, code: str, limit: int = 5) -> list[str]:
        """Lines that share the longest beginning with the code."""
        for length in range(LINE_DIGITS - 1, 3, -1):
            found = self.hts8[self.matching(code[:length])]
            if len(found):
                return [format_code(str(value)) for value in found[:limit]]
        return []


@tables.refusing(SCHEDULE_FILE)
def load_schedule(path: Callable[[str], Path]) -> Schedule:
    """Read the schedule and its preferences; `path` gives a file of the pack by its name."""
    columns = tables.read_columns(path(SCHEDULE_FILE))

    def text(name: str) -> list[str]:
        return tables.column(columns, name, SCHEDULE_FILE)

    hts8 = tables.text_array(text("hts8"), LINE_DIGITS)
    if not np.all(hts8[:-1] < hts8[1:]):
        raise tables.damaged(SCHEDULE_FILE, _("The codes are not in order."))
    return Schedule(
        hts8=hts8,
        description=tables.object_array(text("description")),
        mfn_text=tables.object_array(text("mfn_text")),
        mfn_rate=tables.float_array(text("mfn_rate"), SCHEDULE_FILE),
        mfn_kind=tables.text_array(text("mfn_kind")),
        ave=tables.float_array(text("ave"), SCHEDULE_FILE),
        ave_basis=tables.text_array(text("ave_basis")),
        ave_value_usd=tables.float_array(text("ave_value_usd"), SCHEDULE_FILE),
        ave_clipped=tables.text_array(text("ave_clipped")) == "1",
        special=_load_special(path(PREFERENCES_FILE), hts8),
    )


def _load_special(path: Path, hts8: TextArray) -> SpecialRates:
    columns = tables.read_columns(path)
    codes = tables.text_array(tables.column(columns, "hts8", path.name), LINE_DIGITS)
    where = np.searchsorted(hts8, codes)
    if not np.array_equal(hts8[np.minimum(where, len(hts8) - 1)], codes):
        raise tables.damaged(path.name, _("It names a line that the schedule does not hold."))
    return SpecialRates(
        line=where,
        rate=tables.float_array(tables.column(columns, "rate", path.name), path.name),
        kind=tables.text_array(tables.column(columns, "kind", path.name)),
        text=tables.object_array(tables.column(columns, "text", path.name)),
        symbols=_by_symbol(tables.column(columns, "symbols", path.name)),
    )


def _by_symbol(cells: list[str]) -> dict[str, IntArray]:
    """For each symbol the rows whose cell names it. There are few different cells, so each is split once."""
    rows: dict[str, list[int]] = {}
    for row, cell in enumerate(cells):
        rows.setdefault(cell, []).append(row)
    found: dict[str, list[int]] = {}
    for cell, places in rows.items():
        for symbol in cell.split():
            found.setdefault(symbol, []).extend(places)
    return {symbol: np.array(sorted(places), dtype=np.intp) for symbol, places in sorted(found.items())}
