"""Rates as changes of a scenario: a duty, the goods, the rate in per cent, from when to when."""

from __future__ import annotations

from functools import partial
from typing import Final

from msgspec.structs import replace

from core import edits
from core.case import AnyChange, Case, ItemGroup, SetRate
from core.case_rules import check_is_not_law, check_scenario
from core.change_words import change_words, duty_title, goods_name, rate_words
from core.errors import InputError
from core.i18n import N_, _, language
from core.imports import fields
from core.imports.findings import Severity
from core.imports.goods import with_groups
from core.imports.plan import Plan, PlannedChange, Target, Task, check_columns
from core.imports.rates_reading import RateRow, RatesReader
from core.quantities import format_date
from core.text import LocalText


def make_plan(task: Task) -> Plan:
    """Changes of the scenario chosen, or of a new one. Raises InputError when something has to be chosen first."""
    check_columns(task, fields.RATES)
    letter, name = task.choices.scenario, task.choices.scenario_name.strip()
    if letter:
        check_scenario(task.case, letter)
        check_is_not_law(letter)
    elif not name:
        raise InputError(_("The new scenario needs a name."), remedy=_("Type a name, or choose a scenario."))
    reader = RatesReader(task)
    entries = reader.entries()
    groups = _groups_used(reader, entries)
    _say_groups(reader, groups)
    _say_default_start(task, reader, entries)
    changes = tuple(each.change for each in entries)
    edit = partial(_edit, letter=letter, name=name, changes=changes, groups=groups)
    edit(task.case)  # what cannot be taken as a whole is said now
    shown = replace(task.case, groups=with_groups(task.case.groups, groups))
    return Plan(
        title=_("Import rates"),
        changes=tuple(_planned(task, shown, each) for each in entries),
        findings=reader.problems.findings,
        edit=edit,
        summary=_summary(task, letter, name),
    )


def _groups_used(reader: RatesReader, entries: list[RateRow]) -> tuple[ItemGroup, ...]:
    used = {each.change.lines.removeprefix("group:") for each in entries}
    return tuple(group for name, group in reader.goods.made.items() if name in used)


def _edit(case: Case, *, letter: str, name: str, changes: tuple[AnyChange, ...], groups: tuple[ItemGroup, ...]) -> Case:
    if groups:
        case = edits.set_groups(case, with_groups(case.groups, groups))
    if not letter:
        return edits.add_scenario(case, LocalText().with_text(language(), name), changes=changes)
    for change in changes:
        case = edits.add_change(case, letter, change)
    return case


def _say_groups(reader: RatesReader, groups: tuple[ItemGroup, ...]) -> None:
    """A group is shareable: whoever reads a briefing sees its name."""
    for group in groups:
        text = _("The item group {group} is made. Its name stands in every briefing, shareable ones too.")
        reader.problems.findings.add(Severity.NOTE, text.format(group=group.name))
        for loser in reader.goods.taken_from(group):
            text = _("{new} leaves the item group {group}: changes that name {group} no longer reach it.")
            reader.problems.findings.add(Severity.WARNING, text.format(new=group.name, group=loser.name))


def _say_default_start(task: Task, reader: RatesReader, entries: list[RateRow]) -> None:
    if any(not each.row["start"] for each in entries):
        text = _("Rows without a first day begin on {day}, the as-of date of the case.")
        reader.problems.findings.add(Severity.NOTE, text.format(day=format_date(task.case.as_of)))


def _planned(task: Task, shown: Case, each: RateRow) -> PlannedChange:
    titles = {duty.id: str(duty.title) for duty in task.pack.law.file.duties}
    change = each.change
    words = change_words(shown, change, titles)
    goods = goods_name(shown, change.lines)
    what = " · ".join(part for part in (duty_title(change.duty, titles), goods) if part)
    rate = rate_words(change.rate, change.form) if isinstance(change, SetRate) else words.title
    return PlannedChange(each.row.place, what, _before(task, shown, change, titles), f"{rate} · {words.detail}")


def _before(task: Task, shown: Case, change: AnyChange, titles: dict[str, str]) -> str:
    """What the scenario has for the duty on the first day, so far."""
    letter = task.choices.scenario
    if not letter or not change.duty:
        return _("as in law")
    scenario = task.case.scenario(letter)
    place = edits.governing_change(scenario, change.duty, change.start)
    return change_words(shown, scenario.changes[place], titles).title if place is not None else _("as in law")


def _summary(task: Task, letter: str, name: str) -> tuple[str, ...]:
    if letter:
        scenario = task.case.scenario(letter)
        return (_("The changes go to the end of scenario {letter}, {name}.").format(letter=letter, name=scenario.name),)
    text = _("The changes make a new scenario {letter}, {name}, which is internal until you release it.")
    return (text.format(letter=task.case.next_letter, name=name),)


TARGET: Final = Target(
    id="rates",
    title=N_("Rates"),
    hint=N_("Rates by duty and goods, as changes of a scenario."),
    fields=fields.RATES,
    plan=make_plan,
)
