"""A scenario is the law with changes: everything not named stays as the law has it.

The law itself is never altered. A plan holds the terms of each duty as known, and the changes that a scenario
makes to them; core.tariff reads it for a day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from core.case import AddDuty, AnyChange, Cap, Exempt, Place, SetTotal
from core.reference.law import (
    ALL_GOODS,
    PREFERENCE_CLAIMED,
    Duty,
    Exemption,
    Gap,
    Law,
    Measure,
    OpenQuestion,
    Precedence,
    Takes,
)
from core.tariff.measures import ONE_DAY, MeasureState, Terms, TermsLine, known_measures, terms_lines


@dataclass(frozen=True, eq=False)
class LawAsKnown:
    """The law on one partner's goods as a lawyer knew it on one day.

    readings: how ambiguous texts are read where it is not the first reading of the pack. member_of: a union whose
    terms the partner shares.
    """

    law: Law
    partner: str
    known: date
    states: Mapping[str, MeasureState]
    lines: tuple[TermsLine, ...]
    readings: Mapping[str, str] = field(default_factory=dict)
    member_of: str = ""

    @cached_property
    def asks_for_claim(self) -> bool:
        """Whether anything but column 1 differs where the preference is claimed."""
        if any(self._asks(state.measure) for state in self.states.values()):
            return True
        of_claim = {
            name
            for name, asked in self.law.file.conditions.items()
            if PREFERENCE_CLAIMED in (*asked.yes_fact.split("+"), asked.no_fact)
        }
        return any(not of_claim.isdisjoint(self.law.lists[name].condition) for name in self.list_names() if of_claim)

    def _asks(self, measure: Measure) -> bool:
        exempt = (each.requires for each in self.exemptions(measure))
        return PREFERENCE_CLAIMED in (measure.requires, *exempt)

    def exemptions(self, measure: Measure) -> tuple[Exemption, ...]:
        """The exemptions of a measure that are open to this partner."""
        if measure.id not in self._exemptions:
            open_to_it = (each for each in measure.exempt if not each.partners or self.is_among(each.partners))
            self._exemptions[measure.id] = tuple(open_to_it)
        return self._exemptions[measure.id]

    @cached_property
    def _exemptions(self) -> dict[str, tuple[Exemption, ...]]:
        return {}

    def is_among(self, partners: Iterable[str]) -> bool:
        """Whether a partner expression covers this partner."""
        return self.law.reaches(partners, self.partner, self.member_of)

    def gaps(self, on: date) -> tuple[Gap, ...]:
        """The measures on this partner's goods that the pack lacks on a day, for someone who knows of them."""
        return tuple(gap for gap in self.law.file.gaps if gap.holds(on) and self._is_of_interest(gap))

    def _is_of_interest(self, gap: Gap) -> bool:
        """Whether a gap concerns this partner's goods and was known."""
        return self.law.is_out(gap.instrument, self.known) and (not gap.partners or self.is_among(gap.partners))

    @cached_property
    def _by_duty(self) -> Mapping[str, tuple[TermsLine, ...]]:
        found: dict[str, list[TermsLine]] = {}
        for line in self.lines:
            found.setdefault(line.duty, []).append(line)
        return {duty: tuple(lines) for duty, lines in found.items()}

    def lines_of(self, duty: str) -> tuple[TermsLine, ...]:
        """The terms of one duty, list by list."""
        return self._by_duty.get(duty, ())

    def is_charged(self, duty: str, on: date) -> bool:
        """Whether the law charges the duty on any list on this day, if only where a fact is stated."""
        as_a_rule = any(terms.charged is not None for _name, terms in self.terms(duty, on))
        return as_a_rule or any(state.charged(on) for state in self._special.get(duty, ()))

    def terms(self, duty: str, on: date) -> tuple[tuple[str, Terms], ...]:
        """What a duty charges on a day, by list."""
        found = ((line.list_name, line.at(on)) for line in self.lines_of(duty))
        return tuple((name, terms) for name, terms in found if terms is not None)

    def answering(self, duty: str, on: date, meets: Callable[[Measure], bool]) -> tuple[tuple[str, MeasureState], ...]:
        """What a duty charges on a day, by list. meets: whether the goods meet what a measure requires.

        Of a measure that answers only where a fact is stated and one that always does, the higher rank answers.
        """
        special = [state for state in self.special(duty, on) if meets(state.measure)]
        as_a_rule = {name: terms.charged for name, terms in self.terms(duty, on) if terms.charged is not None}
        if not special:
            return tuple(as_a_rule.items())
        found = []
        for name in self.law.lists_of(duty):
            stepped_in = next((s for s in special if name in s.measure.lists), None)
            states = [state for state in (stepped_in, as_a_rule.get(name)) if state is not None]
            if states:
                found.append((name, max(states, key=lambda state: state.measure.rank)))
        return tuple(found)

    def special(self, duty: str, on: date) -> tuple[MeasureState, ...]:
        """The measures of a duty that answer only where a fact is stated, the highest rank first."""
        found = (s for s in self._special.get(duty, ()) if s.charged(on))
        return tuple(sorted(found, key=lambda state: state.measure.rank, reverse=True))

    @cached_property
    def _special(self) -> Mapping[str, tuple[MeasureState, ...]]:
        found: dict[str, tuple[MeasureState, ...]] = {}
        for state in self.states.values():
            if state.measure.requires:
                found[state.measure.duty] = (*found.get(state.measure.duty, ()), state)
        return found

    def reading(self, question: str) -> str:
        """How an ambiguous text is read."""
        known = [each.id for each in self.law.questions[question].readings]
        typed = self.readings.get(question)
        return typed if typed in known else known[0]

    def open_questions(self, on: date) -> tuple[OpenQuestion, ...]:
        """The ambiguous texts that were out and bear on this day."""
        law = self.law
        return tuple(
            asked
            for asked in law.file.questions
            if asked.from_day <= on and law.instruments[asked.instrument].released <= self.known
        )

    def read(self, question: str, reading: str) -> LawAsKnown:
        """The same law with one text read another way."""
        return replace(self, readings={**self.readings, question: reading})

    def precedence(self, duty: Duty, on: date) -> Precedence:
        """How a duty stacks on a day: the last rule that was known for it, the first where none was yet."""
        rules = [rule for rule in duty.stacking if rule.since <= on and self._is_known(rule)]
        return rules[-1] if rules else duty.stacking[0]

    def _is_known(self, rule: Precedence) -> bool:
        instrument = self.law.instruments.get(rule.instrument)
        released = instrument is None or instrument.released <= self.known
        return released and (not rule.question or self.reading(rule.question) == rule.reading)

    def days(self) -> set[date]:
        """Every day on which a rate, a list of goods or the stacking of a duty changes."""
        return self.term_days() | self.list_days() | self.rule_days() | self.gap_days()

    def term_days(self, *duties: str) -> set[date]:
        """Every day on which the terms of these duties change, of all where none is named."""
        days = set[date]().union(*(line.starts() for line in self.lines if not duties or line.duty in duties))
        special = (state for duty, states in self._special.items() if not duties or duty in duties for state in states)
        return days.union(*(state.boundaries() for state in special)) - {date.max}

    def gap_days(self) -> set[date]:
        """Every day from which there is no number for some goods, or one again."""
        gaps = [gap for gap in self.law.file.gaps if self._is_of_interest(gap)]
        return {gap.start for gap in gaps} | {gap.end for gap in gaps if gap.end is not None}

    def rule_days(self) -> set[date]:
        """Every day on which a duty begins to stack another way."""
        return {
            rule.since
            for duty in (self.law.duties[name] for name in self._by_duty)
            for rule in duty.stacking
            if self.precedence(duty, rule.since).takes is not self.precedence(duty, rule.since - ONE_DAY).takes
        }

    def list_days(self) -> set[date]:
        """Every day on which a list of goods changes."""
        return set[date]().union(*(self.law.lists[name].days(self.known) for name in self.list_names()))

    def list_names(self) -> set[str]:
        """The lists of goods that decide over these duties; a duty on all goods has none."""
        own = {line.list_name for line in self.lines}.union(
            *(state.measure.lists for states in self._special.values() for state in states)
        )
        exempt = {e.list for state in self.states.values() for e in self.exemptions(state.measure)}
        excluded = {name for state in self.states.values() for name in state.measure.excluded}
        return (own | exempt | excluded) - {ALL_GOODS}


