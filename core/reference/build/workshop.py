"""What every build step is given: the source tables to read, and the pack to write into."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec

from core.reference import tables
from core.reference.build.checks import Correction, Problem, enforce, read_corrections
from core.reference.manifest import MANIFEST_NAME, SCHEMA, FileInfo, Manifest
from core.reference.tables import Columns

EDITION: Final = "1"
README_MEMBER: Final = "README.txt"
_EARLIEST_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_READABLE: Final = 0o644 << 16

Rows = Iterable[Sequence[str]]


@dataclass
class Workshop:
    """One build: reads from `source`, writes into `out`; the same source always gives the same bytes."""

    source: Path
    out: Path
    edition: str = EDITION
    _files: dict[str, FileInfo] = field(default_factory=dict)
    _problems: dict[str, list[Problem]] = field(default_factory=dict)
    _tables: dict[str, Columns] = field(default_factory=dict)

    # ---- reading

    def table(self, name: str) -> Columns:
        """A source table by columns, read once; PackError naming the file when it is not there."""
        if name not in self._tables:
            self._tables[name] = tables.read_columns(self.source / name)
        return self._tables[name]

    def has(self, name: str) -> bool:
        """A source that may be taken out, for its licence, without breaking the build."""
        return (self.source / name).is_file()

    def rows(self, name: str, *wanted: str) -> list[tuple[str, ...]]:
        """The named columns of a source table, row by row."""
        columns = self.table(name)
        return list(zip(*(tables.column(columns, key, name) for key in wanted), strict=True))

    @cached_property
    def schedule_codes(self) -> list[str]:
        """Every eight-digit line of the schedule, sorted."""
        return sorted(self.table(SCHEDULE_SOURCE)["hts8"])

    @cached_property
    def statistical_codes(self) -> frozenset[str]:
        """Every ten-digit line that exists: named by the Census, or with trade in the base year."""
        named = self.table(NAMES_SOURCE)["hts10"]
        return frozenset(named) | frozenset(self.table(IMPORTS_SOURCE)["hts10"])

    @cached_property
    def corrections(self) -> list[Correction]:
        return read_corrections(self.table(CORRECTIONS_SOURCE))

    # ---- checking

    def report(self, file: str, problems: Iterable[Problem]) -> None:
        """Note what a check found in a source file; the build fails at the end of the step."""
        self._problems.setdefault(file, []).extend(problems)

    def settle(self) -> None:
        """Raise BuildError when a problem noted so far is not explained in the corrections file."""
        enforce(self._problems, self.corrections)

    # ---- writing

    def write_table(self, name: str, info: FileInfo, header: Sequence[str], rows: Rows) -> None:
        """A table as CSV with its description on top, gzipped when the name ends in .gz; rows get sorted."""
        body = sorted(tuple(row) for row in rows)
        data = (_comments(info) + csv_text(header, body)).encode()
        self.write_bytes(name, info, _gzipped(data) if name.endswith(".gz") else data, len(body))

    def write_archive(self, name: str, info: FileInfo, header: Sequence[str], members: Mapping[str, Rows]) -> None:
        """Several tables with one header in a zip file, beside a README with their description."""
        sorted_members = {key: sorted(tuple(row) for row in rows) for key, rows in sorted(members.items())}
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            archive.writestr(_member(README_MEMBER), _comments(info))
            for key, rows in sorted_members.items():
                archive.writestr(_member(f"{key}.csv"), csv_text(header, rows))
        self.write_bytes(name, info, buffer.getvalue(), sum(map(len, sorted_members.values())))

    def write_bytes(self, name: str, info: FileInfo, data: bytes, rows: int) -> None:
        """Any file, and its entry in the manifest."""
        (self.out / name).write_bytes(data)
        self._files[name] = msgspec.structs.replace(
            info, sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), rows=rows
        )

    def write_manifest(self) -> None:
        """Last of all: the list of what was written. Without a date, so that a rebuild changes nothing."""
        manifest = Manifest(schema=SCHEMA, edition=self.edition, files=dict(sorted(self._files.items())))
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        (self.out / MANIFEST_NAME).write_bytes(text + b"\n")


SCHEDULE_SOURCE: Final = "us_hts_2025_hs8_mfn_and_korus.csv.gz"
IMPORTS_SOURCE: Final = "us_imports_2024_hts10_by_country.csv.gz"
NAMES_SOURCE: Final = "hts10_2024_short_descriptions.csv.gz"
CORRECTIONS_SOURCE: Final = "corrections.csv"

Step = Callable[[Workshop], None]


def csv_text(header: Sequence[str], rows: Rows) -> str:
    """CSV with line feeds only, on every system."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def _comments(info: FileInfo) -> str:
    return "".join(f"# {name}: {value}\n" for name, value in info.described())


def _gzipped(data: bytes) -> bytes:
    """Compressed without file name or time, so that equal content gives equal bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, date_time=_EARLIEST_ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = _UNIX
    info.external_attr = _READABLE
    return info
