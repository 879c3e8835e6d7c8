"""The parts of a workbook file. The table of contents is checked before anything is unpacked."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from core.bounded_xml import Attributes, XmlError
from core.errors import TableFileError
from core.i18n import _
from core.imports import limits
from core.imports.sheet import too_much
from core.imports.workbook_xml import visit

_PIECE: Final = 1 << 18
_KINDS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENTRY: Final = b"PK\x01\x02"  # how an entry in the table of contents begins
_IS_LOCKED: Final = 1  # a flag of an entry
_OTHER_KINDS: Final = ("mimetype", "xl/workbook.bin")  # OpenDocument, binary workbooks


@dataclass(frozen=True)
class Package:
    """An opened workbook file. where: its name, for messages."""

    archive: zipfile.ZipFile
    where: str

    def __contains__(self, name: str) -> bool:
        return name in self.archive.NameToInfo

    def size(self, name: str) -> int:
        """Of a part, unpacked, as the table of contents says."""
        return self.archive.getinfo(name).file_size

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a part; it ends where the table of contents says or sooner."""
        left = limits.MAX_PART
        with self.archive.open(name) as part:
            while piece := part.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise XmlError
                yield piece

    def targets(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to within the file: by id, the kind of the reference and the part."""
        folder, own = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", own + ".rels")
        found: dict[str, tuple[str, str]] = {}

        def note(attributes: Attributes) -> None:
            """What lies outside the file is passed over."""
            target = _resolved(folder, attributes.get("Target", ""))
            if attributes.get("TargetMode", "Internal") == "Internal" and target in self:
                found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], target

        if listing in self:
            visit(self.pieces(listing), {"Relationship": note}, {})
        return found


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")


def open_package(data: bytes, where: str) -> Package:
    """The workbook in these bytes. Raises TableFileError for what is none, is locked or would swell too much."""
    if data.count(_ENTRY) > limits.MAX_PARTS:
        raise too_much(where, _("It has more than {limit:,} parts.").format(limit=limits.MAX_PARTS))
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except Exception as failure:  # a crafted table of contents raises more than BadZipFile
        raise unreadable(where) from failure
    _check_parts(archive, where, len(data))
    return Package(archive, where)


def _check_parts(archive: zipfile.ZipFile, where: str, packed: int) -> None:
    parts = archive.infolist()
    if any(name in archive.NameToInfo for name in _OTHER_KINDS):
        raise TableFileError(
            _("The file is a workbook of another kind."), where=where, remedy=_("Save it as .xlsx or as CSV.")
        )
    if any(part.flag_bits & _IS_LOCKED or part.compress_type not in _KINDS for part in parts):
        raise unreadable(where)
    if sum(part.file_size for part in parts) > limits.MAX_EXPANSION * packed:
        why = _("Unpacked it would be more than {limit} times as large.").format(limit=limits.MAX_EXPANSION)
        raise too_much(where, why)
    if max((part.file_size for part in parts), default=0) > limits.MAX_PART:
        why = _("Unpacked a part of it would be more than {limit} MB.").format(limit=limits.MAX_PART // 1_000_000)
        raise too_much(where, why)


def unreadable(where: str) -> TableFileError:
    """The one message for whatever does not fit."""
    return TableFileError(
        _("The workbook cannot be read: the file is damaged."),
        where=where,
        remedy=_("Open it in a spreadsheet and save it anew as .xlsx, or save the sheet as CSV."),
    )
