"""Papers that come to the desk: stamped, digested, and where nobody can read one, asked about by a clock.

What could not be read ends nothing and supports nothing: it leaves the fact it may be about *unknown*, so
the answer becomes UNDETERMINED and names it. When the court has said what the paper means, that is stated in
its place.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from habeas.custody.events import Ref, ReleaseOrdered, Retracted, Stated
from habeas.custody.events.event import Event
from habeas.custody.facts import COLLECTIONS
from habeas.desk.doings import Doing, draft
from habeas.desk.ledgers import CHALLENGE_SETTLED, CHALLENGED, PAPER_CLEARED, PAPER_RECEIVED, Identity
from habeas.desk.withheld import Withheld
from habeas.kernel.evidence import NotKnown, SourceRef
from habeas.kernel.identifiers import EventId, PersonId
from habeas.kernel.instants import DAY, HOUR, Instant
from habeas.ledger.entries import Draft

CLARIFY_WITHIN: Final = HOUR
"""Microseconds after receipt by which the court should have been reached about a paper nobody can read."""
SETTLE_WITHIN: Final = DAY
"""Microseconds by which somebody should have answered what was said to be wrong."""


class Received(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``PaperReceived``."""

    kind: str
    about: tuple[str, str]
    """Collection and id of what the paper seems to be about."""
    at: int
    """When it came in, UTC microseconds."""
    readable: bool
    event: str
    """Identity of the event that was recorded of it."""
    digest: str = ""
    """Of the paper's file, ``sha256:...``; empty where it came on paper alone."""
    name: str = ""
    note: str = ""


class Cleared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``PaperCleared``."""

    orders_release: bool
    by_whom: str
    """Who said what the paper means: a clerk, a judge."""
    event: str


class Challenge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of ``RecordChallenged``."""

    says: str
    from_whom: str


