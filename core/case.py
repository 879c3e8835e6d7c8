"""The case: the delegation's own work, frozen. Every edit makes a new case (core.edits).

Each field carries its audience (core.audience). Rates are Decimal fractions as typed; days are US Eastern.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec
from msgspec.structs import replace

from core.audience import Audience, Delegation, Internal, Shareable
from core.text import LocalText

LAW_SCENARIO: Final = "A"
_ALPHABET: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def letter_rank(letter: str) -> tuple[int, str]:
    """Sorts letters in the order in which they are given: A ... Z, AA, AB ..."""
    return len(letter), letter


def following_letter(letter: str) -> str:
    """The letter given after this one: B after A, AA after Z, BA after AZ."""
    stem, last = letter[:-1], letter[-1]
    if last != _ALPHABET[-1]:
        return stem + _ALPHABET[_ALPHABET.index(last) + 1]
    return (following_letter(stem) if stem else _ALPHABET[0]) + _ALPHABET[0]


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of everything stored in a case file."""


class RateForm(StrEnum):
    """How a typed rate acts: added to column 1, or a total that column 1 counts towards."""

    ADDED = "added"
    TOTAL = "total"


class Change(Document, frozen=True, tag_field="change"):
    """One change to the law from a day on.

    duty: id of the duty (programme) it acts on, empty for all additional duties. lines: which goods, as
    `group:ID` or `list:ID` (a scope list of the pack), empty for all that the duty covers.
    until: first day on which the law applies again, None for good. id: as in core.history.
    """

    start: Shareable[date]
    duty: Shareable[str] = ""
    lines: Shareable[str] = ""
    until: Shareable[date | None] = None
    note: Internal[str] = ""
    id: Shareable[str] = ""  # stays with the change through edits and copies of the file; "" until it is stamped


class SwitchOff(Change, frozen=True, tag="switch-off"):
    """The duty is not charged; goods fall to whatever duty the law then applies to them."""


class SwitchOn(Change, frozen=True, tag="switch-on"):
    """A suspended, ended or announced measure of the duty is charged at its own rate."""

    measure: Shareable[str] = ""


class SetRate(Change, frozen=True, tag="set-rate"):
    """The duty is charged at this rate (fraction), added to column 1 or as a total with it."""

    rate: Shareable[Decimal] = Decimal(0)
    form: Shareable[RateForm] = RateForm.ADDED


class Postpone(Change, frozen=True, tag="postpone"):
    """What the law has the day before `start` goes on until `until` (None: for good)."""


class Exempt(Change, frozen=True, tag="exempt"):
    """The goods are outside the duty (outside all additional duties when none is named)."""


class Cap(Change, frozen=True, tag="cap"):
    """All duties on the goods together are at most `rate`, but never less than column 1."""

    rate: Shareable[Decimal] = Decimal(0)


class SetTotal(Change, frozen=True, tag="set-total"):
    """All duties on the goods together are `rate`, or column 1 where that is higher."""

    rate: Shareable[Decimal] = Decimal(0)


class Quota(Change, frozen=True, tag="quota"):
    """A tariff-rate quota: `share_in_quota` of the value pays `in_rate`, the rest `out_rate` (None: the law).

    volume and unit describe the quota itself (tonnes, units, US$ a year); the share is what enters the sums.
    """

    volume: Shareable[Decimal | None] = None
    unit: Shareable[str] = ""
    share_in_quota: Shareable[Decimal] = Decimal(1)
    share_source: Shareable[LocalText] = LocalText()
    in_rate: Shareable[Decimal] = Decimal(0)
    out_rate: Shareable[Decimal | None] = None
    form: Shareable[RateForm] = RateForm.ADDED


class Place(StrEnum):
    """Where a new duty stands in the stacking order."""

    INSTEAD_OF_GENERAL = "instead-of-general"
    ON_TOP = "on-top"


class AddDuty(Change, frozen=True, tag="add-duty"):
    """A duty that the law does not have: a pending inquiry's outcome, tomorrow's proclamation.

    `duty` is its new id.
    """

    title: Shareable[LocalText] = LocalText()
    rate: Shareable[Decimal] = Decimal(0)
    form: Shareable[RateForm] = RateForm.ADDED
    place: Shareable[Place] = Place.INSTEAD_OF_GENERAL
    citation: Shareable[str] = ""


AnyChange = SwitchOff | SwitchOn | SetRate | Postpone | Exempt | Cap | SetTotal | Quota | AddDuty


class RivalTerms(Document, frozen=True):
    """A change to the terms of other partners: what Japan gets, what all get. Never the case's own partner.

    partners: expressions as in the law of the pack: codes, EU for its members too, `*` for all others, a leading
    minus for all but these. id: as in core.history; the change within has none of its own.
    """

    partners: Shareable[tuple[str, ...]]
    change: Shareable[AnyChange]
    id: Shareable[str] = ""


