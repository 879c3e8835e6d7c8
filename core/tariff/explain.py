"""Why this rate? The steps in legal order, in the words of the moment's language, read off the charges themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from core.case import AnyChange, Cap
from core.i18n import _
from core.quantities import format_date, format_number, format_percent
from core.reference.law import Exemption, Law, Takes
from core.results import Step, Trace
from core.scenario import Plan
from core.tariff.duty import LIMIT_PREFIX, DayCharges, DutyCharge
from core.tariff.goods import Floats
from core.tariff.measures import MeasureState, RateKind, Terms

_TINY = 1e-12


@dataclass(frozen=True, eq=False)
class LineView:
    """One line of a day's charges, seen with its parts: (share of value, column 1 of all lines), the claimed first.

    day: of the part that does not claim the preference, where the law tells the two apart.
    """

    plan: Plan
    day: DayCharges
    line: int
    claims: tuple[tuple[float, Floats], ...]
    unit_value: float | None = None  # US$, where one was stated
    is_look_up: bool = False

    def contribution(self, charge: DutyCharge) -> float:
        """What a duty adds to the rate of the line, over its claimed and unclaimed parts."""
        name = charge.duty.id
        return float(sum(share * parts[name][self.line] for share, parts in self._parts if name in parts))

    @cached_property
    def _parts(self) -> tuple[tuple[float, dict[str, Floats]], ...]:
        return tuple((share, day.rates(column1)[1]) for day, share, column1 in self._days)

    @property
    def _days(self) -> Iterator[tuple[DayCharges, float, Floats]]:
        """The parts, each with the charges that fall on it."""
        days = (self.day.where_claimed, self.day) if len(self.claims) > 1 else (self.day,)
        return ((day, share, column1) for day, (share, column1) in zip(days, self.claims, strict=True))

    def claimed_part(self, charge: DutyCharge) -> tuple[float, DutyCharge] | None:
        """The share of the line that claims the preference and what the duty does there, where that differs."""
        other = self.day.claimed.charge(charge.duty.id) if self.day.claimed is not None else None
        if other is None or self.claims[0][0] <= _TINY:
            return None
        same = all(
            one[self.line] == two[self.line]
            for one, two in (
                (charge.share, other.share),
                (charge.charge.rate, other.charge.rate),
            )
        )
        return None if same else (self.claims[0][0], other)

    def is_of_claimed(self, charge: DutyCharge) -> bool:
        """Whether a charge is the one of the part that claims the preference."""
        return self.day.claimed is not None and any(charge is one for one in self.day.claimed.duties)

    def total(self) -> float:
        """The rate of the line over its claimed and unclaimed parts."""
        return float(sum(share * day.rates(column1)[0][self.line] for day, share, column1 in self._days))

    def limit(self, place: int) -> float:
        """What a cap or total of the scenario adds or takes away."""
        name = f"{LIMIT_PREFIX}{place}"
        return float(sum(share * parts[name][self.line] for share, parts in self._parts if name in parts))


@dataclass(frozen=True)
class Component:
    """One duty that is charged on a line. rate: as in law or as typed; share of value; contribution to the total."""

    measure: str
    duty: str
    heading: str
    rate: float
    share: float
    contribution: float
    citation: str


def citation(law: Law, instruments: tuple[str, ...]) -> str:
    """The instruments behind something, as a lawyer names them."""
    return "; ".join(dict.fromkeys(law.instruments[name].cite() for name in instruments if name in law.instruments))


def state_of(charge: DutyCharge, line: int) -> MeasureState | None:
    """The measure that answers for a line, None where only a change of the scenario does."""
    return charge.reached.state(line)


def cited(plan: Plan, charge: DutyCharge, line: int, on: date) -> str:
    """The law behind a duty on a line, or the scenario's change."""
    place = int(charge.charge.change[line])
    typed = _("change {number} of the scenario").format(number=place + 1) if place >= 0 else ""
    state = state_of(charge, line)
    law = citation(plan.base.law, (*state.instruments(on), *_listed_by(plan, charge, line))) if state else ""
    return "; ".join(part for part in (typed, law) if part)


def _listed_by(plan: Plan, charge: DutyCharge, line: int) -> tuple[str, ...]:
    """The instrument that put the line on the list."""
    place, row = int(charge.reached.in_list[line]), int(charge.reached.row[line])
    if place < 0 or row < 0:
        return ()
    return (plan.base.law.lists[charge.reached.list_names[place]].instrument[row],)


