"""Temporary files that a killed Parley left: whose each is stands in its name, so that only surely dead ones go.

`.parley-MACHINE-PROCESS-RANDOM.tmp`. A process number says something on its own machine alone, and within one
container; so the first part tells these apart, and a file of any other machine is left alone.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

TEMPORARY: Final = ".parley-"
SUFFIX: Final = ".tmp"
_NAME: Final = re.compile(r"\.parley-(?P<machine>[0-9a-f]{12})-(?P<process>[1-9][0-9]{0,9})-[^.]+\.tmp")


def own_prefix() -> str:
    """How the names of this process's temporary files begin."""
    return f"{TEMPORARY}{_machine()}-{os.getpid()}-"


def sweep(folder: Path) -> None:
    """Remove what processes of this machine that are gone were writing here. What cannot be removed stays."""
    with suppress(OSError), os.scandir(folder) as entries:
        left = [Path(entry.path) for entry in entries if _is_left_behind(entry.name)]
        for path in left:
            with suppress(OSError):
                path.unlink()


def _is_left_behind(name: str) -> bool:
    found = _NAME.fullmatch(name) if name.startswith(TEMPORARY) else None
    return found is not None and found["machine"] == _machine() and _is_gone(int(found["process"]))


@cache
def _machine() -> str:
    """The same for all processes that can see each other's numbers, and for no others."""
    parts = [os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")]
    with suppress(OSError):
        parts.append(Path("/etc/machine-id").read_text(encoding="ascii", errors="replace"))
    with suppress(OSError):
        parts.append(str(Path("/proc/self/ns/pid").readlink()))  # each container counts its processes anew
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest()[:12]


if sys.platform == "win32":
    import ctypes

    _QUERY: Final = 0x1000  # PROCESS_QUERY_LIMITED_INFORMATION
    _NO_SUCH: Final = 87  # ERROR_INVALID_PARAMETER: what Windows says of a number that no process has

    def _is_gone(process: int) -> bool:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        handle = kernel.OpenProcess(_QUERY, False, process)
        if handle:
            kernel.CloseHandle(handle)
            return False
        return ctypes.get_last_error() == _NO_SUCH

else:

    def _is_gone(process: int) -> bool:
        try:
            os.kill(process, 0)  # asks, and sends nothing
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False
        return False
