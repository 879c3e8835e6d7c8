"""The barrier catalogue: what the importer asks to have eased, under which rule, and how it is documented."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from core.i18n import _
from core.reference.dated import Confidence, Development, FileHeader, Record, Source, decode, known
from core.text import LocalText

FILE: Final = "barriers.json"


class Standing(StrEnum):
    """Where a barrier stands in the importer's yearly report on trade barriers; its words are in the pack."""

    CONFIRMED = "confirmed"
    EARLIER_CHAPTER = "earlier_chapter"
    NOT_IN_REPORT = "not_in_report"


class BarrierKind(StrEnum):
    """How a barrier works; only a price wedge has an ad valorem equivalent by its nature."""

    PRICE_WEDGE = "price_wedge"
    BAN = "ban"
    PROCEDURE = "procedure"
    RULE = "rule"

    @property
    def label(self) -> str:
        """The words shown to the user."""
        return {
            BarrierKind.PRICE_WEDGE: _("Price wedge"),
            BarrierKind.BAN: _("Ban or permission"),
            BarrierKind.PROCEDURE: _("Procedure"),
            BarrierKind.RULE: _("Rule"),
        }[self]


class ReportStanding(Record, frozen=True):
    """How a standing is called: `label` in a filter, `short` in a table column."""

    id: Standing
    label: LocalText
    short: LocalText


class Ministry(Record, frozen=True):
    """An office that answers for a rule, named as it was called when the talks were held."""

    id: str
    short: LocalText
    name: LocalText


class Barrier(Record, frozen=True):
    """One barrier. `ministries`: the lead first. `ave_identified`: an ad valorem equivalent exists."""

    id: str
    title: LocalText
    description: LocalText
    agenda_area: str
    sector: LocalText
    rule: LocalText
    ministries: tuple[Ministry, ...]
    us_ask_short: LocalText
    us_ask: LocalText
    standing: Standing
    nte_section: LocalText
    kind: BarrierKind
    ave_identified: bool
    confidence: Confidence
    uncertainty: LocalText
    known_from: date
    sources: tuple[Source, ...]
    developments: tuple[Development, ...]
    first_year_raised: int | None = None
    first_year_note: LocalText = LocalText()
    alternative_area: str = ""

    @property
    def lead(self) -> Ministry:
        """The office that leads on this barrier."""
        return self.ministries[0]

    def as_known(self, on: date) -> Barrier:
        """A copy with only the sources and developments that were public on this day."""
        return replace(self, sources=known(self.sources, on), developments=known(self.developments, on))


class BarrierCatalogue(Record, frozen=True):
    """All barriers, in agenda order. `report`: the report that the standings speak of."""

    header: FileHeader
    report: LocalText
    standings: tuple[ReportStanding, ...]
    barriers: tuple[Barrier, ...]

    def known(self, on: date) -> tuple[Barrier, ...]:
        """The barriers known on this day, each with what was known of it."""
        return tuple(barrier.as_known(on) for barrier in known(self.barriers, on))

    def words(self, standing: Standing) -> ReportStanding:
        """How this standing is called; KeyError when the pack does not say."""
        for words in self.standings:
            if words.id is standing:
                return words
        raise KeyError(standing)

    def held_back(self, on: date) -> int:
        """How many barriers were not known yet on this day."""
        return len(self.barriers) - len(known(self.barriers, on))


def load_barriers(data: bytes, where: str = FILE) -> BarrierCatalogue:
    """Read barriers.json; PackError when it does not fit."""
    return decode(data, BarrierCatalogue, where)
