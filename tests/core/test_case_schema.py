"""The JSON Schema of the case file: current, and what Parley writes fits it."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from core.casefile import load
from core.casefile.format import VERSION, encode
from tests.core.test_casefile import full_case

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "case-file.schema.json"
FIXTURES = sorted((ROOT / "tests" / "fixtures").glob("case-v*.parley"))
EXAMPLES = sorted((ROOT / "resources" / "examples").glob("*.parley"))


def generator() -> ModuleType:
    """packaging/case_schema.py, which is a script and no package."""
    spec = importlib.util.spec_from_file_location("case_schema", ROOT / "packaging" / "case_schema.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def test_it_is_current() -> None:
    """After a change of core/case.py: python packaging/case_schema.py."""
    assert SCHEMA.read_text(encoding="utf-8") == generator().schema_text()


@pytest.mark.parametrize("path", [*EXAMPLES, *FIXTURES], ids=lambda path: path.name)
def test_files_fit(path: Path, validator: Draft202012Validator) -> None:
    """As they are; one of an older version as it is written anew."""
    document: Any = json.loads(path.read_bytes())
    if document["version"] != VERSION:
        document = json.loads(encode(load(path)))
    assert list(validator.iter_errors(document)) == []


def test_a_case_with_something_in_every_field_fits(validator: Draft202012Validator) -> None:
    assert list(validator.iter_errors(json.loads(encode(full_case())))) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("version",), VERSION + 1),
        (("format",), "other"),
        (("case", "as_of"), None),
        (("case", "unknown"), 1),
        (("case", "scenarios", 1, "changes", 0, "change"), "abolish"),
        (("case", "scenarios", 1, "audience"), "everyone"),
        (("case", "groups", 0, "prefixes"), "8703"),
    ],
)
def test_what_parley_refuses_does_not_fit(
    place: tuple[str | int, ...], value: Any, validator: Draft202012Validator
) -> None:
    document = json.loads(encode(full_case()))
    inner: Any = document
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert list(validator.iter_errors(document))


def test_every_field_says_its_audience() -> None:
    """An archive reader has to know what was confidential without reading our sources."""
    parts = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    fields = parts["BarrierRecord"]["properties"]
    assert fields["red_line"]["x-audience"] == "delegation"
    assert fields["state"]["x-audience"] == "internal"
    assert all("x-audience" in field for name, field in parts["Case"]["properties"].items())
