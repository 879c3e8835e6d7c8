"""Build step: metal shares of value, cut to what a share can be."""

from __future__ import annotations

from typing import Final

from core.reference.build.workshop import Workshop
from core.reference.manifest import FileInfo
from core.reference.metals import ADJUSTED, METAL_SHARES_FILE, METALS

METAL_SOURCE: Final = "yale_metal_content_shares_bea_hs10.csv.gz"
_AS_PUBLISHED: Final = "bea"
_DECIMALS: Final = 6
_INFO: Final = FileInfo(
    title="Share of steel, aluminium and copper in an article's value, by statistical line",
    source="The Budget Lab at Yale, tariff-rate-tracker, from the input-output tables of the US Bureau of "
    "Economic Analysis",
    date="2025",
    licence="MIT licence, copyright The Budget Lab at Yale",
    concept="share of customs value inferred from the industry that makes the article, not measured; "
    "bea_adjusted: the published figure was above 1 and was cut, or the three together were scaled to 1",
    unit="fraction of customs value",
)


def write_metal_shares(workshop: Workshop) -> None:
    """Clip each share to 0..1, then scale the three of a line down to a sum of 1 where they exceed it."""
    rows = workshop.rows(METAL_SOURCE, "hs10", "steel_share", "aluminum_share", "copper_share")
    workshop.write_table(
        METAL_SHARES_FILE,
        _INFO,
        ("hts10", *METALS, "source"),
        ((hts10, *bounded([float(share) for share in shares])) for hts10, *shares in rows),
    )


def bounded(published: list[float]) -> tuple[str, ...]:
    """Three shares as text with a mark that says whether they had to be changed."""
    clipped = [min(max(share, 0.0), 1.0) for share in published]
    total = sum(clipped)
    shares = [share / total for share in clipped] if total > 1 else clipped
    mark = _AS_PUBLISHED if shares == published else ADJUSTED
    # Cut, not rounded, so that scaled shares still add up to at most 1.
    cut = [int(share * 10**_DECIMALS) / 10**_DECIMALS for share in shares]
    return (*(f"{share:.{_DECIMALS}f}" for share in cut), mark)
