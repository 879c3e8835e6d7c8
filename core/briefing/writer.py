"""A small writer over XlsxWriter: one way to put text, numbers, formulas and inputs on a sheet.

What a person typed never becomes a formula, a missing number is the text n/a, and a format is made once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from core import i18n
from core.briefing import look
from core.i18n import _
from core.quantities import NOT_APPLICABLE

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Value = str | float | int | date | None

# XML 1.0 holds none of these; a lone surrogate cannot be encoded at all.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LONGEST: Final = 32_767
_LONGEST_IN_HEADER: Final = 64
_LIKE_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_PROTECTION: Final = {
    "autofilter": True,
    "sort": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}


def clean(text: str) -> str:
    """Text that a cell can hold: no control characters, no more than Excel takes."""
    stripped = _UNPRINTABLE.sub("", text)
    return stripped if len(stripped) <= _LONGEST else stripped[: _LONGEST - 1] + "…"


def missing(value: Value) -> bool:
    """Whether a number is not known; None is not applicable, which is something else."""
    return isinstance(value, float) and not math.isfinite(value)


class Book:
    """The workbook in memory."""

    def __init__(self, title: str, created: date, classification: str, recipient: str = "") -> None:
        import xlsxwriter

        self._buffer = BytesIO()
        self._book = xlsxwriter.Workbook(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        self._styles: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.classification = classification
        self.title = clean(title)
        self.copy_note = _("Copy for {recipient}").format(recipient=recipient) if recipient else ""
        self.font = look.FONTS[i18n.language()]
        self.day_format = look.DAYS[i18n.language()]
        self._set_properties(created)
        self._book.set_calc_mode("auto")
        base = self._book.formats[0]
        base.set_font_name(self.font)
        base.set_font_size(10)

    def _set_properties(self, created: date) -> None:
        """What programs show of a file that is not open: whose copy it is stays with it."""
        note = " · ".join(part for part in (self.classification, self.copy_note) if part)
        made = datetime.combine(created, time(12))
        self._book.set_properties(
            {"title": self.title, "category": self.classification, "comments": note, "created": made}
        )

    def sheet(self, name: str) -> Sheet:
        """A new sheet behind the others."""
        from core.briefing.fast_sheet import FastSheet

        return Sheet(self, self._book.add_worksheet(name, FastSheet), name)

    def style(self, role: str, number: str = "", **extra: Any) -> Format:
        """The format of a role, with a number format and single properties on top; the same one every time."""
        wanted = {
            "font_name": self.font,
            "font_size": 10,
            "font_color": look.INK,
            "valign": "vcenter",
            **look.ROLES[role],
            **({"num_format": number} if number else {}),
            **extra,
        }
        key = tuple(sorted(wanted.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(wanted)
        return self._styles[key]

    def conditional(self, **properties: Any) -> Format:
        """A format for a condition, which only holds what it changes."""
        key = (("conditional", True), *sorted(properties.items()))
        if key not in self._styles:
            self._styles[key] = self._book.add_format(properties)
        return self._styles[key]

    def name(self, name: str, reference: str) -> None:
        """A defined name for a cell."""
        self._book.define_name(name, f"={reference}")

    def step_chart(self) -> Chart:
        """An empty chart of straight lines over dates."""
        chart = self._book.add_chart({"type": "scatter", "subtype": "straight"})
        assert chart is not None
        return chart

    def content(self) -> bytes:
        """The finished file."""
        self._book.close()
        return self._buffer.getvalue()

    def forget(self) -> None:
        """Let the cells go, row by row. Sheets and book hold each other: left to the collector of garbage, their
        300,000 parts stop every thread for 0.2 s."""
        for sheet in self._book.worksheets():
            while sheet.table:
                sheet.table.popitem()


class Sheet:
    """One sheet; rows and columns count from 0."""

    def __init__(self, book: Book, worksheet: Worksheet, name: str) -> None:
        self.book = book
        self.name = name
        self.raw = worksheet
        worksheet.hide_gridlines(2)

    # Cells

    def put(self, row: int, column: int, value: Value, role: str = "cell", number: str = "", **extra: Any) -> None:
        """A value; None shows as not applicable, NaN as not available."""
        if isinstance(value, date):
            style = self.book.style(role, number or self.book.day_format, **{"align": "left", **extra})
            self.raw.write_datetime(row, column, datetime.combine(value, time()), style)
            return
        if value is None or missing(value):
            text = NOT_APPLICABLE if value is None else _("n/a")
            self.raw.write_string(row, column, text, self.book.style(role, number, **{"align": "right", **extra}))
        elif isinstance(value, str):
            # Typed over in Excel, a text that looks like a formula would otherwise become one.
            quoted = {"quote_prefix": True} if value.startswith(_LIKE_FORMULA) else {}
            self.raw.write_string(row, column, clean(value), self.book.style(role, number, **quoted, **extra))
        else:
            self.raw.write_number(row, column, value, self.book.style(role, number, **extra))

    def formula(
        self, row: int, column: int, formula: str, value: Value, role: str = "cell", number: str = "", **extra: Any
    ) -> None:
        """A formula with the value that it has; a number that cannot be had is n/a, as the formula must say too."""
        if isinstance(value, date):
            number = number or self.book.day_format
        style = self.book.style(role, number, **{"align": "right", **extra})
        self.raw.write_formula(row, column, "=" + formula, style, stored(value))

    def texts(self, row: int, column: int, values: Sequence[Value], role: str = "cell", **extra: Any) -> None:
        """Values side by side."""
        for place, value in enumerate(values):
            self.put(row, column + place, value, role, **extra)

    def blank(self, row: int, first: int, last: int, role: str, **extra: Any) -> None:
        """Empty cells that carry a line or a fill, columns first to last."""
        style = self.book.style(role, **extra)
        for column in range(first, last + 1):
            self.raw.write_blank(row, column, None, style)

    def hide_row(self, row: int) -> None:
        """Out of sight and out of print; its content stays."""
        self.raw.set_row(row, None, None, {"hidden": True})

    def hide_column(self, column: int) -> None:
        self.raw.set_column(column, column, None, None, {"hidden": True})

    def title(self, text: str, note: str = "") -> None:
        """The head of the sheet in its first two rows."""
        self.raw.set_row(0, 24)
        self.put(0, 0, text, "title")
        if note:
            self.put(1, 0, note, "note")

    def quiet_zero(self, row: int, column: int, last_row: int, last_column: int, half: float) -> None:
        """Less than half of the last digit shown is a plain zero, without a sign."""
        rule = {"type": "cell", "criteria": "between", "minimum": -half, "maximum": half}
        form = self.book.conditional(num_format="0;0;0")
        self.raw.conditional_format(row, column, last_row, last_column, {**rule, "format": form})

    # Rules for inputs

    def choice(self, row: int, column: int, options: Sequence[str], message: str = "", rows: int = 1) -> None:
        """Only one of these texts may stand in the cell, or in as many rows from it. At most 255 characters."""
        self._validate(row, column, rows, {"validate": "list", "source": list(options)}, message)

    def choice_from(self, row: int, column: int, source: str, rows: int) -> None:
        """Only texts of a range may stand there: for lists longer than 255 characters."""
        self._validate(row, column, rows, {"validate": "list", "source": source}, "")

    def between(self, row: int, column: int, low: float, high: float, message: str) -> None:
        """Only a number in this range may stand there."""
        self._validate(row, column, 1, {"validate": "decimal", "criteria": "between", **_ends(low, high)}, message)

    def day_between(self, row: int, column: int, first: date, last: date, message: str, rows: int = 1) -> None:
        """Only a day in this range may stand there."""
        ends = _ends(datetime.combine(first, time()), datetime.combine(last, time()))
        self._validate(row, column, rows, {"validate": "date", "criteria": "between", **ends}, message)

    def shorter_than(self, row: int, column: int, longest: int, message: str, rows: int = 1) -> None:
        """Only a text of so many characters may stand there."""
        rule = {"validate": "length", "criteria": "<=", "value": longest}
        self._validate(row, column, rows, rule, message)

    def _validate(self, row: int, column: int, rows: int, rule: dict[str, Any], message: str) -> None:
        texts = {"error_title": _("Not taken"), "error_message": message[:255]} if message else {}
        self.raw.data_validation(row, column, row + rows - 1, column, {**rule, **texts})

    # Addresses

    def at(self, row: int, column: int) -> str:
        """The address of a cell as other sheets write it."""
        return f"{self.quoted}!{absolute(row, column)}"

    @property
    def quoted(self) -> str:
        """The name of the sheet as formulas write it."""
        return "'" + self.name.replace("'", "''") + "'"

    # Print and protection

    def widths(self, *widths: float) -> None:
        """Column widths from the first column on, in characters."""
        for column, width in enumerate(widths):
            self.raw.set_column(column, column, width, self.book.style("plain"))

    def fit(self, row: int, *cells: tuple[str, float]) -> None:
        """A height at which wrapped texts show whole: each with the width of its column.

        Programs differ in whether they work it out themselves when they open the file.
        """
        lines = max((_lines(text, width) for text, width in cells), default=1)
        if lines > 1:
            self.raw.set_row(row, min(400.0, 13.5 * lines + 2))

    def finish(
        self,
        *,
        freeze: tuple[int, int] = (0, 0),
        repeat: tuple[int, int] | None = None,
        pages: int = 0,
    ) -> None:
        """Print set-up, classification, frozen panes and protection. pages: high at most, 0 for as many as it takes."""
        sheet = self.raw
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.5, right=0.5, top=0.75, bottom=0.7)
        sheet.fit_to_pages(1, pages)
        marks = (self.book.classification, self.book.copy_note)
        line = f'&C&"{self.book.font},Bold"&9' + "\n".join(_escaped(mark) for mark in marks if mark)
        sheet.set_header(f"&L&9{_escaped(self.book.title)}{line}&R&9&A")
        sheet.set_footer(f"{line}&R&9&P / &N")
        if repeat is not None:
            sheet.repeat_rows(*repeat)
        if freeze != (0, 0):
            sheet.freeze_panes(*freeze)
        sheet.protect("", _PROTECTION)


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column; a Hangul syllable is about as wide as two digits."""
    room = max(1.0, width * 0.95)
    return sum(max(1, math.ceil(_units(part) / room)) for part in text.split("\n"))


def _units(text: str) -> float:
    return sum(1.85 if ord(letter) > 0x2E7F else 1.0 for letter in text)


def _ends(low: object, high: object) -> dict[str, object]:
    return {"minimum": low, "maximum": high}


def _escaped(text: str) -> str:
    """Text for a header or footer, which hold 255 characters in all.

    An ampersand begins a code there, and a figure after a font's size would make the size another one.
    """
    plain = " ".join(clean(text).split())
    while len(escaped := plain.replace("&", "&&")) > _LONGEST_IN_HEADER:
        plain = plain[:-2].rstrip() + "…"
    return " " + escaped if escaped[:1].isdigit() else escaped


def stored(value: Value) -> Any:
    """A formula's value as the file keeps it."""
    if value is None:
        return NOT_APPLICABLE
    if isinstance(value, date):
        return (value - date(1899, 12, 30)).days
    return _("n/a") if missing(value) else value


def column_name(column: int) -> str:
    """A for 0, Z for 25, AA for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def absolute(row: int, column: int) -> str:
    """A cell's address with dollars."""
    return f"${column_name(column)}${row + 1}"


def literal(text: str) -> str:
    """Text within a formula."""
    return '"' + clean(text).replace('"', '""') + '"'
