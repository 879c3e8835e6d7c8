"""What is said about preferences: which have ended or are not in the pack, and what a share of use rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from core.i18n import _
from core.quantities import format_date, format_percent
from core.reference.pack import Pack
from core.reference.partners import Partner
from core.results import Portfolio, UseBasis, UseDefault


def preference_warnings(pack: Pack, partner: Partner, on: date, known: date) -> Iterator[str]:
    """Programmes that have ended, and preferences that no symbol of a line shows."""
    document = pack.programmes
    for one, day in document.ended(partner, on, known):
        last = format_date(day - timedelta(days=1))
        yield _("{programme} ended on {date}: it cannot be claimed.").format(programme=one.name, date=last)
    if missing := document.missing(partner, on, known):
        yield _("Preferences that the pack has no rates for: {what}.").format(what="; ".join(missing))


def programme_changes(pack: Pack, partner: Partner, on: date, known: date) -> Iterator[tuple[str, str, str]]:
    """Programmes that a partner gains or loses on a day: name, what happens, where it is written."""
    for one, said in pack.programmes.changes(partner, on, known):
        source = said.source + " · " + _("public since {date}").format(date=format_date(said.released))
        yield str(one.name), _("starts") if on == said.valid_from else _("ends"), source


def default_source(default: UseDefault, year: int) -> str:
    """What a share of use rests on, with the year of the figure. year: of the duty collected."""
    programme, figure = str(default.name), default.figure
    if figure is None:
        text = {
            UseBasis.OWN_LINES: _(
                "Mean of this partner's other lines under {programme}, from duty collected in {year}."
            ),
            UseBasis.POOLED: _("Mean of all partners' lines under {programme}, from duty collected in {year}."),
        }[default.basis]
        return text.format(programme=programme, year=year)
    text = {
        UseBasis.PUBLISHED: _("{programme}, {figure} in {period}: {source}."),
        UseBasis.REST_OF_ALL: _(
            "{programme}: what {figure} of all trade in {period} leaves for these lines after those on which duty "
            "collected shows the use; {source}."
        ),
        UseBasis.GENERAL: _("No figure for {programme}; {figure} in {period}: {source}."),
    }[default.basis]
    return text.format(
        programme=programme, figure=format_percent(figure.share), period=figure.period, source=figure.source
    )


def programme_names(portfolio: Portfolio) -> str:
    """The programmes that lower a rate of the portfolio, "" where none does."""
    claims = portfolio.claims
    if claims is None:
        return ""
    places = np.unique(claims.programme_of[portfolio.with_preference & (claims.programme_of >= 0)])
    return ", ".join(str(claims.programmes[int(place)].name) for place in places)


def defaults_of(portfolio: Portfolio) -> tuple[UseDefault, ...]:
    """What stands in for the use of a preference on lines on which the use decides over what is due."""
    claims = portfolio.claims
    if claims is None:
        return ()
    places = np.unique(claims.default_of[portfolio.with_preference & (claims.default_of >= 0)])
    return tuple(claims.defaults[int(place)] for place in places)
