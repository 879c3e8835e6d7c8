"""The instrument itself: a workbook test is worth something only if stale values do not survive."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import xlsxwriter

from tests.office import LibreOffice


def test_a_stale_value_does_not_survive(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """A formula stored with a wrong value: LibreOffice's default would hand 999 back as if it were right."""
    path = tmp_path / "stale.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_number("A1", 20)
        sheet.write_formula("A2", "=A1*2", None, 999)
    recalculated = openpyxl.load_workbook(libreoffice.recalculate(path), data_only=True)
    assert recalculated.worksheets[0]["A2"].value == 40


def test_pages(libreoffice: LibreOffice, tmp_path: Path) -> None:
    path = tmp_path / "pages.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_string("A1", "text")
    assert libreoffice.convert(path, "pdf").read_bytes().startswith(b"%PDF")
