"""`parley verify FILE...`: whether case files can be read and keep the rules, and the versions before beside them.

Exit codes: 0 all are sound, 2 one is not.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core.case import Case
from core.casefile import previous_version
from core.casefile.envelope import is_sealed
from core.casefile.format import VERSION, decode, stored_version
from core.casefile.on_disk import read_case_file
from core.cli.case_reading import needs_password_file, passwords
from core.errors import CaseFileError, NeedsPassword, ParleyError, WrongPassword
from core.i18n import _
from core.quantities import format_number

BAD = 2


def run(options: argparse.Namespace) -> int:
    """Look at every file, whatever was wrong with the one before."""
    known = passwords(options)
    sound = [_is_sound(path, known) for path in options.files]
    return 0 if all(sound) else BAD


def _is_sound(path: Path, known: tuple[str, ...]) -> bool:
    try:
        lines = _report(path, known)
    except ParleyError as error:
        print(_("{path}: not sound").format(path=path))
        print(error.message(), file=sys.stderr)
        return False
    before, is_readable = _before(path, known)
    verdict = _("{path}: sound") if is_readable else _("{path}: sound, but not the version before it")
    print("\n".join([verdict.format(path=path), *(f"  {line}" for line in (*lines, before))]))
    return is_readable


def _report(path: Path, known: tuple[str, ...]) -> list[str]:
    data = read_case_file(path)
    content = plain(data, path.name, known)
    case = decode(content, path.name)
    version = stored_version(content, path.name)
    current = _("current") if version == VERSION else _("older; it is brought up to {version} when it is saved")
    sealed, readable = _("{size} bytes, encrypted"), _("{size} bytes, not encrypted: whoever has the file can read it")
    return [
        _("version {version} ({state})").format(version=version, state=current.format(version=VERSION)),
        (sealed if is_sealed(data) else readable).format(size=format_number(len(data))),
        _ids(case),
    ]


def plain(data: bytes, where: str, known: tuple[str, ...]) -> bytes:
    """What is in the file; of an encrypted one with the first password that opens it."""
    if not is_sealed(data):
        return data
    from core.casefile.secrecy import unseal  # its library is loaded only for encrypted cases

    refused: CaseFileError = needs_password_file(NeedsPassword(_("The case is encrypted."), where=where))
    for password in known:
        try:
            return unseal(data, password, where)[0]
        except WrongPassword as error:
            refused = error
    raise refused


def _ids(case: Case) -> str:
    """Reading has checked that none is there twice."""
    changes = [change.id for scenario in case.scenarios for change in scenario.changes]
    ids = [case.id, *(scenario.id for scenario in case.scenarios), *changes]
    missing = sum(not each for each in ids)
    words = _("{count} ids, each once").format(count=len(ids) - missing)
    return words if not missing else words + _("; {count} parts have none yet").format(count=missing)


def _before(path: Path, known: tuple[str, ...]) -> tuple[str, bool]:
    """The version before in words, and whether it could be opened if it were needed."""
    before = previous_version(path)
    if not before.exists():
        return _("no version before it"), True
    try:
        data = read_case_file(before)
        decode(plain(data, before.name, known), before.name)
    except (NeedsPassword, WrongPassword):
        return _("version before it: encrypted with another password"), True
    except ParleyError as error:
        print(error.message(), file=sys.stderr)
        return _("version before it: cannot be read"), False
    return _("version before it: readable, {size} bytes").format(size=format_number(len(data))), True
