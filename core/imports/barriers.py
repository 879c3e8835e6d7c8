"""What the delegation holds about barriers: state, position, fall-back and the rest, by barrier."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final

from core import edits
from core.case import BarrierRecord, BarrierState, Case
from core.errors import InputError
from core.i18n import LANGUAGES, N_, _, in_language
from core.imports import fields
from core.imports.cleaning import has_hangul, squeezed
from core.imports.columns import Row
from core.imports.findings import Severity
from core.imports.plan import Plan, PlannedChange, Problems, Target, Task, check_columns, checked_day
from core.quantities import format_date
from core.reference.barriers import Barrier
from core.text import LocalText

_TEXTS: Final = ("position", "fall_back", "red_line")
_SHOWN: Final = 120
_MOST_LOOKS: Final = 50


def state_words() -> dict[str, BarrierState]:
    """The states by their ids and by their words in every language."""
    found = {squeezed(state.value): state for state in BarrierState}
    for language in LANGUAGES:
        with in_language(language):
            found |= {squeezed(_state_word(state)): state for state in BarrierState}
    return found


def _state_word(state: BarrierState) -> str:
    from core.briefing.words import barrier_state

    return barrier_state(state)


@dataclass(frozen=True)
class _Entry:
    """What a row sets on a barrier."""

    row: Row
    barrier: Barrier
    new: dict[str, Any]


class _Reader:
    def __init__(self, task: Task) -> None:
        self.task, self.problems = task, Problems(task)
        barriers = task.pack.barriers.known(task.case.known_to)
        self._barriers = {squeezed(name): barrier for barrier in barriers for name in _names(barrier)}
        later = {name for barrier in task.pack.barriers.barriers for name in _names(barrier)}
        self._later = {squeezed(name) for name in later} - self._barriers.keys()
        self._states = state_words()
        self._looked = 0

    def entries(self) -> list[_Entry]:
        """In the order of the file; a barrier that comes twice is taken once."""
        found: dict[str, _Entry] = {}
        for row in self.task.rows():
            entry = self._entry(row)
            if entry is None:
                continue
            if first := found.get(entry.barrier.id):
                text = _("{barrier} is there twice, first in row {row}.")
                text = text.format(barrier=entry.barrier.title, row=first.row.place)
                self.problems.say(Severity.ERROR, row, "barrier", text, _("Keep one of the rows."))
            else:
                found[entry.barrier.id] = entry
        return list(found.values())

    def _entry(self, row: Row) -> _Entry | None:
        field = "barrier"
        try:
            barrier = self._barrier(row["barrier"])
            new: dict[str, Any] = {}
            old = self.task.case.barrier(barrier.id)
            for field, read in self._readers(row, old).items():
                value = read()
                if value != getattr(old, field):
                    new[field] = value
        except InputError as error:
            self.problems.refuse(row, field if field in self.task.columns else f"{field}_en", error)
            return None
        return _Entry(row, barrier, new)

    def _readers(self, row: Row, old: BarrierRecord) -> dict[str, Callable[[], Any]]:
        """By field of the record, what reads it; an empty cell leaves what is there."""
        found: dict[str, Callable[[], Any]] = {}
        if row["state"]:
            found["state"] = partial(self._state, row["state"])
        if row["owner"]:
            found["owner"] = partial(self.problems.text, row, "owner")
        for name in _TEXTS:
            if row[f"{name}_en"] or row[f"{name}_ko"]:
                found[name] = partial(self._local, row, name, getattr(old, name))
        if row["due"]:
            found["due"] = partial(checked_day, row["due"])
        return found

    def _barrier(self, text: str) -> Barrier:
        if not text:
            raise InputError(_("The row names no barrier."), remedy=_("Give its short name or its title."))
        wanted = squeezed(text)
        if wanted in self._barriers:
            return self._barriers[wanted]
        if wanted in self._later:
            day = format_date(self.task.case.known_to)
            raise InputError(
                _("'{text}' was not known on {day}.").format(text=text[:_SHOWN], day=day),
                remedy=_("Move the day to which the law is known, or leave the row out."),
            )
        names = self._near(wanted)
        raise InputError(
            _("There is no barrier '{text}' in the catalogue.").format(text=text[:_SHOWN]),
            remedy=_("Near it: {names}.").format(names=names) if names else _("Give its short name or its title."),
        )

    def _near(self, wanted: str) -> str:
        """Titles like it; looked for a few times only, since looking is slow."""
        self._looked += 1
        if self._looked > _MOST_LOOKS:
            return ""
        near = difflib.get_close_matches(wanted[:_SHOWN], list(self._barriers), n=3, cutoff=0.6)
        return "; ".join(dict.fromkeys(str(self._barriers[name].title) for name in near))

    def _state(self, text: str) -> BarrierState:
        state = self._states.get(squeezed(text))
        if state is None:
            raise InputError(
                _("'{text}' is no state of a barrier.").format(text=text[:_SHOWN]),
                remedy=_("Choose one of {states}.").format(states=", ".join(map(_state_word, BarrierState))),
            )
        return state

    def _local(self, row: Row, name: str, old: LocalText) -> LocalText:
        """The languages that the row gives; the other one stays."""
        text = old
        for language in LANGUAGES:
            field = f"{name}_{language}"
            if row[field]:
                text = text.with_text(language, self.problems.text(row, field))
                if language == "en" and has_hangul(row[field]):
                    what = _("The column is taken for English, and the text is Korean.")
                    self.problems.say(Severity.WARNING, row, field, what, _("Choose the Korean field for the column."))
        return text


def _names(barrier: Barrier) -> tuple[str, ...]:
    return tuple(name for name in (barrier.id, barrier.title.en, barrier.title.ko) if name)


def make_plan(task: Task) -> Plan:
    """Records of barriers to be set. Raises InputError when a column is missing."""
    check_columns(task, fields.BARRIERS)
    reader = _Reader(task)
    entries = [entry for entry in reader.entries() if entry.new]
    changes = [change for entry in entries for change in _changes(task.case, entry)]
    if not changes:
        reader.problems.findings.add(Severity.NOTE, _("Nothing in the table differs from the case."))
    return Plan(
        title=_("Import barriers"),
        changes=tuple(changes),
        findings=reader.problems.findings,
        edit=partial(_edit, entries=tuple(entries)),
    )


def _edit(case: Case, *, entries: tuple[_Entry, ...]) -> Case:
    """What comes from a file is no invented example any more."""
    for entry in entries:
        case = edits.set_barrier(case, entry.barrier.id, **entry.new, illustrative=False)
    return case


def _changes(case: Case, entry: _Entry) -> list[PlannedChange]:
    record = case.barrier(entry.barrier.id)
    return [
        PlannedChange(
            row=entry.row.place,
            what=f"{entry.barrier.title}: {_field_word(name)}",
            before=_shown(getattr(record, name)),
            after=_shown(value),
        )
        for name, value in entry.new.items()
    ]


def _field_word(name: str) -> str:
    return {
        "state": _("State"),
        "owner": _("Owner"),
        "position": _("Position"),
        "fall_back": _("Fall-back"),
        "red_line": _("Red line"),
        "due": _("Due"),
    }[name]


def _shown(value: object) -> str:
    if isinstance(value, BarrierState):
        return _state_word(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, LocalText):
        return " / ".join(text for text in (value.en, value.ko) if text)
    return str(value) if value is not None else ""


TARGET: Final = Target(
    id="barriers",
    title=N_("Barriers"),
    hint=N_("State, owner, position, fall-back, red line and due date, by barrier. Empty cells change nothing."),
    fields=fields.BARRIERS,
    plan=make_plan,
)
