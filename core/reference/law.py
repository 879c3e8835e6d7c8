"""The law as the pack holds it: duties, measures, dated lists of goods, and who changed what since when.

Nothing here decides what is due; core.tariff does. Every fact has two dates: when it holds and since when it was
public (`released`, `known_from`). Days are US Eastern, ranges half-open, a day means its noon.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from core.i18n import _
from core.reference import tables
from core.text import LocalText

Rows = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

ALL_GOODS = ""
PREFERENCE_CLAIMED = "preference_claimed"  # the fact that holds for the part of the value that claims the preference
_FOREVER = date.max.toordinal()
_CODE_LENGTHS = (10, 8, 6, 4, 2)


class Takes(StrEnum):
    """How much of an article a duty claims before the duties after it; core.tariff.stacking has a rule for each."""

    WHOLE = "whole"
    GENERAL = "general"
    CONTENT = "content"
    BESIDE = "beside"
    REST = "rest"


class Precedence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a duty stacks from a day on, and the text that says so.

    question and reading: it holds only where that ambiguous text is read so.
    """

    since: date
    takes: Takes
    instrument: str
    why: LocalText
    question: str = ""
    reading: str = ""


class Inquiry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An open investigation that may end in a duty; there is none yet."""

    opened: date
    known_from: date
    groups: tuple[str, ...]
    citation: str


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family of measures that answer for the same goods, one at a time: a row of the Rate scenarios table.

    stacking: in the order of their release; the last one that a lawyer knew for a day decides.
    """

    id: str
    authority: str
    title: LocalText
    stacking: tuple[Precedence, ...]
    metal: str = ""
    inquiry: Inquiry | None = None

    @property
    def takes(self) -> Takes:
        """What it does as a rule; core.scenario.LawAsKnown.precedence says what it does on a day."""
        return self.stacking[-1].takes if not self.stacking[-1].question else self.stacking[0].takes


class Headings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Chapter-99 headings by outcome: charged; nothing added; another use declared; and so on."""

    charged: str
    nothing: str = ""
    unlisted: str = ""
    displaced: str = ""
    us_content: str = ""
    underweight: str = ""


class Exemption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list whose goods are outside a measure; ALL_GOODS for every line of it.

    partners: an expression as in the changes, () for all. requires: the fact without which it frees nothing.
    """

    list: str
    heading: str
    partners: tuple[str, ...] = ()
    requires: str = ""


class Transit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Goods loaded before one day and entered before another are outside; `then` names what applies instead."""

    loaded_before: date
    heading: str
    then: str
    entered_before: date | None = None
    doubt: LocalText = LocalText()


class Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one measure covers; its dates, rates and partners come from the changes that instruments made.

    requires: the fact without which it does not answer, whatever its rank; requires_assumed: a portfolio, where
    nobody states facts, takes it as met. on_non_us_content: charged on the part of the value that is not of US
    content, of which us_content_cap counts at most; us_content_assumed: that content in a portfolio, as
    us_content_source has it.
    """

    id: str
    duty: str
    title: LocalText
    headings: Headings
    rank: int = 1
    lists: tuple[str, ...] = (ALL_GOODS,)
    excluded: tuple[str, ...] = ()
    exempt: tuple[Exemption, ...] = ()
    transit: Transit | None = None
    us_content_threshold: float | None = None
    requires: str = ""
    requires_assumed: bool = False
    on_non_us_content: bool = False
    us_content_cap: float = 1.0
    us_content_assumed: float = 0.0
    us_content_source: LocalText = LocalText()
    confidence: str = "high"


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a conditional row asks, and the facts that settle it.

    look_up: what a single look-up takes without either fact: what the row assumes, or only what is stated.
    """

    yes_fact: str
    no_fact: str
    title: LocalText
    look_up: Literal["assumed", "stated"] = "assumed"


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named fact about the goods that a query may state."""

    name: str
    meaning: LocalText


