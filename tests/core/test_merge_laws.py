"""What holds for every merge, whatever two delegates did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.case import BarrierRecord, Case, Document, HistoryEntry
from core.case_rules import check_case
from core.casefile.format import decode, encode
from core.casefile.merge import Merge, Side, merge, resolve
from core.text import LocalText
from tests.core.case_edits import copies

Three = tuple[Case, Case, Case]
quick = settings(max_examples=80, deadline=None)
_COMPUTED = ("history", "next_letter", "letter", "compare_with", "id", "barrier")


def facts(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a case by the ids around it: what stands where, without the order."""
    match value:
        case LocalText():
            texts = {name: getattr(value, name) for name in LocalText.__struct_fields__}
            yield from (((*path, name), text) for name, text in texts.items() if text)
        case Document():
            if not isinstance(value, BarrierRecord):  # a record without content is the same as none
                yield (*path, "is"), type(value).__name__
            for field in msgspec.structs.fields(type(value)):
                if field.name not in _COMPUTED and getattr(value, field.name) != field.default:
                    yield from facts(getattr(value, field.name), (*path, field.name))
        case tuple() if all(isinstance(item, Document) for item in value):
            for item in value:
                yield from facts(item, (*path, _name(item)))
        case tuple():
            yield from (((*path, str(item)), True) for item in value)
        case dict():
            yield from (((*path, key), item) for key, item in value.items())
        case _:
            yield path, value


def _name(item: Document) -> str:
    letter = getattr(item, "letter", "")
    return "A" if letter == "A" else str(getattr(item, "id", "") or getattr(item, item.__struct_fields__[0]))


def made(before: Case, after: Case) -> dict[tuple[str, ...], Any]:
    """What an edited copy has otherwise than the base; None for what it took out."""
    old, new = dict(facts(before)), dict(facts(after))
    return {path: new.get(path) for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


def alike(merged: Case) -> Any:
    """The merged case without what depends on which copy is called ours: letters, orders, ids of equal changes."""
    scenarios = {
        _name(each): sorted(repr(sorted(facts(part))) for part in (*each.changes, *each.rivals))
        for each in merged.scenarios
    }
    rest = {path: value for path, value in facts(merged) if not {"changes", "rivals"} & set(path)}
    compared = _name(merged.scenario(merged.compare_with))
    return scenarios, rest, compared, sorted(map(repr, merged.history))


class TestLaws:
    @quick
    @given(copies())
    def test_an_untouched_copy_adds_nothing(self, three: Three) -> None:
        base, ours, theirs = three
        assert merge(base, ours, base).case == ours
        assert merge(base, base, theirs).case == theirs
        assert merge(base, ours, ours).case == ours
        assert merge(base, ours, base).conflicts == ()

    @quick
    @given(copies())
    def test_a_copy_with_one_edit_elsewhere_adds_that_edit(self, three: Three) -> None:
        """The laws above for the merge itself, which looks at nothing when a copy is untouched."""
        base, ours, _theirs = three
        for merged in (merge(base, ours, _elsewhere(base)), merge(base, _elsewhere(base), ours)):
            assert merged.conflicts == ()
            assert merged.notes == ()
            assert merged.case == _elsewhere(ours)

    @quick
    @given(copies(), st.randoms(use_true_random=False))
    def test_whatever_is_chosen_the_rules_hold(self, three: Three, random: Any) -> None:
        base, ours, theirs = three
        merged = merge(base, ours, theirs)
        while merged.open_conflicts:
            asked = merged.open_conflicts
            choices = {each.id: random.choice([Side.OURS, Side.THEIRS]) for each in asked}
            merged = merged.chosen({**merged.choices, **choices})
        check_case(merged.case)
        assert decode(encode(merged.case), "merged") == merged.case

    @quick
    @given(copies())
    def test_all_ours_keeps_every_edit_of_ours(self, three: Three) -> None:
        base, ours, theirs = three
        _check_kept(base, ours, resolve(merge(base, ours, theirs), {}))

    @quick
    @given(copies())
    def test_all_theirs_keeps_every_edit_of_theirs(self, three: Three) -> None:
        base, ours, theirs = three
        _check_kept(base, theirs, merge(base, ours, theirs).all_from(Side.THEIRS).case)

    @quick
    @given(copies())
    def test_it_does_not_matter_which_copy_is_called_ours(self, three: Three) -> None:
        base, ours, theirs = three
        one = merge(base, ours, theirs).all_from(Side.OURS)
        other = merge(base, theirs, ours).all_from(Side.THEIRS)
        assert _questions(one) == _questions(other)
        assert alike(one.case) == alike(other.case)

    @quick
    @given(copies())
    def test_nothing_added_is_lost_without_a_question(self, three: Three) -> None:
        base, ours, theirs = three
        merged = merge(base, ours, theirs)
        asked = {step for conflict in merged.conflicts for step in conflict.id.replace("+", "/").split("/")}
        known = dict(facts(base))
        kept = dict(facts(merged.case))
        for copy in (ours, theirs):
            found = dict(facts(copy))
            for path in found.keys() - known.keys():
                goods = str(found.get((*path[:-1], "lines"), "")).removeprefix("group:")
                if path[-1] == "is" and not asked & {"case", goods, *path}:
                    assert kept.get(path) == found[path] or _has_twin(merged.case, copy, path)

    @quick
    @given(copies())
    def test_every_entry_of_both_histories_once(self, three: Three) -> None:
        base, ours, theirs = three
        history = merge(base, ours, theirs).case.history
        assert set(history) == {*base.history, *ours.history, *theirs.history}
        for copy in (ours, theirs):
            assert _in_order(copy.history, history)


def _elsewhere(case: Case) -> Case:
    entry = HistoryEntry(at=datetime(2026, 1, 1, tzinfo=UTC), what="Edition")
    return replace(case, pack_edition="another", history=(*case.history, entry))


def _check_kept(base: Case, copy: Case, merged: Case) -> None:
    """Every fact that the copy made; a change that both added alike may go by the other's id."""
    found = dict(facts(merged))
    for path, value in made(base, copy).items():
        if path != ("pack_edition",) and found.get(path) != value:
            assert _has_twin(merged, copy, path), (path, value, found.get(path))


def _has_twin(merged: Case, copy: Case, path: tuple[str, ...]) -> bool:
    """Whether the merged scenario has a change, or a rival's terms, that say the same under another id."""
    if len(path) < 4 or path[2] not in ("changes", "rivals"):
        return False
    scenario = next((each for each in copy.scenarios if _name(each) == path[1]), None)
    same = next((each for each in merged.scenarios if _name(each) == path[1]), None)
    part = next((each for each in getattr(scenario, path[2], ()) if each.id == path[3]), None)
    return bool(same and part and any(replace(each, id=part.id) == part for each in getattr(same, path[2])))


def _questions(merged: Merge) -> set[str]:
    return {"/".join("+".join(sorted(step.split("+"))) for step in each.id.split("/")) for each in merged.conflicts}


def _in_order(part: tuple[HistoryEntry, ...], whole: tuple[HistoryEntry, ...]) -> bool:
    rest = iter(whole)
    return all(any(entry == each for each in rest) for entry in part)
