"""How the workbook looks: fonts, colours and number formats by role. Nothing here knows what a sheet holds."""

from __future__ import annotations

from typing import Any, Final

INK: Final = "#18212B"
MUTED: Final = "#566270"
LINE: Final = "#828E9B"
HAIRLINE: Final = "#DDE1E6"
ACCENT: Final = "#1D5B8F"
BAR: Final = "#B9CADA"
GROUP_FILL: Final = "#EAEDF1"
MODEL_FILL: Final = "#F3F4F6"
INPUT_FILL: Final = "#FFF8DF"
INPUT_INK: Final = "#1D3F73"
INPUT_EDGE: Final = "#9A7B1C"
UNCERTAIN_FILL: Final = "#FFF1CC"
UNCERTAIN_INK: Final = "#7A5200"
MORE: Final = "#A63A17"
LESS: Final = "#0B6B63"

# By letter, for the life of a scenario; a seventh scenario is grey and has its letter only.
_SCENARIOS: Final = {
    "A": ("#3D4752", "solid"),
    "B": ("#0067A5", "dash"),
    "C": ("#B84A00", "solid"),
    "D": ("#007A5A", "round_dot"),
    "E": ("#BF5F9B", "dash_dot"),
    "F": ("#4C97CC", "square_dot"),
}
_OTHER_SCENARIO: Final = (MUTED, "solid")
_PALE: Final = frozenset("EF")

INTEGER: Final = "#,##0"
ONE: Final = "#,##0.0"
TWO: Final = "#,##0.00"
CHANGE: Final = "+#,##0;\N{MINUS SIGN}#,##0;0"
CHANGE_ONE: Final = "+0.0;\N{MINUS SIGN}0.0;0.0"
RATE: Final = "0.0%"
RATE_TWO: Final = "0.00%"
RATE_CHANGE: Final = "+0.0%;\N{MINUS SIGN}0.0%;0.0%"
RATE_CHANGE_TWO: Final = "+0.00%;\N{MINUS SIGN}0.00%;0.00%"
SHARE: Final = "0.0%"
TEXT: Final = "@"
MILLIONS: Final = "#,##0,,"
CHANGE_MILLIONS: Final = "+#,##0,,;\N{MINUS SIGN}#,##0,,;0"
BILLIONS: Final = "#,##0.00,,,"
CHANGE_BILLIONS: Final = "+#,##0.00,,,;\N{MINUS SIGN}#,##0.00,,,;0.00"

FONTS: Final = {"en": "Calibri", "ko": "Malgun Gothic"}
DAYS: Final = {"en": "d mmm yyyy", "ko": "yyyy. m. d."}

_HEAD: Final = {"bold": True, "font_color": MUTED, "bottom": 1, "bottom_color": LINE, "text_wrap": True}
_INPUT: Final = {
    "bg_color": INPUT_FILL,
    "font_color": INPUT_INK,
    "border": 1,
    "border_color": INPUT_EDGE,
    "locked": False,
}
_ROW: Final = {"bottom": 1, "bottom_color": HAIRLINE}

ROLES: Final[dict[str, dict[str, Any]]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 14},
    "figure": {"bold": True, "font_size": 18},
    "heading": {"bold": True, "font_size": 11},
    "note": {"font_size": 9, "font_color": MUTED, "valign": "top"},
    "note_wrap": {"font_size": 9, "font_color": MUTED, "text_wrap": True, "valign": "top"},
    "head": {**_HEAD, "valign": "bottom"},
    "head_right": {**_HEAD, "align": "right", "valign": "bottom"},
    "cell": dict(_ROW),
    "cell_right": {**_ROW, "align": "right"},
    "wrap": {**_ROW, "text_wrap": True, "valign": "top"},
    "top": {**_ROW, "valign": "top"},
    "code": {**_ROW, "num_format": TEXT, "font_color": MUTED},
    "muted": {**_ROW, "font_color": MUTED},
    "muted_wrap": {**_ROW, "font_color": MUTED, "text_wrap": True, "valign": "top"},
    "group": {"bold": True, "bg_color": GROUP_FILL},
    "total": {"bold": True, "top": 1, "bottom": 1, "top_color": LINE, "bottom_color": LINE},
    "input": dict(_INPUT),
    "input_right": {**_INPUT, "align": "right"},
    "input_wrap": {**_INPUT, "text_wrap": True, "valign": "top"},
    "model": {**_ROW, "bg_color": MODEL_FILL},
    "uncertain": {**_ROW, "bg_color": UNCERTAIN_FILL, "font_color": UNCERTAIN_INK, "text_wrap": True, "valign": "top"},
}


def scenario_colour(letter: str) -> str:
    """The colour of a scenario's chip and line."""
    return _SCENARIOS.get(letter, _OTHER_SCENARIO)[0]


def scenario_dash(letter: str) -> str:
    """The dash of a scenario's line, in XlsxWriter's words."""
    return _SCENARIOS.get(letter, _OTHER_SCENARIO)[1]


def chip(letter: str) -> dict[str, Any]:
    """The head of a scenario's column: its colour below its letter; pale colours are for lines, not for text."""
    colour = scenario_colour(letter)
    ink = INK if letter in _PALE else colour
    return {"bottom": 5, "bottom_color": colour, "font_color": ink, "bold": True, "text_wrap": True, "align": "right"}
