"""The program around the window: options, settings, language, theme, and what to do with an unexpected error."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from core import casefile, i18n
from core.case import Case
from core.errors import ParleyError
from core.i18n import _
from gui import settings, theme
from gui.garbage import Collector
from gui.main_window import MainWindow
from gui.session import Session
from gui.warm_up import WarmUp

# Hands the interpreter to the window every millisecond while a worker calculates: it never stutters.
SWITCH_INTERVAL = 0.001


def options(arguments: Sequence[str]) -> argparse.Namespace:
    """The options of the window; exits with 2 when they cannot be taken."""
    parser = argparse.ArgumentParser(
        prog="parley",
        description=_("Opens the window, with a case if one is named."),
        epilog=_(
            "Without a window: parley duty, average, timeline, changes, brief, reference. "
            "Each explains itself with --help."
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

    def _on_colour_scheme(self, _scheme: Qt.ColorScheme) -> None:
        if theme.mode() is theme.Mode.SYSTEM:
            theme.apply(self._qt, theme.Mode.SYSTEM)

    def _on_gone(self) -> None:
        self.warm_up.stop()
        self.session.close()
        self._qt.quit()


def import_pages() -> None:
    """The first table takes a moment to import."""
    import gui.table_view  # noqa: F401


def first_case(path: Path | None) -> tuple[Case, Path | None, ParleyError | None]:
    """The case asked for, else the one that Parley comes with; and what stood against the one asked for."""
    if path is None:
        return casefile.default_case(), None, None
    try:
        return casefile.load(path), path, None
    except ParleyError as error:
        return casefile.default_case(), None, error


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
    case, path, refused = first_case(chosen.case)
    app = App(qt, Session(case, path=path))
    sys.excepthook = CrashGuard(app)
    app.window.painted.connect(app.keep_quick)
    if chosen.measure_first_paint:
        app.window.painted.connect(_leave_after_paint)
    else:
        app.window.painted.connect(app.session.start)
    if refused is not None:
        _say_refused(app, refused)
    app.show()
    return qt.exec()


def _say_refused(app: App, error: ParleyError) -> None:
    from gui.dialogs import show_error

    app.window.painted.connect(lambda: show_error(app.window, error))


def _leave_after_paint() -> None:
    """For the measurement: say that the window is painted and end at once."""
    print("painted", flush=True)
    os._exit(0)
