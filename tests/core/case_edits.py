"""Random edits of a case, as a delegate makes them: each stamped with ids of its own and an entry in the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st
from msgspec.structs import replace

from core import edits
from core.audience import Audience
from core.case import (
    AnyChange,
    BarrierRecord,
    BarrierState,
    Case,
    Exempt,
    ItemGroup,
    RateForm,
    RivalTerms,
    Scenario,
    SetRate,
    SetTotal,
    TradeOverride,
)
from core.errors import InputError
from core.history import stamped
from core.text import LocalText

Edit = Callable[[Case], Case]

DAYS: Final = (date(2025, 7, 9), date(2025, 8, 1), date(2025, 9, 1))
RATES: Final = tuple(Decimal(text) for text in ("0", "0.1", "0.125", "0.15"))
DUTIES: Final = ("autos", "steel", "copper")
TEXTS: Final = ("", "first", "second\nline", "셋째")
BARRIERS: Final = ("trq", "beef_age", "maps")
PREFIXES: Final = ("8703", "870421", "2710", "99")

_place = st.integers(0, 5)
_whose = st.sampled_from((("JP",), ("*",), ("EU", "GB"), ("*", "-MX")))
_kinds = st.sampled_from((SetTotal(start=DAYS[1], rate=RATES[3]), SetRate(start=DAYS[0], duty="autos", rate=RATES[2])))
_day, _rate, _duty, _text = (st.sampled_from(each) for each in (DAYS, RATES, DUTIES, TEXTS))


def _letter(case: Case, place: int) -> str:
    """One of its scenarios that are not the law, or the law where there is none: the edit is then refused."""
    return case.scenarios[min(len(case.scenarios) - 1, 1 + place % max(1, len(case.scenarios) - 1))].letter


def _local(text: str, language: str, old: LocalText) -> LocalText:
    return old.with_text(language, text)


def _move_prefix(case: Case, place: int, prefix: str) -> Case:
    groups = [replace(g, prefixes=tuple(p for p in g.prefixes if p != prefix)) for g in case.groups]
    chosen = groups[place % len(groups)]
    groups[place % len(groups)] = replace(chosen, prefixes=(*chosen.prefixes, prefix))
    return edits.set_groups(case, tuple(groups))


def _move_rest(case: Case, place: int) -> Case:
    """Another group takes what no prefix covers; its own codes go to the group that did so far."""
    rest = next(group for group in case.groups if not group.prefixes)
    chosen = case.groups[place % len(case.groups)]
    swap = {rest.id: replace(rest, prefixes=chosen.prefixes), chosen.id: replace(chosen, prefixes=())}
    return edits.set_groups(case, tuple(swap.get(group.id, group) for group in case.groups))


def _set_figure(case: Case, code: str, value: Decimal, year: int) -> Case:
    others = tuple(figure for figure in case.trade if figure.code != code)
    return edits.set_trade(case, (*others, TradeOverride(code=code, value=value, year=year)))


def _change_field(case: Case, place: int, position: int, **fields: object) -> Case:
    letter = _letter(case, place)
    old = case.scenario(letter).changes[position % max(1, len(case.scenario(letter).changes))]
    return edits.replace_change(case, letter, case.scenario(letter).changes.index(old), replace(old, **fields))


def _rival_field(case: Case, place: int, position: int, partners: tuple[str, ...], change: AnyChange) -> Case:
    letter = _letter(case, place)
    position %= max(1, len(case.scenario(letter).rivals))
    return edits.replace_rival_terms(case, letter, position, RivalTerms(partners=partners, change=change))


_edits: Final = st.one_of(
    st.builds(lambda t, g: lambda c: edits.set_title(c, _local(t, g, c.title)), _text, st.sampled_from(("en", "ko"))),
    st.builds(lambda t: lambda c: edits.set_note(c, t), _text),
    st.builds(lambda d: lambda c: edits.set_as_of(c, d), _day),
    st.builds(lambda n: lambda c: edits.set_compare_with(c, c.scenarios[n % len(c.scenarios)].letter), _place),
    st.builds(lambda t: lambda c: edits.add_scenario(c, t or "Scenario"), _text),
    st.builds(lambda n: lambda c: edits.duplicate_scenario(c, _letter(c, n)), _place),
    st.builds(lambda n: lambda c: edits.remove_scenario(c, _letter(c, n)), _place),
    st.builds(lambda n, m: lambda c: edits.move_scenario(c, _letter(c, n), m), _place, _place),
    st.builds(lambda n, t: lambda c: edits.set_scenario_note(c, _letter(c, n), t), _place, _text),
    st.builds(
        lambda n, a: lambda c: edits.set_scenario_audience(c, _letter(c, n), a), _place, st.sampled_from(Audience)
    ),
    st.builds(
        lambda n, u, r, f, d: lambda c: edits.set_cell_rate(c, _letter(c, n), u, r, f, d),
        _place, _duty, _rate, st.sampled_from(RateForm), _day,
    ),
    st.builds(lambda n, u, d: lambda c: edits.clear_cell(c, _letter(c, n), u, d), _place, _duty, _day),
    st.builds(
        lambda n, u, r, d: lambda c: edits.add_change(c, _letter(c, n), SetRate(start=d, duty=u, rate=r)),
        _place, _duty, _rate, _day,
    ),
    st.builds(
        lambda n, g: lambda c: edits.add_change(
            c, _letter(c, n), Exempt(start=DAYS[0], lines=f"group:{c.groups[g % len(c.groups)].id}")
        ),
        _place, _place,
    ),
    st.builds(lambda n, p: lambda c: edits.remove_change(c, _letter(c, n), p), _place, _place),
    st.builds(
        lambda n, w, u, r, d: lambda c: edits.add_rival_terms(
            c, _letter(c, n), RivalTerms(partners=w, change=SetRate(start=d, duty=u, rate=r))
        ),
        _place, _whose, _duty, _rate, _day,
    ),
    st.builds(lambda n, p, w, k: lambda c: _rival_field(c, n, p, w, k), _place, _place, _whose, _kinds),
    st.builds(lambda n, p: lambda c: edits.remove_rival_terms(c, _letter(c, n), p), _place, _place),
    st.builds(lambda n, p, q: lambda c: edits.move_change(c, _letter(c, n), p, q), _place, _place, _place),
    st.builds(lambda n, p, d: lambda c: _change_field(c, n, p, start=d), _place, _place, _day),
    st.builds(lambda n, p, d: lambda c: _change_field(c, n, p, until=d), _place, _place, st.none() | _day),
    st.builds(lambda n, p, t: lambda c: _change_field(c, n, p, note=t), _place, _place, _text),
    st.builds(
        lambda b, s: lambda c: edits.set_barrier(c, b, state=s),
        st.sampled_from(BARRIERS), st.sampled_from(BarrierState),
    ),
    st.builds(lambda b, t: lambda c: edits.set_barrier(c, b, owner=t), st.sampled_from(BARRIERS), _text),
    st.builds(
        lambda b, t, g: lambda c: edits.set_barrier(c, b, red_line=_local(t, g, c.barrier(b).red_line)),
        st.sampled_from(BARRIERS), _text, st.sampled_from(("en", "ko")),
    ),
    st.builds(
        lambda k, r: lambda c: edits.set_assumption(c, "utilisation", k, r),
        st.sampled_from(("870323", "8708")), st.none() | _rate,
    ),
    st.builds(
        lambda k, v, y: lambda c: _set_figure(c, k, v, y),
        st.sampled_from(("87032301", "8703230170", "72061000")), st.sampled_from((Decimal(5), Decimal(7))),
        st.sampled_from((2023, 2024)),
    ),
    st.builds(lambda n, t: lambda c: _move_prefix(c, n, t), _place, st.sampled_from(PREFIXES)),
    st.builds(lambda n: lambda c: _move_rest(c, n), _place),
    st.builds(
        lambda i, p: lambda c: edits.add_group(c, ItemGroup(id=i, name=LocalText(i), prefixes=(p,))),
        st.sampled_from(("new-1", "new-2")), st.sampled_from(("98", "9701")),
    ),
    st.builds(lambda n: lambda c: edits.remove_group(c, c.groups[n % len(c.groups)].id), _place),
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn, base: Case, who: str, *, most: int = 6) -> Case:
    """A copy of the case after some edits by one delegate."""
    numbers = iter(range(10_000))
    case, at = base, datetime(2025, 5, 22, 9, draw(st.integers(0, 59)), tzinfo=UTC)
    for edit in draw(st.lists(_edits, min_size=draw(st.integers(0, most)), max_size=most)):
        at += timedelta(minutes=draw(st.integers(1, 30)))
        try:
            after: Case = edit(case)
        except (InputError, IndexError, ValueError, StopIteration):
            continue  # as the window refuses it
        case = stamped(case, after, "Edit", at=at, who=who, make_id=lambda: f"{who}-{next(numbers)}")
    return case


def small_case() -> Case:
    """Enough of everything to edit, and little to read when a law fails."""
    law = Scenario(letter="A", name=LocalText("Law"), audience=Audience.SHAREABLE, id="s-1")
    changes = (
        SetRate(start=DAYS[0], duty="autos", rate=RATES[3], form=RateForm.TOTAL, id="c-1"),
        Exempt(start=DAYS[1], lines="group:cars", id="c-2"),
    )
    return Case(
        title=LocalText("Talks", "협의"),
        partner="KR",
        as_of=date(2025, 5, 22),
        known_to=date(2025, 5, 22),
        scenarios=(
            law,
            Scenario(letter="B", name=LocalText("Pause"), changes=changes, id="s-2"),
            Scenario(letter="C", name=LocalText("Request"), id="s-3"),
        ),
        next_letter="D",
        groups=(
            ItemGroup(id="cars", name=LocalText("Cars"), prefixes=("8703", "870421")),
            ItemGroup(id="parts", name=LocalText("Parts"), prefixes=("8708",)),
            ItemGroup(id="steel", name=LocalText("Steel"), prefixes=("72", "73")),
            ItemGroup(id="rest", name=LocalText("Rest")),
        ),
        barriers=(BarrierRecord(barrier="trq", owner="MAFRA"),),
        id="talks",
    )


@st.composite
def copies(draw: st.DrawFn) -> tuple[Case, Case, Case]:
    """A case and what two delegates made of their copies; now and then of one from before ids were given."""
    base = draw(edited(small_case(), "old", most=4))
    return base, draw(edited(base, "kim", most=10)), draw(edited(base, "lee", most=10))
