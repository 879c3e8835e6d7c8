"""How tables were read before, by their headings: kept with the user's settings, never with the case.

The keys are hashes and the values are positions of columns, so nothing of what was imported can be read here.
"""

from __future__ import annotations

from typing import Final

import msgspec
from PySide6.QtCore import QSettings

from core.imports.columns import Remembered

_KEY: Final = "imports"
_MOST: Final = 40


class SettingsMemory:
    """A memory as core.imports asks for it. Read once when it is made, so that a worker can look things up."""

    def __init__(self) -> None:
        self._known = _stored()

    def recall(self, key: str) -> Remembered | None:
        return self._known.get(key)

    def remember(self, key: str, what: Remembered) -> None:
        """The newest last; the oldest go first."""
        self._known.pop(key, None)
        self._known[key] = what
        self._known = dict(list(self._known.items())[-_MOST:])
        QSettings("Parley", "Parley").setValue(_KEY, msgspec.json.encode(self._known).decode())


def _stored() -> dict[str, Remembered]:
    """What another version wrote, or someone by hand, counts as nothing."""
    try:
        text = str(QSettings("Parley", "Parley").value(_KEY, "") or "{}")
        return msgspec.json.decode(text, type=dict[str, Remembered])
    except msgspec.MsgspecError:
        return {}
