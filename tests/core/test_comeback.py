"""What a delegate typed into the workbook comes back as changes of the case: nothing lost, nothing made up."""

from __future__ import annotations

import unicodedata
import zipfile
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from msgspec.structs import replace
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from core import edits
from core.audience import Audience, redact
from core.briefing.inputs import kind_of
from core.briefing.lock import locked
from core.case import BarrierState, Case, Column1Use, RateForm
from core.case_rules import check_case
from core.casefile import default_case
from core.comeback import apply, read_back
from core.errors import InputError, WorkbookNeedsPassword, WorkbookWrongPassword
from core.reference.pack import Pack
from core.text import LocalText
from tests.comeback import BEEF, RICE, Delegate, change_row, only, sample_case, written

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning:openpyxl")

EDITIONS = [(audience, language) for audience in Audience for language in ("en", "ko")]


@pytest.fixture(scope="module")
def case() -> Case:
    return sample_case()


@pytest.fixture(scope="module")
def workbook(case: Case) -> bytes:
    return written(case)


@pytest.fixture(scope="module")
def korean(case: Case) -> bytes:
    return written(case, language="ko")


class TestUntouched:
    @pytest.mark.parametrize(("audience", "language"), EDITIONS)
    def test_brings_nothing(self, audience: Audience, language: str, case: Case, pack: Pack) -> None:
        data = written(case, audience, language)
        for content in (data, Delegate.opens(data).saves()):
            found = read_back(content, case, pack=pack)
            assert (found.changes, found.findings) == ((), ())
            assert (found.audience, found.language) == (audience, language)

    def test_texts_that_a_cell_alters_bring_nothing(self, case: Case) -> None:
        """Line ends, control characters, Hangul in pieces, what looks like a formula or a code of Excel's."""
        hangul = unicodedata.normalize("NFD", "한글")
        odd = ("a\r\nb\rc", "a\x00b\x0b", hangul, "=1+1", "_x0041_ _x000D_", " x ", "&<>\"'", "x" * 40_000)
        names = ("trq", "rice", "kdb", "currency", "beef-30m", "beef-processed", "biotech", "biotech-gene")
        barriers = tuple(
            replace(case.barriers[0], barrier=name, position=LocalText(text), owner=text[:50])
            for name, text in zip(names, odd, strict=True)
        )
        data = written(odd_case := replace(case, barriers=barriers))
        assert read_back(data, odd_case).changes == ()
        saved = read_back(Delegate.opens(data).saves(), odd_case).changes
        assert {change.row for change in saved} <= {"barrier:beef-30m"}, "openpyxl takes such codes for what they mean"

    def test_an_example_case_brings_nothing(self, pack: Pack) -> None:
        case = replace(default_case(), partner="BH")
        assert read_back(written(case), case, pack=pack).changes == ()


# (row, field, typed in the cell, value of the case afterwards)
RATE, QUOTA, OPEN_QUOTA, CAP, NEW = map(change_row, range(1, 6))
TYPED: list[tuple[str, str, object, object]] = [
    ("case", "as_of", date(2025, 6, 2), date(2025, 6, 2)),
    (RATE, "start", date(2025, 7, 16), date(2025, 7, 16)),
    (RATE, "until", date(2025, 10, 1), date(2025, 10, 1)),
    (RATE, "until", "–", None),
    (RATE, "until", None, None),
    (RATE, "rate", 0.15, Decimal("0.15")),
    (RATE, "rate", 0.1 + 0.2, Decimal("0.3")),
    (RATE, "rate", "17.5 %", Decimal("0.175")),
    (RATE, "rate", 0, Decimal(0)),
    (RATE, "form", "added", RateForm.ADDED),
    (RATE, "form", "추가", RateForm.ADDED),
    (QUOTA, "rate", 0.45, Decimal("0.45")),
    (QUOTA, "volume", 1_500_000, Decimal(1_500_000)),
    (QUOTA, "volume", "–", None),
    (QUOTA, "unit", "units", "units"),
    (QUOTA, "unit", "–", ""),
    (QUOTA, "share_in_quota", 0.55, Decimal("0.55")),
    (QUOTA, "in_rate", 0.01, Decimal("0.01")),
    (OPEN_QUOTA, "share_in_quota", 1 / 3, None),  # what stands there already, to 14 digits
    (CAP, "rate", 0.12, Decimal("0.12")),
    (NEW, "start", "2025-07-20", date(2025, 7, 20)),
    ("assumption:column_1_for_totals", "value", "weighted by use", Column1Use.WEIGHTED),
    ("assumption:default_utilisation", "value", 0.7, Decimal("0.7")),
    ("assumption:utilisation:39", "value", 0.25, Decimal("0.25")),
    (BEEF, "state", "Raised", BarrierState.RAISED),
    (BEEF, "state", "제기", BarrierState.RAISED),
    (RICE, "state", "Not opened", BarrierState.REFUSED),
    (BEEF, "owner", "MOTIE", "MOTIE"),
    (BEEF, "owner", None, ""),
    (BEEF, "due", date(2025, 7, 4), date(2025, 7, 4)),
    (BEEF, "due", None, None),
    (RICE, "due", "2025. 7. 4.", date(2025, 7, 4)),
    (BEEF, "position", "Yield", LocalText("Yield", "설명")),
    (BEEF, "position", None, LocalText()),
    (RICE, "position", "=SUM(1)", None),
    (RICE, "position", "+82 2 100", LocalText("+82 2 100")),
    (BEEF, "fall_back", "Another", LocalText("Another")),
    (BEEF, "red_line", "None", LocalText("None", "변경 불가")),
    (RICE, "owner", 7, "7"),
]


