"""Seal a case with a password: Argon2id makes the key, AES-256-GCM keeps the content secret and whole.

What this protects against and what not: docs/secrecy.md. The layout of the file: core.casefile.envelope.
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from typing import Final, NoReturn

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.casefile import envelope
from core.casefile.envelope import Argon2idCost, Cost, Head, ScryptCost, is_sealed
from core.errors import CaseFileError, InputError, WrongPassword
from core.i18n import _

__all__ = ["MAX_PASSWORD", "CaseKey", "is_sealed", "unseal"]

MAX_PASSWORD: Final = 1000  # characters
_AES_BYTES: Final = 32


class CaseKey:
    """What a password becomes: seals and opens one case, and shows its secret to nobody.

    The password itself is not kept. A copy, a pickle and the text of a key are refused or empty.
    """

    __slots__ = ("_cost", "_salt", "_secret")

    def __init__(self, password: str, cost: Cost, salt: bytes) -> None:
        self._cost, self._salt = cost, salt
        self._secret = _derived(password, cost, salt)

    @classmethod
    def from_password(cls, password: str) -> CaseKey:
        """A new key with a salt of its own. InputError when the password is empty or cannot be one."""
        salt = secrets.token_bytes(envelope.SALT_BYTES)
        try:
            return cls(password, Argon2idCost(), salt)
        except UnsupportedAlgorithm:  # a library built without it
            return cls(password, ScryptCost(), salt)

    def opens_with(self, password: str) -> bool:
        """Whether this is the password that the key was made from. As slow as any try."""
        try:
            return hmac.compare_digest(self._secret, _derived(password, self._cost, self._salt))
        except InputError:
            return False

    def seal(self, data: bytes) -> bytes:
        """The data in an envelope that only the password opens; with another nonce each time."""
        nonce = secrets.token_bytes(envelope.NONCE_BYTES)
        size = len(data) + envelope.TAG_BYTES
        outside = envelope.outside(Head(self._cost, self._salt, nonce, self._check, size))
        return outside + self._cipher().encrypt(nonce, data, outside)

    def unseal(self, data: bytes, where: str) -> bytes:
        """What was sealed with this key. WrongPassword when it was another; CaseFileError when it is damaged."""
        parts = envelope.opened(data, where)
        if not hmac.compare_digest(parts.head.check, self._check):
            raise _wrong(where)
        try:
            return self._cipher().decrypt(parts.head.nonce, parts.sealed, parts.outside)
        except InvalidTag as failure:
            why = _("The password is right, but the content is not as it was saved.")
            raise envelope.damaged(where, why) from failure

    @property
    def _check(self) -> bytes:
        """The half of the secret that stands in the file, so that a wrong password is known for one."""
        return self._secret[_AES_BYTES:]

    def _cipher(self) -> AESGCM:
        return AESGCM(self._secret[:_AES_BYTES])

    def __repr__(self) -> str:
        return "CaseKey()"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a key stays in memory")


def unseal(data: bytes, password: str, where: str) -> tuple[bytes, CaseKey]:
    """What a sealed file holds, and the key to save it with again.

    where: the file's name, for the message. Raises NeedsPassword, WrongPassword, CaseFileError when the file is
    damaged, InputError when no password can be like this.
    """
    if not password:
        raise envelope.needs_password(where)
    head = envelope.opened(data, where).head
    try:
        key = CaseKey(password, head.kdf, head.salt)
    except UnsupportedAlgorithm as failure:
        raise CaseFileError(
            _("The encrypted case cannot be opened on this computer."),
            where=where,
            why=_("Its cryptographic library lacks Argon2id."),
            remedy=_("Open it with the Parley of the installer, which brings its own."),
        ) from failure
    return key.unseal(data, where), key


def _wrong(where: str) -> WrongPassword:
    return WrongPassword(
        _("The password does not open the case."),
        where=where,
        remedy=_("Check Caps Lock and the keyboard's language, and type it again."),
    )


def _derived(password: str, cost: Cost, salt: bytes) -> bytes:
    """The key of the cipher and, behind it, the check. UnsupportedAlgorithm where the library cannot do it."""
    typed, length = _normal(password), _AES_BYTES + envelope.CHECK_BYTES
    try:
        if isinstance(cost, ScryptCost):
            return Scrypt(salt, length, n=cost.cost, r=cost.block, p=cost.lanes).derive(typed)
        argon = Argon2id(
            salt=salt, length=length, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
        )
        return argon.derive(typed)
    except MemoryError as failure:
        raise CaseFileError(
            _("The password could not be tried: there is not enough memory."), remedy=_("Close other programs.")
        ) from failure


def _normal(password: str) -> bytes:
    """One text, one password: systems put Hangul and accents together in different ways."""
    typed = unicodedata.normalize("NFC", password)
    if not typed or len(typed) > MAX_PASSWORD:
        raise InputError(
            _("The password is empty or too long."),
            remedy=_("Type 1 to {limit} characters.").format(limit=MAX_PASSWORD),
        )
    try:
        return typed.encode("utf-8")
    except UnicodeEncodeError as failure:
        raise InputError(_("The password has a character that cannot be written.")) from failure
