"""Who is meant by a pseudonym: the only place where a person's own identity and a stream meet.

A stream is a random pseudonym. An entry of kind ``PersonNamed`` seals the identity by which sources know
the person, with a salt of the person's own; whatever a header or the key store shows of the person
(idempotency keys, names of episodes) is made with that salt, so that once its key is destroyed nothing can be
linked again. That two streams are one person is an entry too, and so is taking that back.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from habeas.custody.events import Event
from habeas.desk.ledgers import MERGED, PERSON_NAMED, SPLIT, Identity
from habeas.kernel.instants import FOREVER, Instant, earliest_of
from habeas.ledger.entries import Draft, Entry
from habeas.ledger.errors import Expunged
from habeas.ledger.ledger import Ledger

PERSON_EPISODE: Final = "person"
"""The episode of what is said of a person and of no booking."""

_MARKS: Final = tuple(f'"kind":"{kind}"'.encode() for kind in (PERSON_NAMED, MERGED, SPLIT))


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of ``PersonNamed``."""

    person: str
    salt: str
    """64 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """One stream and whose it is."""

    stream: str
    person: str
    salt: bytes = field(repr=False)
    event_id: str | None = None
    """Of the entry that names the person; None while that is not recorded."""

    def key(self, what: str, of: str) -> str:
        """What may stand in a header for something of this person."""
        return hmac.digest(self.salt, f"{what}:{of}".encode(), "sha256").hex()

    def episode(self, booking: str | None) -> str:
        """The episode of a booking, by a name that says nothing."""
        return PERSON_EPISODE if booking is None else f"b-{self.key('episode', booking)[:24]}"

    def draft(self, who: Identity) -> Draft:
        """The entry that names the person."""
        payload = msgspec.json.encode(Named(self.person, self.salt.hex()), order="sorted")
        return Draft(
            stream=self.stream,
            episode=PERSON_EPISODE,
            kind=PERSON_NAMED,
            schema_version=1,
            payload=payload,
            actor=who.actor,
            role=who.role,
            idem=self.key("named", self.stream),
        )


def fresh(person: str) -> Pseudonym:
    """A new pseudonym of a person."""
    return Pseudonym(f"p-{os.urandom(8).hex()}", person, os.urandom(32))


class Merge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of ``PersonsMerged``: these streams are one person, whose record the first's is."""

    kept: str
    joined: list[str]
    because: str


