"""Partners side by side: numbers as in law, what makes the difference, the keyboard, and nothing edited by looking."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from functools import cache

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core import edits, i18n
from core.case import Case, ItemGroup
from core.casefile import default_case
from core.errors import InputError
from core.quantities import format_date
from core.reference.law import Gap, Law
from core.reference.pack import Pack
from core.rivals.rate_book import RateBook
from core.rivals.side_by_side import COLUMN_1, side_by_side
from core.scenario import law_as_known
from core.text import LocalText
from gui import theme
from gui.session import Session
from gui.status_bar import StatusBar
from gui.tabs import partners_job
from gui.tabs.code_edit import offers
from gui.tabs.partners import PartnersTab
from gui.tabs.partners_choice import ALL_GOODS, Choice, Mix, Which, goods_mask, inputs_of
from gui.tabs.partners_content import two_lines
from gui.tabs.partners_tools import WHICH
from tests.gui.cases import StillSession, pack
from tests.leaks import leaks

CARS, MACHINERY = "group:passenger-cars", "group:machinery"
AUTUMN = date(2025, 9, 20)
PATIENCE_MS = 30_000


@cache
def autumn_case() -> Case:
    """The day of the issue: Japan's deal is in force, Korea's is not yet, seen from the end of the year."""
    return msgspec.structs.replace(default_case(), as_of=AUTUMN, known_to=date(2025, 12, 31))


_books: list[tuple[Pack, partners_job.Inputs, RateBook]] = []


@pytest.fixture(autouse=True)
def shared_books(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book takes a second to make: one for all tests with the same inputs."""

    def book(_work: object, found: Pack, case: Case) -> RateBook:
        for used, inputs, made in _books:
            if used is found and inputs.serve(case):
                return made
        _books.append((found, inputs_of(case), RateBook(case, found)))
        return _books[-1][2]

    monkeypatch.setattr(partners_job._Work, "book", book)


@pytest.fixture
def session(qapp: QApplication) -> Iterator[StillSession]:
    theme.apply(qapp, "light")
    made = StillSession(autumn_case())
    yield made
    made.close()


@pytest.fixture
def tab(qtbot: QtBot, session: StillSession) -> PartnersTab:
    return shown(qtbot, session)


def shown(qtbot: QtBot, session: Session, choice: Choice | None = None) -> PartnersTab:
    made = PartnersTab(session)
    qtbot.addWidget(made)
    made.resize(1440, 720)
    with qtbot.waitExposed(made):
        made.show()
    if choice is not None:
        made.choose(choice)
    settle(made, qtbot)
    return made


def settle(tab: PartnersTab, qtbot: QtBot) -> None:
    """Until the worker has answered what was asked last, chart included."""
    qtbot.waitUntil(lambda: not tab.is_working, timeout=PATIENCE_MS)


def number(tab: PartnersTab, code: str, column: str) -> float:
    model = tab.table.model
    value = model.value(model.row_of(code), column)
    assert isinstance(value, float)
    return value


def text(tab: PartnersTab, code: str, column: str) -> str:
    model = tab.table.model
    return model.text(model.row_of(code), model.column_of(column))


def keys(tab: PartnersTab) -> list[str]:
    model = tab.table.model
    return [model.key_at(row) for row in range(model.rowCount())]


def with_gap(start: date, end: date | None = None) -> Pack:
    """The pack without the law on goods from Japan for some time."""
    gap = Gap("ours", ("",), start, "EO-14257", LocalText("the order was not read"), partners=("JP",), end=end)
    found, law = copy.copy(pack()), pack().law
    file = msgspec.structs.replace(law.file, gaps=(*law.file.gaps, gap))
    vars(found)["law"] = Law(file, law.instruments, law.changes, law.lists)
    return found


