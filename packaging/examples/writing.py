"""How an example case gets its place: one way for all of them."""

from __future__ import annotations

from collections.abc import Callable

from core.case import Case, ItemGroup
from core.casefile import save
from core.locations import resource_path
from core.reference.groups import FILE as GROUPS_FILE
from core.reference.groups import load_groups


def write_example(name: str, build_case: Callable[[tuple[ItemGroup, ...]], Case]) -> None:
    """Build the case with the pack's item groups and save it among the examples.

    It is a file of the program, not a position: everyone may read it, and no copy stays beside it.
    """
    groups = load_groups(resource_path("reference", GROUPS_FILE).read_bytes()).item_groups()
    target = resource_path("examples", name)
    save(build_case(groups), target)
    target.chmod(0o644)
    target.with_name(target.name + "~").unlink(missing_ok=True)
