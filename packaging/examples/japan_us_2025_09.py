"""Write the third example case: resources/examples/japan_us_2025_09.parley.

    .venv/bin/python packaging/examples/japan_us_2025_09.py

Goods from Japan on 10 September 2025: the agreement's order was signed on 4 September (EO 14345), the notice that
puts its terms for cars into the tariff schedule was not out yet. Scenarios B to D are invented examples.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.audience import Audience
from core.case import AnyChange, Case, ItemGroup, RateForm, RivalTerms, Scenario, SetRate, SetTotal
from core.edits import add_rival_terms, add_scenario
from core.history import numbered, with_ids
from core.text import LocalText

FILE = "japan_us_2025_09.parley"
AS_OF = date(2025, 9, 10)
# EO 14345 asks for the notice within seven days of its own publication; the day is an example until it is out.
CARS = date(2025, 9, 16)
# An example of a day on which other terms might take effect.
LATER = date(2025, 10, 1)

LAW = Scenario(
    letter="A",
    name=LocalText("Law as it stands", "현행법"),
    summary=LocalText(
        "Reciprocal total of 15 % back to 7 August; cars and car parts still at 25 % added; metals at 50 %.",
        "상호관세 총세율 15%(8월 7일 소급), 자동차·부품은 아직 25% 추가, 금속 50%.",
    ),
    audience=Audience.SHAREABLE,
)


def build_case(groups: tuple[ItemGroup, ...]) -> Case:
    """The example with these item groups."""
    case = Case(
        title=LocalText("Japan–US agreement, September 2025", "미일 합의 2025년 9월"),
        partner="JP",
        importer="US",
        as_of=AS_OF,
        known_to=AS_OF,
        scenarios=(LAW,),
        groups=groups,
    )
    case = add_scenario(
        case,
        LocalText("Cars at 15 all-in", "자동차 총세율 15%"),
        summary=LocalText(
            "The order's terms for cars and car parts from 16 September.",
            "행정명령의 자동차·부품 조건을 9월 16일부터 적용.",
        ),
        changes=_cars(CARS),
    )
    case = add_scenario(
        case,
        LocalText("Korea and others follow", "한국 등도 같은 조건"),
        summary=LocalText(
            "As B; Korea and Mexico get 15 % all-in on cars from 1 October.",
            "B안과 같고, 10월 1일부터 한국·멕시코도 자동차 총세율 15%.",
        ),
        changes=_cars(CARS),
    )
    for change in _cars(LATER):
        case = add_rival_terms(case, "C", RivalTerms(partners=("KR", "MX"), change=change))
    case = add_scenario(
        case,
        LocalText("15 all-in for everyone", "모든 국가 총세율 15%"),
        summary=LocalText(
            "One total of 15 % on all goods of all partners from 1 October.",
            "10월 1일부터 모든 국가·모든 품목 총세율 15%.",
        ),
        changes=(_all_goods(LATER),),
    )
    case = add_rival_terms(case, "D", RivalTerms(partners=("*",), change=_all_goods(LATER)))
    return with_ids(case, numbered("japan-us-2025-09"))


def _cars(start: date) -> tuple[AnyChange, ...]:
    rate = Decimal("0.15")
    return tuple(SetRate(duty=duty, start=start, rate=rate, form=RateForm.TOTAL) for duty in ("autos", "auto_parts"))


def _all_goods(start: date) -> AnyChange:
    return SetTotal(start=start, rate=Decimal("0.15"))


if __name__ == "__main__":
    from writing import write_example

    write_example(FILE, build_case)
