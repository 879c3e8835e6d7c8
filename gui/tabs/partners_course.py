"""The rates of two partners over the year, below their table."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.case import LAW_SCENARIO
from core.engine import horizon_of
from core.i18n import _
from core.quantities import format_date
from core.reference.pack import Pack
from core.reference.partners import Partners
from core.rivals.course import Course
from gui import theme
from gui.charts.step_chart import StepChart
from gui.charts.step_data import Line, Owner, StepData, Tick, window
from gui.tabs.partners_choice import Mix
from gui.tabs.partners_job import Courses
from gui.tabs.pieces import FittingLabel
from gui.widgets import Words


class CourseBlock(QWidget):
    """Title, value line and chart. `day_chosen`: the user's click or Enter on a day of change."""

    day_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Words(_("Rate over time"), "heading")
        self.note = FittingLabel()
        self.note.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.note.setFont(theme.font("caption"))
        self.value_line = FittingLabel()
        self.chart = StepChart(self)
        self.chart.setAccessibleName(_("Rate over time"))
        self.chart.day_chosen.connect(self.day_chosen)
        self.chart.day_read.connect(self._on_day_read)
        head, column = QHBoxLayout(), QVBoxLayout(self)
        head.setContentsMargins(theme.S16, 0, theme.S16, 0)
        head.setSpacing(theme.S4)
        head.addWidget(self.title)
        head.addWidget(self.note, 3)
        head.addWidget(self.value_line, 4)
        column.setContentsMargins(0, theme.S12, 0, theme.S8)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.chart, 1)

    def show_courses(self, courses: Courses, pack: Pack) -> None:
        """Draw these."""
        self.chart.show_data(course_data(courses, pack))
        self.chart.set_muted(False)
        goods = courses.compared.found.goods
        over = _("the same goods") if courses.mix is Mix.SAME else _("each partner's own goods")
        self.note.show_texts(f"· %, {goods}, {over}", f"· %, {goods}", "· %")

    def set_muted(self, muted: bool) -> None:
        """While another course is on its way."""
        self.chart.set_muted(muted)

    def _on_day_read(self, day: date | None) -> None:
        self.value_line.show_texts(self.chart.value_line())


def course_data(courses: Courses, pack: Pack) -> StepData:
    """Per cent; a tick for every day on which one of the rates moves."""
    case = courses.compared.case
    ticks = _ticks(courses)
    days = [tick.on for tick in ticks]
    first, last = window(days, horizon_of(case, pack), (case.known_to, case.as_of))
    lines = [_line(courses.home, pack.partners, Owner.HOME)]
    if courses.rival is not None:
        lines.append(_line(courses.rival, pack.partners, Owner.RIVAL))
    return StepData(tuple(lines), tuple(ticks), case.known_to, case.as_of, first, last)


def _line(course: Course, partners: Partners, owner: Owner) -> Line:
    name = str(partners.get(course.partner).name)
    return Line(course.partner, name, course.days, tuple(rate * 100 for rate in course.rates), owner)


def _ticks(courses: Courses) -> list[Tick]:
    moves = [each for each in (courses.home, courses.rival) if each is not None]
    found = []
    for day in sorted({day for each in moves for day in each.titles}):
        here = [each for each in moves if day in each.titles]
        alone = f"{here[0].partner}: " if len(here) < len(moves) else ""
        title = next((each.titles[day] for each in here if each.titles[day]), "")
        letter = courses.compared.found.scenario.letter
        text = alone + (title or (_("scenario {letter}").format(letter=letter) if letter != LAW_SCENARIO else ""))
        found.append(Tick(day, format_date(day, short=True), text, is_law=bool(title)))
    return found
