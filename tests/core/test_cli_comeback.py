"""`parley comeback`: what comes back in words and as JSON, and the case with it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from core import cli, edits
from core.briefing.lock import locked
from core.case import BarrierState, Case
from core.casefile import load, open_case, save
from core.casefile.secrecy import CaseKey
from tests.comeback import BEEF, RICE, Delegate, change_row, sample_case, written

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

MOMENT = datetime(2025, 6, 2, 9, 30, tzinfo=UTC)
RATE = change_row(1)


@pytest.fixture(scope="module")
def case() -> Case:
    return sample_case()


@pytest.fixture(scope="module")
def changed(case: Case) -> bytes:
    delegate = Delegate.opens(written(case)).types(BEEF, "state", "Raised").types(RICE, "position", "Listen\nand wait")
    return delegate.types(RATE, "rate", 0.15).saves()


class Desk:
    """A folder with the case and the workbook, and a command line."""

    def __init__(self, folder: Path, case: Case, workbook: bytes, capsys: pytest.CaptureFixture[str]) -> None:
        self.case, self.workbook, self.out = folder / "c.parley", folder / "back.xlsx", folder / "out.parley"
        save(case, self.case)
        self.workbook.write_bytes(workbook)
        self._capsys = capsys

    def run(self, *more: str) -> tuple[int, str]:
        code = cli.main(["comeback", str(self.workbook), str(self.case), *more], clock=lambda: MOMENT)
        said = self._capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def desk(tmp_path: Path, case: Case, changed: bytes, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, case, changed, capsys)


class TestShows:
    def test_each_change_in_words(self, desk: Desk) -> None:
        code, said = desk.run()
        assert code == 0
        for words in ("Beef: 30-month age limit: State", "case: Explained", "workbook: Raised", "Listen / and wait"):
            assert words in said
        assert "Nothing was written" in said
        assert not desk.out.exists()

    def test_json(self, desk: Desk) -> None:
        code, said = desk.run("--json")
        found: dict[str, Any] = json.loads(said)
        assert code == 0
        assert {(change["row"], change["field"]) for change in found["changes"]} == {
            (BEEF, "state"), (RICE, "position"), (RATE, "rate"),
        }  # fmt: skip
        assert (found["audience"], found["language"], found["written"]) == ("delegation", "en", None)
        assert found["findings"] == []

    def test_korean(self, desk: Desk) -> None:
        code, said = desk.run("--lang", "ko")
        assert code == 0
        assert "제기" in said

    def test_an_untouched_workbook(self, desk: Desk, case: Case) -> None:
        desk.workbook.write_bytes(written(case))
        assert desk.run() == (0, "Nothing to bring back.\n")


class TestWrites:
    def test_the_case_with_the_changes_and_an_entry_in_its_history(self, desk: Desk, case: Case) -> None:
        code, said = desk.run("-o", str(desk.out), "--author", "Kim")
        assert code == 0
        assert str(desk.out) in said
        after = load(desk.out)
        assert after.barrier("beef-30m").state is BarrierState.RAISED
        assert [change.id for change in after.scenarios[1].changes] == [c.id for c in case.scenarios[1].changes]
        (entry,) = after.history
        assert (entry.at, entry.who, entry.what) == (MOMENT, "Kim", "Import from briefing back.xlsx")
        assert set(entry.concerns) == {BEEF, RICE, RATE}
        assert load(desk.case) == case

    def test_over_the_case_itself_keeps_the_one_before(self, desk: Desk, case: Case) -> None:
        assert desk.run("-o", str(desk.case))[0] == 0
        assert load(desk.case).barrier("beef-30m").state is BarrierState.RAISED
        assert load(desk.case.with_name("c.parley~")) == case

    def test_without_a_clock_there_is_no_entry(self, desk: Desk) -> None:
        """Better none than one with a wrong time."""
        assert cli.main(["comeback", str(desk.workbook), str(desk.case), "-o", str(desk.out)]) == 0
        assert load(desk.out).history == ()


class TestConflicts:
    @pytest.fixture
    def newer(self, desk: Desk, case: Case) -> Case:
        """On the laptop the beef was agreed meanwhile, and nothing else happened."""
        now = edits.set_barrier(case, "beef-30m", state=BarrierState.AGREED, due=date(2025, 6, 30))
        save(now, desk.case)
        return now

    def test_the_cases_stays_and_the_exit_code_says_that_one_is_left(self, desk: Desk, newer: Case) -> None:
        code, said = desk.run("-o", str(desk.out))
        assert code == 1
        assert "changed on both sides" in said
        assert "The case was changed after this workbook was written" in said
        after = load(desk.out)
        assert after.barrier("beef-30m") == newer.barrier("beef-30m")
        assert str(after.barrier("rice").position) == "Listen\nand wait"

    @pytest.mark.parametrize(("whose", "state"), [("case", BarrierState.AGREED), ("workbook", BarrierState.RAISED)])
    def test_decided_beforehand(self, whose: str, state: BarrierState, desk: Desk, newer: Case) -> None:
        assert desk.run("-o", str(desk.out), "--conflicts", whose)[0] == 0
        assert load(desk.out).barrier("beef-30m").state is state


class TestRefuses:
    def test_a_value_that_is_not_taken_is_told_by_the_exit_code(self, desk: Desk, case: Case) -> None:
        desk.workbook.write_bytes(Delegate.opens(written(case)).types(RATE, "rate", 12.5).saves())
        code, said = desk.run()
        assert code == 1
        assert "Rate scenarios!F" in said

    def test_what_is_no_workbook(self, desk: Desk) -> None:
        desk.workbook.write_bytes(b"hello")
        code, said = desk.run()
        assert code == 2
        assert "back.xlsx" in said

    def test_another_case(self, desk: Desk, case: Case) -> None:
        save(replace(case, id="another"), desk.case)
        code, said = desk.run("-o", str(desk.out))
        assert "another case" in said
        assert code == 1
        assert not desk.out.exists()


class TestPasswords:
    def test_of_the_workbook_and_of_the_case(
        self, tmp_path: Path, case: Case, changed: bytes, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What is written is encrypted as the case was."""
        desk = Desk(tmp_path, case, locked(changed, "참깨 1"), capsys)
        save(case, desk.case, key=CaseKey.from_password("a password of the case"))
        of_workbook, of_case = tmp_path / "w.txt", tmp_path / "c.txt"
        of_workbook.write_text("참깨 1\n", encoding="utf-8")
        of_case.write_text("a password of the case\n", encoding="utf-8")
        assert desk.run()[0] == 2
        assert desk.run("--case-password-file", str(of_case))[0] == 2
        code, _said = desk.run(
            "-o", str(desk.out), "--case-password-file", str(of_case), "--password-file", str(of_workbook)
        )
        assert code == 0
        opened = open_case(desk.out, "a password of the case")
        assert opened.key is not None
        assert opened.case.barrier("beef-30m").state is BarrierState.RAISED
        assert b"MAFRA" not in desk.out.read_bytes()

    def test_briefing_of_an_encrypted_case(
        self, tmp_path: Path, case: Case, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path, password = tmp_path / "c.parley", tmp_path / "c.txt"
        save(case, path, key=CaseKey.from_password("a password of the case"))
        password.write_text("a password of the case", encoding="utf-8")
        arguments = ["brief", str(path), "-o", str(tmp_path / "b.xlsx")]
        assert cli.main(arguments) == 2
        assert cli.main([*arguments, "--case-password-file", str(password)]) == 0
        assert (tmp_path / "b.xlsx").read_bytes().startswith(b"PK")
