"""The same engine without a window: `parley duty`, `average`, `brief` and whatever else COMMANDS names.

Exit codes: 0 done, 2 for input that cannot be taken, 130 when interrupted. Messages go to standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import datetime

from core.cli.parser import COMMANDS, parse
from core.errors import Cancelled, ParleyError
from core.i18n import _, set_language

__all__ = ["COMMANDS", "main"]

BAD_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str], clock: Callable[[], datetime] | None = None) -> int:
    """Run one command; the exit code. clock: the time, for the history of a case; core itself knows none."""
    options = parse(arguments)
    options.clock = clock
    set_language(options.lang)
    try:
        code: int = options.run(options)
        return code
    except ParleyError as error:
        print(error.message(), file=sys.stderr)
        return BAD_INPUT
    except (KeyboardInterrupt, Cancelled):
        print(_("Stopped. Nothing was written."), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        return 0
