"""The two moments of a comparison: fields, presets, and what the moments are when nobody has chosen yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QWidget

from core.case import Case
from core.comparison import Moment, check_order
from core.engine import check_day
from core.errors import ParleyError
from core.i18n import _
from core.quantities import format_date
from core.reference.pack import Pack
from core.results import Results
from gui import theme
from gui.day_edit import DayEdit, Stop
from gui.widgets import Words

SINCE_LAST: Final = timedelta(days=30)
NEWEST: Final = 12  # instruments in the list of days

Moments = tuple[Moment, Moment]


def since_last(case: Case, pack: Pack) -> Moments:
    """A month ago and now. A case that looks at another day than the one it knows the law to keeps that day."""
    first = pack.law.file.coverage.first
    known = max(first, case.known_to - SINCE_LAST)
    on = known if case.as_of == case.known_to else case.as_of
    return Moment(on, known), Moment(case.as_of, case.known_to)


def two_days(case: Case, pack: Pack, results: Results | None) -> Moments:
    """The as-of day and the next day on which something changes, under the law as the case knows it."""
    later = sorted(change.on for change in results.change_dates if change.on > case.as_of) if results else []
    last = pack.law.file.coverage.last
    following = later[0] if later else min(last, case.as_of + SINCE_LAST)
    return Moment(case.as_of, case.known_to), Moment(following, case.known_to)


def is_in_order(moments: Moments) -> bool:
    """Whether the second moment knows at least the law of the first."""
    try:
        check_order(*moments)
    except ParleyError:
        return False
    return True


class MomentFields(QWidget):
    """Four days. `chosen` is the user's choice alone, by typing, by a preset, or by exchanging both."""

    chosen = Signal(object)  # Moments

    def __init__(self, pack: Pack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pack = pack
        self._moments: Moments = (Moment(date.min, date.min), Moment(date.min, date.min))
        self.on = (self._edit(0, "on"), self._edit(1, "on"))
        self.known = (self._edit(0, "known"), self._edit(1, "known"))
        self.since_last = QPushButton(_("Since we last met"))
        self.two_days = QPushButton(_("Two days, same law"))
        self.swap = QPushButton(_("Exchange"))
        self.swap.clicked.connect(lambda: self._choose((self._moments[1], self._moments[0])))
        self._lay_out()

    def _edit(self, side: int, name: str) -> DayEdit:
        edit = DayEdit(lambda day: check_day(day, self._pack))
        edit.day_chosen.connect(lambda day: self._on_day(side, name, day))
        return edit

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.S8)
        grid.setVerticalSpacing(theme.S8)
        for line, (text, on, known) in enumerate(zip((_("Before"), _("After")), self.on, self.known, strict=True)):
            grid.addWidget(Words(text, bold=True), line, 0)
            self._add_field(grid, line, 1, text, _("Rates as of"), on)
            self._add_field(grid, line, 3, text, _("Law known to"), known)
        grid.addWidget(self.since_last, 0, 5)
        grid.addWidget(self.two_days, 1, 5)
        grid.addWidget(self.swap, 1, 6)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(grid)
        row.addStretch(1)

    def _add_field(self, grid: QGridLayout, row: int, column: int, side: str, name: str, edit: DayEdit) -> None:
        label = Words(name, muted=True)
        label.setBuddy(edit)
        edit.setAccessibleName(f"{side}: {name}")
        grid.addWidget(label, row, column)
        grid.addWidget(edit, row, column + 1)

    # Showing

    @property
    def moments(self) -> Moments:
        return self._moments

    def show_moments(self, moments: Moments) -> None:
        """Show both; announces nothing."""
        self._moments = moments
        for on, known, moment in zip(self.on, self.known, moments, strict=True):
            on.show_day(moment.on)
            known.show_day(moment.known)
        turned = (moments[1], moments[0])
        self.swap.setEnabled(moments[0] != moments[1] and (is_in_order(turned) or not is_in_order(moments)))
        self.swap.setToolTip(
            _("Exchange the two moments. The first can never know more law than the second.")
            if not self.swap.isEnabled()
            else _("Exchange the two moments.")
        )

    def show_stops(self, case: Case, results: Results | None) -> None:
        """Days to pick from: nothing that the case does not know may be named."""
        days = (
            [Stop(change.on, str(change.title), str(change.detail)) for change in results.change_dates]
            if results
            else []
        )
        for on, known in zip(self.on, self.known, strict=True):
            on.set_stops(days)
            known.set_stops(_known_stops(case, self._pack))
        self.since_last.setToolTip(
            _("Law known to {first} against law known to {last}").format(
                first=format_date(since_last(case, self._pack)[0].known), last=format_date(case.known_to)
            )
        )
        self.two_days.setToolTip(_("The as-of day of the case and the next day on which a rate changes"))

    # Acting

    def _on_day(self, side: int, name: str, day: date) -> None:
        """A moment that shows the day to which it knows the law goes on doing so."""
        old = self._moments[side]
        together = name == "known" and old.on == old.known
        new = Moment(day, day) if together else replace(old, **{name: day})
        self._choose((new, self._moments[1]) if side == 0 else (self._moments[0], new))

    def _choose(self, moments: Moments) -> None:
        self.show_moments(moments)
        self.chosen.emit(moments)


def _known_stops(case: Case, pack: Pack) -> Sequence[Stop]:
    released: dict[date, list[str]] = {}
    for instrument in pack.law.instruments.values():
        if instrument.released <= case.known_to and pack.law.covers(instrument.released):
            released.setdefault(instrument.released, []).append(str(instrument.short))
    return [Stop(on, names[0], "\n".join(names)) for on, names in sorted(released.items())[-NEWEST:]]
