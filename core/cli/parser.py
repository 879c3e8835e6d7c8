"""The commands and their options. A value that cannot be read is refused with what to type instead."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeVar

from core.audience import Audience
from core.case import LAW_SCENARIO
from core.cli import average, brief, changes, comeback, compare, duty, reference, timeline
from core.cli.case_parsers import NAMES, add_case_commands
from core.codes import parse_code
from core.errors import InputError, ParleyError
from core.i18n import LANGUAGES, _, set_language
from core.quantities import parse_date, parse_number, parse_share

T = TypeVar("T")
COMMANDS: Final = ("duty", "average", "compare", "timeline", "changes", "brief", "comeback", "reference", *NAMES)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of one command line; exits with 2 and a message when they cannot be taken."""
    set_language(_language(arguments))
    return _parser().parse_args(arguments)


def _language(arguments: Sequence[str]) -> str:
    """The language has to be known before the help can be written in it."""
    for place, argument in enumerate(arguments):
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return LANGUAGES[0]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="parley",
        description=_("Tariff talks, worked out offline. Without a command the window opens."),
    )
    commands = parser.add_subparsers(title=_("commands"), required=True, metavar="COMMAND")
    _add_duty(commands)
    _add_average(commands)
    _add_compare(commands)
    _add_timeline(commands)
    _add_changes(commands)
    _add_brief(commands)
    _add_comeback(commands)
    _add_reference(commands)
    add_case_commands(commands, _command)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    help_text: str,
    run: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    # Whole names only: `--password` for --password-file would put a password on the command line.
    command = commands.add_parser(name, help=help_text, description=help_text, allow_abbrev=False)
    command.add_argument("--lang", choices=LANGUAGES, default=LANGUAGES[0], help=_("language of the output"))
    command.set_defaults(run=run)
    return command


