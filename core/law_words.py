"""The words for what the law does on a day and for what a measure charges."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from core.i18n import _
from core.law_history import Cause
from core.quantities import format_percent
from core.reference.law import Law
from core.tariff.measures import RateKind


def verb(name: str) -> str:
    """What happened to a measure or a list of goods on a day."""
    return {
        "starts": _("starts"),
        "ends": _("ends"),
        "suspended": _("is suspended"),
        "resumes": _("takes effect again"),
        "list": _("list of goods changes"),
    }[name]


def cited(law: Law, instruments: Iterable[str]) -> str:
    """The instruments as a lawyer names them."""
    return "; ".join(law.instruments[name].cite() for name in instruments)


def cause_text(law: Law, cause: Cause) -> str:
    """One thing that happened on a day, with who did it."""
    return f"{measure_title(law, cause.measure)}: {verb(cause.verb)} ({cited(law, cause.instruments)})"


def measure_title(law: Law, name: str) -> str:
    """The title of a measure, or of the list of goods that has this name."""
    measure = law.measures.get(name)
    return str(measure.title) if measure else list_name(law, name)


def list_name(law: Law, name: str) -> str:
    """A list of goods by the duty that it belongs to."""
    for duty in law.file.duties:
        if name in law.lists_of(duty.id):
            return str(duty.title)
    for measure in law.file.measures:
        if name in (*measure.excluded, *(exemption.list for exemption in measure.exempt)):
            return _("{duty}, exempt goods").format(duty=law.duties[measure.duty].title)
    return name


def rate_words(rate: Decimal, kind: RateKind) -> str:
    """A rate as it acts. rate: fraction; US$ a unit for a minimum price."""
    if kind is RateKind.MINIMUM_PRICE:
        return _("minimum price US$ {amount} a unit").format(amount=f"{rate.normalize():f}")
    words = {
        RateKind.ADDED: _("{rate} added"),
        RateKind.TOTAL: _("total {rate}"),
        RateKind.CONTENT: _("{rate} on the metal content"),
    }
    return words[kind].format(rate=format_percent(rate))
