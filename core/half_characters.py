"""Half a character: a lone surrogate passes as text in memory, but no file can hold it.

They come with names of files and arguments that are not in the system's encoding, and from damaged clipboards.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeVar

import msgspec
from msgspec.structs import replace

T = TypeVar("T")
_HALF: Final = re.compile(r"[\ud800-\udfff]")
_MARK: Final = "\ufffd"  # seen as a question mark in a box: a person notices that a letter is gone


def mended(value: T) -> T:
    """A text, struct, tuple or mapping with a mark for every half character; the very same where there is none."""
    try:
        msgspec.json.encode(value)  # a thousand times as fast as looking at every text
    except UnicodeEncodeError:
        fresh: T = _mended(value)
        return fresh
    return value


def _mended(value: Any) -> Any:
    """Parts without any stay the very same: by that an edit knows what it changed."""
    if isinstance(value, str):
        return _HALF.sub(_MARK, value) if _HALF.search(value) else value
    if isinstance(value, msgspec.Struct):
        fields = {name: getattr(value, name) for name in value.__struct_fields__}
        fresh = {name: _mended(old) for name, old in fields.items()}
        return replace(value, **fresh) if any(fresh[name] is not old for name, old in fields.items()) else value
    if isinstance(value, tuple):
        parts = tuple(_mended(each) for each in value)
        return parts if any(new is not old for new, old in zip(parts, value, strict=True)) else value
    if isinstance(value, dict):
        pairs = [(_mended(key), _mended(each)) for key, each in value.items()]
        is_same = all(key is a and each is b for (key, each), (a, b) in zip(pairs, value.items(), strict=True))
        return value if is_same else dict(pairs)
    return value