class Scenario(Document, frozen=True):
    """An ordered list of changes to the law. The letter is given once and never re-used within a case.

    audience: who may see the scenario at all. What a delegation asks for is its own until it decides to show
    it; only the law, which anyone can read, starts as shareable. rivals: what other partners get meanwhile.
    """

    letter: Shareable[str]
    name: Shareable[LocalText]
    summary: Shareable[LocalText] = LocalText()
    changes: Shareable[tuple[AnyChange, ...]] = ()
    rivals: Shareable[tuple[RivalTerms, ...]] = ()
    audience: Shareable[Audience] = Audience.INTERNAL
    note: Internal[str] = ""
    id: Shareable[str] = ""

    @property
    def every_change(self) -> tuple[AnyChange, ...]:
        """Its own changes, then those to the terms of rivals."""
        return (*self.changes, *(terms.change for terms in self.rivals))


class ItemGroup(Document, frozen=True):
    """A named set of code prefixes. The longest prefix wins over all groups, so a line is in exactly one."""

    id: Shareable[str]
    name: Shareable[LocalText]
    prefixes: Shareable[tuple[str, ...]] = ()


class BarrierState(StrEnum):
    """Where a barrier stands in the talks."""

    NOT_RAISED = "not-raised"
    RAISED = "raised"
    EXPLAINED = "explained"
    UNDER_DISCUSSION = "under-discussion"
    CONDITIONAL_OFFER = "conditional-offer"
    AGREED_IN_PRINCIPLE = "agreed-in-principle"
    AGREED = "agreed"
    CLOSED = "closed"
    REFUSED = "refused"


class BarrierRecord(Document, frozen=True):
    """What the delegation holds about one barrier of the catalogue."""

    barrier: Shareable[str]
    state: Internal[BarrierState] = BarrierState.NOT_RAISED
    owner: Internal[str] = ""
    position: Internal[LocalText] = LocalText()
    fall_back: Delegation[LocalText] = LocalText()
    red_line: Delegation[LocalText] = LocalText()
    due: Internal[date | None] = None
    illustrative: Shareable[bool] = False


class TradeOverride(Document, frozen=True):
    """The delegation's own figure for the partner's trade under a code of 8 or 10 digits, over the pack's.

    value, duty: US$ of the year, at customs value; duty: what was collected, where known. source: in words.
    """

    code: Shareable[str]
    value: Internal[Decimal] = Decimal(0)
    year: Internal[int] = 0
    source: Internal[str] = ""
    duty: Internal[Decimal | None] = None


class HistoryEntry(Document, frozen=True):
    """One edit: when (UTC), by whom, what in words, and what it concerned (core.history)."""

    at: Delegation[datetime | None] = None
    who: Delegation[str] = ""
    what: Delegation[str] = ""
    concerns: Delegation[tuple[str, ...]] = ()


class Column1Use(StrEnum):
    """Which column 1 counts towards a total: the legal reading line by line, or the rate weighted by use."""

    LINE_BY_LINE = "line-by-line"
    WEIGHTED = "weighted"


class Assumptions(Document, frozen=True):
    """Shares and switches behind the sums; each is shown with its source on the Assumptions sheet."""

    column_1_for_totals: Shareable[Column1Use] = Column1Use.LINE_BY_LINE
    default_utilisation: Shareable[Decimal | None] = None  # None: the share of the programme that answers
    utilisation: Shareable[dict[str, Decimal]] = {}
    listed_use: Shareable[dict[str, Decimal]] = {}
    metal_share: Shareable[dict[str, Decimal]] = {}
    readings: Shareable[dict[str, str]] = {}  # of ambiguous law: question -> reading, where not the pack's first


class Case(Document, frozen=True):
    """Everything that one file `name.parley` holds, but for its format version."""

    title: Shareable[LocalText]
    partner: Shareable[str]
    as_of: Shareable[date]
    known_to: Shareable[date]
    importer: Shareable[str] = "US"
    compare_with: Shareable[str] = LAW_SCENARIO
    scenarios: Shareable[tuple[Scenario, ...]] = ()
    next_letter: Internal[str] = "B"
    groups: Shareable[tuple[ItemGroup, ...]] = ()
    barriers: Internal[tuple[BarrierRecord, ...]] = ()
    assumptions: Shareable[Assumptions] = Assumptions()
    trade: Internal[tuple[TradeOverride, ...]] = ()
    pack_edition: Shareable[str] = ""
    note: Internal[str] = ""
    id: Shareable[str] = ""
    history: Delegation[tuple[HistoryEntry, ...]] = ()

    def after_redaction(self) -> Case:
        """What a filtered copy needs to hang together when scenarios were left out of it (core.audience)."""
        letters = [scenario.letter for scenario in self.scenarios]
        compare_with = self.compare_with if self.compare_with in letters else LAW_SCENARIO
        last = max(letters, key=letter_rank, default=LAW_SCENARIO)
        return replace(self, compare_with=compare_with, next_letter=following_letter(last))

    def scenario(self, letter: str) -> Scenario:
        """The scenario with this letter; KeyError when it is gone."""
        for scenario in self.scenarios:
            if scenario.letter == letter:
                return scenario
        raise KeyError(letter)

    def barrier(self, barrier_id: str) -> BarrierRecord:
        """The record of this barrier; one that was never touched is not raised."""
        for record in self.barriers:
            if record.barrier == barrier_id:
                return record
        return BarrierRecord(barrier=barrier_id)
