"""From each version of the case file to the next: one small step each, never changed once released.

Step n turns the `case` of a file of version n into that of version n + 1. A step knows its own two versions and
nothing of core.case, which moves on; tests/fixtures keeps a file of every version for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

Content = dict[str, Any]
Migration = Callable[[Content], Content]


def with_ids_and_history(content: Content) -> Content:
    """1 to 2: case, scenarios and changes get ids. Two copies of one file get the same ones, so they still merge."""
    seed = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    scenarios = [_with_ids(scenario, seed) for scenario in content.get("scenarios", [])]
    return {**content, "id": _id(seed, "case"), "scenarios": scenarios}


def _with_ids(scenario: Content, seed: str) -> Content:
    place = f"{seed}:{scenario['letter']}"
    changes = [{**change, "id": _id(place, str(n))} for n, change in enumerate(scenario.get("changes", []))]
    return {**scenario, "id": _id(place, "scenario")} | ({"changes": changes} if changes else {})


def as_it_is(content: Content) -> Content:
    """2 to 3: a scenario may now hold the terms of rivals; those of version 2 have none."""
    return content


def _id(*parts: str) -> str:
    return hashlib.sha256(":".join(parts).encode()).hexdigest()[:12]


MIGRATIONS: Final[Mapping[int, Migration]] = {1: with_ids_and_history, 2: as_it_is}
