"""`parley duty`: one question, or a file of them."""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from core.codes import format_code, parse_code
from core.errors import InputError
from core.i18n import _
from core.quantities import format_date, format_percent, parse_date, parse_number, parse_share
from core.reference.pack import Pack, load_pack
from core.results import Step
from core.tariff.doubts import OtherReading, reading_text
from core.tariff.explain import Component
from core.tariff.query import EVERYTHING_KNOWN, Answer, Question, Reply, answer

_DECIMALS = 12  # finer than any law; takes the noise off binary fractions


def run(options: argparse.Namespace) -> int:
    """Print the answer, or all answers of a batch."""
    pack = load_pack()
    if options.batch is not None:
        return _run_batch(pack, options.batch, as_json=options.json)
    reply = answer(pack, _question(options))
    print(json.dumps(as_data(reply), ensure_ascii=False, indent=1) if options.json else "\n".join(as_text(pack, reply)))
    return 0


def _question(options: argparse.Namespace) -> Question:
    missing = [name for name in ("code", "partner", "on") if getattr(options, name) is None]
    if missing:
        raise InputError(
            _("The question is not complete."),
            why=_("It lacks {names}.").format(names=", ".join(missing)),
            remedy=_("Type: parley duty 8703.23.01 --partner KR --on 2025-07-09"),
        )
    return Question(
        code=options.code,
        partner=options.partner.upper(),
        on=options.on,
        known=options.known or EVERYTHING_KNOWN,
        originating=options.originating,
        loaded=options.loaded,
        metals=options.metal,
        metal_weight=options.metal_weight,
        us_content=options.us_content,
        unit_value=options.unit_value,
        facts=frozenset(options.fact),
        readings=options.reading,
    )


def as_data(reply: Reply) -> dict[str, Any]:
    """The reply as JSON data. Rates are fractions; both answers, and the asked one on top when only one was asked."""
    question = reply.question
    data: dict[str, Any] = {
        "code": format_code(question.code),
        "partner": question.partner,
        "on": question.on.isoformat(),
        "known": None if question.known == EVERYTHING_KNOWN else question.known.isoformat(),
        "lines": list(reply.lines),
        "coverage": reply.level.value,
        "missing": list(reply.missing),
        "warnings": list(reply.warnings),
        "originating": _answer_data(reply.originating),
        "non_originating": _answer_data(reply.non_originating),
    }
    asked = reply.originating or reply.non_originating
    if question.originating is not None and asked is not None:
        data |= _answer_data(asked) or {}
    return data


def _answer_data(found: Answer | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "column1": _rounded(found.column1.rate),
        "column1_text": found.column1.text,
        "total": _rounded(found.total),
        "range": None if not found.is_range else [_rounded(found.low), _rounded(found.high)],
        "needs": list(found.needs),
        "other_readings": [_other_reading(other) for other in found.others],
        "doubts": list(found.doubts),
        "components": [_component(component) for component in found.components],
        "trace": [_step(step) for step in found.steps],
    }


def _other_reading(other: OtherReading) -> dict[str, Any]:
    return {
        "question": other.question.id,
        "reading": other.reading.id,
        "title": f"{other.question.title}: {other.reading.title}",
        "total": _rounded(other.total),
        "range": None if other.total is not None else [_rounded(other.low), _rounded(other.high)],
        "doubt": str(other.question.doubt),
    }


def _component(component: Component) -> dict[str, Any]:
    return {
        "measure": component.measure,
        "duty": component.duty,
        "heading": component.heading,
        "rate": _rounded(component.rate),
        "share": _rounded(component.share),
        "contribution": _rounded(component.contribution),
        "citation": component.citation,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "title": step.title,
        "detail": step.detail,
        "rate": _rounded(step.rate),
        "charged": step.charged,
        "uncertain": step.uncertain,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)


