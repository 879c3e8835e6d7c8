"""The first line of a file: a password never stands on a command line, where others could read it."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from core.errors import InputError
from core.i18n import _


def password_from(path: Path) -> str:
    """The password in a file, for a case or a workbook alike: what a case may have is the one limit.

    A workbook takes less, as Excel does; whoever encrypts one says so.
    """
    from core.casefile.secrecy import MAX_PASSWORD  # its library is loaded only where there is a password

    line = _first_line(path, MAX_PASSWORD)
    if not line:
        raise InputError(
            _("The file with the password has none in its first line."),
            where=str(path),
            remedy=_("Save it as UTF-8 text with the password in the first line."),
        )
    if len(unicodedata.normalize("NFC", line)) > MAX_PASSWORD:
        raise InputError(
            _("The password is longer than {limit} characters.").format(limit=MAX_PASSWORD), where=str(path)
        )
    return line


def _first_line(path: Path, limit: int) -> str:
    """Up to more than the limit, as a letter takes up to four bytes; a longer one is not read whole."""
    try:
        with path.open("rb") as file:
            line = file.readline(12 * limit)
        return line.decode("utf-8-sig", errors="ignore" if len(line) == 12 * limit else "strict").rstrip("\r\n")
    except OSError as failure:
        why = _("The system says: {reason}.").format(reason=failure.strerror or failure)
        raise InputError(_("The file with the password cannot be read."), where=str(path), why=why) from failure
    except UnicodeDecodeError as failure:
        raise InputError(
            _("The file with the password cannot be read."),
            where=str(path),
            why=_("It is not in UTF-8."),
            remedy=_("Save it as UTF-8 text with the password in the first line."),
        ) from failure