def value(case: Case, row: str, field: str) -> object:
    """Without the reader's own ways: straight from the case."""
    sort, _separator, name = row.partition(":")
    if sort == "case":
        return getattr(case, field)
    if sort == "barrier":
        return getattr(case.barrier(name), field)
    if sort == "change":
        change = next(change for scenario in case.scenarios for change in scenario.changes if change.id == name)
        return getattr(change, "out_rate" if field == "rate" and change.id == "s-4" else field)
    table, _separator, key = name.partition(":")
    found = getattr(case.assumptions, table)
    return found[key] if key else found


class TestTyped:
    @pytest.mark.parametrize(("row", "field", "typed", "expected"), TYPED)
    def test_each_input(
        self, row: str, field: str, typed: object, expected: object, case: Case, workbook: bytes, pack: Pack
    ) -> None:
        found = Delegate.opens(workbook).types(row, field, typed).returns(case, pack)
        is_formula, is_same = str(typed).startswith("="), (row, field) == (OPEN_QUOTA, "share_in_quota")
        if is_formula or is_same:
            assert found.changes == ()
            return
        change = only(found)
        assert (change.row, change.field, change.is_conflict) == (row, field, False)
        after = apply(case, found.changes, pack)
        check_case(after)
        assert value(after, row, field) == expected
        assert value(case, row, field) != expected

    def test_every_field_that_can_be_typed_is_in_the_table_above(self, workbook: bytes) -> None:
        names = {(row.partition(":")[0], field) for row, field, _typed, _expected in TYPED}
        hidden = Delegate.opens(workbook).book["Ids"]
        carried = {(str(row[0]).partition(":")[0], row[2]) for row in hidden.iter_rows(min_row=6, values_only=True)}
        assert {(sort, field) for sort, field in carried if kind_of(sort + ":", str(field))} - {
            ("change", "label")
        } <= (names | {("assumption", "value")})
        assert len(names) > 15

    def test_all_at_once_is_one_case_and_leaves_the_rest(self, case: Case, workbook: bytes, pack: Pack) -> None:
        delegate = Delegate.opens(workbook)
        delegate.types(RATE, "rate", 0.2).types(RATE, "start", date(2025, 8, 1)).types(QUOTA, "in_rate", 0.03)
        delegate.types(BEEF, "state", "Agreed").types(RICE, "position", "Listen").types(RICE, "state", "Raised")
        found = delegate.returns(case, pack)
        by_hand = edits.replace_change(
            case, "B", 0, replace(case.scenarios[1].changes[0], rate=Decimal("0.2"), start=date(2025, 8, 1))
        )
        by_hand = edits.replace_change(
            by_hand, "B", 1, replace(by_hand.scenarios[1].changes[1], in_rate=Decimal("0.03"))
        )
        by_hand = edits.set_barrier(by_hand, "beef-30m", state=BarrierState.AGREED)
        by_hand = edits.set_barrier(by_hand, "rice", position=LocalText("Listen"), state=BarrierState.RAISED)
        assert apply(case, found.changes, pack) == by_hand
        assert [change.id for change in by_hand.scenarios[1].changes] == ["s-3", "s-4", "s-5", "s-6", "s-7"]

    def test_only_what_was_chosen_is_applied(self, case: Case, workbook: bytes) -> None:
        found = Delegate.opens(workbook).types(BEEF, "state", "Agreed").types(BEEF, "owner", "X").returns(case)
        after = apply(case, found.changes[:1])
        assert (after.barrier("beef-30m").state, after.barrier("beef-30m").owner) == (BarrierState.AGREED, "MAFRA")
        assert apply(case, ()) is case

    def test_in_words(self, case: Case, workbook: bytes) -> None:
        change = only(Delegate.opens(workbook).types(RATE, "rate", 0.12345).returns(case))
        assert change.what == "B 1 · rate set · Reciprocal duty: Rate"
        assert (change.before, change.after) == ("12.5\N{NO-BREAK SPACE}%", "12.345\N{NO-BREAK SPACE}%")
        assert change.where.startswith("Rate scenarios!F")
        state = only(Delegate.opens(workbook).types(BEEF, "state", "Agreed").returns(case))
        assert (state.what, state.before, state.after) == ("Beef: 30-month age limit: State", "Explained", "Agreed")
        assert state.where.startswith("Barrier checklist!H")


