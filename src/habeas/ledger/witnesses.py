"""Witnesses: outsiders who hold a ledger to what they saw of it before.

A court, a public defender or a county auditor runs one. Two ledgers that share a past and differ afterwards
cannot both get its signature, and neither can one that lost its end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from habeas.kernel.instants import SECOND, Instant
from habeas.ledger.checkpoints import Checkpoint, Trust, UnreadableCheckpoint, read_checkpoint
from habeas.ledger.notes import KeyType, Signature, SigningKey, read_note
from habeas.ledger.proofs import consistent


class Inconsistent(ValueError):
    """A checkpoint that does not follow from the one seen before: a rewritten or shortened ledger."""


class Witness:
    """One outsider's key, and the largest checkpoint of each ledger that it has cosigned."""

    def __init__(
        self,
        key: SigningKey,
        trust: Trust,
        now: Callable[[], Instant],
        seen: Mapping[str, str] | None = None,
    ) -> None:
        """Take up where the witness left off.

        Args:
            key: Its secret key.
            trust: Which ledgers' signatures it believes; a quorum in it is left aside.
            now: The clock, in UTC microseconds.
            seen: Origin -> text of the largest checkpoint cosigned.

        Raises:
            ValueError: the key is not a witness's.
            UnreadableCheckpoint: what it saw is no checkpoint.
        """
        if key.type is not KeyType.WITNESS:
            raise ValueError(f"expected a witness's key, got the ledger key of [{key.name}]")
        self.key, self._now = key, now
        self._trust = Trust(trust.logs)
        self.seen = dict(seen or {})
        for origin, text in self.seen.items():
            if read_checkpoint(text).origin != origin:
                # Under another name it would be forgotten, and a fork of that ledger signed.
                raise UnreadableCheckpoint(f"what was seen of [{origin}] is a checkpoint of another ledger")

    def last(self, origin: str) -> Checkpoint | None:
        """The largest checkpoint of a ledger that it has cosigned."""
        text = self.seen.get(origin)
        return None if text is None else read_checkpoint(text)

    def cosign(self, written: str, proof: Sequence[bytes]) -> Signature:
        """A signature on a checkpoint that follows from everything seen before.

        Args:
            written: The signed checkpoint.
            proof: That it begins with the largest one cosigned; empty for a ledger's first.

        Raises:
            Untrusted: the ledger did not sign it.
            Inconsistent: it does not follow.
        """
        found = self._trust.checkpoint(written)
        last = self.last(found.origin)
        if last is not None:
            _follows(last, found, proof)
        text = read_note(written).text
        self.seen[found.origin] = text
        return self.key.sign(text, self._now() // SECOND)


def _follows(last: Checkpoint, found: Checkpoint, proof: Sequence[bytes]) -> None:
    if found.size < last.size:
        raise Inconsistent(
            f"[{found.origin}] had {last.size} entries when it was last seen, and now says {found.size}"
        )
    if not consistent(last.root, last.size, found.root, found.size, proof):
        raise Inconsistent(
            f"[{found.origin}] with {found.size} entries does not begin with the {last.size} seen before"
        )
