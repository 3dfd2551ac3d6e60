"""What a ledger keeps of one person, and the people of a ledger, ready to be asked about.

What was *known* at an instant is what this ledger had recorded by then: an event is known from the recorded
time of its entry. The times at which sources themselves say they learned of it stay in the payload, and
count only where history that was imported later is asked for by them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec

from habeas.authority.inquiry import Inquiry, Regimen
from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.custody.record import fold
from habeas.custody.setting import SettingFact
from habeas.desk.clock import now
from habeas.desk.ledgers import (
    COVERAGE,
    OWN_KINDS,
    QUARANTINED,
    SETTING,
    LedgerFolder,
    opened,
)
from habeas.desk.naming import Names, names_of
from habeas.desk.orders import Action, standing_orders
from habeas.desk.people import PersonFile, UnknownPerson
from habeas.desk.withheld import ExpungedPerson, SealedPerson
from habeas.kernel.identifiers import PersonId
from habeas.kernel.instants import FOREVER, Instant, rfc3339, zone
from habeas.kernel.intervals import Interval
from habeas.law.questions import Reading
from habeas.ledger.entries import Entry, Header
from habeas.ledger.errors import Expunged, FutureKnownTime
from habeas.ledger.ledger import Ledger
from habeas.wire.records import read_event_line, read_head_line

_ENDS: Final = frozenset({"Released", "TurnedOver", "Escaped", "Died"})


class Unread(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of ``RowQuarantined``: a row of a source that could not be read."""

    file: str
    row: int
    field: str
    expected: str
    found: str
    reason: str

    def __str__(self) -> str:
        where = f"{self.file}, row {self.row}" + (f", {self.field}" if self.field else "")
        return f"{where}: expected {self.expected}, found [{self.found}]"


@dataclass(frozen=True, slots=True)
class KeptEvent:
    """One event as the ledger has it."""

    entry: str
    """Event id of its entry."""
    seq: int
    recorded_at: Instant
    event: Event
    payload: bytes


@dataclass(frozen=True, slots=True)
class Gone:
    """An entry whose payload an order destroyed; of it only the header is left."""

    order: str
    kind: str
    key_id: str
    at: Instant | None


@dataclass(slots=True)
class Kept:
    """Everything in one stream."""

    stream: str
    events: list[KeptEvent] = field(default_factory=list[KeptEvent])
    coverage: list[tuple[Instant, bytes, Coverage]] = field(
        default_factory=list[tuple[Instant, bytes, Coverage]]
    )
    setting: list[tuple[Instant, bytes, SettingFact]] = field(
        default_factory=list[tuple[Instant, bytes, SettingFact]]
    )
    unread: list[tuple[Instant, Unread]] = field(default_factory=list[tuple[Instant, Unread]])
    gone: list[Gone] = field(default_factory=list[Gone])


def kept_of(ledger: Ledger, stream: str, position: int | None = None) -> Kept:
    """Everything a ledger keeps in a stream, up to a position."""
    kept = Kept(stream)
    for entry in ledger.stream(stream, position):
        if entry.header is None:
            continue
        header = entry.read()
        try:
            payload = ledger.payload(entry)
        except Expunged as error:
            at = None if header.valid_from is None else Instant(header.valid_from)
            order = _order(ledger, header.key_id) or error.order
            kept.gone.append(Gone(order, header.kind, header.key_id, at))
        else:
            _take(kept, entry, header, payload)
    return kept


def _order(ledger: Ledger, key_id: str) -> str | None:
    """The order by which a key was destroyed: a hole names only the entry of the order."""
    try:
        ledger.keys.sealer(key_id)
    except Expunged as error:
        return error.order
    return None


