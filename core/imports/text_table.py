"""CSV and its relatives: which separator, and the rows."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import Final

from core.errors import Cancelled, TableFileError
from core.i18n import N_, _
from core.imports import limits
from core.imports.cleaning import cleaned
from core.imports.encodings import decoded, guess_encoding
from core.imports.findings import Findings, Severity
from core.imports.sheet import FileKind, IsCancelled, Manner, Progress, Reading, SheetMaker, Wish, too_much

SEPARATORS: Final = {",": N_("Comma"), ";": N_("Semicolon"), "\t": N_("Tab"), "|": N_("Vertical bar")}
_SNIFFED_ROWS: Final = 60
_SNIFFED_TEXT: Final = 100_000
_NAMED: Final = "sep="  # a first line by which a spreadsheet says how it separates


@dataclass(frozen=True)
class _Fit:
    """How well a separator cuts the first rows: so many of them have the usual number of columns."""

    separator: str
    score: float
    width: int
    count: int
    rows: int


def read_text(data: bytes, name: str, wish: Wish, progress: Progress, cancelled: IsCancelled) -> Reading:
    """The table in a text file. Raises TableFileError, or Cancelled."""
    guess = guess_encoding(data)
    encoding = wish.encoding or guess.encoding
    text = decoded(data, encoding, name)
    named, body = _named_separator(text)
    separator, why = (named, _("The first line names it.")) if named else guess_separator(body)
    findings = Findings()
    maker = _read_rows(body, wish.separator or separator, name, findings, progress, cancelled)
    manner = Manner(
        kind=FileKind.CSV,
        encoding=encoding,
        encoding_why=guess.why if encoding == guess.encoding else _("Chosen by you."),
        separator=wish.separator or separator,
        separator_why=why if wish.separator in ("", separator) else _("Chosen by you."),
    )
    return Reading(name, maker.sheet(), manner, findings)


def separator_title(separator: str) -> str:
    """The words for a separator."""
    return _(SEPARATORS[separator]) if separator in SEPARATORS else separator


def _named_separator(text: str) -> tuple[str, str]:
    """What a first line `sep=;` names, "" without one, and the text after it."""
    first, _end, rest = text.partition("\n")
    line = first.rstrip("\r").strip('"')
    if line.lower().startswith(_NAMED) and len(line) == len(_NAMED) + 1 and line[-1] in SEPARATORS:
        return line[-1], rest
    return "", text


def guess_separator(text: str) -> tuple[str, str]:
    """The separator that cuts most rows into the same number of columns, and that reason in words."""
    sample = text[:_SNIFFED_TEXT]
    fits = [_fit(sample, separator) for separator in SEPARATORS]
    best = max(fits, key=lambda fit: (fit.width > 1, fit.score, fit.width))
    if best.width <= 1:
        return ",", _("The file has one column only.")
    why = _("{count} of the first {rows} rows have {width} columns with it.")
    return best.separator, why.format(count=best.count, rows=best.rows, width=best.width)


def _fit(sample: str, separator: str) -> _Fit:
    """A separator that the headings have not is more likely part of the texts or numbers below."""
    widths = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=separator):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) == _SNIFFED_ROWS:
                break
    except csv.Error:
        pass
    if not widths:
        return _Fit(separator, 0.0, 0, 0, 0)
    [(width, count)] = Counter(widths).most_common(1)
    share = count / len(widths)
    return _Fit(separator, share if widths[0] == width else share / 2, width, count, len(widths))


def _read_rows(
    text: str,
    separator: str,
    name: str,
    findings: Findings,
    progress: Progress,
    cancelled: IsCancelled,
) -> SheetMaker:
    """Rows are numbered as a spreadsheet does that opens the file: by records, empty ones too."""
    maker = SheetMaker(name)
    whole, seen = max(1, len(text)), 0
    stream = io.StringIO(text, newline="")
    try:
        for place, row in enumerate(csv.reader(stream, delimiter=separator), start=1):
            if place % limits.CHECK_EVERY == 0:
                if cancelled():
                    raise Cancelled
                progress(min(1.0, stream.tell() / whole))
            seen += len(row)
            if place > limits.MAX_RECORDS or seen > limits.MAX_SEEN:
                raise too_much(name, _("It goes on and on with empty cells."))
            cells = [cleaned(cell) if cell else "" for cell in row]
            _check_cells(cells, place, findings)
            maker.add(place, cells)
    except csv.Error as failure:
        raise TableFileError(
            _("The file cannot be cut into cells."),
            where=name,
            why=_("A cell is longer than {limit:,} characters; perhaps a quotation mark is not closed.").format(
                limit=limits.MAX_CELL
            ),
            remedy=_("Choose another separator, or mend the quotation marks."),
        ) from failure
    return maker


def _check_cells(cells: list[str], place: int, findings: Findings) -> None:
    for cell in cells:
        if len(cell) > limits.MAX_CELL:
            raise csv.Error
        if "\n" in cell and cell.count("\n") > 50:
            findings.add(
                Severity.WARNING,
                _("A cell goes over {count} lines: perhaps a quotation mark is not closed.").format(
                    count=cell.count("\n") + 1
                ),
                row=place,
                remedy=_("Look at the row in the preview."),
            )
