"""`parley merge BASE A B -o OUT`: what two delegates made of one case, together.

Exit codes: 0 merged and written, 1 conflicts are left and nothing was written, 2 as everywhere.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any, Final

from core.case import Case
from core.casefile import Opened, save
from core.casefile.difference import Difference, differences
from core.casefile.merge import Conflict, Merge, Side, check_same_case, doubts, merge
from core.casefile.merging.wording import one_line
from core.cli.case_reading import key_of, names, opened, passwords, seen_at
from core.cli.diff import as_data
from core.history import stamped, with_ids
from core.i18n import _

CONFLICTS: Final = 1
_BOOKKEEPING: Final = ("history", "next_letter")


def run(options: argparse.Namespace) -> int:
    """Merge, say what came of it, and write it where nothing is left to choose."""
    known = passwords(options)
    base, ours, theirs = (opened(path, known) for path in (options.base, options.first, options.second))
    check_same_case(base.case, ours.case, theirs.case)
    words = names()
    merged = merge(base.case, ours.case, theirs.case, names=words)
    if options.side is not None:
        merged = merged.all_from(Side(options.side))
    is_done = not merged.open_conflicts
    if is_done:
        _write(merged.case, (base, ours, theirs), options)
    taken = differences(ours.case, merged.case, words)
    print(_as_json(merged, taken, options) if options.json else "\n".join(_lines(merged, taken, options)))
    for doubt in doubts(base.case, ours.case, theirs.case):
        print(doubt, file=sys.stderr)
    return 0 if is_done else CONFLICTS


def _write(case: Case, copies: tuple[Opened, Opened, Opened], options: argparse.Namespace) -> None:
    """Encrypted if one of the copies was; with an entry in the history where the time is known."""
    base, ours, theirs = copies
    if options.clock is not None:
        what = _("Merged with {name}").format(name=options.second.name)
        case = stamped(ours.case, case, what, at=options.clock(), who=options.author)
    files = ((options.first, ours), (options.second, theirs), (options.base, base))
    seen = seen_at(options.output, *files)
    save(with_ids(case), options.output, key=key_of(ours, theirs, base), seen=seen)


def _lines(merged: Merge, taken: tuple[Difference, ...], options: argparse.Namespace) -> list[str]:
    lines = [*merged.notes, *(each.sentence for each in taken if each.path[0] not in _BOOKKEEPING)]
    lines = [*lines, ""] if lines else []
    for conflict in merged.conflicts:
        lines += [*_conflict_lines(conflict), ""]
    if merged.open_conflicts:
        words = _("{count} conflicts are left; nothing was written. Choose with --ours or --theirs, or in the window.")
        return [*lines, words.format(count=len(merged.open_conflicts))]
    return [*lines, _("Merged case written: {path}").format(path=options.output.resolve())]


def _conflict_lines(conflict: Conflict) -> list[str]:
    marks = {side: "* " if conflict.chosen is side else "  " for side in Side}
    return [
        _("Conflict: {subject}").format(subject=one_line(conflict.subject)),
        f"    {conflict.why}",
        f"  {marks[Side.OURS]}A: {one_line(conflict.ours)}",
        f"  {marks[Side.THEIRS]}B: {one_line(conflict.theirs)}",
    ]


def _as_json(merged: Merge, taken: tuple[Difference, ...], options: argparse.Namespace) -> str:
    is_done = not merged.open_conflicts
    document: dict[str, Any] = {
        "written": str(options.output.resolve()) if is_done else None,
        "notes": merged.notes,
        "taken": as_data(taken),
        "conflicts": [_conflict_data(each) for each in merged.conflicts],
    }
    return json.dumps(document, ensure_ascii=False, indent=1)


def _conflict_data(conflict: Conflict) -> dict[str, Any]:
    data = {**asdict(conflict), "why": conflict.why, "subject": conflict.subject}
    for side in ("ours_by", "theirs_by"):
        entry = getattr(conflict, side)
        at = entry.at.isoformat() if entry is not None and entry.at is not None else None
        data[side] = None if entry is None else {"at": at, "who": entry.who, "what": entry.what}
    return data
