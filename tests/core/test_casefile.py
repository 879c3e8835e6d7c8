"""The case file: what it holds comes back, what is broken is explained, saving never loses the old one."""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.audience import Audience
from core.case import (
    AddDuty,
    Assumptions,
    BarrierRecord,
    BarrierState,
    Cap,
    Case,
    Column1Use,
    Exempt,
    ItemGroup,
    Place,
    Postpone,
    Quota,
    RateForm,
    Scenario,
    SetRate,
    SetTotal,
    SwitchOff,
    SwitchOn,
)
from core.case_rules import check_case
from core.casefile import atomic, default_case, load, previous_version, save
from core.casefile.format import MAX_BYTES, MIGRATIONS, VERSION, decode, encode, migrate
from core.errors import CaseFileError, OutputError, ParleyError
from core.text import LocalText

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "fixtures" / "case-v1.parley"
JULY, AUGUST = date(2025, 7, 9), date(2025, 8, 1)


def full_case() -> Case:
    """A case with something in every field: tests/fixtures/case-v1.parley was written from it."""
    changes = (
        SwitchOff(start=JULY, until=AUGUST, duty="reciprocal", note="only if asked"),
        SwitchOn(start=JULY, duty="copper", measure="copper_50"),
        SetRate(start=AUGUST, duty="autos", rate=Decimal("0.125"), form=RateForm.TOTAL),
        Postpone(start=JULY, duty="reciprocal"),
        Exempt(start=JULY, lines="group:cars"),
        Cap(start=JULY, lines="group:cars", rate=Decimal("0.2")),
        SetTotal(start=JULY, lines="list:s232_steel_article", rate=Decimal("0.15")),
        Quota(
            start=JULY,
            duty="steel",
            volume=Decimal(2630000),
            unit="t",
            share_in_quota=Decimal("0.75"),
            share_source=LocalText("assumption", "가정"),
            in_rate=Decimal("0.01"),
            out_rate=Decimal("0.25"),
            form=RateForm.TOTAL,
        ),
        AddDuty(
            start=AUGUST,
            duty="chips-232",
            lines="group:cars",
            title=LocalText("Chips", "반도체"),
            rate=Decimal("0.25"),
            place=Place.ON_TOP,
            citation="inquiry of April 2025",
        ),
    )
    return Case(
        title=LocalText("Every field", "모든 항목"),
        partner="KR",
        importer="US",
        as_of=date(2025, 5, 22),
        known_to=date(2025, 5, 21),
        compare_with="C",
        scenarios=(
            Scenario(letter="A", name=LocalText("Law", "현행법"), audience=Audience.SHAREABLE),
            Scenario(
                letter="C",
                name=LocalText("Ours", "우리 안"),
                summary=LocalText("All kinds of change", "모든 종류의 변경"),
                changes=changes,
                audience=Audience.DELEGATION,
                note="kept close",
            ),
        ),
        next_letter="D",
        groups=(
            ItemGroup(id="cars", name=LocalText("Cars", "승용차"), prefixes=("8703", "870421")),
            ItemGroup(id="other", name=LocalText("Other", "기타")),
        ),
        barriers=(
            BarrierRecord(
                barrier="beef-30m",
                state=BarrierState.UNDER_DISCUSSION,
                owner="MAFRA",
                position=LocalText("explain", "설명"),
                fall_back=LocalText("a group", "협의체"),
                red_line=LocalText("the age", "월령"),
                due=JULY,
                illustrative=True,
            ),
        ),
        assumptions=Assumptions(
            column_1_for_totals=Column1Use.WEIGHTED,
            default_utilisation=Decimal("0.8"),
            utilisation={"870323": Decimal("0.9")},
            listed_use={"8708": Decimal("0.5")},
            metal_share={"7326908688": Decimal("0.6")},
        ),
        pack_edition="1",
        note="for the second round",
    )


def without_ids(case: Case) -> Case:
    scenarios = tuple(
        replace(s, id="", changes=tuple(replace(change, id="") for change in s.changes)) for s in case.scenarios
    )
    return replace(case, id="", scenarios=scenarios)


