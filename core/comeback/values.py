"""What stands in an input cell, as the case would hold it; and what cannot be taken, with the reason."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core import case_rules as rules
from core.briefing.assumptions import use_word
from core.briefing.inputs import LONGEST_TEXT, LONGEST_WORD, Kind, canonical, canonical_number, canonical_text
from core.briefing.words import barrier_state, form_word
from core.case import BarrierState, Column1Use, RateForm
from core.comeback.cells import Cell
from core.errors import InputError
from core.i18n import LANGUAGES, _, in_language
from core.quantities import NOT_APPLICABLE, parse_date, parse_rate

_NOTHING: Final = ("", NOT_APPLICABLE, "-", "\N{EM DASH}")
_ORIGIN: Final = date(1899, 12, 30)
_FROM_1904: Final = 1462
_FIRST_SOUND: Final = 60  # a 29 February 1900 that never was: the days before it are one off
_LAST_SERIAL: Final = 2_958_465  # 31 December 9999


def read_value(kind: Kind, cell: Cell, *, from_1904: bool) -> str:
    """The value in canonical form (core.briefing.inputs); InputError when it cannot be taken."""
    if cell.is_formula:
        raise InputError(_("A formula stands where a value belongs."), remedy=_("Type the value itself."))
    if cell.is_error or isinstance(cell.value, bool):
        raise InputError(_("'{text}' is no value.").format(text=str(cell.value)[:40]), remedy=_("Type the value."))
    match kind:
        case Kind.DAY | Kind.OPEN_DAY:
            return _day(cell, from_1904=from_1904, optional=kind is Kind.OPEN_DAY)
        case Kind.RATE | Kind.SHARE:
            return _fraction(cell, kind)
        case Kind.OPEN_SHARE:
            return "" if _is_nothing(cell) else _fraction(cell, kind)
        case Kind.AMOUNT:
            return _amount(cell)
        case Kind.FORM | Kind.USE | Kind.STATE:
            return _choice(kind, cell)
    return _text(kind, cell)


def value_of(kind: Kind, text: str) -> object:
    """The case's own value of a canonical form."""
    match kind:
        case Kind.DAY:
            return date.fromisoformat(text)
        case Kind.OPEN_DAY:
            return date.fromisoformat(text) if text else None
        case Kind.RATE | Kind.SHARE:
            return Decimal(text)
        case Kind.AMOUNT | Kind.OPEN_SHARE:
            return Decimal(text) if text else None
        case Kind.FORM:
            return RateForm(text)
        case Kind.USE:
            return Column1Use(text)
        case Kind.STATE:
            return BarrierState(text)
    return text


def _day(cell: Cell, *, from_1904: bool, optional: bool) -> str:
    if isinstance(cell.value, float):
        day = _from_serial(cell.value + (_FROM_1904 if from_1904 else 0))
    else:
        text = canonical_text(cell.text)
        if optional and text in _NOTHING:
            return ""
        day = parse_date(text.partition("T")[0])
    rules.check_day(day)
    return day.isoformat()


def _from_serial(number: float) -> date:
    if not (math.isfinite(number) and 1 <= number <= _LAST_SERIAL):
        raise InputError(
            _("Not taken: {text} is not a date.").format(text=f"{number:.10g}"),
            remedy=_("Type the day as year-month-day, for example 2025-07-09."),
        )
    return _ORIGIN + timedelta(days=int(number) + (number < _FIRST_SOUND))


def _fraction(cell: Cell, kind: Kind) -> str:
    """A number as it stands, since the cell shows it in per cent; a text only with the sign of per cent."""
    text = canonical_text(cell.text)
    if isinstance(cell.value, float):
        fraction = _finite(cell.value)
    elif text.endswith("%"):
        fraction = parse_rate(text)
    else:
        raise InputError(
            _("Not taken: {text} is not a number.").format(text=text[:40] or _("nothing")),
            remedy=_("Type the number in per cent, for example 12.5 %."),
        )
    (rules.check_rate if kind is Kind.RATE else rules.check_share)(fraction)
    return canonical_number(fraction)


def _finite(number: float) -> Decimal:
    if not math.isfinite(number):
        raise InputError(_("Not taken: {text} is not a number.").format(text=number))
    return Decimal(canonical_number(number))


def _is_nothing(cell: Cell) -> bool:
    return not isinstance(cell.value, float) and canonical_text(cell.text) in _NOTHING


def _amount(cell: Cell) -> str:
    if not isinstance(cell.value, float):
        if _is_nothing(cell):
            return ""
        raise InputError(
            _("Not taken: {text} is not a number.").format(text=cell.text[:40]),
            remedy=_("Type digits with a decimal point, for example 12.5."),
        )
    amount = _finite(cell.value)
    if not 0 < amount < Decimal(10) ** 16:
        raise InputError(
            _("A quota of {volume} cannot be.").format(volume=f"{cell.value:.10g}"),
            remedy=_("Give an amount above 0, or leave it open."),
        )
    return canonical_number(amount)


def _choice(kind: Kind, cell: Cell) -> str:
    """A word of the list, in any language of ours."""
    text = canonical_text(cell.text)
    for language in LANGUAGES:
        with in_language(language):
            for word, value in _words(kind):
                if text.casefold() == canonical_text(word).casefold():
                    return canonical(value, language)
    raise InputError(
        _("'{text}' is none of the words to choose from.").format(text=text[:40]),
        remedy=_("Choose one of {words}.").format(words=", ".join(word for word, _value in _words(kind))),
    )


def _words(kind: Kind) -> Iterable[tuple[str, object]]:
    if kind is Kind.FORM:
        return [(form_word(is_total=False), RateForm.ADDED), (form_word(is_total=True), RateForm.TOTAL)]
    if kind is Kind.USE:
        return [(use_word(use), use) for use in Column1Use]
    return [(barrier_state(state), state) for state in BarrierState]


def _text(kind: Kind, cell: Cell) -> str:
    """Nothing a text may say is acted upon: what looks like a formula stays a text in the case, too."""
    text = canonical_number(_finite(cell.value)) if isinstance(cell.value, float) else canonical_text(cell.text)
    if kind is Kind.WORD and text == NOT_APPLICABLE:
        return ""
    return text


def check_length(kind: Kind, text: str) -> None:
    """A text that was changed is not longer than a cell is sure to hold."""
    longest = {Kind.WORD: LONGEST_WORD, Kind.TEXT: LONGEST_TEXT}.get(kind)
    if longest is not None and len(text) > longest:
        raise InputError(
            _("The text is too long."),
            why=_("It has {count} characters; {limit} are taken.").format(count=len(text), limit=longest),
            remedy=_("Shorten it."),
        )
