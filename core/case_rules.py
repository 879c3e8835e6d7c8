"""What holds in every case: checked by each edit, and once for everything that comes from a file.

Each function returns nothing and raises InputError with the words for the person who typed or sent it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Final

from core.case import (
    LAW_SCENARIO,
    AddDuty,
    AnyChange,
    Assumptions,
    Cap,
    Case,
    ItemGroup,
    Quota,
    RivalTerms,
    Scenario,
    SetRate,
    SetTotal,
    TradeOverride,
    letter_rank,
)
from core.codes import LINE_DIGITS, STATISTICAL_DIGITS, code_problem, format_code
from core.errors import InputError, NoLawError
from core.i18n import _
from core.quantities import MAX_RATE, format_date

GROUP_PREFIX: Final = "group:"
LIST_PREFIX: Final = "list:"
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
MAX_TRADE_FIGURES: Final = 20_000  # the schedule has 19,000 statistical lines
LARGEST_VALUE: Final = Decimal(10) ** 13  # US$; all imports of the world's largest importer are a third of it
FIRST_YEAR, LAST_YEAR = 1990, 2199
# Beyond these a number is no quantity of trade but a way to fill the memory of who writes it out.
_LARGEST_EXPONENT: Final = 15
_SMALLEST_EXPONENT: Final = -30

_LETTER: Final = re.compile(r"[A-Z]{1,3}")
_ID: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_PARTNER: Final = re.compile(r"\*|-?[A-Z]{2}")
_PREFIX: Final = re.compile(r"[0-9]{2,10}")


def check_case(case: Case) -> None:
    """Everything below, for a whole case."""
    check_letters(case)
    check_groups(case.groups)
    check_assumptions(case.assumptions)
    for day in (case.as_of, case.known_to):
        check_day(day)
    for scenario in case.scenarios:
        for change in scenario.changes:
            check_change(case, change)
        for terms in scenario.rivals:
            check_rival_terms(case, terms)
    check_unique(_("The barrier {name} is there twice."), [record.barrier for record in case.barriers])
    check_trade(case.trade)
    check_ids(case)


def check_ids(case: Case) -> None:
    """Ids are given once; a part that was never stamped has none."""
    ids = [scenario.id for scenario in case.scenarios]
    ids += [part.id for scenario in case.scenarios for part in (*scenario.changes, *scenario.rivals)]
    check_unique(_("The id {name} is there twice."), [name for name in ids if name])
    for name in (case.id, *ids):
        if name:
            check_id(name)


def check_letters(case: Case) -> None:
    """The law comes first and is unchanged; letters are given once."""
    letters = [scenario.letter for scenario in case.scenarios]
    if not letters or letters[0] != LAW_SCENARIO or not _is_law(case.scenarios[0]):
        raise InputError(
            _("The first scenario has to be A, the law without changes."),
            remedy=_("Keep changes in scenarios of their own."),
        )
    check_unique(_("The scenario {name} is there twice."), letters)
    for letter in (*letters, case.next_letter):
        if not _LETTER.fullmatch(letter):
            raise InputError(_("'{letter}' is no letter of a scenario.").format(letter=letter))
    if any(letter_rank(letter) >= letter_rank(case.next_letter) for letter in letters):
        raise InputError(
            _("The next letter {letter} was given before.").format(letter=case.next_letter),
            why=_("A letter is never used again, so that notes about a scenario stay true."),
        )
    check_scenario(case, case.compare_with)


def _is_law(scenario: Scenario) -> bool:
    return not scenario.changes and not scenario.rivals


def check_scenario(case: Case, letter: str) -> None:
    """The case has a scenario of this letter."""
    letters = [scenario.letter for scenario in case.scenarios]
    if letter not in letters:
        raise InputError(
            _("There is no scenario {letter}.").format(letter=letter or _("without a letter")),
            remedy=_("Choose one of {letters}.").format(letters=", ".join(letters)),
        )


def check_is_not_law(letter: str) -> None:
    """Scenario A is what the law says: nobody edits it."""
    if letter == LAW_SCENARIO:
        raise InputError(
            _("Scenario A is the law as it stands and cannot be changed."),
            remedy=_("Duplicate it and change the copy."),
        )


def check_change(case: Case, change: AnyChange) -> None:
    """Rates, shares, days, goods and names of one change."""
    check_period(change.start, change.until)
    check_goods(case, change.lines)
    if isinstance(change, SetRate | AddDuty) and not change.duty:
        raise InputError(_("The change does not say which duty it sets."), remedy=_("Choose a duty."))
    if isinstance(change, SetRate | AddDuty | Cap | SetTotal):
        check_rate(change.rate)
    if isinstance(change, AddDuty):
        check_id(change.duty)
        if not change.title:
            raise InputError(_("The new duty has no name."), remedy=_("Give it one, in either language."))
    if isinstance(change, Quota):
        _check_quota(change)


def check_rival_terms(case: Case, terms: RivalTerms) -> None:
    """Names at least one partner other than the case's own, and the change itself is sound."""
    included = [name for name in terms.partners if not name.startswith("-")]
    for name in terms.partners:
        if not _PARTNER.fullmatch(name):
            raise InputError(
                _("'{name}' names no partner.").format(name=name),
                remedy=_("Write codes of two letters, * for all others, or a code with a minus before it."),
            )
    if not included or included == [case.partner]:
        raise InputError(
            _("These terms name no other partner."),
            remedy=_("Choose at least one; changes for {partner} itself stand in the scenario's own list.").format(
                partner=case.partner
            ),
        )
    check_unique(_("The partner {name} is there twice."), terms.partners)
    check_change(case, terms.change)


