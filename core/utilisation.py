"""How much of each line's value claims a preference: what duty collected implies, and what stands in elsewhere.

Where duty collected does not show the use, a share typed in the case stands, else the default of the programme: a
published share, else the mean of the partner's other lines under the programme, else that of all partners under it,
else the average of all trade agreements. Each says which it is (core.results.UseDefault).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np

from core.case import Assumptions
from core.preferences import (
    LEAST_VALUE_USD,
    Implied,
    Line1,
    duty_is_clean,
    implied_share,
    line1_of,
    means_by_programme,
    with_collected,
)
from core.reference.pack import Pack
from core.reference.partners import Partner
from core.reference.programmes import ANY_PROGRAMME, Programme, Programmes, ShareOf, UseFigure
from core.reference.tables import TextArray
from core.reference.trade import Imports
from core.results import Claims, Floats, Ints, UseBasis, UseDefault
from core.scenario import LawAsKnown, Plan
from core.tariff.duty import charges
from core.tariff.goods import Bools, Goods


@dataclass(frozen=True, eq=False)
class Use:
    """Shares of the value that claim the preference. inferred: duty collected implies the share of the line.

    default_of: position in `defaults` of what stands in, -1 where nothing has to.
    """

    share: Floats
    inferred: Bools
    defaults: tuple[UseDefault, ...]
    default_of: Ints


@dataclass(frozen=True, eq=False)
class Column1Day:
    """Column 1 on one day: the rates, their use, and the lines on which the preference can be claimed."""

    line1: Line1
    claimable: Bools
    use: Use

    @property
    def claims(self) -> Claims:
        """The programmes behind the rates, for a portfolio. A free line that may claim counts to the first."""
        programme: Ints = np.where(self.claimable & (self.line1.programme < 0), 0, self.line1.programme)
        return Claims(
            programmes=self.line1.programmes,
            programme_of=programme,
            symbol=self.line1.symbol,
            defaults=self.use.defaults,
            default_of=self.use.default_of,
            collected=self.line1.collected,
            elsewhere=self.line1.elsewhere,
        )


@dataclass(frozen=True, eq=False)
class Column1Source:
    """Where a portfolio's column 1 of any day comes from. Days on which the same programmes hold share one answer."""

    pack: Pack
    partner: Partner
    imports: Imports
    goods: Goods  # without preferential rates
    base: LawAsKnown
    assumptions: Assumptions
    _kept: dict[object, Column1Day] = field(default_factory=dict, repr=False)

    def on(self, day: date) -> Column1Day:
        """Rates and use as known for a day."""
        key = self.regime(day)
        if key not in self._kept:
            self._kept[key] = self._worked_out(day)
        return self._kept[key]

    def regime(self, day: date) -> object:
        """What of a day decides: the programmes that can be claimed, and the published shares of use."""
        document, known = self.pack.programmes, self.base.known
        names = tuple(one.id for one in self._programmes(day))
        return names, tuple(document.figure(name, self.partner, day, known) for name in names)

    def days(self) -> tuple[date, ...]:
        """Days on which it may change."""
        return self.pack.programmes.days(self.partner, self.base.known)

    def _programmes(self, day: date) -> tuple[Programme, ...]:
        document, known = self.pack.programmes, self.base.known
        return (*document.by_origin(self.partner, day, known), *document.by_fact(self.partner, day, known))

    def _worked_out(self, day: date) -> Column1Day:
        document, schedule = self.pack.programmes, self.pack.schedule
        clean = duty_is_clean(document, schedule, self.partner, self.imports.hts10)
        line1 = line1_of(schedule, self.imports.hts10, self._programmes(day))
        line1 = with_collected(line1, self.imports, clean)
        of_origin = any(not one.fact for one in line1.programmes)
        free = self.base.asks_for_claim & (line1.mfn == 0) & of_origin
        claimable = line1.listed | line1.collected | free
        return Column1Day(line1, claimable, self._use(day, line1, claimable, clean))

    def _use(self, day: date, line1: Line1, claimable: Bools, clean: Bools) -> Use:
        share, inferred = self._implied(line1, claimable, clean)
        means = means_by_programme(line1, share, self.imports.value, inferred & line1.ad_valorem_margin)
        lines = _Lines(line1, self.imports, share, inferred, claimable & ~inferred & ~line1.collected)
        finder = _Defaults(self.pack.programmes, self.partner, day, self.base.known, means, lines)
        defaults, default_of = finder.found()
        typed = self.assumptions.default_utilisation
        shares = np.array([0.0, *(one.share if typed is None else float(typed) for one in defaults)])
        share = np.where(default_of >= 0, shares[default_of + 1], share)
        share = np.where(line1.collected, 1.0, share)
        share = overridden(share, self.imports.hts10, self.assumptions.utilisation)
        return Use(share, inferred | line1.collected, defaults, default_of)

    def _implied(self, line1: Line1, claimable: Bools, clean: Bools) -> tuple[Floats, Bools]:
        """Only on ad valorem lines that pay more without the preference, duties added in the base year included."""
        day, nothing = charges(Plan(self.base), self.goods, date(self.imports.year, 7, 1)), np.zeros(len(self.imports))
        with_it = line1.preferential + day.where_claimed.rates(nothing)[0]
        without = line1.mfn + day.rates(nothing)[0]
        known = self.imports.duty_known & (self.imports.value > 0) & clean
        lines = claimable & ~line1.equivalent & (without - with_it > 0) & known
        return implied_share(without, with_it, self.imports, lines), lines


