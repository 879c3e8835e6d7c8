"""One question: what is due on this code, from this partner, on this day, as the law was known on that day?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np

from core.errors import InputError, NoLawError
from core.i18n import _
from core.law_coverage import coverage_note
from core.preference_words import preference_warnings
from core.quantities import format_date
from core.reference.law import CoverageLevel
from core.reference.pack import Pack
from core.reference.programmes import Programme
from core.results import Step
from core.scenario import LawAsKnown, Plan, law_as_known
from core.tariff import column1
from core.tariff.column1 import Column1
from core.tariff.doubts import OtherReading, alternatives, doubts
from core.tariff.duty import charges
from core.tariff.explain import Component, LineView, components, duty_steps
from core.tariff.finer_lines import finer_lines, meant_lines
from core.tariff.goods import Floats, Goods

EVERYTHING_KNOWN = date.max
METALS = ("steel", "aluminium", "copper")
_SAME = 1e-9


@dataclass(frozen=True)
class Question:
    """What a look-up asks. originating None asks for both answers. Shares are fractions, unit_value US$.

    undeclared_metal: with "none", metal of which nobody declared a share counts as absent, but for articles of the
    metal's own chapter; the answer still says what it would be with it.
    """

    code: str
    partner: str
    on: date
    known: date = EVERYTHING_KNOWN
    originating: bool | None = None
    loaded: date | None = None
    metals: Mapping[str, float] = field(default_factory=dict)
    undeclared_metal: Literal["ask", "none"] = "ask"
    metal_weight: float | None = None
    us_content: float = 0.0
    unit_value: float | None = None
    facts: frozenset[str] = frozenset()
    readings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What is due for one claim. total None: more must be known; then low and high bound it and `needs` asks for it.

    others: the readings of ambiguous law that give another figure. doubts: what else is uncertain, in sentences.
    """

    column1: Column1
    total: float | None
    low: float | None
    high: float | None
    components: tuple[Component, ...]
    steps: tuple[Step, ...]
    needs: tuple[str, ...]
    others: tuple[OtherReading, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_range(self) -> bool:
        """Whether what was not stated could change the total."""
        return self.low is not None and self.high is not None and self.high - self.low > _SAME


@dataclass(frozen=True)
class Reply:
    """Both answers to a question; originating is None where the partner has no preference, or was not asked for."""

    question: Question
    lines: tuple[str, ...]  # the statistical lines looked at, ten digits
    originating: Answer | None
    non_originating: Answer | None
    level: CoverageLevel  # how far the pack holds the law on this partner's goods
    missing: tuple[str, ...]  # what it is known to lack
    warnings: tuple[str, ...]


def answer(pack: Pack, question: Question) -> Reply:
    """Answer a question; InputError, UnknownCodeError or NoLawError when it cannot be asked."""
    _check(pack, question)
    partner = pack.partners.get(question.partner)
    base = law_as_known(pack.law, partner.iso2, question.known, partner.union, question.readings)
    codes = meant_lines(base, finer_lines(pack, question.code), question.on, question.facts)
    by_origin = pack.programmes.by_origin(partner, question.on, question.known)
    can_claim = bool(by_origin) or base.asks_for_claim
    wanted = {True: can_claim and question.originating is not False, False: not (can_claim and question.originating)}
    claimed, unclaimed = (
        _answer(pack, base, question, codes, claimed=claimed) if wanted[claimed] else None for claimed in (True, False)
    )
    return Reply(
        question=question,
        lines=codes,
        originating=claimed,
        non_originating=unclaimed,
        level=pack.law.coverage_level(partner.iso2, partner.union),
        missing=pack.law.missing(partner.iso2, partner.union, question.known, question.on),
        warnings=_warnings(pack, base, question),
    )


def _check(pack: Pack, question: Question) -> None:
    pack.partners.get(question.partner)
    if not pack.law.covers(question.on):
        first, last = pack.law.file.coverage.first, pack.law.file.coverage.last
        raise NoLawError(
            _("No law in the pack for {date}.").format(date=format_date(question.on)),
            remedy=_("Choose a day from {first} to {last}.").format(first=format_date(first), last=format_date(last)),
        )
    for name in sorted(question.facts - pack.law.facts.keys()):
        raise InputError(
            _("The fact '{name}' is not known.").format(name=name),
            remedy=_("Known facts: {names}.").format(names=", ".join(sorted(pack.law.facts))),
        )
    _check_readings(pack, question)
    for metal in question.metals:
        if metal not in METALS:
            raise InputError(
                _("The metal '{name}' has no duty.").format(name=metal),
                remedy=_("Metals: {names}.").format(names=", ".join(METALS)),
            )
    if sum(question.metals.values()) > 1 + _SAME:
        raise InputError(
            _("The metal shares add up to more than the whole value."),
            remedy=_("State shares of value up to 1 in all."),
        )


def _check_readings(pack: Pack, question: Question) -> None:
    for name, reading in question.readings.items():
        asked = pack.law.questions.get(name)
        if asked is None:
            raise InputError(
                _("The open question '{name}' is not known.").format(name=name),
                remedy=_("Open questions: {names}.").format(names=", ".join(sorted(pack.law.questions))),
            )
        known = [each.id for each in asked.readings]
        if reading not in known:
            raise InputError(
                _("'{reading}' is not a reading of '{name}'.").format(reading=reading, name=name),
                remedy=_("Readings: {names}.").format(names=", ".join(known)),
            )


def _warnings(pack: Pack, base: LawAsKnown, question: Question) -> tuple[str, ...]:
    warnings, partner = [], pack.partners.get(question.partner)
    by_origin = pack.programmes.by_origin(partner, question.on, question.known)
    if note := coverage_note(pack.law, base.partner, base.member_of, question.known):
        warnings.append(note)
    if not by_origin and (question.originating or (question.originating is None and base.asks_for_claim)):
        warnings.append(_("The pack holds no preference for this partner: column 1 General applies."))
    return (*warnings, *preference_warnings(pack, partner, question.on, question.known))


def _answer(pack: Pack, base: LawAsKnown, question: Question, codes: tuple[str, ...], *, claimed: bool) -> Answer:
    """One answer over all finer lines: a number where they agree, otherwise a range and what to ask."""
    programmes = _programmes(pack, question, claimed=claimed)
    rates = {code[:8]: _column1(pack, code, programmes, question.unit_value) for code in codes}
    first = rates[codes[0][:8]]
    if lacks := tuple(dict.fromkeys(rate.lacks for rate in rates.values() if rate.rate is None)):
        return Answer(first, None, None, None, (), (_column1_step(first),), lacks)
    goods = _goods(pack, question, codes, rates).claiming(claimed)
    if goods.in_gap(base.gaps(question.on)).any():
        return Answer(first, None, None, None, (), (_column1_step(first),), _gaps(base, question))
    plan = Plan(base)
    variants = [charges(plan, variant, question.on) for variant in _metal_variants(goods)]
    column = goods.preferential_rate
    found = np.stack([day.rates(column)[0] for day in variants])
    view = LineView(plan, variants[0], 0, ((1.0, column),), question.unit_value, is_look_up=True)
    if np.isnan(found).any():
        needs = (_("state the unit value (--unit-value)"),)
        return Answer(first, None, None, None, (), (_column1_step(first), *duty_steps(view)), needs)
    low, high = float(found.min()), float(found.max())
    agreed = high - low < _SAME
    total = float(found[0][0]) if agreed or _counts_as_absent(question, found[0]) else None
    return Answer(
        column1=first,
        total=total,
        low=low,
        high=high,
        components=tuple(components(view)) if total is not None else (),
        steps=(_column1_step(first), *duty_steps(view)),
        needs=() if agreed else _needs(codes, found, len(variants)),
        others=tuple(_others(base, goods, question, (low, high))),
        doubts=doubts(base, variants[0], 0),
    )


def _counts_as_absent(question: Question, without_metal: Floats) -> bool:
    """Whether all lines agree once metal that nobody declared counts as absent."""
    return question.undeclared_metal == "none" and float(np.ptp(without_metal)) < _SAME


def _others(base: LawAsKnown, goods: Goods, question: Question, taken: tuple[float, float]) -> Iterator[OtherReading]:
    """The readings of open questions, as far as known, that would give another figure."""
    for asked, reading, law in alternatives(base, question.on):
        variants = (charges(Plan(law), variant, question.on) for variant in _metal_variants(goods))
        found = np.stack([day.rates(goods.preferential_rate)[0] for day in variants])
        low, high = float(found.min()), float(found.max())
        if abs(low - taken[0]) > _SAME or abs(high - taken[1]) > _SAME:
            yield OtherReading(asked, reading, low if high - low < _SAME else None, low, high)


def _gaps(base: LawAsKnown, question: Question) -> tuple[str, ...]:
    return tuple(
        _("not in the pack: {reason} ({citation})").format(
            reason=gap.reason, citation=base.law.instruments[gap.instrument].cite()
        )
        for gap in base.gaps(question.on)
        if gap.concerns(question.code)
    )


def _programmes(pack: Pack, question: Question, *, claimed: bool) -> tuple[Programme, ...]:
    """What can be claimed: by origin where it is claimed, and where a stated fact gives the right to it."""
    partner, document = pack.partners.get(question.partner), pack.programmes
    by_origin = document.by_origin(partner, question.on, question.known) if claimed else ()
    by_fact = document.by_fact(partner, question.on, question.known)
    return (*by_origin, *(one for one in by_fact if one.fact in question.facts))


def _column1(pack: Pack, code: str, programmes: tuple[Programme, ...], unit_value: float | None) -> Column1:
    claimed = column1.special(pack.schedule, code, programmes, unit_value)
    return claimed or column1.general(pack.schedule, code, unit_value)


def _column1_step(rate: Column1) -> Step:
    return Step(title=_("Column 1"), detail=rate.note, rate=rate.rate, charged=True, uncertain=rate.equivalent)


def _goods(pack: Pack, question: Question, codes: tuple[str, ...], rates: Mapping[str, Column1]) -> Goods:
    column = np.array([rates[code[:8]].rate or 0.0 for code in codes])
    chapters = pack.law.file.metal_chapters
    return Goods(
        codes=np.array([int(code) for code in codes], dtype=np.int64),
        mfn_rate=column,
        preferential_rate=column,
        metal_share={metal: _metal_share(question, codes, metal, chapters[metal]) for metal in METALS},
        facts=question.facts,
        is_look_up=True,
        loaded=question.loaded,
        us_content=question.us_content,
        metal_weight=question.metal_weight,
        unit_value=question.unit_value,
    )


def _metal_share(question: Question, codes: tuple[str, ...], metal: str, chapters: tuple[str, ...]) -> Floats:
    """Declared shares; where none is declared, an article of the metal's own chapters counts as wholly of it."""
    if question.metals:
        return np.full(len(codes), question.metals.get(metal, 0.0))
    return np.array([1.0 if code[:2] in chapters else np.nan for code in codes])


def _metal_variants(goods: Goods) -> list[Goods]:
    """The goods with every unknown share at nothing, and with each metal at the whole value in turn."""
    nothing = goods
    for metal in METALS:
        nothing = nothing.with_metal(metal, 0.0)
    if not any(np.isnan(goods.metal_share[metal]).any() for metal in METALS):
        return [nothing]
    return [nothing, *(_only(goods, metal) for metal in METALS)]


def _only(goods: Goods, metal: str) -> Goods:
    filled = goods.with_metal(metal, 1.0)
    for other in METALS:
        filled = filled.with_metal(other, 0.0)
    return filled


def _needs(codes: tuple[str, ...], found: Floats, variants: int) -> tuple[str, ...]:
    needs = []
    if len(codes) > 1 and float(max(np.ptp(found[0]), np.ptp(found.max(axis=0)))) > _SAME:
        needs.append(_("state the finer code: its {count} lines differ").format(count=len(codes)))
    if variants > 1 and float(np.ptp(found, axis=0).max()) > _SAME:
        needs.append(
            _("state the metal content by value (--metal steel=SHARE): where it is not declared the whole value pays")
        )
    return tuple(needs)
