"""What people did at the release desk about one person, read off the ledger in its order.

Entries of these kinds stand in the person's own stream, sealed under the person's key: an expunction destroys
them with the rest. They say what was signed and received; none of them changes an answer by itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from habeas.desk.kept import KeptPerson
from habeas.desk.ledgers import AT_THE_DESK, Identity
from habeas.desk.naming import PERSON_EPISODE
from habeas.kernel.instants import Instant
from habeas.ledger.entries import Draft, Entry
from habeas.ledger.errors import Expunged
from habeas.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Doing:
    """One entry of the desk, or of the record beside it."""

    event_id: str
    seq: int
    kind: str
    actor: str
    role: str
    recorded_at: Instant
    approval_of: str | None
    payload: bytes
    """Empty for what is part of the record: only that it was added counts here."""

    @property
    def is_fact(self) -> bool:
        """Whether it is part of the record, so that an answer may turn on it."""
        return self.kind not in AT_THE_DESK

    def as_a(self, form: type[Any]) -> Any:
        """Its payload as one of the desk's forms."""
        return msgspec.json.decode(self.payload, type=form)


def doings_of(ledger: Ledger, streams: Sequence[str]) -> tuple[Doing, ...]:
    """Everything in some streams, in the order of the ledger."""
    found = [each for stream in streams for each in _of_stream(ledger, stream)]
    return tuple(sorted(found, key=lambda each: each.seq))


def _of_stream(ledger: Ledger, stream: str) -> Iterator[Doing]:
    for entry in ledger.stream(stream):
        if entry.header is not None:
            yield _doing(ledger, entry)


def _doing(ledger: Ledger, entry: Entry) -> Doing:
    header = entry.read()
    payload = b""
    if header.kind in AT_THE_DESK:
        try:
            payload = ledger.payload(entry)
        except Expunged:
            return Doing(
                header.event_id, entry.seq, "", header.actor, header.role, entry.recorded_at, None, b""
            )
    return Doing(
        header.event_id,
        entry.seq,
        header.kind,
        header.actor,
        header.role,
        entry.recorded_at,
        header.approval_of,
        payload,
    )


def facts_position(doings: Sequence[Doing]) -> int:
    """How many entries of the record there are: what a signature is bound to."""
    return sum(1 for each in doings if each.is_fact)


def streams_of(person: KeptPerson) -> tuple[str, ...]:
    """The streams of which a person's record is now made."""
    return person.names.whole(person.person, person.moment)[1]


def draft(
    stream: str, kind: str, form: msgspec.Struct, who: Identity, approval_of: str | None = None
) -> Draft:
    """An entry of the desk about a person."""
    return Draft(
        stream=stream,
        episode=PERSON_EPISODE,
        kind=kind,
        schema_version=1,
        payload=msgspec.json.encode(form, order="sorted"),
        actor=who.actor,
        role=who.role,
        # One signature of one person under one thing: sent twice, it is recorded once.
        idem=f"{kind}:{approval_of}" if approval_of else os.urandom(16).hex(),
        approval_of=approval_of,
    )
