"""The history of the case: when, who, what, and what it concerned; by part, searched, and as a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.case import Case
from core.casefile.atomic import write_atomically
from core.casefile.difference import Names, names_of
from core.errors import OutputError
from core.history_table import HistoryRow, csv_bytes, history_rows, part_words, within
from core.i18n import _, ngettext
from core.quantities import NOT_APPLICABLE, format_date
from core.reference.pack import Pack
from gui import icons, settings, theme
from gui.case_files import suggested_name
from gui.jobs import IsCancelled, Job, Progress
from gui.session import Session
from gui.table_spec import Column, Content, Look, matcher
from gui.table_view import DataTable
from gui.widgets import AmberNote, Hairline, Words

SIZE: Final = (960, 600)
_SEARCH_WIDTH: Final = 220
_PART_WIDTH: Final = 300


def local_words(at: datetime | None) -> str:
    """A moment as the clock on this desk shows it."""
    if at is None:
        return NOT_APPLICABLE
    local = at.astimezone()
    return _("{day}, {time}").format(day=format_date(local.date()), time=f"{local:%H:%M}")


@dataclass(frozen=True)
class Shown:
    """What the dialog shows, worked out beside the window. parts: those that entries name, with their words."""

    rows: tuple[HistoryRow, ...]
    content: Content
    parts: tuple[tuple[str, str], ...]


def shown(case: Case, pack: Pack | None, *, also: str = "") -> Shown:
    """also: a part that is to be offered even if no entry names it."""
    names = names_of(pack) if pack is not None else Names()
    rows = history_rows(case, names)
    words = part_words(case, names)
    named = dict.fromkeys(part for row in rows for part in row.parts)
    parts = {part: words(part) for part in (*named, *filter(None, [also]))}
    return Shown(rows, _content(rows), tuple(sorted(parts.items(), key=lambda pair: pair[1])))


def _content(rows: Sequence[HistoryRow]) -> Content:
    count = len(rows)
    cells = {
        "when": [local_words(row.at) for row in rows],
        "who": [row.who or NOT_APPLICABLE for row in rows],
        "what": [row.what or NOT_APPLICABLE for row in rows],
        "concerns": [row.concerns or NOT_APPLICABLE for row in rows],
    }
    return Content(
        columns=_columns(),
        keys=[str(count - place) for place in range(count)],
        cells=cells,
        match=matcher([" ".join(parts).casefold() for parts in zip(*cells.values(), strict=True)]),
        order={"when": np.arange(count, 0, -1, dtype=np.float64)},
        named_by="what",
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("when", _("When"), look=Look.MUTED, width=160),
        Column("who", _("Who"), width=120),
        Column("what", _("What"), stretch=True),
        Column("concerns", _("Concerns"), look=Look.MUTED, stretch=True),
    )


class HistoryDialog(QDialog):
    """A window to read in. It makes no edit, and follows the case while it is open."""

    def __init__(self, session: Session, parent: QWidget | None = None, *, part: str = "") -> None:
        super().__init__(parent)
        self._session, self._part = session, part
        self._shown: Shown | None = None
        self._job = Job(self)
        self._job.finished.connect(self._on_shown)
        self._job.failed.connect(self._on_failed)
        self._job.ended.connect(self._on_ended)
        self._writing = Job(self)
        self._writing.finished.connect(self._on_written)
        self._writing.failed.connect(self._on_failed)
        self._is_outdated = False
        self.setWindowTitle(_("History"))
        self.resize(*SIZE)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._work_out()

    # Making it

    def _make_parts(self) -> None:
        self.parts = QComboBox()
        self.parts.setFixedWidth(_PART_WIDTH)
        self.parts.setAccessibleName(_("Part of the case"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Words in any column"))
        self.search.setAccessibleName(_("Search the history"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(_SEARCH_WIDTH)
        self._search_icon = QAction(self.search)
        self.search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.count = Words(muted=True)
        self.table = DataTable(_("History"))
        self.empty = Words(_("No edit has been made yet: each one will stand here."), muted=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note = AmberNote()
        self.note.set_text(_("For the delegation only. An exported file can be read by anyone who has it."))
        self.export_button = QPushButton(_("Export…"))
        self.close_button = QPushButton(_("Close"))
        self.close_button.setDefault(True)
        self.said = Words(muted=True)
        self._draw_icons()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S12)
        top.setSpacing(theme.S8)
        for widget in (self.parts, self.search):
            top.addWidget(widget)
        top.addStretch(1)
        top.addWidget(self.count)
        foot = QHBoxLayout()
        foot.setContentsMargins(theme.S16, theme.S12, theme.S16, theme.S12)
        foot.setSpacing(theme.S8)
        foot.addWidget(self.said, 1)
        for button in (self.export_button, self.close_button):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Hairline())
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        column.addWidget(self.note)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.parts.activated.connect(self._on_part_chosen)
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self.table.focus_rows)
        self.table.view.typed.connect(self._on_typed)
        self.export_button.clicked.connect(self.export)
        self.export_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.accept)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self._on_find)
        self._session.case_changed.connect(self._on_case_changed)
        self._session.pack_loaded.connect(self._work_out)
        theme.notifier.changed.connect(self._draw_icons)

    def _draw_icons(self) -> None:
        self._search_icon.setIcon(icons.icon("search", theme.current().muted))

    # What it shows

    def show_history(self, part: str) -> None:
        """Only the entries that concern this part (`barrier:trq`), or what is in it; "" for all."""
        self._part = part
        self.search.clear()
        self._work_out()

    def _work_out(self, _pack: object = None) -> None:
        if self._job.is_running:
            self._is_outdated = True
            return
        self._is_outdated = False
        case, pack, part = self._session.case, self._session.pack, self._part

        def task(progress: Progress, cancelled: IsCancelled) -> Shown:
            return shown(case, pack, also=part)

        self._job.start(task)

    def _on_ended(self) -> None:
        if self._is_outdated:
            self._work_out()

    def _on_shown(self, found: Shown) -> None:
        self._shown = found
        self._fill_parts(found.parts)
        self.table.model.set_mask(None)  # it is of as many rows as there were
        self.table.set_content(found.content)
        self.table.setVisible(bool(found.rows))
        self.empty.setVisible(not found.rows)
        self.export_button.setEnabled(bool(found.rows))
        self._apply_part()

    def _fill_parts(self, parts: Iterable[tuple[str, str]]) -> None:
        self.parts.clear()
        self.parts.addItem(_("All parts of the case"), "")
        for part, words in parts:
            self.parts.addItem(words, part)
            self.parts.setItemData(self.parts.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        self.parts.setCurrentIndex(max(0, self.parts.findData(self._part)))

    def _apply_part(self) -> None:
        if self._shown is None:
            return
        mask = None
        if self._part:
            wanted = within(self._session.case, self._part)
            hits = (not wanted.isdisjoint(row.parts) for row in self._shown.rows)
            mask = np.fromiter(hits, dtype=np.bool_, count=len(self._shown.rows))
        self.table.model.set_mask(mask)
        self._tell_count()

    def _tell_count(self) -> None:
        every = len(self._shown.rows) if self._shown is not None else 0
        here = self.table.model.shown_count if every else 0
        entries = ngettext("{count} entry", "{count} entries", every).format(count=every)
        part = _("{shown} of {count} shown").format(shown=here, count=every)
        self.count.setText(entries if here == every else part)

    # What happens

    def _on_part_chosen(self, place: int) -> None:
        self._part = str(self.parts.itemData(place))
        self._apply_part()

    def _on_search(self, text: str) -> None:
        self.table.model.set_filter(text)
        self._tell_count()

    def _on_typed(self, text: str) -> None:
        self.search.setText(text)
        self.search.setFocus()

    def _on_find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _on_case_changed(self, fields: set[str]) -> None:
        if "history" in fields:
            self._work_out()

    def _on_failed(self, error: Exception) -> None:
        from gui.dialogs import show_error

        show_error(self, error)

    # The file

    def export(self) -> None:
        """Write the entries that are shown, in their order on screen."""
        if self._shown is None or self._writing.is_running:
            return
        path = self._ask_path()
        if path is not None:
            self.write_to(path)

    def write_to(self, path: Path) -> None:
        """The entries shown as a CSV file, written beside the window."""
        lines = [self.table.model.line_of(row) for row in range(self.table.model.rowCount())]
        rows = [self._shown.rows[line] for line in lines if line >= 0] if self._shown is not None else []
        heads = [_("When"), _("Who"), _("What"), _("Concerns")]

        def task(progress: Progress, cancelled: IsCancelled) -> Path:
            cells = [(_stamp(row.at), row.who, row.what, row.concerns) for row in rows]
            write_atomically(path, csv_bytes(heads, cells), error=OutputError)
            return path

        self._writing.start(task)

    def _ask_path(self) -> Path | None:
        name = _("{case}, history").format(case=suggested_name(self._session.case)) + ".csv"
        kinds = _("Tables") + " (*.csv)"
        start = str(settings.last_folder() / name)
        with settings.without_traces():
            chosen, _kind = QFileDialog.getSaveFileName(self, _("Export the history"), start, kinds)
        path = Path(chosen) if chosen else None
        return path.with_name(path.name + ".csv") if path is not None and path.suffix.lower() != ".csv" else path

    def _on_written(self, path: Path) -> None:
        self.said.setText(_("Written to {path}").format(path=path))
        self.said.setToolTip(str(path))

    # Coming and going

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.view.setFocus()

    def done(self, result: int) -> None:
        self._stop()
        super().done(result)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def _stop(self) -> None:
        for job in (self._job, self._writing):
            job.close()


def _stamp(at: datetime | None) -> str:
    """Local time with its distance from UTC, so that tables of two desks can be put together."""
    return at.astimezone().isoformat(sep=" ") if at is not None else ""


def show_history(session: Session, parent: QWidget, part: str = "") -> None:
    """Open the history, of one part if it is named; comes back when it was closed."""
    dialog = HistoryDialog(session, parent, part=part)
    dialog.exec()
    dialog.deleteLater()
