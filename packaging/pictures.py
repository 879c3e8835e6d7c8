"""Pictures of the window, tab by tab, for looking at: every language, theme and scale.

    .venv/bin/python packaging/pictures.py FOLDER [--lang en ko] [--theme light dark] [--scale 1 2] [--tab rates]

Runs without a screen. One process a picture, because Qt reads the scale only once.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABS = ("rates", "exposure", "barriers", "partners")
PATIENCE_MS = 30_000


def main() -> int:
    options = _options()
    if options.one:
        return _one_picture(options)
    options.folder.mkdir(parents=True, exist_ok=True)
    wanted = itertools.product(options.lang, options.theme, options.scale, options.tab)
    for language, mode, scale, tab in wanted:
        command = [sys.executable, __file__, str(options.folder), "--one", "--size", *map(str, options.size)]
        command += ["--lang", language, "--theme", mode, "--scale", scale, "--tab", tab]
        if options.as_of:
            command += ["--as-of", options.as_of]
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
        subprocess.run(command, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, check=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lang", nargs="+", default=["en", "ko"])
    parser.add_argument("--theme", nargs="+", default=["light", "dark"])
    parser.add_argument("--scale", nargs="+", default=["1"])
    parser.add_argument("--tab", nargs="+", default=list(TABS), choices=TABS)
    parser.add_argument("--size", nargs=2, type=int, default=[1440, 900])
    parser.add_argument("--as-of", default="")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _one_picture(options: argparse.Namespace) -> int:
    from PySide6.QtCore import QCoreApplication, QTimer
    from PySide6.QtWidgets import QApplication

    from core import edits, i18n
    from core.casefile import default_case
    from core.quantities import parse_date
    from gui import theme
    from gui.app import App
    from gui.session import Session

    QCoreApplication.setOrganizationName("Parley pictures")
    qt = QApplication(sys.argv[:1])
    i18n.set_language(options.lang[0])
    theme.apply(qt, options.theme[0])
    case = default_case()
    if options.as_of:
        case = edits.set_as_of(case, parse_date(options.as_of))
    app = App(qt, Session(case))
    app.window.resize(*options.size)
    app.session.failed.connect(lambda error: print(error, file=sys.stderr))
    app.session.results_changed.connect(lambda _results: QTimer.singleShot(250, shoot))
    QTimer.singleShot(PATIENCE_MS, qt.quit)
    tab, mode, scale = options.tab[0], options.theme[0], options.scale[0]
    target = options.folder / f"{tab}-{options.lang[0]}-{mode}-{scale}x.png"

    def shoot() -> None:
        app.window.show_tab(TABS.index(tab))
        QTimer.singleShot(250, save)

    def save() -> None:
        """As soon as the page has worked out what it shows."""
        if getattr(app.window.tab(TABS.index(tab)), "is_working", False):
            QTimer.singleShot(100, save)
            return
        app.window.grab().save(str(target))
        qt.quit()

    app.show()
    app.session.start()
    qt.exec()
    app.session.close()
    print(target)
    return 0 if target.exists() else 1


if __name__ == "__main__":
    sys.exit(main())