class Gap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Goods of which the pack cannot say what a measure charges: no number is given from its start to its end.

    prefixes: of the codes, ALL_GOODS for every line. settled_by: facts of which any one tells, so that there is a
    number after all. partners: an expression as in the changes, () for all. end: the first day with a number again.
    needs_unit_value: a unit value stated with the question settles it as well.
    """

    id: str
    prefixes: tuple[str, ...]
    start: date
    instrument: str
    reason: LocalText
    settled_by: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    end: date | None = None
    needs_unit_value: bool = False

    def holds(self, on: date) -> bool:
        """Whether there is no number on this day."""
        return self.start <= on and (self.end is None or on < self.end)

    def concerns(self, code: str) -> bool:
        """Whether lines under this code, of any length, are among the goods."""
        return any(code.startswith(prefix) or prefix.startswith(code) for prefix in self.prefixes)


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to read a text that can be read in more than one."""

    id: str
    title: LocalText
    effect: LocalText


class OpenQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point on which the law is ambiguous. The first reading is taken until the case chooses another.

    instrument: the text in question. doubt: what speaks for each side, with sources. from_day: no effect before it.
    """

    id: str
    title: LocalText
    readings: tuple[Reading, ...]
    instrument: str
    doubt: LocalText
    from_day: date


class Coverage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The days for which the pack holds the law, first and last included."""

    first: date
    last: date


class CoverageLevel(StrEnum):
    """How far the pack holds the law on one partner's goods."""

    COMPLETE = "complete"  # every known measure
    CHECKED = "checked"  # the partner's own agreements and orders were read; what is known to lack is named
    PARTIAL = "partial"  # what holds for all partners, and whatever was found of its own


class Lack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the pack is known to lack for some partners, as soon as its instrument is out.

    start, end: the days of entry that it matters for, half-open; None for no limit.
    """

    partners: tuple[str, ...]
    what: LocalText
    instrument: str = ""
    start: date | None = None
    end: date | None = None

    def matters(self, on: date | None) -> bool:
        """Whether it can change a rate of this day; None asks for any day."""
        return on is None or ((self.start is None or self.start <= on) and (self.end is None or on < self.end))


class PartnerCoverage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose law is complete, whose was checked, and what is missing; whoever is named nowhere is partial."""

    complete: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()
    missing: tuple[Lack, ...] = ()


class MeasuresFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The document measures.json."""

    coverage: Coverage
    partner_groups: dict[str, tuple[str, ...]]
    partner_coverage: PartnerCoverage
    authorities: dict[str, LocalText]
    duties: tuple[Duty, ...]
    measures: tuple[Measure, ...]
    conditions: dict[str, Condition]
    opt_out: dict[str, str]
    questions: tuple[OpenQuestion, ...]
    gaps: tuple[Gap, ...]
    facts: tuple[Fact, ...]
    metal_chapters: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Instrument:
    """One legal instrument or announcement, and the day it was signed or publicly released."""

    id: str
    kind: str
    short: LocalText
    title: LocalText
    released: date
    citation: str
    confidence: str
    doubt: LocalText

    @property
    def kind_label(self) -> str:
        """What sort of instrument it is, in words."""
        words = {
            "EO": _("executive order"),
            "proclamation": _("proclamation"),
            "FR notice": _("Federal Register notice"),
            "annex": _("tariff schedule"),
            "memorandum": _("memorandum"),
            "court": _("court ruling"),
            "CBP guidance": _("customs guidance"),
            "USTR action": _("action of the trade representative"),
            "letter": _("statement"),
        }
        return words.get(self.kind, self.kind)

    def cite(self) -> str:
        """How a lawyer names it: short title and Federal Register page."""
        first = self.citation.partition(";")[0]
        return f"{self.short}, {first}" if first and first not in str(self.short) else str(self.short)


@dataclass(frozen=True)
class LawChange:
    """One field of one measure as one instrument set it for some partners."""

    instrument: str
    released: date
    measure: str
    partners: tuple[str, ...]
    field: str
    value: str
    binding: bool


@dataclass(frozen=True)
class ScopeList:
    """A dated list of code prefixes. Arrays of length r, one entry a row; days are ordinals."""

    name: str
    codes: Codes
    digits: Rows
    conditional: Bools
    assumed: Bools
    content: Bools
    valid_from: Rows
    known_from: Rows
    valid_to: Rows
    end_known_from: Rows
    condition: tuple[str, ...]
    heading: tuple[str, ...]
    instrument: tuple[str, ...]  # that put the row on the list
    end_instrument: tuple[str, ...]  # that takes it off, "" where nothing does
    confidence: tuple[str, ...]
    available: bool = True

    def active(self, on: date, known: date) -> Bools:
        """Rows that hold on a day for someone who knows the law up to another."""
        day, knowledge = on.toordinal(), known.toordinal()
        ended = (self.valid_to <= day) & (self.end_known_from <= knowledge)
        result: Bools = (self.valid_from <= day) & (self.known_from <= knowledge) & ~ended
        return result

    def match(self, codes: Codes, active: Bools) -> Rows:
        """For each ten-digit code the row with the longest matching prefix, or -1."""
        result = np.full(len(codes), -1, dtype=np.intp)
        for length in _CODE_LENGTHS:
            rows = np.flatnonzero(active & (self.digits == length))
            if len(rows):
                result = np.where(result < 0, self._exact(codes // 10 ** (10 - length), rows), result)
        return result

    def _exact(self, prefixes: Codes, rows: Rows) -> Rows:
        rows = rows[np.argsort(self.codes[rows], kind="stable")]
        listed = self.codes[rows]
        place = np.minimum(np.searchsorted(listed, prefixes), len(listed) - 1)
        return np.where(listed[place] == prefixes, rows[place], -1)

    def days(self, known: date) -> set[date]:
        """The days on which the list changes, as known."""
        knowledge = known.toordinal()
        starts = self.valid_from[self.known_from <= knowledge]
        ends = self.valid_to[(self.end_known_from <= knowledge) & (self.known_from <= knowledge)]
        return {date.fromordinal(int(day)) for day in (*np.unique(starts), *np.unique(ends)) if day < _FOREVER}


@dataclass(frozen=True)
class Law:
    """Everything the pack knows about additional duties."""

    file: MeasuresFile
    instruments: Mapping[str, Instrument]
    changes: tuple[LawChange, ...]  # in the order of release
    lists: Mapping[str, ScopeList]

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        return {measure.id: measure for measure in self.file.measures}

    @cached_property
    def duties(self) -> Mapping[str, Duty]:
        return {duty.id: duty for duty in self.file.duties}

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        return {fact.name: fact for fact in self.file.facts}

    @cached_property
    def questions(self) -> Mapping[str, OpenQuestion]:
        return {question.id: question for question in self.file.questions}

    def lists_of(self, duty: str) -> tuple[str, ...]:
        """The lists of goods of a duty, each once; ALL_GOODS for a duty on everything."""
        names = [name for measure in self.file.measures if measure.duty == duty for name in measure.lists]
        return tuple(dict.fromkeys(names))

    def reaches(self, partners: Iterable[str], partner: str, member_of: str = "") -> bool:
        """Whether a partner expression covers this partner: `*`, codes, `@group`, and each with a leading minus.

        member_of: a union whose terms its members share.
        """
        names = {partner, member_of} - {""}

        def hit(token: str) -> bool:
            if token == "*":
                return True
            if token.startswith("@"):
                return not names.isdisjoint(self.file.partner_groups[token[1:]])
            return token in names

        tokens = tuple(partners)
        included = any(hit(token) for token in tokens if not token.startswith("-"))
        return included and not any(hit(token[1:]) for token in tokens if token.startswith("-"))

    def is_out(self, instrument: str, known: date) -> bool:
        """Whether someone can know of an instrument on a day; of none at all one always knows."""
        return instrument not in self.instruments or self.instruments[instrument].released <= known

    def covers(self, on: date) -> bool:
        """Whether the pack holds the law of this day."""
        return self.file.coverage.first <= on <= self.file.coverage.last

    def coverage_level(self, partner: str, member_of: str = "") -> CoverageLevel:
        """How far the pack holds the law on this partner's goods."""
        covered = self.file.partner_coverage
        if self.reaches(covered.complete, partner, member_of):
            return CoverageLevel.COMPLETE
        checked = self.reaches(covered.checked, partner, member_of)
        return CoverageLevel.CHECKED if checked else CoverageLevel.PARTIAL

    def missing(
        self, partner: str, member_of: str = "", known: date = date.max, on: date | None = None
    ) -> tuple[str, ...]:
        """What the pack lacks for this partner on a day of entry, as far as anyone could know on the known day."""
        named = [lack for lack in self.file.partner_coverage.missing if self.reaches(lack.partners, partner, member_of)]
        if not named and self.coverage_level(partner, member_of) is CoverageLevel.PARTIAL:
            return (_("nobody has checked this partner's own agreements and orders"),)
        return tuple(str(lack.what) for lack in named if lack.matters(on) and self.is_out(lack.instrument, known))


