"""How the parts of a rate and the measures behind them are called."""

from __future__ import annotations

from core.i18n import _
from core.reference.law import Law
from core.rivals.side_by_side import COLUMN_1, Behind
from core.tariff.duty import LIMIT_PREFIX


def part_title(law: Law, part: str) -> str:
    """Column 1, a duty of the law, one that a scenario adds, or a cap or total of a scenario."""
    if part == COLUMN_1:
        return _("Column 1")
    if part.startswith(LIMIT_PREFIX):
        return _("Total set by the scenario")
    duty = law.duties.get(part)
    return str(duty.title) if duty else part.replace("_", " ")


def behind_words(behind: Behind) -> str:
    """The measure, that the scenario sets it, or that there is nothing."""
    if behind.by_scenario:
        return _("set by the scenario")
    return str(behind.measure.measure.title) if behind.measure is not None else _("none")
