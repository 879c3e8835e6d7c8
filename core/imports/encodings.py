"""In which encoding a text file is written: a guess with its reason, which the user may overrule."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from core.errors import TableFileError
from core.i18n import N_, _

_SAMPLE: Final = 60_000
_HANGUL_SHARE: Final = 0.6
# A text table has line breaks and tabs, and no other control characters but by accident.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")
_MOST_CONTROLS: Final = 0.002

# The encodings to choose from, the most usual in these talks first.
OFFERED: Final = {
    "utf-8": N_("Unicode (UTF-8)"),
    "cp949": N_("Korean (CP949, EUC-KR)"),
    "utf-16": N_("Unicode (UTF-16)"),
    "utf-16-le": N_("Unicode (UTF-16, little-endian)"),
    "utf-16-be": N_("Unicode (UTF-16, big-endian)"),
    "cp1252": N_("Western European (Windows-1252)"),
    "cp932": N_("Japanese (Shift JIS)"),
    "gb18030": N_("Chinese (GB 18030)"),
    "big5": N_("Chinese (Big5)"),
    "cp1250": N_("Central European (Windows-1250)"),
    "cp1251": N_("Cyrillic (Windows-1251)"),
    "latin-1": N_("Western European (ISO 8859-1)"),
}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What the detector may answer; others it would find in noise.
_DETECTABLE: Final = ("cp1252", "cp932", "gb18030", "big5", "cp1250", "cp1251")


@dataclass(frozen=True)
class Guess:
    """An encoding of OFFERED, and what speaks for it."""

    encoding: str
    why: str


def encoding_title(encoding: str) -> str:
    """The words for an encoding."""
    return _(OFFERED[encoding]) if encoding in OFFERED else encoding


def guess_encoding(data: bytes) -> Guess:
    """The encoding most likely, always one of OFFERED."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Guess(encoding, _("The file begins with a byte-order mark."))
    if b"\0" in data[:_SAMPLE] and (wide := _wide(data[:_SAMPLE])):
        return Guess(wide, _("Every other byte is zero."))
    if data.isascii():
        return Guess("utf-8", _("It holds plain Latin letters only: any encoding reads it alike."))
    if _fits(data, "utf-8"):
        return Guess("utf-8", _("All of it is valid UTF-8."))
    share = _hangul_share(data)
    if share >= _HANGUL_SHARE:
        why = _("All of it is valid CP949, and {share:.0%} of the letters beyond ASCII are Hangul.")
        return Guess("cp949", why.format(share=share))
    return _most_likely(data)


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: digits, separators and line ends leave zeros on one side."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    least = len(sample) // 50
    if odd > least and odd > 20 * even:
        return "utf-16-le"
    return "utf-16-be" if even > least and even > 20 * odd else ""


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _hangul_share(data: bytes) -> float:
    """Of the letters beyond ASCII when read as CP949; 0 when it cannot be."""
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError:
        return 0.0
    letters = [letter for letter in text[:_SAMPLE] if letter > "\x7f"]
    return sum("\uac00" <= letter <= "\ud7a3" for letter in letters) / len(letters) if letters else 0.0


def _most_likely(data: bytes) -> Guess:
    """By the frequencies of letters; when nothing fits, the encoding that takes any byte."""
    from charset_normalizer import from_bytes

    sample = data[: data.rfind(b"\n", 0, _SAMPLE) + 1] or data[:_SAMPLE]
    found = from_bytes(sample, cp_isolation=list(_DETECTABLE))
    # Of equals the more usual one: `Größe` reads alike in two encodings, `Señor` does not.
    for match in sorted(found, key=lambda each: (each.chaos, -each.coherence, _usual(each.encoding))):
        if match.encoding in OFFERED and _fits(data, match.encoding):
            return Guess(match.encoding, _("Its letters are most like those of this encoding: look at the preview."))
    if _fits(data, "cp1252"):
        return Guess("cp1252", _("No encoding fits well: look at the preview."))
    return Guess("latin-1", _("No encoding fits well: look at the preview."))


def _usual(encoding: str) -> int:
    return list(OFFERED).index(encoding) if encoding in OFFERED else len(OFFERED)


def decoded(data: bytes, encoding: str, where: str) -> str:
    """The text, without a byte-order mark. TableFileError when the bytes do not fit, or are no text at all."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as failure:
        line = data.count(b"\n", 0, failure.start) + 1
        raise TableFileError(
            _("The file cannot be read as {encoding}.").format(encoding=encoding_title(encoding)),
            where=where,
            why=_("Line {line} holds bytes that this encoding does not have.").format(line=line),
            remedy=_("Choose another encoding."),
        ) from failure
    except (LookupError, UnicodeError) as failure:
        raise TableFileError(
            _("There is no encoding '{encoding}'.").format(encoding=encoding), remedy=_("Choose one of the list.")
        ) from failure
    text = text.removeprefix("\ufeff")
    _check_is_text(text, where)
    return text


def _check_is_text(text: str, where: str) -> None:
    sample = text[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) > max(2, _MOST_CONTROLS * len(sample)):
        raise TableFileError(
            _("The file is not a table of text."),
            where=where,
            why=_("It is full of control characters."),
            remedy=_("Choose a CSV or XLSX file, or another encoding."),
        )
