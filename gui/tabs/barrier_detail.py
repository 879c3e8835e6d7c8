"""The right pane of the barrier checklist: all that is known of one barrier, and what the delegation holds on it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from core import i18n
from core.case import BarrierRecord, BarrierState
from core.i18n import _
from core.quantities import format_date
from core.reference.barriers import Barrier
from gui import icons, theme
from gui.tabs.barrier_words import ICON_SIZE, state_icon, state_words
from gui.tabs.pieces import SidePage, Tag, hairline, label
from gui.widgets import AmberNote

LEAST_WIDTH: Final = 320
_BARE_KEYS: Final = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


def is_foreign_shortcut(event: QEvent) -> bool:
    """Whether a key with Ctrl is about to act somewhere else than in the field."""
    if event.type() is not QEvent.Type.ShortcutOverride or event.isAccepted():
        return False
    control = Qt.KeyboardModifier.ControlModifier
    return isinstance(event, QKeyEvent) and bool(event.modifiers() & control) and event.key() not in _BARE_KEYS


class LineField(QLineEdit):
    """A line that is handed over before a shortcut acts, and otherwise as every line: Enter or focus gone."""

    def event(self, event: QEvent) -> bool:
        taken = super().event(event)
        if is_foreign_shortcut(event):
            self.editingFinished.emit()
        return taken


class TextField(QPlainTextEdit):
    """Text that is handed over when the keyboard leaves it or with Ctrl+Enter; Esc takes the typing back."""

    committed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._stored = ""
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().setDocumentMargin(5)
        self.setFrameStyle(QFrame.Shape.Box | QFrame.Shadow.Plain)
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self.textChanged.connect(self._fit)
        self._fit()
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        """The edge: the colour of a control's, or of the focus ring."""
        palette = self.palette()
        colour = theme.current().focus if self.hasFocus() else theme.current().line
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.setPalette(palette)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._dress()

    def show_stored(self, text: str) -> None:
        """What the case holds; text being typed is left alone unless the case changed it."""
        if text != self._stored or not self.hasFocus():
            self._stored = text
            if self.toPlainText() != text:
                self.setPlainText(text)

    def commit(self) -> None:
        """Hand over what was typed, if it differs from what the case holds."""
        typed = self.toPlainText().strip()
        if typed != self._stored:
            self._stored = typed
            self.committed.emit(typed)

    def _fit(self) -> None:
        lines = max(2, min(8, int(self.document().size().height())))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 14)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._dress()
        self.commit()

    def event(self, event: QEvent) -> bool:
        """Before a shortcut such as Save acts, what was typed becomes part of the case."""
        taken = super().event(event)
        if is_foreign_shortcut(event):
            self.commit()
        return taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.commit()
        elif event.key() == Qt.Key.Key_Escape:
            self.setPlainText(self._stored)
        else:
            super().keyPressEvent(event)


