"""From results to the columns and lines of the item exposure table. No widgets here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from core.codes import LINE_DIGITS, format_code
from core.exposure import (
    COLUMN_1,
    By,
    Doubt,
    ExposureList,
    Gathering,
    Sums,
    concentration_of,
    exposure_list,
)
from core.i18n import _, ngettext
from core.preference_words import programme_names
from core.quantities import NOT_APPLICABLE, format_number, format_percent
from core.results import Ints, Results
from core.text import LocalText
from gui.table_spec import Bools, Column, Content, Floats, Group, LazyTexts, Look, Parts, Value, matcher

MILLION: Final = 1e-6
PER_CENT: Final = 100.0
CODE_WIDTH: Final = 128
_SAYS_NOTHING: Final = re.compile(r"[,;]?\s*\bnot elsewhere specified\b")


class Show(StrEnum):
    """Which columns stand beside code, description and imports."""

    RATES = "rates"
    CHANGE = "change"
    SHARES = "shares"


@dataclass(frozen=True)
class View:
    """What the user chose to see. compare and selected are letters of scenarios."""

    gathering: Gathering
    show: Show
    compare: str
    selected: str


Namer = Callable[[str], LocalText]


@dataclass(frozen=True, eq=False)
class Wording:
    """The words of one level of the table; they stay while numbers change."""

    keys: Sequence[str]
    codes: Sequence[str]
    names: Sequence[str]  # in the language of now
    notes: Sequence[str]


@dataclass(frozen=True, eq=False)
class Listing:
    """The lines of one gathering and their statistical lines, made once a recalculation."""

    results: Results
    gathering: Gathering
    lines: ExposureList
    parts: ExposureList
    line_of_part: Ints
    words: Wording
    part_words: Wording
    match: Callable[[str], Bools]
    name: Namer

    @property
    def letters(self) -> list[str]:
        return [evaluation.scenario.letter for evaluation in self.results.evaluations]


def make_listing(
    results: Results, gathering: Gathering, name: Namer, line_name: Namer, previous: Listing | None = None
) -> Listing:
    """Work out both levels of the table. `previous` saves what stayed.

    name gives the words of a code, line_name those of the tariff line that a statistical code belongs to.
    """
    old = previous if previous is not None and previous.gathering is gathering else None
    lines = exposure_list(results, gathering, By.TARIFF_LINE, old.lines if old else None)
    parts = exposure_list(results, gathering, By.STATISTICAL_LINE, old.parts if old else None)
    if old is not None and _same_rows(lines, old.lines) and _same_rows(parts, old.parts):
        return replace(old, results=results, lines=lines, parts=parts)
    line_of_part = _line_of_parts(lines, parts)
    names = [_shortened(line_name(code)) for code in _largest_parts(lines, parts, line_of_part)]
    words = Wording(
        keys=[_key(lines, row) for row in range(len(lines.codes))],
        codes=[format_code(code) for code in lines.codes],
        names=[str(text) for text in names],
        notes=_notes(lines),
    )
    searched = [f"{text.en} {text.ko}".casefold() for text in names]
    return Listing(
        results=results,
        gathering=gathering,
        lines=lines,
        parts=parts,
        line_of_part=line_of_part,
        words=words,
        part_words=_wording_of_parts(parts, name),
        match=matcher(searched, lines.codes),
        name=name,
    )


def _same_rows(rows: ExposureList, old: ExposureList) -> bool:
    same_codes = rows.codes is old.codes or rows.codes == old.codes
    return same_codes and rows.parents == old.parents and np.array_equal(rows.parent_of, old.parent_of)


def _line_of_parts(lines: ExposureList, parts: ExposureList) -> Ints:
    place = {key: n for n, key in enumerate(zip(lines.parent_of.tolist(), lines.codes, strict=True))}
    pairs = zip(parts.parent_of.tolist(), parts.codes, strict=True)
    return np.array([place[parent, code[:LINE_DIGITS]] for parent, code in pairs], dtype=np.intp)


def _largest_parts(lines: ExposureList, parts: ExposureList, line_of_part: Ints) -> list[str]:
    """For each tariff line its largest statistical line: its short name says more than the end of a legal path."""
    codes = [""] * len(lines.codes)
    for place in np.argsort(parts.value, kind="stable").tolist():
        codes[int(line_of_part[place])] = parts.codes[place]  # the last to be written is the largest
    return codes


def _key(rows: ExposureList, row: int) -> str:
    return f"{rows.parents[rows.parent_of[row]]}:{rows.codes[row]}"


def _wording_of_parts(parts: ExposureList, name: Namer) -> Wording:
    count = len(parts.codes)
    return Wording(
        keys=LazyTexts(count, lambda row: _key(parts, row)),
        codes=LazyTexts(count, lambda row: format_code(parts.codes[row])),
        names=LazyTexts(count, lambda row: str(_shortened(name(parts.codes[row])))),
        notes=LazyTexts(count, lambda row: _doubt_text(Doubt(int(parts.doubt[row])))),
    )


def _shortened(name: LocalText) -> LocalText:
    """Without the words that say nothing beside a code."""
    if "elsewhere" not in name.en:
        return name
    return LocalText(en=_SAYS_NOTHING.sub("", name.en), ko=name.ko)


def counterpart(letters: Sequence[str], selected: str, compare: str) -> str:
    """The scenario whose change is shown: the selected one, or another where that is the one compared with."""
    others = [letter for letter in letters if letter != compare]
    return selected if selected in others else (others[0] if others else compare)


# Columns


def columns(listing: Listing, view: View) -> tuple[Column, ...]:
    """The columns of a view, in order."""
    head = (
        Column("code", _("Code"), _("HTS-8"), Look.CODE, width=CODE_WIDTH, in_sentence=_("code")),
        Column("description", _("Description"), stretch=True, keeps_end=True, in_sentence=_("description")),
        Column(
            "value",
            _("Imports {year}").format(year=listing.results.portfolio.year),
            _("US$ m"),
            Look.BAR,
            factor=MILLION,
            tip=_("Imports for consumption, customs value"),
            in_sentence=_("imports"),
        ),
    )
    other = counterpart(listing.letters, view.selected, view.compare)
    by_show = {Show.RATES: _rate_columns, Show.CHANGE: _change_columns, Show.SHARES: _share_columns}
    return head + by_show[view.show](listing, view.compare, other)


def _percent(column_id: str, head: str, name: str, chip: str = "", tip: str = "") -> Column:
    return Column(
        column_id,
        head,
        "%",
        Look.NUMBER,
        decimals=1,
        factor=PER_CENT,
        chip=chip,
        tip=tip,
        in_sentence=name,
    )


def _rate_columns(listing: Listing, compare: str, other: str) -> tuple[Column, ...]:
    tip = _("General rate, or the preferential one on the share of value that claims it")
    if names := programme_names(listing.results.portfolio):
        tip += f" ({names})"
    column1 = _percent("column1", _("Column 1"), _("column 1"), tip=tip)
    rates = [
        _percent(f"rate_{letter}", "", _("rate under {letter}").format(letter=letter), letter, _name(listing, letter))
        for letter in listing.letters
    ]
    return (column1, *rates, _duty_column(compare), _deviation_column(other, compare))


def _change_columns(listing: Listing, compare: str, other: str) -> tuple[Column, ...]:
    duties = [replace(_duty_column(letter), head="", chip=letter) for letter in listing.letters]
    head = _("less {letter}").format(letter=compare)
    changes = [
        replace(_deviation_column(letter, compare), head=head, look=Look.NUMBER, chip=letter)
        for letter in listing.letters
        if letter not in (compare, other)
    ]
    return (*duties, *changes, _deviation_column(other, compare))


def _share_columns(listing: Listing, compare: str, other: str) -> tuple[Column, ...]:
    share = _percent("share", _("Of imports"), _("share of imports"))
    duties = [
        _percent(f"share_{letter}", _("of duty"), _("share of duty under {letter}").format(letter=letter), letter)
        for letter in listing.letters
    ]
    return (share, *duties, _duty_column(compare), _deviation_column(other, compare))


def _duty_column(letter: str) -> Column:
    head = _("Duty, {letter}").format(letter=letter)
    name = _("duty under {letter}").format(letter=letter)
    return Column(f"duty_{letter}", head, _("US$ m"), Look.NUMBER, factor=MILLION, in_sentence=name)


def _deviation_column(first: str, second: str) -> Column:
    head = _("Duty, {first} less {second}").format(first=first, second=second)
    name = _("change of duty, {first} less {second}").format(first=first, second=second)
    return Column(f"change_{first}", head, _("US$ m"), Look.DEVIATION, factor=MILLION, plus=True, in_sentence=name)


def _name(listing: Listing, letter: str) -> str:
    return str(listing.results.evaluation(letter).scenario.name)


# Content


def exposure_content(listing: Listing, view: View) -> Content:
    """The whole table."""
    lines, grouped = listing.lines, view.gathering is not Gathering.NOTHING
    return Content(
        columns=columns(listing, view),
        keys=listing.words.keys,
        cells=_cells(listing, lines, view, listing.words),
        match=listing.match,
        groups=tuple(_groups(listing)) if grouped else (),
        group_of=lines.parent_of if grouped else None,
        gather=_gatherer(listing, view),
        size=lines.value if grouped else None,
        parts=_parts(listing, view),
        notes={"column1": listing.words.notes, "value": _value_notes(listing, lines)},
        group_caption=_group_caption,
        rest_label=_rest_label,
        total_label=_total_labeller(listing),
        apart=_apart(listing),
    )


def _cells(listing: Listing, rows: ExposureList, view: View, words: Wording) -> dict[str, Sequence[str] | Floats]:
    """The columns of lines or of their parts."""
    portfolio = listing.results.portfolio
    against = listing.letters.index(view.compare)
    cells: dict[str, Sequence[str] | Floats] = {"value": rows.value, "column1": rows.column1}
    cells["code"], cells["description"] = words.codes, words.names
    cells["share"] = rows.value / portfolio.value.sum()
    rates = rows.rates
    for place, letter in enumerate(listing.letters):
        cells[f"rate_{letter}"] = rates[place]
        cells[f"duty_{letter}"] = rows.duties[place]
        cells[f"change_{letter}"] = rows.duties[place] - rows.duties[against]
        cells[f"share_{letter}"] = _share(rows.duties[place], listing.results.evaluations[place].duty_total)
    return cells


def _share(duties: Floats, whole: float) -> Floats:
    return duties / whole if whole else np.zeros_like(duties)


def _parts(listing: Listing, view: View) -> Parts:
    words = listing.part_words
    cells = _cells(listing, listing.parts, view, words)
    return Parts(
        listing.line_of_part, words.keys, cells, {"column1": words.notes, "value": _value_notes(listing, listing.parts)}
    )


def _gatherer(listing: Listing, view: View) -> Callable[[Ints], Mapping[str, Value]]:
    """Sums of lines by column id."""

    def gather(rows: Ints) -> Mapping[str, Value]:
        cells = _summed(listing, view, listing.lines.sums(rows))
        if listing.gathering is Gathering.DUTY and len(np.unique(listing.lines.parent_of[rows])) > 1:
            return cells | _over_duties(listing, len(rows) == len(listing.lines.codes))
        return cells

    return gather


def _summed(listing: Listing, view: View, sums: Sums) -> dict[str, Value]:
    against = sums.duties[listing.letters.index(view.compare)]
    cells: dict[str, Value] = {
        "value": sums.value,
        "column1": sums.column1,
        "share": sums.value / float(listing.results.portfolio.value.sum()),
    }
    for place, letter in enumerate(listing.letters):
        whole = listing.results.evaluations[place].duty_total
        cells[f"rate_{letter}"] = sums.rates[place]
        cells[f"duty_{letter}"] = sums.duties[place]
        cells[f"change_{letter}"] = sums.duties[place] - against
        cells[f"share_{letter}"] = sums.duties[place] / whole if whole else 0.0
    return cells


def _over_duties(listing: Listing, is_all: bool) -> dict[str, Value]:
    """Goods under several duties count once in a total; in a part of the table the count is not to be had."""
    rated = ["value", "column1", "share", *(f"rate_{letter}" for letter in listing.letters)]
    if not is_all:
        return dict.fromkeys(rated, NOT_APPLICABLE)
    whole = exposure_list(listing.results, Gathering.NOTHING).sums()
    rates = {f"rate_{letter}": whole.rates[place] for place, letter in enumerate(listing.letters)}
    return {"value": whole.value, "column1": whole.column1, "share": 1.0, **rates}


# Words


def _groups(listing: Listing) -> list[Group]:
    return [Group(parent, _group_name(listing, parent)) for parent in listing.lines.parents]


def _group_name(listing: Listing, parent: str) -> str:
    if listing.gathering is Gathering.CHAPTER:
        words = str(listing.name(parent))
        return f"{parent} {words}" if words else _("Chapter {number}").format(number=parent)
    if listing.gathering is Gathering.DUTY:
        titles = {row.duty: str(row.title) for row in listing.results.rate_rows}
        return _("Column 1") if parent == COLUMN_1 else titles.get(parent, parent)
    portfolio = listing.results.portfolio
    return str(portfolio.group_names[portfolio.group_ids.index(parent)])


def _group_caption(shown: int, every: int) -> str:
    if shown == every:
        return ngettext("{count} line", "{count} lines", every).format(count=format_number(every))
    return _("{shown} of {count} lines").format(shown=format_number(shown), count=format_number(every))


def _rest_label(count: int) -> str:
    text = ngettext("{count} smaller line", "{count} smaller lines", count)
    return text.format(count=format_number(count))


def _total_labeller(listing: Listing) -> Callable[[int, int, int], str]:
    statistical = format_number(len(listing.results.portfolio.codes))

    def label(shown: int, every: int, groups: int) -> str:
        if shown != every:
            text = ngettext("Found: {count} line", "Found: {count} lines", shown)
            return text.format(count=format_number(shown))
        if not groups:
            return _("Total, {count} statistical lines").format(count=statistical)
        words = {
            Gathering.GROUP: ngettext("{count} group", "{count} groups", groups),
            Gathering.CHAPTER: ngettext("{count} chapter", "{count} chapters", groups),
        }
        if listing.gathering not in words:
            return _("Total, {count} statistical lines").format(count=statistical)
        parents = words[listing.gathering].format(count=groups)
        return _("Total, {groups}, {count} statistical lines").format(groups=parents, count=statistical)

    return label


def _apart(listing: Listing) -> tuple[tuple[str, Mapping[str, Value]], ...]:
    label = _("Chapters 98 and 99: no rate, in no sum")
    return ((label, {"value": listing.results.portfolio.unrated_value}),)


def _notes(rows: ExposureList) -> list[str]:
    texts = {int(doubt): _doubt_text(Doubt(int(doubt))) for doubt in np.unique(rows.doubt)}
    return [texts[doubt] for doubt in rows.doubt.tolist()]


def _value_notes(listing: Listing, rows: ExposureList) -> Sequence[str]:
    """Where some of a value is the delegation's own figure."""
    words = listing.results.portfolio.own.words
    return LazyTexts(len(rows.codes), lambda row: words if int(rows.doubt[row]) & Doubt.OWN_VALUE else "")


def _doubt_text(doubt: Doubt) -> str:
    """Why column 1 is an inference."""
    texts = {
        Doubt.NO_RATE: _("No rate can be had for some of the value: a specific duty without enough trade to infer it."),
        Doubt.EQUIVALENT: _("Ad valorem equivalent of a specific duty, inferred from duty collected."),
        Doubt.INFERRED_USE: _("Use of the preference is inferred from duty collected, not reported."),
        Doubt.DEFAULT_USE: _("Use of the preference is the assumed share: the data do not show it."),
    }
    return "\n".join(text for flag, text in texts.items() if flag in doubt)


def concentration_text(listing: Listing, letter: str) -> str:
    """How far the duty of a scenario hangs on few tariff lines."""
    found = concentration_of(listing.lines.duties[listing.letters.index(letter)])
    return _(
        "Duty under {letter}: the five largest lines carry {share}, {count} lines carry 80 %; Herfindahl index {index}."
    ).format(
        letter=letter,
        share=format_percent(found.top_five_share, 1),
        count=format_number(found.rows_for_80_percent),
        index=format_number(found.herfindahl, 3),
    )
