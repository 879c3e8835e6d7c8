"""diff, merge, verify and migrate on the command line: what they say, what they write, how they end."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from core import edits
from core.case import Case, RateForm
from core.casefile import default_case, load, open_case, previous_version, save
from core.casefile.envelope import is_sealed
from core.casefile.format import VERSION
from core.casefile.secrecy import CaseKey
from core.cli import main
from core.history import numbered, stamped
from gui.commands import COMMANDS as WINDOW_COMMANDS

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
MORNING = datetime(2025, 5, 22, 9, tzinfo=UTC)
NEW, OLD = "correct horse", "battery staple"


def by(who: str, *made: Callable[[Case], Case]) -> Case:
    """The case after these edits of one delegate."""
    case, ids = default_case(), numbered(who)
    for edit in made:
        case = stamped(case, edit(case), "Edit", at=MORNING, who=who, make_id=ids)
    return case


def rate(text: str) -> Callable[[Case], Case]:
    return lambda case: edits.set_cell_rate(case, "C", "autos", Decimal(text), RateForm.TOTAL, date(2025, 8, 1))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A base, and two copies that each have an edit of their own and one that conflicts."""
    kim = by("kim", rate("0.1"), lambda case: edits.set_barrier(case, "trq", owner="MAFRA"))
    lee = by("lee", rate("0.125"), lambda case: edits.set_as_of(case, date(2025, 7, 9)))
    paths = tuple(tmp_path / f"{name}.parley" for name in ("base", "kim", "lee"))
    for path, case in zip(paths, (default_case(), kim, lee), strict=True):
        save(case, path)
    base, ours, theirs = paths
    return base, ours, theirs


def run(*arguments: object) -> int:
    return main([str(each) for each in arguments], clock=lambda: MORNING)


