"""An answer as its document."""

from __future__ import annotations

from typing import Literal
from zoneinfo import ZoneInfo

from habeas import __version__
from habeas.authority.answer import Answer
from habeas.authority.beside import Command, Note
from habeas.authority.findings import Basis, Duty, OverDetention, SubjectKey, Unsettled
from habeas.authority.readings import Sensitivity, Spread
from habeas.kernel.intervals import IntervalSet
from habeas.wire.answer_forms import (
    AnomalyForm,
    AnswerDocument,
    BasisForm,
    ChoiceForm,
    ClockLineForm,
    CommandForm,
    DutyForm,
    EarlyReleaseForm,
    NoForceForm,
    NoteForm,
    OverDetentionForm,
    ReadingVerdictForm,
    SensitivityForm,
    SpreadForm,
    SubjectForm,
    UnsettledForm,
)
from habeas.wire.instants import IntervalForm, instant_text, interval_form, when_form
from habeas.wire.proofs import proof_form
from habeas.wire.verdicts import because_of, verdict_of


def answer_document(
    person: str, answer: Answer, zone: ZoneInfo, spread: Spread | None = None
) -> AnswerDocument:
    """An answer as its document.

    Args:
        person: The identifier the record has of the person.
        answer: What is said.
        zone: Whose offsets instants are written with; it changes no instant.
        spread: The verdicts under every reading, where all were asked.
    """
    return AnswerDocument(
        engine=__version__,
        person=person,
        zone=zone.key,
        verdict=verdict_of(answer, spread),
        because=because_of(answer, spread),
        effective_at=instant_text(answer.effective_at, zone),
        facts_known_at=instant_text(answer.facts_known_at, zone),
        law_known_at=instant_text(answer.law_known_at, zone),
        place=answer.place,
        custodian=answer.custodian,
        reading=_choices(answer),
        bases=[_basis(basis, zone) for basis in answer.bases],
        no_force=[
            NoForceForm(
                subject=_subject(paper.subject),
                reason=paper.reason,
                says=paper.says,
                provisions=list(paper.provisions),
            )
            for paper in answer.no_force
        ],
        duties=[_duty(duty, zone) for duty in answer.duties],
        releasable_at=[when_form(when, zone) for when in answer.releasable_at],
        latest_lawful=None if answer.latest_lawful is None else instant_text(answer.latest_lawful, zone),
        unknown=[_unsettled(each) for each in answer.unknown],
        sensitive_to=[_sensitivity(each) for each in answer.sensitive_to],
        commands=[_command(each) for each in answer.commands],
        practice=[_note(note) for note in answer.practice],
        risk=[_note(note) for note in answer.risk],
        over_detention=[_over(each, zone) for each in answer.over_detention],
        early_release=_early(answer, zone),
        changes_at=None if answer.changes_at is None else instant_text(answer.changes_at, zone),
        anomalies=[
            AnomalyForm(kind=each.kind, events=[event.id for event in each.events], says=each.says)
            for each in answer.anomalies
        ],
        spread=None if spread is None else spread_form(spread),
        law=answer.law,
        facts=answer.facts,
        why=proof_form(answer.why),
    )


def spread_form(spread: Spread) -> SpreadForm:
    """The verdicts under every reading."""
    return SpreadForm(
        verdict=spread.verdict,
        verdicts=[
            ReadingVerdictForm(reading=dict(zip(spread.questions, chosen, strict=True)), verdict=verdict)
            for chosen, verdict in spread.verdicts.items()
        ],
    )


def _choices(answer: Answer) -> list[ChoiceForm]:
    return [_choice(answer, question, alternative) for question, alternative in answer.reading.items()]


def _choice(answer: Answer, question: str, alternative: str) -> ChoiceForm:
    adoption = answer.reading_adopted.get(question)
    if question in answer.reading_given or adoption is None:
        given = question in answer.reading_given
        standing: Literal["given", "published-default"] = "given" if given else "published-default"
        return ChoiceForm(question=question, alternative=alternative, standing=standing)
    return ChoiceForm(
        question=question,
        alternative=alternative,
        standing="adopted",
        adopted_by=adoption.by,
        cite=adoption.cite,
    )


def _basis(basis: Basis, zone: ZoneInfo) -> BasisForm:
    return BasisForm(
        provision=basis.provision,
        subject=_subject(basis.subject),
        cite=basis.cite,
        says=basis.says,
        stratum=basis.stratum,
        strength=basis.strength,
        starts_at=instant_text(basis.starts_at, zone),
        until=instant_text(basis.until, zone),
        sole=_intervals(basis.sole, zone),
        but_for=basis.but_for,
        shared=basis.shared,
        grounds=list(basis.grounds),
    )


def _duty(duty: Duty, zone: ZoneInfo) -> DutyForm:
    return DutyForm(
        provision=duty.provision,
        subject=_subject(duty.subject),
        effect=duty.effect,
        bearer=duty.bearer,
        state=duty.state,
        due_at=None if duty.due_at is None else when_form(duty.due_at, zone),
        not_before=duty.not_before,
        consequence=duty.consequence,
        cite=duty.cite,
        says=duty.says,
        lines=[ClockLineForm(text=line.text, cite=line.cite) for line in duty.lines],
        anomaly=duty.anomaly,
    )


def _unsettled(unsettled: Unsettled) -> UnsettledForm:
    collection, row, fact = unsettled.atom
    return UnsettledForm(
        collection=collection, id=row, fact=fact, says=unsettled.says, settles=dict(unsettled.settles)
    )


def _sensitivity(each: Sensitivity) -> SensitivityForm:
    return SensitivityForm(
        question=each.question, asks=each.asks, taken=each.taken, verdicts=dict(each.verdicts)
    )


def _command(command: Command) -> CommandForm:
    return CommandForm(
        provision=command.provision,
        agency=command.agency,
        effect=command.effect,
        verb=command.verb,
        cite=command.cite,
        says=command.says,
        sure=command.sure,
    )


def _note(note: Note) -> NoteForm:
    return NoteForm(enactment=note.enactment, says=note.says, cite=note.cite)


def _over(each: OverDetention, zone: ZoneInfo) -> OverDetentionForm:
    return OverDetentionForm(interval=interval_form(*each.interval, zone), rung=each.rung)


def _early(answer: Answer, zone: ZoneInfo) -> EarlyReleaseForm | None:
    early = answer.early_release
    if early is None:
        return None
    return EarlyReleaseForm(released_at=when_form(early.released_at, zone), provisions=list(early.bases))


def _subject(key: SubjectKey) -> SubjectForm:
    return SubjectForm(collection=key[0], id=key[1])


def _intervals(intervals: IntervalSet, zone: ZoneInfo) -> list[IntervalForm]:
    return [interval_form(each.start, each.end, zone) for each in intervals]
