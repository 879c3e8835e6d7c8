"""Beginnings of tariff codes as people type them: whether the schedule has such lines, and what they are called."""

from __future__ import annotations

from core import i18n
from core.codes import STATISTICAL_DIGITS, format_code, parse_code
from core.errors import InputError
from core.i18n import _
from core.reference.names import PATH_SEPARATOR, description_tail
from core.reference.pack import Pack


def parse_prefix(text: str, pack: Pack) -> str:
    """The digits of a code or of its beginning; InputError when no line of the schedule begins so."""
    prefix = parse_code(text)
    lines = pack.schedule.matching(prefix)
    is_finer = len(prefix) == STATISTICAL_DIGITS
    if lines.start == lines.stop or (is_finer and prefix not in pack.names.english):
        raise InputError(
            _("No line of the schedule begins with {code}.").format(code=format_code(prefix)),
            remedy=_("Type the beginning of a code, for example 8507 or 8507.60."),
        )
    return prefix


def prefix_name(pack: Pack, prefix: str) -> str:
    """What the goods are called, in the language shown where the pack has it; empty for an unknown prefix."""
    name = pack.names.name(prefix)
    named = name.ko if i18n.language() == "ko" else name.en
    return named or description_tail(_common_path(pack, prefix)) or str(name)


def _common_path(pack: Pack, prefix: str) -> str:
    """The steps of the schedule's description that all lines under the prefix share."""
    paths = [str(text).split(PATH_SEPARATOR) for text in pack.schedule.description[pack.schedule.matching(prefix)]]
    common = []
    for steps in zip(*paths, strict=False):
        if len(set(steps)) > 1:
            break
        common.append(steps[0])
    return PATH_SEPARATOR.join(common)
