"""What is fed to Parley: real files, how each may be damaged, and the reader that has to cope with it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import mutations as m
from mutations import Dice, Mutation

from core import casefile
from core.casefile.envelope import MAGIC
from core.casefile.found import found
from core.casefile.recovery_state import packed
from core.casefile.secrecy import CaseKey
from core.locations import resource_path
from core.reference.manifest import MANIFEST_NAME
from core.reference.pack import Pack, load_pack

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "stork and 두루미"
TODAY = date(2025, 5, 22)
# In which part of the pack each file ends up.
PARTS = {
    "agenda.json": ("agenda",), "barriers.json": ("barriers",), "calendar.json": ("calendar",),
    "glossary.json": ("glossary",), "groups.json": ("groups",), "measures.json": ("law",),
    "changes.csv.gz": ("law",), "instruments.csv.gz": ("law",), "scopes.csv.gz": ("law",),
    "list_sources.csv.gz": ("law",), "chapter_names.csv": ("names",), "line_names.csv.gz": ("names",),
    "names.csv.gz": ("names",), "names_ko.csv.gz": ("names",), "metal_shares.csv.gz": ("metal_shares",),
    "partners.csv": ("partners",), "partner_totals.csv.gz": ("partners",), "exports_by_chapter.csv.gz": ("partners",),
    "schedule.csv.gz": ("schedule",), "preferences.csv.gz": ("schedule",), "imports_2024.zip": ("trade",),
    "programmes.json": ("programmes",),
}  # fmt: skip


@dataclass(frozen=True)
class Family:
    """One kind of file. weight: its share of the inputs. read: takes a damaged one; folder: for what it writes."""

    name: str
    weight: int
    sources: Sequence[tuple[str, bytes]]
    mutations: Sequence[Mutation]
    read: Callable[[str, bytes, Path], object]

    def damaged(self, dice: Dice) -> tuple[str, bytes]:
        """The name of a source and what became of it."""
        name, data = dice.choice(self.sources)
        return name, dice.choice(self.mutations)(data, dice)


def memory_disk() -> str | None:
    """Ten thousand small files need no disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def families() -> list[Family]:
    """All kinds of file that Parley reads."""
    return [_cases(), _sealed(), _heads(), _recovery(), _recovery_lines(), *_pack(), *_imports(), *_comeback()]


# Cases


def _case_files() -> list[tuple[str, bytes]]:
    places = [*resource_path("examples").glob("*.parley"), *(ROOT / "tests" / "fixtures").glob("case-v*.parley")]
    return [(path.name, path.read_bytes()) for path in sorted(places)]


def _cases() -> Family:
    kinds = (m.as_bytes, m.as_bytes, m.as_text, m.as_json, m.as_json, m.as_json, m.as_deep)
    return Family("case", 35, _case_files(), kinds, _read_case)


def _read_case(_name: str, data: bytes, folder: Path) -> None:
    path = folder / "talks.parley"
    path.write_bytes(data)
    case = casefile.load(path, PASSWORD)
    casefile.save(case, path)
    if casefile.load(path) != case:
        raise AssertionError("saved and opened again, it is another case")


@cache
def _key() -> CaseKey:
    return CaseKey.from_password(PASSWORD)


def _sealed() -> Family:
    sources = [(name, _key().seal(data)) for name, data in _case_files()]
    return Family("encrypted case", 4, sources, (m.as_bytes,), _read_case)


def _heads() -> Family:
    """The head changed, and its digest made to fit: what it asks for is looked at."""
    sources = [(name, _key().seal(data)) for name, data in _case_files()]
    return Family("encrypted head", 5, sources, (_other_head,), _read_case)


def _other_head(data: bytes, dice: Dice) -> bytes:
    start = len(MAGIC) + 5
    length = int.from_bytes(data[len(MAGIC) + 1 : start], "big")
    head = dice.choice((m.as_json, m.as_text, m.as_bytes))(data[start : start + length], dice)
    said = len(head) if dice.random() < 0.9 else dice.getrandbits(32)
    before = data[: len(MAGIC) + 1] + (said % 2**32).to_bytes(4, "big") + head
    return before + hashlib.sha256(before).digest() + data[start + length + 32 :]


# Recovery


