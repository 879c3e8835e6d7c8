"""Write the second example case: resources/examples/korea_us_2026_11.parley.

    .venv/bin/python packaging/examples/korea_us_2026_11.py

Goods from Korea under the law in force and known on 23 November 2026. Scenarios B and C are invented examples.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.audience import Audience
from core.case import Case, ItemGroup, RateForm, Scenario, SetRate, SwitchOff
from core.edits import add_scenario
from core.history import numbered, with_ids
from core.text import LocalText

FILE = "korea_us_2026_11.parley"
AS_OF = date(2026, 11, 23)
# An example of a day on which a settlement might take effect; the pack's law ends with the year.
SETTLEMENT = date(2026, 12, 15)

LAW = Scenario(
    letter="A",
    name=LocalText("Law as it stands", "현행법"),
    summary=LocalText(
        "Total of 12.5 % on general goods; 15 % in all on cars, car parts and furniture; metals by annex.",
        "일반 품목 총세율 12.5%, 자동차·자동차 부품·가구 총세율 15%, 금속은 부속서별 세율.",
    ),
    audience=Audience.SHAREABLE,
)


def build_case(groups: tuple[ItemGroup, ...]) -> Case:
    """The example with these item groups."""
    case = Case(
        title=LocalText("Korea–US trade, November 2026", "한미 통상 2026년 11월"),
        partner="KR",
        importer="US",
        as_of=AS_OF,
        known_to=AS_OF,
        scenarios=(LAW,),
        groups=groups,
    )
    case = add_scenario(
        case,
        LocalText("No forced-labour duty", "강제노동 관세 철폐"),
        summary=LocalText(
            "General goods at column 1 from 15 December.", "12월 15일부터 일반 품목은 일반·특혜세율 적용."
        ),
        changes=(SwitchOff(duty="forced_labour_301", start=SETTLEMENT),),
    )
    case = add_scenario(
        case,
        LocalText("Metals 15 all-in", "금속 총세율 15%"),
        summary=LocalText("A total of 15 % on all metals from 15 December.", "12월 15일부터 금속 전 품목 총세율 15%."),
        changes=(SetRate(duty="metals", start=SETTLEMENT, rate=Decimal("0.15"), form=RateForm.TOTAL),),
    )
    return with_ids(case, numbered("korea-us-2026-11"))


if __name__ == "__main__":
    from writing import write_example

    write_example(FILE, build_case)
