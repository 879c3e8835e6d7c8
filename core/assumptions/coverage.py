"""Which lines each assumption decides over, under the law (scenario A) on the as-of date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from core.case import Column1Use
from core.reference.law import OpenQuestion, ScopeList
from core.results import Codes, Floats, Portfolio, Results
from core.scenario import LawAsKnown, Plan
from core.tariff.duty import DayCharges, DutyCharge, charges, totals
from core.tariff.goods import Bools, Rows, default_share, share_key
from core.tariff.measures import MeasureState


@dataclass(frozen=True, eq=False)
class Conditional:
    """Lines that lists take in under a condition.

    key: of the share in the case's assumptions (core.tariff.goods.share_key). conditions: what is asked. duties: whose
    list it is. is_exemption: the list takes goods out of the duty. assumed: the pack takes the condition as met.
    """

    key: str
    conditions: tuple[str, ...]
    duties: tuple[str, ...]
    is_exemption: bool
    assumed: bool
    lines: Bools


# Use of the preference


def with_preference(portfolio: Portfolio) -> Bools:
    """Lines on which the preference changes the rate; a line without a rate is none of them."""
    rated = ~np.isnan(portfolio.mfn_rate) & ~np.isnan(portfolio.preferential_rate)
    result: Bools = rated & portfolio.with_preference
    return result


def by_prefix(codes: Codes, prefixes: Iterable[str]) -> dict[str, Bools]:
    """For each prefix the lines that it decides over: the longest prefix of a line wins."""
    ordered = sorted(prefixes, key=lambda prefix: (len(prefix), prefix))
    owner = np.full(len(codes), -1, dtype=np.intp)
    for place, prefix in enumerate(ordered):
        owner[np.char.startswith(codes, prefix)] = place
    return {prefix: owner == place for place, prefix in enumerate(ordered)}


# Goods listed by use


def conditional_goods(results: Results) -> tuple[Conditional, ...]:
    """The conditions that lists put to goods of the as-of date; the largest trade first."""
    case, base, value = results.case, results.basis.base, results.portfolio.value
    found: dict[tuple[object, ...], Conditional] = {}
    for name in base.list_names():
        scope = base.law.lists[name]
        if any(scope.condition):
            rows = results.basis.goods.rows(scope, case.as_of, case.known_to)
            duties, is_exemption = duties_of(base, name, case.as_of)
            for own, conditions, assumed, lines in _conditions(scope, rows) if duties else ():
                key = (own, conditions, duties, is_exemption, assumed)
                before = found.get(key)
                both = lines if before is None else lines | before.lines
                found[key] = Conditional(own, conditions, duties, is_exemption, assumed, both)
    return tuple(sorted(found.values(), key=lambda one: (-float(value[one.lines].sum()), one.duties, one.conditions)))


def duties_of(base: LawAsKnown, name: str, on: date = date.min) -> tuple[tuple[str, ...], bool]:
    """Whose list it is, of the measures that are not over on a day; and whether it takes goods out."""
    lasting = [state for state in base.states.values() if state.end > on]
    own = dict.fromkeys(state.measure.duty for state in lasting if name in state.measure.lists)
    freed = dict.fromkeys(state.measure.duty for state in lasting if _frees(base, state, name))
    return (tuple(own), False) if own else (tuple(freed), True)


def _frees(base: LawAsKnown, state: MeasureState, name: str) -> bool:
    exempt = (exemption.list for exemption in base.exemptions(state.measure))
    return name in {*exempt, *state.measure.excluded}


def _conditions(scope: ScopeList, rows: Rows) -> list[tuple[str, tuple[str, ...], bool, Bools]]:
    """What a list asks of lines: by the key of the share, the conditions, the pack's answer."""
    asked, on_list = np.array(scope.condition, dtype=np.str_), rows >= 0
    here = np.where(on_list, rows, 0)
    names: dict[str, set[str]] = {}
    lines: dict[str, Bools] = {}
    for condition, assumed in sorted(set(zip(asked.tolist(), scope.assumed.tolist(), strict=True))):
        hit = on_list & ((asked == condition) & (scope.assumed == assumed))[here]
        if condition and hit.any():
            key = share_key(scope.name, condition, assumed=assumed)
            names.setdefault(key, set()).add(condition)
            lines[key] = lines.get(key, np.zeros_like(hit)) | hit
    return [(key, tuple(sorted(names[key])), bool(default_share(key)), lines[key]) for key in names]


# Metal content


def own_chapters(results: Results, metal: str) -> Bools:
    """The lines of the metal's own chapters."""
    chapters = results.basis.base.law.file.metal_chapters[metal]
    result: Bools = np.isin(results.portfolio.codes.astype("U2"), chapters)
    return result


def typed_metals(results: Results) -> dict[str, dict[str, Bools]]:
    """By metal and prefix as the case has them, the lines that each share typed decides over."""
    prefixes: dict[str, list[str]] = {}
    for key in sorted(results.case.assumptions.metal_share):
        metal, _separator, prefix = key.partition(":")
        if prefix:  # anything else means nothing to the engine
            prefixes.setdefault(metal, []).append(prefix)
    return {metal: by_prefix(results.portfolio.codes, own) for metal, own in prefixes.items()}


def by_content(results: Results) -> dict[str, Bools]:
    """For each metal the lines on which its share of the value decides how much pays its duty.

    Those whose claim is another with nothing and with all of the value made of metal, and of which the duties before
    the metals leave something.
    """
    base, on = results.basis.base, results.case.as_of
    if not any(duty.metal and base.is_charged(duty.id, on) for duty in base.law.file.duties):
        return {}
    none, whole = (_charges_with_metal(results, share) for share in (0.0, 1.0))
    found: dict[str, Bools] = {}
    for without, within in zip(none, whole, strict=True):
        if metal := without.duty.metal:
            lines = (np.abs(within.claim - without.claim) > 0) & (without.available > 0)
            found[metal] = found.get(metal, np.zeros_like(lines)) | lines
    return found


def _charges_with_metal(results: Results, share: float) -> tuple[DutyCharge, ...]:
    basis, on = results.basis, results.case.as_of
    shares = {metal: np.full(len(basis.goods), share) for metal in basis.goods.metal_share}
    return charges(Plan(basis.base), replace(basis.goods, metal_share=shares, kept={}), on).duties


# Readings of the law


def rates_by_use(results: Results) -> dict[str, Floats]:
    """The rate of each line under each way in which column 1 can count towards a total."""
    day = charges(Plan(_base(results)), results.basis.goods, results.case.as_of)
    return {use.value: _rates(results, day, use) for use in Column1Use}


def rates_by_reading(results: Results, question: OpenQuestion) -> dict[str, Floats]:
    """The rate of each line under each reading of an ambiguous text."""
    base, case = _base(results), results.case
    found = {}
    for each in question.readings:
        day = charges(Plan(base.read(question.id, each.id)), results.basis.goods, case.as_of)
        found[each.id] = _rates(results, day, case.assumptions.column_1_for_totals)
    return found


def _base(results: Results) -> LawAsKnown:
    return replace(results.basis.base, readings=results.case.assumptions.readings)


def _rates(results: Results, day: DayCharges, use: Column1Use) -> Floats:
    """NaN where the engine gives no number either."""
    basis = results.basis
    unknown = basis.goods.in_gap(basis.base.gaps(day.on))
    return np.where(unknown, np.nan, totals(day, basis.goods, results.portfolio.utilisation, use).total)
