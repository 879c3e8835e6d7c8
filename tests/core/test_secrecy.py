"""Encryption of a case: only the password opens it, and every damage is noticed and told from a wrong password."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import pickle
import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st

from core.casefile import envelope, load, open_case, save, secrecy
from core.casefile.format import encode
from core.casefile.secrecy import CaseKey, is_sealed, unseal
from core.errors import CaseFileError, InputError, NeedsPassword, ParleyError, WrongPassword
from tests.core.test_casefile import full_case

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "tests" / "fixtures" / "sealed-v1.parley"
PASSWORD = "협상 전 마지막 밤 1905"
SECRET = b"our red line is 12.5"


@cache
def key() -> CaseKey:
    return CaseKey.from_password(PASSWORD)


@cache
def sealed() -> bytes:
    return key().seal(SECRET)


def head_of(data: bytes) -> dict[str, Any]:
    """The head of a sealed file, read without Parley's own reader."""
    length = int.from_bytes(data[8:12], "big")
    found: dict[str, Any] = json.loads(data[12 : 12 + length])
    return found


def forged(change: Callable[[dict[str, Any]], object]) -> bytes:
    """A sealed file whose head says something else, with the checksum that belongs to it."""
    head = head_of(sealed())
    change(head)
    return wrapped(json.dumps(head).encode())


def wrapped(written: bytes, version: int = 1) -> bytes:
    before = b"\x89parley" + bytes([version]) + len(written).to_bytes(4, "big") + written
    return before + hashlib.sha256(before).digest() + b"x" * (len(SECRET) + 16)


class TestPassword:
    def test_what_was_sealed_comes_back_with_a_key_that_seals_again(self) -> None:
        found, again = unseal(sealed(), PASSWORD, "x")
        assert found == SECRET
        assert key().unseal(again.seal(b"more"), "x") == b"more"

    def test_hangul_typed_on_any_system_is_the_same_password(self) -> None:
        """macOS hands out letters taken apart, Windows put together."""
        apart = unicodedata.normalize("NFD", PASSWORD)
        assert apart != PASSWORD
        assert unseal(sealed(), apart, "x")[0] == SECRET
        assert key().opens_with(apart)

    @pytest.mark.parametrize("wrong", [PASSWORD + " ", PASSWORD[:-1], "hunter2", "한"])
    def test_a_wrong_password_is_called_wrong(self, wrong: str) -> None:
        with pytest.raises(WrongPassword, match=r"does not open the case. \(talks\.parley\)"):
            unseal(sealed(), wrong, "talks.parley")
        assert not key().opens_with(wrong)

    def test_the_key_of_another_case_does_not_open_this_one(self) -> None:
        """The same password, another salt: each case has a key of its own."""
        with pytest.raises(WrongPassword):
            CaseKey.from_password(PASSWORD).unseal(sealed(), "x")

    def test_no_password_is_no_password(self) -> None:
        with pytest.raises(NeedsPassword):
            unseal(sealed(), "", "x")
        assert not key().opens_with("")

    @pytest.mark.parametrize("typed", ["", "a" * (secrecy.MAX_PASSWORD + 1), "\ud800"])
    def test_what_cannot_be_a_password_is_refused(self, typed: str) -> None:
        with pytest.raises(InputError):
            CaseKey.from_password(typed)


