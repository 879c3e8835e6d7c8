"""The questions that a join meets, in words: a value, several that go together, a whole part, an order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.audience import Audience
from core.case import Document
from core.casefile.merging.comparison import Comparison
from core.casefile.merging.conflicts import Reason, Referee, Side
from core.casefile.merging.fields import Kind, field_of, field_words
from core.casefile.merging.parts import MISSING
from core.casefile.merging.places import Place
from core.casefile.merging.wording import Wording
from core.i18n import _

_LONG_TEXT: Final = 60

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Questions:
    """Asks the referee, and hands back what was chosen."""

    referee: Referee

    def value(self, place: Place, base: Any, ours: Any, theirs: Any) -> Any:
        """One value that cannot be taken apart; of two texts both can be kept."""
        owner, name = place.owner, place.name
        is_text = field_of(owner, name).kind is Kind.TEXT and isinstance(ours, str) and isinstance(theirs, str)
        old, our_words, their_words = self.referee.words
        side = self.referee.pick(
            place,
            Reason.BOTH_CHANGED,
            base="" if base is MISSING else old.value(owner, name, base),
            ours=our_words.value(owner, name, ours),
            theirs=their_words.value(owner, name, theirs),
            can_both=is_text and bool(ours and theirs),
        )
        if side is Side.BOTH:
            return one_after_the_other(ours, theirs)
        return theirs if side is Side.THEIRS else ours

    def together(self, place: Place, kind: type, base: Fields, ours: Fields, theirs: Fields) -> Fields:
        """Fields that say something only together; shown are those in which the copies differ."""
        shown = [name for name in ours if ours[name] != theirs[name]]
        old, our_words, their_words = self.referee.words
        side = self.referee.pick(
            place.fields(kind, list(ours), shown),
            Reason.BOTH_CHANGED,
            base=_listed(old, kind, base, shown),
            ours=_listed(our_words, kind, ours, shown),
            theirs=_listed(their_words, kind, theirs, shown),
        )
        return theirs if side is Side.THEIRS else ours

    def whole(self, place: Place, reason: Reason, base: Any, ours: Any, theirs: Any, *, rule: str = "") -> Any:
        """A part as one copy has it; one that a copy does not have is removed there."""
        old, our_words, their_words = self.referee.words
        side = self.referee.pick(
            place,
            reason,
            base=self._made(old, place, MISSING, base),
            ours=self._made(our_words, place, base, ours),
            theirs=self._made(their_words, place, base, theirs),
            rule=rule,
        )
        return theirs if side is Side.THEIRS else ours

    def circle(self, place: Place, base: Audience, ours: Audience, theirs: Audience) -> Audience:
        """Who may see a part that one copy released and the other changed."""
        if place.id in self.referee.met:  # both set another circle: that is asked already
            met = self.referee.met[place.id]
            return theirs if met.chosen is Side.THEIRS else ours
        side = self.referee.pick(place, Reason.RELEASED, base=base.label, ours=ours.label, theirs=theirs.label)
        return theirs if side is Side.THEIRS else ours

    def rivals(self, place: Place, ours: Document, theirs: Document) -> Side:
        """Two changes that both copies added to the same thing."""
        _old, our_words, their_words = self.referee.words
        return self.referee.pick(
            place,
            Reason.SAME_GOODS,
            ours=our_words.summary(ours),
            theirs=their_words.summary(theirs),
            can_both=True,
        )

    def order(self, place: Place, ours: Sequence[Document], theirs: Sequence[Document]) -> Side:
        """Two orders that exclude each other."""
        _old, our_words, their_words = self.referee.words
        return self.referee.pick(
            place,
            Reason.BOTH_MOVED,
            ours="\n".join(our_words.part(each) for each in ours),
            theirs="\n".join(their_words.part(each) for each in theirs),
        )

    def _made(self, words: Wording, place: Place, base: Any, value: Any) -> str:
        """What a copy made of a part: the fields it changed, or all of it."""
        if value is MISSING:
            return "" if base is MISSING else _("removed")
        if not isinstance(value, Document):
            return words.value(place.owner, place.name, value)
        if type(base) is type(value):
            found = Comparison(self.referee.words[0], words).of_fields(Place(), base, value)
            return "\n".join(each.sentence for each in found)
        return words.summary(value)


def one_after_the_other(ours: str, theirs: str) -> str:
    """Both texts: names on one line, longer ones as paragraphs."""
    is_long = "\n" in ours + theirs or max(len(ours), len(theirs)) > _LONG_TEXT
    return f"{ours}\n\n{theirs}" if is_long else f"{ours} / {theirs}"


def _listed(words: Wording, kind: type, values: Fields, shown: Sequence[str]) -> str:
    """The value of one field, or each with its name."""
    texts = {name: words.value(kind, name, values[name]) for name in shown if values[name] is not MISSING}
    if len(shown) == 1:
        return next(iter(texts.values()), "")
    return "; ".join(f"{field_words(kind, name)}: {text}" for name, text in texts.items())
