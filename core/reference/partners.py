"""Trade partners by their two-letter code, their names, groupings and yearly trade totals."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from core.errors import InputError
from core.i18n import _
from core.reference import tables
from core.text import LocalText

PARTNERS_FILE: Final = "partners.csv"
TOTALS_FILE: Final = "partner_totals.csv.gz"
CHAPTER_EXPORTS_FILE: Final = "exports_by_chapter.csv.gz"
WORLD: Final = "WORLD"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Partner:
    """An economy. union: the customs union whose terms it shares, '' for none.

    groupings: short names of the groups it belongs to.
    """

    iso2: str
    census_code: str
    name: LocalText
    union: str
    groupings: frozenset[str]


@dataclass(frozen=True)
class YearTotal:
    """Goods trade of one year in US$: exports (domestic and re-exports, FAS) and GENERAL imports."""

    year: int
    exports_usd: float
    imports_usd: float

    @property
    def balance_usd(self) -> float:
        """Exports less imports: negative is a deficit of the importing country."""
        return self.exports_usd - self.imports_usd


@dataclass(frozen=True)
class ChapterExports:
    """Exports to a partner in one year and chapter, US$; months: how many months had trade."""

    year: int
    chapter: str
    exports_usd: float
    months: int


@dataclass(frozen=True, eq=False)
class Partners:
    """All partners, in the order of their codes."""

    by_code: dict[str, Partner]
    _path: Callable[[str], Path] = field(repr=False)

    def __iter__(self) -> Iterator[Partner]:
        return iter(self.by_code.values())

    def __len__(self) -> int:
        return len(self.by_code)

    def __contains__(self, code: str) -> bool:
        return code in self.by_code

    def get(self, code: str) -> Partner:
        """The partner with this two-letter code, or EU; InputError naming near ones otherwise."""
        wanted = code.strip().upper()
        if wanted in self.by_code:
            return self.by_code[wanted]
        near = self._near(code)
        listed = ", ".join(f"{partner.iso2} ({partner.name})" for partner in near)
        raise InputError(
            _("'{code}' is not a partner.").format(code=code.strip()),
            why=_("Partners are two-letter country codes, and EU."),
            remedy=_("Did you mean {partners}?").format(partners=listed) if near else "",
        )

    def members(self, grouping: str) -> tuple[Partner, ...]:
        """The partners of a grouping such as EU27."""
        return tuple(partner for partner in self if grouping in partner.groupings)

    def totals(self, code: str) -> tuple[YearTotal, ...]:
        """Yearly totals of a partner, of EU or of WORLD, oldest first; empty when none are known."""
        return self._totals.get(code, ())

    def chapter_exports(self, code: str) -> tuple[ChapterExports, ...]:
        """Exports by chapter to a partner; empty when the pack has none."""
        return self._chapter_exports.get(code, ())

    def _near(self, typed: str, limit: int = 3) -> list[Partner]:
        spelt = {
            name.casefold(): partner for partner in self for name in (partner.iso2, partner.name.en, partner.name.ko)
        }
        wanted = typed.strip().casefold()
        initials = [name for name in spelt if "".join(word[0] for word in name.split()) == wanted]
        parts = [name for name in spelt if len(wanted) > 1 and wanted in name]
        close = difflib.get_close_matches(wanted, spelt, n=limit, cutoff=0.6) if len(wanted) > 2 else []
        names = initials + (parts + close if len(wanted) > 2 or not wanted.isascii() else [])
        return list({spelt[name].iso2: spelt[name] for name in names}.values())[:limit]

    @cached_property
    @tables.refusing(TOTALS_FILE)
    def _totals(self) -> dict[str, tuple[YearTotal, ...]]:
        rows = _rows(self._path(TOTALS_FILE), ("partner", "year", "exports_usd", "imports_usd"))
        return _grouped((p, YearTotal(int(y), float(x), float(m))) for p, y, x, m in rows)

    @cached_property
    @tables.refusing(CHAPTER_EXPORTS_FILE)
    def _chapter_exports(self) -> dict[str, tuple[ChapterExports, ...]]:
        rows = _rows(self._path(CHAPTER_EXPORTS_FILE), ("partner", "year", "hs2", "exports_usd", "months"))
        return _grouped((p, ChapterExports(int(y), c, float(x), int(n))) for p, y, c, x, n in rows)


@tables.refusing(PARTNERS_FILE)
def load_partners(path: Callable[[str], Path]) -> Partners:
    """Read the list of partners; their totals are read when first asked for."""
    names = ("iso2", "census_code", "name_en", "name_ko", "union", "groupings")
    partners = {
        iso2: Partner(
            iso2=iso2,
            census_code=census,
            name=LocalText(en=name_en, ko=name_ko),
            union=union,
            groupings=frozenset(groupings.split()),
        )
        for iso2, census, name_en, name_ko, union, groupings in _rows(path(PARTNERS_FILE), names)
    }
    return Partners(partners, path)


def _rows(path: Path, names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The named columns of a table, row by row."""
    columns = tables.read_columns(path)
    return zip(*(tables.column(columns, name, path.name) for name in names), strict=True)


def _grouped(pairs: Iterator[tuple[str, _T]]) -> dict[str, tuple[_T, ...]]:
    found: dict[str, list[_T]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
