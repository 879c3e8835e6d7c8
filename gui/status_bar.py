"""The status bar: which data, which law, which values, whether it is calculated and saved."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QStatusBar, QWidget

from core.i18n import _
from core.quantities import format_date
from gui import theme
from gui.session import Session
from gui.tool_bar import IconLabel
from gui.widgets import Words


class StatusBar(QStatusBar):
    """Captions that follow the session."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self.setSizeGripEnabled(False)
        self.setFixedHeight(theme.STATUS_BAR_HEIGHT)
        self.setContentsMargins(theme.S8, 0, theme.S8, 0)
        self.pack, self.law, self.values, self.offline = (self._caption() for _place in range(4))
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

    def _on_results_changed(self, _results: object) -> None:
        results, took = self._session.results, self._session.calculation_ms
        if results is None:
            return
        self.values.setText(
            _("Values: imports of {year} for consumption, customs value, US$").format(year=results.portfolio.year)
        )
        self.values.setToolTip(results.portfolio.own.words)
        if results.portfolio.own:
            self.values.setText(self.values.text() + " · " + _("own figures"))
        if took is not None:
            self.calculation.setText(_("Calculated in {count} ms").format(count=round(took)))

    def _on_busy_changed(self, busy: bool) -> None:
        if busy:
            self.calculation.setText(_("Calculating…"))
        else:
            self._on_results_changed(self._session.results)

    def _on_key_changed(self, key: object) -> None:
        self.encrypted.setVisible(key is not None)

    def _on_saved_changed(self, saved: bool) -> None:
        self.saved.setText(_("Saved") if saved else _("Not saved"))
