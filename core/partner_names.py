"""Partners as people type and read them: names in either language, or codes, several with commas between."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from core.errors import InputError
from core.i18n import _
from core.reference.partners import Partner, Partners

# A Korean keyboard has commas of its own.
_SEPARATOR: Final = re.compile("[,;\N{FULLWIDTH COMMA}\N{IDEOGRAPHIC COMMA}]")


def known_names(partners: Partners) -> dict[str, str]:
    """The code of every spelling that is understood, in small letters: code, names, name with code."""
    return {
        _plain(spelling): partner.iso2
        for partner in partners
        for name in (partner.name.en, partner.name.ko)
        for spelling in (partner.iso2, name, f"{name} ({partner.iso2})")
    }


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def shown_name(partner: Partner) -> str:
    """The name in the language shown; the code where the name itself would read as two."""
    name = str(partner.name)
    return partner.iso2 if _SEPARATOR.search(name) else name


def offers(typed: str, partners: Partners) -> list[Partner]:
    """Partners that may be meant, the likeliest first: by code, by the beginning of a name or a word, by any part."""
    wanted = _plain(typed)
    if not wanted:
        return []
    found = [(rank, partner) for partner in partners if (rank := _rank(wanted, partner)) is not None]
    return [partner for _place, partner in sorted(found, key=lambda each: (each[0], str(each[1].name)))]


def _rank(wanted: str, partner: Partner) -> int | None:
    """How near a partner is to what was typed, 0 first; None where nothing of it fits."""
    names = [_plain(name) for name in (partner.name.en, partner.name.ko)]
    tests = (
        _plain(partner.iso2) == wanted,
        any(name.startswith(wanted) for name in names),
        any(word.startswith(wanted) for name in names for word in name.split()),
        any(wanted in name for name in names),
    )
    return next((rank for rank, holds in enumerate(tests) if holds), None)


def name_bounds(text: str, position: int) -> tuple[int, int]:
    """Where the name that holds this position of a typed list begins and ends."""
    gaps = [match.start() for match in _SEPARATOR.finditer(text)]
    start = max((gap + 1 for gap in gaps if gap < position), default=0)
    return start, min((gap for gap in gaps if gap >= position), default=len(text))


def parse_partners(text: str, partners: Partners, *, own: str = "") -> tuple[str, ...]:
    """The codes of a typed list, in its order; () for nothing. own: the partner that the list cannot name.

    Raises InputError for what is no partner, naming near ones, and for one that is there twice.
    """
    spelt = known_names(partners)
    found: list[str] = []
    for typed in filter(None, map(str.strip, _SEPARATOR.split(text))):
        code = spelt.get(_plain(typed)) or _near(typed, partners)
        if code == own:
            raise _own_partner(partners.get(code))
        if code in found:
            raise InputError(_("The partner {name} is there twice.").format(name=partners.get(code).name))
        found.append(code)
    return tuple(found)


def _near(typed: str, partners: Partners) -> str:
    """Never a partner: raises what the list of partners says of it."""
    try:
        return partners.get(typed).iso2
    except InputError as error:
        remedy = error.remedy or _("Type the name as in the list, or its code of two letters.")
        raise InputError(error.what, remedy=remedy) from None


def _own_partner(partner: Partner) -> InputError:
    return InputError(
        _("{partner} is the case's own partner.").format(partner=partner.name),
        remedy=_("Name other partners; its own terms are changes of the scenario itself."),
    )


def partner_list(codes: Iterable[str], partners: Partners | None) -> str:
    """The codes as names with commas between, so that they can be typed back; a code that is unknown stays."""
    known = partners.by_code if partners is not None else {}
    return ", ".join(shown_name(known[code]) if code in known else code for code in codes)
