"""The answer: may this custodian hold this person at this instant, on what, until when.

:func:`authority` is the definition the rest of habeas is measured against. It holds no law
and reads no clock: the record, the setting, the rulebook, the instants and the reading are
all arguments, so the same arguments give the same answer for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from habeas.authority.belonging import span_at
from habeas.authority.beside import Command, Note, commands, notes
from habeas.authority.derive import Derivation, Piece
from habeas.authority.explain import Proof, prove
from habeas.authority.findings import (
    Basis,
    Because,
    Duty,
    EarlyRelease,
    NoForce,
    NoForceReason,
    OverDetention,
    Strength,
    SubjectKey,
    Unsettled,
    Verdict,
)
from habeas.authority.grounds import Standing, no_force_reason
from habeas.authority.inquiry import Inquiry, Regimen
from habeas.authority.overdetention import early_release, overdetentions
from habeas.authority.readings import Sensitivity, sensitivity, varied
from habeas.authority.unknowns import settled, unsettled
from habeas.custody.anomalies import Anomaly, AnomalyKind
from habeas.custody.record import CustodyRecord
from habeas.custody.setting import Setting
from habeas.kernel.instants import FOREVER, Instant, When, at_or_before
from habeas.kernel.intervals import IntervalSet
from habeas.kernel.places import PlaceId
from habeas.law.enactments import Effect
from habeas.law.place_files import Adoption
from habeas.law.precedence import Outcome
from habeas.law.questions import Reading


class Answer(Struct, frozen=True, kw_only=True):
    """What habeas says of a person at an instant; see the design's table of parts."""

    verdict: Verdict
    because: Because | None
    effective_at: Instant
    facts_known_at: Instant
    law_known_at: Instant
    place: PlaceId | None
    custodian: str | None
    reading: Mapping[str, str]
    """Every question the law here turns on, with the alternative taken."""
    reading_given: frozenset[str]
    """The questions whose alternative was given with the question asked."""
    reading_adopted: Mapping[str, Adoption]
    """The questions of which the custodian had adopted a side, with the act. What is neither given
    nor adopted stands at a published default, which may inform and never release or hold."""
    bases: tuple[Basis, ...]
    no_force: tuple[NoForce, ...]
    duties: tuple[Duty, ...]
    releasable_at: tuple[When, ...]
    latest_lawful: Instant | None
    """First instant at which custody is no longer supported as things stand; FOREVER while no
    clock or end is set; None where nothing supports it."""
    unknown: tuple[Unsettled, ...]
    sensitive_to: tuple[Sensitivity, ...]
    commands: tuple[Command, ...]
    """What law in force tells agencies; never a basis and never a duty toward this person."""
    practice: tuple[Note, ...]
    risk: tuple[Note, ...]
    over_detention: tuple[OverDetention, ...]
    early_release: EarlyRelease | None
    changes_at: Instant | None
    """The next instant at which the answer changes if nobody does anything."""
    anomalies: tuple[Anomaly, ...]
    law: str
    """Digest of the rulebook."""
    facts: str
    """Digest of the record as known."""
    why: Proof


def authority(
    record: CustodyRecord,
    setting: Setting,
    regimen: Regimen,
    *,
    effective_at: Instant,
    law_known_at: Instant | None = None,
    reading: Reading | None = None,
) -> Answer:
    """The answer for one person at one instant.

    The record is the fold of the person's events as known at ``record.known_at``; law is asked
    as known at ``law_known_at``, by default the same instant.

    Raises:
        UnknownReading: the reading names a question or alternative the rulebook lacks.
        UnknownPlace: the record names a place the rulebook lacks.
    """
    known = record.known_at if law_known_at is None else law_known_at
    inquiry = Inquiry(record, setting, regimen, known, dict(reading or {}))
    return answer(inquiry, effective_at)


