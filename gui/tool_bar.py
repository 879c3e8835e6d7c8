"""The tool bar: undo, redo, save, the as-of date, the comparison, the known date, who may see it, the briefing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolBar, QToolButton, QWidget

from core import edits
from core.case import Case
from core.i18n import _
from core.quantities import format_date
from gui import icons, theme
from gui.day_edit import DayEdit, Stop
from gui.days import deadline_text
from gui.session import Session
from gui.widgets import Hairline, IconButton, ScenarioPicker, Words

if TYPE_CHECKING:
    from core.reference.pack import Pack
    from core.results import Results

_ROOMY = 1390  # below this width the long words on the right do not fit


def holds_red_lines(case: Case) -> bool:
    """Whether anything in the case is for the delegation alone."""
    return any(record.red_line or record.fall_back for record in case.barriers)


class IconLabel(QLabel):
    """An icon of ours in the muted colour."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        self.setPixmap(icons.pixmap(self._name, theme.current().muted, max(1.0, self.devicePixelRatioF())))


class ToolBar(QToolBar):
    """Shows what the session holds; every user action goes to `session.apply`."""

    briefing_wanted = Signal()

    def __init__(self, session: Session, actions: dict[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("tool-bar")
        self.setWindowTitle(_("Tool bar"))
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setFixedHeight(theme.TOOL_BAR_HEIGHT + theme.S4)
        # One row of our own: Qt's tool bar would push what does not fit out of sight.
        inside = QWidget(self)
        inside.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._row = QHBoxLayout(inside)
        self._row.setContentsMargins(theme.S8, 0, theme.S12, 0)
        self._row.setSpacing(theme.S8)
        self._add_icons(actions)
        self._add_days()
        self._add_picker()
        self._row.addStretch()
        self._add_right_side()
        self.addWidget(inside)
        session.case_changed.connect(self._on_case_changed)
        session.results_changed.connect(self._show_stops)
        session.pack_loaded.connect(self._on_pack_loaded)
        theme.notifier.changed.connect(self._dress)
        self.refresh()

    # Making it

    def _add_icons(self, actions: dict[str, QAction]) -> None:
        self._actions = {name: actions[name] for name in ("undo", "redo", "save")}
        for action in self._actions.values():
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setFixedSize(QSize(theme.CONTROL_HEIGHT, theme.CONTROL_HEIGHT))
            button.setIconSize(QSize(icons.SIZE, icons.SIZE))
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._row.addWidget(button)
        line = Hairline(self, vertical=True)
        line.setFixedHeight(20)
        self._row.addWidget(line)
        self._dress()

    def _dress(self) -> None:
        for name, action in self._actions.items():
            action.setIcon(icons.icon(name))

    def _labelled(self, text: str, field: QWidget) -> None:
        label = Words(text, muted=True)
        label.setBuddy(field)
        field.setAccessibleName(text)
        self._row.addSpacing(theme.S4)
        self._row.addWidget(label)
        self._row.addWidget(field)

    def _add_days(self) -> None:
        self.as_of = DayEdit(self._check_as_of)
        self.as_of.day_chosen.connect(self._on_as_of)
        self._labelled(_("Rates as of"), self.as_of)
        self.known_to = DayEdit(self._check_known_to)
        self.known_to.day_chosen.connect(self._on_known_to)
        self._labelled(_("Law known to"), self.known_to)

    def _add_picker(self) -> None:
        self.compare_with = ScenarioPicker()
        self.compare_with.activated.connect(self._on_compare_with)
        self._labelled(_("Compare with"), self.compare_with)

    def _add_right_side(self) -> None:
        self._row.addWidget(IconLabel("lock"))
        self.audience = Words(muted=True)
        self._row.addWidget(self.audience)
        self._row.addSpacing(theme.S4)
        self.briefing = IconButton("workbook", _("Make briefing workbook…"))
        self.briefing.setAccessibleName(_("Make briefing workbook…"))
        self.briefing.clicked.connect(self.briefing_wanted)
        self._row.addWidget(self.briefing)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_words()

    def _show_words(self) -> None:
        """In a narrow window the long words on the right become short ones; the tips keep them."""
        is_narrow = self.width() < _ROOMY
        secret = holds_red_lines(self._session.case)
        long = _("Internal · contains red lines") if secret else _("Internal")
        self.audience.setText(_("Red lines") if is_narrow and secret else long)
        self.audience.setToolTip(long)
        self.briefing.setText(_("Briefing…") if is_narrow else _("Make briefing workbook…"))
        self.compare_with.setMinimumWidth(150 if is_narrow else 170)

    # Showing

    def refresh(self) -> None:
        """Everything from the session; announces nothing."""
        case = self._session.case
        self.as_of.show_day(case.as_of)
        self.known_to.show_day(case.known_to)
        self.compare_with.show_scenarios(case.scenarios, case.compare_with)
        self._show_words()
        if self._session.pack is not None:  # the time zones of the world take a moment to look up
            self._show_tips()
        if self._session.results is not None:
            self._show_stops(self._session.results)
        if self._session.pack is not None:
            self._show_known_stops(self._session.pack)

    def _on_case_changed(self, _fields: set[str]) -> None:
        self.refresh()

    def _on_pack_loaded(self, pack: Pack) -> None:
        self._show_tips()
        self._show_known_stops(pack)

    def _show_tips(self) -> None:
        case = self._session.case
        day = _("Rates of goods entered on this day. Page Up and Page Down go to the days on which rates change.")
        self.as_of.setToolTip(f"{day}\n{self._deadline(case.as_of)}")
        self.known_to.setToolTip(
            _("Law signed or publicly released up to this day counts; nothing later is used or shown.")
        )
        self.compare_with.setToolTip(_("Changes are measured against this scenario."))

    def _deadline(self, on: date) -> str:
        case, pack = self._session.case, self._session.pack
        name = str(pack.partners.get(case.partner).name) if pack is not None else ""
        return deadline_text(on, case.partner, name)

    def _show_stops(self, results: Results) -> None:
        days = [
            Stop(change.on, str(change.title), f"{change.detail}\n{self._deadline(change.on)}")
            for change in results.change_dates
        ]
        known = self._session.case.known_to
        if known not in {stop.on for stop in days}:
            days.append(Stop(known, _("law known to here")))
        self.as_of.set_stops(sorted(days, key=lambda stop: stop.on))

    def _show_known_stops(self, pack: Pack) -> None:
        """The days on which law was released, up to the known date: nothing later may be named."""
        known = self._session.case.known_to
        released: dict[date, list[str]] = {}
        for instrument in pack.law.instruments.values():
            if instrument.released <= known:
                released.setdefault(instrument.released, []).append(str(instrument.short))
        newest = sorted(released.items())[-12:]
        self.known_to.set_stops([Stop(on, names[0], "\n".join(names)) for on, names in newest])

    # Acting

    def _coverage(self) -> tuple[date, date] | None:
        pack = self._session.pack
        return (pack.law.file.coverage.first, pack.law.file.coverage.last) if pack is not None else None

    def _check_as_of(self, day: date) -> None:
        edits.set_as_of(self._session.case, day, coverage=self._coverage())

    def _check_known_to(self, day: date) -> None:
        edits.set_known_to(self._session.case, day, coverage=self._coverage())

    def _on_as_of(self, day: date) -> None:
        case = edits.set_as_of(self._session.case, day, coverage=self._coverage())
        self._session.apply(_("Show rates of {day}").format(day=format_date(day)), case)

    def _on_known_to(self, day: date) -> None:
        case = edits.set_known_to(self._session.case, day, coverage=self._coverage())
        self._session.apply(_("Count law to {day}").format(day=format_date(day)), case)

    def _on_compare_with(self, _place: int) -> None:
        letter = self.compare_with.letter()
        case = edits.set_compare_with(self._session.case, letter)
        self._session.apply(_("Compare with {letter}").format(letter=letter), case)
