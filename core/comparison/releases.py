"""What each instrument released in a period did to one partner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.comparison.effects import Effect, EffectKind, FieldChange, Release
from core.comparison.list_effects import list_effects, lists_that_matter
from core.law_history import released_between
from core.reference.law import LawChange
from core.results import Portfolio
from core.scenario import LawAsKnown
from core.tariff.measures import reaches


def releases(base: LawAsKnown, portfolio: Portfolio, member_of: str, after: date, until: date) -> tuple[Release, ...]:
    """The instruments released after one day and up to another, each with what it did to the partner of `base`.

    member_of: a union whose terms the partner shares.
    """
    wanted = released_between(base.law, after, until)
    terms = _terms(base, member_of, {instrument.id for instrument in wanted})
    lists = lists_that_matter(base)
    return tuple(
        Release(
            instrument,
            (
                *(effect for effect in terms.get(instrument.id, ()) if effect.kind is EffectKind.TERMS),
                *list_effects(base, portfolio, lists, instrument.id),
                *_stacking_effects(base, instrument.id),
                *_gap_effects(base, instrument.id),
                *(effect for effect in terms.get(instrument.id, ()) if effect.kind is EffectKind.ANNOUNCED),
            ),
        )
        for instrument in wanted
    )


# ---- terms of measures


def _terms(base: LawAsKnown, member_of: str, wanted: set[str]) -> dict[str, list[Effect]]:
    """By instrument: the fields that it set to something else than what stood before it, measure by measure."""
    law, held = base.law, dict[str, dict[str, str]]()
    found: dict[tuple[str, str, bool], dict[str, FieldChange]] = {}
    for change in law.changes:
        if not _concerns(base, change) or not reaches(law, change.partners, base.partner, member_of):
            continue
        values = held.setdefault(change.measure, {})
        if change.instrument in wanted:
            fields = found.setdefault((change.instrument, change.measure, change.binding), {})
            fields[change.field] = _field(fields, change, values)
        if change.binding:
            values[change.field] = change.value
    effects: dict[str, list[Effect]] = {}
    for (instrument, measure, binding), fields in found.items():
        kept = tuple(field for field in fields.values() if not binding or _says_something(field))
        if kept:
            kind = EffectKind.TERMS if binding else EffectKind.ANNOUNCED
            effects.setdefault(instrument, []).append(Effect(kind, measure, kept, _is_new(kept)))
    return effects


def _concerns(base: LawAsKnown, change: LawChange) -> bool:
    """A row for all partners may end a measure that this partner never had."""
    return change.measure in (base.states if change.binding else base.law.measures)


def _field(fields: dict[str, FieldChange], change: LawChange, values: dict[str, str]) -> FieldChange:
    """A second row of the same instrument, for fewer partners, goes on from what stood before the instrument."""
    earlier = fields.get(change.field)
    before = earlier.before if earlier is not None else values.get(change.field)
    return FieldChange(change.field, before, change.value)


def _says_something(field: FieldChange) -> bool:
    return field.after != (field.before or "")


def _is_new(fields: tuple[FieldChange, ...]) -> bool:
    return any(field.field == "from" and field.before is None for field in fields)


# ---- order of duties, goods without a number


def _stacking_effects(base: LawAsKnown, instrument: str) -> Iterator[Effect]:
    ours = {state.measure.duty for state in base.states.values()}
    for duty in base.law.file.duties:
        for rule in duty.stacking if duty.id in ours else ():
            is_read_so = not rule.question or base.reading(rule.question) == rule.reading
            if rule.instrument == instrument and is_read_so:
                yield Effect(EffectKind.STACKING, duties=(duty.id,), on=rule.since, why=rule.why)


def _gap_effects(base: LawAsKnown, instrument: str) -> Iterator[Effect]:
    for gap in base.law.file.gaps:
        if gap.instrument == instrument and (not gap.partners or base.is_among(gap.partners)):
            yield Effect(EffectKind.GAP, on=gap.start, codes=gap.prefixes, why=gap.reason)
