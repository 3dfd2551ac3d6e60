"""Events put into a ledger: all of a source or none of it, and the same events never twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

import msgspec

from habeas.custody.coverage import Coverage
from habeas.custody.events import Event
from habeas.custody.facts import FactKind
from habeas.custody.setting import SettingFact
from habeas.desk.kept import Kept, KeptEvent, Unread, kept_of
from habeas.desk.ledgers import COVERAGE, QUARANTINED, SETTING, Identity
from habeas.desk.naming import PERSON_EPISODE, Names, Pseudonym, bookings_of, fresh, names_of
from habeas.kernel.evidence import SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import Instant, UncertainInstant, earliest_of, zone
from habeas.ledger.entries import LARGEST, Draft
from habeas.ledger.ledger import Ledger
from habeas.wire.canonical import encoded
from habeas.wire.record_forms import RecordHead
from habeas.wire.records import Record, event_form, record_document

_UTC = "UTC"


class EventConflicts(ValueError):
    """Events whose identity stands in the ledger already and says something else; nothing was recorded."""

    def __init__(self, events: Sequence[str]) -> None:
        self.events = tuple(events)
        more = f" and {len(events) - 5} more" if len(events) > 5 else ""
        super().__init__(
            f"{', '.join(events[:5])}{more}: recorded before with other content; nothing was recorded."
            " Nothing is edited: state a new event that supersedes the old one"
        )


class Outcome(StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    ALREADY = "already"
    """It was there, word for word."""
    CORRECTED = "corrected"
    """It supersedes another: the source says something else now. What it said before stays."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a source tells of one person."""

    person: PersonId
    events: tuple[Event, ...]
    coverage: tuple[Coverage, ...] = ()
    setting: tuple[SettingFact, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class EventReceipt:
    """What became of one event, and where it stands."""

    event: str
    outcome: Outcome
    seq: int
    entry: str
    recorded_at: Instant


@dataclass(slots=True)
class Recorded:
    """What became of a source."""

    receipts: list[EventReceipt] = field(default_factory=list[EventReceipt])
    entries: int = 0
    """How many entries were added, namings and declarations among them."""
    new_people: int = 0

    def count(self, outcome: Outcome) -> int:
        """How many events ended so."""
        return sum(1 for each in self.receipts if each.outcome is outcome)


@dataclass(frozen=True, slots=True)
class _Planned:
    """An entry to be made, and the event it is of, if it is of one."""

    draft: Draft
    event: str = ""
    outcome: Outcome = Outcome.ACCEPTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """Who records a source, and how."""

    who: Identity
    kinds: Mapping[str, FactKind] = field(repr=False)
    """The kind of each fact, so that an instant is written as one."""
    source: SourceRef | None = None
    """The file in which it was read, with its digest."""


def record(
    ledger: Ledger, told: Iterable[Told], receiving: Receiving, more: Sequence[Draft] = ()
) -> Recorded:
    """Record what a source tells, all of it or none.

    Args:
        ledger: Where.
        told: Person by person.
        receiving: Who records it, and how.
        more: Further entries that belong to it.

    Raises:
        EventConflicts: events stand there already and say something else.
        LedgerError: it was not recorded.
    """
    names = names_of(ledger)
    plan = _Plan(ledger, names, receiving)
    for each in told:
        plan.add(each)
    if plan.conflicts:
        raise EventConflicts(plan.conflicts)
    drafts = [each.draft for each in plan.planned] + list(more)
    receipts = ledger.append_all(drafts)
    done = Recorded(plan.receipts, len(receipts), plan.new_people)
    for planned, receipt in zip(plan.planned, receipts, strict=False):
        if planned.event:
            done.receipts.append(
                EventReceipt(
                    planned.event, planned.outcome, receipt.seq, receipt.event_id, receipt.recorded_at
                )
            )
    return done


class _Plan:
    """The entries that a source comes to."""

    def __init__(self, ledger: Ledger, names: Names, receiving: Receiving) -> None:
        self._ledger, self._names = ledger, names
        self._who, self._kinds, self._source = receiving.who, receiving.kinds, receiving.source
        self.planned: list[_Planned] = []
        self.receipts: list[EventReceipt] = []
        self.conflicts: list[str] = []
        self.new_people = 0

    def add(self, told: Told) -> None:
        """Plan the entries of one person."""
        pseudonym, kept = self._pseudonym(told.person)
        there = {each.event.id: each for one in kept for each in one.events}
        fresh_ones = list(self._fresh(told.events, there))
        everything = [each.event for each in there.values()] + [each for each, _ in fresh_ones]
        bookings = bookings_of(everything)
        entry_of = {each.event.id: each.entry for each in there.values() if each in kept[0].events}
        for event, outcome in fresh_ones:
            draft = self._event(pseudonym, event, bookings.get(event.id), entry_of)
            self.planned.append(_Planned(draft, event.id, outcome))
        self._declared(pseudonym, told, kept)

    def _pseudonym(self, person: PersonId) -> tuple[Pseudonym, list[Kept]]:
        known = self._names.of(person)
        if known:
            return known[0], [kept_of(self._ledger, each.stream) for each in known]
        made = fresh(person)
        self._names.add(made)
        self.new_people += 1
        self.planned.append(_Planned(made.draft(self._who)))
        return made, [Kept(made.stream)]

    def _fresh(
        self, events: Sequence[Event], there: Mapping[EventId, KeptEvent]
    ) -> Iterator[tuple[Event, Outcome]]:
        """The events that are not there yet."""
        told: dict[EventId, Event] = {}
        for event in events:
            first = told.setdefault(event.id, event)
            if first is not event and not same_told(first, event):
                self.conflicts.append(event.id)
        for event in told.values():
            found = there.get(event.id)
            if found is None:
                yield event, Outcome.CORRECTED if event.supersedes else Outcome.ACCEPTED
            elif same_told(found.event, event):
                self.receipts.append(
                    EventReceipt(event.id, Outcome.ALREADY, found.seq, found.entry, found.recorded_at)
                )
            else:
                self.conflicts.append(event.id)

    def _event(
        self, pseudonym: Pseudonym, event: Event, booking: str | None, entry_of: Mapping[EventId, str]
    ) -> Draft:
        uncertain = isinstance(event.at, UncertainInstant)
        at = earliest_of(event.at)
        return self._draft(
            pseudonym,
            event.kind,
            encoded(event_form(event, zone(_UTC), self._kinds)).rstrip(b"\n"),
            idem=pseudonym.key("event", event.id),
            source=None if self._source else event.source,
            episode=pseudonym.episode(booking),
            valid_from=at if -LARGEST <= at <= LARGEST else None,
            precision=event.at.precision if uncertain and isinstance(event.at, UncertainInstant) else None,
            supersedes=entry_of.get(event.supersedes) if event.supersedes else None,
        )

    def _declared(self, pseudonym: Pseudonym, told: Told, kept: Sequence[Kept]) -> None:
        """What the source declares complete and says of places, and the rows it could not read."""
        document = record_document(Record(events=(), coverage=told.coverage, setting=told.setting))
        heads = (
            (COVERAGE, RecordHead(coverage=document.coverage), told.coverage),
            (SETTING, RecordHead(setting=document.setting), told.setting),
        )
        there = {payload for one in kept for _, payload, _ in (*one.coverage, *one.setting)}
        for kind, head, said in heads:
            payload = encoded(head).rstrip(b"\n")
            if said and payload not in there:
                self._beside(pseudonym, kind, payload)
        unread = {each for one in kept for _, each in one.unread}
        for row in told.unread:
            if row not in unread:
                self._beside(pseudonym, QUARANTINED, msgspec.json.encode(row, order="sorted"))

    def _beside(self, pseudonym: Pseudonym, kind: str, payload: bytes) -> None:
        idem = pseudonym.key(kind, sha256(payload).hexdigest())
        self.planned.append(_Planned(self._draft(pseudonym, kind, payload, idem=idem)))

    def _draft(
        self,
        pseudonym: Pseudonym,
        kind: str,
        payload: bytes,
        *,
        episode: str = PERSON_EPISODE,
        source: SourceRef | None = None,
        **rest: object,
    ) -> Draft:
        draft = Draft(
            stream=pseudonym.stream,
            episode=episode,
            kind=kind,
            schema_version=1,
            payload=payload,
            actor=self._who.actor,
            role=self._who.role,
            idem="-",
            source=source or self._source,
        )
        return msgspec.structs.replace(draft, **rest)


def same_told(one: Event, other: Event) -> bool:
    """Whether two events say the same; where and when they were read may differ."""
    return replace(one, source=None, known_at=other.known_at) == replace(other, source=None)