def _check_quota(quota: Quota) -> None:
    check_share(quota.share_in_quota)
    check_rate(quota.in_rate)
    if quota.out_rate is not None:
        check_rate(quota.out_rate)
    if quota.volume is not None and not (_is_plain(quota.volume) and quota.volume > 0):
        raise InputError(
            _("A quota of {volume} cannot be.").format(volume=quota.volume),
            remedy=_("Give an amount above 0, or leave it open."),
        )


def check_period(start: date, until: date | None) -> None:
    """`until` is the first day after, so it comes after `start`."""
    check_day(start)
    if until is not None and until <= start:
        raise InputError(
            _("The change would end before it starts."),
            why=_("It starts on {start}, and {until} is the first day without it.").format(
                start=format_date(start), until=format_date(until)
            ),
            remedy=_("Choose a later end, or none."),
        )


def check_day(day: date) -> None:
    """A day of this age: anything else is a slip of the keyboard."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise InputError(
            _("{day} cannot be meant.").format(day=day.isoformat()),
            remedy=_("Choose a day from {first} to {last}.").format(
                first=format_date(FIRST_DAY), last=format_date(LAST_DAY)
            ),
        )


def check_rate(rate: Decimal) -> None:
    """A rate is a fraction from 0 to 10 (1000 %)."""
    if not (_is_plain(rate) and 0 <= rate <= MAX_RATE):
        shown = f"{rate * 100:f}" if _is_plain(rate) else str(rate)  # times a hundred it may be no number
        raise InputError(
            _("A rate of {rate} % cannot be.").format(rate=shown),
            remedy=_("Choose a rate from 0 to 1000 %."),
        )


def _is_plain(number: Decimal) -> bool:
    """Finite, and of a size that can be written out."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _SMALLEST_EXPONENT and number.adjusted() <= _LARGEST_EXPONENT


def check_share(share: Decimal) -> None:
    """A share of value is a fraction from 0 to 1."""
    if not (_is_plain(share) and 0 <= share <= 1):
        raise InputError(
            _("{share} is not a share.").format(share=share),
            remedy=_("Choose a share between 0 and 1, for example 0.6 for 60 %."),
        )


def check_goods(case: Case, lines: str) -> None:
    """`lines` of a change: empty, a scope list of the pack, or a group that the case has."""
    if not lines or (lines.startswith(LIST_PREFIX) and lines != LIST_PREFIX):
        return
    if not lines.startswith(GROUP_PREFIX):
        raise InputError(
            _("'{lines}' names no goods.").format(lines=lines),
            remedy=_("Choose an item group or a list of the reference data."),
        )
    check_group_exists(case, lines.removeprefix(GROUP_PREFIX))


def check_group_exists(case: Case, group_id: str) -> None:
    """The case has an item group of this id."""
    if group_id not in {group.id for group in case.groups}:
        raise InputError(
            _("There is no item group '{group}'.").format(group=group_id),
            remedy=_("Choose one of the item groups of the case."),
        )


def check_groups(groups: Iterable[ItemGroup]) -> None:
    """Ids are unique, prefixes are digits, no prefix is in two groups, and one group takes the rest."""
    owner: dict[str, ItemGroup] = {}
    groups = tuple(groups)
    check_unique(_("The item group {name} is there twice."), [group.id for group in groups])
    for group in groups:
        check_id(group.id)
        for prefix in group.prefixes:
            _check_prefix(group, prefix)
            if other := owner.get(prefix):
                raise InputError(
                    _("{prefix} is in two item groups.").format(prefix=format_code(prefix)),
                    where=_("{first} and {second}").format(first=other.name, second=group.name),
                    remedy=_("Take it out of one of them: a line belongs to one group."),
                )
            owner[prefix] = group
    rest = [group for group in groups if not group.prefixes]
    if groups and len(rest) != 1:
        raise InputError(
            _("Lines that no prefix covers need one group; there are {count}.").format(count=len(rest)),
            where=", ".join(str(group.name) for group in rest),
            remedy=_("Leave the prefixes of exactly one group empty."),
        )


