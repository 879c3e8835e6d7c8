"""Write the example case that Parley opens with: resources/examples/korea_us_2025_05.parley.

    .venv/bin/python packaging/examples/korea_us_2025_05.py

Run it again when core.case or the item groups of the reference pack change; a test compares the file with it.
The law and the dates are those known on 22 May 2025. Scenarios B to D, the states, positions, fall-backs and
red lines are invented examples of how the fields are used: they are no claim about any government.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.audience import Audience
from core.case import (
    BarrierRecord,
    BarrierState,
    Case,
    ItemGroup,
    Postpone,
    Quota,
    RateForm,
    Scenario,
    SetRate,
    SwitchOff,
)
from core.casefile import DEFAULT_CASE
from core.edits import add_scenario, set_barrier
from core.history import numbered, with_ids
from core.text import LocalText

AS_OF = date(2025, 5, 22)
# Executive Order 14266 of 9 April 2025: the country rates are suspended until 12:01 a.m. on this day.
SUSPENSION_ENDS = date(2025, 7, 9)
# Our assumption for a settlement; no instrument known on 22 May names it.
SETTLEMENT = date(2025, 8, 1)
ALL_IN = Decimal("0.15")
# Proclamation 9740 of 30 April 2018: 70 % of the average of 2015 to 2017.
STEEL_QUOTA_TONNES = Decimal(2_630_000)

LAW = Scenario(
    letter="A",
    name=LocalText("Law as it stands", "현행법"),
    summary=LocalText(
        "10 % baseline now; 25 % for Korea from 9 July, when the suspension ends; 25 % on cars, car parts, "
        "steel and aluminium.",
        "현재 기본관세 10%, 유예가 끝나는 7월 9일부터 한국 상호관세 25%. 자동차·자동차 부품·철강·알루미늄 25%.",
    ),
    audience=Audience.SHAREABLE,
)


def build_case(groups: tuple[ItemGroup, ...], pack_edition: str = "") -> Case:
    """The example with these item groups."""
    case = Case(
        title=LocalText("Korea–US technical discussions, May 2025", "한미 기술협의 2025년 5월"),
        partner="KR",
        importer="US",
        as_of=AS_OF,
        known_to=AS_OF,
        scenarios=(LAW,),
        groups=groups,
        pack_edition=pack_edition,
    )
    return _with_barriers(_with_korean_request(_with_all_in(_with_pause(case))))


def _with_pause(case: Case) -> Case:
    return add_scenario(
        case,
        LocalText("Pause goes on", "유예 계속"),
        summary=LocalText("The 10 % baseline stays after 9 July.", "7월 9일 이후에도 기본관세 10% 유지."),
        changes=(Postpone(duty="reciprocal", start=SUSPENSION_ENDS),),
    )


def _with_all_in(case: Case) -> Case:
    totals = tuple(
        SetRate(duty=duty, start=SETTLEMENT, rate=ALL_IN, form=RateForm.TOTAL)
        for duty in ("reciprocal", "autos", "auto_parts")
    )
    quota = Quota(
        duty="steel",
        lines="list:s232_steel_article",
        start=SETTLEMENT,
        volume=STEEL_QUOTA_TONNES,
        unit="t",
        in_rate=Decimal(0),
        share_in_quota=Decimal(1),
        share_source=LocalText(
            "Volume: arrangement of 2018, about 2.63 Mt a year (Proclamation 9740). "
            "Share: our assumption that all steel articles of the base year would have entered under it.",
            "물량: 2018년 합의 연 약 263만 톤(포고문 9740호). "
            "비중: 기준연도 철강재 전량이 쿼터 내로 들어온다고 본 가정.",
        ),
    )
    pause = Postpone(duty="reciprocal", start=SUSPENSION_ENDS, until=SETTLEMENT)
    return add_scenario(
        case,
        LocalText("15 all-in", "15% 상한(총세율)"),
        summary=LocalText(
            "10 % goes on to 31 July; from 1 August a total of 15 % on general goods, cars and car parts, "
            "and the steel quota of 2018 again.",
            "7월 31일까지 10% 유지, 8월 1일부터 일반 품목·자동차·자동차 부품 총세율 15%, 2018년 철강 쿼터 복원.",
        ),
        changes=(pause, *totals, quota),
    )


def _with_korean_request(case: Case) -> Case:
    duties = ("reciprocal", "autos", "auto_parts", "steel", "aluminium")
    return add_scenario(
        case,
        LocalText("Korea's request", "한국 요구안"),
        summary=LocalText(
            "From 9 July no reciprocal duty; cars, car parts, steel and aluminium at column 1.",
            "7월 9일부터 상호관세 철폐, 자동차·자동차 부품·철강·알루미늄은 일반·특혜세율(한미 FTA 포함) 적용.",
        ),
        changes=tuple(SwitchOff(duty=duty, start=SUSPENSION_ENDS) for duty in duties),
    )


BARRIERS = (
    BarrierRecord(
        barrier="beef-30m",
        state=BarrierState.EXPLAINED,
        owner="MAFRA",
        position=LocalText(
            "The age limit rests on consumer confidence; explain the import health conditions.",
            "월령 제한은 소비자 신뢰의 문제임. 수입위생조건의 취지를 설명.",
        ),
        fall_back=LocalText(
            "Example: a joint technical group that meets without a date for a result.",
            "예시: 결론 시한 없는 공동 기술협의체 운영.",
        ),
        red_line=LocalText("Example: no change of the age limit itself.", "예시: 월령 기준 자체는 변경 불가."),
        illustrative=True,
    ),
    BarrierRecord(
        barrier="platform",
        state=BarrierState.EXPLAINED,
        owner="KFTC",
        position=LocalText(
            "The bills would treat domestic and foreign firms alike; offer to explain the drafts.",
            "법안은 국내외 기업에 동일하게 적용됨. 법안 내용을 설명할 용의가 있음.",
        ),
        fall_back=LocalText("Example: consult before a bill is put to the vote.", "예시: 법안 표결 전 사전 협의."),
        red_line=LocalText(
            "Example: no promise that binds the National Assembly.", "예시: 국회 입법권을 구속하는 약속 불가."
        ),
        illustrative=True,
    ),
    BarrierRecord(
        barrier="network-fee",
        state=BarrierState.EXPLAINED,
        owner="MSIT",
        position=LocalText(
            "No law sets a fee today; fees are agreed between firms.",
            "현행법상 망 사용료 의무는 없으며 기업 간 계약으로 정함.",
        ),
        fall_back=LocalText(
            "Example: state in writing that no fee is planned in the current session.",
            "예시: 현 회기 내 도입 계획이 없음을 서면으로 확인.",
        ),
        red_line=LocalText("Example: no ban on fees agreed by contract.", "예시: 계약에 따른 대가 지급 금지 불가."),
        illustrative=True,
    ),
    BarrierRecord(
        barrier="defence-offset",
        state=BarrierState.RAISED,
        owner="DAPA",
        position=LocalText(
            "Offsets are common practice in arms trade; explain when they are waived.",
            "절충교역은 방산 교역의 일반 관행임. 면제 요건을 설명.",
        ),
        fall_back=LocalText(
            "Example: a higher contract value before offsets are asked for.",
            "예시: 절충교역 적용 기준금액 상향.",
        ),
        red_line=LocalText("Example: the programme is not abolished.", "예시: 제도 폐지 불가."),
        illustrative=True,
    ),
)


def _with_barriers(case: Case) -> Case:
    for record in BARRIERS:
        fields = {name: getattr(record, name) for name in record.__struct_fields__ if name != "barrier"}
        case = set_barrier(case, record.barrier, **fields)
    case = case
    return with_ids(case, numbered("korea-us-2025-05"))


if __name__ == "__main__":
    from writing import write_example

    write_example(DEFAULT_CASE, build_case)
