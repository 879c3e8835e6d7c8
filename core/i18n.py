"""Translation of every user-visible string: one gettext catalogue for core and gui.

Strings are looked up when they are shown, never when a module is imported, so that the language can change
while the program runs. Constants are marked with N_ and translated where they are used.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from core.locations import resource_path

LANGUAGES: Final = ("en", "ko")
SOURCE_LANGUAGE: Final = "en"

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language: str = SOURCE_LANGUAGE
# A document in another language than the window's, made in a thread of its own, must not turn the window's texts.
_document: ContextVar[tuple[str, _gettext.NullTranslations] | None] = ContextVar("document", default=None)


def set_language(language: str) -> None:
    """Show everything in this language from now on; an unknown one falls back to English."""
    global _catalogue, _language
    _language, _catalogue = _opened(language)


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Texts in this language within the block, in this thread only."""
    token = _document.set(_opened(language))
    try:
        yield
    finally:
        _document.reset(token)


def _opened(language: str) -> tuple[str, _gettext.NullTranslations]:
    known = language if language in LANGUAGES else SOURCE_LANGUAGE
    return known, _gettext.translation(
        "parley", localedir=str(resource_path("locale")), languages=[known], fallback=True
    )


def _texts() -> _gettext.NullTranslations:
    document = _document.get()
    return _catalogue if document is None else document[1]


def language() -> str:
    """The language shown now, as an ISO 639-1 code."""
    document = _document.get()
    return _language if document is None else document[0]


def _(message: str) -> str:
    return _texts().gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    return _texts().ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    return _texts().pgettext(context, message)


def N_(message: str) -> str:
    """Mark a constant for the catalogue without translating it yet."""
    return message