class Findings:
    """What an inquiry finds at an instant, each part made when it is first asked for.

    :func:`answer` asks for all of them; a test of law asks only for those it expects something of.
    """

    def __init__(self, inquiry: Inquiry, at: Instant) -> None:
        self.inquiry = inquiry
        self.at = at

    @cached_property
    def piece(self) -> Piece | None:
        """The piece of custody that covers the instant; None where nobody is held."""
        return self.inquiry.piece_at(self.at)

    @cached_property
    def derivation(self) -> Derivation:
        """The custody that covers the instant; asked for only where somebody is held."""
        index = self.inquiry.episode_at(self.at)
        assert index is not None, "a piece lies in an episode"
        return self.inquiry.derivation(index)

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict, definite where every way the unknowns can fall agrees."""
        return settled(self.inquiry, self.at)

    @property
    def because(self) -> Because | None:
        """Why the verdict is open, if it is."""
        if self.piece is None or self.verdict is not Verdict.UNDETERMINED:
            return None
        return self.piece.because

    @cached_property
    def bases(self) -> tuple[Basis, ...]:
        """What supports custody."""
        return () if self.piece is None else tuple(_bases(self.inquiry, self.derivation, self.piece, self.at))

    @cached_property
    def no_force(self) -> tuple[NoForce, ...]:
        """Papers in hand that support nothing, and why."""
        return () if self.piece is None else tuple(_no_force(self.derivation, self.piece))

    @cached_property
    def duties(self) -> tuple[Duty, ...]:
        """What somebody must do by some time, as it stands."""
        return () if self.piece is None else tuple(duty.duty_at(self.at) for duty in self.piece.duties)

    @cached_property
    def latest_lawful(self) -> Instant | None:
        """First instant at which custody is no longer supported as things stand."""
        return None if self.piece is None else _latest_lawful(self.derivation)

    @cached_property
    def unknown(self) -> tuple[Unsettled, ...]:
        """What is not known and leaves the verdict open."""
        return unsettled(self.inquiry, self.at) if self.because is Because.MISSING else ()

    @cached_property
    def sensitive_to(self) -> tuple[Sensitivity, ...]:
        """The questions of which another alternative gives another verdict."""
        if self.piece is None:
            return ()
        return sensitivity(self.inquiry, self.piece, self.at, self.verdict)


def answer(inquiry: Inquiry, at: Instant, *, proof: bool = True, vary: bool = True) -> Answer:
    """The answer of an inquiry at an instant, under its reading.

    Args:
        inquiry: What is asked about.
        at: The instant, in UTC microseconds.
        proof: Whether to write the proof; left out, `why` is the verdict alone.
        vary: Whether to try the other alternatives of every question; left out, `sensitive_to` is
            empty and says nothing.
    """
    given, adopted = frozenset(inquiry.reading), adoptions(inquiry, at)
    inquiry = as_adopted(inquiry, at)
    inquiry.look_ahead(at)
    found = Findings(inquiry, at)
    piece = found.piece
    if piece is None:
        return _not_held(inquiry, at, given)
    derivation = found.derivation
    zone = inquiry.law.places.zone_of(piece.situation.place)
    return Answer(
        verdict=found.verdict,
        because=found.because,
        effective_at=at,
        facts_known_at=inquiry.record.known_at,
        law_known_at=inquiry.law_known_at,
        place=piece.situation.place,
        custodian=piece.situation.custodian,
        reading={asked: inquiry.law.reading[asked] for asked in varied(inquiry, piece)},
        reading_given=given,
        reading_adopted=adopted,
        bases=found.bases,
        no_force=found.no_force,
        duties=found.duties,
        releasable_at=tuple(anchor.at for anchor in derivation.releases() if anchor.certain),
        latest_lawful=found.latest_lawful,
        unknown=found.unknown,
        sensitive_to=found.sensitive_to if vary else (),
        commands=tuple(commands(piece)),
        practice=tuple(notes(piece, "practice")),
        risk=tuple(notes(piece, "risk")),
        over_detention=tuple(overdetentions(derivation.pieces, zone)),
        early_release=early_release(derivation),
        changes_at=_changes_at(derivation, piece),
        anomalies=(*inquiry.record.anomalies, *_figures(piece)),
        law=inquiry.rulebook.digest,
        facts=inquiry.record.digest,
        why=prove(inquiry, derivation, piece, at, found.verdict) if proof else _unproved(found.verdict),
    )


def _unproved(verdict: Verdict) -> Proof:
    return Proof(kind="verdict", text=str(verdict), value=_VALUES.get(verdict))


_VALUES = {Verdict.LAWFUL: True, Verdict.UNLAWFUL: False}


def adoptions(inquiry: Inquiry, at: Instant) -> Mapping[str, Adoption]:
    """The sides of questions that the custodian had adopted by then, of those not given."""
    index = inquiry.episode_at(at)
    place = None if index is None else span_at(inquiry.custody[index], at).place
    if place is None:
        return {}
    found = inquiry.rulebook.adopted(place, at, inquiry.law_known_at)
    return {asked: each for asked, each in found.items() if asked not in inquiry.reading}


def as_adopted(inquiry: Inquiry, at: Instant) -> Inquiry:
    """The inquiry with every question that is not given answered as the custodian adopted it."""
    adopted = adoptions(inquiry, at)
    return inquiry.under({asked: each.alternative for asked, each in adopted.items()}) if adopted else inquiry


def _not_held(inquiry: Inquiry, at: Instant, given: frozenset[str]) -> Answer:
    return Answer(
        verdict=Verdict.NOT_IN_CUSTODY,
        because=None,
        effective_at=at,
        facts_known_at=inquiry.record.known_at,
        law_known_at=inquiry.law_known_at,
        place=None,
        custodian=None,
        reading={},
        reading_given=given,
        reading_adopted={},
        bases=(),
        no_force=(),
        duties=(),
        releasable_at=(),
        latest_lawful=None,
        unknown=(),
        sensitive_to=(),
        commands=(),
        practice=(),
        risk=(),
        over_detention=(),
        early_release=None,
        changes_at=None,
        anomalies=tuple(inquiry.record.anomalies),
        law=inquiry.rulebook.digest,
        facts=inquiry.record.digest,
        why=Proof(kind="verdict", text="nobody holds the person at this instant", value=True),
    )


def _bases(inquiry: Inquiry, derivation: Derivation, piece: Piece, at: Instant) -> Iterator[Basis]:
    holding = [support for support in piece.supports if support.value is True]
    for support in holding:
        ref, subject = support.key
        spans = time_of(derivation, ref, subject)
        here = next(span for span in spans if span.covers(piece.start))
        provision = support.ground.rule.provision
        must = provision.effect is Effect.MUST_HOLD
        grounds = next(s.settled.grounds for s in piece.standings if s.subject == subject)
        yield Basis(
            provision=ref,
            subject=subject,
            cite=provision.cite,
            says=provision.says,
            stratum=support.ground.stratum,
            strength=Strength.MUST_HOLD if must else Strength.MAY_HOLD,
            starts_at=here.start,
            until=here.end,
            sole=sole_time(derivation, ref, subject),
            but_for=settled(inquiry.but_for(subject), at),
            shared=len(holding),
            grounds=grounds,
        )


def time_of(derivation: Derivation, ref: str, subject: SubjectKey) -> IntervalSet:
    """When a basis certainly supported custody."""
    return IntervalSet(
        (piece.start, piece.end)
        for piece in derivation.pieces
        if any(s.key == (ref, subject) and s.value is True for s in piece.supports)
    )


def sole_time(derivation: Derivation, ref: str, subject: SubjectKey) -> IntervalSet:
    """When a basis alone supported custody: time shared by several is never apportioned."""
    return IntervalSet(
        (piece.start, piece.end)
        for piece in derivation.pieces
        if piece.custody is True
        and [s.key for s in piece.supports if s.value is not False] == [(ref, subject)]
        and any(s.key == (ref, subject) and s.value is True for s in piece.supports)
    )


def _no_force(derivation: Derivation, piece: Piece) -> Iterator[NoForce]:
    for standing in piece.standings:
        if standing.subject[0] != "instrument":
            continue
        supports = [s for s in piece.supports if s.subject == standing.subject]
        if standing.because is not None and not supports:
            continue
        if any(support.value is not False for support in supports):
            continue
        reason = _reason(derivation, piece, standing) if supports else no_force_reason(standing)
        rule = standing.force_rule
        by = (rule.ref,) if rule is not None and standing.force is False else standing.settled.by
        says = rule.provision.says if rule is not None and standing.force is False else ""
        yield NoForce(subject=standing.subject, reason=reason, says=says, provisions=by)


def _reason(derivation: Derivation, piece: Piece, standing: Standing) -> NoForceReason:
    if standing.settled.outcome is Outcome.BARRED:
        return NoForceReason.BARRED
    begun = any(at_or_before(each.at, piece.start) is True for each in derivation.releases())
    return NoForceReason.LAPSED if begun else NoForceReason.NOT_YET


def _latest_lawful(derivation: Derivation) -> Instant | None:
    lawful = [piece for piece in derivation.pieces if piece.held_by is True]
    return lawful[-1].end if lawful else None


def _figures(piece: Piece) -> Iterator[Anomaly]:
    """Figures of sentences that are not what the record and the law come to."""
    for made in piece.situation.computed.values():
        for says in made.anomalies:
            yield Anomaly(AnomalyKind.FIGURES_DIFFER, (), says=says)


def _changes_at(derivation: Derivation, piece: Piece) -> Instant | None:
    now = _signature(piece)
    for later in derivation.pieces:
        if later.start > piece.start and _signature(later) != now:
            return later.start
    return None if piece.end >= FOREVER else derivation.pieces[-1].end


def _signature(piece: Piece) -> tuple[Verdict, frozenset[tuple[str, SubjectKey]]]:
    keys = frozenset(support.key for support in piece.supports if support.value is True)
    return piece.verdict, keys
