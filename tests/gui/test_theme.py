"""Colours: contrast as the accessibility guidelines ask, and one place that knows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import gui
from gui import theme
from gui.style import ParleyStyle

THEMES = [theme.LIGHT, theme.DARK]
SOURCES = sorted(Path(gui.__file__).parent.rglob("*.py"))
# WCAG 2.1: 4.5 for text, 3 for the edges of controls and for graphics.
TEXT, GRAPHIC = 4.5, 3.0


@pytest.mark.parametrize("colours", THEMES, ids=["light", "dark"])
def test_text_has_contrast_on_every_ground(colours: theme.Theme) -> None:
    for ground in (colours.window, colours.base, colours.alternate):
        for text in (colours.text, colours.muted, colours.more_duty, colours.less_duty, colours.accent):
            assert theme.contrast(text, ground) >= TEXT
    for ground in (colours.group_row, colours.selection, colours.input_fill):
        assert theme.contrast(colours.text, ground) >= TEXT
    assert theme.contrast(colours.uncertain_text, colours.uncertain_fill) >= TEXT
    assert theme.contrast(colours.error_text, colours.error_fill) >= TEXT


@pytest.mark.parametrize("colours", THEMES, ids=["light", "dark"])
def test_edges_and_scenarios_can_be_seen(colours: theme.Theme) -> None:
    for colour in (colours.line, colours.focus, *(colours.scenario_colour(letter) for letter in "ABCDEF")):
        assert theme.contrast(colour, colours.base) >= GRAPHIC
    for letter in "ABCDEFG":
        assert theme.contrast(colours.scenario_text(letter), colours.scenario_colour(letter)) >= 3.9


def test_scenarios_differ_by_dash_as_well_as_by_colour() -> None:
    """Colour is never alone: A and C are solid, all others have a dash of their own."""
    dashes = [tuple(theme.LIGHT.scenario_pen(letter).dashPattern()) for letter in "BDEF"]
    assert len(set(dashes)) == 4
    assert all(dashes)


def test_only_the_theme_knows_a_colour_by_number() -> None:
    found = [
        path.name
        for path in SOURCES
        if path.name != "theme.py" and re.search(r"#[0-9A-Fa-f]{6}\b", path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_applying_a_theme_changes_palette_style_and_font(qapp: QApplication, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.notifier.changed):
        theme.apply(qapp, theme.Mode.DARK)
    assert theme.current() is theme.DARK
    assert qapp.palette().color(QPalette.ColorRole.Base) == theme.DARK.base
    assert isinstance(qapp.style(), ParleyStyle)
    theme.apply(qapp, theme.Mode.LIGHT)
    assert theme.current() is theme.LIGHT


def test_figures_are_tabular(qapp: QApplication) -> None:
    assert QFont.Tag("tnum") in theme.font("body").featureTags()


def test_the_korean_family_leads_in_korean() -> None:
    assert theme.families("ko", "linux")[0] == "Noto Sans CJK KR"
    assert theme.families("en", "linux")[0] == "Inter"
    assert theme.families("ko", "win32") == ["Malgun Gothic", "Segoe UI"]
