"""Each change that a scenario can make, against arithmetic done by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import msgspec
import numpy as np
import pytest

from core.case import (
    AddDuty,
    AnyChange,
    Cap,
    Case,
    Exempt,
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
from core.casefile import default_case
from core.engine import evaluate_on
from core.portfolio import Basis, build_basis
from core.reference.pack import Pack
from core.text import LocalText

AUGUST = date(2025, 8, 1)
CAR = "8703230170"
NOODLES = "1902300060"
MEMORY = "8542320036"
STEEL = "7306305090"

Rate = Callable[..., float]


@pytest.fixture(scope="module")
def case() -> Case:
    return msgspec.structs.replace(default_case(), as_of=AUGUST)


@pytest.fixture(scope="module")
def basis(case: Case, pack: Pack) -> Basis:
    return build_basis(case, pack)


@pytest.fixture
def rate(case: Case, basis: Basis) -> Rate:
    """The total rate of a line claimed in full, under some changes, on a day."""

    def found(code: str, *changes: AnyChange, on: date = AUGUST) -> float:
        scenario = Scenario("X", LocalText("test"), changes=changes)
        evaluation = evaluate_on(msgspec.structs.replace(case, as_of=on), basis, scenario)
        (line,) = np.flatnonzero(basis.portfolio.codes == code)
        parts = sum(part[line] for part in evaluation.contributions.values())
        assert evaluation.total[line] == pytest.approx(basis.portfolio.column1[line] + parts)
        return float(parts)

    return found


def test_without_changes_the_law_stands(rate: Rate) -> None:
    assert rate(NOODLES) == pytest.approx(0.25)
    assert rate(CAR) == pytest.approx(0.25)
    assert rate(MEMORY) == 0.0


def test_switching_cars_off_lets_the_reciprocal_duty_fall_on_them(rate: Rate) -> None:
    """EO 14257 sec. 3(b): only goods subject to Section 232 are outside it."""
    off = SwitchOff(start=AUGUST, duty="autos")
    assert rate(CAR, off) == pytest.approx(0.25)
    assert rate(CAR, off, SetRate(start=AUGUST, duty="reciprocal", rate=Decimal("0.10"))) == pytest.approx(0.10)
    assert rate(CAR, off, SwitchOff(start=AUGUST, duty="reciprocal")) == 0.0


def test_a_change_holds_from_its_start_until_its_end(rate: Rate) -> None:
    change = SetRate(start=AUGUST, until=date(2025, 9, 1), duty="reciprocal", rate=Decimal("0.12"))
    assert rate(NOODLES, change, on=date(2025, 7, 31)) == pytest.approx(0.25)
    assert rate(NOODLES, change) == pytest.approx(0.12)
    assert rate(NOODLES, change, on=date(2025, 8, 31)) == pytest.approx(0.12)
    assert rate(NOODLES, change, on=date(2025, 9, 1)) == pytest.approx(0.25)


def test_a_total_counts_column_1(rate: Rate, basis: Basis) -> None:
    total = SetRate(start=AUGUST, duty="reciprocal", rate=Decimal("0.15"), form=RateForm.TOTAL)
    (line,) = np.flatnonzero(basis.portfolio.codes == NOODLES)
    assert rate(NOODLES, total) == pytest.approx(0.15 - basis.portfolio.column1[line])


def test_postponing_keeps_the_pause(rate: Rate) -> None:
    july = date(2025, 7, 9)
    assert rate(NOODLES, Postpone(start=july, duty="reciprocal")) == pytest.approx(0.10)
    until = Postpone(start=july, until=AUGUST, duty="reciprocal")
    assert rate(NOODLES, until, on=date(2025, 7, 20)) == pytest.approx(0.10)
    assert rate(NOODLES, until) == pytest.approx(0.25)


def test_switching_a_suspended_measure_on(rate: Rate) -> None:
    """Korea's 25 % is law but asleep on 1 June 2025; a scenario can wake it."""
    june = date(2025, 6, 1)
    on = SwitchOn(start=june, duty="reciprocal", measure="ieepa_country_apr2025")
    assert rate(NOODLES, on=june) == pytest.approx(0.10)
    assert rate(NOODLES, on, on=june) == pytest.approx(0.25)


