"""What may not be wrong in a pack: each problem fails the build unless the corrections file explains it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.codes import LINE_DIGITS, STATISTICAL_DIGITS, code_problem, resolve_statistical
from core.errors import PackError
from core.i18n import _
from core.reference.tables import Columns

_CORRECTIONS_FILE = "corrections.csv"


class BuildError(PackError):
    """The source data contradict themselves or the schedule; nothing is built."""


class Fault(StrEnum):
    """Kinds of problem, as the corrections file names them."""

    IMPOSSIBLE_CODE = "impossible_code"
    NO_LINE = "no_line"
    OVERLAP = "overlap"
    NO_CITATION = "no_citation"
    SPECIAL_TEXT = "special_text"  # a cell of column 1 Special that cannot be read
    SPECIAL_SLIP = "special_slip"  # one that is read in spite of a slip of the print
    UNKNOWN_NAME = "unknown_name"


@dataclass(frozen=True)
class Entry:
    """One code as a source file lists it.

    name: the entry as a person finds it in the file. list_name: within one list, validity of the same code
    must not overlap; a row that holds only on a condition belongs to a list of its own.
    """

    name: str
    code: str
    list_name: str = ""
    valid_from: date = date.min
    valid_to: date = date.max


@dataclass(frozen=True)
class Problem:
    """One finding: entry names it in its file, detail says it in words."""

    fault: Fault
    entry: str
    detail: str


def check_codes(
    rows: Iterable[Entry], schedule_codes: Sequence[str], statistical_codes: Iterable[str]
) -> list[Problem]:
    """Codes that cannot exist, and codes under which the schedule has no line.

    A ten-digit code must be a statistical line, or end in 00 and stand for its eight-digit line, or extend a
    line of the schedule; a shorter one must be the beginning of at least one line.
    """
    statistical = frozenset(statistical_codes)
    known = _beginnings(schedule_codes)
    problems = []
    for row in rows:
        if why := code_problem(row.code):
            problems.append(Problem(Fault.IMPOSSIBLE_CODE, row.name, why))
        elif resolve_statistical(row.code, statistical)[:LINE_DIGITS] not in known:
            problems.append(
                Problem(Fault.NO_LINE, row.name, _("The schedule has no line {code}.").format(code=row.code))
            )
    return problems


def _beginnings(codes: Iterable[str]) -> frozenset[str]:
    """Every chapter, heading, subheading and line."""
    return frozenset(code[:length] for code in codes for length in range(2, STATISTICAL_DIGITS, 2))


def check_overlaps(rows: Iterable[Entry]) -> list[Problem]:
    """Entries of one list that hold the same code for the same day; validity is half-open [from, to)."""
    last: dict[tuple[str, str], Entry] = {}
    problems = []
    for row in sorted(rows, key=lambda row: (row.list_name, row.code, row.valid_from, row.name)):
        before = last.get((row.list_name, row.code))
        if before is not None and row.valid_from < before.valid_to:
            detail = _("{code} is already in '{list}' from {start} to {end}.").format(
                code=row.code, list=row.list_name, start=before.valid_from, end=before.valid_to
            )
            problems.append(Problem(Fault.OVERLAP, row.name, detail))
        if before is None or row.valid_to > before.valid_to:
            last[row.list_name, row.code] = row
    return problems


def check_citations(rows: Iterable[tuple[str, str]]) -> list[Problem]:
    """Measures, as (entry, citation), that do not say where the law is written."""
    return [
        Problem(Fault.NO_CITATION, entry, _("The measure has no citation."))
        for entry, citation in rows
        if not citation.strip()
    ]


@dataclass(frozen=True)
class Correction:
    """An explained problem: it does not fail the build."""

    file: str
    entry: str
    problem: str
    reason: str


def read_corrections(columns: Columns) -> list[Correction]:
    """The corrections file; a correction without a reason is none and raises BuildError."""
    values = (columns[name] for name in ("file", "entry", "problem", "reason"))
    found = [Correction(*row) for row in zip(*values, strict=True)]
    for correction in found:
        if not correction.reason.strip():
            raise _build_error(_CORRECTIONS_FILE, correction.entry, _("The correction gives no reason."))
    return found


def enforce(problems: Mapping[str, Sequence[Problem]], corrections: Sequence[Correction]) -> None:
    """Raise BuildError for the first problem, by file, that no correction explains.

    A correction whose problem is gone raises too: otherwise it would hide the next one.
    """
    open_corrections = {(c.file, c.entry, c.problem) for c in corrections}
    used = set()
    for file, found in problems.items():
        for problem in found:
            key = (file, problem.entry, problem.fault.value)
            if key not in open_corrections:
                raise _build_error(file, problem.entry, problem.detail)
            used.add(key)
    for file, entry, _fault in sorted(open_corrections - used):
        if file in problems:
            raise _build_error(_CORRECTIONS_FILE, f"{file}: {entry}", _("The correction is not needed any more."))


def _build_error(file: str, entry: str, why: str) -> BuildError:
    return BuildError(
        _("The reference pack was not built."),
        where=f"{file}: {entry}",
        why=why,
        remedy=_("Correct the entry, or explain it in {file}.").format(file=_CORRECTIONS_FILE),
    )
