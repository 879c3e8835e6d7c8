"""Translation of every user-visible string: one gettext catalogue for core and gui.

Strings are looked up when they are shown, never when a module is imported, so that the language can change
while the program runs. Constants are marked with N_ and translated where they are used.
"""

from __future__ import annotations

import gettext as _gettext
from typing import Final

from core.locations import resource_path

LANGUAGES: Final = ("en", "ko")
SOURCE_LANGUAGE: Final = "en"

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_language: str = SOURCE_LANGUAGE


def set_language(language: str) -> None:
    """Show everything in this language from now on; an unknown one falls back to English."""
    global _catalogue, _language
    _language = language if language in LANGUAGES else SOURCE_LANGUAGE
    _catalogue = _gettext.translation(
        "parley", localedir=str(resource_path("locale")), languages=[_language], fallback=True
    )


def language() -> str:
    """The language shown now, as an ISO 639-1 code."""
    return _language


def _(message: str) -> str:
    return _catalogue.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    return _catalogue.ngettext(singular, plural, count)


def pgettext(context: str, message: str) -> str:
    return _catalogue.pgettext(context, message)


def N_(message: str) -> str:
    """Mark a constant for the catalogue without translating it yet."""
    return message
