"""Column 1 of the schedule: MFN and preferential rates, and the ad valorem equivalent of specific ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.codes import format_code
from core.i18n import _
from core.reference.programmes import Programme
from core.reference.schedule import RateKind, Schedule

_TERM: Final = re.compile(r"(?P<cents>[\d.]+)\s*¢|\$\s*(?P<dollars>[\d.]+)|(?P<percent>[\d.]+)\s*%")


@dataclass(frozen=True)
class Column1:
    """The rate of one line for one claim. rate: fraction, None when it cannot be had without more facts.

    text: as the schedule writes it. equivalent: the rate is an ad valorem equivalent. note: where it comes from.
    lacks: what is needed for a rate where there is none.
    """

    rate: float | None
    text: str
    equivalent: bool
    note: str
    lacks: str = ""


def general(schedule: Schedule, code: str, unit_value: float | None) -> Column1:
    """Column 1 General of a line."""
    line = schedule.line(code)
    where = _("HTS {code}, 2025 Basic Edition, column 1 General: {text}").format(
        code=format_code(line.hts8), text=line.mfn_text
    )
    if line.mfn_kind is not RateKind.SPECIFIC:
        return Column1(line.mfn_rate, line.mfn_text, False, where)
    return _specific(line.mfn_text, unit_value, line.ave, where)


def special(schedule: Schedule, code: str, programmes: Sequence[Programme], unit_value: float | None) -> Column1 | None:
    """Column 1 Special of a line under the programme with the lowest rate; None where the line carries none."""
    preference = schedule.preferential(*(symbol for one in programmes for symbol in one.symbols))
    place = int(schedule.position([code])[0])
    if place < 0 or not preference.listed[place]:
        return None
    text, symbol = str(preference.text[place]), str(preference.symbol[place])
    owner = next(one for one in programmes if symbol in one.symbols)
    where = _("HTS {code}, column 1 Special, {programme} ({symbol}): {text}").format(
        code=format_code(code[:8]), programme=owner.name, symbol=symbol, text=text
    )
    if preference.kind[place] == RateKind.ELSEWHERE.value:
        return Column1(None, text, True, where, _("the preferential rate stands in a heading that the pack lacks"))
    rate = float(preference.rate[place])
    if not preference.estimated[place]:
        return Column1(rate, text, False, where)
    return _specific(text, unit_value, rate, where)


def _specific(text: str, unit_value: float | None, equivalent: float, where: str) -> Column1:
    if unit_value is not None:
        rate = specific_rate(text, unit_value)
        if rate is not None:
            note = _("{where}; at US$ {value:g} a unit").format(where=where, value=unit_value)
            return Column1(rate, text, True, note)
    if equivalent != equivalent:  # NaN: nothing to infer it from
        note = _("{where}; state the unit value").format(where=where)
        return Column1(None, text, True, note, _("state the unit value (--unit-value)"))
    return Column1(
        equivalent,
        text,
        True,
        _("{where}; ad valorem equivalent inferred from 2024 duty collected").format(where=where),
    )


def specific_rate(text: str, unit_value: float) -> float | None:
    """A specific or compound rate as a fraction of a unit value in US$ (of the unit the rate is written in).

    `52.5¢/bbl`, `$1.092/kg`, `0.3¢ each + 3.6%`. None for a rate that only a note explains.
    """
    if unit_value <= 0 or not _TERM.search(text) or "on the" in text:
        return None
    total = 0.0
    for term in _TERM.finditer(text):
        if term["cents"]:
            total += float(term["cents"]) / 100 / unit_value
        elif term["dollars"]:
            total += float(term["dollars"]) / unit_value
        else:
            total += float(term["percent"]) / 100
    return total
