"""The status bar: which data, which law, which values, whether it is calculated and saved."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStatusBar, QWidget

from core.i18n import _
from core.quantities import format_date
from gui import theme
from gui.session import Session
from gui.tool_bar import IconLabel
from gui.widgets import Words

_ROOMY: Final = 1320  # below this width the long words do not fit


class StatusBar(QStatusBar):
    """Captions that follow the session."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setSizeGripEnabled(False)
        self.setFixedHeight(theme.STATUS_BAR_HEIGHT)
        self.setContentsMargins(theme.S8, 0, theme.S8, 0)
        self.pack, self.law, self.coverage, self.values, self.offline = (self._caption() for _place in range(5))
        self.calculation = self._caption(right=True)
        self.encrypted = self._make_lock()
        self.saved = self._caption(right=True)
        self.offline.setText(_("offline"))
        self.offline.setToolTip(_("Parley opens no network connection."))
        session.case_changed.connect(self._on_case_changed)
        session.results_changed.connect(self._on_results_changed)
        session.pack_loaded.connect(self._on_pack_loaded)
        session.busy_changed.connect(self._on_busy_changed)
        session.saved_changed.connect(self._on_saved_changed)
        session.key_changed.connect(self._on_key_changed)
        self.refresh()

    def _caption(self, *, right: bool = False) -> Words:
        made = Words(role="caption", muted=True, parent=self)
        made.setContentsMargins(theme.S4, 0, theme.S8, 0)
        if right:
            self.addPermanentWidget(made)
        else:
            self.addWidget(made)
        return made

    def _make_lock(self) -> QWidget:
        """The mark of an encrypted case: a lock and the word."""
        made = QWidget(self)
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, theme.S8, 0)
        row.setSpacing(theme.S4)
        row.addWidget(IconLabel("lock"))
        row.addWidget(Words(_("Encrypted"), "caption", muted=True))
        made.setToolTip(_("The file of this case is encrypted and opens with its password only."))
        self.addPermanentWidget(made)
        return made

    def refresh(self) -> None:
        self._on_pack_loaded(self._session.pack)
        self._on_case_changed(set())
        self._on_results_changed(self._session.results)
        self._on_saved_changed(self._session.is_saved)
        self._on_key_changed(self._session.key)

    def _on_pack_loaded(self, _pack: object) -> None:
        self._show_coverage()
        pack = self._session.pack
        if pack is None:
            self.pack.setText(_("Loading reference pack…"))
            return
        from core.reference.schedule import SCHEDULE_FILE  # numpy comes with it: not before the first paint

        day = format_date(date.fromisoformat(pack.info(SCHEDULE_FILE).date))
        self.pack.setText(
            _("Reference pack {edition} · schedule of {day} · hash verified").format(
                edition=pack.manifest.edition, day=day
            )
        )

    def _on_case_changed(self, _fields: set[str]) -> None:
        day = format_date(self._session.case.known_to)
        self.law.setText(_("Law known to {day}").format(day=day))
        self._show_coverage()

    def _show_coverage(self) -> None:
        """How far the pack holds the law on the goods of the case's own partner, as known and on the day shown."""
        case, pack = self._session.case, self._session.pack
        if pack is None or case.partner not in pack.partners:
            self.coverage.setText("")
            return
        from core.law_coverage import level_note, level_words  # as above: not before the first paint

        partner = pack.partners.get(case.partner)
        level = pack.law.coverage_level(partner.iso2, partner.union)
        missing = pack.law.missing(partner.iso2, partner.union, case.known_to, case.as_of)
        self.coverage.setText(_("Law on {partner}: {level}").format(partner=partner.name, level=level_words(level)))
        lines = [level_note(level), *(_("Missing: {what}.").format(what=what) for what in missing)]
        self.coverage.setToolTip("\n".join(lines))

    def _on_results_changed(self, _results: object) -> None:
        results, took = self._session.results, self._session.calculation_ms
        if results is None:
            return
        self._show_values()
        if took is not None:
            self.calculation.setText(_("Calculated in {count} ms").format(count=round(took)))

    def _show_values(self) -> None:
        """What the values are; in a narrow window in few words, and the tool tip has all of them."""
        results = self._session.results
        if results is None:
            return
        own, year = results.portfolio.own, results.portfolio.year
        long = _("Values: imports of {year} for consumption, customs value, US$").format(year=year)
        is_narrow = self.width() < _ROOMY
        text = _("Values: imports of {year}, US$").format(year=year) if is_narrow else long
        self.values.setText(f"{text} · {_('own figures')}" if own else text)
        self.values.setToolTip("\n".join(filter(None, (long if is_narrow else "", own.words))))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_values()

    def _on_busy_changed(self, busy: bool) -> None:
        if busy:
            self.calculation.setText(_("Calculating…"))
        else:
            self._on_results_changed(self._session.results)

    def _on_key_changed(self, key: object) -> None:
        self.encrypted.setVisible(key is not None)

    def _on_saved_changed(self, saved: bool) -> None:
        self.saved.setText(_("Saved") if saved else _("Not saved"))
