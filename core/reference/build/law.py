"""The law step: measures, instruments, who changed what, and the dated lists of goods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import msgspec
import yaml

from core.i18n import _
from core.reference.build.checks import Entry, Fault, Problem, check_citations, check_codes, check_overlaps
from core.reference.build.workshop import Workshop
from core.reference.law import ALL_GOODS, MeasuresFile
from core.reference.manifest import FileInfo
from core.reference.tables import damaged

MEASURES: Final = "law/measures.yaml"
# Together the document measures.json: whose law, which duties, their measures, and what is asked of goods.
DOCUMENTS: Final = ("law/partners.yaml", "law/duties.yaml", MEASURES, "law/facts.yaml")
INSTRUMENTS: Final = "law/instruments.csv"
CHANGES: Final = "law/changes.csv"
SCOPES: Final = "law/scopes.csv"
LIST_SOURCES: Final = "law/list_sources.csv"

_LICENCE: Final = (
    "US government texts: public domain; code lists partly as transcribed by the Budget Lab at Yale "
    "(tariff-rate-tracker, MIT), the Federal Reserve Bank of Minneapolis (trade-war-redux-2025, MIT) and hts-hero"
)


def write_law(workshop: Workshop) -> None:
    """Write measures.json, instruments, changes and scopes; report what contradicts itself."""
    document = _measures(workshop)
    known = set(workshop.table(INSTRUMENTS)["id"])
    _check_scopes(workshop, known)
    _check_changes(workshop, document, known)
    _check_names(workshop, document)
    _write(workshop, document)


def _measures(workshop: Workshop) -> MeasuresFile:
    parts: dict[str, Any] = {}
    for name in DOCUMENTS:
        try:
            parts |= _texts(yaml.safe_load((workshop.source / name).read_text("utf-8")))
        except (OSError, TypeError, yaml.YAMLError) as error:
            raise damaged(name, str(error)) from error
    try:
        return msgspec.convert(parts, MeasuresFile)
    except msgspec.ValidationError as error:
        raise damaged(MEASURES, str(error)) from error


def _texts(node: Any) -> Any:
    """YAML reads 9903.01 as a number and 2025-04-01 as a date; the documents hold text."""
    if isinstance(node, dict):
        return {str(key): _texts(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_texts(value) for value in node]
    return node.isoformat() if isinstance(node, date) else node


def _check_scopes(workshop: Workshop, known: set[str]) -> None:
    rows = workshop.rows(SCOPES, "list", "code", "condition", "valid_from", "valid_to", "from_instrument")
    entries = [
        Entry(
            name=f"{name} {code} {start}".strip(),
            code=code,
            list_name=f"{name} {condition}".strip(),
            valid_from=_day(start, date.min),
            valid_to=_day(end, date.max),
        )
        for name, code, condition, start, end, _instrument in rows
        if code
    ]
    codes = check_codes(entries, workshop.schedule_codes, workshop.statistical_codes)
    workshop.report(SCOPES, [*codes, *check_overlaps(entries)])
    cited = [(f"{row[0]} {row[1]} {row[3]}", row[5] if row[5] in known else "") for row in rows if row[1]]
    workshop.report(SCOPES, check_citations(cited))


def _day(text: str, blank: date) -> date:
    return date.fromisoformat(text) if text else blank


def _check_changes(workshop: Workshop, document: MeasuresFile, known: set[str]) -> None:
    made: dict[str, str] = {}
    unknown = []
    for instrument, measure in workshop.rows(CHANGES, "instrument", "measure"):
        made.setdefault(measure, instrument)
        if instrument not in known:
            detail = _("The instrument {id} is not in the list of instruments.").format(id=instrument)
            unknown.append(Problem(Fault.NO_CITATION, f"{measure} {instrument}", detail))
    workshop.report(CHANGES, unknown)
    cited = [(measure.id, made.get(measure.id, "")) for measure in document.measures]
    cited += [(gap.id, gap.instrument if gap.instrument in known else "") for gap in document.gaps]
    workshop.report(MEASURES, check_citations(cited))


def _check_names(workshop: Workshop, document: MeasuresFile) -> None:
    """The lists that measures name have rows, and the facts that they require are in the list of facts."""
    facts = {"", *(fact.name for fact in document.facts)}
    lists = {ALL_GOODS, *workshop.table(SCOPES)["list"]}
    asked = [(gap.id, fact) for gap in document.gaps for fact in gap.settled_by]
    named = []
    for measure in document.measures:
        asked += [(measure.id, fact) for fact in (measure.requires, *(each.requires for each in measure.exempt))]
        own = (*measure.lists, *measure.excluded, *(each.list for each in measure.exempt))
        named += [(measure.id, name) for name in own]
    no_fact, no_list = _("The fact {name} is not in the list of facts."), _("The list of goods {name} has no rows.")
    found = [(who, no_fact.format(name=name)) for who, name in asked if name not in facts]
    found += [(who, no_list.format(name=name)) for who, name in named if name not in lists]
    workshop.report(MEASURES, [Problem(Fault.UNKNOWN_NAME, who, detail) for who, detail in found])


def _write(workshop: Workshop, document: MeasuresFile) -> None:
    text = msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
    workshop.write_bytes("measures.json", _info("Additional duties and their order"), text, len(document.measures))
    _copy(workshop, INSTRUMENTS, "instruments.csv.gz", "Legal instruments, and since when each was public")
    _copy(workshop, SCOPES, "scopes.csv.gz", "Lists of goods of the measures, dated")
    _copy(workshop, LIST_SOURCES, "list_sources.csv.gz", "Where each list of goods was read")
    _copy(workshop, CHANGES, "changes.csv.gz", "What each instrument changed, for whom", numbered=True)


def _info(title: str) -> FileInfo:
    return FileInfo(
        title=title,
        source="Proclamations, executive orders and notices as each entry names them; HTSUS chapter 99",
        date="each entry carries its own",
        licence=_LICENCE,
        concept="additional duties on imports into the United States",
        unit="per cent of customs value",
    )


def _copy(workshop: Workshop, source: str, name: str, title: str, *, numbered: bool = False) -> None:
    """A source table into the pack; numbered keeps the order of the rows, which the pack would sort."""
    columns = workshop.table(source)
    rows = list(zip(*columns.values(), strict=True))
    header = list(columns)
    if numbered:
        header, rows = ["no", *header], list(_numbered(rows))
    workshop.write_table(name, _info(title), header, rows)


def _numbered(rows: list[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(rows):
        yield (f"{number:04d}", *row)
