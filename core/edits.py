"""Every edit of a case: a pure function from a case to a case.

An edit that changes nothing returns the very case it was given, so "changed?" is answered by identity. What
cannot be taken raises InputError (core.errors) and leaves the case as it was. Scenario A is the law: no edit
touches it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar

from msgspec.structs import replace

from core import case_rules as rules
from core.audience import Audience
from core.case import (
    LAW_SCENARIO,
    AddDuty,
    AnyChange,
    Assumptions,
    BarrierRecord,
    Case,
    Change,
    Column1Use,
    Document,
    Exempt,
    ItemGroup,
    Postpone,
    Quota,
    RateForm,
    RivalTerms,
    Scenario,
    SetRate,
    SwitchOff,
    SwitchOn,
    TradeOverride,
    following_letter,
)
from core.errors import InputError
from core.i18n import _
from core.text import LocalText

Period = tuple[date, date]
D = TypeVar("D", bound=Document)
_Part = TypeVar("_Part")
ShareTable = Literal["utilisation", "listed_use", "metal_share"]

# The changes that decide what a cell of the Rate scenarios table shows.
GOVERNING: Final = (SetRate, SwitchOff, SwitchOn, Postpone, Quota, AddDuty)


# The case as a whole


def set_title(case: Case, title: LocalText) -> Case:
    return _with(case, title=title)


def set_note(case: Case, note: str) -> Case:
    return _with(case, note=note)


def set_as_of(case: Case, day: date, *, coverage: Period | None = None) -> Case:
    """Show the rates of this day. coverage: first and last day of the pack's law; NoLawError outside."""
    rules.check_covered(day, coverage)
    return _with(case, as_of=day)


def set_known_to(case: Case, day: date, *, coverage: Period | None = None) -> Case:
    """Count facts that were public up to this day; limits as for set_as_of."""
    rules.check_covered(day, coverage)
    return _with(case, known_to=day)


def set_compare_with(case: Case, letter: str) -> Case:
    """Measure all changes against this scenario."""
    rules.check_scenario(case, letter)
    return _with(case, compare_with=letter)


# Scenarios


def rename_scenario(case: Case, letter: str, name: LocalText | str, *, summary: LocalText | None = None) -> Case:
    """A plain string stands for every language; `name.with_text(language, text)` keeps the other one."""
    text = LocalText(en=name) if isinstance(name, str) else name
    if not str(text).strip():
        raise InputError(_("A scenario needs a name."), remedy=_("Type a name."))
    return _edit_scenario(
        case, letter, lambda old: _with(old, name=text, summary=old.summary if summary is None else summary)
    )


def set_scenario_note(case: Case, letter: str, note: str) -> Case:
    return _edit_scenario(case, letter, lambda old: _with(old, note=note))


def set_scenario_audience(case: Case, letter: str, audience: Audience) -> Case:
    """Who may see this scenario: exports for a wider circle leave all of it out."""
    return _edit_scenario(case, letter, lambda old: _with(old, audience=audience))


def add_scenario(
    case: Case,
    name: LocalText | str,
    *,
    summary: LocalText | None = None,
    changes: tuple[AnyChange, ...] = (),
) -> Case:
    """A new scenario at the end; its letter is `case.next_letter` of the case given."""
    for change in changes:
        rules.check_change(case, change)
    text = LocalText(en=name) if isinstance(name, str) else name
    new = Scenario(letter=case.next_letter, name=text, summary=summary or LocalText(), changes=changes)
    return _insert_scenario(case, len(case.scenarios), new)


def duplicate_scenario(case: Case, letter: str, name: LocalText | None = None) -> Case:
    """A copy right after the original, with its own letter; without a name it is numbered: "Name (2)"."""
    rules.check_scenario(case, letter)
    original = case.scenario(letter)
    copy = replace(
        original,
        letter=case.next_letter,
        name=name or _numbered(case, original.name),
        audience=Audience.INTERNAL if letter == LAW_SCENARIO else original.audience,
    )
    return _insert_scenario(case, case.scenarios.index(original) + 1, copy)


