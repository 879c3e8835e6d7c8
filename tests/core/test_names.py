"""Names of chapters and lines as people read them: complete, distinct, short, and of codes that exist."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from core.codes import LAST_CHAPTER, RESERVED_CHAPTER
from core.reference.names import description_tail
from core.reference.pack import Pack
from core.text import LocalText

ENGLISH_LENGTH, KOREAN_LENGTH = 38, 22
HANGUL = re.compile(r"[가-힣]")
AMERICAN = re.compile(r"\b(aluminum|colors?|fibers?|liters?|molds?|tires?|gasoline|jewelry|centers?)\b", re.IGNORECASE)


def _texts(pack: Pack) -> list[tuple[str, LocalText]]:
    return [*pack.names.chapters.items(), *pack.names.lines.items()]


class TestShortNames:
    def test_every_chapter_is_named(self, pack: Pack) -> None:
        chapters = {f"{number:02d}" for number in range(1, LAST_CHAPTER + 1) if number != RESERVED_CHAPTER}
        assert set(pack.names.chapters) == chapters

    def test_both_languages_and_nothing_lost_at_the_edges(self, pack: Pack) -> None:
        for code, name in _texts(pack):
            assert name.en == name.en.strip() != "", code
            assert name.ko == name.ko.strip() != "", code
            assert name.en[0].isupper() or name.en.startswith(("meta-", "para-")), code
            assert not HANGUL.search(name.en), code
            assert HANGUL.search(name.ko), code

    def test_lengths(self, pack: Pack) -> None:
        assert [code for code, name in _texts(pack) if len(name.en) > ENGLISH_LENGTH] == []
        assert [code for code, name in _texts(pack) if len(name.ko) > KOREAN_LENGTH] == []

    def test_british_spelling(self, pack: Pack) -> None:
        assert [name.en for _code, name in _texts(pack) if AMERICAN.search(name.en)] == []

    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_distinct_within_a_heading(self, pack: Pack, language: str) -> None:
        lines = Counter((code[:4], name.in_language(language)) for code, name in pack.names.lines.items())
        chapters = Counter(name.in_language(language) for name in pack.names.chapters.values())
        assert [text for text, count in (lines + chapters).items() if count > 1] == []

    def test_lines_are_in_the_schedule(self, pack: Pack) -> None:
        assert (pack.schedule.position(list(pack.names.lines)) >= 0).all()

    def test_share_of_koreas_imports(self, pack: Pack) -> None:
        """The Census's imports for consumption of 2024: what people see on screen is mostly in plain words."""
        korea = pack.trade.imports("KR")
        named = [code[:8] in pack.names.lines for code in korea.hts10.tolist()]
        assert korea.value[named].sum() / korea.total_value == pytest.approx(0.8916, abs=5e-5)

    def test_every_car_and_truck_is_named(self, pack: Pack) -> None:
        vehicles = {code for code in pack.schedule.hts8.tolist() if code.startswith(("8703", "8704"))}
        assert len(vehicles) == 30
        assert vehicles <= set(pack.names.lines)


NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
# The schedule has cubic centimetres and volts where a short name has litres and kilovolts.
SMALLER = {"litre", "litres", "kV"}


def _numbers(text: str) -> list[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


class TestFiguresInNames:
    def test_figures_are_bounds_of_the_schedule(self, pack: Pack) -> None:
        """Of the line itself, or of the lines of its subheading where it is what they leave over."""
        rows = list(zip(pack.schedule.hts8.tolist(), pack.schedule.description.tolist(), strict=True))
        for code, name in pack.names.lines.items():
            found = {number for line, text in rows if line[:5] == code[:5] for number in _numbers(text)}
            if name.en.split()[-1] in SMALLER:
                found |= {number / 1000 for number in found}
            assert set(_numbers(name.en)) <= found, (code, name.en)

    def test_both_languages_give_the_same_figures(self, pack: Pack) -> None:
        for code, name in pack.names.lines.items():
            without_months = re.sub(r"[0-9]+월", "", name.ko)
            assert _numbers(name.en) == _numbers(without_months), (code, name)


class TestName:
    """What Names.name gives for a code of each length."""

    def test_chapter(self, pack: Pack) -> None:
        assert pack.names.name("87") == LocalText(en="Vehicles other than rail", ko="철도 외 차량")
        assert not pack.names.name("77")

    def test_line_with_a_short_name(self, pack: Pack) -> None:
        assert pack.names.name("87032301") == LocalText(en="Cars, petrol, 1.5–3.0 litres", ko="승용차, 휘발유 1.5–3.0L")

    def test_line_without_one_takes_the_schedule_and_the_subheading(self, pack: Pack) -> None:
        assert "01012900" not in pack.names.lines
        description = str(pack.schedule.description[pack.schedule.position(["01012900"])[0]])
        assert pack.names.name("01012900").en == description_tail(description) == "Horses: Other"

    def test_statistical_line_keeps_the_words_of_the_census(self, pack: Pack) -> None:
        name = pack.names.name("8703230170")
        assert name.en == pack.names.english["8703230170"] != pack.names.name("87032301").en
        assert name.ko == pack.names.korean["870323"]
