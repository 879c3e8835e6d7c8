"""The scenarios' changes, one a row, with their inputs: days, rate, form, quota; below them the terms of others."""

from __future__ import annotations

from decimal import Decimal

from core.briefing import inputs, look
from core.briefing.formulas import ChangeCells
from core.briefing.inputs import CHANGE, LABEL
from core.briefing.plan import RATES, Brief
from core.briefing.words import change_goods, duty_title, form_word, is_total, kind_of_change
from core.briefing.writer import absolute
from core.case import AddDuty, AnyChange, Cap, Quota, RivalTerms, SetRate, SetTotal, SwitchOn
from core.change_words import change_words, partner_words
from core.i18n import _
from core.quantities import MAX_RATE, format_date
from core.scenario import holds
from core.tariff.measures import ONE_DAY

WHAT, GOODS, DUTY, START, UNTIL, RATE, FORM, SHARE, IN_RATE, VOLUME, UNIT, ACTIVE = range(12)
_FIELDS = {
    START: "start",
    UNTIL: "until",
    RATE: "rate",
    FORM: "form",
    SHARE: "share_in_quota",
    IN_RATE: "in_rate",
    VOLUME: "volume",
    UNIT: "unit",
}


def write_changes(brief: Brief, row: int, names: int) -> int:
    """The table from this row on; gives the first row below it. names: the column in which rows are named."""
    sheet, model = brief.sheet(RATES), brief.model
    sheet.put(
        row, WHAT, _("Changes to the law, by scenario, in their order. All else stays as the law has it."), "heading"
    )
    heads = [
        _("Scenario · change"), _("Goods"), _("Duty"), _("From\nday"), _("Until\nday before"), _("Rate\n%"),
        _("Form\nadded or total"), _("In quota\n% of value"), _("Rate in quota\n%"), _("Volume\na year"), _("Unit"),
    ]  # fmt: skip
    heads += [_("In effect\n{day}").format(day=format_date(view.on, short=True)) for view in model.views]
    row += 1
    brief.ledger.heads(sheet, row, names, CHANGE, {WHAT: LABEL, DUTY: inputs.DUTY, **_FIELDS})
    sheet.raw.set_row(row + 1, 42)
    for column, text in enumerate(heads):
        sheet.put(row + 1, column, text, "head" if column < START else "head_right")
    row += 2
    for scenario in range(len(model.scenarios)):
        for place, change in enumerate(model.scenarios[scenario].changes):
            _write_change(brief, row, scenario, place, change)
            _name(brief, (row, names), scenario, place, change)
            row += 1
        for terms in model.scenarios[scenario].rivals:
            sheet.put(row, WHAT, _terms_of_others(brief, model.scenarios[scenario].letter, terms), "plain", indent=1)
            row += 1
    sheet.put(
        row,
        WHAT,
        _(
            "A day in Until is the first on which the law applies again; a dash means for good. The volume describes a "
            "quota; the share of value is what enters the sums."
        ),
        "note",
    )
    if any(scenario.rivals for scenario in model.scenarios):
        row += 1
        sheet.put(row, WHAT, _("Terms of others change nothing here; the sheet of partners has their rates."), "note")
    return row + 1


def _terms_of_others(brief: Brief, letter: str, terms: RivalTerms) -> str:
    """What a scenario gives others, in words: it enters no figure of this sheet."""
    titles = {duty.id: str(duty.title) for duty in brief.pack.law.file.duties}
    names = {partner.iso2: str(partner.name) for partner in brief.pack.partners}
    words = change_words(brief.case, terms.change, titles)
    return _("{letter} · terms of others, {partners}: {change} · {detail}").format(
        letter=letter, partners=partner_words(terms.partners, names), change=words.title, detail=words.detail
    )


def _label(brief: Brief, scenario: int, place: int, change: AnyChange) -> str:
    return f"{brief.model.scenarios[scenario].letter} {place + 1} · {kind_of_change(change)}"


def _name(brief: Brief, place: tuple[int, int], scenario: int, number: int, change: AnyChange) -> None:
    """Name the row and note what can be typed into it."""
    fields = [field for field in _FIELDS.values() if _has_input(change, field)]
    brief.ledger.row(
        brief.sheet(RATES),
        place,
        f"{CHANGE}:{change.id}",
        fields,
        label=_label(brief, scenario, number, change),
        scenario=brief.model.scenarios[scenario].id,
    )