def test_exempting_a_group(rate: Rate) -> None:
    assert rate(CAR, Exempt(start=AUGUST, lines="group:passenger-cars")) == 0.0
    assert rate(NOODLES, Exempt(start=AUGUST, lines="group:passenger-cars")) == pytest.approx(0.25)
    one = Exempt(start=AUGUST, duty="autos", lines="group:passenger-cars")
    assert rate(CAR, one) == pytest.approx(0.25), "outside the car duty the reciprocal duty applies"


def test_a_cap_never_goes_below_column_1(rate: Rate, basis: Basis) -> None:
    (truck,) = np.flatnonzero(basis.portfolio.codes == "8704210100")
    assert basis.portfolio.column1[truck] == pytest.approx(0.25)
    assert rate("8704210100", Cap(start=AUGUST, rate=Decimal("0.15"))) == 0.0
    assert rate(CAR, Cap(start=AUGUST, rate=Decimal("0.15"))) == pytest.approx(0.15, abs=1e-3)
    assert rate(MEMORY, Cap(start=AUGUST, rate=Decimal("0.15"))) == 0.0


def test_a_set_total_raises_as_well_as_lowers(rate: Rate) -> None:
    total = SetTotal(start=AUGUST, lines="group:semiconductors", rate=Decimal("0.25"))
    assert rate(MEMORY, total) == pytest.approx(0.25)
    assert rate(CAR, total) == pytest.approx(0.25)


def test_a_quota_averages_inside_and_outside(rate: Rate) -> None:
    """60 % of value free inside, 25 % outside: 0.4 x 25 % = 10 %."""
    quota = Quota(start=AUGUST, duty="steel", in_rate=Decimal(0), share_in_quota=Decimal("0.6"))
    assert rate(STEEL, quota) == pytest.approx(0.10)
    wider = Quota(
        start=AUGUST, duty="autos", in_rate=Decimal("0.10"), out_rate=Decimal("0.25"), share_in_quota=Decimal("0.5"),
        form=RateForm.TOTAL,
    )  # fmt: skip
    assert rate(CAR, wider) == pytest.approx(0.175, abs=1e-3)


def test_an_added_duty_instead_of_the_general_one(rate: Rate) -> None:
    chips = AddDuty(
        start=AUGUST, duty="chips-232", lines="group:semiconductors", title=LocalText("Chips", "반도체"),
        rate=Decimal("0.20"), citation="pending inquiry",
    )  # fmt: skip
    assert rate(MEMORY, chips) == pytest.approx(0.20)
    noodles = msgspec.structs.replace(chips, lines="group:food")
    assert rate(NOODLES, noodles) == pytest.approx(0.20), "the reciprocal duty gives way"
    on_top = msgspec.structs.replace(noodles, place=Place.ON_TOP)
    assert rate(NOODLES, on_top) == pytest.approx(0.45)


def test_a_rate_typed_for_an_open_inquiry_falls_on_its_goods(rate: Rate) -> None:
    typed = SetRate(start=AUGUST, duty="semiconductors", rate=Decimal("0.25"))
    assert rate(MEMORY, typed) == pytest.approx(0.25)
    assert rate(CAR, typed) == pytest.approx(0.25)


def test_the_last_change_of_the_list_wins(rate: Rate) -> None:
    first = SetRate(start=AUGUST, duty="reciprocal", rate=Decimal("0.20"))
    second = SetRate(start=AUGUST, duty="reciprocal", rate=Decimal("0.12"))
    assert rate(NOODLES, first, second) == pytest.approx(0.12)
    assert rate(NOODLES, second, first) == pytest.approx(0.20)
