"""The program around the window: options, settings, language, theme, and what to do with an unexpected error."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from core import casefile, i18n
from core.case import Case
from core.casefile.owner import Claim, Owner
from core.errors import NeedsPassword, ParleyError
from core.i18n import _
from gui import settings, theme
from gui.case_opening import claim_file
from gui.commands import COMMANDS
from gui.garbage import Collector
from gui.main_window import MainWindow
from gui.session import Session
from gui.warm_up import WarmUp

if TYPE_CHECKING:
    from gui.recovery import Keeper

# Hands the interpreter to the window every millisecond while a worker calculates: it never stutters.
SWITCH_INTERVAL = 0.001


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the window; exits with 2 when they cannot be taken."""
    parser = argparse.ArgumentParser(
        prog="parley",
        description=_("Opens the window, with a case if one is named."),
        epilog=_("Without a window: parley {commands}. Each explains itself with --help.").format(
            commands=", ".join(COMMANDS)
        ),
    )
    parser.add_argument("case", nargs="?", type=Path, metavar="CASE.parley")
    parser.add_argument("--lang", choices=i18n.LANGUAGES)
    parser.add_argument("--theme", choices=[mode.value for mode in theme.Mode])
    parser.add_argument("--measure-first-paint", action="store_true")
    return parser.parse_args(list(arguments))


class App:
    """Owns the session and the window of the moment; a new language makes a new window around the same session."""

    def __init__(self, qt: QApplication, session: Session) -> None:
        self._qt, self.session = qt, session
        self.keeper: Keeper | None = None
        self.asks_for_author = False
        self.window = self._make_window()
        self._collector, self.warm_up = Collector(), WarmUp()
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_colour_scheme)

    def _make_window(self) -> MainWindow:
        window = MainWindow(self.session, self)
        stored = settings.geometry()
        if stored is not None:
            window.restoreGeometry(stored)
        window.gone.connect(self._on_gone)
        window.files.saved.connect(self._on_saved)
        return window

    def show(self) -> None:
        self.window.show()

    def keep_quick(self) -> None:
        """From the first paint on: collect garbage and make pages between the user's actions, not during them."""
        self._collector.start()
        self.session.pack_loaded.connect(self._on_pack_loaded)

    def _on_pack_loaded(self, _pack: object) -> None:
        self._collector.keep()
        self.warm_up.start([import_pages, *(partial(self._make_page, n) for n in range(self.window.tabs.bar.count()))])

    def _make_page(self, place: int) -> None:
        self.window.tab(place)

    def set_language(self, language: str) -> None:
        """Remember it, and show everything in it at once."""
        if language == i18n.language():
            return
        settings.set_language(language)
        i18n.set_language(language)
        theme.apply(self._qt, theme.mode())
        self._renew_window()

    def _renew_window(self) -> None:
        old, geometry, tab = self.window, self.window.saveGeometry(), self.window.current_tab
        self.window = self._make_window()
        self.window.restoreGeometry(geometry)
        self.window.show_tab(tab)
        self.window.show()
        old.dispose()

    def set_theme(self, mode: theme.Mode) -> None:
        settings.set_theme_mode(mode)
        theme.apply(self._qt, mode)

    def set_compact(self, compact: bool) -> None:
        settings.set_compact(compact)
        theme.set_compact(compact)

    def keep_recovery(self) -> None:
        """Unsaved work goes to disk from now on, and what is there from before is offered."""
        from gui import recovery  # after the first paint

        self.keeper = recovery.start(self.session, lambda: self.window)

    def _on_colour_scheme(self, _scheme: Qt.ColorScheme) -> None:
        if theme.mode() is theme.Mode.SYSTEM:
            theme.apply(self._qt, theme.Mode.SYSTEM)

    def _on_saved(self, _path: Path) -> None:
        """After the first saving of all: the moment at which a name beside the changes begins to matter."""
        if self.asks_for_author and not settings.was_asked_for_author() and not self.window.lock.is_locked:
            self.window.ask_author()

    def _on_gone(self) -> None:
        if self.keeper is not None:
            self.keeper.close()
        self.warm_up.stop()
        self.session.close()
        self._qt.quit()