def _numbered(case: Case, name: LocalText) -> LocalText:
    """The name with the first free number, the same in both languages."""
    taken = {scenario.name for scenario in case.scenarios}
    number = 2
    while (candidate := _with_number(name, number)) in taken:
        number += 1
    return candidate


def _with_number(name: LocalText, number: int) -> LocalText:
    return LocalText(en=f"{name.en} ({number})" if name.en else "", ko=f"{name.ko} ({number})" if name.ko else "")


def _insert_scenario(case: Case, position: int, scenario: Scenario) -> Case:
    scenarios = (*case.scenarios[:position], scenario, *case.scenarios[position:])
    return replace(case, scenarios=scenarios, next_letter=following_letter(case.next_letter))


def remove_scenario(case: Case, letter: str) -> Case:
    """Its letter is not given again; a comparison with it falls back to the law."""
    _check_editable(case, letter)
    return replace(
        case,
        scenarios=tuple(scenario for scenario in case.scenarios if scenario.letter != letter),
        compare_with=LAW_SCENARIO if case.compare_with == letter else case.compare_with,
    )


def move_scenario(case: Case, letter: str, position: int) -> Case:
    """Put it at this position (0 is the law's, which stays first); a position outside means the end."""
    _check_editable(case, letter)
    moved = case.scenario(letter)
    others = [scenario for scenario in case.scenarios if scenario.letter != letter]
    others.insert(max(1, position), moved)
    return _with(case, scenarios=tuple(others))


# Changes of a scenario, and the terms of other partners in it


def add_change(case: Case, letter: str, change: AnyChange, position: int | None = None) -> Case:
    """Put a change into the scenario's list, at the end without a position. Later ones win."""
    rules.check_change(case, change)
    return _edit_changes(
        case,
        letter,
        lambda changes: _inserted(changes, len(changes) if position is None else position, change),
    )


def replace_change(case: Case, letter: str, position: int, change: AnyChange) -> Case:
    """The new change takes the old one's place, and its id: to a merge it is the same one, edited."""
    rules.check_change(case, change)
    _check_position(case, letter, position)
    change = replace(change, id=case.scenario(letter).changes[position].id)
    return _edit_changes(case, letter, lambda changes: (*changes[:position], change, *changes[position + 1 :]))


def remove_change(case: Case, letter: str, position: int) -> Case:
    _check_position(case, letter, position)
    return _edit_changes(case, letter, lambda changes: changes[:position] + changes[position + 1 :])


def move_change(case: Case, letter: str, position: int, to: int) -> Case:
    """Order counts: where two changes concern the same duty and goods, the later one in the list wins."""
    _check_position(case, letter, position)
    change = case.scenario(letter).changes[position]
    return _edit_changes(
        case, letter, lambda changes: _inserted(changes[:position] + changes[position + 1 :], to, change)
    )


def add_rival_terms(case: Case, letter: str, terms: RivalTerms) -> Case:
    """Terms of other partners in the scenario; where several concern the same goods, the later one wins."""
    rules.check_rival_terms(case, terms)
    return _edit_rivals(case, letter, lambda rivals: (*rivals, terms))


def replace_rival_terms(case: Case, letter: str, position: int, terms: RivalTerms) -> Case:
    """The new terms take the old ones' place and id."""
    rules.check_rival_terms(case, terms)
    old = _rival_terms(case, letter, position)
    new = replace(terms, id=old.id)
    return _edit_rivals(case, letter, lambda rivals: (*rivals[:position], new, *rivals[position + 1 :]))


def remove_rival_terms(case: Case, letter: str, position: int) -> Case:
    _rival_terms(case, letter, position)
    return _edit_rivals(case, letter, lambda rivals: rivals[:position] + rivals[position + 1 :])


def move_rival_terms(case: Case, letter: str, position: int, to: int) -> Case:
    """As for changes: where terms concern the same partners and goods, the later ones in the list win."""
    terms = _rival_terms(case, letter, position)
    return _edit_rivals(case, letter, lambda rivals: _inserted(rivals[:position] + rivals[position + 1 :], to, terms))


def _rival_terms(case: Case, letter: str, position: int) -> RivalTerms:
    rules.check_scenario(case, letter)
    rivals = case.scenario(letter).rivals
    if not 0 <= position < len(rivals):
        raise InputError(_("Scenario {letter} has no such terms of other partners.").format(letter=letter))
    return rivals[position]


