"""Damaged tables: always a plan or a ParleyError, and a case that comes of it can be opened again."""

from __future__ import annotations

import pytest

from core.errors import ParleyError
from core.imports.plan import Plan
from core.reference.pack import Pack
from tests.import_mutations import mutations, samples, try_one

SHARE = 300


def test_the_samples_themselves_are_read(pack: Pack) -> None:
    """Mutations of files that nobody can read would test nothing."""
    for name, data in samples():
        plans = [outcome for outcome in try_one(name, data, pack) if isinstance(outcome, Plan)]
        assert any(plan.changes for plan in plans), name


def test_mutations_are_the_same_each_time() -> None:
    assert list(mutations(3, 20)) == list(mutations(3, 20))
    assert list(mutations(3, 20)) != list(mutations(4, 20))


@pytest.mark.parametrize("seed", range(3))
def test_damaged_files_end_in_words_or_in_a_plan(seed: int, pack: Pack) -> None:
    for name, data in mutations(seed, SHARE // 3):
        outcomes = try_one(name, data, pack)
        assert outcomes, name
        assert all(isinstance(outcome, Plan | ParleyError) for outcome in outcomes), name
