"""What an audit found, typed: what the report, the JSON and the terminal are all made from.

Lengths of time are microseconds. A length that unknown facts or unsettled law leave open is given
by its bounds; midpoints are never made, so they can never be summed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from habeas.authority.causes import Cause
from habeas.authority.findings import Because, Rung, Verdict
from habeas.desk.audit_findings import Agreement, Bounds, CustodyFinding, RequestFinding, Timeliness
from habeas.intake.accounts import FileAccount, Quarantined
from habeas.kernel.instants import DAY, Instant
from habeas.kernel.places import PlaceId
from habeas.law.precedence import Outcome

SCHEMA = "habeas/audit/1"


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
class Count:
    """How many custodies, and how much of their time."""

    custodies: int
    time: int
    """In microseconds."""


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
    because: Mapping[Because, int]
    """Custodies of which some stretch is undetermined, by why."""
    by_outcome: Mapping[Outcome, int]
    """Requests by what the law of the day came to under the reading asked or the defaults."""
    odd: Mapping[str, int]
    """Kind of disagreement in the source -> how often."""
    time_unsupposed: Mapping[Verdict, int] = field(default_factory=dict[Verdict, int])
    """Custody time by verdict with nothing supposed: what the records by themselves can carry."""
    labels_alone: int = 0
    """Custody time supported only if labels and suppositions are taken for true, in microseconds."""
    by_cause: Mapping[Cause, Count] = field(default_factory=dict[Cause, "Count"])
    """Custody certainly without basis, by what the record shows stood in the way."""
    early: Mapping[Cause, int] = field(default_factory=dict[Cause, int])
    """Releases while something still required custody under every reading, by cause."""
    agreement: Mapping[Agreement, int] = field(default_factory=dict[Agreement, int])
    """Custodies by how the jail's own date stands to ours; empty where none was compared."""
    possibly_early: int = 0
    """Releases while some reading, and not every one, still required custody."""


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
    """The first rows set aside; `files` counts them all."""
    coverage: tuple[str, ...]
    """What the source declares complete, in words."""
    assumptions: tuple[str, ...]
    """What the recipe supposes of the source and nobody declared. Where there is any, no verdict
    here is a fact: each is what follows if the supposition holds."""
    limits: tuple[str, ...]
    """What this source cannot show, whatever is asked."""
    custodies: tuple[CustodyFinding, ...]
    """Every custody, or of many those that `kept` says; the totals are of all."""
    kept: str
    """Which custodies are listed, in words; empty where all are."""
    sampled: tuple[str, ...]
    """Bookings drawn at random for review by hand, with the seed asked."""
    seed: int
    rate_cents: int | None
    """Cost of one day of custody in cents, if the asker gave one."""
    invented: bool
    """Whether the people are invented, so that no figure here speaks of anybody."""
    requests: tuple[RequestFinding, ...]
    questions: tuple[QuestionAsked, ...]
    figures: tuple[Figure, ...]
    meanings: Mapping[str, str]
    """What the facts mean that undetermined time waits for, in the words of the vocabulary."""
    totals: Totals

    @property
    def rows(self) -> int:
        """Rows read, in all files."""
        return sum(account.rows for account in self.files)

    @property
    def set_aside(self) -> int:
        """Rows set aside, in all files."""
        return sum(account.quarantined for account in self.files)

    @property
    def cost_cents(self) -> Bounds | None:
        """Cost of custody certainly without basis, and at most, at the rate given, in cents."""
        if self.rate_cents is None:
            return None
        late = self.totals.late.values()
        least, most = sum(each.least for each in late), sum(each.most for each in late)
        return Bounds(least=self.rate_cents * least // DAY, most=self.rate_cents * most // DAY)

    @property
    def exit_code(self) -> int:
        """1 for custody without authority or early release, then 6 (missing fact), 5 (contested), 0.

        Under assumptions nothing is found as a fact, so 1 becomes 6. Quarantined rows alone do
        not change it.
        """
        late = self.totals.by_timeliness.get(Timeliness.CERTAINLY_LATE, 0) > 0
        late = late or any(self.totals.early.values())
        if late and not self.assumptions:
            return 1
        causes = self.totals.because
        outcomes = set(self.totals.by_outcome)
        if late or Because.MISSING in causes or outcomes & {Outcome.UNKNOWN, Outcome.SILENT}:
            return 6
        return 5 if Because.CONTESTED in causes or Outcome.CONTESTED in outcomes else 0
