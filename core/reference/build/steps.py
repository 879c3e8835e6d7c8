"""The steps of a build, in order. A new part of the pack is one function here that writes its files."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from core.reference.build.law import write_law
from core.reference.build.metals import write_metal_shares
from core.reference.build.names import write_names
from core.reference.build.notices import write_notices
from core.reference.build.partners import write_partners
from core.reference.build.programmes import write_programmes
from core.reference.build.schedule import write_schedule
from core.reference.build.talks import write_talks
from core.reference.build.trade import write_trade
from core.reference.build.workshop import Step, Workshop

STEPS: Final[tuple[Step, ...]] = (
    write_schedule,
    write_names,
    write_partners,
    write_trade,
    write_programmes,
    write_metal_shares,
    write_notices,
    write_law,
    write_talks,
)


def build(source: Path, out: Path, steps: Sequence[Step] = STEPS) -> None:
    """Build the whole pack beside `out`, then put it in its place: a failed build changes nothing.

    Raises BuildError or PackError naming file and entry.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".pack-", dir=out.parent) as folder:
        workshop = Workshop(source, Path(folder) / "new")
        workshop.out.mkdir()
        for step in steps:
            step(workshop)
            workshop.settle()
        workshop.write_manifest()
        if out.exists():
            out.rename(Path(folder) / "old")
        shutil.move(workshop.out, out)