class TestFormat:
    def test_what_is_saved_comes_back(self) -> None:
        for case in (full_case(), default_case()):
            assert decode(encode(case), "x") == case

    def test_the_first_version_is_read_for_ever(self) -> None:
        """The fixture never changes; its content was typed into full_case by hand."""
        read = load(FIXTURE)
        assert without_ids(read) == full_case()
        ids = [read.id, *(s.id for s in read.scenarios), *(c.id for s in read.scenarios for c in s.changes)]
        assert all(ids)
        assert load(FIXTURE) == read, "two copies of an old file get the same ids, so that they can be merged"

    def test_each_version_is_read_for_ever(self) -> None:
        """The fixture of version 2 was written by version 2 and is never written again."""
        assert load(FIXTURE.with_name("case-v2.parley")) == load(FIXTURE)

    def test_version_3_holds_the_terms_of_rivals(self) -> None:
        """The fixture is version 2's case with two rivals' terms in its second scenario, and never written again."""
        read = load(FIXTURE.with_name("case-v3.parley"))
        japan, all_but_china = read.scenarios[1].rivals
        assert (japan.partners, all_but_china.partners) == (("JP",), ("*", "-CN"))
        assert (japan.change.rate, all_but_china.change.rate) == (Decimal("0.125"), Decimal("0.15"))
        bare = replace(read, scenarios=tuple(replace(each, rivals=()) for each in read.scenarios))
        assert bare == load(FIXTURE)

    def test_the_same_case_gives_the_same_bytes(self) -> None:
        case = full_case()
        shuffled = replace(case.assumptions, utilisation=dict(reversed(case.assumptions.utilisation.items())))
        assert encode(replace(case, assumptions=shuffled)) == encode(case)
        newest = FIXTURE.with_name(f"case-v{VERSION}.parley")
        assert encode(load(newest)) == newest.read_bytes()

    def test_the_file_can_be_read_without_parley(self) -> None:
        text = encode(full_case()).decode("utf-8")
        assert json.loads(text)["case"]["scenarios"][1]["name"]["ko"] == "우리 안"
        assert '"ko": "우리 안"' in text
        assert max(map(len, text.splitlines())) < 200

    def test_a_byte_order_mark_of_an_editor_is_accepted(self) -> None:
        assert decode(b"\xef\xbb\xbf" + encode(full_case()), "x") == full_case()


def _altered(edit: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(encode(full_case()))
    edit(document)
    return json.dumps(document).encode()


def _set(*path: str | int, to: Any) -> Callable[[dict[str, Any]], None]:
    def edit(document: dict[str, Any]) -> None:
        place: Any = document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return edit


SCENARIO = ("case", "scenarios", 1)
BROKEN: list[tuple[bytes, str]] = [
    (b"", "not a Parley case"),
    (b"PK\x03\x04 a workbook", "not a Parley case"),
    (b"\xff\xfe\x00", "not a Parley case"),
    (b"[]", "not a Parley case"),
    (b'{"format": "geo"}', "not a Parley case"),
    (b" " * (MAX_BYTES + 1), "too large"),
    (encode(full_case())[:-40], r"damaged or incomplete.*Reading stopped in line \d+"),
    (b'{"format": "parley-case", "x": ' + b"[" * 100_000, "nested too deeply"),
    (b'{"format": "parley-case", "version": 1, "version": 2, "case": {}}', "'version' is there twice"),
    (b'{"format": "parley-case", "version": NaN}', "NaN is not a number"),
    (b'{"format": "parley-case", "version": ' + b"9" * 5000 + b"}", "damaged"),
    (_altered(_set("version", to=VERSION + 1)), r"newer Parley.*Update Parley.*not changed"),
    (_altered(_set("version", to=True)), "does not say its version"),
    (_altered(_set("version", to=0)), "does not say its version"),
    (_altered(_set("extra", to=1)), "nothing else"),
    (_altered(_set("case", to=[])), "does not fit"),
    (_altered(_set("case", "surprise", to=1)), r"x\.parley: case.*surprise"),
    (_altered(_set(*SCENARIO, "name", to=5)), r"x\.parley: case\.scenarios\[1\]\.name"),
    (_altered(_set(*SCENARIO, "changes", 2, "rate", to="NaN")), "0 to 1000|A rate of NaN"),
    (_altered(_set(*SCENARIO, "changes", 2, "rate", to="abc")), r"changes\[2\]\.rate"),
    (_altered(_set(*SCENARIO, "changes", 2, "change", to="set-fire")), r"changes\[2\]\.change"),
    (_altered(_set(*SCENARIO, "audience", to="everyone")), r"scenarios\[1\]\.audience"),
    (_altered(_set(*SCENARIO, "letter", to="A")), "'?A'? is there twice"),
    (_altered(_set(*SCENARIO, "letter", to="Ω")), "no letter"),
    (_altered(_set("case", "scenarios", to=[])), "first scenario has to be A"),
    (_altered(_set("case", "next_letter", to="C")), "given before"),
    (_altered(_set("case", "compare_with", to="Z")), "no scenario Z"),
    (_altered(_set("case", "as_of", to="2025-13-01")), r"case\.as_of"),
    (_altered(_set("case", "as_of", to="0001-01-01")), "cannot be meant"),
    (_altered(_set("case", "groups", 1, "prefixes", to=["8703"])), "two item groups"),
    (_altered(_set("case", "note", to="\ud800")), "does not fit"),
    (_altered(_set("case", "assumptions", "default_utilisation", to=2)), "not a share"),
]


@pytest.mark.parametrize(("data", "words"), BROKEN, ids=[words for _data, words in BROKEN])
def test_a_file_that_cannot_be_taken_is_explained(data: bytes, words: str) -> None:
    with pytest.raises(CaseFileError, match=words) as refusal:
        decode(data, "x.parley")
    assert refusal.value.where.startswith("x.parley")
    assert refusal.value.remedy


@given(st.data())
@settings(max_examples=150)
def test_a_mutated_file_is_a_case_or_one_named_error(data: st.DataObject) -> None:
    """Bytes put in, taken out or exchanged anywhere: never a crash, never half a case."""
    content = bytearray(encode(full_case()))
    for _count in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 6))
        content[start : start + length] = data.draw(st.binary(max_size=6))
    try:
        case = decode(bytes(content), "x.parley")
    except CaseFileError:
        return
    check_case(case)
    assert decode(encode(case), "x.parley") == case


