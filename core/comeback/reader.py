"""Goes through the inputs of a workbook one by one; what it finds is for core.comeback to hand out."""

from __future__ import annotations

from collections.abc import Iterable

from core.briefing.ids import Entry
from core.briefing.inputs import (
    DUTY,
    LABEL,
    LATER_DAY,
    Kind,
    canonical,
    canonical_text,
    circle_of,
    fingerprint,
    kind_of,
    sort_of,
    value_in,
)
from core.case import Case
from core.comeback.apply import apply
from core.comeback.cells import Workbook
from core.comeback.places import Ids, Table, find_tables
from core.comeback.types import Finding, Proposal
from core.comeback.values import check_length, read_value
from core.comeback.words import field_words, row_words, sheet_of, value_words, what_words
from core.errors import InputError
from core.i18n import _
from core.reference.pack import Pack
from core.text import LocalText


class Reader:
    """Proposals and findings, in the order of the inputs."""

    def __init__(self, book: Workbook, ids: Ids, case: Case, pack: Pack | None) -> None:
        self._book, self._ids, self._case, self._pack = book, ids, case, pack
        self._found = find_tables(book)
        self._said: set[tuple[str, str]] = set()
        self.proposals: list[Proposal] = []
        self.findings: list[Finding] = []

    def read(self) -> None:
        """All rows."""
        rows: dict[str, list[Entry]] = {}
        for entry in self._ids.entries:
            rows.setdefault(entry.row, []).append(entry)
        tables = {sort: self._table(sort) for sort in dict.fromkeys(map(sort_of, rows))}
        for row, entries in rows.items():
            table = tables[sort_of(row)]
            if table is not None:
                self._row(table, row, entries)

    # Where it stands

    def _table(self, sort: str) -> Table | None:
        found, name = self._found.get(sort, []), sheet_of(sort).in_language(self._ids.language)
        if len(found) == 1:
            return found[0]
        if not found:
            self._lost(
                _("The sheet '{sheet}' is gone, or its hidden ids are: nothing of it was read.").format(sheet=name)
            )
            return None
        own = [table for table in found if table.sheet.name == name]
        others = ", ".join(f"'{table.sheet.name}'" for table in found if table not in own)
        if len(own) != 1:
            self._lost(
                _("There are copies of one sheet, {sheets}: none was read. Keep one and choose the file again.").format(
                    sheets=others
                )
            )
            return None
        self._say(_("A copy of a sheet was not read: {sheets}.").format(sheets=others))
        return own[0]

    def _row(self, table: Table, row: str, entries: Iterable[Entry]) -> None:
        places = table.rows.get(row, [])
        if len(places) != 1:
            words = row_words(self._case, row)
            text = _("The row of '{row}' is gone: nothing was read for it.")
            if places:
                text = _("The row of '{row}' is there more than once: none was read.")
            self._lost(text.format(row=self._barrier_title(row) or words), table.sheet.name)
            return
        label = self._beside(table, places[0], LABEL)
        checks = {entry.field: entry.check for entry in entries}
        if LABEL in table.fields and LABEL in checks and not self._same(row, LABEL, label, checks[LABEL]):
            text = _(
                "The row does not say any more what it was written for: it was sorted or changed in part. Not read."
            )
            self._lost(text, table.sheet.where(places[0], table.fields[LABEL][0]))
            return
        before = len(self.proposals)
        for entry in entries:
            if entry.field != LABEL:
                self._input(table, places[0], entry, label)
        self._check_together(before)

    def _barrier_title(self, row: str) -> str:
        if self._pack is None:
            return ""
        return next((str(b.title) for b in self._pack.barriers.barriers if row == f"barrier:{b.id}"), "")

    def _beside(self, table: Table, row: int, field: str) -> str:
        """A text that the workbook has beside the inputs of a row."""
        columns = table.fields.get(field, [])
        return canonical_text(table.sheet.at(row, columns[0]).text) if columns else ""

    # What stands there

    def _input(self, table: Table, row: int, entry: Entry, label: str) -> None:
        columns = table.fields.get(entry.field, [])
        if len(columns) != 1:
            self._column_gone(table, entry, is_twice=bool(columns))
            return
        cell, where = table.sheet.at(row, columns[0]), table.sheet.where(row, columns[0])
        kind = kind_of(entry.row, entry.field)
        if kind is None and not entry.field.startswith(LATER_DAY):
            return  # an input of a later Parley, which has to say so when its meaning is another
        try:
            text = read_value(kind or Kind.DAY, cell, from_1904=self._book.from_1904)
            if self._same(entry.row, entry.field, text, entry.check):
                return
            if kind is None:
                self._say(_("The day shown was changed; the case has no place for it, so it is not read."), where)
                return
            check_length(kind, text)
        except InputError as error:
            self._refuse(error, where)
            return
        self._changed(entry, kind, text, where, (label, self._beside(table, row, DUTY)))

    def _changed(self, entry: Entry, kind: Kind, text: str, where: str, beside: tuple[str, str]) -> None:
        what = what_words(self._case, entry.row, entry.field, *beside)
        if circle_of(entry.row, entry.field) > self._ids.audience:
            self._lost(_("{what}: no input of a workbook for this circle; not read.").format(what=what), where)
            return
        try:
            value = value_in(self._case, entry.row, entry.field)
        except KeyError:
            text = _("{what} was changed in the workbook, but the case has it no more.").format(what=what)
            self._lost(text, where)
            return
        now = canonical(value, self._ids.language)
        if now == text:
            return  # someone typed it into the case already
        self.proposals.append(
            Proposal(
                row=entry.row,
                field=entry.field,
                text=text,
                what=what,
                before=value_words(kind, now),
                after=value_words(kind, text),
                where=where,
                is_conflict=not self._same(entry.row, entry.field, now, entry.check),
                language=self._ids.language,
                note=_note(value, text, self._ids.language),
            )
        )

    def _same(self, row: str, field: str, text: str, check: str) -> bool:
        return fingerprint(self._ids.case_id, row, field, text) == check

    def _check_together(self, first: int) -> None:
        """Take back what a row cannot hold together, with the reason."""
        proposals = self.proposals[first:]
        try:
            apply(self._case, proposals, self._pack)
        except InputError as error:
            del self.proposals[first:]
            for proposal in proposals:
                self._refuse(error, proposal.where)

    # Saying it

    def _say(self, text: str, where: str = "") -> None:
        """Good to know; nothing that was typed is lost."""
        self.findings.append(Finding(text, where))

    def _lost(self, text: str, where: str = "") -> None:
        finding = Finding(text, where, is_refusal=True)
        if finding not in self.findings:  # two tables of one sheet miss it alike
            self.findings.append(finding)

    def _refuse(self, error: InputError, where: str) -> None:
        self._lost(error.message(), where)

    def _column_gone(self, table: Table, entry: Entry, *, is_twice: bool) -> None:
        key = (sort_of(entry.row), entry.field)
        if key in self._said:
            return
        self._said.add(key)
        text = _("The column '{column}' is gone: nothing of it was read.")
        if is_twice:
            text = _("The column '{column}' is there more than once: none was read.")
        self._lost(text.format(column=field_words(entry.row, entry.field) or _("Value")), table.sheet.name)


def _note(value: object, text: str, language: str) -> str:
    """What becomes of the other language of a text."""
    if not isinstance(value, LocalText):
        return ""
    other = value.ko if language == "en" else value.en
    if not other:
        return ""
    if not text:
        return _("The text goes in both languages.")
    return _("The Korean text stays as it is.") if language == "en" else _("The English text stays as it is.")
