"""Fusion with our edges: flat controls, one focus ring, hairlines. Every colour comes from the theme."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QStyleOptionMenuItem,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QStyleOptionTab,
    QWidget,
)

from gui import theme

_State = QStyle.StateFlag
_Primitive = QStyle.PrimitiveElement
_Control = QStyle.ControlElement
_Complex = QStyle.ComplexControl
_Sub = QStyle.SubControl
_Contents = QStyle.ContentsType

_TAB_PADDING = 16
_TICK = ((0.25, 0.5), (0.43, 0.7), (0.76, 0.3))  # of the box


def draw_frame(painter: QPainter, rect: QRect, fill: QColor, edge: QColor, width: float = 1.0) -> None:
    """A rounded control edge, drawn inside the rectangle."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, width))
    painter.setBrush(fill)
    inset = width / 2
    painter.drawRoundedRect(QRectF(rect).adjusted(inset, inset, -inset, -inset), theme.RADIUS, theme.RADIUS)
    painter.restore()


def draw_focus_ring(painter: QPainter, rect: QRect) -> None:
    """The ring of whatever has the keyboard: 2 px inside the edge."""
    draw_frame(painter, rect, QColor(Qt.GlobalColor.transparent), theme.current().focus, 2.0)


def draw_chevron(painter: QPainter, centre: QPointF, colour: QColor, *, points_right: bool = False) -> None:
    """The open-arrow of drop-downs and of rows that open."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, 1.4)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    steps = ((-2, -4), (2, 0), (-2, 4)) if points_right else ((-4, -2), (0, 2), (4, -2))
    painter.drawPolyline(QPolygonF([centre + QPointF(x, y) for x, y in steps]))
    painter.restore()


def _has(option: QStyleOption, flag: QStyle.StateFlag) -> bool:
    return bool(option.state & flag)


class ParleyStyle(QProxyStyle):
    """Paints frames, tabs, bars and scroll bars; leaves the rest to Fusion.

    pixelMetric and styleHint are left alone on purpose: Qt asks for them so often that overriding both in Python
    cost 60 ms of start-up (400 against 340 ms to the first paint).
    """

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == _Primitive.PE_PanelButtonCommand:
            _draw_button(option, painter)
        elif element == _Primitive.PE_PanelButtonTool:
            _draw_tool_button(option, painter)
        elif element == _Primitive.PE_PanelLineEdit:
            _draw_line_edit(option, painter)
        elif element == _Primitive.PE_PanelScrollAreaCorner:
            painter.fillRect(option.rect, theme.current().base)
        elif element in (_Primitive.PE_Frame, _Primitive.PE_FrameLineEdit):
            _draw_text_frame(option, painter)
        elif element == _Primitive.PE_IndicatorCheckBox:
            _draw_check_box(option, painter)
        elif element == _Primitive.PE_IndicatorRadioButton:
            _draw_radio_button(option, painter)
        elif element == _Primitive.PE_FrameFocusRect:
            draw_focus_ring(painter, option.rect)
        elif element == _Primitive.PE_PanelStatusBar:
            painter.fillRect(option.rect, theme.current().window)
            painter.setPen(theme.current().hairline)
            painter.drawLine(option.rect.topLeft(), option.rect.topRight())
        elif element not in _LEFT_OUT:
            super().drawPrimitive(element, option, painter, widget)

    def drawControl(
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if element == _Control.CE_TabBarTabShape:
            _draw_tab(option, painter)
        elif element == _Control.CE_TabBarTabLabel and isinstance(option, QStyleOptionTab):
            _draw_tab_label(option, painter)
        elif element == _Control.CE_ToolBar:
            painter.fillRect(option.rect, theme.current().window)
        elif element == _Control.CE_Splitter:
            _draw_splitter(option, painter)
        elif element == _Control.CE_MenuBarItem and isinstance(option, QStyleOptionMenuItem):
            _draw_menu_bar_item(option, painter)
        elif element == _Control.CE_ProgressBarGroove:
            draw_frame(painter, option.rect, theme.current().base, theme.current().line)
        elif element == _Control.CE_ProgressBarContents and isinstance(option, QStyleOptionProgressBar):
            _draw_progress(option, painter)
        elif element == _Control.CE_PushButtonLabel and isinstance(option, QStyleOptionButton):
            _draw_button_label(option, painter)
        elif element == _Control.CE_ComboBoxLabel and isinstance(option, QStyleOptionComboBox):
            _draw_combo_label(option, painter)
        elif element == _Control.CE_MenuBarEmptyArea:
            painter.fillRect(option.rect, theme.current().window)
        else:
            super().drawControl(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control == _Complex.CC_ComboBox and isinstance(option, QStyleOptionComboBox):
            _draw_combo(option, painter)
        elif control == _Complex.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            self._draw_scroll_bar(option, painter, widget)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        if control == _Complex.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return self._scroll_bar_part(option, part)
        if control == _Complex.CC_ComboBox and part == _Sub.SC_ComboBoxEditField:
            return option.rect.adjusted(theme.S8, 2, -28, -2)
        return super().subControlRect(control, option, part, widget)

    def subElementRect(self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None) -> QRect:
        if element == QStyle.SubElement.SE_LineEditContents and isinstance(option, QStyleOptionFrame):
            side = theme.S8 - 2 if option.lineWidth > 0 else 0
            return option.rect.adjusted(side, 1, -side, -1)
        return super().subElementRect(element, option, widget)

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption | None,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        found = super().sizeFromContents(kind, option, size, widget)
        if kind in (_Contents.CT_PushButton, _Contents.CT_ComboBox, _Contents.CT_LineEdit):
            found.setHeight(theme.CONTROL_HEIGHT)
            if kind == _Contents.CT_PushButton:
                found.setWidth(max(found.width(), size.width() + 2 * theme.S12 + theme.S4))
            elif kind == _Contents.CT_ComboBox:
                found.setWidth(size.width() + 28 + 2 * theme.S8)
        elif kind == _Contents.CT_TabBarTab and isinstance(option, QStyleOptionTab):
            found = QSize(_tab_width(option), theme.TAB_BAR_HEIGHT)
        elif kind == _Contents.CT_MenuItem:
            found.setHeight(max(found.height(), theme.ROW_HEIGHT))
        elif kind == _Contents.CT_MenuBarItem:
            found.setHeight(theme.CONTROL_HEIGHT)
        return found

    # Scroll bars: a thumb without arrows

    def _scroll_bar_part(self, option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
        rect = option.rect
        is_flat = option.orientation == Qt.Orientation.Horizontal
        length = rect.width() if is_flat else rect.height()
        span = option.maximum - option.minimum
        thumb = length if span <= 0 else max(24, length * option.pageStep // (span + max(1, option.pageStep)))
        start = QStyle.sliderPositionFromValue(
            option.minimum, option.maximum, option.sliderPosition, length - thumb, option.upsideDown
        )
        if part == _Sub.SC_ScrollBarGroove:
            return rect
        bounds = {
            _Sub.SC_ScrollBarSlider: (start, thumb),
            _Sub.SC_ScrollBarSubPage: (0, start),
            _Sub.SC_ScrollBarAddPage: (start + thumb, length - start - thumb),
        }.get(part, (0, 0))
        if is_flat:
            return QRect(rect.x() + bounds[0], rect.y(), bounds[1], rect.height())
        return QRect(rect.x(), rect.y() + bounds[0], rect.width(), bounds[1])

    def _draw_scroll_bar(self, option: QStyleOptionSlider, painter: QPainter, widget: QWidget | None) -> None:
        colours = theme.current()
        painter.fillRect(option.rect, colours.base)
        thumb = self._scroll_bar_part(option, _Sub.SC_ScrollBarSlider)
        is_held = _has(option, _State.State_Sunken) or _has(option, _State.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.line if is_held else colours.bar)
        painter.drawRoundedRect(QRectF(thumb).adjusted(2, 2, -2, -2), theme.RADIUS, theme.RADIUS)
        painter.restore()


# Frames and shades that Fusion would draw and the look does without.
_LEFT_OUT = frozenset(
    {
        _Primitive.PE_FrameStatusBarItem,
        _Primitive.PE_FrameTabBarBase,
        _Primitive.PE_FrameTabWidget,
        _Primitive.PE_PanelMenuBar,
        _Primitive.PE_FrameButtonBevel,
    }
)


def _draw_button(option: QStyleOption, painter: QPainter) -> None:
    colours = theme.current()
    fill, edge = colours.base, colours.line
    if not _has(option, _State.State_Enabled):
        fill, edge = colours.window, colours.hairline
    elif _has(option, _State.State_Sunken) or _has(option, _State.State_On):
        fill = colours.selection
    elif _has(option, _State.State_MouseOver):
        fill = colours.group_row
    draw_frame(painter, option.rect, fill, edge)


def _draw_tool_button(option: QStyleOption, painter: QPainter) -> None:
    colours = theme.current()
    if _has(option, _State.State_Sunken) or _has(option, _State.State_On):
        draw_frame(painter, option.rect, colours.selection, colours.selection)
    elif _has(option, _State.State_MouseOver) and _has(option, _State.State_Enabled):
        draw_frame(painter, option.rect, colours.group_row, colours.group_row)


def _indicator_colours(option: QStyleOption) -> tuple[QColor, QColor]:
    """Edge and mark of a check box or radio button: Fusion's edge cannot be seen on the dark window."""
    now, enabled = theme.current(), _has(option, _State.State_Enabled)
    return (now.line, now.accent) if enabled else (now.hairline, now.disabled)


