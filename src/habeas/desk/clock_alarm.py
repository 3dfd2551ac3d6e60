"""The alarm when the computer's clock stands behind what the ledger recorded last.

Recorded times only grow, so entries made meanwhile bear times ahead of the clock, a microsecond apart.
Nothing is refused for that: a release must be recorded whatever a clock says. The alarm is an entry, one for
each time that the clock was set back, so that whoever reads those times later knows what they are worth.
"""

from __future__ import annotations

import os
from typing import Final

import msgspec

from habeas.desk.clock import now
from habeas.desk.ledgers import CLOCK_SET_BACK, Identity
from habeas.kernel.instants import SECOND, Instant
from habeas.ledger.entries import Draft
from habeas.ledger.ledger import Ledger

STREAM: Final = "clock"
TOLERATED: Final = SECOND
"""Microseconds: clocks that are kept by a time server step by less."""

_DESK: Final = Identity("desk", "clock")


class ClockSetBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The payload of ``ClockSetBack``."""

    clock: int
    """What the clock said, in UTC microseconds."""
    behind: int
    """By how many microseconds it stood behind the last recorded time."""


def alarms_of(ledger: Ledger) -> tuple[ClockSetBack, ...]:
    """Every alarm there was, in order."""
    return tuple(
        msgspec.json.decode(ledger.payload(entry), type=ClockSetBack) for entry in ledger.stream(STREAM)
    )


def raise_alarm(ledger: Ledger) -> int:
    """Record an alarm if entries were just made while the clock stood behind, and none stands for that.

    Returns:
        By how many microseconds the clock stood behind; 0 where that is tolerated.
    """
    behind = ledger.clock_behind
    if behind <= TOLERATED:
        return 0
    at = now()
    if not _raised(ledger, at):
        payload = msgspec.json.encode(ClockSetBack(clock=int(at), behind=behind), order="sorted")
        ledger.append(
            Draft(
                stream=STREAM,
                episode=STREAM,
                kind=CLOCK_SET_BACK,
                schema_version=1,
                payload=payload,
                actor=_DESK.actor,
                role=_DESK.role,
                idem=os.urandom(16).hex(),
            )
        )
    return behind


def _raised(ledger: Ledger, at: Instant) -> bool:
    """Whether the last alarm is of this same fall: the clock has only gone on since, and not caught up."""
    entries = ledger.stream(STREAM)
    if not entries:
        return False
    last = msgspec.json.decode(ledger.payload(entries[-1]), type=ClockSetBack)
    return last.clock <= at < int(entries[-1].recorded_at)
