"""Column 1 Special as the schedule prints it: rates, each with the symbols of the programmes that enjoy it.

    text    = group { group }
    group   = rate "(" symbol { "," symbol } ")"
    symbol  = one or two capitals, with + or * after them where the note of the programme tells goods apart
    rate    = "Free", a percentage, a specific or compound rate, "See" and the headings where the rate stands, or
              words that refer to another heading

`Free (A,AU,S) 1.7% (KR) See 9822.04.01-9822.04.03 (PA)`. Slips of the print (a full stop, a missing comma, a symbol
twice) are read and remarked on, so that the build can ask for an explanation of each; anything else is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.i18n import _
from core.reference.build.rates import parse_specific
from core.reference.schedule import RateKind

_GROUP: Final = re.compile(r"\s*(?P<rate>[^()]+?)\s*\((?P<symbols>[^()]*(?:\([^()]*)?)\)\s*")
_SYMBOL: Final = re.compile(r"[A-Z]{1,2}[+*]?")
_PERCENT: Final = re.compile(r"(?P<percent>[0-9]+(?:\.[0-9]+)?)%")
_HEADING: Final = r"[0-9]{2,4}(?:\.[0-9]{2}){2,3}"
_ELSEWHERE: Final = re.compile(rf"See {_HEADING}(?:(?:-|, ){_HEADING})*")
_IN_WORDS: Final = re.compile(r"The rate applicable to .+ in heading [0-9]{4}")
# Rates of several parts, such as wine and spirits by volume and by alcohol: read as text, without a number.
_AMOUNT: Final = r"(?:\$[0-9.]+|[0-9.]+¢)\s*/\s*[^+%]+"
_SEVERAL: Final = re.compile(rf"{_AMOUNT}(?:\s*\+\s*{_AMOUNT})+")
_PER_CENT: Final = 100


class SpecialTextError(ValueError):
    """A text that the grammar does not cover; the message says where it stops."""


@dataclass(frozen=True)
class SpecialRate:
    """One rate of a line and the symbols that enjoy it, in the order of the print."""

    text: str
    kind: RateKind
    symbols: tuple[str, ...]

    @property
    def ad_valorem(self) -> str:
        """The rate as a fraction, as the pack writes it; "" for one that is no percentage."""
        if self.kind is RateKind.FREE:
            return "0.0"
        match = _PERCENT.fullmatch(self.text)
        return repr(round(float(match["percent"]) / _PER_CENT, 10)) if match else ""


@dataclass(frozen=True)
class Special:
    """The cell of one line. remarks: slips of the print that were read all the same."""

    rates: tuple[SpecialRate, ...]
    remarks: tuple[str, ...] = ()

    def rate(self, symbol: str) -> SpecialRate | None:
        """The rate of a symbol; None where the line does not carry it."""
        return next((rate for rate in self.rates if symbol in rate.symbols), None)


def parse_special(text: str) -> Special:
    """Read one cell; an empty one has no rates. SpecialTextError for what the grammar does not cover."""
    rates: list[SpecialRate] = []
    remarks: list[str] = []
    position, taken = 0, set[str]()
    while text[position:].strip():
        match = _GROUP.match(text, position)
        if match is None:
            raise SpecialTextError(_("not a rate with symbols: {text}").format(text=text[position:].strip()))
        position = match.end()
        symbols = _symbols(match["symbols"], remarks)
        if twice := taken & set(symbols):
            raise SpecialTextError(_("{symbol} has two rates").format(symbol=sorted(twice)[0]))
        taken |= set(symbols)
        rate = " ".join(match["rate"].split())
        rates.append(SpecialRate(rate, rate_kind(rate), symbols))
    return Special(tuple(rates), tuple(remarks))


def rate_kind(rate: str) -> RateKind:
    """How a rate is written; SpecialTextError for one that is none of these."""
    if rate == "Free":
        return RateKind.FREE
    if _PERCENT.fullmatch(rate):
        return RateKind.AD_VALOREM
    if _ELSEWHERE.fullmatch(rate):
        return RateKind.ELSEWHERE
    if parse_specific(rate) or _SEVERAL.fullmatch(rate) or _IN_WORDS.fullmatch(rate):
        return RateKind.SPECIFIC
    raise SpecialTextError(_("not a rate: {text}").format(text=rate))


def _symbols(text: str, remarks: list[str]) -> tuple[str, ...]:
    """The symbols between brackets, each once."""
    found: list[str] = []
    for piece in text.split(","):
        names = list(dict.fromkeys(_SYMBOL.findall(piece)))
        if not names or re.sub(r"[\s.(]", "", _SYMBOL.sub("", piece)):
            raise SpecialTextError(_("not a symbol: {text}").format(text=piece.strip()))
        if piece.strip() != names[0]:
            remarks.append(_("'{text}' read as {symbols}").format(text=piece.strip(), symbols=", ".join(names)))
        for name in names:
            if name in found:
                remarks.append(_("{symbol} is there twice").format(symbol=name))
            else:
                found.append(name)
    return tuple(found)
