"""What differs between two copies of a case, in words: added, removed, changed, moved.

Every field of core.case is compared, a new one without a line of code here. Two cases are equal exactly when
nothing differs between them.
"""

from __future__ import annotations

from core.case import Case
from core.casefile.merging.comparison import Comparison, Difference, DifferenceKind
from core.casefile.merging.places import Place
from core.casefile.merging.wording import Names, Wording, names_of

__all__ = ["Difference", "DifferenceKind", "Names", "differences", "names_of"]


def differences(before: Case, after: Case, names: Names | None = None) -> tuple[Difference, ...]:
    """In the order of the case's fields. names: what the reference pack calls duties, barriers and partners."""
    words = names or Names()
    comparison = Comparison(Wording(before, words), Wording(after, words))
    return tuple(comparison.of_fields(Place(), before, after))
