"""Where the program's own read-only files are: source tree, installed wheel or frozen bundle."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from core.errors import PackError


@cache
def resources() -> Path:
    """The resources folder; raises PackError when the installation lacks it."""
    frozen = getattr(sys, "_MEIPASS", None)
    root = Path(frozen) if frozen else Path(__file__).resolve().parent.parent
    for candidate in (root / "resources", Path(sys.prefix) / "share" / "parley" / "resources"):
        if candidate.is_dir():
            return candidate
    raise PackError(
        "The folder 'resources' is missing",
        where=str(root / "resources"),
        remedy="Install Parley again: its reference data are part of the installation.",
    )


def resource_path(*parts: str) -> Path:
    """A file or folder below resources."""
    return resources().joinpath(*parts)