def _draw_check_box(option: QStyleOption, painter: QPainter) -> None:
    edge, mark = _indicator_colours(option)
    draw_frame(painter, option.rect, theme.current().base, edge)
    if not _has(option, _State.State_On):
        return
    box = QRectF(option.rect)
    points = [QPointF(box.x() + box.width() * x, box.y() + box.height() * y) for x, y in _TICK]
    pen = QPen(mark, 2.0)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF(points))
    painter.restore()


def _draw_radio_button(option: QStyleOption, painter: QPainter) -> None:
    edge, mark = _indicator_colours(option)
    ring = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(edge)
    painter.setBrush(theme.current().base)
    painter.drawEllipse(ring)
    if _has(option, _State.State_On):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mark)
        painter.drawEllipse(ring.center(), ring.width() / 4, ring.height() / 4)
    painter.restore()


def _draw_line_edit(option: QStyleOption, painter: QPainter) -> None:
    colours = theme.current()
    if isinstance(option, QStyleOptionFrame) and option.lineWidth <= 0:
        return
    is_editable = _has(option, _State.State_Enabled) and not _has(option, _State.State_ReadOnly)
    fill = option.palette.base().color() if is_editable else colours.window
    edge = colours.line if _has(option, _State.State_Enabled) else colours.hairline
    draw_frame(painter, option.rect, fill, edge)
    if _has(option, _State.State_HasFocus):
        draw_focus_ring(painter, option.rect)