def as_text(pack: Pack, reply: Reply) -> Iterator[str]:
    """The reply in words."""
    question = reply.question
    known = (
        ""
        if question.known == EVERYTHING_KNOWN
        else _(", law known to {date}").format(date=format_date(question.known))
    )
    yield _("{code} from {partner}, entry on {date}{known}").format(
        code=format_code(question.code),
        partner=pack.partners.get(question.partner).name,
        date=format_date(question.on),
        known=known,
    )
    if name := str(pack.names.name(question.code)):
        yield name
    if reply.originating is not None:
        yield from _answer_text(_("Preference claimed"), reply.originating)
    if reply.non_originating is not None:
        yield from _answer_text(_("No preference claimed"), reply.non_originating)
    yield from reply.warnings


def _answer_text(title: str, found: Answer) -> Iterator[str]:
    yield ""
    if found.total is not None:
        yield f"{title}: {format_percent(found.total)}"
    elif found.low is not None:
        yield _("{title}: between {low} and {high}").format(
            title=title, low=format_percent(found.low), high=format_percent(found.high)
        )
    else:
        yield _("{title}: n/a").format(title=title)
    for need in found.needs:
        yield f"  {need}"
    for number, step in enumerate(found.steps, 1):
        rate = "" if step.rate is None else format_percent(step.rate, plus=number > 1)
        yield f"  {number}. {step.title}  {rate}"
        yield f"     {step.detail}"
    for text in (*(reading_text(other, _figure(other)) for other in found.others), *found.doubts):
        yield _("  Uncertain: {text}").format(text=text)


def _figure(other: OtherReading) -> str:
    if other.total is not None:
        return format_percent(other.total)
    return _("{low} to {high}").format(low=format_percent(other.low), high=format_percent(other.high))


# ---- a file of questions


def _run_batch(pack: Pack, path: Path, *, as_json: bool) -> int:
    replies = {name: answer(pack, question) for name, question in _read_batch(path)}
    if as_json:
        data = [{"case_id": name, **_both(reply)} for name, reply in replies.items()]
        print(json.dumps(data, ensure_ascii=False, indent=1))
        return 0
    for name, reply in replies.items():
        totals = (found.total if found else None for found in (reply.originating, reply.non_originating))
        print(name, *(format_percent(total) for total in totals), sep="\t")
    return 0


def _both(reply: Reply) -> dict[str, Any]:
    return {
        "originating": _answer_data(reply.originating),
        "non_originating": _answer_data(reply.non_originating),
        "warnings": list(reply.warnings),
    }


def _read_batch(path: Path) -> Iterator[tuple[str, Question]]:
    """Questions by case id. Columns: case_id, hts, partner, entry_on and, where known, the further facts."""
    try:
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(
            _("The file of questions cannot be read."),
            where=str(path),
            why=str(error),
            remedy=_("Give a UTF-8 CSV file."),
        ) from error
    for number, row in enumerate(rows, 2):
        try:
            yield row["case_id"], question_of_row(row)
        except KeyError as error:
            raise InputError(
                _("The file of questions lacks a column."), where=str(path), why=str(error),
                remedy=_("It needs case_id, hts, partner and entry_on."),
            ) from error  # fmt: skip
        except InputError as error:
            raise InputError(error.what, where=f"{path}:{number}", why=error.why, remedy=error.remedy) from error


def question_of_row(row: dict[str, str]) -> Question:
    """The question of one row of a batch file, where metal that is not declared counts as absent."""

    def text(name: str) -> str:
        return (row.get(name) or "").strip()

    def day(name: str) -> date | None:
        return parse_date(text(name)) if text(name) else None

    def share(name: str) -> float | None:
        return float(parse_share(text(name))) if text(name) else None

    pairs = (part.partition("=") for part in text("metal_value_share").split(";") if part)
    return Question(
        code=parse_code(row["hts"]),
        partner=row["partner"].strip().upper(),
        on=parse_date(row["entry_on"]),
        known=day("known_on") or EVERYTHING_KNOWN,
        loaded=day("loaded_on"),
        metals={metal.strip(): float(parse_share(value)) for metal, _sign, value in pairs},
        metal_weight=share("metal_weight_share"),
        us_content=share("us_content_share") or 0.0,
        undeclared_metal="none",
        unit_value=float(parse_number(text("unit_value_usd"))) if text("unit_value_usd") else None,
        facts=frozenset(fact.strip() for fact in text("facts").split(";") if fact.strip()),
    )
