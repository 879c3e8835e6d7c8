"""Put chosen changes of a workbook into the case, through the edits that everything else goes through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from msgspec.structs import replace

from core import edits
from core.briefing.inputs import (
    ASSUMPTION,
    BARRIER,
    CASE,
    DEFAULT_USE,
    LISTED_USE,
    USE_OF_COLUMN_1,
    VALUE,
    field_in_change,
    find_change,
    kind_of,
    name_of,
    sort_of,
)
from core.case import Case
from core.comeback.types import Proposal
from core.comeback.values import value_of
from core.errors import InputError
from core.i18n import _
from core.reference.pack import Pack
from core.text import LocalText


def apply(case: Case, chosen: Iterable[Proposal], pack: Pack | None = None) -> Case:
    """The case with these changes; all of a row at once, since a start may wait for its end.

    Raises InputError when they cannot stand together. pack: lets days and barriers be checked against it.
    """
    rows: dict[str, list[Proposal]] = {}
    for proposal in chosen:
        rows.setdefault(proposal.row, []).append(proposal)
    for row, proposals in rows.items():
        case = _applied(case, row, proposals, pack)
    return case


def _applied(case: Case, row: str, proposals: list[Proposal], pack: Pack | None) -> Case:
    values = {proposal.field: _value(proposal) for proposal in proposals}
    sort, name = sort_of(row), name_of(row)
    if sort == CASE:
        return edits.set_as_of(case, cast(date, values["as_of"]), coverage=_coverage(pack))
    if sort == BARRIER:
        catalogue = None if pack is None else {barrier.id for barrier in pack.barriers.barriers}
        return edits.set_barrier(case, name, catalogue=catalogue, **_in_words(case, name, proposals, values))
    if sort == ASSUMPTION:
        return _with_assumption(case, name, values[VALUE])
    return _with_change(case, name, values)


def _value(proposal: Proposal) -> object:
    kind = kind_of(proposal.row, proposal.field)
    if kind is None:
        raise KeyError(proposal.field)
    return value_of(kind, proposal.text)


def _coverage(pack: Pack | None) -> tuple[date, date] | None:
    return None if pack is None else (pack.law.file.coverage.first, pack.law.file.coverage.last)


def _with_change(case: Case, change_id: str, values: Mapping[str, object]) -> Case:
    try:
        letter, place, change = find_change(case, change_id)
    except KeyError:
        raise InputError(_("The case has this change no more.")) from None
    fields: dict[str, Any] = {field_in_change(change, field): value for field, value in values.items()}
    return edits.replace_change(case, letter, place, replace(change, **fields))


def _with_assumption(case: Case, name: str, value: Any) -> Case:
    if name == USE_OF_COLUMN_1:
        return edits.set_column_1_for_totals(case, value)
    if name == DEFAULT_USE:
        return edits.set_default_utilisation(case, value)
    table, _separator, key = name.partition(":")
    return edits.set_assumption(case, "listed_use" if table == LISTED_USE else "utilisation", key, value)


def _in_words(
    case: Case, barrier: str, proposals: Iterable[Proposal], values: Mapping[str, object]
) -> dict[str, object]:
    """Texts keep their other language; one that was emptied is gone in both, or the other would stand in for it."""
    record, found = case.barrier(barrier), dict(values)
    for proposal in proposals:
        old = getattr(record, proposal.field)
        if isinstance(old, LocalText):
            text = proposal.text
            found[proposal.field] = old.with_text(proposal.language, text) if text else LocalText()
    return found
