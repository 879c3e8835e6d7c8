"""XML of a workbook, piece by piece: no document type, no deep nesting, no giant tokens, nothing kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final
from xml.parsers import expat

from core.imports import limits

NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
)
Attributes = dict[str, str]
Start = Callable[[Attributes], None]
End = Callable[[], None]
Text = Callable[[str], None]


class UnreadableError(ValueError):
    """Not well-formed, with a document type, or beyond the limits."""


class Done(Exception):  # noqa: N818
    """Raised by a function that has seen enough."""


def ignore(_anything: object) -> None:
    """For what does not matter."""


def names_of(element: str) -> tuple[str, ...]:
    """What expat calls an element of this local name."""
    return tuple(f"{space} {element}" for space in NAMESPACES)


def walk(
    pieces: Iterable[bytes], start: Callable[[str, Attributes], None], end: Callable[[str], None], text: Text
) -> None:
    """Call these for every element, with names as in names_of. Raises UnreadableError, or what they raise.

    Without a document type no entity can be defined, so none is resolved. Depth is the callers' to count.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = _refuse
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > limits.MAX_TOKEN:
                raise UnreadableError
        parser.Parse(b"", True)
    except Done:
        return
    except (expat.ExpatError, UnicodeError, OverflowError, LookupError) as failure:
        raise UnreadableError from failure


def visit(pieces: Iterable[bytes], starts: Mapping[str, Start], ends: Mapping[str, End], text: Text = ignore) -> None:
    """Call the functions of the elements that matter, by their local names."""
    begin = {name: call for element, call in starts.items() for name in names_of(element)}
    finish = {name: call for element, call in ends.items() for name in names_of(element)}
    depth = 0

    def on_start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.MAX_DEPTH:
            raise UnreadableError
        if call := begin.get(name):
            call(attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if call := finish.get(name):
            call()

    walk(pieces, on_start, on_end, text)


def _refuse(*_names: object) -> None:
    raise UnreadableError
