"""Load a reference pack: check every file against the manifest, parse each part when it is first used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from core.bounded_reading import read_bounded
from core.errors import PackError
from core.i18n import _
from core.locations import resource_path
from core.reference import tables
from core.reference.agenda import Agenda, load_agenda
from core.reference.barriers import BarrierCatalogue, load_barriers
from core.reference.calendar import Calendar, load_calendar
from core.reference.glossary import Glossary, load_glossary
from core.reference.groups import Grouping, load_groups
from core.reference.law import Law, load_law
from core.reference.manifest import MANIFEST_NAME, SCHEMA, FileInfo, Manifest
from core.reference.metals import MetalShares, load_metal_shares
from core.reference.names import Names, load_names
from core.reference.partners import Partners, load_partners
from core.reference.programmes import PROGRAMMES_FILE, Programmes, load_programmes
from core.reference.schedule import Schedule, load_schedule
from core.reference.trade import Trade, load_trade

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Pack:
    """One verified reference pack. Its parts are parsed on first use and then kept."""

    root: Path
    manifest: Manifest

    def info(self, name: str) -> FileInfo:
        """What the manifest says about this file; PackError when the pack does not hold it."""
        if name not in self.manifest.files:
            raise tables.damaged(name, _("The pack does not hold this file."))
        return self.manifest.files[name]

    def path(self, name: str) -> Path:
        """Where a file of the pack is; PackError when the pack does not hold it."""
        self.info(name)
        return self.root / name

    def text(self, name: str) -> str:
        """The content of a text file, unpacked when it is gzipped."""
        return tables.decoded(tables.read_bytes(self.path(name)), name)

    def columns(self, name: str) -> tables.Columns:
        """A table by columns, all text."""
        return tables.read_columns(self.path(name))

    def frame(self, name: str) -> pd.DataFrame:
        """A table as a data frame of text; blank stays blank, and Namibia stays 'NA'."""
        import pandas as pd

        return pd.DataFrame(self.columns(name), dtype="str")

    @cached_property
    def schedule(self) -> Schedule:
        return load_schedule(self.path)

    @cached_property
    def programmes(self) -> Programmes:
        return load_programmes(self.path(PROGRAMMES_FILE).read_bytes())

    @cached_property
    def trade(self) -> Trade:
        return load_trade(self.path, self.partners)

    @cached_property
    def partners(self) -> Partners:
        return load_partners(self.path)

    @cached_property
    def finer_codes(self) -> dict[str, tuple[str, ...]]:
        """By eight-digit line, its ten-digit codes: those with a name, and those that a list of the law names."""
        named = set(self.names.english)
        for scope in self.law.lists.values():
            named.update(f"{code:010d}" for code in scope.codes[scope.digits == 10])
        found: dict[str, list[str]] = {}
        for code in sorted(named):
            found.setdefault(code[:8], []).append(code)
        return {line: tuple(codes) for line, codes in found.items()}

    @cached_property
    def barriers(self) -> BarrierCatalogue:
        return load_barriers(self.path("barriers.json").read_bytes())

    @cached_property
    def agenda(self) -> Agenda:
        return load_agenda(self.path("agenda.json").read_bytes())

    @cached_property
    def glossary(self) -> Glossary:
        return load_glossary(self.path("glossary.json").read_bytes())

    @cached_property
    def calendar(self) -> Calendar:
        return load_calendar(self.path("calendar.json").read_bytes())

    @cached_property
    def groups(self) -> Grouping:
        return load_groups(self.path("groups.json").read_bytes())

    @cached_property
    def law(self) -> Law:
        return load_law(self.path)

    @cached_property
    def names(self) -> Names:
        return load_names(self.path, self.schedule)

    @cached_property
    def metal_shares(self) -> MetalShares:
        return load_metal_shares(self.path)


def load_pack(root: Path | None = None, verify: bool = True) -> Pack:
    """The pack in this folder, by default the one that Parley came with.

    With `verify` every file is compared with its hash in the manifest (6 MB, some 10 ms). Raises PackError
    naming the file when one is missing, altered or not listed, or when a newer Parley wrote the pack.
    """
    folder = root if root is not None else resource_path("reference")
    manifest = _read_manifest(folder / MANIFEST_NAME)
    _check_names(folder, manifest)
    if verify:
        for name, info in manifest.files.items():
            _check_hash(folder / name, info)
    return Pack(folder, manifest)


def _read_manifest(path: Path) -> Manifest:
    data = tables.read_bytes(path)
    try:
        _check_schema(path.name, msgspec.json.decode(data))
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        why = _("The list of files is not well formed: {error}.").format(error=error)
        raise tables.damaged(path.name, why) from error


def _check_schema(name: str, content: object) -> None:
    """Before anything else is read: a newer pack may look quite different."""
    schema = content.get("schema") if isinstance(content, dict) else None
    if isinstance(schema, int) and schema > SCHEMA:
        raise PackError(
            _("The reference pack was made for a newer Parley."),
            where=name,
            why=_("It has schema {found}; this Parley reads up to {known}.").format(found=schema, known=SCHEMA),
            remedy=_("Update Parley, or choose an older reference pack."),
        )


def _check_names(folder: Path, manifest: Manifest) -> None:
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    found.discard(MANIFEST_NAME)
    if missing := sorted(set(manifest.files) - found):
        raise tables.damaged(missing[0], _("The file is missing."))
    if extra := sorted(found - set(manifest.files)):
        raise tables.damaged(extra[0], _("The file is not in the pack's list of files."))


def _check_hash(path: Path, info: FileInfo) -> None:
    try:
        data = read_bounded(path, tables.MAX_BYTES)
    except OSError as error:
        why = _("The file cannot be read: {error}.").format(error=error)
        raise tables.damaged(path.name, why) from error
    if hashlib.sha256(data).hexdigest() != info.sha256:
        raise tables.damaged(path.name, _("The file was changed or damaged since the pack was made."))
