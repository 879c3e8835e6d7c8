"""A workbook holds nothing that its audience may not see: not in a cell, not in any corner of the package.

Every confidential field of a case holds a value that exists nowhere else (tests/planted.py); each part of the
unzipped workbook is searched for each of them, as text, as number, as date, without entities and as parsed.
"""

from __future__ import annotations

import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
import xlsxwriter
from msgspec.structs import replace

from core import cli
from core.audience import Audience, field_audiences
from core.briefing import briefing_bytes, write_briefing
from core.briefing.words import barrier_state
from core.case import BarrierState, Case, RivalTerms, Scenario, SetRate, TradeOverride
from core.casefile import default_case, save
from core.engine import evaluate
from core.i18n import in_language
from core.reference.pack import Pack
from core.results import Results
from core.text import LocalText
from tests.core.test_audience import DOCUMENTS
from tests.planted import FEW_LINES, Planted, everything_in, leaks, planted_case, shown

# Fields that no sheet shows: notes to oneself, the history, and what only orders or explains inside Parley.
NOT_SHOWN = frozenset(
    {
        "Case.note", "Case.next_letter", "Scenario.note", "Quota.share_source", "AddDuty.duty", "AddDuty.citation",
        "TradeOverride.duty", "TradeOverride.source", "RivalTerms.id",
        "HistoryEntry.at", "HistoryEntry.who", "HistoryEntry.what", "HistoryEntry.concerns",
    }
)  # fmt: skip
# The rest of what others get is rounded or left out; it is searched for all the same where nobody may see it.
SHOWN_OF_OTHERS = frozenset({"RivalTerms.change:AddDuty.title"})
EDITIONS = [(audience, language) for audience in Audience for language in ("en", "ko")]


@pytest.fixture(scope="module")
def planted() -> tuple[Case, list[Planted]]:
    return planted_case()


@pytest.fixture(scope="module")
def results(planted: tuple[Case, list[Planted]], pack: Pack) -> Results:
    """Of the whole case, as the window has them: the writer must not trust them for a wider circle."""
    return evaluate(planted[0], pack)


def expected(planted: list[Planted], audience: Audience) -> set[str]:
    """The fields whose values a workbook of this audience shows; of terms of others, what words can hold."""
    places = {found.place for found in planted if found.circle <= audience}
    within = {place for place in places if ":" in place} - SHOWN_OF_OTHERS
    return {place for place in places - NOT_SHOWN - within if not place.endswith(".note")}


class TestPlanting:
    def test_every_confidential_field_has_a_value(self, planted: tuple[Case, list[Planted]]) -> None:
        """A new field or record is either planted by itself or stops here: put one into planted_case."""
        places = {found.place for found in planted[1]}
        for struct in DOCUMENTS:
            for name, audience in field_audiences(struct).items():
                if audience > Audience.SHAREABLE and is_plantable(struct, name):
                    assert f"{struct.__name__}.{name}" in places

    def test_values_are_different_from_each_other(self, planted: tuple[Case, list[Planted]]) -> None:
        looks = [found.looks[0] for found in planted[1]]
        assert len(set(looks)) == len(looks)

    def test_records_of_a_narrow_circle_are_planted_whole(self, planted: tuple[Case, list[Planted]]) -> None:
        for audience in (Audience.INTERNAL, Audience.DELEGATION):
            places = {found.place for found in planted[1] if found.circle is audience}
            assert {"Scenario.name", "SetRate.rate", "SetRate.start", "Quota.volume", "AddDuty.title"} <= places
            assert {"RivalTerms.partners", "RivalTerms.change:SetRate.rate", *SHOWN_OF_OTHERS} <= places


def is_plantable(struct: type[msgspec.Struct], name: str) -> bool:
    """All but lists of records, which are planted field by field, and words to choose from."""
    nested = {"Case.barriers", "Case.history", "Case.trade"}
    chosen = {"BarrierRecord.state", "TradeOverride.code", "TradeOverride.year"}
    return f"{struct.__name__}.{name}" not in nested | chosen


