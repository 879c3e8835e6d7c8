"""Bring the translation catalogues in step with the sources and compile them.

    python3 dev.py catalogue           update each .po from core and gui, compile the .mo, report what is open
    python3 dev.py catalogue --prune   the same, and drop the translations that no source uses any more

Headers carry neither dates nor addresses, and entries name files without line numbers: two runs over the same
sources give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT: Final = Path(__file__).resolve().parent.parent
LOCALE: Final = ROOT / "resources" / "locale"
LANGUAGES: Final = ("ko",)
SOURCES: Final = ("core", "gui")
KEYWORDS: Final = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_WIDTH: Final = 110
_COMMENT: Final = """\
# Parley: texts of the window, the command line and the briefing.
# Made from the sources by `python3 dev.py catalogue`; edit the translations only."""


class Entry(NamedTuple):
    """One text of the sources; `singular` identifies it together with its context."""

    file: str
    text: str | tuple[str, str]
    context: str | None
    comments: tuple[str, ...]


class StableCatalog(Catalog):
    """A catalogue whose header says the same on every day and every machine."""

    def _get_mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Parley"),
            ("Language", self.locale_identifier or ""),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]

    def _set_mime_headers(self, headers: object) -> None:
        """Whatever a file says: the header above stands."""

    mime_headers = property(_get_mime_headers, _set_mime_headers)


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "parley.po"


def mo_path(language: str) -> Path:
    return po_path(language).with_suffix(".mo")


def source_entries() -> Iterator[Entry]:
    """Every translatable text of core and gui."""
    for folder in SOURCES:
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("i18n:",))
        for name, _line, text, comments, context in sorted(found, key=lambda entry: (entry[0], entry[1])):
            yield Entry(f"{folder}/{name}", text, context, tuple(comments))


def template() -> Catalog:
    """The texts of the sources as an empty catalogue, in the order of files and lines."""
    catalog = Catalog(fuzzy=False)
    for entry in source_entries():
        catalog.add(entry.text, locations=[(entry.file, 0)], auto_comments=entry.comments, context=entry.context)
    return catalog


def stored(language: str) -> Catalog:
    """The catalogue as committed, or an empty one for a new language."""
    path = po_path(language)
    if not path.is_file():
        return Catalog(locale=language, domain="parley", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale=language, domain="parley", abort_invalid=True)


def updated(language: str, *, prune: bool = False) -> StableCatalog:
    """The stored translations over the texts that the sources have now."""
    catalog = stored(language)
    catalog.update(template(), no_fuzzy_matching=True)
    if prune:
        catalog.obsolete.clear()
    return stable(catalog, language)


def stable(catalog: Catalog, language: str) -> StableCatalog:
    """The same entries under the header that never changes; unused ones only if someone translated them."""
    new = StableCatalog(locale=language, domain="parley", header_comment=_COMMENT, fuzzy=False)
    for message in catalog:
        if message.id:
            new[message.id] = _with_unique_files(message)
    new.obsolete = {key: message for key, message in catalog.obsolete.items() if any(message.string)}
    return new


def _with_unique_files(message: Message) -> Message:
    message.locations = sorted(set(message.locations))
    return message


def po_bytes(catalog: Catalog) -> bytes:
    stream = BytesIO()
    write_po(stream, catalog, width=_WIDTH, include_lineno=False)
    return stream.getvalue()


def mo_bytes(catalog: StableCatalog) -> bytes:
    """Only what is translated: the program falls back to English, with the right plural, for the rest."""
    settled = StableCatalog(locale=str(catalog.locale), domain="parley", fuzzy=False)
    for message in catalog:
        if message.id and _is_settled(message):
            settled[message.id] = message
    stream = BytesIO()
    write_mo(stream, settled)
    return stream.getvalue()


def untranslated(catalog: Catalog) -> list[Message]:
    """Entries that the program would show in English: empty, half empty or marked as unsure."""
    return [message for message in catalog if message.id and not _is_settled(message)]


def _is_settled(message: Message) -> bool:
    parts = message.string if isinstance(message.string, (list, tuple)) else (message.string,)
    return all(parts) and not message.fuzzy


def update(language: str, *, prune: bool) -> None:
    """Write both files of a language and report what is open."""
    catalog = updated(language, prune=prune)
    po_path(language).parent.mkdir(parents=True, exist_ok=True)
    po_path(language).write_bytes(po_bytes(catalog))
    mo_path(language).write_bytes(mo_bytes(catalog))
    missing = untranslated(catalog)
    for message in missing:
        text = message.id if isinstance(message.id, str) else message.id[0]
        state = "unsure" if message.fuzzy else "untranslated"
        print(f"{state}: {text!r} ({', '.join(file for file, _line in message.locations)})")
    print(f"{language}: {len(catalog)} texts, {len(missing)} open, {len(catalog.obsolete)} no longer used")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py catalogue", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--prune", action="store_true", help="drop translations that no source uses any more")
    options = parser.parse_args(arguments)
    for language in LANGUAGES:
        update(language, prune=options.prune)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
