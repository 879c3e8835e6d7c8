"""Nothing in the code knows a partner: names and codes of countries stand in the reference pack and in cases only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.reference.pack import Pack

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(path for folder in ("core", "gui") for path in (ROOT / folder).rglob("*.py"))
# Words that are also something else: the importer of the pack, parts of ordinary sentences and codes.
ALLOWED = frozenset({"US", "United States", "미국"})
# The builder reads sources that hold one partner each; which they are is said there, and nowhere else.
BUILDER = "core/reference/build/"
# The example that opens at the first start is data of this name.
NAMED_FILES = frozenset({"korea_us_2025_05.parley"})


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a source but its docstrings, with its line."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def test_no_country_in_the_code(pack: Pack) -> None:
    names = {name for partner in pack.partners for name in (partner.name.en, partner.name.ko)} - ALLOWED
    codes = {partner.iso2 for partner in pack.partners} - ALLOWED
    words = re.compile(r"\b(" + "|".join(map(re.escape, sorted((*names, "Korea", "KORUS", "USMCA")))) + r")\b")
    found = []
    for path in SOURCES:
        where = path.relative_to(ROOT).as_posix()
        if where.startswith(BUILDER):
            continue
        for line, text in texts(path):
            if text in codes or (text not in NAMED_FILES and words.search(text)):
                found.append(f"{where}:{line}: {text[:60]}")
    assert found == []


@pytest.mark.parametrize("text", ["KR", "goods from Japan", "한국"])
def test_the_search_finds_one(text: str, tmp_path: Path, pack: Pack) -> None:
    """What would be caught, so that the test above can fail."""
    source = tmp_path / "sample.py"
    source.write_text(f'"""Japan may stand here."""\nNAME = "{text}"\n', encoding="utf-8")
    ((_line, seen),) = texts(source)
    assert seen == text
