"""A password on the workbook: who has it opens the file, in any program; who has not sees nothing."""

from __future__ import annotations

import re
import tempfile
import unicodedata
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import msoffcrypto
import olefile
import openpyxl
import pytest
from msgspec.structs import replace
from msoffcrypto.exceptions import InvalidKeyError

from core import cli
from core.briefing import lock, write_briefing
from core.casefile import default_case, save
from core.engine import evaluate
from core.errors import InputError, WorkbookError, WorkbookNeedsPassword, WorkbookWrongPassword
from core.reference.pack import Pack
from core.results import Results
from tests.office import LibreOffice
from tests.office_macro import Hand

FEW_LINES = "BH"
KOREAN = "열려라 참깨 7월"


@pytest.fixture(scope="module")
def results(pack: Pack) -> Results:
    return evaluate(replace(default_case(), partner=FEW_LINES), pack)


@pytest.fixture(scope="module")
def sealed(results: Results, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sealed") / "b.xlsx"
    write_briefing(results.case, results, pack, path, password=KOREAN)
    return path.read_bytes()


@pytest.fixture(scope="module")
def plain(results: Results, pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("plain") / "b.xlsx"
    return write_briefing(results.case, results, pack, path).read_bytes()


def decrypted(data: bytes, password: str) -> bytes:
    """As another program opens it: with the library alone."""
    file, content = msoffcrypto.OfficeFile(BytesIO(data)), BytesIO()
    file.load_key(password=password, verify_password=True)
    file.decrypt(content, verify_integrity=True)
    return content.getvalue()


class TestLocked:
    def test_opens_with_the_password_and_holds_the_same(self, sealed: bytes, plain: bytes) -> None:
        assert decrypted(sealed, KOREAN) == plain
        assert zipfile.ZipFile(BytesIO(plain)).testzip() is None

    @pytest.mark.parametrize("wrong", ["열려라 참깨 8월", "x", KOREAN + " ", KOREAN.upper() + "x"])
    def test_refuses_another(self, sealed: bytes, wrong: str) -> None:
        with pytest.raises(InvalidKeyError):
            decrypted(sealed, wrong)
        with pytest.raises(WorkbookWrongPassword):
            lock.unlocked(sealed, wrong, "b.xlsx")

    def test_is_agile_with_aes_256_and_sha_512(self, sealed: bytes) -> None:
        """[MS-OFFCRYPTO] 2.3.4.10; 100,000 rounds are what Excel takes."""
        with olefile.OleFileIO(BytesIO(sealed)) as container:
            info = container.openstream("EncryptionInfo").read()
        assert info[:4] == bytes((4, 0, 4, 0))
        for wanted in (b'keyBits="256"', b'cipherAlgorithm="AES"', b'hashAlgorithm="SHA512"', b'spinCount="100000"'):
            assert wanted in info

    def test_hangul_in_pieces_is_the_same_password(self, plain: bytes) -> None:
        """A file from a Mac may hold it so; a keyboard never types it so."""
        sealed = lock.locked(plain, unicodedata.normalize("NFD", KOREAN))
        assert decrypted(sealed, unicodedata.normalize("NFC", KOREAN)) == plain

    def test_two_files_never_look_alike(self, plain: bytes) -> None:
        one, other = lock.locked(plain, "a"), lock.locked(plain, "a")
        same = sum(a == b for a, b in zip(one[4096:], other[4096:], strict=False))
        assert same / len(one) < 0.05

    def test_libreoffice_opens_it(self, sealed: bytes, libreoffice: LibreOffice, tmp_path: Path) -> None:
        path = tmp_path / "sealed.xlsx"
        path.write_bytes(sealed)
        saved = Hand(tmp_path).work(path, password=KOREAN)
        assert openpyxl.load_workbook(saved, read_only=True)["Cover"]["B2"].value == str(default_case().title)
        with pytest.raises(AssertionError, match="no csv"):
            libreoffice.convert(path, "csv")


class TestWriting:
    def test_no_plain_content_reaches_the_disk(
        self, results: Results, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Every file that is written is watched: only the encrypted bytes go to the folder of the target."""
        seen: list[bytes] = []
        made: list[str] = []

        def watched(target: Path, data: bytes, **_options: Any) -> None:
            seen.append(data)

        real = tempfile.mkstemp
        monkeypatch.setattr("core.briefing.write_atomically", watched)
        monkeypatch.setattr(tempfile, "mkstemp", lambda *a, **k: made.append(str(a)) or real(*a, **k))
        for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkdtemp"):
            monkeypatch.setattr(tempfile, name, lambda *a, **k: pytest.fail("a temporary file"))
        write_briefing(results.case, results, pack, tmp_path / "b.xlsx", password=KOREAN)
        assert [data[:8] for data in seen] == [bytes.fromhex("d0cf11e0a1b11ae1")]
        assert made == []

    @pytest.mark.parametrize("bad", ["", "x" * 256, "a\nb", "a\x00b"])
    def test_a_password_that_cannot_be_typed_is_refused_before_the_work(
        self, bad: str, results: Results, pack: Pack, tmp_path: Path
    ) -> None:
        with pytest.raises(InputError):
            write_briefing(results.case, results, pack, tmp_path / "b.xlsx", password=bad)
        assert list(tmp_path.iterdir()) == []


class TestUnlocking:
    def test_no_password_given(self, sealed: bytes) -> None:
        for nothing in (None, ""):
            with pytest.raises(WorkbookNeedsPassword):
                lock.unlocked(sealed, nothing, "b.xlsx")

    @pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
    def test_a_changed_byte_is_found(self, sealed: bytes, place: float) -> None:
        at = int(len(sealed) * place)
        broken = sealed[:at] + bytes((sealed[at] ^ 1,)) + sealed[at + 1 :]
        with pytest.raises(WorkbookError):
            lock.unlocked(broken, KOREAN, "b.xlsx")

    @pytest.mark.parametrize("length", [8, 512, 3000, 0.5, 0.99])
    def test_a_short_file_is_an_error(self, sealed: bytes, length: float) -> None:
        cut = sealed[: int(length if length > 1 else len(sealed) * length)]
        with pytest.raises(WorkbookError):
            lock.unlocked(cut, KOREAN, "b.xlsx")

    @pytest.mark.parametrize("rounds", ["9999999", "1000001", "-00001", "1e50000"])
    def test_a_key_that_would_take_minutes_is_refused(self, sealed: bytes, rounds: str) -> None:
        assert sealed.count(b'spinCount="100000"') == 1
        swollen = re.sub(rb'spinCount="100000"( *)', f'spinCount="{rounds}"'.encode(), sealed)
        swollen = swollen[: len(sealed)] if len(swollen) > len(sealed) else swollen
        with pytest.raises(WorkbookError) as caught:
            lock.unlocked(swollen, KOREAN, "b.xlsx")
        assert not isinstance(caught.value, WorkbookWrongPassword)

    def test_a_description_in_an_encoding_that_nobody_knows(self) -> None:
        """It was a bare LookupError."""
        with pytest.raises(WorkbookError, match="damaged"):
            lock._check_rounds(b'<?xml version="1.0" encoding="klingon"?><a spinCount="100000"/>', "b.xlsx")

    def test_an_old_document_says_so(self) -> None:
        with pytest.raises(WorkbookError):
            lock.unlocked(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4096, "x", "old.xls")


class TestCommandLine:
    def brief(self, tmp_path: Path, *more: str) -> tuple[int, Path]:
        case, target = tmp_path / "few.parley", tmp_path / "b.xlsx"
        save(replace(default_case(), partner=FEW_LINES), case)
        return cli.main(["brief", str(case), "-o", str(target), *more]), target

    @pytest.mark.parametrize("line", [f"{KOREAN}\n", f"{KOREAN}\r\nsecond line", f"\ufeff{KOREAN}", KOREAN])
    def test_the_first_line_of_a_file(self, line: str, tmp_path: Path) -> None:
        file = tmp_path / "password.txt"
        file.write_bytes(line.encode())
        code, target = self.brief(tmp_path, "--password-file", str(file))
        assert code == 0
        assert decrypted(target.read_bytes(), KOREAN).startswith(b"PK")

    @pytest.mark.parametrize("content", [b"", b"\nsecond", b"\xff\xfe\x00", b"x" * 300])
    def test_a_file_without_one_is_refused(
        self, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "password.txt"
        file.write_bytes(content)
        code, target = self.brief(tmp_path, "--password-file", str(file))
        assert code == 2
        assert not target.exists()
        assert capsys.readouterr().err

    def test_a_missing_file_is_refused(self, tmp_path: Path) -> None:
        assert self.brief(tmp_path, "--password-file", str(tmp_path / "none"))[0] == 2

    def test_there_is_no_option_for_the_password_itself(self, tmp_path: Path) -> None:
        """Other users of the machine can read a command line."""
        with pytest.raises(SystemExit):
            self.brief(tmp_path, "--password", "x")
