"""A scenario's changes in words: a title and a line of detail each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from core.case import (
    AddDuty,
    AnyChange,
    Cap,
    Case,
    Exempt,
    Postpone,
    Quota,
    RateForm,
    SetRate,
    SetTotal,
    SwitchOff,
    SwitchOn,
)
from core.case_rules import GROUP_PREFIX, LIST_PREFIX
from core.i18n import _
from core.quantities import format_date, format_number, format_percent


@dataclass(frozen=True)
class Words:
    """title: what is changed; detail: from when, on which goods, what the change assumes."""

    title: str
    detail: str


def duty_title(duty: str, titles: Mapping[str, str]) -> str:
    """The name of a duty, or its id where the names are not loaded yet; all of them when none is meant."""
    if not duty:
        return _("All additional duties")
    return titles.get(duty, duty.replace("_", " "))


def partner_words(partners: Iterable[str], names: Mapping[str, str]) -> str:
    """Whose goods, in words: `Japan, European Union`, `all others but Mexico`. names: of partners by code."""
    partners = tuple(partners)
    named = [names.get(code, code) for code in partners if code not in ("*", *_left_out(partners))]
    left_out = [names.get(code[1:], code[1:]) for code in _left_out(partners)]
    listed = ", ".join(([_("all others")] if "*" in partners else []) + named)
    if not left_out:
        return listed
    return _("{partners} but {left_out}").format(partners=listed, left_out=", ".join(left_out))


def _left_out(partners: Iterable[str]) -> list[str]:
    return [code for code in partners if code.startswith("-")]


def goods_name(case: Case, lines: str) -> str:
    """The goods a change is limited to; empty for all that the duty covers."""
    if lines.startswith(GROUP_PREFIX):
        group_id = lines.removeprefix(GROUP_PREFIX)
        return next((str(group.name) for group in case.groups if group.id == group_id), group_id)
    if lines.startswith(LIST_PREFIX):
        return _list_name(lines.removeprefix(LIST_PREFIX))
    return ""


def _list_name(name: str) -> str:
    """A list of the law by what it holds."""
    if name.endswith("_article"):
        return _("mill articles")
    if name.endswith("_derivative"):
        return _("derivative articles")
    return _("list {name}").format(name=name.replace("_", " "))


def change_words(case: Case, change: AnyChange, titles: Mapping[str, str]) -> Words:
    """titles: names of the duties by id."""
    goods = goods_name(case, change.lines)
    parts = [_period(change.start, change.until), _only(change, goods), *_extras(change)]
    return Words(_title(change, duty_title(change.duty, titles), goods), " · ".join(p for p in parts if p))


def _only(change: AnyChange, goods: str) -> str:
    names_goods = isinstance(change, Exempt | Cap | SetTotal)
    return _("only {goods}").format(goods=goods) if goods and not names_goods else ""


def _period(start: date, until: date | None) -> str:
    if until is None:
        return _("from {start}").format(start=format_date(start))
    last = until - timedelta(days=1)
    return _("{start} to {last}").format(start=format_date(start), last=format_date(last))


def rate_words(rate: Decimal, form: RateForm) -> str:
    """`total 15 %`, or `15 %` for a rate that is added to column 1."""
    shown = format_percent(rate)
    return _("total {rate}").format(rate=shown) if form is RateForm.TOTAL else shown


def _title(change: AnyChange, duty: str, goods: str) -> str:
    match change:
        case SwitchOff():
            return _("{duty}: switched off").format(duty=duty)
        case SwitchOn():
            return _("{duty}: switched on").format(duty=duty)
        case SetRate(rate=rate, form=form):
            return _("{duty}: {rate}").format(duty=duty, rate=rate_words(rate, form))
        case Postpone():
            return _("{duty}: what holds goes on").format(duty=duty)
        case Exempt():
            return _("{goods}: exempt").format(goods=goods or _("All goods"))
        case Cap(rate=rate):
            return _("{goods}: at most {rate} in all").format(goods=goods or _("All goods"), rate=format_percent(rate))
        case SetTotal(rate=rate):
            return _("{goods}: total {rate}").format(goods=goods or _("All goods"), rate=format_percent(rate))
        case Quota():
            return _("{duty}: quota").format(duty=duty)
        case AddDuty(title=title, rate=rate, form=form):
            return _("New duty, {title}: {rate}").format(title=title, rate=rate_words(rate, form))


def _extras(change: AnyChange) -> list[str]:
    match change:
        case SetRate(form=RateForm.TOTAL) | AddDuty(form=RateForm.TOTAL):
            return [_("column 1 counts towards it")]
        case Quota():
            return _quota_words(change)
        case Exempt(duty=duty) if duty:
            return [_("from one duty only")]
        case _:
            return []


def _quota_words(quota: Quota) -> list[str]:
    volume = ""
    if quota.volume is not None:
        volume = _("{volume} {unit} a year").format(volume=format_number(quota.volume), unit=quota.unit or _("units"))
    out = _("the law's rate outside") if quota.out_rate is None else _("{rate} outside")
    return [
        part
        for part in (
            volume,
            _("{share} of value at {rate}").format(
                share=format_percent(quota.share_in_quota), rate=rate_words(quota.in_rate, quota.form)
            ),
            out.format(rate=rate_words(quota.out_rate or Decimal(0), quota.form)),
        )
        if part
    ]
