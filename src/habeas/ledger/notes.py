"""Signed notes: a text, and who signed it. The formats are those of docs/reference/proof-format.md.

https://c2sp.org/signed-note and https://c2sp.org/tlog-cosignature; the algorithm is a byte of each key.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MOST_SIGNATURES: Final = 32
"""Signature lines of one note."""

# Control characters but the end of a line, and halves of a surrogate pair, which UTF-8 cannot hold.
_NEVER: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")
_DASH: Final = "\u2014 "
_SECRET: Final = "PRIVATE+KEY+"  # noqa: S105 - the public mark before a secret, not one
_ID_SIZE: Final = 4
_KEY_SIZE: Final = 32
_TIME_SIZE: Final = 8


class KeyType(IntEnum):
    """What a key signs, and how: the algorithm as a byte."""

    LOG = 0x01
    """Ed25519 over a note's text."""
    WITNESS = 0x04
    """Ed25519 over a note's text and the time at which it was seen."""


class UnreadableNote(ValueError):
    """A text that is no key or no signed note; says what was expected."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One line below a note's text."""

    name: str
    key_id: bytes
    data: bytes

    def line(self) -> str:
        """As it is written."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.data).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a newline, and its signatures."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def written(self) -> str:
        """The whole note."""
        return self.text + "\n" + "".join(each.line() for each in self.signatures)

    def with_(self, *more: Signature) -> Note:
        """The note with further signatures; one by a key that signed already takes its place."""
        signed = {(each.name, each.key_id): each for each in (*self.signatures, *more)}
        return Note(self.text, tuple(signed.values()))


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Whose signatures to believe: a name, a type and a public key."""

    name: str
    type: KeyType
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first bytes of the digest of all three."""
        named = self.name.encode() + b"\n" + bytes([self.type]) + self.public
        return sha256(named).digest()[:_ID_SIZE]

    def written(self) -> str:
        """One line of text, safe to hand to anybody."""
        data = b64encode(bytes([self.type]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{data}"

    def verifies(self, text: str, signature: Signature) -> bool:
        """Whether a signature is this key's over a note's text."""
        if (signature.name, signature.key_id) != (self.name, self.key_id):
            return False
        message, data = text.encode(), signature.data
        if self.type is KeyType.WITNESS:
            if len(data) < _TIME_SIZE:
                return False
            message, data = _cosigned(text, seen_at(signature)), data[_TIME_SIZE:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(data, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True, repr=False)
class SigningKey:
    """A name, a type and a secret; never shown by accident."""

    name: str
    type: KeyType
    seed: bytes

    @property
    def verifier(self) -> VerifierKey:
        """The key that others need to believe it."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, self.type, public.public_bytes_raw())

    def written(self) -> str:
        """One line of text to be kept secret."""
        data = b64encode(bytes([self.type]) + self.seed).decode()
        return f"{_SECRET}{self.name}+{self.verifier.key_id.hex()}+{data}"

    def sign(self, text: str, seconds: int = 0) -> Signature:
        """A signature over a note's text.

        Args:
            text: The note's text.
            seconds: For a witness, when it saw the note, in seconds since 1970-01-01.
        """
        secret = Ed25519PrivateKey.from_private_bytes(self.seed)
        key_id = self.verifier.key_id
        if self.type is KeyType.LOG:
            return Signature(self.name, key_id, secret.sign(text.encode()))
        stamp = seconds.to_bytes(_TIME_SIZE, "big")
        return Signature(self.name, key_id, stamp + secret.sign(_cosigned(text, seconds)))


def new_key(name: str, kind: KeyType, seed: bytes) -> SigningKey:
    """A key of a name.

    Args:
        name: Whose it is: not empty, without a space or ``+``.
        kind: What it signs.
        seed: 32 bytes that nobody else knows.

    Raises:
        UnreadableNote: the name is not one, or the seed has another length.
    """
    if len(seed) != _KEY_SIZE:
        raise UnreadableNote(f"expected a seed of {_KEY_SIZE} bytes, got {len(seed)}")
    return SigningKey(_name(name), kind, seed)


def read_signing_key(line: str) -> SigningKey:
    """A secret key from its line.

    Raises:
        UnreadableNote: it is none.
    """
    if not line.startswith(_SECRET):
        raise UnreadableNote(f"expected a secret key beginning with {_SECRET}")
    name, key_id, kind, seed = _parts(line.removeprefix(_SECRET))
    key = SigningKey(name, kind, seed)
    if key.verifier.key_id.hex() != key_id:
        raise UnreadableNote(f"the secret key of [{name}] does not have the identity it states")
    return key


def read_verifier_key(line: str) -> VerifierKey:
    """A public key from its line.

    Raises:
        UnreadableNote: it is none.
    """
    name, key_id, kind, public = _parts(line)
    key = VerifierKey(name, kind, public)
    if key.key_id.hex() != key_id:
        raise UnreadableNote(f"the key of [{name}] does not have the identity it states")
    return key


def read_note(written: str) -> Note:
    """A note from its text and signatures.

    Raises:
        UnreadableNote: it is none.
    """
    text, divided, lines = written.rpartition("\n\n")
    if not divided or not lines.endswith("\n") or _NEVER.search(written):
        raise UnreadableNote("expected a text, an empty line and signatures, each line ended by a newline")
    found = [_signature(line) for line in lines[:-1].split("\n")]
    if len(found) > MOST_SIGNATURES:
        raise UnreadableNote(f"expected at most {MOST_SIGNATURES} signatures, got {len(found)}")
    return Note(text + "\n", tuple(found))


def seen_at(signature: Signature) -> int:
    """When a witness says that it saw the note, in seconds since 1970-01-01."""
    return int.from_bytes(signature.data[:_TIME_SIZE], "big")


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _signature(line: str) -> Signature:
    dash, name, data = line.startswith(_DASH), *_two(line.removeprefix(_DASH))
    raw = unbase64(data)
    if not dash or len(raw) <= _ID_SIZE:
        raise UnreadableNote(f"expected a signature line, got [{line[:80]}]")
    return Signature(_name(name), raw[:_ID_SIZE], raw[_ID_SIZE:])


def _two(line: str) -> tuple[str, str]:
    name, _, data = line.partition(" ")
    return name, data


def _parts(line: str) -> tuple[str, str, KeyType, bytes]:
    parts = line.strip().split("+", 2)
    if len(parts) != 3:
        raise UnreadableNote("expected a key: name+identity+data")
    raw = unbase64(parts[2])
    if len(raw) != 1 + _KEY_SIZE or raw[0] not in set(KeyType):
        raise UnreadableNote(f"the key of [{parts[0]}] is of no type known here")
    return _name(parts[0]), parts[1], KeyType(raw[0]), raw[1:]


def _name(name: str) -> str:
    if not name or "+" in name or any(c.isspace() or ord(c) < ord(" ") for c in name):
        raise UnreadableNote(f"expected a name without a space or plus, got [{name}]")
    return name


def unbase64(text: str) -> bytes:
    """Bytes from base64, written in exactly one way.

    Raises:
        UnreadableNote: it is not, or not that way.
    """
    try:
        raw = b64decode(text.encode("ascii"), validate=True)
    except (NotBase64, UnicodeEncodeError):
        raise UnreadableNote(f"expected base64, got [{text[:40]}]") from None
    if b64encode(raw).decode() != text:
        raise UnreadableNote(f"expected base64 written the usual way, got [{text[:40]}]")
    return raw
