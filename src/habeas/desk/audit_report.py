"""What an audit found, typed: what the report, the JSON and the terminal are all made from.

Lengths of time are microseconds. A length that unknown facts or unsettled law leave open is given
by its bounds; midpoints are never made, so they can never be summed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from habeas.authority.findings import Because, Rung, Verdict
from habeas.custody.anomalies import AnomalyKind
from habeas.intake.accounts import FileAccount, Quarantined
from habeas.kernel.instants import DAY, Instant, When
from habeas.kernel.places import PlaceId
from habeas.law.precedence import Outcome

SCHEMA = "habeas/audit/1"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked:
    """A question of law that some answer here turned on."""

    question: str
    asks: str
    taken: str
    """The alternative taken where one verdict is shown."""
    given: bool
    """Whether the asker chose it; else it is a published default, adopted by nobody."""
    alternatives: Mapping[str, str]
    """Alternative -> what it says."""
    bookings: int
    """How many findings hang on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of this audit, beside the number somebody published, if anybody did."""

    name: str
    says: str
    found: str
    published: str
    """Empty where nobody published one."""
    source: str
    explains: str
    """Why they differ, or that they agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The findings added up: people and time, by class; no midpoints."""

    custodies: int
    by_timeliness: Mapping[Timeliness, int]
    late: Mapping[Timeliness, Bounds]
    """Time without basis, summed by class."""
    by_rung: Mapping[Rung, int]
    """Custodies certainly late, by how late."""
    time_by_verdict: Mapping[Verdict, int]
    """Custody time in microseconds by verdict of all readings together."""
    tails: Mapping[Rung, int]
    """Hold rows that end after every other row of the booking, by how long after."""
    by_missing: Mapping[str, Bounds]
    """Fact or text -> undetermined time that waits for it; one stretch may wait for several."""
    by_question: Mapping[str, Bounds]
    """Question -> undetermined time that hangs on it; one stretch may hang on several."""
    by_outcome: Mapping[Outcome, int]
    """Requests by what the law of the day came to under the reading asked or the defaults."""
    odd: Mapping[str, int]
    """Kind of disagreement in the source -> how often."""
    time_unsupposed: Mapping[Verdict, int] = field(default_factory=dict[Verdict, int])
    """Custody time by verdict with nothing supposed: what the records by themselves can carry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditReport:
    """Everything an audit found; equal inputs give an equal report."""

    title: str
    source_says: str
    """What the source is and where it comes from, in the recipe's words."""
    licence: str
    recipe: str
    recipe_digest: str
    rulebook_digest: str
    engine: str
    """Version of habeas."""
    place: PlaceId | None
    """The place asked for; None where the rows name their own."""
    facts_known_at: Instant
    law_known_at: Instant
    reading_given: Mapping[str, str]
    all_readings: bool
    """Whether every joint reading was asked; if not, questions were varied in part (see limits)."""
    files: tuple[FileAccount, ...]
    quarantined: tuple[Quarantined, ...]
    coverage: tuple[str, ...]
    """What the source declares complete, in words."""
    assumptions: tuple[str, ...]
    """What the recipe supposes of the source and nobody declared. Where there is any, no verdict
    here is a fact: each is what follows if the supposition holds."""
    limits: tuple[str, ...]
    """What this source cannot show, whatever is asked."""
    custodies: tuple[CustodyFinding, ...]
    requests: tuple[RequestFinding, ...]
    questions: tuple[QuestionAsked, ...]
    figures: tuple[Figure, ...]
    totals: Totals

    @property
    def rows(self) -> int:
        """Rows read, in all files."""
        return sum(account.rows for account in self.files)

    @property
    def exit_code(self) -> int:
        """1 where custody without authority was found, then 6 (missing fact), 5 (contested), 0.

        Under assumptions nothing is found as a fact, so 1 becomes 6. Quarantined rows alone do
        not change it.
        """
        late = self.totals.by_timeliness.get(Timeliness.CERTAINLY_LATE, 0) > 0
        if late and not self.assumptions:
            return 1
        causes = {stretch.because for each in self.custodies for stretch in each.stretches}
        outcomes = set(self.totals.by_outcome)
        if late or Because.MISSING in causes or outcomes & {Outcome.UNKNOWN, Outcome.SILENT}:
            return 6
        return 5 if Because.CONTESTED in causes or Outcome.CONTESTED in outcomes else 0
