"""What is inferred for the portfolio, checked by hand on single lines."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import numpy as np
import pytest

from core import edits
from core.case import ItemGroup
from core.casefile import default_case
from core.errors import InputError
from core.portfolio import Basis, build_basis
from core.reference.pack import Pack
from core.text import LocalText


@pytest.fixture(scope="module")
def basis(pack: Pack) -> Basis:
    return build_basis(default_case(), pack)


def _line(basis: Basis, code: str) -> int:
    (line,) = np.flatnonzero(basis.portfolio.codes == code)
    return int(line)


def test_use_follows_from_duty_collected(basis: Basis, pack: Pack) -> None:
    """Lithium batteries: MFN 3.4 %, free under KORUS; duty over value is what was not claimed (Census 2024)."""
    line, imports = _line(basis, "8507600020"), pack.trade.imports("KR")
    unclaimed = imports.duty[line] / imports.value[line] / 0.034
    assert 0 < unclaimed < 1
    assert basis.portfolio.utilisation[line] == pytest.approx(1 - unclaimed)
    assert basis.portfolio.utilisation_inferred[line]


def test_specific_rates_take_the_default_share(basis: Basis) -> None:
    """Jet fuel pays 52.5 cents a barrel: use cannot be told from duty without quantities."""
    line = _line(basis, "2710191600")
    assert basis.portfolio.is_equivalent[line]
    assert not basis.portfolio.utilisation_inferred[line]
    assert basis.portfolio.utilisation[line] == 0.795
    assert 0 < basis.portfolio.mfn_rate[line] < 0.02


def test_lines_without_preference_have_no_use(basis: Basis) -> None:
    """Memory chips are free under MFN and carry no KR symbol."""
    assert basis.portfolio.utilisation[_line(basis, "8542320036")] == 0.0


def test_the_aluminium_duty_of_2024_is_not_taken_for_unclaimed_mfn(basis: Basis) -> None:
    """Korean aluminium sheet paid 10 % under Proclamation 9704; its KORUS use would otherwise look like nothing."""
    sheet = np.char.startswith(basis.portfolio.codes, "760612")
    weight = basis.portfolio.value[sheet]
    assert (basis.portfolio.utilisation[sheet] * weight).sum() / weight.sum() > 0.5


def test_shares_stay_between_0_and_1(basis: Basis) -> None:
    assert basis.portfolio.utilisation.min() >= 0
    assert basis.portfolio.utilisation.max() <= 1
    for share in basis.goods.metal_share.values():
        assert share.min() >= 0
        assert share.max() <= 1


def test_typed_shares_stand_over_inferred_ones(pack: Pack) -> None:
    case = edits.set_assumption(default_case(), "utilisation", "8507", Decimal("0.5"))
    case = edits.set_assumption(case, "utilisation", "85076000", Decimal("0.9"))
    case = edits.set_assumption(case, "metal_share", "steel:8418", Decimal("0.4"))
    basis = build_basis(case, pack)
    assert basis.portfolio.utilisation[_line(basis, "8507600020")] == 0.9
    assert basis.goods.metal_share["steel"][np.char.startswith(basis.portfolio.codes, "8418")].tolist()[0] == 0.4


def test_every_line_is_in_one_group(basis: Basis) -> None:
    assert sum(mask.sum() for mask in basis.goods.groups.values()) == len(basis.portfolio.codes)


def test_groups_without_a_rest_are_refused(pack: Pack) -> None:
    groups = (ItemGroup("cars", LocalText("Cars"), ("8703",)),)
    with pytest.raises(InputError, match="no prefixes"):
        build_basis(msgspec.structs.replace(default_case(), groups=groups), pack)
