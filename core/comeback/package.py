"""The parts of a workbook file, within limits: size, number, what they swell to. Nothing outside the file is opened."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Final

from core.bounded_xml import Budget, Handler, XmlError, walk
from core.briefing.lock import is_locked, unlocked
from core.errors import WorkbookError
from core.i18n import _

MAX_BYTES: Final = 64_000_000
MAX_PARTS: Final = 2_000
MAX_EXPANDED: Final = 1_000_000_000  # as the file itself says
MAX_READ: Final = 16_000_000  # of one part, as it is unpacked
_PIECE: Final = 1 << 21  # large, since the parser begins a long word anew with every piece
_KINDS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BEGINS: Final = b"PK\x01\x02"  # an entry in the table of contents


@dataclass(frozen=True)
class Package:
    """An opened workbook file. where: its name, for messages."""

    archive: zipfile.ZipFile
    where: str
    budget: Budget

    def __contains__(self, name: str) -> bool:
        return name in self.archive.NameToInfo

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a part in pieces; too much of it is damage."""
        left = MAX_READ
        with self.archive.open(name) as part:
            while piece := part.read(_PIECE):
                left -= len(piece)
                self.budget.content -= len(piece)
                if min(left, self.budget.content) < 0:
                    raise XmlError
                yield piece

    def read(self, name: str, handler: Handler) -> None:
        """Walk through a part; WorkbookError when it cannot be read."""
        try:
            walk(self.pieces(name), handler, self.budget)
        except Exception as failure:  # a crafted part makes the archive raise more than its own errors
            raise damaged(self.where) from failure

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to within the file: by id, the kind of the reference and the part."""
        found = _References()
        folder, own = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", own + ".rels")
        if listing in self:
            self.read(listing, found)
        inside = {key: (kind, _resolved(folder, target)) for key, kind, target in found.references}
        return {key: (kind, part) for key, (kind, part) in inside.items() if part in self}


@dataclass
class _References(Handler):
    references: list[tuple[str, str, str]] = field(default_factory=list)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """What lies outside the file is passed over."""
        if name == "Relationship" and attributes.get("TargetMode", "Internal") == "Internal":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.references.append((attributes.get("Id", ""), kind, attributes.get("Target", "")))


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def open_package(data: bytes, where: str, password: str | None) -> Package:
    """The file, unlocked where it has a password. Raises WorkbookError and its kinds."""
    _check_size(data, where)
    if is_locked(data):
        data = unlocked(data, password, where)
        _check_size(data, where)
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except Exception as failure:  # a crafted table of contents raises more than BadZipFile
        raise _no_workbook(where) from failure
    _check_parts(archive.infolist(), where)
    return Package(archive, where, Budget())


def _check_size(data: bytes, where: str) -> None:
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1_000_000
        raise WorkbookError(
            _("The workbook is too large."), where=where, why=_("It may have {limit} MB.").format(limit=limit)
        )
    if not is_locked(data) and (not data.startswith(b"PK") or data.count(_BEGINS) > MAX_PARTS):
        raise _no_workbook(where)


def _check_parts(parts: list[zipfile.ZipInfo], where: str) -> None:
    names = {part.filename for part in parts}
    is_plain = all(part.compress_type in _KINDS and not part.flag_bits & 1 for part in parts)
    if len(parts) > MAX_PARTS or len(names) < len(parts) or not is_plain:
        raise damaged(where)
    if sum(part.file_size for part in parts) > MAX_EXPANDED:
        raise WorkbookError(
            _("The workbook is too large."),
            where=where,
            why=_("Unpacked it would be more than {limit} MB.").format(limit=MAX_EXPANDED // 1_000_000),
        )


def _no_workbook(where: str) -> WorkbookError:
    return WorkbookError(
        _("This is not a workbook that Parley can read."),
        where=where,
        remedy=_("Choose an .xlsx file that Parley wrote."),
    )


def damaged(where: str) -> WorkbookError:
    """The one message for whatever does not fit."""
    return WorkbookError(
        _("The workbook cannot be opened: the file is damaged."), where=where, remedy=_("Ask for it once more.")
    )
