"""The options of the commands on case files: diff, merge, verify, migrate."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from core.casefile.merge import Side
from core.cli import diff, merge, migrate, verify
from core.i18n import _

NAMES: Final = ("diff", "merge", "verify", "migrate")
Commands = Any  # argparse has no public name for it
MakeCommand = Callable[[Commands, str, str, Callable[[argparse.Namespace], int]], argparse.ArgumentParser]


def add_case_commands(commands: Commands, make: MakeCommand) -> None:
    """make: adds one command with what all have in common."""
    _add_diff(make(commands, "diff", _("What differs between two copies of a case, in words"), diff.run))
    _add_merge(make(commands, "merge", _("What two delegates made of one case, together"), merge.run))
    _add_verify(make(commands, "verify", _("Whether case files can be read and keep the rules"), verify.run))
    _add_migrate(make(commands, "migrate", _("Write an older case file in the current version"), migrate.run))


def _add_diff(command: argparse.ArgumentParser) -> None:
    command.add_argument("first", type=Path, metavar="A", help=_("a .parley file"))
    command.add_argument("second", type=Path, metavar="B", help=_("another copy of the case"))
    _add_password(command)
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_merge(command: argparse.ArgumentParser) -> None:
    command.add_argument("base", type=Path, metavar="BASE", help=_("the version that both copies come from"))
    command.add_argument("first", type=Path, metavar="A", help=_("one delegate's copy"))
    command.add_argument("second", type=Path, metavar="B", help=_("the other delegate's copy"))
    command.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=_("file to write"))
    side = command.add_mutually_exclusive_group()
    side.add_argument(
        "--ours", dest="side", action="store_const", const=Side.OURS.value, help=_("where they conflict, as in A")
    )
    side.add_argument(
        "--theirs", dest="side", action="store_const", const=Side.THEIRS.value, help=_("where they conflict, as in B")
    )
    command.add_argument("--author", default="", metavar="NAME", help=_("whose edit it is, for the history"))
    _add_password(command)
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_verify(command: argparse.ArgumentParser) -> None:
    command.add_argument("files", type=Path, nargs="+", metavar="FILE", help=_("a .parley file"))
    _add_password(command)


def _add_migrate(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="FILE", help=_("a .parley file"))
    command.add_argument("-o", "--output", type=Path, metavar="OUT", help=_("write here and leave FILE as it is"))
    _add_password(command)


def _add_password(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--password-file",
        type=Path,
        action="append",
        default=[],
        metavar="F",
        help=_("the password of encrypted cases, in the first line of this file; once for each password"),
    )
