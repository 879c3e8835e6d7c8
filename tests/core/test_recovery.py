"""Unsaved work on disk: found again whole, by the next run alone, and without plain text if the case is encrypted."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core import edits
from core.case import Case
from core.casefile import Seen, default_case, found, recovery_entry, save
from core.casefile.format import MAX_BYTES
from core.casefile.hold import Hold
from core.casefile.recovery import STATES_KEPT, Found, Recovery
from core.casefile.recovery_state import DamagedStateError, packed, unpacked
from core.casefile.secrecy import CaseKey
from core.errors import CaseFileError, ChangedOnDisk, NeedsPassword, WrongPassword
from core.history import stamped
from core.text import LocalText

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2025, 5, 22, 9, 30, tzinfo=UTC)
TODAY = date(2025, 5, 23)
TOKEN = "00112233445566ff"
MARKER = "두루미-7719"


class Key:
    """Seals by turning every bit over: enough to see that nothing is left outside the seal."""

    def seal(self, data: bytes) -> bytes:
        return bytes(255 - each for each in data)


def edited(number: int, who: str = "Kim") -> Case:
    """The default case after so many edits, each in its history."""
    before = default_case()
    for step in range(1, number + 1):
        after = edits.set_note(before, f"edit {step} {MARKER}")
        before = stamped(before, after, f"edit {step}", at=AT + timedelta(seconds=step), who=who)
    return before


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recovery"


@pytest.fixture
def recovery(folder: Path) -> Iterator[Recovery]:
    made = Recovery(folder, TOKEN)
    yield made
    made.abandon()


def left(folder: Path, today: date = TODAY) -> tuple[Found, ...]:
    """What the next start finds; nothing of it stays held."""
    entries = found.found(folder, today=today)
    for entry in entries:
        entry.release()
    return entries


def files(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and p.name != "lock")


class TestKeeping:
    def test_the_newest_state_comes_back_with_its_file_and_time(self, recovery: Recovery, folder: Path) -> None:
        for number in (1, 2):
            recovery.keep(edited(number), Path("/cases/talks.parley"), None, at=AT, seen=Seen("5ee7"))
        recovery.abandon()
        (entry,) = left(folder)
        assert (entry.title, entry.path, entry.at) == (default_case().title, Path("/cases/talks.parley"), AT)
        opened = entry.open()
        assert (opened.case, opened.key, opened.seen, opened.is_in_file) == (edited(2), None, Seen("5ee7"), False)

    def test_nothing_lies_on_disk_until_there_is_something_to_keep(self, recovery: Recovery, folder: Path) -> None:
        recovery.drop()
        assert not folder.exists()

    def test_only_the_last_states_stay(self, recovery: Recovery, folder: Path) -> None:
        for number in range(1, 8):
            recovery.keep(edited(number), None, None, at=AT)
        assert files(folder) == [f"{TOKEN}/{n:06d}.state" for n in range(8 - STATES_KEPT, 8)]

    def test_a_new_case_has_no_file_and_a_relative_path_becomes_whole(
        self, recovery: Recovery, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Parley is started elsewhere the next time."""
        monkeypatch.chdir(tmp_path)
        recovery.keep(edited(1), None, None, at=AT)
        other = Recovery(folder, "ffeeddccbbaa0099")
        other.keep(edited(1), Path("talks.parley"), None, at=AT - timedelta(hours=1))
        recovery.abandon()
        other.abandon()
        assert [entry.path for entry in left(folder)] == [None, tmp_path / "talks.parley"]

    @pytest.mark.skipif(os.name == "nt", reason="names are always text there")
    def test_a_file_name_that_is_no_text_is_left_out(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), Path(os.fsdecode(b"/tmp/\xff.parley")), None, at=AT)
        recovery.abandon()
        assert left(folder)[0].path is None

    def test_dropped_states_are_not_offered(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.drop()
        recovery.abandon()
        assert left(folder) == ()
        assert list(folder.iterdir()) == []

    def test_a_drop_cut_short_counts(self, recovery: Recovery, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Killed between the saving and the tidying: what is saved is not offered as unsaved."""
        recovery.keep(edited(1), None, None, at=AT)
        recovery.keep(edited(2), None, None, at=AT)
        with monkeypatch.context() as killed:
            killed.setattr(Path, "unlink", _failing(errno.EIO))
            with pytest.raises(CaseFileError):
                recovery.drop()
        recovery.abandon()
        assert len(files(folder)) == 3
        assert left(folder) == ()

    def test_what_is_kept_after_a_drop_counts(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.drop()
        recovery.keep(edited(2), None, None, at=AT)
        recovery.abandon()
        assert left(folder)[0].open().case == edited(2)

    def test_closing_leaves_nothing(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.close()
        assert list(folder.iterdir()) == []

    def test_a_folder_taken_away_meanwhile_is_made_again(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        for path in sorted(folder.rglob("*"), reverse=True):
            path.unlink() if path.is_file() else path.rmdir()
        recovery.keep(edited(2), None, None, at=AT)
        recovery.abandon()
        assert left(folder)[0].open().case == edited(2)

    @pytest.mark.skipif(os.name == "nt", reason="Windows has access lists instead")
    def test_only_the_owner_can_look(self, folder: Path, recovery: Recovery) -> None:
        folder.mkdir(mode=0o755)
        recovery.keep(edited(1), None, None, at=AT)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / TOKEN)}
        assert modes == {0o700}
        assert {stat.S_IMODE(p.stat().st_mode) for p in folder.rglob("*") if p.is_file()} == {0o600}

    def test_a_full_disk_is_explained_and_leaves_the_states_before(
        self, recovery: Recovery, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        with monkeypatch.context() as full:
            full.setattr(os, "write", _failing(errno.ENOSPC))
            with pytest.raises(CaseFileError, match="The disk is full.*Save the case now") as refusal:
                recovery.keep(edited(2), None, None, at=AT)
            assert refusal.value.where == str(folder)
        recovery.abandon()
        assert left(folder)[0].open().case == edited(1)

    def test_a_case_that_could_not_be_opened_again_is_refused(self, recovery: Recovery) -> None:
        with pytest.raises(CaseFileError, match="too large"):
            recovery.keep(replace(default_case(), note="n" * MAX_BYTES), None, None, at=AT)

    def test_half_a_character_takes_no_other_work_with_it(self, recovery: Recovery, folder: Path) -> None:
        """From then on nothing was kept any more."""
        recovery.keep(edits.set_note(edited(1), "no beef \ud800"), None, None, at=AT)
        recovery.abandon()
        assert left(folder)[0].open().case == edits.set_note(edited(1), "no beef \ufffd")


class TestFlushing:
    """A kill does not reach what is written; a power cut may take what is not flushed."""

    def test_keeping_waits_for_no_disk(self, recovery: Recovery, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A stick took six seconds to flush, and a kill in between took six seconds of work."""
        flushed: list[int] = []
        monkeypatch.setattr(os, "fsync", flushed.append)
        for number in (1, 2):
            recovery.keep(edited(number), None, None, at=AT)
        assert flushed == []
        recovery.flush()
        assert flushed, "the state, and its folder where the system can"
        count = len(flushed)
        recovery.flush()
        assert len(flushed) == count, "once is enough"
        recovery.abandon()
        assert left(folder)[0].open().case == edited(2)

    def test_the_newest_that_was_flushed_stays_until_another_is(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.flush()
        for number in range(2, STATES_KEPT + 4):
            recovery.keep(edited(number), None, None, at=AT)
        assert files(folder)[0] == f"{TOKEN}/000001.state"
        assert len(files(folder)) == STATES_KEPT + 1
        recovery.flush()
        recovery.keep(edited(9), None, None, at=AT)
        assert len(files(folder)) == STATES_KEPT

    def test_readable_states_go_when_the_sealed_one_is_flushed(
        self, recovery: Recovery, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not before: a power cut could leave neither."""
        recovery.keep(edited(1), None, None, at=AT)
        seen: list[list[str]] = []
        monkeypatch.setattr(os, "fsync", lambda _descriptor: seen.append(files(folder)))
        recovery.keep(edited(2), None, Key(), at=AT)
        assert seen[0] == [f"{TOKEN}/000001.state", f"{TOKEN}/000002.state"]
        assert files(folder) == [f"{TOKEN}/000002.state"]

    def test_a_disk_that_fails_at_flushing_is_told(
        self, recovery: Recovery, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", _failing(errno.EIO))
            with pytest.raises(CaseFileError, match=r"drive failed.*Save the case now"):
                recovery.flush()
        recovery.flush()
        recovery.drop()
        recovery.flush()


class TestSealing:
    def test_nothing_of_an_encrypted_case_is_in_plain_text(self, recovery: Recovery, folder: Path) -> None:
        case = replace(edited(1), title=LocalText(MARKER, MARKER))
        recovery.keep(case, Path(f"/home/{MARKER}.parley"), Key(), at=AT)
        data = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        assert len(data) > 1000
        for word in (MARKER, "parley-case", "reciprocal", "/home/"):
            assert word.encode() not in data
        recovery.abandon()
        (entry,) = left(folder)
        assert (entry.is_sealed, str(entry.title), entry.path, entry.at) == (True, "", None, AT)

    def test_what_was_kept_before_the_case_was_encrypted_goes_at_once(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.keep(edited(2), None, None, at=AT)
        recovery.keep(edited(2), None, Key(), at=AT)
        assert files(folder) == [f"{TOKEN}/000003.state"]
        assert unpacked((folder / TOKEN / "000003.state").read_bytes(), "").is_sealed


class TestPassword:
    """With the real key: Argon2id takes its time, so this is one test of the whole way."""

    def test_sealed_work_comes_back_with_its_password_alone(
        self, recovery: Recovery, folder: Path, tmp_path: Path
    ) -> None:
        path, key = tmp_path / "talks.parley", CaseKey.from_password("두루미")
        seen = save(edited(1), path, key=key)
        recovery.keep(edited(2), path, key, at=AT, seen=seen)
        recovery.abandon()
        (entry,) = left(folder)
        for password in (None, ""):
            with pytest.raises(NeedsPassword):
                entry.open(password)
        with pytest.raises(WrongPassword):
            entry.open("stork")
        opened = entry.open("두루미")
        assert (opened.case, opened.path, opened.seen, opened.is_in_file) == (edited(2), path, seen, False)
        assert opened.key is not None
        assert opened.key.unseal(key.seal(b"the same"), "") == b"the same"
        save(edited(3), path, key=opened.key, seen=opened.seen)
        assert entry.open("두루미").is_in_file


HOLDER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core.casefile import default_case
from core.casefile.recovery import Recovery
Recovery(Path(sys.argv[1]), sys.argv[2]).keep(default_case(), None, None, at=datetime(2025, 5, 22, tzinfo=UTC))
print("kept", flush=True)
sys.stdin.read()
"""


class TestWhoseItIs:
    def test_the_work_of_a_living_process_is_its_own(self, folder: Path) -> None:
        """Two windows of one person: the second is not offered what the first is doing; once killed, it is."""
        words = [sys.executable, "-c", HOLDER, str(folder), TOKEN]
        with subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"kept\n"
            assert left(folder) == ()
            process.kill()
        (entry,) = left(folder)
        assert entry.open().case == default_case()

    def test_of_two_starts_only_one_is_asked(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.abandon()
        first = found.found(folder, today=TODAY)
        assert len(first) == 1
        assert found.found(folder, today=TODAY) == ()
        first[0].release()
        assert len(left(folder)) == 1

    def test_an_entry_tidied_away_before_it_was_held_is_held_anew(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Another window, just starting, removed our empty entry between our making and our locking it."""
        lock, take = tmp_path / "lock", os.open
        removals = [True]

        def opened(path: Path, *rest: Any) -> int:
            descriptor = take(path, *rest)
            if removals:
                removals.clear()
                lock.unlink()
            return descriptor

        monkeypatch.setattr(os, "open", opened)
        hold = Hold.taken(lock)
        assert hold is not None
        assert lock.exists()
        assert Hold.taken(lock) is None
        hold.release()

    def test_who_opens_an_entry_goes_on_in_it(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.abandon()
        (entry,) = found.found(folder, today=TODAY)
        heir = Recovery(folder, "aaaaaaaaaaaaaaaa")
        heir.take_over(entry)
        assert left(folder) == ()
        heir.keep(edited(2), None, None, at=AT)
        assert files(folder) == [f"{TOKEN}/000001.state", f"{TOKEN}/000002.state"]
        heir.abandon()
        assert left(folder)[0].open().case == edited(2)


class TestDamage:
    def test_an_older_state_stands_in_and_the_damaged_one_is_put_aside(self, recovery: Recovery, folder: Path) -> None:
        """A disk that said it had written and had not."""
        for number in (1, 2):
            recovery.keep(edited(number), None, None, at=AT)
        recovery.abandon()
        newest = folder / TOKEN / "000002.state"
        newest.write_bytes(newest.read_bytes()[:-300] + bytes(300))
        (entry,) = left(folder)
        assert entry.open().case == edited(1)
        assert entry.problem is not None
        assert entry.damaged == [folder / "damaged" / f"{TOKEN}-000002.state"]
        assert entry.damaged[0].exists()

    def test_an_entry_with_nothing_readable_is_told_of(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.abandon()
        (folder / TOKEN / "000001.state").write_bytes(b"")
        (entry,) = left(folder)
        with pytest.raises(DamagedStateError, match="put aside"):
            entry.open()
        assert entry.damaged[0].exists()
        assert left(folder) == ()
        assert entry.damaged[0].exists()

    def test_a_state_of_a_newer_parley_stays_where_it_is(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.abandon()
        state = folder / TOKEN / "000001.state"
        data = state.read_bytes().replace(b"parley-recovery 1", b"parley-recovery 2", 1)
        state.write_bytes(data)
        (entry,) = left(folder)
        with pytest.raises(CaseFileError, match="newer Parley"):
            entry.open()
        assert state.read_bytes() == data

    @given(st.data())
    @settings(max_examples=150)
    def test_no_flipped_bit_and_no_cut_goes_unseen(self, data: st.DataObject) -> None:
        whole = packed(default_case(), Path("/a.parley"), None, AT)
        place = data.draw(st.integers(0, len(whole) - 1))
        bit = data.draw(st.integers(0, 7))
        spoilt = whole[:place] + bytes([whole[place] ^ (1 << bit)]) + whole[place + 1 :]
        for each in (spoilt, whole[:place]):
            with pytest.raises(CaseFileError):
                unpacked(each, "x")

    def test_a_state_that_fits_its_checksum_but_is_no_case_gives_way_to_an_older(
        self, recovery: Recovery, folder: Path
    ) -> None:
        """An edit that Parley itself should have refused."""
        recovery.keep(edited(1), None, None, at=AT)
        recovery.keep(replace(edited(2), next_letter="A"), None, None, at=AT)
        recovery.abandon()
        assert left(folder)[0].open().case == edited(1)

    def test_what_a_killed_process_was_writing_is_tidied(self, recovery: Recovery, folder: Path) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.abandon()
        (folder / TOKEN / ".parley-abc.tmp").write_bytes(b"half")
        (folder / TOKEN / "note.txt").write_bytes(b"not ours")
        left(folder)
        assert files(folder) == [f"{TOKEN}/000001.state", f"{TOKEN}/note.txt"]

    def test_what_is_no_entry_is_left_alone(self, folder: Path, tmp_path: Path) -> None:
        folder.mkdir()
        (folder / "README").write_bytes(b"")
        (folder / "pictures").mkdir()
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        if os.name != "nt":
            (folder / "abcdef0123456789").symlink_to(elsewhere)
        assert left(folder) == ()
        assert (folder / "README").exists()
        assert list(elsewhere.iterdir()) == []


class TestBesideItsFile:
    """Killed right after saving: what the file holds is no unsaved work."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "talks.parley"

    @pytest.mark.parametrize(("in_file", "kept", "offered"), [(3, 3, False), (4, 3, False), (3, 4, True), (0, 1, True)])
    def test_offered_is_what_the_file_lacks(
        self, recovery: Recovery, folder: Path, path: Path, in_file: int, kept: int, offered: bool
    ) -> None:
        save(edited(in_file), path)
        recovery.keep(edited(kept), path, None, at=AT)
        recovery.abandon()
        assert bool(left(folder)) is offered
        assert folder.joinpath(TOKEN).exists() is offered

    def test_another_branch_of_the_same_case_is_offered(self, recovery: Recovery, folder: Path, path: Path) -> None:
        save(edited(2, who="Lee"), path)
        recovery.keep(edited(1), path, None, at=AT)
        recovery.abandon()
        assert len(left(folder)) == 1

    def test_our_own_last_saving_is_not_taken_for_a_colleagues(
        self, recovery: Recovery, folder: Path, path: Path
    ) -> None:
        """Killed between the saving and the next keeping, the next start asked whose change the file was."""
        first = save(edited(1), path)
        second = save(edited(2), path, seen=first)
        recovery.keep(edited(3), path, None, at=AT, seen=first)
        recovery.abandon()
        opened = left(folder)[0].open()
        assert opened.seen == second
        save(opened.case, path, seen=opened.seen)

    def test_a_colleagues_saving_is_still_noticed(self, recovery: Recovery, folder: Path, path: Path) -> None:
        first = save(edited(1), path)
        recovery.keep(edited(2), path, None, at=AT, seen=first)
        recovery.abandon()
        save(edited(3, who="Lee"), path)
        opened = left(folder)[0].open()
        assert opened.seen == first
        with pytest.raises(ChangedOnDisk):
            save(opened.case, path, seen=opened.seen)

    def test_a_file_that_is_gone_or_broken_decides_nothing(self, recovery: Recovery, folder: Path, path: Path) -> None:
        recovery.keep(edited(1), path, None, at=AT)
        recovery.abandon()
        assert len(left(folder)) == 1
        path.write_bytes(b"{")
        assert len(left(folder)) == 1


class TestBounds:
    def make(self, folder: Path, count: int, *, offered: bool) -> None:
        for number in range(count):
            made = Recovery(folder, f"{number:016x}")
            made.keep(edited(1), None, None, at=AT + timedelta(minutes=number))
            made.abandon()
        for entry in found.found(folder, today=TODAY) if offered else ():
            entry.keep_for_later(TODAY)

    def test_what_was_offered_goes_after_its_days(self, folder: Path) -> None:
        self.make(folder, 1, offered=True)
        assert len(left(folder, TODAY + timedelta(days=found.DAYS_KEPT))) == 1
        assert left(folder, TODAY + timedelta(days=found.DAYS_KEPT + 1)) == ()
        assert list(folder.iterdir()) == []

    def test_what_nobody_was_asked_about_stays_for_ever(self, folder: Path) -> None:
        self.make(folder, 1, offered=False)
        assert len(left(folder, TODAY + timedelta(days=10_000))) == 1

    def test_of_too_many_the_oldest_go(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(found, "MAX_ENTRIES", 3)
        self.make(folder, 5, offered=True)
        assert [entry.entry.name[-1] for entry in left(folder)] == ["4", "3", "2"]

    def test_of_too_much_the_oldest_go(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.make(folder, 4, offered=True)
        one = recovery_entry.size_of(folder / f"{0:016x}")
        monkeypatch.setattr(found, "MAX_BYTES_KEPT", 2 * one)
        assert len(left(folder)) == 2

    def test_the_first_offer_counts(self, folder: Path) -> None:
        self.make(folder, 1, offered=True)
        for entry in found.found(folder, today=TODAY + timedelta(days=50)):
            entry.keep_for_later(TODAY + timedelta(days=50))
        assert left(folder, TODAY + timedelta(days=found.DAYS_KEPT + 1)) == ()

    def test_deleting_takes_the_damaged_ones_too(self, folder: Path, recovery: Recovery) -> None:
        recovery.keep(edited(1), None, None, at=AT)
        recovery.abandon()
        (folder / TOKEN / "000001.state").write_bytes(b"")
        (entry,) = found.found(folder, today=TODAY)
        entry.delete()
        assert files(folder) == []
        assert not (folder / TOKEN).exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="forks processes with Qt loaded")
def test_killed_at_any_moment_it_loses_nothing_that_was_on_disk(tmp_path: Path) -> None:
    """A share of `dev.py torture`, which also measures that no more than a second of work is lost."""
    words = ("--share", "kill", "--runs", "8", "--limit", "60", "--failures", str(tmp_path / "failures"))
    done = subprocess.run(
        [sys.executable, ROOT / "packaging" / "torture", *words], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kill: 8 lives" in done.stdout
    assert "0 failures" in done.stdout


def _failing(number: int) -> Any:
    def fail(*_args: Any, **_options: Any) -> None:
        raise OSError(number, os.strerror(number))

    return fail