def _edit_rivals(case: Case, letter: str, edit: Callable[[tuple[RivalTerms, ...]], tuple[RivalTerms, ...]]) -> Case:
    return _edit_scenario(case, letter, lambda scenario: _with(scenario, rivals=edit(scenario.rivals)))


def governing_change(scenario: Scenario, duty: str, on: date) -> int | None:
    """Position of the change that decides this duty on this day: the last that holds; None: the law does."""
    holding = _holding(scenario.changes, duty, on)
    return holding[-1] if holding else None


def set_cell_rate(case: Case, letter: str, duty: str, rate: Decimal, form: RateForm, on: date) -> Case:
    """A rate (fraction) typed into the cell of a duty, seen on day `on`.

    The change that governs the cell takes the rate where it has one of its own (a set rate, an added duty);
    otherwise a SetRate from `on` is put after it. The new one ends where the scenario's next change of that
    duty begins, so that typing a rate for today does not undo what was entered for later.
    """
    rules.check_rate(rate)
    _check_duty(duty)
    _check_editable(case, letter)
    changes = case.scenario(letter).changes
    place = governing_change(case.scenario(letter), duty, on)
    if place is not None and isinstance(governing := changes[place], SetRate | AddDuty):
        return replace_change(case, letter, place, replace(governing, rate=rate, form=form))
    later = [
        n
        for n, change in enumerate(changes)
        if isinstance(change, GOVERNING) and change.duty == duty and change.start > on
    ]
    until = min((changes[n].start for n in later), default=None)
    position = min(later, default=len(changes)) if place is None else place + 1
    new = SetRate(start=on, until=until, duty=duty, rate=rate, form=form)
    return add_change(case, letter, new, position)


def clear_cell(case: Case, letter: str, duty: str, on: date) -> Case:
    """Back to the law: take out every change of this duty that holds on this day, exemptions from it too."""
    _check_duty(duty)
    _check_editable(case, letter)
    kinds = (*GOVERNING, Exempt)
    holding = set(_holding(case.scenario(letter).changes, duty, on, kinds))
    return _edit_changes(
        case,
        letter,
        lambda changes: tuple(change for n, change in enumerate(changes) if n not in holding),
    )


def _holding(
    changes: tuple[AnyChange, ...], duty: str, on: date, kinds: tuple[type[Change], ...] = GOVERNING
) -> list[int]:
    """Positions of the changes of these kinds that concern the duty on this day."""
    return [
        n
        for n, change in enumerate(changes)
        if isinstance(change, kinds) and change.duty == duty and _holds(change, on)
    ]


def _holds(change: Change, on: date) -> bool:
    return change.start <= on and (change.until is None or on < change.until)


# Barriers, assumptions, item groups


def set_barrier(case: Case, barrier_id: str, *, catalogue: Collection[str] | None = None, **fields: Any) -> Case:
    """Set fields of BarrierRecord (state, owner, position, fall_back, red_line, due, illustrative).

    catalogue: ids of the pack's barriers, where the caller has them. A record that holds nothing is dropped.
    """
    rules.check_known_barrier(barrier_id, catalogue)
    old = case.barrier(barrier_id)
    new = _with(old, **fields)
    if new is old:
        return case
    others = tuple(record for record in case.barriers if record.barrier != barrier_id)
    if new == BarrierRecord(barrier=barrier_id):
        return _with(case, barriers=others)
    if len(others) == len(case.barriers):
        return replace(case, barriers=(*others, new))
    return replace(case, barriers=tuple(new if record is old else record for record in case.barriers))


def set_column_1_for_totals(case: Case, use: Column1Use) -> Case:
    return set_assumptions(case, replace(case.assumptions, column_1_for_totals=use))


def set_default_utilisation(case: Case, share: Decimal | None) -> Case:
    """The share (fraction) of value taken to claim the preference where the data do not show it.

    None takes the share of the programme that answers.
    """
    return set_assumptions(case, replace(case.assumptions, default_utilisation=share))


