"""The tables of the import wizard: the file as it was read, the changes it comes to, the findings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtGui import QFontMetrics

from core.i18n import _
from core.imports.columns import headings
from core.imports.findings import Finding
from core.imports.plan import PlannedChange
from core.imports.sheet import Number, Sheet
from gui import theme
from gui.cell_painting import GUTTER
from gui.table_spec import Column, Content, Look, matcher

SHOWN_ROWS: Final = 100
_LEAST, _MOST, _PAD = 64, 260, 28
_MEASURED: Final = 30


def sheet_content(sheet: Sheet, header: int) -> Content:
    """The first rows below the headings, with their numbers in the file."""
    rows = range(header + 1, min(len(sheet.rows), header + 1 + SHOWN_ROWS))
    names = headings(sheet, header)
    cells: dict[str, Sequence[str]] = {"row": [str(sheet.places[row]) for row in rows]}
    columns = [Column("row", _("Row"), look=Look.MUTED, width=GUTTER + _width([*cells["row"], _("Row")]))]
    for place, name in enumerate(names):
        texts = [_one_line(sheet.cell(row, place)) for row in rows]
        cells[str(place)] = texts
        columns.append(
            Column(
                str(place),
                name,
                look=_look(sheet, rows, place),
                width=_width([*texts, name]),
                stretch=place == len(names) - 1,
            )
        )
    return _content(columns, cells, [str(row) for row in rows], {"row": [sheet.places[row] for row in rows]})


def _look(sheet: Sheet, rows: range, place: int) -> Look:
    """Cells that a workbook holds as numbers are muted: what was text in the file is shown as such."""
    held = [sheet.cell(row, place) for row in rows]
    return Look.MUTED if any(isinstance(text, Number) for text in held) else Look.TEXT


def changes_content(changes: Sequence[PlannedChange]) -> Content:
    """Each change with what is there now and what comes."""
    cells: dict[str, Sequence[str]] = {
        "row": [str(change.row) if change.row else "–" for change in changes],
        "what": [_one_line(change.what) for change in changes],
        "before": [_one_line(change.before) or "–" for change in changes],
        "after": [_one_line(change.after) or "–" for change in changes],
    }
    columns = [
        Column("row", _("Row"), look=Look.MUTED, width=GUTTER + _width([*cells["row"], _("Row")])),
        Column("what", _("What changes"), stretch=True),
        Column("before", _("Now"), look=Look.MUTED, stretch=True),
        Column("after", _("Afterwards"), stretch=True),
    ]
    keys = [str(number) for number in range(len(changes))]
    return _content(columns, cells, keys, {"row": [change.row for change in changes]}, named_by="what")


def findings_content(findings: Sequence[Finding]) -> Content:
    """Each finding with its place in the file."""
    cells: dict[str, Sequence[str]] = {
        "severity": [finding.severity.label for finding in findings],
        "row": [str(finding.row) if finding.row else "–" for finding in findings],
        "column": [finding.column or "–" for finding in findings],
        "what": [finding.what for finding in findings],
        "remedy": [finding.remedy or "–" for finding in findings],
    }
    columns = [
        Column("severity", _("Meaning"), width=GUTTER + _width([*cells["severity"], _("Meaning")])),
        Column("row", _("Row"), look=Look.MUTED, width=_width([*cells["row"], _("Row")])),
        Column("column", _("Column"), look=Look.MUTED, width=min(160, _width([*cells["column"], _("Column")]))),
        Column("what", _("What was found"), stretch=True),
        Column("remedy", _("What to do"), look=Look.MUTED, stretch=True),
    ]
    keys = [str(number) for number in range(len(findings))]
    return _content(columns, cells, keys, {"row": [finding.row for finding in findings]}, named_by="what")


def _content(
    columns: list[Column],
    cells: dict[str, Sequence[str]],
    keys: list[str],
    numbers: dict[str, list[int]],
    named_by: str = "",
) -> Content:
    words = [" ".join(texts).casefold() for texts in zip(*cells.values(), strict=True)]
    return Content(
        columns=tuple(columns),
        keys=keys,
        cells=cells,
        match=matcher(words),
        order={name: np.array(values, dtype=np.float64) for name, values in numbers.items()},
        named_by=named_by,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _width(texts: Sequence[str]) -> int:
    metrics = QFontMetrics(theme.font("body"))
    widest = max((metrics.horizontalAdvance(text) for text in [*texts[:_MEASURED], texts[-1]]), default=0)
    return max(_LEAST, min(_MOST, widest + _PAD))
