"""From a comparison of two moments to the columns and rows of its tables. No widgets here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from core.codes import format_code
from core.comparison import Comparison, PartChange, spokesmen
from core.comparison.rows import RowChange, Rows, added_up
from core.comparison.text import part_title, why_brief, why_words
from core.i18n import _, ngettext, pgettext
from core.quantities import format_number
from core.reference.pack import Pack
from core.text import LocalText
from gui.table_spec import Column, Content, Floats, Group, Ints, LazyTexts, Look, Value, matcher

MILLION: Final = 1e-6
PER_CENT: Final = 100.0
CODE_WIDTH: Final = 108
DESCRIPTION_WIDTH: Final = 180


class Show(StrEnum):
    """What a row of the table stands for."""

    GROUPS = "groups"
    LINES = "lines"
    DUTIES = "duties"


@dataclass(frozen=True, eq=False)
class Tables:
    """All that the window shows of one comparison, prepared in the worker. spokesmen: by key of a row, the
    statistical line whose change weighs most in it."""

    comparison: Comparison
    contents: Mapping[Show, Content]
    spokesmen: Mapping[str, str]


def make_tables(comparison: Comparison, pack: Pack) -> Tables:
    """Work out rows and words for every way to show them."""
    names = {row.key: pack.names.of_line(row.key) for row in comparison.lines.changed}
    contents = {
        Show.GROUPS: _groups(comparison, names),
        Show.LINES: _lines(comparison, names),
        Show.DUTIES: _duties(comparison),
    }
    return Tables(comparison, contents, spokesmen(comparison))


# ---- columns


def _rate(column_id: str, head: str, tip: str = "", *, plus: bool = False, unit: str = "%") -> Column:
    return Column(column_id, head, unit, Look.NUMBER, decimals=1, factor=PER_CENT, plus=plus, tip=tip)


def _number_columns() -> tuple[Column, ...]:
    change = pgettext("difference", "Change")
    return (
        _rate("before", _("Before"), _("Rate at the first moment")),
        _rate("after", _("After"), _("Rate at the second moment")),
        _rate("points", change, plus=True, unit=_("points")),
        Column(
            "change", change, _("US$ m"), Look.NUMBER, factor=MILLION, plus=True, tip=_("Change of the duty a year")
        ),
    )


def _line_columns(year: int) -> tuple[Column, ...]:
    tip = _("Imports for consumption, customs value")
    imports = _("Imports {year}").format(year=year)
    return (
        Column("code", _("Code"), _("HTS-8"), Look.CODE, width=CODE_WIDTH),
        Column("description", _("Description"), width=DESCRIPTION_WIDTH, keeps_end=True),
        Column("value", imports, _("US$ m"), Look.NUMBER, factor=MILLION, tip=tip),
        *_number_columns(),
        Column("why", _("Why"), look=Look.TEXT, stretch=True),
    )


# ---- groups and lines


def _groups(comparison: Comparison, names: Mapping[str, LocalText]) -> Content:
    """Groups that open to the lines that differ in them."""
    rows, lines = comparison.groups.changed, comparison.group_lines.changed
    place = {row.key: number for number, row in enumerate(rows)}
    group_of: Ints = np.array([place[line.key.partition(":")[0]] for line in lines], dtype=np.intp)
    titles = dict(zip(comparison.before.portfolio.group_ids, comparison.before.portfolio.group_names, strict=True))
    return _content(
        comparison,
        lines,
        names,
        groups=tuple(Group(row.key, str(titles[row.key])) for row in rows),
        group_of=group_of if len(rows) else None,
        gather=_gatherer(comparison, lines, group_of),
        size=np.array([abs(line.change or 0.0) for line in lines]),
    )


def _lines(comparison: Comparison, names: Mapping[str, LocalText]) -> Content:
    """All lines that differ, the weightiest first."""
    lines = comparison.lines.changed
    none = np.zeros(len(lines), dtype=np.intp)
    return _content(comparison, lines, names, gather=_gatherer(comparison, lines, none, has_groups=False))


def _content(
    comparison: Comparison,
    lines: Sequence[RowChange],
    names: Mapping[str, LocalText],
    *,
    gather: Callable[[Ints], Mapping[str, Value]],
    groups: tuple[Group, ...] = (),
    group_of: Ints | None = None,
    size: Floats | None = None,
) -> Content:
    codes = [line.key.rpartition(":")[2] for line in lines]
    words = [names[code] for code in codes]
    cells: dict[str, Sequence[str] | Floats] = {
        "code": [format_code(code) for code in codes],
        "description": [str(text) for text in words],
        "why": [why_brief(comparison, line) for line in lines],
        "value": np.array([line.value for line in lines], dtype=np.float64),
        "before": _floats([line.before for line in lines]),
        "after": _floats([line.after for line in lines]),
        "points": _floats([line.points for line in lines]),
        "change": _floats([line.change for line in lines]),
    }
    return Content(
        columns=_line_columns(comparison.before.portfolio.year),
        keys=[line.key for line in lines],
        cells=cells,
        match=matcher([f"{text.en} {text.ko}".casefold() for text in words], codes),
        groups=groups,
        group_of=group_of,
        gather=gather,
        size=size,
        notes={
            "before": [_no_number(line.only_after) for line in lines],
            "after": [_no_number(line.only_before) for line in lines],
            "why": LazyTexts(len(lines), lambda place: why_words(comparison, lines[place])),
        },
        named_by="description",
        group_caption=_group_caption,
        rest_label=_rest_label,
        total_label=None if _is_alone(comparison, group_of is not None) else _total_labeller(comparison),
    )


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([math.nan if value is None else value for value in values], dtype=np.float64)


def _no_number(missing: float) -> str:
    """Why a cell has no number, or not for all of the row. missing: US$ without one."""
    if not missing:
        return ""
    return _("No number on US$ {value} m of these imports: a measure that the pack lacks may fall on them.").format(
        value=format_number(missing * MILLION, 1)
    )


# ---- sums


def _gatherer(
    comparison: Comparison, lines: Sequence[RowChange], group_of: Ints, *, has_groups: bool = True
) -> Callable[[Ints], Mapping[str, Value]]:
    """Sums of lines. All lines of a group make the whole group, with what stays the same in it."""
    rows = comparison.groups.changed
    sizes = np.bincount(group_of, minlength=len(rows)) if len(lines) else np.zeros(len(rows), dtype=np.intp)

    def gather(picked: Ints) -> Mapping[str, Value]:
        if len(picked) == len(lines) and not _is_alone(comparison, has_groups):
            return {"value": comparison.value, **_numbers(comparison.total)}
        places = np.unique(group_of[picked]).tolist() if has_groups else []
        if len(places) == 1 and len(picked) == sizes[places[0]]:
            row = rows[places[0]]
            return {"value": row.value, **_numbers(row), "why": why_brief(comparison, row)}
        found = added_up([lines[line] for line in picked.tolist()])
        return {"value": found.value, **_numbers(found)}

    return gather


def _is_alone(comparison: Comparison, has_groups: bool) -> bool:
    """Whether one group holds all lines: its row and the total could not be told apart."""
    return has_groups and len(comparison.groups.changed) == 1


def _numbers(of: RowChange | PartChange) -> dict[str, Value]:
    """The figures that rows of every kind have."""
    found = {"before": of.before, "after": of.after, "points": of.points, "change": of.change}
    return {name: math.nan if number is None else number for name, number in found.items()}


# ---- duties


def _duties(comparison: Comparison) -> Content:
    """Column 1 and every duty; they add up to the total."""
    parts = comparison.parts
    titles = [part_title(comparison, part.name) for part in parts]
    cells: dict[str, Sequence[str] | Floats] = {"duty": titles}
    for name in ("before", "after", "points", "change"):
        cells[name] = np.array([_numbers(part)[name] for part in parts], dtype=np.float64)
    columns = (Column("duty", _("Duty"), stretch=True), *_two_decimals(_number_columns()))
    return Content(
        columns=columns,
        keys=[part.name for part in parts],
        cells=cells,
        match=matcher([title.casefold() for title in titles]),
        gather=lambda picked: _numbers(comparison.total),
        total_label=lambda shown, every, groups: _("Total"),
    )


def _two_decimals(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Averages are shown to two decimals."""
    return tuple(replace(column, decimals=2) if column.factor == PER_CENT else column for column in columns)


# ---- words


def _group_caption(shown: int, every: int) -> str:
    if shown == every:
        return ngettext("{count} line differs", "{count} lines differ", every).format(count=format_number(every))
    return _("{shown} of {count} lines").format(shown=format_number(shown), count=format_number(every))


def _rest_label(count: int) -> str:
    text = ngettext("{count} smaller line", "{count} smaller lines", count)
    return text.format(count=format_number(count))


def _total_labeller(comparison: Comparison) -> Callable[[int, int, int], str]:
    statistical = format_number(len(comparison.before.portfolio.codes))

    def label(shown: int, every: int, groups: int) -> str:
        if shown != every:
            text = ngettext("Found: {count} line", "Found: {count} lines", shown)
            return text.format(count=format_number(shown))
        return _("Total, {count} statistical lines").format(count=statistical)

    return label


def rows_of(comparison: Comparison, show: Show) -> Rows:
    """What the table lists and what it leaves out."""
    return comparison.lines if show is Show.LINES else comparison.groups
