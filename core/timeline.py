"""The days on which rates change: what happened in law, what a scenario makes happen, in words for a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.case import Case
from core.reference.calendar import Event, EventKind
from core.reference.pack import Pack
from core.results import ChangeDate, StepSeries
from core.scenario import LawAsKnown
from core.text import LocalText

_STARTS, _ENDS = ("starts", "시작"), ("ends", "종료")  # of a preference, in both languages
_VISIBLE = 0.00005  # half of the last digit shown, 0.01 %


def change_dates(
    case: Case, pack: Pack, base: LawAsKnown, series: tuple[StepSeries, ...], horizon: tuple[date, date]
) -> tuple[ChangeDate, ...]:
    """Every day in the horizon on which the law as known or a scenario changes a rate, in order."""
    events = _law_events(case, pack)
    starts = {state.start for state in base.states.values()}
    law = {day for day in (*starts, *_law_steps(series), *_sleepers(base)) if horizon[0] < day <= horizon[1]}
    own = _scenario_starts(case, horizon)
    titles = _Titles(pack, base)
    return tuple(
        _change_date(day, events, titles, own.get(day, ()), is_law=day in law) for day in sorted(law | own.keys())
    )


def _law_events(case: Case, pack: Pack) -> dict[date, Event]:
    known = pack.calendar.known(case.known_to, case.partner)
    return {event.date: event for event in known if event.kind in (EventKind.LAW, EventKind.DEADLINE)}


def _law_steps(series: tuple[StepSeries, ...]) -> tuple[date, ...]:
    """Days on which the average under the first scenario, the law, moves visibly."""
    if not series:
        return ()
    pairs = zip(series[0].dates[1:], series[0].averages, series[0].averages[1:], strict=False)
    return tuple(day for day, before, after in pairs if abs(after - before) > _VISIBLE)


def _sleepers(base: LawAsKnown) -> set[date]:
    """Days on which a suspension ends."""
    return {state.suspended[1] for state in base.states.values() if state.suspended and state.holds(state.suspended[1])}


def _scenario_starts(case: Case, horizon: tuple[date, date]) -> dict[date, tuple[str, ...]]:
    found: dict[date, list[str]] = {}
    for scenario in case.scenarios:
        for change in scenario.changes:
            for day in (change.start, change.until):
                if day is not None and horizon[0] < day <= horizon[1]:
                    found.setdefault(day, []).append(scenario.letter)
    return {day: tuple(dict.fromkeys(letters)) for day, letters in found.items()}


def _change_date(
    day: date, events: dict[date, Event], titles: _Titles, letters: tuple[str, ...], *, is_law: bool
) -> ChangeDate:
    event = events.get(day)
    if event is not None:
        return ChangeDate(day, event.title, event.detail, is_law, letters)
    title = titles.of(day) if is_law else _scenarios(letters)
    return ChangeDate(day, title, title, is_law, letters)


@dataclass(frozen=True)
class _Titles:
    """What the law does on a day, in a few words."""

    pack: Pack
    base: LawAsKnown

    def of(self, day: date) -> LocalText:
        """Measures that start and preferences that come or go; else a list of goods has changed."""
        found = [state.measure.title for state in self.base.states.values() if state.start == day]
        partner = self.pack.partners.get(self.base.partner)
        for one, said in self.pack.programmes.changes(partner, day, self.base.known):
            english, korean = _STARTS if day == said.valid_from else _ENDS
            found.append(LocalText(f"{one.name.en} {english}", f"{one.name.ko} {korean}"))
        if not found:
            return LocalText("list of goods changes", "대상 품목 변경")
        return LocalText("; ".join(title.en for title in found), "; ".join(title.ko for title in found))


def _scenarios(letters: tuple[str, ...]) -> LocalText:
    joined, verb = ", ".join(letters), "changes" if len(letters) == 1 else "change"
    return LocalText(f"{joined} {verb}", f"{joined} 변경")
