"""Damaged tables for the imports: small real files, mutated from a seed. Shared by the suite and `dev.py torture`."""

from __future__ import annotations

import csv
import io
import random
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

import xlsxwriter

from core.case import Case
from core.casefile import default_case
from core.casefile.format import decode, encode
from core.errors import ParleyError
from core.imports.plan import Choices, Plan, Target, Task
from core.imports.reading import read
from core.imports.sheet import Sheet
from core.imports.suggestion import look_at_numbers, suggest
from core.imports.targets import TARGETS
from core.reference.pack import Pack

Rows = list[list[object]]

TRADE: Final[Rows] = [
    ["품목번호", "금액(천달러)", "관세", "연도", "출처"],
    ["8703.23.0190", "19,335.5", "0", "2024", "KITA"],
    ["101210010", "1,250", "", "2024", "KITA"],
    [8708998180, 1234.5, 2.25, 2024, "=SUM(B2:B3)"],
    ["합계", "20,585.5", "", "", ""],
]
RATES: Final[Rows] = [
    ["Duty", "Goods", "Rate, %", "Form", "From", "Until", "Note"],
    ["Reciprocal duty", "", "15", "total", "2025-08-01", "", "deal"],
    ["승용차·경량 화물차", "승용차", "12,5", "추가", "2025. 8. 1.", "2026-01-01", "'=1+1"],
    ["", "870323; 870324", 0.25, "total", "20250801", "", ""],
]
BARRIERS: Final[Rows] = [
    ["과제", "상태", "담당", "입장", "Position", "Red line", "기한"],
    ["쌀", "협의 중", "MAFRA", "개방 불가", "No opening\nfor rice", "none", "2025-07-01"],
    ["currency", "Agreed", "MOEF", "", "-", "@cmd", "7/9/2025"],
]


