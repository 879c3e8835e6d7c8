"""Small shared parts: scenario chips, notes, captions, buttons."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QIcon, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from core.case import Scenario
from gui import icons, theme


def draw_chip(painter: QPainter, rect: QRectF, letter: str) -> None:
    """The scenario's letter on its colour."""
    colours = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.scenario_colour(letter))
    painter.drawRoundedRect(rect, theme.RADIUS - 1, theme.RADIUS - 1)
    painter.setPen(colours.scenario_text(letter))
    painter.setFont(theme.font("caption", bold=True))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()


def chip_pixmap(letter: str, scale: float = 1.0) -> QPixmap:
    side = round(theme.CHIP * scale)
    made = QPixmap(QSize(side, side))
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw_chip(painter, QRectF(0, 0, theme.CHIP, theme.CHIP), letter)
    painter.end()
    return made


def chip_icon(letter: str) -> QIcon:
    made = QIcon()
    for screen in QGuiApplication.screens():
        made.addPixmap(chip_pixmap(letter, screen.devicePixelRatio()))
    return made


class Chip(QWidget):
    """A scenario's letter as a widget."""

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter = letter
        self.setFixedSize(theme.CHIP, theme.CHIP)
        self.setAccessibleName(letter)
        theme.notifier.changed.connect(self.update)

    def set_letter(self, letter: str) -> None:
        self._letter = letter
        self.setAccessibleName(letter)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_chip(QPainter(self), QRectF(self.rect()), self._letter)


class Words(QLabel):
    """Plain text in one of the theme's fonts, coloured by role and following the theme."""

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        *,
        bold: bool = False,
        muted: bool = False,
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._role, self._bold, self._muted = role, bold, muted
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        # On a page of Base colour a label would take the role Text, whatever it was given here.
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        self.setFont(theme.font(self._role, bold=self._bold))
        palette = self.palette()
        colour = theme.current().muted if self._muted else theme.current().text
        palette.setColor(palette.ColorRole.WindowText, colour)
        self.setPalette(palette)


class AmberNote(QWidget):
    """What is uncertain and why, beside the numbers it concerns."""

    _EDGE = 3

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.notifier.changed.connect(self.update)

    @property
    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        """An empty text hides the note."""
        self._text = text
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 30)

    def heightForWidth(self, width: int) -> int:
        return self._text_rect(width).height() + 2 * theme.S8

    def _text_rect(self, width: int) -> QRect:
        room = QRect(0, 0, width - self._EDGE - 2 * theme.S12, 10_000)
        flags = int(Qt.TextFlag.TextWordWrap)
        return QFontMetrics(theme.font("caption")).boundingRect(room, flags, self._text)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = theme.current(), QPainter(self)
        painter.fillRect(self.rect(), colours.uncertain_fill)
        painter.fillRect(0, 0, self._EDGE, self.height(), colours.uncertain_text)
        painter.setFont(theme.font("caption"))
        painter.setPen(colours.uncertain_text)
        room = self.rect().adjusted(self._EDGE + theme.S12, theme.S8, -theme.S12, 0)
        painter.drawText(room, int(Qt.TextFlag.TextWordWrap), self._text)


class Hairline(QFrame):
    """One pixel between blocks."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), theme.current().hairline)


class IconButton(QPushButton):
    """A button with an icon of ours beside its word."""

    def __init__(self, icon: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon = icon
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        self.setIcon(icons.icon(self._icon))


class ScenarioPicker(QComboBox):
    """A drop-down of scenarios with their chips; `activated` is the user's choice alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scenarios: tuple[Scenario, ...] = ()
        self.setIconSize(QSize(theme.CHIP, theme.CHIP))
        self.setMinimumWidth(170)
        theme.notifier.changed.connect(self._fill)

    def show_scenarios(self, scenarios: tuple[Scenario, ...], letter: str) -> None:
        """Fill and select; announces nothing."""
        self._scenarios = scenarios
        self._fill()
        self.setCurrentIndex(self.findData(letter))

    def letter(self) -> str:
        return str(self.currentData())

    def _fill(self) -> None:
        chosen = self.currentData()
        self.blockSignals(True)
        self.clear()
        for scenario in self._scenarios:
            self.addItem(chip_icon(scenario.letter), str(scenario.name), scenario.letter)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        self.blockSignals(False)


class Hatching:
    """The sign for what is suspended: oblique strokes on the ground's own colour."""

    STEP = 5

    @classmethod
    def draw(cls, painter: QPainter, rect: QRectF, *, edge: bool = True) -> None:
        colours = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(rect)
        painter.setPen(colours.accent)
        start = rect.left() - rect.height()
        while start < rect.right():
            painter.drawLine(QPointF(start, rect.bottom()), QPointF(start + rect.height(), rect.top()))
            start += cls.STEP
        if edge:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()
