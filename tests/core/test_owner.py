"""Who has a case open: the note beside it, and when it counts for nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from core.casefile import default_case, owner, save
from core.casefile.owner import Claim, Owner, claim, note_path, this_computer

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2025, 5, 22, 9, 30, 15, tzinfo=UTC)

WINDOW = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core.casefile.owner import claim

held = claim(Path(sys.argv[1]), "Kim", datetime(2025, 5, 22, 9, 30, 15, tzinfo=UTC))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "talks.parley"
    save(default_case(), found)
    return found


@contextmanager
def another_window(path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that has the case open."""
    process = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "open\n"
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
def test_a_link_in_the_place_of_the_note_is_not_followed(path: Path) -> None:
    """Whoever may write to a shared folder could have had any file of the next to open the case overwritten."""
    victim = path.parent / "victim.txt"
    victim.write_text("keep me", encoding="utf-8")
    note_path(path).symlink_to(victim)
    held = claim(path, "Kim", AT)
    assert isinstance(held, Claim)
    held.release()
    assert victim.read_text(encoding="utf-8") == "keep me"
    note_path(path).unlink()
    note_path(path).symlink_to(path.parent / "not-there.txt")
    claim(path, "Kim", AT)
    assert not (path.parent / "not-there.txt").exists()


def test_the_first_has_it_and_leaves_nothing_behind(path: Path) -> None:
    ours = claim(path, "Kim", AT)
    assert isinstance(ours, Claim)
    assert note_path(path).name == ".talks.parley.open"
    ours.release()
    ours.release()
    assert [file.name for file in path.parent.iterdir()] == ["talks.parley"]


def test_the_second_learns_who_has_it_where_and_since_when(path: Path) -> None:
    with another_window(path) as process:
        found = claim(path, "Lee", AT)
        assert found == Owner("Kim", this_computer(), process.pid, AT, is_certain=True)
        assert this_computer()


def test_opened_anyway_it_stays_the_first_one_s(path: Path) -> None:
    with another_window(path) as process:
        ours = claim(path, "Lee", AT, anyway=True)
        assert isinstance(ours, Claim)
        ours.release()
        found = claim(path, "Lee", AT)
        assert isinstance(found, Owner)
        assert found.process == process.pid


@pytest.mark.skipif(os.name == "nt", reason="kills with POSIX's signal")
def test_after_a_kill_the_note_counts_for_nothing(path: Path) -> None:
    with another_window(path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert note_path(path).exists()
        ours = claim(path, "Lee", AT)
        assert isinstance(ours, Claim)
        assert b"Lee" in note_path(path).read_bytes()
        ours.release()


def test_a_note_of_another_computer_is_asked_about(path: Path) -> None:
    left = Owner("Kim", "delegation-laptop-3", 4711, AT)
    note_path(path).write_bytes(msgspec.json.encode(left))
    assert claim(path, "Lee", AT) == left
    assert note_path(path).exists()
    ours = claim(path, "Lee", AT, anyway=True)
    assert isinstance(ours, Claim)
    assert msgspec.json.decode(note_path(path).read_bytes(), type=Owner).who == "Lee"
    ours.release()
    assert not note_path(path).exists()


@pytest.mark.parametrize("left", [b"", b"{", b"[" * 4000, b'{"since": "never"}', b"\xff" * 9, b"x" * 100_000])
def test_a_damaged_note_that_nobody_holds_is_taken_over(path: Path, left: bytes) -> None:
    note_path(path).write_bytes(left)
    ours = claim(path, "Lee", AT)
    assert isinstance(ours, Claim)
    ours.release()


def test_where_no_note_can_be_written_the_case_opens_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(_path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(owner.Hold, "taken", read_only)
    ours = claim(path, "Lee", AT)
    assert isinstance(ours, Claim)
    ours.release()
    left = Owner("Kim", "delegation-laptop-3", 4711, AT)
    note_path(path).write_bytes(msgspec.json.encode(left))
    assert claim(path, "Lee", AT) == left
    assert isinstance(claim(path, "Lee", AT, anyway=True), Claim)
    assert note_path(path).exists(), "not ours to take away"


def test_the_note_holds_nothing_of_the_case(path: Path) -> None:
    """Names are cut short, and only four things stand in it."""
    ours = claim(path, "Kim" * 100, AT)
    assert isinstance(ours, Claim)
    written = msgspec.json.decode(note_path(path).read_bytes())
    ours.release()
    assert set(written) == {"who", "host", "process", "since"}
    assert len(written["who"]) == 80


@pytest.mark.skipif(os.name == "nt", reason="Windows has access lists instead")
def test_whoever_may_read_the_case_may_read_the_note(path: Path) -> None:
    path.chmod(0o640)
    ours = claim(path, "Kim", AT)
    assert isinstance(ours, Claim)
    assert note_path(path).stat().st_mode & 0o777 == 0o640
    ours.release()


def test_a_link_and_its_file_have_one_note(path: Path) -> None:
    link = path.with_name("link.parley")
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("links need rights here")
    assert note_path(link) == note_path(path)
