"""What makes the difference between two partners on an item group, in a line."""

from __future__ import annotations

import math
from typing import Final

from core.i18n import _
from core.law_words import rate_words
from core.quantities import NOT_APPLICABLE, format_percent, format_rate
from core.reference.law import Law
from core.rivals.by_group import GroupTerms
from core.rivals.side_by_side import COLUMN_1, Difference
from core.rivals.words import behind_words, part_title
from core.tariff.duty import LIMIT_PREFIX

SHOWN: Final = 0.00005  # of a fraction, half of the last digit shown
_TOLD: Final = 0.0005  # less of the goods without a number is left to the sheet of assumptions


def because_words(law: Law, found: GroupTerms, *, is_home: bool = False) -> str:
    """What makes the largest difference, or why there is no number; and what is left out."""
    why = "; ".join(found.why)
    if math.isnan(found.gap):
        return _("n/a: {reason}").format(reason=why)
    text = "" if is_home else _largest(law, found)
    if found.unrated < _TOLD:
        return text or NOT_APPLICABLE
    left_out = _("no number for {part} of the goods: {why}").format(part=format_percent(found.unrated, 1), why=why)
    return "; ".join(part for part in (text, left_out) if part)


def _largest(law: Law, found: GroupTerms) -> str:
    largest = found.largest
    if largest is None:
        return _("no difference")
    if abs(found.gap) < SHOWN:
        return _("no difference in total: its parts make up for each other")
    points = format_rate(largest.points, 2, plus=True)
    head = _("{name} {points}").format(name=part_title(law, largest.part), points=points)
    if largest.part.startswith(LIMIT_PREFIX):
        return head
    if largest.part == COLUMN_1:
        theirs, ours = (format_percent(rate, 2) for rate in found.column1)
        return _("{head}: {ours} against {theirs}").format(head=head, ours=ours, theirs=theirs)
    return _behind(head, largest)


def _behind(head: str, largest: Difference) -> str:
    """The measures on both sides; their rates, where it is one measure with two."""
    ours, theirs = behind_words(largest.ours), behind_words(largest.theirs)
    if ours != theirs:
        return _("{head}: {ours} against {theirs}").format(head=head, ours=ours, theirs=theirs)
    if largest.ours.by_scenario:
        return _("{head}: set by the scenario on both sides").format(head=head)
    one, other = largest.ours.measure, largest.theirs.measure
    rates = [rate_words(side.rate, side.kind) for side in (one, other) if side is not None]
    if len(set(rates)) > 1:
        return _("{head}: {measure}, {ours} against {theirs}").format(
            head=head, measure=ours, ours=rates[0], theirs=rates[1]
        )
    return _("{head}: {measure} for both, over different parts of the goods").format(head=head, measure=ours)