class TestKorean:
    def test_words_and_texts_of_the_edition(self, case: Case, korean: bytes, pack: Pack) -> None:
        delegate = Delegate.opens(korean)
        assert delegate.cell(BEEF, "state").value != "Explained"
        delegate.types(BEEF, "state", delegate.cell(RICE, "state").value).types(BEEF, "position", "기다림")
        found = delegate.types(RATE, "form", "added").types(RATE, "rate", "15%").returns(case, pack)
        assert found.findings == ()
        after = apply(case, found.changes, pack)
        record = after.barrier("beef-30m")
        assert record.state is BarrierState.NOT_RAISED
        assert record.position == LocalText("Explain.\nThen wait.", "기다림")
        assert (value(after, RATE, "form"), value(after, RATE, "rate")) == (RateForm.ADDED, Decimal("0.15"))

    def test_a_text_in_the_other_language_only(self, case: Case, korean: bytes) -> None:
        """The fall-back is in English alone and stands in for Korean: written over, the English one stays."""
        change = only(Delegate.opens(korean).types(BEEF, "fall_back", "공동 기술협의").returns(case))
        assert "English" in change.note
        assert apply(case, [change]).barrier("beef-30m").fall_back == LocalText("A joint group", "공동 기술협의")

    def test_emptied_is_emptied_in_both(self, case: Case, korean: bytes) -> None:
        change = only(Delegate.opens(korean).types(BEEF, "red_line", None).returns(case))
        assert "both" in change.note
        assert apply(case, [change]).barrier("beef-30m").red_line == LocalText()