def _add_duty(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "duty", _("What is due on a code on a day, and why"), duty.run)
    command.add_argument("code", nargs="?", type=_taken(parse_code), help=_("8703.23.01, 7326.90.8688 or digits"))
    command.add_argument("--partner", help=_("two-letter country code, or EU"))
    command.add_argument("--on", type=_taken(parse_date), help=_("day of entry, 2025-07-09"))
    command.add_argument("--known", type=_taken(parse_date), help=_("count only law published up to this day"))
    claim = command.add_mutually_exclusive_group()
    claim.add_argument(
        "--originating", dest="originating", action="store_true", default=None, help=_("preference claimed")
    )
    claim.add_argument("--not-originating", dest="originating", action="store_false", help=_("no preference claimed"))
    command.add_argument("--loaded", type=_taken(parse_date), help=_("day of loading, for goods on the way"))
    command.add_argument(
        "--metal", type=_taken(_metals), default={}, help=_("shares of value: steel=0.6,aluminium=0.1")
    )
    command.add_argument("--metal-weight", type=_taken(_share), help=_("share of weight that is metal"))
    command.add_argument("--us-content", type=_taken(_share), default=0.0, help=_("share of value of US origin"))
    command.add_argument("--unit-value", type=_taken(_amount), help=_("US$ per unit of a specific rate"))
    command.add_argument("--fact", action="extend", nargs="+", default=[], metavar="NAME", help=_("named facts"))
    command.add_argument(
        "--reading", type=_taken(_readings), default={}, help=_("how ambiguous law is read: note_52f=set_aside")
    )
    command.add_argument("--batch", type=Path, metavar="CASES.csv", help=_("many questions from a file"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_average(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "average", _("Import-weighted average rate of a partner on a day"), average.run)
    command.add_argument("--partner", required=True, help=_("two-letter country code, or EU"))
    command.add_argument("--on", required=True, type=_taken(parse_date), help=_("day of entry, 2025-07-09"))
    command.add_argument("--known", type=_taken(parse_date), help=_("count only law published up to this day"))
    command.add_argument("--by", choices=("group", "chapter", "measure"), help=_("also the parts it is made of"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_compare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    help_text = _("What several partners pay on the same goods on a day, and which measure makes the difference")
    command = _command(commands, "compare", help_text, compare.run)
    command.add_argument(
        "case", nargs="?", type=Path, metavar="CASE", help=_("a .parley file; the example case if left out")
    )
    goods = command.add_mutually_exclusive_group(required=True)
    goods.add_argument("--group", metavar="NAME", help=_("an item group: Passenger cars"))
    goods.add_argument("--code", type=_taken(parse_code), help=_("8703, 8703.23.01 or digits"))
    command.add_argument("--on", type=_taken(parse_date), help=_("day of entry; the case's day if left out"))
    command.add_argument("--known", type=_taken(parse_date), help=_("count only law published up to this day"))
    command.add_argument("--partner", help=_("whose goods stand first; the case's partner if left out"))
    command.add_argument(
        "--partners", nargs="+", metavar="CODE", help=_("whom to compare with; the largest suppliers if left out")
    )
    command.add_argument("--scenario", default=LAW_SCENARIO, metavar="LETTER", help=_("of the case; A is the law"))
    command.add_argument(
        "--password-file",
        type=Path,
        action="append",
        default=[],
        metavar="F",
        help=_("the password of encrypted cases, in the first line of this file; once for each password"),
    )
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_timeline(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "timeline", _("Every day on which a rate changes, and what did it"), timeline.run)
    command.add_argument("--partner", required=True, help=_("two-letter country code, or EU"))
    command.add_argument("--line", type=_taken(parse_code), help=_("one code instead of the average"))
    command.add_argument("--known", type=_taken(parse_date), help=_("count only law published up to this day"))
    claim = command.add_mutually_exclusive_group()
    claim.add_argument(
        "--originating", dest="originating", action="store_true", default=None, help=_("preference claimed")
    )
    claim.add_argument("--not-originating", dest="originating", action="store_false", help=_("no preference claimed"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_changes(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    help_text = _("What changed between two days to which the law was known: for which goods, by how much, and why")
    command = _command(commands, "changes", help_text, changes.run)
    command.add_argument("--partner", required=True, help=_("two-letter country code, or EU"))
    command.add_argument(
        "--known-from", required=True, type=_taken(parse_date), metavar="DATE", help=_("the earlier state of the law")
    )
    command.add_argument(
        "--known-to", required=True, type=_taken(parse_date), metavar="DATE", help=_("the later state of the law")
    )
    command.add_argument(
        "--on",
        type=_taken(parse_date),
        metavar="DATE",
        help=_("day of entry on both sides; without it each side shows the day to which it knows the law"),
    )
    command.add_argument("--on-from", type=_taken(parse_date), metavar="DATE", help=_("day of entry of the first side"))
    command.add_argument("--on-to", type=_taken(parse_date), metavar="DATE", help=_("day of entry of the second side"))
    command.add_argument("--by", choices=tuple(changes.BY), default="group", help=_("rows of the comparison"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_brief(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(commands, "brief", _("Write the briefing workbook of a case"), brief.run)
    command.add_argument(
        "case", nargs="?", type=Path, metavar="CASE", help=_("a .parley file; the example case if left out")
    )
    command.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.xlsx", help=_("file to write"))
    command.add_argument(
        "--audience",
        choices=[audience.name.lower() for audience in Audience],
        default=Audience.INTERNAL.name.lower(),
        help=_("for whom the workbook is"),
    )
    command.add_argument(
        "--recipient", default="", metavar="TEXT", help=_("whose copy it is, said on the cover and on every page")
    )
    command.add_argument(
        "--password-file", type=Path, metavar="FILE", help=_("encrypt the workbook with the first line of this file")
    )
    _add_case_password(command)


def _add_comeback(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands, "comeback", _("What a briefing workbook that came back changes in its case"), comeback.run
    )
    command.add_argument("workbook", type=Path, metavar="WORKBOOK.xlsx", help=_("the workbook that came back"))
    command.add_argument("case", type=Path, metavar="CASE", help=_("the .parley file it was written from"))
    command.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help=_("write the case with the changes, if there are any")
    )
    command.add_argument(
        "--conflicts",
        choices=(comeback.KEEP, comeback.TAKE),
        help=_("whose value stands where both were changed; without it the case's stays and the exit code is 1"),
    )
    command.add_argument("--author", default="", metavar="NAME", help=_("whose edit it is, for the history"))
    command.add_argument(
        "--password-file", type=Path, metavar="FILE", help=_("the workbook's password, in the first line of this file")
    )
    _add_case_password(command)
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_case_password(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--case-password-file",
        type=Path,
        metavar="FILE",
        help=_("the password of an encrypted case, in the first line of this file"),
    )


def _add_reference(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = _command(
        commands, "reference", _("What the reference pack holds, from when, and its totals"), reference.run
    )
    command.add_argument("--partner", default="", help=_("two-letter country code, or EU"))
    command.add_argument("--json", action="store_true", help=_("print JSON"))


def _taken(read: Callable[[str], T]) -> Callable[[str], T]:
    """A reader of core as argparse wants it: its message becomes the option's error."""

    def reader(text: str) -> T:
        try:
            return read(text)
        except ParleyError as error:
            raise argparse.ArgumentTypeError(error.message()) from error

    return reader


def _share(text: str) -> float:
    return float(parse_share(text))


def _amount(text: str) -> float:
    amount = float(parse_number(text))
    if amount <= 0:
        raise InputError(_("Not taken: {text} is not above 0.").format(text=text), remedy=_("Type US$ per unit."))
    return amount


def _readings(text: str) -> dict[str, str]:
    """`note_52f=set_aside,floor_on_rest=full` as readings by open question."""
    pairs = [part.partition("=") for part in text.split(",")]
    if not all(reading for _question, _separator, reading in pairs):
        raise InputError(
            _("'{text}' is not a reading.").format(text=text),
            remedy=_("Type question=reading, for example note_52f=set_aside."),
        )
    return {question.strip(): reading.strip() for question, _separator, reading in pairs}


def _metals(text: str) -> dict[str, float]:
    """`steel=0.6,aluminium=0.1` as shares of value by metal."""
    shares = {}
    for part in filter(None, text.replace(";", ",").split(",")):
        metal, separator, share = part.partition("=")
        if not separator:
            raise InputError(
                _("Not taken: {text} names no share.").format(text=part),
                remedy=_("Type metal=share, for example steel=0.6."),
            )
        shares[metal.strip()] = _share(share)
    return shares
