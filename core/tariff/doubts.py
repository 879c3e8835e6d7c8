"""What is uncertain about the law behind a rate: confidence in measures and lists, doubts of instruments, readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from core.i18n import _
from core.reference.dated import Confidence
from core.reference.law import OpenQuestion, Reading
from core.scenario import LawAsKnown
from core.tariff.duty import DayCharges, DutyCharge

_TINY = 1e-12


@dataclass(frozen=True)
class OtherReading:
    """What would be due were an ambiguous text read another way; total None where low and high differ."""

    question: OpenQuestion
    reading: Reading
    total: float | None
    low: float
    high: float


def alternatives(base: LawAsKnown, on: date) -> Iterator[tuple[OpenQuestion, Reading, LawAsKnown]]:
    """Each other reading of each text that was out and bears on the day, with the law so read."""
    for asked in base.open_questions(on):
        for reading in asked.readings:
            if reading.id != base.reading(asked.id):
                yield asked, reading, base.read(asked.id, reading.id)


def doubts(base: LawAsKnown, day: DayCharges, line: int) -> tuple[str, ...]:
    """What a lawyer should know of the duties charged on a line or set aside, each sentence once."""
    found = (text for charge in day.duties for text in _of_charge(base, charge, line, day.on))
    return tuple(dict.fromkeys(found))


def _of_charge(base: LawAsKnown, charge: DutyCharge, line: int, on: date) -> Iterator[str]:
    state = charge.reached.state(line)
    if state is None or charge.claim[line] + sum(share[line] for _e, _rows, share in charge.freed) <= _TINY:
        return
    yield from _confidence(str(state.measure.title), state.measure.confidence)
    place, row = int(charge.reached.in_list[line]), int(charge.reached.row[line])
    if place >= 0 and row >= 0:
        scope = base.law.lists[charge.reached.list_names[place]]
        yield from _confidence(_("List of goods, {duty}").format(duty=charge.duty.title), scope.confidence[row])
    for exemption, rows, share in charge.freed:
        if share[line] > _TINY and rows[line] >= 0:
            kept = base.law.lists[exemption.list].confidence[int(rows[line])]
            yield from _confidence(_("Exempt list, {duty}").format(duty=charge.duty.title), kept)
    if charge.transit is not None and charge.transit[0].doubt:
        yield str(charge.transit[0].doubt)
    for name in state.instruments(on):
        instrument = base.law.instruments[name]
        if str(instrument.doubt):
            yield f"{instrument.cite()}: {instrument.doubt}"


def _confidence(what: str, confidence: str) -> Iterator[str]:
    if confidence != Confidence.HIGH:
        yield _("{what}: {confidence} confidence.").format(what=what, confidence=Confidence(confidence).label)


def reading_text(other: OtherReading, shown: str) -> str:
    """Another reading in words; shown: its figure as text."""
    return _("{figure} if read otherwise. {question}: {reading}. {doubt}").format(
        figure=shown, question=other.question.title, reading=other.reading.title, doubt=other.question.doubt
    )
