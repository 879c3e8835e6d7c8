"""Saving when things go wrong: each failure made by real means where the system allows, the old file always intact."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

from core.case import Case
from core.casefile import Seen, default_case, keep_aside, load, open_case, previous_version, save
from core.casefile.format import encode
from core.casefile.secrecy import CaseKey, is_sealed
from core.errors import CaseFileError, ChangedOnDisk, WrongPassword

MARKER = "our red line is the 30-month rule"
POSIX = pytest.mark.skipif(os.name == "nt", reason="made with POSIX's own means")


@cache
def key() -> CaseKey:
    return CaseKey.from_password("여섯 자 이상")


@cache
def other_key() -> CaseKey:
    return CaseKey.from_password("another one")


def noted(note: str) -> Case:
    return replace(default_case(), note=note)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "talks.parley"
    save(noted("first"), found)
    return found


class TestSomeoneElse:
    def test_a_file_that_is_as_it_was_seen_is_replaced(self, path: Path) -> None:
        seen = save(noted("second"), path, seen=open_case(path).seen)
        save(noted("third"), path, seen=seen)
        assert load(path).note == "third"

    def test_a_file_that_someone_changed_is_not(self, path: Path) -> None:
        seen = open_case(path).seen
        save(noted("theirs"), path)
        before = contents(path.parent)
        with pytest.raises(ChangedOnDisk, match="changed by someone else") as refusal:
            save(noted("ours"), path, seen=seen)
        assert refusal.value.where == str(path)
        assert contents(path.parent) == before

    def test_it_is_seen_up_to_the_last_moment(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Their saving ends while ours is being flushed to a slow disk."""
        seen, flush, theirs = open_case(path).seen, os.fsync, encode(noted("theirs"))

        def slow(descriptor: int) -> None:
            flush(descriptor)
            path.write_bytes(theirs)

        monkeypatch.setattr(os, "fsync", slow)
        with pytest.raises(ChangedOnDisk):
            save(noted("ours"), path, seen=seen)
        assert contents(path.parent) == {path.name: theirs}

    def test_a_file_that_someone_saved_again_unchanged_is_the_same(self, path: Path) -> None:
        seen = open_case(path).seen
        path.write_bytes(path.read_bytes())
        save(noted("ours"), path, seen=seen)
        assert load(path).note == "ours"

    def test_a_file_that_someone_deleted_is_written_anew(self, path: Path) -> None:
        seen = open_case(path).seen
        path.unlink()
        save(noted("ours"), path, seen=seen)
        assert load(path).note == "ours"

    def test_their_version_can_be_kept_beside(self, path: Path) -> None:
        seen = open_case(path).seen
        save(noted("theirs"), path)
        path.chmod(0o640)
        copy, theirs = keep_aside(path, "talks (theirs)")
        save(noted("ours"), path, seen=theirs)
        assert seen != theirs
        assert (load(path).note, load(copy).note, copy.name) == ("ours", "theirs", "talks (theirs).parley")
        if os.name != "nt":
            assert stat.S_IMODE(copy.stat().st_mode) == 0o640
        again, _seen = keep_aside(path, "talks (theirs)")
        assert again.name == "talks (theirs) (2).parley"

    def test_what_is_no_case_is_not_copied_whole(self, path: Path) -> None:
        with path.open("r+b") as file:
            file.truncate(30_000_000)
        with pytest.raises(CaseFileError, match="too large"):
            keep_aside(path, "talks (theirs)")
        with pytest.raises(ChangedOnDisk):
            save(noted("ours"), path, seen=Seen.of(encode(noted("first"))))


