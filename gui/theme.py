"""Colours by role, scenario colours, fonts and spacing: the only place that knows a colour by number."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QPen
from PySide6.QtWidgets import QApplication

from core import i18n

S4: Final = 4
S8: Final = 8
S12: Final = 12
S16: Final = 16
S24: Final = 24
S32: Final = 32
ROW_HEIGHT: Final = 26
COMPACT_ROW_HEIGHT: Final = 24
TYPED_ROW_HEIGHT: Final = 30
CONTROL_HEIGHT: Final = 28
TOOL_BAR_HEIGHT: Final = 40
TAB_BAR_HEIGHT: Final = 36
STATUS_BAR_HEIGHT: Final = 26
RADIUS: Final = 4
CHIP: Final = 18


class Mode(StrEnum):
    """What the user chose under View."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Theme:
    """One colour a role."""

    is_dark: bool
    window: QColor
    base: QColor
    alternate: QColor
    group_row: QColor
    text: QColor
    muted: QColor
    disabled: QColor
    hairline: QColor
    line: QColor
    accent: QColor
    selection: QColor
    focus: QColor
    input_fill: QColor
    more_duty: QColor
    less_duty: QColor
    uncertain_text: QColor
    uncertain_fill: QColor
    error_text: QColor
    error_fill: QColor
    done: QColor
    bar: QColor
    bar_group: QColor
    scenarios: tuple[QColor, ...]

    def scenario_colour(self, letter: str) -> QColor:
        """A to F have colours of their own; every further scenario is grey and goes by its letter."""
        place = _place(letter)
        return self.scenarios[place] if place < len(self.scenarios) else self.line

    def scenario_pen(self, letter: str, width: float = 2.4) -> QPen:
        """The line of a scenario in a chart: colour and dash, so that colour is never alone."""
        pen = QPen(self.scenario_colour(letter), width)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        dashes = _DASHES.get(letter)
        if dashes:
            pen.setDashPattern([length / width for length in dashes])
        return pen

    def scenario_text(self, letter: str) -> QColor:
        """White or near-black on a chip, whichever contrasts more."""
        colour = self.scenario_colour(letter)
        light, dark = QColor(_ON_DARK_CHIP), QColor(_ON_LIGHT_CHIP)
        return light if contrast(light, colour) >= contrast(dark, colour) else dark

    def change_colour(self, value: float) -> QColor:
        """More duty, less duty, or plain text for no change; always beside a sign."""
        if value == 0:
            return self.text
        return self.more_duty if value > 0 else self.less_duty


def _place(letter: str) -> int:
    return ord(letter) - ord("A") if len(letter) == 1 else sys.maxsize


def contrast(first: QColor, second: QColor) -> float:
    """Contrast ratio of WCAG 2, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = linear(colour.redF()), linear(colour.greenF()), linear(colour.blueF())
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# Lengths in pixels at the standard width; A and C are solid.
_DASHES: Final = {"B": (7, 4), "D": (2, 3), "E": (7, 3, 2, 3), "F": (3, 3)}
_ON_DARK_CHIP: Final = "#FFFFFF"
_ON_LIGHT_CHIP: Final = "#0B0F14"


def _colours(*names: str) -> tuple[QColor, ...]:
    return tuple(QColor(name) for name in names)


LIGHT: Final = Theme(
    is_dark=False,
    window=QColor("#F3F4F6"),
    base=QColor("#FFFFFF"),
    alternate=QColor("#F8F9FA"),
    group_row=QColor("#EAEDF1"),
    text=QColor("#18212B"),
    muted=QColor("#566270"),
    disabled=QColor("#8A939D"),
    hairline=QColor("#DDE1E6"),
    line=QColor("#828E9B"),
    accent=QColor("#1D5B8F"),
    selection=QColor("#D6E6F4"),
    focus=QColor("#1F6FB2"),
    input_fill=QColor("#FFF8DF"),
    more_duty=QColor("#A63A17"),
    less_duty=QColor("#0B6B63"),
    uncertain_text=QColor("#7A5200"),
    uncertain_fill=QColor("#FFF1CC"),
    error_text=QColor("#A61B1B"),
    error_fill=QColor("#FCE8E6"),
    done=QColor("#1C6B3F"),
    bar=QColor("#B9CADA"),
    bar_group=QColor("#1D5B8F"),
    scenarios=_colours("#3D4752", "#0067A5", "#B84A00", "#007A5A", "#BF5F9B", "#4C97CC"),
)

DARK: Final = Theme(
    is_dark=True,
    window=QColor("#1B2026"),
    base=QColor("#14181D"),
    alternate=QColor("#181D23"),
    group_row=QColor("#252C34"),
    text=QColor("#E6EAEE"),
    muted=QColor("#A3AEBA"),
    disabled=QColor("#6C7782"),
    hairline=QColor("#2E363F"),
    line=QColor("#727E8B"),
    accent=QColor("#7FB8E6"),
    selection=QColor("#1F3E5A"),
    focus=QColor("#6FB6F2"),
    input_fill=QColor("#2E2914"),
    more_duty=QColor("#F2A07F"),
    less_duty=QColor("#6CCFC4"),
    uncertain_text=QColor("#F0C468"),
    uncertain_fill=QColor("#3A2F12"),
    error_text=QColor("#FF9C94"),
    error_fill=QColor("#3D1F1D"),
    done=QColor("#7FD3A2"),
    bar=QColor("#3F5568"),
    bar_group=QColor("#7FB8E6"),
    scenarios=_colours("#CDD4DB", "#56B4E9", "#F0922B", "#2FC79B", "#C767A6", "#F5E663"),
)


class _Notifier(QObject):
    """Tells widgets that paint themselves that colours, fonts or density are others now."""

    changed = Signal()


notifier: Final = _Notifier()
_current: Theme = LIGHT
_mode: Mode = Mode.SYSTEM
_is_compact: bool = False


def current() -> Theme:
    """The theme shown now."""
    return _current


def mode() -> Mode:
    """What was asked for; the system's own scheme may decide."""
    return _mode