def heading(plan: Plan, charge: DutyCharge, line: int, contribution: float) -> str:
    """The chapter-99 heading under which the line enters."""
    state = state_of(charge, line)
    if state is None:
        return ""
    headings = state.measure.headings
    if state.kind is RateKind.TOTAL and contribution <= _TINY and headings.nothing:
        return headings.nothing
    place, row = int(charge.reached.in_list[line]), int(charge.reached.row[line])
    own = plan.base.law.lists[charge.reached.list_names[place]].heading[row] if place >= 0 and row >= 0 else ""
    return own or headings.charged


def components(view: LineView) -> list[Component]:
    """The duties charged on a line, in stacking order; a total that column 1 already reaches stands with 0."""
    found = []
    for charge in view.day.duties:
        share = float(charge.share[view.line])
        free_of_duty = charge.charge.rate[view.line] == 0 and charge.charge.quota_share[view.line] == 0
        if share <= _TINY or not charge.charge.in_force[view.line] or free_of_duty:
            continue
        contribution = view.contribution(charge)
        state = state_of(charge, view.line)
        found.append(
            Component(
                measure=state.measure.id if state else charge.duty.id,
                duty=charge.duty.id,
                heading=heading(view.plan, charge, view.line, contribution),
                rate=float(charge.charge.rate[view.line]),
                share=share,
                contribution=contribution,
                citation=cited(view.plan, charge, view.line, view.day.on),
            )
        )
    return found


def duty_steps(view: LineView) -> Iterator[Step]:
    """One step for each duty that was considered, charged or set aside, then the scenario's caps and totals."""
    for charge in view.day.duties:
        step = _step(view, charge)
        if step is not None:
            yield step
        asleep = _asleep(view.plan, charge, view.line, view.day.on)
        if asleep is not None:
            yield asleep
        yield from _unmet(view, charge)
    yield from _limits(view)


def _step(view: LineView, charge: DutyCharge) -> Step | None:
    line = view.line
    on_list = charge.listed[line] > _TINY or charge.reached.row[line] >= 0 or charge.duty.takes is Takes.REST
    if not on_list:
        return None
    if charge.share[line] > _TINY and charge.charge.in_force[line]:
        return _charged(view, charge)
    found = view.claimed_part(charge)
    if found is not None and found[1].share[line] > _TINY:
        return _charged(view, found[1])
    return _set_aside(view, charge)


def _unmet(view: LineView, charge: DutyCharge) -> Iterator[Step]:
    """The measures that would answer were a fact stated: what certifying or declaring something would change."""
    line, law = view.line, view.plan.base.law
    claimed = view.day.where_claimed.charge(charge.duty.id)
    place = int(charge.reached.in_list[line])
    if place < 0 or charge.listed[line] <= _TINY:
        return
    for state in view.plan.base.special(charge.duty.id, view.day.on):
        is_other = state not in (state_of(charge, line), state_of(claimed, line) if claimed else None)
        if is_other and charge.reached.list_names[place] in state.measure.lists:
            fact = law.facts[state.measure.requires]
            yield Step(
                title=_("{name}: not charged").format(name=state.measure.title),
                detail=_("{heading} · only where it is stated: {meaning} ({fact})").format(
                    heading=state.measure.headings.charged, meaning=fact.meaning, fact=fact.name
                ),
                rate=0.0,
                charged=False,
                measure=state.measure.id,
                heading=state.measure.headings.charged,
            )


def _name(plan: Plan, charge: DutyCharge) -> str:
    authority = plan.base.law.file.authorities.get(charge.duty.authority)
    return f"{authority} · {charge.duty.title}" if authority else str(charge.duty.title)


def _charged(view: LineView, charge: DutyCharge) -> Step:
    plan, line = view.plan, view.line
    contribution = view.contribution(charge)
    state = state_of(charge, line)
    number = heading(plan, charge, line, contribution)
    details = [
        number,
        cited(plan, charge, line, view.day.on),
        _since(state),
        _arithmetic(view, charge),
        _us_content(view, charge),
        _where_claimed(view, charge),
    ]
    return Step(
        title=_title(plan, charge, line),
        detail=" · ".join(part for part in details if part),
        rate=contribution,
        charged=True,
        measure=state.measure.id if state else charge.duty.id,
        heading=number,
        citation=cited(plan, charge, line, view.day.on),
        uncertain=state is not None and state.measure.confidence != "high",
    )


def _title(plan: Plan, charge: DutyCharge, line: int) -> str:
    state = state_of(charge, line)
    if state is not None and state.kind is RateKind.MINIMUM_PRICE:
        return str(state.measure.title)
    name, rate = _name(plan, charge), format_percent(float(charge.charge.rate[line]))
    if charge.charge.quota_share[line] > 0:
        return _("{name}: quota, {rate} outside it").format(name=name, rate=rate)
    if charge.charge.is_total[line]:
        return _("{name}: total {rate}").format(name=name, rate=rate)
    return _("{name}: adds {rate}").format(name=name, rate=rate)


