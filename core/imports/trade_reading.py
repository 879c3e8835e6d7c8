"""Rows of trade figures: what can be taken, and what is wrong with the rest."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from core.case import TradeOverride
from core.case_rules import check_trade_figure
from core.codes import LINE_DIGITS, STATISTICAL_DIGITS, format_code
from core.errors import InputError
from core.i18n import _
from core.imports.codes import read_code
from core.imports.columns import Row
from core.imports.findings import Severity
from core.imports.numbers import parse
from core.imports.plan import Problems, Task
from core.own_trade import lines_of
from core.quantities import NOT_APPLICABLE


@dataclass(frozen=True)
class FigureRow:
    """A figure and the row it came from."""

    row: Row
    figure: TradeOverride


class TradeReader:
    """Makes figures of rows, and findings of what is wrong with them."""

    def __init__(self, task: Task) -> None:
        self.task, self.problems = task, Problems(task)
        self.imports = task.pack.trade.imports(task.case.partner)

    def figures(self) -> dict[str, FigureRow]:
        """By code; a code that comes twice is taken once."""
        found: dict[str, FigureRow] = {}
        for row in self.task.rows():
            figure = self._figure(row)
            if figure is None:
                continue
            if first := found.get(figure.code):
                text = _("{code} is there twice, first in row {row}.")
                text = text.format(code=format_code(figure.code), row=first.row.place)
                self._leave_out(row, "code", text, _("Add the rows up in the file, or delete one."))
            else:
                found[figure.code] = FigureRow(row, figure)
        return self._without_wholes(found)

    def _figure(self, row: Row) -> TradeOverride | None:
        field = "code"
        try:
            code = self._code(row)
            field = "value"
            value = self._money(row, "value")
            if value is None:
                raise InputError(_("The row has no value."), remedy=_("Type 0 where nothing was traded."))
            field = "duty"
            duty = self._money(row, "duty")
            field = "year"
            year = self._year(row)
            field = "source"
            figure = TradeOverride(
                code, value, year, self.problems.text(row, "source") or self.task.choices.source, duty
            )
            check_trade_figure(figure)
        except InputError as error:
            self.problems.refuse(row, field, error)
            return None
        return figure

    def _code(self, row: Row) -> str:
        """Eight or ten digits that the schedule has."""
        if not row["code"]:
            raise InputError(
                _("The row has no code; it may be a total."), remedy=_("If it is one, nothing needs to be done.")
            )
        found = read_code(row["code"], restore=self.task.choices.restore_zeros)
        code = found.digits
        if len(code) < LINE_DIGITS:
            raise InputError(
                _("{code} covers several tariff lines.").format(code=format_code(code)),
                remedy=_("Give the figure by lines of 8 or 10 digits."),
            )
        if int(self.task.pack.schedule.position([code])[0]) < 0:
            raise InputError(
                _("The schedule has no line {code}.").format(code=format_code(code)),
                why=_("It is the US schedule; Korean codes of ten digits differ from it after the sixth."),
                remedy=_("Give the US code of 8 or 10 digits."),
            )
        if found.restored:
            text = _("A leading zero was put back: {before} is read as {after}.")
            self._note(row, "code", text.format(before=row["code"], after=format_code(code)))
        return self._resolved(row, code)

    def _resolved(self, row: Row, code: str) -> str:
        """Ten digits that end in 00 stand for the whole line where the pack splits it otherwise."""
        if len(code) == LINE_DIGITS or not code.endswith("00") or len(lines_of(self.imports, code)):
            return code
        if not len(lines_of(self.imports, code[:LINE_DIGITS])):
            return code
        text = _("{code} is no statistical line of the trade: read as the tariff line {line}.")
        self._note(row, "code", text.format(code=format_code(code), line=format_code(code[:LINE_DIGITS])))
        return code[:LINE_DIGITS]

    def _money(self, row: Row, field: str) -> Decimal | None:
        text = row[field]
        if not text or text in ("-", NOT_APPLICABLE, "n/a", "N/A"):
            return None
        amount = parse(text, self.task.choices.mark)
        if amount < 0:
            raise InputError(_("A value cannot be negative."), remedy=_("Give US$ of the year, 0 or more."))
        return amount * self.task.choices.unit

    def _year(self, row: Row) -> int:
        text = row["year"].strip().removesuffix("년")
        if not text:
            return self.task.choices.year or self.imports.year
        if not (text.isdecimal() and text.isascii() and len(text) == 4):
            raise InputError(_("'{text}' is not a year.").format(text=text[:20]), remedy=_("Give four digits."))
        return int(text)

    def _without_wholes(self, found: dict[str, FigureRow]) -> dict[str, FigureRow]:
        """A tariff line that is also given by its statistical lines would count twice."""
        split = {code[:LINE_DIGITS] for code in found if len(code) == STATISTICAL_DIGITS}
        for line in sorted(split & found.keys()):
            text = _("{code} is given as a whole here and by its statistical lines in other rows.")
            remedy = _("Keep one of the two, or the value counts twice.")
            self._leave_out(found.pop(line).row, "code", text.format(code=format_code(line)), remedy)
        return found

    def _leave_out(self, row: Row, field: str, what: str, remedy: str) -> None:
        self.problems.say(Severity.ERROR, row, field, what, remedy)

    def _note(self, row: Row, field: str, what: str) -> None:
        self.problems.say(Severity.NOTE, row, field, what)