class BarrierDetail(QScrollArea):
    """Built once, filled for each barrier. `edited` carries the barrier's id, the field's name and its new value."""

    edited = Signal(str, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.barrier_id = ""
        self._record = BarrierRecord(barrier="")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumWidth(LEAST_WIDTH)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("The barrier chosen"))
        self._page = SidePage()
        self._page.setAutoFillBackground(True)
        self._page.setBackgroundRole(QPalette.ColorRole.Base)
        self._box = QVBoxLayout(self._page)
        self._box.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S16)
        self._box.setSpacing(theme.S4)
        self.setWidget(self._page)
        self._captions: list[QLabel] = []
        self._build()
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        return QSize(344, 640)

    # Building

    def _build(self) -> None:
        self.where = self._caption("")
        self.title = label("", "title")
        self._box.addWidget(self.where)
        self._box.addWidget(self.title)
        self._box.addLayout(self._state_line())
        self.asks = self._fact(_("What is asked"))
        self.is_about = self._fact(_("What it is"))
        self.rule = self._fact(_("Rule and lead"))
        self.position = self._text(_("Our position, internal"), "position")
        self.fall_back = self._text(_("Fall-back, delegation only"), "fall_back", locked=True)
        self.red_line = self._text(_("Red line, delegation only"), "red_line", locked=True)
        self._build_owner()
        self.since = self._fact(_("Raised in the yearly report since"))
        self.effect = self._fact(_("Cost and effect"))
        self.history = self._fact(_("Where it stands"))
        self.sources = self._fact(_("Sources"))
        self.note = AmberNote()
        self._box.addSpacing(theme.S8)
        self._box.addWidget(self.note)
        self._box.addStretch(1)

    def _caption(self, text: str) -> QLabel:
        shown = label(text, "caption", muted=True)
        self._captions.append(shown)
        return shown

    def _state_line(self) -> QHBoxLayout:
        self.state = QComboBox()
        self.state.setAccessibleName(_("State"))
        self.state.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
        for state in BarrierState:
            self.state.addItem(state_words(state), state.value)
        self.state.activated.connect(self._on_state_chosen)
        self.tag = Tag()
        row = QHBoxLayout()
        row.setSpacing(theme.S8)
        row.setContentsMargins(0, theme.S4, 0, theme.S4)
        row.addWidget(self.state)
        row.addWidget(self.tag)
        row.addStretch(1)
        return row

    def _fact(self, head: str) -> QLabel:
        """A caption and words below it that are only read."""
        self._box.addSpacing(theme.S4)
        self._box.addWidget(hairline())
        self._box.addSpacing(theme.S4)
        self._box.addWidget(self._caption(head))
        shown = label("")
        self._box.addWidget(shown)
        return shown

    def _text(self, head: str, field: str, *, locked: bool = False) -> TextField:
        """A caption and text that the delegation writes; a lock where the circle is narrow."""
        self._box.addSpacing(theme.S4)
        self._box.addWidget(hairline())
        self._box.addSpacing(theme.S4)
        row = QHBoxLayout()
        row.setSpacing(theme.S4)
        if locked:
            row.addWidget(_Lock())
        row.addWidget(self._caption(head), 1)
        self._box.addLayout(row)
        written = TextField(head)
        written.committed.connect(lambda text: self._commit_text(field, text))
        self._box.addWidget(written)
        return written

    def _build_owner(self) -> None:
        self._box.addSpacing(theme.S8)
        self.owner = LineField()
        self.owner.setAccessibleName(_("Owner"))
        self.owner.setPlaceholderText(_("Who answers for it in the delegation"))
        self.owner.editingFinished.connect(self._on_owner_typed)
        self.illustrative = QCheckBox(_("These entries are examples"))
        self.illustrative.clicked.connect(lambda ticked: self._edit("illustrative", bool(ticked)))
        self._box.addWidget(self._caption(_("Owner, internal")))
        self._box.addWidget(self.owner)
        self._box.addSpacing(theme.S4)
        self._box.addWidget(self.illustrative)

    def _dress(self) -> None:
        for caption in self._captions:
            palette = caption.palette()
            palette.setColor(QPalette.ColorRole.WindowText, theme.current().muted)
            caption.setPalette(palette)
            caption.setFont(theme.font("caption"))
        for place, state in enumerate(BarrierState):
            self.state.setItemIcon(place, state_icon(state))

    # Filling: never an edit

    def show_barrier(self, barrier: Barrier | None, record: BarrierRecord, area: str, standing: str) -> None:
        """Fill every field. What was being typed about another barrier is handed over first."""
        if barrier is None or barrier.id != self.barrier_id:
            self.flush()
        self._page.setVisible(barrier is not None)
        self.barrier_id = barrier.id if barrier is not None else ""
        self._record = record
        if barrier is not None:
            self._fill_facts(barrier, area, standing)
            self._fill_record(record)

    def _fill_facts(self, barrier: Barrier, area: str, standing: str) -> None:
        self.where.setText(f"{area} · {barrier.id}")
        self.title.setText(str(barrier.title))
        self.asks.setText(str(barrier.us_ask))
        self.is_about.setText(str(barrier.description))
        self.rule.setText(_rule_text(barrier))
        self.since.setText(_since_text(barrier, standing))
        self.effect.setText(_effect_text(barrier))
        self.history.setText("\n".join(f"{format_date(each.date)}: {each.text}" for each in barrier.developments))
        self.sources.setText("\n".join(_source_text(each.title, each.where) for each in barrier.sources))
        self.note.set_text(str(barrier.uncertainty))

    def _fill_record(self, record: BarrierRecord) -> None:
        self.state.setCurrentIndex(list(BarrierState).index(record.state))
        self.tag.setVisible(record.illustrative)
        self.illustrative.setChecked(record.illustrative)
        for field, text in (
            (self.position, record.position),
            (self.fall_back, record.fall_back),
            (self.red_line, record.red_line),
        ):
            field.show_stored(str(text))
        if not self.owner.hasFocus() or not self.owner.isModified():
            self.owner.setText(record.owner)

    def flush(self) -> None:
        """Hand over whatever is half typed."""
        for field in (self.position, self.fall_back, self.red_line):
            field.commit()
        self._on_owner_typed()

    # The user's edits

    def _edit(self, field: str, value: object) -> None:
        if self.barrier_id:
            self.edited.emit(self.barrier_id, field, value)

    def _on_state_chosen(self, place: int) -> None:
        self._edit("state", list(BarrierState)[place])

    def _on_owner_typed(self) -> None:
        typed = self.owner.text().strip()
        if self.barrier_id and typed != self._record.owner:
            self._edit("owner", typed)

    def _commit_text(self, field: str, text: str) -> None:
        old = getattr(self._record, field)
        self._edit(field, old.with_text(i18n.language(), text))


class _Lock(QLabel):
    """The sign of the delegation's own circle."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("locked"))
        self._dress()
        theme.notifier.changed.connect(self._dress)

    def _dress(self) -> None:
        scale = self.devicePixelRatioF()
        self.setPixmap(icons.pixmap("lock", theme.current().muted, scale, 14))


def _rule_text(barrier: Barrier) -> str:
    names = [str(each.name) for each in barrier.ministries]
    lead = _("Lead: {office}").format(office=names[0])
    others = _("with {offices}").format(offices=", ".join(names[1:])) if names[1:] else ""
    office = ", ".join(part for part in (lead, others) if part)
    return f"{barrier.rule}. {office}" if barrier.rule else office


def _since_text(barrier: Barrier, standing: str) -> str:
    year = str(barrier.first_year_raised) if barrier.first_year_raised else _("not established")
    note = f" ({barrier.first_year_note})" if barrier.first_year_note else ""
    return f"{year}{note} · {standing}"


def _effect_text(barrier: Barrier) -> str:
    found = _("identified") if barrier.ave_identified else _("not identified")
    return _("{kind}. Ad valorem equivalent: {found}.").format(kind=barrier.kind.label, found=found)


def _source_text(title: object, where: str) -> str:
    return f"{title}: {where}" if where else str(title)