class TestBothSides:
    """The case went on while the workbook was away."""

    def test_another_answer_is_a_conflict(self, case: Case, workbook: bytes) -> None:
        now = edits.set_barrier(case, "beef-30m", state=BarrierState.AGREED)
        found = Delegate.opens(workbook).types(BEEF, "state", "Raised").returns(now)
        (change,) = found.changes
        assert (change.is_conflict, change.before, change.after) == (True, "Agreed", "Raised")
        assert found.conflicts == (change,)
        assert found.agreed == ()
        assert apply(now, found.conflicts).barrier("beef-30m").state is BarrierState.RAISED

    def test_the_same_answer_is_none(self, case: Case, workbook: bytes) -> None:
        now = edits.set_barrier(case, "beef-30m", state=BarrierState.RAISED)
        assert Delegate.opens(workbook).types(BEEF, "state", "Raised").returns(now).changes == ()

    def test_what_only_the_case_changed_stays(self, case: Case, workbook: bytes) -> None:
        now = edits.set_barrier(case, "beef-30m", state=BarrierState.RAISED, owner="X")
        found = Delegate.opens(workbook).types(RICE, "owner", "Y").returns(now)
        assert [(change.row, change.is_conflict) for change in found.changes] == [(RICE, False)]

    def test_an_older_workbook_says_so(self, case: Case, workbook: bytes) -> None:
        now = edits.set_barrier(case, "beef-30m", state=BarrierState.RAISED, owner="X")
        now = edits.remove_change(now, "B", 3)
        now = edits.add_change(now, "B", replace(case.scenarios[1].changes[0], id="added-later"))
        (finding,) = Delegate.opens(workbook).returns(now).findings
        assert "something else now: 2" in finding.text
        assert "gone: 1" in finding.text
        assert "new: 1" in finding.text
        assert not finding.is_refusal

    def test_a_change_that_is_gone(self, case: Case, workbook: bytes) -> None:
        now = edits.remove_change(case, "B", 3)
        found = Delegate.opens(workbook).types(CAP, "rate", 0.1).returns(now)
        assert found.changes == ()
        assert any(finding.is_refusal and "no more" in finding.text for finding in found.findings)

    def test_changes_that_moved_keep_their_answers(self, case: Case, workbook: bytes) -> None:
        """By id, not by place: the cap is the first change of the scenario by now."""
        now = edits.move_change(case, "B", 3, 0)
        change = only(Delegate.opens(workbook).types(CAP, "rate", 0.1).returns(now))
        assert change.what.startswith("B 1 · all duties capped")
        assert value(apply(now, [change]), CAP, "rate") == Decimal("0.1")

    def test_a_renamed_scenario_is_the_same(self, case: Case, workbook: bytes) -> None:
        now = edits.rename_scenario(case, "B", "Another name")
        assert only(Delegate.opens(workbook).types(CAP, "rate", 0.1).returns(now)).row == CAP


class TestTogether:
    def test_a_start_may_wait_for_its_end(self, case: Case, workbook: bytes) -> None:
        """The new start is after the old end: each alone would be refused."""
        delegate = (
            Delegate.opens(workbook).types(RATE, "start", date(2025, 10, 1)).types(RATE, "until", date(2025, 12, 1))
        )
        found = delegate.returns(case)
        assert found.findings == ()
        assert value(apply(case, found.changes), RATE, "start") == date(2025, 10, 1)
        with pytest.raises(InputError):
            apply(case, [change for change in found.changes if change.field == "start"])

    def test_an_end_before_its_start_is_refused(self, case: Case, workbook: bytes) -> None:
        found = Delegate.opens(workbook).types(RATE, "until", date(2025, 7, 1)).types(CAP, "rate", 0.1).returns(case)
        assert [change.row for change in found.changes] == [CAP]
        (finding,) = found.findings
        assert finding.is_refusal
        assert "before it starts" in finding.text
        assert finding.where.startswith("Rate scenarios!E")

    def test_a_day_without_law_is_refused(self, case: Case, workbook: bytes, pack: Pack) -> None:
        found = Delegate.opens(workbook).types("case", "as_of", date(2031, 1, 1)).returns(case, pack)
        assert found.changes == ()
        assert "no law" in found.findings[0].text


# (row, field, typed, words of the refusal)
REFUSED: list[tuple[str, str, Any, str]] = [
    (RATE, "rate", 12.5, "A rate of 1250"),
    (RATE, "rate", -0.1, "A rate of -10"),
    (RATE, "rate", "12.5", "12.5"),
    (RATE, "rate", "12,5 %", "two ways"),
    (RATE, "rate", None, "nothing"),
    (RATE, "rate", "=0.1+0.05", "formula"),
    (RATE, "rate", True, "True"),
    (RATE, "rate", "#REF!", "#REF!"),
    (RATE, "form", "both", "both"),
    (RATE, "form", None, "none of the words"),
    (RATE, "start", "7/9/2025", "7/9/2025"),
    (RATE, "start", None, "nothing"),
    (RATE, "start", 3_000_000, "3000000"),
    (RATE, "until", "later", "later"),
    (QUOTA, "share_in_quota", 60, "60"),
    (QUOTA, "volume", 0, "quota of 0"),
    (QUOTA, "volume", "many", "many"),
    (QUOTA, "unit", "t" * 201, "201"),
    ("assumption:default_utilisation", "value", 1.2, "1.2"),
    ("assumption:column_1_for_totals", "value", "x", "'x'"),
    (BEEF, "state", "Nearly agreed", "Nearly agreed"),
    (BEEF, "state", None, "Choose one of"),
    (BEEF, "owner", "x" * 201, "201"),
    (BEEF, "due", "soon", "soon"),
    (BEEF, "position", "x" * 30_001, "30001"),
    (BEEF, "position", "=A1", "formula"),
    (BEEF, "position", "=HYPERLINK(\"http://example.org\")", "formula"),
]  # fmt: skip