@pytest.mark.parametrize(("audience", "language"), EDITIONS)
def test_nothing_narrower_is_anywhere_in_the_workbook(
    audience: Audience, language: str, planted: tuple[Case, list[Planted]], results: Results, pack: Pack
) -> None:
    case, values = planted
    with in_language(language):
        texts = everything_in(briefing_bytes(case, results, pack, audience=audience))
    assert leaks(texts, values, audience) == []
    assert expected(values, audience) <= shown(texts, values, audience, language)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_states_of_barriers_are_internal(
    language: str, planted: tuple[Case, list[Planted]], results: Results, pack: Pack
) -> None:
    """Not even the words to choose from: their list would say what the columns left out were."""
    for audience in Audience:
        with in_language(language):
            texts = everything_in(briefing_bytes(planted[0], results, pack, audience=audience))
            words = [
                barrier_state(state) for state in (BarrierState.CONDITIONAL_OFFER, BarrierState.AGREED_IN_PRINCIPLE)
            ]
        assert all((word in texts) == (audience > Audience.SHAREABLE) for word in words)


def test_the_days_of_a_narrow_scenario_are_no_days_of_the_workbook(pack: Pack) -> None:
    """Its change on 17 June 2025 makes a day of its own in the tables and the chart of the circle that knows it."""
    change = SetRate(start=date(2025, 6, 17), duty="reciprocal", rate=default_rate(), id="c1")
    secret = Scenario(letter="B", name=LocalText("B"), changes=(change,), audience=Audience.DELEGATION, id="s1")
    case = replace(default_case(), partner=FEW_LINES, scenarios=(default_case().scenarios[0], secret))
    results = evaluate(case, pack)
    looks = {"45825", "2025-06-17", "17 June 2025", "17 June"}  # 45825: days from 30 December 1899
    for audience in Audience:
        texts = everything_in(briefing_bytes(case, results, pack, audience=audience))
        found = any(Planted(audience, "", (look,)).is_in(texts) for look in looks)
        assert found == (audience is Audience.DELEGATION)


def test_a_partner_named_in_a_narrow_scenario_is_none_of_a_wider_copy(pack: Pack) -> None:
    """Jamaica is no large supplier of anything: only the terms that name it put it on the sheet of partners."""
    change = SetRate(start=date(2025, 5, 1), duty="reciprocal", rate=default_rate())
    terms = (RivalTerms(partners=("JM",), change=change),)
    secret = Scenario(letter="B", name=LocalText("B"), rivals=terms, audience=Audience.DELEGATION, id="s1")
    law = default_case().scenarios[0]
    case = replace(default_case(), partner=FEW_LINES, scenarios=(law, secret))
    without = replace(case, scenarios=(law,))
    for audience in Audience:
        data = briefing_bytes(case, evaluate(case, pack), pack, audience=audience)
        assert ("Jamaica" in everything_in(data)) == (audience is Audience.DELEGATION)
        if audience < Audience.DELEGATION:
            assert sheets(data) == sheets(briefing_bytes(without, evaluate(without, pack), pack, audience=audience))


def default_rate() -> Any:
    change = default_case().scenario("C").changes[1]
    assert isinstance(change, SetRate)
    return change.rate


def test_own_trade_figures_enter_no_sum_of_a_wider_circle(pack: Pack) -> None:
    """An internal figure moves the total of all goods: 18.05 m instead of what the pack has."""
    case = replace(default_case(), partner=FEW_LINES, scenarios=default_case().scenarios[:1])
    own = TradeOverride(code="0401400500", value=default_rate() * 10**9, year=2024)
    with_own = replace(case, trade=(own,))
    shareable = briefing_bytes(with_own, evaluate(with_own, pack), pack, audience=Audience.SHAREABLE)
    internal = briefing_bytes(with_own, evaluate(with_own, pack), pack, audience=Audience.INTERNAL)
    without = briefing_bytes(case, evaluate(case, pack), pack, audience=Audience.SHAREABLE)
    assert sheets(shareable) == sheets(without)
    assert sheets(internal) != sheets(without)


