"""Text that exists in more than one language: names in the reference pack and in a case."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from core import i18n


class LocalText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One text in English and Korean; either may be empty, and the other then stands in."""

    # A value, not a record: the field that holds it says who may see it.
    is_value: ClassVar[bool] = True

    en: str = ""
    ko: str = ""

    def __str__(self) -> str:
        return self.in_language(i18n.language())

    def in_language(self, language: str) -> str:
        """The text in this language, or in the other one where it is missing."""
        return (self.ko or self.en) if language == "ko" else (self.en or self.ko)

    def with_text(self, language: str, text: str) -> LocalText:
        """A copy with this language's text replaced."""
        return LocalText(en=self.en, ko=text) if language == "ko" else LocalText(en=text, ko=self.ko)

    def __bool__(self) -> bool:
        return bool(self.en or self.ko)
