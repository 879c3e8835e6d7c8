"""What Parley puts on the clipboard, marked so that clipboard histories and clouds leave it alone where they can.

Windows' history and its copy in the cloud, KDE's Klipper and what follows them look at these marks. On macOS Qt
has no way to set the mark that programs there look for. docs/secrecy.md says what remains.
"""

from __future__ import annotations

import atexit
from functools import cache
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QPixmap

from core.pasted_text import pasteable

_NO: Final = (0).to_bytes(4, "little")  # Windows reads a DWORD


def _on_windows(name: str) -> str:
    """How Qt calls a clipboard format of Windows that has no type of its own."""
    return f'application/x-qt-windows-mime;value="{name}"'


MARKS: Final = {
    _on_windows("ExcludeClipboardContentFromMonitorProcessing"): b"1",  # that it is there is enough
    _on_windows("CanIncludeInClipboardHistory"): _NO,
    _on_windows("CanUploadToCloudClipboard"): _NO,
    "x-kde-passwordManagerHint": b"secret",
}
_OURS: Final = "application/x-parley-copy"


def copy_text(text: str) -> None:
    """Text of a case, or worked out from one; nothing in it becomes a formula where it is pasted."""
    data = QMimeData()
    data.setText(pasteable(text))
    _put(data)


def copy_picture(picture: QPixmap) -> None:
    """A chart of a case."""
    data = QMimeData()
    data.setImageData(picture.toImage())
    _put(data)


def forget_copy() -> None:
    """Empty the clipboard if what it holds came from here."""
    clipboard = QGuiApplication.clipboard()
    held = clipboard.mimeData()
    if held is not None and held.hasFormat(_OURS):
        clipboard.clear()


@cache
def _forget_at_exit() -> None:
    """What was copied goes with the program: while Python is still there, or Qt would free it too late and crash."""
    atexit.register(_forget_if_running)


def _forget_if_running() -> None:
    if QGuiApplication.instance() is not None:
        forget_copy()


def _put(data: QMimeData) -> None:
    _forget_at_exit()
    for mark, content in {**MARKS, _OURS: b"1"}.items():
        data.setData(mark, content)
    QGuiApplication.clipboard().setMimeData(data)
