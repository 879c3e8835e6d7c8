"""What two copies cannot both have: who wants what, and which of them was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from core.case import Case, HistoryEntry
from core.casefile.merging.places import Place
from core.casefile.merging.wording import STEP, Names, Wording
from core.i18n import N_, _


class Side(StrEnum):
    """Which copy a conflict is settled by; BOTH: one text after the other, or both parts."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


class Reason(StrEnum):
    """Why the two do not go together."""

    BOTH_CHANGED = "both-changed"
    REMOVED_AND_CHANGED = "removed-and-changed"
    REMOVED_AND_USED = "removed-and-used"
    BOTH_MOVED = "both-moved"
    SAME_GOODS = "same-goods"
    TWO_GROUPS = "two-groups"
    TWICE = "twice"
    RELEASED = "released"
    RULE = "rule"


_REASONS: Final[Mapping[Reason, str]] = {
    Reason.BOTH_CHANGED: N_("Both copies changed it."),
    Reason.REMOVED_AND_CHANGED: N_("One copy removed it, the other changed it."),
    Reason.REMOVED_AND_USED: N_("One copy removed it, the other uses it."),
    Reason.BOTH_MOVED: N_("Both copies moved parts, and the two orders exclude each other."),
    Reason.SAME_GOODS: N_("Both copies added a change to the same duty and goods; of two, the later one wins."),
    Reason.TWO_GROUPS: N_("The copies put it into different item groups."),
    Reason.TWICE: N_("One copy gives it as a whole, the other by its parts: it would count twice."),
    Reason.RELEASED: N_("One copy released it to a wider circle while the other changed what is in it."),
    Reason.RULE: N_("Together the edits of both copies break a rule: {rule}"),
}


@dataclass(frozen=True)
class Conflict:
    """One question to whoever merges. id: the same in every merge of the same copies.

    where and field: as in a Difference. base, ours, theirs: in words. ours_by, theirs_by: the newest entry of
    each copy's own history that concerns it. chosen: None until someone chose.
    """

    id: str
    reason: Reason
    rule: str
    part: str
    where: str
    field: str
    base: str
    ours: str
    theirs: str
    can_both: bool
    ours_by: HistoryEntry | None
    theirs_by: HistoryEntry | None
    chosen: Side | None

    @property
    def subject(self) -> str:
        """The part and what of it."""
        return STEP.join(each for each in (self.where, self.field) if each) or _("The whole case")

    @property
    def why(self) -> str:
        """The reason in words."""
        return _(_REASONS[self.reason]).format(rule=self.rule)


@dataclass
class Referee:
    """Holds the choices made so far, and notes every conflict that is met."""

    base: Case
    ours: Case
    theirs: Case
    names: Names
    choices: Mapping[str, Side]
    met: dict[str, Conflict] = field(default_factory=dict)

    @cached_property
    def words(self) -> tuple[Wording, Wording, Wording]:
        """Of the base, ours and theirs."""
        old, our, their = (Wording(each, self.names) for each in (self.base, self.ours, self.theirs))
        return old, our, their

    def pick(
        self,
        place: Place,
        reason: Reason,
        *,
        ours: str,
        theirs: str,
        base: str = "",
        rule: str = "",
        can_both: bool = False,
    ) -> Side:
        """The side chosen for this conflict; ours until someone chose."""
        choice = self.choices.get(place.id)
        chosen = None if choice is Side.BOTH and not can_both else choice
        where, name = place.words(self.words[1])
        self.met[place.id] = Conflict(
            id=place.id,
            reason=reason,
            rule=rule,
            part=place.history_part,
            where=where,
            field=name,
            base=base,
            ours=ours,
            theirs=theirs,
            can_both=can_both,
            ours_by=self._by[0].get(place.history_part),
            theirs_by=self._by[1].get(place.history_part),
            chosen=chosen,
        )
        return chosen or Side.OURS

    @cached_property
    def _by(self) -> tuple[dict[str, HistoryEntry], dict[str, HistoryEntry]]:
        """The newest entry of each side alone, by the part it concerns."""
        known = set(self.base.history)
        ours, theirs = (
            {part: entry for entry in side.history if entry not in known for part in entry.concerns}
            for side in (self.ours, self.theirs)
        )
        return ours, theirs
