"""What the tests of the core share: the pack that Parley comes with, loaded once."""

from __future__ import annotations

import pytest

from core.reference.pack import Pack, load_pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load_pack()
