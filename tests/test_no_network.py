"""Parley opens no network connection: watched from outside while it does its work, and looked into from inside."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from core.casefile import default_case, load, save

ROOT: Final = Path(__file__).resolve().parent.parent
SECONDS: Final = 120
_INTERNET: Final = re.compile(r"\b(socket\(|connect\().*\bAF_INET6?\b")
# What speaks to networks or serves those that do. Of urllib, pathlib itself takes the part that quotes names.
_NETWORK: Final = {
    "socket", "ssl", "_ssl", "http", "urllib.request", "urllib.error", "ftplib", "smtplib", "poplib", "imaplib",
    "telnetlib", "xmlrpc", "socketserver", "asyncio", "requests", "urllib3", "httpx", "aiohttp",
}  # fmt: skip

INSIDE = """
def looked_into():
    import json, sys
    from pathlib import Path
    maps = Path("/proc/self/maps")
    loaded = maps.read_text() if maps.exists() else ""
    libraries = {line.rpartition("/")[2] for line in loaded.splitlines() if "/" in line}
    print(json.dumps({
        "modules": sorted(sys.modules),
        "libraries": sorted(name for name in libraries if "network" in name.lower()),
        "sockets": sockets,
    }), flush=True)

import sys
sockets = []
sys.addaudithook(lambda event, details: sockets.append(event) if event.startswith("socket.") else None)
"""

BRIEFING = (
    INSIDE
    + """
from core.cli import main
code = main(["brief", sys.argv[1], "-o", sys.argv[2]])
looked_into()
sys.exit(code)
"""
)

WINDOW = (
    INSIDE
    + """
from PySide6.QtCore import QTimer
from core import edits
from gui import app, settings

settings.set_author("Kim")  # who was asked once is not asked again

class Watched(app.App):
    def __init__(self, *words):
        super().__init__(*words)
        self.session.results_changed.connect(self.edit_and_save)
        self.window.files.saved.connect(lambda _path: QTimer.singleShot(0, self.leave))

    def edit_and_save(self, _results):
        self.session.results_changed.disconnect(self.edit_and_save)
        for place in range(self.window.tabs.bar.count()):
            self.window.show_tab(place)
        self.session.apply("note", edits.set_note(self.session.case, "edited"))
        self.keeper.kept.connect(lambda _case: self.window.files.save())

    def leave(self):
        self.keeper.kept.disconnect()
        looked_into()
        self.window.close()

app.App = Watched
sys.exit(app.run([sys.argv[1]]))
"""
)


@cache
def _strace() -> str:
    """The tracer, if it is there and this system lets one process watch another."""
    found = shutil.which("strace") or ""
    if found and subprocess.run([found, "-f", "true"], capture_output=True).returncode == 0:
        return found
    return ""


def _needs_strace() -> None:
    if not _strace():
        missing = "strace is missing or not allowed: nobody watched from outside (on Debian: strace)"
        if os.environ.get("CI") == "true" and sys.platform.startswith("linux"):
            pytest.fail(missing)
        pytest.skip(missing)


def _run(program: str, *words: Path, trace: Path | None = None) -> dict[str, Any]:
    """What the program says of itself at its end."""
    prefix = [_strace(), "-f", "-qq", "-e", "trace=socket,connect", "-o", str(trace)] if trace else []
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*prefix, sys.executable, "-c", program, *map(str, words)],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            output, errors = process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            if trace:  # killing the watcher alone would leave the watched behind
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            raise
    assert process.returncode == 0, errors
    said: dict[str, Any] = json.loads(output.strip().splitlines()[-1])
    return said


def _check_inside(said: dict[str, Any]) -> None:
    modules = set(said["modules"])
    assert not {name for name in modules if name in _NETWORK or name.partition(".")[0] in _NETWORK}
    assert not {name for name in modules if name.startswith("PySide6.QtNetwork")}
    assert said["libraries"] == []
    assert said["sockets"] == []


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "talks.parley"
    save(default_case(), path)
    return path


def _internet_calls(trace: Path) -> list[str]:
    return [line for line in trace.read_text(encoding="utf-8").splitlines() if _INTERNET.search(line)]


class TestWatchedFromOutside:
    def test_the_watcher_sees_a_connection(self, tmp_path: Path) -> None:
        """Or the two tests below would prove nothing. The address is this computer's own; nobody answers there."""
        _needs_strace()
        program = "import socket; socket.socket().connect_ex(('127.0.0.1', 9)); print('{}')"
        _run(program, trace=tmp_path / "trace")
        assert len(_internet_calls(tmp_path / "trace")) == 2

    def test_the_briefing_of_a_case(self, case: Path, tmp_path: Path) -> None:
        _needs_strace()
        said = _run(BRIEFING, case, tmp_path / "briefing.xlsx", trace=tmp_path / "trace")
        assert (tmp_path / "briefing.xlsx").stat().st_size > 100_000
        assert _internet_calls(tmp_path / "trace") == []
        _check_inside(said)

    def test_the_window_that_opens_edits_saves_and_closes(self, case: Path, tmp_path: Path) -> None:
        _needs_strace()
        said = _run(WINDOW, case, trace=tmp_path / "trace")
        assert load(case).note == "edited"
        assert _internet_calls(tmp_path / "trace") == []
        _check_inside(said)


def test_nothing_for_networks_is_loaded(case: Path, tmp_path: Path) -> None:
    """On systems without strace, from inside alone."""
    if _strace():
        pytest.skip("looked into while watched from outside")
    _check_inside(_run(BRIEFING, case, tmp_path / "briefing.xlsx"))
    _check_inside(_run(WINDOW, case))


@pytest.mark.parametrize("path", sorted((ROOT / "gui").rglob("*.py")), ids=lambda path: path.name)
def test_the_window_asks_for_nothing_of_networks(path: Path) -> None:
    """What of it runs only on some clicks is not loaded above. Of core, test_layering says the same."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.update((node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)))
    assert not {name for name in imported if name in _NETWORK or name.partition(".")[0] in _NETWORK}
    assert not {name for name in imported if "QtNetwork" in name or "QtWebEngine" in name}


def test_the_look_inside_sees_a_socket() -> None:
    said = _run(INSIDE + "import socket; socket.socket().close(); looked_into()")
    assert "socket" in said["modules"]
    assert "socket.__new__" in said["sockets"]
    with pytest.raises(AssertionError):
        _check_inside(said)
