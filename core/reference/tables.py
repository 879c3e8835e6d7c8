"""Reading the pack's tables: CSV with leading '# key: value' lines, plain, gzipped or inside a zip file."""

from __future__ import annotations

import csv
import functools
import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import PackError
from core.i18n import _

Columns = dict[str, list[str]]
TextArray = NDArray[np.str_]
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]
ObjectArray = NDArray[np.object_]
P = ParamSpec("P")
T = TypeVar("T")

# A pack may come from a stick. The largest table of ours has 3 MB, 140,000 cells and cells of 2,200 characters.
MAX_BYTES: Final = 32_000_000
MAX_CELLS: Final = 2_000_000
MAX_CHARACTERS: Final = 100_000_000  # of a column, when every cell is given the room of the longest
_GZIP: Final = 31  # how zlib calls the format of .gz


def damaged(where: str, why: str) -> PackError:
    """The one error for a pack that cannot be used: `where` names the file, `why` the cause."""
    return PackError(
        _("The reference pack cannot be used."),
        where=where,
        why=why,
        remedy=_("Install Parley again, or choose another reference pack."),
    )


def refusing(where: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """For a function that reads a file: whatever it stumbles over in there becomes a PackError naming the file."""

    def decorate(load: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(load)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return load(*args, **kwargs)
            except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
                raise damaged(where, _("What stands there does not fit: {found}.").format(found=error)) from error

        return guarded

    return decorate


def read_bytes(path: Path) -> bytes:
    """The file's content, unpacked when its name ends in .gz; PackError when it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if path.suffix == ".gz":
            data = _unpacked(data, path.name)
    except (OSError, zlib.error) as error:
        why = _("The file cannot be read: {error}.").format(error=error)
        raise damaged(path.name, why) from error
    if len(data) > MAX_BYTES:
        raise too_large(path.name)
    return data


def _unpacked(data: bytes, where: str) -> bytes:
    """One gzip stream, checked by its own checksum, and no further than the limit: a bomb is never filled."""
    unpacker = zlib.decompressobj(_GZIP)
    content = unpacker.decompress(data, MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise too_large(where)
    if not unpacker.eof or unpacker.unused_data:
        raise damaged(where, _("The file is cut off, or something is behind its end."))
    return content


def too_large(where: str) -> PackError:
    """The error for a file that would take more memory than a pack may."""
    return damaged(where, _("It is larger than any table of a pack."))


def without_comments(text: str) -> str:
    """The CSV part: everything after the '#' lines at the top."""
    start = 0
    while text.startswith("#", start):
        end = text.find("\n", start)
        if end < 0:
            return ""
        start = end + 1
    return text[start:]


def parse_columns(text: str, where: str) -> Columns:
    """Column name -> values, all text; PackError when a row is too short or too long."""
    body = without_comments(text)
    if body.count(",") + body.count("\n") > MAX_CELLS:
        raise too_large(where)
    columns = _quoted_columns(body, where) if '"' in body else _plain_columns(body, where)
    for cells in columns.values():
        if len(cells) * max(map(len, cells), default=0) > MAX_CHARACTERS:
            raise too_large(where)
    return columns


def _plain_columns(body: str, where: str) -> Columns:
    """Without quotes every comma separates: cutting the text once is several times quicker."""
    if not body.strip():
        raise damaged(where, _("The table is empty."))
    lines = body.replace("\r\n", "\n").removesuffix("\n").split("\n")
    header = lines.pop(0).split(",")
    for line in lines:
        if line.count(",") != len(header) - 1:
            raise _wrong_width(line.split(","), header, where)
    _check_header(header, where)
    cells = ",".join(lines).split(",") if lines else []
    return {name: cells[index :: len(header)] for index, name in enumerate(header)}


def _quoted_columns(body: str, where: str) -> Columns:
    try:
        header, *rows = csv.reader(io.StringIO(body, newline=""), strict=True)
    except (csv.Error, ValueError) as error:
        raise damaged(where, _("The table is not well formed: {error}.").format(error=error)) from error
    for row in rows:
        if len(row) != len(header):
            raise _wrong_width(row, header, where)
    _check_header(header, where)
    values = map(list, zip(*rows, strict=True)) if rows else ([] for _name in header)
    return dict(zip(header, values, strict=True))


def _check_header(header: list[str], where: str) -> None:
    if len(set(header)) < len(header):
        raise damaged(where, _("Two columns have the same name."))


def _wrong_width(row: list[str], header: list[str], where: str) -> PackError:
    why = _("A row has {found} cells instead of {wanted}: {row}.")
    return damaged(where, why.format(found=len(row), wanted=len(header), row=",".join(row)[:80]))


def read_columns(path: Path) -> Columns:
    """A table of the pack by columns, all text. Quicker than importing pandas for tables of this size."""
    return parse_columns(decoded(read_bytes(path), path.name), path.name)


def decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise damaged(where, _("The file is not UTF-8 text.")) from error


def column(columns: Columns, name: str, where: str) -> list[str]:
    """One column; PackError naming file and column when it is not there."""
    if name not in columns:
        raise damaged(where, _("The column '{name}' is missing.").format(name=name))
    return columns[name]


def text_array(values: list[str], digits: int | None = None) -> TextArray:
    """Texts as an array; `digits` fixes the width of codes, so that two arrays compare quickly."""
    return np.array(values, dtype=f"U{digits}" if digits else np.str_)


def object_array(values: list[str]) -> ObjectArray:
    """Long texts of very different length: each stays a Python string."""
    return np.array(values, dtype=np.object_)


def float_array(values: list[str], where: str) -> FloatArray:
    """Numbers; blank is NaN. PackError when something else is not a number."""
    try:
        return np.array([float(value) if value else np.nan for value in values], dtype=np.float64)
    except ValueError as error:
        raise damaged(where, _("A number cannot be read: {error}.").format(error=error)) from error
