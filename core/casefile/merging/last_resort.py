"""Where edits of two copies break a rule together and nothing smaller can be asked: all of it from one copy."""

from __future__ import annotations

from core.case import Case
from core.casefile.difference import differences
from core.casefile.merging.conflicts import Reason, Referee, Side
from core.casefile.merging.places import Place
from core.errors import InputError


def one_copy(referee: Referee, place: Place, error: InputError) -> Case:
    """The copy from which the field, or the whole case, is to be taken."""
    side = referee.pick(
        place,
        Reason.RULE,
        rule=" ".join(each for each in (error.what, error.where) if each),
        ours=_edits(referee, place, referee.ours),
        theirs=_edits(referee, place, referee.theirs),
    )
    return referee.theirs if side is Side.THEIRS else referee.ours


def _edits(referee: Referee, place: Place, copy: Case) -> str:
    """What a copy made of the field, or of everything."""
    found = differences(referee.base, copy, referee.names)
    return "\n".join(each.sentence for each in found if not place.name or each.path[0] == place.name)
