"""The law alone as a case: what a command compares or averages when no case file is named."""

from __future__ import annotations

from datetime import date

from core.case import LAW_SCENARIO, Case, Scenario
from core.reference.pack import Pack
from core.text import LocalText


def law_case(pack: Pack, partner: str, on: date, known: date) -> Case:
    """Scenario A on a partner's goods, in the item groups of the pack."""
    return Case(
        title=LocalText(partner),
        partner=partner,
        as_of=on,
        known_to=known,
        scenarios=(Scenario(letter=LAW_SCENARIO, name=LocalText(LAW_SCENARIO)),),
        groups=pack.groups.item_groups(),
    )
