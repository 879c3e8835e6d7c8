"""python -m core.reference.build SOURCE_DIR OUT_DIR"""

from __future__ import annotations

import sys
from pathlib import Path

from core.errors import ParleyError
from core.reference.build.steps import build


def main(arguments: list[str]) -> int:
    """Build the pack; 0 when it was written, 2 when the source data or the arguments cannot be used."""
    if len(arguments) != 2:
        print("usage: python -m core.reference.build SOURCE_DIR OUT_DIR", file=sys.stderr)
        return 2
    try:
        build(Path(arguments[0]), Path(arguments[1]))
    except ParleyError as error:
        print(error.message(), file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
