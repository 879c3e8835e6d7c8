"""Preference programmes: who may claim which, on which day, as known since when; and published shares of use.

A programme is what a symbol of column 1 Special stands for. What was enacted is a list of statements, so that a
renewal with effect for the past is unknown to someone who knows the law only up to the day before.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Final

from core.reference.dated import Record, decode
from core.reference.partners import Partner
from core.text import LocalText

PROGRAMMES_FILE: Final = "programmes.json"
EVERYONE: Final = "*"
ANY_PROGRAMME: Final = ""  # of a share of use: for all programmes without one of their own


def is_among(tokens: Iterable[str], partner: Partner) -> bool:
    """Whether a partner expression covers a partner: codes, `*` for all, and each with a leading minus."""
    names = {partner.iso2, partner.union, EVERYONE} - {""}
    listed = tuple(tokens)
    taken_out = {token[1:] for token in listed if token.startswith("-")}
    return not names.isdisjoint(listed) and names.isdisjoint(taken_out)


class Statement(Record, frozen=True, rename={"valid_from": "from", "valid_to": "to"}):
    """What one enactment says: who may claim, over [valid_from, valid_to); without valid_to it has no end."""

    released: date
    partners: tuple[str, ...]
    valid_from: date
    source: str
    valid_to: date | None = None

    def holds(self, on: date) -> bool:
        """Whether it gives the preference on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


def last_known(statements: tuple[Statement, ...], known: date) -> Statement | None:
    """Of statements in the order of their release the last one that someone knows of on a day."""
    return next((one for one in reversed(statements) if one.released <= known), None)


class Programme(Record, frozen=True):
    """One programme. symbols: as the schedule prints them. note: the general note or proclamation that holds it.

    fact: what has to be stated of the goods before anyone may claim it, "" where origin is enough. means: what the
    symbols mean as far as it decides here.
    """

    id: str
    symbols: tuple[str, ...]
    name: LocalText
    note: str
    statements: tuple[Statement, ...]
    means: LocalText = LocalText()
    fact: str = ""

    def statement(self, known: date) -> Statement | None:
        """The last statement that someone knows of on a day."""
        return last_known(self.statements, known)

    def claimable(self, partner: Partner, on: date, known: date) -> bool:
        """Whether a partner's goods may claim it on a day, for someone who knows the law up to another."""
        said = self.statement(known)
        return said is not None and said.holds(on) and is_among(said.partners, partner)

    def ended(self, partner: Partner, on: date, known: date) -> date | None:
        """The first day on which a partner could no longer claim it, where that day has come."""
        said = self.statement(known)
        if said is None or said.valid_to is None or on < said.valid_to or not is_among(said.partners, partner):
            return None
        return said.valid_to


class ShareOf(StrEnum):
    """Of what a published share of use is the share."""

    ELIGIBLE = "eligible"  # of the trade on lines where the preference is lower
    ALL = "all"  # of all trade of the partner


class UseFigure(Record, frozen=True):
    """A published share of use. period: when it was counted; since: the first day it stands for.

    programme: its id, "" for all without a figure of their own.
    """

    programme: str
    partners: tuple[str, ...]
    share: float
    of: ShareOf
    period: LocalText
    source: LocalText
    since: date = date.min
    released: date = date.min

    def stands(self, on: date, known: date) -> bool:
        """Whether it describes a day, for someone who knows what was published up to another."""
        return self.since <= on and self.released <= known


class PooledUse(Record, frozen=True):
    """The share of use that duty collected implies for a programme, over all partners whose duty is known."""

    share: float
    value_usd: int
    partners: tuple[str, ...]


class BaseYearDuty(Record, frozen=True):
    """Duties in the duty collected of the base year that the law of the pack does not hold.

    prefixes: on which lines, symbols: on lines with which symbols; without either on all.
    """

    partners: tuple[str, ...]
    what: LocalText
    prefixes: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()


class Outside(Record, frozen=True):
    """A preference that no symbol of a line shows, and for which the pack has no rates."""

    what: LocalText
    statements: tuple[Statement, ...]


class Programmes(Record, frozen=True):
    """The document programmes.json, in the order in which a programme answers among equal rates."""

    programmes: tuple[Programme, ...]
    use: tuple[UseFigure, ...]
    pooled_use: dict[str, PooledUse]
    base_year_duties: tuple[BaseYearDuty, ...]
    outside: tuple[Outside, ...]

    def by_origin(self, partner: Partner, on: date, known: date) -> tuple[Programme, ...]:
        """What goods of a partner may claim by their origin alone."""
        return tuple(one for one in self.programmes if not one.fact and one.claimable(partner, on, known))

    def by_fact(self, partner: Partner, on: date, known: date) -> tuple[Programme, ...]:
        """What goods of a partner may claim where a fact about them holds."""
        return tuple(one for one in self.programmes if one.fact and one.claimable(partner, on, known))

    def ended(self, partner: Partner, on: date, known: date) -> tuple[tuple[Programme, date], ...]:
        """Programmes that were open to a partner and have ended by a day, with the day after their last."""
        pairs = ((one, one.ended(partner, on, known)) for one in self.programmes)
        return tuple((one, day) for one, day in pairs if day is not None)

    def days(self, partner: Partner, known: date) -> tuple[date, ...]:
        """The days on which a partner gains or loses a programme, as known."""
        found = set[date]()
        for one in self.programmes:
            said = one.statement(known)
            if said is not None and is_among(said.partners, partner):
                found |= {said.valid_from, *((said.valid_to,) if said.valid_to else ())}
        published = (figure for figure in self.use if figure.released <= known)
        found |= {figure.since for figure in published if is_among(figure.partners, partner)}
        return tuple(sorted(found - {date.min}))

    def changes(self, partner: Partner, on: date, known: date) -> tuple[tuple[Programme, Statement], ...]:
        """The programmes that a partner gains or loses on a day, each with the statement that says so."""
        pairs = ((one, one.statement(known)) for one in self.programmes)
        return tuple(
            (one, said)
            for one, said in pairs
            if said is not None and on in (said.valid_from, said.valid_to) and is_among(said.partners, partner)
        )

    def figure(self, programme: str, partner: Partner, on: date, known: date) -> UseFigure | None:
        """The published share of use of a programme that describes a day: the latest that is known."""
        found = [
            one
            for one in self.use
            if one.programme == programme and is_among(one.partners, partner) and one.stands(on, known)
        ]
        return max(found, key=lambda one: one.since, default=None)

    def missing(self, partner: Partner, on: date, known: date) -> tuple[str, ...]:
        """Preferences open to a partner on a day, as known, that no symbol of a line shows."""
        pairs = ((str(one.what), last_known(one.statements, known)) for one in self.outside)
        return tuple(what for what, said in pairs if said and said.holds(on) and is_among(said.partners, partner))


def load_programmes(data: bytes) -> Programmes:
    """The document of the pack; PackError naming the entry that does not fit."""
    return decode(data, Programmes, PROGRAMMES_FILE)
