"""The commands of the command line by name. Not imported from there: the window must not wait for its imports."""

from __future__ import annotations

from typing import Final

COMMANDS: Final = (
    "duty", "average", "compare", "timeline", "changes", "brief", "comeback", "reference",
    "diff", "merge", "verify", "migrate",
)  # fmt: skip
