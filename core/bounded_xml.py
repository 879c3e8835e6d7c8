"""XML of a workbook that anyone may have written: read piece by piece, nothing kept, nothing resolved.

A document type is refused, so no entity can be defined; elements are counted, so a file that swells when it is
unpacked stops here and not when the memory is full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

MAX_ELEMENTS: Final = 700_000  # a workbook as written needs some 100,000
MAX_CONTENT: Final = 48_000_000  # bytes, unpacked
MAX_DEPTH: Final = 100
MAX_ATTRIBUTES: Final = 200
_SEPARATOR: Final = " "


class XmlError(ValueError):
    """Not well-formed, with a document type, or beyond the limits."""


class Stop(Exception):  # noqa: N818
    """Raised by a handler that has seen enough."""


@dataclass
class Budget:
    """What all parts of one file together may have."""

    elements: int = MAX_ELEMENTS
    content: int = MAX_CONTENT


class Handler:
    """Is told what comes. Names are without namespace; `depth` counts the elements that are open."""

    depth = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def walk(pieces: Iterable[bytes], handler: Handler, budget: Budget) -> None:
    """Feed a document to a handler, until its end or until the handler raises Stop."""
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        budget.elements -= 1
        handler.depth += 1
        if budget.elements < 0 or handler.depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise XmlError
        handler.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        handler.end(_local(name))
        handler.depth -= 1

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except Stop:
        return
    except (expat.ExpatError, UnicodeError, ValueError) as failure:
        raise XmlError from failure


def _refuse(*_names: object) -> None:
    raise XmlError


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]
