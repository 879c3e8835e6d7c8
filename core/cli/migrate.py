"""`parley migrate FILE`: an older case file written anew in the current version; the old one is kept beside it."""

from __future__ import annotations

import argparse

from core.casefile import previous_version, save
from core.casefile.format import VERSION, stored_version
from core.casefile.on_disk import read_case_file
from core.cli.case_reading import opened, passwords, seen_at
from core.cli.verify import plain
from core.i18n import _


def run(options: argparse.Namespace) -> int:
    """Write what is not in the current version yet; with -o always, and elsewhere."""
    source, output = options.file, options.output or options.file
    found = opened(source, passwords(options))
    is_same = output.resolve() == source.resolve()
    if is_same and _is_current(options):
        words = _("{path} is in the current version, {version}. Nothing was written.")
        print(words.format(path=source, version=VERSION))
        return 0
    save(found.case, output, key=found.key, seen=seen_at(output, (source, found)))
    print(_("Written in version {version}: {path}").format(version=VERSION, path=output.resolve()))
    if is_same:
        print(_("The old file is kept as {path}").format(path=previous_version(source)))
    return 0


def _is_current(options: argparse.Namespace) -> bool:
    where = options.file.name
    content = plain(read_case_file(options.file), where, passwords(options))
    return stored_version(content, where) == VERSION
