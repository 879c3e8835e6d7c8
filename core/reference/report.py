"""What is loaded, from when and from whom, and a partner's totals: the answer to `parley reference`."""

from __future__ import annotations

import math
from typing import Any, Final

from core.i18n import _, ngettext
from core.quantities import format_number, format_percent
from core.reference.manifest import FileInfo
from core.reference.pack import Pack
from core.reference.trade import Imports

_BILLION: Final = 1e9


def reference_data(pack: Pack, partner: str) -> dict[str, Any]:
    """Everything the report says, for JSON: US$ as numbers, None where unknown.

    Raises InputError for an unknown partner.
    """
    imports = pack.trade.imports(partner)
    return {
        "edition": pack.manifest.edition,
        "schema": pack.manifest.schema,
        "schedule_lines": len(pack.schedule),
        "partners": len(pack.partners),
        "partner": {"code": imports.partner, **_names(pack, imports.partner)},
        "totals": _totals(pack, imports),
        "files": {name: _described(info) for name, info in pack.manifest.files.items()},
    }


def reference_report(pack: Pack, partner: str) -> list[str]:
    """The same as lines of text in the language shown. Raises InputError for an unknown partner."""
    data = reference_data(pack, partner)
    heading = _("Reference pack, edition {edition}: {lines} tariff lines, {partners} partners.").format(
        edition=data["edition"],
        lines=format_number(data["schedule_lines"]),
        partners=format_number(data["partners"]),
    )
    return [heading, "", *_totals_text(pack, data), "", *_files_text(pack)]


def _names(pack: Pack, code: str) -> dict[str, str]:
    name = pack.partners.get(code).name
    return {"name_en": name.en, "name_ko": name.ko}


def _totals(pack: Pack, imports: Imports) -> dict[str, Any]:
    """Imports by concept. Only the first is the base of Parley's rates and shares."""
    year = next((total for total in pack.partners.totals(imports.partner) if total.year == imports.year), None)
    known = imports.duty_known
    return {
        "year": imports.year,
        "concept": imports.concept,
        "lines": len(imports),
        "consumption_usd": imports.total_value,
        "unrated_rows": 1 if imports.unrated_lines else 0,
        "unrated_lines": imports.unrated_lines,
        "unrated_usd": _or_none(imports.unrated_value),
        "duty_usd": float(imports.duty[known].sum()) if known.any() else None,
        "duty_covers_usd": float(imports.value[known].sum()),
        "unrated_duty_usd": _or_none(imports.unrated_duty),
        "general_imports_usd": year.imports_usd if year else None,
        "exports_usd": year.exports_usd if year else None,
    }


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def _described(info: FileInfo) -> dict[str, Any]:
    return {**dict(info.described()), "rows": info.rows, "bytes": info.bytes, "sha256": info.sha256}


def _totals_text(pack: Pack, data: dict[str, Any]) -> list[str]:
    totals = data["totals"]
    name = pack.partners.get(data["partner"]["code"]).name
    heading = _("{partner} ({code}), US imports {year}, billion US$").format(
        partner=name, code=data["partner"]["code"], year=totals["year"]
    )
    shown = _("Parley shows {concept}, chapters 1-97, of {year}.").format(
        concept=_(totals["concept"]), year=totals["year"]
    )
    return [heading, *(f"  {line}" for line in (*_amounts(totals), shown))]


def _amounts(totals: dict[str, Any]) -> list[str]:
    lines = ngettext(
        "{amount}  imports for consumption, customs value, chapters 1-97: {count} line",
        "{amount}  imports for consumption, customs value, chapters 1-97: {count} lines",
        totals["lines"],
    )
    unrated = _("{amount}  the same for chapters 98-99 (special provisions), one unrated row")
    general = _("{amount}  general imports, all chapters (the headline figure; another concept)")
    duty = _("{amount}  duty collected on chapters 1-97: {rate} of the value for which it is known")
    rate = _collected_rate(totals)
    return [
        lines.format(amount=_billions(totals["consumption_usd"]), count=format_number(totals["lines"])),
        unrated.format(amount=_billions(totals["unrated_usd"])),
        general.format(amount=_billions(totals["general_imports_usd"])),
        duty.format(amount=_billions(totals["duty_usd"]), rate=format_percent(rate, 2)),
    ]


def _collected_rate(totals: dict[str, Any]) -> float | None:
    return totals["duty_usd"] / totals["duty_covers_usd"] if totals["duty_usd"] is not None else None


def _billions(value: float | None) -> str:
    text = _("unknown") if value is None else format_number(value / _BILLION, 2)
    return text.rjust(8)


def _files_text(pack: Pack) -> list[str]:
    """Three lines for each file: what it is, from when and where, under which licence."""
    found = [_("Files, all as listed in the manifest")]
    for name, info in pack.manifest.files.items():
        rows = _("{count} rows").format(count=format_number(info.rows))
        date = _("date: {date}").format(date=info.date)
        source = _("source: {source}").format(source=info.source)
        licence = _("licence: {licence}").format(licence=info.licence)
        found += [f"  {name}: {info.title}", f"    {rows}; {date}; {source}", f"    {licence}"]
    return found
