"""How far the pack holds the law on a partner's goods, in words and as data."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.i18n import _
from core.reference.law import CoverageLevel, Law


def coverage_note(law: Law, partner: str, member_of: str = "", known: date = date.max, on: date | None = None) -> str:
    """What has to be said beside a number of a day, "" where the law is complete."""
    text = _levels()[law.coverage_level(partner, member_of)]
    missing = "; ".join(law.missing(partner, member_of, known, on))
    return " ".join(part for part in (text, _("Missing: {what}.").format(what=missing) if missing else "") if part)


def _levels() -> dict[CoverageLevel, str]:
    return {
        CoverageLevel.COMPLETE: "",
        CoverageLevel.CHECKED: _("The law on goods from this partner was checked against the texts."),
        CoverageLevel.PARTIAL: _(
            "The law on goods from this partner is only partly in the pack: rates may lack a measure."
        ),
    }


def level_note(level: CoverageLevel) -> str:
    """The level in a sentence, without what is missing."""
    return _levels()[level] or _("Every known measure on goods from this partner is in the pack.")


def level_words(level: CoverageLevel) -> str:
    """The level in a word, for tables."""
    return {
        CoverageLevel.COMPLETE: _("complete"),
        CoverageLevel.CHECKED: _("checked"),
        CoverageLevel.PARTIAL: _("partial"),
    }[level]


def coverage_data(
    law: Law, partner: str, member_of: str = "", known: date = date.max, on: date | None = None
) -> dict[str, Any]:
    """The level and what is missing, for JSON."""
    return {
        "coverage": law.coverage_level(partner, member_of).value,
        "missing": list(law.missing(partner, member_of, known, on)),
    }
