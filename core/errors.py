"""The one family of errors that Parley shows to a person.

Each says what happened, where, why, and what to do. The texts are already in the user's language when the
error is raised: an error is shown at once or not at all.
"""

from __future__ import annotations

_LONGEST = 1_000  # characters


def _shortened(text: str) -> str:
    """A damaged file can put any length of text into a message; a dialog holds some lines."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class ParleyError(Exception):
    """Base of all errors meant for the user.

    what: one sentence, what did not happen. where: file, entry, cell or option. why: the cause.
    remedy: what the user can do about it.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", remedy: str = "") -> None:
        self.what, self.where, self.why, self.remedy = map(_shortened, (what, where, why, remedy))
        super().__init__(self.message())

    def message(self) -> str:
        """All parts as readable sentences, in the order what, where, why, remedy."""
        head = f"{self.what} ({self.where})" if self.where else self.what
        return " ".join(part for part in (head, self.why, self.remedy) if part)


class InputError(ParleyError):
    """Something typed or passed by the user cannot be taken: the CLI exits with 2."""


class UnknownCodeError(InputError):
    """A tariff code that the schedule does not hold."""


class NoLawError(InputError):
    """No law in the pack for this date, or for this partner."""


class PackError(ParleyError):
    """The reference pack is missing, broken or contradicts itself."""


class CaseFileError(ParleyError):
    """A case file cannot be read or written."""


class NeedsPassword(CaseFileError):
    """The case is encrypted, and no password was given."""


class WrongPassword(CaseFileError):
    """The password does not open the case."""


class ChangedOnDisk(CaseFileError):
    """Someone else has saved the file since it was opened; `where` is its path. Nothing was written."""


class WorkbookError(ParleyError):
    """A workbook that someone sent cannot be read."""


class WorkbookNeedsPassword(WorkbookError):
    """The workbook is encrypted, and no password was given."""


class WorkbookWrongPassword(WorkbookError):
    """The password does not open the workbook."""


class TableFileError(ParleyError):
    """A table that someone wants to import cannot be read."""


class OutputError(ParleyError):
    """A result cannot be written where it was asked for."""


class Cancelled(Exception):
    """The user stopped a long task. Nothing was written."""
