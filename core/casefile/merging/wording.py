"""Parts of a case and their values as people read them, in the language of the moment."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

import msgspec

from core import i18n
from core.audience import Audience
from core.case import BarrierState, Case, Change, Column1Use, Document, Place, RateForm, RivalTerms, Scenario
from core.casefile.merging.fields import PARTS, Kind, field_of, field_words
from core.casefile.merging.parts import MISSING, identity
from core.change_words import change_words, duty_title, goods_name, partner_words
from core.codes import format_code
from core.i18n import N_, _
from core.quantities import NO_BREAK_SPACE, NOT_APPLICABLE, format_date
from core.text import LocalText

if TYPE_CHECKING:
    from core.reference.pack import Pack

STEP: Final = " › "  # between a part and what is in it
NOTHING: Final = NOT_APPLICABLE
LONGEST_LINE: Final = 160
_ENUM_WORDS: Final[Mapping[Enum, str]] = {
    RateForm.ADDED: N_("added to column 1"),
    RateForm.TOTAL: N_("a total that column 1 counts towards"),
    Place.INSTEAD_OF_GENERAL: N_("instead of the country duty"),
    Place.ON_TOP: N_("on top of the others"),
    Column1Use.LINE_BY_LINE: N_("line by line"),
    Column1Use.WEIGHTED: N_("weighted by use"),
    BarrierState.NOT_RAISED: N_("Not raised"),
    BarrierState.RAISED: N_("Raised"),
    BarrierState.EXPLAINED: N_("Explained"),
    BarrierState.UNDER_DISCUSSION: N_("Under discussion"),
    BarrierState.CONDITIONAL_OFFER: N_("Conditional offer"),
    BarrierState.AGREED_IN_PRINCIPLE: N_("Agreed in principle"),
    BarrierState.AGREED: N_("Agreed"),
    BarrierState.CLOSED: N_("Closed"),
    BarrierState.REFUSED: N_("Not opened"),
}


@dataclass(frozen=True)
class Names:
    """The names that the reference pack has for ids in a case; without a pack the ids stand for themselves."""

    duties: Mapping[str, str] = field(default_factory=dict)
    barriers: Mapping[str, str] = field(default_factory=dict)
    partners: Mapping[str, str] = field(default_factory=dict)


def names_of(pack: Pack) -> Names:
    """In the language of the moment."""
    return Names(
        duties={duty.id: str(duty.title) for duty in pack.law.file.duties},
        barriers={barrier.id: str(barrier.title) for barrier in pack.barriers.barriers},
        partners={partner.iso2: str(partner.name) for partner in pack.partners},
    )


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """The text without line breaks and control characters: what a case holds must not steer a terminal."""
    plain = re.sub(" {2,}", " ", "".join(_printable(each) for each in text)).strip(" ")
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _printable(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    return "\N{REPLACEMENT CHARACTER}" if category == "Cf" else letter


@dataclass(frozen=True)
class Wording:
    """Words for the parts of one case: the same id may be called otherwise in another copy."""

    case: Case
    names: Names = field(default_factory=Names)

    # Values

    def value(self, owner: type, name: str, value: Any) -> str:
        """A field's value as read; an empty one is a dash, never blank."""
        match value:
            case _ if value is MISSING:
                return NOT_APPLICABLE
            case msgspec.Struct() if not isinstance(value, LocalText):
                return self.summary(value)
            case tuple():
                return ", ".join(self._item(owner, name, each) for each in value) or NOT_APPLICABLE
            case dict():
                return ", ".join(f"{key}: {self._item(owner, name, each)}" for key, each in value.items())
            case _:
                return self._item(owner, name, value) or NOT_APPLICABLE

    def _item(self, owner: type, name: str, value: Any) -> str:
        match value:
            case None:
                return _("none, for good") if field_of(owner, name).kind is Kind.OPEN_END else NOT_APPLICABLE
            case bool():
                return _("yes") if value else _("no")
            case Audience():
                return value.label
            case Enum():
                return _(_ENUM_WORDS[value]) if value in _ENUM_WORDS else str(value.value)
            case datetime():
                return f"{format_date(value.date())} {value:%H:%M} UTC"
            case date():
                return format_date(value)
            case Decimal():
                return _number(value, field_of(owner, name).kind)
            case LocalText():
                return _both(value)
            case Document():
                return self.part(value)
            case str():
                return self._text(field_of(owner, name).kind, value)
            case _:
                return str(value)

    def _text(self, kind: Kind, value: str) -> str:
        match kind:
            case Kind.GOODS:
                return goods_name(self.case, value) or _("all that the duty covers")
            case Kind.DUTY:
                return duty_title(value, self.names.duties)
            case Kind.PARTNER:
                return partner_words((value,), self.names.partners)
            case Kind.CODE:
                return format_code(value)
            case Kind.SCENARIO:
                return next((_lettered(each) for each in self.case.scenarios if each.letter == value), value)
            case _:
                return value

    # Parts

    def part(self, document: Document) -> str:
        """What a part is called: `Scenario C (Korea's request)`; a change by what it does."""
        if isinstance(document, Change):
            return self._change(document)
        form = PARTS.get(type(document).__name__)
        return _(form).format(name=self._own_name(document)) if form else self._own_name(document)

    def _own_name(self, document: Document) -> str:
        if isinstance(document, Scenario):
            return _lettered(document)
        if isinstance(document, RivalTerms):
            return self._rivals(document)
        own = identity(document)
        named = getattr(document, "name", None) or getattr(document, "title", None)
        if named or not own.isdigit():
            return str(named) if named else self.names.barriers.get(own, own)
        return format_code(own)

    def _change(self, change: Any) -> str:
        return change_words(self.case, change, self.names.duties).title

    def _rivals(self, terms: RivalTerms) -> str:
        partners = partner_words(terms.partners, self.names.partners)
        return _("{partners}: {change}").format(partners=partners, change=self._change(terms.change))

    def summary(self, document: msgspec.Struct) -> str:
        """All that a part holds, in one line: its fields that are filled in."""
        if isinstance(document, Change):
            words = change_words(self.case, document, self.names.duties)  # type: ignore[arg-type]  # every Change is one
            return " · ".join(part for part in (words.title, words.detail, document.note) if part)
        return "; ".join(self._filled(document))

    def _filled(self, document: msgspec.Struct) -> Iterator[str]:
        """Without what names the part: that stands in front of its summary already."""
        for each in msgspec.structs.fields(type(document)):
            value = getattr(document, each.name)
            if each.required or each.name == "id" or value in (each.default, None, "", (), {}):
                continue
            yield f"{field_words(type(document), each.name)}: {self.value(type(document), each.name, value)}"


def _lettered(scenario: Scenario) -> str:
    return f"{scenario.letter} ({scenario.name})" if scenario.name else scenario.letter


def _both(text: LocalText) -> str:
    """Both languages where they differ: a difference in the one not shown must not be hidden."""
    shown = str(text)
    other = text.ko if i18n.language() == "en" else text.en
    return f"{shown} / {other}" if other and other != shown else shown


def _number(value: Decimal, kind: Kind) -> str:
    """Exactly: two rates that differ must not look the same."""
    if not value.is_finite():
        return str(value)
    if kind in (Kind.NUMBER, Kind.MONEY):
        return ("US$ " if kind is Kind.MONEY else "") + f"{value.normalize():,f}"
    per_cent = f"{(value * 100).normalize():f}"
    return per_cent + ("%" if i18n.language() == "ko" else NO_BREAK_SPACE + "%")
