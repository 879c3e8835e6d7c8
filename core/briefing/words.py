"""The words of the workbook for what the case holds: changes, forms of rates, days."""

from __future__ import annotations

from core.briefing.model import Model, goods_title
from core.case import (
    AddDuty,
    AnyChange,
    BarrierState,
    Cap,
    Exempt,
    Postpone,
    Quota,
    RateForm,
    SetRate,
    SetTotal,
    SwitchOff,
    SwitchOn,
)
from core.i18n import _, pgettext
from core.law_coverage import level_note, level_words
from core.quantities import format_percent
from core.reference.law import CoverageLevel, Law, Measure
from core.reference.partners import Partner
from core.tariff.measures import RateKind


def form_word(is_total: bool) -> str:
    """How a rate acts, in the word that the formulas look for."""
    return pgettext("rate form", "total") if is_total else pgettext("rate form", "added")


def is_total(change: AnyChange, model: Model) -> bool:
    """Whether a change sets a rate that column 1 counts towards."""
    if isinstance(change, SwitchOn):
        state = model.results.basis.base.states.get(change.measure)
        return state is not None and state.kind is RateKind.TOTAL
    return isinstance(change, SetRate | Quota | AddDuty) and change.form is RateForm.TOTAL


def kind_of_change(change: AnyChange) -> str:
    """What a change does, in two or three words."""
    match change:
        case SwitchOff():
            return _("not charged")
        case SwitchOn():
            return _("charged again")
        case SetRate():
            return _("rate set")
        case Postpone():
            return _("law of the day before goes on")
        case Exempt():
            return _("goods exempt")
        case Cap():
            return _("all duties capped")
        case SetTotal():
            return _("all duties together set")
        case Quota():
            return _("tariff-rate quota")
        case AddDuty():
            return _("new duty")
    raise TypeError(type(change))


def duty_title(change: AnyChange, model: Model) -> str:
    """The duty that a change acts on."""
    if isinstance(change, AddDuty) and change.title:
        return str(change.title)
    duty = model.results.basis.base.law.duties.get(change.duty)
    if duty is not None:
        return str(duty.title)
    return change.duty or _("all additional duties")


def change_goods(change: AnyChange, model: Model) -> str:
    """The goods that a change reaches."""
    return goods_title(change.lines, model.case)


def barrier_state(state: BarrierState) -> str:
    """Where a barrier stands, in words."""
    return {
        BarrierState.NOT_RAISED: pgettext("barrier state", "Not raised"),
        BarrierState.RAISED: pgettext("barrier state", "Raised"),
        BarrierState.EXPLAINED: pgettext("barrier state", "Explained"),
        BarrierState.UNDER_DISCUSSION: pgettext("barrier state", "Under discussion"),
        BarrierState.CONDITIONAL_OFFER: pgettext("barrier state", "Conditional offer"),
        BarrierState.AGREED_IN_PRINCIPLE: pgettext("barrier state", "Agreed in principle"),
        BarrierState.AGREED: pgettext("barrier state", "Agreed"),
        BarrierState.CLOSED: pgettext("barrier state", "Closed"),
        BarrierState.REFUSED: pgettext("barrier state", "Not opened"),
    }[state]


def coverage(law: Law, partner: Partner, model: Model) -> str:
    """How far the pack holds the law on a partner's goods, and what is missing on the days shown."""
    known, level = model.case.known_to, law.coverage_level(partner.iso2, partner.union)
    days = (law.missing(partner.iso2, partner.union, known, view.on) for view in model.views)
    missing = "; ".join(dict.fromkeys(what for lacks in days for what in lacks))
    note = "" if missing and level is CoverageLevel.COMPLETE else level_note(level)
    parts = (note, _("Missing: {what}.").format(what=missing) if missing else "")
    return _("{level}. {note}").format(level=level_words(level), note=" ".join(filter(None, parts)))


def us_content(measure: Measure) -> str:
    """What is assumed of the US content on which a measure is not charged, with its source."""
    share = format_percent(measure.us_content_assumed)
    return _("{share} of the value: {source}").format(share=share, source=measure.us_content_source)