class TestKnownValues:
    """Cars on 20 September 2025: Korea 25 % under Proclamation 10908 (90 FR 14705) with KORUS free of column 1;
    Japan a total of 15 % from 16 September 2025 (EO 14345 and notice of 16 September, 90 FR 44638)."""

    def test_korea_against_japan_on_cars(self, tab: PartnersTab) -> None:
        assert text(tab, "KR", "total") == "25.0"
        assert text(tab, "JP", "total") == "15.0"
        assert text(tab, "JP", "gap") == "+10.0"
        assert text(tab, "JP", "autos") == "12.5"
        assert text(tab, "JP", COLUMN_1) == "2.5"

    def test_the_panel_takes_the_difference_apart(self, tab: PartnersTab) -> None:
        tab.table.select_key("JP", "gap")
        words = tab.panel.words
        assert words is not None
        points = {part.name: part.texts()[2] for part in words.parts}
        assert points == {"Cars and light trucks": "+12.5", "Column 1": "\N{MINUS SIGN}2.5"}
        by = dict(words.parts[0].by)
        assert "25" in by["KR"]
        assert "9903.94.01" in by["KR"]
        assert "90 FR 14705" in by["KR"]
        assert "15" in by["JP"]
        assert "9903.94.41" in by["JP"]
        assert "KORUS" in dict(words.parts[1].by)["KR"]
        assert "10.0 points more than Japan" in words.finding

    def test_who_does_not_know_the_order_of_september_sees_japan_at_25_more(
        self, qtbot: QtBot, session: StillSession
    ) -> None:
        """EO 14345 was signed on 4 September 2025: on 1 September the law said 27.5 % for the 20th."""
        session.replace_case(msgspec.structs.replace(autumn_case(), known_to=date(2025, 9, 1)), None)
        tab = shown(qtbot, session)
        assert text(tab, "JP", "total") == "27.5"
        assert text(tab, "JP", "gap") == "\N{MINUS SIGN}2.5"

    def test_the_table_is_what_the_command_line_prints(self, tab: PartnersTab) -> None:
        case = autumn_case()
        book = partners_job._Work().book(pack(), case)
        found = side_by_side(book, goods_mask(book, CARS), "cars", case.scenarios[0], AUTUMN)
        assert keys(tab)[1:] == [terms.partner.iso2 for terms in found.rivals]
        for terms in found.rows:
            assert number(tab, terms.partner.iso2, "total") == pytest.approx(terms.same_mix)
            assert number(tab, terms.partner.iso2, "value") == pytest.approx(terms.value)

    def test_under_a_scenario_of_ours_only_our_own_terms_change(self, qtbot: QtBot) -> None:
        """Scenario C of the example: a total of 15 % on cars from 1 August 2025; Japan stays at 25 % and column 1."""
        case = edits.set_as_of(default_case(), date(2025, 8, 1))
        session = StillSession(case)
        tab = shown(qtbot, session, Choice(CARS, "C"))
        assert text(tab, "KR", "total") == "15.0"
        assert text(tab, "JP", "total") == "27.5"
        tab.table.select_key("JP", "gap")
        assert tab.panel.words is not None
        assert "set by the scenario" in tab.panel.words.as_text()
        session.close()


