"""The table of what a workbook brings back: the choice, what changes, both values, the cell, and what to know."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Final

from core.i18n import _
from gui.cell_painting import GUTTER
from gui.table_spec import Column, Content, Look, matcher

if TYPE_CHECKING:
    from core.comeback import Proposal

_CHOICE_WIDTH: Final = 140
_WHERE_WIDTH: Final = 176


def changes_content(changes: Sequence[Proposal], taken: Collection[int]) -> Content:
    """taken: places of the changes that are chosen. The key of a row is the place of its change."""
    cells: dict[str, Sequence[str]] = {
        "choice": [choice_words(change, is_taken=place in taken) for place, change in enumerate(changes)],
        "what": [change.what for change in changes],
        "now": [_one_line(change.before) for change in changes],
        "book": [_one_line(change.after) for change in changes],
        "where": [change.where for change in changes],
    }
    columns = [
        Column("choice", _("Choice"), width=GUTTER + _CHOICE_WIDTH),
        Column("what", _("What changes"), stretch=True, keeps_end=True),
        Column("now", _("In the case"), look=Look.MUTED, stretch=True),
        Column("book", _("In the workbook"), stretch=True),
        Column("where", _("Cell"), look=Look.MUTED, width=_WHERE_WIDTH, keeps_end=True),
    ]
    words = [" ".join(texts).casefold() for texts in zip(*cells.values(), strict=True)]
    keys = [str(place) for place in range(len(changes))]
    return Content(columns=tuple(columns), keys=keys, cells=cells, match=matcher(words), named_by="what")


def choice_words(change: Proposal, *, is_taken: bool) -> str:
    """Whose value stands afterwards; a conflict says that it is one."""
    choice = _("✓ the workbook's") if is_taken else _("the case's")
    return _("{choice} · conflict").format(choice=choice) if change.is_conflict else choice


def notes_of(change: Proposal) -> str:
    """What a person should know before choosing."""
    conflict = _("Changed on both sides since the workbook was written: choose.") if change.is_conflict else ""
    return " ".join(part for part in (conflict, change.note) if part)


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())
