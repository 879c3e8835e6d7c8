"""Whether a formula of a workbook reaches an input cell."""

from __future__ import annotations

import re
from typing import Any


class Reach:
    """Follows formulas from cell to cell, sheet to sheet and over defined names until an unlocked cell."""

    REFERENCE = re.compile(r"(?:'([^']+)'!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?(?![\d(.])")
    NAME = re.compile(r"[A-Za-z_][\w]*\.[a-z]\w*|weighted_column_1")

    def __init__(self, book: Any) -> None:
        self.book = book
        self.known: dict[tuple[str, str], bool] = {}
        self.names = {name: defined.attr_text for name, defined in book.defined_names.items()}

    def is_live(self, sheet: str, address: str) -> bool:
        key = (sheet, address)
        if key not in self.known:
            self.known[key] = False
            cell = self.book[sheet][address]
            if not cell.protection.locked:
                self.known[key] = True
            elif cell.data_type == "f":
                self.known[key] = self.any_live(sheet, cell.value)
        return self.known[key]

    def any_live(self, sheet: str, formula: str) -> bool:
        text = re.sub(r'"[^"]*"', "", formula)
        for name in self.NAME.findall(text):
            target, address = self.names[name].split("!")
            if self.is_live(target.strip("'"), address.replace("$", "")):
                return True
        for found in self.REFERENCE.finditer(self.NAME.sub("", text)):
            other, left, top, right, bottom = found.groups()
            area = f"{left}{top}:{right or left}{bottom or top}"
            if self.area_is_live(other or sheet, area):
                return True
        return False

    def area_is_live(self, sheet: str, area: str) -> bool:
        key = (sheet, area)
        if key not in self.known:
            self.known[key] = False
            rows = self.book[sheet][area]
            self.known[key] = any(self.is_live(sheet, cell.coordinate) for row in rows for cell in row)
        return self.known[key]
