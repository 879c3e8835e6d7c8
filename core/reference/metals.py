"""The share of an article's value that is steel, aluminium or copper, by statistical line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from core.codes import STATISTICAL_DIGITS
from core.reference import tables
from core.reference.tables import BoolArray, FloatArray, TextArray

METAL_SHARES_FILE: Final = "metal_shares.csv.gz"
METALS: Final = ("steel", "aluminium", "copper")
ADJUSTED: Final = "bea_adjusted"


@dataclass(frozen=True, eq=False)
class MetalShares:
    """Shares of value by line, each in 0..1 and together at most 1, inferred from input-output tables.

    shares: one row per code of hts10 (sorted), one column per metal in the order of METALS.
    adjusted: the source's figures were outside those bounds and were cut to them.
    """

    hts10: TextArray
    shares: FloatArray
    adjusted: BoolArray

    def of(self, hts10: TextArray) -> FloatArray:
        """Shares of these ten-digit codes, shape (codes, 3); NaN in a row for a line without figures."""
        wanted = hts10.astype(f"U{STATISTICAL_DIGITS}")
        found = np.minimum(np.searchsorted(self.hts10, wanted), len(self.hts10) - 1)
        known = self.hts10[found] == wanted
        return np.where(known[:, None], self.shares[found], np.nan)


@tables.refusing(METAL_SHARES_FILE)
def load_metal_shares(path: Callable[[str], Path]) -> MetalShares:
    """Read the shares; `path` gives a file of the pack by its name."""
    columns = tables.read_columns(path(METAL_SHARES_FILE))

    def text(name: str) -> list[str]:
        return tables.column(columns, name, METAL_SHARES_FILE)

    shares = [tables.float_array(text(metal), METAL_SHARES_FILE) for metal in METALS]
    return MetalShares(
        hts10=tables.text_array(text("hts10"), STATISTICAL_DIGITS),
        shares=np.column_stack(shares),
        adjusted=tables.text_array(text("source")) == ADJUSTED,
    )