def set_assumption(case: Case, table: ShareTable, key: str, share: Decimal | None) -> Case:
    """One entry of a table of shares (fractions), by code or list; None takes the delegation's entry out."""
    shares = dict(getattr(case.assumptions, table))
    if share is None:
        shares.pop(key, None)
    else:
        shares[key] = share
    return set_assumptions(case, replace(case.assumptions, **{table: dict(sorted(shares.items()))}))


def set_reading(case: Case, question: str, reading: str | None) -> Case:
    """Read an ambiguous text this way; None goes back to the reading that the pack takes first."""
    readings = {key: value for key, value in case.assumptions.readings.items() if key != question}
    if reading is not None:
        readings[question] = reading
    return set_assumptions(case, replace(case.assumptions, readings=dict(sorted(readings.items()))))


def set_assumptions(case: Case, assumptions: Assumptions) -> Case:
    rules.check_assumptions(assumptions)
    return _with(case, assumptions=assumptions)


def set_trade(case: Case, figures: tuple[TradeOverride, ...]) -> Case:
    """The delegation's own trade figures, all at once; they are kept in the order of their codes."""
    ordered = tuple(sorted(figures, key=lambda figure: figure.code))
    rules.check_trade(ordered)
    return _with(case, trade=ordered)


def set_groups(case: Case, groups: tuple[ItemGroup, ...]) -> Case:
    """All item groups at once, in display order. Groups that a scenario refers to have to stay."""
    rules.check_groups(groups)
    kept = {group.id for group in groups}
    for group in case.groups:
        if group.id not in kept:
            _check_unused(case, group)
    return _with(case, groups=groups)


def add_group(case: Case, group: ItemGroup) -> Case:
    return set_groups(case, (*case.groups, group))


def set_group(case: Case, group: ItemGroup) -> Case:
    """Replace the group of the same id: its name, its prefixes."""
    rules.check_group_exists(case, group.id)
    return set_groups(case, tuple(group if old.id == group.id else old for old in case.groups))


def remove_group(case: Case, group_id: str) -> Case:
    """Its lines fall to the group with the next longest prefix, or to the rest."""
    rules.check_group_exists(case, group_id)
    return set_groups(case, tuple(group for group in case.groups if group.id != group_id))


def _check_unused(case: Case, group: ItemGroup) -> None:
    reference = rules.GROUP_PREFIX + group.id
    users = [s.letter for s in case.scenarios if any(change.lines == reference for change in s.every_change)]
    if users:
        raise InputError(
            _("The item group {group} cannot go.").format(group=group.name),
            why=_("Changes in scenario {letters} concern it.").format(letters=", ".join(users)),
            remedy=_("Take those changes out first."),
        )


# Shared steps


def _with(document: D, **fields: Any) -> D:
    """A copy with these fields, or the document itself where they are all equal already."""
    if all(getattr(document, name) == value for name, value in fields.items()):
        return document
    return replace(document, **fields)


def _check_editable(case: Case, letter: str) -> None:
    rules.check_scenario(case, letter)
    rules.check_is_not_law(letter)


def _check_duty(duty: str) -> None:
    if not duty:
        raise InputError(_("The cell names no duty."), remedy=_("Choose a row of the table."))


def _check_position(case: Case, letter: str, position: int) -> None:
    _check_editable(case, letter)
    if not 0 <= position < len(case.scenario(letter).changes):
        raise InputError(
            _("Scenario {letter} has no change number {number}.").format(letter=letter, number=position + 1),
            remedy=_("Choose one of its changes."),
        )


def _inserted(parts: tuple[_Part, ...], position: int, part: _Part) -> tuple[_Part, ...]:
    return (*parts[:position], part, *parts[position:])


def _edit_changes(case: Case, letter: str, edit: Callable[[tuple[AnyChange, ...]], tuple[AnyChange, ...]]) -> Case:
    return _edit_scenario(case, letter, lambda scenario: _with(scenario, changes=edit(scenario.changes)))


def _edit_scenario(case: Case, letter: str, edit: Callable[[Scenario], Scenario]) -> Case:
    _check_editable(case, letter)
    scenarios = tuple(edit(old) if old.letter == letter else old for old in case.scenarios)
    return _with(case, scenarios=scenarios)
