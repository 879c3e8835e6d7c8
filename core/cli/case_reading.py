"""What the commands on case files share: passwords from files, a case opened with one of them, names for words."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from core.casefile import Opened, Seen, open_case
from core.casefile.difference import Names, names_of
from core.cli.password_file import password_from
from core.errors import CaseFileError, NeedsPassword, PackError, WrongPassword
from core.i18n import _
from core.reference.pack import load_pack

if TYPE_CHECKING:
    from core.casefile.secrecy import CaseKey


def passwords(options: argparse.Namespace) -> tuple[str, ...]:
    """The first lines of the files named with --password-file, in their order."""
    return tuple(password_from(path) for path in options.password_file)


def opened(path: Path, known: tuple[str, ...]) -> Opened:
    """The case, with the first password that opens it. CaseFileError says why there is none."""
    try:
        return open_case(path)
    except NeedsPassword as error:
        if not known:
            raise needs_password_file(error) from error
    refused: CaseFileError | None = None
    for password in known:
        try:
            return open_case(path, password)
        except WrongPassword as error:
            refused = error
    raise refused or NeedsPassword(_("The case is encrypted."), where=str(path))


def needs_password_file(error: NeedsPassword) -> NeedsPassword:
    """The same error with what helps on a command line."""
    remedy = _("Name a file with its password in the first line: --password-file FILE.")
    return NeedsPassword(error.what, where=error.where, remedy=remedy)


def key_of(*cases: Opened) -> CaseKey | None:
    """What the outcome is encrypted with: if one of the cases was, so is what comes of them."""
    return next((case.key for case in cases if case.key is not None), None)


def seen_at(output: Path, *files: tuple[Path, Opened]) -> Seen | None:
    """What the file to be written was when it was read; None when it is another one."""
    return next((found.seen for path, found in files if path.resolve() == output.resolve()), None)


def names() -> Names:
    """As the reference pack has them; without a pack the ids stand for themselves."""
    try:
        return names_of(load_pack())
    except PackError:
        return Names()
