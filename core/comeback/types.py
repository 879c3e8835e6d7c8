"""What reading a workbook back finds: changes to choose from, and what there is to say about the rest."""

from __future__ import annotations

from dataclasses import dataclass

from core.audience import Audience


@dataclass(frozen=True)
class Proposal:
    """One input that the workbook holds otherwise than the case.

    row, field, text: the input and its new value in canonical form (core.briefing.inputs). what, before, after,
    where, note: in words. before: the case of now. is_conflict: the case was changed there as well since the
    workbook was written. language: of the workbook, in which texts were written.
    """

    row: str
    field: str
    text: str
    what: str
    before: str
    after: str
    where: str
    is_conflict: bool
    language: str
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """Something that was not read, or that should be known. where: the cell, if it is one."""

    text: str
    where: str = ""
    is_refusal: bool = False  # something that was typed in the workbook may not have got into the case

    def message(self) -> str:
        """Place and text in one line."""
        return f"{self.where}: {self.text}" if self.where else self.text


@dataclass(frozen=True)
class Comeback:
    """All that a workbook brings back."""

    changes: tuple[Proposal, ...]
    findings: tuple[Finding, ...]
    language: str = ""
    audience: Audience | None = None

    @property
    def conflicts(self) -> tuple[Proposal, ...]:
        """The changes to which the case has another answer."""
        return tuple(change for change in self.changes if change.is_conflict)

    @property
    def agreed(self) -> tuple[Proposal, ...]:
        """The changes that nothing in the case speaks against."""
        return tuple(change for change in self.changes if not change.is_conflict)
