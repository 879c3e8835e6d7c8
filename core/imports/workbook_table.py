"""XLSX: the cells of one sheet as text. Formulas are never worked out, nothing outside the file is opened."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from zipfile import BadZipFile

from core.bounded_xml import Attributes, XmlError
from core.errors import TableFileError
from core.i18n import _
from core.imports.findings import Findings
from core.imports.sheet import FileKind, IsCancelled, Manner, Progress, Reading, Wish
from core.imports.workbook_cells import SheetReader, watched
from core.imports.workbook_package import Package, open_package, unreadable
from core.imports.workbook_strings import read_strings
from core.imports.workbook_values import Formats
from core.imports.workbook_xml import visit

Parts = Mapping[str, tuple[str, str]]
_TRUE: Final = ("1", "true")
_DAMAGE: Final = (XmlError, ValueError, KeyError, BadZipFile, zlib.error, EOFError, OSError, RuntimeError)


def read_workbook(data: bytes, name: str, wish: Wish, progress: Progress, cancelled: IsCancelled) -> Reading:
    """The table in one sheet of a workbook, the first visible one unless asked for.

    Raises TableFileError, or Cancelled.
    """
    package = open_package(data, name)
    try:
        return _read(package, wish, progress, cancelled)
    except _DAMAGE as failure:
        raise unreadable(name) from failure


def _read(package: Package, wish: Wish, progress: Progress, cancelled: IsCancelled) -> Reading:
    parts = package.targets("")
    main = next((part for kind, part in parts.values() if kind == "officeDocument"), "xl/workbook.xml")
    if main not in package:
        raise XmlError
    listing = _listing(package, main)
    parts = package.targets(main)
    sheets = [sheet for sheet in listing.sheets if parts.get(sheet.key, ("", ""))[0] == "worksheet"]
    sheet = _chosen(sheets, wish.sheet, package.where)
    part = parts[sheet.key][1]
    findings = Findings()
    strings, formats = _strings(package, parts), _formats(package, parts, listing.from_1904)
    reader = SheetReader(package.where, strings, formats, findings)
    reader.read(watched(package.pieces(part), package.size(part), progress, cancelled))
    manner = Manner(FileKind.XLSX, sheet=sheet.name, sheets=tuple(each.name for each in sheets))
    return Reading(package.where, reader.maker.sheet(), manner, findings)


@dataclass(frozen=True)
class _Entry:
    """A sheet in the workbook's list. key: the reference to its part."""

    name: str
    key: str
    is_hidden: bool


@dataclass
class _Listing:
    sheets: list[_Entry] = field(default_factory=list)
    from_1904: bool = False

    def on_sheet(self, attributes: Attributes) -> None:
        """The key carries the namespace of references, which there are two of."""
        key = next((value for name, value in attributes.items() if name.endswith(" id")), "")
        self.sheets.append(_Entry(attributes.get("name", ""), key, attributes.get("state", "visible") != "visible"))

    def on_properties(self, attributes: Attributes) -> None:
        self.from_1904 = attributes.get("date1904", "0") in _TRUE


def _listing(package: Package, main: str) -> _Listing:
    found = _Listing()
    visit(package.pieces(main), {"sheet": found.on_sheet, "workbookPr": found.on_properties}, {})
    return found


def _chosen(sheets: list[_Entry], wanted: str, name: str) -> _Entry:
    named = [sheet for sheet in sheets if sheet.name == wanted] if wanted else []
    visible = named or [sheet for sheet in sheets if not sheet.is_hidden] or sheets
    if not visible or (wanted and not named):
        raise TableFileError(_("The workbook has no such sheet."), where=name, remedy=_("Choose one of its sheets."))
    return visible[0]


class _Styles:
    """Number formats, and which of them each style of a cell uses."""

    def __init__(self, from_1904: bool) -> None:
        self.formats = Formats(from_1904)
        self._in_cells = False
        self.starts = {"numFmt": self._on_format, "cellXfs": self._on_cells, "xf": self._on_style}
        self.ends = {"cellXfs": self._on_cells_end}

    def _on_format(self, attributes: Attributes) -> None:
        self.formats.own[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")[:200]

    def _on_cells(self, _attributes: Attributes) -> None:
        self._in_cells = True

    def _on_cells_end(self) -> None:
        self._in_cells = False

    def _on_style(self, attributes: Attributes) -> None:
        if self._in_cells:
            self.formats.cells.append(_number(attributes.get("numFmtId")))


def _number(text: str | None) -> int:
    return int((text or "0")[:7])


def _formats(package: Package, parts: Parts, from_1904: bool) -> Formats:
    styles = _Styles(from_1904)
    part = _part(parts, "styles")
    if part:
        visit(package.pieces(part), styles.starts, styles.ends)
    return styles.formats


def _strings(package: Package, parts: Parts) -> list[str]:
    part = _part(parts, "sharedStrings")
    return read_strings(package.pieces(part)) if part else []


def _part(parts: Parts, wanted: str) -> str:
    return next((part for kind, part in parts.values() if kind == wanted), "")