def _take(kept: Kept, entry: Entry, header: Header, payload: bytes) -> None:
    where = f"entry {entry.seq}"
    if header.kind not in OWN_KINDS:
        event = read_event_line(payload.decode(), where)
        kept.events.append(KeptEvent(header.event_id, entry.seq, entry.recorded_at, event, payload))
    elif header.kind == COVERAGE:
        head = read_head_line(payload.decode(), where)
        kept.coverage += [(entry.recorded_at, payload, each) for each in head.coverage]
    elif header.kind == SETTING:
        head = read_head_line(payload.decode(), where)
        kept.setting += [(entry.recorded_at, payload, each) for each in head.setting]
    elif header.kind == QUARANTINED:
        kept.unread.append((entry.recorded_at, msgspec.json.decode(payload, type=Unread)))


@dataclass(frozen=True, kw_only=True)
class KeptPerson(PersonFile):
    """What a ledger says of one person."""

    folder: LedgerFolder = field(repr=False)
    names: Names = field(repr=False)
    kept: Mapping[str, Kept] = field(repr=False)
    moment: Instant
    """When it was read."""
    source_times: bool = False

    def known_by_default(self, instant: Instant) -> Instant:
        """Nobody knows yet what the ledger will have recorded at an instant to come."""
        return min(instant, now())

    def inquiry(
        self, *, facts_known_at: Instant, law_known_at: Instant, reading: Reading | None = None
    ) -> Inquiry:
        """All that is asked but the instant, of what the ledger had recorded by then.

        Raises:
            UnknownReading: the reading names a question or alternative the rulebook lacks.
            FutureKnownTime: what will be known at an instant that has not come.
            UnknownPerson: the ledger had recorded nothing of the person by then.
        """
        person, streams = self._standing(facts_known_at)
        events = tuple(self._events(streams, person, facts_known_at))
        if not events:
            raise _NotYet(self.person, facts_known_at, self.beside)
        found = PersonFile(
            person=PersonId(person),
            zone=self.zone,
            events=events,
            coverage=tuple(self._coverage(streams, facts_known_at)),
            setting=self.regimen.setting().and_(self._setting(streams)),
            regimen=self.regimen,
        )
        return found.inquiry(facts_known_at=facts_known_at, law_known_at=law_known_at, reading=reading)

    def _standing(self, known_at: Instant) -> tuple[str, tuple[str, ...]]:
        if self.source_times:
            return self.names.whole(self.person, self.moment)
        if known_at < self.moment:
            # Settled for good, so that the same question has the same answer for ever.
            with opened(self.folder) as ledger:
                settled = ledger.store.head().settled
            if settled is None or known_at > settled:
                with opened(self.folder, writable=True) as ledger:
                    ledger.position_at(known_at)
        elif known_at > (present := now()):
            raise FutureKnownTime(known_at, present)
        return self.names.whole(self.person, min(known_at, self.moment))

    def _events(self, streams: Sequence[str], person: str, known_at: Instant) -> Iterator[Event]:
        for stream in streams:
            for each in self.kept[stream].events:
                known = each.event.known_at if self.source_times else each.recorded_at
                if known <= known_at:
                    yield replace(each.event, person=PersonId(person), known_at=known)

    def _coverage(self, streams: Sequence[str], known_at: Instant) -> Iterator[Coverage]:
        """What sources declared complete, where no row of theirs about the person was left unread."""
        if any(at <= known_at for stream in streams for at, _ in self.kept[stream].unread):
            return
        for stream in streams:
            for recorded_at, _, each in self.kept[stream].coverage:
                yield each if self.source_times else replace(each, known_at=recorded_at)

    def _setting(self, streams: Sequence[str]) -> Iterator[SettingFact]:
        for stream in streams:
            for recorded_at, _, each in self.kept[stream].setting:
                yield each if self.source_times else replace(each, known_at=recorded_at)

    @property
    def beside(self) -> tuple[str, ...]:
        """Rows about the person that could not be read: a release order could be among them."""
        _, streams = self.names.whole(self.person, self.moment)
        return tuple(str(each) for stream in streams for _, each in self.kept[stream].unread)

    def expunged(self, at: Instant | None = None) -> str | None:
        """The order by which what was recorded of an instant was expunged; of any, where none is given."""
        _, streams = self.names.whole(self.person, self.moment)
        gone = [each for stream in streams for each in self.kept[stream].gone]
        by_key: dict[str, list[Gone]] = {}
        for each in gone:
            by_key.setdefault(each.key_id, []).append(each)
        for same in by_key.values():
            if at is None or any(interval.start <= at < interval.end for interval in _reach(same)):
                return same[0].order
        return None


