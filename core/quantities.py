"""Numbers as people type them and as Parley shows them.

Inside core a rate is a fraction; per cent exists only here and where text is made. The parser refuses what
can be read two ways: `12,5` is 12.5 to a Korean or a German reader of a manual and 125 to a careless program.
"""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from core import i18n
from core.errors import InputError
from core.i18n import _

MINUS: Final = "\N{MINUS SIGN}"
NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
NOT_APPLICABLE: Final = "\N{EN DASH}"
MAX_RATE: Final = Decimal(10)  # 1000 %

_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<gap>-|/|\. ?)(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})\.?")
_DAY_MONTH_NAME = re.compile(r"(?P<day>\d{1,2}) (?P<month>[A-Za-z]{3,9})\.? (?P<year>\d{4})")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_SPACED = re.compile(r"[+-]?\d{1,3}( \d{3})+(\.\d+)?")
_LEADING_ZEROS_AMBIGUOUS = re.compile(r"[+-]?0,\d{3}")


def parse_number(text: str) -> Decimal:
    """A number typed with a decimal point; commas or spaces only as complete thousands groups (`1,234.5`).

    Raises InputError for anything else, `12,5`, `0,125` and `12 5` among it, and says how to type what was
    probably meant.
    """
    cleaned = _SPACES.sub(" ", text).strip().replace(MINUS, "-")
    if _SPACED.fullmatch(cleaned):
        cleaned = cleaned.replace(" ", "")
    if _PLAIN.fullmatch(cleaned) or (_GROUPED.fullmatch(cleaned) and not _LEADING_ZEROS_AMBIGUOUS.match(cleaned)):
        return _decimal(cleaned.replace(",", ""), text)
    if "," in cleaned:
        raise _two_readings(cleaned)
    raise InputError(
        _("Not taken: {text} is not a number.").format(text=text.strip() or _("nothing")),
        remedy=_("Type digits with a decimal point, for example 12.5."),
    )


def _two_readings(typed: str) -> InputError:
    as_point, joined = typed.replace(",", "."), typed.replace(",", "")
    remedy = _("Type the number with a decimal point and without commas.")
    if _PLAIN.fullmatch(as_point) and _PLAIN.fullmatch(joined):
        remedy = _("Type {first} or {second}.").format(first=as_point, second=joined)
    return InputError(_("Not taken: {text} can be read two ways.").format(text=typed), remedy=remedy)


def _decimal(digits: str, typed: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise InputError(_("Not taken: {text} is not a number.").format(text=typed)) from None


def parse_rate(text: str) -> Decimal:
    """A rate typed in per cent (`12.5`, `12.5 %`) as a fraction; refuses negatives and more than 1000 %.

    No rate needs a thousands comma, and `1,000` is 1 to many a hand: every comma is refused.
    """
    stripped = text.strip().removesuffix("%")
    if "," in stripped:
        raise _two_readings(stripped.strip())
    rate = parse_number(stripped) / 100
    if rate < 0:
        raise InputError(_("Not taken: a rate cannot be negative."), remedy=_("Type 0 or more, in per cent."))
    if rate > MAX_RATE:
        raise InputError(
            _("Not taken: {text} % is above 1000 %.").format(text=stripped.strip()),
            remedy=_("Type the rate in per cent, for example 25 for 25 %."),
        )
    return rate


def parse_share(text: str) -> Decimal:
    """A share of value as a fraction 0 to 1, typed as `0.6` or `60 %`; commas are refused as in a rate."""
    if "," in text:
        raise _two_readings(text.strip())
    share = parse_number(text.strip().removesuffix("%"))
    share = share / 100 if text.strip().endswith("%") else share
    if not 0 <= share <= 1:
        raise InputError(
            _("Not taken: {text} is not a share.").format(text=text.strip()),
            remedy=_("Type a share between 0 and 1, for example 0.6, or 60 %."),
        )
    return share


def parse_date(text: str) -> date:
    """A day typed with the year first (2025-07-09, 2025. 7. 9.) or as shown in English (9 July 2025).

    Figures alone with the year last are refused: 7/9/2025 is a day in July here and in September there.
    """
    try:
        return date(*_year_month_day(_SPACES.sub(" ", text).strip()))
    except ValueError:
        raise InputError(
            _("Not taken: {text} is not a date.").format(text=text.strip() or _("nothing")),
            remedy=_("Type the day as year-month-day, for example 2025-07-09."),
        ) from None


def _year_month_day(typed: str) -> tuple[int, int, int]:
    """ValueError when the text is no date."""
    if match := _YEAR_FIRST.fullmatch(typed):
        return int(match["year"]), int(match["month"]), int(match["day"])
    if match := _DAY_MONTH_NAME.fullmatch(typed):
        return int(match["year"]), _month_number(match["month"]), int(match["day"])
    raise ValueError(typed)


def _month_number(name: str) -> int:
    """By its English name or the first three letters of it."""
    for number, month in enumerate(_MONTHS, start=1):
        if name.lower() in (month.lower(), month[:3].lower()):
            return number
    raise ValueError(name)


def _signed(text: str, *, plus: bool) -> str:
    if text.startswith("-"):
        body = text[1:]
        return body if not body.strip("0.,") else MINUS + body
    return "+" + text if plus and text.strip("0.,") else text


def format_number(value: float | Decimal | None, decimals: int = 0, *, plus: bool = False) -> str:
    """Thousands commas, true minus, `n/a` for a missing value (None, NaN, infinite): never blank."""
    if value is None or not math.isfinite(value):
        return _("n/a")
    return _signed(f"{value:,.{decimals}f}", plus=plus)


def format_rate(fraction: float | Decimal | None, decimals: int = 1, *, plus: bool = False) -> str:
    """A fraction as a bare number of per cent (`25.0`); the unit stands in the column head."""
    if fraction is None or not math.isfinite(fraction):
        return _("n/a")
    return format_number(float(fraction) * 100, decimals, plus=plus)


def format_percent(fraction: float | Decimal | None, decimals: int | None = None, *, plus: bool = False) -> str:
    """A fraction with its unit: `25 %` in English, `25%` in Korean; decimals=None: up to 2."""
    if fraction is None or not math.isfinite(fraction):
        return _("n/a")
    if decimals is None:
        number = f"{float(fraction) * 100:.2f}".rstrip("0").rstrip(".")
        number = _signed(number, plus=plus)
    else:
        number = format_rate(fraction, decimals, plus=plus)
    return number + ("%" if i18n.language() == "ko" else NO_BREAK_SPACE + "%")


def format_date(day: date, *, short: bool = False) -> str:
    """`22 May 2025` or `2025. 5. 22.`; short leaves the year out."""
    if i18n.language() == "ko":
        return f"{day.month}.{NO_BREAK_SPACE}{day.day}." if short else f"{day.year}. {day.month}. {day.day}."
    name = _MONTHS[day.month - 1][:3] if day.month != 7 else "July"
    name = "June" if day.month == 6 else name
    return f"{day.day} {name}" if short else f"{day.day} {name} {day.year}"


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
