"""A case with an unmistakable value in every confidential field, and a search that leaves no corner of a file out."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any
from xml.etree import ElementTree

import msgspec
from msgspec.structs import replace

from core.audience import Audience, field_audiences
from core.case import (
    AddDuty,
    AnyChange,
    BarrierRecord,
    BarrierState,
    Cap,
    Case,
    Exempt,
    HistoryEntry,
    Postpone,
    Quota,
    RivalTerms,
    Scenario,
    SetRate,
    SetTotal,
    SwitchOff,
    SwitchOn,
    TradeOverride,
)
from core.casefile import default_case
from core.text import LocalText

FEW_LINES = "BH"  # a partner with little trade, where the goods do not matter
FAR = date(2171, 3, 1)  # no law, no statistics, and a serial number that no figure of the workbook has
# What a value of these has to be is not ours to choose: they refer to something, or are one of a few words.
REFERENCES = frozenset({"letter", "lines", "measure", "barrier", "form", "place", "audience", "illustrative"}) | {
    "code", "year"
}  # fmt: skip
AMOUNTS = frozenset({"volume", "value", "duty"})
LETTERS = frozenset({"next_letter"})
PARTNERS = tuple(f"Q{letter}" for letter in "MNOPQRSTUVWXYZ")  # codes that will never be a country's


@dataclass(frozen=True)
class Planted:
    """One value: whose it is, in which field, and what it looks like in a file."""

    circle: Audience
    place: str  # "BarrierRecord.position"
    looks: tuple[str, ...]  # as English, or in general
    korean: tuple[str, ...] = ()

    def is_in(self, texts: str, language: str = "") -> bool:
        """In any of its looks, or in those of one language."""
        looks = {"en": self.looks, "ko": self.korean or self.looks}.get(language, self.looks + self.korean)
        return any(_holds(texts, look) for look in looks)


def _holds(texts: str, look: str) -> bool:
    """Words of ours anywhere; numbers and days where no other digit or letter touches them."""
    if look.startswith("zq"):
        return look in texts
    place = texts.find(look)
    while place >= 0:
        before, after = texts[place - 1 : place], texts[place + len(look) : place + len(look) + 1]
        if not _goes_on(before) and before != "." and not _goes_on(after):
            return True
        place = texts.find(look, place + 1)
    return False


def _goes_on(letter: str) -> bool:
    return letter.isalnum() or letter == "_"


@dataclass
class Planter:
    """Goes through a document and puts a value of its own into each field that not everyone may see."""

    planted: list[Planted] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _partners: Iterator[str] = field(default_factory=lambda: iter(PARTNERS))

    def plant(self, document: Any, circle: Audience = Audience.SHAREABLE, within: str = "") -> Any:
        """A copy; `circle`: of the record that holds it. within: the field it stands in, where that tells it apart."""
        if isinstance(document, tuple):
            return tuple(self.plant(item, circle) for item in document)
        if not isinstance(document, msgspec.Struct) or isinstance(document, LocalText):
            return document
        own = getattr(document, "audience", Audience.SHAREABLE)
        circle = max(circle, own) if isinstance(own, Audience) else circle
        fields = {
            name: self._field(document, name, max(circle, widest), within)
            for name, widest in field_audiences(type(document)).items()
        }
        return replace(document, **fields)

    def _field(self, document: Any, name: str, circle: Audience, within: str) -> Any:
        value = getattr(document, name)
        place = f"{within}{type(document).__name__}.{name}"
        is_reference = name in REFERENCES or (name == "duty" and not isinstance(document, AddDuty | TradeOverride))
        if circle is Audience.SHAREABLE or is_reference or isinstance(value, BarrierState):
            return self.plant(value, circle)
        if isinstance(value, tuple) and any(isinstance(item, msgspec.Struct) for item in value):
            return self.plant(value, circle)
        if isinstance(value, msgspec.Struct) and not isinstance(value, LocalText):
            return self.plant(value, circle, f"{place}:")
        new, looks, korean = self._value(value, name, circle)
        self.planted.append(Planted(circle, place, looks, korean))
        return new

    def _value(self, value: Any, name: str, circle: Audience) -> tuple[Any, tuple[str, ...], tuple[str, ...]]:
        number = next(self._numbers)
        word = f"zq{number}-{circle.value}"
        if name in LETTERS:
            return "ZZQ", ("ZZQ",), ()
        if isinstance(value, LocalText):
            return LocalText(f"{word}-en", f"{word}-ko"), (f"{word}-en",), (f"{word}-ko",)
        if isinstance(value, datetime) or name == "at":
            moment = datetime(2171, 1, 1, 3, 7, number % 60, tzinfo=UTC)
            return moment, (moment.isoformat()[:19], f"2171-01-01 03:07:{number % 60:02}"), ()
        if isinstance(value, date) or name in ("due", "until"):
            day = FAR + timedelta(days=number)
            serial = str((day - date(1899, 12, 30)).days)
            names = (f"{day.day} {day:%B} {day.year}", f"{day.day} {day:%b} {day.year}")
            return day, (serial, day.isoformat(), *names), (serial, f"{day.year}. {day.month}. {day.day}.")
        if isinstance(value, Decimal) or name in ("volume", "out_rate"):
            return _number(number, name)
        if name == "partners":
            code = next(self._partners)
            return (code,), (code,), ()
        if isinstance(value, tuple):
            return (word,), (word,), ()
        return word, (word,), ()


def _number(number: int, name: str) -> tuple[Decimal, tuple[str, ...], tuple[str, ...]]:
    """An amount or a rate that nothing else in the workbook can come out as."""
    if name in AMOUNTS:
        amount = Decimal(71_828_000 + number)
        return amount, (str(amount), f"{amount:,}"), ()
    rate = Decimal(4000 + number) / 65_536  # which a float holds exactly, so that it is written as it is typed
    return rate, (str(float(rate)), f"{float(rate) * 100:.7g}"), ()


def planted_case() -> tuple[Case, list[Planted]]:
    """Every kind of record, for every circle, with every confidential field filled."""
    default = default_case()
    law = default.scenarios[0]
    scenarios = [
        Scenario(
            letter=letter,
            name=LocalText("x"),
            summary=LocalText("x"),
            changes=_changes(),
            rivals=_rivals(),
            audience=audience,
        )
        for letter, audience in zip("BCD", Audience, strict=True)
    ]
    barriers = tuple(
        replace(BarrierRecord(barrier=record.barrier), state=BarrierState.CONDITIONAL_OFFER, illustrative=True)
        for record in default.barriers[:2]
    )
    case = replace(
        default,
        partner=FEW_LINES,
        scenarios=(law, *scenarios),
        barriers=barriers,
        trade=(TradeOverride(code="0401400500", value=Decimal(1), year=2024, duty=Decimal(1)),),
        history=(HistoryEntry(),) * 2,
    )
    planter = Planter()
    found: Case = planter.plant(case)
    return found, planter.planted


def _changes() -> tuple[AnyChange, ...]:
    day, steel = date(2025, 7, 9), "list:s232_steel_article"
    return (
        SetRate(start=day, duty="reciprocal", rate=Decimal("0.2")),
        SwitchOff(start=day, duty="autos"),
        SwitchOn(start=day, duty="steel", measure="steel_25"),
        Postpone(start=day, duty="aluminium"),
        Exempt(start=day, duty="reciprocal", lines="group:textiles"),
        Cap(start=day, lines="group:food", rate=Decimal("0.05")),
        SetTotal(start=day, lines="group:steel", rate=Decimal("0.08")),
        Quota(start=day, duty="steel", lines=steel, volume=Decimal(1), out_rate=Decimal("0.4"), unit="t"),
        AddDuty(start=day, duty="new_one", title=LocalText("x"), lines="group:chemicals", citation="x"),
    )


def _rivals() -> tuple[RivalTerms, ...]:
    """Terms of others, which stand in words: the partners, and what they get."""
    day = date(2025, 7, 9)
    changes = (
        SetRate(start=day, duty="autos", rate=Decimal("0.15")),
        Quota(start=day, duty="steel", volume=Decimal(1), unit="t"),
        AddDuty(start=day, duty="others", title=LocalText("x"), citation="x"),
    )
    return tuple(RivalTerms(partners=("CN",), change=change) for change in changes)


# Searching


def everything_in(data: bytes) -> str:
    """All that a zip file holds, in every way it can be read, as one text."""
    texts = []
    with zipfile.ZipFile(BytesIO(data)) as archive:
        texts.append(archive.comment.decode("utf-8", "ignore"))
        for part in archive.infolist():
            content = archive.read(part)
            texts += [part.filename, part.comment.decode("utf-8", "ignore"), part.extra.decode("latin-1")]
            texts += everything_in_part(content)
    return "\n".join(texts)


def everything_in_part(content: bytes) -> Iterator[str]:
    """The content as text in several encodings, without its entities, and as a parser hands it out."""
    if content.startswith(b"PK"):
        yield everything_in(content)
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        text = content.decode(encoding, "ignore")
        yield text
        yield html.unescape(text)
        yield re.sub(r"<[^>]*>", "", html.unescape(text))  # a word that is spread over runs is one word again
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return
    for element in root.iter():
        # Figures of two cells side by side are no figure; a word may be spread over the runs of one.
        between = "\n" if element.tag.rpartition("}")[2] in ("row", "c") else ""
        joined = between.join(element.itertext()) if len(element) < 200 else element.text or ""
        for text in (joined, element.tail or "", *element.attrib.values()):
            yield text
            yield re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text).replace("&&", "&")


def leaks(texts: str, planted: list[Planted], audience: Audience) -> list[str]:
    """The places whose values are in the texts although this audience may not see them."""
    return [found.place for found in planted if found.circle > audience and found.is_in(texts)]


def shown(texts: str, planted: list[Planted], audience: Audience, language: str) -> set[str]:
    """The places of which every value that this audience may see is in the texts."""
    mine = [found for found in planted if found.circle <= audience]
    missing = {found.place for found in mine if not found.is_in(texts, language)}
    return {found.place for found in mine} - missing
