"""The step chart of the average rates, in the scenarios' colours and dashes."""

from __future__ import annotations

from datetime import date
from typing import Final

from core.briefing import look
from core.briefing.plan import Brief
from core.briefing.states_table import LETTER, TITLE
from core.briefing.writer import Sheet
from core.i18n import _

_WIDE: Final = 700  # pixels: below, the names go under the chart and the axis has half the marks


def insert_steps(brief: Brief, sheet: Sheet, row: int, column: int, *, width: int, height: int) -> None:
    """The chart at a cell; width and height in pixels."""
    model = brief.model
    where, first, last = brief.places.chart
    chart = brief.book.step_chart()
    for place, scenario in enumerate(model.scenarios):
        chart.add_series(
            {
                "name": f"{scenario.letter} {scenario.name}",
                "categories": [where, first, TITLE, last, TITLE],
                "values": [where, first, LETTER + place, last, LETTER + place],
                "line": {
                    "color": look.scenario_colour(scenario.letter),
                    "width": 2.25,
                    "dash_type": look.scenario_dash(scenario.letter),
                },
                "marker": {"type": "none"},
            }
        )
    font = {"name": brief.book.font, "size": 9, "color": look.MUTED}
    chart.set_title(
        {
            "name": _("Average rate on all goods by day of entry, %"),
            "name_font": {"name": brief.book.font, "size": 10, "bold": True, "color": look.INK},
            "overlay": False,
        }
    )
    days = [view.on for view in model.views]
    chart.set_x_axis(
        {
            "num_font": font,
            "num_format": "d mmm" if brief.book.font == look.FONTS["en"] else "m. d.",
            "min": _serial(days[0]),
            "max": max(_serial(model.window.last), _serial(days[-1]) + 30),
            "major_unit": 30.5 if width >= _WIDE else 61,
            "line": {"color": look.LINE},
            "major_gridlines": {"visible": False},
        }
    )
    chart.set_y_axis(
        {
            "num_font": font,
            "num_format": "0%",
            "min": 0,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": look.HAIRLINE, "width": 0.75}},
        }
    )
    chart.set_legend({"position": "right" if width >= _WIDE else "bottom", "font": font})
    chart.set_chartarea({"border": {"none": True}})
    chart.set_size({"width": width, "height": height})
    sheet.raw.insert_chart(row, column, chart, {"object_position": 1, "description": _("Average rate by day of entry")})


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days
