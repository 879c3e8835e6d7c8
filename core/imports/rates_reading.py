"""Rows of rates as changes of a scenario, and what is wrong with those that are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from core.case import AddDuty, AnyChange, RateForm, SetRate, SetTotal
from core.case_rules import check_period, check_rate
from core.errors import InputError
from core.i18n import LANGUAGES, _, in_language, pgettext
from core.imports import limits
from core.imports.cleaning import squeezed
from core.imports.columns import Row
from core.imports.findings import Severity
from core.imports.goods import GoodsReader
from core.imports.numbers import parse_percent
from core.imports.plan import Problems, Task, checked_day

_ADDED: Final = ("added", "add", "additional", "+", "추가", "가산", "부가")
_TOTAL: Final = ("total", "all-in", "all in", "floor", "총", "총세율", "합계", "전체", "일괄", "포함")
_ALL: Final = frozenset(map(squeezed, ("all", "all duties", "전체", "모든 관세", "추가관세 전체")))


@dataclass(frozen=True)
class RateRow:
    row: Row
    change: AnyChange


class RatesReader:
    """Makes changes of rows."""

    def __init__(self, task: Task) -> None:
        self.task, self.problems = task, Problems(task)
        choices = task.choices
        self.goods = GoodsReader(task.case, task.pack, make_groups=choices.make_groups, restore=choices.restore_zeros)
        self._duties = _duty_names(task)
        self._added = {squeezed(word) or word for word in (*_ADDED, *_words(RateForm.ADDED))}
        self._total = {squeezed(word) or word for word in (*_TOTAL, *_words(RateForm.TOTAL))}

    def entries(self) -> list[RateRow]:
        """The changes that are not there yet, in the order of the file."""
        there = {replace(change, id="", note="") for change in _scenario_changes(self.task)}
        found: list[RateRow] = []
        for row in self.task.rows():
            change = self._change(row)
            if change is None:
                continue
            bare = replace(change, note="")
            if bare in there:
                self.problems.say(Severity.NOTE, row, "rate", _("The scenario has this change already: left out."))
            elif len(found) == limits.MAX_CHANGES:
                text = _("A scenario takes {limit} changes from one table.").format(limit=limits.MAX_CHANGES)
                self.problems.say(Severity.ERROR, row, "", text, _("Name groups of goods instead of single lines."))
            else:
                self._say_overlap(row, change, found)
                found.append(RateRow(row, change))
            there.add(bare)
        self._say_fractions(found)
        return found

    def _change(self, row: Row) -> AnyChange | None:
        field = "duty"
        made = dict(self.goods.made)
        try:
            duty = self._duty(row["duty"])
            field = "rate"
            if not row["rate"]:
                raise InputError(_("The row has no rate."), remedy=_("Give a rate in per cent."))
            rate = parse_percent(row["rate"], self.task.choices.mark)
            check_rate(rate)
            field = "form"
            form = self._form(row["form"])
            field = "start"
            start = checked_day(row["start"]) if row["start"] else self.task.case.as_of
            field = "until"
            until = checked_day(row["until"]) if row["until"] else None
            check_period(start, until)
            field = "goods"
            lines = self.goods.lines(row["goods"])
            field = "note"
            note = self.problems.text(row, "note")
            if duty:
                return SetRate(start=start, until=until, duty=duty, lines=lines, note=note, rate=rate, form=form)
            field = "duty"
            _check_total(form, lines)
        except InputError as error:
            self.goods.made = made  # no group for a row that is not taken
            self.problems.refuse(row, field, error)
            return None
        return SetTotal(start=start, until=until, lines=lines, note=note, rate=rate)

    def _duty(self, text: str) -> str:
        if not text or squeezed(text) in _ALL or text.strip() == "*":
            return ""
        duty = self._duties.get(squeezed(text))
        if duty is None:
            raise InputError(
                _("There is no duty '{text}'.").format(text=text[:60]),
                remedy=_("Write its name as in Rate scenarios, in English or Korean."),
            )
        return duty

    def _form(self, text: str) -> RateForm:
        wanted = squeezed(text) or text.strip()
        if not text or wanted in self._added:
            return RateForm.ADDED
        if wanted in self._total:
            return RateForm.TOTAL
        raise InputError(
            _("'{text}' says neither added nor total.").format(text=text[:60]),
            remedy=_("Write added (on top of column 1) or total (column 1 counts towards it)."),
        )

    def _say_overlap(self, row: Row, change: AnyChange, found: list[RateRow]) -> None:
        """Of two changes of one duty on the same goods and days the later one wins."""
        for each in found:
            other = each.change
            if (other.duty, other.lines) == (change.duty, change.lines) and _overlap(other, change):
                text = _("Row {row} sets the same duty on the same goods and days: this later row wins.")
                self.problems.say(Severity.WARNING, row, "duty", text.format(row=each.row.place))
                return

    def _say_fractions(self, found: list[RateRow]) -> None:
        """Every rate below 1 %: a column of fractions that lost its per cent format."""
        rates = [each.change.rate for each in found if isinstance(each.change, SetRate | SetTotal) and each.change.rate]
        if rates and max(rates) <= 0.01:
            self.problems.findings.add(
                Severity.WARNING,
                _("No rate is above 1 %: are they fractions?"),
                column=self.task.heading("rate"),
                remedy=_("Rates are read in per cent: format the column as per cent, or multiply by 100."),
            )


def _words(form: RateForm) -> list[str]:
    """The words that our own workbook uses."""
    found = []
    for language in LANGUAGES:
        with in_language(language):
            is_total = form is RateForm.TOTAL
            found.append(pgettext("rate form", "total") if is_total else pgettext("rate form", "added"))
    return found


def _duty_names(task: Task) -> dict[str, str]:
    """Ids of duties by their ids and their names in both languages, those of the scenario's own among them."""
    found: dict[str, str] = {}
    own = [(change.duty, change.title) for change in _scenario_changes(task) if isinstance(change, AddDuty)]
    law = [(duty.id, duty.title) for duty in task.pack.law.file.duties]
    for name, title in (*own, *law):
        found |= {squeezed(word): name for word in (name, title.en, title.ko) if word}
    return found


def _scenario_changes(task: Task) -> tuple[AnyChange, ...]:
    letter = task.choices.scenario
    return next((each.changes for each in task.case.scenarios if each.letter == letter), ())


def _check_total(form: RateForm, lines: str) -> None:
    """Without a duty only a total over all duties makes sense, and only on named goods."""
    if form is not RateForm.TOTAL:
        raise InputError(
            _("The row does not say which duty has the rate."),
            remedy=_("Name the duty, or write total for all duties together."),
        )
    if not lines:
        raise InputError(_("A total over all duties needs goods."), remedy=_("Name an item group or code prefixes."))


def _overlap(one: AnyChange, other: AnyChange) -> bool:
    first = one.until is None or other.start < one.until
    return first and (other.until is None or one.start < other.until)
