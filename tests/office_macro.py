"""LibreOffice as a person uses it: open a workbook (with its password), change cells, rows and sheets, save it.

The converter of tests/office.py cannot do that; a macro of ours in the private profile can.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Final

from tests.office import find_soffice

_SECONDS: Final = 180
_LIBRARY: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false"
 library:passwordprotected="false">
 <library:element library:name="Hand"/>
</library:library>
"""
_MODULE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Hand" script:language="StarBasic">
{source}
</script:module>
"""
_FRAME: Final = """
Function Named(which As String, what As Variant) As Object
  Dim made As New com.sun.star.beans.PropertyValue
  made.Name = which
  made.Value = what
  Named = made
End Function

Sub Work{number}
  Dim book As Object, sheet As Object, order(0) As New com.sun.star.table.TableSortField
  book = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, Array(Named("Hidden", True){password}))
  For Each sheet In book.Sheets
    sheet.unprotect("")
  Next
{steps}
  book.storeToURL("{target}", Array(Named("FilterName", "Calc MS Excel 2007 XML")))
  book.close(True)
  StarDesktop.terminate()
End Sub
"""


class Hand:
    """One private profile. Each job is a list of Basic statements about `book`."""

    def __init__(self, folder: Path) -> None:
        soffice = find_soffice()
        assert soffice is not None
        self._soffice, self._folder, self._jobs = soffice, folder, count(1)
        self._profile = folder / "hand"
        self._basic = self._profile / "user" / "basic" / "Standard"
        self._run("--terminate_after_init")  # makes the profile, which would otherwise replace ours
        (self._basic / "script.xlb").write_text(_LIBRARY, encoding="utf-8")

    def _run(self, *arguments: str) -> str:
        command = [self._soffice, f"-env:UserInstallation={self._profile.as_uri()}", "--headless", "--norestore"]
        done = subprocess.run([*command, *arguments], capture_output=True, text=True, timeout=_SECONDS)
        return done.stdout + done.stderr

    def work(self, source: Path, steps: Sequence[str] = (), *, password: str = "") -> Path:
        """A copy of the workbook as LibreOffice saves it after these steps; without sheet protection."""
        number = next(self._jobs)
        target = self._folder / f"hand-{number}.xlsx"
        macro = _FRAME.format(
            number=number,
            source=source.as_uri(),
            target=target.as_uri(),
            password=f', Named("Password", "{password}")' if password else "",
            steps="\n".join(f"  {step}" for step in steps),
        )
        escaped = macro.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
        (self._basic / "Hand.xba").write_text(_MODULE.format(source=escaped), encoding="utf-8")
        said = self._run(f"macro:///Standard.Hand.Work{number}")
        assert target.is_file(), f"nothing saved: {said}"
        return target


def type_text(sheet: str, cell: str, text: str) -> str:
    """Set a cell to a text."""
    return f'book.Sheets.getByName("{sheet}").getCellRangeByName("{cell}").String = "{text}"'


def type_number(sheet: str, cell: str, number: float) -> str:
    """Set a cell to a number, or to the count of a day."""
    return f'book.Sheets.getByName("{sheet}").getCellRangeByName("{cell}").Value = {number!r}'


def type_as_typed(sheet: str, cell: str, typed: str) -> str:
    """As from the keyboard: LibreOffice decides what it is."""
    return f'book.Sheets.getByName("{sheet}").getCellRangeByName("{cell}").Formula = "{typed}"'


def insert_rows(sheet: str, row: int, number: int) -> str:
    """New rows above a row (from 1)."""
    return f'book.Sheets.getByName("{sheet}").Rows.insertByIndex({row - 1}, {number})'


def delete_rows(sheet: str, row: int, number: int) -> str:
    return f'book.Sheets.getByName("{sheet}").Rows.removeByIndex({row - 1}, {number})'


def insert_columns(sheet: str, column: int, number: int) -> str:
    """New columns left of a column (from 1)."""
    return f'book.Sheets.getByName("{sheet}").Columns.insertByIndex({column - 1}, {number})'


def delete_columns(sheet: str, column: int, number: int) -> str:
    return f'book.Sheets.getByName("{sheet}").Columns.removeByIndex({column - 1}, {number})'


def rename(sheet: str, name: str) -> str:
    return f'book.Sheets.getByName("{sheet}").Name = "{name}"'


def remove(sheet: str) -> str:
    return f'book.Sheets.removeByName("{sheet}")'


def sort_down(sheet: str, area: str, column: int) -> str:
    """Sort rows by a column of the area (from 0), the last word first."""
    return (
        f"order(0).Field = {column} : order(0).IsAscending = False : "
        f'book.Sheets.getByName("{sheet}").getCellRangeByName("{area}").sort('
        'Array(Named("SortFields", order()), Named("ContainsHeader", False)))'
    )
