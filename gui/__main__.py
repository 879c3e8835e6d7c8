"""`parley` and `python -m gui`: a command goes to the command line, anything else opens the window."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence

# Named here and not imported: the window must not wait for the command line's imports.
COMMANDS = frozenset(
    {"duty", "average", "timeline", "changes", "brief", "comeback", "reference", "diff", "merge", "verify", "migrate"}
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command or the window; the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in COMMANDS:
        from datetime import UTC, datetime

        from core.cli import main as run_command

        return run_command(given, clock=lambda: datetime.now(UTC))
    gc.disable()  # until the window is painted: there is nothing to collect yet, only to look through
    from gui.app import run

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
