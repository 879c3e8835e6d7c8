"""The same through LibreOffice, which writes every cell of the file anew and decides itself what was typed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.audience import Audience
from core.briefing.lock import locked
from core.case import BarrierState, Case, RateForm
from core.comeback import apply, read_back
from core.reference.pack import Pack
from core.text import LocalText
from tests.comeback import BEEF, RICE, Delegate, change_row, sample_case, written
from tests.office import LibreOffice
from tests.office_macro import (
    Hand,
    delete_rows,
    insert_columns,
    insert_rows,
    rename,
    sort_down,
    type_as_typed,
    type_number,
    type_text,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

RATE, QUOTA = change_row(1), change_row(2)


@pytest.fixture(scope="module")
def case() -> Case:
    return sample_case()


@pytest.fixture(scope="module")
def hand(libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Hand:
    """`libreoffice` skips or fails where the program is missing."""
    return Hand(tmp_path_factory.mktemp("hand"))


def place(data: bytes, row: str, field: str) -> tuple[str, str]:
    cell = Delegate.opens(data).cell(row, field)
    return cell.parent.title, cell.coordinate


@pytest.mark.parametrize(
    ("audience", "language"),
    [(Audience.DELEGATION, "en"), (Audience.DELEGATION, "ko"), (Audience.SHAREABLE, "en")],
)
def test_saved_without_a_change_brings_nothing(
    audience: Audience, language: str, case: Case, libreoffice: LibreOffice, pack: Pack, tmp_path: Path
) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(written(case, audience, language))
    found = read_back(libreoffice.recalculate(path).read_bytes(), case, pack=pack)
    assert (found.changes, found.findings) == ((), ())


def test_typed_sorted_inserted_and_renamed(case: Case, hand: Hand, pack: Pack, tmp_path: Path) -> None:
    """Steel's quota at 55 % and 12.5 % in words of the keyboard; the checklist sorted from Z to A."""
    data = written(case)
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    steps = [
        type_as_typed(*place(data, QUOTA, "share_in_quota"), "55%"),
        type_number(*place(data, RATE, "rate"), 0.175),
        type_as_typed(*place(data, RATE, "start"), "2025-07-16"),
        type_text(*place(data, RATE, "form"), "added"),
        type_text(*place(data, BEEF, "state"), "Agreed in principle"),
        type_as_typed(*place(data, BEEF, "due"), "2025-07-04"),
        type_text(*place(data, RICE, "position"), "=not a formula"),
        type_text(*place(data, BEEF, "fall_back"), "두 줄 \N{EM DASH} 한글"),
        sort_down("Barrier checklist", "A5:P56", 1),
        insert_rows("Barrier checklist", 3, 2),
        insert_columns("Barrier checklist", 3, 1),
        insert_rows("Rate scenarios", 8, 4),
        rename("Rate scenarios", "Rates of May"),
    ]
    found = read_back(hand.work(path, steps).read_bytes(), case, pack=pack)
    assert found.findings == ()
    after = apply(case, found.changes, pack)
    quota, rate = after.scenarios[1].changes[1], after.scenarios[1].changes[0]
    assert (quota.share_in_quota, rate.rate, rate.form) == (Decimal("0.55"), Decimal("0.175"), RateForm.ADDED)
    assert rate.start.isoformat() == "2025-07-16"
    beef, rice = after.barrier("beef-30m"), after.barrier("rice")
    assert (beef.state, beef.due.isoformat()) == (BarrierState.AGREED_IN_PRINCIPLE, "2025-07-04")
    assert beef.fall_back.en == "두 줄 \N{EM DASH} 한글"
    assert rice.position == LocalText("=not a formula")
    assert len(found.changes) == 8
    assert {change.where.partition("!")[0] for change in found.changes} == {"Rates of May", "Barrier checklist"}


def test_formulas_and_deleted_rows_are_explained(case: Case, hand: Hand, tmp_path: Path) -> None:
    data = written(case)
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)
    row = int("".join(filter(str.isdigit, place(data, RICE, "state")[1])))
    steps = [type_as_typed(*place(data, RATE, "rate"), "=0.1+0.05"), delete_rows("Barrier checklist", row, 1)]
    found = read_back(hand.work(path, steps).read_bytes(), case)
    assert found.changes == ()
    assert [("formula" in finding.text, "gone" in finding.text) for finding in found.findings] == [
        (True, False),
        (False, True),
    ]


def test_korean_with_a_password(case: Case, hand: Hand, pack: Pack, tmp_path: Path) -> None:
    """Opened with its password, changed in Korean, saved without one."""
    data = written(case, language="ko")
    path = tmp_path / "한글.xlsx"
    path.write_bytes(locked(data, "열려라 참깨"))
    steps = [
        type_text(*place(data, RICE, "state"), "조건부 제안"),
        type_text(*place(data, RICE, "position"), "=쌀은 제외"),
        type_as_typed(*place(data, RATE, "rate"), "15%"),
        type_text(*place(data, RATE, "form"), "추가"),
    ]
    found = read_back(hand.work(path, steps, password="열려라 참깨").read_bytes(), case, pack=pack)
    assert found.findings == ()
    after = apply(case, found.changes, pack)
    rice = after.barrier("rice")
    assert (rice.state, rice.position) == (BarrierState.CONDITIONAL_OFFER, LocalText("", "=쌀은 제외"))
    assert (after.scenarios[1].changes[0].rate, after.scenarios[1].changes[0].form) == (Decimal("0.15"), RateForm.ADDED)
