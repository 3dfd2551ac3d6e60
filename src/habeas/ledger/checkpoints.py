"""Checkpoints: what a ledger was at one size, signed, so that outsiders can hold it to that.

The formats are those of docs/reference/proof-format.md. A hash chain by itself shows only an amateur's edit;
what counts is the checkpoint that has left the building.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from habeas.kernel.instants import Instant
from habeas.ledger.audit import TrustedRoot
from habeas.ledger.chain import CHAIN_START, DIGEST_SIZE, EMPTY_ROOT, Frontier
from habeas.ledger.notes import (
    KeyType,
    Note,
    Signature,
    SigningKey,
    UnreadableNote,
    VerifierKey,
    read_note,
    read_verifier_key,
    unbase64,
)
from habeas.ledger.store import Head

_LARGEST: Final = 2**53 - 1
_QUORUM: Final = re.compile("0|[1-9][0-9]{0,8}")
_NUMBER: Final = re.compile("0|[1-9][0-9]{0,18}|-[1-9][0-9]{0,18}")
_LINES: Final = 5


class UnreadableCheckpoint(ValueError):
    """A text that is no checkpoint; says what was expected."""


class Untrusted(ValueError):
    """A checkpoint that those whom one trusts did not sign as they would have to."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a ledger was when it had so many entries."""

    origin: str
    """The ledger's name, which is also that of its signing key."""
    size: int
    root: bytes
    known_at: Instant
    """Recorded time of the last entry, UTC microseconds; 0 where there is none."""
    chain: bytes

    def text(self) -> str:
        """The text that is signed."""
        root, chain = b64encode(self.root).decode(), b64encode(self.chain).decode()
        return f"{self.origin}\n{self.size}\n{root}\nknown {self.known_at}\nchain {chain}\n"

    def signed(self, key: SigningKey) -> Note:
        """The checkpoint with the ledger's own signature.

        Raises:
            ValueError: the key is another ledger's, or a witness's.
        """
        if key.name != self.origin or key.type is not KeyType.LOG:
            raise ValueError(f"expected the signing key of [{self.origin}], got one of [{key.name}]")
        return Note(self.text(), (key.sign(self.text()),))

    @property
    def trusted_root(self) -> TrustedRoot:
        """Size and root, for reading a ledger again."""
        return TrustedRoot(self.size, self.root)


def checkpoint_of(origin: str, head: Head) -> Checkpoint:
    """The checkpoint of a ledger as it ends now."""
    root = Frontier.read(head.size, head.frontier).root() if head.size else EMPTY_ROOT
    return Checkpoint(origin, head.size, root, Instant(head.recorded_at or 0), head.chain)


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text is.

    Raises:
        UnreadableCheckpoint: it is none, or not written in the one way.
    """
    lines = text.split("\n")
    if len(lines) != _LINES + 1 or lines[-1]:
        raise UnreadableCheckpoint(f"expected {_LINES} lines, each ended by a newline")
    origin, size, root, known, chain = lines[:_LINES]
    try:
        found = Checkpoint(
            origin,
            _number(size),
            _digest(root),
            Instant(_number(known.removeprefix("known "))),
            _digest(chain.removeprefix("chain ")),
        )
    except UnreadableNote as error:
        raise UnreadableCheckpoint(str(error)) from None
    if found.text() != text or not (0 <= found.size <= _LARGEST and 0 <= found.known_at <= _LARGEST):
        raise UnreadableCheckpoint("expected origin, size, root, known and chain, written the usual way")
    if not found.size and (found.root, found.known_at, found.chain) != (EMPTY_ROOT, 0, CHAIN_START):
        raise UnreadableCheckpoint(
            "expected the root, the known time and the chain of a ledger without entries"
        )
    return found


@dataclass(frozen=True, slots=True)
class Trust:
    """Whose signatures somebody believes, and how many witnesses they ask for."""

    logs: tuple[VerifierKey, ...]
    witnesses: tuple[VerifierKey, ...] = ()
    quorum: int = 0

    def written(self) -> str:
        """The file that says so."""
        lines = [f"log {key.written()}" for key in self.logs]
        lines += [f"witness {key.written()}" for key in self.witnesses]
        return "\n".join([*lines, f"quorum {self.quorum}"]) + "\n"

    def checkpoint(self, written: str) -> Checkpoint:
        """The checkpoint of a signed note, once its signatures are found good.

        Raises:
            Untrusted: a signature is missing or fails.
            UnreadableNote: it is no signed note.
            UnreadableCheckpoint: it is a note of something else.
        """
        note = read_note(written)
        found = read_checkpoint(note.text)
        if not self.signed(note, found.origin):
            raise Untrusted(f"no key trusted here signed the checkpoint of [{found.origin}]")
        witnesses = self._signed(self.witnesses, note)
        # One witness under two names, or with an old and a new key, is one witness.
        count = min(len({key.name for key in witnesses}), len({key.public for key in witnesses}))
        if count < self.quorum:
            raise Untrusted(f"expected {self.quorum} witnesses, found {count} of those trusted here")
        return found

    def signed(self, note: Note, origin: str) -> bool:
        """Whether the ledger of that name, by a key trusted here, signed a note.

        Raises:
            Untrusted: a signature by a ledger trusted here fails.
        """
        return any(key.name == origin for key in self._signed(self.logs, note))

    def _signed(self, keys: Sequence[VerifierKey], note: Note) -> list[VerifierKey]:
        """The keys that signed it.

        Raises:
            Untrusted: a signature by one of them fails.
        """
        good: list[VerifierKey] = []
        for key in keys:
            for each in _by(key, note):
                if not key.verifies(note.text, each):
                    raise Untrusted(f"the signature of [{key.name}] does not fit the checkpoint")
                good.append(key)
        return good


def read_trust(text: str) -> Trust:
    """Whom to trust, from the file that says so.

    Raises:
        UnreadableNote: a line is none of ``log``, ``witness``, ``quorum``, or names no ledger's key.
    """
    keys: dict[KeyType, list[VerifierKey]] = {KeyType.LOG: [], KeyType.WITNESS: []}
    kinds = {"log": KeyType.LOG, "witness": KeyType.WITNESS}
    quorum: int | None = None
    for number, line in enumerate(text.split("\n"), 1):
        word, *rest = line.partition("#")[0].split() or [""]
        if word in kinds and len(rest) == 1:
            key = read_verifier_key(rest[0])
            if key.type is not kinds[word]:
                raise UnreadableNote(f"line {number}: the key of [{key.name}] is not one of a {word}")
            keys[key.type].append(key)
        elif word == "quorum" and quorum is None and _QUORUM.fullmatch(" ".join(rest)):
            quorum = int(rest[0])
        elif word:
            raise UnreadableNote(
                f"line {number}: expected `log KEY`, `witness KEY` or one `quorum NUMBER`, got [{line[:80]}]"
            )
    if not keys[KeyType.LOG]:
        raise UnreadableNote("expected at least one line `log KEY`")
    return Trust(tuple(keys[KeyType.LOG]), tuple(keys[KeyType.WITNESS]), quorum or 0)


def _by(key: VerifierKey, note: Note) -> list[Signature]:
    return [each for each in note.signatures if (each.name, each.key_id) == (key.name, key.key_id)]


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise UnreadableNote(f"expected a whole number, got [{text[:40]}]")
    return int(text)


def _digest(text: str) -> bytes:
    raw = unbase64(text)
    if len(raw) != DIGEST_SIZE:
        raise UnreadableNote(f"expected a digest of {DIGEST_SIZE} bytes, got {len(raw)}")
    return raw
