"""The delegation's own trade figures: they stand in the place of the pack's values, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np

from core import edits
from core.case import Case, TradeOverride
from core.codes import LINE_DIGITS, format_code
from core.i18n import N_, _, ngettext
from core.imports import fields
from core.imports.findings import Severity
from core.imports.plan import Plan, PlannedChange, Target, Task, check_columns
from core.imports.trade_reading import FigureRow, TradeReader
from core.own_trade import lines_of
from core.quantities import format_number
from core.reference.trade import Imports


def make_plan(task: Task) -> Plan:
    """Figures that stand in the place of the pack's. Raises InputError when a column is missing."""
    check_columns(task, fields.TRADE)
    reader = TradeReader(task)
    found = reader.figures()
    imports = reader.imports
    old = {figure.code: figure for figure in task.case.trade}
    changes = [
        _change(task, imports, each, old.get(each.figure.code))
        for each in found.values()
        if old.get(each.figure.code) != each.figure
    ]
    new = tuple(each.figure for each in found.values())
    kept = () if task.choices.instead and new else _kept(task.case, new)
    stays = {figure.code for figure in (*new, *kept)}
    changes += [_going(imports, figure) for figure in task.case.trade if figure.code not in stays]
    _say_what_concerns_all(reader, new, imports)
    edit = partial(_edit, figures=new, instead=task.choices.instead)
    edit(task.case)  # what cannot be taken as a whole is said now
    return Plan(
        title=_("Import trade figures"),
        changes=tuple(changes),
        findings=reader.problems.findings,
        edit=edit,
        summary=_summary(new, imports, len(kept)),
    )


def _edit(case: Case, *, figures: tuple[TradeOverride, ...], instead: bool) -> Case:
    if not figures:
        return case  # a file in which nothing could be read does not empty the case
    kept = () if instead else _kept(case, figures)
    return edits.set_trade(case, (*kept, *figures))


def _kept(case: Case, new: tuple[TradeOverride, ...]) -> tuple[TradeOverride, ...]:
    """Figures of the case that no new one stands for or takes apart."""
    taken = {figure.code for figure in new}
    lines = {code[:LINE_DIGITS] for code in taken}
    return tuple(
        figure
        for figure in case.trade
        if figure.code not in taken and figure.code not in lines and figure.code[:LINE_DIGITS] not in taken
    )


def _change(task: Task, imports: Imports, each: FigureRow, old: TradeOverride | None) -> PlannedChange:
    figure, row = each.figure, each.row
    name = task.pack.names.of_line(figure.code)
    return PlannedChange(
        row=row.place,
        what=f"{format_code(figure.code)}  {name}",
        before=_own(old) if old is not None else _pack_value(imports, figure.code),
        after=_own(figure),
    )


def _going(imports: Imports, figure: TradeOverride) -> PlannedChange:
    return PlannedChange(0, format_code(figure.code), _own(figure), _pack_value(imports, figure.code))


def _own(figure: TradeOverride) -> str:
    return _("US$ {value} ({year}, own figure)").format(value=format_number(figure.value), year=figure.year)


def _pack_value(imports: Imports, code: str) -> str:
    lines = lines_of(imports, code)
    if not len(lines):
        return _("no trade in the reference data")
    return _("US$ {value} ({year})").format(value=format_number(imports.value[lines].sum()), year=imports.year)


def _say_what_concerns_all(reader: TradeReader, new: tuple[TradeOverride, ...], imports: Imports) -> None:
    """Years other than the pack's, sources that are missing, lines without a rate."""
    findings = reader.problems.findings
    if others := sorted({figure.year for figure in new} - {imports.year}):
        text = _("Figures of {years} stand beside those of {base} for all other lines.")
        findings.add(
            Severity.WARNING,
            text.format(years=", ".join(map(str, others)), base=imports.year),
            remedy=_("Say so when you show the sums; duty collected in another year is not used."),
        )
    if any(not figure.source for figure in new):
        findings.add(
            Severity.WARNING,
            _("Figures without a source."),
            remedy=_("Name the source: it stands beside the figures in internal briefings."),
        )
    for figure in _without_rate(reader.task, imports, new):
        text = _("{code} has no rate that could be used: its value counts, its duty is not known.")
        findings.add(Severity.WARNING, text.format(code=format_code(figure.code)))


def _without_rate(task: Task, imports: Imports, new: tuple[TradeOverride, ...]) -> Iterator[TradeOverride]:
    """Lines that come new into the portfolio and whose specific duty has no equivalent."""
    schedule = task.pack.schedule
    for figure in new:
        if not len(lines_of(imports, figure.code)):
            place = int(schedule.position([figure.code])[0])
            if np.isnan(schedule.applied_mfn[place]):
                yield figure


def _summary(new: tuple[TradeOverride, ...], imports: Imports, kept: int) -> tuple[str, ...]:
    if not new:
        return ()
    before = sum(float(imports.value[lines_of(imports, figure.code)].sum()) for figure in new)
    after = float(sum(figure.value for figure in new))
    text = ngettext(
        "{count} code: US$ {before} m in the reference data, US$ {after} m in the file.",
        "{count} codes: US$ {before} m in the reference data, US$ {after} m in the file.",
        len(new),
    )
    sentences = [
        text.format(
            count=format_number(len(new)), before=format_number(before / 1e6, 1), after=format_number(after / 1e6, 1)
        )
    ]
    if kept:
        text = ngettext("{count} own figure stays beside them.", "{count} own figures stay beside them.", kept)
        sentences.append(text.format(count=format_number(kept)))
    return tuple(sentences)


TARGET: Final = Target(
    id="trade",
    title=N_("Trade figures"),
    hint=N_("The delegation's own values by tariff code, in the place of those of the reference data."),
    fields=fields.TRADE,
    plan=make_plan,
)