def law_as_known(
    law: Law, partner: str, known: date, member_of: str = "", readings: Mapping[str, str] | None = None
) -> LawAsKnown:
    """The law on a partner's goods as known on a day. member_of: a union whose terms the partner shares."""
    states = known_measures(law, partner, known, member_of)
    return LawAsKnown(law, partner, known, states, terms_lines(law, states), readings or {}, member_of)


@dataclass(frozen=True, eq=False)
class Plan:
    """The law as known together with a scenario's changes."""

    base: LawAsKnown
    changes: tuple[AnyChange, ...] = ()

    def active(self, on: date, duty: str) -> tuple[tuple[int, AnyChange], ...]:
        """The changes to one duty that hold on a day, with their place in the scenario's list."""
        return tuple(
            (place, change)
            for place, change in enumerate(self.changes)
            if holds(change, on) and _acts_on_duty(change, duty)
        )

    def on_totals(self, on: date) -> tuple[tuple[int, AnyChange], ...]:
        """The caps and totals on goods as such that hold on a day."""
        return tuple(
            (place, change)
            for place, change in enumerate(self.changes)
            if holds(change, on) and isinstance(change, Cap | SetTotal)
        )

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """The duties in stacking order, those that the scenario adds among them."""
        instead = tuple(_added(c) for c in self.changes if _is_placed(c, Place.INSTEAD_OF_GENERAL))
        on_top = tuple(_added(c) for c in self.changes if _is_placed(c, Place.ON_TOP))
        law = self.base.law.file.duties
        known = {duty.id for duty in law}
        special = tuple(duty for duty in law if duty.takes is not Takes.REST)
        general = tuple(duty for duty in law if duty.takes is Takes.REST)
        return (*special, *_new(instead, known), *general, *_new(on_top, known))

    def days(self) -> set[date]:
        """Every day on which the law or the scenario changes something."""
        starts = {change.start for change in self.changes}
        ends = {change.until for change in self.changes if change.until is not None}
        return self.base.days() | starts | ends


def holds(change: AnyChange, on: date) -> bool:
    """Whether a change is in effect on a day; its range is half-open."""
    return change.start <= on and (change.until is None or on < change.until)


def _acts_on_duty(change: AnyChange, duty: str) -> bool:
    if isinstance(change, Cap | SetTotal):
        return False
    return change.duty == duty or (isinstance(change, Exempt) and not change.duty)


def _is_placed(change: AnyChange, place: Place) -> bool:
    return isinstance(change, AddDuty) and change.place is place


def _added(change: AnyChange) -> Duty:
    assert isinstance(change, AddDuty)
    takes = Takes.BESIDE if change.place is Place.ON_TOP else Takes.WHOLE
    rule = Precedence(since=date.min, takes=takes, instrument="", why=change.title)
    return Duty(id=change.duty, authority="", title=change.title, stacking=(rule,))


def _new(duties: Iterable[Duty], known: set[str]) -> list[Duty]:
    """Each added duty once; one that carries the id of a duty of the law changes that one."""
    return list({duty.id: duty for duty in duties if duty.id not in known}.values())