def _since(state: MeasureState | None) -> str:
    return _("from {date}").format(date=format_date(state.start)) if state else ""


def _arithmetic(view: LineView, charge: DutyCharge) -> str:
    """The sum in figures where it is more than the rate itself."""
    line, parts = view.line, list[str]()
    state = state_of(charge, line)
    if state is not None and state.kind is RateKind.MINIMUM_PRICE:
        return _price_arithmetic(view, charge, float(state.rate))
    if charge.charge.is_total[line]:
        parts += [
            _("max(0, {total} − {column1})").format(
                total=format_percent(float(charge.charge.rate[line])), column1=format_percent(float(column1[line]))
            )
            for share, column1 in view.claims
            if share > _TINY
        ]
    if charge.charge.quota_share[line] > 0:
        parts.append(
            _("{share} of value inside the quota at {rate}").format(
                share=format_percent(float(charge.charge.quota_share[line])),
                rate=format_percent(float(charge.charge.quota_rate[line])),
            )
        )
    if charge.share[line] < 1 - _TINY:
        parts.append(_("on {share} of the value").format(share=format_percent(float(charge.share[line]))))
    return ", ".join(dict.fromkeys(parts))


def _us_content(view: LineView, charge: DutyCharge) -> str:
    """That the measure falls on the rest of the value only, and where the US content is from."""
    part, state = float(charge.charged_part[view.line]), state_of(charge, view.line)
    if state is None or not state.measure.on_non_us_content:
        return ""
    if view.is_look_up:
        return _("US content of {share}, as stated, is not charged").format(share=format_percent(1 - part))
    return _("US content of {share} is assumed and not charged ({source})").format(
        share=format_percent(1 - part), source=state.measure.us_content_source
    )


def _where_claimed(view: LineView, charge: DutyCharge) -> str:
    """What happens instead on the part that claims the preference."""
    found = view.claimed_part(charge)
    if found is None:
        return _("only on the part of value that claims the preference") if view.is_of_claimed(charge) else ""
    used, other = format_percent(found[0], 1), found[1]
    if other.share[view.line] > _TINY and other.charge.in_force[view.line]:
        text = _("on the {used} of value that claims the preference: {rate} on {share} of it").format(
            used=used,
            rate=format_percent(float(other.charge.rate[view.line])),
            share=format_percent(float(other.share[view.line])),
        )
        return " · ".join(part for part in (text, _us_content(view, other)) if part)
    reason, number = _reason(replace(view, day=view.day.where_claimed), other)
    return " · ".join(
        part
        for part in (_("not on the {used} of value that claims the preference").format(used=used), number, reason)
        if part
    )


def _price_arithmetic(view: LineView, charge: DutyCharge, price: float) -> str:
    """The specific duty in figures: the whole minimum price, or what the value lacks to it."""
    if view.unit_value is None:
        return _("the price less the unit value, which was not stated")
    whole = price / view.unit_value
    if charge.charge.rate[view.line] >= whole - _TINY:
        return _("{price} / {value} US$ a unit").format(price=format_number(price, 2), value=view.unit_value)
    return _("max(0, {price} − {value}) / {value} US$ a unit").format(
        price=format_number(price, 2), value=view.unit_value
    )


def _set_aside(view: LineView, charge: DutyCharge) -> Step | None:
    reason, number = _reason(view, charge)
    if not reason:
        return None
    state = state_of(charge, view.line)
    return Step(
        title=_("{name}: not charged").format(name=_name(view.plan, charge)),
        detail=" · ".join(part for part in (number, reason) if part),
        rate=0.0,
        charged=False,
        measure=state.measure.id if state else charge.duty.id,
        heading=number,
    )


def _reason(view: LineView, charge: DutyCharge) -> tuple[str, str]:
    """Why a duty is not charged on a line, and the heading under which the line enters instead."""
    plan, line = view.plan, view.line
    if charge.transit is not None:
        rule = charge.transit[0]
        return _("loaded before {date} and on the way").format(date=format_date(rule.loaded_before)), rule.heading
    place = int(charge.charge.change[line])
    if place >= 0 and not charge.charge.in_force[line]:
        return _("switched off by change {number} of the scenario").format(number=place + 1), ""
    for exemption, rows, share in charge.freed:
        if share[line] > _TINY:
            return _exempt_reason(plan, exemption, int(rows[line])), exemption.heading
    state = state_of(charge, line)
    if state is None:
        return "", ""
    headings = state.measure.headings
    if charge.available[line] <= _TINY and charge.claim[line] > _TINY:
        return _displaced(view, charge), headings.displaced
    if charge.listed[line] <= _TINY:
        return _("declared for another use"), headings.unlisted
    if charge.claim[line] <= _TINY and charge.duty.takes is Takes.CONTENT:
        return _("no such metal declared"), ""
    return "", ""


