"""What an audit finds of one custody or one request, typed.

Lengths of time are microseconds. A length that unknown facts or unsettled law leave open is given
by its bounds; midpoints are never made, so they can never be summed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from habeas.authority.causes import Cause
from habeas.authority.findings import Because, Rung, Verdict
from habeas.custody.anomalies import AnomalyKind
from habeas.kernel.instants import DAY, Instant, When
from habeas.kernel.places import PlaceId
from habeas.law.precedence import Outcome

EXACT_TIME: Final = " (exact time)"
"""What follows the name of a fact of which only the exact time is not known."""


class Timeliness(StrEnum):
    """Whether a person left custody by the last lawful instant."""

    CERTAINLY_LATE = "certainly late"
    """Some custody had no basis under any reading, however the unknown facts fall."""
    POSSIBLY_LATE = "possibly late"
    """Some custody has a basis under one reading or value of an unknown fact and not another."""
    CERTAINLY_ON_TIME = "certainly on time"
    """All custody had a basis under every reading."""
    NOT_ASSESSABLE = "not assessable"
    """What supported custody at any time, or when custody ended, cannot be told from the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A length of time between a least and a most, in microseconds."""

    least: int
    most: int

    @property
    def least_days(self) -> float:
        """The least, in days of 24 hours."""
        return self.least / DAY

    @property
    def most_days(self) -> float:
        """The most, in days of 24 hours."""
        return self.most / DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """One basis of custody over a stretch, or a paper that could be one."""

    subject: tuple[str, str]
    """Collection and row id: ``("charge", "...")``."""
    label: str
    """The source's own words for it."""
    provision: str
    cite: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A maximal interval of one custody over which no reading's answer changes."""

    start: Instant
    end: Instant
    verdict: Verdict
    """Of all readings together: UNDETERMINED where they differ."""
    because: Because | None
    """Why it is undetermined; CONTESTED where readings or enactments differ."""
    by_verdict: Mapping[Verdict, int]
    """Verdict -> how many of the joint readings give it."""
    supports: tuple[Support, ...]
    """What supports custody under the reading asked, or the published defaults."""
    unsettled: tuple[str, ...]
    """Facts and texts, in words, that leave it open."""
    questions: tuple[str, ...]
    """Ids of the questions of law whose alternatives give different verdicts here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTail:
    """A hold row that ends after every other row of its booking."""

    subject: tuple[str, str]
    others_end: Instant
    """The last end of any other row: the last instant at which something else supported custody."""
    hold_ends: Instant
    rung: Rung
    """How far after, on the risk ladder: minutes are most often when somebody typed."""

    @property
    def length(self) -> int:
        """From the end of the last other row to the end of the hold's row, in microseconds."""
        return self.hold_ends - self.others_end


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePart:
    """A part of custody certainly without basis, with what the record shows stood in the way."""

    start: Instant
    end: Instant
    cause: Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyFinding:
    """A release while a commitment or a must-hold was still in force at the door."""

    released_at: When
    required_until: Instant
    """When the last of them would have ended; `FOREVER` where the papers name no end."""
    certain: bool
    """Whether every reading requires it; else some only."""
    cause: Cause
    supports: tuple[Support, ...]


class Agreement(StrEnum):
    """How the jail's own date stands to the one that law and record come to."""

    SAME_DAY = "same day"
    OURS_EARLIER = "custody was supported less long than the jail says"
    OURS_LATER = "custody was supported longer than the jail says"
    OURS_OPEN = "law or facts leave it open"
    OWN_UNSTATED = "the jail states no date"
    OWN_UNREADABLE = "the jail's date cannot be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The jail's own date of release beside the last instant at which anything supported custody."""

    own: When | None
    """The jail's; None where it states none, or none that can be read."""
    ours: Instant | None
    """None where law or facts leave it open."""
    agreement: Agreement
    days: int
    """Civil days from ours to the jail's, in the place's zone; 0 where either is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OddRecord:
    """Something in the source that cannot all be true, carried and never repaired."""

    kind: AnomalyKind | str
    """An anomaly of the record, or the recipe's name for a disagreement between two columns."""
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyFinding:
    """One unbroken custody of one booking, with what supported it until when."""

    booking: str
    person: str
    place: PlaceId
    custodian: str
    zone: str
    """IANA name of the place's zone, in which its instants are to be shown."""
    start: When
    end: When
    """FOREVER while the person is still held."""
    stretches: tuple[Stretch, ...]
    timeliness: Timeliness
    late: Bounds
    """Custody without any basis: certain at least, possible at most."""
    rung: Rung | None
    """On the risk ladder, for custody certainly late; measured with no tolerance."""
    last_supported: Instant | None
    """First instant after which nothing certainly supports custody; None where nothing ever did."""
    certainly_ended: Instant | None
    """First instant from which custody has no basis under any reading; None where there is none."""
    tail: HoldTail | None
    unsettled: tuple[str, ...]
    """Facts and texts that would settle some stretch."""
    questions: tuple[str, ...]
    """Questions of law on which some stretch hangs."""
    odd: tuple[OddRecord, ...]
    causes: tuple[LatePart, ...] = ()
    """The custody certainly without basis, cut by cause; together exactly its least."""
    early: EarlyFinding | None = None
    compared: Comparison | None = None
    """None where no column was asked to be compared."""
    labels_alone: int = 0
    """Custody supported only if the source's labels and the recipe's suppositions are taken for
    true, in microseconds."""
    unsupposed: Mapping[Verdict, int] = field(default_factory=dict[Verdict, int])
    """Custody time by verdict with nothing supposed, in microseconds."""
    every_reading: bool = True
    """Whether every joint reading was asked; else questions were varied one at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawView:
    """What law lets a custodian do with one request, under some of the readings."""

    outcome: Outcome
    """must-hold, may-hold, barred, silent, contested or unknown."""
    readings: tuple[Mapping[str, str], ...]
    """The joint readings that give it: question -> alternative; one empty mapping for no question."""
    provisions: tuple[str, ...]
    cites: tuple[str, ...]
    says: tuple[str, ...]
    """The deciding provisions in the rulebook's words, beside their citations."""
    caps: tuple[str, ...]
    """How long custody may rest on it at most, in words."""
    turns_on: tuple[str, ...]
    """Facts and texts not known, on which the outcome turns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFinding:
    """One request of which no custody is known: law only, never a finding of over-detention."""

    row: int
    """One-based row of the source."""
    file: str
    at: When
    facility: str
    """The source's own name of the facility."""
    place: PlaceId | None
    """None where the facility's place is not in the rulebook."""
    custodian: str | None
    form: str | None
    """Code of the form's edition; None where the source does not state it."""
    form_text: str
    lift_reason: str
    """The source's own words on how the request ended, which say nothing of who the person is."""
    views: tuple[LawView, ...]
    """Empty where the place or the custodian is not known."""
    unknown: tuple[str, ...]
    """What nobody can tell from this row, in words."""
    every_reading: bool = True
    """Whether every joint reading was asked; else questions were varied one at a time."""