class Settled(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of ``ChallengeSettled``."""

    outcome: str
    because: str


class Sort(StrEnum):
    """What a ticket waits for."""

    CLARIFY = "paper nobody could read"
    CHALLENGE = "record said to be wrong"


@dataclass(slots=True, kw_only=True)
class Ticket:
    """Something that waits for an answer, with its clock."""

    id: str
    number: int
    """Its position in the ledger: what is printed on a slip."""
    sort: Sort
    says: str
    by: str
    opened_at: Instant
    due_at: Instant
    about: tuple[str, str] = ("", "")
    event: str = ""
    closed_at: Instant | None = None
    closed_by: str = ""
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered yet."""
        return self.closed_at is None


def tickets_of(doings: Sequence[Doing]) -> tuple[Ticket, ...]:
    """The tickets of one person, in the order in which they were opened."""
    found: dict[str, Ticket] = {}
    for each in doings:
        if each.kind == PAPER_RECEIVED:
            paper: Received = each.as_a(Received)
            if not paper.readable:
                found[each.event_id] = _of_paper(each, paper)
        elif each.kind == CHALLENGED:
            found[each.event_id] = _of_challenge(each, each.as_a(Challenge))
        elif each.kind in {PAPER_CLEARED, CHALLENGE_SETTLED} and each.approval_of in found:
            _close(found[each.approval_of], each)
    return tuple(found.values())


def _of_paper(doing: Doing, paper: Received) -> Ticket:
    return Ticket(
        id=doing.event_id,
        number=doing.seq,
        sort=Sort.CLARIFY,
        says=f"{paper.kind} about {' '.join(paper.about)}" + (f": {paper.note}" if paper.note else ""),
        by=doing.actor,
        opened_at=doing.recorded_at,
        due_at=Instant(doing.recorded_at + CLARIFY_WITHIN),
        about=paper.about,
        event=paper.event,
    )


def _of_challenge(doing: Doing, challenge: Challenge) -> Ticket:
    return Ticket(
        id=doing.event_id,
        number=doing.seq,
        sort=Sort.CHALLENGE,
        says=f"{challenge.says} (said by {challenge.from_whom})",
        by=doing.actor,
        opened_at=doing.recorded_at,
        due_at=Instant(doing.recorded_at + SETTLE_WITHIN),
    )


def _close(ticket: Ticket, doing: Doing) -> None:
    if not ticket.is_open:
        return
    ticket.closed_at, ticket.closed_by = doing.recorded_at, doing.actor
    if doing.kind == PAPER_CLEARED:
        cleared: Cleared = doing.as_a(Cleared)
        meant = "it orders release" if cleared.orders_release else "it orders no release"
        ticket.outcome = f"{meant}, says {cleared.by_whom}"
    else:
        settled: Settled = doing.as_a(Settled)
        ticket.outcome = f"{settled.outcome}: {settled.because}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper as it came in."""

    kind: str
    about: Ref
    at: Instant
    readable: bool
    source: SourceRef | None
    note: str


def received(
    paper: Paper, person: PersonId, stream: str, who: Identity, known_at: Instant
) -> tuple[Event, Draft]:
    """The event that a paper comes to, and the entry that it came in.

    A readable order ends what it names from when it came in; one that nobody can read leaves it unknown.
    """
    name = EventId(f"desk-{os.urandom(8).hex()}")
    if paper.readable:
        event: Event = ReleaseOrdered(
            id=name, person=person, at=paper.at, known_at=known_at, about=paper.about, source=paper.source
        )
    else:
        event = Stated(
            id=name,
            person=person,
            at=paper.at,
            known_at=known_at,
            about=paper.about,
            terms={"release_ordered_at": NotKnown.UNMAPPED},
            source=paper.source,
        )
    form = Received(
        kind=paper.kind,
        about=(paper.about.collection, paper.about.id),
        at=paper.at,
        readable=paper.readable,
        event=name,
        digest=paper.source.file_digest if paper.source is not None else "",
        name=paper.source.name if paper.source is not None else "",
        note=paper.note,
    )
    return event, draft(stream, PAPER_RECEIVED, form, who)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearing:
    """What the court said that a paper means."""

    orders_release: bool
    at: Instant
    """When release was ordered, where it was."""
    by_whom: str


def cleared(
    ticket: Ticket, clearing: Clearing, person: PersonId, streams: tuple[str, Identity], known_at: Instant
) -> tuple[Event, Draft]:
    """The event that takes the place of what could not be read, and the entry that closes the ticket.

    Raises:
        Withheld: the ticket is closed or of another sort, or nobody is named.
    """
    if ticket.sort is not Sort.CLARIFY or not ticket.is_open:
        raise Withheld("this ticket is closed, or is not about a paper")
    if len(clearing.by_whom.strip()) < 3:
        raise Withheld("say who told you what the paper means")
    stream, who = streams
    name = EventId(f"desk-{os.urandom(8).hex()}")
    about = next(Ref(each, ticket.about[1]) for each in COLLECTIONS if each == ticket.about[0])
    kind = ReleaseOrdered if clearing.orders_release else Retracted
    event = kind(
        id=name,
        person=person,
        at=clearing.at,
        known_at=known_at,
        about=about,
        raw_text={"clarified_by": clearing.by_whom.strip()},
        supersedes=EventId(ticket.event),
    )
    form = Cleared(orders_release=clearing.orders_release, by_whom=clearing.by_whom.strip(), event=name)
    return event, draft(stream, PAPER_CLEARED, form, who, ticket.id)


def challenge(says: str, from_whom: str, stream: str, who: Identity) -> Draft:
    """The entry that somebody says a record is wrong.

    Raises:
        Withheld: it does not say what, or who says so.
    """
    if len(says.strip()) < 10 or len(from_whom.strip()) < 2:
        raise Withheld("say in a sentence what is wrong, and who says so")
    return draft(stream, CHALLENGED, Challenge(says.strip(), from_whom.strip()), who)


def settle(ticket: Ticket, outcome: str, because: str, stream: str, who: Identity) -> Draft:
    """The entry that answers a challenge.

    Raises:
        Withheld: the ticket is closed or of another sort, or no reason is given.
    """
    if ticket.sort is not Sort.CHALLENGE or not ticket.is_open:
        raise Withheld("this ticket is closed, or is not a challenge")
    if outcome not in {"record corrected", "record stands"} or len(because.strip()) < 10:
        raise Withheld("say whether the record was corrected or stands, and why in a sentence")
    return draft(stream, CHALLENGE_SETTLED, Settled(outcome, because.strip()), who, ticket.id)
