"""The history as a table: what entries concerned, and a CSV file in which nothing is a formula."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from core import edits
from core.case import Case, HistoryEntry, RateForm
from core.casefile import default_case
from core.casefile.difference import names_of
from core.history import numbered, stamped
from core.history_table import csv_bytes, history_rows, neutral, part_words, within
from core.imports.cleaning import cleaned
from core.reference.pack import Pack

MORNING = datetime(2025, 5, 22, 9, tzinfo=UTC)


def made(*edited: tuple[str, Case]) -> Case:
    case = default_case()
    for what, after in edited:
        done = stamped(case, replace(after, history=case.history), what, at=MORNING, who="Kim", make_id=numbered("k"))
        case = done
    return case


def test_rows_are_newest_first_and_say_what_was_concerned(pack: Pack) -> None:
    first = edits.set_cell_rate(default_case(), "C", "autos", Decimal("0.1"), RateForm.TOTAL, date(2025, 8, 1))
    second = edits.set_barrier(first, "trq", owner="MAFRA")
    third = edits.set_as_of(second, date(2025, 7, 9))
    rows = history_rows(made(("Rate", first), ("Owner", second), ("Day", third)), names_of(pack))
    assert [row.what for row in rows] == ["Day", "Owner", "Rate"]
    assert rows[0].concerns == "Rates as of"
    assert rows[1].concerns == "Barrier Farm tariff-rate quotas"
    assert rows[2].concerns == "Scenario C (15 all-in) › Cars and light trucks: total 10\N{NO-BREAK SPACE}%"
    assert (rows[2].who, rows[2].at) == ("Kim", MORNING)


def test_parts_that_are_gone_are_still_named_by_kind(pack: Pack) -> None:
    words = part_words(default_case(), names_of(pack))
    assert words("scenario:gone") == "a scenario that was removed"
    assert words("change:gone") == "a change that was removed"
    assert words("barrier:trq") == "Barrier Farm tariff-rate quotas"
    assert words("something new") == "something new"


def test_a_scenario_has_the_edits_of_its_changes() -> None:
    case = default_case()
    scenario = case.scenario("C")
    parts = within(case, f"scenario:{scenario.id}")
    assert {f"change:{change.id}" for change in scenario.changes} < parts
    assert within(case, "barrier:trq") == {"barrier:trq"}


def test_a_time_without_zone_is_utc(pack: Pack) -> None:
    case = replace(default_case(), history=(HistoryEntry(at=datetime(2025, 5, 22, 9)),))  # noqa: DTZ001
    assert history_rows(case, names_of(pack))[0].at == MORNING


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "=cmd|' /C calc'!A0", "\n=1"]
)
def test_nothing_is_a_formula(text: str) -> None:
    """What OWASP lists as starts of formulas, and the full-width signs that a Korean Excel takes for them."""
    assert neutral(text).startswith("'")


def test_the_mark_goes_again_when_the_table_is_read() -> None:
    assert cleaned(neutral("=1+1")) == "=1+1"
    assert neutral("plain - text") == "plain - text"


def test_letters_quotes_and_lines_come_back() -> None:
    rows = [["상호관세", 'a "quoted" word', "two\nlines", "a,b", "lone \ud800"]]
    data = csv_bytes(["When", "Who", "What", "Concerns", "More"], rows)
    assert data.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert read[1][:4] == rows[0][:4]
