"""What an instrument can do to a partner: terms of measures, lists of goods, order of duties, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.reference.law import Instrument
from core.text import LocalText


class EffectKind(StrEnum):
    """What an instrument touched."""

    TERMS = "terms"  # start, end, rate, suspension of a measure
    LIST = "list"  # codes on a list of goods
    STACKING = "stacking"  # which duty comes before which
    GAP = "gap"  # goods that have no number from then on
    ANNOUNCED = "announced"  # terms that no instrument has made law


class Outcome(StrEnum):
    """What an instrument comes to for a partner."""

    CHANGES = "changes"
    ANNOUNCES = "announces"
    NOTHING = "nothing"


@dataclass(frozen=True)
class FieldChange:
    """One field of a measure, in the pack's own writing. before: None where it was not set, "" for no day."""

    field: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Effect:
    """One thing that an instrument did. measure: id of the measure whose terms it set; duties: ids otherwise.

    on: the day from which it holds. joins, leaves, moves: codes of a duty's lists, and the imports under them, US$.
    """

    kind: EffectKind
    measure: str = ""
    fields: tuple[FieldChange, ...] = ()
    is_new: bool = False  # the measure had no start before
    on: date | None = None
    duties: tuple[str, ...] = ()
    is_exempt: bool = False  # the lists keep goods out of the duty
    joins: int = 0
    leaves: int = 0
    moves: int = 0  # from one list of the duty to another
    joins_value: float = 0.0
    leaves_value: float = 0.0
    moves_value: float = 0.0
    condition: str = ""  # on which all codes that join are listed
    codes: tuple[str, ...] = ()
    why: LocalText | None = None


@dataclass(frozen=True)
class Release:
    """An instrument and what it did to the partner, announcements last."""

    instrument: Instrument
    effects: tuple[Effect, ...]

    @property
    def outcome(self) -> Outcome:
        if any(effect.kind is not EffectKind.ANNOUNCED for effect in self.effects):
            return Outcome.CHANGES
        return Outcome.ANNOUNCES if self.effects else Outcome.NOTHING
