"""Letting somebody go: blockers first, a checklist from that person's own papers, two people, then the door.

A release is begun by one identity and approved by another. Both signatures are entries, and whether they
count is read off the ledger in its order, so it is decided at commit. They are bound to the facts, the
rulebook, the verdict and the set of bases that the first person saw: if one of them changes, they lapse.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final

import msgspec

from habeas.authority.answer import Answer
from habeas.authority.findings import Basis, Strength, Verdict
from habeas.desk.doings import Doing, draft, facts_position
from habeas.desk.ledgers import (
    CUSTODY_CONTINUED,
    RELEASE_APPROVED,
    RELEASE_BEGUN,
    RELEASE_ENDED,
    Identity,
)
from habeas.desk.roles import Role
from habeas.desk.withheld import Withheld
from habeas.kernel.instants import HOUR, MINUTE, Instant
from habeas.law.enactments import Stratum
from habeas.ledger.entries import Draft

ESCALATES: Final = 30 * MINUTE
"""Microseconds after which a release that waits for its second signature is shown to supervisors."""
RENEWED: Final = HOUR
"""Microseconds for which a supervisor's reason for going on with custody stands."""


class Bound(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a signature is bound to."""

    facts: int
    """Entries of the person's record."""
    law: str
    """Digest of the rulebook."""
    verdict: str
    bases: list[str]
    """``enactment#clause of collection/id``, in order."""


class Tick(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the checklist, done."""

    item: str
    says: str
    evidence: str


class Begun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``ReleaseBegun``."""

    bound: Bound
    ground: str
    emergency: bool = False
    """Life or health at once: shown to supervisors from the first minute; it still takes two people."""
    ticks: list[Tick] = []
    blockers_seen: list[str] = []


class Approved(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``ReleaseApproved``."""

    bound: Bound
    digest: str
    """SHA-256 of what was begun."""


class End(StrEnum):
    """How a release ended."""

    DOOR = "door"
    """The person went out."""
    SENT_BACK = "sent back"


class Ended(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``ReleaseEnded``."""

    how: End
    because: str
    """At the door: by what it was known that this is the person."""


class Continued(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``CustodyContinued``: why somebody is still held with nothing that supports it."""

    because: str
    since: int
    """The last lawful instant, UTC microseconds."""


class Stage(StrEnum):
    """Where a release stands."""

    WAITING = "waits for a second person"
    APPROVED = "approved: to the door"
    LAPSED = "lapsed"
    SENT_BACK = "sent back"
    DONE = "out of the door"


@dataclass(slots=True, kw_only=True)
class Release:
    """One release and what became of it."""

    id: str
    begun: Begun
    digest: str
    began_by: str
    began_at: Instant
    approved_by: str = ""
    approved_at: Instant | None = None
    ended: Ended | None = None
    ended_by: str = ""
    ended_at: Instant | None = None
    lapsed: str = ""
    """What changed, so that the signatures no longer count."""
    added: int = 0
    """Entries added to the record while it was under way, that of the release itself among them."""

    @property
    def irregular(self) -> str:
        """What was wrong when the person went out, for those who look at it afterwards."""
        done = self.stage is Stage.DONE
        return "the record had changed after the second signature" if done and self.added > 1 else ""

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.ended is not None:
            return Stage.DONE if self.ended.how is End.DOOR else Stage.SENT_BACK
        if self.lapsed:
            return Stage.LAPSED
        return Stage.APPROVED if self.approved_by else Stage.WAITING

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be done about it."""
        return self.stage in {Stage.WAITING, Stage.APPROVED}

    def escalated(self, at: Instant) -> bool:
        """Whether supervisors have to look at it."""
        return self.is_open and (self.begun.emergency or at >= self.began_at + ESCALATES)


@dataclass(frozen=True, slots=True)
class Blocker:
    """A basis that prevents release now, with what would end it."""

    basis: Basis
    ends: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be checked before this person goes, and where it comes from."""

    id: str
    says: str
    because: str


@dataclass(slots=True)
class Signed:
    """What was signed about one person."""

    releases: list[Release] = field(default_factory=list[Release])
    reasons: list[tuple[Doing, Continued]] = field(default_factory=list[tuple[Doing, Continued]])

    @property
    def open(self) -> Release | None:
        """The release under way, if there is one."""
        return next((each for each in reversed(self.releases) if each.is_open), None)

    def reason(self, at: Instant) -> tuple[Doing, Continued] | None:
        """The supervisor's reason that stands at an instant."""
        standing = [each for each in self.reasons if at < each[0].recorded_at + RENEWED]
        return standing[-1] if standing else None


def bound_to(said: Answer, doings: Sequence[Doing]) -> Bound:
    """What a signature given now would be bound to."""
    return Bound(
        facts=facts_position(doings),
        law=said.law,
        verdict=said.verdict.value,
        bases=sorted(f"{each.provision} of {'/'.join(each.subject)}" for each in said.bases),
    )


def changed(before: Bound, after: Bound) -> str:
    """What differs between two bounds, in words; empty where nothing does."""
    if before.verdict != after.verdict:
        return f"the answer was {before.verdict} and is {after.verdict}"
    if before.bases != after.bases:
        return "custody rests on other bases"
    if before.law != after.law:
        return "the rulebook is another"
    if before.facts != after.facts:
        return f"{after.facts - before.facts} entries were added to the record"
    return ""


def signed(doings: Sequence[Doing], now: Bound) -> Signed:
    """What was signed about a person.

    Args:
        doings: Everything in the person's streams, in the order of the ledger.
        now: What a signature would be bound to at this moment.
    """
    found = Signed()
    facts = 0
    by_id: dict[str, Release] = {}
    for each in doings:
        if each.is_fact:
            facts += 1
            for release in by_id.values():
                if release.ended is None:
                    release.added += 1
                    release.lapsed = release.lapsed or "an entry was added to the record"
        elif each.kind == RELEASE_BEGUN:
            made = _begun(each, facts)
            by_id[each.event_id] = made
            found.releases.append(made)
        elif each.kind in {RELEASE_APPROVED, RELEASE_ENDED} and each.approval_of in by_id:
            _next(by_id[each.approval_of], each)
        elif each.kind == CUSTODY_CONTINUED:
            found.reasons.append((each, each.as_a(Continued)))
    for release in found.releases:
        if release.is_open:
            release.lapsed = changed(release.begun.bound, now)
    return found


def _begun(doing: Doing, facts: int) -> Release:
    begun: Begun = doing.as_a(Begun)
    return Release(
        id=doing.event_id,
        begun=begun,
        digest=_digest(doing.payload),
        began_by=doing.actor,
        began_at=doing.recorded_at,
        lapsed="" if begun.bound.facts == facts else "the record had more entries than were seen",
    )


def _next(release: Release, doing: Doing) -> None:
    """Count a signature, if it is one: another person's, of these bytes, before anything changed."""
    if not release.is_open and doing.kind == RELEASE_APPROVED:
        return
    if doing.kind == RELEASE_APPROVED:
        approved: Approved = doing.as_a(Approved)
        same = approved.digest == release.digest and not changed(release.begun.bound, approved.bound)
        if same and doing.actor != release.began_by and not release.approved_by:
            release.approved_by, release.approved_at = doing.actor, doing.recorded_at
        return
    ended: Ended = doing.as_a(Ended)
    if ended.how is End.DOOR and not release.approved_by:
        return
    if release.ended is None and (release.is_open or ended.how is End.DOOR):
        release.ended, release.ended_by, release.ended_at = ended, doing.actor, doing.recorded_at


def blockers(said: Answer) -> tuple[Blocker, ...]:
    """The bases that prevent release now: every one but a bare permission to hold."""
    return tuple(
        Blocker(basis, _what_ends(basis))
        for basis in said.bases
        if basis.strength is Strength.MUST_HOLD or basis.stratum is not Stratum.HOLD
    )


def _what_ends(basis: Basis) -> str:
    kind = basis.subject[0]
    if kind == "charge":
        return "an order of release, a bond posted, or the end of the charge"
    if kind == "booking":
        return "a judge's order, or the end of the time that the arrest allows"
    return "its end, an order about it, or its withdrawal"


def begin(begun: Begun, stream: str, who: Identity, standing: Signed, said: Answer) -> Draft:
    """The entry that begins a release.

    Raises:
        Withheld: something prevents it; says what.
    """
    if said.verdict is Verdict.NOT_IN_CUSTODY:
        raise Withheld("nobody holds this person")
    if found := blockers(said):
        names = "; ".join("/".join(each.basis.subject) for each in found)
        raise Withheld(f"custody rests on {names}: release is blocked until that has ended")
    if standing.open is not None:
        raise Withheld(f"a release is under way, begun by [{standing.open.began_by}]")
    if len(begun.ground.strip()) < 3:
        raise Withheld("say on what ground the person is let go")
    if missing := [each.says for each in begun.ticks if not each.evidence.strip()]:
        raise Withheld(f"nothing is written beside: {'; '.join(missing)}")
    return draft(stream, RELEASE_BEGUN, begun, who)


def approve(release: Release, now: Bound, stream: str, who: Identity) -> Draft:
    """The entry of the second signature.

    Raises:
        Withheld: it is the same person, not theirs to sign, or something changed.
    """
    _still(release, now)
    if release.approved_by:
        raise Withheld(f"it was approved by [{release.approved_by}]")
    if who.actor == release.began_by:
        raise Withheld(f"[{who.actor}] began this release; another person has to approve it")
    if now.verdict == Verdict.UNDETERMINED and who.role != Role.SUPERVISOR:
        raise Withheld("the answer is UNDETERMINED: the second signature has to be a supervisor's")
    approved = Approved(bound=now, digest=release.digest)
    return draft(stream, RELEASE_APPROVED, approved, who, release.id)


def open_door(release: Release, now: Bound, stream: str, who: Identity, known_by: str) -> Draft:
    """The entry that the person went out, to be recorded with the event of release.

    Raises:
        Withheld: it has not two signatures, something changed, or nobody checked who it is.
    """
    _still(release, now)
    if not release.approved_by:
        raise Withheld("a second person has not approved it")
    if len(known_by.strip()) < 3:
        raise Withheld("say by what it was known at the door that this is the person")
    return draft(stream, RELEASE_ENDED, Ended(how=End.DOOR, because=known_by.strip()), who, release.id)


def send_back(release: Release, stream: str, who: Identity, because: str) -> Draft:
    """The entry that a release is not to go on.

    Raises:
        Withheld: it is over, or no reason is given.
    """
    if not release.is_open:
        raise Withheld(f"this release is over: {release.stage}")
    if len(because.strip()) < 3:
        raise Withheld("say why it is sent back")
    return draft(stream, RELEASE_ENDED, Ended(how=End.SENT_BACK, because=because.strip()), who, release.id)


def go_on(said: Answer, stream: str, who: Identity, because: str) -> Draft:
    """The entry of a supervisor's reason for custody past its last lawful instant; it is no authority.

    Raises:
        Withheld: custody is supported or nobody is held, or no reason is given.
    """
    if said.verdict is not Verdict.UNLAWFUL:
        raise Withheld(f"the answer is {said.verdict}: there is nothing to sign for")
    if who.role != Role.SUPERVISOR:
        raise Withheld("a supervisor has to sign for custody past its last lawful instant")
    if len(because.strip()) < 10:
        raise Withheld("say in a sentence why the person is still held")
    starts = [e.interval.start for e in said.over_detention if e.interval.covers(said.effective_at)]
    continued = Continued(because=because.strip(), since=min(starts, default=said.effective_at))
    return draft(stream, CUSTODY_CONTINUED, continued, who)


def _still(release: Release, now: Bound) -> None:
    if release.ended is not None or release.lapsed:
        why = f": {release.lapsed}" if release.lapsed else ""
        raise Withheld(f"this release is over ({release.stage}{why}); begin again")
    if what := changed(release.begun.bound, now):
        raise Withheld(f"{what} since it was begun, so it has lapsed; begin again")


def _digest(payload: bytes) -> str:
    return sha256(payload).hexdigest()
