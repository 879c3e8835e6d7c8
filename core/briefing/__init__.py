"""The briefing workbook: what a minister or another desk reads without Parley, with formulas that stay live."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core import i18n
from core.audience import Audience, redact
from core.briefing.lock import check_password, locked
from core.case import Case
from core.casefile.atomic import write_atomically
from core.errors import Cancelled, InputError, OutputError
from core.i18n import _, in_language
from core.reference.pack import Pack
from core.results import Results

if TYPE_CHECKING:
    from core.briefing.plan import Brief

Progress = Callable[[float], None]
IsCancelled = Callable[[], bool]
LONGEST_RECIPIENT: Final = 50
_NEVER_COUNTED: Final = ("barriers", "next_letter", "note", "history")


def write_briefing(
    case: Case,
    results: Results,
    pack: Pack,
    path: Path,
    *,
    language: str = "en",
    audience: Audience = Audience.INTERNAL,
    recipient: str = "",
    password: str | None = None,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Path:
    """Write the briefing of a case for an audience; `results` are those of the case. progress: 0 to 1.

    recipient: whose copy it is, said on every page. password: the file is encrypted with it, in memory.
    Raises OutputError when the file cannot be written, Cancelled when asked to stop; the path is then as it was.
    """
    path = Path(path)
    _check(path)
    if password is not None:
        check_password(password)
    with in_language(language):
        data = briefing_bytes(
            case, results, pack, audience=audience, recipient=recipient, progress=progress, cancelled=cancelled
        )
    if password is not None:
        data = locked(data, password)
    write_atomically(path, data, error=OutputError)  # an error is for the person at the window, in its language
    return path


def _check(path: Path) -> None:
    """Say what is wrong with the place before the work, not after it."""
    if path.suffix.lower() != ".xlsx":
        raise OutputError(
            _("The briefing could not be written."),
            where=str(path),
            why=_("A workbook's name ends in .xlsx."),
            remedy=_("Add .xlsx to the name."),
        )
    if not path.parent.is_dir():
        raise OutputError(
            _("The briefing could not be written."),
            where=str(path),
            why=_("There is no such folder."),
            remedy=_("Choose a folder that exists."),
        )


def briefing_bytes(
    case: Case,
    results: Results,
    pack: Pack,
    *,
    audience: Audience,
    recipient: str = "",
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> bytes:
    """The workbook as a file's content, in the language of the moment; the same for the same inputs."""
    from core.engine import evaluate

    recipient = checked_recipient(recipient)

    def tick(done: float) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(done)

    tick(0.0)
    shown: Case = redact(case, audience)
    if not _counts_the_same(shown, results.case):
        results = evaluate(shown, pack, cancelled=cancelled)
    brief = _prepare(shown, audience, results, pack, recipient)
    tick(0.1)
    try:
        _write(brief, tick)
        content = brief.book.content()
    finally:
        brief.book.forget()
    tick(1.0)
    return content


def _counts_the_same(shown: Case, worked_out: Case) -> bool:
    """Whether nothing that was left out enters a figure; a field that is not known here is taken to enter."""
    counted = [name for name in Case.__struct_fields__ if name not in _NEVER_COUNTED]
    return all(getattr(shown, name) == getattr(worked_out, name) for name in counted)


def checked_recipient(text: str) -> str:
    """Whose copy it is, on one line; InputError when no line of a page holds it."""
    from core.briefing.writer import clean

    name = " ".join(clean(text).split())
    if len(name) > LONGEST_RECIPIENT:
        raise InputError(
            _("The recipient's name is too long."),
            why=_("It has {count} characters; {limit} fit on a line.").format(count=len(name), limit=LONGEST_RECIPIENT),
            remedy=_("Shorten it."),
        )
    return name


def _prepare(case: Case, audience: Audience, results: Results, pack: Pack, recipient: str) -> Brief:
    from core.briefing import plan
    from core.briefing.ids import Ledger
    from core.briefing.lines import FIRST_ROW
    from core.briefing.model import build_model
    from core.briefing.writer import Book

    model = build_model(case, results)
    book = Book(str(case.title), case.as_of, audience.label, recipient)
    names = (
        plan.COVER, plan.SUMMARY, plan.RATES, plan.ITEMS, plan.LINES, plan.PARTNERS, plan.BARRIERS, plan.ASSUMPTIONS,
        plan.SOURCES, plan.IDS,
    )  # fmt: skip
    sheets = {name: book.sheet(str(name)) for name in names}
    lines = plan.LineColumns(
        sheets[plan.LINES],
        FIRST_ROW,
        len(model.portfolio.codes),
        len(model.classes),
        sum(kind.claimed_place >= 0 for kind in model.classes),
        len(model.scenarios),
        len(model.views),
    )
    return plan.Brief(case, audience, pack, model, book, sheets, plan.Places(), lines, Ledger(case, i18n.language()))


def _write(brief: Brief, tick: Progress) -> None:
    """Each sheet after those whose cells it refers to."""
    from core.briefing.assumptions import write_assumptions
    from core.briefing.barriers import write_barriers
    from core.briefing.cover import write_cover
    from core.briefing.items import write_items
    from core.briefing.lines import write_lines
    from core.briefing.partners import write_partners
    from core.briefing.plan import IDS
    from core.briefing.rates import write_rates
    from core.briefing.sources import write_sources
    from core.briefing.summary import write_summary

    write_assumptions(brief)
    write_rates(brief)
    write_items(brief)
    write_partners(brief)
    tick(0.2)
    write_barriers(brief)
    write_summary(brief)
    write_cover(brief)
    write_sources(brief)
    brief.ledger.write(brief.sheet(IDS), brief.audience.value)
    write_lines(brief, lambda done: tick(0.2 + 0.7 * done))
    tick(0.9)
