"""Kinds of change and their fields: from a change to what a form shows, and back. No widgets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from core import i18n
from core.case import (
    AddDuty,
    AnyChange,
    Cap,
    Exempt,
    Place,
    Postpone,
    Quota,
    RateForm,
    SetRate,
    SetTotal,
    SwitchOff,
    SwitchOn,
)
from core.errors import InputError
from core.i18n import _
from core.quantities import format_date, parse_number
from core.text import LocalText

ChangeDraft = dict[str, str]
Values = Mapping[str, Any]

# The fields of each kind, in the order of the form.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "set-rate": ("duty", "lines", "rate", "form", "start", "until", "note"),
    "switch-off": ("duty", "lines", "start", "until", "note"),
    "switch-on": ("duty", "measure", "lines", "start", "until", "note"),
    "postpone": ("duty", "lines", "start", "until", "note"),
    "exempt": ("duty", "lines", "start", "until", "note"),
    "cap": ("lines", "rate", "start", "until", "note"),
    "set-total": ("lines", "rate", "start", "until", "note"),
    "quota": (
        "duty", "lines", "volume", "unit", "share_in_quota", "share_source",
        "in_rate", "out_rate", "form", "start", "until", "note",
    ),
    "add-duty": ("title", "lines", "rate", "form", "place", "start", "until", "citation", "note"),
}  # fmt: skip


def kind_title(kind: str) -> str:
    """The words for a kind of change."""
    return {
        "set-rate": _("Set the rate of a duty"),
        "switch-off": _("Switch a duty off"),
        "switch-on": _("Switch a duty on"),
        "postpone": _("Postpone a change of the law"),
        "exempt": _("Exempt goods"),
        "cap": _("Cap goods: at most a total"),
        "set-total": _("Set the total on goods"),
        "quota": _("Tariff-rate quota"),
        "add-duty": _("Add a duty"),
    }[kind]


# Kinds that act on goods rather than on a duty: with none chosen by mistake they would act on everything.
_ON_GOODS: Final = frozenset({"exempt", "cap", "set-total"})


def goods_words(kind: str, *, may_be_all: bool) -> str:
    """What the form says while no group is chosen."""
    if kind in _ON_GOODS:
        return _("all goods") if may_be_all else _("to be chosen")
    return _("to be chosen") if kind == "add-duty" else _("all that the duty covers")


def is_on_all_goods(change: AnyChange | None) -> bool:
    """Whether a change that acts on goods was meant for all of them."""
    return isinstance(change, Exempt | Cap | SetTotal) and not change.lines


def check_goods_named(kind: str, lines: str, *, may_be_all: bool) -> None:
    """Goods have to be chosen where the kind acts on goods, unless all of them can be meant."""
    if kind in _ON_GOODS and not lines and not may_be_all:
        raise InputError(_("The change does not say which goods it is about."), remedy=_("Choose an item group."))


def number_or_none(text: str) -> Decimal | None:
    """An amount, or nothing."""
    return parse_number(text) if text.strip() else None


def draft_of(change: AnyChange) -> ChangeDraft:
    """What the form shows for a change: all fields as text or as the value of a choice."""
    draft = {
        "kind": str(change.__struct_config__.tag),
        "duty": change.duty,
        "lines": change.lines,
        "start": format_date(change.start),
        "until": format_date(change.until) if change.until is not None else "",
        "note": change.note,
        "share_in_quota": _percent(Decimal(1)) + " %",
        "in_rate": "0",
    }
    match change:
        case SetRate() | AddDuty():
            draft |= {"rate": _percent(change.rate), "form": change.form.value}
        case Cap() | SetTotal():
            draft |= {"rate": _percent(change.rate)}
        case SwitchOn():
            draft |= {"measure": change.measure}
        case Quota():
            draft |= _quota_draft(change)
    if isinstance(change, AddDuty):
        draft |= {"title": str(change.title), "place": change.place.value, "citation": change.citation}
    return draft


def _quota_draft(quota: Quota) -> ChangeDraft:
    return {
        "volume": f"{quota.volume:,f}" if quota.volume is not None else "",
        "unit": quota.unit,
        "share_in_quota": _percent(quota.share_in_quota) + " %",
        "share_source": str(quota.share_source),
        "in_rate": _percent(quota.in_rate),
        "out_rate": _percent(quota.out_rate) if quota.out_rate is not None else "",
        "form": quota.form.value,
    }


def _percent(fraction: Decimal) -> str:
    return f"{(fraction * 100).normalize():f}"


def _common(values: Values) -> dict[str, Any]:
    return {name: values[name] for name in ("duty", "lines", "start", "until", "note") if name in values}


def _set_rate(values: Values, _old: AnyChange | None) -> AnyChange:
    return SetRate(**_common(values), rate=values["rate"], form=RateForm(values["form"]))


def _switch_off(values: Values, _old: AnyChange | None) -> AnyChange:
    return SwitchOff(**_common(values))


def _switch_on(values: Values, _old: AnyChange | None) -> AnyChange:
    return SwitchOn(**_common(values), measure=values["measure"])


def _postpone(values: Values, _old: AnyChange | None) -> AnyChange:
    return Postpone(**_common(values))


def _exempt(values: Values, _old: AnyChange | None) -> AnyChange:
    return Exempt(**_common(values))


def _cap(values: Values, _old: AnyChange | None) -> AnyChange:
    return Cap(**_common(values), rate=values["rate"])


def _set_total(values: Values, _old: AnyChange | None) -> AnyChange:
    return SetTotal(**_common(values), rate=values["rate"])


def _quota(values: Values, old: AnyChange | None) -> AnyChange:
    own = ("volume", "unit", "share_in_quota", "in_rate", "out_rate")
    source = old.share_source if isinstance(old, Quota) else LocalText()
    if str(source) != values["share_source"]:  # an untouched source keeps its other language
        source = source.with_text(i18n.language(), values["share_source"])
    if not values["share_source"]:
        raise InputError(
            _("The share has no source."), remedy=_("Say where it comes from, or that it is your assumption.")
        )
    fields = _common(values) | {name: values[name] for name in own}
    return Quota(**fields, share_source=source, form=RateForm(values["form"]))


def _add_duty(values: Values, old: AnyChange | None) -> AnyChange:
    """The id is made from the name once; an edit keeps it, because other changes refer to it."""
    was = old if isinstance(old, AddDuty) else None
    title = (was.title if was is not None else LocalText()).with_text(i18n.language(), values["title"])
    if not values["lines"]:
        raise InputError(_("The new duty does not say which goods it falls on."), remedy=_("Choose an item group."))
    return AddDuty(
        **_common(values),
        duty=was.duty if was is not None else new_duty_id(values["title"]),
        title=title,
        rate=values["rate"],
        form=RateForm(values["form"]),
        place=Place(values["place"]),
        citation=values["citation"],
    )


def new_duty_id(title: str) -> str:
    """A short name of small Latin letters and digits; a title without any gets one from its characters."""
    plain = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")
    if plain:
        return f"new_{plain}"[:64]
    return "new_" + "".join(f"{ord(letter):x}" for letter in title if letter.isalpha())[:60]


Maker = Callable[[Values, AnyChange | None], AnyChange]

KINDS: Final[Mapping[str, Maker]] = {
    "set-rate": _set_rate,
    "switch-off": _switch_off,
    "switch-on": _switch_on,
    "postpone": _postpone,
    "exempt": _exempt,
    "cap": _cap,
    "set-total": _set_total,
    "quota": _quota,
    "add-duty": _add_duty,
}
