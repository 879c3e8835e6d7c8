"""Damaged and crafted files end in an error that names the file and says what to do; never in a crash or a hang."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import casefile
from core.casefile.format import decode
from core.casefile.recovery_state import unpacked
from core.casefile.secrecy import CaseKey
from core.comeback import read_back, read_file
from core.errors import CaseFileError, PackError, ParleyError
from core.imports import reading
from core.locations import resource_path
from core.reference import tables
from core.reference.manifest import MANIFEST_NAME
from core.reference.pack import Pack, load_pack

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks processes and limits their memory")
def test_damaged_files_of_every_kind_end_in_a_value_or_a_named_error(tmp_path: Path) -> None:
    """A share of `dev.py torture`, which does ten thousand of these."""
    words = ("--share", "mutate", "--inputs", "250", "--failures", str(tmp_path / "failures"))
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "torture", *words], capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mutate: 250 damaged files" in done.stdout
    assert "0 kinds of failure" in done.stdout


class TestPack:
    """A pack may come on a stick from a stranger: hashes that fit prove nothing about what is in the files."""

    @pytest.fixture
    def with_file(self, tmp_path: Path) -> Callable[[str, bytes], Pack]:
        """A pack with another content of one file, and a manifest that agrees with it."""

        def made(name: str, content: bytes) -> Pack:
            for path in resource_path("reference").iterdir():
                if path.name != name:
                    (tmp_path / path.name).write_bytes(path.read_bytes())
            (tmp_path / name).write_bytes(content)
            if name != MANIFEST_NAME:
                manifest = json.loads((tmp_path / MANIFEST_NAME).read_bytes())
                manifest["files"][name]["sha256"] = hashlib.sha256(content).hexdigest()
                (tmp_path / MANIFEST_NAME).write_text(json.dumps(manifest), encoding="utf-8")
            return load_pack(tmp_path)

        return made

    def test_a_table_that_unpacks_without_end_is_refused(self, with_file: Any) -> None:
        bomb = resource_path("reference", "schedule.csv.gz").read_bytes() + gzip.compress(bytes(50_000_000))
        with pytest.raises(PackError, match="schedule.csv.gz"):
            _ = with_file("schedule.csv.gz", bomb).schedule
        with pytest.raises(PackError, match="larger than any table"):
            _ = with_file("schedule.csv.gz", gzip.compress(bytes(40_000_000))).schedule

    @pytest.mark.parametrize("cut", [1, 8, 100, 10_000])
    def test_a_table_that_is_cut_off_is_refused(self, with_file: Any, cut: int) -> None:
        data = resource_path("reference", "names.csv.gz").read_bytes()[:-cut]
        with pytest.raises(PackError, match="names.csv.gz"):
            _ = with_file("names.csv.gz", data).names

    def test_a_stream_damaged_inside_is_refused(self, with_file: Any) -> None:
        data = bytearray(resource_path("reference", "names_ko.csv.gz").read_bytes())
        data[5000:5040] = bytes(40)
        with pytest.raises(PackError, match="names_ko.csv.gz"):
            _ = with_file("names_ko.csv.gz", bytes(data)).names

    @pytest.mark.parametrize(
        ("name", "old", "new", "part"),
        [
            ("changes.csv.gz", b"EO-14257", b"EO-99999", "law"),
            ("instruments.csv.gz", b"2025-04-02", b"2025-04-31", "law"),
            ("scopes.csv.gz", b"8703", b"87o3", "law"),
        ],
    )
    def test_a_reference_to_nothing_and_a_day_that_is_none(
        self, with_file: Any, name: str, old: bytes, new: bytes, part: str
    ) -> None:
        text = gzip.decompress(resource_path("reference", name).read_bytes())
        assert old in text
        with pytest.raises(PackError, match=name) as refusal:
            getattr(with_file(name, gzip.compress(text.replace(old, new))), part)
        assert refusal.value.remedy

    def test_figures_that_are_none(self, with_file: Any) -> None:
        text = gzip.decompress(resource_path("reference", "partner_totals.csv.gz").read_bytes())
        spoilt = gzip.compress(text.replace(b"\n2024,", b"\n2o24,"))
        with pytest.raises(PackError, match="partner_totals.csv.gz"):
            with_file("partner_totals.csv.gz", spoilt).partners.totals("KR")

    def test_a_member_of_the_archive_that_is_damaged(self, with_file: Any) -> None:
        source = resource_path("reference", "imports_2024.zip")
        with zipfile.ZipFile(source) as archive:
            start = archive.getinfo("KR.csv").header_offset + 100
        data = bytearray(source.read_bytes())
        data[start : start + 500] = bytes(500)
        with pytest.raises(PackError, match="KR.csv"):
            with_file("imports_2024.zip", bytes(data)).trade.imports("KR")

    @pytest.mark.parametrize("name", [MANIFEST_NAME, "agenda.json"])
    def test_nesting_without_end_is_refused(self, with_file: Any, name: str) -> None:
        deep = b'{"schema": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
        with pytest.raises(PackError):
            _ = with_file(name, deep).agenda

    def test_no_file_outside_the_folder_is_read(self, with_file: Any) -> None:
        manifest = json.loads(resource_path("reference", MANIFEST_NAME).read_bytes())
        manifest["files"]["../outside.csv"] = manifest["files"]["partners.csv"]
        with pytest.raises(PackError, match="missing"):
            with_file(MANIFEST_NAME, json.dumps(manifest).encode())


class TestTables:
    @pytest.mark.parametrize(
        "text",
        ["", "# only a comment", "#", "a,b\n1\n", "a,a\n1,2\n", 'a,b\n"1,2\n', '"', "a\n" + "," * 3_000_000],
    )
    def test_what_is_no_table_is_refused(self, text: str) -> None:
        with pytest.raises(PackError, match="t.csv"):
            tables.parse_columns(text, "t.csv")

    def test_one_cell_cannot_make_a_column_of_gigabytes(self) -> None:
        """As an array, each cell takes the room of the longest."""
        with pytest.raises(PackError, match="larger than any table"):
            tables.parse_columns("a\n" + "x\n" * 20_000 + "y" * 70_000, "t.csv")

    @given(st.text(alphabet='ab,"\n\r#\x00 ', max_size=60))
    @settings(max_examples=300)
    def test_any_text_is_a_table_or_refused(self, text: str) -> None:
        try:
            columns = tables.parse_columns(text, "t.csv")
        except PackError:
            return
        assert len({len(cells) for cells in columns.values()}) == 1


class TestCases:
    SOURCES = tuple(sorted(resource_path("examples").glob("*.parley")))

    @pytest.mark.parametrize("rate", ["1e999999", "-1e999999", "1e-999999", "NaN", "Infinity", "sNaN"])
    def test_a_rate_beyond_all_numbers_is_refused(self, rate: str) -> None:
        """It was refused by an overflow while the refusal was being worded."""
        data = next(path.read_bytes() for path in self.SOURCES if b'"rate"' in path.read_bytes())
        spoilt = re.sub(rb'"rate": "[^"]*"', b'"rate": "%s"' % rate.encode(), data, count=1)
        assert spoilt != data
        with pytest.raises(CaseFileError):
            decode(spoilt, "x")

    @given(st.binary(max_size=300))
    @settings(max_examples=200)
    def test_any_bytes_are_refused(self, data: bytes) -> None:
        for read in (decode, unpacked):
            with pytest.raises(CaseFileError):
                read(data, "x")

    @given(st.integers(0, 2**32))
    @settings(max_examples=150, deadline=None)
    def test_a_case_with_another_byte_is_a_case_or_refused(self, seed: int) -> None:
        dice = random.Random(seed)
        data = bytearray(dice.choice(self.SOURCES).read_bytes())
        data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            case = decode(bytes(data), "x")
        except CaseFileError:
            return
        assert decode(casefile.format.encode(case), "x") == case


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    """It has the name of a case, and opening it never came back."""
    readers: list[tuple[str, Callable[[Path], object]]] = [
        ("talks.parley", casefile.load),
        ("trade.csv", lambda path: reading.read(reading.file_bytes(path), path.name)),
        ("briefing.xlsx", lambda path: read_back(read_file(path), casefile.default_case())),
    ]
    for name, read in readers:
        os.mkfifo(tmp_path / name)
        with pytest.raises(ParleyError):
            read(tmp_path / name)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links of POSIX")
def test_a_link_in_the_place_of_the_version_before_is_not_followed(tmp_path: Path) -> None:
    """Encrypting a case whose own file is gone encrypted whatever the link pointed to."""
    path, victim = tmp_path / "talks.parley", tmp_path / "victim.txt"
    victim.write_bytes(b"keep me")
    casefile.previous_version(path).symlink_to(victim)
    casefile.save(casefile.default_case(), path, key=CaseKey.from_password("x"))
    assert victim.read_bytes() == b"keep me"


def test_no_message_is_longer_than_a_dialog() -> None:
    """A damaged file put 70,000 characters of its own into the message."""
    error = ParleyError("x", where="y" * 50_000, why="z" * 50_000)
    assert len(error.message()) < 3_000
    assert error.why.endswith("…")
