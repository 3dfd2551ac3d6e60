"""What an answer is made of: verdicts, bases, papers of no force, duties, anomalies."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from habeas.kernel.instants import Instant, When
from habeas.kernel.intervals import Interval, IntervalSet
from habeas.law.clocks import ClockLine
from habeas.law.enactments import Bearer, Consequence, Effect, Stratum

SubjectKey: TypeAlias = tuple[str, str]
"""Collection and row id: ``("instrument", "d1")``."""
Atom: TypeAlias = tuple[str, str, str]
"""An unknown that could be settled: collection, row id, fact; or ``("when", key, "")``."""


class Verdict(StrEnum):
    """May this custodian hold this person at this instant?"""

    LAWFUL = "LAWFUL"
    """Some basis in force supports custody."""
    UNLAWFUL = "UNLAWFUL"
    """Custody, and no basis in force."""
    UNDETERMINED = "UNDETERMINED"
    """A fact is missing or law is unsettled, and the answer turns on it."""
    NOT_IN_CUSTODY = "NOT_IN_CUSTODY"
    """Nobody is held."""


class Because(StrEnum):
    """Why a verdict is undetermined."""

    CONTESTED = "contested"
    """Enactments in force, or readings of law, disagree."""
    MISSING = "missing"
    """A fact, or a text, is not known."""


class NoForceReason(StrEnum):
    """Why an instrument supports nothing now."""

    NOT_YET = "not-yet"
    """Criminal custody has not ended, so its own time has not begun."""
    NOTIFICATION_ONLY = "notification-only"
    LAPSED = "lapsed"
    UNSERVED = "unserved"
    WARRANT_MISSING = "warrant-missing"
    BARRED = "barred"
    VOID = "void"
    WITHDRAWN = "withdrawn"
    NOT_LODGED = "not-lodged"
    NO_RULE = "no-rule"
    """No provision in force lets this custodian hold on it."""
    CONDITION_UNMET = "condition-unmet"
    """A provision speaks of it, and its condition is not met."""


class Strength(StrEnum):
    """Whether a basis lets or makes the custodian hold."""

    MAY_HOLD = "may-hold"
    MUST_HOLD = "must-hold"


class Basis(Struct, frozen=True, kw_only=True):
    """One ground that supports custody over an interval."""

    provision: str
    """``enactment#clause``."""
    subject: SubjectKey
    cite: str
    says: str
    stratum: Stratum
    strength: Strength
    starts_at: Instant
    until: Instant
    """First instant at which it no longer supports custody as things stand; open is FOREVER."""
    sole: IntervalSet
    """Time in the custody episode that this basis alone supports."""
    but_for: Verdict
    """The verdict at the instant asked had what it rests on never been, clocks run anew."""
    shared: int
    """How many bases support custody at the instant asked."""
    grounds: tuple[str, ...] = ()


class NoForce(Struct, frozen=True, kw_only=True):
    """An instrument lodged that supports nothing, and why."""

    subject: SubjectKey
    reason: NoForceReason
    says: str
    provisions: tuple[str, ...] = ()


class DutyState(StrEnum):
    """Where a duty stands."""

    MET = "met"
    DUE = "due"
    BREACHED = "breached"
    UNKNOWN = "unknown"


class Duty(Struct, frozen=True, kw_only=True):
    """What must be done, by whom, by when, and what follows if it is not."""

    provision: str
    subject: SubjectKey
    effect: Effect
    bearer: Bearer
    state: DutyState
    due_at: When | None
    not_before: bool
    """The clock is paused with no end, so the deadline can only be later than ``due_at``."""
    consequence: Consequence
    cite: str
    says: str
    lines: tuple[ClockLine, ...] = ()
    anomaly: str | None = None


class Unsettled(Struct, frozen=True, kw_only=True):
    """A fact or text that is not known, and whether knowing it would settle the verdict."""

    atom: Atom
    says: str
    settles: Mapping[str, Verdict]
    """Value -> the verdict it would give; empty where the values cannot be listed."""


class Rung(StrEnum):
    """How long after the last lawful instant the door opened: a measure of risk, no authority."""

    PROCESSING = "up to 2 h"
    SIX_HOURS = "up to 6 h"
    TWELVE_HOURS = "up to 12 h"
    MIDNIGHT = "to midnight"
    DAY = "up to 24 h"
    THIRTY_NINE_HOURS = "up to 39 h"
    BEYOND = "beyond 39 h"


class OverDetention(Struct, frozen=True, kw_only=True):
    """Custody with no basis in force, measured from the last lawful instant."""

    interval: Interval
    rung: Rung


class EarlyRelease(Struct, frozen=True, kw_only=True):
    """Release while a commitment or a must-hold was still in force at the door."""

    released_at: When
    bases: tuple[str, ...]
    """Refs of the provisions that still required custody."""
