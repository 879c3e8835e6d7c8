"""Case files, `name.parley`: open, save, start a new one. What is in them: docs/case-file.md."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from core.case import LAW_SCENARIO, Case, following_letter
from core.casefile.atomic import write_atomically
from core.casefile.format import MAX_BYTES, decode, encode
from core.errors import CaseFileError
from core.i18n import _
from core.locations import resource_path
from core.text import LocalText

if TYPE_CHECKING:
    from core.reference.pack import Pack

EXTENSION: Final = ".parley"
DEFAULT_CASE: Final = "korea_us_2025_05.parley"


def load(path: Path) -> Case:
    """The case in this file; CaseFileError says where and why when there is none."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as failure:
        raise _cannot_open(path, failure) from failure
    return decode(data, path.name)


def save(case: Case, path: Path) -> None:
    """Replace the file in one step and keep the one before as `previous_version(path)`.

    Raises CaseFileError when that cannot be done; the old file is then as it was.
    """
    data = encode(case)
    if len(data) > MAX_BYTES:
        raise CaseFileError(
            _("The case is too large to be saved."),
            where=str(path),
            why=_("A case has at most {limit} MB.").format(limit=MAX_BYTES // 1_000_000),
            remedy=_("Shorten its notes."),
        )
    decode(data, path.name)  # what cannot be opened again must never replace what can
    write_atomically(path, data, previous=previous_version(path))


def previous_version(path: Path) -> Path:
    """Where the version before the last saving is kept: `name.parley~` beside the file itself."""
    target = path.resolve()
    return target.with_name(target.name + "~")


@cache
def default_case() -> Case:
    """The case that Parley opens with: the example that comes with it."""
    return load(resource_path("examples", DEFAULT_CASE))


def new_case(
    pack: Pack,
    *,
    title: str = "",
    partner: str = "",
    as_of: date | None = None,
    known_to: date | None = None,
) -> Case:
    """An empty case: the law alone, the pack's item groups, nothing of the delegation's own yet.

    What is not given is as in the default case.
    """
    default = default_case()
    law = replace(default.scenario(LAW_SCENARIO), summary=LocalText())
    return replace(
        default,
        title=LocalText(en=title, ko=title),
        partner=partner or default.partner,
        as_of=as_of or default.as_of,
        known_to=known_to or default.known_to,
        scenarios=(law,),
        next_letter=following_letter(law.letter),
        compare_with=law.letter,
        groups=pack.groups.item_groups(),
        barriers=(),
        pack_edition=pack.manifest.edition,
        note="",
    )


def _cannot_open(path: Path, failure: OSError) -> CaseFileError:
    if isinstance(failure, FileNotFoundError):
        why, remedy = _("There is no such file."), _("Check the name, or whether the disk is connected.")
    elif path.is_dir():
        why, remedy = _("It is a folder."), _("Choose a file ending in .parley.")
    elif isinstance(failure, PermissionError):
        why, remedy = _("Reading it is not allowed."), _("Ask its owner, or close it in the other program.")
    else:
        why = _("The system says: {reason}.").format(reason=failure.strerror or failure)
        remedy = _("Try again, or open another copy.")
    return CaseFileError(_("The case could not be opened."), where=str(path), why=why, remedy=remedy)
