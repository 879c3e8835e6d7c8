"""Dated events: changes of the law, meetings, politics and deadlines, each with the day it became known."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec.structs import replace

from core.i18n import _
from core.reference.dated import Confidence, FileHeader, Record, Source, decode, known
from core.text import LocalText

FILE: Final = "calendar.json"
ALL_PARTNERS: Final = "*"


class EventKind(StrEnum):
    """What sort of date it is."""

    LAW = "law"
    TALKS = "talks"
    POLITICS = "politics"
    DEADLINE = "deadline"

    @property
    def label(self) -> str:
        """The word shown to the user."""
        return {
            EventKind.LAW: _("Law"),
            EventKind.TALKS: _("Talks"),
            EventKind.POLITICS: _("Politics"),
            EventKind.DEADLINE: _("Deadline"),
        }[self]


class Event(Record, frozen=True):
    """One date. `title`: two to four words for a chart; `detail`: one sentence.

    time_et: HH:MM in US Eastern time where the law names an hour. partners: ISO-2 codes, or "*" for all.
    known_from: when it was public that this would happen. overtaken_from: when it was public that it would
    not happen on this day any more; from then on the event is no longer shown.
    """

    id: str
    date: datetime.date
    title: LocalText
    detail: LocalText
    kind: EventKind
    partners: tuple[str, ...]
    known_from: datetime.date
    confidence: Confidence
    sources: tuple[Source, ...]
    time_et: str = ""
    overtaken_from: datetime.date | None = None

    def concerns(self, partner: str) -> bool:
        """Whether the event matters to this partner (ISO-2)."""
        return ALL_PARTNERS in self.partners or partner in self.partners

    def stands(self, on: datetime.date) -> bool:
        """Whether the event was known on this day and not overtaken by then."""
        return self.known_from <= on and (self.overtaken_from is None or on < self.overtaken_from)


class Calendar(Record, frozen=True):
    """All events by date."""

    header: FileHeader
    events: tuple[Event, ...]

    def known(self, on: datetime.date, partner: str | None = None) -> tuple[Event, ...]:
        """Events that stood on this day, for one partner or for all; sources cut to the same day."""
        return known_events(self.events, on, partner)


def known_events(events: Iterable[Event], on: datetime.date, partner: str | None = None) -> tuple[Event, ...]:
    """The events that stood on this day; an overtaken one is left out."""
    return tuple(
        replace(event, sources=known(event.sources, on))
        for event in events
        if event.stands(on) and (partner is None or event.concerns(partner))
    )


def load_calendar(data: bytes, where: str = FILE) -> Calendar:
    """Read calendar.json; PackError when it does not fit."""
    return decode(data, Calendar, where)
