"""Read back what a delegate changed in an exported workbook: each input against what was written and the case of now.

Nothing is applied by reading. An input that only the workbook changed is proposed; one that both changed is a
conflict for a person to decide; what cannot be taken, and whatever became of the ids, is a finding in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from core.audience import redact
from core.bounded_reading import read_bounded
from core.briefing.ids import MARK, SIGN
from core.briefing.inputs import CHANGE, LABEL, canonical, fingerprint, kind_of, value_in
from core.case import Case
from core.comeback.apply import apply
from core.comeback.cells import read_workbook
from core.comeback.package import MAX_BYTES, open_package
from core.comeback.places import Ids, find_ids
from core.comeback.reader import Reader
from core.comeback.types import Comeback, Finding, Proposal
from core.errors import WorkbookError
from core.i18n import _
from core.reference.pack import Pack

__all__ = ["Comeback", "Finding", "Proposal", "apply", "read_back", "read_file"]

_MARKS: Final = (MARK, SIGN)


def read_file(path: Path) -> bytes:
    """The file's content, up to what a workbook may have; WorkbookError when it cannot be had."""
    try:
        return read_bounded(path, MAX_BYTES)
    except OSError as failure:
        raise WorkbookError(
            _("The workbook could not be opened."),
            where=str(path),
            why=_("The system says: {reason}.").format(reason=failure.strerror or failure),
            remedy=_("Close it in the other program, or choose another copy."),
        ) from failure


def read_back(
    data: bytes, case: Case, *, password: str | None = None, pack: Pack | None = None, where: str = ""
) -> Comeback:
    """What the workbook in `data` changes in the case, and what there is to say about the rest.

    where: name of the file, for messages. Raises WorkbookError when it cannot be read at all, and its kinds
    WorkbookNeedsPassword and WorkbookWrongPassword.
    """
    book = read_workbook(open_package(data, where, password), _MARKS)
    ids = find_ids(book, where)
    if ids.case_id != case.id:
        return Comeback((), (_foreign(),), ids.language, ids.audience)
    reader = Reader(book, ids, case, pack)
    reader.read()
    findings = (*_stale(ids, case), *reader.findings)
    return Comeback(tuple(reader.proposals), findings, ids.language, ids.audience)


def _foreign() -> Finding:
    text = _(
        "This workbook was written from another case than the one that is open. Open that case, or a copy of it, "
        "and choose the workbook again."
    )
    return Finding(text, is_refusal=True)


def _stale(ids: Ids, case: Case) -> Iterator[Finding]:
    """Say it when the case has moved on since."""
    other, gone = 0, set[str]()
    for entry in ids.entries:
        if entry.field == LABEL or kind_of(entry.row, entry.field) is None:
            continue
        try:
            now = canonical(value_in(case, entry.row, entry.field), ids.language)
        except KeyError:
            gone.add(entry.row)
            continue
        other += fingerprint(ids.case_id, entry.row, entry.field, now) != entry.check
    new = len(_changes(ids, case) - {entry.row for entry in ids.entries})
    counts = (
        (_("inputs that hold something else now: {count}"), other),
        (_("rows that are gone: {count}"), len(gone)),
        (_("changes that are new: {count}"), new),
    )
    told = "; ".join(text.format(count=count) for text, count in counts if count)
    if told:
        yield Finding(_("The case was changed after this workbook was written ({what}).").format(what=told))


def _changes(ids: Ids, case: Case) -> set[str]:
    """The changes that a workbook of this audience would show."""
    shown: Case = redact(case, ids.audience)
    return {f"{CHANGE}:{change.id}" for scenario in shown.scenarios for change in scenario.changes}
