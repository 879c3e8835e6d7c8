"""The model of every big table: plain columns prepared once, sorted and filtered here with numpy.

Rows are of three kinds (a group, a line, the remainder of a group), and lines may have parts below them.
What is visible is a numpy index; `data` is a look-up that gives Qt plain Python values only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from core.quantities import NOT_APPLICABLE
from gui.table_rows import REST_SUFFIX, Layout, Rows, Visible, joined
from gui.table_spec import Bools, Column, Content, Floats, Look, RowKind, Value, no_sums

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_KINDS = tuple(RowKind)
_EMPTY = Content(columns=(), keys=(), cells={}, match=lambda query: np.ones(0, dtype=np.bool_), gather=no_sums)


class TableModel(QAbstractTableModel):
    """A table of groups, lines and remainders. Keys of rows outlive a recalculation; positions do not."""

    rearranged = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.content = _EMPTY
        self.sort_by, self.descending = "", False
        self.query = ""
        self._mask: Bools | None = None
        self._open: set[str] = set()
        self._shut_in_search: set[str] = set()
        self._layout = Layout(_EMPTY, "", False, None)
        self._rows: Rows = joined([])
        self._scales: dict[str, tuple[float, float]] = {}

    # What is shown

    def set_content(self, content: Content) -> None:
        """New numbers. Sorting, filter and what is open stay; where rows are the same, only numbers change."""
        same_keys = content.keys is self.content.keys or list(content.keys) == list(self.content.keys)
        same_shape = content.columns == self.content.columns and same_keys
        if self._mask is not None and len(self._mask) != content.count:
            self._mask = None
        layout = self._new_layout(content)
        rows = self._visible(layout).all_rows()
        if same_shape and rows.same_as(self._rows):
            changed = self._changed_columns(content)
            self._take(layout, rows)
            self._tell_changed(changed)
            return
        self._replace(layout, rows)

    def set_filter(self, query: str) -> None:
        """Show only lines that fit; groups add up what is shown."""
        if query.strip() == self.query:
            return
        self.query = query.strip()
        self._shut_in_search.clear()
        self.rearrange()

    def set_mask(self, mask: Bools | None) -> None:
        """A filter from outside, one entry a line, together with the search."""
        self._mask = mask
        self.rearrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by the column at this position."""
        if 0 <= column < len(self.content.columns):
            self.sort_by_id(self.content.columns[column].id, order is Qt.SortOrder.DescendingOrder)

    def sort_by_id(self, column_id: str, descending: bool) -> None:
        """Sort by this column; an unknown one leaves the order of the content."""
        self.sort_by, self.descending = column_id, descending
        self.rearrange()

    def rearrange(self) -> None:
        """Work out order and visible rows anew."""
        layout = self._new_layout(self.content)
        self._replace(layout, self._visible(layout).all_rows())

    def _new_layout(self, content: Content) -> Layout:
        mask = content.match(self.query) if self.query else None
        if self._mask is not None:
            mask = self._mask if mask is None else mask & self._mask
        return Layout(content, self.sort_by, self.descending, mask)

    def _visible(self, layout: Layout) -> Visible:
        return Visible(layout, self._open_now(layout.content))

    def _open_now(self, content: Content) -> set[str]:
        """In a search every group stands open unless it was shut since."""
        if not self.query:
            return self._open
        return (self._open | {group.key for group in content.groups}) - self._shut_in_search

    def _replace(self, layout: Layout, rows: Rows) -> None:
        self.beginResetModel()
        self._take(layout, rows)
        self.endResetModel()
        self.rearranged.emit()

    def _take(self, layout: Layout, rows: Rows) -> None:
        self._scales.clear()
        self.content, self._layout, self._rows = layout.content, layout, rows

    def _changed_columns(self, content: Content) -> list[int]:
        """Columns in which new content says something else: to paint all of them takes five times as long."""
        before = self.content
        if content.groups != before.groups:
            return list(range(len(content.columns)))
        return [
            place
            for place, column in enumerate(content.columns)
            if not _same_cells(content.cells.get(column.id, ()), before.cells.get(column.id, ()))
            or content.notes.get(column.id) is not before.notes.get(column.id)
        ]

    def _tell_changed(self, columns: list[int]) -> None:
        for first, last in _runs(columns) if len(self._rows) else ():
            self.dataChanged.emit(self.index(0, first), self.index(len(self._rows) - 1, last))
        self.rearranged.emit()

    # Rows

    @property
    def shown_count(self) -> int:
        """Lines that fit the filter, hidden in shut groups or not."""
        return len(self._layout.lines)

    @property
    def shown_group_count(self) -> int:
        return len(self._layout.group_order()) if self.content.groups else 0

    def kind(self, row: int) -> RowKind:
        return _KINDS[self._rows.kinds[row]]

    def ref(self, row: int) -> int:
        """Position of the row's group, line or part in the content."""
        return int(self._rows.refs[row])

    def level(self, row: int) -> int:
        return int(self._rows.levels[row])

    def line_of(self, row: int) -> int:
        """The line that a row or the part in it belongs to; -1 for groups and remainders."""
        kind, ref = self.kind(row), self.ref(row)
        if kind is RowKind.PART and self.content.parts is not None:
            return int(self.content.parts.line_of[ref])
        return ref if kind is RowKind.LINE else -1

    def is_strong(self, row: int) -> bool:
        """Whether a row stands out: a group, or a line that stays first."""
        kind = self.kind(row)
        return kind is RowKind.GROUP or (kind is RowKind.LINE and self.ref(row) < self.content.pinned)

    def key_at(self, row: int) -> str:
        """The lasting key of a visible row."""
        kind, ref = self.kind(row), self.ref(row)
        if kind is RowKind.LINE:
            return self.content.keys[ref]
        if kind is RowKind.PART and self.content.parts is not None:
            return self.content.parts.keys[ref]
        return self.content.groups[ref].key + (REST_SUFFIX if kind is RowKind.REST else "")

    def row_of(self, key: str) -> int:
        """The visible row with this key, -1 when it is not visible."""
        for kind, ref in self._candidates(key):
            found = np.flatnonzero((self._rows.kinds == int(kind)) & (self._rows.refs == ref))
            if len(found):
                return int(found[0])
        return -1

    def _candidates(self, key: str) -> list[tuple[RowKind, int]]:
        found = []
        for place, group in enumerate(self.content.groups):
            if key == group.key:
                found.append((RowKind.GROUP, place))
            elif key == group.key + REST_SUFFIX:
                found.append((RowKind.REST, place))
        keys = self.content.keys
        found += [(RowKind.LINE, place) for place in range(len(keys)) if keys[place] == key]
        if self.content.parts is not None and not found:
            part_keys = self.content.parts.keys
            found += [(RowKind.PART, place) for place in range(len(part_keys)) if part_keys[place] == key]
        return found

    # Open and shut

    def has_children(self, row: int) -> bool:
        kind = self.kind(row)
        if kind is RowKind.LINE:
            parts = self.content.parts
            return parts is not None and self._part_count(self.ref(row)) > 1
        return kind is RowKind.REST or (kind is RowKind.GROUP and len(self._layout.members(self.ref(row))) > 0)

    def _part_count(self, line: int) -> int:
        if self.content.parts is None:
            return 0
        start, stop = np.searchsorted(self.content.parts.line_of, [line, line + 1])
        return int(stop - start)

    def is_open(self, row: int) -> bool:
        return self.has_children(row) and self.key_at(row) in self._open_now(self.content)

    def open_keys(self) -> frozenset[str]:
        """What stands open outside a search, to be remembered."""
        return frozenset(self._open)

    def set_open_keys(self, keys: frozenset[str]) -> None:
        self._open = set(keys)
        self.rearrange()

    def toggle(self, row: int) -> None:
        """Open or shut the group, remainder or line in this row."""
        self.set_open(row, not self.is_open(row))

    def set_open(self, row: int, is_open: bool) -> None:
        """Open or shut a row; nothing happens where nothing hangs below it."""
        if not self.has_children(row) or self.is_open(row) == is_open:
            return
        if is_open:
            self._remember_open(self.key_at(row), True)
            self._insert_below(row, self._below(row))
        else:
            self._remove_below(row)
            self._remember_open(self.key_at(row), False)
        self.dataChanged.emit(self.index(row, 0), self.index(row, 0))

    def _remember_open(self, key: str, is_open: bool) -> None:
        if self.query:
            (self._shut_in_search.discard if is_open else self._shut_in_search.add)(key)
            if is_open and key not in self._open_now(self.content):
                self._open.add(key)
        else:
            (self._open.add if is_open else self._open.discard)(key)

    def _below(self, row: int) -> Rows:
        visible, ref = self._visible(self._layout), self.ref(row)
        kind = self.kind(row)
        if kind is RowKind.GROUP:
            return visible.under_group(ref)
        if kind is RowKind.REST:
            return visible.under_rest(ref)
        return visible.under_line(ref, self.level(row))

    def _insert_below(self, row: int, block: Rows) -> None:
        if not len(block):
            return
        self.beginInsertRows(_ROOT, row + 1, row + len(block))
        self._rows = joined([self._rows.cut(0, row + 1), block, self._rows.cut(row + 1, len(self._rows))])
        self.endInsertRows()

    def _remove_below(self, row: int) -> None:
        deeper = self._rows.levels[row + 1 :] > self._rows.levels[row]
        count = len(deeper) if deeper.all() else int(np.argmin(deeper))
        if not count:
            return
        self.beginRemoveRows(_ROOT, row + 1, row + count)
        self._rows = joined([self._rows.cut(0, row + 1), self._rows.cut(row + 1 + count, len(self._rows))])
        self.endRemoveRows()

    # Cells

    def column(self, column: int) -> Column:
        return self.content.columns[column]

    def column_of(self, column_id: str) -> int:
        """Position of a column, -1 when the table has none of that id."""
        return next((n for n, column in enumerate(self.content.columns) if column.id == column_id), -1)

    def value(self, row: int, column_id: str) -> Value:
        """What is behind a cell: a float, NaN where it is missing, or a text."""
        kind, ref = self.kind(row), self.ref(row)
        if kind is RowKind.GROUP:
            return _plain(self._layout.sums(ref).get(column_id, ""))
        if kind is RowKind.REST:
            return _plain(self._layout.rest_sums(ref).get(column_id, ""))
        return _plain(self._cells(kind).get(column_id, {ref: ""})[ref])

    def _cells(self, kind: RowKind) -> Mapping[str, Any]:
        parts = self.content.parts
        return parts.cells if kind is RowKind.PART and parts is not None else self.content.cells

    def text(self, row: int, column: int) -> str:
        """What a cell shows."""
        spec = self.content.columns[column]
        if column == 0 and self.kind(row) in (RowKind.GROUP, RowKind.REST):
            return self.label(row)
        if self.kind(row) is RowKind.LINE and self.ref(row) in self.content.inapplicable.get(spec.id, ()):
            return NOT_APPLICABLE
        return spec.text(self.value(row, spec.id))

    def label(self, row: int) -> str:
        """The words of a group's or remainder's row."""
        ref = self.ref(row)
        if self.kind(row) is RowKind.REST:
            return self.content.rest_label(len(self._layout.cut(ref)[1]))
        return self.content.groups[ref].name

    def caption(self, row: int) -> str:
        """How many lines a group has, of how many."""
        ref = self.ref(row)
        if self.kind(row) is not RowKind.GROUP or self.content.group_of is None:
            return ""
        every = int(np.count_nonzero(self.content.group_of == ref))
        return self.content.group_caption(len(self._layout.members(ref)), every)

    def note(self, row: int, column_id: str) -> str:
        """Why a value is inferred, "" when it is not."""
        kind = self.kind(row)
        notes = self.content.notes
        if kind is RowKind.PART and self.content.parts is not None:
            notes = self.content.parts.notes
        if kind in (RowKind.GROUP, RowKind.REST) or column_id not in notes:
            return ""
        return notes[column_id][self.ref(row)]

    def scale(self, column: int) -> tuple[float, float]:
        """Least and greatest value that the bars of a column span, zero included."""
        spec = self.content.columns[column]
        if spec.id not in self._scales:
            self._scales[spec.id] = self._find_scale(spec.id)
        return self._scales[spec.id]

    def _find_scale(self, column_id: str) -> tuple[float, float]:
        values = np.asarray(self.content.cells[column_id], dtype=np.float64)[self._layout.lines]
        if self.content.groups:
            sums = [self._layout.sums(g).get(column_id, 0.0) for g in range(len(self.content.groups))]
            values = np.concatenate([values, np.array(sums, dtype=np.float64)])
        values = values[~np.isnan(values)]
        if not len(values):
            return 0.0, 0.0
        return min(0.0, float(values.min())), max(0.0, float(values.max()))

    # The total row

    def has_total(self) -> bool:
        return self.content.total_label is not None

    def total_label(self) -> str:
        """The words of the total row."""
        label = self.content.total_label
        count = self.shown_count
        return label(count, self.content.count, self.shown_group_count) if label is not None else ""

    def totals(self) -> Mapping[str, Value]:
        """Sums over all lines that fit the filter."""
        return {column_id: _plain(value) for column_id, value in self._layout.totals.items()}

    # Qt

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.content.columns)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(index.row(), index.column())
        return None

    def _tool_tip(self, row: int, column: int) -> str | None:
        spec = self.content.columns[column]
        if note := self.note(row, spec.id):
            return note
        return self.text(row, column) if spec.look in (Look.TEXT, Look.MUTED) else None

    def _spoken(self, row: int, column: int) -> str:
        """The cell with the names of its row and column, for screen readers."""
        spec = self.content.columns[column]
        named_by = self._naming_column(row)
        parts = [self.text(row, named_by), self.caption(row)]
        if column != named_by:
            parts += [spec.title, self.text(row, column)]
        if note := self.note(row, spec.id):
            parts.append(note)
        return ": ".join(part for part in parts if part)

    def _naming_column(self, row: int) -> int:
        if self.kind(row) in (RowKind.GROUP, RowKind.REST):
            return 0
        return max(0, self.column_of(self.content.named_by))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.content.columns):
            return None
        spec = self.content.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return spec.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return spec.tip or None
        return None


def _same_cells(cells: Sequence[str] | Floats, others: Sequence[str] | Floats) -> bool:
    if isinstance(cells, np.ndarray) and isinstance(others, np.ndarray):
        return np.array_equal(cells, others, equal_nan=True)
    return cells is others or list(cells) == list(others)


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """First and last of each stretch of neighbours."""
    starts = [place for place in places if place - 1 not in places]
    return list(zip(starts, [place for place in places if place + 1 not in places], strict=True))


def _plain(value: Any) -> Value:
    """Only plain Python values cross into Qt: a numpy scalar would show as an empty cell."""
    return value if isinstance(value, str) else float(value)
