"""What all sheets of one briefing share: the case as this audience may see it, its model, and where things stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from core.audience import Audience
from core.briefing.formulas import ChangeCells
from core.briefing.ids import Ledger
from core.briefing.model import Model, RateClass, View
from core.briefing.writer import Book, Sheet, column_name
from core.case import Case
from core.reference.pack import Pack
from core.text import LocalText

# Excel takes no sheet name over 31 characters. Formulas carry these names, so they are not left to a catalogue.
COVER = LocalText("Cover", "표지")
SUMMARY = LocalText("Summary", "요약")
RATES = LocalText("Rate scenarios", "세율 시나리오")
ITEMS = LocalText("Item exposure", "품목별 영향")
LINES = LocalText("Line detail", "세번별 상세")
PARTNERS = LocalText("Partners", "상대국 비교")
BARRIERS = LocalText("Barrier checklist", "비관세장벽 점검표")
ASSUMPTIONS = LocalText("Assumptions", "가정")
SOURCES = LocalText("Sources", "출처")
IDS = LocalText("Ids", "식별자")


@dataclass(frozen=True)
class LineColumns:
    """The columns of the Line detail and the ranges that other sheets add up; rows and columns from 0."""

    sheet: Sheet
    first_row: int
    rows: int
    classes: int
    told_apart: int  # classes with a column more, for the part that claims the preference
    scenarios: int
    views: int

    CODE, NAME, GROUP, VALUE, COLUMN1, FIRST_RATE = range(6)

    def rate(self, view: View, scenario: int) -> int:
        """The column of a scenario's total on a day; the first day's stand beside their duties."""
        if view.number == 1:
            return self.FIRST_RATE + 2 * scenario
        return self.FIRST_RATE + view.number * self.scenarios + scenario

    def duty(self, scenario: int) -> int:
        """The column of a scenario's duty on the first day."""
        return self.FIRST_RATE + 2 * scenario + 1

    @property
    def mfn(self) -> int:
        """The first column behind the results: from here on stands what they are made of."""
        return self.FIRST_RATE + (self.views + 1) * self.scenarios

    @property
    def preferential(self) -> int:
        return self.mfn + 1

    @property
    def used(self) -> int:
        """The share of value that claims the preference."""
        return self.mfn + 2

    @property
    def claimed(self) -> int:
        """Column 1 that counts towards a total on the part that claims the preference."""
        return self.mfn + 3

    @property
    def unclaimed(self) -> int:
        """Column 1 that counts towards a total on the rest."""
        return self.mfn + 4

    @property
    def group_number(self) -> int:
        """The item group as a number: two groups may bear one name, and a name may look like a condition."""
        return self.mfn + 5

    def claim(self, kind: RateClass) -> int:
        """The column of a class's share of value."""
        return self.mfn + 6 + kind.place

    def claim_claimed(self, kind: RateClass) -> int:
        """The column of a class's share of the part that claims the preference."""
        return self.claim(kind) if kind.claimed_place < 0 else self.mfn + 6 + self.classes + kind.claimed_place

    @property
    def last(self) -> int:
        """The last column."""
        return self.mfn + 5 + self.classes + self.told_apart

    def range(self, column: int) -> str:
        """All lines of a column, as other sheets refer to them."""
        name = column_name(column)
        last = self.first_row + self.rows
        return f"{self.sheet.quoted}!${name}${self.first_row + 1}:${name}${last}"

    @property
    def last_row(self) -> int:
        return self.first_row + self.rows - 1


@dataclass(frozen=True)
class Sleeping:
    """A suspended rate: its figures, and the cells of the whole rate, the part in force, the rest, and the day."""

    title: str
    whole: float
    in_force: float
    until: date
    whole_cell: str
    in_force_cell: str
    rest_cell: str
    until_cell: str


@dataclass
class Places:
    """Addresses that one sheet leaves for the others."""

    default_use: dict[int, str] = field(default_factory=dict)  # by place among the portfolio's defaults
    typed_use: dict[str, str] = field(default_factory=dict)  # by code prefix
    listed_use: dict[str, str] = field(default_factory=dict)  # by list of goods
    days: dict[int, str] = field(default_factory=dict)  # by view
    averages: dict[tuple[int, int], str] = field(default_factory=dict)  # by view and scenario
    duties: dict[tuple[int, int], str] = field(default_factory=dict)
    changes: dict[tuple[int, int], ChangeCells] = field(default_factory=dict)  # by scenario and place
    groups: dict[tuple[int, int], str] = field(default_factory=dict)  # ranges: duties by group, by view and scenario
    group_names: dict[int, str] = field(default_factory=dict)  # ranges by view
    sleeping: list[Sleeping] = field(default_factory=list)
    chart: tuple[str, int, int] = ("", 0, 0)  # sheet, first row, last row of the points
    barrier_areas: str = ""  # ranges
    barrier_states: str = ""
    others_law: tuple[str, ...] = ()  # instruments behind the rates of other partners


@dataclass(frozen=True)
class Brief:
    """One briefing in the making."""

    case: Case
    audience: Audience
    pack: Pack
    model: Model
    book: Book
    sheets: dict[LocalText, Sheet]
    places: Places
    lines: LineColumns
    ledger: Ledger

    def sheet(self, name: LocalText) -> Sheet:
        return self.sheets[name]


def limit_name(letter: str, place: int, view: View) -> str:
    """The defined name of a cap or a total of a scenario on a day."""
    return f"limit_{letter}{view.number}.n{place + 1}"
