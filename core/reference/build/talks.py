"""The parts of the pack on the talks: barriers, agenda, glossary, calendar, item groups; from YAML by hand.

In the sources a text is a pair [English, Korean]; a missing one fails the build and names file and entry.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from core.errors import PackError
from core.i18n import _
from core.reference import agenda, barriers, calendar, glossary, groups
from core.reference.build.workshop import Workshop
from core.reference.manifest import FileInfo

FOLDER: Final = "talks"
LICENCE: Final = "Apache-2.0 for the wording; facts from the public sources named in each entry"
# The same safe loader in C where the library has it: ten times faster.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DATE: Final = "each entry carries its own"
HANGUL: Final = re.compile("[\uac00-\ud7a3]")
# English keeps a number and its sign on one line: "25 %", "US$ 100".
_UNBROKEN: Final = re.compile(r"(?<=\d) (?=%)|(?<=US\$) (?=\d)")

Entry = Mapping[str, Any]
Built = tuple[FileInfo, bytes, int]


@dataclass(frozen=True)
class Desk:
    """The source folder of the talks, with the lists that the entries refer to."""

    folder: Path
    _files: dict[str, Any] = field(default_factory=dict)

    def read(self, name: str) -> Any:
        """The content of one source file, read once; PackError when it is missing or not YAML."""
        if name not in self._files:
            self._files[name] = _parsed(self.folder / name)
        return self._files[name]

    @cached_property
    def vocabulary(self) -> Entry:
        vocabulary: Entry = self.read("vocabulary.yaml")
        return vocabulary

    @cached_property
    def sources(self) -> dict[str, Entry]:
        """Every source by its key, as the pack shows it."""
        return {key: _source(key, entry) for key, entry in self.read("sources.yaml").items()}

    def cited(self, keys: Sequence[str], where: str) -> list[Entry]:
        """The sources of an entry; PackError for none at all or an unknown key."""
        if not keys:
            raise fault(where, _("The entry names no source."))
        if unknown := [key for key in keys if key not in self.sources]:
            raise fault(where, _("Unknown source: {key}.").format(key=unknown[0]))
        return [self.sources[key] for key in keys]


def _parsed(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, yaml.YAMLError) as error:
        raise fault(path.name, str(error)) from error


def fault(where: str, why: str) -> PackError:
    """The one error of this step: `where` is file and entry."""
    return PackError(_("The pack cannot be built."), where=where, why=why, remedy=_("Correct the source file."))


def _text(pair: Any, where: str) -> dict[str, str]:
    """[English, Korean] as a local text; both must be there, and the Korean one in Hangul."""
    if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
        raise fault(where, _("A text must be a pair of English and Korean."))
    english, korean = (part.strip() for part in pair)
    if not english or not HANGUL.search(korean):
        raise fault(where, _("The English or the Korean text is missing."))
    return {"en": _UNBROKEN.sub("\u00a0", english), "ko": korean}


def _optional(pair: Any, where: str) -> dict[str, str]:
    return _text(pair, where) if pair else {}


def _source(key: str, entry: Entry) -> Entry:
    """Public since its own date, unless the list says otherwise."""
    return {
        "title": _text(entry["title"], f"sources.yaml, {key}"),
        "date": entry["date"],
        "known_from": entry.get("known", entry["date"]),
        "where": entry.get("where", ""),
    }


def _developments(rows: Sequence[Sequence[Any]] | None, where: str) -> list[Entry]:
    """Rows [date, known from, English, Korean], in the order of their dates."""
    for row in rows or ():
        if len(row) != 4 or not all(isinstance(day, datetime.date) for day in row[:2]):
            raise fault(where, _("A development must be [date, known from, English, Korean]."))
    return [
        {"date": row[0], "known_from": row[1], "text": _text(list(row[2:]), where)}
        for row in sorted(rows or (), key=lambda row: (row[0], row[1]))
    ]


def _all(file: str, entries: Sequence[Entry], keys: str, make: Callable[[Entry], Entry]) -> list[Entry]:
    """Every entry of a list, made; PackError for an id twice, a strange key, or one that is missing."""
    made: dict[str, Entry] = {}
    for entry in entries:
        where = f"{file}, {entry.get('id') or entry.get('term')}"
        if strange := sorted(set(entry) - set(keys.split())):
            raise fault(where, _("Unknown key: {key}.").format(key=strange[0]))
        try:
            record = make(entry)
        except KeyError as error:
            raise fault(where, _("Missing or unknown: {key}.").format(key=error)) from error
        if record["id"] in made:
            raise fault(where, _("The id is there twice."))
        made[record["id"]] = record
    return list(made.values())


# ---- barriers

_BARRIER_KEYS: Final = """id title description area or_area sector rule offices ask_short ask standing section
    kind known since since_note confidence uncertainty sources developments"""


def _ministry(desk: Desk, key: str, where: str) -> Entry:
    if key not in desk.vocabulary["ministries"]:
        raise fault(where, _("Unknown office: {key}.").format(key=key))
    short_en, short_ko, name_en, name_ko = desk.vocabulary["ministries"][key]
    return {
        "id": key,
        "short": _text([short_en, short_ko], where),
        "name": _text([name_en, name_ko], where),
    }


def _barrier(desk: Desk, entry: Entry, standings: Entry) -> Entry:
    where = f"barriers.yaml, {entry['id']}"
    standing = standings[entry["standing"]]
    words = desk.vocabulary
    uncertainty = entry.get("uncertainty", standing["uncertainty"])
    report = [standing["report"]] if "report" in standing else []
    return {
        "id": entry["id"],
        "title": _text(entry["title"], where),
        "description": _text(entry["description"], where),
        "agenda_area": entry["area"],
        "alternative_area": entry.get("or_area", ""),
        "sector": _text(words["sectors"][entry["sector"]], where),
        "rule": _text(entry["rule"], where),
        "ministries": [_ministry(desk, key, where) for key in entry["offices"]],
        "us_ask_short": _text(entry["ask_short"], where),
        "us_ask": _text(entry["ask"], where),
        "standing": entry["standing"],
        "nte_section": _text(words["sections"][entry["section"]], where),
        "kind": entry["kind"],
        "ave_identified": entry["kind"] == barriers.BarrierKind.PRICE_WEDGE,
        "confidence": entry.get("confidence", "high"),
        "uncertainty": _text(uncertainty, where),
        "known_from": entry.get("known", standing["known"]),
        "first_year_raised": entry.get("since"),
        "first_year_note": _optional(entry.get("since_note"), where),
        "sources": desk.cited(entry["sources"], where),
        "developments": _developments([*report, *entry.get("developments", ())], where),
    }


def _standing(key: str, entry: Entry) -> Entry:
    where = f"barriers.yaml, {key}"
    return {"id": key, "label": _text(entry["label"], where), "short": _text(entry["short"], where)}


def _barrier_records(desk: Desk) -> Entry:
    content = desk.read("barriers.yaml")
    standings = content["standings"]
    return {
        "report": _text(content["report"], "barriers.yaml, report"),
        "standings": [_standing(key, entry) for key, entry in standings.items()],
        "barriers": _all(
            "barriers.yaml",
            content["barriers"],
            _BARRIER_KEYS,
            lambda entry: _barrier(desk, entry, standings),
        ),
    }


# ---- agenda

_AREA_KEYS: Final = "id name question stated open developments sources confidence"
_ROUND_KEYS: Final = """id number name level place from to known heads participants outcomes sources
    confidence"""


def _area(desk: Desk, entry: Entry, sides: Sequence[str], known: datetime.date) -> Entry:
    where = f"agenda.yaml, {entry['id']}"
    return {
        "id": entry["id"],
        "name": _text(entry["name"], where),
        "question": _text(entry["question"], where),
        "positions": [
            {"side": side, "text": _text(entry[side], where), "our_reading": not entry.get("stated", False)}
            for side in sides
        ],
        "open_points": _developments(entry.get("open"), where),
        "developments": _developments(entry.get("developments"), where),
        "sources": desk.cited(entry["sources"], where),
        "confidence": entry.get("confidence", "medium"),
        "known_from": known,
    }


def _head(row: Sequence[str], where: str) -> Entry:
    side, name_en, name_ko, post_en, post_ko = row
    return {"side": side, "name": _text([name_en, name_ko], where), "post": _text([post_en, post_ko], where)}


def _round(desk: Desk, entry: Entry) -> Entry:
    where = f"agenda.yaml, {entry['id']}"
    offices = entry.get("participants", {})
    return {
        "id": entry["id"],
        "number": entry.get("number"),
        "name": _text(entry["name"], where),
        "level": _text(entry["level"], where),
        "place": _text(entry["place"], where),
        "date_from": entry["from"],
        "date_to": entry["to"],
        "heads": [_head(row, where) for row in entry["heads"]],
        "participants": [
            {"side": side, "offices": [_text(pair, where) for pair in pairs]} for side, pairs in offices.items()
        ],
        "outcomes": _developments(entry.get("outcomes"), where),
        "sources": desk.cited(entry["sources"], where),
        "confidence": entry.get("confidence", "high"),
        "known_from": entry["known"],
    }


def _agenda_records(desk: Desk) -> Entry:
    content = desk.read("agenda.yaml")
    sides, known = content["sides"], content["areas_known"]
    return {
        "areas": _all(
            "agenda.yaml",
            content["areas"],
            " ".join((_AREA_KEYS, *sides)),
            lambda entry: _area(desk, entry, sides, known),
        ),
        "rounds": _all("agenda.yaml", content["rounds"], _ROUND_KEYS, lambda entry: _round(desk, entry)),
    }


# ---- glossary, calendar, groups

_TERM_KEYS: Final = "term means known confidence developments"
_EVENT_KEYS: Final = "id date time title detail kind partners known overtaken sources confidence"
_GROUP_KEYS: Final = "id name short prefixes note"


def _term(entry: Entry, content: Entry) -> Entry:
    where = f"glossary.yaml, {entry['term'][0]}"
    return {
        "id": re.sub(r"[^a-z0-9]+", "-", entry["term"][0].lower()).strip("-"),
        "term": _text(entry["term"], where),
        "definition": _text(entry["means"], where),
        "korean_confidence": entry.get("confidence", "high"),
        "source": _text(content["source"], where),
        "known_from": entry.get("known", content["known"]),
        "developments": _developments(entry.get("developments"), where),
    }


def _glossary_records(desk: Desk) -> Entry:
    content = desk.read("glossary.yaml")
    terms = _all("glossary.yaml", content["terms"], _TERM_KEYS, lambda entry: _term(entry, content))
    return {"terms": sorted(terms, key=lambda term: str(term["id"]))}


def _event(desk: Desk, entry: Entry) -> Entry:
    where = f"calendar.yaml, {entry['id']}"
    return {
        "id": entry["id"],
        "date": entry["date"],
        "time_et": entry.get("time", ""),
        "title": _text(entry["title"], where),
        "detail": _text(entry["detail"], where),
        "kind": entry["kind"],
        "partners": entry["partners"],
        "known_from": entry["known"],
        "overtaken_from": entry.get("overtaken"),
        "confidence": entry.get("confidence", "high"),
        "sources": desk.cited(entry["sources"], where),
    }


def _calendar_records(desk: Desk) -> Entry:
    events = desk.read("calendar.yaml")["events"]
    events = _all("calendar.yaml", events, _EVENT_KEYS, lambda entry: _event(desk, entry))
    return {"events": sorted(events, key=lambda event: (event["date"], event["time_et"], event["id"]))}


def _group(entry: Entry, known: datetime.date) -> Entry:
    where = f"groups.yaml, {entry['id']}"
    prefixes = entry["prefixes"]
    if bad := [prefix for prefix in prefixes if not (isinstance(prefix, str) and prefix.isdigit())]:
        raise fault(where, _("A prefix must be digits in quotes: {prefix}.").format(prefix=bad[0]))
    return {
        "id": entry["id"],
        "name": _text(entry["name"], where),
        "short": _text(entry["short"], where),
        "prefixes": prefixes,
        "note": _optional(entry.get("note"), where),
        "known_from": known,
    }


def _group_records(desk: Desk) -> Entry:
    content = desk.read("groups.yaml")
    known = content["known"]
    found = _all("groups.yaml", content["groups"], _GROUP_KEYS, lambda entry: _group(entry, known))
    _check_partition(found)
    return {"catch_all": content["catch_all"], "groups": found}


def _check_partition(found: Sequence[Entry]) -> None:
    """A prefix in two groups would leave it to chance which one a line is in."""
    owner: dict[str, str] = {}
    for group in found:
        for prefix in group["prefixes"]:
            if prefix in owner:
                why = _("Prefix {prefix} is in {first} and in {second}.")
                why = why.format(prefix=prefix, first=owner[prefix], second=group["id"])
                raise fault("groups.yaml", why)
            owner[prefix] = group["id"]


# ---- the step


@dataclass(frozen=True)
class Part:
    """One file of the talks: its source, how its records are made, and the loader that must accept them."""

    name: str
    source: str
    records: Callable[[Desk], Entry]
    load: Callable[[bytes], msgspec.Struct]
    counted: tuple[str, ...]


PARTS: Final = (
    Part(barriers.FILE, "barriers.yaml", _barrier_records, barriers.load_barriers, ("barriers",)),
    Part(agenda.FILE, "agenda.yaml", _agenda_records, agenda.load_agenda, ("areas", "rounds")),
    Part(glossary.FILE, "glossary.yaml", _glossary_records, glossary.load_glossary, ("terms",)),
    Part(calendar.FILE, "calendar.yaml", _calendar_records, calendar.load_calendar, ("events",)),
    Part(groups.FILE, "groups.yaml", _group_records, groups.load_groups, ("groups",)),
)


def _info(desk: Desk, part: Part) -> FileInfo:
    return FileInfo(date=DATE, licence=LICENCE, **desk.read(part.source)["about"])


def _built(desk: Desk, part: Part) -> Built:
    """The file's bytes, read back by its own loader, and the number of records."""
    info, records = _info(desk, part), part.records(desk)
    content = {"header": dict(info.described()), **records}
    data = msgspec.json.format(msgspec.json.encode(content), indent=1) + b"\n"
    part.load(data)
    return info, data, sum(len(records[key]) for key in part.counted)


def build_talks(source_dir: Path, out_dir: Path) -> list[tuple[str, FileInfo]]:
    """Write the five files; returns name and description of each. PackError names file and entry."""
    desk = Desk(source_dir)
    written = []
    for part in PARTS:
        info, data, rows = _built(desk, part)
        (out_dir / part.name).write_bytes(data)
        written.append((part.name, msgspec.structs.replace(info, bytes=len(data), rows=rows)))
    return written


def write_talks(workshop: Workshop) -> None:
    """The same as a step of the whole build."""
    desk = Desk(workshop.source / FOLDER)
    for part in PARTS:
        info, data, rows = _built(desk, part)
        workshop.write_bytes(part.name, info, data, rows)
