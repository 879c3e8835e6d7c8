"""The outside of an encrypted case: what is around the sealed bytes, and what of it can be checked without a key.

    magic and version | length of the head | head, JSON | SHA-256 of all before | sealed bytes with their tag
    8 bytes           | 4 bytes            |            | 32 bytes              |

The digest protects nothing: it tells a damaged head from a wrong password. docs/secrecy.md has the whole layout.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec

from core.casefile.format import MAX_BYTES
from core.errors import CaseFileError, NeedsPassword
from core.i18n import _

MAGIC: Final = b"\x89parley"  # no text begins so, and whatever rewrites line ends or letters spoils the digest
VERSION: Final = 1
SALT_BYTES, NONCE_BYTES, CHECK_BYTES, TAG_BYTES = 16, 12, 32, 16
_LENGTH_BYTES, _DIGEST_BYTES = 4, 32
_MAX_HEAD: Final = 4096
_FIXED: Final = len(MAGIC) + 1 + _LENGTH_BYTES
_MAX_CONTENT: Final = MAX_BYTES + 100_000  # recovery seals a case together with where it belongs
MAX_SEALED_BYTES: Final = _MAX_CONTENT + _FIXED + _MAX_HEAD + _DIGEST_BYTES + TAG_BYTES

# A stranger's file may ask neither for all memory nor for a day's work; nor for so little work that the
# delegation's own case, saved again with the same key, would be easy to guess open.
_MEMORY_KIB: Final = (64 * 1024, 256 * 1024)
_PASSES: Final = (3, 10)
_LANES: Final = (1, 8)
_SCRYPT_COST: Final = (2**16, 2**18)


class Argon2idCost(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="argon2id"):
    """What one try of a password costs: memory, and how often it is gone over."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def is_sensible(self) -> bool:
        """Within the bounds for what a file may ask for."""
        asked = ((self.memory_kib, _MEMORY_KIB), (self.passes, _PASSES), (self.lanes, _LANES))
        return all(least <= value <= most for value, (least, most) in asked)


class ScryptCost(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="name", tag="scrypt"):
    """The same where the system's library has no Argon2id; memory is 128 x cost x block bytes."""

    cost: int = 2**17
    block: int = 8
    lanes: int = 1

    def is_sensible(self) -> bool:
        """Within the bounds for what a file may ask for."""
        least, most = _SCRYPT_COST
        is_power = self.cost > 0 and self.cost & (self.cost - 1) == 0
        return is_power and least <= self.cost <= most and self.block == 8 and 1 <= self.lanes <= 2


Cost = Argon2idCost | ScryptCost


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the key is made from the password, and what this sealing took. size: of the sealed bytes, tag included."""

    kdf: Cost
    salt: bytes
    nonce: bytes
    check: bytes
    size: int

    def is_sensible(self) -> bool:
        """Lengths and costs as Parley writes them."""
        lengths = (len(self.salt), len(self.nonce), len(self.check))
        fits = lengths == (SALT_BYTES, NONCE_BYTES, CHECK_BYTES)
        return fits and TAG_BYTES <= self.size <= _MAX_CONTENT + TAG_BYTES and self.kdf.is_sensible()


@dataclass(frozen=True)
class Envelope:
    """An encrypted file in its parts. outside: every byte before the sealed ones; the tag vouches for it too."""

    head: Head
    outside: bytes
    sealed: bytes


def is_sealed(data: bytes) -> bool:
    """Whether these are the bytes of an encrypted case; the first ones are enough."""
    return data.startswith(MAGIC)


def outside(head: Head) -> bytes:
    """All bytes before the sealed ones."""
    written = msgspec.json.encode(head)
    before = MAGIC + bytes([VERSION]) + len(written).to_bytes(_LENGTH_BYTES, "big") + written
    return before + hashlib.sha256(before).digest()


def opened(data: bytes, where: str) -> Envelope:
    """The parts of an encrypted file. CaseFileError when they are damaged, cut off, too new or unreasonable."""
    _check_version(data, where)
    end = _FIXED + int.from_bytes(data[len(MAGIC) + 1 : _FIXED], "big")
    start = end + _DIGEST_BYTES
    if end > _FIXED + _MAX_HEAD or hashlib.sha256(data[:end]).digest() != data[end:start]:
        raise damaged(where, _("Its head does not fit its checksum."))
    head = _head(data[_FIXED:end], where)
    if len(data) - start != head.size:
        why = _("It should have {wanted} bytes and has {found}.").format(wanted=start + head.size, found=len(data))
        raise damaged(where, why)
    return Envelope(head, data[:start], data[start:])


def _check_version(data: bytes, where: str) -> None:
    """Before anything else is read: a newer file may look quite different."""
    if not is_sealed(data) or len(data) <= len(MAGIC):
        raise damaged(where, _("It does not begin as an encrypted case does."))
    if data[len(MAGIC)] > VERSION:
        raise CaseFileError(
            _("This case was encrypted by a newer Parley."),
            where=where,
            why=_("Its envelope has version {found}; this Parley reads up to version {known}.").format(
                found=data[len(MAGIC)], known=VERSION
            ),
            remedy=_("Update Parley. The file was not changed."),
        )


def _head(written: bytes, where: str) -> Head:
    try:
        head = msgspec.json.decode(written, type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as failure:
        raise damaged(where, str(failure)) from failure
    if not head.is_sensible():
        raise CaseFileError(
            _("The encrypted case is not opened."),
            where=where,
            why=_("It asks for more or less work on its password than any Parley does: it may be a trap."),
            remedy=_("Ask whoever sent it for another copy."),
        )
    return head


def damaged(where: str, why: str) -> CaseFileError:
    """The error for an encrypted file that is not as it was written, whatever the password."""
    return CaseFileError(
        _("The encrypted case is damaged or incomplete."),
        where=where,
        why=why,
        remedy=_("Open the previous version beside it, whose name ends in ~, or another copy."),
    )


def needs_password(where: str) -> NeedsPassword:
    """The error for an encrypted case that comes without a password."""
    return NeedsPassword(_("The case is encrypted."), where=where, remedy=_("Give its password."))
