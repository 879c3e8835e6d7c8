"""Answers to real dialogs: each is waited for while its own event loop runs, and then used as a person would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget

Step = tuple[type[QWidget], Callable[[Any], object]]
_LOOK_MS = 5


class _Answering(QObject):
    """Looks for the next expected dialog; what goes wrong in an answer is raised where the test waits."""

    def __init__(self, steps: list[Step]) -> None:
        super().__init__()
        self.steps, self.failure = steps, None
        self._used: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(_LOOK_MS)

    def _look(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not self.steps or dialog is None or dialog in self._used or not isinstance(dialog, self.steps[0][0]):
            return
        _kind, use = self.steps.pop(0)
        self._used.append(dialog)
        try:
            use(dialog)
        except Exception as failure:
            self.failure = failure
            _end_all_dialogs()


def _end_all_dialogs() -> None:
    """So that the loop of whoever waits for one ends."""
    for each in QApplication.topLevelWidgets():
        if isinstance(each, QDialog) and each.isVisible():
            each.done(QDialog.DialogCode.Rejected)


@contextmanager
def answered(*steps: Step) -> Iterator[None]:
    """Within the block each of these dialogs comes up, in this order, and is used like this."""
    answering = _Answering(list(steps))
    try:
        yield
    finally:
        answering.deleteLater()
        answering._timer.stop()
    if answering.failure is not None:
        raise answering.failure
    if answering.steps:
        pytest.fail(f"{answering.steps[0][0].__name__} did not come up")


def press(text: str) -> Callable[[QWidget], None]:
    """Press the button of this text, which has to be there and enabled."""

    def use(dialog: QWidget) -> None:
        buttons = {each.text().replace("&", ""): each for each in dialog.findChildren(QAbstractButton)}
        assert text in buttons, sorted(buttons)
        assert buttons[text].isEnabled()
        buttons[text].click()

    return use
