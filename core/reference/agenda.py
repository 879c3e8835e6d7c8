"""The agenda of the talks: its areas with both sides' positions, and the rounds held."""

from __future__ import annotations

from datetime import date
from typing import Final

from msgspec.structs import replace

from core.reference.dated import Confidence, Development, FileHeader, Record, Source, decode, known
from core.text import LocalText

FILE: Final = "agenda.json"


class Position(Record, frozen=True):
    """What one side wants in an area. `our_reading`: inferred, not stated by that side."""

    side: str
    text: LocalText
    our_reading: bool


class AgendaArea(Record, frozen=True):
    """One area of the talks. `open_points` and `developments` carry their own dates."""

    id: str
    name: LocalText
    question: LocalText
    positions: tuple[Position, ...]
    open_points: tuple[Development, ...]
    developments: tuple[Development, ...]
    sources: tuple[Source, ...]
    confidence: Confidence
    known_from: date

    def position(self, side: str) -> Position:
        """The position of this side (ISO-2); KeyError when there is none."""
        for position in self.positions:
            if position.side == side:
                return position
        raise KeyError(side)

    def as_known(self, on: date) -> AgendaArea:
        """A copy with only what was public on this day."""
        return replace(
            self,
            open_points=known(self.open_points, on),
            developments=known(self.developments, on),
            sources=known(self.sources, on),
        )


class Head(Record, frozen=True):
    """A public official whom the sources name at the head of one side."""

    side: str
    name: LocalText
    post: LocalText


class Delegation(Record, frozen=True):
    """The offices that took part for one side, the lead first."""

    side: str
    offices: tuple[LocalText, ...]


class Round(Record, frozen=True):
    """One meeting. `number`: of the technical round, None for other meetings. Both days included."""

    id: str
    name: LocalText
    level: LocalText
    place: LocalText
    date_from: date
    date_to: date
    heads: tuple[Head, ...]
    participants: tuple[Delegation, ...]
    outcomes: tuple[Development, ...]
    sources: tuple[Source, ...]
    confidence: Confidence
    known_from: date
    number: int | None = None

    def as_known(self, on: date) -> Round:
        """A copy with only what was public on this day."""
        return replace(self, outcomes=known(self.outcomes, on), sources=known(self.sources, on))


class Agenda(Record, frozen=True):
    """Areas in the order agreed, rounds by date."""

    header: FileHeader
    areas: tuple[AgendaArea, ...]
    rounds: tuple[Round, ...]

    def known_areas(self, on: date) -> tuple[AgendaArea, ...]:
        """The areas as they were known on this day."""
        return tuple(area.as_known(on) for area in known(self.areas, on))

    def known_rounds(self, on: date) -> tuple[Round, ...]:
        """The rounds known on this day, each with the outcomes known then."""
        return tuple(meeting.as_known(on) for meeting in known(self.rounds, on))


def load_agenda(data: bytes, where: str = FILE) -> Agenda:
    """Read agenda.json; PackError when it does not fit."""
    return decode(data, Agenda, where)
