"""`parley comeback`: what a workbook that came back changes in its case; with -o the case with what is taken of it.

Exit codes: 0 all of it was read, 1 something is left for a person to decide or was not taken, 2 as everywhere.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.case import Case
from core.casefile import Opened, save
from core.cli.brief import opened_case
from core.cli.password_file import password_from
from core.history import stamped, with_ids
from core.i18n import _
from core.reference.pack import load_pack

if TYPE_CHECKING:
    from core.comeback import Comeback, Proposal

LEFT: Final = 1
KEEP, TAKE = "case", "workbook"  # whose value stands where both were changed
_SHORT: Final = 200  # characters of a text in the list


def run(options: argparse.Namespace) -> int:
    """Show what comes back, and write it where asked."""
    from core.comeback import apply, read_back, read_file

    password = password_from(options.password_file) if options.password_file is not None else None
    pack, opened = load_pack(), opened_case(options)
    data = read_file(options.workbook)
    found = read_back(data, opened.case, password=password, pack=pack, where=options.workbook.name)
    taken = found.changes if options.conflicts == TAKE else found.agreed
    output = options.output if taken else None
    if output is not None:
        _write(opened, apply(opened.case, taken, pack), options)
    print(_as_json(found, taken, output) if options.json else "\n".join(_lines(found, taken, output)))
    is_open = options.conflicts is None and found.conflicts
    return LEFT if is_open or any(finding.is_refusal for finding in found.findings) else 0


def _write(opened: Opened, case: Case, options: argparse.Namespace) -> None:
    """Encrypted if the case was; with an entry in the history where the time is known."""
    if options.clock is not None:
        what = _("Import from briefing {name}").format(name=options.workbook.name)
        case = stamped(opened.case, case, what, at=options.clock(), who=options.author)
    is_same = options.output.resolve() == options.case.resolve()
    save(with_ids(case), options.output, key=opened.key, seen=opened.seen if is_same else None)


def _lines(found: Comeback, taken: tuple[Proposal, ...], output: Path | None) -> list[str]:
    lines = [finding.message() for finding in found.findings]
    for change in found.changes:
        lines += ["", f"{change.what}  ({change.where})"]
        if change.is_conflict:
            choice = _("the workbook's is taken") if change in taken else _("the case's stays")
            lines.append("  " + _("changed on both sides: {choice}").format(choice=choice))
        lines.append("  " + _("case: {text}").format(text=_short(change.before)))
        lines.append("  " + _("workbook: {text}").format(text=_short(change.after)))
        lines += [f"  {change.note}"] if change.note else []
    lines.append("")
    if not found.changes:
        lines.append(_("Nothing to bring back."))
    elif output is None:
        lines.append(_("Nothing was written. With -o OUT the case is written with the changes that are taken."))
    else:
        text = _("Case written, changes taken: {count}. {path}")
        lines.append(text.format(count=len(taken), path=output.resolve()))
    return lines[1:] if lines[0] == "" else lines


def _short(text: str) -> str:
    line = " / ".join(text.split("\n"))
    return line if len(line) <= _SHORT else line[: _SHORT - 1] + "…"


def _as_json(found: Comeback, taken: tuple[Proposal, ...], output: Path | None) -> str:
    document: dict[str, Any] = {
        "audience": found.audience.value if found.audience is not None else None,
        "language": found.language,
        "changes": [{**asdict(change), "taken": output is not None and change in taken} for change in found.changes],
        "findings": [asdict(finding) for finding in found.findings],
        "written": str(output.resolve()) if output is not None else None,
    }
    return json.dumps(document, ensure_ascii=False, indent=2)