class TestDiff:
    def test_words_and_exit_code(self, files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
        base, ours, _theirs = files
        assert run("diff", base, ours) == 1
        out = capsys.readouterr().out
        assert "Cars and light trucks: total 15\N{NO-BREAK SPACE}% › Rate: 15\N{NO-BREAK SPACE}% → 10" in out
        assert "Barrier Farm tariff-rate quotas › Owner: – → MAFRA" in out
        assert run("diff", base, base) == 0
        assert "the same" in capsys.readouterr().out

    def test_json(self, files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
        assert run("diff", files[0], files[1], "--json") == 1
        found = json.loads(capsys.readouterr().out)["differences"]
        owner = next(each for each in found if each["path"] == ["barriers", "trq", "owner"])
        assert (owner["kind"], owner["part"], owner["after"]) == ("changed", "barrier:trq", "MAFRA")

    def test_a_file_that_is_none(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "x.parley").write_text("hello")
        assert run("diff", tmp_path / "x.parley", tmp_path / "x.parley") == 2
        assert "not a Parley case" in capsys.readouterr().err


class TestMerge:
    def test_conflicts_are_listed_and_nothing_is_written(
        self, files: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        out = tmp_path / "out.parley"
        assert run("merge", *files, "-o", out) == 1
        assert not out.exists()
        text = capsys.readouterr().out
        assert "Conflict: Scenario C (15 all-in)" in text
        assert "A: 10\N{NO-BREAK SPACE}%" in text
        assert "B: 12.5\N{NO-BREAK SPACE}%" in text

    @pytest.mark.parametrize(("side", "expected"), [("--ours", "0.1"), ("--theirs", "0.125")])
    def test_a_side_chosen(self, files: tuple[Path, Path, Path], tmp_path: Path, side: str, expected: str) -> None:
        out = tmp_path / "out.parley"
        assert run("merge", *files, "-o", out, side, "--author", "Kim") == 0
        case = load(out)
        (change,) = [change for change in case.scenario("C").changes if change.duty == "autos"]
        assert str(getattr(change, "rate", "")) == expected
        assert (case.as_of, case.barrier("trq").owner) == (date(2025, 7, 9), "MAFRA")
        last = case.history[-1]
        assert (last.what, last.who, last.at) == ("Merged with lee.parley", "Kim", MORNING)
        assert {entry.who for entry in case.history} == {"kim", "lee", "Kim"}

    def test_without_conflicts_it_is_written(self, files: tuple[Path, Path, Path], tmp_path: Path) -> None:
        base, ours, _theirs = files
        out = tmp_path / "out.parley"
        assert run("merge", base, ours, base, "-o", out) == 0
        assert replace(load(out), history=()) == replace(load(ours), history=())

    def test_json_has_both_values_and_who(
        self, files: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("merge", *files, "-o", tmp_path / "out.parley", "--json") == 1
        data = json.loads(capsys.readouterr().out)
        (conflict,) = data["conflicts"]
        assert data["written"] is None
        assert (conflict["ours_by"]["who"], conflict["theirs_by"]["who"]) == ("kim", "lee")
        assert conflict["chosen"] is None

    def test_over_one_of_the_copies_the_old_one_is_kept(self, files: tuple[Path, Path, Path]) -> None:
        base, ours, theirs = files
        before = load(ours)
        assert run("merge", base, ours, theirs, "-o", ours, "--ours") == 0
        assert load(previous_version(ours)) == before

    def test_copies_of_different_cases(
        self, files: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        other = tmp_path / "other.parley"
        save(replace(default_case(), id="another"), other)
        assert run("merge", files[0], files[1], other, "-o", tmp_path / "out.parley") == 2
        assert "different cases" in capsys.readouterr().err
        assert not (tmp_path / "out.parley").exists()

    def test_a_base_from_after_the_copies_parted_is_said(
        self, files: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _base, ours, theirs = files
        run("merge", ours, ours, theirs, "-o", tmp_path / "out.parley")
        assert "the other copy never had" in capsys.readouterr().err

    def test_what_comes_of_an_encrypted_copy_is_encrypted(
        self, files: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """And copies may have different passwords: one file for each."""
        base, ours, theirs = files
        save(load(ours), ours, key=CaseKey.from_password(NEW))
        save(load(theirs), theirs, key=CaseKey.from_password(OLD))
        keys = [tmp_path / "new.txt", tmp_path / "old.txt"]
        for path, password in zip(keys, (NEW, OLD), strict=True):
            path.write_text(password + "\nsecond line\n", encoding="utf-8")
        out = tmp_path / "out.parley"
        given = [item for path in keys for item in ("--password-file", path)]
        assert run("merge", base, ours, theirs, "-o", out, "--theirs") == 2
        assert "--password-file" in capsys.readouterr().err
        assert run("merge", base, ours, theirs, "-o", out, "--theirs", *given) == 0
        assert is_sealed(out.read_bytes())
        assert open_case(out, NEW).case.barrier("trq").owner == "MAFRA"


class TestVerify:
    def test_fixtures_of_every_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("verify", *sorted(FIXTURES.glob("case-v*.parley"))) == 0
        text = capsys.readouterr().out
        assert "version 1 (older" in text
        assert f"version {VERSION} (current)" in text
        assert "not encrypted" in text
        assert "each once" in text

    def test_one_damaged_file_does_not_hide_the_others(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        bad, good = tmp_path / "bad.parley", tmp_path / "good.parley"
        save(default_case(), good)
        bad.write_bytes(good.read_bytes()[:-20])
        assert run("verify", bad, good) == 2
        captured = capsys.readouterr()
        assert f"{bad}: not sound" in captured.out
        assert f"{good}: sound" in captured.out
        assert "damaged or incomplete" in captured.err

    def test_a_version_before_that_is_of_no_use(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "x.parley"
        save(default_case(), path)
        save(default_case(), path)
        assert run("verify", path) == 0
        assert "version before it: readable" in capsys.readouterr().out
        previous_version(path).write_bytes(b"{}")
        assert run("verify", path) == 2
        assert "cannot be read" in capsys.readouterr().out

    def test_encrypted(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path, key = tmp_path / "x.parley", tmp_path / "key.txt"
        save(default_case(), path, key=CaseKey.from_password(NEW))
        key.write_text(OLD, encoding="utf-8")
        assert run("verify", path, "--password-file", key) == 2
        assert "does not open" in capsys.readouterr().err
        key.write_text(NEW, encoding="utf-8")
        assert run("verify", path, "--password-file", key) == 0
        assert "bytes, encrypted" in capsys.readouterr().out


class TestMigrate:
    def test_in_place_and_the_old_file_is_kept(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "old.parley"
        old = (FIXTURES / "case-v1.parley").read_bytes()
        path.write_bytes(old)
        assert run("migrate", path) == 0
        assert json.loads(path.read_bytes())["version"] == VERSION
        assert previous_version(path).read_bytes() == old
        assert run("migrate", path) == 0
        assert "Nothing was written" in capsys.readouterr().out
        assert previous_version(path).read_bytes() == old

    def test_elsewhere_leaves_the_file_alone(self, tmp_path: Path) -> None:
        path, out = FIXTURES / "case-v1.parley", tmp_path / "new.parley"
        before = path.read_bytes()
        assert run("migrate", path, "-o", out) == 0
        assert path.read_bytes() == before
        assert load(out) == load(path)

    def test_an_encrypted_case_stays_encrypted(self, tmp_path: Path) -> None:
        path, out, key = tmp_path / "x.parley", tmp_path / "y.parley", tmp_path / "key.txt"
        save(default_case(), path, key=CaseKey.from_password(NEW))
        key.write_text(NEW, encoding="utf-8")
        assert run("migrate", path, "-o", out, "--password-file", key) == 0
        assert is_sealed(out.read_bytes())


class TestPasswordFile:
    @pytest.mark.parametrize(
        "password",
        ["x" * 1_000, "한" * 1_000, unicodedata.normalize("NFD", "한" * 1_000), "협상\u3000전날", "tab\there\u00a0"],
        ids=["long", "long Hangul", "taken apart", "wide blank", "tab"],
    )
    def test_what_a_case_takes_the_command_line_takes(self, password: str, tmp_path: Path) -> None:
        """More than 255 characters, or one that does not print, opened in the window alone. docs/secrecy.md: 1,000."""
        path, file = tmp_path / "x.parley", tmp_path / "key.txt"
        save(default_case(), path, key=CaseKey.from_password(password))
        file.write_bytes(password.encode() + b"\r\nsecond line")
        assert run("verify", path, "--password-file", file) == 0

    @pytest.mark.parametrize("line", ["x" * 1_001, "한" * 50_000, ""], ids=["1,001", "50,000", "empty"])
    def test_what_no_case_takes_is_refused(self, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path, file = tmp_path / "x.parley", tmp_path / "key.txt"
        save(default_case(), path)
        file.write_text(line + "\nsecond line", encoding="utf-8")
        assert run("verify", path, "--password-file", file) == 2
        assert "key.txt" in capsys.readouterr().err


def test_every_command_is_known_to_the_program_and_to_the_page() -> None:
    """gui/commands.py names them without importing them; docs/command-line.md explains each."""
    from core.cli import COMMANDS

    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert COMMANDS == WINDOW_COMMANDS
    assert [name for name in COMMANDS if f"## parley {name}" not in page] == []