def _day(text: str, blank: int) -> int:
    return date.fromisoformat(text).toordinal() if text else blank


@tables.refusing("instruments.csv.gz")
def _load_instruments(path: Path) -> dict[str, Instrument]:
    rows = _records(path)
    return {
        row["id"]: Instrument(
            id=row["id"],
            kind=row["kind"],
            short=LocalText(row["short_en"], row["short_ko"]),
            title=LocalText(row["title_en"], row["title_ko"]),
            released=date.fromisoformat(row["released"]),
            citation=row["citation"],
            confidence=row["confidence"],
            doubt=LocalText(row["doubt_en"], row["doubt_ko"]),
        )
        for row in rows
    }


@tables.refusing("changes.csv.gz")
def _load_changes(path: Path, instruments: Mapping[str, Instrument]) -> tuple[LawChange, ...]:
    changes = [
        LawChange(
            instrument=row["instrument"],
            released=instruments[row["instrument"]].released,
            measure=row["measure"],
            partners=tuple(row["partners"].split(";")),
            field=row["field"],
            value=row["value"],
            binding=row["binding"] == "yes",
        )
        for row in _records(path)
    ]
    return tuple(sorted(changes, key=lambda change: change.released))


@tables.refusing("scopes.csv.gz")
def _load_lists(path: Path, instruments: Mapping[str, Instrument]) -> dict[str, ScopeList]:
    by_name: dict[str, list[dict[str, str]]] = {}
    for row in _records(path):
        by_name.setdefault(row["list"], []).append(row)
    return {name: _scope_list(name, rows, instruments) for name, rows in by_name.items()}


def _scope_list(name: str, rows: list[dict[str, str]], instruments: Mapping[str, Instrument]) -> ScopeList:
    def known(instrument: str, blank: int) -> int:
        return instruments[instrument].released.toordinal() if instrument else blank

    coded = [row for row in rows if row["code"]]
    return ScopeList(
        name=name,
        codes=np.array([int(row["code"]) for row in coded], dtype=np.int64),
        digits=np.array([len(row["code"]) for row in coded], dtype=np.intp),
        conditional=np.array([bool(row["condition"]) for row in coded], dtype=np.bool_),
        assumed=np.array([row["assumed"] != "no" for row in coded], dtype=np.bool_),
        content=np.array([row["content"] == "yes" for row in coded], dtype=np.bool_),
        valid_from=np.array([_day(row["valid_from"], 0) for row in coded], dtype=np.intp),
        known_from=np.array([known(row["from_instrument"], 0) for row in coded], dtype=np.intp),
        valid_to=np.array([_day(row["valid_to"], _FOREVER) for row in coded], dtype=np.intp),
        end_known_from=np.array([known(row["to_instrument"], _FOREVER) for row in coded], dtype=np.intp),
        condition=tuple(row["condition"] for row in coded),
        heading=tuple(row["heading"] for row in coded),
        instrument=tuple(row["from_instrument"] for row in coded),
        end_instrument=tuple(row["to_instrument"] for row in coded),
        confidence=tuple(row["confidence"] for row in coded),
        available=len(coded) == len(rows),
    )


def _records(path: Path) -> list[dict[str, str]]:
    columns = tables.read_columns(path)
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def load_law(path: Callable[[str], Path]) -> Law:
    """Read the four law files of a pack; PackError when one is not what it should be."""
    name = "measures.json"
    try:
        file = msgspec.json.decode(path(name).read_bytes(), type=MeasuresFile)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise tables.damaged(name, str(error)) from error
    instruments = _load_instruments(path("instruments.csv.gz"))
    return Law(
        file=file,
        instruments=instruments,
        changes=_load_changes(path("changes.csv.gz"), instruments),
        lists=_load_lists(path("scopes.csv.gz"), instruments),
    )
