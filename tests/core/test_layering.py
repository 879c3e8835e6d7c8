"""The core calculates: it knows no window, no network, no locale and no clock."""

from __future__ import annotations

import ast
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import core

CORE = Path(core.__file__).parent
SOURCES = sorted(CORE.rglob("*.py"))
WINDOW = {"PySide6", "shiboken6", "gui", "PyQt5", "PyQt6", "tkinter"}
OUTSIDE_WORLD = {"socket", "ssl", "http", "urllib", "ftplib", "requests", "asyncio", "locale"}
CLOCK = {
    ("date", "today"),
    ("datetime", "today"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("time", "time"),
}


def _imports(tree: ast.AST) -> Iterator[str]:
    """Top-level names of everything imported, inside functions as well."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _clock_readings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = ast.unparse(node.func.value).rpartition(".")[2]
            if (owner, node.func.attr) in CLOCK:
                yield f"{owner}.{node.func.attr} in line {node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(CORE).as_posix())
def test_source_stays_inside_core(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not (WINDOW | OUTSIDE_WORLD).intersection(_imports(tree))
    assert not list(_clock_readings(tree))


def test_importing_all_of_core_loads_no_window() -> None:
    """In a process of its own, since the test suite itself has loaded Qt."""
    modules = [module.name for module in pkgutil.walk_packages([str(CORE)], "core.")]
    assert modules
    program = (
        "import importlib, sys\n"
        f"for name in {[name for name in modules if not name.endswith('__main__')]!r}:\n"
        "    importlib.import_module(name)\n"
        f"print(sorted({{name.partition('.')[0] for name in sys.modules}} & {WINDOW!r}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=CORE.parent, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
