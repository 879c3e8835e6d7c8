"""What a scenario does to each part of the duties: a painted table, and the words on what is uncertain in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.i18n import _
from core.quantities import format_number, format_percent, format_rate
from gui import theme

if TYPE_CHECKING:
    from core.results import Results

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class EffectTable(QWidget):
    """Part, points of rate, US$ bn of duty: painted, with the same words for assistive software."""

    _ROW, _HEAD = 27, 40

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, str, str, float]] = []
        theme.notifier.changed.connect(self.update)

    def show_rows(self, rows: list[tuple[str, str, str, float]]) -> None:
        """(part, points, US$ bn, sign); the last row is the total."""
        self._rows = rows
        self.setFixedHeight(self._HEAD + self._ROW * len(rows) + 2 if rows else 0)
        spoken = "; ".join(f"{part}: {points} {_('points')}, {duty} {_('US$ bn')}" for part, points, duty, _s in rows)
        self.setAccessibleName(spoken)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        painter, colours = QPainter(self), theme.current()
        duty_left, points_left = self.width() - 72, self.width() - 148
        self._paint_head(painter, points_left, duty_left)
        for place, (part, points, duty, sign) in enumerate(self._rows):
            is_total = place == len(self._rows) - 1
            top = self._HEAD + place * self._ROW
            painter.setFont(theme.font("body", bold=is_total))
            painter.setPen(colours.text)
            name = painter.fontMetrics().elidedText(part, Qt.TextElideMode.ElideRight, points_left - 4)
            painter.drawText(QRect(0, top, points_left, self._ROW), _LEFT, name)
            painter.setPen(colours.change_colour(sign))
            painter.drawText(QRect(points_left, top, 72, self._ROW), _RIGHT, points)
            painter.drawText(QRect(duty_left, top, 72, self._ROW), _RIGHT, duty)
            colour = colours.line if is_total or place == len(self._rows) - 2 else colours.hairline
            painter.fillRect(QRect(0, top + self._ROW - 1, self.width(), 1), colour)

    def _paint_head(self, painter: QPainter, points_left: int, duty_left: int) -> None:
        colours = theme.current()
        painter.setPen(colours.muted)
        heads = (
            (0, points_left, "", _("Part"), _LEFT),
            (points_left, 72, _("Rate"), _("points"), _RIGHT),
            (duty_left, 72, _("Duty"), _("US$ bn"), _RIGHT),
        )
        for left, width, name, unit, flags in heads:
            painter.setFont(theme.font("caption", bold=True))
            painter.drawText(QRect(left, 0, width, 19), flags, name or "")
            painter.setFont(theme.font("caption", bold=not name))
            painter.drawText(QRect(left, 18, width, 19), flags, unit)
        painter.fillRect(QRect(0, self._HEAD - 1, self.width(), 1), colours.line)


def effect_rows(results: Results, letter: str, against: str) -> list[tuple[str, str, str, float]]:
    """Each part's change of rate in points and of duty in US$ bn, then the total."""
    from core.effect import REST, effect_by_part

    titles = {row.duty: str(row.title) for row in results.rate_rows}
    titles[REST] = _("Other goods")
    rows = [
        _effect_row(titles[part.duty], part.rate_change, part.duty_change)
        for part in effect_by_part(results, letter, against)
    ]
    here, there = results.evaluation(letter), results.evaluation(against)
    rows.append(_effect_row(_("Total"), here.average - there.average, here.duty_total - there.duty_total))
    return rows


def _effect_row(name: str, rate_change: float, duty_change: float) -> tuple[str, str, str, float]:
    duty = format_number(duty_change / 1e9, 2, plus=True)
    return name, format_rate(rate_change, 1, plus=True), duty, duty_change if duty.strip("0.") else 0.0


def uncertainty_words(results: Results, letter: str) -> str:
    """What of these numbers is inferred or assumed, and how much hangs on it."""
    from core.case import Quota
    from core.effect import inferred_value

    found = inferred_value(results.portfolio)
    sentences = []
    if found.total > 0 and found.default_use > 0:
        sentences.append(
            _("Uncertain: for {part} of the value the use of the preference is the assumed {share}.").format(
                part=format_percent(found.default_use / found.total, 1), share=format_percent(found.default_share)
            )
        )
    low, high = results.evaluation(letter).average_range
    if format_percent(low, 2) != format_percent(high, 2):
        sentences.append(
            _("The average is {low} to {high}, as none or all goods listed on a condition meet it.").format(
                low=format_percent(low, 2), high=format_percent(high, 2)
            )
        )
    for change in results.case.scenario(letter).changes:
        if isinstance(change, Quota):
            sentences.append(
                _("Assumed: {share} of the value enters within the quota.").format(
                    share=format_percent(change.share_in_quota)
                )
            )
    return " ".join(sentences)
