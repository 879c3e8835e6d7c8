"""How much of a foreign file is read before Parley says no. A table for a delegation is far smaller."""

from __future__ import annotations

from typing import Final

MAX_BYTES: Final = 20_000_000
MAX_EXPANSION: Final = 100  # unpacked to packed; a workbook has 5 to 30
MAX_PARTS: Final = 2_000  # entries of a workbook
MAX_PART: Final = 64_000_000  # of one sheet, unpacked
MAX_ROWS: Final = 200_000
MAX_COLUMNS: Final = 200
MAX_CELLS: Final = 2_000_000
MAX_SEEN: Final = 4_000_000  # cells of a text, empty ones too
MAX_RECORDS: Final = 1_048_576  # rows of a text, empty ones too: as many as a spreadsheet has
MAX_WORKBOOK_CELLS: Final = 1_000_000  # XML is slow to read: 5 s; as CSV the same table takes one
MAX_CELL: Final = 32_767  # characters, as in a spreadsheet
MAX_TEXT: Final = 40_000_000  # characters of all texts of a workbook
MAX_DEPTH: Final = 60  # of XML elements within each other
MAX_FINDINGS: Final = 2_000  # kept in words; the rest is counted
MAX_CHANGES: Final = 500  # changes of one scenario from one table
CHECK_EVERY: Final = 2_000  # rows between two looks at Cancel
