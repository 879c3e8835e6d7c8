"""What a killed saving leaves beside the case goes at the next opening or saving; nobody else's files do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from core.casefile import default_case, load, open_case, save
from core.casefile.leftovers import SUFFIX, TEMPORARY, own_prefix, sweep
from core.errors import CaseFileError

ROOT = Path(__file__).resolve().parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from core.casefile import default_case, save
os.fsync = lambda _descriptor: os.kill(os.getpid(), signal.SIGKILL)
save(default_case(), Path(sys.argv[1]))
"""


def temporaries(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(TEMPORARY))


def of(process: int, ending: str = SUFFIX) -> str:
    """The name of a temporary file of another process of this machine."""
    return own_prefix().replace(f"-{os.getpid()}-", f"-{process}-") + "abc" + ending


def gone() -> int:
    """The number of a process that was there and is no more."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


@pytest.mark.skipif(os.name == "nt", reason="kills with POSIX's own means")
@pytest.mark.parametrize(
    "action", [open_case, lambda path: save(default_case(), path)], ids=["at the next opening", "at the next saving"]
)
def test_what_a_killed_saving_left_goes(action: Callable[[Path], object], tmp_path: Path) -> None:
    path = tmp_path / "talks.parley"
    save(default_case(), path)
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], cwd=ROOT, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert len(temporaries(tmp_path)) == 1
    action(path)
    assert temporaries(tmp_path) == []
    assert load(path) == default_case()


def test_only_what_is_surely_ours_and_dead_goes(tmp_path: Path) -> None:
    """A living process may be about to rename its file; a number of another machine says nothing here."""
    dead, machine = gone(), own_prefix().split("-")[1]
    kept = [
        of(os.getppid()),
        of(os.getpid()),
        of(dead).replace(machine, "0" * 12),
        of(dead, ".parley"),
        of(9_999_999_999),  # no system counts so far
        f"{TEMPORARY}abcd1234{SUFFIX}",
        "talks.parley",
    ]
    for name in (*kept, of(dead)):
        (tmp_path / name).write_bytes(b"half")
    (tmp_path / of(dead).replace("abc", "folder")).mkdir()
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, of(dead).replace("abc", "folder")])


def test_a_full_disk_is_given_back_what_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes before the new file is written, not after."""
    left = tmp_path / of(gone())
    left.write_bytes(b"half")
    monkeypatch.setattr(os, "fsync", lambda _descriptor: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(CaseFileError, match="disk is full"):
        save(default_case(), tmp_path / "talks.parley")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    sweep(tmp_path / "none")