class TestMigrations:
    STEPS: ClassVar[dict[int, Callable[[Any], Any]]] = {
        1: lambda content: {**content, "steps": content["steps"] + [1]},
        2: lambda content: {**content, "steps": content["steps"] + [2]},
    }

    def test_an_old_file_climbs_one_step_at_a_time(self) -> None:
        moved = migrate({"steps": []}, 1, "old", migrations=self.STEPS, current=3)
        assert moved == {"steps": [1, 2]}
        assert migrate({"steps": []}, 2, "old", migrations=self.STEPS, current=3) == {"steps": [2]}
        assert migrate({"steps": []}, 3, "old", migrations=self.STEPS, current=3) == {"steps": []}

    @pytest.mark.parametrize("content", [{}, [], None, {"steps": 5}])
    def test_a_damaged_old_file_is_explained(self, content: Any) -> None:
        with pytest.raises(CaseFileError, match="brought up from version 1"):
            migrate(content, 1, "old", migrations=self.STEPS, current=3)

    def test_there_is_a_step_from_each_older_version(self) -> None:
        assert sorted(MIGRATIONS) == list(range(1, VERSION))
        assert all((ROOT / f"tests/fixtures/case-v{n}.parley").exists() for n in range(1, VERSION + 1))


class TestSaving:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        return tmp_path / "talks.parley"

    def test_the_version_before_is_kept(self, path: Path) -> None:
        first, second = default_case(), full_case()
        save(first, path)
        assert not previous_version(path).exists()
        save(second, path)
        assert (load(path), load(previous_version(path))) == (second, first)
        save(first, path)
        assert (load(path), load(previous_version(path))) == (first, second)
        assert sorted(file.name for file in path.parent.iterdir()) == ["talks.parley", "talks.parley~"]

    @pytest.mark.skipif(os.name == "nt", reason="Windows has access lists instead")
    def test_a_new_file_is_for_its_owner_and_an_old_one_keeps_its_permissions(self, path: Path) -> None:
        save(default_case(), path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        path.chmod(0o640)
        save(full_case(), path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    @pytest.mark.skipif(os.name == "nt", reason="links need rights there")
    def test_a_link_stays_a_link(self, path: Path) -> None:
        real = path.with_name("real.parley")
        save(default_case(), real)
        path.symlink_to(real)
        save(full_case(), path)
        assert path.is_symlink()
        assert load(real) == full_case()
        assert load(previous_version(path)) == default_case()

    def test_a_disk_without_second_names_keeps_a_copy(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """FAT and exFAT, as on memory sticks."""
        save(default_case(), path)
        monkeypatch.setattr(os, "link", _failing(errno.EPERM))
        save(full_case(), path)
        assert (load(path), load(previous_version(path))) == (full_case(), default_case())
        assert len(list(path.parent.iterdir())) == 2

    def test_a_case_that_could_not_be_opened_again_is_not_saved(self, path: Path) -> None:
        save(default_case(), path)
        with pytest.raises(CaseFileError):
            save(replace(full_case(), next_letter="A"), path)
        with pytest.raises(CaseFileError, match="too large"):
            save(replace(full_case(), note="n" * MAX_BYTES), path)
        assert load(path) == default_case()


def _failing(number: int) -> Callable[..., Any]:
    def fail(*_args: Any, **_options: Any) -> None:
        raise OSError(number, os.strerror(number))

    return fail


def _full_after(size: int) -> Callable[[int, bytes], int]:
    """os.write on a disk with room for so many bytes."""
    write, room = os.write, [size]

    def limited(descriptor: int, data: bytes) -> int:
        if not room[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        part = data[: room[0]]
        room[0] -= len(part)
        return write(descriptor, part)

    return limited


FAILURES: list[tuple[str, Any, Any, str]] = [
    ("disk full", "os.write", _full_after(1000), "disk is full"),
    ("flush fails", "os.fsync", _failing(errno.EIO), "The system says"),
    ("read-only disk", "tempfile.mkstemp", _failing(errno.EROFS), "disk is read-only"),
    ("no right to write", "tempfile.mkstemp", _failing(errno.EACCES), "open, or writing is not allowed"),
    ("open elsewhere", "pathlib.Path.replace", _failing(errno.EACCES), "Another program has the file open"),
    ("drive lost", "pathlib.Path.replace", _failing(errno.EIO), "The system says"),
    ("no previous version", "shutil.copyfile", _failing(errno.ENOSPC), "disk is full"),
    ("interrupted", "os.fsync", KeyboardInterrupt, ""),
]


@pytest.mark.parametrize(
    ("name", "raises", "words"),
    [(name, raises, words) for _title, name, raises, words in FAILURES],
    ids=[title for title, *_rest in FAILURES],
)
def test_a_failed_saving_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, raises: Any, words: str
) -> None:
    path = tmp_path / "talks.parley"
    save(default_case(), path)
    before = path.read_bytes()
    with monkeypatch.context() as broken:
        broken.setattr("os.link", _failing(errno.EPERM))
        if raises is KeyboardInterrupt:
            broken.setattr(name, _interrupt)
            with pytest.raises(KeyboardInterrupt):
                save(full_case(), path)
        else:
            broken.setattr(name, raises)
            with pytest.raises(CaseFileError, match=words) as refusal:
                save(full_case(), path)
            assert refusal.value.where == str(path)
            assert refusal.value.remedy
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["talks.parley"]


def _interrupt(_descriptor: int) -> None:
    raise KeyboardInterrupt


class TestUnwritable:
    def test_a_folder_of_that_name(self, tmp_path: Path) -> None:
        (tmp_path / "talks.parley").mkdir()
        with pytest.raises(CaseFileError, match="folder of this name"):
            save(default_case(), tmp_path / "talks.parley")

    def test_a_missing_folder(self, tmp_path: Path) -> None:
        with pytest.raises(CaseFileError, match="folder does not exist any more"):
            save(default_case(), tmp_path / "gone" / "talks.parley")
        assert not (tmp_path / "gone").exists()

    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(CaseFileError, match="could not be saved"):
            save(default_case(), tmp_path / "file" / "talks.parley")

    def test_a_file_marked_read_only(self, tmp_path: Path) -> None:
        path = tmp_path / "talks.parley"
        save(default_case(), path)
        path.chmod(0o400)
        with pytest.raises(CaseFileError, match="marked as read-only"):
            save(full_case(), path)
        assert load(path) == default_case()
        path.chmod(0o600)

    def test_a_name_that_is_too_long(self, tmp_path: Path) -> None:
        with pytest.raises(CaseFileError, match="The system says"):
            save(default_case(), tmp_path / ("x" * 300 + ".parley"))
        assert list(tmp_path.iterdir()) == []

    def test_other_files_fail_with_their_own_error(self, tmp_path: Path) -> None:
        with pytest.raises(OutputError, match="folder does not exist any more"):
            atomic.write_atomically(tmp_path / "gone" / "brief.xlsx", b"", error=OutputError)


class TestUnreadable:
    def test_no_such_file(self, tmp_path: Path) -> None:
        with pytest.raises(CaseFileError, match="no such file"):
            load(tmp_path / "gone.parley")

    def test_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(CaseFileError, match=r"It is a folder|not allowed"):
            load(tmp_path)

    def test_a_file_that_may_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "talks.parley"
        save(default_case(), path)
        monkeypatch.setattr(os, "open", _failing(errno.EACCES))
        with pytest.raises(ParleyError, match="Reading it is not allowed"):
            load(path)
