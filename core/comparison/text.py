"""A comparison of two moments in words: the headline, the reasons of a row, and the whole of it as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from core.codes import format_code
from core.comparison import Comparison, Moment, PartChange
from core.comparison.effect_words import effect_words, outcome_words
from core.comparison.effects import Release
from core.comparison.reasons import MeasureThen, Reason
from core.comparison.rows import Count, RowChange
from core.exposure import COLUMN_1, By
from core.i18n import _, ngettext
from core.law_coverage import coverage_note
from core.law_words import cause_text, cited, rate_words
from core.quantities import format_date, format_number, format_percent, format_rate
from core.reference.law import Law
from core.reference.pack import Pack
from core.tariff.duty import LIMIT_PREFIX
from core.tariff.measures import RateKind

MILLION, BILLION = 1e6, 1e9
_SMALL = 0.1 * BILLION  # below this an amount is told in millions


# ---- moments and the headline


def moment_words(moment: Moment) -> str:
    """One moment."""
    return _("Entry on {date}, law known to {known}").format(
        date=format_date(moment.on), known=format_date(moment.known)
    )


def when_words(before: Moment, after: Moment) -> str:
    """Both moments as the beginning of a sentence; what they have in common is said once."""
    places = {
        "on": format_date(before.on),
        "then": format_date(after.on),
        "known": format_date(before.known),
        "later": format_date(after.known),
    }
    if before.on == before.known and after.on == after.known:
        return _("Between {on} and {then}").format(**places)
    if before.known == after.known:
        return _("Between {on} and {then}, law known to {known}").format(**places)
    if before.on == after.on:
        return _("For entry on {on}, law known to {later} instead of {known}").format(**places)
    return _("From {on} (law known to {known}) to {then} (law known to {later})").format(**places)


def headline(comparison: Comparison) -> str:
    """The finding in one sentence."""
    when = when_words(comparison.before.moment, comparison.after.moment)
    total = comparison.total
    if comparison.is_same:
        return _("{when}: no rate changes, average {average}").format(
            when=when, average=format_percent(total.before, 2)
        )
    places = {"when": when, "before": format_percent(total.before, 2), "after": format_percent(total.after, 2)}
    return _("{when}: average {before} → {after}, {duty}").format(**places, duty=more_duty(total.change))


def more_duty(change: float) -> str:
    """A change of duty, US$ a year, in words that need no sign."""
    amount = money(abs(change))
    if round(change) == 0:
        return _("the same duty in all")
    if change > 0:
        return _("{amount} more duty a year").format(amount=amount)
    return _("{amount} less duty a year").format(amount=amount)


def money(amount: float) -> str:
    """US$ in billions, or in millions where billions would say little."""
    if abs(amount) >= _SMALL:
        return _("US$ {amount} bn").format(amount=format_number(amount / BILLION, 2))
    return _("US$ {amount} m").format(amount=format_number(amount / MILLION, 1))


# ---- parts and reasons


def part_title(comparison: Comparison, name: str) -> str:
    """What a part of the rate is called: column 1, a duty, a limit of the scenario; "" is their total."""
    if not name:
        return _("Total")
    if name == COLUMN_1:
        return _("Column 1")
    if name.startswith(LIMIT_PREFIX):
        return _("change {number} of the scenario").format(number=int(name.removeprefix(LIMIT_PREFIX)) + 1)
    duties = {duty.id: duty.title for side in (comparison.before, comparison.after) for duty in side.plan.duties}
    return str(duties.get(name, name))


def measure_words(comparison: Comparison, duty: str, measure: MeasureThen | None) -> str:
    """What charged the goods: the title, and the rate where the title does not say it."""
    if measure is None:
        return _("nothing charged")
    if measure.change is not None:
        typed = _("change {number} of the scenario").format(number=measure.change)
        return typed if measure.rate is None else f"{typed}, {rate_words(measure.rate, measure.kind)}"
    title = str(measure.title)
    rate = measure.rate
    says_rate = rate is None or measure.kind is RateKind.MINIMUM_PRICE or format_percent(rate) in _spaced(title)
    return title if says_rate or rate is None else f"{title}, {rate_words(rate, measure.kind)}"


def _spaced(title: str) -> str:
    """A title of the pack with the no-break space that Parley puts before a per cent sign."""
    return title.replace(" %", "\N{NO-BREAK SPACE}%")


def reason_words(comparison: Comparison, reason: Reason) -> str:
    """The measure before and after, and who changed it."""
    law = comparison.after.law
    old = measure_words(comparison, reason.duty, reason.before)
    new = measure_words(comparison, reason.duty, reason.after)
    if reason.before is None and reason.after is None:
        words = part_title(comparison, reason.duty)
    elif reason.before == reason.after:
        words = _("{duty}, on another share of the value").format(duty=new)
    elif reason.before is None:
        words = _("new: {measure}").format(measure=new)
    elif reason.after is None:
        words = _("no longer: {measure}").format(measure=old)
    else:
        words = f"{old} → {new}"
    return f"{words} ({cited(law, reason.instruments)})" if reason.instruments else words


def why_brief(comparison: Comparison, row: RowChange) -> str:
    """The reasons of a row in few words, for a cell: duty, rate before and after, short titles of the instruments."""
    return "; ".join([*(_reason_brief(comparison, reason) for reason in row.reasons), *no_number_words(row)])


def _reason_brief(comparison: Comparison, reason: Reason) -> str:
    duty = part_title(comparison, reason.duty)
    if reason.before is None and reason.after is None:
        return duty
    if reason.before == reason.after:
        words = _("{duty}, on another share of the value").format(duty=duty)
    else:
        old, new = _rate_brief(reason.before), _rate_brief(reason.after)
        words = f"{duty} {old} → {new}"
    law = comparison.after.law
    by = ", ".join(str(law.instruments[name].short) for name in reason.instruments)
    return f"{words} ({by})" if by else words


def _rate_brief(measure: MeasureThen | None) -> str:
    if measure is None:
        return _("none")
    if measure.rate is None:
        return _("quota")
    if measure.kind is RateKind.ADDED:
        return format_percent(measure.rate)
    if measure.kind is RateKind.CONTENT:
        return _("{rate} on content").format(rate=format_percent(measure.rate))
    return rate_words(measure.rate, measure.kind)


def why_words(comparison: Comparison, row: RowChange) -> str:
    """All reasons of a row, the weightiest first, and what has no number on one side."""
    return "; ".join([*(reason_words(comparison, reason) for reason in row.reasons), *no_number_words(row)])


def no_number_words(row: RowChange) -> list[str]:
    """How much of a row has a number at one moment only."""
    found = []
    if row.only_before:
        found.append(_("no number after on {amount} of imports").format(amount=money(row.only_before)))
    if row.only_after:
        found.append(_("no number before on {amount} of imports").format(amount=money(row.only_after)))
    return found


def release_head(release: Release) -> str:
    """An instrument with its kind and the day of its release."""
    instrument = release.instrument
    return f"{format_date(instrument.released)} · {instrument.cite()} · {instrument.kind_label}"


def release_words(law: Law, release: Release) -> list[str]:
    """What an instrument did to the partner."""
    outcome = outcome_words(release)
    return [*([outcome] if outcome else []), *(effect_words(law, effect) for effect in release.effects)]


def row_name(comparison: Comparison, pack: Pack, by: By, key: str) -> str:
    """A group's name, or a line's code and words."""
    if by is By.GROUP:
        portfolio = comparison.before.portfolio
        return str(portfolio.group_names[portfolio.group_ids.index(key)])
    return f"{format_code(key)} {pack.names.of_line(key)}".rstrip()


def notes(comparison: Comparison, pack: Pack) -> list[str]:
    """What has to be known to read the numbers rightly."""
    found = []
    if comparison.after.moment.on < comparison.before.moment.on:
        found.append(_("The second day is before the first: what takes effect in between is undone."))
    if comparison.only_one_side:
        text = _("{amount} of imports have a number at one moment only and are in no sum: {reason}.")
        reason = "; ".join(str(gap.reason) for gap in comparison.gaps)
        found.append(text.format(amount=money(comparison.only_one_side), reason=reason))
    base = comparison.after.base
    if note := coverage_note(pack.law, base.partner, base.member_of, base.known):
        found.append(note)
    return found


# ---- the whole


def comparison_text(comparison: Comparison, pack: Pack, by: By = By.GROUP) -> str:
    """Everything as plain text, for the clipboard and the command line."""
    partner = pack.partners.get(comparison.before.portfolio.partner).name
    scenario = _("Goods from {partner}, scenario {letter}").format(partner=partner, letter=comparison.letter)
    blocks = [
        [headline(comparison), scenario, *notes(comparison, pack)],
        list(_part_lines(comparison)),
        list(_release_lines(comparison)),
        list(_event_lines(comparison)),
        list(_row_lines(comparison, pack, by)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _part_lines(comparison: Comparison) -> Iterator[str]:
    year = comparison.before.portfolio.year
    yield _("Average rate and duty a year at {year} trade").format(year=year)
    for part in (*comparison.parts, comparison.total):
        yield "  " + _part_line(comparison, part)


def _part_line(comparison: Comparison, part: PartChange) -> str:
    return _("{title}: {before} → {after} ({points} points), US$ {duty} m").format(
        title=part_title(comparison, part.name),
        before=format_percent(part.before, 2),
        after=format_percent(part.after, 2),
        points=format_rate(part.points, 2, plus=True),
        duty=format_number(part.change / MILLION, plus=True),
    )


def released_title(comparison: Comparison) -> str:
    """The heading over the instruments."""
    first, last = comparison.before.moment.known, comparison.after.moment.known
    if first == last:
        return _("The same law on both sides")
    count = len(comparison.releases)
    if not count:
        text = _("No instrument released after {first} and up to {last}")
        return text.format(first=format_date(first), last=format_date(last))
    text = ngettext(
        "{count} instrument released after {first} and up to {last}",
        "{count} instruments released after {first} and up to {last}",
        count,
    )
    return text.format(count=format_number(count), first=format_date(first), last=format_date(last))


def _release_lines(comparison: Comparison) -> Iterator[str]:
    yield released_title(comparison)
    for release in comparison.releases:
        yield f"  {release_head(release)}"
        yield from (f"      {words}" for words in release_words(comparison.after.law, release))


def events_title(comparison: Comparison) -> str:
    """The heading over the days of change."""
    days = sorted((comparison.before.moment.on, comparison.after.moment.on))
    return _("Takes effect after {first} and up to {last}").format(
        first=format_date(days[0]), last=format_date(days[1])
    )


def event_words(comparison: Comparison, place: int) -> list[str]:
    """What happens on one of the days, each thing once."""
    causes = comparison.events[place].causes
    return list(dict.fromkeys(cause_text(comparison.after.law, cause) for cause in causes))


def _event_lines(comparison: Comparison) -> Iterator[str]:
    if comparison.before.moment.on == comparison.after.moment.on:
        return
    yield events_title(comparison)
    for place, event in enumerate(comparison.events):
        yield f"  {format_date(event.on)}"
        yield from (f"      {words}" for words in event_words(comparison, place))
    if not comparison.events:
        yield "  " + _("no change of law")


def _row_lines(comparison: Comparison, pack: Pack, by: By) -> Iterator[str]:
    found = comparison.groups if by is By.GROUP else comparison.lines
    yield _("By item group") if by is By.GROUP else _("By tariff line")
    for row in found.changed:
        yield "  " + _row_line(comparison, row, row_name(comparison, pack, by, row.key))
        yield f"      {why_words(comparison, row)}"
    yield "  " + count_words(found.same, by)
    if missing := no_number_count(found.unknown, by):
        yield "  " + missing


def _row_line(comparison: Comparison, row: RowChange, name: str) -> str:
    if row.change is None:
        return _("{name}: {before} → {after}, US$ {value} m of imports").format(
            name=name, before=_or_none(row.before), after=_or_none(row.after), value=_millions(row.value)
        )
    return _("{name}: {before} → {after} ({points} points), US$ {duty} m on US$ {value} m of imports").format(
        name=name,
        before=_or_none(row.before),
        after=_or_none(row.after),
        points=format_rate(row.points, 1, plus=True),
        duty=_millions(row.change, plus=True),
        value=_millions(row.value),
    )


def _or_none(rate: float | None) -> str:
    return _("no number") if rate is None else format_percent(rate, 1)


def _millions(amount: float, *, plus: bool = False) -> str:
    return format_number(amount / MILLION, 0 if abs(amount) >= 10 * MILLION else 2, plus=plus)


def count_words(count: Count, by: By) -> str:
    """What stays the same."""
    if not count.rows:
        return _("Nothing stays the same.")
    return _("The same: {what}.").format(what=_counted(count, by))


def no_number_count(count: Count, by: By) -> str:
    """What has a number at neither moment, "" where all has one."""
    return _("No number on either side: {what}.").format(what=_counted(count, by)) if count.rows else ""


def _counted(count: Count, by: By) -> str:
    if by is By.GROUP:
        text = ngettext("{count} item group, {value}", "{count} item groups, {value}", count.rows)
    else:
        text = ngettext("{count} tariff line, {value}", "{count} tariff lines, {value}", count.rows)
    return text.format(count=format_number(count.rows), value=money(count.value))
