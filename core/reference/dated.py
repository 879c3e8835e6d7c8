"""What all records on the talks carry: sources, confidence, and the day from which a fact was known."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol, TypeVar

import msgspec

from core.errors import PackError
from core.i18n import _, pgettext
from core.text import LocalText


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of everything read from the files on the talks."""


class Confidence(StrEnum):
    """How well a fact is supported by the sources read."""

    HIGH = "high"
    MEDIUM = "medium"
    UNCERTAIN = "uncertain"

    @property
    def label(self) -> str:
        """The word shown to the user."""
        return {
            Confidence.HIGH: pgettext("confidence", "high"),
            Confidence.MEDIUM: pgettext("confidence", "medium"),
            Confidence.UNCERTAIN: pgettext("confidence", "uncertain"),
        }[self]


class Source(Record, frozen=True):
    """Where a fact comes from. `date`: of the document, its last day if it covers several."""

    title: LocalText
    date: datetime.date
    known_from: datetime.date
    where: str = ""


class Development(Record, frozen=True):
    """A dated statement about a record. `date`: when it happened; `known_from`: when it was public."""

    date: datetime.date
    known_from: datetime.date
    text: LocalText


class FileHeader(Record, frozen=True):
    """What one file of the pack holds; the same entries stand in the manifest."""

    title: str
    source: str
    date: str
    licence: str
    concept: str
    unit: str


class Dated(Protocol):
    """Anything that became known on a day."""

    @property
    def known_from(self) -> datetime.date: ...


D = TypeVar("D", bound=Dated)
T = TypeVar("T")


def known(records: Iterable[D], on: datetime.date) -> tuple[D, ...]:
    """The records that were known on this day, in their order."""
    return tuple(record for record in records if record.known_from <= on)


def decode(data: bytes, kind: type[T], where: str) -> T:
    """A file of the pack as typed records; PackError naming the file and the entry when it does not fit."""
    try:
        return msgspec.json.decode(data, type=kind, strict=True)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PackError(
            _("A file of the reference pack cannot be read."),
            where=where,
            why=str(error),
            remedy=_("Put the original reference pack back, or build it again."),
        ) from error
