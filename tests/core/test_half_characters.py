"""Half a character: mended where an edit is stamped, refused by name where a file is written, survived by recovery."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from core import edits
from core.case import BarrierRecord
from core.casefile import default_case, load, open_case, save
from core.casefile.owner import Claim, claim
from core.cli import main
from core.errors import CaseFileError
from core.half_characters import mended
from core.history import stamped
from core.text import LocalText

ROOT = Path(__file__).resolve().parents[2]
HALF, MARK = "\ud83d", "\ufffd"
AT = datetime(2025, 5, 22, 9, 30, tzinfo=UTC)


class TestMended:
    def test_every_kind_of_text_in_a_case(self) -> None:
        before = default_case()
        record = BarrierRecord(barrier="beef", position=LocalText(en=f"no{HALF}"))
        shares = replace(before.assumptions, metal_share={f"list:{HALF}": Decimal("0.5")})
        fresh = mended(replace(before, note=f"{HALF}n", barriers=(record,), assumptions=shares))
        assert fresh.note == f"{MARK}n"
        assert fresh.barriers[0].position.en == f"no{MARK}"
        assert fresh.assumptions.metal_share == {f"list:{MARK}": Decimal("0.5")}
        assert fresh.scenarios is before.scenarios, "what was not touched is the same object: edits are told so"

    def test_what_is_whole_stays_the_very_same(self) -> None:
        case = edits.set_note(default_case(), "한글 😀 é")
        assert mended(case) is case


def test_an_edit_s_text_and_its_author_are_mended() -> None:
    before = default_case()
    done = stamped(before, edits.set_note(before, f"red line {HALF}"), f"Note {HALF}", at=AT, who=f"Kim{HALF}")
    assert done.note == f"red line {MARK}"
    assert (done.history[-1].what, done.history[-1].who) == (f"Note {MARK}", f"Kim{MARK}")


def test_saving_names_the_text_and_leaves_the_old_file(tmp_path: Path) -> None:
    """It was a bare UnicodeEncodeError."""
    path = tmp_path / "talks.parley"
    save(default_case(), path)
    with pytest.raises(CaseFileError, match=f"half a character.*“red line {MARK}”.*Type that text again") as refusal:
        save(edits.set_note(default_case(), f"red line {HALF}"), path)
    assert refusal.value.where == str(path)
    assert [each.name for each in tmp_path.iterdir()] == ["talks.parley"]
    assert load(path) == default_case()


def test_a_name_in_no_encoding_is_no_obstacle_to_opening(tmp_path: Path) -> None:
    """The system's user name goes into the note beside the file."""
    path = tmp_path / "talks.parley"
    save(default_case(), path)
    note = claim(path, f"김{HALF}", AT)
    assert isinstance(note, Claim)
    note.release()


def test_an_author_in_no_encoding_on_the_command_line(tmp_path: Path) -> None:
    """As a terminal of another encoding hands it over; the outcome could not be saved."""
    made = (default_case(), edits.set_note(default_case(), "a"), edits.set_as_of(default_case(), date(2025, 7, 9)))
    paths = [tmp_path / f"{name}.parley" for name in ("base", "a", "b")]
    for path, case in zip(paths, made, strict=True):
        save(case, path)
    words = ["merge", *map(str, paths), "-o", str(tmp_path / "out.parley"), "--author", "Kim\udcff"]
    assert main(words, clock=lambda: AT) == 0
    assert open_case(tmp_path / "out.parley").case.history[-1].who == f"Kim{MARK}"


@pytest.mark.parametrize("encoding", ["cp949", "ascii", "utf-8"])
def test_what_a_console_cannot_show_ends_no_command(encoding: str, tmp_path: Path) -> None:
    """A Korean console has no en dash: the briefing was written and the command ended in a traceback."""
    path = tmp_path / "talks – 1\udcff.parley"
    if os.name == "nt":
        path = tmp_path / "talks – 1.parley"
    save(default_case(), path)
    environment = os.environ | {"PYTHONIOENCODING": f"{encoding}:strict"}
    done = subprocess.run(
        [sys.executable, "-m", "gui", "verify", path], cwd=ROOT, env=environment, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert b"talks" in done.stdout