def row_height() -> int:
    """Height of a table row at the density chosen under View."""
    return COMPACT_ROW_HEIGHT if _is_compact else ROW_HEIGHT


def typed_row_height() -> int:
    """Height of a row whose cells are typed into."""
    return ROW_HEIGHT if _is_compact else TYPED_ROW_HEIGHT


def is_compact() -> bool:
    return _is_compact


def set_compact(compact: bool) -> None:
    """Density for the whole window."""
    global _is_compact
    if compact != _is_compact:
        _is_compact = compact
        notifier.changed.emit()


def apply(app: QApplication, mode: Mode | str = Mode.SYSTEM) -> None:
    """Style, palette and fonts for the whole program; call again after a change of theme or language."""
    global _current, _mode
    from gui.style import ParleyStyle

    if not isinstance(app.style(), ParleyStyle):
        app.setStyle(ParleyStyle())
    _mode = Mode(mode)
    _current = _wanted(_mode)
    app.setPalette(palette(_current))
    app.setFont(font("body"))
    notifier.changed.emit()


def _wanted(mode: Mode) -> Theme:
    if mode is Mode.SYSTEM:
        is_dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if is_dark else LIGHT
    return DARK if mode is Mode.DARK else LIGHT


def palette(theme: Theme) -> QPalette:
    """The one palette of a theme."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.Button: theme.window,
        role.Base: theme.base,
        role.AlternateBase: theme.alternate,
        role.ToolTipBase: theme.base,
        role.Text: theme.text,
        role.WindowText: theme.text,
        role.ButtonText: theme.text,
        role.HighlightedText: theme.text,
        role.ToolTipText: theme.text,
        role.BrightText: theme.error_text,
        role.PlaceholderText: theme.muted,
        role.Light: theme.base,
        role.Midlight: theme.group_row,
        role.Mid: theme.hairline,
        role.Dark: theme.line,
        role.Shadow: theme.line,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Highlight: theme.selection,
    }
    made = QPalette()
    for each, colour in colours.items():
        made.setColor(each, colour)
    for each in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, each, theme.disabled)
    return made


# Sizes as ratios of the body size.
_ROLES: Final = {"figure": 1.7, "title": 1.38, "heading": 1.08, "body": 1.0, "caption": 0.92}
_BOLD_ROLES: Final = frozenset({"figure", "title", "heading"})
_LATIN: Final = {"win32": ["Segoe UI"], "darwin": []}
_KOREAN: Final = {"win32": ["Malgun Gothic"], "darwin": ["Apple SD Gothic Neo"]}


def families(language: str, platform: str = sys.platform) -> list[str]:
    """Font families in order; in Korean the Korean one leads, so that digits and Hangul share one baseline."""
    latin = _LATIN.get(platform, ["Inter", "Noto Sans"])
    if platform == "darwin":
        latin = [QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()]
    korean = _KOREAN.get(platform, ["Noto Sans CJK KR"])
    return [*korean, *latin] if language == "ko" else [*latin, *korean]


def body_points() -> float:
    """The system's own size where it has one that is meant for reading."""
    usual = {"win32": 9.0, "darwin": 13.0}.get(sys.platform, 10.0)
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return usual
    found = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF()
    return found if found >= usual else usual


def font(role: str = "body", bold: bool = False) -> QFont:
    """role: figure, title, heading, body or caption. Tabular figures; 600 where bold."""
    return QFont(_font(role, bold, i18n.language(), body_points()))


@cache
def _font(role: str, bold: bool, language: str, points: float) -> QFont:
    made = QFont()
    made.setFamilies(families(language))
    made.setPointSizeF(points * _ROLES[role])
    made.setWeight(QFont.Weight.DemiBold if bold or role in _BOLD_ROLES else QFont.Weight.Normal)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
