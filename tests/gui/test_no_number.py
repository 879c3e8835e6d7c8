"""A partner on whose goods the pack has no number for some time, or at no time: the tabs still paint."""

from __future__ import annotations

import copy
import math
from datetime import date

import msgspec
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.casefile import default_case
from core.reference.law import Gap, Law
from core.text import LocalText
from gui import theme
from gui.session import Session
from gui.tabs.exposure import ExposureTab
from gui.tabs.rates import RatesTab, step_data
from tests.gui.cases import pack


@pytest.mark.parametrize(("start", "end"), [(date(2025, 1, 1), None), (date(2025, 8, 20), date(2025, 10, 1))])
def test_goods_without_a_number(qapp: QApplication, qtbot: QtBot, start: date, end: date | None) -> None:
    theme.apply(qapp, theme.Mode.LIGHT)
    gap = Gap("ours", ("",), start, "EO-14257", LocalText("not read"), partners=("VN",), end=end)
    found, law = copy.copy(pack()), pack().law
    file = msgspec.structs.replace(law.file, gaps=(*law.file.gaps, gap))
    vars(found)["law"] = Law(file, law.instruments, law.changes, law.lists)
    case = msgspec.structs.replace(default_case(), partner="VN", as_of=date(2025, 9, 15), known_to=date(2025, 12, 1))
    session = Session(case, found)
    with qtbot.waitSignal(session.results_changed):
        session.start()
    assert session.results is not None
    value = step_data(session.results).lines[0].at(case.as_of)
    assert math.isnan(value)
    rates, exposure = RatesTab(session, None), ExposureTab(session, None)
    for tab in (rates, exposure):
        qtbot.addWidget(tab)
        tab.resize(1440, 860)
        with qtbot.waitExposed(tab):
            tab.show()
        assert not tab.grab().isNull()
    qtbot.waitUntil(lambda: exposure.table.model.rowCount() > 0 and not exposure.is_working)
    assert not exposure.grab().isNull()
    session.close()
