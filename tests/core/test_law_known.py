"""What a lawyer knew on one day about another: facts/instruments and the orders themselves."""

from __future__ import annotations

from datetime import date

import pytest

from core.reference.pack import Pack
from core.scenario import law_as_known
from core.tariff.query import Question, answer

ORDINARY = "1902300060"  # noodles: under no Section 232 list, on no exempt list
STEEL = "7208390030"


def _total(pack: Pack, code: str, on: str, known: str) -> float | None:
    question = Question(code, "KR", date.fromisoformat(on), date.fromisoformat(known))
    found = answer(pack, question).originating
    assert found is not None
    return found.total


# EO 14257, 14266, 14316, 14326; notice 90 FR 55964; EO 14389 and Proclamation 11012; memorandum of 23 July 2026.
@pytest.mark.parametrize(
    ("known", "on", "rate"),
    [
        ("2025-05-22", "2025-05-22", 0.10),
        ("2025-05-22", "2025-07-08", 0.10),
        ("2025-05-22", "2025-07-09", 0.25),
        ("2025-05-22", "2025-07-20", 0.25),
        ("2025-07-08", "2025-07-20", 0.10),
        ("2025-07-08", "2025-07-31", 0.10),
        ("2025-07-08", "2025-08-01", 0.25),
        ("2025-07-08", "2025-08-03", 0.25),
        ("2025-07-31", "2025-08-06", 0.10),
        ("2025-07-31", "2025-08-07", 0.15),
        ("2025-10-01", "2025-11-20", 0.15),
        ("2025-12-10", "2025-11-20", 0.15),
        ("2026-02-21", "2026-03-15", 0.10),
        ("2026-08-01", "2026-08-15", 0.125),
        ("2025-04-02", "2025-04-20", 0.25),
        ("2025-04-09", "2025-04-20", 0.10),
        ("2025-04-01", "2025-04-20", 0.0),
    ],
)
def test_reciprocal_duty_as_known(pack: Pack, known: str, on: str, rate: float) -> None:
    assert _total(pack, ORDINARY, on, known) == pytest.approx(rate, abs=1e-12)


def test_steel_stays_at_25_for_who_does_not_know_the_doubling(pack: Pack) -> None:
    """Proclamation 10947 was signed on 3 June 2025."""
    assert _total(pack, STEEL, "2025-09-01", "2025-05-22") == pytest.approx(0.25)
    assert _total(pack, STEEL, "2025-09-01", "2025-06-03") == pytest.approx(0.50)


def test_a_retroactive_total_counts_from_its_release(pack: Pack) -> None:
    """90 FR 55964, posted on 3 December 2025, holds from 14 November: cotton shirts of column 1 at 16.5 %."""
    question = Question("6109100012", "KR", date(2025, 11, 20), date(2025, 12, 2), originating=False)
    before = answer(pack, question).non_originating
    after = answer(
        pack, Question("6109100012", "KR", date(2025, 11, 20), date(2025, 12, 3), originating=False)
    ).non_originating
    assert before is not None
    assert after is not None
    assert before.total == pytest.approx(0.315)
    assert after.total == pytest.approx(0.165)


def test_the_april_memorandum_frees_phones_only_once_known(pack: Pack) -> None:
    """The memorandum of 11 April 2025 was back-dated to 5 April."""
    assert _total(pack, "8517130000", "2025-04-06", "2025-04-10") == pytest.approx(0.10)
    assert _total(pack, "8517130000", "2025-04-06", "2025-04-11") == pytest.approx(0.0)


def test_an_announcement_changes_no_rate(pack: Pack) -> None:
    """The deal announced on 30 July 2025 lowered cars in law only by the notice of 3 December."""
    assert _total(pack, "8703230170", "2025-11-05", "2025-12-02") == pytest.approx(0.25)
    assert _total(pack, "8703230170", "2025-11-05", "2025-12-03") == pytest.approx(0.15)


def test_the_suspended_rate_stays_law(pack: Pack) -> None:
    """EO 14266 suspends Korea's 25 % to 9 July; it does not repeal it."""
    base = law_as_known(pack.law, "KR", date(2025, 5, 22))
    (terms,) = (found for name, found in base.terms("reciprocal", date(2025, 5, 22)) if name == "")
    assert terms.charged is not None
    assert terms.suspended is not None
    assert float(terms.charged.rate) == 0.10
    assert float(terms.suspended.rate) == 0.25
    assert terms.suspended.suspended == (date(2025, 4, 10), date(2025, 7, 9))


@pytest.mark.parametrize("known", ["2025-01-15", "2025-05-22", "2025-12-31", "2026-11-23"])
def test_no_instrument_is_cited_before_its_release(pack: Pack, known: str) -> None:
    day = date.fromisoformat(known)
    base = law_as_known(pack.law, "KR", day)
    released = {name: instrument.released for name, instrument in pack.law.instruments.items()}
    for state in base.states.values():
        assert all(released[name] <= day for name, _first in state.made_by)
