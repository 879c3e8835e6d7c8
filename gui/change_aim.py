"""Whose terms a change is about: our own, those of partners by name, of all others, or of all. No widgets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core import edits
from core.case import AnyChange, Case, RivalTerms

ALL_OTHERS: Final = "*"
_BUT: Final = "-"


class Whose(StrEnum):
    """The choices of the form."""

    OWN = "own"
    CHOSEN = "chosen"
    OTHERS = "others"
    ALL = "all"


@dataclass(frozen=True)
class Aim:
    """own: the case's own partner. partners: an expression for others, as in RivalTerms; () for none of them."""

    own: bool = True
    partners: tuple[str, ...] = ()

    @property
    def whose(self) -> Whose:
        if self.own:
            return Whose.ALL if self.partners else Whose.OWN
        return Whose.OTHERS if ALL_OTHERS in self.partners else Whose.CHOSEN

    @property
    def named(self) -> tuple[str, ...]:
        """The partners that are named one by one."""
        return tuple(each for each in self.partners if each != ALL_OTHERS and not each.startswith(_BUT))

    @property
    def left_out(self) -> tuple[str, ...]:
        """The partners to whom the change does not apply after all."""
        return tuple(each.removeprefix(_BUT) for each in self.partners if each.startswith(_BUT))


OTHERS_BY_NAME: Final = Aim(own=False)


def aim_at(whose: Whose, named: Iterable[str], left_out: Iterable[str]) -> Aim:
    """The aim that the form states; what its choice does not show does not count."""
    but = tuple(_BUT + code for code in left_out)
    match whose:
        case Whose.OWN:
            return Aim()
        case Whose.CHOSEN:
            return Aim(own=False, partners=(*named, *but))
        case Whose.OTHERS:
            return Aim(own=False, partners=(ALL_OTHERS, *but))
        case Whose.ALL:
            return Aim(own=True, partners=(ALL_OTHERS,))


def entered(
    case: Case, letter: str, change: AnyChange, aim: Aim, *, change_at: int | None = None, terms_at: int | None = None
) -> Case:
    """The change where its aim puts it: in the scenario's own list, among the terms of other partners, or in both.

    change_at, terms_at: the place of what it replaces; what is no longer aimed at is taken out.
    """
    if aim.own and change_at is None:
        case = edits.add_change(case, letter, change)
    elif aim.own and change_at is not None:
        case = edits.replace_change(case, letter, change_at, change)
    elif change_at is not None:
        case = edits.remove_change(case, letter, change_at)
    return _with_terms(case, letter, change, aim, terms_at)


def _with_terms(case: Case, letter: str, change: AnyChange, aim: Aim, at: int | None) -> Case:
    if not aim.partners:
        return case if at is None else edits.remove_rival_terms(case, letter, at)
    terms = RivalTerms(partners=aim.partners, change=change)
    if at is None:
        return edits.add_rival_terms(case, letter, terms)
    return edits.replace_rival_terms(case, letter, at, terms)
