"""A file as a sheet of text, whatever it is: the one door for foreign tables."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from core.bounded_reading import read_bounded
from core.errors import TableFileError
from core.i18n import _
from core.imports import limits
from core.imports.sheet import IsCancelled, Progress, Reading, Wish, too_much
from core.imports.text_table import read_text

_ZIP: Final = b"PK"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every workbook with a password
_OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!")


def file_bytes(path: Path) -> bytes:
    """The file's content; TableFileError when it cannot be read or is too large."""
    try:
        return read_bounded(path, limits.MAX_BYTES)
    except OSError as failure:
        raise TableFileError(
            _("The file could not be opened."),
            where=str(path),
            why=_("The system says: {reason}.").format(reason=failure.strerror or failure),
            remedy=_("Check the name, or close the file in the other program."),
        ) from failure


def _nothing(_done: float) -> None:
    """For callers who show no progress."""


def _never() -> bool:
    return False


def read(
    data: bytes,
    name: str,
    wish: Wish = Wish(),  # noqa: B008 - frozen
    *,
    progress: Progress = _nothing,
    cancelled: IsCancelled = _never,
) -> Reading:
    """The table in a CSV or XLSX file, told apart by its content. name: for messages.

    Raises TableFileError for whatever cannot be read, Cancelled when asked to stop.
    """
    if len(data) > limits.MAX_BYTES:
        raise too_much(name, _("A file may have {limit} MB.").format(limit=limits.MAX_BYTES // 1_000_000))
    if data.startswith(_OLD_OFFICE):
        raise TableFileError(
            _("The file is an old workbook (.xls) or one with a password."),
            where=name,
            remedy=_("Open it in a spreadsheet and save it as .xlsx without a password, or as CSV."),
        )
    if data.startswith(_OTHERS):
        raise TableFileError(_("The file is not a table."), where=name, remedy=_("Choose a CSV or XLSX file."))
    if data.startswith(_ZIP):
        from core.imports.workbook_table import read_workbook

        return read_workbook(data, name, wish, progress, cancelled)
    return read_text(data, name, wish, progress, cancelled)
