"""The import-weighted additional duty on Korea against an independent count from the same law texts.

That count (US$ 128.43 bn of 2024 imports, KORUS claimed, content shares before April 2026; one decimal, for
orientation) leaves out every good that is listed only on a condition: the end of our range with none of them in.
"""

from __future__ import annotations

from datetime import date

import pytest

from core.cli.average import average_data
from core.reference.pack import Pack
from core.tariff.query import EVERYTHING_KNOWN

ADDITIONAL_PERCENT = {
    "2025-03-20": 1.2,
    "2025-05-20": 13.8,
    "2025-06-20": 15.0,
    "2025-08-20": 17.6,
    "2025-12-20": 14.0,
    "2026-03-15": 12.2,
    "2026-04-20": 12.9,
    "2026-08-15": 13.4,
}


@pytest.mark.parametrize(("on", "published"), ADDITIONAL_PERCENT.items())
def test_additional_duty_without_conditional_goods(pack: Pack, on: str, published: float) -> None:
    data = average_data(pack, "KR", date.fromisoformat(on), EVERYTHING_KNOWN)
    ends = [(total - data["column1"]) * 100 for total in data["total_range"]]
    assert min(abs(end - published) for end in ends) < 0.1