class TestTable:
    @pytest.mark.parametrize("mix", list(Mix))
    def test_parts_add_up_to_the_total(self, tab: PartnersTab, qtbot: QtBot, mix: Mix) -> None:
        tab.choose(Choice(MACHINERY), mix)
        settle(tab, qtbot)
        columns = [column.id for column in tab.table.model.content.columns]
        parts = columns[columns.index("value") + 1 : columns.index("total")]
        assert len(parts) > 2
        for code in keys(tab):
            assert sum(number(tab, code, part) for part in parts) == pytest.approx(number(tab, code, "total"), abs=5e-4)

    def test_our_own_partner_stays_first_whatever_the_order(self, tab: PartnersTab) -> None:
        model = tab.table.model
        for place in range(model.columnCount()):
            for order in Qt.SortOrder:
                model.sort(place, order)
                assert keys(tab)[0] == "KR"
                assert model.is_strong(0)
                assert not model.is_strong(1)
        model.sort_by_id("gap", True)
        gaps = [number(tab, code, "gap") for code in keys(tab)[1:]]
        assert gaps == sorted(gaps, reverse=True)

    def test_a_search_leaves_ourselves_to_compare_with(self, tab: PartnersTab) -> None:
        tab.tools.search.setText("일본")
        assert keys(tab) == ["KR", "JP"]
        assert tab.tools.count.toolTip().startswith("1 other partner")

    def test_all_partners_stand_once_a_union_for_its_members(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.choose(Choice(CARS, which=Which.ALL))
        settle(tab, qtbot)
        wanted = {partner.iso2 for partner in pack().partners if not partner.union}
        assert set(keys(tab)) == wanted
        assert len(keys(tab)) == len(wanted) > 200

    def test_over_its_own_goods_terms_and_mix_are_told_apart(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.choose(Choice(MACHINERY), Mix.OWN)
        settle(tab, qtbot)
        tab.table.select_key("MX", "gap")
        shown_table = tab.shown
        assert shown_table is not None
        terms = shown_table.row("MX")
        assert terms is not None
        assert number(tab, "MX", "total") == terms.own_mix != terms.same_mix
        assert number(tab, "MX", "gap") == pytest.approx(shown_table.compared.found.home.own_mix - terms.own_mix)
        assert tab.panel.words is not None
        assert "because Mexico ships other goods" in tab.panel.words.mix

    def test_the_difference_to_oneself_says_nothing(self, tab: PartnersTab) -> None:
        assert text(tab, "KR", "gap") == "\N{EN DASH}"

    def test_who_ships_nothing_has_no_average_of_its_own(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.choose(Choice(CARS, which=Which.LISTED, codes=("JP", "NP")), Mix.OWN)
        settle(tab, qtbot)
        model = tab.table.model
        assert number(tab, "NP", "value") == 0
        assert text(tab, "NP", "total") == "\N{EN DASH}"
        assert "Ships nothing" in model.note(model.row_of("NP"), "total")

    def test_copied_rows_have_heads(self, tab: PartnersTab) -> None:
        tab.table.select_key("JP", "gap")
        head, row = tab.table.view.selected_text().splitlines()
        cells = dict(zip(head.split("\t"), row.split("\t"), strict=True))
        assert cells["Partner"] == "Japan"
        assert cells["Cars and light trucks, %"] == "12.5"
        assert cells["South Korea pays more, points"] == "10.0"

    def test_long_heads_break_evenly(self) -> None:
        assert two_lines("Section 301 on China") == "Section 301\non China"
        assert two_lines("Steel") == "Steel"

    def test_the_level_of_coverage_and_what_is_missing(self, tab: PartnersTab, qtbot: QtBot) -> None:
        """South Africa's own agreements were not checked by anyone."""
        model = tab.table.model
        assert text(tab, "KR", "coverage") == "complete"
        assert text(tab, "ZA", "coverage") == "partial"
        assert "nobody has checked" in model.note(model.row_of("ZA"), "coverage")
        tab.table.select_key("ZA", "partner")
        assert tab.panel.words is not None
        assert "only partly in the pack" in tab.panel.doubt.text


class TestNoNumber:
    def test_without_the_law_there_is_no_number_but_a_reason(self, qtbot: QtBot) -> None:
        session = Session(autumn_case(), with_gap(date(2025, 1, 1)))
        tab = shown(qtbot, session)
        model = tab.table.model
        for column in (COLUMN_1, "autos", "total", "gap"):
            assert text(tab, "JP", column) == "n/a"
        assert "The order was not read." in model.note(model.row_of("JP"), "total")
        tab.table.select_key("JP", "gap")
        settle(tab, qtbot)
        assert tab.panel.words is not None
        assert tab.panel.words.finding == "There is no number for the same goods."
        assert "not read" in tab.panel.doubt.text
        assert not tab.grab().isNull()
        session.close()

    def test_a_course_with_days_without_a_number_is_drawn(self, qtbot: QtBot) -> None:
        session = Session(autumn_case(), with_gap(date(2025, 5, 1), date(2025, 7, 1)))
        tab = shown(qtbot, session)
        tab.table.select_key("JP", "gap")
        settle(tab, qtbot)
        line = tab.course.chart._data.lines[1]  # type: ignore[union-attr]
        assert [str(day) for day, value in zip(line.days, line.values, strict=True) if value != value] == ["2025-05-01"]
        assert not tab.grab().isNull()
        session.close()

    def test_goods_that_nobody_ships(self, qtbot: QtBot) -> None:
        case = autumn_case()
        nothing = ItemGroup(id="nothing", name=LocalText(en="Nothing"), prefixes=("9999",))
        session = StillSession(msgspec.structs.replace(case, groups=(nothing, *case.groups)))
        tab = shown(qtbot, session)
        assert tab.pages.currentIndex() == 1
        assert tab.message.text() == "No partner shipped any of these goods in 2024."
        assert tab.message_button.isVisible()
        assert tab.panel.words is None
        session.close()

    def test_a_day_without_law_is_said(self, tab: PartnersTab, session: StillSession, qtbot: QtBot) -> None:
        session.replace_case(msgspec.structs.replace(autumn_case(), as_of=date(2031, 1, 1)), None)
        settle(tab, qtbot)
        assert "No law in the pack for 1 January 2031".replace("January", "Jan") in tab.message.text()
        assert tab.shown is None


class TestChoosing:
    def test_a_code_is_typed_strictly(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.tools.goods.setCurrentIndex(tab.tools.goods.count() - 1)
        tab.tools.goods.activated.emit(tab.tools.goods.count() - 1)
        assert tab.tools.code.isVisible()
        tab.tools.code.setText("8703,23")
        tab.tools.code.commit()
        assert tab.tools.code.is_refused
        assert tab.tools.choice.goods == CARS
        tab.tools.code.setText("8703.23")
        tab.tools.code.commit()
        settle(tab, qtbot)
        assert tab.tools.choice.goods == "870323"
        assert text(tab, "JP", "gap") == "+10.0"
        assert tab.panel.words is not None
        assert "8703.23" in tab.panel.words.subtitle

    def test_a_code_without_trade_is_refused_at_the_field(self, tab: PartnersTab) -> None:
        tab.tools.code.setText("8703.99")
        with pytest.raises(InputError, match="No partner ships anything under 8703.99"):
            tab.tools.code.value()

    @pytest.mark.parametrize(("typed", "code"), [("batter", "8507"), ("배터리", "8507"), ("8507.6", "85076000")])
    def test_lines_are_offered_by_code_and_words(self, tab: PartnersTab, typed: str, code: str) -> None:
        assert tab.shown is not None
        found = offers(typed, tab.shown.compared.lines)
        assert any(each.startswith(code) for each, _words in found)
        assert len(found) <= 12

    def test_a_list_of_partners(self, tab: PartnersTab, qtbot: QtBot) -> None:
        """It begins with the partners shown; our own cannot stand beside itself."""
        which = [each for each, _text in WHICH].index(Which.LISTED)
        tab.tools.which.setCurrentIndex(which)
        tab.tools.which.activated.emit(which)
        settle(tab, qtbot)
        edit = tab.tools.partners
        assert edit is not None
        assert edit.text().startswith("European Union, Mexico, Japan")
        edit.setText("일본, DE")
        edit.editingFinished.emit()
        settle(tab, qtbot)
        assert sorted(keys(tab)[1:]) == ["DE", "JP"]
        edit.setText("South Korea")
        edit.editingFinished.emit()
        assert edit.is_refused
        assert sorted(keys(tab)[1:]) == ["DE", "JP"]

    def test_all_goods(self, tab: PartnersTab, qtbot: QtBot) -> None:
        """128.43 bn from Korea in 2024, chapters 1-97 (US Census Bureau)."""
        tab.choose(Choice(ALL_GOODS))
        settle(tab, qtbot)
        assert number(tab, "KR", "value") == pytest.approx(128.43e9, rel=1e-4)

    def test_the_choice_made_last_is_shown_last(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.choose(Choice(MACHINERY, which=Which.ALL))
        tab.choose(Choice("group:steel"))
        settle(tab, qtbot)
        assert tab.shown is not None
        assert tab.shown.compared.choice.goods == "group:steel"
        assert len(keys(tab)) <= 11

    def test_stopping_leaves_no_numbers_of_another_question(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.choose(Choice(MACHINERY, which=Which.ALL))
        tab.strip.cancel.click()
        settle(tab, qtbot)
        assert tab.shown is None
        assert tab.pages.currentIndex() == 1
        assert tab.message.text() == "The calculation was stopped."
        tab.message_button.click()
        settle(tab, qtbot)
        assert len(keys(tab)) > 200

    def test_what_takes_long_shows_its_progress_and_an_end(self, tab: PartnersTab) -> None:
        """Over what is there: nothing moves."""
        before = tab.table.geometry()
        tab._job.slow.emit()
        assert tab.table.view.delegate.is_muted
        assert not tab.strip.isVisible()
        tab._job.very_slow.emit()
        tab._job.progressed.emit(0.5)
        assert tab.strip.isVisible()
        assert tab.strip.progress.value() == 50
        assert tab.table.geometry() == before
        tab._job.ended.emit()
        assert not tab.strip.isVisible()

    def test_a_group_that_is_gone_gives_way_to_the_first(
        self, tab: PartnersTab, session: StillSession, qtbot: QtBot
    ) -> None:
        tab.choose(Choice(MACHINERY))
        settle(tab, qtbot)
        left = tuple(group for group in session.case.groups if group.id != "machinery")
        session.apply("Groups", msgspec.structs.replace(session.case, groups=left))
        settle(tab, qtbot)
        assert tab.tools.choice.goods == CARS
        assert tab.tools.goods.currentText() == "Passenger cars"


class TestCaseAndPage:
    def test_looking_edits_nothing(self, tab: PartnersTab, session: StillSession, qtbot: QtBot) -> None:
        before = session.case
        for choice in (Choice(MACHINERY, "C"), Choice(CARS, "B", Which.LISTED, ("JP",)), Choice("8703")):
            for mix in Mix:
                tab.choose(choice, mix)
                settle(tab, qtbot)
        tab.tools.refresh()
        assert session.case is before
        assert session.undo_stack.count() == 0

    def test_another_day_brings_other_numbers(self, tab: PartnersTab, session: StillSession, qtbot: QtBot) -> None:
        """Korea's cars pay a total of 15 % from 1 November 2025 (90 FR 55964)."""
        session.apply("Day", edits.set_as_of(session.case, date(2025, 11, 2)))
        settle(tab, qtbot)
        assert text(tab, "KR", "total") == "15.0"
        assert text(tab, "JP", "gap") == "0.0"
        session.undo_stack.undo()
        settle(tab, qtbot)
        assert text(tab, "JP", "gap") == "+10.0"

    def test_numbers_of_later_law_go_at_once(self, tab: PartnersTab, session: StillSession) -> None:
        """Nobody may see what is not known any more while the rest is worked out."""
        session.apply("Known", edits.set_known_to(session.case, date(2025, 9, 1)))
        assert tab.shown is None
        assert tab.pages.currentIndex() == 1
        assert tab.panel.words is None

    def test_a_hidden_page_works_out_nothing_until_it_is_shown(self, qtbot: QtBot, session: StillSession) -> None:
        tab = PartnersTab(session)
        qtbot.addWidget(tab)
        session.apply("Day", edits.set_as_of(session.case, date(2025, 11, 2)))
        assert not tab.is_working
        with qtbot.waitExposed(tab):
            tab.show()
        settle(tab, qtbot)
        assert text(tab, "KR", "total") == "15.0"

    def test_a_day_of_the_chart_becomes_the_day_shown(
        self, tab: PartnersTab, session: StillSession, qtbot: QtBot
    ) -> None:
        tab.table.select_key("JP", "gap")
        settle(tab, qtbot)
        stops = tab.course.chart._data.stops()  # type: ignore[union-attr]
        assert date(2025, 9, 16) in stops
        assert date(2025, 11, 1) in stops
        tab.course.day_chosen.emit(date(2025, 11, 1))
        settle(tab, qtbot)
        assert session.case.as_of == date(2025, 11, 1)
        assert session.undo_stack.count() == 1

    def test_the_chart_follows_both_rates_over_the_year(self, tab: PartnersTab, qtbot: QtBot) -> None:
        """Cars: 3 April for both, 16 September for Japan, 1 November for Korea."""
        tab.table.select_key("JP", "gap")
        settle(tab, qtbot)
        data = tab.course.chart._data
        assert data is not None
        ours, theirs = data.lines
        assert (ours.letter, theirs.letter) == ("KR", "JP")
        assert ours.days == (date(2025, 1, 1), date(2025, 4, 3), date(2025, 11, 1))
        assert [round(value, 1) for value in ours.values] == [0.0, 25.0, 15.0]
        assert theirs.days == (date(2025, 1, 1), date(2025, 4, 3), date(2025, 9, 16))
        assert [round(value, 1) for value in theirs.values] == [2.5, 27.5, 15.0]

    def test_a_session_that_closes_ends_the_worker(self, tab: PartnersTab, session: StillSession) -> None:
        tab.choose(Choice(MACHINERY, which=Which.ALL))
        assert tab.is_working
        session.close()
        assert not tab._job.is_running

    def test_one_book_serves_while_its_inputs_stay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()
        work, case = partners_job._Work(), autumn_case()
        book = work.book(pack(), case)
        assert work.book(pack(), edits.set_as_of(case, date(2025, 11, 2))) is book
        assert work.book(pack(), edits.set_known_to(case, date(2025, 9, 1))) is not book
        assert work.book(pack(), case) is not book


class TestKeyboard:
    def test_enter_opens_the_parts_and_esc_goes_back(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.resize(1180, 600)
        qtbot.waitUntil(lambda: tab.splitter.sizes()[1] == 0)
        tab.activateWindow()
        tab.table.focus_rows()
        tab.table.select_key("JP", "gap")
        qtbot.keyClick(tab.table.view, Qt.Key.Key_Return)
        assert tab.splitter.sizes()[1] > 0
        qtbot.waitUntil(tab.panel.text.hasFocus)
        qtbot.keyClick(tab.panel.text, Qt.Key.Key_Escape)
        qtbot.waitUntil(tab.table.view.hasFocus)

    def test_a_letter_in_the_table_looks_for_a_partner(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.table.focus_rows()
        qtbot.keyClick(tab.table.view, "j")
        assert tab.tools.search.text() == "j"

    def test_esc_clears_the_search(self, tab: PartnersTab, qtbot: QtBot) -> None:
        tab.activateWindow()
        tab.tools.start_search()
        qtbot.waitUntil(tab.tools.search.hasFocus)
        qtbot.keyClicks(tab.tools.search, "japan")
        qtbot.keyClick(tab.tools.search, Qt.Key.Key_Escape)
        assert tab.tools.search.text() == ""
        qtbot.waitUntil(tab.table.view.hasFocus)

    def test_the_panel_can_be_copied(self, tab: PartnersTab) -> None:
        tab.table.select_key("JP", "gap")
        tab.panel.copy_button.click()
        copied = QApplication.clipboard().text()
        assert copied.startswith("Japan: 15.0")
        assert "9903.94.41" in copied


def test_in_korean(qtbot: QtBot, session: StillSession) -> None:
    i18n.set_language("ko")
    tab = shown(qtbot, session)
    assert text(tab, "JP", "partner") == "일본"
    tab.table.select_key("JP", "gap")
    assert tab.panel.words is not None
    assert tab.panel.words.title.startswith("일본")
    assert "승용차" in tab.panel.words.as_text()


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_nothing_known_later_is_told(qtbot: QtBot, session: StillSession, language: str) -> None:
    """As known on 22 May 2025, of 1 August 2025, for the largest suppliers of every group."""
    i18n.set_language(language)
    case = edits.set_as_of(default_case(), date(2025, 8, 1))
    session.replace_case(case, None)
    tab = shown(qtbot, session)
    texts: list[str] = []
    for group in case.groups:
        tab.choose(Choice(f"group:{group.id}"))
        settle(tab, qtbot)
        for code in keys(tab):
            tab.table.select_key(code, "gap")
            assert tab.panel.words is not None
            texts.append(tab.panel.words.as_text().replace(format_date(case.as_of), ""))
        settle(tab, qtbot)
        texts.append(_without_days(tab.course.chart.data_text(), known_days(case, keys(tab))))
        texts += [tick.title for tick in tab.course.chart._data.ticks]  # type: ignore[union-attr]
    found = leaks(texts, case, pack())
    assert not found, "\n".join(found)


def known_days(case: Case, codes: list[str]) -> set[date]:
    """Days on which the law on these partners' goods changes as far as anyone knew: the pause of 90 days on China's
    duty ends on 12 August 2025 under EO 14298 of 12 May 2025."""
    found = (pack().partners.get(code) for code in codes)
    return {case.as_of}.union(
        *(law_as_known(pack().law, each.iso2, case.known_to, each.union).days() for each in found)
    )


def _without_days(shown_text: str, days: set[date]) -> str:
    for day in days:
        shown_text = shown_text.replace(day.isoformat(), "")
    return shown_text


class TestStatusBar:
    def test_it_tells_how_far_the_law_of_our_partner_is_in_the_pack(
        self, qtbot: QtBot, session: StillSession, tab: PartnersTab
    ) -> None:
        bar = StatusBar(session, tab)
        qtbot.addWidget(bar)
        assert bar.coverage.text() == "Law on South Korea: complete"
        session.replace_case(msgspec.structs.replace(autumn_case(), partner="ZA"), None)
        assert bar.coverage.text() == "Law on South Africa: partial"
        assert "nobody has checked" in bar.coverage.toolTip()
