"""Who may see a field of the case. Every field carries its audience; exports filter by it.

Two marks work together. The type says for each field how wide its circle is at most. A record may also carry
an `audience` of its own (a scenario does): for a wider circle the whole record is left out.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache, total_ordering
from types import MappingProxyType
from typing import Annotated, Any, Final

import msgspec

from core.i18n import N_, _


@total_ordering
class Audience(Enum):
    """From the widest circle to the narrowest; an export holds its circle's fields and those of wider ones.

    The values are the words of the case file and of the command line. Compare with <=: narrower is greater.
    """

    SHAREABLE = "shareable"
    INTERNAL = "internal"
    DELEGATION = "delegation"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Audience):
            return NotImplemented
        return _ORDER.index(self) < _ORDER.index(other)

    @property
    def label(self) -> str:
        """The words shown to the user."""
        return _(_LABELS[self])


_ORDER: Final = tuple(Audience)
_LABELS: Final = {
    Audience.SHAREABLE: N_("Shareable"),
    Audience.INTERNAL: N_("Internal"),
    Audience.DELEGATION: N_("Delegation only"),
}


def _marked(audience: Audience) -> Any:
    return msgspec.Meta(extra={"audience": audience})


_SHAREABLE = _marked(Audience.SHAREABLE)
_INTERNAL = _marked(Audience.INTERNAL)
_DELEGATION = _marked(Audience.DELEGATION)

T = typing.TypeVar("T")
Shareable = Annotated[T, _SHAREABLE]
Internal = Annotated[T, _INTERNAL]
Delegation = Annotated[T, _DELEGATION]


@cache
def field_audiences(struct: type[msgspec.Struct]) -> Mapping[str, Audience]:
    """The audience of each field of a document type; one without is a programming error (KeyError)."""
    hints = typing.get_type_hints(struct, include_extras=True)
    return MappingProxyType({name: _audience(struct, name, hints[name]) for name in struct.__struct_fields__})


def _audience(struct: type, name: str, hint: Any) -> Audience:
    for mark in getattr(hint, "__metadata__", ()):
        if isinstance(mark, msgspec.Meta) and mark.extra and "audience" in mark.extra:
            return Audience(mark.extra["audience"])
    raise KeyError(f"{struct.__name__}.{name} has no audience")


def redact(document: Any, audience: Audience) -> Any:
    """A copy for this circle, at every depth: narrower fields are at their defaults, narrower records gone.

    A document type may define `after_redaction()` to mend what pointed at a record that is gone. A struct
    with a field that carries no audience raises KeyError rather than letting it through; plain values declare
    themselves with a class attribute `is_value`.
    """
    if isinstance(document, tuple):
        return tuple(redact(item, audience) for item in document if _circle(item) <= audience)
    if not isinstance(document, msgspec.Struct) or getattr(type(document), "is_value", False):
        return document
    kept = dict(_redacted_fields(document, audience))
    copy = type(document)(**kept)
    mend = getattr(copy, "after_redaction", None)
    return mend() if mend else copy


def _redacted_fields(document: msgspec.Struct, audience: Audience) -> Iterator[tuple[str, Any]]:
    for name, circle in field_audiences(type(document)).items():
        if circle <= audience:
            yield name, redact(getattr(document, name), audience)


def _circle(record: Any) -> Audience:
    """The circle that the record itself names; SHAREABLE where it names none, its fields then decide."""
    own = getattr(record, "audience", Audience.SHAREABLE)
    return own if isinstance(own, Audience) else Audience.SHAREABLE
