"""Every assumption behind the sums: value, source, what it does and how much trade it decides over.

Trade is that of the base year, under the law (scenario A) on the as-of date. What became public after the known
day is left out. The sheet of the workbook (core.briefing.assumptions) says the same in the same words.
"""

from __future__ import annotations

from decimal import Decimal

from core import edits
from core.assumptions.lists import list_rows
from core.assumptions.metals import metal_rows
from core.assumptions.readings import reading_rows
from core.assumptions.row import AssumptionRow, Choice, Section, Target
from core.assumptions.use import use_rows
from core.case import Assumptions, Case, Column1Use
from core.edits import ShareTable
from core.reference.pack import Pack
from core.results import Results
from core.tariff.goods import default_share

__all__ = ["AssumptionRow", "Choice", "Section", "Target", "assumption_rows", "with_value", "without_value"]

_TABLES: dict[Target, ShareTable] = {
    Target.USE: "utilisation",
    Target.LISTED: "listed_use",
    Target.METAL: "metal_share",
}


def assumption_rows(results: Results, pack: Pack) -> tuple[AssumptionRow, ...]:
    """All assumptions of the results' case, section by section."""
    return (
        *reading_rows(results),
        *use_rows(results, pack),
        *list_rows(results),
        *metal_rows(results, pack),
    )


def with_value(case: Case, row: AssumptionRow, value: Decimal | str) -> Case:
    """The case with this share (fraction) or reading. What the pack takes anyway is no entry of the case."""
    if row.target is Target.COLUMN_1:
        return edits.set_column_1_for_totals(case, Column1Use(str(value)))
    if row.target is Target.READING:
        return edits.set_reading(case, row.key, None if value == row.choices[0].id else str(value))
    if row.target is Target.DEFAULT_USE:
        is_taken_anyway = row.is_default and row.value == Decimal(value)
        return case if is_taken_anyway else edits.set_default_utilisation(case, Decimal(value))
    if row.target is Target.LISTED and float(value) == default_share(row.key):
        return without_value(case, row)
    if row.target in _TABLES:
        return edits.set_assumption(case, _TABLES[row.target], row.key, Decimal(value))
    return case


def without_value(case: Case, row: AssumptionRow) -> Case:
    """Back to the default; an entry that someone typed for a code goes."""
    if row.target is Target.COLUMN_1:
        return edits.set_column_1_for_totals(case, Assumptions().column_1_for_totals)
    if row.target is Target.READING:
        return edits.set_reading(case, row.key, None)
    if row.target is Target.DEFAULT_USE:
        return edits.set_default_utilisation(case, None)
    if row.target in _TABLES:
        return edits.set_assumption(case, _TABLES[row.target], row.key, None)
    return case