def _draw_text_frame(option: QStyleOption, painter: QPainter) -> None:
    """The edge of a field of several lines; what is inside paints its own ground."""
    if _has(option, _State.State_HasFocus):
        draw_focus_ring(painter, option.rect)
    else:
        draw_frame(painter, option.rect, QColor(Qt.GlobalColor.transparent), theme.current().line)


def _draw_combo(option: QStyleOptionComboBox, painter: QPainter) -> None:
    colours = theme.current()
    is_enabled = _has(option, _State.State_Enabled)
    draw_frame(
        painter,
        option.rect,
        colours.base if is_enabled else colours.window,
        colours.line if is_enabled else colours.hairline,
    )
    if _has(option, _State.State_HasFocus):
        draw_focus_ring(painter, option.rect)
    centre = QPointF(option.rect.right() - 13, option.rect.center().y() + 0.5)
    draw_chevron(painter, centre, colours.text if is_enabled else colours.disabled)


def _draw_label(painter: QPainter, rect: QRect, icon: QIcon, side: int, text: str, colour: QColor) -> None:
    """Icon and words, 8 apart, from the left of the rectangle."""
    flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextHideMnemonic)
    left = rect.left()
    if not icon.isNull():
        icon.paint(painter, QRect(left, rect.center().y() - side // 2 + 1, side, side))
        left += side + theme.S8
    painter.setPen(colour)
    painter.drawText(QRect(left, rect.top(), rect.right() - left + 1, rect.height()), flags, text)


def _draw_button_label(option: QStyleOptionButton, painter: QPainter) -> None:
    """Centred; a button with a menu has its chevron at the right."""
    colours = theme.current()
    is_enabled = _has(option, _State.State_Enabled)
    colour = colours.text if is_enabled else colours.disabled
    has_menu = bool(option.features & QStyleOptionButton.ButtonFeature.HasMenu)
    width = QFontMetrics(painter.font()).horizontalAdvance(option.text.replace("&", ""))
    side = 0 if option.icon.isNull() else option.iconSize.width()
    whole = width + (side + theme.S8 if side else 0)
    room = option.rect.adjusted(0, 0, -20 if has_menu else 0, 0)
    start = QRect(room.left() + max(0, (room.width() - whole) // 2), room.top(), whole + 2, room.height())
    painter.save()
    painter.setOpacity(1.0 if is_enabled else 0.6)
    _draw_label(painter, start, option.icon, side, option.text, colour)
    painter.restore()
    if has_menu:
        draw_chevron(painter, QPointF(option.rect.right() - 13, option.rect.center().y() + 0.5), colour)


def _draw_combo_label(option: QStyleOptionComboBox, painter: QPainter) -> None:
    if option.editable:
        return
    colours = theme.current()
    colour = colours.text if _has(option, _State.State_Enabled) else colours.disabled
    room = option.rect.adjusted(theme.S8, 0, -28, 0)
    side = 0 if option.currentIcon.isNull() else option.iconSize.width()
    left = side + theme.S8 if side else 0
    text = QFontMetrics(painter.font()).elidedText(option.currentText, Qt.TextElideMode.ElideRight, room.width() - left)
    _draw_label(painter, room, option.currentIcon, side, text, colour)


def _tab_width(option: QStyleOptionTab) -> int:
    """Room for the text in 600, so that choosing a tab moves nothing."""
    text = QFontMetrics(theme.font("body", bold=True)).horizontalAdvance(option.text.replace("&", ""))
    return text + 2 * _TAB_PADDING


def _draw_tab(option: QStyleOption, painter: QPainter) -> None:
    colours, rect = theme.current(), option.rect
    if not _has(option, _State.State_Selected):
        if _has(option, _State.State_MouseOver):
            painter.fillRect(rect.adjusted(0, 4, 0, -1), colours.group_row)
        return
    painter.fillRect(rect, colours.base)
    painter.setPen(colours.hairline)
    painter.drawLine(rect.topLeft(), rect.bottomLeft())
    painter.drawLine(rect.topRight(), rect.bottomRight())
    painter.fillRect(rect.x(), rect.y(), rect.width(), 2, colours.accent)


def _draw_tab_label(option: QStyleOptionTab, painter: QPainter) -> None:
    is_current = _has(option, _State.State_Selected)
    colours = theme.current()
    painter.save()
    painter.setFont(theme.font("body", bold=is_current))
    painter.setPen(colours.text if is_current else colours.muted)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextHideMnemonic
    painter.drawText(option.rect, int(flags), option.text)
    painter.restore()
    if _has(option, _State.State_HasFocus):
        draw_focus_ring(painter, option.rect.adjusted(2, 4, -2, -2))


def _draw_progress(option: QStyleOptionProgressBar, painter: QPainter) -> None:
    span = max(1, option.maximum - option.minimum)
    done = option.rect.adjusted(1, 1, -1, -1)
    done.setWidth(round(done.width() * (option.progress - option.minimum) / span))
    if done.width() > 0:
        painter.fillRect(done, theme.current().accent)


def _draw_splitter(option: QStyleOption, painter: QPainter) -> None:
    """A hairline in the middle of the area that can be dragged."""
    rect = option.rect
    painter.fillRect(rect, theme.current().base)
    painter.setPen(theme.current().hairline)
    if _has(option, _State.State_Horizontal):
        painter.drawLine(rect.center().x(), rect.top(), rect.center().x(), rect.bottom())
    else:
        painter.drawLine(rect.left(), rect.center().y(), rect.right(), rect.center().y())


def _draw_menu_bar_item(option: QStyleOptionMenuItem, painter: QPainter) -> None:
    colours = theme.current()
    painter.fillRect(option.rect, colours.window)
    if _has(option, _State.State_Selected):
        draw_frame(painter, option.rect.adjusted(0, 2, 0, -2), colours.group_row, colours.group_row)
    painter.setPen(colours.text if _has(option, _State.State_Enabled) else colours.disabled)
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextHideMnemonic
    painter.drawText(option.rect, int(flags), option.text)
