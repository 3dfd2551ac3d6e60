"""The forms of an answer, `habeas/answer/1`."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from habeas.authority.findings import (
    Because,
    DutyState,
    NoForceReason,
    Rung,
    Strength,
    Verdict,
)
from habeas.custody.anomalies import AnomalyKind
from habeas.law.enactments import Bearer, Consequence, Effect, Stratum
from habeas.wire.instants import InstantText, IntervalForm, WhenForm
from habeas.wire.proofs import ProofForm

SCHEMA: Final = "habeas/answer/1"


class SubjectForm(Struct, frozen=True, forbid_unknown_fields=True):
    """A row of the record: a charge, an instrument, a booking or the person."""

    collection: str
    id: str


class BasisForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One ground that supports custody."""

    provision: str
    subject: SubjectForm
    cite: str
    says: str
    stratum: Stratum
    strength: Strength
    starts_at: InstantText
    until: InstantText
    """First instant at which it no longer supports custody as things stand."""
    sole: list[IntervalForm]
    """Time in the custody episode that it alone supports."""
    but_for: Verdict
    """The verdict at the instant asked had what it rests on never been."""
    shared: int
    """How many bases support custody at the instant asked."""
    grounds: list[str]
    """Rules of precedence that decided for it."""


class NoForceForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An instrument lodged that supports nothing, and why."""

    subject: SubjectForm
    reason: NoForceReason
    says: str
    provisions: list[str]


class ClockLineForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a deadline's arithmetic."""

    text: str
    cite: str


class DutyForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must be done, by whom, by when, and what follows if it is not."""

    provision: str
    subject: SubjectForm
    effect: Effect
    bearer: Bearer
    state: DutyState
    due_at: WhenForm | None
    not_before: bool
    """The clock is paused with no end: the deadline can only be later."""
    consequence: Consequence
    cite: str
    says: str
    lines: list[ClockLineForm]
    anomaly: str | None


class UnsettledForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fact or text that is not known, and the verdict each value would give."""

    collection: str
    """``when`` of an instant known only within bounds."""
    id: str
    fact: str
    says: str
    settles: dict[str, Verdict]


class SensitivityForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question whose other alternative changes the verdict."""

    question: str
    asks: str
    taken: str
    verdicts: dict[str, Verdict]


class CommandForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What law in force tells an agency to do or not to do; it gives custody of nobody."""

    provision: str
    agency: str
    effect: Effect
    verb: str
    cite: str
    says: str
    sure: bool
    """Whether it surely applies; else it may."""


class NoteForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A practice or an exposure: shown, never a basis."""

    enactment: str
    says: str
    cite: str


class OverDetentionForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Custody with no basis in force, and its rung on the risk ladder."""

    interval: IntervalForm
    rung: Rung


class EarlyReleaseForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Release while something still required custody."""

    released_at: WhenForm
    provisions: list[str]


class AnomalyForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Evidence that cannot all be true: carried, never repaired."""

    kind: AnomalyKind
    events: list[str]
    """Identities of the events that do not fit."""
    says: str = ""
    """Which figures differ, in words."""


class ChoiceForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One alternative taken of a question of law, and on whose word."""

    question: str
    alternative: str
    standing: Literal["given", "adopted", "published-default"]
    """A published default that nobody has adopted may inform; it may not release or hold."""
    adopted_by: str | None = None
    """Who decided for the custodian; null unless adopted."""
    cite: str | None = None
    """The act of adoption; null unless adopted."""


class ReadingVerdictForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The verdict under one joint reading."""

    reading: dict[str, str]
    verdict: Verdict


class SpreadForm(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The verdicts under every reading of the questions reached."""

    verdict: Verdict
    """The one verdict of them all, or UNDETERMINED where they differ."""
    verdicts: list[ReadingVerdictForm]


class AnswerDocument(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What habeas says of a person at an instant."""

    schema: Literal["habeas/answer/1"] = SCHEMA
    engine: str
    """Version of habeas."""
    person: str
    zone: str
    """Whose offsets the instants are written with."""
    verdict: Verdict
    """Of every reading together where `spread` is given, else under `reading`; all else in the
    document is under `reading`."""
    because: Because | None
    effective_at: InstantText
    facts_known_at: InstantText
    law_known_at: InstantText
    place: str | None
    custodian: str | None
    reading: list[ChoiceForm]
    bases: list[BasisForm]
    no_force: list[NoForceForm]
    duties: list[DutyForm]
    releasable_at: list[WhenForm]
    latest_lawful: InstantText | None
    """First instant at which custody is no longer supported; null where nothing supports it."""
    unknown: list[UnsettledForm]
    sensitive_to: list[SensitivityForm]
    commands: list[CommandForm]
    """What law in force tells agencies; never a basis and never a duty toward this person."""
    practice: list[NoteForm]
    risk: list[NoteForm]
    over_detention: list[OverDetentionForm]
    early_release: EarlyReleaseForm | None
    changes_at: InstantText | None
    anomalies: list[AnomalyForm]
    spread: SpreadForm | None
    """Where every reading was asked; null where one was."""
    law: str
    """Digest of the rulebook."""
    facts: str
    """Digest of the record as known."""
    why: ProofForm
