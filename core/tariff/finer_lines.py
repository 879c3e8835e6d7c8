"""The ten-digit lines that a look-up means: those under its code, and of them the ones that its facts speak of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from core.codes import STATISTICAL_DIGITS, format_code
from core.errors import UnknownCodeError
from core.i18n import _
from core.reference.pack import Pack
from core.scenario import LawAsKnown
from core.tariff.goods import Bools, Codes


def finer_lines(pack: Pack, code: str) -> tuple[str, ...]:
    """The ten-digit lines under a code: statistical lines, ten-digit codes of the law, else the line itself."""
    lines = pack.schedule.hts8[pack.schedule.matching(code)]
    if not len(lines):
        raise UnknownCodeError(
            _("The schedule has no line {code}.").format(code=format_code(code)),
            remedy=_("Look the code up in the Item exposure table, or give its first four digits."),
        )
    if len(code) == STATISTICAL_DIGITS:
        return (code,)
    finer = pack.finer_codes
    return tuple(ten for line in lines for ten in finer.get(str(line), (f"{line}00",)))


def meant_lines(base: LawAsKnown, codes: tuple[str, ...], on: date, facts: frozenset[str]) -> tuple[str, ...]:
    """Of these lines the ones that a stated fact speaks of: who states a patented medicine means a listed line.

    All of them where the facts speak of none, or of all.
    """
    if len(codes) == 1 or not facts:
        return codes
    numbers = np.array([int(code) for code in codes], dtype=np.int64)
    meant = np.ones(len(codes), dtype=np.bool_)
    for spoken_of in _spoken_of(base, numbers, on, facts):
        if (meant & spoken_of).any():
            meant &= spoken_of
    return tuple(code for code, kept in zip(codes, meant, strict=True) if kept)


def _spoken_of(base: LawAsKnown, codes: Codes, on: date, facts: frozenset[str]) -> Iterator[Bools]:
    """For each condition that the facts meet, the lines on lists that ask it on the day."""
    for name, asked in base.law.file.conditions.items():
        if not asked.yes_fact or not facts.issuperset(asked.yes_fact.split("+")):
            continue
        found = np.zeros(len(codes), dtype=np.bool_)
        for list_name in base.list_names():
            scope = base.law.lists[list_name]
            rows = scope.match(codes, scope.active(on, base.known))
            found |= np.array([row >= 0 and scope.condition[row] == name for row in rows], dtype=np.bool_)
        yield found
