"""Line detail: every statistical line with its column 1, its share under each duty, and its total as a formula."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from core.briefing import look
from core.briefing.formulas import Part, line_total, shares
from core.briefing.model import View
from core.briefing.plan import Brief, limit_name
from core.briefing.writer import clean, column_name
from core.i18n import _
from core.quantities import NOT_APPLICABLE
from core.results import Floats, Ints
from core.tariff.goods import Bools
from core.tariff.survey import Claim

HEAD_ROW: Final = 4
FIRST_ROW: Final = 5
_ROW: Final = "#"  # stands for the row number in a template
Tick = Callable[[float], None]


def write_lines(brief: Brief, tick: Tick) -> None:
    """The sheet; tick is called with the part done and may stop the work."""
    sheet, model = brief.lines.sheet, brief.model
    sheet.title(
        _("Line detail"),
        _("{count} statistical lines, imports for consumption {year}, customs value, US$. Codes are text.").format(
            count=f"{brief.lines.rows:,}", year=model.portfolio.year
        ),
    )
    sheet.put(
        2,
        0,
        _(
            "A duty's column holds the share of the line's value that the duty takes where it is charged and no duty "
            "before it took the value. Totals are formulas over these shares and the states on the sheet of rates. "
            "What the totals are made of stands to their right and is not printed."
        ),
        "note",
    )
    _heads(brief)
    _facts(brief)
    tick(0.2)
    _claims(brief)
    tick(0.4)
    _totals(brief, tick)
    sheet.raw.autofilter(HEAD_ROW, 0, brief.lines.last_row, brief.lines.last)
    sheet.raw.print_area(0, 0, brief.lines.last_row, brief.lines.mfn - 1)
    sheet.raw.ignore_errors({"number_stored_as_text": f"A{FIRST_ROW + 1}:A{brief.lines.last_row + 1}"})
    sheet.finish(freeze=(FIRST_ROW, 2), repeat=(HEAD_ROW - 1, HEAD_ROW))


def _heads(brief: Brief) -> None:
    sheet, lines, model = brief.lines.sheet, brief.lines, brief.model
    sheet.raw.set_row(HEAD_ROW, 54)
    for column, text in {
        lines.CODE: _("HTS-10"),
        lines.NAME: _("Description"),
        lines.GROUP: _("Item group"),
    }.items():
        sheet.put(HEAD_ROW, column, text, "head")
    for column, text in {
        lines.VALUE: _("Value\nUS$"),
        lines.mfn: _("MFN\n%"),
        lines.preferential: _("Preferential\n%"),
        lines.used: _("Preference used\n% of value"),
        lines.COLUMN1: _("Column 1\nweighted by use, %"),
        lines.claimed: _("Counts to totals, claimed\n%"),
        lines.unclaimed: _("Counts to totals, not claimed\n%"),
        lines.group_number: _("Item group\nnumber"),
    }.items():
        sheet.put(HEAD_ROW, column, text, "head_right")
    for kind in model.classes:
        sheet.put(HEAD_ROW, lines.claim(kind), kind.title + "\n" + _("% of value"), "head_right")
        if kind.claimed_place >= 0:
            head = kind.title + "\n" + _("preference claimed, % of value")
            sheet.put(HEAD_ROW, lines.claim_claimed(kind), head, "head_right")
    for view in model.views:
        for place, scenario in enumerate(model.scenarios):
            column = lines.rate(view, place)
            chip = look.chip(scenario.letter)
            if place == 0:
                day = brief.places.days[view.number]
                sheet.formula(HEAD_ROW - 1, column, day, view.on, "plain", bold=True, shrink=True)
            sheet.put(HEAD_ROW, column, f"{scenario.letter}\n" + _("total, %"), "head_right", **chip)
            if view.number == 1:
                sheet.put(HEAD_ROW, lines.duty(place), f"{scenario.letter}\n" + _("duty, US$"), "head_right", **chip)
    _widths(brief)


def _widths(brief: Brief) -> None:
    sheet, lines, model = brief.lines.sheet, brief.lines, brief.model
    count = len(model.scenarios)
    totals = [9.0, 13.0] * count + [9.0] * (lines.mfn - lines.FIRST_RATE - 2 * count)
    sheet.widths(12.5, 40, 20, 14, 11, *totals, 9, 12, 12, 13, 13, 9, *[12.5] * (lines.classes + lines.told_apart))


def _facts(brief: Brief) -> None:
    """Code, words, value and column 1."""
    lines, portfolio = brief.lines, brief.model.portfolio
    raw, style = brief.lines.sheet.raw, brief.book.style
    code, cell, money, muted = style("code"), style("cell"), style("cell", look.INTEGER), style("muted")
    groups = [clean(str(name)) for name in portfolio.group_names]
    name = brief.pack.names.name
    for row, (text, group, value) in enumerate(
        zip(portfolio.codes.tolist(), portfolio.group_of.tolist(), portfolio.value.tolist(), strict=True), FIRST_ROW
    ):
        raw.write_string(row, lines.CODE, _dotted(text), code)
        raw.write_string(row, lines.NAME, clean(str(name(text))) or NOT_APPLICABLE, cell)
        raw.write_string(row, lines.GROUP, groups[group], cell)
        raw.write_number(row, lines.VALUE, value, money)
        raw.write_number(row, lines.group_number, group + 1, muted)
    _rates_of_column1(brief)


def _dotted(code: str) -> str:
    return f"{code[:4]}.{code[4:6]}.{code[6:]}"


def _rates_of_column1(brief: Brief) -> None:
    lines, portfolio = brief.lines, brief.model.portfolio
    raw, rate, missing = brief.lines.sheet.raw, brief.book.style("cell", look.RATE), brief.book.style("cell_right")
    shown = (lines.mfn, lines.preferential, lines.used, lines.COLUMN1, lines.claimed, lines.unclaimed)
    used, splits = _use_formulas(brief), portfolio.mfn_rate != portfolio.preferential_rate
    weighted = brief.model.case.assumptions.column_1_for_totals.value == "weighted"
    mfn, preferential, column1 = (
        array.tolist() for array in (portfolio.mfn_rate, portfolio.preferential_rate, portfolio.column1)
    )
    m, p, u, c = (column_name(column) for column in shown[:4])
    for place, use in enumerate(portfolio.utilisation.tolist()):
        row, number = FIRST_ROW + place, FIRST_ROW + place + 1
        if not brief.model.rated[place]:
            for column in shown:
                raw.write_string(row, column, _("n/a"), missing)
            continue
        raw.write_number(row, lines.mfn, mfn[place], rate)
        raw.write_number(row, lines.preferential, preferential[place], rate)
        if used[place]:
            raw.write_formula(row, lines.used, used[place], rate, use)
        else:
            raw.write_number(row, lines.used, use, rate)
        if not splits[place]:
            for column in shown[3:]:
                raw.write_number(row, column, mfn[place], rate)
            continue
        value = column1[place]
        raw.write_formula(row, lines.COLUMN1, f"={u}{number}*{p}{number}+(1-{u}{number})*{m}{number}", rate, value)
        for column, source, own in (
            (lines.claimed, p, preferential[place]),
            (lines.unclaimed, m, mfn[place]),
        ):
            text = f"=IF(weighted_column_1=1,{c}{number},{source}{number})"
            raw.write_formula(row, column, text, rate, value if weighted else own)


def _use_formulas(brief: Brief) -> list[str]:
    """For each line a reference to the assumed use of the preference, "" where the duty collected implies it."""
    portfolio, places = brief.model.portfolio, brief.places
    assumed = ~portfolio.utilisation_inferred & portfolio.with_preference
    found = [""] * len(assumed)
    if portfolio.claims is not None:
        default_of = np.where(assumed, portfolio.claims.default_of, -1).tolist()
        cells = {place: f"={address}" for place, address in places.default_use.items()}
        found = [cells.get(place, "") for place in default_of]
    for prefix in sorted(places.typed_use, key=len):
        hits = np.char.startswith(portfolio.codes, prefix)
        for line in np.flatnonzero(hits).tolist():
            found[line] = f"={places.typed_use[prefix]}"
    return found


def _claims(brief: Brief) -> None:
    for kind in brief.model.classes:
        _claim_column(brief, brief.lines.claim(kind), kind.lines, kind.claim)
        if kind.claimed_place >= 0:
            _claim_column(brief, brief.lines.claim_claimed(kind), kind.claiming, kind.claimed)


def _claim_column(brief: Brief, column: int, lines: Bools, claim: Claim) -> None:
    raw, style = brief.lines.sheet.raw, brief.book.style("cell", f'{look.SHARE};;"{NOT_APPLICABLE}"')
    share_of = brief.model.case.assumptions.listed_use
    within, without = np.where(lines, claim.within, 0.0).tolist(), claim.without.tolist()
    condition = np.where(lines, claim.condition, -1).tolist()
    for place, share in enumerate(within):
        row = FIRST_ROW + place
        if condition[place] < 0:
            raw.write_number(row, column, share, style)
            continue
        name = claim.lists[condition[place]]
        met = float(share_of.get(name, 1))
        text = _mixed(without[place], share, brief.places.listed_use[name])
        raw.write_formula(row, column, text, style, without[place] + (share - without[place]) * met)


def _mixed(without: float, within: float, cell: str) -> str:
    if without == 0:
        return f"={cell}" if within == 1 else f"={within!r}*{cell}"
    return f"={without!r}+({within - without!r})*{cell}"


# Totals


def _totals(brief: Brief, tick: Tick) -> None:
    """Lines that fare alike have the same formula but for the row number: one template each."""
    groups = _alike(brief)
    model = brief.model
    jobs = [(view, place) for view in model.views for place in range(len(model.scenarios))]
    for done, (view, place) in enumerate(jobs):
        templates = [_template(brief, view, place, line) for line in groups[0].tolist()]
        _write_totals(brief, brief.lines.rate(view, place), templates, groups[1], view.totals[place], tick)
        if view.number == 1:
            _write_duties(brief, place, view.totals[place])
        tick(0.4 + 0.6 * (done + 1) / len(jobs))


def _alike(brief: Brief) -> tuple[Ints, Ints]:
    """A line for each group of lines with the same formula, and for each line its group."""
    model, portfolio = brief.model, brief.model.portfolio
    columns: list[Floats | Bools] = [portfolio.mfn_rate != portfolio.preferential_rate]
    for kind in model.classes:
        columns += [kind.lines, kind.lines & _is_whole(kind.claim)]
        if kind.claimed_place >= 0:
            columns += [kind.claiming, kind.claiming & _is_whole(kind.claimed)]
    columns += [model.crowded, model.told_apart]
    columns += [mask for place in range(len(model.scenarios)) for _n, _change, mask in model.limits(place)]
    matrix = np.stack([np.asarray(column, dtype=np.int8) for column in columns], axis=1)
    _unique, first, which = np.unique(matrix, axis=0, return_index=True, return_inverse=True)
    return first.astype(np.intp), which.astype(np.intp)


def _template(brief: Brief, view: View, place: int, line: int) -> str:
    model, lines = brief.model, brief.lines
    letter, plan = model.scenarios[place].letter, model.plans[place]
    taken = shares(plan, _parts(brief, line, claimed=False), letter, view)
    apart = bool(model.told_apart[line])
    of_claimed = shares(plan, _parts(brief, line, claimed=True), letter, view) if apart else None
    limits = [(limit_name(letter, n, view), change) for n, change, mask in model.limits(place) if mask[line]]
    portfolio = model.portfolio
    columns = (lines.used, lines.claimed, lines.unclaimed, lines.COLUMN1)
    used, claimed, unclaimed, weighted = (f"{column_name(column)}{_ROW}" for column in columns)
    splits = bool(portfolio.mfn_rate[line] != portfolio.preferential_rate[line])
    cells = (used, claimed, unclaimed, weighted)
    return "=" + line_total(model, place, view, taken, limits, cells, splits=splits, of_claimed=of_claimed)


def _parts(brief: Brief, line: int, *, claimed: bool) -> list[Part]:
    """The classes that a line is in, with the part that claims the preference or without."""
    found, lines = list[Part](), brief.lines
    for kind in brief.model.classes:
        column, claim = (lines.claim_claimed(kind), kind.claimed) if claimed else (lines.claim(kind), kind.claim)
        if (kind.claiming if claimed else kind.lines)[line]:
            where = "" if _is_whole(claim)[line] else f"{column_name(column)}{_ROW}"
            found.append(Part(kind, where, float(claim.largest[line])))
    return found


def _is_whole(claim: Claim) -> Bools:
    result: Bools = (claim.largest == 1) & (claim.condition < 0)
    return result


def _write_totals(brief: Brief, column: int, templates: list[str], group_of: Ints, rates: Floats, tick: Tick) -> None:
    raw, style, missing = brief.lines.sheet.raw, brief.book.style("cell", look.RATE), brief.book.style("cell_right")
    rated = brief.model.rated.tolist()
    for place, (group, rate) in enumerate(zip(group_of.tolist(), rates.tolist(), strict=True)):
        row = FIRST_ROW + place
        if rated[place]:
            raw.write_formula(row, column, templates[group].replace(_ROW, str(row + 1)), style, rate)
        else:
            raw.write_string(row, column, _("n/a"), missing)


def _write_duties(brief: Brief, scenario: int, rates: Floats) -> None:
    lines, raw = brief.lines, brief.lines.sheet.raw
    style, missing = brief.book.style("cell", look.INTEGER), brief.book.style("cell_right")
    value, rate = column_name(lines.VALUE), column_name(lines.rate(brief.model.views[0], scenario))
    rated = brief.model.rated.tolist()
    for place, duty in enumerate((rates * brief.model.portfolio.value).tolist()):
        row = FIRST_ROW + place
        if rated[place]:
            raw.write_formula(row, lines.duty(scenario), f"={value}{row + 1}*{rate}{row + 1}", style, duty)
        else:
            raw.write_string(row, lines.duty(scenario), _("n/a"), missing)
