"""What the person at this computer prefers; nothing of a case is kept here but where recent files lie.

Of an encrypted case not even that: its name and its folder can tell what it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QByteArray, QLocale, QSettings

from core import i18n
from gui.theme import Mode

MAX_RECENT: Final = 8
MAX_NAME: Final = 80
LOCK_CHOICES: Final = (0, 2, 5, 10, 20, 60)  # minutes
DEFAULT_LOCK_MINUTES: Final = 10


def _store() -> QSettings:
    return QSettings("Parley", "Parley")


def language() -> str:
    """The language chosen before, else the system's where Parley speaks it."""
    chosen = str(_store().value("language", "") or "")
    system = QLocale.system().name().split("_")[0]
    wanted = chosen or system
    return wanted if wanted in i18n.LANGUAGES else i18n.SOURCE_LANGUAGE


def set_language(language: str) -> None:
    _store().setValue("language", language)


def theme_mode() -> Mode:
    stored = str(_store().value("theme", Mode.SYSTEM.value))
    return Mode(stored) if stored in {mode.value for mode in Mode} else Mode.SYSTEM


def set_theme_mode(mode: Mode) -> None:
    _store().setValue("theme", mode.value)


def is_compact() -> bool:
    return str(_store().value("compact", "false")) == "true"


def set_compact(compact: bool) -> None:
    _store().setValue("compact", "true" if compact else "false")


def recent_files() -> list[Path]:
    """Files that are still there, the newest first."""
    stored: Any = _store().value("recent", [])
    names = [stored] if isinstance(stored, str) else list(stored or [])
    return [path for path in map(Path, names) if path.is_file()]


def add_recent(path: Path) -> None:
    names = [str(path), *(str(old) for old in recent_files() if old != path)]
    _store().setValue("recent", names[:MAX_RECENT])


def note_file(path: Path, *, is_encrypted: bool) -> None:
    """The case was opened from here or saved here: remembered, or if it is encrypted, forgotten."""
    if is_encrypted:
        _forget(path)
    else:
        add_recent(path)
        set_last_folder(path.parent)


def _forget(path: Path) -> None:
    """Nothing leads to this file any more, not even from the time before it was encrypted."""
    store = _store()
    store.setValue("recent", [str(old) for old in recent_files() if old != path])
    if str(store.value("folder", "") or "") == str(path.parent):
        store.remove("folder")


@contextmanager
def without_traces() -> Iterator[None]:
    """Qt's file dialogs keep the folders that were looked at; what they noted within the block is taken back."""
    store = QSettings(QSettings.Scope.UserScope, "QtProject")
    names = [f"FileDialog/{name}" for name in ("lastVisited", "history", "shortcuts")]
    before = {name: store.value(name) for name in names if store.contains(name)}
    try:
        yield
    finally:
        for name in names:
            if name in before:
                store.setValue(name, before[name])
            else:
                store.remove(name)


def geometry() -> QByteArray | None:
    stored = _store().value("geometry")
    return stored if isinstance(stored, QByteArray) else None


def set_geometry(state: QByteArray) -> None:
    _store().setValue("geometry", state)


def window_geometry(name: str) -> QByteArray | None:
    """Of a window beside the main one."""
    stored = _store().value(f"window/{name}")
    return stored if isinstance(stored, QByteArray) else None


def set_window_geometry(name: str, state: QByteArray) -> None:
    _store().setValue(f"window/{name}", state)


def splitter_state(name: str) -> QByteArray | None:
    stored = _store().value(f"splitter/{name}")
    return stored if isinstance(stored, QByteArray) else None


def set_splitter_state(name: str, state: QByteArray) -> None:
    _store().setValue(f"splitter/{name}", state)


def last_folder() -> Path:
    """Where the user last opened or saved a file."""
    stored = str(_store().value("folder", "") or "")
    return Path(stored) if stored and Path(stored).is_dir() else Path.home()


def set_last_folder(folder: Path) -> None:
    _store().setValue("folder", str(folder))


def author() -> str:
    """The name that stands beside one's edits in the case's history; empty if none was given."""
    return str(_store().value("author", "") or "")


def set_author(name: str) -> None:
    """An empty name is an answer too: nobody is asked twice."""
    _store().setValue("author", " ".join(name.split())[:MAX_NAME])


def was_asked_for_author() -> bool:
    return _store().contains("author")


def lock_minutes(*, is_encrypted: bool) -> int:
    """After how many minutes without input the window hides the case; 0 for never."""
    default = DEFAULT_LOCK_MINUTES if is_encrypted else 0
    stored = str(_store().value(_lock_entry(is_encrypted), default))
    return int(stored) if stored.isdecimal() and int(stored) in LOCK_CHOICES else default


def set_lock_minutes(minutes: int, *, is_encrypted: bool) -> None:
    _store().setValue(_lock_entry(is_encrypted), minutes)


def _lock_entry(is_encrypted: bool) -> str:
    return "lock/encrypted" if is_encrypted else "lock/plain"
