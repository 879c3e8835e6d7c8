"""Build step: preference programmes, and how much of the trade claims each according to the duty collected."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any, Final

import msgspec
import yaml

from core.i18n import _
from core.preferences import LEAST_VALUE_USD, implied_use
from core.reference.build.checks import BuildError, Fault, Problem
from core.reference.build.workshop import SCHEDULE_SOURCE, Workshop
from core.reference.manifest import FileInfo
from core.reference.partners import load_partners
from core.reference.programmes import ANY_PROGRAMME, EVERYONE, PROGRAMMES_FILE, PooledUse, Programmes
from core.reference.schedule import Schedule, load_schedule
from core.reference.tables import damaged
from core.reference.trade import BASE_YEAR, load_trade

PROGRAMMES: Final = "programmes.yaml"
SHARE_DECIMALS: Final = 4
_MIDDLE_OF_YEAR: Final = date(BASE_YEAR, 7, 1)
_INFO: Final = FileInfo(
    title="Preference programmes: who may claim which, from when to when, and how much of the trade does",
    source="General Notes of the US tariff schedule, acts and proclamations as each entry names them; shares of use as "
    f"each entry names them, or inferred from US Census Bureau, duty collected on imports for consumption {BASE_YEAR}",
    date="each entry carries its own",
    licence="US government texts and statistics: public domain",
    concept="share of the customs value that claims a programme; pooled_use: over all partners whose duty is known",
    unit="fraction of customs value",
)


def write_programmes(workshop: Workshop) -> None:
    """Write programmes.json; report symbols without a programme and partners that do not exist."""
    document = _document(workshop)
    schedule = load_schedule(lambda name: workshop.out / name)
    _check(workshop, document, schedule)
    document = msgspec.structs.replace(document, pooled_use=_pooled(workshop, document, schedule))
    data = msgspec.json.format(msgspec.json.encode(document), indent=1) + b"\n"
    workshop.write_bytes(PROGRAMMES_FILE, _INFO, data, len(document.programmes))


def _document(workshop: Workshop) -> Programmes:
    try:
        raw: Any = yaml.safe_load((workshop.source / PROGRAMMES).read_text("utf-8"))
        return msgspec.convert({"pooled_use": {}, **raw}, Programmes)
    except (OSError, yaml.YAMLError, msgspec.ValidationError, TypeError) as error:
        raise damaged(PROGRAMMES, str(error)) from error


def _check(workshop: Workshop, document: Programmes, schedule: Schedule) -> None:
    known = {symbol for programme in document.programmes for symbol in programme.symbols}
    strange = sorted(schedule.symbols - known)
    detail = _("The symbol {symbol} belongs to no programme.")
    problems = [Problem(Fault.SPECIAL_TEXT, symbol, detail.format(symbol=symbol)) for symbol in strange]
    workshop.report(SCHEDULE_SOURCE, problems)
    _check_order(document)
    partners = load_partners(lambda name: workshop.out / name)
    for where, code in _partners_named(document):
        if code not in partners:
            raise _refused(where, _("'{code}' is not a partner.").format(code=code))


def _check_order(document: Programmes) -> None:
    """Statements in the order of their release, and a share of use for whatever has none of its own."""
    lists = [(one.id, one.statements) for one in document.programmes]
    for where, statements in (*lists, *((one.what.en, one.statements) for one in document.outside)):
        if list(statements) != sorted(statements, key=lambda said: said.released) or not statements:
            raise _refused(where, _("The statements are not in the order of their release."))
    if not any(figure.programme == ANY_PROGRAMME and figure.partners == (EVERYONE,) for figure in document.use):
        raise _refused("use", _("There is no share of use for programmes without one of their own."))


def _refused(where: str, why: str) -> BuildError:
    return BuildError(_("The reference pack was not built."), where=f"{PROGRAMMES}: {where}", why=why)


def _partners_named(document: Programmes) -> list[tuple[str, str]]:
    """Every partner code with the entry that names it."""
    lists = [(one.id, said.partners) for one in document.programmes for said in one.statements]
    lists += [(figure.programme or "use", figure.partners) for figure in document.use]
    lists += [("base_year_duties", duty.partners) for duty in document.base_year_duties]
    lists += [(each.what.en, said.partners) for each in document.outside for said in each.statements]
    return [(where, code.lstrip("-")) for where, codes in lists for code in codes if code != EVERYONE]


def _pooled(workshop: Workshop, document: Programmes, schedule: Schedule) -> dict[str, PooledUse]:
    """By programme without a published share, that over all partners. Members of a union are counted within it."""
    partners = load_partners(lambda name: workshop.out / name)
    trade = load_trade(lambda name: workshop.out / name, partners)
    claimed: dict[str, float] = defaultdict(float)
    value: dict[str, float] = defaultdict(float)
    whose: dict[str, list[str]] = defaultdict(list)
    for partner in partners:
        imports = trade.imports(partner.iso2)
        if partner.union or not imports.duty_known.any():
            continue
        for name, found in implied_use(document, schedule, partner, imports, _MIDDLE_OF_YEAR).items():
            claimed[name] += found.share * found.value
            value[name] += found.value
            whose[name].append(partner.iso2)
    published = {figure.programme for figure in document.use}
    return {
        name: PooledUse(round(claimed[name] / total, SHARE_DECIMALS), int(total), tuple(sorted(whose[name])))
        for name, total in sorted(value.items())
        if total >= LEAST_VALUE_USD and name not in published
    }
