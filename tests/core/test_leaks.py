"""The search for leaks finds what it should, and leaves alone what was known."""

from __future__ import annotations

from datetime import date

import pytest

from core.casefile import default_case
from core.reference.pack import Pack
from tests.leaks import dates_in, leaks


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("from 3 June 2025", date(2025, 6, 3)),
        ("as of 7 Aug", date(2025, 8, 7)),
        ("2025. 11. 14.부터", date(2025, 11, 14)),
        ("2026년 2월", date(2026, 2, 1)),
        ("2025-12-03", date(2025, 12, 3)),
        ("since November 2025", date(2025, 11, 1)),
        ("in 2026", date(2026, 1, 1)),
    ],
)
def test_dates_are_found(text: str, day: date) -> None:
    assert day in set(dates_in(text, 2025))


@pytest.mark.parametrize("text", ["8703.23.0170", "US$ 2,026 m", "9903.01.25", "90 FR 14705", "Proclamation 10908"])
def test_codes_and_amounts_are_no_dates(text: str) -> None:
    assert not list(dates_in(text, 2025))


@pytest.mark.parametrize(
    "text",
    [
        "Steel 50 % from 4 June 2025",
        "Proclamation 10947",
        "90 FR 24199",
        "한미 공동 팩트시트",
        "until 7 Aug",
        "2026. 2. 24.",
    ],
)
def test_later_things_are_leaks(text: str, pack: Pack) -> None:
    assert leaks([text], default_case(), pack)


@pytest.mark.parametrize(
    "text",
    [
        "Pause ends 9 July 2025",
        "as of 1 Aug",
        "2025. 7. 9.",
        "EO 14257, 90 FR 15041",
        "22 May 2025",
        "8 July",
        "31 July",
    ],
)
def test_what_was_known_is_none(text: str, pack: Pack) -> None:
    assert not leaks([text], default_case(), pack)
