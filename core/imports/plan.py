"""What an import would do: each change in words, every finding, and one edit that is made only when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.case import Case
from core.errors import Cancelled, InputError
from core.i18n import N_, _
from core.imports.cleaning import looks_like_formula
from core.imports.columns import Fields, Mapped, Row, headings, rows
from core.imports.findings import Findings, Severity
from core.imports.limits import CHECK_EVERY
from core.imports.numbers import Mark
from core.imports.sheet import IsCancelled, Progress, Sheet
from core.reference.pack import Pack

_LONGEST: Final = 5_000  # characters of a text
UNITS: Final = {1: N_("US$"), 1_000: N_("thousand US$"), 1_000_000: N_("million US$")}


@dataclass(frozen=True)
class Choices:
    """What the user decides beside the columns.

    unit: US$ in one unit of the value. year, source, instead: of trade figures; instead: those of the case go.
    scenario: letter of the one that takes the changes, "" for a new one of this name. make_groups: an item group for
    code prefixes that no group of the case stands for.
    """

    mark: Mark = Mark.POINT
    restore_zeros: bool = False
    unit: int = 1
    year: int = 0
    source: str = ""
    instead: bool = False
    scenario: str = ""
    scenario_name: str = ""
    make_groups: bool = False


@dataclass(frozen=True)
class PlannedChange:
    """One thing that would change: what, from what, to what."""

    row: int
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Plan:
    """What the table comes to. summary: whole sentences about all of it together."""

    title: str  # names the edit in the undo list
    changes: tuple[PlannedChange, ...]
    findings: Findings
    edit: Callable[[Case], Case]
    summary: tuple[str, ...] = ()

    def apply(self, case: Case) -> Case:
        """The case with all changes made; InputError when it has become another since the plan was made."""
        return self.edit(case) if self.changes else case


@dataclass(frozen=True)
class Task:
    """All that a plan is made from. header: position of the row of headings."""

    case: Case
    pack: Pack
    sheet: Sheet
    header: int
    columns: Mapped
    choices: Choices
    progress: Progress = lambda done: None
    cancelled: IsCancelled = lambda: False

    def rows(self) -> Iterator[Row]:
        """The rows below the headings, with progress; Cancelled when asked to stop."""
        whole = max(1, len(self.sheet.rows))
        for number, row in enumerate(rows(self.sheet, self.header, self.columns)):
            if number % CHECK_EVERY == 0:
                if self.cancelled():
                    raise Cancelled
                self.progress(number / whole)
            yield row

    def heading(self, field: str) -> str:
        """What the column of a field is called in the file."""
        column = self.columns.get(field, -1)
        return headings(self.sheet, self.header)[column] if 0 <= column < self.sheet.width else ""


@dataclass(frozen=True)
class Target:
    """Something that can be imported. hint: one sentence of what it does, marked for translation as is title."""

    id: str
    title: str
    hint: str
    fields: Fields
    plan: Callable[[Task], Plan]

    @property
    def label(self) -> str:
        return _(self.title)

    @property
    def explanation(self) -> str:
        return _(self.hint)


class Problems:
    """Findings about the rows of one task, with the headings of the file."""

    def __init__(self, task: Task) -> None:
        self.findings = Findings()
        self._headings = {field: task.heading(field) for field in task.columns}

    def refuse(self, row: Row, field: str, error: InputError) -> None:
        """The row cannot be taken, for this reason."""
        what = " ".join(part for part in (error.what, error.why) if part)
        self.say(Severity.ERROR, row, field, what, error.remedy)

    def text(self, row: Row, field: str) -> str:
        """A text for the case; InputError for one that is too long."""
        text = row.text(field)
        if len(text) > _LONGEST:
            raise InputError(
                _("The text has {count:,} characters; {limit:,} are taken.").format(count=len(text), limit=_LONGEST),
                remedy=_("Shorten it."),
            )
        if looks_like_formula(text):
            what = _("The text begins like a formula; it is kept as text and never worked out.")
            self.say(Severity.WARNING, row, field, what)
        return text

    def say(self, severity: Severity, row: Row, field: str, what: str, remedy: str = "") -> None:
        self.findings.add(severity, what, row=row.place, column=self._headings.get(field, ""), remedy=remedy)


def check_columns(task: Task, target_fields: Fields) -> None:
    """Every field that has to be there has a column."""
    missing = [field.label for field in target_fields if field.is_required and field.id not in task.columns]
    if missing:
        raise InputError(
            _("No column is chosen for {fields}.").format(fields=", ".join(missing)),
            remedy=_("Choose the column that holds it."),
        )


def checked_day(text: str) -> date:
    """A day of a table: year first, with hyphens, dots, slashes or in eight digits."""
    from core.case_rules import check_day
    from core.quantities import parse_date

    bare = text.strip().removesuffix("00:00:00").rstrip(" T")
    if len(bare) == 8 and bare.isdecimal() and bare.isascii():
        bare = f"{bare[:4]}-{bare[4:6]}-{bare[6:]}"
    day = parse_date(bare)
    check_day(day)
    return day