class TestRefused:
    @pytest.mark.parametrize(("row", "field", "typed", "words"), REFUSED)
    def test_says_which_cell_and_why(
        self, row: str, field: str, typed: Any, words: str, case: Case, workbook: bytes
    ) -> None:
        delegate = Delegate.opens(workbook).types(row, field, typed).types(RICE, "owner", "Y")
        cell = delegate.cell(row, field)
        found = delegate.returns(case)
        assert [(change.row, change.field) for change in found.changes if change.row == row] == []
        assert [change.row for change in found.changes] == [RICE]
        (finding,) = found.findings
        assert finding.is_refusal
        assert words in finding.text
        assert finding.where == f"{cell.parent.title}!{cell.coordinate}"

    def test_a_later_day_has_no_place_in_the_case(self, case: Case, workbook: bytes) -> None:
        found = Delegate.opens(workbook).types("case", "day_2", date(2025, 7, 15)).returns(case)
        assert found.changes == ()
        (finding,) = found.findings
        assert "no place" in finding.text

    def test_a_long_text_that_was_there_before_is_no_news(self, case: Case) -> None:
        case = edits.set_barrier(case, "rice", owner="x" * 300, position=LocalText("x" * 32_000))
        assert read_back(written(case), case).findings == ()


class TestAudiences:
    def test_a_wider_workbook_brings_back_what_it_has(self, case: Case, pack: Pack) -> None:
        data = written(case, Audience.INTERNAL)
        found = Delegate.opens(data).types(BEEF, "state", "Raised").types(RATE, "rate", 0.1).returns(case, pack)
        assert found.findings == ()
        after = apply(case, found.changes, pack)
        assert after.barrier("beef-30m").fall_back == case.barrier("beef-30m").fall_back
        assert after.barrier("beef-30m").state is BarrierState.RAISED

    def test_a_shareable_workbook_knows_no_barrier_and_no_secret_scenario(self, case: Case) -> None:
        data = written(case, Audience.SHAREABLE)
        found = Delegate.opens(data).types("assumption:default_utilisation", "value", 0.5).returns(case)
        assert [change.row for change in found.changes] == ["assumption:default_utilisation"]
        assert found.findings == (), "what the workbook could not know is no reason to call it old"
        for row, field in ((BEEF, "state"), (RATE, "rate")):
            with pytest.raises(AssertionError):
                Delegate.opens(data).cell(row, field)

    def test_redacted_copies_read_back_alike(self, case: Case) -> None:
        """A delegate who was only given the internal copy of the case reads an internal workbook."""
        data = written(case, Audience.INTERNAL)
        copy = redact(case, Audience.INTERNAL)
        assert read_back(data, copy).findings == ()


class TestPassword:
    def test_with_without_and_with_another(self, case: Case, workbook: bytes) -> None:
        data = locked(Delegate.opens(workbook).types(BEEF, "state", "Raised").saves(), "참깨 1")
        assert only(read_back(data, case, password="참깨 1")).after == "Raised"
        with pytest.raises(WorkbookNeedsPassword):
            read_back(data, case)
        with pytest.raises(WorkbookWrongPassword):
            read_back(data, case, password="참깨 2")
        assert read_back(workbook, case, password="not needed").changes == ()


def test_days_counted_from_1904(case: Case, workbook: bytes) -> None:
    """As Excel for the Mac once did: 9 July 2025 is day 44385 there."""
    book = Delegate.opens(workbook).types(RICE, "due", date(2025, 7, 9))
    book.book.epoch = CALENDAR_MAC_1904
    data = book.saves()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert b'date1904="1"' in archive.read("xl/workbook.xml")
    changes = [change for change in read_back(data, case).changes if change.row == RICE]
    assert [change.text for change in changes] == ["2025-07-09"]
