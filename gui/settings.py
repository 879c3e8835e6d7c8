"""What the person at this computer prefers; nothing of a case is kept here but where recent files lie."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QByteArray, QLocale, QSettings

from core import i18n
from gui.theme import Mode

MAX_RECENT: Final = 8


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
