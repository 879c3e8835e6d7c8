"""What can be imported, in the order in which it is offered."""

from __future__ import annotations

from typing import Final

from core.imports import barriers, rates, trade
from core.imports.plan import Target

TARGETS: Final[tuple[Target, ...]] = (trade.TARGET, rates.TARGET, barriers.TARGET)


def target(name: str) -> Target:
    """By its id; KeyError for another."""
    return {each.id: each for each in TARGETS}[name]