def _states(*, sealed: bool = False) -> list[tuple[str, bytes]]:
    at, case = datetime(2025, 5, 22, tzinfo=UTC), casefile.default_case()
    made = packed(case, Path("/cases/talks.parley"), _key() if sealed else None, at)
    return [("000001.state", made)]


def _recovery() -> Family:
    return Family("recovery", 3, _states() + _states(sealed=True), (m.as_bytes, m.as_text, m.as_deep), _read_recovery)


def _recovery_lines() -> Family:
    """With a checksum that fits, so that what stands behind it is read."""

    def with_sum(inner: Mutation) -> Mutation:
        def mutation(data: bytes, dice: Dice) -> bytes:
            rest = inner(data.partition(b"\n")[2], dice)
            return f"parley-recovery 1 {hashlib.sha256(rest).hexdigest()}\n".encode() + rest

        return mutation

    kinds = (with_sum(m.as_bytes), with_sum(m.as_text), with_sum(_head_lines))
    return Family("recovery with checksum", 5, _states(), kinds, _read_recovery)


def _head_lines(data: bytes, dice: Dice) -> bytes:
    lines = data.split(b"\n", 2)
    place = dice.randrange(2)
    lines[place] = m.as_json(lines[place], dice)
    return b"\n".join(lines)


def _read_recovery(_name: str, data: bytes, folder: Path) -> None:
    entry = folder / "recovery" / ("0" * 16)
    entry.mkdir(parents=True)
    (entry / "000001.state").write_bytes(data)
    try:
        for each in found(folder / "recovery", today=TODAY):
            try:
                each.open(PASSWORD)
            finally:
                each.delete()
    finally:
        shutil.rmtree(folder / "recovery")


# The reference pack


def _pack() -> list[Family]:
    """Every file of the pack with its hash made to fit, so that the parsers themselves are reached."""
    files = [(name, resource_path("reference", name).read_bytes()) for name in PARTS]
    text, json_files, packed_files, zips = (
        [each for each in files if each[0].endswith(end)] for end in (".csv", ".json", ".gz", ".zip")
    )
    inner = (m.in_gzip(m.as_text), m.in_gzip(m.as_text), m.in_gzip(m.as_bytes), m.as_bytes, m.gzip_bomb, _gzip_of_text)
    whole = (m.in_zip(m.as_text), m.in_zip(m.as_bytes), m.as_bytes, m.package)
    manifest = [(MANIFEST_NAME, resource_path("reference", MANIFEST_NAME).read_bytes())]
    return [
        Family("pack json", 12, json_files, (m.as_json, m.as_json, m.as_text, m.as_bytes, m.as_deep), _read_pack),
        Family("pack csv", 5, text, (m.as_text, m.as_text, m.as_bytes), _read_pack),
        Family("pack csv.gz", 10, packed_files, inner, _read_pack),
        Family("pack zip", 1, zips, whole, _read_pack),
        Family("pack manifest", 3, manifest, (m.as_json, m.as_json, m.as_text, m.as_bytes, m.as_deep), _read_pack),
    ]


def _gzip_of_text(data: bytes, dice: Dice) -> bytes:
    """A few rows are enough to be damaged in many ways."""
    lines = gzip.decompress(data).split(b"\n")
    return gzip.compress(m.as_text(b"\n".join(lines[: dice.choice((3, 12, 60))]), dice), 1)


def _read_pack(name: str, data: bytes, folder: Path) -> None:
    root = _pack_copy(folder)
    path = root / name
    path.unlink()  # a link to the original
    path.write_bytes(data)
    if name != MANIFEST_NAME:
        _fit(root / MANIFEST_NAME, name, data)
    try:
        pack = load_pack(root)
        for part in PARTS.get(name, ("agenda",)):
            getattr(pack, part)
        _look_into(pack, name)
    finally:
        for touched in {name, MANIFEST_NAME}:
            (root / touched).unlink(missing_ok=True)
            _put(root, touched)


def _look_into(pack: Pack, name: str) -> None:
    """Some parts read their files only when something is asked."""
    if name == "imports_2024.zip":
        _whole = pack.trade.flows
    if name == "partner_totals.csv.gz":
        pack.partners.totals("KR")
    if name == "exports_by_chapter.csv.gz":
        pack.partners.chapter_exports("KR")


