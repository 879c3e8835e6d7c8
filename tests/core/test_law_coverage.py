"""How far the pack holds a partner's law: three levels, what is missing, and since when one can know of it."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path

import msgspec
import pytest

from core.cli.duty import as_data
from core.law_coverage import coverage_data, coverage_note
from core.reference.build.checks import BuildError
from core.reference.build.law import write_law
from core.reference.build.steps import build
from core.reference.law import CoverageLevel, Lack, Law, PartnerCoverage
from core.reference.pack import Pack
from core.tariff.query import Question, answer
from core.text import LocalText

SOURCE = Path(__file__).parents[2] / "packaging" / "reference"
QUOTA, ORDER = LocalText("the quota of 2022", "2022년 쿼터"), LocalText("the order of August", "8월 행정명령")
STANDARD = ("nobody has checked this partner's own agreements and orders",)


@pytest.fixture(scope="module")
def covered(pack: Pack) -> Pack:
    """Korea complete, Japan and the European Union checked; the EU lacks an order of 31 July 2025."""
    file = msgspec.structs.replace(
        pack.law.file,
        partner_coverage=PartnerCoverage(
            complete=("KR",),
            checked=("JP", "EU"),
            missing=(
                Lack(partners=("JP", "CN"), what=QUOTA),
                Lack(partners=("EU", "@annex_i_april", "-JP", "-KR", "-CN", "-VN"), what=ORDER, instrument="EO-14326"),
            ),
        ),
    )
    found = copy.copy(pack)
    vars(found)["law"] = Law(file, pack.law.instruments, pack.law.changes, pack.law.lists)
    return found


@pytest.mark.parametrize(
    ("partner", "union", "level", "missing"),
    [
        ("KR", "", CoverageLevel.COMPLETE, ()),
        ("JP", "", CoverageLevel.CHECKED, (str(QUOTA),)),
        ("DE", "EU", CoverageLevel.CHECKED, (str(ORDER),)),
        ("EU", "", CoverageLevel.CHECKED, (str(ORDER),)),
        ("CN", "", CoverageLevel.PARTIAL, (str(QUOTA),)),
        ("VN", "", CoverageLevel.PARTIAL, STANDARD),
    ],
)
def test_levels(covered: Pack, partner: str, union: str, level: CoverageLevel, missing: tuple[str, ...]) -> None:
    assert covered.law.coverage_level(partner, union) is level
    assert covered.law.missing(partner, union) == missing
    assert coverage_data(covered.law, partner, union) == {"coverage": level.value, "missing": list(missing)}


def test_what_was_not_out_cannot_be_known_to_lack(covered: Pack) -> None:
    """EO 14326 was signed on 31 July 2025."""
    assert covered.law.missing("DE", "EU", date(2025, 7, 30)) == ()
    assert covered.law.missing("DE", "EU", date(2025, 7, 31)) == (str(ORDER),)


def test_the_note_says_the_level_and_what_is_missing(covered: Pack) -> None:
    assert coverage_note(covered.law, "KR") == ""
    assert coverage_note(covered.law, "JP") == (
        "The law on goods from this partner was checked against the texts. Missing: the quota of 2022."
    )
    assert STANDARD[0] in coverage_note(covered.law, "VN")


def test_an_answer_carries_both(covered: Pack) -> None:
    data = as_data(answer(covered, Question("33049950", "DE", date(2025, 9, 1))))
    assert (data["coverage"], data["missing"]) == ("checked", [str(ORDER)])
    assert any(str(ORDER) in warning for warning in data["warnings"])
    assert as_data(answer(covered, Question("33049950", "KR", date(2025, 9, 1))))["warnings"] == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("requires: uas_annex_ii", "requires: no_such_fact", "no_such_fact"),
        ("lists: [s232_autos]", "lists: [no_such_list]", "no_such_list"),
    ],
)
def test_the_builder_refuses_names_that_nothing_stands_for(tmp_path: Path, old: str, new: str, words: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for path in SOURCE.iterdir():
        if path.name != "law":
            (source / path.name).symlink_to(path)
    (source / "law").mkdir()
    for path in (SOURCE / "law").iterdir():
        (source / "law" / path.name).write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(BuildError, match=words):
        build(source, tmp_path / "pack", (write_law,))
