"""`parley timeline`: every day on which a rate or the average changes, from, to, and what did it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from core.case import LAW_SCENARIO, Case, Scenario
from core.codes import format_code
from core.engine import average_on
from core.i18n import _
from core.law_history import Cause, RateStep, course
from core.portfolio import build_basis
from core.quantities import format_date, format_percent
from core.reference.pack import Pack, load_pack
from core.scenario import LawAsKnown, Plan, law_as_known
from core.tariff.query import EVERYTHING_KNOWN, Question, answer
from core.text import LocalText

VERBS = {
    "starts": lambda: _("starts"),
    "ends": lambda: _("ends"),
    "suspended": lambda: _("is suspended"),
    "resumes": lambda: _("takes effect again"),
    "list": lambda: _("list of goods changes"),
}


def run(options: argparse.Namespace) -> int:
    """Print the course of the average, or of one line."""
    pack = load_pack()
    partner = pack.partners.get(options.partner)
    known = options.known or EVERYTHING_KNOWN
    base = law_as_known(pack.law, partner.iso2, known, "EU" if partner.eu27 else "")
    if options.line:
        rate_on = _line_rate(pack, partner.iso2, options.line, known, claimed=options.originating is not False)
    else:
        rate_on = _average_rate(pack, partner.iso2, known)
    coverage = pack.law.file.coverage
    steps = course(base, rate_on, coverage.first, coverage.last)
    if options.json:
        print(json.dumps([_step_data(base, step) for step in steps], ensure_ascii=False, indent=1))
    else:
        title = format_code(options.line) if options.line else _("Import-weighted average")
        print("\n".join([f"{title}, {partner.name}", *(_step_text(base, step) for step in steps)]))
    return 0


def _line_rate(pack: Pack, partner: str, code: str, known: date, *, claimed: bool) -> Callable[[date], float | None]:
    def rate_on(on: date) -> float | None:
        reply = answer(pack, Question(code, partner, on, known))
        found = reply.originating if claimed and reply.originating is not None else reply.non_originating
        return None if found is None else found.total

    return rate_on


def _average_rate(pack: Pack, partner: str, known: date) -> Callable[[date], float | None]:
    law = Scenario(letter=LAW_SCENARIO, name=LocalText(LAW_SCENARIO))
    case = Case(
        title=LocalText(partner),
        partner=partner,
        as_of=pack.law.file.coverage.first,
        known_to=known,
        scenarios=(law,),
        groups=pack.groups.item_groups(),
    )
    basis = build_basis(case, pack)
    return lambda on: average_on(case, basis, Plan(basis.base), on)


def _step_data(base: LawAsKnown, step: RateStep) -> dict[str, Any]:
    causes = [_cause_data(base, cause) for cause in step.causes]
    return {"date": step.on.isoformat(), "from": step.before, "to": step.after, "causes": causes}


def _cause_data(base: LawAsKnown, cause: Cause) -> dict[str, Any]:
    return {
        "measure": cause.measure,
        "what": cause.verb,
        "instruments": list(cause.instruments),
        "citation": _cited(base, cause),
    }


def _cited(base: LawAsKnown, cause: Cause) -> str:
    return "; ".join(base.law.instruments[name].cite() for name in cause.instruments)


def _step_text(base: LawAsKnown, step: RateStep) -> str:
    head = _("{date}: {before} to {after}").format(
        date=format_date(step.on), before=format_percent(step.before, 2), after=format_percent(step.after, 2)
    )
    return "\n".join([head, *(f"    {_cause_text(base, cause)}" for cause in step.causes)])


def _cause_text(base: LawAsKnown, cause: Cause) -> str:
    measure = base.law.measures.get(cause.measure)
    name = str(measure.title) if measure else _list_name(base, cause.measure)
    return f"{name}: {VERBS[cause.verb]()} ({_cited(base, cause)})"


def _list_name(base: LawAsKnown, name: str) -> str:
    """A list of goods by the duty that it belongs to."""
    for duty in base.law.file.duties:
        if name in base.law.lists_of(duty.id):
            return str(duty.title)
    for measure in base.law.file.measures:
        if name in (*measure.excluded, *(exemption.list for exemption in measure.exempt)):
            return _("{duty}, exempt goods").format(duty=base.law.duties[measure.duty].title)
    return name