def _displaced(view: LineView, charge: DutyCharge) -> str:
    """The duty that took the article before this one, and the rule of precedence that says so."""
    before = view.day.duties[: view.day.duties.index(charge)]
    takers = [other for other in before if other.share[view.line] > _TINY and _keeps_away(other, charge)]
    taker = takers[-1]
    return _("the goods are under a duty that comes before it: {duty} ({why}; {citation})").format(
        duty=taker.duty.title, why=taker.rule.why, citation=citation(view.plan.base.law, (taker.rule.instrument,))
    )


def _keeps_away(taker: DutyCharge, charge: DutyCharge) -> bool:
    """Whether what one duty takes is out of reach for another that comes after it."""
    if taker.rule.takes is Takes.GENERAL:
        return charge.rule.takes is Takes.REST
    return taker.rule.takes is not Takes.BESIDE


def _exempt_reason(plan: Plan, exemption: Exemption, row: int) -> str:
    """The exempt list, the instrument that put the goods there, and the day on which that ends, where known."""
    if row < 0:
        fact = plan.base.law.facts.get(exemption.requires)
        return _("exempt: {reason}").format(reason=fact.meaning) if fact else _("exempt")
    scope, known = plan.base.law.lists[exemption.list], plan.base.known.toordinal()
    made = plan.base.law.instruments[scope.instrument[row]].cite()
    start = format_date(date.fromordinal(int(scope.valid_from[row])))
    if scope.end_known_from[row] <= known and scope.valid_to[row] < date.max.toordinal():
        end = format_date(date.fromordinal(int(scope.valid_to[row])))
        return _("exempt from {start} until {end} ({citation})").format(start=start, end=end, citation=made)
    return _("exempt since {start} ({citation})").format(start=start, citation=made)


def _asleep(plan: Plan, charge: DutyCharge, line: int, on: date) -> Step | None:
    """The rate that is law but suspended behind the one charged: 25 = 10 in force + 15 suspended."""
    place = int(charge.reached.in_list[line])
    name = charge.reached.list_names[place] if place >= 0 else ""
    terms: Terms | None = dict(plan.base.terms(charge.duty.id, on)).get(name)
    if terms is None or terms.suspended is None or charge.share[line] <= _TINY:
        return None
    sleeper = terms.suspended
    until = sleeper.suspended[1] if sleeper.suspended else date.max
    more = float(sleeper.rate) - float(charge.charge.rate[line])
    return Step(
        title=_("{name}: {rate} suspended").format(name=_name(plan, charge), rate=format_percent(sleeper.rate)),
        detail=_("{points} points more from {date} · {citation}").format(
            points=format_number(more * 100),
            date=format_date(until),
            citation=citation(plan.base.law, sleeper.instruments(on)),
        ),
        rate=0.0,
        charged=False,
        measure=sleeper.measure.id,
        heading=sleeper.measure.headings.charged,
    )


def _limits(view: LineView) -> Iterator[Step]:
    for place, change, mask in view.day.limits:
        if mask[view.line]:
            yield Step(
                title=_limit_title(change),
                detail=_("change {number} of the scenario").format(number=place + 1),
                rate=view.limit(place),
                charged=True,
                measure=f"{LIMIT_PREFIX}{place}",
            )


def _limit_title(change: AnyChange) -> str:
    rate = format_percent(getattr(change, "rate", None))
    if isinstance(change, Cap):
        return _("All duties together at most {rate}").format(rate=rate)
    return _("All duties together {rate}").format(rate=rate)


def trace_text(trace: Trace) -> str:
    """A trace as plain text: one step a line, then total and duty."""
    lines = [
        _("{total} on {code} {description}, scenario {letter}, entry on {date}, law known to {known}").format(
            total=format_percent(trace.total, 2),
            code=trace.code,
            description=trace.description,
            letter=trace.letter,
            date=format_date(trace.on),
            known=format_date(trace.known),
        )
    ]
    for number, step in enumerate(trace.steps, 1):
        rate = format_percent(step.rate, 2, plus=number > 1) if step.rate is not None else ""
        lines.append(f"{number}. {step.title}  {rate}")
        if step.detail:
            lines.append(f"   {step.detail}")
    lines.append(_("Total {total}").format(total=format_percent(trace.total, 2)))
    lines.extend(trace.warnings)
    return "\n".join(lines)