def _pack_copy(folder: Path) -> Path:
    root = folder / "reference"
    if not root.exists():
        root.mkdir()
        for path in resource_path("reference").iterdir():
            _put(root, path.name)
    return root


def _put(root: Path, name: str) -> None:
    original = resource_path("reference", name)
    if name == MANIFEST_NAME:
        shutil.copyfile(original, root / name)
    else:
        (root / name).symlink_to(original)


def _fit(manifest: Path, name: str, data: bytes) -> None:
    content = json.loads(manifest.read_bytes())
    content["files"][name]["sha256"] = hashlib.sha256(data).hexdigest()
    content["files"][name]["bytes"] = len(data)
    manifest.write_text(json.dumps(content), encoding="utf-8")


# Tables and workbooks from elsewhere


def _imports() -> list[Family]:
    from tests.import_mutations import samples, try_one

    pack, case = load_pack(), casefile.default_case()
    _read_what_it_needs = pack.names, pack.barriers, pack.law, pack.trade.imports(case.partner)

    def read_table(name: str, data: bytes, _folder: Path) -> object:
        """The whole way: read, proposed, planned, applied, saved."""
        return try_one(name, data, pack, case)

    text = [("partners.csv", resource_path("reference", "partners.csv").read_bytes()), *_tables()]
    text += [each for each in samples() if each[0].endswith(".csv")]
    books = [("table.xlsx", _workbook()), *(each for each in samples() if each[0].endswith(".xlsx"))]
    inside = (m.in_zip(m.as_xml), m.in_zip(m.as_xml), m.in_zip(m.as_xml), m.in_zip(m.as_bytes), m.as_bytes, m.package)
    return [
        Family("import csv", 7, text, (m.as_text, m.as_text, m.as_bytes), read_table),
        Family("import xlsx", 7, books, (*inside, m.recompressed), read_table),
    ]


def _tables() -> list[tuple[str, bytes]]:
    """As offices write them: semicolons and decimal commas, a Korean code page, quotes with line ends."""
    rows = [("HS", "품목", "Value"), ("01012100", "말", "1.234,5"), ("8703230100", '승용차 "2,000cc"', "12,5")]
    lines = ["\t".join(row) for row in rows]
    return [
        ("semicolon.csv", "\r\n".join(";".join(row) for row in rows).encode("cp949")),
        ("tabs.txt", "\n".join(lines * 50).encode("utf-16")),
        ("quoted.csv", b'code,note\n"8703.23.01","two\nlines, ""quoted"""\n7208,plain\n' * 40),
    ]


def _workbook() -> bytes:
    import xlsxwriter

    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet("Trade"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ("HS code", "품목", "Imports, US$", "Day", "Share"))
        for row in range(1, 60):
            sheet.write_string(row, 0, f"{8703230000 + row}")
            sheet.write_string(row, 1, f"승용차 {row % 7}")
            sheet.write_number(row, 2, row * 1234.5)
            sheet.write_datetime(row, 3, datetime(2025, 5, 1 + row % 28), day)  # noqa: DTZ001 - a day has no zone
            sheet.write_formula(row, 4, f"=C{row + 1}/SUM(C2:C60)", None, row / 1770)
        book.add_worksheet("Notes").write(0, 0, "=not a formula")
    return held.getvalue()


def _comeback() -> list[Family]:
    from msgspec.structs import replace

    from core.audience import Audience
    from core.briefing import briefing_bytes
    from core.briefing.lock import locked
    from core.comeback import read_back
    from core.engine import evaluate

    pack = load_pack()
    case = replace(casefile.default_case(), partner="FO")  # few lines: a small workbook of every sheet
    whole = briefing_bytes(case, evaluate(case, pack), pack, audience=Audience.DELEGATION)
    _read_what_it_needs = pack.barriers

    def read_workbook(name: str, data: bytes, _folder: Path) -> object:
        return read_back(data, case, password=PASSWORD, pack=pack, where=name)

    inside = (m.in_zip(m.as_xml), m.in_zip(m.as_xml), m.in_zip(m.as_bytes), m.as_bytes, m.package, m.recompressed)
    return [
        Family("briefing", 5, [("briefing.xlsx", whole)], inside, read_workbook),
        Family("locked briefing", 1, [("locked.xlsx", locked(whole, PASSWORD))], (m.as_bytes,), read_workbook),
    ]
