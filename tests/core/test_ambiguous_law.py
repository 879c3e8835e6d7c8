"""Law that can be read in two ways: both readings in figures, the one taken, and how each is shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from core import edits
from core.casefile import default_case
from core.engine import evaluate, evaluate_on
from core.errors import InputError
from core.portfolio import build_basis
from core.reference.pack import Pack
from core.tariff.line_trace import explain_line
from core.tariff.query import Answer, Question, answer

DRONE = date(2026, 9, 15)


def asked(pack: Pack, code: str, on: date, *facts: str, **more: object) -> Answer:
    question = Question(code, "KR", on, originating=True, facts=frozenset(facts), **more)  # type: ignore[arg-type]
    found = answer(pack, question)
    result = found.originating or found.non_originating
    assert result is not None
    return result


# Proclamation 11055: 100 % on Annex I, 25 % on Annex II, Korea at most 15 % in all where certified, in addition to
# other duties. Note 52(f) lacks drones, so the 12.5 % of Section 301 adds (facts/CORRECTIONS.md 1); the other reading
# sets it aside.
@pytest.mark.parametrize(
    ("code", "facts", "adds", "set_aside"),
    [
        ("88062400", (), 1.125, 1.0),
        ("88062200", ("uas_annex_ii",), 0.375, 0.25),
        ("88062200", (), 1.125, 1.0),
        ("88062200", ("uas_annex_ii", "uas_allied_certified"), 0.275, 0.15),
        ("88062400", ("uas_allied_certified",), 0.275, 0.15),
        ("88073000", (), 0.125, 0.125),
        ("88073000", ("drone_part",), 1.125, 1.0),
    ],
)
def test_drones(pack: Pack, code: str, facts: tuple[str, ...], adds: float, set_aside: float) -> None:
    first = asked(pack, code, DRONE, *facts)
    other = asked(pack, code, DRONE, *facts, readings={"note_52f": "set_aside"})
    assert first.total == pytest.approx(adds)
    assert other.total == pytest.approx(set_aside)
    shown = {(each.question.id, each.reading.id): each.total for each in first.others}
    assert shown == ({} if adds == set_aside else {("note_52f", "set_aside"): pytest.approx(set_aside)})
    assert [each.reading.id for each in other.others] == ([] if adds == set_aside else ["adds"])


def test_the_components_of_a_drone_are_both_duties(pack: Pack) -> None:
    found = asked(pack, "88062400", DRONE, "uas_allied_certified")
    assert [(each.measure, each.heading) for each in found.components] == [
        ("uas_allied_15", "9903.08.24"),
        ("s301_forced_labour_korea", "9903.05.71"),
    ]
    assert any("medium confidence" in text for text in found.doubts)


def test_what_a_certificate_would_change_is_said(pack: Pack) -> None:
    """The step for a measure that nobody stated the fact for names the fact and the heading."""
    found = asked(pack, "88062200", DRONE)
    unmet = [step for step in found.steps if "uas_" in step.detail]
    assert {step.heading for step in unmet} == {"9903.08.24", "9903.08.22"}
    assert not any(step.charged for step in unmet)


def test_nobody_reads_a_proclamation_before_it_is_out(pack: Pack) -> None:
    found = asked(pack, "88062400", DRONE, known=date(2026, 8, 12))
    assert found.total == pytest.approx(0.125)
    assert found.others == ()


# The proclamation of 6 August 2026: modules US$ 0.38 a watt, wafers 100 a kilogram, polysilicon 21; with documents the
# difference to the entered value, without them the whole price; the 15 % falls on all but polysilicon itself. Modules
# pay Section 301 besides; polysilicon and wafers are on its exempt list (heading 9903.05.86).
@pytest.mark.parametrize(
    ("code", "facts", "unit_value", "own", "s301"),
    [
        ("85414300", ("first_sale_documented",), 0.30, 0.08 / 0.30 + 0.15, 0.125),
        ("85414300", ("first_sale_documented",), 0.40, 0.15, 0.125),
        ("85414300", (), 0.40, 0.38 / 0.40 + 0.15, 0.125),
        ("38180000", ("first_sale_documented",), 80.0, 20 / 80 + 0.15, 0.0),
        ("28046100", ("first_sale_documented",), 20.0, 1 / 20, 0.0),
    ],
)
def test_polysilicon(pack: Pack, code: str, facts: tuple[str, ...], unit_value: float, own: float, s301: float) -> None:
    found = asked(pack, code, date(2026, 12, 4), "polysilicon_derivative", *facts, unit_value=unit_value)
    assert found.total == pytest.approx(own + s301)
    free = asked(pack, code, date(2026, 12, 4), "not_polysilicon_derivative")
    assert free.total == pytest.approx(s301)


def test_a_minimum_price_asks_for_the_unit_value(pack: Pack) -> None:
    found = asked(pack, "85414300", date(2026, 12, 4), "polysilicon_derivative")
    assert found.total is None
    assert "unit value" in found.needs[0]


# A part of 60 % steel, MFN 2.5 %, on 20 November 2025: 50 % x 0.6 on the steel; on the rest a total of 15 %.
@pytest.mark.parametrize(
    ("reading", "total"),
    [
        ("net", 0.025 + 0.30 + 0.4 * (0.15 - 0.025)),
        ("full", 0.025 + 0.30 + 0.4 * 0.15),
        ("article", 0.025 + 0.30),
    ],
)
def test_a_total_on_what_the_metal_leaves(pack: Pack, reading: str, total: float) -> None:
    question = Question(
        "87089981",
        "KR",
        date(2025, 11, 20),
        originating=False,
        metals={"steel": 0.6},
        facts=frozenset({"not_vehicle_part"}),
        readings={"floor_on_rest": reading},
    )
    found = answer(pack, question).non_originating
    assert found is not None
    assert found.total == pytest.approx(total)
    others = {each.reading.id for each in found.others}
    assert others == {"net", "full", "article"} - {reading}


def test_without_metal_all_readings_agree(pack: Pack) -> None:
    """A total on an article of which no metal duty takes a part is not in question."""
    question = Question("19023000", "KR", date(2025, 11, 20), originating=False)
    found = answer(pack, question).non_originating
    assert found is not None
    assert found.total == pytest.approx(0.15)
    assert found.others == ()


def test_the_portfolio_follows_the_reading(pack: Pack) -> None:
    """Over all lines the reading in full costs more than the net one, the one by article less; line by line too."""
    case = edits.set_known_to(edits.set_as_of(default_case(), date(2025, 12, 20)), date(2025, 12, 20))
    law = case.scenarios[0]
    rates = {}
    for reading in ("net", "full", "article"):
        read = edits.set_reading(case, "floor_on_rest", reading)
        rates[reading] = evaluate_on(read, build_basis(read, pack), law).total
    assert np.nanmax(rates["net"] - rates["full"]) < 1e-12
    assert np.nanmax(rates["article"] - rates["net"]) < 1e-12
    assert np.nansum(rates["full"] - rates["net"]) > 0
    assert np.nansum(rates["net"] - rates["article"]) > 0


def test_the_trace_of_a_line_shows_the_other_reading(pack: Pack) -> None:
    case = edits.set_known_to(edits.set_as_of(default_case(), DRONE), DRONE)
    case = edits.set_assumption(case, "listed_use", "s301_exempt_aircraft", Decimal(0))
    trace = explain_line(evaluate(case, pack), pack, "8806240000", "A")
    assert trace.total == pytest.approx(1.125)
    assert any("if read otherwise" in text and "100.00" in text for text in trace.warnings)


@pytest.mark.parametrize("readings", [{"note_52f": "maybe"}, {"note_99": "adds"}])
def test_a_reading_that_does_not_exist_is_refused(pack: Pack, readings: dict[str, str]) -> None:
    with pytest.raises(InputError):
        answer(pack, Question("88062400", "KR", DRONE, readings=readings))


# Proc. 10908 was in addition to other duties; EO 14289 of 29 April 2025, back to 4 March, put vehicles before metals.
@pytest.mark.parametrize(("known", "total"), [("2025-04-20", 0.50), ("2025-04-29", 0.25)])
def test_a_lawyer_stacked_parts_and_steel_until_the_order_on_stacking(pack: Pack, known: str, total: float) -> None:
    found = asked(pack, "8708292120", date(2025, 5, 10), known=date.fromisoformat(known))
    assert found.total == pytest.approx(total)


def test_us_metal_in_the_annexes_of_2026(pack: Pack) -> None:
    """Note 16(e): 10 % on articles of annex I-B whose metal is of US origin, a total of 10 % in annex III."""
    assert asked(pack, "84181000", date(2026, 4, 10)).total == pytest.approx(0.25)
    assert asked(pack, "84181000", date(2026, 4, 10), "us_origin_metal").total == pytest.approx(0.10)
