"""The full briefing of the default case against the bare writer writing as many cells of the same kinds.

    python3 packaging/bench_briefing.py

Both sides run in the same process, one after the other, so that a busy moment hits both.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import xlsxwriter

ROOT: Final = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from core.briefing import write_briefing  # noqa: E402 - after the path, so that it runs as a file too
from core.casefile import default_case  # noqa: E402
from core.engine import evaluate  # noqa: E402
from core.reference.pack import Pack, load_pack  # noqa: E402
from core.results import Results  # noqa: E402


class Measured(NamedTuple):
    """Seconds of the briefing, seconds of the bare writer, and how many cells both wrote."""

    briefing: float
    bare: float
    cells: int


@cache
def _evaluated() -> tuple[Results, Pack]:
    pack = load_pack()
    results = evaluate(default_case(), pack)
    _ = pack.names, pack.barriers, pack.agenda  # the window has read them long before
    return results, pack


def briefing_seconds() -> float:
    """Write the full briefing of the default case once."""
    results, pack = _evaluated()
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        write_briefing(results.case, results, pack, Path(folder) / "briefing.xlsx")
        return time.perf_counter() - start


@cache
def cell_kinds() -> Counter[str]:
    """How many cells of each kind the briefing has: "s" text, "n" number, "f" formula."""
    import openpyxl

    results, pack = _evaluated()
    with tempfile.TemporaryDirectory() as folder:
        path = write_briefing(results.case, results, pack, Path(folder) / "briefing.xlsx")
        book = openpyxl.load_workbook(path, read_only=True)
        cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None)
        return Counter("n" if cell.data_type == "d" else cell.data_type for cell in cells)


def bare_seconds() -> float:
    """Write as many cells of the same kinds with XlsxWriter alone: one sheet, one format, the shortest formula."""
    kinds = cell_kinds()
    width = 32
    start = time.perf_counter()
    book = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
    sheet, style = book.add_worksheet(), book.add_format({"num_format": "0.0%"})
    place = 0
    for place in range(kinds["s"]):
        sheet.write_string(place // width, place % width, "text", style)
    for number in range(place + 1, place + 1 + kinds["n"]):
        sheet.write_number(number // width, number % width, 0.123456789, style)
        place = number
    for number in range(place + 1, place + 1 + kinds["f"]):
        sheet.write_formula(number // width, number % width, "=A1*2", style, 0.123456789)
    book.close()
    return time.perf_counter() - start


def measure() -> Measured:
    """Both sides once."""
    return Measured(briefing_seconds(), bare_seconds(), sum(cell_kinds().values()))


if __name__ == "__main__":
    measure()
    for _turn in range(3):
        found = measure()
        ratio = found.briefing / found.bare
        print(f"{found.briefing:.2f} s, bare {found.bare:.2f} s, ratio {ratio:.2f}, {found.cells:,} cells")