@dataclass(frozen=True, eq=False)
class _Lines:
    """The lines of a portfolio. open: those on which something has to stand in."""

    line1: Line1
    imports: Imports
    implied: Floats
    inferred: Bools
    open: Bools


@dataclass(frozen=True, eq=False)
class _Defaults:
    """Finds what stands in on the lines that duty collected says nothing about, programme by programme."""

    document: Programmes
    partner: Partner
    day: date
    known: date
    means: Mapping[str, Implied]
    lines: _Lines

    def found(self) -> tuple[tuple[UseDefault, ...], Ints]:
        """The defaults, and for each line its place among them."""
        place = np.full(len(self.lines.open), -1, dtype=np.intp)
        defaults: list[UseDefault] = []
        for mask, default in self._by_programme():
            if default not in defaults:
                defaults.append(default)
            place[mask] = defaults.index(default)
        return tuple(defaults), place

    def _by_programme(self) -> list[tuple[Bools, UseDefault]]:
        """Lines with what stands in. A free line that may claim counts to the first programme by origin."""
        owner, found = self._owner(), []
        for place in np.unique(owner[self.lines.open]).tolist():
            programme, mask = self.lines.line1.programmes[place], self.lines.open & (owner == place)
            figure = self.document.figure(programme.id, self.partner, self.day, self.known)
            if figure is not None and figure.of is ShareOf.ALL:
                found += self._of_all_trade(programme, figure, mask, owner == place)
            else:
                found.append((mask, self._default(programme, figure)))
        return found

    def _owner(self) -> Ints:
        owner: Ints = np.where(self.lines.line1.programme < 0, 0, self.lines.line1.programme)
        return owner

    def _default(self, programme: Programme, figure: UseFigure | None) -> UseDefault:
        if figure is not None:
            return _published(programme, figure, figure.share, UseBasis.PUBLISHED)
        own = self.means.get(programme.id)
        if own is not None and own.value >= LEAST_VALUE_USD:
            return UseDefault(programme.id, programme.name, own.share, UseBasis.OWN_LINES, trade=own.value)
        pooled = self.document.pooled_use.get(programme.id)
        if pooled is not None:
            trade = float(pooled.value_usd)
            return UseDefault(programme.id, programme.name, pooled.share, UseBasis.POOLED, trade=trade)
        general = self.document.figure(ANY_PROGRAMME, self.partner, self.day, self.known)
        if general is None:  # the build of the pack refuses this
            raise KeyError(programme.id)
        return _published(programme, general, general.share, UseBasis.GENERAL)

    def _of_all_trade(
        self, programme: Programme, figure: UseFigure, mask: Bools, own: Bools
    ) -> list[tuple[Bools, UseDefault]]:
        """What a share of all trade leaves for these lines, first for those with a rate, then for those free anyway.

        The lines on which duty shows the use are taken off first; lines with a rate take no more than their mean.
        """
        value, lines = self.lines.imports.value, self.lines
        free = mask & (lines.line1.mfn == 0)
        rated = mask & ~free
        left = figure.share * float(value.sum()) - float((lines.implied * value)[own & lines.inferred].sum())
        mean = self.means.get(programme.id)
        at_most = mean.share if mean is not None else 1.0
        found = []
        for part, limit in ((rated, at_most), (free, 1.0)):
            weight = float(value[part].sum())
            share = min(max(left / weight, 0.0), limit) if weight > 0 else 0.0
            left -= share * weight
            if part.any():
                found.append((part, _published(programme, figure, share, UseBasis.REST_OF_ALL)))
        return found


def _published(programme: Programme, figure: UseFigure, share: float, basis: UseBasis) -> UseDefault:
    return UseDefault(programme.id, programme.name, share, basis, figure)


def overridden(values: Floats, codes: TextArray, typed: Mapping[str, Decimal]) -> Floats:
    """Shares typed for code prefixes stand over the others; the longer prefix wins."""
    for prefix in sorted(typed, key=len):
        values = np.where(np.char.startswith(codes, prefix), float(typed[prefix]), values)
    return values