def _reach(gone: Sequence[Gone]) -> Iterator[Interval]:
    """The interval of which an expunged booking told, by its headers; open where none of them ends it."""
    instants = [each.at for each in gone if each.at is not None]
    if instants:
        ended = any(each.kind in _ENDS for each in gone)
        yield Interval(min(instants), Instant(max(instants) + 1) if ended else FOREVER)


class _NotYet(UnknownPerson):
    def __init__(self, person: str, at: Instant, beside: Sequence[str]) -> None:
        rows = "".join(f"; unresolved document: {each}" for each in beside)
        LookupError.__init__(
            self,
            f"this ledger had recorded nothing of [{person}] by {rfc3339(at)}; give a later --known-at, or"
            f" --source-times to go by when the sources say they learned of it{rows}",
        )


class LedgerPeople(Mapping[str, PersonFile]):
    """Everyone of a ledger; each is read when asked for, and nothing stays open."""

    def __init__(self, folder: LedgerFolder, regimen: Regimen, *, source_times: bool = False) -> None:
        self.folder, self.regimen, self.source_times = folder, regimen, source_times
        with opened(folder) as ledger:
            self.moment = now()
            self.position = ledger.position()
            self.names = names_of(ledger, self.position)
            self.standing = standing_orders(ledger)

    def __len__(self) -> int:
        """How many people are named."""
        return len(self.names.people)

    def __iter__(self) -> Iterator[str]:
        """Everyone, in the order in which they were first named."""
        return iter(self.names.people)

    def __contains__(self, person: object) -> bool:
        """Whether the ledger names the person, or had the pseudonym that was expunged."""
        return isinstance(person, str) and (bool(self.names.of(person)) or self._expunged(person) is not None)

    def __getitem__(self, person: str) -> KeptPerson:
        """What the ledger keeps of one of them.

        Raises:
            KeyError: it names nobody so.
            ExpungedPerson: it is the pseudonym of somebody who was expunged.
            SealedPerson: it is sealed.
        """
        if (citation := self._expunged(person)) is not None:
            raise ExpungedPerson(person, citation)
        if not self.names.of(person):
            raise KeyError(person)
        every = self.names.ever(person)
        for order in self.standing:
            if order.action is Action.SEAL and order.streams & set(self.names.whole(person, self.moment)[1]):
                raise SealedPerson(person, order.citation)
        with opened(self.folder) as ledger:
            kept = {stream: kept_of(ledger, stream, self.position) for stream in sorted(every)}
        return self._person(person, kept)

    def _expunged(self, stream: str) -> str | None:
        for each in self.standing:
            if each.action is Action.EXPUNGE and each.whole and stream in each.streams:
                return each.citation
        return None

    def _person(self, person: str, kept: Mapping[str, Kept]) -> KeptPerson:
        name, streams = self.names.whole(person, self.moment)
        told = [replace(each.event, person=PersonId(name)) for one in streams for each in kept[one].events]
        record = fold(told, person=PersonId(name))
        where = next((span.place for span in record.spans if span.place is not None), None)
        return KeptPerson(
            person=PersonId(person),
            zone=zone("UTC") if where is None else self.regimen.rulebook.places.zone_of(where),
            events=tuple(told),
            coverage=(),
            setting=self.regimen.setting(),
            regimen=self.regimen,
            folder=self.folder,
            names=self.names,
            kept=kept,
            moment=self.moment,
            source_times=self.source_times,
        )
