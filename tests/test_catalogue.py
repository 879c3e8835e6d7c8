"""The Korean catalogue is in step with the sources, and no translation can break a sentence."""

from __future__ import annotations

import importlib.util
import string
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Message

ROOT = Path(__file__).resolve().parent.parent


def _load() -> ModuleType:
    """By path: a package called `packaging` would hide the library of that name."""
    spec = importlib.util.spec_from_file_location("parley_catalogue", ROOT / "packaging" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


catalogue = _load()
REMEDY = "run: python3 dev.py catalogue"
Key = tuple[str | tuple[str, ...], str | None]


def _keys(messages: object) -> set[Key]:
    assert hasattr(messages, "__iter__")
    return {(message.id, message.context) for message in messages if message.id}


def _fields(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def _is_formatted(text: str) -> bool:
    try:
        return bool(_fields(text))
    except ValueError:
        return False


@pytest.fixture(params=catalogue.LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_po_holds_the_texts_of_the_sources(language: str) -> None:
    sources, stored = _keys(catalogue.template()), _keys(catalogue.stored(language))
    assert sources - stored == set(), REMEDY
    assert stored - sources == set(), REMEDY


def test_mo_is_compiled_from_po(language: str) -> None:
    stored = catalogue.stable(catalogue.stored(language), language)
    assert catalogue.mo_path(language).read_bytes() == catalogue.mo_bytes(stored), REMEDY


def test_header_has_no_date_and_no_address(language: str) -> None:
    header = catalogue.po_path(language).read_text(encoding="utf-8").split("\n\n")[0]
    assert "Date" not in header
    assert "@" not in header


def test_translations_keep_the_placeholders(language: str) -> None:
    """A placeholder misspelt in a translation would raise in the middle of a meeting, in Korean only."""
    wrong = [message.id for message in catalogue.stored(language) if message.id and not _keeps_fields(message)]
    assert not wrong


def _keeps_fields(message: Message) -> bool:
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    translations = [message.string] if isinstance(message.string, str) else list(message.string)
    if not any(map(_is_formatted, originals)):
        return True
    # A plural form may leave the count out ("one line"), but none may name what the original does not have.
    known = set().union(*map(_fields, originals))
    needed = known if isinstance(message.id, str) else set()
    return all(needed <= _fields(text) <= known for text in translations if text)
