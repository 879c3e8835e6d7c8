"""What the fields of a case are called, and how their values are read. A test fails for a field without words.

A field that is missing here is still compared and merged; only its name then is the one in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from core.i18n import N_, _


class Kind(Enum):
    """How a value is shown. TEXT is free text: of two texts both can be kept, one after the other."""

    PLAIN = "plain"
    TEXT = "text"
    PERCENT = "percent"
    NUMBER = "number"
    SCENARIO = "scenario"
    DUTY = "duty"
    GOODS = "goods"
    PARTNER = "partner"
    CODE = "code"
    MONEY = "money"
    OPEN_END = "open end"


@dataclass(frozen=True)
class Field:
    """name: marked for the catalogue, translated when shown."""

    name: str
    kind: Kind = Kind.PLAIN


# By name, or by `Type.name` where a name means something else there.
FIELDS: Final[Mapping[str, Field]] = {
    # the case
    "title": Field(N_("Name"), Kind.TEXT),
    "partner": Field(N_("Goods from"), Kind.PARTNER),
    "importer": Field(N_("Imported by"), Kind.PARTNER),
    "as_of": Field(N_("Rates as of")),
    "known_to": Field(N_("Law known to")),
    "compare_with": Field(N_("Compared with scenario"), Kind.SCENARIO),
    "scenarios": Field(N_("Scenarios")),
    "next_letter": Field(N_("Next letter")),
    "groups": Field(N_("Item groups")),
    "barriers": Field(N_("Barriers")),
    "assumptions": Field(N_("Assumptions")),
    "pack_edition": Field(N_("Edition of the reference data")),
    "note": Field(N_("Note"), Kind.TEXT),
    "id": Field(N_("Short name in the file")),
    "history": Field(N_("History")),
    # scenarios and item groups
    "letter": Field(N_("Letter")),
    "name": Field(N_("Name"), Kind.TEXT),
    "summary": Field(N_("Summary"), Kind.TEXT),
    "changes": Field(N_("Changes")),
    "rivals": Field(N_("Terms of other partners")),
    "partners": Field(N_("Partners"), Kind.PARTNER),
    "change": Field(N_("Change")),
    "audience": Field(N_("Audience")),
    "prefixes": Field(N_("Codes"), Kind.CODE),
    # changes
    "start": Field(N_("First day")),
    "until": Field(N_("First day without it"), Kind.OPEN_END),
    "duty": Field(N_("Duty"), Kind.DUTY),
    "lines": Field(N_("Goods"), Kind.GOODS),
    "measure": Field(N_("Measure")),
    "rate": Field(N_("Rate"), Kind.PERCENT),
    "form": Field(N_("How the rate acts")),
    "volume": Field(N_("Quota volume"), Kind.NUMBER),
    "unit": Field(N_("Unit")),
    "share_in_quota": Field(N_("Share of value within the quota"), Kind.PERCENT),
    "share_source": Field(N_("Source of the share"), Kind.TEXT),
    "in_rate": Field(N_("Rate within the quota"), Kind.PERCENT),
    "out_rate": Field(N_("Rate outside the quota"), Kind.PERCENT),
    "place": Field(N_("Place among the duties")),
    "citation": Field(N_("Citation"), Kind.TEXT),
    "AddDuty.duty": Field(N_("Short name of the new duty")),
    # barriers
    "barrier": Field(N_("Barrier")),
    "state": Field(N_("State")),
    "owner": Field(N_("Owner")),
    "position": Field(N_("Our position"), Kind.TEXT),
    "fall_back": Field(N_("Fall-back"), Kind.TEXT),
    "red_line": Field(N_("Red line"), Kind.TEXT),
    "due": Field(N_("Due")),
    "illustrative": Field(N_("Invented example")),
    # assumptions
    "column_1_for_totals": Field(N_("Column 1 counted towards totals")),
    "default_utilisation": Field(N_("Share claiming the preference where data are thin"), Kind.PERCENT),
    "utilisation": Field(N_("Share claiming the preference"), Kind.PERCENT),
    "listed_use": Field(N_("Share of the listed use"), Kind.PERCENT),
    "metal_share": Field(N_("Metal's share of value"), Kind.PERCENT),
    "readings": Field(N_("Reading of ambiguous law")),
    # the delegation's own trade figures
    "trade": Field(N_("Trade figures of our own")),
    "code": Field(N_("Code"), Kind.CODE),
    "value": Field(N_("Value"), Kind.MONEY),
    "year": Field(N_("Year")),
    "source": Field(N_("Source"), Kind.TEXT),
    "TradeOverride.duty": Field(N_("Duty collected"), Kind.MONEY),
    # history
    "at": Field(N_("When")),
    "who": Field(N_("Who")),
    "what": Field(N_("What")),
    "concerns": Field(N_("Concerns")),
}

# What a part is called in front of its own name. A change is called by what it does.
PARTS: Final[Mapping[str, str]] = {
    "Scenario": N_("Scenario {name}"),
    "RivalTerms": N_("Terms of {name}"),
    "ItemGroup": N_("Item group {name}"),
    "BarrierRecord": N_("Barrier {name}"),
    "HistoryEntry": N_("Entry of the history {name}"),
    "Assumptions": N_("Assumptions"),
    "TradeOverride": N_("Trade figure {name}"),
}


def field_of(owner: type, name: str) -> Field:
    """The words for a field; its name in the file where it has none yet."""
    unnamed = Field(name.replace("_", " "))
    return FIELDS.get(f"{owner.__name__}.{name}") or FIELDS.get(name, unnamed)


def field_words(owner: type, name: str) -> str:
    """What a field is called, in the language of the moment."""
    return _(field_of(owner, name).name)
