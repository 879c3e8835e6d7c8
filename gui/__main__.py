"""`parley` and `python -m gui`: a command goes to the command line, anything else opens the window."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from gui.commands import COMMANDS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command or the window; the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in COMMANDS:
        from datetime import UTC, datetime

        from core.cli import main as run_command

        _print_anything()
        return run_command(given, clock=lambda: datetime.now(UTC))
    gc.disable()  # until the window is painted: there is nothing to collect yet, only to look through
    from gui.app import run

    return run(given)


def _print_anything() -> None:
    """A file name that is in no encoding, or a letter that an old console lacks, must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