class Split(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of ``PersonsSplit``: a merge is taken back."""

    merge: str
    """Event id of the merge."""
    because: str


@dataclass(frozen=True, slots=True)
class Join:
    """That streams are one person, from when until when that was recorded."""

    event_id: str
    kept: str
    joined: tuple[str, ...]
    recorded_at: Instant
    ended_at: Instant = FOREVER

    def held(self, at: Instant) -> bool:
        """Whether it stood in the ledger at an instant."""
        return self.recorded_at <= at < self.ended_at


class Names:
    """Every person whom a ledger names, read off its entries; kept in memory and nowhere else."""

    def __init__(self) -> None:
        self._by_person: dict[str, list[Pseudonym]] = {}
        self._by_stream: dict[str, Pseudonym] = {}
        self._joins: dict[str, Join] = {}

    def add(self, found: Pseudonym) -> None:
        """Take one more."""
        self._by_person.setdefault(found.person, []).append(found)
        self._by_stream[found.stream] = found

    def join(self, found: Join) -> None:
        """Take a merge."""
        self._joins[found.event_id] = found

    def part(self, merge: str, at: Instant) -> None:
        """Take back a merge."""
        if merge in self._joins:
            self._joins[merge] = replace(self._joins[merge], ended_at=at)

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone, in the order in which they were first named."""
        return tuple(self._by_person)

    @property
    def joins(self) -> tuple[Join, ...]:
        """Every merge there ever was."""
        return tuple(self._joins.values())

    def of(self, person: str) -> Sequence[Pseudonym]:
        """The pseudonyms of a person; more than one if two processes named them at the same moment."""
        return self._by_person.get(person, ())

    def person(self, stream: str) -> str | None:
        """Whose stream it is."""
        found = self._by_stream.get(stream)
        return None if found is None else found.person

    def ever(self, person: str) -> frozenset[str]:
        """The person's streams and whatever was one person with them at any time."""
        found = {each.stream for each in self.of(person)}
        grown = True
        while grown:
            before = len(found)
            for join in self._joins.values():
                both = {join.kept, *join.joined}
                found |= both if both & found else set()
            grown = len(found) > before
        return frozenset(found)

    def whole(self, person: str, at: Instant) -> tuple[str, tuple[str, ...]]:
        """Under whose name a person's record stood at an instant, and the streams it was made of."""
        held = [each for each in self._joins.values() if each.held(at)]
        streams = [each.stream for each in self.of(person)]
        kept = next((each.kept for each in held if set(streams) & set(each.joined)), None)
        while kept is not None and kept not in streams:
            streams = [each.stream for each in self.of(self.person(kept) or "")] or [kept]
            kept = next((each.kept for each in held if set(streams) & set(each.joined)), None)
        found = dict.fromkeys(streams)
        for stream in _reached(streams, held):
            found[stream] = None
        return self.person(streams[0]) or person, tuple(found)


def _reached(streams: Iterable[str], held: Sequence[Join]) -> Iterator[str]:
    """Whatever was joined to some streams, and to those."""
    left, seen = list(streams), set(streams)
    while left:
        stream = left.pop()
        for each in held:
            for joined in each.joined if each.kept == stream else ():
                if joined not in seen:
                    seen.add(joined)
                    left.append(joined)
                    yield joined


def names_of(ledger: Ledger, position: int | None = None) -> Names:
    """Everybody named in a ledger up to a position; who was expunged is not among them."""
    names = Names()
    for entry in ledger.entries(0, position):
        # Looking at the bytes first spares decoding a million headers for the few that name somebody.
        if entry.header is not None and any(mark in entry.header for mark in _MARKS):
            _take(names, ledger, entry)
    return names


def _take(names: Names, ledger: Ledger, entry: Entry) -> None:
    header = entry.read()
    try:
        payload = ledger.payload(entry)
    except Expunged:
        return
    if header.kind == PERSON_NAMED:
        named = msgspec.json.decode(payload, type=Named)
        names.add(Pseudonym(header.stream, named.person, bytes.fromhex(named.salt), header.event_id))
    elif header.kind == MERGED:
        merge = msgspec.json.decode(payload, type=Merge)
        names.join(Join(header.event_id, merge.kept, tuple(merge.joined), entry.recorded_at))
    elif header.kind == SPLIT:
        names.part(msgspec.json.decode(payload, type=Split).merge, entry.recorded_at)


def bookings_of(events: Iterable[Event]) -> Mapping[str, str | None]:
    """Event id -> the booking it belongs to; None where no booking is told of.

    What names no booking, by itself or through its charge or instrument, belongs to the booking begun last
    before it.
    """
    told = sorted(events, key=lambda event: event.order)
    linked: dict[tuple[str, str], str] = {}
    begun: list[tuple[Instant, str]] = []
    for event in told:
        booking = _stated(event)
        if booking is None:
            continue
        if booking not in {name for _, name in begun}:
            begun.append((earliest_of(event.at), booking))
        for ref in (event.subject, *event.linked):
            linked.setdefault((ref.collection, ref.id), booking)
        for collection in ("charge", "instrument"):
            row = event.terms.get(collection)
            if isinstance(row, str):
                linked.setdefault((collection, row), booking)
    return {event.id: _stated(event) or _linked(event, linked) or _begun(event, begun) for event in told}


def _stated(event: Event) -> str | None:
    if event.subject.collection == "booking":
        return event.subject.id
    booking = event.terms.get("booking")
    return booking if isinstance(booking, str) else None


def _linked(event: Event, linked: Mapping[tuple[str, str], str]) -> str | None:
    refs = (event.subject, *event.linked)
    return next((linked[ref.collection, ref.id] for ref in refs if (ref.collection, ref.id) in linked), None)


def _begun(event: Event, begun: Sequence[tuple[Instant, str]]) -> str | None:
    if event.subject.collection == "person" or not begun:
        return None
    before = [name for start, name in begun if start <= earliest_of(event.at)]
    return before[-1] if before else begun[0][1]
