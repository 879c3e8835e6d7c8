"""Three-way merge: what two delegates made of one case, together. docs/merging.md says what comes out of it.

Parts are found by their ids, whatever they are called and wherever they stand. An edit of one copy alone is
taken. Where both edited the same thing differently there is a conflict that holds both values: nothing is lost
without someone having chosen so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.case import Case
from core.casefile.merging import histories
from core.casefile.merging.conflicts import Conflict, Reason, Referee, Side
from core.casefile.merging.joining import Joiner
from core.casefile.merging.letters import lettered
from core.casefile.merging.repair import Repair
from core.casefile.merging.wording import Names
from core.errors import InputError
from core.i18n import _

__all__ = ["Conflict", "Merge", "Names", "Reason", "Side", "check_same_case", "doubts", "merge", "resolve"]


@dataclass(frozen=True)
class Merge:
    """The merged case and what has to be chosen. case: with ours wherever nothing was chosen yet.

    notes: what was done without asking that people should know, in words.
    """

    case: Case
    conflicts: tuple[Conflict, ...]
    notes: tuple[str, ...]
    base: Case
    ours: Case
    theirs: Case
    choices: Mapping[str, Side] = field(default_factory=dict)
    names: Names = field(default_factory=Names)

    @property
    def open_conflicts(self) -> tuple[Conflict, ...]:
        """Those that nobody has chosen in."""
        return tuple(each for each in self.conflicts if each.chosen is None)

    def chosen(self, choices: Mapping[str, Side]) -> Merge:
        """The same merge with these choices. Some conflicts only come up, or go, with a choice in another."""
        return merge(self.base, self.ours, self.theirs, choices=choices, names=self.names)

    def all_from(self, side: Side) -> Merge:
        """Every open conflict settled alike, those too that come up by it; ours where both cannot be."""
        choices, merged = dict(self.choices), self
        while left := merged.open_conflicts:
            choices |= {each.id: Side.OURS if side is Side.BOTH and not each.can_both else side for each in left}
            merged = self.chosen(choices)
        return merged


def merge(
    base: Case,
    ours: Case,
    theirs: Case,
    *,
    choices: Mapping[str, Side] | None = None,
    names: Names | None = None,
) -> Merge:
    """What both copies made of `base`. choices: by the id of a conflict; names: for words, from the reference pack."""
    made, words = dict(choices or {}), names or Names()
    alone = _only_one_edited(base, ours, theirs)
    if alone is not None:
        return Merge(alone, (), (), base, ours, theirs, made, words)
    copies = lettered(base, ours, theirs)
    referee = Referee(base, copies.ours, copies.theirs, words, made)
    joined = Repair(referee).case(Joiner(referee).case())
    return Merge(joined, tuple(referee.met.values()), copies.notes, base, ours, theirs, made, words)


def _only_one_edited(base: Case, ours: Case, theirs: Case) -> Case | None:
    if ours in (theirs, base):
        return theirs
    return ours if theirs == base else None


def resolve(merged: Merge, choices: Mapping[str, Side]) -> Case:
    """The case with these choices, by the id of a conflict; ours wherever there is none."""
    return merged.chosen({**merged.choices, **choices}).case


# Whether the three belong together


def check_same_case(base: Case, ours: Case, theirs: Case) -> None:
    """Copies of one case have its id. InputError when they do not; what comes from a case without one may have any."""
    others = [case for case in (ours, theirs) if base.id and case.id and case.id != base.id]
    if others:
        raise InputError(
            _("These are copies of different cases."),
            why=_("They are called: {names}.").format(
                names="; ".join(dict.fromkeys(str(case.title) for case in (base, *others)))
            ),
            remedy=_("Choose copies that were saved from one case."),
        )


def doubts(base: Case, ours: Case, theirs: Case) -> tuple[str, ...]:
    """Why the merge may not be what is wanted, in words: a base from after the copies parted.

    An edit that is in the base and not in a copy looks as if the copy had taken it back.
    """
    found = []
    if not histories.is_continued(base.history, ours.history):
        found.append(_("The base holds edits that this copy never had: the merge takes them for edits taken back."))
    if not histories.is_continued(base.history, theirs.history):
        found.append(
            _("The base holds edits that the other copy never had: the merge takes them for edits taken back.")
        )
    return tuple(found)
