"""Orders that take two people: to seal, unseal or expunge a person's record, or to go on after a loss.

One identity proposes, another approves, and both are entries. Whether an approval counts is read off the
ledger in the order in which entries stand there: so it is decided at commit, by position, and not by whoever
asked first. An approval is bound to the bytes of what was proposed and to the streams as they then were; one
more entry in them, and it lapses.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final

import msgspec

from habeas.desk.ledgers import APPROVED, CARRIED_OUT, PROPOSED, Identity
from habeas.desk.withheld import Withheld
from habeas.kernel.instants import Instant
from habeas.ledger.entries import Draft, Header, Receipt
from habeas.ledger.errors import UnknownEvent
from habeas.ledger.ledger import Ledger

STREAM: Final = "orders"


class Action(StrEnum):
    """What an order does."""

    SEAL = "seal"
    """Nobody is answered about the record until it is unsealed."""
    UNSEAL = "unseal"
    """A sealed record is answered about again."""
    EXPUNGE = "expunge"
    """The keys of the record are destroyed."""
    RECOVER = "recover"
    """The ledger goes on although it is shorter than what was witnessed."""


class Proposal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``OrderProposed``. It names nobody: streams are pseudonyms."""

    action: Action
    citation: str
    """Which court's or officer's order this is; what is answered afterwards."""
    rule: str
    """Place and rule of the policy table that it follows."""
    people: int
    """How many different people it takes, the proposer among them."""
    streams: list[str] = []
    keys: list[str] = []
    """Keys to be destroyed."""
    whole: bool = True
    """Whether it is all that is recorded of the person."""
    entries: str = "keep"
    """What becomes of the sealed entries: ``keep``, or a hole where the ``payload`` or the ``entry`` was."""
    bound: dict[str, int] = {}
    """Stream -> how many entries it had."""
    lost: int = 0
    """For `Action.RECOVER`: the witnessed size that is not reached."""


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of ``OrderApproved``."""

    digest: str
    """SHA-256 of the payload of what was proposed."""


class Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``OrderCarriedOut``."""

    proposal: str
    keys: int
    holes: int
    files: int
    exports: int


@dataclass(slots=True)
class Standing:
    """A proposal and what became of it."""

    event_id: str
    seq: int
    actor: str
    recorded_at: Instant
    proposal: Proposal
    digest: str
    approved_by: list[str] = field(default_factory=list[str])
    approved_seq: int | None = None
    """Of the approval that made it effective."""
    done: bool = False

    @property
    def action(self) -> Action:
        """What it does."""
        return self.proposal.action

    @property
    def streams(self) -> frozenset[str]:
        """Whose record it is about, by pseudonym."""
        return frozenset(self.proposal.streams)

    @property
    def whole(self) -> bool:
        """Whether it is about all that is recorded of the person."""
        return self.proposal.whole

    @property
    def citation(self) -> str:
        """The order's citation."""
        return self.proposal.citation

    @property
    def effective(self) -> bool:
        """Whether enough people signed it."""
        return self.done or self.approved_seq is not None


def orders_of(ledger: Ledger) -> Mapping[str, Standing]:
    """Every order ever proposed, by the event id of the proposal, with what became of it."""
    found: dict[str, Standing] = {}
    for entry in ledger.stream(STREAM):
        header = entry.read()
        payload = ledger.payload(entry)
        if header.kind == PROPOSED:
            proposal = msgspec.json.decode(payload, type=Proposal)
            found[header.event_id] = Standing(
                header.event_id, entry.seq, header.actor, entry.recorded_at, proposal, _digest(payload)
            )
        elif header.kind == APPROVED and header.approval_of in found:
            _approved(ledger, found[header.approval_of], header, payload)
        elif header.kind == CARRIED_OUT:
            done = msgspec.json.decode(payload, type=Done)
            if done.proposal in found:
                found[done.proposal].done = True
    return found


