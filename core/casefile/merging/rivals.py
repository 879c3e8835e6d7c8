"""Changes that two delegates added to the same thing, each without knowing of the other's."""

from __future__ import annotations

from core.case import Change


def are_rivals(ours: object, theirs: object) -> bool:
    """Whether both act on the same duty and goods on some day."""
    if not isinstance(ours, Change) or not isinstance(theirs, Change):
        return False
    if (ours.duty, ours.lines) != (theirs.duty, theirs.lines):
        return False
    return _starts_before_end(ours, theirs) and _starts_before_end(theirs, ours)


def _starts_before_end(first: Change, second: Change) -> bool:
    return second.until is None or first.start < second.until
