"""A worksheet that takes formulas as they are.

XlsxWriter looks for functions newer than Excel 2010 in every formula, thirty searches each: three quarters of the
time for a workbook of this size. The briefing uses none of them, since LibreOffice 7.4 knows few.
"""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet


def _as_it_is(_sheet: object, formula: str, expand_future_functions: bool = False) -> str:
    """A formula is stored without its equals sign and otherwise unchanged."""
    return formula.removeprefix("=")


# Made by a call since the library has no types to inherit from. Should it rename the method, only the time is lost.
FastSheet = type("FastSheet", (Worksheet,), {"_prepare_formula": _as_it_is})
