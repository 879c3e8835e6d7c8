"""US imports by statistical line and partner: imports for consumption, customs value, one base year."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np

from core.codes import STATISTICAL_DIGITS
from core.i18n import N_, _
from core.reference import tables
from core.reference.partners import Partners
from core.reference.tables import BoolArray, FloatArray, IntArray, TextArray

BASE_YEAR: Final = 2024
IMPORTS_FILE: Final = f"imports_{BASE_YEAR}.zip"
CONCEPT: Final = N_("imports for consumption, customs value")
# Codes from here on are special provisions (returned goods, low value): no line of the schedule rates them.
_FIRST_UNRATED: Final = "98"


@dataclass(frozen=True, eq=False)
class Imports:
    """A partner's imports of the base year in US$, one entry per statistical line of chapters 1-97.

    hts10: sorted. value: customs value. duty: duty collected as calculated by the Census, NaN when unknown.
    unrated_value, unrated_duty: chapters 98-99 together; NaN when the source does not hold them.
    """

    partner: str
    year: int
    hts10: TextArray
    value: FloatArray
    duty: FloatArray
    unrated_value: float
    unrated_duty: float
    unrated_lines: int
    concept: str = CONCEPT

    def __len__(self) -> int:
        return len(self.hts10)

    @cached_property
    def duty_known(self) -> BoolArray:
        """Lines whose duty the source holds."""
        return ~np.isnan(self.duty)

    @cached_property
    def total_value(self) -> float:
        """Customs value of chapters 1-97."""
        return float(self.value.sum())


@dataclass(frozen=True, eq=False)
class Flows:
    """All partners' imports of chapters 1-97 end to end: flow i belongs to partners[partner_index[i]].

    Only countries: aggregates such as the EU are left out, so that nothing is counted twice.
    """

    partners: tuple[str, ...]
    partner_index: IntArray
    hts10: TextArray
    value: FloatArray


@dataclass(frozen=True, eq=False)
class Trade:
    """The imports of all partners; each is read when first asked for."""

    _partners: Partners = field(repr=False)
    _file: Path = field(repr=False)
    _read: dict[str, Imports] = field(default_factory=dict, repr=False)

    def imports(self, partner: str) -> Imports:
        """A partner's imports; InputError for an unknown partner, naming near ones."""
        code = self._partners.get(partner).iso2
        if code not in self._read:
            with _opened(self._file) as archive:
                self._read[code] = _read_member(archive, code)
        return self._read[code]

    @cached_property
    def flows(self) -> Flows:
        """Every flow of every country, about 335,000."""
        codes = tuple(partner.iso2 for partner in self._partners if partner.census_code[0] != "0")
        with _opened(self._file) as archive:
            parts = [_read_member(archive, code) for code in codes]
        lengths = [len(part) for part in parts]
        return Flows(
            partners=codes,
            partner_index=np.repeat(np.arange(len(codes)), lengths),
            hts10=np.concatenate([part.hts10 for part in parts]),
            value=np.concatenate([part.value for part in parts]),
        )


def load_trade(path: Callable[[str], Path], partners: Partners) -> Trade:
    """The trade of the pack whose files `path` finds by name."""
    return Trade(partners, path(IMPORTS_FILE))


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except Exception as error:  # as in _member_bytes
        why = _("The file cannot be read: {error}.").format(error=error)
        raise tables.damaged(path.name, why) from error


def _read_member(archive: zipfile.ZipFile, partner: str) -> Imports:
    where = f"{IMPORTS_FILE}: {partner}.csv"
    text = tables.decoded(_member_bytes(archive, f"{partner}.csv", where), where)
    columns = tables.parse_columns(text, where)
    hts10 = tables.text_array(tables.column(columns, "hts10", where), STATISTICAL_DIGITS)
    value = tables.float_array(tables.column(columns, "customs_value_usd", where), where)
    duty = tables.float_array(tables.column(columns, "calculated_duty_usd", where), where)
    end = int(np.searchsorted(hts10, _FIRST_UNRATED))
    return Imports(
        partner=partner,
        year=BASE_YEAR,
        hts10=hts10[:end],
        value=value[:end],
        duty=duty[:end],
        unrated_value=_known_sum(value[end:]),
        unrated_duty=_known_sum(duty[end:]),
        unrated_lines=len(hts10) - end,
    )


def _member_bytes(archive: zipfile.ZipFile, name: str, where: str) -> bytes:
    try:
        with archive.open(name) as member:
            content = member.read(tables.MAX_BYTES + 1)
    except Exception as error:  # a damaged archive makes the library raise more than its own errors
        raise tables.damaged(where, _("The file is missing or damaged.")) from error
    if len(content) > tables.MAX_BYTES:
        raise tables.too_large(where)
    return content


def _known_sum(values: FloatArray) -> float:
    """The sum, or NaN when there is nothing to add: unknown is not zero."""
    return float(values.sum()) if len(values) else float("nan")
