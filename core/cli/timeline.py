"""`parley timeline`: every day on which a rate or the average changes, from, to, and what did it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from core.cli.law_case import law_case
from core.codes import format_code
from core.engine import average_on
from core.i18n import _
from core.law_history import Cause, RateStep, course
from core.law_words import cause_text, cited
from core.portfolio import build_basis
from core.preference_words import programme_changes
from core.quantities import format_date, format_percent
from core.reference.pack import Pack, load_pack
from core.scenario import LawAsKnown, Plan, law_as_known
from core.tariff.finer_lines import finer_lines
from core.tariff.query import EVERYTHING_KNOWN, Question, answer


def run(options: argparse.Namespace) -> int:
    """Print the course of the average, or of one line."""
    pack = load_pack()
    partner = pack.partners.get(options.partner)
    known = options.known or EVERYTHING_KNOWN
    base = law_as_known(pack.law, partner.iso2, known, partner.union)
    if options.line:
        rate_on = _line_rate(pack, partner.iso2, options.line, known, claimed=options.originating is not False)
    else:
        rate_on = _average_rate(pack, partner.iso2, known)
    coverage = pack.law.file.coverage
    codes = finer_lines(pack, options.line) if options.line else ()
    days = pack.programmes.days(partner, known)
    steps = course(base, rate_on, coverage.first, coverage.last, codes, days)
    if options.json:
        print(json.dumps([_step_data(pack, base, step) for step in steps], ensure_ascii=False, indent=1))
    else:
        title = format_code(options.line) if options.line else _("Import-weighted average")
        print("\n".join([f"{title}, {partner.name}", *(_step_text(pack, base, step) for step in steps)]))
    return 0


def _line_rate(pack: Pack, partner: str, code: str, known: date, *, claimed: bool) -> Callable[[date], float | None]:
    def rate_on(on: date) -> float | None:
        reply = answer(pack, Question(code, partner, on, known))
        found = reply.originating if claimed and reply.originating is not None else reply.non_originating
        return None if found is None else found.total

    return rate_on


def _average_rate(pack: Pack, partner: str, known: date) -> Callable[[date], float | None]:
    case = law_case(pack, partner, pack.law.file.coverage.first, known)
    basis = build_basis(case, pack)
    return lambda on: average_on(case, basis, Plan(basis.base), on)


def _step_data(pack: Pack, base: LawAsKnown, step: RateStep) -> dict[str, Any]:
    causes = [_cause_data(base, cause) for cause in step.causes]
    changes = programme_changes(pack, pack.partners.get(base.partner), step.on, base.known)
    programmes = [{"programme": name, "what": what, "citation": source} for name, what, source in changes]
    found = {"date": step.on.isoformat(), "from": step.before, "to": step.after, "causes": causes}
    return found | ({"programmes": programmes} if programmes else {})


def _cause_data(base: LawAsKnown, cause: Cause) -> dict[str, Any]:
    return {
        "measure": cause.measure,
        "what": cause.verb,
        "instruments": list(cause.instruments),
        "citation": cited(base.law, cause.instruments),
    }


def _step_text(pack: Pack, base: LawAsKnown, step: RateStep) -> str:
    head = _("{date}: {before} to {after}").format(
        date=format_date(step.on), before=format_percent(step.before, 2), after=format_percent(step.after, 2)
    )
    texts = dict.fromkeys(cause_text(base.law, cause) for cause in step.causes)  # lists of one duty read alike
    changes = programme_changes(pack, pack.partners.get(base.partner), step.on, base.known)
    texts |= dict.fromkeys(f"{name}: {what} ({source})" for name, what, source in changes)
    return "\n".join([head, *(f"    {text}" for text in texts)])
