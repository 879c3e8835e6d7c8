"""The text of a case file: one JSON document, readable without Parley. docs/case-file.md describes it.

Reading is strict: an unknown field, a wrong type or a contradiction is refused with its place in the file,
never guessed around, because a field dropped on reading would be lost on saving.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NoReturn

import msgspec

from core.case import Case
from core.case_rules import check_case
from core.casefile.migrations import MIGRATIONS, Content, Migration
from core.errors import CaseFileError, InputError
from core.i18n import _

FORMAT: Final = "parley-case"
VERSION: Final = 3
# A case with ten years of rounds is some 2 MB. Parsed, JSON takes up to 35 times its size in memory.
MAX_BYTES: Final = 16_000_000

_ENVELOPE: Final = {"format", "version", "case"}
_PLACE: Final = re.compile(r" - at `(key in )?\$?(?P<place>[^`]*)`$")


def encode(case: Case) -> bytes:
    """The same case gives the same bytes: fields in core.case's order, without defaults, one item a line."""
    document = {"format": FORMAT, "version": VERSION, "case": case}
    return msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"


def decode(data: bytes, where: str) -> Case:
    """The case in the bytes of a file; where: its name, for the message. Raises CaseFileError."""
    document = _parsed(data, where)
    version = _version(document, where)
    return _converted(migrate(document["case"], version, where), where)


def stored_version(data: bytes, where: str) -> int:
    """The version that a file was written in; CaseFileError as from `decode`."""
    return _version(_parsed(data, where), where)


def migrate(
    content: Any,
    version: int,
    where: str,
    *,
    migrations: Mapping[int, Migration] = MIGRATIONS,
    current: int = VERSION,
) -> Any:
    """Bring the content of an older file up to the current version, one step at a time."""
    for step in range(version, current):
        try:
            content = migrations[step](content)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as failure:
            raise _damaged(
                where, _("It cannot be brought up from version {version}.").format(version=step)
            ) from failure
    return content


def _parsed(data: bytes, where: str) -> Content:
    if len(data) > MAX_BYTES:
        raise CaseFileError(
            _("The file is too large to be a case."),
            where=where,
            why=_("A case has at most {limit} MB.").format(limit=MAX_BYTES // 1_000_000),
            remedy=_("Choose a file ending in .parley."),
        )
    try:
        document = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_float=Decimal,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as failure:
        raise _unreadable(data, where, failure) from failure
    except UnicodeDecodeError as failure:
        raise _not_a_case(where) from failure
    except RecursionError as failure:
        raise _damaged(where, _("It is nested too deeply.")) from failure
    except (ValueError, ArithmeticError) as failure:
        raise _damaged(where, str(failure)) from failure
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _not_a_case(where)
    return document


def _unique(pairs: list[tuple[str, Any]]) -> Content:
    """Of two entries of one name readers take the first or the last; neither may be lost unseen."""
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(_("The entry '{name}' is there twice.").format(name=twice[:80]))
    return members


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(_("{name} is not a number.").format(name=name))


def _version(document: Content, where: str) -> int:
    """The version, checked before anything else is read: a newer file may look quite different."""
    version = document.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _damaged(where, _("It does not say its version."))
    if version > VERSION:
        raise CaseFileError(
            _("This case was saved by a newer Parley."),
            where=where,
            why=_("The file has version {found}; this Parley reads up to version {known}.").format(
                found=version, known=VERSION
            ),
            remedy=_("Update Parley, or ask for the case as a briefing workbook. The file was not changed."),
        )
    if set(document) != _ENVELOPE:
        raise _damaged(where, _("It has to hold format, version and case, and nothing else."))
    return version


def _converted(content: Any, where: str) -> Case:
    try:
        case = msgspec.convert(content, Case)
        encode(case)  # half a surrogate pair passes as text but cannot be saved again
        check_case(case)
    except (msgspec.ValidationError, UnicodeEncodeError) as failure:
        raise _misfit(where, str(failure)) from failure
    except InputError as failure:
        raise _damaged(where, " ".join(part for part in (failure.what, failure.why) if part)) from failure
    return case


def _misfit(where: str, message: str) -> CaseFileError:
    match = _PLACE.search(message)
    place = f"{where}: case{match['place'] if match else ''}"
    found = message[: match.start()] if match else message
    return _damaged(place, _("What stands there does not fit: {found}.").format(found=found))


def _unreadable(data: bytes, where: str, failure: json.JSONDecodeError) -> CaseFileError:
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _not_a_case(where)
    why = _("Reading stopped in line {line}, column {column}.").format(line=failure.lineno, column=failure.colno)
    return _damaged(where, why)


def _not_a_case(where: str) -> CaseFileError:
    return CaseFileError(
        _("This file is not a Parley case."), where=where, remedy=_("Choose a file ending in .parley.")
    )


def _damaged(where: str, why: str) -> CaseFileError:
    return CaseFileError(
        _("The case cannot be read: the file is damaged or incomplete."),
        where=where,
        why=why,
        remedy=_("Open the previous version beside it, whose name ends in ~, or another copy."),
    )