class TestLayout:
    def test_the_file_is_as_the_page_describes_it(self) -> None:
        """Opened with the library's own functions, from the layout in docs/secrecy.md."""
        data = sealed()
        head, start = head_of(data), len(data) - len(SECRET) - 16
        assert head["kdf"] == {"name": "argon2id", "memory_kib": 65536, "passes": 3, "lanes": 4}
        assert data[start - 32 : start] == hashlib.sha256(data[: start - 32]).digest()
        salt, nonce, check = (base64.b64decode(head[name]) for name in ("salt", "nonce", "check"))
        typed = unicodedata.normalize("NFC", PASSWORD).encode()
        made = Argon2id(salt=salt, length=64, iterations=3, lanes=4, memory_cost=65536).derive(typed)
        assert made[32:] == check
        assert AESGCM(made[:32]).decrypt(nonce, data[start:], data[:start]) == SECRET

    def test_the_recipe_in_the_page_opens_a_file_without_parley(self, tmp_path: Path) -> None:
        page = (ROOT / "docs" / "secrecy.md").read_text(encoding="utf-8")
        (recipe,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
        namespace: dict[str, Any] = {}
        exec(compile(recipe, "docs/secrecy.md", "exec"), namespace)
        assert namespace["opened"](sealed(), PASSWORD) == SECRET

    def test_a_file_of_the_first_version_opens_for_ever(self) -> None:
        """Written once by version 1 with this password, from case-v1.parley; never written again."""
        assert load(FIXTURE, "열려라 참깨") == load(FIXTURE.with_name("case-v1.parley"))

    def test_each_sealing_has_a_nonce_and_each_password_a_salt_of_its_own(self) -> None:
        nonces = {head_of(key().seal(SECRET))["nonce"] for _time in range(50)}
        assert len(nonces) == 50
        assert head_of(CaseKey.from_password(PASSWORD).seal(SECRET))["salt"] != head_of(sealed())["salt"]

    def test_nothing_of_the_content_or_the_password_is_readable(self) -> None:
        assert SECRET not in sealed()
        assert PASSWORD.encode() not in sealed()
        assert is_sealed(sealed())
        assert not is_sealed(encode(full_case()))

    def test_where_the_library_lacks_argon2id_scrypt_takes_its_place(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def lacking(**_options: object) -> None:
            raise UnsupportedAlgorithm("no Argon2id")

        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(secrecy, "Argon2id", lacking)
            data = CaseKey.from_password(PASSWORD).seal(SECRET)
            with pytest.raises(CaseFileError, match="lacks Argon2id"):
                unseal(sealed(), PASSWORD, "x")
        assert head_of(data)["kdf"] == {"name": "scrypt", "cost": 131072, "block": 8, "lanes": 1}
        assert unseal(data, PASSWORD, "x")[0] == SECRET


class TestDamage:
    def test_every_flipped_byte_is_noticed_and_none_called_a_wrong_password(self) -> None:
        data = sealed()
        for place in range(len(data)):
            for mask in (0x01, 0x80, 0xFF):
                spoiled = data[:place] + bytes([data[place] ^ mask]) + data[place + 1 :]
                with pytest.raises(CaseFileError) as refusal:
                    key().unseal(spoiled, "x")
                assert not isinstance(refusal.value, WrongPassword), place

    def test_a_file_cut_off_anywhere_is_an_error(self) -> None:
        data = sealed()
        for length in range(len(data)):
            with pytest.raises(CaseFileError, match="damaged or incomplete"):
                key().unseal(data[:length], "x")

    def test_bytes_behind_the_end_are_an_error(self) -> None:
        with pytest.raises(CaseFileError, match="It should have"):
            key().unseal(sealed() + b"\n", "x")

    def test_content_of_another_file_under_this_head_is_an_error(self) -> None:
        """The head is part of what the tag vouches for."""
        other = key().seal(SECRET)
        size = len(SECRET) + 16
        with pytest.raises(CaseFileError, match="The password is right"):
            key().unseal(sealed()[:-size] + other[-size:], "x")

    def test_a_damaged_file_asks_for_no_work_on_the_password(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(secrecy, "_derived", None)
        with pytest.raises(CaseFileError, match="damaged"):
            unseal(sealed()[:-1], PASSWORD, "x")

    @given(st.data())
    @settings(max_examples=150)
    def test_a_mutated_file_is_one_named_error(self, data: st.DataObject) -> None:
        content = bytearray(sealed())
        start = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 6))
        content[start : start + length] = data.draw(st.binary(max_size=6))
        if bytes(content) == sealed():
            return
        with pytest.raises(CaseFileError) as refusal:
            key().unseal(bytes(content), "x")
        assert refusal.value.remedy


def _put(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    return lambda head: head.update({name: value})


def _cost(**values: object) -> Callable[[dict[str, Any]], object]:
    return lambda head: head["kdf"].update(values)


HOSTILE: list[tuple[str, bytes, str]] = [
    ("100 GB", forged(_cost(memory_kib=100_000_000)), "more or less work"),
    ("a day", forged(_cost(passes=1_000_000)), "more or less work"),
    ("many lanes", forged(_cost(lanes=10_000)), "more or less work"),
    ("too little", forged(_cost(memory_kib=8, passes=1, lanes=1)), "more or less work"),
    ("negative", forged(_cost(passes=-1)), "more or less work"),
    ("huge number", forged(_cost(passes=10**30)), "more or less work"),
    ("no number", forged(_cost(passes="3")), "damaged"),
    ("odd scrypt", forged(_put("kdf", {"name": "scrypt", "cost": 131071})), "more or less work"),
    ("vast scrypt", forged(_put("kdf", {"name": "scrypt", "cost": 2**40})), "more or less work"),
    ("wide scrypt", forged(_put("kdf", {"name": "scrypt", "block": 2**20})), "more or less work"),
    ("weak kdf", forged(_put("kdf", {"name": "md5"})), "damaged"),
    ("short salt", forged(_put("salt", "AAAA")), "more or less work"),
    ("no base64", forged(_put("nonce", "not base64!")), "damaged"),
    ("huge size", forged(_put("size", 10**12)), "more or less work"),
    ("other size", forged(_put("size", 17)), "It should have"),
    ("extra entry", forged(_put("path", "/etc/passwd")), "damaged"),
    ("no JSON", wrapped(b"{"), "damaged"),
    ("deep JSON", wrapped(b"[" * 4000), "damaged"),
    ("long head", wrapped(b" " * 5000 + b"{}"), "checksum"),
    ("endless head", b"\x89parley\x01\xff\xff\xff\xff" + b"x" * 100, "checksum"),
    ("newer", wrapped(b"{}", version=2), "newer Parley.*not changed"),
    ("version 0", wrapped(b"{}", version=0), "damaged"),
]


@pytest.mark.parametrize(("data", "words"), [each[1:] for each in HOSTILE], ids=[each[0] for each in HOSTILE])
def test_a_hostile_head_is_refused_before_any_work(data: bytes, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrecy, "_derived", None)
    with pytest.raises(CaseFileError, match=words):
        unseal(data, PASSWORD, "x")


def test_the_dearest_head_that_is_taken_stays_within_bounds() -> None:
    """256 MB and ten times over them: seconds, and a quarter of the memory that hostile input may take."""
    most = envelope.Argon2idCost(memory_kib=256 * 1024, passes=10, lanes=8)
    assert most.is_sensible()
    assert not envelope.Argon2idCost(memory_kib=256 * 1024 + 1, passes=10, lanes=8).is_sensible()
    assert envelope.ScryptCost(cost=2**18, lanes=2).is_sensible()
    assert 128 * 2**18 * 8 <= 256 * 1024 * 1024


class TestKeyKeepsItsSecret:
    def test_no_text_of_it_tells_anything(self) -> None:
        shown = f"{key()!r} {key()} {[key()]}"
        assert set(shown.replace("CaseKey()", "")) <= set(" []")

    def test_it_cannot_be_copied_out_or_pickled(self) -> None:
        for attempt in (pickle.dumps, copy.copy, copy.deepcopy, vars, json.dumps):
            with pytest.raises(TypeError):
                attempt(key())  # type: ignore[operator]

    def test_the_password_is_not_kept(self) -> None:
        held = [getattr(key(), name) for name in CaseKey.__slots__]
        assert not [value for value in held if PASSWORD in repr(value) or PASSWORD.encode() in repr(value).encode()]

    def test_errors_do_not_repeat_the_password(self) -> None:
        for typed in ("wrong" * 3, "x" * 2000):
            with pytest.raises(ParleyError) as refusal:
                unseal(sealed(), typed, "x")
            assert typed not in refusal.value.message()


class TestCase:
    def test_a_case_with_a_password_needs_it(self, tmp_path: Path) -> None:
        path = tmp_path / "talks.parley"
        seen = save(full_case(), path, key=key())
        with pytest.raises(NeedsPassword, match=r"encrypted. \(talks\.parley\)"):
            load(path)
        opened = open_case(path, PASSWORD)
        assert (opened.case, opened.seen) == (full_case(), seen)
        assert opened.key is not None
        assert opened.key.opens_with(PASSWORD)

    def test_a_case_without_one_stays_readable_text(self, tmp_path: Path) -> None:
        path = tmp_path / "talks.parley"
        save(full_case(), path)
        assert json.loads(path.read_bytes())["format"] == "parley-case"
        assert open_case(path, "not needed").key is None
