"""Duties in force at a piece: deadlines, whether they were met, and what a breach does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from habeas.authority.findings import Duty, DutyState, SubjectKey
from habeas.authority.grounds import selects
from habeas.authority.release import circumstances, named_instant
from habeas.authority.situations import FactRow, Situation
from habeas.custody.record import CustodyRecord
from habeas.kernel.instants import (
    FOREVER,
    Instant,
    When,
    at_or_before,
    before,
    earliest_of,
    latest_of,
)
from habeas.kernel.kleene import Kleene, both, negation
from habeas.law.clocks import Deadline, deadline
from habeas.law.enactments import Bearer, Consequence
from habeas.law.program import Rule


@dataclass(frozen=True, slots=True)
class DutyFinding:
    """A duty on one subject, with its deadline and the fact that discharges it."""

    rule: Rule
    subject: SubjectKey
    row: FactRow
    applies: Kleene
    due: Deadline | None
    met_at: When | None
    """When it was done; FOREVER if complete sources show it was not; None if not known."""

    @property
    def consequence(self) -> Consequence:
        """What a breach does to the bases the duty names."""
        return self.rule.provision.consequence

    def edges(self) -> set[Instant]:
        """Instants at which its state can change."""
        ends = [self.met_at] if self.met_at is not None else []
        if self.due is not None:
            ends.append(self.due.at)
        found = {edge for end in ends for edge in (earliest_of(end), latest_of(end))}
        return {edge for edge in found if edge < FOREVER}

    def state_at(self, at: Instant) -> DutyState:
        """Met, due, breached or unknown at an instant."""
        done = self.met_at is not None and at_or_before(self.met_at, at) is True
        if done and self.met_in_time is True:
            return DutyState.MET
        broken = self.broken_at(at)
        if broken is None or self.applies is None:
            return DutyState.UNKNOWN
        return DutyState.BREACHED if broken else DutyState.DUE

    @property
    def met_in_time(self) -> Kleene:
        """Whether it was done before its deadline."""
        if self.met_at is None:
            return None
        if self.due is None:
            return self.met_at != FOREVER
        in_time = before(self.met_at, self.due.at)
        return None if self.due.not_before and in_time is False else in_time

    def broken_at(self, at: Instant) -> Kleene:
        """Whether the deadline has passed without the duty done in time."""
        if self.due is None:
            return False
        passed = at_or_before(self.due.at, at)
        if self.due.not_before and passed is True:
            passed = None
        return both(self.applies, both(passed, negation(self.met_in_time)))

    def ends(self, held_by: Rule, row: FactRow) -> bool:
        """Whether a breach of it bears on a basis that a rule gives on a row."""
        if self.consequence not in {Consequence.BASIS_ENDS, Consequence.BURDEN_SHIFTS}:
            return False
        selector = self.rule.provision.ends
        if selector is not None and selector.same_subject:
            same = held_by.provision.on == self.subject[0] and row["id"] == self.subject[1]
            if not same:
                return False
        return selects(selector, held_by, row)

    def duty_at(self, at: Instant) -> Duty:
        """The duty as it stands at an instant, for an answer."""
        provision = self.rule.provision
        return Duty(
            provision=self.rule.ref,
            subject=self.subject,
            effect=provision.effect,
            bearer=provision.bearer or Bearer.CUSTODIAN,
            state=self.state_at(at),
            due_at=self.due.at if self.due else None,
            not_before=self.due.not_before if self.due else False,
            consequence=provision.consequence,
            cite=provision.cite,
            says=provision.says,
            lines=self.due.lines if self.due else (),
            anomaly=self.due.anomaly if self.due else None,
        )


DeadlineCache: TypeAlias = dict[tuple[str, str, When], Deadline]
"""Deadlines already computed for one custody: by provision, subject and anchor."""


def duties_in(record: CustodyRecord, situation: Situation, made: DeadlineCache) -> list[DutyFinding]:
    """Every duty that applies, or may apply, in a situation."""
    return list(_duties(record, situation, made))


def breaches(duties: Sequence[DutyFinding], at: Instant) -> list[tuple[DutyFinding, Kleene]]:
    """The duties whose breach, or possible breach, bears on bases at an instant."""
    found = [(duty, duty.broken_at(at)) for duty in duties]
    return [(duty, broken) for duty, broken in found if broken is not False]


def _duties(record: CustodyRecord, situation: Situation, made: DeadlineCache) -> Iterator[DutyFinding]:
    for rule in situation.program.duties:
        collection = rule.provision.on
        for row in situation.rows[collection]:
            concerned = situation.concerns(rule, row)
            if concerned is False:
                continue
            applies = both(concerned, rule.applies(situation.facts(collection, row)))
            if applies is False:
                continue
            due = _due(record, situation, rule, row, made)
            met_at = _met_at(situation, rule, row)
            yield DutyFinding(rule, (collection, row["id"]), row, applies, due, met_at)


def _due(
    record: CustodyRecord, situation: Situation, rule: Rule, row: FactRow, made: DeadlineCache
) -> Deadline | None:
    clock = rule.provision.clock
    if clock is None:
        return None
    anchor = named_instant(situation, clock.anchor, row)
    if anchor is None or anchor == FOREVER:
        return None
    key = (rule.ref, row["id"], anchor)
    if key not in made:
        made[key] = deadline(clock, anchor, circumstances(record, situation, clock, row))
    return made[key]


def _met_at(situation: Situation, rule: Rule, row: FactRow) -> When | None:
    name = rule.provision.met_by
    return named_instant(situation, name, row) if name else None
