"""The one family of errors that Parley shows to a person.

Each says what happened, where, why, and what to do. The texts are already in the user's language when the
error is raised: an error is shown at once or not at all.
"""

from __future__ import annotations


class ParleyError(Exception):
    """Base of all errors meant for the user.

    what: one sentence, what did not happen. where: file, entry, cell or option. why: the cause.
    remedy: what the user can do about it.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.why = why
        self.remedy = remedy
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


class OutputError(ParleyError):
    """A result cannot be written where it was asked for."""


class Cancelled(Exception):
    """The user stopped a long task. Nothing was written."""
