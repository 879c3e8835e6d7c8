"""Write docs/case-file.schema.json, the case file as JSON Schema, from the types in core/case.py.

    .venv/bin/python packaging/case_schema.py           write it
    .venv/bin/python packaging/case_schema.py --check   exit 1 when it is out of date

The rules between fields (core/case_rules.py) are beyond a schema: a file that fits it may still be refused.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

ROOT: Final = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core import case as case_module  # noqa: E402  (the sources beside this script, not an installed copy)
from core.audience import field_audiences  # noqa: E402
from core.case import Case, Document  # noqa: E402
from core.casefile.format import FORMAT, VERSION  # noqa: E402

TARGET: Final = ROOT / "docs" / "case-file.schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_ABOUT: Final = (
    "A file name.parley that is not encrypted. Decimals are text, rates and shares fractions, days ISO 8601. "
    "x-audience: who may see the field (shareable, internal, delegation). docs/case-file.md explains the rest."
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = schema_text()
    if options.check:
        return 0 if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8", newline="\n")
    print(TARGET.relative_to(ROOT))
    return 0


def schema_text() -> str:
    """The file's content."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def schema() -> dict[str, Any]:
    """The envelope around the case, and all that the case holds."""
    inner = msgspec.json.schema(Case)
    return {
        "$schema": _DIALECT,
        "title": "Parley case file",
        "description": _ABOUT,
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "version": {"const": VERSION},
            "case": {"$ref": inner["$ref"]},
        },
        "required": ["format", "version", "case"],
        "additionalProperties": False,
        "$defs": {name: _with_audiences(name, part) for name, part in sorted(inner["$defs"].items())},
    }


def _with_audiences(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """Each field with the audience that core.case gives it; a text in two languages and a word have none."""
    if "description" in part:
        part = {**part, "description": " ".join(part["description"].split())}
    kind = dict(_documents()).get(name)
    if kind is None:
        return part
    audiences = field_audiences(kind)
    fields = {field: _marked(text, audiences, field) for field, text in part["properties"].items()}
    return {**part, "properties": fields}


def _marked(text: dict[str, Any], audiences: Any, field: str) -> dict[str, Any]:
    return {**text, "x-audience": audiences[field].value} if field in audiences else text


def _documents() -> Iterator[tuple[str, type[Document]]]:
    for name, kind in vars(case_module).items():
        if isinstance(kind, type) and issubclass(kind, Document):
            yield name, kind


if __name__ == "__main__":
    sys.exit(main())
