"""The words for what an instrument did to a partner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.codes import format_code
from core.comparison.effects import Effect, EffectKind, FieldChange, Outcome, Release
from core.i18n import _, ngettext
from core.law_words import measure_title, rate_words
from core.quantities import format_date, format_number, format_percent
from core.reference.law import Law
from core.tariff.measures import RateKind

MILLION = 1e6


def outcome_words(release: Release) -> str:
    """What an instrument comes to for a partner where it changes no rate; "" where it does."""
    return {
        Outcome.CHANGES: "",
        Outcome.ANNOUNCES: _("announcement, no instrument: changes no rate"),
        Outcome.NOTHING: _("changes no rate for this partner"),
    }[release.outcome]


def effect_words(law: Law, effect: Effect) -> str:
    """One thing that an instrument did, as a sentence without full stop."""
    match effect.kind:
        case EffectKind.TERMS:
            return f"{measure_title(law, effect.measure)}: {_terms(effect)}"
        case EffectKind.ANNOUNCED:
            words = _("announced: {measure}, {terms}")
            return words.format(measure=measure_title(law, effect.measure), terms=_terms(effect))
        case EffectKind.LIST:
            return f"{_goods(law, effect)}: {_listed(law, effect)}"
        case EffectKind.STACKING:
            words = _("{duty}, stacking from {date}: {why}")
            return words.format(duty=_titles(law, effect), date=_day(effect.on), why=effect.why)
        case EffectKind.GAP:
            words = _("no number from {date} on {codes}: {reason}")
            codes = ", ".join(map(format_code, effect.codes))
            return words.format(date=_day(effect.on), codes=codes, reason=effect.why)


def _titles(law: Law, effect: Effect) -> str:
    return ", ".join(str(law.duties[duty].title) for duty in effect.duties)


def _goods(law: Law, effect: Effect) -> str:
    titles = _titles(law, effect)
    return _("{duty}, exempt goods").format(duty=titles) if effect.is_exempt else titles


def _day(day: date | None) -> str:
    return format_date(day) if day is not None else _("n/a")


def _listed(law: Law, effect: Effect) -> str:
    """How many codes join, leave and move, how much of the partner's trade that is, and on which condition."""
    counted = (
        (effect.joins, effect.joins_value, ngettext("{count} code added", "{count} codes added", effect.joins)),
        (effect.leaves, effect.leaves_value, ngettext("{count} code removed", "{count} codes removed", effect.leaves)),
        (effect.moves, effect.moves_value, ngettext("{count} code moved", "{count} codes moved", effect.moves)),
    )
    parts = [_trade(text.format(count=format_number(count)), value) for count, value, text in counted if count]
    listed = _("{what} from {date}").format(what=", ".join(parts), date=_day(effect.on))
    if not effect.condition:
        return listed
    return _("{listed}, only if: {condition}").format(
        listed=listed, condition=law.file.conditions[effect.condition].title
    )


def _trade(words: str, value: float) -> str:
    if not value:
        return _("{what} (no imports in the base year)").format(what=words)
    decimals = 0 if value >= 10 * MILLION else 2
    return _("{what} (US$ {value} m of imports)").format(what=words, value=format_number(value / MILLION, decimals))


def _terms(effect: Effect) -> str:
    """The fields of a measure that an instrument set, the days first."""
    fields = {change.field: change for change in effect.fields}
    parts = [_started(effect, fields), *_rates(fields), *_ended(fields), *_slept(fields)]
    return ", ".join(part for part in parts if part)


def _started(effect: Effect, fields: dict[str, FieldChange]) -> str:
    start = fields.get("from")
    if start is None:
        return ""
    if effect.is_new:
        return _("new from {date}").format(date=_text_day(start.after))
    return _instead(_("starts on {date}"), _("starts on {date} instead of {old}"), start)


def _rates(fields: dict[str, FieldChange]) -> list[str]:
    rate, kind, following = fields.get("rate"), fields.get("kind"), fields.get("next_rate")
    parts = []
    if rate is not None and kind is not None and not rate.before:
        parts.append(_rate(rate.after, kind.after))
    elif rate is not None:
        parts.append(_rate_alone(rate))
    elif kind is not None:
        parts.append(_form(kind.after))
    if following is not None:
        parts.append(_("{rate} afterwards").format(rate=_percent(following.after)))
    return parts


def _rate(rate: str, kind: str) -> str:
    form = RateKind(kind)
    return rate_words(Decimal(rate) if form is RateKind.MINIMUM_PRICE else Decimal(rate) / 100, form)


def _rate_alone(rate: FieldChange) -> str:
    if rate.before in (None, rate.after):
        return _("rate {rate}").format(rate=_percent(rate.after))
    return _("rate {rate} instead of {old}").format(rate=_percent(rate.after), old=_percent(rate.before or "0"))


def _form(kind: str) -> str:
    return {
        RateKind.ADDED: _("now added to column 1"),
        RateKind.TOTAL: _("now a total with column 1"),
        RateKind.CONTENT: _("now on the metal content"),
        RateKind.MINIMUM_PRICE: _("now a minimum price"),
    }[RateKind(kind)]


def _percent(text: str) -> str:
    return format_percent(Decimal(text) / 100)


def _ended(fields: dict[str, FieldChange]) -> list[str]:
    end = fields.get("to")
    if end is None:
        return []
    if not end.after:
        return [_("no longer ends on {old}").format(old=_text_day(end.before or ""))]
    return [_instead(_("ends on {date}"), _("ends on {date} instead of {old}"), end)]


def _slept(fields: dict[str, FieldChange]) -> list[str]:
    """The suspension that an instrument began, moved or lifted."""
    first, last = fields.get("suspended_from"), fields.get("suspended_to")
    if first is not None and not first.after:
        return [_("no longer suspended")]
    if first is not None and last is not None and last.after:
        words = _("suspended from {first} until {last}")
        return [words.format(first=_text_day(first.after), last=_text_day(last.after))]
    if first is not None:
        return [_("suspended from {first}").format(first=_text_day(first.after))]
    if last is not None and last.after:
        return [_instead(_("suspended until {date}"), _("suspended until {date} instead of {old}"), last)]
    return [_("suspended without an end")] if last is not None else []


def _instead(new: str, moved: str, change: FieldChange) -> str:
    """A day, with the day that stood before it where there was one."""
    if not change.before:
        return new.format(date=_text_day(change.after))
    return moved.format(date=_text_day(change.after), old=_text_day(change.before))


def _text_day(text: str) -> str:
    return format_date(date.fromisoformat(text)) if text else _("n/a")