class TestVersionBefore:
    def test_encrypting_leaves_no_readable_version_beside(self, path: Path) -> None:
        save(noted("second"), path)
        save(noted("third"), path, key=key())
        assert all(is_sealed(data) for data in contents(path.parent).values())
        assert open_case(previous_version(path), "여섯 자 이상").case.note == "second"
        save(noted("fourth"), path, key=key())
        assert open_case(previous_version(path), "여섯 자 이상").case.note == "third"

    def test_a_new_password_is_that_of_the_version_before_too(self, path: Path) -> None:
        """Whoever learned the old password can open neither."""
        save(noted("second"), path, key=other_key())
        save(noted("third"), path, key=key(), former=other_key())
        for each in (path, previous_version(path)):
            with pytest.raises(WrongPassword):
                load(each, "another one")
        assert load(previous_version(path), "여섯 자 이상").note == "second"

    def test_of_a_stranger_s_encrypted_file_the_version_before_stays_theirs(self, path: Path) -> None:
        save(noted("theirs"), path, key=other_key())
        theirs = path.read_bytes()
        save(noted("ours"), path, key=key())
        assert previous_version(path).read_bytes() == theirs
        save(noted("ours"), path, key=key(), former=key())
        assert load(previous_version(path), "여섯 자 이상").note == "ours"

    def test_without_a_password_again_the_version_before_keeps_its_own(self, path: Path) -> None:
        save(noted("second"), path, key=key())
        save(noted("third"), path, former=key())
        assert load(path).note == "third"
        assert is_sealed(previous_version(path).read_bytes())

    def test_a_readable_version_whose_file_is_gone_is_encrypted_too(self, path: Path) -> None:
        save(noted("second"), path)
        path.unlink()
        save(noted("third"), path, key=key())
        assert is_sealed(previous_version(path).read_bytes())
        assert load(previous_version(path), "여섯 자 이상").note == "first"

    def test_a_refused_saving_encrypts_nothing_of_theirs(self, path: Path) -> None:
        seen = open_case(path).seen
        save(noted("theirs"), path)
        before = contents(path.parent)
        with pytest.raises(ChangedOnDisk):
            save(noted("ours"), path, key=key(), seen=seen)
        assert contents(path.parent) == before

    def test_no_file_ever_holds_the_text_of_an_encrypted_case(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Looked at whenever something is flushed to disk, before each rename and after the end."""
        path, flush, rename = tmp_path / "talks.parley", os.fsync, Path.replace
        looks: list[int] = []

        def look() -> None:
            found = contents(tmp_path)
            looks.append(len(found))
            assert not [name for name, data in found.items() if MARKER.encode() in data or b"parley-case" in data]

        def watched_flush(descriptor: int) -> None:
            flush(descriptor)
            look()

        def watched_rename(self: Path, target: Path) -> Path:
            look()
            return rename(self, target)

        monkeypatch.setattr(os, "fsync", watched_flush)
        monkeypatch.setattr(Path, "replace", watched_rename)
        for _time in range(3):
            save(noted(MARKER), path, key=key())
        save(noted(MARKER), path, key=other_key(), former=key())
        look()
        assert max(looks) >= 4, "temporary files were there to be looked at"


# What goes wrong with the disk


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """The kernel refuses to write further, as on a full disk."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def mount(*words: str | Path) -> bool:
    """Only root may, and not in every container."""
    return subprocess.run(["mount", *map(str, words)], capture_output=True).returncode == 0


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own that can be made read-only and taken away."""
    place = tmp_path / "drive"
    place.mkdir()
    if sys.platform != "linux" or os.geteuid() != 0 or not mount("-t", "tmpfs", "-o", "size=256k", "tmpfs", place):
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], capture_output=True)


@contextmanager
def ordinary_user() -> Iterator[None]:
    """Root may write anywhere; whoever uses Parley may not."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def refused(words: str, case: Case, path: Path, key: CaseKey | None = None) -> None:
    """Saving fails with these words, the file's name and something that helps."""
    with pytest.raises(CaseFileError, match=words) as refusal:
        save(case, path, key=key)
    assert refusal.value.where == str(path)
    assert refusal.value.remedy


@POSIX
class TestDisk:
    @pytest.mark.parametrize("make_key", [lambda: None, key], ids=["plain", "encrypted"])
    def test_full(self, path: Path, make_key: Callable[[], CaseKey | None]) -> None:
        before = contents(path.parent)
        with no_file_larger_than(2000):
            refused("disk is full.*Make room", noted("second"), path, make_key())
        assert contents(path.parent) == before
        save(noted("second"), path)

    def test_full_to_the_last_block(self, drive: Path) -> None:
        path = drive / "talks.parley"
        save(noted("first"), path)
        save(noted("second"), path)
        before = contents(drive)
        (drive / "film.mkv").write_bytes(b"x" * (os.statvfs(drive).f_bavail * os.statvfs(drive).f_frsize - 4096))
        refused("disk is full", noted("third"), path, key())
        assert {name: data for name, data in contents(drive).items() if name != "film.mkv"} == before
        (drive / "film.mkv").unlink()
        save(noted("third"), path)
        assert load(path).note == "third"

    def test_read_only(self, drive: Path) -> None:
        path = drive / "talks.parley"
        save(noted("first"), path)
        assert mount("-o", "remount,ro", drive)
        refused("disk is read-only.*another disk", noted("second"), path)
        assert load(path).note == "first"

    def test_lost_in_the_middle(self, tmp_path: Path, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The drive goes after the temporary file was written; what is on it is looked at over its other door."""
        path, door, flush = drive / "talks.parley", tmp_path / "door", os.fsync
        door.mkdir()
        save(noted("first"), path)
        assert mount("--bind", drive, door)
        try:

            def pulled(descriptor: int) -> None:
                flush(descriptor)
                subprocess.run(["umount", "-l", str(drive)], check=True)

            with monkeypatch.context() as broken:
                broken.setattr(os, "fsync", pulled)
                refused("no longer connected.*Connect it and save again", noted("second"), path)
            assert load(door / "talks.parley").note == "first"
        finally:
            subprocess.run(["umount", "-l", str(door)], check=True)

    def test_folder_gone(self, path: Path) -> None:
        moved = path.parent.rename(path.parent.with_name("moved"))
        refused("folder does not exist any more.*in another folder", noted("second"), path)
        assert load(moved / path.name).note == "first"

    def test_folder_that_may_not_be_written(self) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "shared")
            folder.mkdir()
            save(noted("first"), folder / "talks.parley")
            folder.chmod(0o555)
            Path(scratch).chmod(0o755)
            (folder / "talks.parley").chmod(0o666)
            with ordinary_user():
                refused("Writing is not allowed in this folder", noted("second"), folder / "talks.parley")
            folder.chmod(0o755)
            assert [file.name for file in folder.iterdir()] == ["talks.parley"]
            assert load(folder / "talks.parley").note == "first"
