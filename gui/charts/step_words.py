"""What a day of the step chart did, in words: averages before and after, causes in law, changes of scenarios. No Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.i18n import _
from core.law_history import causes
from core.law_words import measure_title, verb
from core.preference_words import programme_changes
from core.quantities import format_date, format_number
from gui.change_words import change_words
from gui.charts.step_data import StepData

if TYPE_CHECKING:
    from core.case import Case
    from core.reference.law import Law
    from core.results import Results
    from core.scenario import LawAsKnown
    from core.utilisation import Column1Source


@dataclass(frozen=True)
class Average:
    """A scenario's average on the day before and on the day, per cent."""

    letter: str
    name: str
    before: float
    after: float

    def texts(self) -> tuple[str, str, str]:
        """Before, after, and the change in points of what is shown."""
        before, after = round(self.before, 2), round(self.after, 2)
        return format_number(before, 2), format_number(after, 2), format_number(after - before, 2, plus=True)


@dataclass(frozen=True)
class LawEvent:
    """What the same instruments did: (measure or list, what happened to it), and who did it, public since when."""

    what: tuple[tuple[str, str], ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class ScenarioEvent:
    """Changes of a scenario that begin or end alike: (place in the scenario's list from 1, title)."""

    letter: str
    what: tuple[tuple[int, str], ...]
    detail: str


@dataclass(frozen=True)
class StepWords:
    """All that a day of the chart has to tell."""

    on: date
    title: str
    known: date
    averages: tuple[Average, ...]
    law: tuple[LawEvent, ...]
    scenarios: tuple[ScenarioEvent, ...]

    @property
    def head(self) -> str:
        return " · ".join(part for part in (format_date(self.on), self.title) if part)

    @property
    def law_head(self) -> str:
        return _("In law, as known to {day}").format(day=format_date(self.known))

    def as_text(self) -> str:
        """For the clipboard and for screen readers."""
        return "\n".join([self.head, *self._average_lines(), *self._law_lines(), *self._scenario_lines()])

    def _average_lines(self) -> Iterator[str]:
        yield _("Effective average rate, %")
        for average in self.averages:
            before, after, change = average.texts()
            yield _("{letter} {name}: {before} before, {after} after, {change} points").format(
                letter=average.letter, name=average.name, before=before, after=after, change=change
            )

    def _law_lines(self) -> Iterator[str]:
        yield self.law_head
        for event in self.law:
            yield from (f"- {name}: {verb}" for name, verb in event.what)
            yield from (f"  {by}" for by in event.by)
        if not self.law:
            yield no_law_event()

    def _scenario_lines(self) -> Iterator[str]:
        if self.scenarios:
            yield _("In scenarios")
        for event in self.scenarios:
            yield from (f"- {event.letter} {number} · {title}" for number, title in event.what)
            yield f"  {event.detail}"


def no_law_event() -> str:
    """For a day on which only a scenario changes something, or nothing does."""
    return _("The law as known changes nothing on this day.")


def step_words(results: Results, data: StepData, on: date, titles: Mapping[str, str]) -> StepWords:
    """The words of a day. data: the chart's own numbers; titles: names of the duties by id."""
    eve = on - timedelta(days=1)
    tick = next((tick.title for tick in data.ticks if tick.on == on), "")
    averages = tuple(Average(line.letter, line.name, line.at(eve), line.at(on)) for line in data.lines)
    events = tuple(_scenario_events(results.case, on, titles))
    law = (*_law_events(results.basis.base, on), *_programme_events(results.basis.column1, on))
    return StepWords(on, tick, results.case.known_to, averages, law, events)


def _law_events(base: LawAsKnown, on: date) -> Iterator[LawEvent]:
    """Causes with the same instruments together; lists of one duty read alike and are named once."""
    together: dict[tuple[str, ...], dict[tuple[str, str], None]] = {}
    for cause in causes(base, on):
        what = measure_title(base.law, cause.measure), verb(cause.verb)
        together.setdefault(cause.instruments, {})[what] = None
    for instruments, what in together.items():
        yield LawEvent(tuple(what), tuple(_public(base.law, name) for name in instruments))


def _programme_events(column1: Column1Source, on: date) -> Iterator[LawEvent]:
    """Preferences that the partner gains or loses."""
    for name, what, source in programme_changes(column1.pack, column1.partner, on, column1.base.known):
        yield LawEvent(((name, what),), (source,))


def _public(law: Law, name: str) -> str:
    instrument = law.instruments[name]
    return f"{instrument.cite()} · " + _("public since {date}").format(date=format_date(instrument.released))


def _scenario_events(case: Case, on: date, titles: Mapping[str, str]) -> Iterator[ScenarioEvent]:
    together: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for scenario in case.scenarios:
        for number, change in enumerate(scenario.changes, start=1):
            if on in (change.start, change.until):
                words = change_words(case, change, titles)
                detail = words.detail if change.start == on else _ending(words.detail)
                together.setdefault((scenario.letter, detail), []).append((number, words.title))
    yield from (ScenarioEvent(letter, tuple(what), detail) for (letter, detail), what in together.items())


def _ending(detail: str) -> str:
    return _("ends, the law applies again") + f" · {detail}"
