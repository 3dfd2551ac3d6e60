"""What can go wrong with a ledger, one name for each.

Three families, because a caller does three different things: `Refused` means that nothing was recorded and
the same request will be refused again; `Unavailable` means that nothing was recorded and the same request
may be tried again; `OutcomeUnknown` means that it may have been recorded, and that trying again with the same
idempotency key is safe and will tell.
"""

from habeas.kernel.instants import Instant, rfc3339


class LedgerError(Exception):
    """Any failure of a ledger."""


class Refused(LedgerError):
    """Nothing was recorded; the same request would be refused again."""


class Unavailable(LedgerError):
    """Nothing was recorded; the same request may be tried again."""


class MalformedDraft(Refused):
    """A field of a draft is not what the format allows."""

    def __init__(self, field: str, expected: str, found: object) -> None:
        self.field = field
        self.expected = expected
        self.found = found
        shown = repr(found)
        super().__init__(
            f"{field}: expected {expected}, found {shown if len(shown) < 90 else shown[:80] + '...'}"
        )


class OversizedEvent(Refused):
    """A payload or header is larger than the format allows."""

    def __init__(self, what: str, size: int, limit: int) -> None:
        self.size = size
        self.limit = limit
        super().__init__(f"the {what} has {size} bytes; at most {limit} are allowed")


class UnknownKind(Refused):
    """A kind of event that this ledger was not told of."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"unknown kind of event {kind!r}")


class UnknownVersion(Refused):
    """A schema version of a kind that this ledger was not told of."""

    def __init__(self, kind: str, version: int, known: frozenset[int]) -> None:
        super().__init__(f"unknown schema version {version} of {kind!r}; known: {sorted(known)}")


class UnknownEvent(Refused):
    """A draft corrects or approves an event that is not in the ledger, or not in that stream."""

    def __init__(self, field: str, event_id: str, expected: str) -> None:
        super().__init__(f"{field}: expected {expected}, found {event_id!r}")


class KeyConflict(Refused):
    """The idempotency key was used for another request."""

    def __init__(self, actor: str, idem: str, seq: int, fields: tuple[str, ...]) -> None:
        self.seq = seq
        self.fields = fields
        super().__init__(
            f"key {idem!r} of {actor!r} already stands for entry {seq}, which differs in {', '.join(fields)}"
        )


class EventConflict(Refused):
    """The event identifier given is that of another event."""

    def __init__(self, event_id: str, seq: int) -> None:
        self.seq = seq
        super().__init__(f"event {event_id!r} is already entry {seq}, recorded under another key")


class Expunged(Refused):
    """The payload can no longer be opened by anybody: its key was destroyed or its bytes removed."""

    def __init__(self, what: str, order: str) -> None:
        self.order = order
        super().__init__(f"{what} was expunged by {order}")


class NotSettled(Refused):
    """An instant whose position could still change, asked where nothing may be written to settle it."""

    def __init__(self, asked: Instant, settled: Instant | None) -> None:
        self.asked = asked
        self.settled = settled
        until = "nothing" if settled is None else f"what was known up to {rfc3339(settled)}"
        super().__init__(f"known at {rfc3339(asked)}: opened for reading only, {until} is settled")


class FutureKnownTime(Refused):
    """What will be known at an instant that has not come."""

    def __init__(self, asked: Instant, now: Instant) -> None:
        self.asked = asked
        self.now = now
        super().__init__(f"known at {rfc3339(asked)} lies in the future; it is {rfc3339(now)}")


class PositionBeyondEnd(Refused):
    """More entries were asked for than there are."""

    def __init__(self, asked: int, size: int) -> None:
        super().__init__(f"position {asked} is beyond the end; the ledger has {size} entries")


class UnknownKey(LedgerError):
    """A sealing key that the key store never had, or has lost without an order."""


class WrongRoot(LedgerError):
    """The root secret does not open this key store."""


class CannotOpen(LedgerError):
    """A sealed payload does not open under its header: one of the two was changed."""


class NotALedger(LedgerError):
    """There is no ledger where one was to be opened."""


class WrongSchema(LedgerError):
    """The tables are of another version than this program reads."""

    def __init__(self, found: str | None, expected: str) -> None:
        self.found = found
        self.expected = expected
        super().__init__(f"the tables are of version {found}; this program reads {expected}: upgrade")


class Locked(Unavailable):
    """Somebody else kept the ledger locked for longer than we waited."""


class ReadOnly(Unavailable):
    """The ledger, its folder or its disk cannot be written."""


class DiskFull(Unavailable):
    """No room is left to record."""


class Damaged(LedgerError):
    """The engine cannot read its own file."""


class Closed(Unavailable):
    """The ledger has been closed."""


class StorageFailed(Unavailable):
    """Reading or writing failed in a way that has no better name; nothing was recorded."""


class KeyGone(Unavailable):
    """The key a payload was sealed with was destroyed before it could be recorded."""


class Fenced(Unavailable):
    """Another sequencer has taken over; this one may not append any more."""


class OutcomeUnknown(LedgerError):
    """The store failed while committing and cannot be asked whether it did; the same key will tell."""