def _has_input(change: AnyChange, field: str) -> bool:
    """A quota that leaves the rate outside it to the law has no cell for one."""
    if isinstance(change, Quota) and field == "rate":
        return change.out_rate is not None
    return field in change.__struct_fields__


def _write_change(brief: Brief, row: int, scenario: int, place: int, change: AnyChange) -> None:
    sheet, model = brief.sheet(RATES), brief.model
    sheet.put(row, WHAT, _label(brief, scenario, place, change))
    sheet.put(row, GOODS, change_goods(change, model), "cell", shrink=True)
    sheet.put(row, DUTY, duty_title(change, model), "cell", shrink=True)
    _day_inputs(brief, row, change)
    for column in range(RATE, ACTIVE):
        sheet.put(row, column, None, "muted")
    _figures(brief, row, change)
    cells = ChangeCells(
        start=absolute(row, START),
        until=absolute(row, UNTIL),
        rate=absolute(row, RATE),
        form=absolute(row, FORM),
        share=absolute(row, SHARE),
        in_rate=absolute(row, IN_RATE),
        active=tuple(absolute(row, ACTIVE + view.number - 1) for view in model.views),
    )
    brief.places.changes[scenario, place] = cells
    for view in model.views:
        day = brief.places.days[view.number].split("!")[1]
        text = f"IF(AND({day}>={cells.start},IF(ISNUMBER({cells.until}),{day}<{cells.until},TRUE)),1,0)"
        sheet.formula(row, ACTIVE + view.number - 1, text, int(holds(change, view.on)), "muted", "0")


def _day_inputs(brief: Brief, row: int, change: AnyChange) -> None:
    sheet, last = brief.sheet(RATES), brief.model.window.last
    first = brief.model.eve + ONE_DAY
    message = _("Type a day from {first} to {last}.").format(first=format_date(first), last=format_date(last))
    sheet.put(row, START, change.start, "input", shrink=True, align="right")
    if change.until is None:
        sheet.put(row, UNTIL, None, "input", brief.book.day_format, shrink=True)
    else:
        sheet.put(row, UNTIL, change.until, "input", shrink=True, align="right")
    for column in (START, UNTIL):
        sheet.day_between(row, column, first, last, message)


def _figures(brief: Brief, row: int, change: AnyChange) -> None:
    match change:
        case SetRate() | AddDuty():
            _rate_input(brief, row, RATE, change.rate)
            _form_input(brief, row, is_total(change, brief.model))
        case Cap() | SetTotal():
            _rate_input(brief, row, RATE, change.rate)
        case SwitchOn():
            state = brief.model.results.basis.base.states.get(change.measure)
            if state is not None:
                brief.sheet(RATES).put(row, RATE, float(state.rate), "muted", look.RATE)
        case Quota():
            _quota_inputs(brief, row, change)


def _quota_inputs(brief: Brief, row: int, change: Quota) -> None:
    sheet = brief.sheet(RATES)
    if change.out_rate is not None:
        _rate_input(brief, row, RATE, change.out_rate)
    _form_input(brief, row, is_total(change, brief.model))
    sheet.put(row, SHARE, float(change.share_in_quota), "input", look.SHARE)
    sheet.between(row, SHARE, 0, 1, _("Type a share between 0 and 100 %."))
    _rate_input(brief, row, IN_RATE, change.in_rate)
    volume = None if change.volume is None else float(change.volume)
    sheet.put(row, VOLUME, volume, "input", look.INTEGER, shrink=True)
    sheet.put(row, UNIT, change.unit or None, "input")


def _rate_input(brief: Brief, row: int, column: int, rate: Decimal) -> None:
    sheet = brief.sheet(RATES)
    sheet.put(row, column, float(rate), "input", look.RATE)
    sheet.between(row, column, 0, float(MAX_RATE), _("Type a rate between 0 and 1000 %."))


def _form_input(brief: Brief, row: int, total: bool) -> None:
    sheet = brief.sheet(RATES)
    sheet.put(row, FORM, form_word(total), "input_right")
    sheet.choice(row, FORM, [form_word(False), form_word(True)])
