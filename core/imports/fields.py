"""What a table for each purpose may say, and the headings by which it is known, in Korean and English."""

from __future__ import annotations

from typing import Final

from core.i18n import N_
from core.imports.columns import Field, Fields, Holds


def _words(english: str, korean: str = "") -> tuple[str, ...]:
    return tuple(word for words in (english, korean) for word in words.split("|") if word)


TRADE: Final[Fields] = (
    Field(
        "code",
        N_("Tariff code"),
        _words(
            "hts|hts code|hts8|hts10|hts number|tariff code|tariff line|commodity|commodity code",
            "품목번호|세번|세번부호|HTS 코드|HS코드|관세코드|코드|품목코드",
        ),
        Holds.CODE,
        is_required=True,
    ),
    Field(
        "value",
        N_("Value"),
        _words(
            "import value|imports|customs value|customs value usd|trade value|value usd|amount|imports for consumption",
            "금액|수입액|수출액|대미 수출액|통관금액|과세가격|수입금액|가액",
        ),
        Holds.NUMBER,
        is_required=True,
    ),
    Field(
        "duty",
        N_("Duty collected"),
        _words(
            "duties|duty collected|calculated duty|calculated duties|calculated duty usd",
            "관세|관세액|징수액|관세징수액|부과관세",
        ),
        Holds.NUMBER,
    ),
    Field("year", N_("Year"), _words("period", "연도|년도|기준연도|기간")),
    Field("source", N_("Source"), _words("origin of data", "출처|자료출처|자료원")),
)

RATES: Final[Fields] = (
    Field(
        "duty",
        N_("Duty"),
        _words("measure|tariff|duty name|duty id|programme|program", "관세|조치|관세 조치|조치명|추가관세|세목|관세명"),
    ),
    Field(
        "goods",
        N_("Goods"),
        _words(
            "item|items|product|products|group|item group|codes|hts", "품목|품목군|대상|대상 품목|세번|품목번호|물품"
        ),
    ),
    Field(
        "rate",
        N_("Rate, %"),
        _words("rate %|tariff rate|duty rate|ad valorem", "세율|관세율|세율(%)|적용세율"),
        Holds.RATE,
        is_required=True,
    ),
    Field(
        "form",
        N_("Added or total"),
        _words("kind|type|added/total|rate form", "방식|구분|부과 방식|적용 방식|추가/총"),
    ),
    Field(
        "start",
        N_("From"),
        _words("from|start date|valid from|effective|effective date", "시작|시작일|발효일|적용일|시행일|부터"),
        Holds.DAY,
    ),
    Field(
        "until",
        N_("Law again from"),
        _words("to|end|end date|valid to|expires", "종료|종료일|만료일|까지"),
        Holds.DAY,
    ),
    Field("note", N_("Note"), _words("notes|remark|remarks|comment", "비고|메모|설명")),
)

BARRIERS: Final[Fields] = (
    Field(
        "barrier",
        N_("Barrier"),
        _words("barrier id|id|title|non-tariff barrier|measure", "장벽|비관세장벽|항목|과제|장벽명|제목|사안"),
        is_required=True,
    ),
    Field("state", N_("State"), _words("status|stage", "상태|진행 상태|진행상황|단계")),
    Field(
        "owner",
        N_("Owner"),
        _words("responsible|in charge|lead", "담당|담당자|담당부처|담당과|소관"),
    ),
    Field(
        "position_en",
        N_("Position, English"),
        _words("position|our position|position (en)|position english", "우리측 입장(영문)|입장(영문)"),
    ),
    Field(
        "position_ko",
        N_("Position, Korean"),
        _words("position (ko)|position korean", "입장|우리 입장|우리측 입장|우리측 입장(국문)|대응 입장|입장(국문)"),
    ),
    Field("fall_back_en", N_("Fall-back, English"), _words("fall-back|fallback|fall-back (en)", "후퇴안(영문)")),
    Field(
        "fall_back_ko",
        N_("Fall-back, Korean"),
        _words("fall-back (ko)|fallback korean", "후퇴안|후퇴안(국문)|대안|차선책|양보안|대안(국문)"),
    ),
    Field("red_line_en", N_("Red line, English"), _words("red line|redline|red line (en)", "협상 한계선(영문)")),
    Field(
        "red_line_ko",
        N_("Red line, Korean"),
        _words("red line (ko)|redline korean", "협상 한계선|협상 한계선(국문)|한계선|레드라인|마지노선|수용불가선"),
    ),
    Field("due", N_("Due"), _words("due date|deadline", "기한|마감|마감일|시한"), Holds.DAY),
)
