"""Lists of partners as typed: names in either language and codes; what is no partner is refused with near ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import i18n
from core.errors import InputError
from core.partner_names import name_bounds, offers, parse_partners, partner_list
from core.reference.pack import Pack
from core.text import LocalText


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Japan", ("JP",)),
        ("jp", ("JP",)),
        ("  european   union ", ("EU",)),
        ("Japan, EU,Mexico", ("JP", "EU", "MX")),
        ("일본、유럽연합, GB", ("JP", "EU", "GB")),
        ("Japan (JP); Canada (CA)", ("JP", "CA")),
        ("Côte d'Ivoire", ("CI",)),
        ("Japan, ", ("JP",)),
        ("", ()),
        (" , ", ()),
    ],
)
def test_a_list_is_read(pack: Pack, typed: str, codes: tuple[str, ...]) -> None:
    assert parse_partners(typed, pack.partners, own="KR") == codes


def test_a_slip_is_refused_and_near_ones_are_named(pack: Pack) -> None:
    with pytest.raises(InputError) as refusal:
        parse_partners("Mexico, Japn", pack.partners)
    assert refusal.value.what == "'Japn' is not a partner."
    assert "JP (Japan)" in refusal.value.remedy


def test_what_is_near_nothing_says_what_to_type(pack: Pack) -> None:
    with pytest.raises(InputError, match="not a partner") as refusal:
        parse_partners("qqqqqq", pack.partners)
    assert "two letters" in refusal.value.remedy


@pytest.mark.parametrize("typed", ["Japan, JP", "일본, Japan"])
def test_the_same_partner_twice_is_refused(pack: Pack, typed: str) -> None:
    with pytest.raises(InputError, match="The partner Japan is there twice"):
        parse_partners(typed, pack.partners)


@pytest.mark.parametrize("typed", ["South Korea", "JP, KR", "한국"])
def test_the_case_s_own_partner_is_refused(pack: Pack, typed: str) -> None:
    """Terms of others never act on it: taken silently, they would promise what does not happen."""
    with pytest.raises(InputError, match="South Korea is the case's own partner"):
        parse_partners(typed, pack.partners, own="KR")


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_partner_can_be_typed_back_as_it_is_shown(pack: Pack, language: str) -> None:
    with i18n.in_language(language):
        codes = tuple(pack.partners.by_code)
        assert parse_partners(partner_list(codes, pack.partners), pack.partners) == codes


def test_a_name_with_a_comma_is_shown_by_its_code(pack: Pack) -> None:
    """The Census writes "Korea, South": a later pack may have such names."""
    south = replace(pack.partners.get("KR"), name=LocalText("Korea, South", "한국"))
    partners = replace(pack.partners, by_code={"KR": south, "JP": pack.partners.get("JP")})
    shown = partner_list(("KR", "JP"), partners)
    assert shown == "KR, Japan"
    assert parse_partners(shown, partners) == ("KR", "JP")


def test_a_code_that_the_pack_does_not_know_stays(pack: Pack) -> None:
    assert partner_list(("XX", "JP"), pack.partners) == "XX, Japan"
    assert partner_list(("XX", "JP"), None) == "XX, JP"


@pytest.mark.parametrize(
    ("position", "bounds"), [(0, (0, 5)), (5, (0, 5)), (6, (6, 14)), (14, (6, 14)), (15, (15, 18)), (18, (15, 18))]
)
def test_the_name_at_the_cursor(position: int, bounds: tuple[int, int]) -> None:
    assert name_bounds("Japan, Mexico ,EU ", position) == bounds


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("in", ["IN", "ID"]),  # the code of India, then Indonesia by its beginning
        ("united", ["AE", "GB"]),
        ("미", ["FM", "MM"]),  # Micronesia, Myanmar; not Namibia, which only has the syllable
        ("king", ["GB"]),  # a word of the name
        ("zeal", ["NZ"]),
    ],
)
def test_the_likeliest_are_offered_first(pack: Pack, typed: str, first: list[str]) -> None:
    assert [partner.iso2 for partner in offers(typed, pack.partners)][: len(first)] == first


def test_nothing_typed_offers_nothing(pack: Pack) -> None:
    assert offers(" ", pack.partners) == []
    assert offers("qqq", pack.partners) == []
