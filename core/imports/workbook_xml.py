"""The elements that matter in a part of a workbook, by their names; core.bounded_xml does the reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from core.bounded_xml import Attributes, XmlError, feed
from core.imports import limits

NAMESPACES: Final = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://schemas.openxmlformats.org/package/2006/relationships",
)
Start = Callable[[Attributes], None]
End = Callable[[], None]
Text = Callable[[str], None]


def ignore(_anything: object) -> None:
    """For what does not matter."""


def names_of(element: str) -> tuple[str, ...]:
    """What `feed` calls an element of this local name."""
    return tuple(f"{space} {element}" for space in NAMESPACES)


def visit(pieces: Iterable[bytes], starts: Mapping[str, Start], ends: Mapping[str, End], text: Text = ignore) -> None:
    """Call the functions of the elements that matter, by their local names. Raises XmlError."""
    begin = {name: call for element, call in starts.items() for name in names_of(element)}
    finish = {name: call for element, call in ends.items() for name in names_of(element)}
    depth = 0

    def on_start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.MAX_DEPTH:
            raise XmlError
        if call := begin.get(name):
            call(attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if call := finish.get(name):
            call()

    feed(pieces, on_start, on_end, text)