def import_pages() -> None:
    """The first table takes a moment to import."""
    import gui.table_view  # noqa: F401


@dataclass(frozen=True)
class FirstCase:
    """The case asked for, else the one that Parley comes with.

    owner: who else has it open. refused: what stood against it. asked: its file.
    """

    case: Case
    asked: Path | None = None
    path: Path | None = None
    seen: casefile.Seen | None = None
    claim: Claim | None = None
    owner: Owner | None = None
    refused: ParleyError | None = None


def first_case(path: Path | None) -> FirstCase:
    """What the window opens with; an encrypted case is asked for its password once the window is there."""
    if path is None:
        return FirstCase(casefile.default_case())
    try:
        opened = casefile.open_case(path)
    except ParleyError as error:
        return FirstCase(casefile.default_case(), path, refused=error)
    if path.name.endswith("~"):  # the version before opens as a copy
        return FirstCase(opened.case, path)
    note = claim_file(path)
    claim, owner = (note, None) if isinstance(note, Claim) else (None, note)
    return FirstCase(opened.case, path, path, opened.seen, claim, owner)


def log_path() -> Path:
    """Where unexpected errors are noted on this computer."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(folder) / "errors.log"


def crash_report(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Where it happened and of what kind. The error's own words are left out: they may quote the case."""
    frames = traceback.extract_tb(trace)
    lines = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return "\n".join([f"Parley, Python {sys.version.split()[0]}", kind.__name__, *lines])


class CrashGuard:
    """Turns an uncaught error into one dialog and one note in the log, not a cascade of them."""

    def __init__(self, app: App) -> None:
        self._app, self._is_showing = app, False

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        report = crash_report(kind, trace)
        _append(log_path(), report)
        print(report, file=sys.stderr)
        if self._is_showing or issubclass(kind, KeyboardInterrupt):
            return
        from gui.dialogs import show_crash

        self._is_showing = True
        try:
            show_crash(self._app.window, report)
        finally:
            self._is_showing = False


def _append(path: Path, report: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(report + "\n\n")
    except OSError:  # the dialog still shows it
        pass


def run(arguments: Sequence[str]) -> int:
    """Open the window and stay until it is closed; the exit code."""
    chosen = options(arguments)
    sys.setswitchinterval(SWITCH_INTERVAL)
    QApplication.setOrganizationName("Parley")
    QApplication.setApplicationName("Parley")
    qt = QApplication(sys.argv[:1])
    i18n.set_language(chosen.lang or settings.language())
    theme.set_compact(settings.is_compact())
    theme.apply(qt, chosen.theme or settings.theme_mode())
    first = first_case(chosen.case)
    session = Session(first.case, path=first.path, seen=first.seen, author=settings.author)
    session.hold(first.claim)
    app = App(qt, session)
    app.asks_for_author = True
    sys.excepthook = CrashGuard(app)
    app.window.painted.connect(app.keep_quick)
    if chosen.measure_first_paint:
        app.window.painted.connect(_leave_after_paint)
    else:
        app.window.painted.connect(app.session.start)
        app.window.painted.connect(app.keep_recovery)
        app.window.painted.connect(lambda: _once_recovered(app, first))
    app.show()
    return qt.exec()


def _once_recovered(app: App, first: FirstCase) -> None:
    """What else has to be asked at the start waits for the question about unsaved work."""
    if app.keeper is not None and app.keeper.offer is not None:
        app.keeper.offer.done.connect(lambda: _ask_about(app, first))


def _ask_about(app: App, first: FirstCase) -> None:
    """The password of the case asked for, who else has it open, or why it is not there."""
    from gui.dialogs import show_error

    if app.session.case is not first.case:  # unsaved work was opened instead
        return
    if isinstance(first.refused, NeedsPassword) and first.asked is not None:
        app.window.files.open_path(first.asked)
    elif first.refused is not None:
        show_error(app.window, first.refused)
    elif first.owner is not None:
        app.window.files.ask_about_owner(first.owner)


def _leave_after_paint() -> None:
    """For the measurement: say that the window is painted and end at once."""
    print("painted", flush=True)
    os._exit(0)
