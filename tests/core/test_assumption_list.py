"""The list of assumptions: each row against a count of its own over the trade, the lists and the engine."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

import numpy as np
import pytest
from msgspec.structs import replace

from core import edits, i18n
from core.assumptions import AssumptionRow, Section, Target, assumption_rows, with_value, without_value
from core.case import Case, Column1Use
from core.casefile import default_case
from core.engine import evaluate
from core.errors import InputError
from core.prefixes import parse_prefix, prefix_name
from core.reference.pack import Pack
from core.results import Floats, Results
from tests.leaks import leaks

MAY = date(2025, 5, 22)
DECEMBER = date(2025, 12, 20)  # totals, content duties and the Korean notice of 3 December are in force
LATE = date(2026, 10, 1)
METALS = ("steel", "aluminium", "copper")
CHAPTERS = [f"{chapter:02}" for chapter in range(1, 98) if chapter != 77]


@cache
def _case(day: date) -> Case:
    return replace(default_case(), as_of=day, known_to=day)


@pytest.fixture(scope="module")
def results(pack: Pack) -> Callable[[Case], Results]:
    made: dict[int, tuple[Case, Results]] = {}

    def of(case: Case) -> Results:
        if id(case) not in made:
            made[id(case)] = case, evaluate(case, pack)
        return made[id(case)][1]

    return of


def _rows(results: Results, pack: Pack) -> dict[str, AssumptionRow]:
    rows = assumption_rows(results, pack)
    assert len({row.id for row in rows}) == len(rows)
    return {row.id: row for row in rows}


def _total(results: Results) -> Floats:
    return results.evaluation("A").total


# Use of the preference


def test_the_default_share_covers_what_duty_collected_does_not_show(
    results: Callable[[Case], Results], pack: Pack
) -> None:
    """Line by line in plain arithmetic: a preference that lowers the rate, and no duty to tell its use by."""
    found = results(_case(MAY))
    portfolio, rows = found.portfolio, _rows(found, pack)
    default, implied = [], []
    for line, value in enumerate(portfolio.value.tolist()):
        mfn, preferential = float(portfolio.mfn_rate[line]), float(portfolio.preferential_rate[line])
        if mfn == mfn and preferential == preferential and mfn != preferential:
            (implied if portfolio.utilisation_inferred[line] else default).append(value)
    assert (rows["default-use"].lines, rows["implied-use"].lines) == (len(default), len(implied))
    assert rows["default-use"].trade == pytest.approx(sum(default))
    assert rows["implied-use"].trade == pytest.approx(sum(implied))
    assert rows["default-use"].value == Decimal("0.795")
    assert rows["default-use"].is_default
    assert rows["default-use"].is_uncertain
    assert rows["implied-use"].value is None
    assert not rows["implied-use"].is_settable


def test_a_line_counts_under_the_longest_code_typed_for_it(results: Callable[[Case], Results], pack: Pack) -> None:
    case = edits.set_assumption(_case(MAY), "utilisation", "85", Decimal("0.5"))
    case = edits.set_assumption(case, "utilisation", "8507", Decimal("0.9"))
    found, before = results(case), _rows(results(_case(MAY)), pack)
    rows, portfolio = _rows(found, pack), found.portfolio
    codes = portfolio.codes.tolist()
    matters = (portfolio.mfn_rate != portfolio.preferential_rate) & ~np.isnan(portfolio.mfn_rate)
    batteries = [n for n, code in enumerate(codes) if code[:4] == "8507" and matters[n]]
    others = [n for n, code in enumerate(codes) if code[:2] == "85" and code[:4] != "8507" and matters[n]]
    assert rows["use:8507"].lines == len(batteries)
    assert rows["use:8507"].trade == pytest.approx(sum(float(portfolio.value[n]) for n in batteries))
    assert rows["use:85"].lines == len(others)
    shared = ("default-use", "implied-use")
    assert sum(rows[name].lines for name in (*shared, "use:85", "use:8507")) == sum(before[n].lines for n in shared)
    assert set(found.portfolio.utilisation[batteries].tolist()) == {0.9}


def test_a_share_of_the_case_says_so_and_can_go(results: Callable[[Case], Results], pack: Pack) -> None:
    case = edits.set_default_utilisation(_case(MAY), Decimal("0.6"))
    row = _rows(results(case), pack)["default-use"]
    assert row.source == "Set in the case."
    assert not row.is_default
    assert without_value(case, row).assumptions == _case(MAY).assumptions


# Readings of the law


def test_only_questions_whose_text_was_out_are_asked(results: Callable[[Case], Results], pack: Pack) -> None:
    """The Korean notice was posted on 3 December 2025, Proclamation 11055 on 13 August 2026."""

    def asked(known: date) -> list[str]:
        found = results(replace(_case(DECEMBER), known_to=known))
        return [row.key for row in assumption_rows(found, pack) if row.target is Target.READING]

    assert asked(date(2025, 12, 2)) == []
    assert asked(date(2025, 12, 3)) == ["floor_on_rest"]
    assert asked(date(2026, 8, 13)) == ["note_52f", "floor_on_rest"]


def test_each_reading_shows_the_average_that_it_would_give(results: Callable[[Case], Results], pack: Pack) -> None:
    """Against the engine run on the case with that reading chosen."""
    case = _case(DECEMBER)
    row = _rows(results(case), pack)["reading:floor_on_rest"]
    by_reading = {c.id: results(edits.set_reading(case, row.key, c.id)) for c in row.choices}
    assert {c.id: c.average for c in row.choices} == pytest.approx(
        {reading: found.evaluation("A").average for reading, found in by_reading.items()}
    )
    assert len({round(choice.average, 6) for choice in row.choices}) == 3
    present = _total(results(case))
    moved = np.any([np.abs(_total(found) - present) > 1e-9 for found in by_reading.values()], axis=0)
    assert row.lines == int(moved.sum()) > 0
    assert row.trade == pytest.approx(results(case).portfolio.value[moved].sum())
    assert row.is_default
    assert row.is_uncertain
    assert row.doubt


def test_a_question_without_effect_yet_says_from_when(results: Callable[[Case], Results], pack: Pack) -> None:
    case = replace(_case(date(2026, 8, 20)), as_of=date(2026, 8, 20))
    row = _rows(results(case), pack)["reading:note_52f"]
    assert row.note == "No effect before 3 Sep 2026."
    assert row.trade == 0


def test_column_1_covers_the_lines_that_the_other_way_moves(results: Callable[[Case], Results], pack: Pack) -> None:
    case = _case(DECEMBER)
    other = results(edits.set_column_1_for_totals(case, Column1Use.WEIGHTED))
    row = _rows(results(case), pack)["column-1"]
    moved = np.abs(_total(other) - _total(results(case))) > 1e-9
    assert row.lines == int(moved.sum()) > 0
    assert {c.id: c.average for c in row.choices}["weighted"] == pytest.approx(other.evaluation("A").average)
    assert _rows(results(_case(MAY)), pack)["column-1"].lines == 0  # no total was in force in May 2025


# Goods listed on a condition


def _conditional(pack: Pack, name: str, on: date, assumed: str, codes: list[str]) -> list[int]:
    """Lines whose longest prefix on the list asks for something, read off the file itself."""
    with gzip.open(pack.path("scopes.csv.gz"), "rt", encoding="utf-8") as file:
        lines = [line for line in file if not line.startswith("#")]
    listed = {}
    for row in csv.DictReader(lines):
        starts, ends = row["valid_from"] or "0000", row["valid_to"] or "9999"
        if row["list"] == name and starts <= on.isoformat() < ends:
            listed[row["code"]] = row
    found = []
    for place, code in enumerate(codes):
        row = next((listed[code[:n]] for n in (10, 8, 6, 4, 2) if code[:n] in listed), None)
        if row is not None and row["condition"] and row["assumed"] == assumed:
            found.append(place)
    return found


def test_car_parts_are_counted_as_the_list_has_them(results: Callable[[Case], Results], pack: Pack) -> None:
    found = results(_case(MAY))
    rows, codes, value = _rows(found, pack), found.portfolio.codes.tolist(), found.portfolio.value
    counted = _conditional(pack, "s232_auto_parts", MAY, "yes", codes)
    left_out = _conditional(pack, "s232_auto_parts", MAY, "no", codes)
    row, stated = rows["list:s232_auto_parts"], rows["list:s232_auto_parts:for_listed_vehicle"]
    assert (row.lines, stated.lines) == (len(counted), len(left_out))
    assert row.trade == pytest.approx(float(value[counted].sum()))
    assert stated.trade == pytest.approx(float(value[left_out].sum()))
    assert (row.value, stated.value) == (1, 0)
    assert row.is_settable
    assert stated.is_settable
    assert row.title == "Car parts: part of the goods that counts (used in a car or light truck)"


def test_a_share_of_a_list_moves_only_its_lines(results: Callable[[Case], Results], pack: Pack) -> None:
    """Not all of them: three springs of chapter 73 pay 25 % as car parts and as steel."""
    row = _rows(results(_case(MAY)), pack)["list:s232_auto_parts"]
    case = with_value(_case(MAY), row, Decimal("0.4"))
    moved = np.abs(_total(results(case)) - _total(results(_case(MAY)))) > 1e-9
    counted = _conditional(pack, row.key, MAY, "yes", results(case).portfolio.codes.tolist())
    assert set(np.flatnonzero(moved)) < set(counted)
    assert int(moved.sum()) == len(counted) - 3
    typed = _rows(results(case), pack)["list:s232_auto_parts"]
    assert (typed.value, typed.source, typed.is_default) == (Decimal("0.4"), "Set in the case.", False)


@pytest.mark.parametrize(
    ("key", "default", "share", "moves"),
    [
        ("metal_weight_share_15", 1, "0.6", "lower"),
        ("s232_semiconductors:logic_chip_in_window", 0, "0.2", "higher"),
    ],
)
def test_what_the_rows_assume_can_be_set_too(
    results: Callable[[Case], Results], pack: Pack, key: str, default: int, share: str, moves: str
) -> None:
    """Weight counts as reached and chips as outside their windows, until the case says for which part."""
    before = results(_case(LATE))
    row = _rows(before, pack)[f"list:{key}"]
    assert (row.value, row.is_default) == (default, True)
    after = results(with_value(_case(LATE), row, Decimal(share)))
    step = np.nan_to_num(_total(after) - _total(before))
    assert (np.abs(step) > 1e-9).any()
    wrong_way = step > 1e-9 if moves == "lower" else step < -1e-9
    assert not wrong_way.any()
    assert _rows(after, pack)[f"list:{key}"].value == Decimal(share)
    assert with_value(after.case, row, Decimal(default)).assumptions.listed_use == {}


def test_the_range_runs_from_none_to_all_whatever_share_is_typed(results: Callable[[Case], Results]) -> None:
    case = edits.set_assumption(_case(MAY), "listed_use", "s232_auto_parts", Decimal("0.4"))
    plain, typed = results(_case(MAY)).evaluation("A"), results(case).evaluation("A")
    assert typed.average_range == pytest.approx(plain.average_range)
    assert typed.average_range[0] < typed.average < typed.average_range[1]


def test_a_share_stays_in_reach_where_its_list_asks_nothing(results: Callable[[Case], Results], pack: Pack) -> None:
    """Before 3 May 2025 there is no car-parts duty: the share typed for it can still be seen and taken out."""
    case = edits.set_assumption(_case(MAY), "listed_use", "s232_auto_parts", Decimal("0.4"))
    case = edits.set_as_of(case, date(2025, 4, 10))
    row = _rows(results(case), pack)["list:s232_auto_parts"]
    assert (row.lines, row.value) == (0, Decimal("0.4"))
    assert without_value(case, row).assumptions.listed_use == {}


# Metal shares


def test_metal_rows_cover_the_lines_that_a_share_moves(results: Callable[[Case], Results], pack: Pack) -> None:
    """Against the engine: what moves when every chapter is given 10 and then 20 % of each metal."""

    def with_all(share: str) -> Results:
        table = {f"{metal}:{chapter}": Decimal(share) for metal in METALS for chapter in CHAPTERS}
        assumptions = replace(_case(DECEMBER).assumptions, metal_share=table)
        return results(edits.set_assumptions(_case(DECEMBER), assumptions))

    low, high = (with_all(share).evaluation("A").contributions for share in ("0.1", "0.2"))
    moved = np.any([np.abs(high[metal] - low[metal]) > 1e-9 for metal in METALS], axis=0)
    found = results(_case(DECEMBER))
    rows = [_rows(found, pack)[name] for name in ("metal-own", "metal-tables", "metal-missing")]
    assert sum(row.lines for row in rows) == int(moved.sum()) > 0
    assert sum(row.trade for row in rows) == pytest.approx(float(found.portfolio.value[moved].sum()))
    assert rows[2].lines == int((moved & found.basis.metal_missing & ~_own_chapter(found)).sum())
    assert [row.value for row in rows] == [1, None, 1]


def _own_chapter(results: Results) -> np.ndarray:
    return np.isin(results.portfolio.codes.astype("U2"), ["72", "73", "74", "76"])


def test_a_metal_share_covers_what_it_moves(results: Callable[[Case], Results], pack: Pack) -> None:
    case = edits.set_assumption(_case(DECEMBER), "metal_share", "steel:8418", Decimal("0.11"))
    other = edits.set_assumption(case, "metal_share", "steel:8418", Decimal("0.77"))
    one, two = (results(each).evaluation("A").contributions["steel"] for each in (case, other))
    row, before = _rows(results(case), pack)["metal:steel:8418"], _rows(results(_case(DECEMBER)), pack)
    moved = np.abs(one - two) > 1e-9
    assert row.lines == int(moved.sum()) > 0
    assert row.trade == pytest.approx(float(results(case).portfolio.value[moved].sum()))
    assert row.name.startswith("Refrigerators, freezers")
    assert without_value(case, row).assumptions.metal_share == {}
    tables = _rows(results(case), pack)["metal-tables"]
    assert before["metal-tables"].trade - tables.trade <= row.trade


def test_no_metal_content_no_lines(results: Callable[[Case], Results], pack: Pack) -> None:
    """From 6 April 2026 the metal duties fall on the full value (Proclamation 11021)."""
    case = edits.set_assumption(_case(LATE), "metal_share", "steel:8418", Decimal("0.5"))
    metals = [row for row in assumption_rows(results(case), pack) if row.section is Section.METALS]
    assert [row.lines for row in metals] == [0, 0, 0, 0]
    assert metals[-1].note == "Concerns no trade on the day shown."


# The rest


def test_what_the_pack_takes_anyway_is_no_entry_of_the_case(results: Callable[[Case], Results], pack: Pack) -> None:
    case = _case(DECEMBER)
    rows = _rows(results(case), pack)
    reading, parts = rows["reading:floor_on_rest"], rows["list:s232_auto_parts"]
    chosen = with_value(with_value(case, reading, "full"), parts, Decimal("0.5"))
    assert chosen.assumptions.readings == {"floor_on_rest": "full"}
    assert chosen.assumptions.listed_use == {"s232_auto_parts": Decimal("0.5")}
    back = with_value(with_value(chosen, reading, "net"), parts, Decimal(1))
    assert back.assumptions == case.assumptions


def test_an_unknown_reading_is_shown_as_no_choice(results: Callable[[Case], Results], pack: Pack) -> None:
    """A case from a colleague with a newer pack."""
    case = edits.set_reading(_case(DECEMBER), "floor_on_rest", "half")
    row = _rows(results(case), pack)["reading:floor_on_rest"]
    assert (row.value, row.is_default) == ("half", False)
    assert without_value(case, row).assumptions.readings == {}


@pytest.mark.parametrize("partner", ["JP", "DE", "VN"])
def test_other_partners_have_assumptions_too(pack: Pack, partner: str) -> None:
    found = evaluate(replace(_case(MAY), partner=partner), pack)
    rows = _rows(found, pack)
    assert rows["default-use"].is_default
    names = {row.title for row in rows.values() if row.id.startswith("default-use:")}
    assert any("Civil Aircraft" in name for name in names) == (partner != "VN")  # open to all; Viet Nam: only that one
    assert {row.section for row in rows.values()} == set(Section)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize("as_of", [MAY, date(2025, 12, 31)])
def test_no_row_tells_of_later_things(pack: Pack, language: str, as_of: date) -> None:
    i18n.set_language(language)
    found = evaluate(edits.set_as_of(default_case(), as_of), pack)
    texts = [
        text
        for row in assumption_rows(found, pack)
        for text in (row.title, row.effect, row.source, row.name, row.note, row.doubt)
    ]
    assert leaks(texts, found.case, pack) == []


# Beginnings of codes


@pytest.mark.parametrize(("text", "digits"), [("8507", "8507"), ("85", "85"), ("8507.60.00", "85076000")])
def test_a_beginning_of_a_code_is_taken(pack: Pack, text: str, digits: str) -> None:
    assert parse_prefix(text, pack) == digits


@pytest.mark.parametrize("text", ["", "850", "9901", "8599", "85076001", "8507600099", "batteries"])
def test_what_begins_no_line_is_refused(pack: Pack, text: str) -> None:
    with pytest.raises(InputError):
        parse_prefix(text, pack)


def test_names_are_in_the_language_shown(pack: Pack) -> None:
    """The pack has no English name for six digits: the schedule's own words stand in, never the Korean ones."""
    assert prefix_name(pack, "850760") == "Lithium-ion batteries"
    assert prefix_name(pack, "8507").startswith("Electric storage batteries")
    for prefix in ("87", "8703", "870323", "87032301", "8708295160"):
        assert prefix_name(pack, prefix)
        assert not re.search("[가-힣]", prefix_name(pack, prefix))
    i18n.set_language("ko")
    assert re.search("[가-힣]", prefix_name(pack, "850760"))
