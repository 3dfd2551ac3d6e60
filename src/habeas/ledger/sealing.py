"""Sealed payloads: AES-256-GCM under a key of the person and episode, bound to their header.

`salt || nonce || ciphertext || tag`; the header holds the SHA-256 of all of it, so that a proof never commits
to plaintext, which a dictionary would find (docs/reference/ledger-format.md).
"""

from __future__ import annotations

import os
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from habeas.ledger.errors import CannotOpen

SALT_SIZE: Final = 16
NONCE_SIZE: Final = 12
TAG_SIZE: Final = 16
KEY_SIZE: Final = 32


class _Fresh:
    """Random bytes, drawn from the system a page at a time.

    Each draw lets another thread run; with many clients that costs more than sealing itself. No byte is
    handed out twice, not even to a forked process.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._pieces: list[bytes] = []
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._pieces.clear)

    def take(self) -> bytes:
        """The next piece."""
        while True:
            try:
                # Taking one from a list is a single step to all threads.
                return self._pieces.pop()
            except IndexError:
                drawn = os.urandom(self._size * 64)
                self._pieces += [drawn[at : at + self._size] for at in range(0, len(drawn), self._size)]


_FRESH: Final = _Fresh(SALT_SIZE + NONCE_SIZE)

fresh_event_bits: Final = _Fresh(10).take
"""Ten random bytes, for an event identifier."""


class Sealer:
    """One key, ready to seal and open."""

    __slots__ = ("_aead", "key_id")

    def __init__(self, key_id: str, key: bytes) -> None:
        self.key_id = key_id
        self._aead = AESGCM(key)

    def seal(self, payload: bytes, identity: bytes) -> bytes:
        """A payload sealed under the identifying fields of its header; never twice the same bytes."""
        fresh = _FRESH.take()
        return fresh + self._aead.encrypt(fresh[SALT_SIZE:], payload, identity)

    def open(self, sealed: bytes, identity: bytes) -> bytes:
        """The payload.

        Raises:
            CannotOpen: if the bytes, the key or the header are not those it was sealed with.
        """
        start = SALT_SIZE + NONCE_SIZE
        try:
            return self._aead.decrypt(sealed[SALT_SIZE:start], sealed[start:], identity)
        except (InvalidTag, ValueError):
            raise CannotOpen(f"a payload does not open under key {self.key_id} and its header") from None


def payload_digest(sealed: bytes) -> str:
    """The digest that the header holds: 64 hexadecimal digits."""
    return sha256(sealed).hexdigest()
