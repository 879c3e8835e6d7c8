"""The delegation's own figures where results are shown: flagged everywhere, and nowhere for a wider circle."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from functools import cache

import pytest

from core import edits
from core.audience import Audience, redact
from core.briefing import briefing_bytes
from core.case import Case, TradeOverride
from core.casefile import default_case
from core.engine import evaluate
from core.exposure import By, Doubt, Gathering, exposure_list
from core.reference.pack import Pack, load_pack
from core.results import Results
from core.tariff.line_trace import explain_line

SOURCE = "Marker-KITA-0417"
CODE = "8703230190"
VALUE = Decimal("7777777771")


def own_case() -> Case:
    return edits.set_trade(default_case(), (TradeOverride(CODE, VALUE, 2025, SOURCE),))


@cache
def results() -> Results:
    return evaluate(own_case(), load_pack())


@cache
def texts(audience: Audience) -> str:
    """All that the workbook's parts hold."""
    data = briefing_bytes(own_case(), results(), load_pack(), audience=audience)
    archive = zipfile.ZipFile(io.BytesIO(data))
    return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_lines_are_flagged(pack: Pack) -> None:
    assert results().portfolio.own.sources == (SOURCE,)
    rows = exposure_list(results(), Gathering.NOTHING, By.STATISTICAL_LINE)
    flagged = [code for code, doubt in zip(rows.codes, rows.doubt.tolist(), strict=True) if doubt & Doubt.OWN_VALUE]
    assert flagged == [CODE]


def test_the_trace_says_whose_value_it_is(pack: Pack) -> None:
    trace = explain_line(results(), pack, CODE, "A")
    assert trace.value == float(VALUE)
    assert any(SOURCE in text and "19,335,323" in text for text in trace.warnings), "with the pack's value beside it"


@pytest.mark.parametrize("audience", [Audience.INTERNAL, Audience.DELEGATION])
def test_the_own_side_sees_figure_and_source(audience: Audience) -> None:
    assert SOURCE in texts(audience)
    assert str(VALUE) in texts(audience)


def test_others_see_neither() -> None:
    """Not in a cell, a cached value, a sum: the figures of a shareable workbook are those of the pack alone."""
    shared = texts(Audience.SHAREABLE)
    assert SOURCE not in shared
    assert str(VALUE) not in shared
    assert "own figure" not in shared
    whole = results().portfolio.value.sum()
    assert f"{whole / 1e9:.2f}" not in shared
    pack_alone = evaluate(default_case(), load_pack()).portfolio.value.sum()
    assert f"{pack_alone / 1e9:.2f}" in shared


def test_every_field_is_internal() -> None:
    assert redact(own_case(), Audience.SHAREABLE).trade == ()
    assert redact(own_case(), Audience.INTERNAL).trade == own_case().trade
