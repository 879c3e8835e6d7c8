"""What two sound copies can break between them: each rule of core.case_rules, as a choice and not as a crash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from core.case import LAW_SCENARIO, Case, Scenario, TradeOverride
from core.case_rules import check_case
from core.casefile.merging.conflicts import Reason, Referee, Side
from core.casefile.merging.item_groups import ItemGroups, put_back
from core.casefile.merging.last_resort import one_copy
from core.casefile.merging.letters import next_letter
from core.casefile.merging.parts import identity
from core.casefile.merging.places import Place
from core.codes import LINE_DIGITS
from core.errors import InputError
from core.i18n import _

# Fields that hold only together with others; each has a repair of its own.
_ENTANGLED: Final = ("scenarios", "groups", "compare_with", "next_letter")


@dataclass(frozen=True)
class Repair:
    """Looks a joined case over; whatever does not hold is asked of the referee."""

    referee: Referee

    def case(self, joined: Case) -> Case:
        """A case that keeps the rules."""
        case = self._with_comparison(joined)
        case = ItemGroups(self.referee).sound(case)  # after it: a scenario that comes back may name goods
        case = self._with_lines_counted_once(case)
        case = replace(case, next_letter=next_letter(case, self.referee.ours, self.referee.theirs))
        for name in Case.__struct_fields__:
            if name not in _ENTANGLED:
                case = self._with_sound_field(case, name)
        try:
            check_case(case)
        except InputError as error:
            whole = one_copy(self.referee, Place(steps=("case",)), error)
            return replace(whole, history=case.history)
        return case

    def _with_sound_field(self, case: Case, name: str) -> Case:
        """A field that breaks a rule by itself, whatever rule that is, comes from one copy."""
        if getattr(case, name) in (getattr(self.referee.ours, name), getattr(self.referee.theirs, name)):
            return case
        try:
            check_case(replace(self.referee.ours, **{"next_letter": case.next_letter, name: getattr(case, name)}))
        except InputError as error:
            copy = one_copy(self.referee, Place().field(Case, name), error)
            return replace(case, **{name: getattr(copy, name)})
        return case

    # The comparison

    def _with_comparison(self, case: Case) -> Case:
        """A scenario that one copy removed and the other compares with."""
        wanted = case.compare_with
        if any(scenario.letter == wanted for scenario in case.scenarios):
            return case
        ours, theirs = (_scenario(side, wanted) for side in (self.referee.ours, self.referee.theirs))
        scenario = ours or theirs
        if scenario is None:
            return replace(case, compare_with=LAW_SCENARIO)
        kept = _("kept, for the comparison")
        side = self.referee.pick(
            Place().field(Case, "scenarios").part(identity(scenario), scenario).entry("compared", is_named=False),
            Reason.REMOVED_AND_USED,
            ours=kept if ours else _("removed"),
            theirs=kept if theirs else _("removed"),
        )
        holder, other = self.referee.ours, self.referee.theirs
        if ours is None:
            holder, other = other, holder
        if (side is Side.OURS) == (ours is not None):
            scenarios = put_back(case.scenarios, scenario, holder.scenarios, lambda each: each.letter)
            return replace(case, scenarios=scenarios)
        is_there = any(each.letter == other.compare_with for each in case.scenarios)
        return replace(case, compare_with=other.compare_with if is_there else LAW_SCENARIO)

    # Trade figures

    def _with_lines_counted_once(self, case: Case) -> Case:
        """A line that one copy gave as a whole and the other by its statistical lines."""
        whole = {figure.code for figure in case.trade if len(figure.code) == LINE_DIGITS}
        finer = {figure.code[:LINE_DIGITS] for figure in case.trade if len(figure.code) > LINE_DIGITS}
        for line in sorted(whole & finer):
            case = self._with_line_of_one_copy(case, line)
        return case

    def _with_line_of_one_copy(self, case: Case, line: str) -> Case:
        ours, theirs = (_figures(side, line) for side in (self.referee.ours, self.referee.theirs))
        side = self.referee.pick(
            Place().field(Case, "trade").entry(line),
            Reason.TWICE,
            ours="\n".join(map(self._figure, ours)),
            theirs="\n".join(map(self._figure, theirs)),
        )
        others = tuple(figure for figure in case.trade if not figure.code.startswith(line))
        kept = theirs if side is Side.THEIRS else ours
        return replace(case, trade=tuple(sorted((*others, *kept), key=lambda figure: figure.code)))

    def _figure(self, figure: TradeOverride) -> str:
        words = self.referee.words[1]
        return f"{words.part(figure)}: {words.value(TradeOverride, 'value', figure.value)}"


def _scenario(case: Case, letter: str) -> Scenario | None:
    return next((each for each in case.scenarios if each.letter == letter), None)


def _figures(case: Case, line: str) -> tuple[TradeOverride, ...]:
    return tuple(figure for figure in case.trade if figure.code.startswith(line))
