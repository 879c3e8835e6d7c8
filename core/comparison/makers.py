"""The instruments that made a duty charge another rate on a line than it did at an earlier moment."""

from __future__ import annotations

from functools import cache

from core.comparison.sides import TINY, Pair, Side
from core.tariff.duty import DutyCharge

Names = tuple[str, ...]


class Makers:
    """One duty at both moments. A measure's id stands for what charges the line, "" for nothing."""

    def __init__(self, pair: Pair, duty: str) -> None:
        self._pair, self._duty = pair, duty
        self._before, self._after = pair.before.charge(duty), pair.after.charge(duty)
        self._ended = cache(self._find_ended)

    def of(self, line: int, before: str, after: str) -> Names:
        """The instruments released in between, else those that hold after and not before."""
        then = _behind(self._pair.before, self._before, line) if before else ()
        found = dict.fromkeys(self._now(line, before, after))
        fresh = tuple(name for name in found if name and name not in then)
        return tuple(name for name in fresh if self._is_released_between(name)) or fresh

    def _is_released_between(self, name: str) -> bool:
        law, first, last = self._pair.after.law, self._pair.before.moment.known, self._pair.after.moment.known
        return name in law.instruments and first < law.instruments[name].released <= last

    def _now(self, line: int, before: str, after: str) -> Names:
        """The instruments to which the state after goes back."""
        if not after:
            return self._enders(line)
        if before == after:  # the same measure on another share of the value: only a list of its own can have done it
            return (*_listing(self._pair.after, self._after, line), *self._freed_before(line))
        found = _behind(self._pair.after, self._after, line)
        return found if before else (*found, *self._freed_before(line))

    def _enders(self, line: int) -> Names:
        """Why the duty charges nothing any more: an exempt list, a duty before it, its end, or the end of its list."""
        charge, side = self._after, self._pair.after
        if charge is not None:
            for exemption, rows, share in charge.freed:
                if share[line] > TINY and rows[line] >= 0:
                    return (side.law.lists[exemption.list].instrument[int(rows[line])],)
                if share[line] > TINY:  # all goods of the measure: what made the measure freed them
                    return _behind(side, charge, line)
            if charge.claim[line] > TINY and charge.available[line] <= TINY:
                return self._takers(charge, line)
        if self._before is None:
            return ()
        place = int(self._before.reached.in_list[line])
        return self._ended(self._before.reached.list_names[place]) or self._left_list(line)

    def _find_ended(self, list_name: str) -> Names:
        """The instrument that ended or suspended the duty on a list; () where it is still charged on it."""
        side = self._pair.after
        on, terms = side.moment.on, dict(side.base.terms(self._duty, side.moment.on)).get(list_name)
        if terms is not None and terms.charged is not None:
            return ()
        if terms is not None and terms.suspended is not None:
            return terms.suspended.instruments(on)
        states = (state for state in side.base.states.values() if state.measure.duty == self._duty and state.end <= on)
        ended = [state for state in states if list_name in state.measure.lists]
        return (max(ended, key=lambda state: state.end).ended_by,) if ended else ()

    def _takers(self, charge: DutyCharge, line: int) -> Names:
        """The new rule that puts another duty before this one, else what made that duty fall on the line."""
        side = self._pair.after
        earlier = side.day.duties[: side.day.duties.index(charge)]
        takers = [other for other in earlier if other.share[line] > TINY]
        rules = tuple(other.rule.instrument for other in takers)
        if any(self._is_released_between(name) for name in rules):
            return rules
        return (*rules, *(name for other in takers for name in _behind(side, other, line)))

    def _left_list(self, line: int) -> Names:
        """The instrument that took the line's row off the duty's list."""
        charge = self._before
        assert charge is not None
        place, row = int(charge.reached.in_list[line]), int(charge.reached.row[line])
        return (self._pair.after.law.lists[charge.reached.list_names[place]].end_instrument[row],) if row >= 0 else ()

    def _freed_before(self, line: int) -> Names:
        """The instrument that took the line off the exempt list on which it stood."""
        lists = self._pair.after.law.lists
        for exemption, rows, share in self._before.freed if self._before is not None else ():
            if share[line] > TINY and rows[line] >= 0:
                return (lists[exemption.list].end_instrument[int(rows[line])],)
        return ()


def _behind(side: Side, charge: DutyCharge | None, line: int) -> Names:
    """The instruments of the measure on a line, and the one that put the line on its list."""
    state = charge.reached.state(line) if charge is not None else None
    return (*state.instruments(side.moment.on), *_listing(side, charge, line)) if state is not None else ()


def _listing(side: Side, charge: DutyCharge | None, line: int) -> Names:
    """The instrument that put a line on the duty's list."""
    if charge is None or charge.reached.row[line] < 0 or charge.reached.in_list[line] < 0:
        return ()
    scope = side.law.lists[charge.reached.list_names[int(charge.reached.in_list[line])]]
    return (scope.instrument[int(charge.reached.row[line])],)
