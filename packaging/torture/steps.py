"""Death at a chosen step of the file system: before it, after it, or with half of the bytes written."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

# Everything by which Parley makes, fills, renames and removes files.
_NAMES = ("open", "write", "fsync", "close", "replace", "rename", "link", "unlink", "mkdir", "rmdir", "chmod")


def die() -> None:
    """As pulled from the socket: nothing is tidied up."""
    os.kill(os.getpid(), signal.SIGKILL)


class Steps:
    """Counts the steps of the file system and dies at number `fatal`. how: before, after or middle."""

    def __init__(self, fatal: int, how: str, last_words: Callable[[], None]) -> None:
        self.count, self._fatal, self._how, self._last_words = 0, fatal, how, last_words

    def arm(self) -> None:
        """From now on each of the functions of `os` is a step; our own reports use the real ones."""
        for name in _NAMES:
            setattr(os, name, self._counted(name, getattr(os, name)))

    def _counted(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*words: Any, **options: Any) -> Any:
            self.count += 1
            if self.count != self._fatal:
                return real(*words, **options)
            if self._how == "after":
                real(*words, **options)
            elif self._how == "middle" and name == "write":
                real(words[0], bytes(words[1])[: len(words[1]) // 2])
            self._last_words()
            return die()

        return step
