"""`parley brief`: evaluate a case, write its briefing workbook, print where and the headline numbers."""

from __future__ import annotations

import argparse

from core.audience import Audience
from core.casefile import Opened, default_case, open_case
from core.cli.password_file import password_from
from core.engine import evaluate
from core.errors import NeedsPassword
from core.i18n import _
from core.quantities import format_date, format_number, format_percent
from core.reference.pack import load_pack
from core.results import Results


def run(options: argparse.Namespace) -> int:
    """Write the workbook and say so."""
    from core.briefing import write_briefing

    password = password_from(options.password_file) if options.password_file is not None else None
    pack = load_pack()
    case = opened_case(options).case if options.case is not None else default_case()
    results = evaluate(case, pack)
    path = write_briefing(
        case,
        results,
        pack,
        options.output,
        language=options.lang,
        audience=Audience[options.audience.upper()],
        recipient=options.recipient,
        password=password,
    )
    print(_("Briefing written: {path}").format(path=path.resolve()))
    print("\n".join(headline(results)))
    return 0


def opened_case(options: argparse.Namespace) -> Opened:
    """The case that was named, with its own password if that is needed."""
    file = options.case_password_file
    try:
        return open_case(options.case, password_from(file) if file is not None else None)
    except NeedsPassword as error:
        remedy = _("Name a file with its password in the first line: --case-password-file FILE.")
        raise NeedsPassword(error.what, where=error.where, remedy=remedy) from error


def headline(results: Results) -> list[str]:
    """The case and each scenario's average and duty in a line."""
    case, year = results.case, results.portfolio.year
    lines = [
        _("{title}: entry on {date}, law known to {known}").format(
            title=case.title, date=format_date(case.as_of), known=format_date(case.known_to)
        )
    ]
    for evaluation, series in zip(results.evaluations, results.series, strict=True):
        lines.append(
            _(
                "  {letter} {name}: {average} on average, US$ {duty} bn a year at {year} trade; {last} from {date}"
            ).format(
                letter=evaluation.scenario.letter,
                name=evaluation.scenario.name,
                average=format_percent(evaluation.average, 2),
                duty=format_number(evaluation.duty_total / 1e9, 2),
                year=year,
                last=format_percent(series.averages[-1], 2),
                date=format_date(series.dates[-1]),
            )
        )
    return lines
