"""Find what a case must not show: dates and facts that became known after its known date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from core.case import Case
from core.reference.pack import Pack
from core.text import LocalText

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_NUMBER = r"(?P<month>1[0-2]|0?[1-9])"
# Fullest first: what one has read is taken out before the next looks.
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?P<year>20\d\d)-{_NUMBER}-(?P<day>\d\d)\b",
        rf"\b(?P<day>\d{{1,2}})\s+{_MONTH}\s+(?P<year>20\d\d)\b",
        rf"\b(?P<year>20\d\d)(?:년|\.)\s*{_NUMBER}(?:월|\.)(?:\s*(?P<day>\d{{1,2}})(?:일|\.))?",
        rf"\b(?P<day>\d{{1,2}})\s+{_MONTH}\b",
        rf"\b{_MONTH}\s+(?P<year>20\d\d)\b",
        rf"(?<![\d.]){_NUMBER}월\s*(?P<day>\d{{1,2}})일",
        r"(?<![\d.,/-])(?P<year>20[2-9]\d)(?![\d,]|\.\d)",
    )
)


def dates_in(text: str, year: int) -> Iterator[date]:
    """Every date that a text names in English, Korean or ISO; a day without a year belongs to `year`."""
    left = text.replace("\N{NO-BREAK SPACE}", " ")
    for pattern in _PATTERNS:
        for found in pattern.finditer(left):
            parts = found.groupdict()
            yield date(int(parts.get("year") or year), _month(parts.get("month")), int(parts.get("day") or 1))
        left = pattern.sub(" ", left)


def _month(text: str | None) -> int:
    if text is None:
        return 1
    return int(text) if text.isdigit() else _MONTHS.index(text[:3]) + 1


def allowed_dates(case: Case, pack: Pack) -> set[date]:
    """Later days that may be named: those known in advance, and those that the delegation set itself."""
    known = {event.date for event in pack.calendar.known(case.known_to, case.partner)}
    changes = [change for scenario in case.scenarios for change in scenario.changes]
    own = {day for change in changes for day in (change.start, change.until) if day is not None}
    eve = {date.fromordinal(day.toordinal() - 1) for day in own | known}
    return known | own | eve


def later_facts(case: Case, pack: Pack) -> set[str]:
    """Names of instruments, measures, events and barriers that nobody knew yet."""
    limit = case.known_to
    known: set[str] = set()
    later: set[str] = set()
    for instrument in pack.law.instruments.values():
        _sort(known, later, (instrument.short,), instrument.released <= limit)
        if instrument.citation and instrument.released > limit:
            later.add(instrument.citation.partition(";")[0])
    for event in pack.calendar.events:
        _sort(known, later, (event.detail,), event.known_from <= limit)
    for barrier in pack.barriers.barriers:
        _sort(known, later, (barrier.title,), barrier.known_from <= limit)
        for development in barrier.developments:
            _sort(known, later, (development.text,), development.known_from <= limit)
    return {text for text in later - known if len(text) > 5}


def _sort(known: set[str], later: set[str], texts: Iterable[LocalText], is_known: bool) -> None:
    for text in texts:
        (known if is_known else later).update({text.en, text.ko} - {""})


def leaks(texts: Iterable[str], case: Case, pack: Pack) -> list[str]:
    """The texts that tell of something later than the case knows, each with what gives it away."""
    allowed, facts, limit = allowed_dates(case, pack), later_facts(case, pack), case.known_to
    found = []
    for text in set(texts):
        found += [f"{day}: {text}" for day in dates_in(text, limit.year) if day > limit and day not in allowed]
        found += [f"{fact}: {text}" for fact in facts if fact in text]
    return sorted(found)
