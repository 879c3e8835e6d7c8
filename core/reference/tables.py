"""Reading the pack's tables: CSV with leading '# key: value' lines, plain, gzipped or inside a zip file."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

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


def damaged(where: str, why: str) -> PackError:
    """The one error for a pack that cannot be used: `where` names the file, `why` the cause."""
    return PackError(
        _("The reference pack cannot be used."),
        where=where,
        why=why,
        remedy=_("Install Parley again, or choose another reference pack."),
    )


def read_bytes(path: Path) -> bytes:
    """The file's content, unpacked when its name ends in .gz; PackError when it cannot be read."""
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, ValueError) as error:
        why = _("The file cannot be read: {error}.").format(error=error)
        raise damaged(path.name, why) from error


def without_comments(text: str) -> str:
    """The CSV part: everything after the '#' lines at the top."""
    start = 0
    while text.startswith("#", start):
        start = text.index("\n", start) + 1
    return text[start:]


def parse_columns(text: str, where: str) -> Columns:
    """Column name -> values, all text; PackError when a row is too short or too long."""
    body = without_comments(text)
    return _quoted_columns(body, where) if '"' in body else _plain_columns(body, where)


def _plain_columns(body: str, where: str) -> Columns:
    """Without quotes every comma separates: cutting the text once is several times quicker."""
    if not body.strip():
        raise damaged(where, _("The table is empty."))
    lines = body.replace("\r\n", "\n").removesuffix("\n").split("\n")
    header = lines.pop(0).split(",")
    for line in lines:
        if line.count(",") != len(header) - 1:
            raise _wrong_width(line.split(","), header, where)
    cells = ",".join(lines).split(",") if lines else []
    return {name: cells[index :: len(header)] for index, name in enumerate(header)}


def _quoted_columns(body: str, where: str) -> Columns:
    try:
        header, *rows = csv.reader(io.StringIO(body, newline=""), strict=True)
    except csv.Error as error:
        raise damaged(where, _("The table is not well formed: {error}.").format(error=error)) from error
    for row in rows:
        if len(row) != len(header):
            raise _wrong_width(row, header, where)
    values = map(list, zip(*rows, strict=True)) if rows else ([] for _name in header)
    return dict(zip(header, values, strict=True))


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
