"""`parley average`: the import-weighted average rate of a partner on a day."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import Any

import numpy as np

from core.cli.law_case import law_case
from core.engine import average, by_itself, check_day, evaluate_on
from core.exposure import By, by_duty, exposure_table
from core.i18n import _
from core.law_coverage import coverage_data, coverage_note
from core.portfolio import build_basis
from core.quantities import format_date, format_number, format_percent
from core.reference.pack import Pack, load_pack
from core.results import Results
from core.tariff.query import EVERYTHING_KNOWN


def run(options: argparse.Namespace) -> int:
    """Print the average."""
    pack = load_pack()
    data = average_data(pack, options.partner.upper(), options.on, options.known or EVERYTHING_KNOWN, options.by)
    if options.json:
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        print("\n".join([_text(pack, data), *_rows_text(data)]))
    return 0


def average_data(pack: Pack, partner: str, on: date, known: date, by: str | None = None) -> dict[str, Any]:
    """Column 1, additional and total rate (fractions, import-weighted, base-year trade) under the law as known.

    by: also rows by `group`, `chapter` or `measure`; the rows' duties add up to the whole.
    """
    check_day(on, pack)
    case = law_case(pack, partner, on, known)
    basis = build_basis(case, pack)
    evaluation, portfolio = evaluate_on(case, basis, case.scenarios[0]), basis.portfolio
    rated = ~np.isnan(evaluation.total)
    results = by_itself(case, basis, evaluation)
    column1 = average(np.where(rated, portfolio.column1, np.nan), portfolio.value)
    return {
        "partner": portfolio.partner,
        "on": on.isoformat(),
        "known": None if known == EVERYTHING_KNOWN else known.isoformat(),
        "column1": _number(column1),
        "additional": _number(evaluation.average - column1),
        "total": _number(evaluation.average),
        "total_range": [_number(end) for end in evaluation.average_range],
        "base_value_usd": float(portfolio.value.sum()),
        "rated_value_usd": float(portfolio.value[rated].sum()),
        "base_year": portfolio.year,
        "concept": _("imports for consumption, customs value, chapters 1 to 97"),
        **coverage_data(pack.law, portfolio.partner, basis.base.member_of, known, on),
    } | ({"rows": _rows(pack, results, by)} if by else {})


def _rows(pack: Pack, results: Results, by: str) -> list[dict[str, Any]]:
    if by == "measure":
        return _measure_rows(pack, results)
    table = exposure_table(results, By(by))
    names = {group.id: str(group.name) for group in results.case.groups}
    return [
        {
            "key": key,
            "name": names.get(key, key),
            "value_usd": float(table.value[row]),
            "column1": _number(table.column1[row]),
            "total": _number(table.rates[0][row]),
            "duty_usd": float(table.duties[0][row]),
        }
        for row, key in enumerate(table.keys)
        if table.value[row] > 0
    ]


def _measure_rows(pack: Pack, results: Results) -> list[dict[str, Any]]:
    """Column 1 and each duty's net part: rate over all trade, and US$ a year."""
    rated = results.portfolio.value[~np.isnan(results.evaluations[0].total)].sum()
    return [
        {"key": key, "name": _duty_name(pack, key), "rate": duty / float(rated) if rated else None, "duty_usd": duty}
        for key, duty in by_duty(results, 0).items()
    ]


def _duty_name(pack: Pack, key: str) -> str:
    duty = pack.law.duties.get(key)
    return str(duty.title) if duty else _("Column 1")


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _rows_text(data: dict[str, Any]) -> list[str]:
    return [
        "  {name}: {rate}, US$ {duty} m".format(
            name=row["name"],
            rate=format_percent(row.get("rate", row.get("total")), 2),
            duty=format_number(row["duty_usd"] / 1e6),
        )
        for row in data.get("rows", [])
    ]


def _text(pack: Pack, data: dict[str, Any]) -> str:
    lines = [
        _("Goods from {partner}, entry on {date}: {total} on average").format(
            partner=pack.partners.get(data["partner"]).name,
            date=format_date(date.fromisoformat(data["on"])),
            total=format_percent(data["total"], 2),
        ),
        _("  column 1 {column1}, additional duties {additional}").format(
            column1=format_percent(data["column1"], 2), additional=format_percent(data["additional"], 2)
        ),
        _("  from {low} to {high}, as none or all conditionally listed goods are within their lists").format(
            low=format_percent(data["total_range"][0], 2), high=format_percent(data["total_range"][1], 2)
        ),
        _("  weighted by US$ {value} bn of {year} {concept}").format(
            value=format_number(data["base_value_usd"] / 1e9, 2), year=data["base_year"], concept=data["concept"]
        ),
    ]
    missing = data["base_value_usd"] - data["rated_value_usd"]
    if missing > 0:
        lines.append(
            _("  no number on US$ {value} m of it: column 1, or a measure that the pack lacks, is not known").format(
                value=format_number(missing / 1e6, 1)
            )
        )
    on = date.fromisoformat(data["on"])
    known = date.fromisoformat(data["known"]) if data["known"] else EVERYTHING_KNOWN
    if note := coverage_note(pack.law, data["partner"], pack.partners.get(data["partner"]).union, known, on):
        lines.append(f"  {note}")
    return "\n".join(lines)