def _check_prefix(group: ItemGroup, prefix: str) -> None:
    if not _PREFIX.fullmatch(prefix):
        raise InputError(
            _("'{prefix}' is not the beginning of a tariff code.").format(prefix=prefix),
            where=str(group.name) or group.id,
            remedy=_("Write 2 to 10 digits, for example 8703."),
        )


def check_id(name: str) -> None:
    """Ids of groups and of new duties: small letters, digits, - and _."""
    if not _ID.fullmatch(name):
        raise InputError(
            _("'{name}' cannot be used as a short name.").format(name=name),
            remedy=_("Use up to 64 small letters, digits, - and _, beginning with a letter or digit."),
        )


def check_unique(complaint: str, names: Iterable[str]) -> None:
    """No name is there twice. complaint: text with {name}."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(complaint.format(name=name))
        seen.add(name)


def check_assumptions(assumptions: Assumptions) -> None:
    """Every assumption is a share."""
    if assumptions.default_utilisation is not None:
        check_share(assumptions.default_utilisation)
    for shares in (assumptions.utilisation, assumptions.listed_use, assumptions.metal_share):
        for share in shares.values():
            check_share(share)


def check_trade(figures: Iterable[TradeOverride]) -> None:
    """Codes are lines of the schedule, given once, and no line both as a whole and by its statistical lines."""
    figures = tuple(figures)
    if len(figures) > MAX_TRADE_FIGURES:
        raise InputError(
            _("A case holds at most {limit:,} trade figures of its own.").format(limit=MAX_TRADE_FIGURES),
            remedy=_("Leave out the smallest lines."),
        )
    for figure in figures:
        check_trade_figure(figure)
    check_unique(_("The trade figure for {name} is there twice."), [figure.code for figure in figures])
    whole = {figure.code for figure in figures if len(figure.code) == LINE_DIGITS}
    for figure in figures:
        if len(figure.code) == STATISTICAL_DIGITS and figure.code[:LINE_DIGITS] in whole:
            raise InputError(
                _("{line} is given as a whole and by its statistical lines.").format(
                    line=format_code(figure.code[:LINE_DIGITS])
                ),
                remedy=_("Keep one of the two, or the value counts twice."),
            )


def check_trade_figure(figure: TradeOverride) -> None:
    """A code of a tariff line or a statistical line, an amount of money, a year."""
    problem = code_problem(figure.code)
    if problem or len(figure.code) not in (LINE_DIGITS, STATISTICAL_DIGITS):
        raise InputError(
            _("'{code}' is no code of a tariff line.").format(code=figure.code),
            why=problem,
            remedy=_("Give 8 or 10 digits."),
        )
    for amount in (figure.value, figure.duty):
        if amount is not None and not (_is_plain(amount) and 0 <= amount <= LARGEST_VALUE):
            raise InputError(
                _("A value of {amount} cannot be.").format(amount=amount),
                where=format_code(figure.code),
                remedy=_("Give US$ of the year, 0 or more."),
            )
    if not FIRST_YEAR <= figure.year <= LAST_YEAR:
        raise InputError(
            _("{year} is no year of trade.").format(year=figure.year),
            remedy=_("Give a year from {first} to {last}.").format(first=FIRST_YEAR, last=LAST_YEAR),
        )


def check_covered(day: date, coverage: tuple[date, date] | None) -> None:
    """The day lies within the law of the pack (first and last day); None: the caller does not know them."""
    check_day(day)
    if coverage is None or coverage[0] <= day <= coverage[1]:
        return
    first, last = coverage
    raise NoLawError(
        _("There is no law for {day} in the reference data.").format(day=format_date(day)),
        remedy=_("Choose a day from {first} to {last}.").format(first=format_date(first), last=format_date(last)),
    )


def check_known_barrier(barrier_id: str, catalogue: Collection[str] | None) -> None:
    """The catalogue has this barrier; None: the caller does not know it."""
    if not barrier_id or (catalogue is not None and barrier_id not in catalogue):
        raise InputError(
            _("There is no barrier '{barrier}' in the catalogue.").format(barrier=barrier_id),
            remedy=_("Choose one of the list."),
        )