def _csv(rows: Rows, separator: str, encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def _xlsx(rows: Rows) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet, percent = book.add_worksheet("표"), book.add_format({"num_format": "0.0%"})
        for row, cells in enumerate(rows):
            for column, value in enumerate(cells):
                if isinstance(value, float) and value < 1:
                    sheet.write_number(row, column, value, percent)
                elif isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(row, column, value, value=42)
                elif isinstance(value, (int, float)):
                    sheet.write_number(row, column, value)
                else:
                    sheet.write_string(row, column, str(value))
    return data.getvalue()


@cache
def samples() -> tuple[tuple[str, bytes], ...]:
    """Small files as they come: every target, several encodings and separators, workbooks."""
    return (
        ("trade.csv", _csv(TRADE, ";", "cp949")),
        ("trade-utf16.csv", _csv(TRADE, "\t", "utf-16")),
        ("trade.xlsx", _xlsx(TRADE)),
        ("rates.csv", _csv(RATES, ",", "utf-8-sig")),
        ("rates.xlsx", _xlsx(RATES)),
        ("barriers.csv", _csv(BARRIERS, "|", "utf-8")),
        ("barriers.xlsx", _xlsx(BARRIERS)),
    )


def mutations(seed: int, n: int) -> Iterator[tuple[str, bytes]]:
    """n damaged files, the same for the same seed."""
    chance = random.Random(seed)
    for number in range(n):
        name, data = chance.choice(samples())
        for _round in range(chance.choice((1, 1, 2, 5))):
            data = chance.choice(_ways(name))(chance, data)
        yield f"{number}-{name}", data


Way = Callable[[random.Random, bytes], bytes]


def _ways(name: str) -> tuple[Way, ...]:
    plain = (_flip, _cut, _repeat, _insert, _swap)
    return (*plain, _inside, _inside, _inside, _inside) if name.endswith(".xlsx") else (*plain, _cell, _cell, _cell)


def _flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _byte in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _repeat(chance: random.Random, data: bytes) -> bytes:
    start = chance.randrange(len(data) + 1)
    stop = min(len(data), start + chance.randint(1, 200))
    return data[:stop] + data[start:stop] * chance.randint(1, 40) + data[stop:]


def _insert(chance: random.Random, data: bytes) -> bytes:
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(_ODD) + data[place:]


def _swap(chance: random.Random, data: bytes) -> bytes:
    middle = chance.randrange(len(data) + 1)
    return data[middle:] + data[:middle]


_ODD: Final = (
    b'"', b"\x00", b"\xff\xfe", b"\r", b"\n" * 50, b"," * 300, b";" * 250, b"=cmd|' /C calc'!A0", b"'", b"\xef\xbb\xbf",
    b"9" * 400, b"1e400", b"-0", b"NaN", b"\xed\xa0\x80", b"sep=;\n", b"PK\x03\x04", b'"' + b"x" * 140_000, b"\x1a",
    "٣٤".encode(), "￿".encode(), b"..", b"%", b"0" * 40,
)  # fmt: skip


def _cell(chance: random.Random, data: bytes) -> bytes:
    """One cell replaced by something odd, whatever the separator is."""
    cells = data.split(separator := chance.choice((b";", b",", b"|", b"\t", b"\n")))
    cells[chance.randrange(len(cells))] = chance.choice(_ODD)
    return separator.join(cells)


def _inside(chance: random.Random, data: bytes) -> bytes:
    """A part of the workbook damaged, with the package around it sound."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        parts = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # damaged before: leave it
        return data
    name = chance.choice([part for part in parts if "docProps" not in part] or list(parts))
    parts[name] = chance.choice((_xml_number, _xml_number, _xml_doctype, _xml_text, _flip, _cut, _repeat))(
        chance, parts[name]
    )
    if chance.random() < 0.1:
        del parts[name]
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in parts.items():
            book.writestr(part, content)
    return changed.getvalue()


def _xml_number(chance: random.Random, data: bytes) -> bytes:
    """An attribute or a value replaced by an extreme one."""
    marks = [place for place in range(len(data)) if data[place : place + 1] in (b'"', b">")]
    if len(marks) < 2:
        return data
    first = chance.randrange(len(marks) - 1)
    odd = chance.choice((b"-1", b"999999999999", b"1e999", b"ZZZZ9", b"XFD1048576", b"", b"nan", b"0" * 5_000, b"s"))
    return data[: marks[first] + 1] + odd + data[marks[first + 1] :]


def _xml_doctype(chance: random.Random, data: bytes) -> bytes:
    """Entities that swell, and one that would read a file."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    head, mark, rest = data.partition(b"?>")
    return head + mark + bomb + rest.replace(b"<v>", b"<v>&b;", 1).replace(b"<t>", b"<t>&f;", 1)


def _xml_text(chance: random.Random, data: bytes) -> bytes:
    return data.replace(b"<t>", b"<t>" + chance.choice((b"_xD800_", b"_x0000_", b"=1+1", b"x" * 40_000)), 1)


def try_one(name: str, data: bytes, pack: Pack, case: Case | None = None) -> list[Plan | ParleyError]:
    """Read a file, propose, plan and apply for every target. A case that comes of it can be saved and opened again.

    Anything but a ParleyError comes out as it is.
    """
    case = case or default_case()
    try:
        sheet = read(data, name).sheet
    except ParleyError as error:
        return [error]
    outcomes: list[Plan | ParleyError] = []
    for target in TARGETS:
        try:
            outcomes.append(_plan(target, sheet, name, pack, case))
        except ParleyError as error:
            outcomes.append(error)
    return outcomes


def _plan(target: Target, sheet: Sheet, name: str, pack: Pack, case: Case) -> Plan:
    found = suggest(target.id, target.fields, sheet)
    view = look_at_numbers(target.fields, sheet, found.header, found.columns)
    choices = Choices(view.survey.mark, True, view.unit, source=name, scenario_name=name, make_groups=True)
    plan = target.plan(Task(case, pack, sheet, found.header, found.columns, choices))
    after = plan.apply(case)
    if after is not case:
        decode(encode(after), name)
    return plan
