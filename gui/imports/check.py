"""The last step of the import wizard: every change, every finding, before anything happens."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from core.i18n import _, ngettext
from core.imports.findings import Finding, Severity
from core.imports.plan import Plan, PlannedChange
from core.quantities import NOT_APPLICABLE, format_number
from gui import theme
from gui.imports.tables import changes_content, findings_content
from gui.table_view import DataTable
from gui.widgets import Words


class CheckPage(QWidget):
    """What would change and what was found; what is current in full below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._findings: list[Finding] = []
        self._changes: tuple[PlannedChange, ...] = ()
        self.summary = Words(wrap=True)
        self.changes_title, self.findings_title = Words(role="heading"), Words(role="heading")
        self.changes = DataTable(_("What changes"))
        self.findings = DataTable(_("What was found"))
        self.changes.view.moved.connect(self._on_change)
        self.findings.view.moved.connect(self._on_finding)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        for title, table in ((self.changes_title, self.changes), (self.findings_title, self.findings)):
            self.splitter.addWidget(_titled(title, table))
        self.splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.S12)
        column.addWidget(self.summary)
        column.addWidget(self.splitter, 1)

    def show_plan(self, plan: Plan) -> None:
        """All of it; announces nothing."""
        self._findings, self._changes = list(plan.findings), plan.changes
        left_out = plan.findings.count(Severity.ERROR)
        sentences = [*plan.summary]
        if left_out:
            text = ngettext("{count} row is left out.", "{count} rows are left out.", left_out)
            sentences.append(text.format(count=format_number(left_out)))
        self.summary.setText(" ".join(sentences))
        self.summary.setVisible(bool(sentences))
        changes = ngettext("{count} change", "{count} changes", len(plan.changes))
        text = changes if plan.changes else _("Nothing would change")
        self.changes_title.setText(text.format(count=format_number(len(plan.changes))))
        self.changes.set_content(changes_content(plan.changes))
        self.findings_title.setText(_findings_words(plan))
        self.findings.set_content(findings_content(self._findings))
        for table in (self.changes, self.findings):
            table.set_foot("")
        self.splitter.widget(1).setVisible(bool(self._findings))
        self.splitter.setSizes([3000, 2000] if plan.changes else [1000, 4000])

    def _on_change(self, row: int, _column: str) -> None:
        change = self._changes[int(self.changes.model.key_at(row))]
        self.changes.set_foot(f"{change.what}: {change.before or NOT_APPLICABLE} → {change.after or NOT_APPLICABLE}")

    def _on_finding(self, row: int, _column: str) -> None:
        finding = self._findings[int(self.findings.model.key_at(row))]
        self.findings.set_foot(" ".join(part for part in (finding.what, finding.remedy) if part))


def _findings_words(plan: Plan) -> str:
    def words(severity: Severity) -> str:
        count = plan.findings.count(severity)
        text = {
            Severity.ERROR: ngettext("{count} row left out", "{count} rows left out", count),
            Severity.WARNING: ngettext("{count} point to check", "{count} points to check", count),
            Severity.NOTE: ngettext("{count} note", "{count} notes", count),
        }[severity]
        return text.format(count=format_number(count)) if count else ""

    parts = [words(severity) for severity in Severity]
    if plan.findings.dropped:
        parts.append(_("the first {count} shown").format(count=format_number(len(plan.findings))))
    return " · ".join(part for part in parts if part)


def _titled(title: Words, table: DataTable) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, theme.S4)
    column.setSpacing(theme.S4)
    column.addWidget(title)
    column.addWidget(table, 1)
    return box
