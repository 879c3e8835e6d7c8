"""`parley diff A B`: what differs between two copies of a case, in words.

Exit codes: 0 nothing differs, 1 something does, 2 as everywhere.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from core.casefile.difference import Difference, differences
from core.cli.case_reading import names, opened, passwords
from core.i18n import _, ngettext

DIFFERENT: Final = 1


def run(options: argparse.Namespace) -> int:
    """Print what one has to do to get from the first to the second."""
    known = passwords(options)
    before, after = (opened(path, known).case for path in (options.first, options.second))
    found = differences(before, after, names())
    if options.json:
        print(json.dumps({"differences": as_data(found)}, ensure_ascii=False, indent=1))
    else:
        print("\n".join([*(each.sentence for each in found), *_count(found)]))
    return DIFFERENT if found else 0


def _count(found: Sequence[Difference]) -> list[str]:
    if not found:
        return [_("The two cases are the same.")]
    return ["", ngettext("{count} difference", "{count} differences", len(found)).format(count=len(found))]


def as_data(found: Sequence[Difference]) -> list[dict[str, Any]]:
    """Differences as JSON has them."""
    return [{**asdict(each), "words": each.sentence} for each in found]