def sheets(data: bytes) -> list[bytes]:
    """The sheets with the figures; the hidden one and the cover say for whom the workbook is."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [archive.read(f"xl/worksheets/sheet{number}.xml") for number in (3, 4, 5, 6)]


def test_the_hidden_sheet_holds_ids_only(planted: tuple[Case, list[Planted]], results: Results, pack: Pack) -> None:
    """Whoever empties a cell before passing the workbook on must not leave its content behind out of sight."""
    data = briefing_bytes(planted[0], results, pack, audience=Audience.DELEGATION)
    hidden = openpyxl.load_workbook(BytesIO(data), read_only=True)["Ids"]
    texts = "\n".join(str(value) for row in hidden.iter_rows(values_only=True) for value in row if value)
    places = {found.place for found in planted[1] if found.is_in(texts)}
    assert {place.rpartition(".")[2] for place in places} == {"id"}
    assert len(texts.splitlines()) > 300


@pytest.mark.parametrize("audience", list(Audience))
def test_the_command_line_writes_the_same(
    audience: Audience, planted: tuple[Case, list[Planted]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case, values = planted
    save(case, tmp_path / "case.parley")
    target = tmp_path / "brief.xlsx"
    arguments = ["brief", str(tmp_path / "case.parley"), "-o", str(target), "--audience", audience.value]
    assert cli.main(arguments) == 0
    texts = everything_in(target.read_bytes())
    assert leaks(texts, values, audience) == []
    assert expected(values, audience) <= shown(texts, values, audience, "en")


def test_an_encrypted_workbook_shows_nothing(
    planted: tuple[Case, list[Planted]], results: Results, pack: Pack, tmp_path: Path
) -> None:
    case, values = planted
    path = write_briefing(
        case, results, pack, tmp_path / "b.xlsx", audience=Audience.DELEGATION, recipient="kim", password="열려라 참깨"
    )
    raw = path.read_bytes()
    for encoding in ("utf-8", "utf-16-le"):
        text = raw.decode(encoding, "ignore")
        assert not [found.place for found in values if any(len(look) > 5 and look in text for look in found.looks)]
    assert b"PK\x03\x04" not in raw[:4096]
    assert b"xl/worksheets" not in raw


class TestTheSearch:
    """A search that finds nothing proves nothing unless it finds what is there."""

    WORD = "zq7-delegation"

    def book(self, fill: Any) -> str:
        buffer = BytesIO()
        book = xlsxwriter.Workbook(buffer, {"in_memory": True})
        fill(book, book.add_worksheet("One"))
        book.close()
        return everything_in(buffer.getvalue())

    @pytest.mark.parametrize(
        "fill",
        [
            lambda _book, sheet: sheet.write_string(0, 0, f"a {TestTheSearch.WORD} b"),
            lambda book, sheet: sheet.write_rich_string(0, 0, "zq7-", book.add_format({"bold": True}), "delegation"),
            lambda _book, sheet: sheet.write_comment(0, 0, TestTheSearch.WORD),
            lambda _book, sheet: sheet.write_formula(0, 0, "=A2", None, TestTheSearch.WORD),
            lambda book, _sheet: book.define_name("Own", f'="{TestTheSearch.WORD}"'),
            lambda book, _sheet: book.set_properties({"comments": TestTheSearch.WORD}),
            lambda book, _sheet: book.set_custom_property("Own", TestTheSearch.WORD),
            lambda _book, sheet: sheet.data_validation(0, 0, 0, 0, {"validate": "list", "source": ["zq7-delegation"]}),
            lambda book, _sheet: book.add_worksheet("Two").write_string(0, 0, TestTheSearch.WORD),
            lambda _book, sheet: sheet.set_header(f"&L{TestTheSearch.WORD}"),
            lambda _book, sheet: sheet.write_url(0, 0, "internal:'One'!A1", None, "x", TestTheSearch.WORD),
            lambda book, sheet: chart(book, sheet),
        ],
    )
    def test_finds_a_word_wherever_it_hides(self, fill: Any) -> None:
        assert Planted(Audience.DELEGATION, "", (self.WORD,)).is_in(self.book(fill))

    def test_finds_numbers_and_not_parts_of_others(self) -> None:
        texts = self.book(lambda _book, sheet: sheet.write_row(0, 0, [0.061279296875, 198087]))
        assert Planted(Audience.INTERNAL, "", ("0.061279296875",)).is_in(texts)
        assert not Planted(Audience.INTERNAL, "", ("98087",)).is_in(texts)

    def test_finds_other_encodings_and_packages_within(self) -> None:
        inner, outer = BytesIO(), BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr("embedded.xml", f"<a>{self.WORD}</a>".encode("utf-16"))
        with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/embeddings/book.xlsx", inner.getvalue())
        assert Planted(Audience.DELEGATION, "", (self.WORD,)).is_in(everything_in(outer.getvalue()))


def chart(book: Any, sheet: Any) -> None:
    """A word that stands in the cache of a chart, and in a cell."""
    sheet.write_string(0, 0, TestTheSearch.WORD)
    sheet.write_number(0, 1, 1)
    made = book.add_chart({"type": "line"})
    made.add_series({"name": "=One!$A$1", "values": "=One!$B$1:$B$1"})
    sheet.insert_chart(3, 3, made)
