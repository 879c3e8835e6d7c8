"""XML of a workbook that anyone may have written: read piece by piece, nothing kept, nothing resolved.

A document type is refused, so no entity can be defined; elements are counted, so a file that swells when it is
unpacked stops here and not when the memory is full. `feed` is for sheets of a million cells, `walk` for the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

MAX_ELEMENTS: Final = 700_000  # a workbook as written needs some 100,000
MAX_CONTENT: Final = 48_000_000  # bytes, unpacked
MAX_DEPTH: Final = 100
MAX_ATTRIBUTES: Final = 200
MAX_TOKEN: Final = 1_000_000  # bytes without a new XML element
_SEPARATOR: Final = " "

Attributes = dict[str, str]


class XmlError(ValueError):
    """Not well-formed, with a document type, or beyond the limits."""


class Stop(Exception):  # noqa: N818
    """Raised by a handler that has seen enough."""


def feed(
    pieces: Iterable[bytes],
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> None:
    """Call these for every element, its name behind its namespace and a blank. Depth is the callers' to count.

    Ends with the document or with Stop. Raises XmlError, or what they raise besides ValueError and LookupError.
    """
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = _refuse
    fed = 0
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            fed += len(piece)
            if fed - parser.CurrentByteIndex > MAX_TOKEN:
                raise XmlError
        parser.Parse(b"", True)
    except Stop:
        return
    except (expat.ExpatError, ValueError, OverflowError, LookupError) as failure:  # LookupError: an unknown encoding
        raise XmlError from failure


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

    def start(name: str, attributes: Attributes) -> None:
        budget.elements -= 1
        handler.depth += 1
        if budget.elements < 0 or handler.depth > MAX_DEPTH or len(attributes) > MAX_ATTRIBUTES:
            raise XmlError
        handler.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        handler.end(_local(name))
        handler.depth -= 1

    feed(pieces, start, end, handler.text)


def _refuse(*_names: object) -> None:
    raise XmlError


def _local(name: str) -> str:
    return name.rpartition(_SEPARATOR)[2]
