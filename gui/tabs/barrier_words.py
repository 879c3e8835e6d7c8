"""The words for where a barrier stands, and the picture of each state as an icon."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from core.case import BarrierState
from core.i18n import N_, _
from gui.cell_painting import draw_state

ICON_SIZE: Final = 16
_WORDS: Final = {
    BarrierState.NOT_RAISED: N_("Not raised"),
    BarrierState.RAISED: N_("Raised"),
    BarrierState.EXPLAINED: N_("Explained"),
    BarrierState.UNDER_DISCUSSION: N_("Under discussion"),
    BarrierState.CONDITIONAL_OFFER: N_("Conditional offer"),
    BarrierState.AGREED_IN_PRINCIPLE: N_("Agreed in principle"),
    BarrierState.AGREED: N_("Agreed"),
    BarrierState.CLOSED: N_("Closed"),
    BarrierState.REFUSED: N_("Not opened"),
}


def state_words(state: str) -> str:
    """The name of a state."""
    return _(_WORDS[BarrierState(state)])


def state_icon(state: BarrierState) -> QIcon:
    """The shape of a state, sharp at usual scales."""
    icon = QIcon()
    for scale in (1.0, 1.5, 2.0):
        side = round(ICON_SIZE * scale)
        picture = QPixmap(side, side)
        picture.setDevicePixelRatio(scale)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        draw_state(painter, QRectF(0.5, 0.5, ICON_SIZE - 1, ICON_SIZE - 1), state)
        painter.end()
        icon.addPixmap(picture)
    return icon
