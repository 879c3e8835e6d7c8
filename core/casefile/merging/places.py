"""Where in a case something stands: the steps to it in the file, and the parts around it in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.case import Case, Document
from core.casefile.merging.fields import field_words
from core.casefile.merging.parts import identity
from core.casefile.merging.wording import STEP, Wording
from core.codes import format_code
from core.i18n import N_, _

# How the history (core.history) calls the parts of a list.
_HISTORY_NAMES: Final[Mapping[str, str]] = {
    "scenarios": "scenario", "changes": "change", "groups": "group", "barriers": "barrier",
}  # fmt: skip
_LANGUAGES: Final = {"en": N_("{field}, in English"), "ko": N_("{field}, in Korean")}


@dataclass(frozen=True)
class Place:
    """One place. parts: those around it, the outermost first. owner and name: the field, "" for a part itself.

    history_part: as an entry of the history says it; detail: the language or the entry of the field.
    """

    steps: tuple[str, ...] = ()
    parts: tuple[Document, ...] = ()
    owner: type = Case
    name: str = ""
    detail: str = ""
    history_part: str = ""

    @property
    def id(self) -> str:
        """The steps as one text."""
        return "/".join(self.steps)

    def field(self, owner: type, name: str) -> Place:
        """A field of the part that stands here."""
        return replace(
            self, steps=(*self.steps, name), owner=owner, name=name, detail="", history_part=self.history_part or name
        )

    def fields(self, owner: type, names: Sequence[str], shown: Sequence[str]) -> Place:
        """Several fields of it as one; `shown` are those to be named."""
        others = ", ".join(field_words(owner, name) for name in shown[1:])
        return replace(self.field(owner, shown[0]), steps=(*self.steps, "+".join(names)), detail=others)

    def inside(self, document: Document) -> Place:
        """The one part that a field holds."""
        return replace(self, parts=(*self.parts, document), owner=type(document), name="")

    def part(self, key: str, document: Document) -> Place:
        """One part of the list that stands here."""
        own = getattr(document, "id", "") or identity(document) or key
        return replace(
            self.inside(document),
            steps=(*self.steps, key),
            history_part=f"{_HISTORY_NAMES[self.name]}:{own}" if self.name in _HISTORY_NAMES else self.name,
        )

    def language(self, language: str) -> Place:
        """One language of a text."""
        return replace(self, steps=(*self.steps, language), detail=language)

    def entry(self, key: str, *, is_named: bool = True) -> Place:
        """One entry of a table or list of words. is_named: whether the entry is said with the field."""
        return replace(self, steps=(*self.steps, key), detail=key if is_named else "")

    def words(self, wording: Wording) -> tuple[str, str]:
        """The parts around it, and the field."""
        where = STEP.join(wording.part(each) for each in self.parts)
        return where, self._field_words() if self.name else ""

    def _field_words(self) -> str:
        name = field_words(self.owner, self.name)
        if self.detail in _LANGUAGES:
            return _(_LANGUAGES[self.detail]).format(field=name)
        if not self.detail:
            return name
        entry = format_code(self.detail) if self.detail.isdigit() else self.detail
        return f"{name}, {entry}"
