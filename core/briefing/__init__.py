"""The briefing workbook: what a minister or another desk reads without Parley, with formulas that stay live."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.audience import Audience, redact
from core.case import Case
from core.casefile.atomic import write_atomically
from core.errors import Cancelled, OutputError
from core.i18n import _, in_language
from core.reference.pack import Pack
from core.results import Results

if TYPE_CHECKING:
    from core.briefing.plan import Brief

Progress = Callable[[float], None]
IsCancelled = Callable[[], bool]


def write_briefing(
    case: Case,
    results: Results,
    pack: Pack,
    path: Path,
    *,
    language: str = "en",
    audience: Audience = Audience.INTERNAL,
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> Path:
    """Write the briefing of a case for an audience; `results` are those of the case. progress: 0 to 1.

    Raises OutputError when the file cannot be written, Cancelled when asked to stop; the path is then as it was.
    """
    path = Path(path)
    _check(path)
    with in_language(language):
        data = briefing_bytes(case, results, pack, audience=audience, progress=progress, cancelled=cancelled)
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
    progress: Progress | None = None,
    cancelled: IsCancelled | None = None,
) -> bytes:
    """The workbook as a file's content, in the language of the moment; the same for the same inputs."""
    from core.engine import evaluate

    def tick(done: float) -> None:
        if cancelled is not None and cancelled():
            raise Cancelled
        if progress is not None:
            progress(done)

    tick(0.0)
    shown: Case = redact(case, audience)
    if [s.letter for s in shown.scenarios] != [e.scenario.letter for e in results.evaluations]:
        results = evaluate(shown, pack, cancelled=cancelled)
    brief = _prepare(shown, audience, results, pack)
    tick(0.1)
    try:
        _write(brief, tick)
        content = brief.book.content()
    finally:
        brief.book.forget()
    tick(1.0)
    return content


def _prepare(case: Case, audience: Audience, results: Results, pack: Pack) -> Brief:
    from core.briefing import plan
    from core.briefing.lines import FIRST_ROW
    from core.briefing.model import build_model
    from core.briefing.writer import Book

    model = build_model(case, results)
    book = Book(str(case.title), case.as_of, audience.label)
    names = (
        plan.COVER, plan.SUMMARY, plan.RATES, plan.ITEMS, plan.LINES, plan.BARRIERS, plan.ASSUMPTIONS, plan.SOURCES,
    )  # fmt: skip
    sheets = {name: book.sheet(str(name)) for name in names}
    lines = plan.LineColumns(
        sheets[plan.LINES],
        FIRST_ROW,
        len(model.portfolio.codes),
        len(model.classes),
        len(model.scenarios),
        len(model.views),
    )
    return plan.Brief(case, audience, pack, model, book, sheets, plan.Places(), lines)


def _write(brief: Brief, tick: Progress) -> None:
    """Each sheet after those whose cells it refers to."""
    from core.briefing.assumptions import write_assumptions
    from core.briefing.barriers import write_barriers
    from core.briefing.cover import write_cover
    from core.briefing.items import write_items
    from core.briefing.lines import write_lines
    from core.briefing.rates import write_rates
    from core.briefing.sources import write_sources
    from core.briefing.summary import write_summary

    write_assumptions(brief)
    write_rates(brief)
    write_items(brief)
    write_barriers(brief)
    write_summary(brief)
    write_cover(brief)
    write_sources(brief)
    write_lines(brief, lambda done: tick(0.2 + 0.7 * done))
    tick(0.9)
