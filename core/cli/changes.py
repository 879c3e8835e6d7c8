"""`parley changes`: what changed between two known days, for whom and why; or two days of entry side by side."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

from core.cli.law_case import law_case
from core.comparison import Comparison, DayOfChange, Moment, PartChange, compare_moments
from core.comparison.effect_words import effect_words
from core.comparison.effects import Effect, Release
from core.comparison.reasons import MeasureThen, Reason
from core.comparison.rows import Count, RowChange
from core.comparison.sides import Side
from core.comparison.text import comparison_text, headline, measure_words, notes, part_title, reason_words, row_name
from core.errors import InputError
from core.exposure import By
from core.i18n import _
from core.law_coverage import coverage_data
from core.law_words import cause_text, cited
from core.reference.law import Law
from core.reference.pack import Pack, load_pack

BY = {"group": By.GROUP, "line": By.TARIFF_LINE}


def run(options: argparse.Namespace) -> int:
    """Print the comparison."""
    before, after = _moments(options)
    pack = load_pack()
    partner = pack.partners.get(options.partner)
    found = compare_moments(law_case(pack, partner.iso2, after.on, after.known), pack, before, after)
    by = BY[options.by]
    if options.json:
        print(json.dumps(as_data(found, pack, by), ensure_ascii=False, indent=1))
    else:
        print(comparison_text(found, pack, by))
    return 0


def _moments(options: argparse.Namespace) -> tuple[Moment, Moment]:
    """Without a day of entry each side shows the day to which it knows the law."""
    first, last = _days(options)
    return Moment(first, options.known_from), Moment(last, options.known_to)


def _days(options: argparse.Namespace) -> tuple[date, date]:
    pair = options.on_from, options.on_to
    if options.on is not None and any(pair):
        raise InputError(
            _("The days of entry are given twice."),
            why=_("--on means the same day on both sides."),
            remedy=_("Give --on alone, or --on-from and --on-to."),
        )
    if options.on is not None:
        return options.on, options.on
    if any(pair) and not all(pair):
        raise InputError(_("One day of entry is missing."), remedy=_("Give both --on-from and --on-to."))
    return options.on_from or options.known_from, options.on_to or options.known_to


# ---- as data


def as_data(comparison: Comparison, pack: Pack, by: By) -> dict[str, Any]:
    """Rates are fractions of the goods that have a number on both sides, duties US$ a year at base-year trade."""
    portfolio, law, total = comparison.before.portfolio, comparison.after.law, comparison.total
    listed = comparison.groups if by is By.GROUP else comparison.lines
    return {
        "partner": portfolio.partner,
        "scenario": comparison.letter,
        "headline": headline(comparison),
        "before": _side(comparison.before, total.before, total.duty_before),
        "after": _side(comparison.after, total.after, total.duty_after),
        "change": {"total": total.points, "duty_usd": total.change},
        "parts": [_part(comparison, part) for part in comparison.parts],
        "base_year": portfolio.year,
        "base_value_usd": comparison.value,
        "compared_value_usd": total.compared,
        "number_on_one_side_only_usd": comparison.only_one_side,
        **coverage_data(law, portfolio.partner, comparison.after.base.member_of, comparison.after.base.known),
        "by": "group" if by is By.GROUP else "line",
        "rows": [_row(comparison, pack, by, row) for row in listed.changed],
        "same": _count(listed.same),
        "no_number": _count(listed.unknown),
        "instruments": [_release(law, release) for release in comparison.releases],
        "events": [_event(law, event) for event in comparison.events],
        "notes": notes(comparison, pack),
    }


def _side(side: Side, total: float | None, duty: float) -> dict[str, Any]:
    """average: of all goods with a number on this side, as `parley average` has it."""
    return {
        "on": side.moment.on.isoformat(),
        "known": side.moment.known.isoformat(),
        "total": total,
        "duty_usd": duty,
        "average": side.evaluation.average,
    }


def _part(comparison: Comparison, part: PartChange) -> dict[str, Any]:
    return {
        "duty": part.name,
        "title": part_title(comparison, part.name),
        "before": part.before,
        "after": part.after,
        "change": part.points,
        "change_usd": part.change,
    }


def _row(comparison: Comparison, pack: Pack, by: By, row: RowChange) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row_name(comparison, pack, by, row.key),
        "value_usd": row.value,
        "before": row.before,
        "after": row.after,
        "change": row.points,
        "change_usd": row.change,
        "lines": row.lines,
        "lines_changed": row.moved,
        "no_number_before_usd": row.only_after,
        "no_number_after_usd": row.only_before,
        "why": [_reason(comparison, reason) for reason in row.reasons],
    }


def _reason(comparison: Comparison, reason: Reason) -> dict[str, Any]:
    return {
        "duty": reason.duty,
        "before": _measure(comparison, reason.duty, reason.before),
        "after": _measure(comparison, reason.duty, reason.after),
        "change_usd": reason.change,
        "value_usd": reason.value,
        "instruments": list(reason.instruments),
        "citation": cited(comparison.after.law, reason.instruments),
        "text": reason_words(comparison, reason),
    }


def _measure(comparison: Comparison, duty: str, measure: MeasureThen | None) -> dict[str, Any] | None:
    if measure is None:
        return None
    return {
        "measure": measure.id,
        "title": measure_words(comparison, duty, measure),
        "heading": measure.heading,
        "rate": None if measure.rate is None else float(measure.rate),
        "kind": measure.kind.value,
    }


def _count(count: Count) -> dict[str, Any]:
    return {"rows": count.rows, "lines": count.lines, "value_usd": count.value}


def _release(law: Law, release: Release) -> dict[str, Any]:
    instrument = release.instrument
    return {
        "id": instrument.id,
        "kind": instrument.kind_label,
        "short": str(instrument.short),
        "title": str(instrument.title),
        "citation": instrument.cite(),
        "released": instrument.released.isoformat(),
        "outcome": release.outcome.value,
        "effects": [_effect(law, effect) for effect in release.effects],
    }


def _effect(law: Law, effect: Effect) -> dict[str, Any]:
    data: dict[str, Any] = {"what": effect.kind.value, "text": effect_words(law, effect)}
    if effect.measure:
        data["measure"] = effect.measure
        data["fields"] = {field.field: {"before": field.before, "after": field.after} for field in effect.fields}
    if effect.duties:
        data["duties"] = list(effect.duties)
    if effect.on is not None:
        data["from"] = effect.on.isoformat()
    return data


def _event(law: Law, event: DayOfChange) -> dict[str, Any]:
    causes = [
        {
            "measure": cause.measure,
            "what": cause.verb,
            "instruments": list(cause.instruments),
            "text": cause_text(law, cause),
        }
        for cause in event.causes
    ]
    return {"date": event.on.isoformat(), "causes": causes}
