"""Law and sources behind one trace: each instrument's citation, date and summary as the pack holds them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QScrollArea, QVBoxLayout, QWidget

from core.codes import format_code
from core.i18n import _
from core.quantities import format_date
from core.reference.law import Instrument, Law
from core.results import Results, Step, Trace
from gui import theme
from gui.tabs.pieces import SidePage, hairline, label


def cited_instruments(results: Results, trace: Trace) -> list[Instrument]:
    """The instruments that the steps of a trace cite, known then, in order of release."""
    law = results.basis.base.law
    cited = " ".join(step.citation for step in trace.steps)
    found = [each for each in law.instruments.values() if each.released <= trace.known and each.cite() in cited]
    return sorted(found, key=lambda each: each.released)


class SourcesDialog(QDialog):
    """A window of text to read and to copy from."""

    def __init__(self, results: Results, trace: Trace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Law and sources for {code}").format(code=format_code(trace.code)))
        self.resize(560, 520)
        page = SidePage()
        page.setAutoFillBackground(True)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        self._text = QVBoxLayout(page)
        self._text.setSpacing(theme.S4)
        self._add_steps(trace)
        self._add_instruments(results.basis.base.law, cited_instruments(results, trace))
        self._text.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(_("Close"))
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.addWidget(area)
        box.addWidget(buttons)

    def _add_steps(self, trace: Trace) -> None:
        self._text.addWidget(label(_("Provisions applied"), "heading"))
        for step in trace.steps:
            self._text.addWidget(label(step.title, bold=step.charged))
            self._text.addWidget(label(step_detail(step), "caption", muted=True))
            self._text.addWidget(hairline())

    def _add_instruments(self, law: Law, instruments: list[Instrument]) -> None:
        if not instruments:
            return
        self._text.addSpacing(theme.S16)
        self._text.addWidget(label(_("Instruments"), "heading"))
        for each in instruments:
            released = _("public since {date}").format(date=format_date(each.released))
            self._text.addWidget(label(str(each.title), bold=True))
            self._text.addWidget(label(f"{each.cite()} · {released}", "caption", muted=True))
            for text in (concerned(law, each), str(each.doubt)):
                if text:
                    self._text.addWidget(label(text, "caption", muted=True))
            self._text.addWidget(hairline())


def concerned(law: Law, instrument: Instrument) -> str:
    """The measures that an instrument changed."""
    ids = dict.fromkeys(change.measure for change in law.changes if change.instrument == instrument.id)
    titles = dict.fromkeys(str(law.measures[each].title) for each in ids if each in law.measures)
    return _("Concerns: {measures}").format(measures="; ".join(titles)) if titles else ""


def step_detail(step: Step) -> str:
    """Heading, citation and words of a step; what the words already say is not said twice."""
    parts = [part for part in (step.heading, step.citation) if part and part not in step.detail]
    return " · ".join([*parts, step.detail] if step.detail else parts)