def standing_orders(ledger: Ledger) -> tuple[Standing, ...]:
    """The orders in effect: what was sealed and unsealed again is not among them."""
    found: list[Standing] = []
    for each in sorted(orders_of(ledger).values(), key=lambda one: one.approved_seq or one.seq):
        if not each.effective:
            continue
        if each.action is Action.UNSEAL:
            found = [one for one in found if one.action is not Action.SEAL or not one.streams & each.streams]
        else:
            found.append(each)
    return tuple(found)


def propose(ledger: Ledger, proposal: Proposal, who: Identity) -> Receipt:
    """Record what somebody proposes.

    Raises:
        LedgerError: it was not recorded.
    """
    return ledger.append(_draft(PROPOSED, msgspec.json.encode(proposal, order="sorted"), who))


def approve(ledger: Ledger, proposal: str, who: Identity) -> Standing:
    """Record that another person approves what was proposed, and give what became of it.

    Raises:
        UnknownEvent: there is no such proposal.
        Withheld: it is the proposer, has approved before, or what it is about has changed since.
        LedgerError: it was not recorded.
    """
    found = orders_of(ledger).get(proposal)
    if found is None:
        raise UnknownEvent("approval_of", proposal, "an order that was proposed")
    if found.effective:
        raise Withheld("this order was approved before; nothing was recorded")
    if who.actor == found.actor or who.actor in found.approved_by:
        raise Withheld(f"[{who.actor}] has signed this order already; another person has to")
    if changed := changed_since(ledger, found.proposal):
        raise Withheld(f"{changed} since it was proposed, so it has lapsed; propose it again")
    approval = Approval(found.digest)
    payload = msgspec.json.encode(approval, order="sorted")
    ledger.append(_draft(APPROVED, payload, who, approval_of=proposal))
    return orders_of(ledger)[proposal]


def changed_since(ledger: Ledger, proposal: Proposal, position: int | None = None) -> str:
    """What has changed in the streams of a proposal since; empty while nothing has."""
    for stream, count in proposal.bound.items():
        more = len(ledger.stream(stream, position)) - count
        if more:
            return f"{abs(more)} entries were {'added' if more > 0 else 'removed'}"
    return ""


def carried_out(ledger: Ledger, done: Done, who: Identity) -> Receipt:
    """Record that an order has been carried out."""
    return ledger.append(_draft(CARRIED_OUT, msgspec.json.encode(done, order="sorted"), who))


def waiting(orders: Mapping[str, Standing]) -> Iterator[Standing]:
    """Proposals that nobody else has signed, and orders signed and not carried out."""
    for each in orders.values():
        if not each.effective or (each.action is Action.EXPUNGE and not each.done):
            yield each


def bound_to(ledger: Ledger, streams: Sequence[str]) -> dict[str, int]:
    """The streams as they are now, for a proposal to be bound to."""
    return {stream: len(ledger.stream(stream)) for stream in streams}


def _approved(ledger: Ledger, standing: Standing, header: Header, payload: bytes) -> None:
    """Count an approval, if it is one: another person's, of these bytes, of streams that stood still."""
    approval = msgspec.json.decode(payload, type=Approval)
    signed = {standing.actor, *standing.approved_by}
    if standing.approved_seq is not None or header.actor in signed or approval.digest != standing.digest:
        return
    if changed_since(ledger, standing.proposal, header.seq) and not _emptied(ledger, standing.proposal):
        return
    standing.approved_by.append(header.actor)
    if len(standing.approved_by) + 1 >= standing.proposal.people:
        standing.approved_seq = header.seq


def _emptied(ledger: Ledger, proposal: Proposal) -> bool:
    """Whether the streams are shorter because holes were opened in them, which only this order does."""
    return proposal.entries == "entry" and bool(ledger.store.holes())


def _digest(payload: bytes) -> str:
    return sha256(payload).hexdigest()


def _draft(kind: str, payload: bytes, who: Identity, approval_of: str | None = None) -> Draft:
    return Draft(
        stream=STREAM,
        episode=STREAM,
        kind=kind,
        schema_version=1,
        payload=payload,
        actor=who.actor,
        role=who.role,
        idem=f"approve:{approval_of}" if approval_of else os.urandom(16).hex(),
        approval_of=approval_of,
    )
